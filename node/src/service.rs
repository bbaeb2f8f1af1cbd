//! The node's parts, joined: storage, executor, pool, consensus, network, RPC.

use crate::{
    behaviour::{Behaviour, ForkChoice},
    chain_spec,
    host_functions::HostFunctions,
    keystore::RememberedPairs,
    permissioned::Door,
    rpc, syncing, wasm_cache,
};
use futures::FutureExt;
use plume_authorship::BatchProposerFactory;
use plume_consensus::{
    AuraGrandpa, AuraId, Block, Engine, Foundation, FullBackend, OnDemand, Running, SelectChain,
    Timing,
};
use plume_pool::LedgerPool;
use sc_client_api::{Backend, HeaderBackend};
use sc_consensus::DefaultImportQueue;
use sc_executor::{DEFAULT_HEAP_ALLOC_STRATEGY, HeapAllocStrategy, WasmExecutor};
use sc_network::NetworkBackend;
use sc_network_sync::block_relay_protocol::BlockRelayParams;
use sc_service::{Configuration, PartialComponents, TaskManager, error::Error as ServiceError};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_api::ProvideRuntimeApi;
use sp_consensus_grandpa::GrandpaApi;
use sp_keystore::KeystorePtr;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// The runtime's interface, by name: the node executes the wasm that the chain stores.
pub use plume_runtime::apis::RuntimeApi;

/// Stores, executes and imports blocks.
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, WasmExecutor<HostFunctions>>;
/// Keeps transactions until they are final; as wallets, authors and the chain see it.
pub type Pool = plume_pool::RpcView<Block>;

/// How much the pool takes.
#[derive(Clone, Copy, Debug)]
pub struct PoolLimits {
    /// Transactions.
    pub count: usize,
    /// Bytes of transactions.
    pub bytes: usize,
}

/// What every command may take of the machine, beyond the SDK's own configuration.
#[derive(Clone, Debug)]
pub struct Resources {
    /// How much the pool takes.
    pub pool: PoolLimits,
    /// Where compiled runtimes are kept, if not beside the chain's database.
    pub wasm_cache: Option<PathBuf>,
}

/// What can be chosen about a running node beyond the SDK's own configuration.
#[derive(Clone, Debug)]
pub struct Options {
    /// What it may take of the machine.
    pub resources: Resources,
    /// How far this machine's clock may be from its peers' before the node complains.
    pub clock_tolerance: Duration,
    /// Whether to connect only with nodes that the chain admits.
    pub permissioned: bool,
}

/// The parts that every command needs, with consensus engine `E` laid but not started.
type Parts<E> = PartialComponents<
    FullClient,
    FullBackend,
    SelectChain,
    DefaultImportQueue<Block>,
    Pool,
    (E, Timing, Arc<LedgerPool<Block>>, Option<Telemetry>),
>;

/// The parts, with the engine that every network runs.
pub fn parts(
    config: &Configuration,
    resources: &Resources,
) -> Result<Parts<AuraGrandpa<FullClient>>, ServiceError> {
    parts_with(config, resources)
}

/// Executes runtimes as configured, and keeps what they were compiled to.
///
/// [`sc_service::new_wasm_executor`], but for that it keeps nothing.
fn executor(config: &Configuration, chosen: Option<&Path>) -> WasmExecutor<HostFunctions> {
    let settings = &config.executor;
    let heap = settings
        .default_heap_pages
        .map_or(DEFAULT_HEAP_ALLOC_STRATEGY, |pages| {
            HeapAllocStrategy::Static {
                extra_pages: u32::try_from(pages).unwrap_or(u32::MAX),
            }
        });
    let builder = WasmExecutor::<HostFunctions>::builder()
        .with_execution_method(settings.wasm_method)
        .with_onchain_heap_alloc_strategy(heap)
        .with_offchain_heap_alloc_strategy(heap)
        .with_max_runtime_instances(settings.max_runtime_instances)
        .with_runtime_cache_size(settings.runtime_cache_size);
    match wasm_cache::folder(config, chosen) {
        Some(folder) => builder.with_cache_path(folder).build(),
        None => builder.build(),
    }
}

