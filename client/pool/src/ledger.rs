//! The pool's state and its rules, without time, client or tasks.
//!
//! Every change pushes [`Event`]s; whoever makes the change takes them with
//! [`Ledger::take_events`] and tells watchers. What follows the chain is in [`crate::follow`], the
//! order in which a block author sees transactions in [`crate::ready`], the rules by which
//! transactions enter in [`crate::admit`].

use crate::{
    account::{Class, Queue, Shift},
    chain::BlockRef,
    history::History,
    options::Options,
    outcome::Outcome,
    ready::{Lead, Leads, key},
    tags::Tags,
    tx::{Slot, Tx},
};
use plume_primitives::{AccountId, Hash, Nonce};
use sc_transaction_pool_api::PoolStatus;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// Where a transaction came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From a wallet or from this node itself: it is ours to spread.
    Local,
    /// From another node, which spreads it.
    Network,
}

#[derive(Debug)]
pub(crate) struct Entry<E> {
    pub(crate) tx: Arc<Tx<E>>,
    /// Order of acceptance.
    pub(crate) seq: u64,
    pub(crate) class: Class,
    pub(crate) origin: Origin,
    pub(crate) accepted_ms: u64,
    /// The first height whose block cannot include it.
    pub(crate) valid_till: u64,
    /// Height at which to validate it again.
    pub(crate) due: u64,
    /// Block of the best chain that includes it, and where.
    pub(crate) inclusion: Option<(Hash, u32)>,
    /// Transaction of a block that took its account's nonce.
    pub(crate) superseded_by: Option<Hash>,
}

/// What happened to a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Ready(Hash),
    Future(Hash),
    InBlock {
        hash: Hash,
        block: Hash,
        index: u32,
    },
    Retracted {
        hash: Hash,
        block: Hash,
    },
    Ended {
        hash: Hash,
        outcome: Outcome,
    },
    /// A final block has a transaction that is not here.
    Foreign {
        hash: Hash,
        block: Hash,
        index: u32,
        /// Inherents are not, and of no interest.
        signed: bool,
    },
}

/// Transactions and bytes of each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) ready: usize,
    pub(crate) ready_bytes: usize,
    pub(crate) future: usize,
    pub(crate) future_bytes: usize,
    pub(crate) included: usize,
    pub(crate) included_bytes: usize,
}

/// The pool's state.
#[derive(Debug)]
pub(crate) struct Ledger<E> {
    pub(crate) options: Options,
    pub(crate) best: BlockRef,
    pub(crate) finalized: BlockRef,
    pub(crate) entries: HashMap<Hash, Entry<E>>,
    pub(crate) accounts: BTreeMap<AccountId, Queue<E>>,
    pub(crate) tags: Tags<E>,
    pub(crate) leads: Leads,
    pub(crate) by_age: BTreeMap<u64, Hash>,
    pub(crate) by_due: BTreeSet<(u64, Hash)>,
    pub(crate) by_end: BTreeSet<(u64, Hash)>,
    /// Accounts whose nonce must be read again.
    pub(crate) dirty: BTreeSet<AccountId>,
    /// Whether a new best block is being worked in.
    pub(crate) advancing: bool,
    /// Entries that the chain's nonce has passed, and that no block was seen to include.
    pub(crate) unplaced: HashSet<Hash>,
    pub(crate) history: History,
    pub(crate) sweep: Option<AccountId>,
    pub(crate) counts: Counts,
    pub(crate) events: Vec<Event>,
    pub(crate) next_seq: u64,
}

impl<E> Ledger<E> {
    pub(crate) fn new(options: Options, best: BlockRef, finalized: BlockRef) -> Self {
        Self {
            options,
            best,
            finalized,
            entries: HashMap::new(),
            accounts: BTreeMap::new(),
            tags: Tags::default(),
            leads: Leads::default(),
            by_age: BTreeMap::new(),
            by_due: BTreeSet::new(),
            by_end: BTreeSet::new(),
            dirty: BTreeSet::new(),
            advancing: false,
            unplaced: HashSet::new(),
            history: History::default(),
            sweep: None,
            counts: Counts::default(),
            events: Vec::new(),
            next_seq: 0,
        }
    }

