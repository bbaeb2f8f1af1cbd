//! What the ledger accepts, and what it refuses and why.

use crate::{
    account::{Class, Queue},
    error::{Limit, Rejection},
    ledger::{Counts, Entry, Ledger, Origin},
    options::Options,
    outcome::Outcome,
    tx::{Slot, Tx},
};
use plume_primitives::{AccountId, Hash, Nonce};
use sp_runtime::transaction_validity::InvalidTransaction;
use std::sync::Arc;

/// A transaction that asks to be accepted.
pub(crate) struct Newcomer<E> {
    pub(crate) tx: Tx<E>,
    pub(crate) origin: Origin,
    /// Milliseconds on the pool's own clock.
    pub(crate) now_ms: u64,
    /// Height of the block that it was validated at.
    pub(crate) validated_at: u64,
    /// Its account's nonce at the ledger's best block; not needed if the account has entries.
    pub(crate) chain_nonce: Option<Nonce>,
}

impl<E> Ledger<E> {
    /// What can be told before validation. Not that the pool is full: it may replace another one.
    pub(crate) fn precheck(&self, hash: &Hash) -> Result<(), Rejection> {
        if self.entries.contains_key(hash) {
            return Err(Rejection::Known(*hash));
        }
        if self.counts.included >= self.options.max_included {
            return Err(Rejection::Full(Limit::Finality));
        }
        Ok(())
    }

    /// Accepts a validated transaction, or says why not. Nothing that was accepted before leaves,
    /// except those whose place it takes with a higher priority.
    pub(crate) fn admit(&mut self, newcomer: Newcomer<E>) -> Result<Class, Rejection> {
        self.precheck(&newcomer.tx.hash)?;
        if newcomer.tx.validity.provides.is_empty() {
            return Err(Rejection::NoTags);
        }
        match newcomer.tx.slot.clone() {
            Slot::Nonce { account, nonce } => self.admit_signed(newcomer, account, nonce),
            Slot::Tags => self.admit_loose(newcomer),
        }
    }

    fn admit_signed(
        &mut self,
        newcomer: Newcomer<E>,
        account: AccountId,
        nonce: Nonce,
    ) -> Result<Class, Rejection> {
        let tx = &newcomer.tx;
        let queue = self.accounts.get(&account);
        let next = queue
            .map(Queue::next)
            .or(newcomer.chain_nonce)
            .unwrap_or(nonce);
        if nonce < next {
            return Err(Rejection::Invalid(InvalidTransaction::Stale));
        }
        if nonce.saturating_sub(next) > self.options.max_nonce_ahead {
            return Err(Rejection::TooFarAhead {
                nonce,
                chain: next,
                limit: self.options.max_nonce_ahead,
            });
        }
        let replaced = queue.and_then(|queue| queue.get(nonce)).cloned();
        if let Some(old) = &replaced {
            let (old, new) = (old.validity.priority, tx.validity.priority);
            if new <= old {
                return Err(Rejection::TooLowPriority { old, new });
            }
        }
        let at_once = nonce <= queue.map_or(next, Queue::first_missing);
        let freed = replaced.as_ref().map_or(0, |old| old.bytes);
        let (len, bytes) = queue.map_or((0, 0), |queue| (queue.len(), queue.bytes()));
        let share = |limit: usize| {
            if at_once {
                limit
            } else {
                Options::future_share(limit)
            }
        };
        let len = len.saturating_sub(usize::from(replaced.is_some()));
        let bytes = bytes.saturating_sub(freed).saturating_add(tx.bytes);
        if len >= share(self.options.max_per_account)
            || bytes > share(self.options.max_bytes_per_account)
        {
            return Err(Rejection::Full(Limit::Account));
        }
        self.check_room(at_once, tx.bytes, usize::from(replaced.is_some()), freed)?;

        if queue.is_none() && self.advancing {
            self.dirty.insert(account.clone());
        }
        let tx = self.enter(newcomer);
        let hash = tx.hash;
        let queue = self
            .accounts
            .entry(account.clone())
            .or_insert_with(|| Queue::new(next));
        let shifts = queue.insert(tx);
        self.apply(shifts);
        self.lead_account(&account);
        if let Some(old) = replaced {
            self.forget(&old.hash, Outcome::Replaced { by: Some(hash) });
        }
        Ok(self
            .entries
            .get(&hash)
            .map_or(Class::Future, |entry| entry.class))
    }

