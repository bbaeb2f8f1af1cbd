//! Following the chain's events.
//!
//! An event only says that something changed. What changed is read from the chain itself, from where
//! the ledger stands to where the chain stands now: events that were missed or come late do no harm.

use crate::{
    LOG_TARGET,
    chain::{BlockRef, Route},
    follow::{Advance, BlockBody},
    pool::LedgerPool,
};
use plume_primitives::{AccountId, Hash, Nonce};
use sp_runtime::traits::Block as BlockT;

/// Blocks whose bodies are searched at most. Further behind (a node that synchronises), only nonces
/// are read.
const MAX_ROUTE: u64 = 512;

impl<Block: BlockT<Hash = Hash>> LedgerPool<Block> {
    /// Brings the pool to where the chain is. Cheap if nothing changed.
    pub fn catch_up(&self) {
        let _one_at_a_time = self.maintaining.lock();
        let (finalized, best) = (self.chain.finalized(), self.chain.best());
        let (old_best, old_finalized) = {
            let ledger = &self.core.lock().ledger;
            (ledger.best, ledger.finalized)
        };
        if best != old_best {
            self.follow_best(old_best, best);
        }
        self.refresh_dirty(best);
        if finalized != old_finalized {
            self.follow_finality(old_finalized, finalized);
        }
        if best != old_best {
            let now_ms = self.now_ms();
            let mut core = self.core.lock();
            core.ledger.expire(now_ms);
            let due = core.ledger.take_due();
            self.publish(&mut core);
            drop(core);
            if !due.is_empty() {
                self.validation.submit_again(due);
            }
        }
    }

    fn route(&self, from: BlockRef, to: BlockRef) -> Option<Route> {
        if from.number.abs_diff(to.number) > MAX_ROUTE {
            return None;
        }
        let route = self.chain.route(from.hash, to.hash);
        let route = route
            .inspect_err(|e| log::debug!(target: LOG_TARGET, "no way from {from:?} to {to:?}: {e}"))
            .ok()?;
        let short = route.retracted.len().max(route.enacted.len()) as u64 <= MAX_ROUTE;
        short.then_some(route)
    }

    /// The bodies of these blocks, and whether all of them were there.
    pub(crate) fn bodies(&self, blocks: &[BlockRef]) -> (Vec<BlockBody>, bool) {
        let bodies: Vec<_> = blocks
            .iter()
            .filter_map(|block| match self.chain.body(block.hash) {
                Ok(Some(items)) => Some(BlockBody {
                    block: *block,
                    items,
                }),
                Ok(None) => None,
                Err(e) => {
                    log::warn!(target: LOG_TARGET, "cannot read block {block:?}: {e}");
                    None
                }
            })
            .collect();
        let complete = bodies.len() == blocks.len();
        (bodies, complete)
    }

    pub(crate) fn nonces(
        &self,
        at: BlockRef,
        accounts: &[AccountId],
    ) -> Option<Vec<(AccountId, Nonce)>> {
        if accounts.is_empty() {
            return Some(Vec::new());
        }
        match self.chain.nonces(at.hash, accounts.to_vec()) {
            Ok(nonces) => Some(accounts.iter().cloned().zip(nonces).collect()),
            Err(e) => {
                log::warn!(target: LOG_TARGET, "the runtime does not tell nonces at {at:?}: {e}");
                None
            }
        }
    }

    fn follow_best(&self, from: BlockRef, best: BlockRef) {
        let empty = self.core.lock().ledger.entries.is_empty();
        let route = if empty {
            Some(Route::default())
        } else {
            self.route(from, best)
        };
        let jumped = route.is_none();
        let route = route.unwrap_or_default();
        let (retracted, all_left) = self.bodies(&route.retracted);
        let (enacted, all_entered) = self.bodies(&route.enacted);
        let jumped = jumped || !all_left || !all_entered;
        let touched: Vec<AccountId> = {
            let ledger = &mut self.core.lock().ledger;
            ledger.begin_advance();
            if jumped {
                ledger.accounts.keys().cloned().collect()
            } else {
                ledger.touched(retracted.iter().chain(&enacted))
            }
        };
        let nonces = self.nonces(best, &touched);
        let mut core = self.core.lock();
        if nonces.is_none() {
            core.ledger.dirty.extend(touched);
        }
        let nonces = nonces.unwrap_or_default();
        core.ledger.advance(Advance {
            best,
            retracted,
            enacted,
            nonces,
            jumped,
        });
        self.publish(&mut core);
    }

    /// Reads the nonces of accounts that came in meanwhile or seemed wrong.
    fn refresh_dirty(&self, best: BlockRef) {
        let dirty: Vec<_> = {
            let ledger = &mut self.core.lock().ledger;
            let accounts = &ledger.accounts;
            ledger
                .dirty
                .retain(|account| accounts.contains_key(account));
            ledger.dirty.iter().cloned().collect()
        };
        if let (false, Some(nonces)) = (dirty.is_empty(), self.nonces(best, &dirty)) {
            let mut core = self.core.lock();
            core.ledger.set_nonces(nonces);
            self.publish(&mut core);
        }
    }

    fn follow_finality(&self, from: BlockRef, finalized: BlockRef) {
        let route = self.route(from, finalized);
        let gap = route.is_none();
        let blocks = route.unwrap_or_default().enacted;
        let (bodies, complete) = self.bodies(&blocks);
        let unsettled = {
            let mut core = self.core.lock();
            for body in &bodies {
                core.ledger.finalize(body);
            }
            core.ledger.finalized = finalized;
            self.publish(&mut core);
            core.ledger.unsettled()
        };
        let nonces = self.nonces(finalized, &unsettled).unwrap_or_default();
        let mut core = self.core.lock();
        core.ledger.settle(nonces, gap || !complete);
        self.publish(&mut core);
    }
}
