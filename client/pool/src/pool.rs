//! The pool: the ledger together with the chain, the validators and those who listen.

use crate::{
    LOG_TARGET,
    account::Class,
    announce::Announcer,
    chain::{ChainState, FullChain},
    ledger::{Event, Ledger},
    metrics::Metrics,
    options::Options,
    outcome::{Outcome, Outcomes, State},
    ready::View,
    tx::{Slot, Tx},
    validation::Validation,
    watch::{Status, Watchers},
};
use futures::{FutureExt, channel::mpsc};
use parking_lot::Mutex;
use plume_primitives::{AccountId, Hash, Nonce, api::TransactionBatch};
use sc_client_api::{BlockBackend, HeaderBackend};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderMetadata;
use sp_core::traits::SpawnEssentialNamed;
use sp_runtime::traits::Block as BlockT;
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Instant,
};
use substrate_prometheus_endpoint::Registry;

/// The ledger and those whom its events concern, under one lock, so that nobody hears of events in
/// another order than they happened.
pub(crate) struct Core<E> {
    pub(crate) ledger: Ledger<E>,
    pub(crate) watchers: Watchers,
    pub(crate) outcomes: Outcomes,
}

/// The transaction pool. Give [`crate::RpcView`] and [`crate::NetView`] of it to the node's services.
pub struct LedgerPool<Block: BlockT> {
    pub(crate) chain: Arc<dyn ChainState<Block>>,
    pub(crate) core: Arc<Mutex<Core<Block::Extrinsic>>>,
    pub(crate) validation: Validation<Block::Extrinsic>,
    pub(crate) announcer: Announcer,
    pub(crate) metrics: Metrics,
    pub(crate) started: Instant,
    /// One chain event at a time.
    pub(crate) maintaining: Mutex<()>,
    /// Views at blocks that were never best, by best block and that block.
    pub(crate) views: Mutex<VecDeque<((Hash, Hash), View)>>,
}

impl<Block: BlockT<Hash = Hash>> LedgerPool<Block> {
    /// A pool on this client's chain. Its validators and its announcer run as essential tasks.
    pub fn new<Client>(
        client: Arc<Client>,
        options: Options,
        registry: Option<&Registry>,
        spawner: impl SpawnEssentialNamed,
    ) -> Arc<Self>
    where
        Client: ProvideRuntimeApi<Block>
            + HeaderBackend<Block>
            + HeaderMetadata<Block, Error = sp_blockchain::Error>
            + BlockBackend<Block>
            + Send
            + Sync
            + 'static,
        Client::Api: TransactionBatch<Block>,
    {
        let validators = options.validators.max(1);
        let pool = Self::on(Arc::new(FullChain::new(client)), options, registry);
        for _ in 0..validators {
            let pool = pool.clone();
            let validator = async move {
                loop {
                    pool.validate_next().await;
                }
            };
            spawner.spawn_essential_blocking(
                "txpool-validator",
                Some("transaction-pool"),
                validator.boxed(),
            );
        }
        let announcing = pool.clone();
        let announcer = async move { announcing.announcer.run().await };
        spawner.spawn_essential(
            "txpool-announcer",
            Some("transaction-pool"),
            announcer.boxed(),
        );
        pool
    }

    /// A pool on any chain. Nothing runs by itself: call [`Self::validate_next`] in a loop.
    pub fn on(
        chain: Arc<dyn ChainState<Block>>,
        options: Options,
        registry: Option<&Registry>,
    ) -> Arc<Self> {
        let (finalized, best) = (chain.finalized(), chain.best());
        Arc::new(Self {
            chain,
            validation: Validation::new(&options),
            announcer: Announcer::new(options.max_count),
            metrics: Metrics::new(registry),
            started: Instant::now(),
            maintaining: Mutex::new(()),
            views: Mutex::default(),
            core: Arc::new(Mutex::new(Core {
                outcomes: Outcomes::new(options.outcomes),
                watchers: Watchers::default(),
                ledger: Ledger::new(options, best, finalized),
            })),
        })
    }

