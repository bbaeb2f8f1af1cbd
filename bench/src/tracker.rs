//! Which transaction was sent, included and final when: fed with events, without node or clock.
//!
//! Heads come as they are announced, bodies come later, and finality jumps over blocks. So a block that
//! became final is closed when both are known: that it is final (and since when), and which of our
//! transactions it holds.

use plume_sdk::H256;
use std::{collections::HashMap, mem};

/// Number of a transaction, in the order of [`Tracker::expect`].
pub type TxId = usize;

/// What is known of one transaction; all times in microseconds of the run's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tx {
    /// When it was first sent.
    pub submitted_us: Option<u64>,
    /// Whether a node accepted (true) or refused it; none while there is no answer.
    pub accepted: Option<bool>,
    /// When the block that is now final was first announced as best, or its finality if it never was.
    pub in_block_us: Option<u64>,
    /// When it was announced as final.
    pub final_us: Option<u64>,
}

impl Tx {
    /// Sent, not refused, and not final yet.
    pub fn is_pending(&self) -> bool {
        self.submitted_us.is_some() && self.accepted != Some(false) && self.final_us.is_none()
    }

    /// From submission to finality.
    pub fn finality_us(&self) -> Option<u64> {
        Some(self.final_us?.saturating_sub(self.submitted_us?))
    }

    /// From submission to the block.
    pub fn inclusion_us(&self) -> Option<u64> {
        Some(self.in_block_us?.saturating_sub(self.submitted_us?))
    }
}

/// A block as its header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockMeta {
    /// Height.
    pub number: u64,
    /// Its hash.
    pub hash: H256,
    /// Hash of the block below it.
    pub parent: H256,
    /// Aura's slot, if the header names one.
    pub slot: Option<u64>,
}

/// A block that is final, with what it holds of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FinalBlock {
    /// Height.
    pub number: u64,
    /// Aura's slot, if the header names one.
    pub slot: Option<u64>,
    /// How many of our transactions are in it.
    pub transfers: usize,
    /// When it was announced as best; none if it never was.
    pub seen_us: Option<u64>,
    /// When it was announced as final.
    pub final_us: u64,
}

#[derive(Debug)]
struct Block {
    meta: BlockMeta,
    seen_us: Option<u64>,
    final_us: Option<u64>,
    /// Our transactions in it, once its body has come.
    ours: Option<Vec<TxId>>,
}

/// Matches transactions with blocks. See the module for the order of events.
#[derive(Debug)]
pub struct Tracker {
    by_hash: HashMap<H256, TxId>,
    txs: Vec<Tx>,
    hashes: Vec<H256>,
    pending: usize,
    finalised: usize,
    blocks: HashMap<H256, Block>,
    /// Final blocks whose header is not known yet, and since when they are final.
    unknown_final: HashMap<H256, u64>,
    /// Bodies (and headers) to be fetched.
    wanted: Vec<H256>,
    /// Height up to which every block is final; what is there or below is history.
    base: u64,
    closed: Vec<FinalBlock>,
    forked: usize,
}

impl Tracker {
    /// Follows the chain above `base`, the height that is final now.
    pub fn new(base: u64) -> Self {
        Self {
            by_hash: HashMap::new(),
            txs: Vec::new(),
            hashes: Vec::new(),
            pending: 0,
            finalised: 0,
            blocks: HashMap::new(),
            unknown_final: HashMap::new(),
            wanted: Vec::new(),
            base,
            closed: Vec::new(),
            forked: 0,
        }
    }

    /// Announces a transaction that will be sent.
    pub fn expect(&mut self, hash: H256) -> TxId {
        let id = self.txs.len();
        self.txs.push(Tx::default());
        self.hashes.push(hash);
        self.by_hash.insert(hash, id);
        id
    }

    /// It is being sent; only the first time counts.
    pub fn submitted(&mut self, id: TxId, at_us: u64) {
        self.change(id, |tx| tx.submitted_us = tx.submitted_us.or(Some(at_us)));
    }

    /// A node has answered.
    pub fn answered(&mut self, id: TxId, accepted: bool) {
        self.change(id, |tx| tx.accepted = Some(accepted));
    }

    /// A best block was announced.
    pub fn seen(&mut self, meta: BlockMeta, at_us: u64) {
        if meta.number <= self.base {
            return;
        }
        let block = self.block(meta);
        block.seen_us = block.seen_us.or(Some(at_us));
    }

    /// A block was announced as final, and so were all below it.
    pub fn finalised(&mut self, meta: BlockMeta, at_us: u64) {
        if meta.number <= self.base {
            return;
        }
        self.block(meta);
        self.mark_final(meta.hash, at_us);
        self.forget_forks();
    }

