//! The chain itself: limits of a block, fitted to the network's slot.

use crate::*;
use frame_support::{
    derive_impl,
    dispatch::DispatchClass,
    parameter_types,
    traits::{Contains, Get, InsideBoth},
    weights::{Weight, constants::WEIGHT_REF_TIME_PER_MILLIS},
};
use frame_system::limits;
use plume_primitives::{SS58_PREFIX, consensus::block_ref_time_ps};
use sp_runtime::{Perbill, traits::AccountIdLookup};

/// Part of a block that ordinary transactions may fill; the rest is kept for the chain's own duties.
const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(85);
/// Time kept for operational calls even in a full block. Replacing the runtime takes longer than a
/// third of a slot: rather one late block than a chain that cannot be upgraded.
const OPERATIONAL_RESERVE: Weight = Weight::from_parts(600 * WEIGHT_REF_TIME_PER_MILLIS, u64::MAX);
/// Longest block, in bytes.
const MAX_BLOCK_LENGTH: u32 = 5 * 1024 * 1024;

/// Limits of execution: a third of whatever slot the network chose.
pub struct BlockWeights;

impl Get<limits::BlockWeights> for BlockWeights {
    fn get() -> limits::BlockWeights {
        let max_block = Weight::from_parts(block_ref_time_ps(Clock::slot_duration_ms()), u64::MAX);
        let max_normal = NORMAL_DISPATCH_RATIO * max_block;
        let mut weights = limits::BlockWeights::builder()
            .base_block(weights::block_weights::BlockExecutionWeight::get())
            .for_class(DispatchClass::all(), |class| {
                class.base_extrinsic = weights::extrinsic_weights::ExtrinsicBaseWeight::get();
            })
            .for_class(DispatchClass::Normal, |class| {
                class.max_total = Some(max_normal);
            })
            .for_class(DispatchClass::Operational, |class| {
                // Bounded by its reserve alone: a limit of its own would count as the whole block's.
                class.max_total = None;
                class.reserved = Some(OPERATIONAL_RESERVE);
            })
            .avg_block_initialization(Perbill::from_percent(5))
            .build_or_panic();
        // The builder takes the largest class's limit, the normal one, for the whole block's.
        weights.max_block = max_block;
        weights
    }
}

parameter_types! {
    pub const Version: sp_version::RuntimeVersion = VERSION;
    /// 4,096 blocks are 17 minutes: clients default to a mortality of 64 blocks, hardware wallets and
    /// signing ceremonies need minutes.
    pub const BlockHashCount: BlockNumber = 4096;
    pub const Ss58Prefix: u16 = SS58_PREFIX;
    pub BlockLength: limits::BlockLength = limits::BlockLength::builder()
        .max_length(MAX_BLOCK_LENGTH)
        .modify_max_length_for_class(DispatchClass::Normal, |max| *max = NORMAL_DISPATCH_RATIO * *max)
        .build();
}

/// Whether a call changes how much PLUME is issued: burns it, or sets what an account has or what the counter
/// says. Nobody may, root included: PLUME leaves issuance by burned fees alone, so that issuance and burned
/// always add up to the supply, and nothing enters it.
///
/// The call itself counts, not one within it: whoever dispatches calls for others asks for each of them.
pub fn leaves_issuance(call: &RuntimeCall) -> bool {
    use pallet_balances::Call;
    let RuntimeCall::Balances(call) = call else {
        return false;
    };
    match call {
        Call::burn { .. }
        | Call::force_set_balance { .. }
        | Call::force_adjust_total_issuance { .. } => true,
        Call::transfer_allow_death { .. }
        | Call::transfer_keep_alive { .. }
        | Call::transfer_all { .. }
        | Call::force_transfer { .. }
        | Call::force_unreserve { .. }
        | Call::upgrade_accounts { .. }
        | Call::__Ignore(..) => false,
    }
}

/// Calls that can be executed at all. The others are closed to everybody, within other calls even to root:
///
/// - PLUME leaves issuance by burned fees alone ([`leaves_issuance`]).
/// - The treasury pays when somebody asks for an approved spend, and not in a block's hook, which no policy
///   sees.
pub struct OpenCalls;

impl Contains<RuntimeCall> for OpenCalls {
    fn contains(call: &RuntimeCall) -> bool {
        !leaves_issuance(call)
            && !matches!(
                call,
                RuntimeCall::Treasury(pallet_treasury::Call::spend_local { .. })
            )
    }
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = Block;
    /// Also for calls within calls. Root is not filtered.
    type BaseCallFilter = InsideBoth<OpenCalls, TxPause>;
    type Nonce = Nonce;
    type Hash = Hash;
    type AccountId = AccountId;
    type Lookup = AccountIdLookup<AccountId, ()>;
    type BlockWeights = BlockWeights;
    type BlockLength = BlockLength;
    type DbWeight = weights::database_weights::DatabaseWeight;
    type BlockHashCount = BlockHashCount;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<Balance>;
    type SystemWeightInfo = weights::frame_system::WeightInfo<Runtime>;
    type ExtensionsWeightInfo = weights::frame_system_extensions::WeightInfo<Runtime>;
    type SS58Prefix = Ss58Prefix;
    type SingleBlockMigrations = migrations::SingleBlockMigrations;
}

impl pallet_timestamp::Config for Runtime {
    type Moment = plume_primitives::Moment;
    type OnTimestampSet = (Aura, Clock);
    type MinimumPeriod = pallet_clock::MinimumPeriod<Runtime>;
    type WeightInfo = weights::pallet_timestamp::WeightInfo<Runtime>;
}

impl pallet_clock::Config for Runtime {}
