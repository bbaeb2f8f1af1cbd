//! End to end: what a node accepted is never lost. Needs the node binary, see
//! `plume_localnet::default_binary`.

use crate::common::{LIMIT, Outcome, assert_no_panic, four, wait_finality_stands};
use futures::{StreamExt, stream};
use plume_localnet::{Network, NetworkConfig, Node, faults};
use plume_sdk::{
    Client, H256, OfflineTransfer, SignedTransfer, Signer, TxOptions,
    raw::{Rpc, SubmitError, Transport},
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Transactions in the burst.
const BURST: usize = 10_000;
/// Submissions under way at once at each node.
const AT_ONCE: usize = 64;
/// An amount above the existential deposit, in planck.
const AMOUNT_PLANCK: u128 = 10_000_000_000_000_000;
/// Development accounts with PLUME in the `local` preset.
const SENDERS: [&str; 6] = [
    "//Alice",
    "//Bob",
    "//Charlie",
    "//Dave",
    "//Eve",
    "//Ferdie",
];

/// Puts a list out of order, the same way every time.
fn shuffle<T>(list: &mut [T], seed: u64) {
    let mut state = seed;
    for i in (1..list.len()).rev() {
        // Constants of Knuth's MMIX generator.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        list.swap(i, (state >> 33) as usize % (i + 1));
    }
}

/// `count` transfers, as many from each sender, nonces from each account's next one on.
async fn signed_transfers(
    client: &Client,
    count: usize,
) -> Result<Vec<SignedTransfer>, crate::common::Failure> {
    let offline = client.offline_transfers(&TxOptions::default()).await?;
    let signers = SENDERS
        .iter()
        .map(|uri| Signer::from_uri(uri))
        .collect::<Result<Vec<_>, _>>()?;
    let mut transfers = Vec::with_capacity(count);
    let mut nonces = Vec::new();
    for signer in &signers {
        nonces.push(client.raw().next_nonce(&signer.account()).await?);
    }
    for i in 0..count {
        let sender = i % signers.len();
        transfers.push(OfflineTransfer {
            from: &signers[sender],
            to: signers[(sender + 1) % signers.len()].account(),
            amount_planck: AMOUNT_PLANCK,
            nonce: nonces[sender],
        });
        nonces[sender] += 1;
    }
    Ok(offline.sign_many(&transfers, 0))
}

/// What this node says of a transaction.
async fn status(node: &Node, hash: H256) -> Result<Value, crate::common::Failure> {
    Ok(node
        .rpc::<Value>("plume_transactionStatus", json!([hash]))
        .await?)
}

/// Waits until this node says of each transaction that it is final.
async fn assert_all_finalised(node: &Node, hashes: &[H256], limit: Duration) -> Outcome {
    let deadline = Instant::now() + limit;
    for hash in hashes {
        loop {
            let now = status(node, *hash).await?;
            if now["outcome"] == "finalized" {
                break;
            }
            assert!(
                Instant::now() < deadline,
                "{} says of {hash:?} after {limit:?}: {now}",
                node.name()
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_out_of_nonce_order_over_four_nodes_is_finalised_to_the_last_one() -> Outcome {
    let network = Network::start(NetworkConfig {
        // The level of a line tells errors from other text.
        extra_args: vec!["--detailed-log-output".into()],
        ..four("burst")
    })
    .await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let client = Client::connect(&network.node(0).ws_url()).await?;
    let mut transfers = signed_transfers(&client, BURST).await?;
    shuffle(&mut transfers, 7);

    let quarter = BURST.div_ceil(network.nodes().len());
    let mut accepted = Vec::new();
    let submissions =
        network
            .nodes()
            .iter()
            .zip(transfers.chunks(quarter))
            .map(|(node, share)| async move {
                let rpc = Rpc::connect(&node.ws_url(), Transport::PlainAllowed).await?;
                let rpc = &rpc;
                let results: Vec<_> = stream::iter(share)
                    .map(|transfer| rpc.submit_raw(&transfer.bytes))
                    .buffer_unordered(AT_ONCE)
                    .collect()
                    .await;
                let hashes = results.into_iter().collect::<Result<Vec<_>, _>>()?;
                Ok::<_, crate::common::Failure>(hashes)
            });
    for (node, hashes) in network
        .nodes()
        .iter()
        .zip(futures::future::try_join_all(submissions).await?)
    {
        accepted.push((node, hashes));
    }
    assert_eq!(
        accepted
            .iter()
            .map(|(_, hashes)| hashes.len())
            .sum::<usize>(),
        BURST
    );

    for (node, hashes) in &accepted {
        assert_all_finalised(node, hashes, Duration::from_secs(180)).await?;
    }
    let faults = faults::in_logs(network.nodes());
    assert!(faults.is_empty(), "{faults:#?}");
    let levels = network.node(0).log_lines_matching(&[" INFO "]);
    assert!(!levels.is_empty(), "the log does not tell levels");
    network.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_while_finality_stood_still_is_finalised_when_it_resumes() -> Outcome {
    let network = Network::start(four("halted")).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let client = Client::connect(&network.node(0).ws_url()).await?;
    let transfers = signed_transfers(&client, 60).await?;

    for node in &network.nodes()[2..] {
        node.kill()?;
    }
    wait_finality_stands(network.node(0)).await?;
    let stood = network.node(0).finalised().await?;
    let mut hashes = Vec::new();
    for transfer in &transfers {
        hashes.push(client.raw().submit_raw(&transfer.bytes).await?);
    }
    for hash in &hashes {
        let now = status(network.node(0), *hash).await?;
        assert_ne!(
            now["outcome"], "finalized",
            "{hash:?} while two of four are dead"
        );
    }
    assert_eq!(network.node(0).finalised().await?, stood);
    for node in &network.nodes()[2..] {
        node.restart().await?;
    }
    assert_all_finalised(network.node(0), &hashes, LIMIT).await?;
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_pool_refuses_with_a_clear_error_and_keeps_what_it_accepted() -> Outcome {
    const LIMIT_OF_POOL: u32 = 64;
    let network = Network::start(NetworkConfig {
        pool_limit: Some(LIMIT_OF_POOL),
        ..four("full-pool")
    })
    .await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let client = Client::connect(&network.node(0).ws_url()).await?;
    let transfers = signed_transfers(&client, SENDERS.len() * 40).await?;
    // All but each account's first: futures, which no block takes.
    let (first, later) = transfers.split_at(SENDERS.len());

    let mut accepted = Vec::new();
    let mut refused = 0;
    for transfer in later {
        match client.raw().submit_raw(&transfer.bytes).await {
            Ok(hash) => accepted.push(hash),
            Err(error) => {
                assert!(matches!(error, SubmitError::PoolFull), "{error}");
                refused += 1;
            }
        }
    }
    assert!(
        refused > 0,
        "the pool took {} of {LIMIT_OF_POOL}",
        accepted.len()
    );
    assert!(accepted.len() <= LIMIT_OF_POOL as usize);

    // The pool kept room for what the others wait for; with it all that was accepted becomes final.
    for transfer in first {
        accepted.push(client.raw().submit_raw(&transfer.bytes).await?);
    }
    assert_all_finalised(network.node(0), &accepted, LIMIT).await?;
    network.stop().await?;
    Ok(())
}
