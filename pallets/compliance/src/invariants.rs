//! Checks the invariants of the pallet's documentation, in its order.

#![cfg(any(feature = "try-runtime", test))]

use crate::{
    Cases, Config, Holds, NextCase, OpenCases, Pallet, Policies, Queue, custody, types::Stage,
};
use alloc::vec::Vec;
use frame_support::ensure;
use plume_primitives::{Balance, compliance::Asset};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the pallet's documentation, in its order.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        for state in Policies::<T>::iter_values() {
            let tried = state.trial.map(|trial| trial.tried);
            for kept in state.active.into_iter().chain(tried) {
                ensure!(
                    kept.policy.fault().is_none(),
                    "1: a policy is out of bounds"
                );
                ensure!(
                    kept.version >= 1 && kept.version <= state.last_version,
                    "1: a policy has a number that was not given"
                );
            }
        }

        let mut sums: Vec<(Asset, T::AccountId, Balance)> = Vec::new();
        let queue = Queue::<T>::get();
        for (number, held) in Holds::<T>::iter() {
            match sums
                .iter_mut()
                .find(|(asset, who, _)| *asset == held.asset && *who == held.to)
            {
                Some((_, _, sum)) => *sum = sum.saturating_add(held.amount),
                None => sums.push((held.asset, held.to.clone(), held.amount)),
            }
            ensure!(
                number < queue.next,
                "3: a hold has a number that was not given"
            );
            let case = Cases::<T>::get(held.case).ok_or("3: a hold has no case")?;
            ensure!(
                !matches!(case.stage, Stage::Closed { .. }) && case.holds.contains(&number),
                "3: a hold's case is closed or does not list it"
            );
        }
        for (asset, who, sum) in sums {
            ensure!(
                custody::held::<T>(asset, &who) == sum,
                "2: what is on hold is not the sum of the holds"
            );
        }

        for (id, case) in Cases::<T>::iter() {
            ensure!(
                case.holds.iter().all(Holds::<T>::contains_key),
                "3: a case lists a hold that is over"
            );
            ensure!(
                id < NextCase::<T>::get(),
                "4: a case has a number that was not given"
            );
            if let Stage::Closed {
                proposed_by,
                confirmed_by,
                ..
            } = &case.stage
            {
                ensure!(
                    proposed_by != confirmed_by,
                    "5: one officer has closed a case alone"
                );
            }
        }
        for (party, id) in OpenCases::<T>::iter() {
            ensure!(
                Cases::<T>::get(id).is_some_and(|case| {
                    case.about == party && !matches!(case.stage, Stage::Closed { .. })
                }),
                "4: a party's open case is closed or about another"
            );
        }
        Ok(())
    }
}
