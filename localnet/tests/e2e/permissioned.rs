//! End to end: with `--permissioned` the chain says who takes part. Needs the node binary, see
//! `plume_localnet::default_binary`.
//!
//! Nodes reserve nobody here: what holds them together is the chain's list.

use crate::common::{
    Failure, LIMIT, Outcome, assert_no_panic, assert_same_block, four, wait_finalised_more,
};
use futures::future::try_join_all;
use plume_localnet::{
    Deadline, ExtraNode, Network, NetworkConfig, Node, Replacement, default_binary,
};
use plume_sdk::{
    Call, Client, Signer, Transfer, TxOptions, amount::PLANCK_PER_PLUME, call,
    subxt::dynamic::Value,
};
use serde_json::json;
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

const PERMISSIONED: &str = "--permissioned";
/// From a final expulsion to the last stream's end. A node looks at the list once a second.
const EXPELLED: Duration = Duration::from_secs(5);
/// Longer than a node that was refused waits before it dials again.
const DIALS_AGAIN: Duration = Duration::from_secs(7);
/// From the first admission until finality goes on. Connections are made anew after five seconds.
const CLOSED: Duration = Duration::from_secs(30);

/// The 38 bytes that a peer id stands for in base 58.
fn peer_bytes(peer_id: &str) -> [u8; 38] {
    const ALPHABET: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut bytes = [0; 38];
    for letter in peer_id.chars() {
        let mut carry = ALPHABET.find(letter).expect("a letter of base 58");
        for byte in bytes.iter_mut().rev() {
            carry += usize::from(*byte) * 58;
            *byte = carry.to_le_bytes()[0];
            carry /= 256;
        }
        assert_eq!(carry, 0, "{peer_id} is longer than 38 bytes");
    }
    bytes
}

fn peer(node: &Node) -> Value<()> {
    Value::from_bytes(peer_bytes(node.peer_id()))
}

/// What a validator asks for itself: `publish_node` or `withdraw_node`.
fn by_owner(method: &str, node: &Node) -> Call {
    call("Validators", method, [("peer_id", peer(node))])
}

fn by_root(call_of_pallet: Value<()>) -> Call {
    call("Sudo", "sudo", [("call", call_of_pallet)])
}

/// What root is asked for.
fn admit(node: &Node, role: &str) -> Value<()> {
    let role = Value::unnamed_variant(role, Vec::<Value<()>>::new());
    let fields = [("peer_id", peer(node)), ("role", role)];
    Value::unnamed_variant("Validators", [Value::named_variant("admit_node", fields)])
}

/// What root is asked for.
fn expel(node: &Node) -> Value<()> {
    let fields = [("peer_id", peer(node))];
    Value::unnamed_variant("Validators", [Value::named_variant("expel_node", fields)])
}

async fn send(client: &Client, signer: &Signer, call: &Call) -> Outcome {
    let progress = client.submit(signer, call, &TxOptions::default()).await?;
    let included = tokio::time::timeout(LIMIT, progress.wait_finalised()).await??;
    included.ok()?;
    Ok(())
}

/// Has this node bring a payment to finality.
async fn pay_through(node: &Node, from: &str) -> Outcome {
    let client = Client::connect(&node.ws_url()).await?;
    let to = Signer::from_uri("//Closed//receiver")?.account();
    let payment = Transfer::keep_alive(to, PLANCK_PER_PLUME).to_call();
    send(&client, &Signer::from_uri(from)?, &payment).await
}

fn ids<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> BTreeSet<String> {
    let ids = nodes.into_iter().map(|node| node.peer_id().to_owned());
    ids.collect()
}

/// With whom a node exchanges blocks.
async fn peers(node: &Node) -> Result<BTreeSet<String>, Failure> {
    let peers: Vec<serde_json::Value> = node.rpc("system_peers", json!([])).await?;
    let ids = peers.iter().map(|peer| {
        let id = peer["peerId"].as_str().expect("every peer has an id");
        id.to_owned()
    });
    Ok(ids.collect())
}

/// Waits until a node's peers are as wanted; answers how long that took.
async fn wait_peers(
    node: &Node,
    limit: Duration,
    wanted: &str,
    fit: impl Fn(&BTreeSet<String>) -> bool,
) -> Result<Duration, Failure> {
    let (began, deadline) = (Instant::now(), Deadline::after(limit));
    loop {
        let peers = peers(node).await?;
        if fit(&peers) {
            return Ok(began.elapsed());
        }
        deadline
            .pause(format!("{} to {wanted}; it has {peers:?}", node.name()))
            .await?;
    }
}

/// Waits until a node exchanges blocks with all of these.
async fn wait_met(node: &Node, others: &[&Node]) -> Outcome {
    let others = ids(others.iter().copied());
    let wanted = format!("have the peers {others:?}");
    wait_peers(node, LIMIT, &wanted, |peers| peers.is_superset(&others)).await?;
    Ok(())
}

