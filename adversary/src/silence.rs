//! Announcing blocks and handing out none.

use plume_consensus::Block;
use plume_node::service::FullClient;
use sc_network::Litep2pNetworkBackend;
use sc_network_sync::{
    block_relay_protocol::{BlockRelayParams, BlockServer},
    block_request_handler::BlockRequestHandler,
    service::network::NetworkServiceHandle,
};
use sc_service::Configuration;
use std::sync::Arc;

/// Keeps who asks waiting until it gives up.
struct Silent {
    // Never run. It holds the questions; without it they would be refused at once.
    _server: Box<dyn BlockServer<Block>>,
}

#[async_trait::async_trait]
impl BlockServer<Block> for Silent {
    async fn run(&mut self) {
        futures::future::pending().await
    }
}

/// The SDK's way to fetch blocks, with nobody who serves them.
pub fn relay(
    requests: NetworkServiceHandle,
    config: &Configuration,
    client: Arc<FullClient>,
) -> BlockRelayParams<Block, Litep2pNetworkBackend> {
    let peers = &config.network.default_peers_set;
    let relay = BlockRequestHandler::new::<Litep2pNetworkBackend>(
        requests,
        &config.protocol_id(),
        config.chain_spec.fork_id(),
        client,
        (peers.in_peers + peers.out_peers) as usize,
    );
    BlockRelayParams {
        server: Box::new(Silent {
            _server: relay.server,
        }),
        ..relay
    }
}
