//! The pool as the gossip sees it.
//!
//! It shows what is worth spreading rather than what is ready, future transactions included, and its
//! answers are for peers rather than wallets.

use crate::{account::Class, error::Rejection, ledger::Origin, pool::LedgerPool, tx::Tx};
use async_trait::async_trait;
use futures::StreamExt;
use plume_primitives::Hash;
use sc_transaction_pool_api::{
    ImportNotificationStream, PoolStatus, ReadyTransactions, TransactionPool, TransactionSource,
    TransactionStatusStream, TxInvalidityReportMap, error,
};
use sp_runtime::traits::Block as BlockT;
use std::{
    collections::HashMap,
    ops::Bound,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

type Ready<E> = Box<dyn ReadyTransactions<Item = Arc<Tx<E>>> + Send>;
type Statuses = Pin<Box<TransactionStatusStream<Hash, Hash>>>;

/// Why a peer's transaction is not accepted. Only what speaks against the peer shows as an error of
/// the SDK's; the gossip takes the rest for our own affair and leaves the peer's reputation alone.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct NetError(#[from] pub Rejection);

impl error::IntoPoolError for NetError {
    fn into_pool_error(self) -> Result<error::Error, Self> {
        if matches!(self.0, Rejection::Known(_)) || self.0.blames_the_sender() {
            self.0.into_sdk().map_err(Self)
        } else {
            Err(self)
        }
    }
}
impl From<error::Error> for NetError {
    fn from(error: error::Error) -> Self {
        Self(error.into())
    }
}

/// The pool for the gossip.
pub struct NetView<Block: BlockT> {
    pool: Arc<LedgerPool<Block>>,
    /// Where the last round of [`TransactionPool::ready`] ended, so that the next goes on from there.
    round: AtomicU64,
}

impl<Block: BlockT> NetView<Block> {
    /// The pool as `sc_service::build_network` wants it.
    pub fn new(pool: Arc<LedgerPool<Block>>) -> Self {
        Self {
            pool,
            round: AtomicU64::new(0),
        }
    }
}

/// Transactions that are sent again in one round at most: a quarter of the network's channel.
const ROUND: usize = 512;
const ROUND_BYTES: usize = 2 << 20;
/// Entries that one round looks at.
const SCAN: usize = 16_384;
/// The first announcement may have been lost, or the peer has connected since.
const OURS_AFTER: Duration = Duration::from_secs(3);
/// Its own node has had three rounds.
const ANYONES_AFTER: Duration = Duration::from_secs(10);

struct Listed<E>(std::vec::IntoIter<Arc<Tx<E>>>);

impl<E> Iterator for Listed<E> {
    type Item = Arc<Tx<E>>;
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}
impl<E> ReadyTransactions for Listed<E> {
    fn report_invalid(&mut self, _: &Self::Item) {}
}

impl<Block: BlockT<Hash = Hash>> NetView<Block> {
    /// What has waited long enough to be sent again: ours first, then anyone's, the oldest first and
    /// from where the last round ended.
    fn worth_sending_again(&self) -> Vec<Arc<Tx<Block::Extrinsic>>> {
        let now = Duration::from_millis(self.pool.now_ms());
        let core = self.pool.core.lock();
        let ledger = &core.ledger;
        let last = self.round.load(Ordering::Relaxed);
        let mut end = last;
        let (mut ours, mut anyones) = (Vec::new(), Vec::new());
        let spans = [
            (Bound::Excluded(last), Bound::Unbounded),
            (Bound::Unbounded, Bound::Included(last)),
        ];
        let in_turn = spans
            .iter()
            .flat_map(|span| ledger.by_age.range(*span))
            .take(SCAN);
        for entry in in_turn.filter_map(|(_, hash)| ledger.entries.get(hash)) {
            end = entry.seq;
            let waited = now.saturating_sub(Duration::from_millis(entry.accepted_ms));
            let open = entry.class != Class::Included && entry.inclusion.is_none();
            if !open || !entry.tx.validity.propagate {
                continue;
            }
            match entry.origin {
                Origin::Local if waited >= OURS_AFTER => ours.push(entry),
                Origin::Network if waited >= ANYONES_AFTER => anyones.push(entry),
                Origin::Local | Origin::Network => {}
            }
            if ours.len() >= ROUND {
                break;
            }
        }
        let (mut picked, mut bytes) = (Vec::new(), 0usize);
        for entry in ours.into_iter().chain(anyones) {
            bytes = bytes.saturating_add(entry.tx.bytes);
            if picked.len() >= ROUND || bytes > ROUND_BYTES {
                break;
            }
            end = entry.seq;
            picked.push(entry.tx.clone());
        }
        self.round.store(end, Ordering::Relaxed);
        picked
    }
}

#[async_trait]
impl<Block: BlockT<Hash = Hash>> TransactionPool for NetView<Block> {
    type Block = Block;
    type Hash = Hash;
    type InPoolTransaction = Tx<Block::Extrinsic>;
    type Error = NetError;

    async fn submit_at(
        &self,
        _: Hash,
        source: TransactionSource,
        xts: Vec<Block::Extrinsic>,
    ) -> Result<Vec<Result<Hash, NetError>>, NetError> {
        let all = xts
            .into_iter()
            .map(|xt| self.pool.submit(source, xt, Origin::Network));
        Ok(futures::future::join_all(all)
            .await
            .into_iter()
            .map(|answer| answer.map_err(NetError))
            .collect())
    }

    async fn submit_one(
        &self,
        _: Hash,
        source: TransactionSource,
        xt: Block::Extrinsic,
    ) -> Result<Hash, NetError> {
        Ok(self.pool.submit(source, xt, Origin::Network).await?)
    }

    async fn submit_and_watch(
        &self,
        _: Hash,
        source: TransactionSource,
        xt: Block::Extrinsic,
    ) -> Result<Statuses, NetError> {
        Ok(self
            .pool
            .submit_and_watch(source, xt, Origin::Network)
            .await?
            .boxed())
    }

    async fn ready_at(&self, _: Hash) -> Ready<Block::Extrinsic> {
        self.ready()
    }

    /// What is worth sending again, not what is ready.
    fn ready(&self) -> Ready<Block::Extrinsic> {
        Box::new(Listed(self.worth_sending_again().into_iter()))
    }

    async fn report_invalid(
        &self,
        _: Option<Hash>,
        _: TxInvalidityReportMap<Hash>,
    ) -> Vec<Arc<Tx<Block::Extrinsic>>> {
        Vec::new()
    }

    fn futures(&self) -> Vec<Tx<Block::Extrinsic>> {
        self.pool.futures()
    }

    fn status(&self) -> PoolStatus {
        self.pool.core.lock().ledger.status()
    }

    fn import_notification_stream(&self) -> ImportNotificationStream<Hash> {
        self.pool.announcer.listen()
    }

    fn on_broadcasted(&self, propagations: HashMap<Hash, Vec<String>>) {
        self.pool.broadcast(propagations);
    }

    fn hash_of(&self, xt: &Block::Extrinsic) -> Hash {
        crate::chain::identify::<Block>(xt).0
    }

    /// Whatever is not in a block yet, future ones included: the other nodes can put them in order.
    fn ready_transaction(&self, hash: &Hash) -> Option<Arc<Tx<Block::Extrinsic>>> {
        let core = self.pool.core.lock();
        let entry = core.ledger.entries.get(hash)?;
        (entry.inclusion.is_none() && entry.class != Class::Included).then(|| entry.tx.clone())
    }

    async fn ready_at_with_timeout(&self, _: Hash, _: Duration) -> Ready<Block::Extrinsic> {
        self.ready()
    }
}
