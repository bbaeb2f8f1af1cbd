//! End to end: institutions join and leave the validators, replace their keys, and the set follows the
//! load. Needs the node binary, see `plume_localnet::default_binary`.

use crate::common::{Failure, LIMIT, Outcome, assert_no_panic, assert_same_block, four};
use plume_localnet::{ExtraNode, Network, NetworkConfig, Node};
use plume_sdk::{
    Call, Client, Signer, TxOptions, amount::PLANCK_PER_PLUME, call, subxt::dynamic::Value,
};
use serde_json::json;
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

/// Five seconds: a change is planned in one session, waits for a second, and is in force in the third.
const SESSION_BLOCKS: u32 = 20;

/// Public session keys, as hexadecimal text: sr25519 to seal with, ed25519 to vote with.
struct SessionKeys {
    aura: String,
    grandpa: String,
    proof: Vec<u8>,
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hexadecimal"))
        .collect()
}

/// Has the node make new session keys for this owner.
async fn new_keys(node: &Node, owner: &Signer) -> Result<SessionKeys, Failure> {
    let owner: String = owner
        .account()
        .0
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let made: serde_json::Value = node
        .rpc("author_rotateKeysWithOwner", json!([format!("0x{owner}")]))
        .await?;
    let text = |field: &str| {
        let text = made[field].as_str().expect("the node answers with text");
        text.trim_start_matches("0x").to_owned()
    };
    let (keys, proof) = (text("keys"), text("proof"));
    let (aura, grandpa) = keys.split_at(64);
    Ok(SessionKeys {
        aura: aura.into(),
        grandpa: grandpa.into(),
        proof: bytes(&proof),
    })
}

fn set_keys(keys: &SessionKeys) -> Call {
    let fields = [
        ("aura", Value::from_bytes(bytes(&keys.aura))),
        ("grandpa", Value::from_bytes(bytes(&keys.grandpa))),
    ];
    call(
        "Session",
        "set_keys",
        [
            ("keys", Value::named_composite(fields)),
            ("proof", Value::from_bytes(keys.proof.clone())),
        ],
    )
}

fn by_root(call_of_pallet: Value<()>) -> Call {
    call("Sudo", "sudo", [("call", call_of_pallet)])
}

async fn send(client: &Client, signer: &Signer, call: &Call) -> Outcome {
    let progress = client.submit(signer, call, &TxOptions::default()).await?;
    progress.wait_finalised().await?.ok()?;
    Ok(())
}

/// What the runtime answers, as hexadecimal text.
async fn answer(node: &Node, question: &str) -> Result<String, Failure> {
    Ok(node.rpc("state_call", json!([question, "0x"])).await?)
}

/// How many vote.
async fn voters(node: &Node) -> Result<usize, Failure> {
    let list = answer(node, "GrandpaApi_grandpa_authorities").await?;
    // SCALE: the list's length, compact, then a key and a weight each.
    Ok((list.len() - 2) / 2 / 40)
}

