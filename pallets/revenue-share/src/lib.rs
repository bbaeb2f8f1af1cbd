//! Shares a pot among institutions in proportion to the fees that they paid.
//!
//! # What it is for
//!
//! Part of every fee goes to a pot (`pallet-fees` fills it). Institutions that bring traffic to the network
//! get it back, in proportion to what their accounts paid in fees, and never so much that traffic for its
//! own sake would pay.
//!
//! ```text
//!  transaction ─▶ fee ─▶ AttributedFees ─▶ payer's institution: fees of the open period
//!                  └──── share of it ────▶ pot
//!  period over:  payout = min(pot × fees ÷ all attributed fees, cap × fees) ─▶ a right
//!  claim:        rights ─▶ payout account            unclaimed for ClaimPeriods ─▶ back to the pot
//! ```
//!
//! - **Attribution** needs nothing in a transaction: an account belongs to one institution or to none, and
//!   [`AttributedFees`] tells the pallet who paid what. Tips do not count.
//! - **Accounts** consent. `AdminOrigin` registers an institution by its main account; the main account
//!   invites others; each, the main account too, belongs to the institution only once it has
//!   [accepted](Pallet::accept).
//! - **A period** ends with the first block that begins when `Period` seconds have passed, and then the pot is
//!   divided; [`division`] has the formula and the proof that washing never pays. A chain that stood still
//!   closes one longer period, not many.
//! - **Rights** are claimed, not sent: anybody may [ask](Pallet::claim), the payout account gets it. What
//!   nobody asked for in `ClaimPeriods` periods falls back to the pot, as do rounding and what the caps leave.
//! - **Suspended** by `AdminOrigin`, or not admitted by `Screening`: an institution accrues nothing, has no
//!   share in a period that closes meanwhile, and is paid nothing. What it had a right to waits, and expires
//!   as any right does.
//!
//! # Who may call what
//!
//! | who | may |
//! |---|---|
//! | `AdminOrigin` | [`register`](Pallet::register), [`deregister`](Pallet::deregister), [`suspend`](Pallet::suspend), [`reinstate`](Pallet::reinstate) |
//! | an institution's main account | [`invite`](Pallet::invite), [`remove_account`](Pallet::remove_account), [`set_payout`](Pallet::set_payout) |
//! | an account | [`accept`](Pallet::accept) what it was invited to, [`leave`](Pallet::leave) |
//! | anybody | [`claim`](Pallet::claim), for the institution |
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. The pot covers what is owed, and stays alive.
//! 2. What is owed is the sum of the rights. Each right is of a registered institution and a closed period
//!    that is not older than `ClaimPeriods`, and is not zero.
//! 3. An account is on the list of the one institution that it belongs to, once, and of no other.
//! 4. There are no more institutions than `MaxInstitutions`, each with a number that was given.
//!
//! # Example
//!
//! ```
//! # use frame_support::{assert_ok, derive_impl, parameter_types, sp_runtime::{BuildStorage, Perbill, traits::BlockNumberProvider}};
//! # use frame_support::traits::{ConstU32, ConstU64, ConstU128, Hooks, fungible::Inspect};
//! # use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
//! # use plume_primitives::revenue::OnFeePaid;
//! # use pallet_revenue_share::GenesisInstitution;
//! # #[frame_support::runtime]
//! # mod rt {
//! #     #[runtime::runtime]
//! #     #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeHoldReason, RuntimeFreezeReason, RuntimeTask)]
//! #     pub struct Runtime;
//! #     #[runtime::pallet_index(0)] pub type System = frame_system;
//! #     #[runtime::pallet_index(1)] pub type Balances = pallet_balances;
//! #     #[runtime::pallet_index(2)] pub type RevenueShare = pallet_revenue_share;
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
//! # static SECONDS: AtomicU32 = AtomicU32::new(0);
//! # pub struct Clock;
//! # impl BlockNumberProvider for Clock {
//! #     type BlockNumber = u32;
//! #     fn current_block_number() -> u32 { SECONDS.load(Relaxed) }
//! # }
//! # parameter_types! {
//! #     pub const Cap: Perbill = Perbill::from_percent(25);
//! #     pub const LeastBurned: Perbill = Perbill::from_percent(50);
//! # }
//! # impl pallet_revenue_share::Config for Runtime {
//! #     type AdminOrigin = frame_system::EnsureRoot<u64>;
//! #     type Currency = Balances;
//! #     type Pot = ConstU64<99>;
//! #     type Screening = ();
//! #     type Time = Clock;
//! #     type Period = ConstU32<86_400>;
//! #     type ClaimPeriods = ConstU32<12>;
//! #     type Cap = Cap;
//! #     type LeastBurned = LeastBurned;
//! #     type MaxInstitutions = ConstU32<16>;
//! #     type MaxAccounts = ConstU32<4>;
//! #     type WeightInfo = ();
//! # }
//! # fn main() {
//! # let bank = GenesisInstitution { main: 1, lei_hash: Default::default(), accounts: vec![1, 2] };
//! # let mut storage = pallet_revenue_share::GenesisConfig::<Runtime> { institutions: vec![bank] }.build_storage().unwrap();
//! # pallet_balances::GenesisConfig::<Runtime> { balances: vec![(1, 1), (99, 801)], ..Default::default() }.assimilate_storage(&mut storage).unwrap();
//! # sp_io::TestExternalities::from(storage).execute_with(|| {
//! // Institution 0 has the accounts 1 and 2. There are 800 planck to divide.
//! RevenueShare::on_fee_paid(&1, 1_000);
//! RevenueShare::on_fee_paid(&2, 400);
//! RevenueShare::on_fee_paid(&3, 600); // nobody's account
//! SECONDS.store(86_400, Relaxed);
//! RevenueShare::on_initialize(2);
//! // It paid all of the attributed fees, but gets at most a quarter of them.
//! assert_ok!(RevenueShare::claim(RuntimeOrigin::signed(7), 0));
//! assert_eq!(Balances::balance(&1), 1 + 350);
//! assert_eq!(RevenueShare::undivided(), 450);
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

