//! A transaction on its way: from the pool into a block and to finality.

use std::time::{Duration, Instant};

use subxt::utils::H256;
use subxt_rpcs::client::{RpcSubscription, rpc_params};
use subxt_rpcs::methods::legacy::TransactionStatus;

use crate::error::{hint, innermost};
use crate::{Client, Inclusion, Result, raw};

/// What the node last said about a transaction that is still on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TxStatus {
    /// In the pool, waiting for a lower nonce.
    Future,
    /// In the pool, ready for a block.
    Ready,
    /// Sent on to so many peers.
    Broadcast(usize),
    /// In a block of the best chain.
    InBlock {
        /// That block.
        block_hash: H256,
        /// Since the submission was sent.
        elapsed: Duration,
    },
    /// The block was undone by a fork; the transaction is back in the pool.
    Retracted {
        /// That block.
        block_hash: H256,
    },
    /// In a block that can never be undone. The last status.
    Finalised {
        /// That block.
        block_hash: H256,
        /// Since the submission was sent.
        elapsed: Duration,
    },
}

/// How a transaction leaves the pool without being finalised.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TxEnded {
    /// Another transaction with its nonce took its place.
    #[error("another transaction with the same nonce took its place ({}). {}", raw::to_hex(&by.0), hint::USURPED)]
    Usurped {
        /// That other one.
        by: H256,
    },
    /// The pool ran over and let it go.
    #[error("the pool was full and dropped the transaction. {}", hint::DROPPED)]
    Dropped,
    /// It stopped being valid while it waited.
    #[error("the transaction became invalid while it waited. {}", hint::INVALID)]
    Invalid,
    /// It is in a block, but finality has not come for hundreds of blocks.
    #[error("finality did not reach the transaction's block {}. {}", raw::to_hex(&block_hash.0), hint::NOT_FINAL)]
    FinalityTimeout {
        /// That block.
        block_hash: H256,
    },
    /// The connection went away; the transaction goes its way without us.
    #[error(
        "the connection ended while the transaction was on its way: {reason}. {}",
        hint::LOST
    )]
    ConnectionLost {
        /// What failed.
        reason: String,
    },
}

impl TxEnded {
    /// What to do next; also the end of the `Display` text.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Usurped { .. } => hint::USURPED,
            Self::Dropped => hint::DROPPED,
            Self::Invalid => hint::INVALID,
            Self::FinalityTimeout { .. } => hint::NOT_FINAL,
            Self::ConnectionLost { .. } => hint::LOST,
        }
    }
}

/// A transaction that the pool accepted.
#[derive(Debug)]
pub struct Progress {
    client: Client,
    tx_hash: H256,
    sent_at: Instant,
    subscription: RpcSubscription<TransactionStatus<H256>>,
}

impl Progress {
    pub(crate) async fn start(client: Client, extrinsic: &[u8]) -> Result<Self> {
        let tx_hash = raw::extrinsic_hash(extrinsic);
        let params = rpc_params![raw::to_hex(extrinsic)];
        let sent_at = Instant::now();
        let subscription = client
            .rpc()
            .subscribe(
                "author_submitAndWatchExtrinsic",
                params,
                "author_unwatchExtrinsic",
            )
            .await
            .map_err(raw::SubmitError::from)?;
        Ok(Self {
            client,
            tx_hash,
            sent_at,
            subscription,
        })
    }

    /// Hash of the transaction.
    pub fn tx_hash(&self) -> H256 {
        self.tx_hash
    }

    /// What the node says next. An error is final: the transaction ended without finality, or we no longer hear of it.
    pub async fn next(&mut self) -> Result<TxStatus> {
        let status = match self.subscription.next().await {
            Some(Ok(status)) => status,
            Some(Err(error)) => {
                return Err(TxEnded::ConnectionLost {
                    reason: innermost(&error),
                }
                .into());
            }
            None => {
                return Err(TxEnded::ConnectionLost {
                    reason: "the node closed it".into(),
                }
                .into());
            }
        };
        let elapsed = self.sent_at.elapsed();
        Ok(match status {
            TransactionStatus::Future => TxStatus::Future,
            TransactionStatus::Ready => TxStatus::Ready,
            TransactionStatus::Broadcast(peers) => TxStatus::Broadcast(peers.len()),
            TransactionStatus::InBlock(block_hash) => TxStatus::InBlock {
                block_hash,
                elapsed,
            },
            TransactionStatus::Retracted(block_hash) => TxStatus::Retracted { block_hash },
            TransactionStatus::Finalized(block_hash) => TxStatus::Finalised {
                block_hash,
                elapsed,
            },
            TransactionStatus::FinalityTimeout(block_hash) => {
                return Err(TxEnded::FinalityTimeout { block_hash }.into());
            }
            TransactionStatus::Usurped(by) => return Err(TxEnded::Usurped { by }.into()),
            TransactionStatus::Dropped => return Err(TxEnded::Dropped.into()),
            TransactionStatus::Invalid => return Err(TxEnded::Invalid.into()),
        })
    }

