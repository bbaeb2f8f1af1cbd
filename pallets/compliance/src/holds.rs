//! How holds end: decided, or after their time.

use crate::{
    Cases, Config, Error, Event, Holds, Pallet, Queue, custody,
    types::{CaseId, Held, HoldId},
};
use alloc::vec::Vec;
use frame_support::{ensure, storage::with_storage_layer, traits::Get};
use plume_primitives::{
    compliance::{Credentials, SubjectId},
    regulation::{Freezes, HeldAmounts},
};
use sp_runtime::{DispatchError, DispatchResult, traits::BlockNumberProvider};

impl<T: Config> Pallet<T> {
    /// Refuses to move what a supervisor wants to stay where it is.
    pub(crate) fn ensure_not_frozen(case: CaseId) -> DispatchResult {
        ensure!(
            !T::Freezes::is_amount_frozen(case),
            Error::<T>::AmountFrozen
        );
        Ok(())
    }

    /// Ends a hold: its recipient has the amount at its disposal. The case's list is the caller's to mend.
    pub(crate) fn release_held(number: HoldId) -> DispatchResult {
        let held = Holds::<T>::take(number).ok_or(Error::<T>::UnknownHold)?;
        custody::release::<T>(held.asset, &held.to, held.amount)?;
        Self::deposit_event(Event::Released {
            case: held.case,
            hold: number,
            to: held.to,
            asset: held.asset,
            amount: held.amount,
        });
        Ok(())
    }

    /// Ends a hold: its sender gets the amount back. The case's list is the caller's to mend.
    pub(crate) fn return_held(
        number: HoldId,
        timed_out: bool,
    ) -> Result<Held<T::AccountId>, DispatchError> {
        let held = Holds::<T>::take(number).ok_or(Error::<T>::UnknownHold)?;
        let to = custody::send::<T>(held.asset, &held.to, &held.from, held.amount)?;
        Self::deposit_event(Event::Returned {
            case: held.case,
            hold: number,
            from: held.to.clone(),
            to,
            asset: held.asset,
            amount: held.amount,
            timed_out,
        });
        Ok(held)
    }

    /// Ends a hold whose time is over.
    pub(crate) fn time_out(number: HoldId) -> DispatchResult {
        let now = T::Time::current_block_number();
        let held = Holds::<T>::get(number).ok_or(Error::<T>::UnknownHold)?;
        ensure!(now >= held.until, Error::<T>::UnderReview);
        Self::ensure_not_frozen(held.case)?;
        let held = Self::return_held(number, true)?;
        Cases::<T>::mutate(held.case, |case| {
            if let Some(case) = case {
                case.holds.retain(|kept| *kept != number);
            }
        });
        Ok(())
    }

    /// Returns what has waited for its time, at most `MaxReturnsPerBlock` a block, and says how many numbers
    /// it went through. One that cannot be returned, or is frozen, is left for [`Pallet::return_expired`].
    pub(crate) fn return_due() -> u32 {
        let mut queue = Queue::<T>::get();
        let mut passed: u32 = 0;
        while queue.first < queue.next && passed < T::MaxReturnsPerBlock::get() {
            let number = queue.first;
            // One that was decided before is gone.
            if let Some(held) = Holds::<T>::get(number) {
                if T::Time::current_block_number() < held.until {
                    break;
                }
                let returned = with_storage_layer(|| Self::time_out(number));
                if returned.is_err() {
                    Self::deposit_event(Event::ReturnFailed {
                        case: held.case,
                        hold: number,
                    });
                }
            }
            queue.first = number.saturating_add(1);
            passed = passed.saturating_add(1);
        }
        if passed > 0 {
            Queue::<T>::put(queue);
        }
        passed
    }
}

impl<T: Config> HeldAmounts for Pallet<T> {
    fn parties(case: CaseId) -> Vec<SubjectId> {
        let holds = Cases::<T>::get(case).map(|case| case.holds);
        let mut subjects: Vec<SubjectId> = holds
            .into_iter()
            .flatten()
            .filter_map(Holds::<T>::get)
            .flat_map(|held| [held.from, held.to])
            .filter_map(|who| T::Credentials::standing(&who)?.subject)
            .collect();
        subjects.sort();
        subjects.dedup();
        subjects
    }
}
