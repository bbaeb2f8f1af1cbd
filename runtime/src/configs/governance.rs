//! How holders decide: referenda on tracks, votes of stake, and what a vote may do at once when the
//! validators agree. And sudo, the key that only development presets set.

use crate::{
    governance::{Emergency, Period, RootOr, Tracks, TwoThirdsOfCommittee},
    *,
};
use frame_support::{
    parameter_types,
    traits::{AsEnsureOriginWithArg, ConstU32},
    weights::Weight,
};
use frame_system::{EnsureRoot, EnsureSigned};
use plume_primitives::units::PLUME;

const DAY: Seconds = 24 * 60 * 60;

parameter_types! {
    /// What a proposal costs until it is decided.
    pub const SubmissionDeposit: Balance = 10 * PLUME;
    /// What the treasury's hook accesses in each block, at most: pot, clock, and three items of its own and
    /// of the balances'.
    pub UnsaidHooks: Weight =
        <Runtime as frame_system::Config>::DbWeight::get().reads_writes(5, 3);
}

impl governance::origins::Config for Runtime {
    type UnsaidHooks = UnsaidHooks;
}

impl pallet_referenda::Config for Runtime {
    type RuntimeCall = ScreenedCall;
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = weights::pallet_referenda::WeightInfo<Runtime>;
    type Scheduler = Scheduler;
    type Currency = Balances;
    type SubmitOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
    type CancelOrigin = EnsureRoot<AccountId>;
    type KillOrigin = EnsureRoot<AccountId>;
    type Slash = Treasury;
    type Votes = Balance;
    type Tally = pallet_conviction_voting::TallyOf<Runtime>;
    type SubmissionDeposit = SubmissionDeposit;
    type MaxQueued = ConstU32<32>;
    type UndecidingTimeout = Period<{ 14 * DAY }>;
    /// A second: an agenda is looked at every second anyway.
    type AlarmInterval = ConstU32<1>;
    type Tracks = Tracks;
    type Preimages = Preimage;
    type BlockNumberProvider = Clock;
}

impl pallet_whitelist::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = ScreenedCall;
    type WhitelistOrigin = RootOr<TwoThirdsOfCommittee>;
    type DispatchWhitelistedOrigin = RootOr<Emergency>;
    type Preimages = Preimage;
    /// What passed without being whitelisted waits for the committee for so long, and is void afterwards.
    type DeferredDispatchExpiration = Period<{ 7 * DAY }>;
    type BlockNumberProvider = Clock;
    type WeightInfo = weights::pallet_whitelist::WeightInfo<Runtime>;
}

impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = ScreenedCall;
    type WeightInfo = weights::pallet_sudo::WeightInfo<Runtime>;
}