    /// Waits until it is in a block of the best chain. A fork may still undo that block.
    pub async fn wait_in_block(mut self) -> Result<Inclusion> {
        loop {
            if let TxStatus::InBlock { block_hash, .. } | TxStatus::Finalised { block_hash, .. } =
                self.next().await?
            {
                return self.client.inclusion(self.tx_hash, block_hash).await;
            }
        }
    }

    /// Waits until it is in a block that can never be undone. Bound it with `tokio::time::timeout` where a
    /// network without finality is possible.
    pub async fn wait_finalised(mut self) -> Result<Inclusion> {
        loop {
            if let TxStatus::Finalised { block_hash, .. } = self.next().await? {
                return self.client.inclusion(self.tx_hash, block_hash).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::raw::test_node::TestNode;
    use serde_json::{Value as Json, json};

    const WATCH: &str = "author_submitAndWatchExtrinsic";

    fn hash(byte: u8) -> String {
        raw::to_hex(&[byte; 32])
    }

    async fn client(node: TestNode) -> Client {
        let node = node.answers("chain_getBlockHash", json!(hash(0)));
        Client::from_rpc(node.rpc(), "test")
            .await
            .expect("a node with a genesis")
    }

    async fn progress(statuses: Vec<Json>) -> Progress {
        let client = client(TestNode::default().announces(WATCH, statuses)).await;
        Progress::start(client, &[1, 2, 3]).await.expect("accepted")
    }

    #[tokio::test]
    async fn a_transaction_is_followed_through_a_fork_to_finality() {
        let mut progress = progress(vec![
            json!("ready"),
            json!({ "broadcast": ["a", "b"] }),
            json!({ "inBlock": hash(1) }),
            json!({ "retracted": hash(1) }),
            json!({ "inBlock": hash(2) }),
            json!({ "finalized": hash(2) }),
        ])
        .await;
        let mut seen = Vec::new();
        while seen.len() < 6 {
            seen.push(progress.next().await.expect("no end before finality"));
        }
        assert_eq!(seen[..2], [TxStatus::Ready, TxStatus::Broadcast(2)]);
        assert_eq!(
            seen[3],
            TxStatus::Retracted {
                block_hash: H256([1; 32])
            }
        );
        let TxStatus::Finalised {
            block_hash,
            elapsed,
        } = seen[5]
        else {
            panic!("{:?}", seen[5])
        };
        assert_eq!(block_hash, H256([2; 32]));
        assert!(
            matches!(seen[4], TxStatus::InBlock { elapsed: earlier, .. } if earlier <= elapsed)
        );
        assert_eq!(progress.tx_hash(), raw::extrinsic_hash(&[1, 2, 3]));
    }

    #[tokio::test]
    async fn every_way_to_end_early_has_its_own_name() {
        let endings = [
            (
                json!({ "usurped": hash(3) }),
                TxEnded::Usurped { by: H256([3; 32]) },
            ),
            (json!("dropped"), TxEnded::Dropped),
            (json!("invalid"), TxEnded::Invalid),
            (
                json!({ "finalityTimeout": hash(4) }),
                TxEnded::FinalityTimeout {
                    block_hash: H256([4; 32]),
                },
            ),
        ];
        for (status, expected) in endings {
            let error = progress(vec![status])
                .await
                .next()
                .await
                .expect_err("an ending");
            assert!(matches!(error, Error::Ended(ended) if ended == expected));
        }
        let error = progress(vec![])
            .await
            .next()
            .await
            .expect_err("the node closed it");
        assert!(matches!(
            error,
            Error::Ended(TxEnded::ConnectionLost { .. })
        ));
    }

    #[tokio::test]
    async fn a_transaction_that_the_pool_refuses_has_no_progress() {
        let client = client(TestNode::default().refuses(WATCH, 1016, "limit")).await;
        let error = Progress::start(client, &[1]).await.expect_err("refused");
        assert!(
            matches!(error, Error::Submit(raw::SubmitError::PoolFull)),
            "{error}"
        );
    }
}
