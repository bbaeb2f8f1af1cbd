//! End to end: a validator that runs twice, and one whose clock is wrong. Needs the node binary, see
//! `plume_localnet::default_binary`; the clock needs libfaketime, else its test says that it does
//! nothing.

mod common;

use common::{LIMIT, Outcome, assert_no_panic, assert_same_block, four};
use plume_localnet::{ExtraNode, Network, skewed_clock};

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_that_runs_twice_with_one_key_neither_stops_finality_nor_splits_it() -> Outcome
{
    let network = Network::start(four("twin")).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let twin = network
        .add(ExtraNode {
            name: "dave-again".into(),
            validator: true,
            suri: Some("//Dave".into()),
            ..Default::default()
        })
        .await?;
    let head = network.node(0).finalised().await?;
    let began = twin.wait_finalised(head, LIMIT).await?;
    // Ten turns of each author.
    let reached = began + 40;
    network.wait_all_finalised(reached, LIMIT).await?;
    twin.wait_finalised(reached, LIMIT).await?;
    let everybody = || network.nodes().iter().chain([&twin]);
    for height in began..=reached {
        assert_same_block(everybody(), height).await?;
    }
    assert_no_panic(everybody());
    drop(twin);
    network.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_300_ms_ahead_keeps_nobody_from_finalising() -> Outcome {
    let skewed = match skewed_clock(300) {
        Ok(skewed) => skewed,
        Err(error) => {
            eprintln!("skipped: {error}");
            return Ok(());
        }
    };
    let network = Network::start(four("clock")).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let victim = network.node(3);
    victim.kill()?;
    victim.set_environment(skewed);
    victim.start()?;
    victim.wait_ready().await?;
    let began = network.node(0).finalised().await?;
    let others = &network.nodes()[..3];
    for node in others {
        node.wait_finalised(began + 40, LIMIT).await?;
    }
    for height in began..=began + 40 {
        assert_same_block(others, height).await?;
    }
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}
