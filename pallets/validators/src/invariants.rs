//! What is true between any two calls, in the order of the pallet's documentation.

use crate::{
    Admitted, Config, Credits, Departing, HoldReason, Nodes, NodesOf, Owed, Pallet, Parameters,
    Punished, Records, Status,
};
use alloc::collections::BTreeSet;
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
        let list = Admitted::<T>::get();
        ensure!(!list.is_empty(), "1: there is no validator");
        let distinct: BTreeSet<_> = list.iter().cloned().collect();
        ensure!(
            distinct.len() == list.len(),
            "2: a validator is on the list twice"
        );
        let admitted: BTreeSet<_> = Records::<T>::iter()
            .filter(|(_, record)| record.status == Status::Admitted)
            .map(|(validator, _)| validator)
            .collect();
        ensure!(
            distinct == admitted,
            "2: the list and the records disagree about who is admitted"
        );
        let reason = HoldReason::ValidatorBond.into();
        for (validator, record) in Records::<T>::iter() {
            ensure!(
                T::Currency::balance_on_hold(&reason, &validator) == record.bond,
                "3: a bond is not on hold"
            );
        }
        let owed: Balance = Credits::<T>::iter().map(|(_, amount)| amount).sum();
        ensure!(
            owed == Owed::<T>::get(),
            "4: what is owed is not the sum of the credits"
        );
        ensure!(
            T::Currency::balance(&T::RewardPot::get()) >= owed,
            "4: the reward pot does not cover what is owed"
        );
        for (peer_id, (_, owner)) in Nodes::<T>::iter() {
            let Some(owner) = owner else { continue };
            ensure!(
                (distinct.contains(&owner) || Departing::<T>::get().contains(&owner))
                    && NodesOf::<T>::get(&owner).contains(&peer_id),
                "5: a node belongs to no validator, or is not on its list"
            );
        }
        for (owner, nodes) in NodesOf::<T>::iter() {
            let is_listed =
                |node| Nodes::<T>::get(node).is_some_and(|(_, of)| of.as_ref() == Some(&owner));
            ensure!(
                nodes.iter().all(is_listed),
                "5: a validator lists a node that is nobody's or another's"
            );
        }
        ensure!(
            Parameters::<T>::get().is_valid(),
            "6: the parameters of the set are not valid"
        );
        ensure!(
            Punished::<T>::iter_keys().all(Records::<T>::contains_key),
            "7: somebody who was punished is not on record"
        );
        Ok(())
    }
}