/// Waits until a node's final block admits so many.
async fn wait_admits(node: &Node, count: f64) -> Outcome {
    let deadline = Deadline::after(LIMIT);
    loop {
        let admits = node.metric("plume_admitted_nodes").await?;
        if admits == Some(count) {
            return Ok(());
        }
        let wanted = format!("{} to admit {count} nodes, not {admits:?}", node.name());
        deadline.pause(wanted).await?;
    }
}

/// How many streams a node has ever opened for blocks, votes and transactions.
async fn streams(node: &Node) -> Result<f64, Failure> {
    let opened = "substrate_sub_libp2p_notifications_streams_opened_total";
    Ok(node.metric(opened).await?.unwrap_or(0.0))
}

/// Waits until these have finalised so many blocks more than the first of them now has, all the same.
async fn go_on(nodes: &[&Node], blocks: u64) -> Outcome {
    let height = nodes[0].finalised().await? + blocks;
    for node in nodes {
        node.wait_finalised(height, LIMIT).await?;
    }
    assert_same_block(nodes.iter().copied(), height).await
}

/// Waits until everybody has prevoted in a round, as this node sees it.
async fn wait_all_vote(node: &Node) -> Outcome {
    let began = Instant::now();
    loop {
        let state: serde_json::Value = node.rpc("grandpa_roundState", json!([])).await?;
        // A round moves on with two thirds of its precommits, so that all of them are rarely seen.
        let missing = state["best"]["prevotes"]["missing"].as_array();
        if missing.is_some_and(Vec::is_empty) {
            return Ok(());
        }
        assert!(began.elapsed() < LIMIT, "votes are still missing: {state}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A network is closed as the operators' pages say; then nodes come, go and take each other's place.
#[tokio::test(flavor = "multi_thread")]
async fn a_closed_network_is_whom_the_chain_lists_and_nobody_else() -> Outcome {
    let network = Network::start(NetworkConfig {
        reserve_peers: false,
        ..four("permissioned")
    })
    .await?;
    network.wait_connected(LIMIT).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let [alice, bob, charlie, dave] = network.nodes() else {
        panic!("four were started")
    };
    let (alice_key, dave_key) = (Signer::from_uri("//Alice")?, Signer::from_uri("//Dave")?);

    // Every validator lists its node, and then each is restarted.
    let client = &Client::connect(&alice.ws_url()).await?;
    let published = network.nodes().iter().map(|node| async move {
        let owner = Signer::from_uri(node.suri().expect("a validator has keys"))?;
        send(client, &owner, &by_owner("publish_node", node)).await
    });
    try_join_all(published).await?;
    for node in network.nodes() {
        node.set_arguments(vec![PERMISSIONED.into()]);
        node.restart().await?;
        network.wait_connected(LIMIT).await?;
        wait_finalised_more(&network, 2).await?;
        wait_admits(node, 4.0).await?;
    }

    // Who is not listed stays outside, whether it keeps the rules or dials the validators all the time.
    let mut insists: Vec<String> = vec!["--reserved-only".into()];
    for node in network.nodes() {
        insists.extend(["--reserved-nodes".into(), node.multiaddr()]);
    }
    let newcomer = |name: &str, extra_args| ExtraNode {
        name: name.into(),
        extra_args,
        ..Default::default()
    };
    let (stranger, rpc, heir) = futures::try_join!(
        network.add(newcomer("stranger", insists)),
        network.add(newcomer("rpc", vec![PERMISSIONED.into()])),
        network.add(newcomer("dave-anew", vec![PERMISSIONED.into()])),
    )?;
    let receiver = Signer::from_uri("//Closed//receiver")?.account();
    let ferdie = Signer::from_uri("//Ferdie")?;
    let outside = Client::connect(&stranger.ws_url()).await?;
    let payment = Transfer::keep_alive(receiver, PLANCK_PER_PLUME).to_call();
    let stray = outside
        .prepare(&ferdie, &payment, &TxOptions::default())
        .await?;
    outside.raw().submit_raw(stray.encoded()).await?;

    let payments = network.nodes().iter().map(|node| async move {
        let owner = node.suri().expect("a validator has keys");
        pay_through(node, owner).await
    });
    try_join_all(payments).await?;
    tokio::time::sleep(DIALS_AGAIN).await;
    let members = ids(network.nodes());
    for node in [&stranger, &rpc, &heir] {
        let peers = peers(node).await?;
        assert!(peers.is_disjoint(&members), "{} has {peers:?}", node.name());
        assert_eq!(node.best().await?, 0, "{} has blocks", node.name());
    }
    assert_eq!(streams(&stranger).await?, 0.0);

    // Root admits the RPC node in its role, and a validator lists the node that will take its node's place.
    let client = Client::connect(&alice.ws_url()).await?;
    let (admission, publication) = (by_root(admit(&rpc, "Rpc")), by_owner("publish_node", &heir));
    futures::try_join!(
        send(&client, &alice_key, &admission),
        send(&client, &dave_key, &publication),
    )?;
    let admitted = Instant::now();
    let height = alice.finalised().await?;
    for node in [&rpc, &heir] {
        wait_admits(node, 6.0).await?;
        wait_met(node, &[alice, bob, charlie, dave]).await?;
        node.wait_finalised(height, LIMIT).await?;
    }
    println!(
        "{:.1} s from their admission to two nodes in step",
        admitted.elapsed().as_secs_f64()
    );
    for node in network.nodes() {
        let mut others: Vec<&Node> = vec![&rpc, &heir];
        others.extend(network.nodes());
        others.retain(|other| other.peer_id() != node.peer_id());
        wait_met(node, &others).await?;
        let peers = peers(node).await?;
        assert!(!peers.contains(stranger.peer_id()), "{}", node.name());
    }
    let list: String = alice
        .rpc("state_call", json!(["Membership_admitted_nodes", "0x"]))
        .await?;
    // SCALE: the bytes of the peer id, then its role; RPC is the second of them.
    let entry = hex::encode(peer_bytes(rpc.peer_id())) + "01";
    assert!(list.contains(&entry), "{entry} is not in {list}");
    pay_through(&rpc, "//Eve").await?;
    assert!(streams(&rpc).await? > 0.0);

    // Root expels the RPC node; a validator withdraws its own, which still runs.
    send(&client, &alice_key, &by_root(expel(&rpc))).await?;
    let took = wait_peers(&rpc, EXPELLED, "be alone", |peers| peers.is_empty()).await?;
    println!("the RPC node was alone {took:?} after its expulsion");
    go_on(&[alice, bob, charlie, dave, &heir], 8).await?;
    let stood = rpc.best().await?;
    send(&client, &dave_key, &by_owner("withdraw_node", dave)).await?;
    let took = wait_peers(dave, EXPELLED, "be alone", |peers| peers.is_empty()).await?;
    println!("a validator's node was alone {took:?} after its withdrawal");
    go_on(&[alice, bob, charlie, &heir], 8).await?;
    assert_eq!(rpc.best().await?, stood, "the RPC node still gets blocks");

    // The new node takes the validator's keys over. Without its votes three of four do not come together.
    dave.terminate().await?;
    heir.set_arguments(vec!["--validator".into(), "--dave".into()]);
    heir.restart().await?;
    wait_met(&heir, &[alice, bob, charlie]).await?;
    go_on(&[alice, bob, charlie, &heir], 4).await?;
    // Another death before its votes count would be one more than f.
    wait_all_vote(alice).await?;
    charlie.kill()?;
    go_on(&[alice, bob, &heir], 12).await?;

    // All the while the stranger was alone with its transaction, which was as good as any other.
    assert!(peers(&stranger).await?.is_empty());
    assert_eq!(stranger.best().await?, 0);
    assert_eq!(streams(&stranger).await?, 0.0);
    assert_eq!(client.raw().next_nonce(&ferdie.account()).await?, 0);
    client.raw().submit_raw(stray.encoded()).await?;
    assert_eq!(client.raw().next_nonce(&ferdie.account()).await?, 1);

    assert_no_panic(network.nodes().iter().chain([&stranger, &rpc, &heir]));
    network.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_admission_closes_a_running_network_and_puts_outsiders_out() -> Outcome {
    // By their numbers, so that a node that is added does not have the flag.
    let permissioned = |number| {
        let replacement = Replacement {
            binary: default_binary(),
            extra_args: vec![PERMISSIONED.into()],
        };
        (number, replacement)
    };
    let network = Network::start(NetworkConfig {
        reserve_peers: false,
        replaced: (0..4).map(permissioned).collect(),
        ..four("permissioned-closing")
    })
    .await?;
    let outsider = network
        .add(ExtraNode {
            name: "outsider".into(),
            ..Default::default()
        })
        .await?;
    let validators: Vec<&Node> = network.nodes().iter().collect();
    // Nobody is listed yet: the network is open.
    wait_met(&outsider, &validators).await?;
    outsider.wait_finalised(3, LIMIT).await?;
    wait_admits(validators[0], 0.0).await?;

    let admissions = validators.iter().map(|node| admit(node, "Validator"));
    let calls = Value::unnamed_composite(admissions);
    let batch = Value::named_variant("batch_all", [("calls", calls)]);
    let batch = by_root(Value::unnamed_variant("Utility", [batch]));
    let client = Client::connect(&validators[0].ws_url()).await?;
    send(&client, &Signer::from_uri("//Alice")?, &batch).await?;
    let closed = Instant::now();
    for node in &validators {
        wait_admits(node, 4.0).await?;
    }
    wait_peers(&outsider, EXPELLED, "be alone", |peers| peers.is_empty()).await?;
    let stood = outsider.best().await?;
    for node in &validators {
        let mut others = validators.clone();
        others.retain(|other| other.peer_id() != node.peer_id());
        wait_met(node, &others).await?;
    }
    go_on(&validators, 12).await?;
    let took = closed.elapsed();
    println!(
        "12 blocks final {:.1} s after the first admission",
        took.as_secs_f64()
    );
    assert!(took < CLOSED, "finality went on after {took:?} only");
    assert!(peers(&outsider).await?.is_empty());
    // What it had received when it was put out may have been on its way into its database.
    assert!(
        outsider.best().await? < stood + 6,
        "the outsider still gets blocks"
    );

    assert_no_panic(network.nodes().iter().chain([&outsider]));
    network.stop().await?;
    Ok(())
}
