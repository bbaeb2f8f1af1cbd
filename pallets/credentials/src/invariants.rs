//! Checks the invariants of the pallet's documentation, in its order.

use crate::{
    AccountsOf, Commitments, Config, Credentials, EpochEnds, Issuers, NextLeaf, Nodes, Numbers,
    Offers, Pallet, Ring, Root, RootsState, Status, SubjectOf, TREE_DEPTH, VacantCount,
    VacantLeaves, claims,
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::Get};
use plume_circuits::{FieldBytes, tree::TreeHasher};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the pallet's documentation, in its order.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_issuers()?;
        Self::check_accounts()?;
        Self::check_leaves()?;
        Self::check_nodes()?;
        Self::check_ring()
    }

    fn check_issuers() -> Result<(), TryRuntimeError> {
        let mut kept = BTreeMap::<T::AccountId, u32>::new();
        for (_, credential) in Credentials::<T>::iter() {
            let count = kept.entry(credential.issuer).or_default();
            *count = count.saturating_add(1);
        }
        ensure!(
            Issuers::<T>::iter().count() <= T::MaxIssuers::get() as usize,
            "1: there are more issuers than may be"
        );
        for (who, issuer) in Issuers::<T>::iter() {
            ensure!(
                issuer.kept == kept.remove(&who).unwrap_or(0),
                "1: an issuer has another number of credentials than it is said to have"
            );
        }
        ensure!(kept.is_empty(), "1: a credential is nobody's");
        Ok(())
    }

    fn check_accounts() -> Result<(), TryRuntimeError> {
        for (account, subject) in SubjectOf::<T>::iter() {
            ensure!(
                AccountsOf::<T>::get(subject).contains(&account),
                "2: a subject does not know its account"
            );
        }
        for (subject, accounts) in AccountsOf::<T>::iter() {
            ensure!(
                Credentials::<T>::contains_key(subject) && !accounts.is_empty(),
                "2: accounts belong to no subject, or an empty list is kept"
            );
            let distinct: BTreeSet<_> = accounts.iter().collect();
            ensure!(
                distinct.len() == accounts.len(),
                "2: a subject has an account twice"
            );
            for account in &accounts {
                ensure!(
                    SubjectOf::<T>::get(account) == Some(subject),
                    "2: an account does not know its subject"
                );
            }
        }
        for (subject, offers) in Offers::<T>::iter() {
            ensure!(
                Credentials::<T>::contains_key(subject) && !offers.is_empty(),
                "2: offers are made for no subject, or an empty list is kept"
            );
            let distinct: BTreeSet<_> = offers.iter().map(|offer| &offer.account).collect();
            ensure!(
                distinct.len() == offers.len(),
                "2: an account has two offers of a subject"
            );
        }
        Ok(())
    }

    fn check_leaves() -> Result<(), TryRuntimeError> {
        let mut taken = BTreeSet::<u32>::new();
        let tree = Self::tree();
        let mut credentials = 0usize;
        for (subject, credential) in Credentials::<T>::iter() {
            credentials = credentials.saturating_add(1);
            ensure!(
                Commitments::<T>::get(credential.commitment) == Some(subject),
                "3: a credential's commitment is not known, or another's"
            );
            let revoked = matches!(credential.status, Status::Revoked { .. });
            ensure!(
                credential.leaf.is_none() == revoked,
                "4: a revoked credential has a leaf, or another has none"
            );
            ensure!(
                !credential.shown || credential.status == Status::Active,
                "4: a leaf shows a credential that is not active"
            );
            let Some(leaf) = credential.leaf else {
                continue;
            };
            ensure!(taken.insert(leaf), "4: a leaf is two credentials'");
            let expected = if credential.shown {
                claims::leaf::<T::Hasher, _>(&subject, &credential)
            } else {
                FieldBytes::ZERO
            };
            ensure!(
                tree.leaf(leaf) == Ok(expected),
                "4: a leaf holds something else than its credential says"
            );
        }
        ensure!(
            Commitments::<T>::iter().count() == credentials,
            "3: a commitment is no credential's"
        );
        for place in 0..VacantCount::<T>::get() {
            let leaf = VacantLeaves::<T>::get(place).ok_or("4: a vacant leaf is missing")?;
            ensure!(taken.insert(leaf), "4: a vacant leaf is taken");
            ensure!(
                tree.leaf(leaf) == Ok(FieldBytes::ZERO),
                "4: a vacant leaf holds something"
            );
        }
        ensure!(
            VacantLeaves::<T>::iter().count() == VacantCount::<T>::get() as usize,
            "4: there are more vacant leaves than are counted"
        );
        ensure!(
            taken.into_iter().eq(0..NextLeaf::<T>::get()),
            "4: the leaves are not those that were given out"
        );
        Ok(())
    }

    fn check_nodes() -> Result<(), TryRuntimeError> {
        let top = u32::try_from(TREE_DEPTH.saturating_sub(1)).unwrap_or(u32::MAX);
        for ((level, index), group) in Nodes::<T>::iter() {
            let hash = T::Hasher::node(&group);
            let known = if level == top {
                Some(Root::<T>::get())
            } else {
                let child = usize::try_from(index & 3).unwrap_or(0);
                Nodes::<T>::get((level.saturating_add(1), index >> 2))
                    .and_then(|above| above.get(child).copied())
            };
            ensure!(
                known == Some(hash),
                "5: a node is not the hash of its children"
            );
        }
        ensure!(
            Self::tree().root() == Root::<T>::get(),
            "5: the root is not the tree's"
        );
        Ok(())
    }

    fn check_ring() -> Result<(), TryRuntimeError> {
        let state = RootsState::<T>::get();
        ensure!(
            state.next.saturating_sub(state.first) <= u64::from(T::MaxRoots::get()),
            "6: the ring is too long"
        );
        let mut epochs = BTreeSet::new();
        let mut last = 0;
        for number in state.first..state.next {
            let replaced = Ring::<T>::get(number).ok_or("6: a root is missing in the ring")?;
            ensure!(
                replaced.epoch >= last && replaced.epoch <= state.epoch,
                "6: epochs fall, or are yet to come"
            );
            last = replaced.epoch;
            epochs.insert(replaced.epoch);
            ensure!(
                Numbers::<T>::get(replaced.root).is_some_and(|latest| latest >= number),
                "6: a root in the ring is not found"
            );
        }
        let length = usize::try_from(state.next.saturating_sub(state.first)).unwrap_or(usize::MAX);
        ensure!(
            Ring::<T>::iter().count() == length,
            "6: there are roots outside of the ring"
        );
        for (root, number) in Numbers::<T>::iter() {
            ensure!(
                Ring::<T>::get(number).is_some_and(|replaced| replaced.root == root),
                "6: a root has the number of another"
            );
        }
        epochs.remove(&state.epoch);
        let ends: BTreeSet<u64> = EpochEnds::<T>::iter().map(|(epoch, _)| epoch).collect();
        ensure!(
            epochs == ends,
            "6: the ends that are kept are not those of the ring's epochs"
        );
        Ok(())
    }
}
