//! One connection and the requests on it.

use core::pin::Pin;
use core::task::{Context, Poll};
use std::time::Duration;

use futures::{Stream, StreamExt};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use subxt::utils::{AccountId32, H256};
use subxt_rpcs::client::{RpcClient, RpcParams, RpcSubscription, rpc_params};

use super::types::{Block, Head, Header, Health, NodeVersions};
use super::url::{self, Transport};
use super::{SubmitError, from_hex, to_hex};
use crate::error::{Error, Result, innermost};

/// A node that takes longer to answer the first handshake is as good as absent.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// A connection to a node's JSON-RPC. Cheap to clone; clones share the connection.
#[derive(Clone, Debug)]
pub struct Rpc(RpcClient);

impl Rpc {
    /// Connects over WebSocket. Does not reconnect: after a lost connection every request fails.
    pub async fn connect(url: &str, transport: Transport) -> Result<Self> {
        url::check(url, transport)?;
        let connect_error = |reason: String| Error::Connect {
            url: url.to_owned(),
            reason,
        };
        match tokio::time::timeout(CONNECT_TIMEOUT, RpcClient::from_insecure_url(url)).await {
            Ok(Ok(client)) => Ok(Self(client)),
            Ok(Err(error)) => Err(connect_error(innermost(&error))),
            Err(_) => Err(connect_error(format!(
                "no answer within {} s",
                CONNECT_TIMEOUT.as_secs()
            ))),
        }
    }

    /// Uses a connection that exists, of any kind that subxt-rpcs knows.
    pub fn new(client: impl Into<RpcClient>) -> Self {
        Self(client.into())
    }

    /// subxt's client underneath, for methods that have no name here.
    pub fn client(&self) -> &RpcClient {
        &self.0
    }

    /// Sends one request and reads its answer.
    pub async fn request<T: DeserializeOwned>(&self, method: &str, params: RpcParams) -> Result<T> {
        self.0
            .request(method, params)
            .await
            .map_err(|error| Error::rpc(method, error))
    }

    /// Hands a signed extrinsic to the pool and returns its hash (`author_submitExtrinsic`).
    ///
    /// Accepted means valid now and in this node's pool; not that it will be in a block.
    pub async fn submit_raw(&self, extrinsic: &[u8]) -> Result<H256, SubmitError> {
        Ok(self
            .0
            .request("author_submitExtrinsic", rpc_params![to_hex(extrinsic)])
            .await?)
    }

    /// The header of a block, or of the best block; `None` if the node does not know the hash.
    pub async fn header(&self, hash: Option<H256>) -> Result<Option<Head>> {
        let header: Option<Header> = self.request("chain_getHeader", rpc_params![hash]).await?;
        Ok(header.map(Head::from))
    }

    /// The block that this node builds upon.
    pub async fn best_head(&self) -> Result<Head> {
        self.header(None).await?.ok_or(Error::UnknownBlock {
            block: "best".into(),
        })
    }

    /// The newest block that can never be undone, as this node knows.
    pub async fn finalized_head(&self) -> Result<Head> {
        let hash: H256 = self
            .request("chain_getFinalizedHead", rpc_params![])
            .await?;
        self.header(Some(hash)).await?.ok_or(Error::UnknownBlock {
            block: to_hex(&hash.0),
        })
    }

    /// Hash of the block at this height on the best chain; `None` above its tip.
    pub async fn block_hash(&self, number: u64) -> Result<Option<H256>> {
        self.request("chain_getBlockHash", rpc_params![number])
            .await
    }

    /// A block with its raw extrinsics; `None` if the node does not know it.
    pub async fn block(&self, hash: H256) -> Result<Option<Block>> {
        #[derive(Deserialize)]
        struct Signed {
            block: Unsigned,
        }
        #[derive(Deserialize)]
        struct Unsigned {
            header: Header,
            extrinsics: Vec<String>,
        }
        let Some(Signed { block }) = self
            .request::<Option<Signed>>("chain_getBlock", rpc_params![hash])
            .await?
        else {
            return Ok(None);
        };
        let extrinsics = block
            .extrinsics
            .iter()
            .map(|text| {
                from_hex(text).ok_or(Error::BadAnswer {
                    method: "chain_getBlock".into(),
                })
            })
            .collect::<Result<_>>()?;
        Ok(Some(Block {
            head: block.header.into(),
            extrinsics,
        }))
    }

