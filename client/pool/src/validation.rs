//! What waits for validation, handed out in batches.
//!
//! Entering the runtime costs as much as checking a signature. So a validator that finds work waits a
//! few milliseconds for more, and takes up to a batch of it in one call. Wallets and peers share a
//! batch half and half; what waits for its turn to be validated again comes in between.

use crate::{
    error::{Limit, Rejection},
    ledger::Origin,
    options::Options,
    tx::Tx,
    watch,
};
use futures::channel::oneshot;
use futures_timer::Delay;
use parking_lot::Mutex;
use plume_primitives::Hash;
use sp_runtime::transaction_validity::TransactionSource;
use std::{
    collections::{HashMap, VecDeque},
    future::poll_fn,
    sync::Arc,
    task::{Poll, Waker},
    time::{Duration, Instant},
};

/// The answer to a submission.
pub(crate) type Answer = Result<Hash, Rejection>;

/// A transaction that was submitted.
pub(crate) struct Job<E> {
    pub(crate) hash: Hash,
    pub(crate) extrinsic: E,
    pub(crate) bytes: usize,
    pub(crate) signed: bool,
    pub(crate) origin: Origin,
    pub(crate) watch: Option<watch::Sender>,
}

/// Work for one call of the runtime.
pub(crate) enum Batch<E> {
    /// Transactions that were submitted.
    New(TransactionSource, Vec<Job<E>>),
    /// Transactions that were accepted a while ago.
    Again(Vec<Arc<Tx<E>>>),
}

struct State<E> {
    /// From this node's offchain workers.
    local: VecDeque<Job<E>>,
    /// From wallets.
    wallets: VecDeque<Job<E>>,
    /// From peers.
    peers: VecDeque<Job<E>>,
    again: VecDeque<Arc<Tx<E>>>,
    /// Who waits for the answer about a transaction, from submission to answer.
    waiting: HashMap<Hash, Vec<oneshot::Sender<Answer>>>,
    idle: Vec<Waker>,
    /// Whether a validator waits for its batch to fill.
    gathering: bool,
    /// When a batch was taken last.
    last_taken: Option<Instant>,
    again_next: bool,
}

/// What waits for validation.
pub(crate) struct Validation<E> {
    state: Mutex<State<E>>,
    batch: usize,
    linger: Duration,
    max_queued: usize,
}

