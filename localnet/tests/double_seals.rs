//! End to end: two machines run with one validator's keys. Needs the node binary, see
//! `plume_localnet::default_binary`.

mod common;

use common::{LIMIT, Outcome, assert_no_panic, four, wait_finalised_more};
use plume_localnet::{ExtraNode, Network, Node};
use std::time::{Duration, Instant};

/// Waits until a node has told of a validator that sealed twice.
async fn wait_warned(node: &Node) {
    let deadline = Instant::now() + LIMIT;
    while node.log_lines_matching(&["Double seal: "]).is_empty() {
        assert!(Instant::now() < deadline, "{} saw nothing", node.name());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_twins_seal_and_one_of_four_does_not_stop_finality() -> Outcome {
    let network = Network::start(four("double-seals")).await?;
    network.wait_all_finalised(8, LIMIT).await?;
    for node in network.nodes() {
        let seen = node.log_lines_matching(&["Double seal: "]);
        assert!(seen.is_empty(), "{} sees ghosts: {seen:?}", node.name());
    }
    let twin = network
        .add(ExtraNode {
            name: "dave-again".into(),
            suri: Some("//Dave".into()),
            ..Default::default()
        })
        .await?;
    // The honest ones, and the twins themselves.
    for node in network.nodes().iter().chain([&twin]) {
        wait_warned(node).await;
    }
    wait_finalised_more(&network, 20).await?;
    assert_no_panic(network.nodes().iter().chain([&twin]));
    network.stop().await?;
    Ok(())
}
