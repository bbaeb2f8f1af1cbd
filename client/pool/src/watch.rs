//! Those who follow a transaction.

use futures::channel::mpsc;
use plume_primitives::Hash;
use sc_transaction_pool_api::TransactionStatus;
use std::collections::HashMap;

/// Status of a transaction of this chain.
pub type Status = TransactionStatus<Hash, Hash>;
pub(crate) type Sender = mpsc::UnboundedSender<Status>;

#[derive(Default)]
struct Watched {
    watchers: Vec<Sender>,
    broadcast: bool,
}

/// All watchers, by transaction hash. A transaction has a handful of statuses, so the channels need
/// no bound.
#[derive(Default)]
pub(crate) struct Watchers(HashMap<Hash, Watched>);

impl Watchers {
    pub(crate) fn add(&mut self, hash: Hash, watcher: Sender) {
        self.0.entry(hash).or_default().watchers.push(watcher);
    }

    pub(crate) fn notify(&mut self, hash: &Hash, status: impl FnOnce() -> Status) {
        let Some(watched) = self.0.get_mut(hash) else {
            return;
        };
        let status = status();
        watched
            .watchers
            .retain(|watcher| watcher.unbounded_send(status.clone()).is_ok());
        if status.is_final() || watched.watchers.is_empty() {
            self.0.remove(hash);
        }
    }

    /// Only the first broadcast is told: the author RPC drops a subscription that lags 16 statuses.
    pub(crate) fn broadcast(&mut self, hash: &Hash, peers: Vec<String>) {
        let Some(watched) = self.0.get_mut(hash) else {
            return;
        };
        if !std::mem::replace(&mut watched.broadcast, true) {
            self.notify(hash, || Status::Broadcast(peers));
        }
    }
}
