//! Who sealed what, and who was taken out, read from a chain afterwards.

use crate::Authors;
use anyhow::Context;
use plume_localnet::Node;
use serde_json::{Value, json};

/// A run of blocks.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Who sealed each block; none for an author that is no node of ours.
    authors: Vec<Option<usize>>,
    /// The rotation after each block.
    rotations: Vec<Vec<usize>>,
}

impl History {
    /// Blocks that this author sealed.
    pub fn sealed_by(&self, author: usize) -> usize {
        let sealed = self
            .authors
            .iter()
            .filter(|sealed| **sealed == Some(author));
        sealed.count()
    }

    /// How often somebody was taken out of the rotation.
    pub fn evictions(&self) -> usize {
        let pairs = self.rotations.windows(2);
        let evicted = pairs.map(|pair| {
            let gone = pair[0].iter().filter(|author| !pair[1].contains(author));
            gone.count()
        });
        evicted.sum()
    }
}

/// Reads the blocks after `from` up to `to` from a node that has them in its best chain.
pub async fn read(node: &Node, authors: &Authors, from: u64, to: u64) -> anyhow::Result<History> {
    let mut history = History::default();
    let first = node.block_hash(from).await?;
    let mut parent = first.with_context(|| format!("there is no block {from}"))?;
    history
        .rotations
        .push(authors.rotation_at(node, Some(&parent)).await?);
    for height in from + 1..=to {
        let hash = node.block_hash(height).await?;
        let hash = hash.with_context(|| format!("there is no block {height}"))?;
        let header: Value = node.rpc("chain_getHeader", json!([hash])).await?;
        let slot = slot_of(&header).with_context(|| format!("block {height} names no slot"))?;
        history
            .authors
            .push(authors.author(node, &parent, slot).await?);
        history
            .rotations
            .push(authors.rotation_at(node, Some(&hash)).await?);
        parent = hash;
    }
    Ok(history)
}

/// The slot that a header, as JSON-RPC gives it, was sealed in.
pub fn slot_of(header: &Value) -> Option<u64> {
    // SCALE: a digest item before execution (6), of the engine "aura", eight bytes long.
    const AURA: &str = "0x066175726120";
    let logs = header["digest"]["logs"].as_array()?;
    let slot = logs
        .iter()
        .find_map(|log| log.as_str()?.strip_prefix(AURA))?;
    let bytes: [u8; 8] = hex::decode(slot).ok()?.try_into().ok()?;
    Some(u64::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_found_among_a_headers_logs() {
        let header = json!({"digest": {"logs": ["0x0512", "0x0661757261200500000001000000"]}});
        assert_eq!(slot_of(&header), Some((1 << 32) + 5));
        assert_eq!(slot_of(&json!({"digest": {"logs": []}})), None);
        assert_eq!(slot_of(&json!({})), None);
    }

    #[test]
    fn a_change_of_order_is_no_eviction_and_a_return_is_none() {
        let history = History {
            authors: vec![Some(1), None, Some(1)],
            rotations: vec![vec![0, 1, 2], vec![0, 2], vec![0, 2, 1], vec![1, 0, 2]],
        };
        assert_eq!(history.evictions(), 1);
        assert_eq!((history.sealed_by(1), history.sealed_by(0)), (2, 0));
    }
}
