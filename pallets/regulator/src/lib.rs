//! Lets supervisors stop and have opened what the law lets them, for all to see, and nothing else.
//!
//! # What it is for
//!
//! 1. `AdmitOrigin` [admits](Pallet::admit_supervisor) an authority as supervisor, with powers and jurisdictions.
//! 2. The supervisor [opens](Pallet::open_warrant) a warrant: about whom, what for, the hash of the order behind it,
//!    and how long it counts.
//! 3. By the warrant it [freezes](Pallet::freeze_subject) a subject, or the [amount](Pallet::freeze_amount) that is on
//!    hold for a case, and [releases](Pallet::release_subject) them; and it [records](Pallet::record_access) what it
//!    had opened. Screening asks [`Freezes`](plume_primitives::regulation::Freezes).
//!    Before the committee opens a shielded transfer, the supervisor [records](Pallet::record_opening) it: members give no
//!    share without that line.
//! 4. Each of these is a line of the [log](log). Anybody counts the lines of a supervisor or of an institution; the
//!    institution can be told more, in bytes that are sealed for it.
//!
//! A freeze counts as long as its warrant does: when that expires or is [withdrawn](Pallet::withdraw_warrant), or its
//! supervisor is [dismissed](Pallet::dismiss_supervisor), the freeze ends by itself. Several warrants can freeze
//! the same, and then all of them have to end.
//!
//! # A regulator never moves funds
//!
//! The pallet knows no currency, and whoever asks it can only be told that something has to stay where it is. What
//! is released goes where it would have gone without it.
//!
//! # Who may call what
//!
//! | who | may |
//! |---|---|
//! | `AdmitOrigin` | [`admit_supervisor`](Pallet::admit_supervisor), [`dismiss_supervisor`](Pallet::dismiss_supervisor), [`withdraw_warrant`](Pallet::withdraw_warrant) |
//! | an admitted supervisor | [`open_warrant`](Pallet::open_warrant), [`record_access`](Pallet::record_access) |
//! | who has a warrant in force | [`freeze_subject`](Pallet::freeze_subject), [`freeze_amount`](Pallet::freeze_amount), [`record_opening`](Pallet::record_opening) |
//! | who had one, or has | [`release_subject`](Pallet::release_subject), [`release_amount`](Pallet::release_amount), [`withdraw_warrant`](Pallet::withdraw_warrant) |
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. The log has all lines from 0 up to its count, and no others.
//! 2. The counts of supervisors and institutions are those of their lines.
//! 3. Each warrant is a supervisor's, is good for something, and was used as often as the log says.
//! 4. Each freeze is by a warrant that is good for it, and no warrant freezes the same twice.
//! 5. There are no more supervisors than may be.
//! 6. Each opening that was recorded has one line, by a warrant that is good for access, and each such line is its.
//!
//! Log, warrants and openings grow without bound, as long as supervisors pay for their transactions: what they did must not
//! vanish.
//!
//! # Example
//!
//! ```
//! # use frame_support::{assert_ok, derive_impl, sp_runtime::{BuildStorage, traits::{BlakeTwo256, BlockNumberProvider, Hash}}};
//! # use frame_support::traits::ConstU32;
//! # use pallet_regulator::{Powers, Target};
//! # use plume_primitives::{compliance::{Jurisdiction, SubjectId}, credentials::{Reach, Subjects}, regulation::Freezes};
//! # #[frame_support::runtime]
//! # mod rt {
//! #     #[runtime::runtime]
//! #     #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
//! #     pub struct Runtime;
//! #     #[runtime::pallet_index(0)] pub type System = frame_system;
//! #     #[runtime::pallet_index(1)] pub type Regulator = pallet_regulator;
//! # }
//! # #[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
//! # impl frame_system::Config for Runtime { type Block = frame_system::mocking::MockBlock<Runtime>; }
//! # pub struct Noon;
//! # impl BlockNumberProvider for Noon {
//! #     type BlockNumber = u32;
//! #     fn current_block_number() -> u32 { 43_200 }
//! # }
//! # pub struct AllSwissOfBankSeven;
//! # impl Subjects<u64> for AllSwissOfBankSeven {
//! #     fn subject_of(_: &u64) -> Option<SubjectId> { None }
//! #     fn institution_of(_: &SubjectId) -> Option<u64> { Some(7) }
//! #     fn jurisdictions_of(_: &SubjectId) -> Vec<Jurisdiction> { vec![Jurisdiction(*b"CH")] }
//! # }
//! # #[cfg(feature = "runtime-benchmarks")]
//! # impl pallet_regulator::BenchmarkHelper<u64> for AllSwissOfBankSeven {
//! #     fn subject(_: &u64) -> SubjectId { Default::default() }
//! #     fn held_amount(_: &SubjectId, _: &SubjectId) -> u64 { 0 }
//! # }
//! # impl pallet_regulator::Config for Runtime {
//! #     type AdmitOrigin = frame_system::EnsureRoot<u64>;
//! #     type Time = Noon;
//! #     type Subjects = AllSwissOfBankSeven;
//! #     type HeldAmounts = ();
//! #     type OnFreeze = ();
//! #     type MaxSupervisors = ConstU32<50>;
//! #     type MaxWarrantTime = ConstU32<31_536_000>;
//! #     type MaxFreezes = ConstU32<8>;
//! #     type MaxSealed = ConstU32<512>;
//! #     type WeightInfo = ();
//! #     #[cfg(feature = "runtime-benchmarks")]
//! #     type BenchmarkHelper = AllSwissOfBankSeven;
//! # }
//! # fn main() {
//! # let storage = frame_system::GenesisConfig::<Runtime>::default().build_storage().unwrap();
//! # sp_io::TestExternalities::from(storage).execute_with(|| {
//! let finma = 1;
//! let swiss = Reach::In(vec![Jurisdiction(*b"CH")].try_into().unwrap());
//! let authority = BlakeTwo256::hash(b"FINMA");
//! assert_ok!(Regulator::admit_supervisor(RuntimeOrigin::root(), finma, authority, Powers::ALL, swiss));
//!
//! let subject = BlakeTwo256::hash(b"somebody");
//! let order = BlakeTwo256::hash(b"order of the court, and a salt");
//! let powers = Powers { freeze_subjects: true, ..Powers::NONE };
//! assert_ok!(Regulator::open_warrant(RuntimeOrigin::signed(finma), Target::Subject(subject), powers, order, 129_600, None));
//! assert_ok!(Regulator::freeze_subject(RuntimeOrigin::signed(finma), 0, subject, order));
//! assert!(<Regulator as Freezes>::is_frozen(&subject));
//!
//! // The public counts: two lines, both about a subject of bank 7.
//! assert_eq!(pallet_regulator::SupervisorCounts::<Runtime>::get(finma), 2);
//! assert_eq!(pallet_regulator::InstitutionCounts::<Runtime>::get(7), 2);
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
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
pub mod log;
#[cfg(test)]
mod mock;
mod scope;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{
    Act, CHANGING_BYTES, Entry, MAX_CONCERNED, Powers, Supervisor, Target, Warrant, WarrantId,
};
pub use weights::WeightInfo;

