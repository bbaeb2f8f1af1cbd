//! What the end-to-end tests share: networks in folders that survive a failure, and readable errors.

use plume_localnet::{Base, Network, NetworkConfig, Node};
use plume_sdk::{Client, Signer, TxOptions, call, subxt::dynamic::Value};
use serde_json::json;
use sp_crypto_hashing::twox_128;
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

/// Far longer than anything takes on a machine that is not broken; a wait ends as soon as it can.
pub const LIMIT: Duration = Duration::from_secs(90);

/// The runtime that a network is upgraded to, compressed as a release is: as it is built it does not fit into a
/// transaction.
pub fn next_runtime() -> Result<Vec<u8>, Failure> {
    use sp_maybe_compressed_blob::{CODE_BLOB_BOMB_LIMIT, compress_weakly};
    let path = std::env::var("PLUME_NEXT_RUNTIME").expect(
        "PLUME_NEXT_RUNTIME is not set; run scripts/test --only e2e, or set it to what scripts/rehearsal prints",
    );
    let code = std::fs::read(&path)?;
    let small = compress_weakly(&code, CODE_BLOB_BOMB_LIMIT);
    Ok(small.expect("it is smaller than the limit"))
}

/// A test's result, whose failure reads as a sentence.
pub type Outcome = Result<(), Failure>;

/// Why a test could not do what it wanted.
pub struct Failure(String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl std::fmt::Debug for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A folder below cargo's own for tests; the logs of the last run stay there.
pub fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("e2e")
        .join(name)
}

/// Four validators, beginning a new chain in the folder of this name.
pub fn four(name: &str) -> NetworkConfig {
    NetworkConfig {
        base: Base::Folder(folder(name)),
        clean: true,
        ..Default::default()
    }
}

/// Fails unless all of these nodes have the same block at a height.
pub async fn assert_same_block<'a>(
    nodes: impl IntoIterator<Item = &'a Node>,
    height: u64,
) -> Outcome {
    let mut seen: Option<(&str, String)> = None;
    for node in nodes {
        let hash = node.block_hash(height).await?;
        let Some(hash) = hash else {
            panic!("{} has no block {height}", node.name())
        };
        match &seen {
            Some((other, theirs)) => {
                assert_eq!(
                    *theirs,
                    hash,
                    "{other} and {} differ at block {height}",
                    node.name()
                );
            }
            None => seen = Some((node.name(), hash)),
        }
    }
    Ok(())
}

/// Fails if one of these nodes, or the runtime in it, has ever panicked.
pub fn assert_no_panic<'a>(nodes: impl IntoIterator<Item = &'a Node>) {
    for node in nodes {
        let lines = node.log_lines_matching(&["panicked at"]);
        assert!(lines.is_empty(), "{} panicked: {lines:?}", node.name());
    }
}

/// Waits until this node has finalised nothing for eight slots.
pub async fn wait_finality_stands(node: &Node) -> Outcome {
    const STANDS: Duration = Duration::from_secs(2);
    let deadline = Instant::now() + LIMIT;
    let mut seen = node.finalised().await?;
    loop {
        tokio::time::sleep(STANDS).await;
        let now = node.finalised().await?;
        if now == seen {
            return Ok(());
        }
        assert!(
            Instant::now() < deadline,
            "{} goes on finalising",
            node.name()
        );
        seen = now;
    }
}

/// Waits until every validator has finalised so many blocks more than the first one now has.
pub async fn wait_finalised_more(network: &Network, blocks: u64) -> Outcome {
    let now = network.node(0).finalised().await?;
    Ok(network.wait_all_finalised(now + blocks, LIMIT).await?)
}

/// Has root ask pallet-grandpa for a change of the voters, as the end of a session does. Returns the height
/// of the block that announces and makes it, a few blocks from now. `next` is SCALE, as the runtime API's
/// `grandpa_authorities` gives it; none for the same voters as before, which is a new set all the same.
pub async fn change_voters(node: &Node, next: Option<Vec<u8>>) -> Result<u64, Failure> {
    /// The transaction has to be included within so many blocks.
    const AHEAD: u64 = 12;
    let state = async |method: &str| {
        let bytes: String = node.rpc("state_call", json!([method, "0x"])).await?;
        Ok::<_, Failure>(hex::decode(bytes.trim_start_matches("0x"))?)
    };
    let next = match next {
        Some(next) => next,
        None => state("GrandpaApi_grandpa_authorities").await?,
    };
    let set_id = state("GrandpaApi_current_set_id").await?;
    let set_id = u64::from_le_bytes(set_id.try_into().expect("eight bytes")) + 1;
    let at = node.best().await? + AHEAD;
    // Its height, no delay, the voters, not forced.
    let change = [
        &(at as u32).to_le_bytes()[..],
        &0u32.to_le_bytes(),
        &next,
        &[0],
    ]
    .concat();
    let key = |item: &str| [twox_128(b"Grandpa"), twox_128(item.as_bytes())].concat();
    let items = [
        (key("PendingChange"), change),
        (key("CurrentSetId"), set_id.to_le_bytes().to_vec()),
    ];
    let items = items.map(|(key, value)| {
        Value::unnamed_composite([Value::from_bytes(key), Value::from_bytes(value)])
    });
    let set = Value::named_variant("set_storage", [("items", Value::unnamed_composite(items))]);
    let set = Value::unnamed_variant("System", [set]);
    let included = Client::connect(&node.ws_url())
        .await?
        .submit(
            &Signer::from_uri("//Alice")?,
            &call("Sudo", "sudo", [("call", set)]),
            &TxOptions::default(),
        )
        .await?
        .wait_in_block()
        .await?;
    let height = included.block.number;
    assert!(height < at, "included at {height}, too late for {at}");
    included.ok()?;
    Ok(at)
}

/// Makes a new set of the same voters, and waits until every validator has finalised that.
pub async fn renew_voters(network: &Network) -> Outcome {
    let changes = |node: &Node| {
        node.log_lines_matching(&["Applying GRANDPA set change"])
            .len()
    };
    let node = network.node(0);
    let before = changes(node);
    let at = change_voters(node, None).await?;
    network.wait_all_finalised(at, LIMIT).await?;
    // A line reaches the log a moment after the block is final.
    let deadline = Instant::now() + LIMIT;
    while changes(node) <= before {
        assert!(
            Instant::now() < deadline,
            "the voters did not change at {at}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
