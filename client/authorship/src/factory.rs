//! Makes a proposer for each block to build on.

use crate::{LOG_TARGET, batch::Costs, metrics::Metrics, proposer::BatchProposer};
use futures::future;
use plume_primitives::api::TransactionBatch;
use sc_transaction_pool_api::TransactionPool;
use sp_api::{ApiExt, CallApiAt, ProvideRuntimeApi};
use sp_block_builder::BlockBuilder as BlockBuilderApi;
use sp_core::traits::SpawnNamed;
use sp_runtime::{
    Percent,
    traits::{Block as BlockT, Header as HeaderT},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use substrate_prometheus_endpoint::Registry;

/// A block's limit in bytes where the caller of `propose` names none: the SDK's. A longer block does
/// not fit into one network message.
pub const DEFAULT_BLOCK_SIZE_LIMIT_BYTES: usize = 4 * 1024 * 1024 + 512;

const DEFAULT_SOFT_DEADLINE: Percent = Percent::from_percent(50);

/// Makes [`BatchProposer`]s. Takes the place of `sc_basic_authorship::ProposerFactory`.
pub struct BatchProposerFactory<Client, Pool> {
    pub(crate) shared: Shared<Client, Pool>,
}

/// What a factory and its proposers have in common.
pub(crate) struct Shared<Client, Pool> {
    pub spawn_handle: Box<dyn SpawnNamed>,
    pub client: Arc<Client>,
    pub pool: Arc<Pool>,
    pub metrics: Metrics,
    pub costs: Arc<Mutex<Costs>>,
    pub block_size_limit_bytes: usize,
    pub soft_deadline: Percent,
    pub fill_limit: Duration,
}

impl<Client, Pool> Clone for Shared<Client, Pool> {
    fn clone(&self) -> Self {
        Self {
            spawn_handle: self.spawn_handle.clone(),
            client: self.client.clone(),
            pool: self.pool.clone(),
            metrics: self.metrics.clone(),
            costs: self.costs.clone(),
            block_size_limit_bytes: self.block_size_limit_bytes,
            soft_deadline: self.soft_deadline,
            fill_limit: self.fill_limit,
        }
    }
}

impl<Client, Pool> Clone for BatchProposerFactory<Client, Pool> {
    fn clone(&self) -> Self {
        Self {
            shared: self.shared.clone(),
        }
    }
}

impl<Client, Pool> BatchProposerFactory<Client, Pool> {
    /// A factory that builds blocks with `client`'s runtime from `pool`'s transactions, on blocking
    /// threads of `spawn_handle`.
    pub fn new(
        spawn_handle: impl SpawnNamed + 'static,
        client: Arc<Client>,
        pool: Arc<Pool>,
        prometheus: Option<&Registry>,
    ) -> Self {
        Self {
            shared: Shared {
                spawn_handle: Box::new(spawn_handle),
                client,
                pool,
                metrics: Metrics::new(prometheus),
                costs: Arc::default(),
                block_size_limit_bytes: DEFAULT_BLOCK_SIZE_LIMIT_BYTES,
                soft_deadline: DEFAULT_SOFT_DEADLINE,
                fill_limit: Duration::MAX,
            },
        }
    }

    /// Sets a block's limit in bytes for callers of `propose` that name none. Set too high, peers
    /// refuse the block's message; below the runtime's own block length, blocks stay emptier than the
    /// chain allows.
    pub fn set_default_block_size_limit(&mut self, limit_bytes: usize) {
        self.shared.block_size_limit_bytes = limit_bytes;
    }

    /// Sets the part of the time for transactions in which ones that do not fit are skipped
    /// generously. Set too low, a few large transactions end the block early; too high, a pool full
    /// of them uses up the time.
    pub fn set_soft_deadline(&mut self, percent: Percent) {
        self.shared.soft_deadline = percent;
    }

    /// Sets the longest for which blocks are filled, however long consensus grants. What it grants beyond is
    /// for the one transaction that takes longer than all of a block should. Unset, there is no such limit.
    pub fn set_fill_limit(&mut self, limit: Duration) {
        self.shared.fill_limit = limit;
    }
}

impl<Block, Client, Pool> sp_consensus::Environment<Block> for BatchProposerFactory<Client, Pool>
where
    Block: BlockT,
    Pool: TransactionPool<Block = Block> + 'static,
    Client: ProvideRuntimeApi<Block> + CallApiAt<Block> + Send + Sync + 'static,
    Client::Api: ApiExt<Block> + BlockBuilderApi<Block> + TransactionBatch<Block>,
{
    type Proposer = BatchProposer<Block, Client, Pool>;
    type CreateProposer = future::Ready<Result<Self::Proposer, Self::Error>>;
    type Error = sp_blockchain::Error;

    fn init(&mut self, parent_header: &Block::Header) -> Self::CreateProposer {
        let parent_hash = parent_header.hash();
        log::debug!(
            target: LOG_TARGET,
            "Proposing on top of {parent_hash:?} (#{})",
            parent_header.number(),
        );
        future::ready(Ok(BatchProposer {
            shared: self.shared.clone(),
            parent_hash,
            parent_number: *parent_header.number(),
        }))
    }
}
