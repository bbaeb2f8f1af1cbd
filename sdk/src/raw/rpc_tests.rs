//! What is made of a node's answers.

use serde_json::json;
use subxt::utils::H256;

use super::test_node::TestNode;
use super::{Rpc, SubmitError, Transport};
use crate::Error;

fn header(number: &str) -> serde_json::Value {
    let hash = format!("0x{}", "11".repeat(32));
    json!({
        "parentHash": hash, "number": number, "stateRoot": hash, "extrinsicsRoot": hash,
        "digest": { "logs": [] },
    })
}

#[tokio::test]
async fn a_block_comes_with_its_extrinsics_as_bytes() {
    let block = json!({
        "block": { "header": header("0x2a"), "extrinsics": ["0x280401", "0x390284"] },
        "justifications": null,
    });
    let rpc = TestNode::default().answers("chain_getBlock", block).rpc();
    let block = rpc
        .block(H256::zero())
        .await
        .expect("an answer")
        .expect("a known block");
    assert_eq!(block.head.number, 42);
    assert_eq!(
        block.extrinsics,
        [vec![0x28, 0x04, 0x01], vec![0x39, 0x02, 0x84]]
    );
}

#[tokio::test]
async fn an_unknown_block_is_none_and_nonsense_is_an_error() {
    let unknown = json!(null);
    let rpc = TestNode::default()
        .answers("chain_getBlock", unknown)
        .answers("chain_getHeader", json!(7))
        .rpc();
    assert_eq!(rpc.block(H256::zero()).await.expect("an answer"), None);
    assert!(matches!(
        rpc.header(None).await,
        Err(Error::BadAnswer { .. })
    ));
    assert!(matches!(
        rpc.health().await,
        Err(Error::Refused { code: -32601, .. })
    ));
}

#[tokio::test]
async fn a_refused_submission_is_named() {
    let rpc = TestNode::default()
        .refuses("author_submitExtrinsic", 1010, "Transaction is outdated")
        .rpc();
    assert!(matches!(
        rpc.submit_raw(&[1]).await,
        Err(SubmitError::Stale)
    ));
    let hash = json!(format!("0x{}", "ab".repeat(32)));
    let rpc = TestNode::default()
        .answers("author_submitExtrinsic", hash)
        .rpc();
    assert_eq!(
        rpc.submit_raw(&[1]).await.expect("accepted"),
        H256([0xab; 32])
    );
}

#[tokio::test]
async fn pending_transactions_are_counted() {
    let pending = json!(["0x00", "0x01", "0x02"]);
    let rpc = TestNode::default()
        .answers("author_pendingExtrinsics", pending)
        .rpc();
    assert_eq!(rpc.pending_count().await.expect("an answer"), 3);
    assert_eq!(rpc.pending().await.expect("an answer"), [[0], [1], [2]]);
}

#[tokio::test]
async fn heads_arrive_with_their_hashes_until_the_connection_ends() {
    let heads = vec![header("0x1"), header("0x2")];
    let rpc = TestNode::default()
        .announces("chain_subscribeNewHeads", heads)
        .rpc();
    let mut heads = rpc.subscribe_best().await.expect("a subscription");
    let first = heads.next().await.expect("a first").expect("a header");
    let second = heads.next().await.expect("a second").expect("a header");
    assert_eq!((first.number, second.number), (1, 2));
    assert_ne!(first.hash, second.hash);
    assert!(heads.next().await.is_none());
}

#[tokio::test]
async fn an_absent_node_is_reported_in_one_sentence_with_a_hint() {
    // Port 1 is tcpmux; nothing listens there.
    let error = Rpc::connect("ws://127.0.0.1:1", Transport::Encrypted)
        .await
        .expect_err("nobody listens");
    assert!(matches!(error, Error::Connect { .. }));
    assert!(error.reason().contains("ws://127.0.0.1:1"), "{error}");
    assert!(!error.reason().contains('\n'), "{error}");
    assert!(
        !error.reason().contains("client error"),
        "without the layers in between: {error}"
    );
    assert!(error.hint().contains("plume-node"), "{error}");
}
