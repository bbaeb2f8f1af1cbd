//! A connection with metadata: everything that reads or changes the chain starts here.

use std::sync::Arc;

use subxt::OnlineClient;
use subxt::backend::LegacyBackend;
use subxt::client::OnlineClientAtBlock;
use subxt_rpcs::RpcClient;

use crate::raw::{Rpc, Transport};
use crate::{Error, PlumeConfig, Result};

/// subxt's view of the chain at one block; its storage, constants, events and runtime APIs.
pub type AtBlock = OnlineClientAtBlock<PlumeConfig>;

/// Which state to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum At {
    /// The newest block that can never be undone. What a bank should show.
    #[default]
    Finalised,
    /// The newest block. Ahead by a few hundred milliseconds; a fork may undo it.
    Best,
}

/// A connection to one node. Cheap to clone; clones share the connection and the metadata.
///
/// It does not reconnect: after an [`Error::Connection`], connect again.
#[derive(Clone, Debug)]
pub struct Client {
    url: String,
    rpc: Rpc,
    online: OnlineClient<PlumeConfig>,
}

impl Client {
    /// Connects over `wss://`, or over `ws://` to this machine.
    pub async fn connect(url: &str) -> Result<Self> {
        Self::connect_with(url, Transport::Encrypted).await
    }

    /// Connects, and lets the caller permit plain `ws://` to other machines.
    pub async fn connect_with(url: &str, transport: Transport) -> Result<Self> {
        Self::from_rpc(Rpc::connect(url, transport).await?, url).await
    }

    /// Uses a connection that exists; `url` is for messages only.
    ///
    /// Speaks the legacy JSON-RPC: at four blocks a second it costs the node less than following `chainHead`,
    /// and it says exactly why the pool refuses a transaction.
    pub async fn from_rpc(rpc: Rpc, url: &str) -> Result<Self> {
        let backend = LegacyBackend::<PlumeConfig>::builder().build(rpc.client().clone());
        let online =
            OnlineClient::from_backend_with_config(PlumeConfig::default(), Arc::new(backend))
                .await
                .map_err(|error| Error::Connect {
                    url: url.to_owned(),
                    reason: error.to_string(),
                })?;
        Ok(Self {
            url: url.to_owned(),
            rpc,
            online,
        })
    }

    /// The endpoint as it was given.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// subxt's client, for what has no name here.
    pub fn online(&self) -> &OnlineClient<PlumeConfig> {
        &self.online
    }

    /// subxt's JSON-RPC client, for methods that have no name in [`Rpc`].
    pub fn rpc(&self) -> &RpcClient {
        self.rpc.client()
    }

    /// The node's JSON-RPC without metadata, on the same connection.
    pub fn raw(&self) -> &Rpc {
        &self.rpc
    }

    /// The chain's state at a block. Fetches metadata the first time a runtime version is met.
    pub async fn at(&self, at: At) -> Result<AtBlock> {
        let result = match at {
            At::Finalised => self.online.at_current_block().await,
            At::Best => self.online.at_block(self.rpc.best_head().await?.hash).await,
        };
        result.map_err(Error::runtime)
    }
}
