//! Slots in turn by Aura, finality by GRANDPA: what every network runs.

use crate::{
    Block, Engine, EqualHeightRule, EqualHeights, FinalityRpc, Foundation, FullBackend, LateBlocks,
    Once, PlumeClient, PromptVotes, Running, SelectChain, Timing, UnfinalizedCap, block_push,
    clock_guard, double_seals, heartbeat, rivals,
};
use sc_consensus::{BlockImport, DefaultImportQueue};
use sc_consensus_aura::{
    BuildVerifierParams, CheckForEquivocation, ImportQueueParams, SlotProportion, StartAuraParams,
};
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaBlockImport, GrandpaParams, LinkHalf, SharedVoterState,
    warp_proof,
};
use sc_network::{
    NetworkBackend, NotificationService, ProtocolName, config::FullNetworkConfiguration,
    service::NotificationMetrics,
};
use sc_service::{Configuration, WarpSyncConfig, error::Error as ServiceError};
use sc_transaction_pool_api::TransactionPool;
use sp_consensus::block_validation::BlockAnnounceValidator;
use sp_consensus_aura::sr25519::AuthorityPair;
use std::sync::Arc;

/// Part of its slot for which an author builds.
pub const PROPOSAL_SLOT_PORTION: f32 = 1.0 / 3.0;
/// Part of a slot for which an author fills its block at most, also when earlier slots were missed and consensus
/// waits longer for it. Without this bound the block after a missed slot runs long, and forks come just when a
/// node has died. See [`Timing::fill_limit`](crate::Timing::fill_limit).
pub const MAX_FILL_SLOT_PORTION: f32 = 0.4;
/// Blocks between the justifications that are stored for ever; warp sync needs one per set change and
/// gets that regardless.
const JUSTIFICATION_PERIOD_BLOCKS: u32 = 512;

/// The fork choice as the voter sees it.
type VoterChain<C> = PromptVotes<SelectChain, C>;

/// Imports blocks one after the other: chooses among forks, lets go of late ones right before they would be
/// executed, executes none twice, notes who votes.
type Import<C> = EqualHeights<
    LateBlocks<Once<GrandpaBlockImport<FullBackend, Block, C, VoterChain<C>>, Arc<C>>, Arc<C>>,
    SelectChain,
>;

/// Aura and GRANDPA, joined.
pub struct AuraGrandpa<C> {
    client: Arc<C>,
    backend: Arc<FullBackend>,
    block_import: Import<C>,
    link: LinkHalf<Block, C, VoterChain<C>>,
    timing: Timing,
    voter_state: SharedVoterState,
    protocol: Option<(ProtocolName, Box<dyn NotificationService>)>,
    watcher: double_seals::Watcher,
    double_seals: async_channel::Receiver<double_seals::Proof>,
    clock: Option<clock_guard::Protocol>,
    push: Option<block_push::Protocol>,
}

/// Timestamp and slot of a block sealed now.
fn inherents_now(
    slot: sp_consensus_aura::SlotDuration,
) -> (
    sp_consensus_aura::inherents::InherentDataProvider,
    sp_timestamp::InherentDataProvider,
) {
    let timestamp = sp_timestamp::InherentDataProvider::from_system_time();
    let slot = sp_consensus_aura::inherents::InherentDataProvider::from_timestamp_and_slot_duration(
        *timestamp, slot,
    );
    (slot, timestamp)
}

