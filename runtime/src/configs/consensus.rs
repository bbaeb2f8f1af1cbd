//! Who seals, who votes, and how a double vote is proven.

use super::offences::ForgetsOldReports;
use crate::{
    governance::{RootOr, ValidatorAdmission, committee::WithCommittee},
    *,
};
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU32, ConstU64, Get},
};
use pallet_session::historical::NoteHistoricalRoot;
use plume_primitives::pots;
use sp_runtime::{
    Perbill,
    traits::{ConvertInto, OpaqueKeys},
};

/// Blocks in a session, unless a network's genesis says otherwise: ten minutes of 250 ms slots.
pub const SESSION_BLOCKS: BlockNumber = pallet_validators::DEFAULT_SESSION_BLOCKS;
/// Sessions for which a double vote can still be proven: a week of ten-minute sessions.
pub(super) const PROVABLE_SESSIONS: u32 = 7 * 24 * 6;

parameter_types! {
    pub const SessionOffset: BlockNumber = 0;
    /// Registering session keys occupies state until they are purged.
    pub const KeyDeposit: Balance = plume_primitives::units::storage_deposit(2, 128);
    pub const HistoryDepth: u32 = PROVABLE_SESSIONS;
    /// Blocks for which a report of a double vote may wait in a pool.
    pub const ReportLongevity: u64 = PROVABLE_SESSIONS as u64 * SESSION_BLOCKS as u64;
    /// A bond stays on hold for a day longer than an offence can be proven.
    pub const UnbondingTime: Seconds = 8 * 24 * 60 * 60;
    pub ValidatorRewards: AccountId = pots::validator_rewards();
}

/// What backers get of what their validator earns, as governance has it.
pub struct BackersPart;

impl Get<Perbill> for BackersPart {
    fn get() -> Perbill {
        super::parameters::dynamic_params::fee_model::BackersShare::get().part()
    }
}

/// The session that the block belongs to.
pub struct CurrentSession;

impl Get<u32> for CurrentSession {
    fn get() -> u32 {
        Session::current_index()
    }
}

/// The most validators there can be: the dynamic set steps up to 61 (3f + 1 with f = 20).
pub type MaxAuthorities = ConstU32<64>;

impl pallet_aura::Config for Runtime {
    type AuthorityId = sp_consensus_aura::sr25519::AuthorityId;
    type MaxAuthorities = MaxAuthorities;
    type DisabledValidators = ();
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = pallet_clock::SlotDuration<Runtime>;
}

impl pallet_leadership::Config for Runtime {
    type OnAlive = Validators;
    type CurrentSession = CurrentSession;
    type KeyOwnerProof = sp_session::MembershipProof;
    type KeyOwners = Historical;
    type ReportOffence = Offences;
    type WeightInfo = weights::pallet_leadership::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::FullSession;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = weights::pallet_grandpa::WeightInfo<Runtime>;
    type MaxAuthorities = MaxAuthorities;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<{ PROVABLE_SESSIONS as u64 }>;
    type KeyOwnerProof = sp_session::MembershipProof;
    type EquivocationReportSystem =
        pallet_grandpa::EquivocationReportSystem<Runtime, Offences, Historical, ReportLongevity>;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = pallet_leadership::Author<Runtime>;
    type EventHandler = Validators;
}

impl pallet_validators::Config for Runtime {
    type AdmitOrigin = RootOr<ValidatorAdmission>;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type SessionKeys = Session;
    type Time = Clock;
    type UnbondingTime = UnbondingTime;
    type SlashedFunds = super::balances::TreasuryAccount;
    type RewardPot = ValidatorRewards;
    type Backers = Stake;
    type BackersShare = BackersPart;
    type MaxValidators = MaxAuthorities;
    type MaxRecords = ConstU32<256>;
    type MaxNodes = ConstU32<512>;
    type MaxNodesPerValidator = ConstU32<4>;
    type WeightInfo = weights::pallet_validators::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::FullSession;
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = pallet_validators::EndsSession<Runtime>;
    type NextSessionRotation = pallet_session::PeriodicSessions<
        pallet_validators::SessionBlocksOf<Runtime>,
        SessionOffset,
    >;
    type SessionManager = WithCommittee<
        ForgetsOldReports<
            NoteHistoricalRoot<Runtime, pallet_validators::BoundedHistory<Runtime, HistoryDepth>>,
        >,
    >;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = ();
    type Currency = Balances;
    type KeyDeposit = KeyDeposit;
    type WeightInfo = weights::pallet_session::WeightInfo<Runtime>;
}

impl pallet_session::historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = pallet_validators::SelfIdentification;
}
