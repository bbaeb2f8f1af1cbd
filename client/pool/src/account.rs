//! One account's transactions, by nonce.
//!
//! ```text
//!   included         ready              future
//!  ───────────┬───────────────────┬──┬───────────
//!             next                end (the first missing nonce)
//! ```

use crate::tx::{Slot, Tx};
use plume_primitives::Nonce;
use std::{collections::BTreeMap, ops::Range, sync::Arc};

/// Where a transaction stands towards the best block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// The best chain has passed it.
    Included,
    /// The next block may take it.
    Ready,
    /// Something before it is missing.
    Future,
}

/// A transaction that changed its class; `None` is outside of the pool.
#[derive(Debug)]
pub(crate) struct Shift<E> {
    pub(crate) tx: Arc<Tx<E>>,
    pub(crate) from: Option<Class>,
    pub(crate) to: Option<Class>,
}

/// One account's transactions.
#[derive(Debug)]
pub(crate) struct Queue<E> {
    txs: BTreeMap<Nonce, Arc<Tx<E>>>,
    next: Nonce,
    end: Nonce,
    bytes: usize,
}

impl<E> Queue<E> {
    /// An empty queue of an account whose next nonce on the chain is `next`.
    pub(crate) fn new(next: Nonce) -> Self {
        Self {
            txs: BTreeMap::new(),
            next,
            end: next,
            bytes: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.txs.len()
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.txs.is_empty()
    }
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
    /// The account's nonce at the best block.
    pub(crate) fn next(&self) -> Nonce {
        self.next
    }
    /// The first nonce from `next` on that is missing.
    pub(crate) fn first_missing(&self) -> Nonce {
        self.end
    }
    pub(crate) fn get(&self, nonce: Nonce) -> Option<&Arc<Tx<E>>> {
        self.txs.get(&nonce)
    }
    pub(crate) fn head(&self) -> Option<&Arc<Tx<E>>> {
        self.txs.get(&self.next)
    }
    pub(crate) fn range(&self, nonces: Range<Nonce>) -> impl Iterator<Item = &Arc<Tx<E>>> {
        self.txs
            .range(nonces.start..nonces.end.max(nonces.start))
            .map(|(_, tx)| tx)
    }

    /// The class of a transaction of this nonce.
    pub(crate) fn class(&self, nonce: Nonce) -> Class {
        class(nonce, self.next, self.end)
    }

    /// Puts a transaction in its place; one that held the place leaves.
    pub(crate) fn insert(&mut self, tx: Arc<Tx<E>>) -> Vec<Shift<E>> {
        let Slot::Nonce { nonce, .. } = tx.slot else {
            return Vec::new();
        };
        self.bytes = self.bytes.saturating_add(tx.bytes);
        let before = self.class(nonce);
        let mut shifts = Vec::new();
        if let Some(old) = self.txs.insert(nonce, tx.clone()) {
            self.bytes = self.bytes.saturating_sub(old.bytes);
            shifts.push(Shift {
                tx: old,
                from: Some(before),
                to: None,
            });
        }
        let end = if nonce == self.end {
            self.extent(nonce)
        } else {
            self.end
        };
        let mut moved = self.reshape(self.next, end);
        moved.retain(|shift| shift.tx.hash != tx.hash);
        shifts.push(Shift {
            tx,
            from: None,
            to: Some(self.class(nonce)),
        });
        shifts.append(&mut moved);
        shifts
    }

    /// Takes a transaction out; ready ones after it become future.
    pub(crate) fn remove(&mut self, nonce: Nonce) -> Vec<Shift<E>> {
        let from = self.class(nonce);
        let Some(tx) = self.txs.remove(&nonce) else {
            return Vec::new();
        };
        self.bytes = self.bytes.saturating_sub(tx.bytes);
        let end = if from == Class::Ready {
            nonce
        } else {
            self.end
        };
        let mut shifts = self.reshape(self.next, end);
        shifts.push(Shift {
            tx,
            from: Some(from),
            to: None,
        });
        shifts
    }

    /// The chain's nonce is now `next`: higher after a block, lower after a reorganisation.
    pub(crate) fn set_next(&mut self, next: Nonce) -> Vec<Shift<E>> {
        let end = if (self.next..=self.end).contains(&next) {
            self.end
        } else {
            self.extent(next)
        };
        self.reshape(next, end)
    }

    /// The first missing nonce from `start` on.
    fn extent(&self, start: Nonce) -> Nonce {
        let mut end = start;
        for nonce in self.txs.range(start..).map(|(nonce, _)| *nonce) {
            if nonce != end {
                break;
            }
            end = end.saturating_add(1);
        }
        end
    }

    /// Moves the borders and tells which transactions lie on another side now.
    fn reshape(&mut self, next: Nonce, end: Nonce) -> Vec<Shift<E>> {
        let (old_next, old_end) = (self.next, self.end);
        (self.next, self.end) = (next, end);
        let low = old_next.min(next)..old_next.max(next);
        let high = old_end.min(end).max(low.end)..old_end.max(end);
        let mut shifts = Vec::new();
        for span in [low, high] {
            if span.is_empty() {
                continue;
            }
            for (nonce, tx) in self.txs.range(span) {
                let (from, to) = (class(*nonce, old_next, old_end), class(*nonce, next, end));
                if from != to {
                    shifts.push(Shift {
                        tx: tx.clone(),
                        from: Some(from),
                        to: Some(to),
                    });
                }
            }
        }
        shifts
    }
}

fn class(nonce: Nonce, next: Nonce, end: Nonce) -> Class {
    if nonce < next {
        Class::Included
    } else if nonce < end {
        Class::Ready
    } else {
        Class::Future
    }
}
