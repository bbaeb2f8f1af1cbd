//! The order in which a block's author sees transactions.
//!
//! Across accounts the highest priority first, within an account by nonce. The first transaction of
//! every account (its lead) stands in one ordered tree; a [`Cursor`] walks that tree and keeps a
//! heap of what comes after the leads that it has handed out. A step costs the logarithm of the
//! number of accounts, and nothing is copied beforehand.

use crate::{
    account::Queue,
    ledger::Ledger,
    tx::{Slot, Tx},
};
use plume_primitives::{AccountId, Hash, Nonce};
use sc_transaction_pool_api::TransactionTag;
use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, BinaryHeap, HashMap, HashSet},
    ops::Bound,
    sync::Arc,
};

/// Priority, then age: the smallest key comes first.
pub(crate) type Key = (Reverse<u64>, u64);

pub(crate) fn key<E>(tx: &Tx<E>, seq: u64) -> Key {
    (Reverse(tx.validity.priority), seq)
}

/// Who leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Lead {
    /// An account's transaction at its next nonce.
    Account(AccountId),
    /// A transaction without an account, which needs nothing of the pool before it.
    Loose(Hash),
}

/// What could come first, in order.
#[derive(Debug, Default)]
pub(crate) struct Leads {
    order: BTreeMap<Key, Lead>,
    keys: HashMap<Lead, Key>,
}

impl Leads {
    pub(crate) fn set(&mut self, lead: Lead, key: Option<Key>) {
        let old = match key {
            Some(key) => self.keys.insert(lead.clone(), key),
            None => self.keys.remove(&lead),
        };
        if old == key {
            return;
        }
        if let Some(old) = old {
            self.order.remove(&old);
        }
        if let Some(key) = key {
            self.order.insert(key, lead);
        }
    }

    fn after(&self, last: Option<Key>) -> Option<(Key, &Lead)> {
        let from = last.map_or(Bound::Unbounded, Bound::Excluded);
        self.order
            .range((from, Bound::Unbounded))
            .next()
            .map(|(key, lead)| (*key, lead))
    }
}

/// How the state at a block differs from the ledger's in some epoch.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    pub(crate) nonces: HashMap<AccountId, Nonce>,
    pub(crate) included: HashSet<Hash>,
    pub(crate) retracted: HashSet<Hash>,
}

/// The state for which transactions are wanted.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) epoch: u64,
    /// Height of the block to build on.
    pub(crate) number: u64,
    pub(crate) overlay: Arc<Overlay>,
}

struct Candidate<E> {
    key: Key,
    tx: Arc<Tx<E>>,
}

impl<E> PartialEq for Candidate<E> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}
impl<E> Eq for Candidate<E> {}
impl<E> PartialOrd for Candidate<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<E> Ord for Candidate<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key)
    }
}

/// A walk over the ready transactions. It holds no lock: the ledger may change between two steps.
pub(crate) struct Cursor<E> {
    view: View,
    last: Option<Key>,
    heap: BinaryHeap<Candidate<E>>,
    /// The ledger's epoch at the last step.
    epoch: Option<u64>,
    /// Accounts whose first transaction was considered.
    seen: HashSet<AccountId>,
    /// Accounts of which a transaction was refused.
    refused: HashSet<AccountId>,
    refused_tags: HashSet<TransactionTag>,
    handed_out: HashSet<Hash>,
}

impl<E> Cursor<E> {
    pub(crate) fn new(view: View) -> Self {
        Self {
            view,
            last: None,
            heap: BinaryHeap::new(),
            epoch: None,
            seen: HashSet::new(),
            refused: HashSet::new(),
            refused_tags: HashSet::new(),
            handed_out: HashSet::new(),
        }
    }

    /// The author could not use this one: skip what comes after it.
    pub(crate) fn refuse(&mut self, tx: &Tx<E>) {
        match &tx.slot {
            Slot::Nonce { account, .. } => {
                self.refused.insert(account.clone());
            }
            Slot::Tags => self
                .refused_tags
                .extend(tx.validity.provides.iter().cloned()),
        }
    }

