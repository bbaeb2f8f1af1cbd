//! How the ledger follows the chain: new best blocks and finality.

use crate::{
    account::Class,
    chain::{BlockRef, BodyItem},
    ledger::{Entry, Event, Ledger},
    outcome::Outcome,
    tx::Slot,
};
use plume_primitives::{AccountId, Hash, Nonce};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
    sync::Arc,
};

/// A block and what it includes.
#[derive(Clone, Debug)]
pub(crate) struct BlockBody {
    pub(crate) block: BlockRef,
    pub(crate) items: Arc<[BodyItem]>,
}

/// A new best block.
pub(crate) struct Advance {
    pub(crate) best: BlockRef,
    pub(crate) retracted: Vec<BlockBody>,
    pub(crate) enacted: Vec<BlockBody>,
    /// Nonces after the new best block of every account that the blocks touched.
    pub(crate) nonces: Vec<(AccountId, Nonce)>,
    /// Whether there were blocks whose bodies are not among these.
    pub(crate) jumped: bool,
}

impl<E> Ledger<E> {
    /// Accounts with entries whose nonce these blocks may have changed, those marked before, and a
    /// few more in turn.
    pub(crate) fn touched<'a>(
        &mut self,
        blocks: impl Iterator<Item = &'a BlockBody>,
    ) -> Vec<AccountId> {
        let mut touched: BTreeSet<AccountId> = self
            .dirty
            .iter()
            .filter(|account| self.accounts.contains_key(*account))
            .cloned()
            .collect();
        let mut sweep = self.options.sweep_per_block;
        for item in blocks
            .flat_map(|body| body.items.iter())
            .filter(|item| item.signed)
        {
            match (
                &item.signer,
                self.entries.get(&item.hash).map(|entry| &entry.tx.slot),
            ) {
                (Some(account), _) | (None, Some(Slot::Nonce { account, .. })) => {
                    if self.accounts.contains_key(account) {
                        touched.insert(account.clone());
                    }
                }
                // Somebody whom we cannot name: it could be anybody.
                (None, _) => sweep = 4_096,
            }
        }
        for account in self.next_to_sweep(sweep) {
            touched.insert(account);
        }
        touched.into_iter().collect()
    }

    fn next_to_sweep(&mut self, count: usize) -> Vec<AccountId> {
        let from = self.sweep.take().map_or(Bound::Unbounded, Bound::Excluded);
        let swept: Vec<_> = self
            .accounts
            .range((from, Bound::Unbounded))
            .map(|(a, _)| a.clone())
            .take(count)
            .collect();
        self.sweep = if swept.len() < count {
            None
        } else {
            swept.last().cloned()
        };
        swept
    }

    /// From here to [`Ledger::advance`], accounts that come in are marked to be read again.
    pub(crate) fn begin_advance(&mut self) {
        self.advancing = true;
    }

    /// The chain has a new best block.
    pub(crate) fn advance(&mut self, advance: Advance) {
        let Advance {
            best,
            retracted,
            enacted,
            nonces,
            jumped,
        } = advance;
        self.advancing = false;
        // Each once: where not all bodies are here, whatever is in a block is taken for one that is out of it.
        let mut left: Vec<(Hash, Hash)> = Vec::new();
        if jumped {
            let placed = self
                .entries
                .iter()
                .filter_map(|(hash, e)| e.inclusion.map(|(block, _)| (*hash, block)));
            left.extend(placed);
        } else {
            for body in &retracted {
                let here = body.items.iter().filter(|item| {
                    self.entries
                        .get(&item.hash)
                        .is_some_and(|e| e.inclusion.is_some_and(|(b, _)| b == body.block.hash))
                });
                left.extend(here.map(|item| (item.hash, body.block.hash)));
            }
        }
        for (hash, block) in &left {
            // First that it is out of the block, and then what it is instead: a loose one is ready at once.
            self.events.push(Event::Retracted {
                hash: *hash,
                block: *block,
            });
            self.place(hash, None);
        }
        for body in &enacted {
            for (item, index) in body.items.iter().zip(0u32..) {
                let block = body.block.hash;
                if self.place(&item.hash, Some((block, index))) {
                    self.events.push(Event::InBlock {
                        hash: item.hash,
                        block,
                        index,
                    });
                }
            }
        }
        self.note_superseded(&enacted, &nonces);
        let old = self.set_nonces(nonces);
        self.history.push(self.best, old);
        self.best = best;
        // Bodies do not tell whether the new branch has spent what a loose transaction of the old one spends. No
        // nonce does either: only the runtime can.
        for (hash, _) in left {
            let open = |entry: &Entry<E>| entry.tx.slot == Slot::Tags && entry.inclusion.is_none();
            if self.entries.get(&hash).is_some_and(open) {
                self.make_due(&hash);
            }
        }
    }

    /// Notes in which block an entry is. Says whether there is such an entry.
    fn place(&mut self, hash: &Hash, inclusion: Option<(Hash, u32)>) -> bool {
        let Some(entry) = self.entries.get_mut(hash) else {
            return false;
        };
        entry.inclusion = inclusion;
        let class = entry.class;
        if entry.tx.slot == Slot::Tags {
            let shifts = self.tags.set_included(hash, inclusion.is_some());
            self.apply(shifts);
            self.lead_loose(hash);
        } else if inclusion.is_none() && class == Class::Included {
            self.unplaced.insert(*hash);
        }
        true
    }

    /// Finds which of the blocks' transactions took the nonce of one of ours.
    fn note_superseded(&mut self, enacted: &[BlockBody], nonces: &[(AccountId, Nonce)]) {
        let mut runs: BTreeMap<&AccountId, Vec<Hash>> = BTreeMap::new();
        for item in enacted.iter().flat_map(|body| body.items.iter()) {
            if let Some(signer) = &item.signer {
                runs.entry(signer).or_default().push(item.hash);
            }
        }
        for (account, next) in nonces {
            let (Some(run), Some(queue)) = (runs.get(account), self.accounts.get(account)) else {
                continue;
            };
            // The k-th last of an account's transactions has the k-th last nonce.
            for (hash, back) in run.iter().rev().zip(1u32..) {
                let Some(nonce) = next.checked_sub(back) else {
                    break;
                };
                let Some(tx) = queue.get(nonce).filter(|tx| tx.hash != *hash) else {
                    continue;
                };
                if let Some(entry) = self.entries.get_mut(&tx.hash) {
                    entry.superseded_by = Some(*hash);
                }
            }
        }
    }

    /// Nonces at the best block. Returns what they were, where they differ.
    pub(crate) fn set_nonces(
        &mut self,
        nonces: Vec<(AccountId, Nonce)>,
    ) -> HashMap<AccountId, Nonce> {
        let mut changed = HashMap::new();
        for (account, next) in nonces {
            self.dirty.remove(&account);
            let Some(queue) = self.accounts.get_mut(&account) else {
                continue;
            };
            let old = queue.next();
            if old == next {
                continue;
            }
            let shifts = queue.set_next(next);
            for tx in queue.range(old..next) {
                if self
                    .entries
                    .get(&tx.hash)
                    .is_some_and(|entry| entry.inclusion.is_none())
                {
                    self.unplaced.insert(tx.hash);
                }
            }
            self.apply(shifts);
            self.lead_account(&account);
            changed.insert(account, old);
        }
        changed
    }

    /// The block is final: what it includes has ended well.
    pub(crate) fn finalize(&mut self, body: &BlockBody) {
        let block = body.block.hash;
        for (item, index) in body.items.iter().zip(0u32..) {
            let Some(entry) = self.entries.get(&item.hash) else {
                self.events.push(Event::Foreign {
                    hash: item.hash,
                    block,
                    index,
                    signed: item.signed,
                });
                continue;
            };
            // Finality can be ahead of what we know of the best chain.
            if let (Slot::Nonce { account, nonce }, true) =
                (&entry.tx.slot, entry.class != Class::Included)
            {
                let raised = (account.clone(), nonce.saturating_add(1));
                self.set_nonces(vec![raised.clone()]);
                self.dirty.insert(raised.0);
            }
            self.remove(&item.hash, Outcome::Finalized { block, index });
        }
        self.finalized = body.block;
    }

    /// Accounts with entries that the chain has passed and no block was seen to include.
    pub(crate) fn unsettled(&mut self) -> Vec<AccountId> {
        let Self {
            unplaced, entries, ..
        } = self;
        unplaced.retain(|hash| {
            entries
                .get(hash)
                .is_some_and(|e| e.inclusion.is_none() && e.class == Class::Included)
        });
        let accounts = unplaced
            .iter()
            .filter_map(|hash| match &entries.get(hash)?.tx.slot {
                Slot::Nonce { account, .. } => Some(account.clone()),
                Slot::Tags => None,
            });
        accounts.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Ends what final blocks have passed: all of them were searched, unless there was a `gap`.
    pub(crate) fn settle(&mut self, final_nonces: Vec<(AccountId, Nonce)>, gap: bool) {
        let final_nonces: HashMap<_, _> = final_nonces.into_iter().collect();
        let passed = self.unplaced.iter().filter_map(|hash| {
            let entry = self.entries.get(hash)?;
            match &entry.tx.slot {
                Slot::Nonce { account, nonce }
                    if final_nonces.get(account).is_some_and(|next| nonce < next) =>
                {
                    Some((*hash, entry.superseded_by))
                }
                _ => None,
            }
        });
        for (hash, by) in passed.collect::<Vec<_>>() {
            let outcome = match (by, gap) {
                (None, true) => Outcome::Invalid {
                    reason: "its nonce was used in final blocks that this node could not read: look for it on the chain".into(),
                },
                (by, _) => Outcome::Replaced { by },
            };
            self.remove(&hash, outcome);
        }
    }
}