fn parts_with<E: Engine<FullClient>>(
    config: &Configuration,
    resources: &Resources,
) -> Result<Parts<E>, ServiceError> {
    let telemetry = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| -> Result<_, sc_telemetry::Error> {
            let worker = TelemetryWorker::new(16)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok((worker, telemetry))
        })
        .transpose()?;

    #[cfg(target_os = "linux")]
    if let Some(registry) = config.prometheus_registry() {
        crate::process_metrics::register(registry)?;
    }
    let executor = executor(config, resources.wasm_cache.as_deref());
    let (client, backend, keystore_container, task_manager) =
        sc_service::new_full_parts::<Block, RuntimeApi, _>(
            config,
            telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
            executor,
            Vec::new(),
        )?;
    let client = Arc::new(client);

    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager
            .spawn_handle()
            .spawn("telemetry", None, worker.run());
        telemetry
    });

    let slot = sc_consensus_aura::slot_duration::<AuraId, _, _>(&*client)?;
    let gossip_ms = chain_spec::extensions(&*config.chain_spec)
        .consensus
        .gossip_duration_ms;
    let timing = Timing::new(slot.as_millis(), gossip_ms)
        .map_err(|error| ServiceError::Other(error.to_string()))?;

    // GRANDPA cannot begin without voters, and panics; whoever filled in the template wants a sentence.
    let genesis = client.info().genesis_hash;
    if client
        .runtime_api()
        .grandpa_authorities(genesis)
        .map_err(|error| ServiceError::Other(error.to_string()))?
        .is_empty()
    {
        return Err(ServiceError::Other(
            "the genesis has no validators: fill in validators.validators and session.keys of the chain \
             specification (docs/operators/new-network.md)"
                .into(),
        ));
    }

    let select_chain = SelectChain::new(backend.clone());
    let pool = LedgerPool::new(
        client.clone(),
        plume_pool::Options {
            max_count: resources.pool.count,
            max_bytes: resources.pool.bytes,
            ..Default::default()
        },
        config.prometheus_registry(),
        task_manager.spawn_essential_handle(),
    );

    let (engine, import_queue) = E::new(Foundation {
        config,
        client: client.clone(),
        backend: backend.clone(),
        task_manager: &task_manager,
        select_chain: select_chain.clone(),
        timing,
        telemetry: telemetry.as_ref().map(|telemetry| telemetry.handle()),
    })?;

    Ok(PartialComponents {
        client,
        backend,
        task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool: Arc::new(plume_pool::RpcView::new(pool.clone())),
        other: (engine, timing, pool, telemetry),
    })
}

/// How a behaviour relays blocks over a network backend, if it does so in a way of its own.
type Relay<N> =
    fn(&mut dyn Behaviour, &Configuration, Arc<FullClient>) -> Option<BlockRelayParams<Block, N>>;

/// Runs the node until it is told to stop.
pub fn run(
    config: Configuration,
    options: Options,
    seals_on_demand: bool,
    behaviour: Box<dyn Behaviour>,
) -> Result<TaskManager, ServiceError> {
    use sc_network::{Litep2pNetworkBackend, NetworkWorker, config::NetworkBackendType};
    type Libp2p = NetworkWorker<Block, sp_core::H256>;
    let over_litep2p: Relay<Litep2pNetworkBackend> =
        |behaviour, config, client| behaviour.block_relay(config, client);
    match (config.network.network_backend, seals_on_demand) {
        (NetworkBackendType::Litep2p, false) => {
            run_with::<_, AuraGrandpa<FullClient>>(config, options, behaviour, over_litep2p)
        }
        (NetworkBackendType::Libp2p, false) => {
            let sdks: Relay<Libp2p> = |_, _, _| None;
            run_with::<_, AuraGrandpa<FullClient>>(config, options, behaviour, sdks)
        }
        (_, true) => run_with::<_, OnDemand<FullClient>>(config, options, behaviour, over_litep2p),
    }
}

