//! Where senders and the follower meet: the tracker, the clock, and counts.
//!
//! All of a measurement runs on one thread: no locks, and no wake-up of a second thread between a
//! message's arrival and its time stamp.

use crate::{Clock, Parcel, Tracker, TxId, refusal_kind};
use plume_sdk::raw::{Rpc, SubmitError};
use std::{
    cell::{Cell, Ref, RefCell, RefMut},
    collections::BTreeMap,
    time::Duration,
};
use tokio::sync::Notify;

/// The shared state of one measurement.
#[derive(Debug)]
pub struct Board {
    clock: Clock,
    tracker: RefCell<Tracker>,
    sent: Cell<usize>,
    accepted: Cell<usize>,
    refused: Cell<usize>,
    /// Every refusal, also those that were sent again and accepted.
    refusals: RefCell<BTreeMap<&'static str, usize>>,
    /// The words of one refusal of each kind.
    examples: RefCell<BTreeMap<&'static str, String>>,
    changed: Notify,
}

/// How many transactions are where, since the board was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sent at least once.
    pub sent: usize,
    /// Accepted by a node.
    pub accepted: usize,
    /// Refused for good.
    pub refused: usize,
    /// In a final block.
    pub finalised: usize,
    /// Sent, not refused, and not final yet.
    pub pending: usize,
}

impl Board {
    /// A board for the chain above the height that is final now.
    pub fn new(base: u64) -> Self {
        Self {
            clock: Clock::start(),
            tracker: RefCell::new(Tracker::new(base)),
            sent: Cell::default(),
            accepted: Cell::default(),
            refused: Cell::default(),
            refusals: RefCell::default(),
            examples: RefCell::default(),
            changed: Notify::new(),
        }
    }

    /// The clock of all its times.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// What is known of transactions and blocks. Not to be held over an await.
    pub fn tracker(&self) -> Ref<'_, Tracker> {
        self.tracker.borrow()
    }

    pub(crate) fn tracker_mut(&self) -> RefMut<'_, Tracker> {
        self.tracker.borrow_mut()
    }

    /// How many transactions are where.
    pub fn counts(&self) -> Counts {
        let tracker = self.tracker();
        Counts {
            sent: self.sent.get(),
            accepted: self.accepted.get(),
            refused: self.refused.get(),
            finalised: tracker.finalised_count(),
            pending: tracker.pending(),
        }
    }

    /// Refusals by kind, also those of transactions that were sent again and accepted.
    pub fn refusals(&self) -> BTreeMap<&'static str, usize> {
        self.refusals.borrow().clone()
    }

    /// One refusal of each kind in the node's words.
    pub fn refusal_examples(&self) -> BTreeMap<&'static str, String> {
        self.examples.borrow().clone()
    }

    /// Wakes whoever waits for room or for the end.
    pub(crate) fn changed(&self) {
        self.changed.notify_waiters();
    }

    /// Waits until fewer than `window` transactions are pending, or until the clock shows `until_us`.
    pub async fn room(&self, window: usize, until_us: u64) {
        if window == usize::MAX {
            return;
        }
        let room = async {
            loop {
                let changed = self.changed.notified();
                if self.tracker().pending() < window {
                    return;
                }
                changed.await;
            }
        };
        let left_us = until_us.saturating_sub(self.clock.now_us());
        // Too late is no error: the caller looks at the clock anyway.
        let _ = tokio::time::timeout(Duration::from_micros(left_us), room).await;
    }

    /// Waits until no transaction is pending that `waits_for` names; false if that takes longer than `limit`.
    pub async fn wait_settled(&self, limit: Duration, waits_for: impl Fn(TxId) -> bool) -> bool {
        let settled = async {
            loop {
                let changed = self.changed.notified();
                if self.pending_ids().into_iter().all(|id| !waits_for(id)) {
                    return;
                }
                changed.await;
            }
        };
        tokio::time::timeout(limit, settled).await.is_ok()
    }

    /// The transactions that are sent, not refused, and not final.
    pub fn pending_ids(&self) -> Vec<TxId> {
        let tracker = self.tracker();
        if tracker.pending() == 0 {
            return Vec::new();
        }
        let txs = tracker.txs().iter().enumerate();
        txs.filter(|(_, tx)| tx.is_pending())
            .map(|(id, _)| id)
            .collect()
    }

    /// Stamps a transaction as being sent now.
    pub fn stamp(&self, id: TxId) {
        self.sent.set(self.sent.get() + 1);
        let now_us = self.clock.now_us();
        self.tracker_mut().submitted(id, now_us);
    }

    /// Sends a stamped transaction and books the answer. A refusal that time can cure is tried again
    /// every 200 ms until `retry_until_us`.
    pub async fn send(&self, rpc: &Rpc, parcel: &Parcel, retry_until_us: u64) {
        const PAUSE: Duration = Duration::from_millis(200);
        let mut first = true;
        loop {
            match parcel.send(rpc).await {
                Ok(()) => return self.book(parcel.id, true),
                // Our own first attempt got through although its answer did not.
                Err(SubmitError::AlreadyImported { .. }) if !first => {
                    return self.book(parcel.id, true);
                }
                Err(error) => {
                    let kind = refusal_kind(&error);
                    *self.refusals.borrow_mut().entry(kind).or_default() += 1;
                    self.examples
                        .borrow_mut()
                        .entry(kind)
                        .or_insert_with(|| error.to_string());
                    if !error.is_temporary() || self.clock.now_us() >= retry_until_us {
                        return self.book(parcel.id, false);
                    }
                }
            }
            first = false;
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn book(&self, id: TxId, accepted: bool) {
        let count = if accepted {
            &self.accepted
        } else {
            &self.refused
        };
        count.set(count.get() + 1);
        self.tracker_mut().answered(id, accepted);
        if !accepted {
            self.changed();
        }
    }
}
