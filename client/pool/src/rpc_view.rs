//! The pool as everything inside the node sees it.

use crate::{account::Class, error::Rejection, ledger::Origin, pool::LedgerPool, tx::Tx};
use async_trait::async_trait;
use futures::StreamExt;
use plume_primitives::Hash;
use sc_transaction_pool_api::{
    ChainEvent, ImportNotificationStream, LocalTransactionPool, MaintainedTransactionPool,
    PoolStatus, ReadyTransactions, TransactionPool, TransactionSource, TransactionStatusStream,
    TxInvalidityReportMap, error,
};
use sp_runtime::traits::Block as BlockT;
use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};

type Ready<E> = Box<dyn ReadyTransactions<Item = Arc<Tx<E>>> + Send>;
type Statuses = Pin<Box<TransactionStatusStream<Hash, Hash>>>;

/// Why a wallet's transaction is not accepted.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct RpcError(#[from] pub Rejection);

impl error::IntoPoolError for RpcError {
    fn into_pool_error(self) -> Result<error::Error, Self> {
        self.0.into_sdk().map_err(Self)
    }
}
impl From<error::Error> for RpcError {
    fn from(error: error::Error) -> Self {
        Self(error.into())
    }
}
/// The pool for wallets, block authors, offchain workers and the chain's events.
pub struct RpcView<Block: BlockT>(Arc<LedgerPool<Block>>);

impl<Block: BlockT> RpcView<Block> {
    /// The pool as `sc_service::spawn_tasks`, the proposer and the seals want it.
    pub fn new(pool: Arc<LedgerPool<Block>>) -> Self {
        Self(pool)
    }
}

#[async_trait]
impl<Block: BlockT<Hash = Hash>> TransactionPool for RpcView<Block> {
    type Block = Block;
    type Hash = Hash;
    type InPoolTransaction = Tx<Block::Extrinsic>;
    type Error = RpcError;

    async fn submit_at(
        &self,
        _: Hash,
        source: TransactionSource,
        xts: Vec<Block::Extrinsic>,
    ) -> Result<Vec<Result<Hash, RpcError>>, RpcError> {
        let all = xts
            .into_iter()
            .map(|xt| self.0.submit(source, xt, Origin::Local));
        Ok(futures::future::join_all(all)
            .await
            .into_iter()
            .map(|answer| answer.map_err(RpcError))
            .collect())
    }

    async fn submit_one(
        &self,
        _: Hash,
        source: TransactionSource,
        xt: Block::Extrinsic,
    ) -> Result<Hash, RpcError> {
        Ok(self.0.submit(source, xt, Origin::Local).await?)
    }

    async fn submit_and_watch(
        &self,
        _: Hash,
        source: TransactionSource,
        xt: Block::Extrinsic,
    ) -> Result<Statuses, RpcError> {
        Ok(self
            .0
            .submit_and_watch(source, xt, Origin::Local)
            .await?
            .boxed())
    }

    async fn ready_at(&self, at: Hash) -> Ready<Block::Extrinsic> {
        Box::new(self.0.iterate(self.0.view(at)))
    }

    fn ready(&self) -> Ready<Block::Extrinsic> {
        Box::new(self.0.iterate(self.0.best_view()))
    }

    async fn report_invalid(
        &self,
        at: Option<Hash>,
        errors: TxInvalidityReportMap<Hash>,
    ) -> Vec<Arc<Tx<Block::Extrinsic>>> {
        self.0.report(at, errors)
    }

    fn futures(&self) -> Vec<Tx<Block::Extrinsic>> {
        self.0.futures()
    }

    fn status(&self) -> PoolStatus {
        self.0.core.lock().ledger.status()
    }

    /// Hashes of transactions that arrived here first: `spawn_tasks` passes them to the gossip, which
    /// asks the [`NetView`] for the transactions.
    fn import_notification_stream(&self) -> ImportNotificationStream<Hash> {
        self.0.announcer.listen()
    }

    fn on_broadcasted(&self, propagations: HashMap<Hash, Vec<String>>) {
        self.0.broadcast(propagations);
    }

    fn hash_of(&self, xt: &Block::Extrinsic) -> Hash {
        crate::chain::identify::<Block>(xt).0
    }

    fn ready_transaction(&self, hash: &Hash) -> Option<Arc<Tx<Block::Extrinsic>>> {
        let core = self.0.core.lock();
        core.ledger
            .entries
            .get(hash)
            .filter(|entry| entry.class == Class::Ready)
            .map(|entry| entry.tx.clone())
    }

    async fn ready_at_with_timeout(&self, at: Hash, _: Duration) -> Ready<Block::Extrinsic> {
        self.ready_at(at).await
    }
}

#[async_trait]
impl<Block: BlockT<Hash = Hash>> MaintainedTransactionPool for RpcView<Block> {
    async fn maintain(&self, _: ChainEvent<Block>) {
        self.0.catch_up();
    }
}

impl<Block: BlockT<Hash = Hash>> LocalTransactionPool for RpcView<Block> {
    type Block = Block;
    type Hash = Hash;
    type Error = RpcError;

    fn submit_local(&self, _: Hash, xt: Block::Extrinsic) -> Result<Hash, RpcError> {
        Ok(self.0.submit_blocking(TransactionSource::Local, xt)?)
    }
}
