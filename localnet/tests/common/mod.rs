//! What the end-to-end tests share: networks in folders that survive a failure, and readable errors.
#![allow(dead_code, reason = "each test file uses a part of this")]

use plume_localnet::{Base, Network, NetworkConfig, Node};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

/// Far longer than anything takes on a machine that is not broken; a wait ends as soon as it can.
pub const LIMIT: Duration = Duration::from_secs(90);

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
