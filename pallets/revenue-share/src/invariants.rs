//! Checks the invariants of the pallet's documentation, in its order.

use crate::{
    Config, Institution, InstitutionId, InstitutionOf, Institutions, Members, NextId, Open, Owed,
    Pallet, Rights,
};
use alloc::vec::Vec;
use frame_support::{
    ensure,
    traits::{
        Get,
        fungible::Inspect,
        tokens::{Fortitude, Preservation},
    },
};
use plume_primitives::Balance;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the pallet's documentation, in its order.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let free = T::Currency::reducible_balance(
            &T::Pot::get(),
            Preservation::Preserve,
            Fortitude::Polite,
        );
        ensure!(
            free >= Owed::<T>::get(),
            "1: the pot does not cover what is owed"
        );

        let open = Open::<T>::get();
        let mut owed: Balance = 0;
        for (id, rights) in Rights::<T>::iter() {
            ensure!(
                Institutions::<T>::contains_key(id),
                "2: a right is of no registered institution"
            );
            ensure!(!rights.is_empty(), "2: an empty list of rights is kept");
            for right in rights {
                let expires = right.period.saturating_add(T::ClaimPeriods::get());
                ensure!(
                    right.period < open.number && expires >= open.number,
                    "2: a right is of a period that is open, or too old"
                );
                ensure!(right.amount > 0, "2: a right is to nothing");
                owed = owed.saturating_add(right.amount);
            }
        }
        ensure!(
            owed == Owed::<T>::get(),
            "2: what is owed is not the sum of the rights"
        );

        for (account, id) in InstitutionOf::<T>::iter() {
            let places = Members::<T>::get(id)
                .iter()
                .filter(|member| **member == account)
                .count();
            ensure!(
                places == 1,
                "3: an account is not on its institution's list, once"
            );
        }
        for (id, members) in Members::<T>::iter() {
            for member in members {
                ensure!(
                    InstitutionOf::<T>::get(&member) == Some(id),
                    "3: an account is on the list of an institution that it does not belong to"
                );
            }
        }

        let registered: Vec<(InstitutionId, Institution<T::AccountId>)> =
            Institutions::<T>::iter().collect();
        ensure!(
            registered.len() as u64 <= u64::from(T::MaxInstitutions::get()),
            "4: there are too many institutions"
        );
        ensure!(
            registered.iter().all(|(id, _)| *id < NextId::<T>::get()),
            "4: an institution has a number that was not given"
        );
        Ok(())
    }
}