    fn admit_loose(&mut self, newcomer: Newcomer<E>) -> Result<Class, Rejection> {
        let tx = &newcomer.tx;
        let conflicts = self.tags.conflicts(tx);
        let (mut priority, mut freed) = (0u64, 0usize);
        for old in conflicts.iter().filter_map(|hash| self.tags.get(hash)) {
            priority = priority.saturating_add(old.validity.priority);
            freed = freed.saturating_add(old.bytes);
        }
        if !conflicts.is_empty() && tx.validity.priority <= priority {
            return Err(Rejection::TooLowPriority {
                old: priority,
                new: tx.validity.priority,
            });
        }
        let taken = conflicts.iter().any(|hash| {
            self.entries
                .get(hash)
                .is_some_and(|e| e.class == Class::Included)
        });
        if taken {
            return Err(Rejection::Invalid(InvalidTransaction::Stale));
        }
        if self.tags.len().saturating_sub(conflicts.len()) >= self.options.max_loose {
            return Err(Rejection::Full(Limit::Loose));
        }
        self.check_room(
            tx.validity.requires.is_empty(),
            tx.bytes,
            conflicts.len(),
            freed,
        )?;

        for old in conflicts {
            self.remove(&old, Outcome::Replaced { by: Some(tx.hash) });
        }
        let tx = self.enter(newcomer);
        let hash = tx.hash;
        let shifts = self.tags.insert(tx);
        self.apply(shifts);
        self.lead_loose(&hash);
        Ok(self
            .entries
            .get(&hash)
            .map_or(Class::Future, |entry| entry.class))
    }

    /// Whether another transaction fits after `freed` bytes in `left` places have gone.
    fn check_room(
        &self,
        at_once: bool,
        bytes: usize,
        left: usize,
        freed: usize,
    ) -> Result<(), Rejection> {
        let Counts {
            ready,
            ready_bytes,
            future,
            future_bytes,
            ..
        } = self.counts;
        let over = |count: usize, used: usize, max_count: usize, max_bytes: usize| {
            count.saturating_sub(left) >= max_count
                || used.saturating_sub(freed).saturating_add(bytes) > max_bytes
        };
        let Options {
            max_count,
            max_bytes,
            ..
        } = self.options;
        if over(
            ready.saturating_add(future),
            ready_bytes.saturating_add(future_bytes),
            max_count,
            max_bytes,
        ) {
            return Err(Rejection::Full(Limit::Pool));
        }
        let (max_count, max_bytes) = (
            Options::future_share(max_count),
            Options::future_share(max_bytes),
        );
        if !at_once && over(future, future_bytes, max_count, max_bytes) {
            return Err(Rejection::Full(Limit::Future));
        }
        Ok(())
    }

    /// Makes the entry; its class comes with the shifts of its queue.
    fn enter(&mut self, newcomer: Newcomer<E>) -> Arc<Tx<E>> {
        let Newcomer {
            tx,
            origin,
            now_ms,
            validated_at,
            ..
        } = newcomer;
        let tx = Arc::new(tx);
        let seq = self.next_seq;
        self.next_seq = self.next_seq.saturating_add(1);
        let entry = Entry {
            tx: tx.clone(),
            seq,
            class: Class::Future,
            origin,
            accepted_ms: now_ms,
            valid_till: u64::MAX,
            due: 0,
            inclusion: None,
            superseded_by: None,
        };
        self.entries.insert(tx.hash, entry);
        self.by_age.insert(seq, tx.hash);
        self.schedule(&tx.hash, validated_at, tx.validity.longevity);
        tx
    }
}
