//! What the technical committee of validators can do: whitelist calls for the emergency track, and pause
//! calls for a bounded time. It moves nobody's funds.

use crate::{
    governance::{
        RootOr, TwoThirdsOfCommittee,
        vital::{KnownCalls, VitalCalls},
    },
    *,
};
use frame_support::{
    parameter_types,
    traits::{ConstU32, Get},
    weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_collective::EnsureProportionAtLeast;
use sp_runtime::Perbill;

const DAY: Seconds = 24 * 60 * 60;

/// Blocks for which a motion can be voted on: three days of this network's slots. The collective's motions
/// count blocks, so missed slots make it longer.
pub struct MotionDuration;

impl Get<BlockNumber> for MotionDuration {
    fn get() -> BlockNumber {
        const THREE_DAYS_MS: u64 = 3 * DAY as u64 * 1_000;
        let blocks = THREE_DAYS_MS
            .checked_div(Clock::slot_duration_ms())
            .unwrap_or(THREE_DAYS_MS);
        BlockNumber::try_from(blocks).unwrap_or(BlockNumber::MAX)
    }
}

parameter_types! {
    /// A motion's call takes a quarter of a block at most: it names a call by its hash, or pauses one.
    pub MaxProposalWeight: Weight =
        Perbill::from_percent(25) * <Runtime as frame_system::Config>::BlockWeights::get().max_block;
}

impl pallet_collective::Config for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = ScreenedCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = MotionDuration;
    type MaxProposals = ConstU32<16>;
    type MaxMembers = super::MaxAuthorities;
    /// Who does not vote has not agreed: there is no prime.
    type DefaultVote = pallet_collective::PrimeDefaultVote;
    type WeightInfo = weights::pallet_collective::WeightInfo<Runtime>;
    /// Each session's start seats the admitted validators; what root sets lasts until then.
    type SetMembersOrigin = EnsureRoot<AccountId>;
    type MaxProposalWeight = MaxProposalWeight;
    type DisapproveOrigin = EnsureRoot<AccountId>;
    type KillOrigin = EnsureRoot<AccountId>;
    type Consideration = ();
}

impl pallet_tx_pause::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    /// A vote of all holders may pause a call for as long as it likes. The committee uses the brake.
    type PauseOrigin = EnsureRoot<AccountId>;
    type UnpauseOrigin = EnsureRoot<AccountId>;
    type WhitelistedCalls = VitalCalls;
    type MaxNameLen = ConstU32<64>;
    type WeightInfo = weights::pallet_tx_pause::WeightInfo<Runtime>;
}

impl pallet_brake::Config for Runtime {
    type PauseOrigin = TwoThirdsOfCommittee;
    type LiftOrigin = RootOr<HalfOfCommittee>;
    type CallName = pallet_tx_pause::RuntimeCallNameOf<Runtime>;
    type Calls = TxPause;
    type KnownCalls = KnownCalls;
    type Time = Clock;
    /// Three days: an emergency referendum takes half an hour if all agree, and a day at most.
    type MaxPause = ConstU32<{ 3 * DAY }>;
    type Rest = ConstU32<{ 7 * DAY }>;
    type MaxPauses = ConstU32<32>;
    type WeightInfo = weights::pallet_brake::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::CallNames;
}

/// Half of the technical committee.
type HalfOfCommittee = EnsureProportionAtLeast<AccountId, (), 1, 2>;
