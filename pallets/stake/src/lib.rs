//! Gives a voice to whoever puts PLUME at stake, and lets that stake back a validator.
//!
//! # The life of a stake
//!
//! ```text
//!              stake             back                stop_backing             UnbondingTime
//! (an account) ──────▶ idle ──────────────▶ backing ───────────────▶ cooling ──────────────▶ idle
//!                        ┊  voice            ┊  voice, earns, risks    ┊  voice, risks
//!                        └──────────┬────────┴─────────────────────────┘
//!                                   │ unstake
//!                                   ▼              UnbondingTime, withdraw
//!                                unstaking ──────────────────────────────▶ (the account)
//!                                   risks, if it was backing or cooling
//! ```
//!
//! Staked PLUME stay in their owner's account, on hold. An account's stake backs one validator at a time;
//! all of it does, or none. `UnbondingTime` is longer than an offence of the validator can be proven, so
//! that nobody escapes a slash by leaving first. What could be withdrawn and is not stays at risk.
//!
//! # Who may call what
//!
//! [`Pallet::stake`], [`Pallet::unstake`], [`Pallet::back`], [`Pallet::stop_backing`]: the owner. Whom
//! `Screening` does not admit can neither stake nor back nor be paid what it has earned, and has no
//! [voice](VotingCurrency); leaving is always open.
//! [`Pallet::withdraw`], [`Pallet::claim`], [`Pallet::settle`]: anybody, for anybody, because what they
//! move goes where it belongs.
//!
//! # Rewards
//!
//! `T::RewardPot` pays what backers have earned. Whoever rewards a validator offers its backers their part
//! through [`OnReward`](plume_primitives::staking::OnReward), and this pallet takes it into the pot.
//! [`accumulator`] divides it by what each account backs with; an account is paid when somebody claims for
//! it. Idle, cooling and unstaking stake earns nothing. The planck that rounding leaves stay in the pot.
//!
//! # Slashes
//!
//! A validator's slash takes the same part of all that is exposed to it: [`pool`] says how, in one step for
//! any number of backers. Voices and sums fall at once. The money follows when an account is next settled,
//! which every call for it does first: its hold is lowered and the difference goes to `SlashedFunds`. A
//! vote that was cast before keeps the size it was cast with.
//!
//! # Voices
//!
//! [`VotingCurrency`] is what the voting pallet takes for its currency: there an account has what it has at
//! stake, and nothing else. A vote or a delegation locks stake: it cannot be unstaked.
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. What is on hold for an account is what is recorded of it, to the planck: idle stake, exposed stake
//!    and unstakings, each before slashes that are not settled. No lot is worth more than is on hold for it.
//! 2. An account that backs has no idle stake, and no record is empty.
//! 3. A pool's shares are those of its lots. Its worth is that of its lots, or up to a planck a lot more. A
//!    pool is open, and its validator's only open one, or worth nothing. None is empty.
//! 4. The pot covers what is owed; what is owed is what accounts have earned and pools have not yet paid,
//!    and covers what every account could be settled for.
//! 5. [`Totals`] are the sums over accounts and pools.
//! 6. No lock is zero, and no account has two by one name.
//!
//! # Example
//!
//! ```
//! # use frame_support::{assert_ok, derive_impl, parameter_types, sp_runtime::{BuildStorage, Perbill}, traits::{ConstU128, ConstU32, ConstU64}};
//! # #[frame_support::runtime]
//! # mod rt {
//! #     #[runtime::runtime]
//! #     #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeHoldReason, RuntimeFreezeReason, RuntimeTask)]
//! #     pub struct Runtime;
//! #     #[runtime::pallet_index(0)] pub type System = frame_system;
//! #     #[runtime::pallet_index(1)] pub type Balances = pallet_balances;
//! #     #[runtime::pallet_index(2)] pub type Stake = pallet_stake;
//! # }
//! # #[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
//! # impl frame_system::Config for Runtime {
//! #     type Block = frame_system::mocking::MockBlock<Runtime>;
//! #     type AccountData = pallet_balances::AccountData<u128>;
//! # }
//! # #[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
//! # impl pallet_balances::Config for Runtime {
//! #     type AccountStore = System;
//! #     type Balance = u128;
//! #     type ExistentialDeposit = ConstU128<1>;
//! # }
//! # pub struct Seven;
//! # impl plume_primitives::staking::Backable<u64> for Seven { fn may_be_backed(who: &u64) -> bool { *who == 7 } }
//! # pub struct Noon;
//! # impl frame_support::sp_runtime::traits::BlockNumberProvider for Noon {
//! #     type BlockNumber = u32;
//! #     fn current_block_number() -> u32 { 43_200 }
//! # }
//! # impl pallet_stake::Config for Runtime {
//! #     type Currency = Balances;
//! #     type RuntimeHoldReason = RuntimeHoldReason;
//! #     type Screening = ();
//! #     type Validators = Seven;
//! #     type Time = Noon;
//! #     type UnbondingTime = ConstU32<86_400>;
//! #     type MinimumStake = ConstU128<100>;
//! #     type MaxUnstaking = ConstU32<4>;
//! #     type MaxLocks = ConstU32<1>;
//! #     type RewardPot = ConstU64<99>;
//! #     type SlashedFunds = ConstU64<98>;
//! #     type WeightInfo = ();
//! #     #[cfg(feature = "runtime-benchmarks")] type BenchmarkHelper = ();
//! # }
//! # fn main() {
//! # let mut storage = frame_system::GenesisConfig::<Runtime>::default().build_storage().unwrap();
//! # pallet_balances::GenesisConfig::<Runtime> { balances: vec![(1, 2_000), (50, 2_000), (98, 1), (99, 1)], ..Default::default() }.assimilate_storage(&mut storage).unwrap();
//! # sp_io::TestExternalities::from(storage).execute_with(|| {
//! use plume_primitives::staking::{OnReward, OnSlash};
//! assert_ok!(Stake::stake(RuntimeOrigin::signed(1), 1_000));
//! assert_ok!(Stake::back(RuntimeOrigin::signed(1), 7));
//! // Account 50 rewards validator 7, whose backers take all they are offered ...
//! assert_eq!(Stake::reward(&7, &50, 500), 500);
//! assert_eq!(Stake::earned(&1), 500);
//! // ... and who loses a tenth of its bond, and its backers of their stake.
//! Stake::slash(&7, Perbill::from_percent(10));
//! assert_eq!(Stake::voice(&1), 900);
//! # });
//! # }
//! ```
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