    pub(crate) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Whether the account's queue is known, so that its chain nonce is too.
    pub(crate) fn nonce_of(&self, account: &AccountId) -> Option<Nonce> {
        self.accounts.get(account).map(Queue::next)
    }

    pub(crate) fn status(&self) -> PoolStatus {
        let Counts {
            ready,
            ready_bytes,
            future,
            future_bytes,
            ..
        } = self.counts;
        PoolStatus {
            ready,
            ready_bytes,
            future,
            future_bytes,
        }
    }

    /// Takes a transaction out, whatever its class.
    pub(crate) fn remove(&mut self, hash: &Hash, outcome: Outcome) -> Option<Arc<Tx<E>>> {
        let tx = self.entries.get(hash)?.tx.clone();
        let shifts = match &tx.slot {
            Slot::Nonce { account, nonce } => self
                .accounts
                .get_mut(account)
                .map(|queue| queue.remove(*nonce))
                .unwrap_or_default(),
            Slot::Tags => self
                .tags
                .remove(hash, matches!(outcome, Outcome::Finalized { .. })),
        };
        self.apply(shifts);
        match &tx.slot {
            Slot::Nonce { account, .. } => {
                if self.accounts.get(account).is_some_and(Queue::is_empty) {
                    self.accounts.remove(account);
                    self.dirty.remove(account);
                }
                self.lead_account(account);
            }
            Slot::Tags => {
                self.lead_loose(hash);
                self.lead_dependents(&tx);
            }
        }
        self.forget(hash, outcome);
        Some(tx)
    }

    /// Drops the entry of a transaction that is in no queue any more.
    pub(crate) fn forget(&mut self, hash: &Hash, outcome: Outcome) {
        if let Some(entry) = self.entries.remove(hash) {
            self.by_age.remove(&entry.seq);
            self.by_due.remove(&(entry.due, *hash));
            self.by_end.remove(&(entry.valid_till, *hash));
            self.unplaced.remove(hash);
            self.events.push(Event::Ended {
                hash: *hash,
                outcome,
            });
        }
    }

    /// Books the changes of class.
    pub(crate) fn apply(&mut self, shifts: Vec<Shift<E>>) {
        for Shift { tx, from, to } in shifts {
            if let Some(from) = from {
                let (count, bytes) = self.counts.of(from);
                *count = count.saturating_sub(1);
                *bytes = bytes.saturating_sub(tx.bytes);
            }
            let Some(to) = to else { continue };
            let (count, bytes) = self.counts.of(to);
            *count = count.saturating_add(1);
            *bytes = bytes.saturating_add(tx.bytes);
            if let Some(entry) = self.entries.get_mut(&tx.hash) {
                entry.class = to;
            }
            match to {
                Class::Ready => self.events.push(Event::Ready(tx.hash)),
                Class::Future => self.events.push(Event::Future(tx.hash)),
                Class::Included => {}
            }
            if tx.slot == Slot::Tags {
                self.lead_loose(&tx.hash);
                self.lead_dependents(&tx);
            }
        }
    }

    /// Puts the account's first ready transaction among the leads.
    pub(crate) fn lead_account(&mut self, account: &AccountId) {
        let head = self.accounts.get(account).and_then(Queue::head);
        let key = head
            .and_then(|tx| self.entries.get(&tx.hash))
            .map(|entry| key(&entry.tx, entry.seq));
        self.leads.set(Lead::Account(account.clone()), key);
    }

    pub(crate) fn lead_loose(&mut self, hash: &Hash) {
        let entry = self.entries.get(hash).filter(|_| self.tags.leads(hash));
        let key = entry.map(|entry| key(&entry.tx, entry.seq));
        self.leads.set(Lead::Loose(*hash), key);
    }

    fn lead_dependents(&mut self, tx: &Tx<E>) {
        for dependent in self.tags.dependents(tx) {
            self.lead_loose(&dependent);
        }
    }
}

impl Counts {
    fn of(&mut self, class: Class) -> (&mut usize, &mut usize) {
        match class {
            Class::Ready => (&mut self.ready, &mut self.ready_bytes),
            Class::Future => (&mut self.future, &mut self.future_bytes),
            Class::Included => (&mut self.included, &mut self.included_bytes),
        }
    }
}