    pub(crate) fn next(&mut self, ledger: &Ledger<E>) -> Option<Arc<Tx<E>>> {
        if !ledger.history.reaches(self.view.epoch) {
            return None;
        }
        self.keep_up(ledger);
        loop {
            let lead = ledger.leads.after(self.last);
            let top = self.heap.peek().map(|candidate| candidate.key);
            let tx = match (lead, top) {
                (None, None) => return None,
                (Some((key, lead)), top) if top.is_none_or(|top| key < top) => {
                    self.last = Some(key);
                    match self.resolve(ledger, lead, key) {
                        Some(tx) => tx,
                        None => continue,
                    }
                }
                _ => self.heap.pop()?.tx,
            };
            if let Some(tx) = self.hand_out(ledger, tx) {
                return Some(tx);
            }
        }
    }

    /// Accounts whose nonce differs from the ledger's do not come by their lead: the ledger may even
    /// have none of theirs.
    fn keep_up(&mut self, ledger: &Ledger<E>) {
        let epoch = Some(ledger.history.epoch());
        if self.epoch == epoch {
            return;
        }
        if self.epoch.is_none() {
            let overlay = self.view.overlay.clone();
            for (account, nonce) in &overlay.nonces {
                self.seen.insert(account.clone());
                self.offer_nonce(ledger, account, *nonce);
            }
            for hash in &overlay.retracted {
                self.offer_loose(ledger, hash);
            }
        }
        self.epoch = epoch;
        for account in ledger.history.changed_since(self.view.epoch) {
            if self.seen.insert(account.clone())
                && let Some(nonce) = ledger.history.nonce(account, self.view.epoch)
            {
                self.offer_nonce(ledger, account, nonce);
            }
        }
    }

    /// The transaction that a lead stands for, unless its turn comes otherwise.
    fn resolve(&mut self, ledger: &Ledger<E>, lead: &Lead, key: Key) -> Option<Arc<Tx<E>>> {
        match lead {
            Lead::Account(account) => {
                if !self.seen.insert(account.clone()) {
                    return None;
                }
                let tx = ledger.accounts.get(account).and_then(Queue::head)?;
                debug_assert_eq!(ledger.entries.get(&tx.hash).map(|e| e.seq), Some(key.1));
                Some(tx.clone())
            }
            Lead::Loose(hash) => ledger.tags.get(hash).cloned(),
        }
    }

    fn hand_out(&mut self, ledger: &Ledger<E>, tx: Arc<Tx<E>>) -> Option<Arc<Tx<E>>> {
        let entry = ledger.entries.get(&tx.hash)?;
        if entry.valid_till <= self.view.number.saturating_add(1) {
            return None;
        }
        match &tx.slot {
            Slot::Nonce { account, nonce } => {
                if self.refused.contains(account) {
                    return None;
                }
                self.offer_nonce(ledger, account, nonce.checked_add(1)?);
            }
            Slot::Tags => {
                let overlay = &self.view.overlay;
                let included = overlay.included.contains(&tx.hash)
                    || (entry.inclusion.is_some() && !overlay.retracted.contains(&tx.hash));
                let refused = tx
                    .validity
                    .requires
                    .iter()
                    .any(|tag| self.refused_tags.contains(tag));
                if included || refused || !self.handed_out.insert(tx.hash) {
                    return None;
                }
                for dependent in ledger.tags.dependents(&tx) {
                    if ledger
                        .tags
                        .may_follow(&dependent, |hash| self.handed_out.contains(hash))
                    {
                        self.offer_loose(ledger, &dependent);
                    }
                }
            }
        }
        Some(tx)
    }

    fn offer_nonce(&mut self, ledger: &Ledger<E>, account: &AccountId, nonce: Nonce) {
        if let Some(tx) = ledger
            .accounts
            .get(account)
            .and_then(|queue| queue.get(nonce))
        {
            self.offer(ledger, tx.clone());
        }
    }

    fn offer_loose(&mut self, ledger: &Ledger<E>, hash: &Hash) {
        if let Some(tx) = ledger.tags.get(hash) {
            self.offer(ledger, tx.clone());
        }
    }

    fn offer(&mut self, ledger: &Ledger<E>, tx: Arc<Tx<E>>) {
        if let Some(entry) = ledger.entries.get(&tx.hash) {
            self.heap.push(Candidate {
                key: key(&tx, entry.seq),
                tx,
            });
        }
    }
}

impl<E> Ledger<E> {
    /// The state at a block, if it is or recently was the best one.
    pub(crate) fn view_at(&self, block: &Hash) -> Option<View> {
        let (epoch, best) = if self.best.hash == *block {
            (self.history.epoch(), self.best)
        } else {
            self.history.epoch_of(block)?
        };
        Some(View {
            epoch,
            number: best.number,
            overlay: Arc::default(),
        })
    }
}