extern crate alloc;

pub mod accumulator;
mod backers;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
mod imbalance;
#[cfg(any(feature = "try-runtime", feature = "std", test))]
mod invariants;
mod ledger;
mod locks;
#[cfg(test)]
mod mock;
pub mod pool;
mod position;
#[cfg(test)]
mod tests;
mod types;
mod voting_currency;
pub mod weights;

pub use imbalance::NoImbalance;
pub use pallet::*;
pub use types::{Exposure, Holding, Lock, Stage, Staker, Sums, Unstaking};
pub use voting_currency::{MaxTurnout, VotingCurrency};
pub use weights::WeightInfo;

use plume_primitives::{Balance, Seconds};

/// What the runtime adds for measuring.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkHelper<AccountId> {
    /// A validator that may be backed.
    fn backable() -> AccountId;
}

#[cfg(feature = "runtime-benchmarks")]
impl<AccountId: codec::Decode> BenchmarkHelper<AccountId> for () {
    fn backable() -> AccountId {
        frame_benchmarking::v2::account("backable", 0, 0)
    }
}

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use crate::pool::{Pool, PoolId};
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::{
            LockIdentifier,
            fungible::{Inspect, Mutate, hold::Mutate as MutateHold},
        },
    };
    use frame_system::pallet_prelude::*;
    use plume_primitives::{screening::Screening, staking::Backable};
    use sp_runtime::{Perbill, traits::BlockNumberProvider};

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// PLUME.
        type Currency: Mutate<Self::AccountId>
            + Inspect<Self::AccountId, Balance = Balance>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// Why PLUME is on hold.
        type RuntimeHoldReason: From<HoldReason>;

        /// Who may take part.
        type Screening: Screening<Self::AccountId>;

        /// Whom stake may back.
        type Validators: Backable<Self::AccountId>;

        /// Seconds since the first block.
        type Time: BlockNumberProvider<BlockNumber = Seconds>;

        /// How long unstaking waits, and how long stake is at risk after it has stopped backing. When it
        /// is shorter than an offence can be proven, backers escape slashes by leaving.
        #[pallet::constant]
        type UnbondingTime: Get<Seconds>;

        /// The least that an account can have at stake, in planck. When it is worth less than what a record
        /// of an account costs every node, state grows for nothing.
        #[pallet::constant]
        type MinimumStake: Get<Balance>;

        /// The most unstakings that an account can have waiting. Each makes every call for the account
        /// dearer.
        #[pallet::constant]
        type MaxUnstaking: Get<u32>;

        /// The most locks that an account can have: one for each pallet that locks stake. When there are
        /// fewer, one's lock is kept as long as another's.
        #[pallet::constant]
        type MaxLocks: Get<u32>;

        /// The account that backers are paid from. It needs an existential deposit of its own from genesis
        /// on: without one it takes in no rewards, and their payers keep them.
        type RewardPot: Get<Self::AccountId>;

        /// The account that slashed stake goes to. It has to exist, or accounts that were slashed by less
        /// than an existential deposit cannot be settled.
        type SlashedFunds: Get<Self::AccountId>;

        type WeightInfo: WeightInfo;

        /// Names a validator to measure with.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
    }

    /// Why this pallet holds PLUME.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// At stake, or waiting to be withdrawn.
        Stake,
    }

    /// What accounts have at stake.
    #[pallet::storage]
    pub type Stakers<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Staker<T>, OptionQuery>;

    /// What backs a validator, or did. A pool goes with its last lot.
    #[pallet::storage]
    pub type Pools<T: Config> =
        StorageMap<_, Twox64Concat, PoolId, Pool<T::AccountId>, OptionQuery>;

    /// The pool that a validator's next backer joins; none for a validator without backers.
    #[pallet::storage]
    pub type OpenPool<T: Config> = StorageMap<_, Twox64Concat, T::AccountId, PoolId, OptionQuery>;

    /// The number of the next pool.
    #[pallet::storage]
    pub type NextPool<T> = StorageValue<_, PoolId, ValueQuery>;

    /// Sums over all accounts and pools.
    #[pallet::storage]
    pub type Totals<T> = StorageValue<_, Sums, ValueQuery>;

    /// Planck that the pot owes.
    #[pallet::storage]
    pub type Owed<T> = StorageValue<_, Balance, ValueQuery>;

    /// What accounts have to keep at stake, and for whom.
    #[pallet::storage]
    pub type Locks<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, BoundedVec<Lock, T::MaxLocks>, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An account has put more at stake. Amounts are in planck.
        Staked {
            who: T::AccountId,
            amount: Balance,
            /// What it has at stake now.
            total: Balance,
        },
        /// An account has taken from its stake what it can withdraw from `until` on, in seconds since the
        /// first block.
        Unstaked {
            who: T::AccountId,
            amount: Balance,
            until: Seconds,
        },
        /// What an account had unstaked is free.
        Withdrawn { who: T::AccountId, amount: Balance },
        /// An account's stake backs a validator.
        Backed {
            who: T::AccountId,
            validator: T::AccountId,
            amount: Balance,
        },
        /// An account's stake has stopped backing a validator; it is at risk until `until`.
        BackingStopped {
            who: T::AccountId,
            validator: T::AccountId,
            amount: Balance,
            until: Seconds,
        },
        /// An account's stake, which backed a validator, is at risk no more: its time is over, or nothing
        /// is left of it.
        RiskEnded {
            who: T::AccountId,
            validator: T::AccountId,
            amount: Balance,
        },
        /// The backers of a validator have earned something; it is in the pot.
        Rewarded {
            validator: T::AccountId,
            amount: Balance,
        },
        /// What an account has earned by backing is credited to it.
        Earned { who: T::AccountId, amount: Balance },
        /// What was credited to an account is paid.
        Claimed { who: T::AccountId, amount: Balance },
        /// All that is exposed to a validator has lost this part, in all about so many planck.
        Slashed {
            validator: T::AccountId,
            fraction: Perbill,
            amount: Balance,
        },
        /// What slashes have taken from an account has gone where slashed stake goes.
        SlashSettled { who: T::AccountId, amount: Balance },
        /// An account has to keep so much at stake for whoever set the lock; zero when it may go.
        LockChanged {
            who: T::AccountId,
            id: LockIdentifier,
            amount: Balance,
        },
    }

    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// This account may not take part now. Ask whoever admits it; unstaking and withdrawing stay
        /// possible.
        NotAdmitted,
        /// The amount is zero. Name at least one planck.
        ZeroAmount,
        /// The stake would be below the minimum. See `stake.minimumStake`.
        StakeTooSmall,
        /// The account has less at stake. Slashes count; see its stake.
        StakeTooLarge,
        /// What would be left is below the minimum. Unstake less, or all.
        RestTooSmall,
        /// Votes or delegations need this stake. Remove them, then unlock, then unstake.
        Locked,
        /// Too many unstakings wait. Withdraw those that are free, or wait.
        TooManyUnstaking,
        /// Nothing can be withdrawn yet. The account's unstakings say from when on.
        NothingToWithdraw,
        /// The account has nothing at stake, or less than the minimum. Stake first.
        NoStake,
        /// This account cannot be backed: it is not an admitted validator.
        NotBackable,
        /// The validator that this stake backs is not admitted any more. Stop backing it first.
        ValidatorLeft,
        /// The stake backs a validator already. Stop backing it first.
        AlreadyBacking,
        /// The stake is still at risk for the validator that it backed. Its stage says until when.
        StillCooling,
        /// The stake backs nobody.
        NotBacking,
        /// There is nothing to pay out.
        NothingEarned,
        /// A voice is no money: it cannot be moved, reserved or made. Use the balances pallet.
        VoiceIsNoMoney,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Who has something at stake from the first block on: account, planck, and the validator that the
        /// stake backs. Each needs more than this in the balances.
        pub stakers: Vec<(T::AccountId, Balance, Option<T::AccountId>)>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Refuses what cannot be staked: a genesis is built once, by an operator who reads the message.
        fn build(&self) {
            for (who, amount, validator) in &self.stakers {
                if let Err(error) = Pallet::<T>::do_stake(who, *amount) {
                    panic!("stake.stakers: {who:?} cannot stake {amount} planck: {error:?}");
                }
                let Some(validator) = validator else { continue };
                if let Err(error) = Pallet::<T>::do_back(who, validator) {
                    panic!("stake.stakers: {who:?} cannot back {validator:?}: {error:?}");
                }
            }
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Puts planck at stake. Stake that backs a validator grows by it; otherwise it is idle.
        ///
        /// Errors with [`Error::NotAdmitted`], [`Error::ZeroAmount`], [`Error::StakeTooSmall`],
        /// [`Error::ValidatorLeft`], or when the account has less.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::stake())]
        pub fn stake(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_stake(&who, amount)
        }

        /// Takes planck from the stake, idle ones first. They can be withdrawn after `UnbondingTime`; until
        /// then those that were exposed to a validator stay exposed.
        ///
        /// Errors with [`Error::ZeroAmount`], [`Error::StakeTooLarge`], [`Error::RestTooSmall`],
        /// [`Error::Locked`] or [`Error::TooManyUnstaking`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::unstake())]
        pub fn unstake(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_unstake(&who, amount)
        }

        /// Frees what an account has unstaked long enough ago. Anybody may ask for it.
        ///
        /// Errors with [`Error::NothingToWithdraw`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn withdraw(origin: OriginFor<T>, who: T::AccountId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_withdraw(&who)
        }

        /// Backs a validator with all the caller's stake.
        ///
        /// Errors with [`Error::NotAdmitted`], [`Error::NotBackable`], [`Error::NoStake`],
        /// [`Error::AlreadyBacking`] or [`Error::StillCooling`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::back())]
        pub fn back(origin: OriginFor<T>, validator: T::AccountId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_back(&who, &validator)
        }

        /// Stops backing. The stake keeps its voice, earns nothing any more, and stays at risk for
        /// `UnbondingTime`.
        ///
        /// Errors with [`Error::NotBacking`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::stop_backing())]
        pub fn stop_backing(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_stop_backing(&who)
        }

        /// Pays out what an account has earned, to the account. Anybody may ask for it.
        ///
        /// Errors with [`Error::NotAdmitted`] or [`Error::NothingEarned`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::claim())]
        pub fn claim(origin: OriginFor<T>, who: T::AccountId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_claim(&who)
        }

        /// Moves what slashes have taken from an account, credits what it has earned, and ends a risk whose
        /// time is over. Anybody may ask for it.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::settle())]
        pub fn settle(origin: OriginFor<T>, who: T::AccountId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_settle(&who)
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                T::MinimumStake::get() > 0,
                "an account without stake has no record"
            );
            assert!(
                T::UnbondingTime::get() > 0,
                "stake that could leave at once would never be slashed"
            );
            // An unstaking from a cooling stake to which idle stake was added takes two places.
            assert!(
                T::MaxUnstaking::get() >= 2,
                "any stake can be unstaked at once"
            );
            assert!(T::MaxLocks::get() > 0, "a vote locks stake");
            assert_ne!(
                T::RewardPot::get(),
                T::SlashedFunds::get(),
                "what is slashed is nobody's reward"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
