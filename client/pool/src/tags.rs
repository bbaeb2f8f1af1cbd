//! Transactions without an account and nonce, ordered by the tags they require and provide.
//!
//! One of them is ready when every tag that it requires was provided by the chain, or is provided by
//! another that is ready or included. Most require nothing.

use crate::{
    account::{Class, Shift},
    tx::Tx,
};
use plume_primitives::Hash;
use sc_transaction_pool_api::TransactionTag;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

#[derive(Debug)]
struct Loose<E> {
    tx: Arc<Tx<E>>,
    class: Class,
    /// Tags that the chain has provided for good.
    settled: HashSet<TransactionTag>,
}

/// All transactions without an account and nonce.
#[derive(Debug)]
pub(crate) struct Tags<E> {
    txs: HashMap<Hash, Loose<E>>,
    providers: HashMap<TransactionTag, Hash>,
    wanted: HashMap<TransactionTag, BTreeSet<Hash>>,
}

impl<E> Default for Tags<E> {
    fn default() -> Self {
        Self {
            txs: HashMap::new(),
            providers: HashMap::new(),
            wanted: HashMap::new(),
        }
    }
}

impl<E> Tags<E> {
    pub(crate) fn len(&self) -> usize {
        self.txs.len()
    }

    pub(crate) fn get(&self, hash: &Hash) -> Option<&Arc<Tx<E>>> {
        self.txs.get(hash).map(|loose| &loose.tx)
    }

    /// Those that provide a tag which the newcomer provides too.
    pub(crate) fn conflicts(&self, newcomer: &Tx<E>) -> BTreeSet<Hash> {
        newcomer
            .validity
            .provides
            .iter()
            .filter_map(|tag| self.providers.get(tag))
            .copied()
            .collect()
    }

    /// Takes in a transaction that conflicts with none.
    pub(crate) fn insert(&mut self, tx: Arc<Tx<E>>) -> Vec<Shift<E>> {
        for tag in &tx.validity.provides {
            self.providers.insert(tag.clone(), tx.hash);
        }
        for tag in &tx.validity.requires {
            self.wanted.entry(tag.clone()).or_default().insert(tx.hash);
        }
        let loose = Loose {
            tx: tx.clone(),
            class: Class::Future,
            settled: HashSet::new(),
        };
        self.txs.insert(tx.hash, loose);
        let mut shifts = self.settle_classes(tx.hash);
        shifts.retain(|shift| shift.tx.hash != tx.hash);
        let to = self.txs.get(&tx.hash).map(|loose| loose.class);
        shifts.insert(0, Shift { tx, from: None, to });
        shifts
    }

    /// Takes a transaction out. If the chain has taken it `for_good`, what it provided stays.
    pub(crate) fn remove(&mut self, hash: &Hash, for_good: bool) -> Vec<Shift<E>> {
        let Some(gone) = self.txs.remove(hash) else {
            return Vec::new();
        };
        for tag in &gone.tx.validity.requires {
            if let Some(waiting) = self.wanted.get_mut(tag) {
                waiting.remove(hash);
                if waiting.is_empty() {
                    self.wanted.remove(tag);
                }
            }
        }
        let mut shifts = vec![Shift {
            tx: gone.tx.clone(),
            from: Some(gone.class),
            to: None,
        }];
        for tag in &gone.tx.validity.provides {
            self.providers.remove(tag);
            for dependent in self.wanted.get(tag).cloned().unwrap_or_default() {
                if let (true, Some(loose)) = (for_good, self.txs.get_mut(&dependent)) {
                    loose.settled.insert(tag.clone());
                }
                shifts.append(&mut self.settle_classes(dependent));
            }
        }
        shifts
    }

