//! Grants of treasury money, paid milestone by milestone.
//!
//! # What it is for
//!
//! Somebody wants to build something for the network, and the network to pay for it when it is there.
//!
//! ```text
//!          apply (deposit)    approve (all the money)     deliver, accept … (a milestone's money)
//! (nobody) ────────▶ Applied ────────▶ Approved ─────────────────────────────▶ (ended)
//!                       │                  │ cancel; the last milestone paid or expired ▲
//!                       └── cancel, expire ┴────────────────────────────────────────────┘
//! ```
//!
//! 1. The grantee [applies](Pallet::apply) with the hash of a document, a beneficiary, and milestones: an
//!    amount and the time within which it will deliver, each. A deposit goes on hold and comes back when
//!    the grant ends, however it ends. Nobody can change an application.
//! 2. `GrantOrigin` [approves](Pallet::approve) it, up to its limit. All of the money moves from the treasury
//!    to the pot, so what was approved cannot be spent twice.
//! 3. The grantee [delivers](Pallet::deliver): the hash of what it built.
//! 4. `AcceptOrigin`, for milestones up to its limit, [accepts](Pallet::accept) that very hash, and the
//!    beneficiary is paid; or [rejects](Pallet::reject) it, and the grantee may deliver again, for `RedeliveryTime` at least.
//! 5. What is not delivered in time anybody can [expire](Pallet::expire): its money returns to the treasury.
//!    An application that nobody approved in `ApplicationTime` ends the same way.
//! 6. The grantee, or an origin that could have approved it, [cancels](Pallet::cancel) a grant. What is in the
//!    pot returns.
//!
//! [`milestone`] has the states of a milestone. Grantee and beneficiary are screened at the approval and at
//! each payment.
//!
//! # Who may call what
//!
//! | who | may |
//! |---|---|
//! | anybody | [`apply`](Pallet::apply), [`expire`](Pallet::expire) |
//! | the grantee | [`deliver`](Pallet::deliver), [`cancel`](Pallet::cancel) |
//! | `GrantOrigin` | [`approve`](Pallet::approve), [`cancel`](Pallet::cancel) |
//! | `AcceptOrigin` | [`accept`](Pallet::accept), [`reject`](Pallet::reject) |
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. The pot covers the milestones whose money is in it. (It has exactly that, unless somebody sends it more.)
//! 2. What is on hold of a grantee is the sum of its grants' deposits.
//! 3. A grant has a number that was given, and at least one milestone; none is worth less than an existential
//!    deposit.
//! 4. All milestones of an application are planned, and none of an approved grant. Of an approved grant
//!    some money is in the pot.
//!
//! Grants are not counted: a bound would let whoever has enough deposits shut out all others. Each pays for
//! the state it occupies with its deposit.
//!
//! # Example
//!
//! ```
//! # use frame_support::{assert_ok, derive_impl, sp_runtime::{BuildStorage, traits::{BlakeTwo256, BlockNumberProvider, Hash}}};
//! # use frame_support::traits::{ConstU32, ConstU64, ConstU128, fungible::Inspect};
//! # use frame_system::EnsureRootWithSuccess;
//! # use pallet_grants::Plan;
//! # #[frame_support::runtime]
//! # mod rt {
//! #     #[runtime::runtime]
//! #     #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeHoldReason, RuntimeFreezeReason, RuntimeTask)]
//! #     pub struct Runtime;
//! #     #[runtime::pallet_index(0)] pub type System = frame_system;
//! #     #[runtime::pallet_index(1)] pub type Balances = pallet_balances;
//! #     #[runtime::pallet_index(2)] pub type Grants = pallet_grants;
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
//! # pub struct Noon;
//! # impl BlockNumberProvider for Noon {
//! #     type BlockNumber = u32;
//! #     fn current_block_number() -> u32 { 43_200 }
//! # }
//! # impl pallet_grants::Config for Runtime {
//! #     type GrantOrigin = EnsureRootWithSuccess<u64, ConstU128<10_000>>;
//! #     type AcceptOrigin = EnsureRootWithSuccess<u64, ConstU128<10_000>>;
//! #     type Currency = Balances;
//! #     type RuntimeHoldReason = RuntimeHoldReason;
//! #     type Treasury = ConstU64<98>;
//! #     type Pot = ConstU64<99>;
//! #     type Screening = ();
//! #     type Time = Noon;
//! #     type Deposit = ConstU128<100>;
//! #     type ApplicationTime = ConstU32<2_592_000>;
//! #     type RedeliveryTime = ConstU32<2_592_000>;
//! #     type MaxWithin = ConstU32<94_608_000>;
//! #     type MaxMilestones = ConstU32<8>;
//! #     type WeightInfo = ();
//! # }
//! # fn main() {
//! # let mut storage = frame_system::GenesisConfig::<Runtime>::default().build_storage().unwrap();
//! # pallet_balances::GenesisConfig::<Runtime> { balances: vec![(1, 1_000), (98, 50_000)], ..Default::default() }.assimilate_storage(&mut storage).unwrap();
//! # sp_io::TestExternalities::from(storage).execute_with(|| {
//! let proposal = BlakeTwo256::hash(b"A wallet for cards. First the protocol, then the app.");
//! let milestones = vec![
//!     Plan { amount: 2_000, within: 60 * 86_400 },
//!     Plan { amount: 3_000, within: 180 * 86_400 },
//! ];
//! // Account 1 applies, and account 5 will be paid.
//! assert_ok!(Grants::apply(RuntimeOrigin::signed(1), proposal, 5, milestones.try_into().unwrap()));
//! assert_ok!(Grants::approve(RuntimeOrigin::root(), 0));
//! let protocol = BlakeTwo256::hash(b"protocol, version 1.0");
//! assert_ok!(Grants::deliver(RuntimeOrigin::signed(1), 0, 0, protocol));
//! assert_ok!(Grants::accept(RuntimeOrigin::root(), 0, 0, protocol));
//! assert_eq!(Balances::balance(&5), 2_000);
//! assert_eq!(Balances::balance(&99), 3_000); // what the app will cost
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
#[cfg(any(feature = "try-runtime", feature = "std", test))]
mod invariants;
pub mod milestone;
#[cfg(test)]
mod mock;
mod money;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use milestone::{Milestone, Plan, Refusal, State};
pub use pallet::*;
pub use types::{Grant, GrantId, Status};
pub use weights::WeightInfo;

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{Inspect, Mutate, hold::Mutate as MutateHold},
    };
    use frame_system::pallet_prelude::*;
    use plume_primitives::{Balance, Seconds, screening::Screening};
    use sp_core::H256;
    use sp_runtime::traits::BlockNumberProvider;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who approves grants, and cancels them; answers with the most planck that it may approve at once.
        type GrantOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Balance>;

        /// Who accepts and rejects what was delivered; answers with the most planck that a milestone it judges
        /// may be worth. Without that limit, whoever may spend little could pay out what only others may
        /// approve.
        type AcceptOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Balance>;

        /// PLUME.
        type Currency: Mutate<Self::AccountId>
            + Inspect<Self::AccountId, Balance = Balance>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// Why PLUME is on hold.
        type RuntimeHoldReason: From<HoldReason>;

        /// The treasury's account: grants are paid from it and return to it.
        type Treasury: Get<Self::AccountId>;

        /// The account that keeps the money of approved grants. Nothing else may pay from it.
        type Pot: Get<Self::AccountId>;

        /// Who may receive a grant.
        type Screening: Screening<Self::AccountId>;

        /// Seconds since the first block.
        type Time: BlockNumberProvider<BlockNumber = Seconds>;

        /// Planck on hold while a grant is applied for or approved. Too little, and applying costs less
        /// than reading the application.
        #[pallet::constant]
        type Deposit: Get<Balance>;

        /// How long an application may wait for its approval. Shorter than a referendum takes, no grant
        /// would ever be approved.
        #[pallet::constant]
        type ApplicationTime: Get<Seconds>;

        /// How long a grantee has at least to deliver again after a rejection.
        #[pallet::constant]
        type RedeliveryTime: Get<Seconds>;

        /// The longest time that a milestone may be given. The money lies in the pot all the while.
        #[pallet::constant]
        type MaxWithin: Get<Seconds>;

        /// The most milestones that a grant may have.
        #[pallet::constant]
        type MaxMilestones: Get<u32>;

        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds PLUME.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The deposit of a grant that is applied for or approved.
        GrantDeposit,
    }

    /// The grants that are applied for or approved.
    #[pallet::storage]
    pub type Grants<T: Config> = StorageMap<_, Twox64Concat, GrantId, Grant<T>>;

    /// The number of the next grant.
    #[pallet::storage]
    pub type NextId<T> = StorageValue<_, GrantId, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A grant is applied for, of `total` planck, and can be approved until a moment in seconds since
        /// the first block.
        Applied {
            grant: GrantId,
            grantee: T::AccountId,
            beneficiary: T::AccountId,
            proposal: H256,
            milestones: Vec<Plan>,
            total: Balance,
            deposit: Balance,
            until: Seconds,
        },
        /// A grant is approved: `total` planck moved from the treasury to the pot. The milestones can be
        /// delivered until these moments, in seconds since the first block.
        Approved {
            grant: GrantId,
            total: Balance,
            until: Vec<Seconds>,
        },
        /// A milestone waits for a judgement.
        Delivered {
            grant: GrantId,
            milestone: u32,
            deliverable: H256,
        },
        /// A milestone was accepted, and paid in planck.
        Accepted {
            grant: GrantId,
            milestone: u32,
            deliverable: H256,
            beneficiary: T::AccountId,
            amount: Balance,
        },
        /// A deliverable was rejected, for a reason whose hash this is. Another can be delivered until a
        /// moment in seconds since the first block.
        Rejected {
            grant: GrantId,
            milestone: u32,
            deliverable: H256,
            reason: H256,
            until: Seconds,
        },
        /// A milestone was not delivered in time; its planck returned to the treasury.
        MilestoneExpired {
            grant: GrantId,
            milestone: u32,
            amount: Balance,
        },
        /// An application was not approved in time.
        ApplicationExpired { grant: GrantId },
        /// A grant was cancelled; the planck that were in the pot for it returned to the treasury.
        Cancelled { grant: GrantId, returned: Balance },
        /// Nothing is left to be done for a grant, and its deposit is free.
        Ended {
            grant: GrantId,
            grantee: T::AccountId,
            deposit: Balance,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// No grant has this number, or it has ended.
        UnknownGrant,
        /// The grant has no milestone of this number. They are counted from 0.
        UnknownMilestone,
        /// A grant needs at least one milestone.
        NoMilestones,
        /// A milestone is worth less than an existential deposit. Unite it with another.
        MilestoneTooSmall,
        /// A milestone has to be delivered within more than zero seconds and at most `grants.maxWithin`.
        BadDeadline,
        /// The milestones together are worth more than can be counted.
        TotalTooLarge,
        /// The grant is approved already.
        AlreadyApproved,
        /// The application waited too long for its approval. Apply again.
        ApplicationTooOld,
        /// The grant is not approved yet.
        NotApproved,
        /// The grant, or the milestone, is worth more than this origin may decide about. Ask one with a higher
        /// limit.
        AboveLimit,
        /// Screening does not admit the grantee or the beneficiary. Clear that first.
        NotAdmitted,
        /// Only the grantee may do this.
        NotGrantee,
        /// The milestone does not wait for a deliverable: it is delivered, paid or returned.
        NotWaiting,
        /// The last moment to deliver is over.
        TooLate,
        /// The milestone does not wait for a judgement.
        NothingDelivered,
        /// What was delivered has another hash. See `grants.grants` for it.
        OtherDeliverable,
        /// Neither the application nor a milestone is too late.
        NothingExpired,
    }

    impl<T> From<Refusal> for Error<T> {
        fn from(refusal: Refusal) -> Self {
            match refusal {
                Refusal::NotWaiting => Self::NotWaiting,
                Refusal::TooLate => Self::TooLate,
                Refusal::NothingDelivered => Self::NothingDelivered,
                Refusal::OtherDeliverable => Self::OtherDeliverable,
            }
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Applies for a grant, with the hash of the document that says what for. The deposit of the caller
        /// goes on hold until the grant ends.
        ///
        /// Errors with [`Error::NoMilestones`], [`Error::MilestoneTooSmall`], [`Error::BadDeadline`],
        /// [`Error::TotalTooLarge`], or when the caller has less than the deposit.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::apply())]
        pub fn apply(
            origin: OriginFor<T>,
            proposal: H256,
            beneficiary: T::AccountId,
            milestones: BoundedVec<Plan, T::MaxMilestones>,
        ) -> DispatchResult {
            let grantee = ensure_signed(origin)?;
            ensure!(!milestones.is_empty(), Error::<T>::NoMilestones);
            let mut total: Balance = 0;
            for plan in &milestones {
                ensure!(
                    plan.amount >= T::Currency::minimum_balance(),
                    Error::<T>::MilestoneTooSmall
                );
                ensure!(
                    plan.within > 0 && plan.within <= T::MaxWithin::get(),
                    Error::<T>::BadDeadline
                );
                total = total
                    .checked_add(plan.amount)
                    .ok_or(Error::<T>::TotalTooLarge)?;
            }
            let deposit = T::Deposit::get();
            T::Currency::hold(&HoldReason::GrantDeposit.into(), &grantee, deposit)?;
            let until = T::Time::current_block_number().saturating_add(T::ApplicationTime::get());
            let id = NextId::<T>::mutate(|next| {
                let id = *next;
                *next = next.saturating_add(1);
                id
            });
            let plans = milestones.to_vec();
            Grants::<T>::insert(
                id,
                Grant {
                    grantee: grantee.clone(),
                    beneficiary: beneficiary.clone(),
                    proposal,
                    deposit,
                    status: Status::Applied { until },
                    milestones: BoundedVec::truncate_from(
                        milestones.into_iter().map(Milestone::planned).collect(),
                    ),
                },
            );
            Self::deposit_event(Event::Applied {
                grant: id,
                grantee,
                beneficiary,
                proposal,
                milestones: plans,
                total,
                deposit,
                until,
            });
            Ok(())
        }

        /// Approves an application: its money moves from the treasury to the pot, and the time to deliver
        /// begins.
        ///
        /// Errors with [`Error::UnknownGrant`], [`Error::AlreadyApproved`], [`Error::ApplicationTooOld`],
        /// [`Error::AboveLimit`], [`Error::NotAdmitted`], or when the treasury has less.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::approve())]
        pub fn approve(origin: OriginFor<T>, grant: GrantId) -> DispatchResult {
            let limit = T::GrantOrigin::ensure_origin(origin)?;
            let mut known = Grants::<T>::get(grant).ok_or(Error::<T>::UnknownGrant)?;
            let Status::Applied { until } = known.status else {
                return Err(Error::<T>::AlreadyApproved.into());
            };
            let now = T::Time::current_block_number();
            ensure!(now <= until, Error::<T>::ApplicationTooOld);
            let total = known.total();
            Self::spend_within(limit, total)?;
            Self::ensure_admitted(&known)?;
            Self::fund(total)?;
            known.status = Status::Approved;
            let until = known
                .milestones
                .iter_mut()
                .map(|milestone| milestone.open(now))
                .collect();
            Grants::<T>::insert(grant, known);
            Self::deposit_event(Event::Approved {
                grant,
                total,
                until,
            });
            Ok(())
        }

        /// Delivers a milestone, by the hash of what was built. Milestones may be delivered in any order.
        ///
        /// Errors with [`Error::UnknownGrant`], [`Error::NotGrantee`], [`Error::NotApproved`],
        /// [`Error::UnknownMilestone`], [`Error::NotWaiting`] or [`Error::TooLate`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::deliver())]
        pub fn deliver(
            origin: OriginFor<T>,
            grant: GrantId,
            milestone: u32,
            deliverable: H256,
        ) -> DispatchResult {
            let caller = ensure_signed(origin)?;
            Self::step(grant, milestone, |known, found| {
                ensure!(known == caller, Error::<T>::NotGrantee);
                found
                    .deliver(deliverable, T::Time::current_block_number())
                    .map_err(Error::<T>::from)
            })?;
            Self::deposit_event(Event::Delivered {
                grant,
                milestone,
                deliverable,
            });
            Ok(())
        }

        /// Accepts what was delivered, if it has this hash, and pays the milestone to the beneficiary. The
        /// last one ends the grant.
        ///
        /// Errors with [`Error::UnknownGrant`], [`Error::NotApproved`], [`Error::UnknownMilestone`],
        /// [`Error::NothingDelivered`], [`Error::OtherDeliverable`], [`Error::AboveLimit`] or
        /// [`Error::NotAdmitted`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::accept())]
        pub fn accept(
            origin: OriginFor<T>,
            grant: GrantId,
            milestone: u32,
            deliverable: H256,
        ) -> DispatchResult {
            let limit = T::AcceptOrigin::ensure_origin(origin)?;
            let mut known = Self::approved(grant)?;
            let amount = Self::milestone_of(&mut known, milestone)?
                .accept(deliverable)
                .map_err(Error::<T>::from)?;
            ensure!(amount <= limit, Error::<T>::AboveLimit);
            Self::ensure_admitted(&known)?;
            let beneficiary = known.beneficiary.clone();
            Self::pay(&beneficiary, amount)?;
            Self::deposit_event(Event::Accepted {
                grant,
                milestone,
                deliverable,
                beneficiary,
                amount,
            });
            Self::keep_or_end(grant, known)
        }

        /// Rejects what was delivered, if it has this hash. `reason` is the hash of a document that says
        /// why. The grantee may deliver again until the deadline, and for `RedeliveryTime` at least.
        ///
        /// Errors with [`Error::UnknownGrant`], [`Error::NotApproved`], [`Error::UnknownMilestone`],
        /// [`Error::NothingDelivered`], [`Error::OtherDeliverable`] or [`Error::AboveLimit`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::reject())]
        pub fn reject(
            origin: OriginFor<T>,
            grant: GrantId,
            milestone: u32,
            deliverable: H256,
            reason: H256,
        ) -> DispatchResult {
            let limit = T::AcceptOrigin::ensure_origin(origin)?;
            let again = T::Time::current_block_number().saturating_add(T::RedeliveryTime::get());
            let until = Self::step(grant, milestone, |_, found| {
                ensure!(found.plan.amount <= limit, Error::<T>::AboveLimit);
                found.reject(deliverable, again).map_err(Error::<T>::from)
            })?;
            Self::deposit_event(Event::Rejected {
                grant,
                milestone,
                deliverable,
                reason,
                until,
            });
            Ok(())
        }

        /// Ends what is too late: an application that was not approved in time, or the milestones of a grant
        /// that were not delivered in time, whose money returns to the treasury. Anybody may ask for it.
        ///
        /// Errors with [`Error::UnknownGrant`] or [`Error::NothingExpired`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::expire())]
        pub fn expire(origin: OriginFor<T>, grant: GrantId) -> DispatchResult {
            ensure_signed(origin)?;
            let now = T::Time::current_block_number();
            let mut known = Grants::<T>::get(grant).ok_or(Error::<T>::UnknownGrant)?;
            if let Status::Applied { until } = known.status {
                ensure!(now > until, Error::<T>::NothingExpired);
                Self::deposit_event(Event::ApplicationExpired { grant });
                return Self::end(grant, known);
            }
            let mut returned: Balance = 0;
            for (milestone, found) in (0u32..).zip(known.milestones.iter_mut()) {
                if let Some(amount) = found.expire(now) {
                    returned = returned.saturating_add(amount);
                    Self::deposit_event(Event::MilestoneExpired {
                        grant,
                        milestone,
                        amount,
                    });
                }
            }
            ensure!(returned > 0, Error::<T>::NothingExpired);
            Self::pay(&T::Treasury::get(), returned)?;
            Self::keep_or_end(grant, known)
        }

        /// Ends a grant or an application: what is in the pot for it returns to the treasury, and its deposit
        /// is free. For the grantee, and for an origin whose limit is not below the whole grant.
        ///
        /// Errors with [`Error::UnknownGrant`], [`Error::NotGrantee`] or [`Error::AboveLimit`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::cancel())]
        pub fn cancel(origin: OriginFor<T>, grant: GrantId) -> DispatchResult {
            let known = Grants::<T>::get(grant).ok_or(Error::<T>::UnknownGrant)?;
            match T::GrantOrigin::try_origin(origin) {
                Ok(limit) => ensure!(known.total() <= limit, Error::<T>::AboveLimit),
                Err(origin) => {
                    let caller = ensure_signed(origin)?;
                    ensure!(known.grantee == caller, Error::<T>::NotGrantee);
                }
            }
            let returned = known.in_pot();
            if returned > 0 {
                Self::pay(&T::Treasury::get(), returned)?;
            }
            Self::deposit_event(Event::Cancelled { grant, returned });
            Self::end(grant, known)
        }
    }

    impl<T: Config> Pallet<T> {
        fn approved(id: GrantId) -> Result<Grant<T>, DispatchError> {
            let grant = Grants::<T>::get(id).ok_or(Error::<T>::UnknownGrant)?;
            ensure!(grant.status == Status::Approved, Error::<T>::NotApproved);
            Ok(grant)
        }

        fn milestone_of(grant: &mut Grant<T>, place: u32) -> Result<&mut Milestone, Error<T>> {
            usize::try_from(place)
                .ok()
                .and_then(|place| grant.milestones.get_mut(place))
                .ok_or(Error::UnknownMilestone)
        }

        /// Takes a step, which knows the grantee, with a milestone of an approved grant. It moves no money.
        fn step<R>(
            id: GrantId,
            place: u32,
            step: impl FnOnce(T::AccountId, &mut Milestone) -> Result<R, Error<T>>,
        ) -> Result<R, DispatchError> {
            let mut grant = Self::approved(id)?;
            let grantee = grant.grantee.clone();
            let result = step(grantee, Self::milestone_of(&mut grant, place)?)?;
            Grants::<T>::insert(id, grant);
            Ok(result)
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                T::MaxMilestones::get() > 0,
                "a grant has at least one milestone"
            );
            assert!(
                T::MaxWithin::get() > 0 && T::RedeliveryTime::get() > 0,
                "there is time to deliver"
            );
            assert_ne!(
                T::Pot::get(),
                T::Treasury::get(),
                "what is approved leaves the treasury"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
