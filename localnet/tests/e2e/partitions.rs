//! End to end: links between validators are cut and heal. Needs the node binary, see
//! `plume_localnet::default_binary`; root and iproute2, else it says that it does nothing.

use crate::common::{LIMIT, Outcome, assert_no_panic, assert_same_block, four};
use plume_localnet::{Isolation, Network, NetworkConfig, check_namespaces};
use std::time::{Duration, Instant};

/// Votes that were on their way arrive within this.
const SETTLED: Duration = Duration::from_secs(2);
/// How long the network stays apart after that.
const APART: Duration = Duration::from_secs(6);
/// From healing to one chain that goes on, with nodes that redial each other after five seconds.
const HEALED: Duration = Duration::from_secs(8);

/// Four validators with links that can be cut; none where that is not possible.
async fn linked(name: &str) -> Result<Option<Network>, crate::common::Failure> {
    if let Err(error) = check_namespaces() {
        eprintln!("skipped: {error}");
        return Ok(None);
    }
    let network = Network::start(NetworkConfig {
        isolation: Isolation::Namespaces,
        ..four(name)
    })
    .await?;
    network.wait_connected(LIMIT).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    Ok(Some(network))
}

/// Whether all nodes have the same block at a height of their best chains.
async fn agree(network: &Network, height: u64) -> Result<bool, crate::common::Failure> {
    let mut hashes = Vec::new();
    for node in network.nodes() {
        hashes.push(node.block_hash(height).await?);
    }
    Ok(hashes
        .iter()
        .all(|hash| hash.is_some() && *hash == hashes[0]))
}

/// Heals, waits until all nodes have finalised a block that was sealed after that, the same one, and a
/// few more.
async fn assert_heals(network: &Network) -> Outcome {
    let mut highest = 0;
    for node in network.nodes() {
        highest = highest.max(node.best().await?);
    }
    let links = network.links().expect("it was started with links");
    links.heal();
    let healed = Instant::now();
    while !agree(network, highest + 1).await? {
        let took = healed.elapsed();
        assert!(
            took < HEALED,
            "{took:?} after healing there is no one chain"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    println!(
        "one chain {:.1} s after healing",
        healed.elapsed().as_secs_f64()
    );
    network.wait_all_finalised(highest + 1, LIMIT).await?;
    let took = healed.elapsed();
    println!("finalising {:.1} s after healing", took.as_secs_f64());
    assert!(took < HEALED, "finality took {took:?} after healing");
    assert_same_block(network.nodes(), highest + 1).await?;
    network.wait_all_finalised(highest + 10, LIMIT).await?;
    assert_same_block(network.nodes(), highest + 10).await
}

/// Halves finalise nothing; three of four go on without the fourth; both become one chain again.
#[tokio::test(flavor = "multi_thread")]
async fn only_two_thirds_finalise_and_a_healed_network_is_one_chain() -> Outcome {
    let Some(network) = linked("partitions").await? else {
        return Ok(());
    };
    let links = network.links().expect("it was started with links");

    links.part(&[0, 1]);
    tokio::time::sleep(SETTLED).await;
    let mut stood = Vec::new();
    for node in network.nodes() {
        stood.push(node.finalised().await?);
        assert_eq!(
            node.peers().await?,
            1,
            "{} sees the other side",
            node.name()
        );
    }
    tokio::time::sleep(APART).await;
    for (node, stood) in network.nodes().iter().zip(stood) {
        assert_eq!(
            node.finalised().await?,
            stood,
            "{} is no two thirds",
            node.name()
        );
        assert!(node.best().await? > stood + 5, "{} stopped", node.name());
    }
    assert_heals(&network).await?;

    links.part(&[3]);
    tokio::time::sleep(SETTLED).await;
    let (three, one) = (network.node(0), network.node(3));
    let (before, stood) = (three.finalised().await?, one.finalised().await?);
    tokio::time::sleep(APART).await;
    assert_eq!(
        one.finalised().await?,
        stood,
        "one of four is no two thirds"
    );
    assert_eq!(one.peers().await?, 0);
    let after = three.finalised().await?;
    assert!(
        after > before + 10,
        "three went from {before} to {after} only"
    );
    assert_heals(&network).await?;

    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}
