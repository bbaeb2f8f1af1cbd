//! End to end: a running network replaces its runtime without a restart. Needs the node binary and,
//! in `PLUME_NEXT_RUNTIME`, the path that `scripts/rehearsal` prints.

use crate::common::{LIMIT, Outcome, assert_no_panic, four, next_runtime};
use plume_localnet::Network;
use plume_sdk::{Client, Signer, TxOptions, call, subxt::dynamic::Value};

#[tokio::test(flavor = "multi_thread")]
async fn a_runtime_upgrade_goes_through_without_a_restart() -> Outcome {
    let code = next_runtime()?;
    let network = Network::start(four("upgrade")).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let pids: Vec<_> = network.nodes().iter().map(|node| node.pid()).collect();

    let client = Client::connect(&network.node(0).ws_url()).await?;
    let before = client.raw().runtime_version(None).await?.spec_version;
    let alice = Signer::from_uri("//Alice")?;
    let set_code = Value::named_variant("set_code", [("code", Value::from_bytes(code))]);
    let upgrade = call(
        "Sudo",
        "sudo",
        [("call", Value::unnamed_variant("System", [set_code]))],
    );
    let included = client
        .submit(&alice, &upgrade, &TxOptions::default())
        .await?
        .wait_finalised()
        .await?;
    included.ok()?;

    network
        .wait_all_finalised(network.node(0).best().await? + 5, LIMIT)
        .await?;
    for node in network.nodes() {
        let client = Client::connect(&node.ws_url()).await?;
        assert_eq!(
            client.raw().runtime_version(None).await?.spec_version,
            before + 1,
            "{}",
            node.name()
        );
    }
    // A client that connects now transacts with the new runtime.
    let client = Client::connect(&network.node(3).ws_url()).await?;
    let bob = Signer::from_uri("//Bob")?;
    client
        .transfer(&bob, alice.account(), 1_000_000_000_000_000_000)
        .await?
        .ok()?;

    let still: Vec<_> = network.nodes().iter().map(|node| node.pid()).collect();
    assert_eq!(pids, still, "no node was restarted");
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}