/// Waits until these keys seal and vote, or until they do not.
async fn wait_in_force(node: &Node, keys: &SessionKeys, in_force: bool) -> Outcome {
    let deadline = Instant::now() + LIMIT;
    loop {
        let seals = answer(node, "AuraApi_authorities")
            .await?
            .contains(&keys.aura);
        let votes = answer(node, "GrandpaApi_grandpa_authorities")
            .await?
            .contains(&keys.grandpa);
        if seals == in_force && votes == in_force {
            return Ok(());
        }
        assert!(
            Instant::now() < deadline,
            "the keys seal: {seals}, vote: {votes}; wanted: {in_force}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn wait_voters(node: &Node, count: usize, limit: Duration) -> Outcome {
    let deadline = Instant::now() + limit;
    while voters(node).await? != count {
        assert!(
            Instant::now() < deadline,
            "{} validators vote, not {count}",
            voters(node).await?
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_institution_joins_replaces_its_keys_and_leaves() -> Outcome {
    let network = Network::start(NetworkConfig {
        genesis: Some(json!({ "validators": { "sessionBlocks": SESSION_BLOCKS } })),
        ..four("validators")
    })
    .await?;
    let newcomer = network
        .add(ExtraNode {
            name: "eve".into(),
            validator: true,
            ..Default::default()
        })
        .await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let witness = network.node(0);
    let client = Client::connect(&witness.ws_url()).await?;
    let (alice, eve) = (Signer::from_uri("//Alice")?, Signer::from_uri("//Eve")?);

    // Keys, an application with more at stake than the others, and the decision.
    let keys = new_keys(&newcomer, &eve).await?;
    send(&client, &eve, &set_keys(&keys)).await?;
    let apply = call(
        "Validators",
        "apply",
        [
            ("lei_hash", Value::from_bytes([7; 32])),
            ("bond", Value::u128(200_000 * PLANCK_PER_PLUME)),
        ],
    );
    send(&client, &eve, &apply).await?;
    let admit = Value::named_variant("admit", [("validator", Value::from_bytes(eve.account().0))]);
    send(
        &client,
        &alice,
        &by_root(Value::unnamed_variant("Validators", [admit])),
    )
    .await?;
    wait_in_force(witness, &keys, true).await?;
    // Four sit: of five, the one with the least at stake and the last to be admitted waits.
    assert_eq!(voters(witness).await?, 4);

    let replaced = new_keys(&newcomer, &eve).await?;
    assert_ne!(replaced.aura, keys.aura);
    send(&client, &eve, &set_keys(&replaced)).await?;
    wait_in_force(witness, &replaced, true).await?;
    wait_in_force(witness, &keys, false).await?;

    // It seals: with its keys in force nobody has to be taken out for a dozen rounds.
    let from = witness.finalised().await?;
    network.wait_all_finalised(from + 48, LIMIT).await?;
    assert!(
        answer(witness, "AuraApi_authorities")
            .await?
            .contains(&replaced.aura)
    );

    let leave = call("Validators", "leave", Vec::<(String, Value<()>)>::new());
    send(&client, &eve, &leave).await?;
    wait_in_force(witness, &replaced, false).await?;
    assert_eq!(voters(witness).await?, 4);
    let withdraw = call(
        "Validators",
        "withdraw_bond",
        [("validator", Value::from_bytes(eve.account().0))],
    );
    let refused = client
        .submit(&eve, &withdraw, &TxOptions::default())
        .await?
        .wait_finalised()
        .await?
        .ok();
    assert!(
        refused.is_err_and(|error| error.to_string().contains("TooEarly")),
        "a bond cannot be taken back on the day one leaves"
    );

    let height = witness.finalised().await?;
    network.wait_all_finalised(height + 8, LIMIT).await?;
    assert_same_block(network.nodes(), height).await?;
    assert_no_panic(network.nodes().iter().chain([&newcomer]));
    network.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_set_shrinks_under_load_grows_after_it_and_finality_goes_on_with_one_dead() -> Outcome {
    // A few transfers a second count as heavy here.
    let percent = |hundredths: u32| hundredths * 100_000;
    let network = Network::start(NetworkConfig {
        validators: 7,
        genesis: Some(json!({ "validators": {
            "sessionBlocks": SESSION_BLOCKS,
            "parameters": {
                "direction": "smallerUnderLoad", "min": 4, "max": 61,
                "low": percent(40), "high": percent(80), "smoothingBlocks": 10,
            },
        } })),
        start_timeout: Duration::from_secs(120),
        ..four("dynamic-set")
    })
    .await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let witness = network.node(0);
    wait_voters(witness, 7, LIMIT).await?;
    network.node(6).kill()?;

    let loaded = AtomicBool::new(true);
    let transfers = async {
        let senders = [
            "//Alice",
            "//Bob",
            "//Charlie",
            "//Dave",
            "//Eve",
            "//Ferdie",
        ];
        let send = async |uri: &str| {
            let client = Client::connect(&witness.ws_url()).await?;
            let signer = Signer::from_uri(uri)?;
            let mut sent = 0;
            while loaded.load(Ordering::Relaxed) {
                let to = Signer::from_uri("//Live//receiver")?.account();
                client.transfer(&signer, to, PLANCK_PER_PLUME).await?.ok()?;
                sent += 1;
            }
            Ok::<u32, Failure>(sent)
        };
        futures::future::try_join_all(senders.map(send)).await
    };
    let changes = async {
        wait_voters(witness, 4, LIMIT).await?;
        // The dead one has lost its seat, so that the rotation is whole.
        loaded.store(false, Ordering::Relaxed);
        wait_voters(witness, 7, LIMIT).await
    };
    let (sent, changed) = futures::join!(transfers, changes);
    changed?;
    let sent: u32 = sent?.iter().sum();
    assert!(sent > 20, "only {sent} transfers became final under load");

    let height = witness.finalised().await?;
    network.wait_finalised(height + 12, LIMIT).await?;
    assert_same_block(network.running(), height).await?;
    assert_no_panic(network.running());
    network.stop().await?;
    Ok(())
}