    /// How a transaction ended, if it did and that is remembered.
    pub fn outcome(&self, hash: &Hash) -> Option<Outcome> {
        self.core.lock().outcomes.get(hash).cloned()
    }

    /// How a transaction stands. None: it is not here, was not accepted, or ended long ago.
    pub fn state(&self, hash: &Hash) -> Option<State> {
        let core = self.core.lock();
        let Some(entry) = core.ledger.entries.get(hash) else {
            let ended = core.outcomes.get(hash).cloned().map(State::Ended);
            drop(core);
            return ended.or_else(|| self.validation.waits(hash).then_some(State::Validating));
        };
        Some(match (entry.inclusion, entry.class) {
            (Some((block, index)), _) => State::InBlock { block, index },
            (None, Class::Included) => State::Passed,
            (None, Class::Ready) => State::Ready {
                priority: entry.tx.validity.priority,
            },
            (None, Class::Future) => State::Future {
                waits_for: match &entry.tx.slot {
                    Slot::Nonce { account, .. } => {
                        core.ledger.accounts.get(account).map(|q| q.first_missing())
                    }
                    Slot::Tags => None,
                },
            },
        })
    }

    /// Follows a transaction that is in the pool. The first status is how it stands now.
    pub fn watch(&self, hash: &Hash) -> Option<mpsc::UnboundedReceiver<Status>> {
        let mut core = self.core.lock();
        let entry = core.ledger.entries.get(hash)?;
        let status = match (entry.inclusion, entry.class) {
            (Some((block, index)), _) => Status::InBlock((block, index as usize)),
            (None, Class::Future) => Status::Future,
            (None, _) => Status::Ready,
        };
        let (watcher, statuses) = mpsc::unbounded();
        // The receiver is in our hands.
        let _ = watcher.unbounded_send(status);
        core.watchers.add(*hash, watcher);
        Some(statuses)
    }

    /// The nonce that the account's next transaction should have: after the chain's and after those
    /// here that follow it without a gap. None if the account has nothing here.
    pub fn next_nonce(&self, account: &AccountId) -> Option<Nonce> {
        self.core
            .lock()
            .ledger
            .accounts
            .get(account)
            .map(|queue| queue.first_missing())
    }

    pub(crate) fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn publish(&self, core: &mut Core<Block::Extrinsic>) {
        for event in core.ledger.take_events() {
            self.metrics.event(&event);
            match event {
                Event::Ready(hash) => core.watchers.notify(&hash, || Status::Ready),
                Event::Future(hash) => core.watchers.notify(&hash, || Status::Future),
                Event::InBlock { hash, block, index } => core
                    .watchers
                    .notify(&hash, || Status::InBlock((block, index as usize))),
                Event::Retracted { hash, block } => {
                    core.watchers.notify(&hash, || Status::Retracted(block))
                }
                Event::Foreign {
                    hash,
                    block,
                    index,
                    signed,
                } => {
                    // What nobody signed counts if it was here: a branch that had spent the same was best for a while.
                    if signed || core.outcomes.get(&hash).is_some() {
                        core.outcomes
                            .insert(hash, Outcome::Finalized { block, index });
                    }
                }
                Event::Ended { hash, outcome } => {
                    match &outcome {
                        Outcome::Finalized { .. } => {
                            log::trace!(target: LOG_TARGET, "{hash:?} is final")
                        }
                        other => log::debug!(target: LOG_TARGET, "{hash:?} leaves: {other:?}"),
                    }
                    core.watchers.notify(&hash, || outcome.status(hash));
                    core.outcomes.insert(hash, outcome);
                }
            }
        }
        self.metrics.counts(core.ledger.counts);
    }

    pub(crate) fn futures(&self) -> Vec<Tx<Block::Extrinsic>> {
        let core = self.core.lock();
        let futures = core
            .ledger
            .entries
            .values()
            .filter(|entry| entry.class == Class::Future);
        futures.map(|entry| (*entry.tx).clone()).collect()
    }

    pub(crate) fn broadcast(&self, propagations: HashMap<Hash, Vec<String>>) {
        let mut core = self.core.lock();
        for (hash, peers) in propagations {
            core.watchers.broadcast(&hash, peers);
        }
    }
}
