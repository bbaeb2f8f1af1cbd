//! What time does to transactions: they expire, and they are validated again.

use crate::{
    account::Class,
    ledger::Ledger,
    outcome::Outcome,
    tx::{Slot, Tx},
};
use plume_primitives::Hash;
use sp_runtime::transaction_validity::ValidTransaction;
use std::sync::Arc;

impl<E> Ledger<E> {
    /// Ends what no block that can still come may include, and what has waited too long.
    pub(crate) fn expire(&mut self, now_ms: u64) {
        let next_final = self.finalized.number.saturating_add(1);
        let over = self
            .by_end
            .range(..(next_final.saturating_add(1), Hash::zero()))
            .map(|(_, hash)| *hash);
        let over: Vec<_> = over
            .filter(|hash| {
                self.entries
                    .get(hash)
                    .is_some_and(|e| e.class != Class::Included)
            })
            .collect();
        for hash in over {
            self.remove(
                &hash,
                Outcome::Expired {
                    reason: "its era ended before a block took it".into(),
                },
            );
        }
        let max_waiting_ms =
            u64::try_from(self.options.max_waiting.as_millis()).unwrap_or(u64::MAX);
        let old = self
            .by_age
            .values()
            .filter_map(|hash| self.entries.get(hash));
        let old = old
            .take_while(|e| now_ms.saturating_sub(e.accepted_ms) >= max_waiting_ms)
            .take(4_096);
        let old: Vec<_> = old
            .filter(|e| e.class == Class::Future)
            .map(|e| e.tx.hash)
            .collect();
        for hash in old {
            self.remove(
                &hash,
                Outcome::Expired {
                    reason: "what it waited for did not come".into(),
                },
            );
        }
    }

    /// Takes the transactions whose turn it is to be validated again.
    pub(crate) fn take_due(&mut self) -> Vec<Arc<Tx<E>>> {
        let now = self.best.number;
        let due: Vec<_> = self
            .by_due
            .iter()
            .take_while(|(due, _)| *due <= now)
            .take(1_024)
            .map(|(_, h)| *h)
            .collect();
        let mut taken = Vec::new();
        for hash in due {
            if taken.len() >= self.options.recheck_per_block {
                break;
            }
            let Some(entry) = self.entries.get(&hash) else {
                continue;
            };
            let tx = entry.tx.clone();
            if entry.class != Class::Included {
                taken.push(tx.clone());
            }
            let longevity = entry.valid_till.saturating_sub(now);
            self.reschedule(&hash, now, longevity);
        }
        taken
    }

    /// A transaction was validated again at this height and is still good.
    pub(crate) fn refresh(&mut self, hash: &Hash, at: u64, validity: &ValidTransaction) {
        let Some(entry) = self.entries.get(hash) else {
            return;
        };
        if entry.tx.slot == Slot::Tags {
            let shifts = self.tags.requires_only(hash, &validity.requires);
            self.apply(shifts);
            self.lead_loose(hash);
        }
        self.schedule(hash, at, validity.longevity);
    }

    /// Sets the end of its time and the next validation.
    pub(crate) fn schedule(&mut self, hash: &Hash, at: u64, longevity: u64) {
        let valid_till = at.saturating_add(longevity);
        let Some(entry) = self.entries.get_mut(hash) else {
            return;
        };
        self.by_end.remove(&(entry.valid_till, *hash));
        entry.valid_till = valid_till;
        if valid_till != u64::MAX {
            self.by_end.insert((valid_till, *hash));
        }
        self.reschedule(hash, at, longevity);
    }

    /// Has a transaction validated again with the next that are due.
    pub(crate) fn make_due(&mut self, hash: &Hash) {
        let Some(entry) = self.entries.get_mut(hash) else {
            return;
        };
        self.by_due.remove(&(entry.due, *hash));
        entry.due = self.best.number;
        self.by_due.insert((entry.due, *hash));
    }

    fn reschedule(&mut self, hash: &Hash, at: u64, longevity: u64) {
        let wait = self.options.recheck_every_blocks.min(longevity / 2).max(1);
        let Some(entry) = self.entries.get_mut(hash) else {
            return;
        };
        self.by_due.remove(&(entry.due, *hash));
        entry.due = at.saturating_add(wait);
        self.by_due.insert((entry.due, *hash));
    }
}
