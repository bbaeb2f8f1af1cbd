//! The life of a case.
//!
//! ```text
//!       take_case            propose_closing         confirm_closing, by another officer
//! Open ───────────▶ Investigating ─────────▶ Proposed ─────────▶ Closed ──▶ (pruned after `Retention`)
//!                        ▲                     │
//!                        └── reject_closing ───┘
//! ```

use crate::{
    Cases, Config, Error, Event, Officers, OpenCases, Pallet,
    types::{Case, CaseId, Closing, Stage},
};
use frame_support::ensure;
use sp_core::H256;
use sp_runtime::{DispatchResult, traits::BlockNumberProvider};

impl<T: Config> Pallet<T> {
    /// Refuses who is no officer.
    pub(crate) fn ensure_officer(who: &T::AccountId) -> DispatchResult {
        ensure!(Officers::<T>::get().contains(who), Error::<T>::NotOfficer);
        Ok(())
    }

    /// A case that `officer` may work on: one that is not closed, and moved nothing of its own.
    fn case_for(officer: &T::AccountId, id: CaseId) -> Result<Case<T>, Error<T>> {
        let case = Cases::<T>::get(id).ok_or(Error::UnknownCase)?;
        if matches!(case.stage, Stage::Closed { .. }) {
            return Err(Error::CaseClosed);
        }
        let is_own = case
            .flows
            .iter()
            .any(|flow| flow.from == *officer || flow.to == *officer);
        if is_own {
            return Err(Error::OwnCase);
        }
        Ok(case)
    }

    /// An officer begins to look at a case, or takes it over from another one.
    pub(crate) fn do_take_case(officer: T::AccountId, id: CaseId) -> DispatchResult {
        let mut case = Self::case_for(&officer, id)?;
        ensure!(
            !matches!(case.stage, Stage::Proposed { .. }),
            Error::<T>::ClosingProposed
        );
        case.stage = Stage::Investigating {
            officer: officer.clone(),
        };
        Cases::<T>::insert(id, case);
        Self::deposit_event(Event::CaseTaken { case: id, officer });
        Ok(())
    }

    /// Puts the hash of a piece of evidence on record.
    pub(crate) fn do_add_evidence(
        officer: T::AccountId,
        id: CaseId,
        evidence: H256,
    ) -> DispatchResult {
        let mut case = Self::case_for(&officer, id)?;
        case.evidence = case.evidence.saturating_add(1);
        Cases::<T>::insert(id, case);
        Self::deposit_event(Event::EvidenceAdded {
            case: id,
            officer,
            evidence,
        });
        Ok(())
    }

    /// The first pair of eyes.
    pub(crate) fn do_propose_closing(
        officer: T::AccountId,
        id: CaseId,
        closing: Closing,
        evidence: H256,
    ) -> DispatchResult {
        let mut case = Self::case_for(&officer, id)?;
        ensure!(
            matches!(case.stage, Stage::Investigating { .. }),
            Error::<T>::NotInvestigating
        );
        case.stage = Stage::Proposed {
            officer: officer.clone(),
            closing,
        };
        case.evidence = case.evidence.saturating_add(1);
        Cases::<T>::insert(id, case);
        Self::deposit_event(Event::ClosingProposed {
            case: id,
            officer,
            closing,
            evidence,
        });
        Ok(())
    }

    /// The second pair of eyes agrees: what is on hold goes where the closing says, and the case ends.
    pub(crate) fn do_confirm_closing(
        officer: T::AccountId,
        id: CaseId,
        closing: Closing,
        evidence: H256,
    ) -> DispatchResult {
        let mut case = Self::case_for(&officer, id)?;
        let Stage::Proposed {
            officer: proposed_by,
            closing: proposed,
        } = case.stage.clone()
        else {
            return Err(Error::<T>::NothingProposed.into());
        };
        ensure!(proposed == closing, Error::<T>::OtherClosing);
        ensure!(proposed_by != officer, Error::<T>::SameOfficer);
        ensure!(
            Officers::<T>::get().contains(&proposed_by),
            Error::<T>::ProposerRemoved
        );
        if !case.holds.is_empty() {
            Self::ensure_not_frozen(id)?;
        }
        for number in core::mem::take(&mut case.holds) {
            match closing {
                Closing::Dismiss | Closing::ReportAndRelease => Self::release_held(number)?,
                Closing::ReportAndReturn => Self::return_held(number, false).map(|_| ())?,
            }
        }
        if OpenCases::<T>::get(&case.about) == Some(id) {
            OpenCases::<T>::remove(&case.about);
        }
        case.evidence = case.evidence.saturating_add(1);
        case.stage = Stage::Closed {
            closing,
            proposed_by: proposed_by.clone(),
            confirmed_by: officer.clone(),
            at: T::Time::current_block_number(),
        };
        Cases::<T>::insert(id, case);
        Self::deposit_event(Event::CaseClosed {
            case: id,
            closing,
            proposed_by,
            confirmed_by: officer,
            evidence,
        });
        Ok(())
    }

    /// The second pair of eyes disagrees, or the first changes its mind: the investigation goes on.
    pub(crate) fn do_reject_closing(
        officer: T::AccountId,
        id: CaseId,
        evidence: H256,
    ) -> DispatchResult {
        let mut case = Self::case_for(&officer, id)?;
        ensure!(
            matches!(case.stage, Stage::Proposed { .. }),
            Error::<T>::NothingProposed
        );
        case.stage = Stage::Investigating {
            officer: officer.clone(),
        };
        case.evidence = case.evidence.saturating_add(1);
        Cases::<T>::insert(id, case);
        Self::deposit_event(Event::ClosingRejected {
            case: id,
            officer,
            evidence,
        });
        Ok(())
    }
}
