//! Checks the invariants of the pallet's documentation, in its order.

use crate::{
    Circuits, CommitteeKeys, Config, Edge, FlowKeys, NOTES, NextPosition, Nullifiers, PLUME_UNIT,
    Pallet, Pending, Policies, PolicyCount, PolicyPlaces, PolicyRoots, Ring, RingState,
    RootNumbers, Turnstiles, governing::policy_leaf, money, roots::State, schedule::Schedule,
};
use alloc::collections::BTreeSet;
use frame_support::{
    ensure,
    traits::{Get, fungible::hold::Inspect as _, fungibles},
};
use plume_circuits::{FieldBytes, Poseidon};
use plume_primitives::compliance::Asset;
use sp_runtime::TryRuntimeError;

fn count(items: impl Iterator) -> u64 {
    u64::try_from(items.count()).unwrap_or(u64::MAX)
}

fn is_ascending<V>(schedule: &Schedule<V>) -> bool {
    let entries = schedule.entries();
    entries
        .iter()
        .zip(entries.iter().skip(1))
        .all(|((one, _), (next, _))| one < next)
}

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the pallet's documentation, in its order.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_money()?;

        ensure!(
            Pending::<T>::get().is_empty(),
            "3: leaves are pending between blocks"
        );
        let edge = Edge::<T>::get();
        ensure!(
            edge.len() == NextPosition::<T>::get(),
            "3: positions were given to leaves that were not appended"
        );

        let State { first, next } = RingState::<T>::get();
        let length = next
            .checked_sub(first)
            .ok_or("4: the ring ends before it begins")?;
        ensure!(
            length <= u64::from(T::MaxRoots::get()),
            "4: more roots count than may"
        );
        let roots: BTreeSet<FieldBytes> = (first..next)
            .map(|number| {
                let root = Ring::<T>::get(number).ok_or("4: a root of the ring is missing")?;
                ensure!(
                    RootNumbers::<T>::get(root) == Some(number),
                    "4: a root has another number than its place"
                );
                Ok::<_, TryRuntimeError>(root)
            })
            .collect::<Result<_, _>>()?;
        ensure!(
            count(roots.iter()) == length
                && count(Ring::<T>::iter_keys()) == length
                && count(RootNumbers::<T>::iter_keys()) == length,
            "4: a root is in the ring twice, or beside it"
        );
        ensure!(
            length == 0 || Self::newest_root() == Some(edge.root::<Poseidon>()),
            "4: the newest root is not the tree's"
        );

        ensure!(
            count(Nullifiers::<T>::iter_keys()) == edge.len()
                && edge
                    .len()
                    .checked_rem(u64::try_from(NOTES).unwrap_or(u64::MAX))
                    == Some(0),
            "5: there are not as many nullifiers as leaves, three a transfer"
        );

        ensure!(
            is_ascending(&PolicyRoots::<T>::get()),
            "6: policies are not in the order in which they count"
        );
        for keys in [FlowKeys::<T>::get(), CommitteeKeys::<T>::get()] {
            ensure!(
                is_ascending(&keys),
                "6: keys are not in the order in which they count"
            );
            ensure!(
                keys.entries().iter().all(|(_, key)| key.check().is_ok()),
                "6: something is no key"
            );
        }

        for circuit in Circuits::<T>::iter_values() {
            ensure!(!circuit.key.is_empty(), "7: a circuit has no key");
            ensure!(
                circuit.until.is_none_or(|until| circuit.from <= until),
                "7: a circuit is retired before it counts"
            );
        }
        Self::check_policies()
    }

    fn check_money() -> Result<(), TryRuntimeError> {
        let pool = T::PoolAccount::get();
        let plume = Turnstiles::<T>::get(Asset::Native).inside();
        ensure!(
            Some(T::Currency::balance_on_hold(&money::reason::<T>(), &pool))
                == plume.checked_mul(PLUME_UNIT),
            "1: the PLUME on hold is not what is in the pool"
        );
        for (asset, turnstile) in Turnstiles::<T>::iter() {
            ensure!(
                turnstile.left <= turnstile.entered,
                "1: more of an asset left than entered"
            );
            let unit = money::unit::<T>(asset).ok_or("2: an asset entered without a unit")?;
            let Asset::Other(id) = asset else { continue };
            use fungibles::Inspect;
            let least = turnstile
                .inside()
                .checked_mul(unit)
                .and_then(|inside| inside.checked_add(T::OtherAssets::minimum_balance(id)));
            ensure!(
                least.is_some_and(|least| T::OtherAssets::balance(id, &pool) >= least),
                "1: there is less of an asset than is in the pool"
            );
        }
        Ok(())
    }

    fn check_policies() -> Result<(), TryRuntimeError> {
        let tree = Self::policy_tree();
        let places: BTreeSet<u32> = PolicyPlaces::<T>::iter_values().collect();
        ensure!(
            places == (0..PolicyCount::<T>::get()).collect()
                && count(PolicyPlaces::<T>::iter_keys()) == count(places.iter()),
            "8: policies share a place, or have one that was not given"
        );
        for ((asset, tier), place) in PolicyPlaces::<T>::iter() {
            let policy = Policies::<T>::get(place);
            ensure!(
                policy.is_none_or(|policy| (policy.asset, policy.tier) == (asset, tier)),
                "8: a policy is in another's place"
            );
            let leaf = policy.map_or(FieldBytes::ZERO, |policy| policy_leaf(&policy));
            ensure!(
                tree.leaf(place) == Ok(leaf),
                "8: a leaf is not that of its policy"
            );
        }
        ensure!(
            PolicyRoots::<T>::get()
                .last()
                .is_none_or(|root| *root == tree.root()),
            "8: the last root of the policies is not the tree's"
        );
        Ok(())
    }
}
