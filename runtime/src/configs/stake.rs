//! What gives a voice: PLUME at stake, which may back a validator; and how that voice votes.

use super::balances::TreasuryAccount;
use crate::{
    governance::{Period, Turnout},
    *,
};
use frame_support::{parameter_types, traits::ConstU32};
use plume_primitives::{pots, staking::Backable, units::PLUME};

const DAY: Seconds = 24 * 60 * 60;

parameter_types! {
    /// A record of stake costs every node some 200 bytes for as long as it lasts.
    pub const MinimumStake: Balance = 10 * PLUME;
    pub StakeRewards: AccountId = pots::stake_rewards();
}

/// Admitted validators can be backed, whether they sit or wait.
pub struct AdmittedValidators;

impl Backable<AccountId> for AdmittedValidators {
    fn may_be_backed(validator: &AccountId) -> bool {
        pallet_validators::Records::<Runtime>::get(validator)
            .is_some_and(|record| record.status == pallet_validators::Status::Admitted)
    }
}

impl pallet_stake::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Screening = Compliance;
    type Validators = AdmittedValidators;
    type Time = Clock;
    /// As long as a bond: longer than an offence can be proven.
    type UnbondingTime = super::consensus::UnbondingTime;
    type MinimumStake = MinimumStake;
    type MaxUnstaking = ConstU32<16>;
    /// The voting pallet's.
    type MaxLocks = ConstU32<1>;
    type RewardPot = StakeRewards;
    type SlashedFunds = TreasuryAccount;
    type WeightInfo = weights::pallet_stake::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::FullSession;
}

/// Votes of one account on one track that are not removed. Who votes on more removes those that are over.
type MaxVotes = ConstU32<64>;

impl pallet_conviction_voting::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = weights::pallet_conviction_voting::WeightInfo<Runtime>;
    type Currency = pallet_stake::VotingCurrency<Runtime>;
    type Polls = Referenda;
    type MaxTurnout = Turnout<pallet_stake::MaxTurnout<Runtime>>;
    type MaxVotes = MaxVotes;
    /// What a conviction of one locks a winning vote for; the largest of six, 32 times as long.
    type VoteLockingPeriod = Period<{ 7 * DAY }>;
    type BlockNumberProvider = Clock;
    type VotingHooks = ();
}