mod accounts;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
pub mod charge;
pub mod division;
#[cfg(any(feature = "try-runtime", feature = "std", test))]
mod invariants;
#[cfg(test)]
mod mock;
mod periods;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use charge::AttributedFees;
pub use pallet::*;
pub use types::{GenesisInstitution, Institution, InstitutionId, OpenPeriod, PeriodNumber, Right};
pub use weights::WeightInfo;

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungible::{Inspect, Mutate},
            tokens::Preservation,
        },
    };
    use frame_system::pallet_prelude::*;
    use plume_primitives::{Balance, Seconds, screening::Screening};
    use sp_core::H256;
    use sp_runtime::{Perbill, traits::BlockNumberProvider};

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who registers, suspends, reinstates and ends institutions.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// PLUME.
        type Currency: Mutate<Self::AccountId> + Inspect<Self::AccountId, Balance = Balance>;

        /// The account that collects what is shared. Without its existential deposit at genesis, small
        /// fees would never reach it.
        type Pot: Get<Self::AccountId>;

        /// Who may take part: asked for the main account and for a payer when a fee is attributed, for the
        /// main account when a period closes, for main and payout account when a right is claimed.
        type Screening: Screening<Self::AccountId>;

        /// Seconds since the first block.
        type Time: BlockNumberProvider<BlockNumber = Seconds>;

        /// How long a period lasts at least. Every period costs one block the weight of closing it.
        #[pallet::constant]
        type Period: Get<Seconds>;

        /// How many periods may close before a right falls back to the pot, the closing of its own not
        /// counted.
        #[pallet::constant]
        type ClaimPeriods: Get<u32>;

        /// The part of its fees that an institution gets back at most. Below the part that goes to the pot,
        /// the pot would grow for ever.
        #[pallet::constant]
        type Cap: Get<Perbill>;

        /// The part of every base fee that is burned at the least. The cap has to be below it, or an
        /// institution that seals every block could wash without a loss; see [`division`].
        type LeastBurned: Get<Perbill>;

        /// The most institutions there can be: all of them are visited when a period closes, in one block.
        #[pallet::constant]
        type MaxInstitutions: Get<u32>;

        /// The most accounts that an institution can have, and the most that it can have invited.
        #[pallet::constant]
        type MaxAccounts: Get<u32>;

        type WeightInfo: WeightInfo;
    }

    /// The registered institutions.
    #[pallet::storage]
    pub type Institutions<T: Config> =
        CountedStorageMap<_, Twox64Concat, InstitutionId, Institution<T::AccountId>>;

    /// The number of the institution that is registered next.
    #[pallet::storage]
    pub type NextId<T> = StorageValue<_, InstitutionId, ValueQuery>;

    /// The institution that an account's fees are attributed to.
    #[pallet::storage]
    pub type InstitutionOf<T: Config> = StorageMap<_, Twox64Concat, T::AccountId, InstitutionId>;

    /// The accounts of an institution.
    #[pallet::storage]
    pub type Members<T: Config> = StorageMap<
        _,
        Twox64Concat,
        InstitutionId,
        BoundedVec<T::AccountId, T::MaxAccounts>,
        ValueQuery,
    >;

    /// The accounts that an institution has invited and that have not accepted.
    #[pallet::storage]
    pub type Invitations<T: Config> = StorageMap<
        _,
        Twox64Concat,
        InstitutionId,
        BoundedVec<T::AccountId, T::MaxAccounts>,
        ValueQuery,
    >;

    /// What an institution may claim, oldest first.
    #[pallet::storage]
    pub type Rights<T: Config> =
        StorageMap<_, Twox64Concat, InstitutionId, BoundedVec<Right, T::ClaimPeriods>, ValueQuery>;

    /// Planck: the sum of all rights.
    #[pallet::storage]
    pub type Owed<T> = StorageValue<_, Balance, ValueQuery>;

    /// The period that fees are attributed to.
    #[pallet::storage]
    pub type Open<T> = StorageValue<_, OpenPeriod, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An institution was registered; its main account may accept.
        Registered {
            institution: InstitutionId,
            main: T::AccountId,
            lei_hash: H256,
        },
        /// An institution is no longer registered, and its accounts are free.
        Deregistered { institution: InstitutionId },
        /// An institution accrues nothing and is paid nothing until it is reinstated.
        Suspended { institution: InstitutionId },
        /// An institution accrues and is paid again.
        Reinstated { institution: InstitutionId },
        /// An account may join an institution by accepting.
        Invited {
            institution: InstitutionId,
            account: T::AccountId,
        },
        /// An account may join no longer.
        InvitationWithdrawn {
            institution: InstitutionId,
            account: T::AccountId,
        },
        /// An account's fees are attributed to an institution from now on.
        AccountJoined {
            institution: InstitutionId,
            account: T::AccountId,
        },
        /// An account's fees are attributed to nobody from now on.
        AccountLeft {
            institution: InstitutionId,
            account: T::AccountId,
        },
        /// An institution's shares are paid to this account.
        PayoutSet {
            institution: InstitutionId,
            payout: T::AccountId,
        },
        /// An institution has a right to `amount` planck for `fees` planck that it paid in a period.
        ShareCredited {
            institution: InstitutionId,
            period: PeriodNumber,
            fees: Balance,
            amount: Balance,
        },
        /// Rights that nobody claimed in time fell back to the pot; in planck.
        RightsExpired {
            institution: InstitutionId,
            amount: Balance,
        },
        /// A period is over. Of `pot` planck that nobody had a right to, `shared` were divided among those
        /// that together paid `fees` planck.
        PeriodClosed {
            period: PeriodNumber,
            fees: Balance,
            pot: Balance,
            shared: Balance,
        },
        /// All rights of an institution were paid, in planck.
        Claimed {
            institution: InstitutionId,
            payout: T::AccountId,
            amount: Balance,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// No institution has this number. See `revenueShare.institutions`.
        UnknownInstitution,
        /// There are as many institutions as there can be. Deregister one first.
        TooManyInstitutions,
        /// Only the institution's main account may do this.
        NotMainAccount,
        /// The institution has as many accounts, or invitations, as it may have. Remove one first.
        TooManyAccounts,
        /// The account belongs to an institution already. Let it leave that one first.
        AlreadyAttributed,
        /// The account is invited already. It has to accept.
        AlreadyInvited,
        /// The institution has not invited this account. Let its main account call `invite`.
        NotInvited,
        /// The account belongs to no institution, or not to this one.
        NotAttributed,
        /// The institution is suspended already.
        AlreadySuspended,
        /// The institution is not suspended.
        NotSuspended,
        /// The institution is suspended. Ask for its reinstatement, then claim again.
        Suspended,
        /// Screening does not admit the main account or the payout account. Clear that, then claim again.
        NotAdmitted,
        /// There is nothing to claim before a period with fees of the institution closes.
        NothingToClaim,
        /// The institution has rights left. Claim them for it, or wait until they expire.
        RightsLeft,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The institutions that the chain begins with, numbered from 0.
        pub institutions: Vec<GenesisInstitution<T::AccountId>>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Refuses what no chain should begin with: a genesis is built once, by an operator who reads the
        /// message.
        fn build(&self) {
            for institution in &self.institutions {
                let main = institution.main.clone();
                let id =
                    Pallet::<T>::do_register(main, institution.lei_hash).unwrap_or_else(|_| {
                        panic!(
                            "revenueShare.institutions has more than {} entries",
                            T::MaxInstitutions::get()
                        )
                    });
                for account in &institution.accounts {
                    Pallet::<T>::do_join(id, account.clone()).unwrap_or_else(|error| {
                        panic!(
                            "revenueShare.institutions: {account:?} cannot join number {id}: {error:?}. \
                             An account belongs to one institution, which has at most {} of them",
                            T::MaxAccounts::get()
                        )
                    });
                }
                if !institution.accounts.contains(&institution.main) {
                    // Lets the main account accept later, as it could after `register`.
                    let _ = Invitations::<T>::try_append(id, &institution.main);
                }
            }
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers an institution by its main account, which is invited and the first payout account, and
        /// the hash of its LEI.
        ///
        /// Errors with [`Error::TooManyInstitutions`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register())]
        pub fn register(
            origin: OriginFor<T>,
            main: T::AccountId,
            lei_hash: H256,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            let id = Self::do_register(main.clone(), lei_hash)?;
            Self::do_invite(id, main)
        }

        /// Ends an institution: its accounts are free, and its fees of the open period are nobody's.
        ///
        /// Errors with [`Error::UnknownInstitution`] or [`Error::RightsLeft`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::deregister())]
        pub fn deregister(origin: OriginFor<T>, institution: InstitutionId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            ensure!(
                !Rights::<T>::contains_key(institution),
                Error::<T>::RightsLeft
            );
            Institutions::<T>::take(institution).ok_or(Error::<T>::UnknownInstitution)?;
            for account in Members::<T>::take(institution) {
                InstitutionOf::<T>::remove(&account);
                Self::deposit_event(Event::AccountLeft {
                    institution,
                    account,
                });
            }
            Invitations::<T>::remove(institution);
            Self::deposit_event(Event::Deregistered { institution });
            Ok(())
        }

        /// Suspends an institution: it accrues nothing, shares in no period that closes, is paid nothing.
        ///
        /// Errors with [`Error::UnknownInstitution`] or [`Error::AlreadySuspended`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::suspend())]
        pub fn suspend(origin: OriginFor<T>, institution: InstitutionId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Institutions::<T>::try_mutate(institution, |known| {
                let known = known.as_mut().ok_or(Error::<T>::UnknownInstitution)?;
                ensure!(!known.suspended, Error::<T>::AlreadySuspended);
                known.suspended = true;
                Ok::<_, DispatchError>(())
            })?;
            Self::deposit_event(Event::Suspended { institution });
            Ok(())
        }

        /// Reinstates an institution.
        ///
        /// Errors with [`Error::UnknownInstitution`] or [`Error::NotSuspended`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::reinstate())]
        pub fn reinstate(origin: OriginFor<T>, institution: InstitutionId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Institutions::<T>::try_mutate(institution, |known| {
                let known = known.as_mut().ok_or(Error::<T>::UnknownInstitution)?;
                ensure!(known.suspended, Error::<T>::NotSuspended);
                known.suspended = false;
                Ok::<_, DispatchError>(())
            })?;
            Self::deposit_event(Event::Reinstated { institution });
            Ok(())
        }

        /// Invites an account to the caller's institution.
        ///
        /// Errors with [`Error::UnknownInstitution`], [`Error::NotMainAccount`],
        /// [`Error::AlreadyAttributed`], [`Error::AlreadyInvited`] or [`Error::TooManyAccounts`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::invite())]
        pub fn invite(
            origin: OriginFor<T>,
            institution: InstitutionId,
            account: T::AccountId,
        ) -> DispatchResult {
            Self::ensure_main(origin, institution)?;
            Self::do_invite(institution, account)
        }

        /// Accepts an invitation: the caller's fees are attributed to the institution from now on.
        ///
        /// Errors with [`Error::NotInvited`], [`Error::AlreadyAttributed`] or [`Error::TooManyAccounts`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::accept())]
        pub fn accept(origin: OriginFor<T>, institution: InstitutionId) -> DispatchResult {
            let account = ensure_signed(origin)?;
            Self::end_invitation(institution, &account)?;
            Self::do_join(institution, account)
        }

        /// Leaves the institution that the caller belongs to. What it paid so far stays attributed.
        ///
        /// Errors with [`Error::NotAttributed`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::leave())]
        pub fn leave(origin: OriginFor<T>) -> DispatchResult {
            let account = ensure_signed(origin)?;
            let institution = InstitutionOf::<T>::get(&account).ok_or(Error::<T>::NotAttributed)?;
            Self::do_leave(institution, account);
            Ok(())
        }

        /// Takes an account from the caller's institution, or takes an invitation back.
        ///
        /// Errors with [`Error::UnknownInstitution`], [`Error::NotMainAccount`] or
        /// [`Error::NotAttributed`].
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::remove_account())]
        pub fn remove_account(
            origin: OriginFor<T>,
            institution: InstitutionId,
            account: T::AccountId,
        ) -> DispatchResult {
            Self::ensure_main(origin, institution)?;
            if InstitutionOf::<T>::get(&account) == Some(institution) {
                Self::do_leave(institution, account);
            } else {
                Self::end_invitation(institution, &account)
                    .map_err(|_| Error::<T>::NotAttributed)?;
                Self::deposit_event(Event::InvitationWithdrawn {
                    institution,
                    account,
                });
            }
            Ok(())
        }

        /// Says where the shares of the caller's institution are paid, those it has a right to already too.
        ///
        /// Errors with [`Error::UnknownInstitution`] or [`Error::NotMainAccount`].
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::set_payout())]
        pub fn set_payout(
            origin: OriginFor<T>,
            institution: InstitutionId,
            payout: T::AccountId,
        ) -> DispatchResult {
            let mut known = Self::ensure_main(origin, institution)?;
            known.payout = payout.clone();
            Institutions::<T>::insert(institution, known);
            Self::deposit_event(Event::PayoutSet {
                institution,
                payout,
            });
            Ok(())
        }

        /// Pays all rights of an institution to its payout account. Anybody may ask for it.
        ///
        /// Errors with [`Error::UnknownInstitution`], [`Error::Suspended`], [`Error::NotAdmitted`],
        /// [`Error::NothingToClaim`], or when the payout account does not exist and the amount is less than
        /// an existential deposit.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::claim())]
        pub fn claim(origin: OriginFor<T>, institution: InstitutionId) -> DispatchResult {
            ensure_signed(origin)?;
            let known =
                Institutions::<T>::get(institution).ok_or(Error::<T>::UnknownInstitution)?;
            ensure!(!known.suspended, Error::<T>::Suspended);
            ensure!(
                T::Screening::admits(&known.main) && T::Screening::admits(&known.payout),
                Error::<T>::NotAdmitted
            );
            let amount = Rights::<T>::take(institution)
                .iter()
                .fold(0, |sum: Balance, right| sum.saturating_add(right.amount));
            ensure!(amount > 0, Error::<T>::NothingToClaim);
            Owed::<T>::mutate(|owed| *owed = owed.saturating_sub(amount));
            T::Currency::transfer(
                &T::Pot::get(),
                &known.payout,
                amount,
                Preservation::Preserve,
            )?;
            Self::deposit_event(Event::Claimed {
                institution,
                payout: known.payout,
                amount,
            });
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        fn do_register(main: T::AccountId, lei_hash: H256) -> Result<InstitutionId, DispatchError> {
            ensure!(
                Institutions::<T>::count() < T::MaxInstitutions::get(),
                Error::<T>::TooManyInstitutions
            );
            let institution = NextId::<T>::mutate(|next| {
                let id = *next;
                *next = next.saturating_add(1);
                id
            });
            Institutions::<T>::insert(
                institution,
                Institution {
                    payout: main.clone(),
                    main: main.clone(),
                    lei_hash,
                    suspended: false,
                    fees: 0,
                },
            );
            Self::deposit_event(Event::Registered {
                institution,
                main,
                lei_hash,
            });
            Ok(institution)
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Closes the open period when it is over.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            let now = T::Time::current_block_number();
            let open = Open::<T>::get();
            if now.saturating_sub(open.since) < T::Period::get() {
                return T::WeightInfo::check_period();
            }
            let institutions = Self::close_period(open, now);
            T::WeightInfo::close_period(institutions)
        }

        fn integrity_test() {
            assert!(
                T::Cap::get() < T::LeastBurned::get(),
                "washing could pay: the cap has to be below the part of a fee that is burned at the least"
            );
            assert!(T::Period::get() > 0, "a period takes time");
            assert!(
                T::ClaimPeriods::get() > 0,
                "a right lasts at least until the next period closes"
            );
            assert!(
                T::MaxInstitutions::get() > 0 && T::MaxAccounts::get() > 0,
                "an institution with an account can be registered"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
