//! How money moves: from the treasury to the pot, and from there to the beneficiary or back.

use crate::{Config, Error, Event, Grant, GrantId, Grants, HoldReason, Pallet};
use alloc::collections::BTreeMap;
use frame_support::{
    dispatch_context::with_context,
    ensure,
    traits::{
        Get,
        fungible::{Mutate, hold::Mutate as _},
        tokens::{Precision, Preservation},
    },
};
use plume_primitives::{Balance, screening::Screening};
use sp_runtime::{DispatchError, DispatchResult};

/// What was approved in the dispatch that is running, by the limit of the origin that approved it.
#[derive(Default)]
struct Approved(BTreeMap<Balance, Balance>);

impl<T: Config> Pallet<T> {
    /// Counts `amount` against the limit of an origin, which is for all that one dispatch approves: several
    /// approvals in one batch are one.
    pub(crate) fn spend_within(limit: Balance, amount: Balance) -> DispatchResult {
        ensure!(amount <= limit, Error::<T>::AboveLimit);
        with_context::<Approved, _>(|context| {
            let spent = context.or_default().0.entry(limit).or_default();
            let sum = spent.saturating_add(amount);
            ensure!(sum <= limit, Error::<T>::AboveLimit);
            *spent = sum;
            Ok(())
        })
        .unwrap_or(Ok(())) // no dispatch is running: a test calls, or a hook
    }

    /// Whether grantee and beneficiary may take part.
    pub(crate) fn ensure_admitted(grant: &Grant<T>) -> DispatchResult {
        ensure!(
            T::Screening::admits(&grant.grantee) && T::Screening::admits(&grant.beneficiary),
            Error::<T>::NotAdmitted
        );
        Ok(())
    }

    /// Moves what a grant may cost into the pot.
    pub(crate) fn fund(amount: Balance) -> DispatchResult {
        T::Currency::transfer(
            &T::Treasury::get(),
            &T::Pot::get(),
            amount,
            Preservation::Preserve,
        )?;
        Ok(())
    }

    /// Pays from the pot. The last milestone of all empties it, and it comes back with the next grant: no
    /// milestone is worth less than an existential deposit.
    pub(crate) fn pay(to: &T::AccountId, amount: Balance) -> DispatchResult {
        T::Currency::transfer(&T::Pot::get(), to, amount, Preservation::Expendable)?;
        Ok(())
    }

    /// Keeps a grant as it is now, or ends it when none of its money is in the pot any more.
    pub(crate) fn keep_or_end(id: GrantId, grant: Grant<T>) -> DispatchResult {
        if grant.in_pot() > 0 {
            Grants::<T>::insert(id, grant);
            return Ok(());
        }
        Self::end(id, grant)
    }

    /// Forgets a grant and frees its deposit.
    pub(crate) fn end(id: GrantId, grant: Grant<T>) -> DispatchResult {
        Grants::<T>::remove(id);
        let deposit = Self::free_deposit(&grant)?;
        Self::deposit_event(Event::Ended {
            grant: id,
            grantee: grant.grantee,
            deposit,
        });
        Ok(())
    }

    fn free_deposit(grant: &Grant<T>) -> Result<Balance, DispatchError> {
        let reason = HoldReason::GrantDeposit.into();
        T::Currency::release(&reason, &grant.grantee, grant.deposit, Precision::Exact)
    }
}
