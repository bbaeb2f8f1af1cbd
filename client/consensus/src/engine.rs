//! What the node knows of consensus.

use crate::{Sealer, SelectChain, Timing};
use plume_primitives::api::{DoubleSeals, Leadership};
use sc_client_api::{AuxStore, BlockBackend, BlockOf, UsageProvider};
use sc_consensus::DefaultImportQueue;
use sc_consensus_grandpa::{
    ClientForGrandpa, FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet,
    SharedVoterState,
};
use sc_network::{NetworkBackend, config::FullNetworkConfiguration, service::NotificationMetrics};
use sc_network_sync::SyncingService;
use sc_service::{Configuration, TaskManager, WarpSyncConfig, error::Error as ServiceError};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::{OffchainTransactionPoolFactory, TransactionPool};
use sp_api::ProvideRuntimeApi;
use sp_block_builder::BlockBuilder;
use sp_consensus::block_validation::BlockAnnounceValidator;
use sp_consensus_aura::AuraApi;
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_consensus_grandpa::GrandpaApi;
use sp_keystore::KeystorePtr;
use sp_runtime::{OpaqueExtrinsic, generic, traits::BlakeTwo256};
use std::{sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;

/// A block as the node handles it: its transactions are bytes.
pub type Block =
    generic::Block<generic::Header<plume_primitives::BlockNumber, BlakeTwo256>, OpaqueExtrinsic>;
/// Where blocks and states are kept.
pub type FullBackend = sc_service::TFullBackend<Block>;
/// Name and key of an author.
pub use sp_consensus_aura::sr25519::AuthorityId as AuraId;

/// The client that an engine drives: stores, executes and imports blocks.
pub trait PlumeClient:
    ProvideRuntimeApi<
        Block,
        Api: AuraApi<Block, AuraId>
                 + GrandpaApi<Block>
                 + BlockBuilder<Block>
                 + Leadership<Block, AuraId, AuthoritySignature>
                 + DoubleSeals<Block, AuraId>
                 + sp_api::ApiExt<Block>,
    > + ClientForGrandpa<Block, FullBackend>
    + sc_client_api::BlockchainEvents<Block>
    + BlockBackend<Block>
    + BlockOf
    + AuxStore
    + UsageProvider<Block>
    + Send
    + Sync
    + 'static
{
}

impl<T> PlumeClient for T where
    T: ProvideRuntimeApi<
            Block,
            Api: AuraApi<Block, AuraId>
                     + GrandpaApi<Block>
                     + BlockBuilder<Block>
                     + Leadership<Block, AuraId, AuthoritySignature>
                     + DoubleSeals<Block, AuraId>
                     + DoubleSeals<Block, AuraId>
                     + sp_api::ApiExt<Block>,
        > + ClientForGrandpa<Block, FullBackend>
        + sc_client_api::BlockchainEvents<Block>
        + BlockBackend<Block>
        + BlockOf
        + AuxStore
        + UsageProvider<Block>
        + Send
        + Sync
        + 'static
{
}

/// What an engine is built on, before there is a network.
pub struct Foundation<'a, C> {
    /// The node's configuration.
    pub config: &'a Configuration,
    /// The client.
    pub client: Arc<C>,
    /// The client's database.
    pub backend: Arc<FullBackend>,
    /// Where the engine's tasks run.
    pub task_manager: &'a TaskManager,
    /// The fork choice.
    pub select_chain: SelectChain,
    /// Durations of this network.
    pub timing: Timing,
    /// Where to report to, if anywhere.
    pub telemetry: Option<TelemetryHandle>,
}

/// What an engine needs to run, once there is a network.
pub struct Running<'a, C, Pool, Proposer, ForkChoice = SelectChain> {
    /// The client.
    pub client: Arc<C>,
    /// The transaction pool.
    pub pool: Arc<Pool>,
    /// For reports that the node itself submits, such as a double vote's proof.
    pub offchain_pool: OffchainTransactionPoolFactory<Block>,
    /// Builds blocks.
    pub proposer: Proposer,
    /// What this node's blocks are built on.
    pub select_chain: ForkChoice,
    /// The network.
    pub network: Arc<dyn sc_network::service::traits::NetworkService>,
    /// Block synchronisation.
    pub sync: Arc<SyncingService<Block>>,
    /// The validator's keys.
    pub keystore: KeystorePtr,
    /// Where the engine's tasks run.
    pub task_manager: &'a TaskManager,
    /// Whether this node holds keys that seal and vote.
    pub role: sc_service::Role,
    /// The node's name, in logs.
    pub name: String,
    /// Whether to seal without peers.
    pub force_authoring: bool,
    /// Whether to vote.
    pub votes: bool,
    /// Whether to push sealed blocks to peers, beside announcing them.
    pub pushes_blocks: bool,
    /// How far this machine's clock may be from its peers' before the node complains.
    pub clock_tolerance: Duration,
    /// Where metrics are registered.
    pub prometheus: Option<Registry>,
    /// Where to report to, if anywhere.
    pub telemetry: Option<TelemetryHandle>,
}

/// What the RPC server offers about finality.
#[derive(Clone)]
pub struct FinalityRpc {
    /// Justifications as they are made.
    pub justifications: GrandpaJustificationStream<Block>,
    /// Who votes.
    pub authority_set: SharedAuthoritySet<sp_core::H256, plume_primitives::BlockNumber>,
    /// The state of the voter's rounds.
    pub voter_state: SharedVoterState,
    /// Proofs that a block is final.
    pub proofs: Arc<FinalityProofProvider<FullBackend, Block>>,
}

/// Agrees on blocks. Built on a [`Foundation`], asked in the order of its methods, then started.
pub trait Engine<C: PlumeClient>: Sized {
    /// Lays the engine on its foundation, and hands out the queue that verifies others' blocks.
    fn new(
        foundation: Foundation<'_, C>,
    ) -> Result<(Self, DefaultImportQueue<Block>), ServiceError>;

    /// Adds the engine's protocols to the network, and says how a new node may skip history.
    fn configure_network<N: NetworkBackend<Block, sp_core::H256>>(
        &mut self,
        config: &Configuration,
        net_config: &mut FullNetworkConfiguration<Block, sp_core::H256, N>,
        metrics: NotificationMetrics,
    ) -> Option<WarpSyncConfig<Block>>;

    /// What announcements of blocks have to pass; none for what the SDK has them pass.
    fn announcements(&self) -> Option<Box<dyn BlockAnnounceValidator<Block> + Send>> {
        None
    }

    /// What the RPC server offers about finality; none where finality has no proofs.
    fn finality_rpc(&self) -> Option<FinalityRpc>;

    /// Seals at moments that somebody names; none where time is everybody's.
    fn sealer(&self) -> Option<Sealer> {
        None
    }

    /// Starts sealing and voting, as far as the node's role goes.
    fn start<Pool, Proposer, ForkChoice>(
        self,
        running: Running<'_, C, Pool, Proposer, ForkChoice>,
    ) -> Result<(), ServiceError>
    where
        Pool: TransactionPool<Block = Block> + 'static,
        ForkChoice: sp_consensus::SelectChain<Block> + 'static,
        Proposer:
            sp_consensus::Environment<Block, Error = sp_blockchain::Error> + Send + Sync + 'static,
        Proposer::Proposer: sp_consensus::Proposer<Block, Error = sp_blockchain::Error>;
}
