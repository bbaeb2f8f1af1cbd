//! Keeps what the genesis allocated and releases each allocation over its own time.
//!
//! # What it is for
//!
//! Most of the supply is promised to somebody at genesis and comes into circulation over years. It lies
//! in the pallet's `Pot`, an account without a key, and reaches a beneficiary's account only when it is
//! released and claimed. Until then it is in nobody's hands: it cannot be transferred, staked, voted
//! with or pledged, and no proxy, batch or multisig reaches it, because none of them can act for the pot.
//!
//! # When what is released
//!
//! An allocation has a total, a cliff and a duration, both in whole seconds since the first block. Before
//! the cliff nothing is released; from then on the part of the total that has passed of the duration,
//! counted from the first block and rounded down; at the end all of it. [`schedule`] has the formula.
//! `duration` is at most five years of 365 days.
//!
//! # Who may call what
//!
//! - [`Pallet::claim`]: anybody, for any allocation. It pays what is due to the beneficiary and to nobody
//!   else, so a pot can be a beneficiary too.
//! - [`Pallet::reassign`]: `AdminOrigin` names another beneficiary, because institutions lose keys. What
//!   has not been paid follows; nothing is released sooner or later by it. A beneficiary has no such call.
//! - Nobody adds an allocation, changes its amount or its time, or ends it: the genesis is the only source.
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. There are at most `MaxAllocations`, each with a total, a cliff and a duration that a genesis accepts.
//! 2. No allocation has been paid more than is released.
//! 3. The pot covers all that has not been paid, and the existential deposit.
//! 4. The pot is nobody's beneficiary.
//!
//! # Example
//!
//! ```
//! # use frame_support::{assert_noop, assert_ok, derive_impl, sp_runtime::BuildStorage, traits::{ConstU128, ConstU32, ConstU64}};
//! # use frame_support::sp_runtime::traits::BlockNumberProvider;
//! # use plume_primitives::allocations::{Bucket, YEAR};
//! # use std::cell::Cell;
//! # #[frame_support::runtime]
//! # mod rt {
//! #     #[runtime::runtime]
//! #     #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeHoldReason, RuntimeFreezeReason, RuntimeTask)]
//! #     pub struct Runtime;
//! #     #[runtime::pallet_index(0)] pub type System = frame_system;
//! #     #[runtime::pallet_index(1)] pub type Balances = pallet_balances;
//! #     #[runtime::pallet_index(2)] pub type Release = pallet_release;
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
//! # thread_local! { static NOW: Cell<u32> = const { Cell::new(0) }; }
//! # pub struct Clock;
//! # impl BlockNumberProvider for Clock {
//! #     type BlockNumber = u32;
//! #     fn current_block_number() -> u32 { NOW.get() }
//! #     fn set_block_number(seconds: u32) { NOW.set(seconds) }
//! # }
//! # impl pallet_release::Config for Runtime {
//! #     type Currency = Balances;
//! #     type Time = Clock;
//! #     type Pot = ConstU64<POT>;
//! #     type AdminOrigin = frame_system::EnsureRoot<u64>;
//! #     type MaxAllocations = ConstU32<8>;
//! #     type WeightInfo = ();
//! # }
//! # const POT: u64 = 99;
//! # const TEAM: u64 = 1;
//! # const ANYBODY: u64 = 2;
//! # fn main() {
//! let allocations = vec![pallet_release::GenesisAllocation {
//!     bucket: Bucket::Team,
//!     beneficiary: TEAM,
//!     total: 4_000,
//!     cliff_seconds: YEAR,
//!     duration_seconds: 4 * YEAR,
//! }];
//! let balances = vec![(POT, 4_000 + 1)]; // the total, and the existential deposit
//! # let mut storage = pallet_balances::GenesisConfig::<Runtime> { balances, ..Default::default() }.build_storage().unwrap();
//! # pallet_release::GenesisConfig::<Runtime> { allocations }.assimilate_storage(&mut storage).unwrap();
//! # sp_io::TestExternalities::from(storage).execute_with(|| {
//! Clock::set_block_number(YEAR - 1);
//! assert_noop!(
//!     Release::claim(RuntimeOrigin::signed(ANYBODY), 0),
//!     pallet_release::Error::<Runtime>::BeforeCliff
//! );
//! Clock::set_block_number(YEAR);
//! assert_ok!(Release::claim(RuntimeOrigin::signed(ANYBODY), 0));
//! assert_eq!(Balances::free_balance(TEAM), 1_000);
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

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
pub mod schedule;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{Allocation, AllocationId, GenesisAllocation};
pub use weights::WeightInfo;

