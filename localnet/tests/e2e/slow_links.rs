//! End to end: every link is slow. Needs the node binary, see `plume_localnet::default_binary`; root and
//! iproute2, else it says that it does nothing.

use crate::{
    common::{Failure, LIMIT, Outcome, assert_no_panic, assert_same_block, four},
    shares::share,
};
use plume_localnet::{Isolation, Network, NetworkConfig, Node, check_namespaces};
use plume_sdk::{Client, raw::Transport};
use std::time::Duration;

/// One way. A block that had to be announced, asked for and sent would be nearly two slots late.
const DELAY: Duration = Duration::from_millis(150);
/// Blocks that were sealed without the delay are through after this.
const SETTLED: Duration = Duration::from_secs(3);
/// Final blocks to look at.
const BLOCKS: u64 = 100;

/// What a node has pushed and taken, and how many peers it has.
async fn traffic(node: &Node) -> Result<String, Failure> {
    let mut text = format!("{}: {} peers", node.name(), node.peers().await?);
    for name in [
        "plume_blocks_pushed_total",
        "plume_blocks_push_skipped_total",
        "plume_pushed_blocks_received_total",
        "plume_pushed_blocks_imported_total",
    ] {
        let value = node.metric(name).await?.unwrap_or(0.0);
        text.push_str(&format!(", {name} {value}"));
    }
    Ok(text)
}

#[tokio::test(flavor = "multi_thread")]
async fn authors_keep_their_slots_on_links_of_150_ms_and_finality_goes_on() -> Outcome {
    if let Err(error) = check_namespaces() {
        eprintln!("skipped: {error}");
        return Ok(());
    }
    let network = Network::start(NetworkConfig {
        isolation: Isolation::Namespaces,
        ..four("slow-links")
    })
    .await?;
    // Who comes up late may have finalised blocks with a single peer.
    network.wait_connected(LIMIT).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let links = network.links().expect("it was started with links");
    links.change_all(|condition| condition.delay = DELAY);
    tokio::time::sleep(SETTLED).await;

    let node = network.node(0);
    let from = node.finalised().await?;
    network.wait_all_finalised(from + BLOCKS, LIMIT).await?;
    assert_same_block(network.nodes(), from + BLOCKS).await?;
    let client = Client::connect_with(&node.ws_url(), Transport::PlainAllowed).await?;
    let share = share(node, &client, from, from + BLOCKS).await?;
    println!("{share:?}, {} slots lost", share.lost());
    for node in network.nodes() {
        println!("{}", traffic(node).await?);
    }
    for author in 0..4 {
        assert!(
            share.blocks[author] >= share.slots / 8,
            "validator {author} keeps less than half of its quarter: {share:?}"
        );
        assert!(
            share.out[author] <= share.slots / 4,
            "validator {author} is out of the rotation for long: {share:?}"
        );
    }
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}
