//! Checks the invariants of the pallet's documentation, in its order.

use crate::{Config, Grants, HoldReason, NextId, Pallet, State, Status};
use alloc::collections::BTreeMap;
use frame_support::{
    ensure,
    traits::{
        Get,
        fungible::{Inspect, InspectHold},
    },
};
use plume_primitives::Balance;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the pallet's documentation, in its order.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut in_pot: Balance = 0;
        let mut deposits = BTreeMap::<T::AccountId, Balance>::new();
        for (id, grant) in Grants::<T>::iter() {
            in_pot = in_pot.saturating_add(grant.in_pot());
            let deposit = deposits.entry(grant.grantee.clone()).or_default();
            *deposit = deposit.saturating_add(grant.deposit);

            ensure!(
                id < NextId::<T>::get(),
                "3: a grant has a number that was not given"
            );
            ensure!(!grant.milestones.is_empty(), "3: a grant has no milestone");
            ensure!(
                grant
                    .milestones
                    .iter()
                    .all(|milestone| milestone.plan.amount >= T::Currency::minimum_balance()),
                "3: a milestone is worth too little to be paid"
            );
            let planned = |state| state == State::Planned;
            let mut states = grant.milestones.iter().map(|milestone| milestone.state);
            match grant.status {
                Status::Applied { .. } => {
                    ensure!(
                        states.all(planned),
                        "4: a milestone of an application is not planned"
                    );
                }
                Status::Approved => {
                    ensure!(
                        !states.any(planned),
                        "4: a milestone of an approved grant is planned"
                    );
                    ensure!(
                        grant.in_pot() > 0,
                        "4: a grant is kept though none of its money is in the pot"
                    );
                }
            }
        }
        ensure!(
            T::Currency::total_balance(&T::Pot::get()) >= in_pot,
            "1: the pot does not cover the open milestones"
        );
        let reason = HoldReason::GrantDeposit.into();
        for (grantee, deposit) in deposits {
            ensure!(
                T::Currency::balance_on_hold(&reason, &grantee) == deposit,
                "2: a grantee's deposits are not what is on hold"
            );
        }
        Ok(())
    }
}