/// What the runtime adds for measuring.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkHelper<AccountId> {
    /// A new subject of an institution, whose freeze costs the most.
    fn subject(institution: &AccountId) -> plume_primitives::compliance::SubjectId;
    /// A case for which an amount is on hold, of one subject's for another.
    fn held_amount(
        from: &plume_primitives::compliance::SubjectId,
        to: &plume_primitives::compliance::SubjectId,
    ) -> plume_primitives::regulation::CaseId;
}

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use crate::{
        log::Line,
        scope::{Concerned, Object},
    };
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, weights::RuntimeDbWeight};
    use frame_system::pallet_prelude::*;
    use plume_primitives::{
        Seconds,
        compliance::SubjectId,
        credentials::{Reach, Subjects},
        regulation::{CaseId, Freezes, HeldAmounts, OnFreeze},
    };
    use sp_core::H256;
    use sp_runtime::traits::BlockNumberProvider;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who admits and dismisses supervisors, and may take back any warrant.
        type AdmitOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Seconds since the first block.
        type Time: BlockNumberProvider<BlockNumber = Seconds>;

        /// Where subjects belong, and who answers for them.
        type Subjects: Subjects<Self::AccountId>;

        /// Which amounts are on hold for a case.
        type HeldAmounts: HeldAmounts;

        /// Hears of freezes and releases, but not of those that end by themselves.
        type OnFreeze: OnFreeze;

        /// The most supervisors, dismissed ones included.
        #[pallet::constant]
        type MaxSupervisors: Get<u32>;

        /// The longest time that a warrant counts. A freeze cannot outlast it without another warrant.
        #[pallet::constant]
        type MaxWarrantTime: Get<Seconds>;

        /// The most warrants that freeze the same subject or amount at once. Screening reads all of them.
        #[pallet::constant]
        type MaxFreezes: Get<u32>;

        /// The most bytes that an institution is told of an access.
        #[pallet::constant]
        type MaxSealed: Get<u32>;

        type WeightInfo: WeightInfo;

        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
    }

    /// Authorities that supervise, or did.
    #[pallet::storage]
    pub type Supervisors<T: Config> =
        CountedStorageMap<_, Blake2_128Concat, T::AccountId, Supervisor>;

    /// All warrants that there ever were.
    #[pallet::storage]
    pub type Warrants<T: Config> = StorageMap<_, Twox64Concat, WarrantId, Warrant<T::AccountId>>;

    /// The number of the next warrant.
    #[pallet::storage]
    pub type NextWarrant<T> = StorageValue<_, WarrantId, ValueQuery>;

    /// Warrants that freeze a subject, some of which may have ended.
    #[pallet::storage]
    pub type SubjectFreezes<T: Config> =
        CountedStorageMap<_, Identity, SubjectId, BoundedVec<WarrantId, T::MaxFreezes>, ValueQuery>;

    /// Warrants that freeze the amount on hold for a case, some of which may have ended.
    #[pallet::storage]
    pub type AmountFreezes<T: Config> =
        StorageMap<_, Twox64Concat, CaseId, BoundedVec<WarrantId, T::MaxFreezes>, ValueQuery>;

    /// The log, by number of the line.
    #[pallet::storage]
    pub type Log<T: Config> = StorageMap<_, Twox64Concat, u64, Entry<T>>;

    /// How many lines the log has.
    #[pallet::storage]
    pub type LogCount<T> = StorageValue<_, u64, ValueQuery>;

    /// How many of them are a supervisor's.
    #[pallet::storage]
    pub type SupervisorCounts<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, u64, ValueQuery>;

    /// How many of them concern an institution.
    #[pallet::storage]
    pub type InstitutionCounts<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, u64, ValueQuery>;

    /// Numbers of the lines that concern an institution, in order, counted from 0.
    #[pallet::storage]
    pub type InstitutionLog<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, u64, u64>;

    /// The line of the log in which the opening of a shielded transfer was recorded, by the hash of what was to be opened.
    #[pallet::storage]
    pub type Openings<T> = StorageMap<_, Blake2_128Concat, H256, u64>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An authority supervises, with these powers at the most; or its powers are others now.
        SupervisorAdmitted {
            supervisor: T::AccountId,
            authority: H256,
            powers: Powers,
            reach: Reach,
        },
        /// An authority supervises no longer, and its warrants do not count.
        SupervisorDismissed { supervisor: T::AccountId },
        /// A warrant was opened. It counts until a moment in seconds since the first block.
        WarrantOpened {
            warrant: WarrantId,
            supervisor: T::AccountId,
            target: Target<T::AccountId>,
            powers: Powers,
            legal_basis: H256,
            case: Option<CaseId>,
            until: Seconds,
        },
        /// A supervisor did something. What the institutions are told is in the log.
        Logged {
            number: u64,
            supervisor: T::AccountId,
            warrant: Option<WarrantId>,
            institutions: Vec<T::AccountId>,
            act: Act,
            evidence: H256,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The account is no supervisor. Ask for admission.
        NotSupervisor,
        /// The supervisor was dismissed.
        Dismissed,
        /// There are as many supervisors as there may be.
        TooManySupervisors,
        /// The powers are none.
        NoPowers,
        /// Jurisdictions are codes of two upper-case letters, in ascending order.
        BadReach,
        /// The warrant, or the supervisor, is not good for this. Open one that is.
        NoSuchPower,
        /// The warrant has to end later than now and within `regulator.maxWarrantTime` seconds.
        BadExpiry,
        /// No warrant has this number.
        UnknownWarrant,
        /// The warrant is another supervisor's.
        NotItsSupervisor,
        /// The warrant has expired. Open another.
        WarrantExpired,
        /// The warrant was taken back. Open another.
        WarrantWithdrawn,
        /// The warrant is about somebody else.
        OutsideWarrant,
        /// Nobody whom it is about is of the supervisor's jurisdictions.
        OutsideReach,
        /// No institution knows this subject.
        UnknownSubject,
        /// Nothing is on hold for this case.
        NothingHeld,
        /// The warrant freezes it already.
        AlreadyFrozen,
        /// The warrant does not freeze it.
        NotFrozen,
        /// As many warrants freeze it as may. One of them has to end.
        TooManyFreezes,
        /// The log is full. It will not happen.
        LogFull,
        /// An opening takes at least one share.
        NoShares,
        /// The opening was recorded already. Make another request.
        OpeningRecorded,
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Admits an authority as supervisor, or changes what it may do. `authority` is the hash of the document
        /// that says which authority it is.
        ///
        /// Errors with [`Error::NoPowers`], [`Error::BadReach`] or [`Error::TooManySupervisors`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::admit_supervisor())]
        pub fn admit_supervisor(
            origin: OriginFor<T>,
            supervisor: T::AccountId,
            authority: H256,
            powers: Powers,
            reach: Reach,
        ) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            ensure!(powers != Powers::NONE, Error::<T>::NoPowers);
            ensure!(reach.is_well_formed(), Error::<T>::BadReach);
            ensure!(
                Supervisors::<T>::contains_key(&supervisor)
                    || Supervisors::<T>::count() < T::MaxSupervisors::get(),
                Error::<T>::TooManySupervisors
            );
            Supervisors::<T>::insert(
                &supervisor,
                Supervisor {
                    authority,
                    powers,
                    reach: reach.clone(),
                    admitted: true,
                },
            );
            Self::deposit_event(Event::SupervisorAdmitted {
                supervisor,
                authority,
                powers,
                reach,
            });
            Ok(())
        }

        /// Dismisses a supervisor. Its warrants do not count, and so its freezes end.
        ///
        /// Errors with [`Error::NotSupervisor`] or [`Error::Dismissed`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::dismiss_supervisor())]
        pub fn dismiss_supervisor(
            origin: OriginFor<T>,
            supervisor: T::AccountId,
        ) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            let mut known = Self::supervisor(&supervisor)?;
            known.admitted = false;
            Supervisors::<T>::insert(&supervisor, known);
            Self::deposit_event(Event::SupervisorDismissed { supervisor });
            Ok(())
        }

        /// Opens a warrant about a target, good for some of the supervisor's powers until a moment in seconds since
        /// the first block. `legal_basis` is the hash of the order behind it.
        ///
        /// Errors with [`Error::NotSupervisor`], [`Error::Dismissed`], [`Error::NoPowers`],
        /// [`Error::NoSuchPower`], [`Error::BadExpiry`], [`Error::UnknownSubject`], [`Error::NothingHeld`] or
        /// [`Error::OutsideReach`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::open_warrant())]
        pub fn open_warrant(
            origin: OriginFor<T>,
            target: Target<T::AccountId>,
            powers: Powers,
            legal_basis: H256,
            until: Seconds,
            case: Option<CaseId>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let supervisor = Self::supervisor(&who)?;
            ensure!(powers != Powers::NONE, Error::<T>::NoPowers);
            ensure!(powers.within(&supervisor.powers), Error::<T>::NoSuchPower);
            let now = T::Time::current_block_number();
            ensure!(
                until > now && until <= now.saturating_add(T::MaxWarrantTime::get()),
                Error::<T>::BadExpiry
            );
            let institutions = Self::check_target(&supervisor, &target)?;
            let warrant = NextWarrant::<T>::get();
            NextWarrant::<T>::put(warrant.checked_add(1).ok_or(Error::<T>::LogFull)?);
            Warrants::<T>::insert(
                warrant,
                Warrant {
                    supervisor: who.clone(),
                    target: target.clone(),
                    powers,
                    legal_basis,
                    case,
                    until,
                    uses: 0,
                    withdrawn: false,
                },
            );
            Self::deposit_event(Event::WarrantOpened {
                warrant,
                supervisor: who.clone(),
                target,
                powers,
                legal_basis,
                case,
                until,
            });
            Self::log(who, Some(warrant), institutions, Act::Opened, legal_basis)
        }

        /// Takes a warrant back, and so ends its freezes. For its supervisor and for `AdmitOrigin`; `evidence` is the
        /// hash of the reason.
        ///
        /// Errors with [`Error::UnknownWarrant`], [`Error::NotItsSupervisor`] or [`Error::WarrantWithdrawn`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::withdraw_warrant())]
        pub fn withdraw_warrant(
            origin: OriginFor<T>,
            warrant: WarrantId,
            evidence: H256,
        ) -> DispatchResult {
            let mut known = match T::AdmitOrigin::try_origin(origin) {
                Ok(_) => Warrants::<T>::get(warrant).ok_or(Error::<T>::UnknownWarrant)?,
                Err(origin) => Self::own_warrant(&ensure_signed(origin)?, warrant)?,
            };
            ensure!(!known.withdrawn, Error::<T>::WarrantWithdrawn);
            known.withdrawn = true;
            let institutions = Self::institutions_behind(&known.target);
            let supervisor = known.supervisor.clone();
            Warrants::<T>::insert(warrant, known);
            Self::log(
                supervisor,
                Some(warrant),
                institutions,
                Act::Withdrawn,
                evidence,
            )
        }

        /// Freezes a subject as long as the warrant counts: nothing that it has may move.
        ///
        /// Errors with [`Error::UnknownWarrant`], [`Error::NotItsSupervisor`], [`Error::NotSupervisor`],
        /// [`Error::Dismissed`], [`Error::WarrantWithdrawn`], [`Error::WarrantExpired`], [`Error::NoSuchPower`],
        /// [`Error::UnknownSubject`], [`Error::OutsideReach`], [`Error::OutsideWarrant`],
        /// [`Error::AlreadyFrozen`] or [`Error::TooManyFreezes`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::freeze_subject())]
        pub fn freeze_subject(
            origin: OriginFor<T>,
            warrant: WarrantId,
            subject: SubjectId,
            evidence: H256,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let needed = Powers {
                freeze_subjects: true,
                ..Powers::NONE
            };
            let institutions = Self::check_use(
                &who,
                &Self::own_warrant(&who, warrant)?,
                needed,
                Object::Subject(subject),
            )?;
            SubjectFreezes::<T>::try_mutate(subject, |freezes| Self::add_freeze(freezes, warrant))?;
            T::OnFreeze::on_freeze(&subject);
            let act = Act::SubjectFrozen(subject);
            Self::log(who, Some(warrant), institutions, act, evidence)
        }

        /// Ends a freeze of a subject. The warrant may have expired since.
        ///
        /// Errors with [`Error::UnknownWarrant`], [`Error::NotItsSupervisor`] or [`Error::NotFrozen`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::release_subject())]
        pub fn release_subject(
            origin: OriginFor<T>,
            warrant: WarrantId,
            subject: SubjectId,
            evidence: H256,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::own_warrant(&who, warrant)?;
            SubjectFreezes::<T>::try_mutate_exists(subject, |freezes| {
                Self::end_freeze(freezes, warrant)
            })?;
            T::OnFreeze::on_freeze(&subject);
            let institutions = Self::institutions_of(&[subject]);
            let act = Act::SubjectReleased(subject);
            Self::log(who, Some(warrant), institutions, act, evidence)
        }

        /// Freezes the amount on hold for a case as long as the warrant counts: it stays where it is, whatever the
        /// case's end.
        ///
        /// Errors as [`Pallet::freeze_subject`], and with [`Error::NothingHeld`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::freeze_amount())]
        pub fn freeze_amount(
            origin: OriginFor<T>,
            warrant: WarrantId,
            case: CaseId,
            evidence: H256,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let needed = Powers {
                freeze_amounts: true,
                ..Powers::NONE
            };
            let institutions = Self::check_use(
                &who,
                &Self::own_warrant(&who, warrant)?,
                needed,
                Object::Amount(case),
            )?;
            AmountFreezes::<T>::try_mutate(case, |freezes| Self::add_freeze(freezes, warrant))?;
            let act = Act::AmountFrozen(case);
            Self::log(who, Some(warrant), institutions, act, evidence)
        }

        /// Ends the freeze of an amount, which goes where its case decides.
        ///
        /// Errors with [`Error::UnknownWarrant`], [`Error::NotItsSupervisor`] or [`Error::NotFrozen`].
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::release_amount())]
        pub fn release_amount(
            origin: OriginFor<T>,
            warrant: WarrantId,
            case: CaseId,
            evidence: H256,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::own_warrant(&who, warrant)?;
            AmountFreezes::<T>::try_mutate_exists(case, |freezes| {
                Self::end_freeze(freezes, warrant)
            })?;
            let institutions = Self::institutions_of(&T::HeldAmounts::parties(case));
            let act = Act::AmountReleased(case);
            Self::log(who, Some(warrant), institutions, act, evidence)
        }

        /// Records that the supervisor had something about a subject opened: by a warrant, or without one what its
        /// powers let it see anyway. `evidence` is the hash of what it keeps about it; `sealed` is for the subject's
        /// institution, encrypted to its key.
        ///
        /// Errors with [`Error::NotSupervisor`], [`Error::Dismissed`], [`Error::NoSuchPower`],
        /// [`Error::UnknownSubject`], [`Error::OutsideReach`], and by a warrant as
        /// [`Pallet::freeze_subject`].
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::record_access())]
        pub fn record_access(
            origin: OriginFor<T>,
            warrant: Option<WarrantId>,
            subject: SubjectId,
            evidence: H256,
            sealed: BoundedVec<u8, T::MaxSealed>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let needed = Powers {
                access: true,
                ..Powers::NONE
            };
            let object = Object::Subject(subject);
            let institutions = match warrant {
                Some(id) => Self::check_use(&who, &Self::own_warrant(&who, id)?, needed, object)?,
                None => {
                    let supervisor = Self::supervisor(&who)?;
                    ensure!(needed.within(&supervisor.powers), Error::<T>::NoSuchPower);
                    Self::ensure_within_reach(&supervisor, object)?
                }
            };
            Self::append(Line {
                supervisor: who,
                warrant,
                institutions,
                act: Act::Accessed(subject),
                evidence,
                sealed,
            })?;
            Ok(())
        }

        /// Records, before it happens, that the committee is asked to open a shielded transfer by a warrant that is good
        /// for access. `opened` is the hash of what is to be opened, by which members find this line; `shares` is how
        /// many of them it takes. Who is in the transfer nobody knows yet: the line concerns the institutions that the
        /// warrant is about. What came of it the supervisor [records](Pallet::record_access) by the same warrant, which has
        /// to cover the subject.
        ///
        /// Errors with [`Error::UnknownWarrant`], [`Error::NotItsSupervisor`], [`Error::NotSupervisor`],
        /// [`Error::Dismissed`], [`Error::WarrantWithdrawn`], [`Error::WarrantExpired`], [`Error::NoSuchPower`],
        /// [`Error::UnknownSubject`], [`Error::NothingHeld`], [`Error::OutsideReach`], [`Error::NoShares`] or
        /// [`Error::OpeningRecorded`].
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::record_opening())]
        pub fn record_opening(
            origin: OriginFor<T>,
            warrant: WarrantId,
            opened: H256,
            shares: u16,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            ensure!(shares > 0, Error::<T>::NoShares);
            let known = Self::own_warrant(&who, warrant)?;
            let institutions = Self::check_opening(&who, &known)?;
            ensure!(
                !Openings::<T>::contains_key(opened),
                Error::<T>::OpeningRecorded
            );
            Openings::<T>::insert(opened, LogCount::<T>::get());
            let act = Act::TransferOpened { opened, shares };
            Self::log(who, Some(warrant), institutions, act, known.legal_basis)
        }
    }

    impl<T: Config> Pallet<T> {
        fn log(
            supervisor: T::AccountId,
            warrant: Option<WarrantId>,
            institutions: Concerned<T>,
            act: Act,
            evidence: H256,
        ) -> DispatchResult {
            Self::append(Line {
                supervisor,
                warrant,
                institutions,
                act,
                evidence,
                sealed: BoundedVec::default(),
            })?;
            Ok(())
        }

        /// Adds a warrant to those that freeze something, and strikes those that have ended.
        fn add_freeze(
            freezes: &mut BoundedVec<WarrantId, T::MaxFreezes>,
            warrant: WarrantId,
        ) -> Result<(), Error<T>> {
            ensure!(!freezes.contains(&warrant), Error::<T>::AlreadyFrozen);
            freezes.retain(|other| Self::is_live(*other));
            freezes
                .try_push(warrant)
                .map_err(|_| Error::<T>::TooManyFreezes)
        }

        fn end_freeze(
            freezes: &mut Option<BoundedVec<WarrantId, T::MaxFreezes>>,
            warrant: WarrantId,
        ) -> Result<(), Error<T>> {
            let list = freezes.as_mut().ok_or(Error::<T>::NotFrozen)?;
            let at = list
                .iter()
                .position(|other| *other == warrant)
                .ok_or(Error::<T>::NotFrozen)?;
            list.remove(at);
            if list.is_empty() {
                *freezes = None;
            }
            Ok(())
        }
    }

    impl<T: Config> Freezes for Pallet<T> {
        fn is_frozen(subject: &SubjectId) -> bool {
            SubjectFreezes::<T>::get(subject)
                .into_iter()
                .any(Self::is_live)
        }

        fn any_subject() -> bool {
            SubjectFreezes::<T>::count() > 0
        }

        fn is_amount_frozen(case: CaseId) -> bool {
            AmountFreezes::<T>::get(case).into_iter().any(Self::is_live)
        }

        /// One read while nothing is frozen at all.
        fn is_frozen_weighed(subject: &SubjectId) -> (bool, Weight) {
            let database: RuntimeDbWeight = T::DbWeight::get();
            let mut reads: u64 = 1;
            let mut is_frozen = false;
            if !Self::any_subject() {
                return (is_frozen, database.reads(reads));
            }
            reads = reads.saturating_add(1);
            for warrant in SubjectFreezes::<T>::get(subject) {
                reads = reads.saturating_add(2);
                if Self::is_live(warrant) {
                    is_frozen = true;
                    break;
                }
            }
            (is_frozen, database.reads(reads))
        }

        /// Reads how many lists there are, the list, and for each warrant on it the warrant and its supervisor. Each
        /// block begins with setting the clock, so that reading it asks no database.
        fn weight() -> Weight {
            let database: RuntimeDbWeight = T::DbWeight::get();
            let warrants = u64::from(T::MaxFreezes::get());
            database.reads(warrants.saturating_mul(2).saturating_add(2))
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                T::MaxSupervisors::get() > 0 && T::MaxFreezes::get() > 0,
                "somebody can freeze something"
            );
            assert!(T::MaxWarrantTime::get() > 0, "a warrant lasts");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
