//! End to end: leaders die, are skipped, and come back. Needs the node binary, see
//! `plume_localnet::default_binary`.

use crate::common::{Failure, LIMIT, Outcome, assert_no_panic, assert_same_block, four};
use plume_localnet::{Network, Node};
use plume_sdk::Client;
use serde_json::json;
use std::time::{Duration, Instant};

/// How many authors the rotation has, by this node's best block.
async fn authors(node: &Node) -> Result<usize, Failure> {
    let list: String = node
        .rpc("state_call", json!(["AuraApi_authorities", "0x"]))
        .await?;
    // SCALE: the list's length, compact, then 32 bytes each.
    Ok((list.len() - 2) / 2 / 32)
}

async fn wait_authors(node: &Node, count: usize) -> Outcome {
    let deadline = Instant::now() + LIMIT;
    while authors(node).await? != count {
        assert!(
            Instant::now() < deadline,
            "{} authors, not {count}",
            authors(node).await?
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Slots without a block between two heights.
async fn lost_slots(client: &Client, from: u64, to: u64) -> Result<u64, Failure> {
    let mut slots = Vec::new();
    for height in [from, to] {
        let hash = client.raw().block_hash(height).await?;
        let head = client
            .raw()
            .header(hash)
            .await?
            .expect("the block is final");
        slots.push(head.slot().expect("every block has a slot"));
    }
    Ok(slots[1] - slots[0] - (to - from))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_author_costs_a_slot_once_and_returns_when_it_is_back() -> Outcome {
    const WATCHED: u64 = 60;
    let network = Network::start(four("leadership")).await?;
    network.wait_all_finalised(8, LIMIT).await?;
    let (client, victim) = (
        Client::connect(&network.node(0).ws_url()).await?,
        network.node(2),
    );

    victim.kill()?;
    wait_authors(network.node(0), 3).await?;
    let after = network.node(0).best().await?;
    network.wait_all_finalised(after + WATCHED, LIMIT).await?;
    let lost = lost_slots(&client, after, after + WATCHED).await?;
    // Without failover it were twenty.
    assert!(
        lost <= 4,
        "{lost} slots lost in {WATCHED} blocks with one of four dead"
    );

    victim.restart().await?;
    wait_authors(network.node(0), 4).await?;
    let after = network.node(0).finalised().await?;
    network.wait_all_finalised(after + WATCHED, LIMIT).await?;
    let lost = lost_slots(&client, after, after + WATCHED).await?;
    assert!(
        lost <= 6,
        "{lost} slots lost in {WATCHED} blocks with everybody back"
    );
    assert_same_block(network.nodes(), after + WATCHED).await?;
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_whole_network_evicts_nobody() -> Outcome {
    let network = Network::start(four("leadership-restart")).await?;
    network.wait_all_finalised(5, LIMIT).await?;
    for node in network.nodes() {
        node.kill()?;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    for node in network.nodes() {
        node.start()?;
    }
    for node in network.nodes() {
        node.wait_ready().await?;
    }
    let height = network.node(0).finalised().await?;
    network.wait_all_finalised(height + 30, LIMIT).await?;
    wait_authors(network.node(0), 4).await?;
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}
