//! End to end: two halves of a network that stand at equal height meet again. Needs the node binary, see
//! `plume_localnet::default_binary`.
//!
//! The nodes talk to reserved peers only, so that a link is cut and joined over JSON-RPC.

mod common;

use common::{LIMIT, Outcome, assert_no_panic, assert_same_block, four};
use plume_localnet::{Deadline, Error, ExtraNode, Network, NetworkConfig, Node};
use plume_sdk::{Client, raw::to_hex};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const RESERVED_ONLY: &str = "--reserved-only";
/// Above this many blocks without finality a half seals every four seconds, and stands in between.
const CAPPED: u64 = 33;
/// Blocks that were on their way arrive within this.
const STILL: Duration = Duration::from_millis(500);
/// Two nodes that meet agree within this, though nobody seals.
const AGREE: Duration = Duration::from_secs(20);

async fn join(a: &Node, b: &Node) -> Result<(), Error> {
    for (one, other) in [(a, b), (b, a)] {
        let _: Value = one
            .rpc("system_addReservedPeer", json!([other.multiaddr()]))
            .await?;
    }
    Ok(())
}

async fn cut(a: &Node, b: &Node) -> Result<(), Error> {
    for (one, other) in [(a, b), (b, a)] {
        let _: Value = one
            .rpc("system_removeReservedPeer", json!([other.peer_id()]))
            .await?;
    }
    Ok(())
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Head {
    height: u64,
    hash: String,
}

async fn head(node: &Node) -> Result<Head, Error> {
    let height = node.best().await?;
    let hash = node.block_hash(height).await?.unwrap_or_default();
    Ok(Head { height, hash })
}

/// The slot and the hash of a node's best block: what decides between two of equal height.
async fn rank(node: &Node) -> Result<(u64, String), common::Failure> {
    let client = Client::connect(&node.ws_url()).await?;
    let head = client.raw().best_head().await?;
    let slot = head.slot().expect("every block has a slot");
    Ok((slot, to_hex(&head.hash.0)))
}

/// A node that only follows one half.
async fn observer(network: &Network, name: &str, half: &[Node]) -> Result<Node, Error> {
    let node = network
        .add(ExtraNode {
            name: name.into(),
            ..Default::default()
        })
        .await?;
    for validator in half {
        join(validator, &node).await?;
    }
    Ok(node)
}

/// Lets the halves seal until both stand at the same height with different blocks, and freezes them there.
async fn freeze_at_equal_height(network: &Network, left: &Node, right: &Node) -> Outcome {
    let deadline = Deadline::after(LIMIT);
    loop {
        let (one, other) = (head(left).await?, head(right).await?);
        let waiting = one.height.saturating_sub(left.finalised().await?);
        if waiting > CAPPED && one.height == other.height && one.hash != other.hash {
            for node in network.nodes() {
                node.pause()?;
            }
            tokio::time::sleep(STILL).await;
            if (head(left).await?, head(right).await?) == (one, other) {
                return Ok(());
            }
            for node in network.nodes() {
                node.resume()?;
            }
        }
        deadline
            .pause(format!(
                "both halves to stand at equal height; {waiting} blocks wait for finality"
            ))
            .await?;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn halves_that_meet_at_equal_height_agree_on_the_lower_slot_before_anybody_seals() -> Outcome
{
    let network = Network::start(NetworkConfig {
        extra_args: vec![RESERVED_ONLY.into()],
        ..four("equal-heights")
    })
    .await?;
    let (one, other) = network.nodes().split_at(2);
    let left = observer(&network, "left", one).await?;
    let right = observer(&network, "right", other).await?;
    for node in [&left, &right] {
        node.wait_finalised(5, LIMIT).await?;
    }

    for a in one {
        for b in other {
            cut(a, b).await?;
        }
    }
    freeze_at_equal_height(&network, &left, &right).await?;
    let stood = head(&left).await?.height;
    let expected = rank(&left).await?.min(rank(&right).await?);

    let met = Instant::now();
    join(&left, &right).await?;
    let deadline = Deadline::after(AGREE);
    loop {
        let heads = (head(&left).await?, head(&right).await?);
        if heads.0 == heads.1 {
            assert_eq!((heads.0.height, heads.0.hash), (stood, expected.1));
            break;
        }
        deadline
            .pause(format!("the two observers to agree; they are at {heads:?}"))
            .await?;
    }
    println!(
        "agreed at block {stood} {:.1} s after they met",
        met.elapsed().as_secs_f64()
    );

    for node in network.nodes() {
        node.resume()?;
    }
    let healed = Instant::now();
    for a in one {
        for b in other {
            join(a, b).await?;
        }
    }
    network.wait_all_finalised(stood, LIMIT).await?;
    println!(
        "finalised block {stood} {:.1} s after the halves met",
        healed.elapsed().as_secs_f64()
    );
    network.wait_all_finalised(stood + 8, LIMIT).await?;
    assert_same_block(network.nodes().iter().chain([&left, &right]), stood).await?;
    assert_no_panic(network.nodes().iter().chain([&left, &right]));
    network.stop().await?;
    Ok(())
}