impl<E> Validation<E> {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            state: Mutex::new(State {
                local: VecDeque::new(),
                wallets: VecDeque::new(),
                peers: VecDeque::new(),
                again: VecDeque::new(),
                waiting: HashMap::new(),
                idle: Vec::new(),
                gathering: false,
                last_taken: None,
                again_next: false,
            }),
            batch: options.batch.max(1),
            linger: options.batch_linger,
            max_queued: options.max_queued,
        }
    }

    /// Queues a transaction. One that is in the queue already is not validated twice: whoever comes
    /// second hears that it is known if it is accepted, and the same refusal if it is not.
    pub(crate) fn submit(
        &self,
        source: TransactionSource,
        job: Job<E>,
    ) -> Result<oneshot::Receiver<Answer>, Rejection> {
        let (reply, answer) = oneshot::channel();
        let mut state = self.state.lock();
        if let Some(waiting) = state.waiting.get_mut(&job.hash) {
            waiting.push(reply);
            return Ok(answer);
        }
        // Peers send again what is refused here, wallets do not: half is theirs.
        let limit = if job.origin == Origin::Network {
            self.max_queued / 2
        } else {
            self.max_queued
        };
        if state.waiting.len() >= limit {
            return Err(Rejection::Full(Limit::Queue));
        }
        state.waiting.insert(job.hash, vec![reply]);
        match (source, job.origin) {
            (TransactionSource::Local | TransactionSource::InBlock, _) => {
                state.local.push_back(job)
            }
            (TransactionSource::External, Origin::Local) => state.wallets.push_back(job),
            (TransactionSource::External, Origin::Network) => state.peers.push_back(job),
        }
        self.wake(state);
        Ok(answer)
    }

    /// Queues accepted transactions to be validated again.
    pub(crate) fn submit_again(&self, txs: Vec<Arc<Tx<E>>>) {
        let mut state = self.state.lock();
        let room = self.max_queued.saturating_sub(state.again.len());
        state.again.extend(txs.into_iter().take(room));
        self.wake(state);
    }

    /// Whether the transaction waits for its answer.
    pub(crate) fn waits(&self, hash: &Hash) -> bool {
        self.state.lock().waiting.contains_key(hash)
    }

    /// Tells everyone who waits for this transaction.
    pub(crate) fn answer(&self, hash: &Hash, answer: Answer) {
        let Some(waiting) = self.state.lock().waiting.remove(hash) else {
            return;
        };
        let mut answers = waiting.into_iter();
        if let Some(first) = answers.next() {
            // Whoever stopped listening does not need the answer.
            let _ = first.send(answer.clone());
        }
        let later = answer.and_then(|hash| Err(Rejection::Known(hash)));
        for other in answers {
            let _ = other.send(later.clone());
        }
    }

    /// The next batch, as soon as there is any work.
    pub(crate) async fn next(&self) -> Batch<E> {
        loop {
            let gather = poll_fn(|cx| {
                let mut state = self.state.lock();
                if state.len() >= self.batch || (state.len() > 0 && !state.gathering) {
                    let gather = state.len() < self.batch && self.in_a_stream(state.last_taken);
                    state.gathering |= gather;
                    Poll::Ready(gather)
                } else {
                    state.idle.push(cx.waker().clone());
                    Poll::Pending
                }
            });
            let gather = gather.await;
            if gather {
                Delay::new(self.linger).await;
            }
            let mut state = self.state.lock();
            if gather {
                state.gathering = false;
            }
            let batch = state.take(self.batch);
            if batch.is_some() {
                state.last_taken = Some(Instant::now());
            }
            if state.len() > 0 {
                self.wake(state);
            }
            if let Some(batch) = batch {
                return batch;
            }
        }
    }

    /// Whether the batch before was taken so lately that others will come too. A transaction that
    /// comes alone is validated at once: waiting for company could cost it a block.
    fn in_a_stream(&self, last_taken: Option<Instant>) -> bool {
        last_taken.is_some_and(|at| at.elapsed() < self.linger.saturating_mul(2))
    }

    fn wake(&self, mut state: parking_lot::MutexGuard<'_, State<E>>) {
        if state.gathering && state.len() < self.batch {
            return;
        }
        let idle = std::mem::take(&mut state.idle);
        drop(state);
        idle.into_iter().for_each(Waker::wake);
    }
}

impl<E> State<E> {
    fn len(&self) -> usize {
        self.local.len() + self.wallets.len() + self.peers.len() + self.again.len()
    }

    fn take(&mut self, limit: usize) -> Option<Batch<E>> {
        if !self.local.is_empty() {
            let jobs = self.local.drain(..limit.min(self.local.len())).collect();
            return Some(Batch::New(TransactionSource::Local, jobs));
        }
        let fresh = !self.wallets.is_empty() || !self.peers.is_empty();
        self.again_next = !self.again_next;
        if !self.again.is_empty() && (self.again_next || !fresh) {
            let again = self.again.drain(..limit.min(self.again.len())).collect();
            return Some(Batch::Again(again));
        }
        let mut jobs = Vec::with_capacity(limit.min(self.len()));
        while jobs.len() < limit {
            let (wallet, peer) = (self.wallets.pop_front(), self.peers.pop_front());
            if wallet.is_none() && peer.is_none() {
                break;
            }
            jobs.extend(wallet);
            jobs.extend(peer);
        }
        (!jobs.is_empty()).then_some(Batch::New(TransactionSource::External, jobs))
    }
}