    /// A wanted block has come, with the hashes of its extrinsics.
    pub fn body(&mut self, meta: BlockMeta, extrinsics: impl IntoIterator<Item = H256>) {
        let ours = extrinsics
            .into_iter()
            .filter_map(|hash| self.by_hash.get(&hash).copied())
            .collect();
        let Some(block) = self.blocks.get_mut(&meta.hash) else {
            // Either an ancestor of a final block that was never announced, or a fork that is over.
            if let Some(final_us) = self.unknown_final.remove(&meta.hash) {
                let block = self.blocks.entry(meta.hash).or_insert(Block {
                    meta,
                    seen_us: None,
                    final_us: None,
                    ours: None,
                });
                block.ours = Some(ours);
                self.mark_final(meta.hash, final_us);
                self.forget_forks();
            }
            return;
        };
        if block.ours.is_some() {
            return;
        }
        block.ours = Some(ours);
        if block.final_us.is_some() {
            self.close(meta.hash);
            self.forget_forks();
        }
    }

    /// The blocks to fetch that were not asked for before.
    pub fn take_wanted(&mut self) -> Vec<H256> {
        mem::take(&mut self.wanted)
    }

    /// Sent, not refused, and not final yet.
    pub fn pending(&self) -> usize {
        self.pending
    }

    /// How many of ours are final.
    pub fn finalised_count(&self) -> usize {
        self.finalised
    }

    /// All transactions, by their numbers.
    pub fn txs(&self) -> &[Tx] {
        &self.txs
    }

    /// The hash of a transaction; none if no such was announced.
    pub fn hash(&self, id: TxId) -> Option<H256> {
        self.hashes.get(id).copied()
    }

    /// The final blocks in the order of their heights.
    pub fn final_blocks(&self) -> Vec<FinalBlock> {
        let mut blocks = self.closed.clone();
        blocks.sort_unstable_by_key(|block| block.number);
        blocks
    }

    /// Announced blocks that finality passed by.
    pub fn forked(&self) -> usize {
        self.forked
    }

    fn change(&mut self, id: TxId, change: impl FnOnce(&mut Tx)) {
        let Some(tx) = self.txs.get_mut(id) else {
            return;
        };
        let before = usize::from(tx.is_pending());
        change(tx);
        let after = usize::from(tx.is_pending());
        self.pending = self.pending + after - before;
    }

    /// The entry of a block, wanted if it is new.
    fn block(&mut self, meta: BlockMeta) -> &mut Block {
        let wanted = &mut self.wanted;
        self.blocks.entry(meta.hash).or_insert_with(|| {
            wanted.push(meta.hash);
            Block {
                meta,
                seen_us: None,
                final_us: None,
                ours: None,
            }
        })
    }

    /// Marks a known block and its ancestors, as far as they are known.
    fn mark_final(&mut self, hash: H256, at_us: u64) {
        let mut hash = hash;
        loop {
            let Some(block) = self.blocks.get_mut(&hash) else {
                if self.unknown_final.insert(hash, at_us).is_none() {
                    self.wanted.push(hash);
                }
                return;
            };
            if block.final_us.is_some() {
                return;
            }
            block.final_us = Some(at_us);
            let BlockMeta { number, parent, .. } = block.meta;
            if block.ours.is_some() {
                self.close(hash);
            }
            if number <= self.base + 1 {
                return;
            }
            hash = parent;
        }
    }

    /// Books a block that is final and whose body is known.
    fn close(&mut self, hash: H256) {
        let Some(block) = self.blocks.get(&hash) else {
            return;
        };
        let (Some(final_us), Some(ours)) = (block.final_us, &block.ours) else {
            return;
        };
        let (meta, seen_us, ours) = (block.meta, block.seen_us, ours.clone());
        self.closed.push(FinalBlock {
            number: meta.number,
            slot: meta.slot,
            transfers: ours.len(),
            seen_us,
            final_us,
        });
        for id in ours {
            self.finalised += 1;
            self.change(id, |tx| {
                tx.in_block_us = Some(seen_us.unwrap_or(final_us).min(final_us));
                tx.final_us = Some(final_us);
            });
        }
    }

    /// Once nothing final is open, raises the base and drops every block at or below it.
    fn forget_forks(&mut self) {
        let open = |block: &Block| block.final_us.is_some() && block.ours.is_none();
        if !self.unknown_final.is_empty() || self.blocks.values().any(open) {
            return;
        }
        let highest = self
            .blocks
            .values()
            .filter(|block| block.final_us.is_some());
        self.base = highest
            .map(|block| block.meta.number)
            .max()
            .unwrap_or(self.base)
            .max(self.base);
        let (base, forked) = (self.base, &mut self.forked);
        self.blocks.retain(|_, block| {
            let over = block.meta.number <= base;
            *forked += usize::from(over && block.final_us.is_none());
            !over
        });
    }
}

#[cfg(test)]
#[path = "tracker_tests.rs"]
mod tests;
