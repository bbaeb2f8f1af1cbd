//! What the nonces were at the last few best blocks.

use crate::chain::BlockRef;
use plume_primitives::{AccountId, Hash, Nonce};
use std::collections::{HashMap, VecDeque};

/// What the nonces were at the last few best blocks, for those who still iterate there.
#[derive(Debug, Default)]
pub(crate) struct History {
    epoch: u64,
    /// Epoch, best block, and nonces that the following best block changed. The oldest first.
    past: VecDeque<(u64, BlockRef, HashMap<AccountId, Nonce>)>,
}

/// Best blocks to remember: an author builds on the present one, and a fork's parent is a few back.
const HISTORY: usize = 8;

impl History {
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The epoch in which `block` was best.
    pub(crate) fn epoch_of(&self, block: &Hash) -> Option<(u64, BlockRef)> {
        self.past
            .iter()
            .rev()
            .find(|(_, best, _)| best.hash == *block)
            .map(|(epoch, best, _)| (*epoch, *best))
    }

    /// Whether nonces of that epoch can still be told.
    pub(crate) fn reaches(&self, epoch: u64) -> bool {
        epoch == self.epoch
            || self
                .past
                .front()
                .is_some_and(|(oldest, ..)| *oldest <= epoch)
    }

    /// Accounts whose nonce has changed since that epoch.
    pub(crate) fn changed_since(&self, epoch: u64) -> impl Iterator<Item = &AccountId> {
        let since = self.past.iter().filter(move |(past, ..)| *past >= epoch);
        since.flat_map(|(.., old)| old.keys())
    }

    /// The account's nonce in that epoch, if it has changed since.
    pub(crate) fn nonce(&self, account: &AccountId, epoch: u64) -> Option<Nonce> {
        if epoch == self.epoch {
            return None;
        }
        self.past
            .iter()
            .filter(|(past, ..)| *past >= epoch)
            .find_map(|(.., old)| old.get(account))
            .copied()
    }

    pub(crate) fn push(&mut self, best: BlockRef, old: HashMap<AccountId, Nonce>) {
        self.past.push_back((self.epoch, best, old));
        self.epoch = self.epoch.saturating_add(1);
        if self.past.len() > HISTORY {
            self.past.pop_front();
        }
    }
}
