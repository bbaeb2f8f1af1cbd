//! Who sealed what, and who was taken out, read from a chain afterwards.

use crate::Authors;
use anyhow::Context;
use plume_localnet::Node;
use serde_json::{Value, json};

/// A run of blocks.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// From the slot after the first block's to the last block's.
    slots: u64,
    /// Who sealed each block; none for an author that is no node of ours.
    authors: Vec<Option<usize>>,
    /// The rotation before the first block and after each.
    rotations: Vec<Vec<usize>>,
}

/// An author that was taken out of the rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eviction {
    /// Who sealed the block that did it; none for an author that is no node of ours.
    pub by: Option<usize>,
    /// Who was taken out.
    pub of: usize,
}

impl History {
    /// Blocks that took so many slots, by their authors, and the rotations before the first one and after
    /// each.
    pub fn new(slots: u64, authors: Vec<Option<usize>>, rotations: Vec<Vec<usize>>) -> Self {
        Self {
            slots,
            authors,
            rotations,
        }
    }

    /// The slots that these blocks, and the missed ones between them, took.
    pub fn slots(&self) -> u64 {
        self.slots
    }

    /// How many blocks they are.
    pub fn blocks(&self) -> usize {
        self.authors.len()
    }

    /// Blocks that this author sealed.
    pub fn sealed_by(&self, author: usize) -> usize {
        let sealed = self
            .authors
            .iter()
            .filter(|sealed| **sealed == Some(author));
        sealed.count()
    }

    /// Blocks in whose slots this author was not in the rotation.
    pub fn blocks_without(&self, author: usize) -> usize {
        let before = self.rotations.iter().take(self.authors.len());
        before
            .filter(|rotation| !rotation.contains(&author))
            .count()
    }

    /// Who was taken out of the rotation, in the order in which it happened.
    pub fn evictions(&self) -> impl Iterator<Item = Eviction> {
        let pairs = self.rotations.windows(2).zip(&self.authors);
        pairs.flat_map(|(pair, by)| {
            let gone = pair[0]
                .iter()
                .filter(move |author| !pair[1].contains(author));
            gone.map(move |of| Eviction { by: *by, of: *of })
        })
    }
}

/// Reads the blocks after `from` up to `to` from a node that has them in its best chain.
pub async fn read(node: &Node, authors: &Authors, from: u64, to: u64) -> anyhow::Result<History> {
    let mut history = History::default();
    let first = node.block_hash(from).await?;
    let mut parent = first.with_context(|| format!("there is no block {from}"))?;
    let mut slots = Vec::new();
    // The genesis names no slot.
    slots.extend(slot_of(
        &node.rpc("chain_getHeader", json!([parent])).await?,
    ));
    history
        .rotations
        .push(authors.rotation_at(node, Some(&parent)).await?);
    for height in from + 1..=to {
        let hash = node.block_hash(height).await?;
        let hash = hash.with_context(|| format!("there is no block {height}"))?;
        let header: Value = node.rpc("chain_getHeader", json!([hash])).await?;
        let slot = slot_of(&header).with_context(|| format!("block {height} names no slot"))?;
        slots.push(slot);
        history
            .authors
            .push(authors.author(node, &parent, slot).await?);
        history
            .rotations
            .push(authors.rotation_at(node, Some(&hash)).await?);
        parent = hash;
    }
    history.slots = slots
        .last()
        .zip(slots.first())
        .map_or(0, |(last, first)| last.saturating_sub(*first));
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

    fn history() -> History {
        let rotations = vec![vec![0, 1, 2], vec![0, 2], vec![0, 2, 1], vec![1, 0, 2]];
        History::new(4, vec![Some(2), None, Some(1)], rotations)
    }

    #[test]
    fn a_change_of_order_is_no_eviction_and_a_return_is_none() {
        let evictions: Vec<_> = history().evictions().collect();
        assert_eq!(evictions, [Eviction { by: Some(2), of: 1 }]);
    }

    #[test]
    fn blocks_are_counted_by_who_sealed_them_and_by_who_could_not() {
        let history = history();
        assert_eq!((history.sealed_by(1), history.sealed_by(0)), (1, 0));
        // Out of the rotation for the second block alone: the one that took it out was sealed before.
        assert_eq!((history.blocks_without(1), history.blocks()), (1, 3));
        assert_eq!(history.blocks_without(0), 0);
    }
}
