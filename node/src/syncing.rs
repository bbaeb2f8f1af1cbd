//! Block sync, put together as `sc_service::build_network` does it, around a strategy that goes on after a
//! failed request.

use crate::service::FullClient;
use plume_consensus::{Block, PersistentDownloads, SteadySync};
use sc_consensus::ImportQueue;
use sc_network::{NetworkBackend, config::FullNetworkConfiguration, service::NotificationMetrics};
use sc_network_sync::{
    SyncingService, WarpSyncConfig, block_relay_protocol::BlockRelayParams, engine::SyncingEngine,
    service::network::NetworkServiceProvider,
};
use sc_service::{
    Configuration, TaskManager, build_default_block_downloader, build_polkadot_syncing_strategy,
    default_gap_sync_body_policy, error::Error,
};
use sp_consensus::block_validation::{BlockAnnounceValidator, DefaultBlockAnnounceValidator};
use sp_core::H256;
use std::sync::Arc;

/// How this node syncs.
pub struct Plan<N: NetworkBackend<Block, H256>> {
    /// What announcements of blocks have to pass; none for what the SDK has them pass.
    pub announcements: Option<Box<dyn BlockAnnounceValidator<Block> + Send>>,
    /// How a new node skips to the present.
    pub warp: Option<WarpSyncConfig<Block>>,
    /// How blocks are asked for and sent; none for the SDK's way.
    pub relay: Option<BlockRelayParams<Block, N>>,
    /// Of the notification protocols.
    pub metrics: NotificationMetrics,
}

/// Block sync that runs, and what the network needs of it.
pub struct Syncing<N: NetworkBackend<Block, H256>> {
    /// Commands it.
    pub service: SyncingService<Block>,
    /// The protocol that announces blocks.
    pub announcements: N::NotificationProtocolConfig,
    /// Gives it the network, when there is one.
    pub network: NetworkServiceProvider,
}

/// Starts block sync, which waits for its network.
pub fn start<N: NetworkBackend<Block, H256>>(
    config: &Configuration,
    net_config: &mut FullNetworkConfiguration<Block, H256, N>,
    client: &Arc<FullClient>,
    tasks: &TaskManager,
    imports: &impl ImportQueue<Block>,
    plan: Plan<N>,
) -> Result<Syncing<N>, Error> {
    let (protocol, fork) = (config.protocol_id(), config.chain_spec.fork_id());
    let registry = config.prometheus_registry();
    let network = NetworkServiceProvider::new();

    let downloader = match plan.relay {
        Some(BlockRelayParams {
            mut server,
            downloader,
            request_response_config,
        }) => {
            net_config.add_request_response_protocol(request_response_config);
            tasks
                .spawn_handle()
                .spawn("block-request-handler", Some("networking"), async move {
                    server.run().await;
                });
            downloader
        }
        None => {
            let slots = &config.network.default_peers_set;
            build_default_block_downloader(
                &protocol,
                fork,
                net_config,
                network.handle(),
                client.clone(),
                slots.in_peers.saturating_add(slots.out_peers) as usize,
                &tasks.spawn_handle(),
            )
        }
    };
    let strategy = build_polkadot_syncing_strategy(
        protocol.clone(),
        fork,
        net_config,
        plan.warp,
        Arc::new(PersistentDownloads::new(downloader)),
        client.clone(),
        &tasks.spawn_handle(),
        registry,
        default_gap_sync_body_policy(config.blocks_pruning),
    )?;
    let (engine, service, announcements) = SyncingEngine::new(
        (&config.role).into(),
        client.clone(),
        registry,
        plan.metrics,
        net_config,
        protocol,
        fork,
        plan.announcements
            .unwrap_or_else(|| Box::new(DefaultBlockAnnounceValidator)),
        Box::new(SteadySync::new(strategy)),
        network.handle(),
        imports.service(),
        net_config.peer_store_handle(),
    )?;
    // Not as a blocking task, as the SDK does: its timer panics when the node is stopped, because blocking
    // tasks are polled after the timers have ended.
    tasks
        .spawn_essential_handle()
        .spawn("syncing", None, engine.run());
    Ok(Syncing {
        service,
        announcements,
        network,
    })
}
