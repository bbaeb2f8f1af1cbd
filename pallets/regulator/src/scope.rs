//! What a warrant is good for, and for how long.

use crate::{
    Config, Error, MAX_CONCERNED, Pallet, Powers, Supervisor, Supervisors, Target, Warrant,
    WarrantId, Warrants,
};
use alloc::vec::Vec;
use frame_support::{BoundedVec, ensure, traits::ConstU32};
use plume_primitives::{
    compliance::SubjectId,
    credentials::Subjects,
    regulation::{CaseId, HeldAmounts},
};
use sp_runtime::traits::BlockNumberProvider;

/// Institutions that an act concerns.
pub(crate) type Concerned<T> =
    BoundedVec<<T as frame_system::Config>::AccountId, ConstU32<MAX_CONCERNED>>;

/// What a warrant is used on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Object {
    Subject(SubjectId),
    Amount(CaseId),
}

impl<T: Config> Pallet<T> {
    pub(crate) fn supervisor(who: &T::AccountId) -> Result<Supervisor, Error<T>> {
        let supervisor = Supervisors::<T>::get(who).ok_or(Error::<T>::NotSupervisor)?;
        ensure!(supervisor.admitted, Error::<T>::Dismissed);
        Ok(supervisor)
    }

    /// A warrant, for whose it is.
    pub(crate) fn own_warrant(
        who: &T::AccountId,
        warrant: WarrantId,
    ) -> Result<Warrant<T::AccountId>, Error<T>> {
        let warrant = Warrants::<T>::get(warrant).ok_or(Error::<T>::UnknownWarrant)?;
        ensure!(warrant.supervisor == *who, Error::<T>::NotItsSupervisor);
        Ok(warrant)
    }

    /// Whether a warrant counts now.
    pub fn is_live(warrant: WarrantId) -> bool {
        Warrants::<T>::get(warrant).is_some_and(|warrant| {
            Self::ensure_live(&warrant).is_ok()
                && Supervisors::<T>::get(&warrant.supervisor)
                    .is_some_and(|supervisor| supervisor.admitted)
        })
    }

    fn ensure_live(warrant: &Warrant<T::AccountId>) -> Result<(), Error<T>> {
        ensure!(!warrant.withdrawn, Error::<T>::WarrantWithdrawn);
        let now = T::Time::current_block_number();
        ensure!(now <= warrant.until, Error::<T>::WarrantExpired);
        Ok(())
    }

    /// The subjects that an object is about; at least one.
    fn subjects_behind(object: Object) -> Result<Vec<SubjectId>, Error<T>> {
        match object {
            Object::Subject(subject) => {
                ensure!(
                    T::Subjects::institution_of(&subject).is_some(),
                    Error::<T>::UnknownSubject
                );
                Ok(alloc::vec![subject])
            }
            Object::Amount(case) => {
                let parties = T::HeldAmounts::parties(case);
                ensure!(!parties.is_empty(), Error::<T>::NothingHeld);
                Ok(parties)
            }
        }
    }

    /// Refuses what is about nobody within a supervisor's reach. Returns the institutions that it concerns.
    pub(crate) fn ensure_within_reach(
        supervisor: &Supervisor,
        object: Object,
    ) -> Result<Concerned<T>, Error<T>> {
        let subjects = Self::subjects_behind(object)?;
        let within = |subject: &SubjectId| {
            supervisor
                .reach
                .touches(&T::Subjects::jurisdictions_of(subject))
        };
        ensure!(subjects.iter().any(within), Error::<T>::OutsideReach);
        Ok(Self::institutions_of(&subjects))
    }

    /// The institutions that a target concerns, as far as they are known.
    pub(crate) fn institutions_behind(target: &Target<T::AccountId>) -> Concerned<T> {
        match target {
            Target::Subject(subject) => Self::institutions_of(&[*subject]),
            Target::Case(case) => Self::institutions_of(&T::HeldAmounts::parties(*case)),
            Target::Institution(institution) => {
                BoundedVec::truncate_from(alloc::vec![institution.clone()])
            }
        }
    }

    /// The institutions of subjects, at most as many as an act can concern.
    pub(crate) fn institutions_of(subjects: &[SubjectId]) -> Concerned<T> {
        let mut institutions = Concerned::<T>::default();
        for institution in subjects.iter().filter_map(T::Subjects::institution_of) {
            if !institutions.contains(&institution) && institutions.try_push(institution).is_err() {
                break;
            }
        }
        institutions
    }

    /// Refuses a target that a supervisor could do nothing with. Returns the institutions that it concerns.
    pub(crate) fn check_target(
        supervisor: &Supervisor,
        target: &Target<T::AccountId>,
    ) -> Result<Concerned<T>, Error<T>> {
        match target {
            Target::Subject(subject) => {
                Self::ensure_within_reach(supervisor, Object::Subject(*subject))
            }
            Target::Case(case) => Self::ensure_within_reach(supervisor, Object::Amount(*case)),
            // Its subjects are looked at one by one, when the warrant is used on them.
            Target::Institution(_) => Ok(Self::institutions_behind(target)),
        }
    }

    /// Refuses a use that the warrant does not allow now. Returns the institutions that it concerns.
    pub(crate) fn check_use(
        who: &T::AccountId,
        warrant: &Warrant<T::AccountId>,
        needed: Powers,
        object: Object,
    ) -> Result<Concerned<T>, Error<T>> {
        let supervisor = Self::supervisor(who)?;
        Self::ensure_live(warrant)?;
        ensure!(
            needed.within(&warrant.powers) && needed.within(&supervisor.powers),
            Error::<T>::NoSuchPower
        );
        let concerned = Self::ensure_within_reach(&supervisor, object)?;
        ensure!(
            Self::covers(&warrant.target, object),
            Error::<T>::OutsideWarrant
        );
        Ok(concerned)
    }

    /// Refuses a warrant by which nothing may be opened now. Returns the institutions that it concerns.
    pub(crate) fn check_opening(
        who: &T::AccountId,
        warrant: &Warrant<T::AccountId>,
    ) -> Result<Concerned<T>, Error<T>> {
        let supervisor = Self::supervisor(who)?;
        Self::ensure_live(warrant)?;
        ensure!(
            warrant.powers.access && supervisor.powers.access,
            Error::<T>::NoSuchPower
        );
        Self::check_target(&supervisor, &warrant.target)
    }

    fn covers(target: &Target<T::AccountId>, object: Object) -> bool {
        let of = |institution: &T::AccountId, subject: &SubjectId| {
            T::Subjects::institution_of(subject).as_ref() == Some(institution)
        };
        match (target, object) {
            (Target::Subject(one), Object::Subject(other)) => *one == other,
            (Target::Case(one), Object::Amount(other)) => *one == other,
            (Target::Case(case), Object::Subject(subject)) => {
                T::HeldAmounts::parties(*case).contains(&subject)
            }
            (Target::Subject(subject), Object::Amount(case)) => {
                T::HeldAmounts::parties(case).contains(subject)
            }
            (Target::Institution(institution), Object::Subject(subject)) => {
                of(institution, &subject)
            }
            (Target::Institution(institution), Object::Amount(case)) => {
                T::HeldAmounts::parties(case)
                    .iter()
                    .any(|subject| of(institution, subject))
            }
        }
    }
}
