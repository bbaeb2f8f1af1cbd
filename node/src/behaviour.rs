//! Where a node can be made to behave otherwise than it should.
//!
//! `plume-node` runs [`Honest`] and has no way to run anything else. The tests' adversary is another
//! program on this library. A behaviour is an object and not a type parameter, so that the node is compiled
//! once, in this library, and not again for each program.

use crate::service::FullClient;
use plume_consensus::{Block, SelectChain, Timing};
use plume_primitives::{BlockNumber, Hash};
use sc_network::{Litep2pNetworkBackend, service::traits::NetworkService};
use sc_network_sync::block_relay_protocol::BlockRelayParams;
use sc_service::{Configuration, SpawnTaskHandle};
use sp_consensus::Error;
use sp_runtime::traits::Block as BlockT;
use std::sync::Arc;

/// A block's header.
pub type Header = <Block as BlockT>::Header;

/// How a node behaves where it could do otherwise without its peers' noticing at once.
pub trait Behaviour: Send + Sync {
    /// What this node's next block is built on; `best` is what an honest node builds on.
    fn builds_on(
        &self,
        best: Header,
        _client: &FullClient,
        _timing: Timing,
    ) -> Result<Header, Error> {
        Ok(best)
    }

    /// How this node serves and fetches blocks over litep2p; none for the SDK's way. Over libp2p there is no
    /// other.
    fn block_relay(
        &mut self,
        _config: &Configuration,
        _client: Arc<FullClient>,
    ) -> Option<BlockRelayParams<Block, Litep2pNetworkBackend>> {
        None
    }

    /// Whether this node pushes the blocks that it seals to its peers. They are announced in any case.
    fn pushes_blocks(&self) -> bool {
        true
    }

    /// Called once the network runs.
    fn on_network(&mut self, _network: Arc<dyn NetworkService>, _spawner: SpawnTaskHandle) {}
}

/// Keeps to the protocol.
pub struct Honest;

impl Behaviour for Honest {}

/// The honest fork choice, but for what a behaviour builds on.
#[derive(Clone)]
pub(crate) struct ForkChoice {
    pub honest: SelectChain,
    pub behaviour: Arc<dyn Behaviour>,
    pub client: Arc<FullClient>,
    pub timing: Timing,
}

#[async_trait::async_trait]
impl sp_consensus::SelectChain<Block> for ForkChoice {
    async fn leaves(&self) -> Result<Vec<Hash>, Error> {
        self.honest.leaves().await
    }

    async fn best_chain(&self) -> Result<Header, Error> {
        let best = self.honest.best_chain().await?;
        self.behaviour.builds_on(best, &self.client, self.timing)
    }

    async fn finality_target(&self, base: Hash, limit: Option<BlockNumber>) -> Result<Hash, Error> {
        self.honest.finality_target(base, limit).await
    }
}
