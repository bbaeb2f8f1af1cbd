//! Who seals, who votes, and how a double vote is proven.

use crate::*;
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU32, ConstU64},
};
use frame_system::EnsureRoot;
use pallet_session::historical::NoteHistoricalRoot;
use sp_runtime::traits::{ConvertInto, OpaqueKeys};

/// Blocks in a session: ten minutes of 250 ms slots.
pub const SESSION_BLOCKS: BlockNumber = 2_400;
/// Sessions for which a double vote can still be proven: a week of ten-minute sessions.
const PROVABLE_SESSIONS: u32 = 7 * 24 * 6;

parameter_types! {
    pub const SessionPeriod: BlockNumber = SESSION_BLOCKS;
    pub const SessionOffset: BlockNumber = 0;
    /// Registering session keys occupies state until they are purged.
    pub const KeyDeposit: Balance = plume_primitives::units::storage_deposit(2, 128);
    pub const HistoryDepth: u32 = PROVABLE_SESSIONS;
    /// Blocks for which a report of a double vote may wait in a pool.
    pub const ReportLongevity: u64 = PROVABLE_SESSIONS as u64 * SESSION_BLOCKS as u64;
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
    type WeightInfo = weights::pallet_leadership::WeightInfo<Runtime>;
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
    type EventHandler = ();
}

impl pallet_validators::Config for Runtime {
    type AdmitOrigin = EnsureRoot<AccountId>;
    type SessionKeys = Session;
    type MaxValidators = MaxAuthorities;
    type WeightInfo = weights::pallet_validators::WeightInfo<Runtime>;
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = pallet_session::PeriodicSessions<SessionPeriod, SessionOffset>;
    type NextSessionRotation = pallet_session::PeriodicSessions<SessionPeriod, SessionOffset>;
    type SessionManager =
        NoteHistoricalRoot<Runtime, pallet_validators::BoundedHistory<Runtime, HistoryDepth>>;
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

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = pallet_session::historical::IdentificationTuple<Runtime>;
    type OnOffenceHandler = ();
}
