//! The log of all that supervisors do.
//!
//! It only grows. Anybody can count it, for a supervisor and for an institution, and an institution can go through
//! what concerns its subjects.

use crate::{
    Act, Config, Entry, Error, Event, InstitutionCounts, InstitutionLog, Log, LogCount, Pallet,
    SupervisorCounts, WarrantId, Warrants, scope::Concerned,
};
use frame_support::BoundedVec;
use sp_core::H256;
use sp_runtime::traits::BlockNumberProvider;

/// What is written down.
pub(crate) struct Line<T: Config> {
    pub supervisor: T::AccountId,
    pub warrant: Option<WarrantId>,
    pub institutions: Concerned<T>,
    pub act: Act,
    pub evidence: H256,
    pub sealed: BoundedVec<u8, T::MaxSealed>,
}

impl<T: Config> Pallet<T> {
    /// Appends a line, and counts it.
    pub(crate) fn append(line: Line<T>) -> Result<(), Error<T>> {
        let Line {
            supervisor,
            warrant,
            institutions,
            act,
            evidence,
            sealed,
        } = line;
        let number = LogCount::<T>::get();
        let next = number.checked_add(1).ok_or(Error::<T>::LogFull)?;
        LogCount::<T>::put(next);
        SupervisorCounts::<T>::mutate(&supervisor, |count| *count = count.saturating_add(1));
        for institution in &institutions {
            InstitutionCounts::<T>::mutate(institution, |count| {
                InstitutionLog::<T>::insert(institution, *count, number);
                *count = count.saturating_add(1);
            });
        }
        if let Some(warrant) = warrant
            && act.is_use()
        {
            Warrants::<T>::mutate(warrant, |warrant| {
                if let Some(warrant) = warrant {
                    warrant.uses = warrant.uses.saturating_add(1);
                }
            });
        }
        Log::<T>::insert(
            number,
            Entry::<T> {
                at: T::Time::current_block_number(),
                supervisor: supervisor.clone(),
                warrant,
                institutions: institutions.clone(),
                act,
                evidence,
                sealed,
            },
        );
        Self::deposit_event(Event::Logged {
            number,
            supervisor,
            warrant,
            institutions: institutions.into_inner(),
            act,
            evidence,
        });
        Ok(())
    }
}