fn run_with<N, E>(
    mut config: Configuration,
    options: Options,
    mut behaviour: Box<dyn Behaviour>,
    relay: Relay<N>,
) -> Result<TaskManager, ServiceError>
where
    N: NetworkBackend<Block, sp_core::H256>,
    E: Engine<FullClient>,
{
    let PartialComponents {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool: pool,
        other: (mut engine, timing, ledger, mut telemetry),
    } = parts_with::<E>(&config, &options.resources)?;
    let keystore: KeystorePtr =
        Arc::new(RememberedPairs::over(keystore_container.local_keystore()));
    log::info!(
        "Slots of {} ms, gossip of {} ms",
        timing.slot.as_millis(),
        timing.gossip.as_millis()
    );

    let door = options
        .permissioned
        .then(|| Door::new(&client, &mut config.network));
    let mut net_config = sc_network::config::FullNetworkConfiguration::<_, _, N>::new(
        &config.network,
        config.prometheus_registry().cloned(),
    );
    let metrics = N::register_notification_metrics(config.prometheus_registry());
    let warp_sync_config = engine.configure_network(&config, &mut net_config, metrics.clone());

    let block_relay = relay(behaviour.as_mut(), &config, client.clone());
    let syncing = syncing::start(
        &config,
        &mut net_config,
        &client,
        &task_manager,
        &import_queue,
        syncing::Plan {
            announcements: engine.announcements(),
            warp: warp_sync_config,
            relay: block_relay,
            metrics: metrics.clone(),
        },
    )?;
    let (network, system_rpc_tx, tx_handler_controller, sync, _bitswap) =
        sc_service::build_network_advanced(sc_service::BuildNetworkAdvancedParams {
            role: config.role,
            protocol_id: config.protocol_id(),
            fork_id: config.chain_spec.fork_id(),
            announce_block: config.announce_block,
            net_config,
            client: client.clone(),
            transaction_pool: Arc::new(plume_pool::NetView::new(ledger.clone())),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            sync_service: syncing.service,
            block_announce_config: syncing.announcements,
            network_service_provider: syncing.network,
            metrics_registry: config.prometheus_registry(),
            metrics,
            blocks_pruning: config.blocks_pruning,
        })?;

    behaviour.on_network(network.clone(), task_manager.spawn_handle());
    if let Some(door) = door {
        let registry = config.prometheus_registry().cloned();
        let keeping = door.keep(client.clone(), network.clone(), sync.clone(), registry);
        task_manager
            .spawn_handle()
            .spawn("membership", Some("networking"), keeping);
    }

    let offchain_pool = OffchainTransactionPoolFactory::new(pool.clone());
    if config.offchain_worker.enabled {
        let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
            runtime_api_provider: client.clone(),
            is_validator: config.role.is_authority(),
            keystore: Some(keystore.clone()),
            offchain_db: backend.offchain_storage(),
            transaction_pool: Some(offchain_pool.clone()),
            network_provider: Arc::new(network.clone()),
            enable_http_requests: false,
            custom_extensions: |_| Vec::new(),
        })?;
        task_manager.spawn_handle().spawn(
            "offchain-workers-runner",
            "offchain-worker",
            workers
                .run(client.clone(), task_manager.spawn_handle())
                .boxed(),
        );
    }

    let mut proposer = BatchProposerFactory::new(
        task_manager.spawn_handle(),
        client.clone(),
        pool.clone(),
        config.prometheus_registry(),
    );
    proposer.set_fill_limit(timing.fill_limit());

    let role = config.role;
    let force_authoring = config.force_authoring;
    let votes = !config.disable_grandpa;
    let name = config.network.node_name.clone();
    let prometheus = config.prometheus_registry().cloned();
    let finality = engine.finality_rpc();
    let sealer = engine.sealer();

    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore.clone(),
        transaction_pool: pool.clone(),
        rpc_builder: Box::new({
            let (client, ledger) = (client.clone(), ledger.clone());
            move |executor| {
                let deps = rpc::Deps {
                    client: client.clone(),
                    ledger: ledger.clone(),
                    finality: finality.clone(),
                    sealer: sealer.clone(),
                };
                rpc::module(deps, executor).map_err(ServiceError::Application)
            }
        }),
        network: network.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;

    #[cfg(target_os = "linux")]
    if let Err(error) = crate::answers::leave_at_once() {
        log::warn!("Long answers over RPC take 40 ms more: {error}");
    }

    let pushes_blocks = behaviour.pushes_blocks();
    let fork_choice = ForkChoice {
        honest: select_chain,
        behaviour: behaviour.into(),
        client: client.clone(),
        timing,
    };
    engine.start(Running {
        client,
        pool,
        offchain_pool,
        proposer,
        select_chain: fork_choice,
        network,
        sync,
        keystore,
        task_manager: &task_manager,
        role,
        name,
        force_authoring,
        votes,
        pushes_blocks,
        clock_tolerance: options.clock_tolerance,
        prometheus,
        telemetry: telemetry.as_ref().map(|telemetry| telemetry.handle()),
    })?;
    Ok(task_manager)
}
