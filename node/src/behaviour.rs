//! Where a node can be made to behave otherwise than it should.
//!
//! `plume-node` runs [`Honest`] and has no way to run anything else. The tests' adversary is another
//! program on this library.

use crate::service::FullClient;
use plume_consensus::{Block, SelectChain, Timing};
use sc_network::{NetworkBackend, service::traits::NetworkService};
use sc_network_sync::block_relay_protocol::BlockRelayParams;
use sc_service::{Configuration, SpawnTaskHandle};
use std::sync::Arc;

/// How a node behaves where it could do otherwise without its peers' noticing at once.
pub trait Behaviour: Send + 'static {
    /// What this node's blocks are built on.
    type ForkChoice: sp_consensus::SelectChain<Block> + 'static;

    /// What this node's blocks are built on, given what an honest node would build on.
    fn fork_choice(
        &self,
        honest: SelectChain,
        client: Arc<FullClient>,
        timing: Timing,
    ) -> Self::ForkChoice;

    /// How this node serves and fetches blocks; none for the SDK's way.
    fn block_relay<N: NetworkBackend<Block, sp_core::H256>>(
        &mut self,
        _config: &Configuration,
        _client: Arc<FullClient>,
    ) -> Option<BlockRelayParams<Block, N>> {
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

impl Behaviour for Honest {
    type ForkChoice = SelectChain;

    fn fork_choice(&self, honest: SelectChain, _: Arc<FullClient>, _: Timing) -> SelectChain {
        honest
    }
}
