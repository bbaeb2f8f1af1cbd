//! Reads what every node says is final, and knows whether they contradict each other.

use anyhow::{anyhow, bail};
use plume_localnet::Node;
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};
use tokio::time::timeout;

/// Between two readings.
const LOOK: Duration = Duration::from_millis(200);
/// A node that does not answer within this is dead, paused, or starting.
const ANSWER: Duration = Duration::from_secs(1);

/// What was final at each height, and who said so.
#[derive(Debug, Default)]
pub struct Oracle {
    agreed: BTreeMap<u64, (String, String)>,
    read: HashMap<String, u64>,
}

impl Oracle {
    /// Notes that a node calls a block final. Errors if another node has called another one final at
    /// this height: safety is broken.
    pub fn note(&mut self, node: &str, height: u64, hash: &str) -> anyhow::Result<()> {
        let (first, agreed) = self
            .agreed
            .entry(height)
            .or_insert_with(|| (node.to_owned(), hash.to_owned()));
        if agreed != hash {
            bail!("at height {height} {first} finalised {agreed}, and {node} {hash}");
        }
        self.read.insert(node.to_owned(), height);
        Ok(())
    }

    /// Heights at which blocks were compared.
    pub fn compared_heights(&self) -> usize {
        self.agreed.len()
    }

    /// Reads the nodes for as long as it is awaited, which is until two of them disagree.
    pub async fn watch<'a, N: Iterator<Item = &'a Node>>(
        &mut self,
        nodes: impl Fn() -> N,
    ) -> anyhow::Error {
        loop {
            if let Err(conflict) = self.read_all(nodes()).await {
                return conflict;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Reads each of the nodes once. Errors if two disagree.
    pub async fn read_all<'a>(
        &mut self,
        nodes: impl IntoIterator<Item = &'a Node>,
    ) -> anyhow::Result<()> {
        for node in nodes {
            self.read(node)
                .await
                .map_err(|conflict| anyhow!("conflicting finality: {conflict}"))?;
        }
        Ok(())
    }

    /// Reads what one node has finalised since it was read last.
    async fn read(&mut self, node: &Node) -> anyhow::Result<()> {
        if node.is_paused() || !node.is_running() {
            return Ok(());
        }
        let Ok(Ok(top)) = timeout(ANSWER, node.finalised()).await else {
            return Ok(());
        };
        let next = self.read.get(node.name()).map_or(top, |read| read + 1);
        for height in next..=top {
            let Ok(Ok(Some(hash))) = timeout(ANSWER, node.block_hash(height)).await else {
                return Ok(());
            };
            self.note(node.name(), height, &hash)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_blocks_at_one_height_are_a_conflict_and_different_heights_are_none() {
        let mut oracle = Oracle::default();
        assert!(oracle.note("alice", 7, "0xaa").is_ok());
        assert!(oracle.note("bob", 8, "0xbb").is_ok());
        assert!(oracle.note("bob", 7, "0xaa").is_ok());
        let conflict = oracle.note("carol", 8, "0xcc").expect_err("two blocks");
        assert_eq!(
            conflict.to_string(),
            "at height 8 bob finalised 0xbb, and carol 0xcc"
        );
        assert_eq!(oracle.compared_heights(), 2);
    }
}
