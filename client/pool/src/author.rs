//! What a block's author asks for and reports.

use crate::{
    LOG_TARGET,
    account::Class,
    chain::BlockRef,
    follow::BlockBody,
    outcome::{Outcome, Verdict},
    pool::{Core, LedgerPool},
    ready::{Cursor, Overlay, View},
    tx::{Slot, Tx},
};
use parking_lot::Mutex;
use plume_primitives::Hash;
use sc_transaction_pool_api::{ReadyTransactions, TxInvalidityReportMap};
use sp_runtime::{
    traits::Block as BlockT,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};
use std::sync::Arc;

/// Views at blocks that were never best.
const VIEWS: usize = 4;

impl<Block: BlockT<Hash = Hash>> LedgerPool<Block> {
    /// How the state at `parent` differs from the ledger's, without waiting for the ledger to get
    /// there.
    pub(crate) fn view(&self, parent: Hash) -> View {
        // Again if the ledger moved meanwhile: most likely to this very parent.
        for _ in 0..2 {
            let best = {
                let ledger = &self.core.lock().ledger;
                if let Some(view) = ledger.view_at(&parent) {
                    return view;
                }
                ledger.best
            };
            let key = (best.hash, parent);
            if let Some((_, view)) = self.views.lock().iter().find(|(other, _)| *other == key) {
                return view.clone();
            }
            let Some(view) = self.view_of(best, parent) else {
                continue;
            };
            let mut views = self.views.lock();
            views.push_back((key, view.clone()));
            if views.len() > VIEWS {
                views.pop_front();
            }
            return view;
        }
        // The author's runtime refuses what does not fit; nothing is lost by that.
        self.best_view()
    }

    fn view_of(&self, best: BlockRef, parent: Hash) -> Option<View> {
        let route = self.chain.route(best.hash, parent);
        let route = route
            .inspect_err(|e| log::debug!(target: LOG_TARGET, "no way to {parent:?}: {e}"))
            .ok()?;
        let (retracted, all_left) = self.bodies(&route.retracted);
        let (enacted, all_entered) = self.bodies(&route.enacted);
        let parent = route.enacted.last().copied().or_else(|| {
            let back = route.retracted.len() as u64;
            Some(BlockRef {
                hash: parent,
                number: best.number.checked_sub(back)?,
            })
        })?;
        let mut core = self.core.lock();
        let ledger = &mut core.ledger;
        if ledger.best != best {
            return None;
        }
        let epoch = ledger.history.epoch();
        let touched: Vec<_> = if all_left && all_entered {
            ledger.touched(retracted.iter().chain(&enacted))
        } else {
            ledger.accounts.keys().cloned().collect()
        };
        let loose = |bodies: &[BlockBody]| {
            let items = bodies.iter().flat_map(|body| body.items.iter());
            let known = items.filter(|item| {
                ledger
                    .entries
                    .get(&item.hash)
                    .is_some_and(|entry| entry.tx.slot == Slot::Tags)
            });
            known.map(|item| item.hash).collect()
        };
        let (included, retracted) = (loose(&enacted), loose(&retracted));
        drop(core);
        let nonces = self.nonces(parent, &touched)?.into_iter().collect();
        Some(View {
            epoch,
            number: parent.number,
            overlay: Arc::new(Overlay {
                nonces,
                included,
                retracted,
            }),
        })
    }

    /// A block's author, or an operator, reports transactions. Returns those that left.
    pub(crate) fn report(
        &self,
        at: Option<Hash>,
        errors: TxInvalidityReportMap<Hash>,
    ) -> Vec<Arc<Tx<Block::Extrinsic>>> {
        let mut core = self.core.lock();
        let removed = errors
            .into_iter()
            .filter_map(|(hash, error)| match (error, at) {
                (Some(error), at) => core.judge(&hash, &error, at),
                (None, Some(_)) => core.ledger.remove(
                    &hash,
                    Outcome::Invalid {
                        reason: "the runtime failed to apply it".into(),
                    },
                ),
                (None, None) => core.ledger.remove(&hash, Outcome::Removed),
            });
        let removed = removed.collect();
        self.publish(&mut core);
        removed
    }

    /// Transactions for a block on top of `parent`, best first.
    pub(crate) fn iterate(&self, view: View) -> Iterate<Block::Extrinsic> {
        Iterate {
            core: self.core.clone(),
            cursor: Cursor::new(view),
        }
    }

    /// The view at the ledger's best block.
    pub(crate) fn best_view(&self) -> View {
        let ledger = &self.core.lock().ledger;
        View {
            epoch: ledger.history.epoch(),
            number: ledger.best.number,
            overlay: Arc::new(Overlay::default()),
        }
    }
}

impl<E> Core<E> {
    /// What the runtime says at block `at` against a transaction that was accepted before.
    pub(crate) fn judge(
        &mut self,
        hash: &Hash,
        error: &TransactionValidityError,
        at: Option<Hash>,
    ) -> Option<Arc<Tx<E>>> {
        let entry = self.ledger.entries.get(hash)?;
        if entry.class == Class::Included || entry.inclusion.is_some() {
            return None;
        }
        let outcome = match (Verdict::of(error), &entry.tx.slot) {
            (Verdict::End(outcome), _) => outcome,
            (Verdict::Outdated, Slot::Nonce { account, .. }) => {
                let account = account.clone();
                self.ledger.dirty.insert(account);
                return None;
            }
            // No nonce tells when it comes back: the state has what it would do.
            (Verdict::Outdated, Slot::Tags)
                if at == Some(self.ledger.best.hash)
                    && *error == TransactionValidityError::Invalid(InvalidTransaction::Stale) =>
            {
                Outcome::Invalid {
                    reason: "Transaction is outdated".into(),
                }
            }
            (Verdict::Outdated | Verdict::Keep, _) => return None,
        };
        self.ledger.remove(hash, outcome)
    }
}

/// Ready transactions, best first. Takes the pool's lock for each step only.
pub(crate) struct Iterate<E> {
    core: Arc<Mutex<Core<E>>>,
    cursor: Cursor<E>,
}

impl<E> Iterator for Iterate<E> {
    type Item = Arc<Tx<E>>;
    fn next(&mut self) -> Option<Self::Item> {
        self.cursor.next(&self.core.lock().ledger)
    }
}

impl<E> ReadyTransactions for Iterate<E> {
    fn report_invalid(&mut self, tx: &Self::Item) {
        self.cursor.refuse(tx);
    }
}