    /// A block of the best chain includes it, or no longer does.
    pub(crate) fn set_included(&mut self, hash: &Hash, included: bool) -> Vec<Shift<E>> {
        let Some(loose) = self.txs.get_mut(hash) else {
            return Vec::new();
        };
        let from = loose.class;
        loose.class = if included {
            Class::Included
        } else {
            Class::Future
        };
        if included {
            let first = Shift {
                tx: loose.tx.clone(),
                from: Some(from),
                to: Some(Class::Included),
            };
            let mut shifts = if from == Class::Included {
                Vec::new()
            } else {
                vec![first]
            };
            shifts.append(&mut self.settle_dependents(*hash));
            return shifts;
        }
        let mut shifts = self.settle_classes(*hash);
        if let Some(loose) = self.txs.get(hash) {
            shifts.retain(|shift| shift.tx.hash != *hash);
            if from != loose.class {
                shifts.insert(
                    0,
                    Shift {
                        tx: loose.tx.clone(),
                        from: Some(from),
                        to: Some(loose.class),
                    },
                );
            }
        }
        shifts.append(&mut self.settle_dependents(*hash));
        shifts
    }

    /// A new validation requires only these tags: the chain provides the rest.
    pub(crate) fn requires_only(
        &mut self,
        hash: &Hash,
        requires: &[TransactionTag],
    ) -> Vec<Shift<E>> {
        let Some(loose) = self.txs.get_mut(hash) else {
            return Vec::new();
        };
        let provided = loose
            .tx
            .validity
            .requires
            .iter()
            .filter(|tag| !requires.contains(tag));
        loose.settled.extend(provided.cloned());
        self.settle_classes(*hash)
    }

    /// Whether it may come first in a block: everything it requires is on the best chain.
    pub(crate) fn leads(&self, hash: &Hash) -> bool {
        self.txs.get(hash).is_some_and(|loose| {
            loose.class == Class::Ready
                && loose.tx.validity.requires.iter().all(|tag| {
                    loose.settled.contains(tag) || self.provider_class(tag) == Some(Class::Included)
                })
        })
    }

    /// Those that require something that this one provides.
    pub(crate) fn dependents(&self, tx: &Tx<E>) -> BTreeSet<Hash> {
        tx.validity
            .provides
            .iter()
            .filter_map(|tag| self.wanted.get(tag))
            .flatten()
            .copied()
            .collect()
    }

    /// Whether it may follow the transactions for which `before` holds.
    pub(crate) fn may_follow(&self, hash: &Hash, before: impl Fn(&Hash) -> bool) -> bool {
        self.txs.get(hash).is_some_and(|loose| {
            loose.tx.validity.requires.iter().all(|tag| {
                loose.settled.contains(tag)
                    || self.provider_class(tag) == Some(Class::Included)
                    || self.providers.get(tag).is_some_and(&before)
            })
        })
    }

    fn provider_class(&self, tag: &TransactionTag) -> Option<Class> {
        self.providers
            .get(tag)
            .and_then(|hash| self.txs.get(hash))
            .map(|loose| loose.class)
    }

    /// Finds the class of one and of those behind it.
    fn settle_classes(&mut self, first: Hash) -> Vec<Shift<E>> {
        let mut shifts = Vec::new();
        let mut open = vec![first];
        // Each round changes a class for good or stops; the bound only guards against a cycle.
        let mut rounds = self.txs.len().saturating_mul(4).saturating_add(16);
        while let (Some(hash), true) = (open.pop(), rounds > 0) {
            rounds = rounds.saturating_sub(1);
            let Some(loose) = self.txs.get(&hash) else {
                continue;
            };
            if loose.class == Class::Included {
                continue;
            }
            let ready = loose.tx.validity.requires.iter().all(|tag| {
                loose.settled.contains(tag)
                    || matches!(
                        self.provider_class(tag),
                        Some(Class::Included | Class::Ready)
                    )
            });
            let (from, to) = (
                loose.class,
                if ready { Class::Ready } else { Class::Future },
            );
            if from == to {
                continue;
            }
            let tx = loose.tx.clone();
            open.extend(self.dependents(&tx));
            if let Some(loose) = self.txs.get_mut(&hash) {
                loose.class = to;
            }
            shifts.push(Shift {
                tx,
                from: Some(from),
                to: Some(to),
            });
        }
        shifts
    }

    fn settle_dependents(&mut self, hash: Hash) -> Vec<Shift<E>> {
        let Some(tx) = self.get(&hash).cloned() else {
            return Vec::new();
        };
        self.dependents(&tx)
            .into_iter()
            .flat_map(|dependent| self.settle_classes(dependent))
            .collect()
    }
}