impl<C: PlumeClient> Engine<C> for AuraGrandpa<C>
where
    for<'a> &'a C: BlockImport<Block, Error = sp_consensus::Error>,
{
    fn new(
        foundation: Foundation<'_, C>,
    ) -> Result<(Self, DefaultImportQueue<Block>), ServiceError> {
        let Foundation {
            config,
            client,
            backend,
            task_manager,
            select_chain,
            timing,
            telemetry,
        } = foundation;
        let (grandpa, link) = sc_consensus_grandpa::block_import(
            client.clone(),
            JUSTIFICATION_PERIOD_BLOCKS,
            &client,
            PromptVotes::new(select_chain.clone(), client.clone(), timing.slot),
            telemetry.clone(),
        )?;
        let (watcher, double_seals) =
            double_seals::Watcher::new(timing.slot, config.prometheus_registry());
        // Own blocks and others' go through clones of one, so that they wait for each other.
        let block_import = EqualHeights::new(
            LateBlocks::new(Once::new(grandpa.clone(), client.clone()), client.clone()),
            select_chain,
            EqualHeightRule::new(timing.slot),
        );
        let import_queue =
            sc_consensus_aura::import_queue::<AuthorityPair, _, _, _, _, _>(ImportQueueParams {
                block_import: watcher.watch(block_import.clone(), client.clone()),
                justification_import: Some(Box::new(grandpa)),
                client: client.clone(),
                create_inherent_data_providers: move |_, ()| async move {
                    Ok(inherents_now(timing.slot))
                },
                spawner: &task_manager.spawn_essential_handle(),
                registry: config.prometheus_registry(),
                // Aura's own check writes to the disk with every block, and tells a log only.
                check_for_equivocation: CheckForEquivocation::No,
                telemetry,
                compatibility_mode: Default::default(),
            })?;
        let voter_state = SharedVoterState::empty();
        Ok((
            Self {
                client,
                backend,
                block_import,
                link,
                timing,
                voter_state,
                protocol: None,
                watcher,
                double_seals,
                clock: None,
                push: None,
            },
            import_queue,
        ))
    }

    fn configure_network<N: NetworkBackend<Block, sp_core::H256>>(
        &mut self,
        config: &Configuration,
        net_config: &mut FullNetworkConfiguration<Block, sp_core::H256, N>,
        metrics: NotificationMetrics,
    ) -> Option<WarpSyncConfig<Block>> {
        let genesis = self.client.info().genesis_hash;
        let name = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
        // Who does not vote must not offer to: peers wait in vain for an answer to the substream, and leave.
        if !config.disable_grandpa {
            let (protocol_config, notifications) =
                sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
                    name.clone(),
                    metrics.clone(),
                    net_config.peer_store_handle(),
                );
            net_config.add_notification_protocol(protocol_config);
            self.protocol = Some((name, notifications));
        }
        let push =
            block_push::Protocol::new(&genesis, config.chain_spec.fork_id(), net_config, metrics);
        self.push = Some(push);
        let (clock, clock_config) =
            clock_guard::Protocol::new::<N>(&genesis, config.chain_spec.fork_id());
        net_config.add_request_response_protocol(clock_config);
        self.clock = Some(clock);
        Some(WarpSyncConfig::WithProvider(Arc::new(
            warp_proof::NetworkProvider::new(
                self.backend.clone(),
                self.link.shared_authority_set().clone(),
                Vec::new(),
            ),
        )))
    }

    fn announcements(&self) -> Option<Box<dyn BlockAnnounceValidator<Block> + Send>> {
        self.push.as_ref().map(block_push::Protocol::announcements)
    }

    fn finality_rpc(&self) -> Option<FinalityRpc> {
        Some(FinalityRpc {
            justifications: self.link.justification_stream(),
            authority_set: self.link.shared_authority_set().clone(),
            voter_state: self.voter_state.clone(),
            proofs: FinalityProofProvider::new_for_service(
                self.backend.clone(),
                Some(self.link.shared_authority_set().clone()),
            ),
        })
    }

    fn start<Pool, Proposer, ForkChoice>(
        self,
        running: Running<'_, C, Pool, Proposer, ForkChoice>,
    ) -> Result<(), ServiceError>
    where
        Pool: TransactionPool<Block = Block> + 'static,
        ForkChoice: sp_consensus::SelectChain<Block> + 'static,
        Proposer:
            sp_consensus::Environment<Block, Error = sp_blockchain::Error> + Send + Sync + 'static,
        Proposer::Proposer: sp_consensus::Proposer<Block, Error = sp_blockchain::Error>,
    {
        let Self {
            block_import,
            link,
            timing,
            voter_state,
            protocol,
            watcher,
            double_seals,
            clock,
            push,
            ..
        } = self;
        let seals = running.role.is_authority();
        let verifier =
            sc_consensus_aura::build_verifier::<AuthorityPair, _, _, Block>(BuildVerifierParams {
                client: running.client.clone(),
                create_inherent_data_providers: move |_: sp_core::H256, ()| async move {
                    Ok(inherents_now(timing.slot))
                },
                check_for_equivocation: CheckForEquivocation::No,
                telemetry: running.telemetry.clone(),
                compatibility_mode: Default::default(),
            });
        let own_blocks = push.map(|push| {
            push.start(block_push::Node {
                client: running.client.clone(),
                import: watcher.watch(block_import.clone(), running.client.clone()),
                verifier,
                network: running.network.clone(),
                sync: running.sync.clone(),
                slot: timing.slot,
                registry: running.prometheus.as_ref(),
                spawner: running.task_manager.spawn_handle(),
            })
        });

        let reports =
            double_seals::report(running.client.clone(), running.pool.clone(), double_seals);
        running.task_manager.spawn_handle().spawn(
            "double-seal-reports",
            Some("consensus"),
            reports,
        );
        if let Some(clock) = clock {
            let spawner = running.task_manager.spawn_handle();
            spawner.spawn("clock-answers", Some("clock"), clock.answer());
            let guard = clock.guard(
                running.network.clone(),
                running.sync.clone(),
                running.clock_tolerance,
                running.prometheus.as_ref(),
            );
            spawner.spawn("clock-guard", Some("clock"), guard);
        }
        running.task_manager.spawn_handle().spawn(
            "equal-heights",
            Some("block-import"),
            rivals::fetch(
                running.client.clone(),
                running.sync.clone(),
                EqualHeightRule::new(timing.slot),
            ),
        );

        if seals {
            let announcements = heartbeat::announce(
                running.client.clone(),
                running.pool.clone(),
                running.keystore.clone(),
            );
            running.task_manager.spawn_handle().spawn(
                "leadership-heartbeat",
                Some("block-authoring"),
                announcements,
            );
            let aura = sc_consensus_aura::start_aura::<AuthorityPair, _, _, _, _, _, _, _, _, _, _>(
                StartAuraParams {
                    slot_duration: timing.slot,
                    client: running.client.clone(),
                    select_chain: running.select_chain,
                    block_import: block_push::PushOwn::new(
                        watcher.watch(block_import, running.client),
                        own_blocks.filter(|_| running.pushes_blocks),
                    ),
                    proposer_factory: running.proposer,
                    create_inherent_data_providers: move |_, ()| async move {
                        Ok(inherents_now(timing.slot))
                    },
                    force_authoring: running.force_authoring,
                    backoff_authoring_blocks: Some(UnfinalizedCap::default()),
                    keystore: running.keystore.clone(),
                    sync_oracle: running.sync.clone(),
                    justification_sync_link: running.sync.clone(),
                    block_proposal_slot_portion: SlotProportion::new(PROPOSAL_SLOT_PORTION),
                    // No bound: one transaction may take longer than a slot on a slow machine, and a chain
                    // whose authors all give up on it stands still. The proposer bounds what it plans for.
                    max_block_proposal_slot_portion: None,
                    telemetry: running.telemetry.clone(),
                    compatibility_mode: Default::default(),
                },
            )?;
            // A node that cannot seal any more is better dead and noticed.
            running
                .task_manager
                .spawn_essential_handle()
                .spawn_blocking("aura", Some("block-authoring"), aura);
        }

        if running.votes {
            let (protocol_name, notification_service) = protocol.ok_or_else(|| {
                ServiceError::Other(
                    "the voter was started before its protocol was added to the network".into(),
                )
            })?;
            let voter = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
                config: sc_consensus_grandpa::Config {
                    gossip_duration: timing.gossip,
                    justification_generation_period: JUSTIFICATION_PERIOD_BLOCKS,
                    name: Some(running.name),
                    observer_enabled: false,
                    keystore: seals.then_some(running.keystore),
                    local_role: running.role,
                    telemetry: running.telemetry.clone(),
                    protocol_name,
                },
                link,
                network: running.network,
                sync: running.sync,
                notification_service,
                // The default rule holds every vote two blocks back: half a second, given away.
                voting_rule: (),
                prometheus_registry: running.prometheus,
                shared_voter_state: voter_state,
                telemetry: running.telemetry,
                offchain_tx_pool_factory: running.offchain_pool,
            })?;
            running
                .task_manager
                .spawn_essential_handle()
                .spawn_blocking("grandpa-voter", None, voter);
        }
        Ok(())
    }
}
