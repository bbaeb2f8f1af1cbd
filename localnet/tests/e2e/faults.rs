//! End to end: validators crash, return, and are started again. Needs the node binary, see
//! `plume_localnet::default_binary`.

use crate::common::{LIMIT, Outcome, assert_no_panic, assert_same_block, folder, four};
use plume_localnet::{Base, Network, NetworkConfig};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_validator_costs_no_finality_and_catches_up_after_restart() -> Outcome {
    let network = Network::start(four("killed")).await?;
    network.wait_all_finalised(3, LIMIT).await?;

    let victim = network.node(3);
    let before = network.node(0).finalised().await?;
    victim.kill()?;
    // More blocks than can have been on their way, and five turns of the dead author.
    network.wait_all_finalised(before + 20, LIMIT).await?;

    victim.restart().await?;
    let head = network.node(0).finalised().await?;
    let reached = victim.wait_finalised(head, LIMIT).await?;
    assert_same_block(network.nodes(), head).await?;
    // It votes again: finality goes on with another one gone.
    network.node(0).kill()?;
    network.wait_all_finalised(reached + 20, LIMIT).await?;
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_dead_of_four_stop_finality_and_it_resumes_when_they_return() -> Outcome {
    /// Votes that were on their way arrive within this.
    const SETTLED: Duration = Duration::from_secs(3);
    /// More than twenty slots.
    const WATCHED: Duration = Duration::from_secs(6);

    let network = Network::start(four("two-dead")).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let (living, dead) = network.nodes().split_at(2);
    for node in dead {
        node.kill()?;
    }
    tokio::time::sleep(SETTLED).await;
    let stood = [living[0].finalised().await?, living[1].finalised().await?];
    tokio::time::sleep(WATCHED).await;
    let stands = [living[0].finalised().await?, living[1].finalised().await?];
    assert_eq!(stood, stands, "two of four are no two thirds");

    for node in dead {
        node.restart().await?;
    }
    let head = stands[0].max(stands[1]) + 10;
    network.wait_all_finalised(head, LIMIT).await?;
    assert_same_block(network.nodes(), head).await?;
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_resumes_the_chain() -> Outcome {
    let network = Network::start(four("resumed")).await?;
    assert!(!network.resumed());
    network.wait_all_finalised(5, LIMIT).await?;
    let height = network.node(0).finalised().await?;
    let hash = network.node(0).block_hash(height).await?;
    let peer_ids: Vec<_> = network
        .nodes()
        .iter()
        .map(|node| node.peer_id().to_owned())
        .collect();
    network.stop().await?;
    drop(network);

    let base = Base::Folder(folder("resumed"));
    let network = Network::start(NetworkConfig {
        base,
        ..Default::default()
    })
    .await?;
    assert!(network.resumed());
    assert!(
        network
            .nodes()
            .iter()
            .map(|node| node.peer_id())
            .eq(&peer_ids)
    );
    network.wait_all_finalised(height + 5, LIMIT).await?;
    assert_eq!(
        network.node(0).block_hash(height).await?,
        hash,
        "the chain begins anew"
    );
    assert_same_block(network.nodes(), height).await?;
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}
