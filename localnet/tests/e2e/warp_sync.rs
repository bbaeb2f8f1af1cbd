//! End to end: fresh nodes skip history. Needs the node binary, see `plume_localnet::default_binary`.

use crate::common::{LIMIT, Outcome, assert_no_panic, four, renew_voters};
use plume_localnet::{Network, warp_sync};

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_node_skips_history_and_has_the_networks_blocks() -> Outcome {
    let network = Network::start(four("warp-sync")).await?;
    // No change of the voters yet: the proof is the newest justification, by the voters of the genesis.
    network.wait_all_finalised(60, LIMIT).await?;
    let first = warp_sync(&network, "warped-1", LIMIT).await?;
    println!("without a change of the voters: {first:?}");
    assert!(first.head >= 60);
    // Two proofs more: each change of the voters needs a justification by those before it.
    for _ in 0..2 {
        renew_voters(&network).await?;
    }
    let second = warp_sync(&network, "warped-2", LIMIT).await?;
    println!("after two changes of the voters: {second:?}");
    assert!(second.head > first.head);
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}
