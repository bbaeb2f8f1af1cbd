//! End to end: a development node seals when there is something to seal. Needs the node binary, see
//! `plume_localnet::default_binary`.

use crate::common::{LIMIT, Outcome, assert_no_panic, four};
use plume_localnet::{Chain, Network, NetworkConfig};
use plume_sdk::{
    At, Client, H256, OfflineTransfer, Signer, Transfer, TxOptions, amount::PLANCK_PER_PLUME,
    raw::Rpc, subxt_rpcs::client::rpc_params,
};
use std::time::{Duration, Instant};

/// More than three blocks take.
const BURST: u32 = 600;

async fn development_node(name: &str) -> Result<Network, crate::common::Failure> {
    let network = Network::start(NetworkConfig {
        chain: Chain::Dev,
        validators: 1,
        ..four(name)
    })
    .await?;
    network.wait_all_finalised(1, LIMIT).await?;
    Ok(network)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_transaction_is_sealed_and_final_at_once_and_then_the_chain_rests() -> Outcome {
    let network = development_node("on-demand").await?;
    let node = network.node(0);
    let client = Client::connect(&node.ws_url()).await?;
    let (alice, bob) = (Signer::from_uri("//Alice")?, Signer::from_uri("//Bob")?);
    for _ in 0..3 {
        let began = Instant::now();
        client
            .transfer(&alice, bob.account(), PLANCK_PER_PLUME)
            .await?
            .ok()?;
        assert!(began.elapsed() < Duration::from_secs(5));
    }
    // A rest of four slots: nothing arrives, so nothing is sealed.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let height = node.best().await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(node.best().await?, height);
    assert_eq!(node.finalised().await?, height);
    assert_no_panic([node]);
    network.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_into_one_block_is_sealed_in_the_next_ones() -> Outcome {
    let network = development_node("on-demand-burst").await?;
    let node = network.node(0);
    let client = Client::connect(&node.ws_url()).await?;
    let alice = Signer::from_uri("//Alice")?;
    let to = Signer::from_uri("//Somebody//new")?.account();
    let offline = client.offline_transfers(&TxOptions::default()).await?;
    let list: Vec<_> = (0..BURST)
        .map(|nonce| OfflineTransfer {
            from: &alice,
            to,
            amount_planck: PLANCK_PER_PLUME,
            nonce,
        })
        .collect();
    let signed = offline.sign_many(&list, 0);
    // The first one last: all the others become ready at once.
    for transfer in signed.iter().rev() {
        client.raw().submit_raw(&transfer.bytes).await?;
    }
    let expected = u128::from(BURST) * PLANCK_PER_PLUME;
    let deadline = Instant::now() + LIMIT;
    loop {
        let free = client.account(&to, At::Finalised).await?.free_planck;
        if free == expected {
            break;
        }
        assert!(
            Instant::now() < deadline,
            "only {free} of {expected} planck arrived"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(
        node.best().await? > 3,
        "{BURST} transfers fit into one block: raise the number"
    );
    assert_no_panic([node]);
    network.stop().await?;
    Ok(())
}

async fn seal_at(rpc: &Rpc, unix_ms: u64) -> plume_sdk::Result<H256> {
    rpc.request("plume_sealAt", rpc_params![unix_ms]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_development_chain_lives_through_a_year_in_two_blocks() -> Outcome {
    const YEAR_MS: u64 = 365 * 86_400_000;
    const SLOT_MS: u64 = 250;
    let network = development_node("on-demand-clock").await?;
    let node = network.node(0);
    let client = Client::connect(&node.ws_url()).await?;
    let rpc = client.raw();
    let slot = async || -> plume_sdk::Result<u64> {
        Ok(rpc.best_head().await?.slot().unwrap_or_default())
    };
    let began_ms = slot().await? * SLOT_MS;

    let sealed = seal_at(rpc, began_ms + YEAR_MS).await?;
    assert_eq!(rpc.best_head().await?.hash, sealed);
    assert_eq!(slot().await? * SLOT_MS, began_ms + YEAR_MS);

    // From now on a transaction waits until a block is asked for, and time never goes back.
    let (alice, bob) = (Signer::from_uri("//Alice")?, Signer::from_uri("//Bob")?);
    let call = Transfer::keep_alive(bob.account(), PLANCK_PER_PLUME).to_call();
    let progress = client.submit(&alice, &call, &TxOptions::default()).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(rpc.best_head().await?.hash, sealed);
    seal_at(rpc, began_ms).await?;
    progress.wait_finalised().await?.ok()?;
    assert_eq!(slot().await? * SLOT_MS, began_ms + YEAR_MS + SLOT_MS);

    assert!(
        seal_at(rpc, 0).await.is_err(),
        "1970 is no moment of a chain"
    );
    assert_no_panic([node]);
    network.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_moves_the_clock_of_a_network_of_validators() -> Outcome {
    let network = Network::start(four("no-sealing-by-request")).await?;
    network.wait_all_finalised(1, LIMIT).await?;
    let client = Client::connect(&network.node(0).ws_url()).await?;
    let refused = seal_at(client.raw(), 4_000_000_000_000).await;
    let words = refused.err().map(|error| error.to_string());
    assert!(
        words
            .as_ref()
            .is_some_and(|words| words.contains("not found")),
        "{words:?}"
    );
    network.stop().await?;
    Ok(())
}