use plume_primitives::{Balance, Seconds};

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungible::{Inspect, Mutate},
            tokens::{DepositConsequence, Preservation, Provenance},
        },
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::traits::BlockNumberProvider;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// PLUME.
        type Currency: Mutate<Self::AccountId> + Inspect<Self::AccountId, Balance = Balance>;

        /// Seconds since the first block.
        type Time: BlockNumberProvider<BlockNumber = Seconds>;

        /// The account that keeps what has not been paid. Nobody may hold a key to it.
        type Pot: Get<Self::AccountId>;

        /// Who may name another beneficiary.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The most allocations that a genesis can make.
        #[pallet::constant]
        type MaxAllocations: Get<u32>;

        type WeightInfo: WeightInfo;
    }

    /// What was allocated at genesis, paid in full or not; at most `MaxAllocations`.
    #[pallet::storage]
    pub type Allocations<T: Config> =
        StorageMap<_, Twox64Concat, AllocationId, Allocation<T::AccountId>, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// What was due of an allocation was paid to its beneficiary. Amounts are in planck.
        Claimed {
            id: AllocationId,
            beneficiary: T::AccountId,
            amount: Balance,
            /// What is still to be paid of the allocation, released or not.
            left: Balance,
        },
        /// Claims of an allocation pay to another account from now on.
        BeneficiaryChanged {
            id: AllocationId,
            from: T::AccountId,
            to: T::AccountId,
            /// What is still to be paid of the allocation, in planck, released or not.
            left: Balance,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// There is no allocation of this number. See `release.allocations`.
        UnknownAllocation,
        /// Nothing of this allocation is released yet. Claim when its `cliff_seconds` have passed since
        /// the first block.
        BeforeCliff,
        /// All that is released has been paid. Claim again later.
        NothingDue,
        /// The allocation has been paid in full. There is nothing left to claim or to hand over.
        PaidInFull,
        /// The beneficiary's account does not exist, and what is due is less than it needs to. Claim when
        /// more is released, or send the account the existential deposit first.
        BelowExistentialDeposit,
        /// The allocation is this account's already, or the account is the release pot. Name another.
        BadBeneficiary,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// What is released over time, in the order of the allocations' numbers. The balances have to
        /// give the release pot their sum, and the existential deposit on top.
        pub allocations: Vec<GenesisAllocation<T::AccountId>>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Refuses what no chain should begin with: a genesis is built once, by an operator who reads the
        /// message.
        fn build(&self) {
            let most = T::MaxAllocations::get();
            assert!(
                self.allocations.len() <= most as usize,
                "release.allocations has more than {most} entries"
            );
            let pot = T::Pot::get();
            let mut sum: Balance = 0;
            for (id, given) in (0..).zip(&self.allocations) {
                let allocation = Allocation::from(given.clone());
                if let Some(fault) = allocation.fault() {
                    panic!("release.allocations, entry {id}: {fault}");
                }
                assert!(
                    allocation.beneficiary != pot,
                    "release.allocations, entry {id}: the release pot cannot be a beneficiary"
                );
                sum = sum
                    .checked_add(allocation.total)
                    .unwrap_or_else(|| panic!("release.allocations add up to 2^128 or more"));
                Allocations::<T>::insert(id, allocation);
            }
            let needed = sum.saturating_add(T::Currency::minimum_balance());
            let balance = T::Currency::balance(&pot);
            assert!(
                balance == needed || sum == 0 && balance == 0,
                "release.allocations add up to {sum} planck, so balances.balances has to give the release \
                 pot {pot:?} exactly {needed} (the sum and the existential deposit); it gives {balance}"
            );
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Pays what is due of an allocation to its beneficiary. Anybody may ask for it.
        ///
        /// Errors with [`Error::UnknownAllocation`], [`Error::BeforeCliff`], [`Error::NothingDue`],
        /// [`Error::PaidInFull`] or [`Error::BelowExistentialDeposit`]; nothing is lost by an error.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::claim())]
        pub fn claim(origin: OriginFor<T>, id: AllocationId) -> DispatchResult {
            ensure_signed(origin)?;
            let mut allocation = Self::unpaid_allocation(id)?;
            let now = T::Time::current_block_number();
            ensure!(now >= allocation.cliff_seconds, Error::<T>::BeforeCliff);
            let amount = allocation.due(now);
            ensure!(amount > 0, Error::<T>::NothingDue);
            let beneficiary = allocation.beneficiary.clone();
            if T::Currency::can_deposit(&beneficiary, amount, Provenance::Extant)
                == DepositConsequence::BelowMinimum
            {
                return Err(Error::<T>::BelowExistentialDeposit.into());
            }
            // The pot is preserved: its existential deposit outlasts the last claim.
            T::Currency::transfer(&T::Pot::get(), &beneficiary, amount, Preservation::Preserve)?;
            allocation.claimed = allocation.claimed.saturating_add(amount);
            let left = allocation.unpaid();
            Allocations::<T>::insert(id, allocation);
            Self::deposit_event(Event::Claimed {
                id,
                beneficiary,
                amount,
                left,
            });
            Ok(())
        }

        /// Names another beneficiary, for one whose key is lost. All that has not been paid follows, also
        /// what is due already; the amount and the time stay.
        ///
        /// Errors with [`Error::UnknownAllocation`], [`Error::PaidInFull`] or [`Error::BadBeneficiary`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::reassign())]
        pub fn reassign(
            origin: OriginFor<T>,
            id: AllocationId,
            beneficiary: T::AccountId,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            let mut allocation = Self::unpaid_allocation(id)?;
            ensure!(
                beneficiary != allocation.beneficiary && beneficiary != T::Pot::get(),
                Error::<T>::BadBeneficiary
            );
            let from = core::mem::replace(&mut allocation.beneficiary, beneficiary.clone());
            let left = allocation.unpaid();
            Allocations::<T>::insert(id, allocation);
            Self::deposit_event(Event::BeneficiaryChanged {
                id,
                from,
                to: beneficiary,
                left,
            });
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        /// An allocation of which something is still to be paid.
        fn unpaid_allocation(id: AllocationId) -> Result<Allocation<T::AccountId>, Error<T>> {
            let allocation = Allocations::<T>::get(id).ok_or(Error::UnknownAllocation)?;
            if allocation.unpaid() == 0 {
                return Err(Error::PaidInFull);
            }
            Ok(allocation)
        }

        /// Planck in the pot that belong to beneficiaries, released or not. The pot has the existential
        /// deposit besides, and what somebody may have sent it.
        pub fn unpaid() -> Balance {
            Allocations::<T>::iter_values().fold(0, |sum: Balance, allocation| {
                sum.saturating_add(allocation.unpaid())
            })
        }

        /// Planck that are not released yet. What [`Self::unpaid`] exceeds this by waits to be claimed.
        pub fn unreleased() -> Balance {
            let now = T::Time::current_block_number();
            Allocations::<T>::iter_values().fold(0, |sum: Balance, allocation| {
                sum.saturating_add(allocation.total.saturating_sub(allocation.released(now)))
            })
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                T::MaxAllocations::get() > 0,
                "a genesis can make an allocation"
            );
            assert!(
                T::Currency::minimum_balance() > 0,
                "the pot lives by its existential deposit"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[cfg(any(feature = "try-runtime", feature = "std", test))]
    impl<T: Config> Pallet<T> {
        /// Checks the invariants of the pallet's documentation, in its order.
        pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
            let now = T::Time::current_block_number();
            let pot = T::Pot::get();
            let all: Vec<_> = Allocations::<T>::iter_values().collect();
            ensure!(
                all.len() <= T::MaxAllocations::get() as usize,
                "1: there are too many allocations"
            );
            ensure!(
                all.iter().all(|allocation| allocation.fault().is_none()),
                "1: an allocation is out of bounds"
            );
            ensure!(
                all.iter()
                    .all(|allocation| allocation.claimed <= allocation.released(now)),
                "2: more was paid than is released"
            );
            let needed = Self::unpaid().saturating_add(T::Currency::minimum_balance());
            ensure!(
                all.is_empty() || T::Currency::balance(&pot) >= needed,
                "3: the pot does not cover what has not been paid"
            );
            ensure!(
                all.iter().all(|allocation| allocation.beneficiary != pot),
                "4: the pot is a beneficiary"
            );
            Ok(())
        }
    }
}