    /// Every new best block from now on, siblings included after a fork.
    pub async fn subscribe_best(&self) -> Result<Heads> {
        self.subscribe("chain_subscribeNewHeads", "chain_unsubscribeNewHeads")
            .await
    }

    /// Finality as it advances. When several blocks are finalised at once only the last one is reported.
    pub async fn subscribe_finalized(&self) -> Result<Heads> {
        self.subscribe(
            "chain_subscribeFinalizedHeads",
            "chain_unsubscribeFinalizedHeads",
        )
        .await
    }

    async fn subscribe(&self, method: &str, unsubscribe: &str) -> Result<Heads> {
        let subscription = self.0.subscribe(method, rpc_params![], unsubscribe).await;
        subscription
            .map(Heads)
            .map_err(|error| Error::rpc(method, error))
    }

    /// Peers, and whether the node is catching up.
    pub async fn health(&self) -> Result<Health> {
        self.request("system_health", rpc_params![]).await
    }

    /// The node's libp2p peer id.
    pub async fn peer_id(&self) -> Result<String> {
        self.request("system_localPeerId", rpc_params![]).await
    }

    /// How many transactions wait in the pool's ready queue. The node sends all of them to be counted here.
    pub async fn pending_count(&self) -> Result<usize> {
        let pending: Vec<IgnoredAny> = self
            .request("author_pendingExtrinsics", rpc_params![])
            .await?;
        Ok(pending.len())
    }

    /// The transactions that wait in the pool's ready queue, as bytes.
    pub async fn pending(&self) -> Result<Vec<Vec<u8>>> {
        const METHOD: &str = "author_pendingExtrinsics";
        let pending: Vec<String> = self.request(METHOD, rpc_params![]).await?;
        let decode = |text: &String| {
            from_hex(text).ok_or(Error::BadAnswer {
                method: METHOD.into(),
            })
        };
        pending.iter().map(decode).collect()
    }

    /// The nonce that the account's next transaction needs, counting those that wait in this node's pool.
    pub async fn next_nonce(&self, account: &AccountId32) -> Result<u32> {
        // serde writes the account with the generic prefix 42, which every node reads.
        self.request("system_accountNextIndex", rpc_params![account])
            .await
    }

    /// Calls a runtime API with SCALE-encoded arguments and returns the encoded result.
    pub async fn state_call(
        &self,
        function: &str,
        arguments: &[u8],
        at: Option<H256>,
    ) -> Result<Vec<u8>> {
        let answer: String = self
            .request("state_call", rpc_params![function, to_hex(arguments), at])
            .await?;
        from_hex(&answer).ok_or(Error::BadAnswer {
            method: format!("state_call {function}"),
        })
    }

    /// Versions of the runtime at a block, or at the best block.
    pub async fn runtime_version(&self, at: Option<H256>) -> Result<NodeVersions> {
        self.request("state_getRuntimeVersion", rpc_params![at])
            .await
    }
}

/// Headers as the node announces them.
#[derive(Debug)]
pub struct Heads(RpcSubscription<Header>);

impl Heads {
    /// The next one; `None` after the connection is gone.
    pub async fn next(&mut self) -> Option<Result<Head>> {
        StreamExt::next(self).await
    }
}

impl Stream for Heads {
    type Item = Result<Head>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = core::task::ready!(self.0.poll_next_unpin(context));
        let head = |header: Result<Header, _>| {
            header
                .map(Head::from)
                .map_err(|error| Error::rpc("a subscription to heads", error))
        };
        Poll::Ready(item.map(head))
    }
}
