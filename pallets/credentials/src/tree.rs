//! The tree of credentials in storage: which leaf is whose, and what it holds.
//!
//! A leaf holds its credential while that is active, its issuer admitted, its subject not frozen and on no list, and is zero
//! otherwise. Leaves of revoked credentials are given out again, so what counts is how many credentials live.

use crate::{
    Config, Credential, Credentials, Error, Issuers, NextLeaf, Nodes, Pallet, Status, VacantCount,
    VacantLeaves, claims,
};
use alloc::vec::Vec;
use core::marker::PhantomData;
use plume_circuits::{
    FieldBytes,
    tree::{Group, Groups, Path, Tree, capacity},
};
use plume_primitives::{
    compliance::{Lists, SubjectId},
    regulation::Freezes,
};

/// Levels of the tree: 4¹⁰ = 1,048,576 leaves. The circuits are built for it.
pub const TREE_DEPTH: usize = 10;

/// Leaves of the tree.
pub const TREE_CAPACITY: u32 = capacity(10);

/// The groups in storage.
pub struct Stored<T>(PhantomData<T>);

impl<T: Config> Groups for Stored<T> {
    fn group(&self, level: u32, index: u32) -> Option<Group> {
        Nodes::<T>::get((level, index))
    }

    fn keep(&mut self, level: u32, index: u32, group: Group) {
        Nodes::<T>::insert((level, index), group);
    }
}

/// Changes of leaves that are made together.
#[derive(Default)]
pub(crate) struct Changes {
    leaves: Vec<(u32, FieldBytes)>,
    /// Whether a proof that was good is to be refused.
    takes_back: bool,
}

impl<T: Config> Pallet<T> {
    pub(crate) fn tree() -> Tree<T::Hasher, Stored<T>, TREE_DEPTH> {
        Tree::over(Stored(PhantomData))
    }

    /// Takes a leaf that is nobody's.
    pub(crate) fn take_leaf() -> Result<u32, Error<T>> {
        if let Some(last) = VacantCount::<T>::get().checked_sub(1) {
            VacantCount::<T>::put(last);
            if let Some(leaf) = VacantLeaves::<T>::take(last) {
                return Ok(leaf);
            }
        }
        let next = NextLeaf::<T>::get();
        if next >= TREE_CAPACITY {
            return Err(Error::<T>::TreeFull);
        }
        NextLeaf::<T>::put(next.saturating_add(1));
        Ok(next)
    }

    /// Whether a leaf is to hold this credential now.
    pub(crate) fn is_to_show(subject: &SubjectId, credential: &Credential<T::AccountId>) -> bool {
        credential.status == Status::Active
            && Issuers::<T>::get(&credential.issuer).is_some_and(|issuer| issuer.admitted)
            && !T::Freezes::is_frozen(subject)
            && !T::Lists::names(subject)
    }

    /// Keeps a credential, and notes what its leaf is to hold. Returns whether the leaf changes.
    ///
    /// `rewritten` says that the credential states something else than before.
    pub(crate) fn settle(
        changes: &mut Changes,
        subject: &SubjectId,
        mut credential: Credential<T::AccountId>,
        rewritten: bool,
    ) -> bool {
        let shows = Self::is_to_show(subject, &credential);
        let differs = shows != credential.shown || (shows && rewritten);
        if let Some(leaf) = credential.leaf
            && differs
        {
            let value = if shows {
                claims::leaf::<T::Hasher, _>(subject, &credential)
            } else {
                FieldBytes::ZERO
            };
            changes.leaves.push((leaf, value));
            changes.takes_back |= credential.shown;
        }
        credential.shown = shows;
        if matches!(credential.status, Status::Revoked { .. })
            && let Some(leaf) = credential.leaf.take()
        {
            let place = VacantCount::<T>::get();
            VacantLeaves::<T>::insert(place, leaf);
            VacantCount::<T>::put(place.saturating_add(1));
        }
        Credentials::<T>::insert(subject, credential);
        differs
    }

    /// Writes the changed leaves, and replaces the root.
    pub(crate) fn write(changes: Changes) -> Result<(), Error<T>> {
        if changes.leaves.is_empty() {
            return Ok(());
        }
        let root = Self::tree()
            .update(&changes.leaves)
            .map_err(|_| Error::<T>::TreeFull)?;
        Self::replace_root(root, changes.takes_back);
        Ok(())
    }

    /// What a subject's holder needs to prove membership: the leaf and its path to the present root. `None`
    /// when the credential is in no leaf now.
    pub fn membership(subject: &SubjectId) -> Option<(FieldBytes, Path<TREE_DEPTH>)> {
        let credential = Credentials::<T>::get(subject).filter(|credential| credential.shown)?;
        let leaf = claims::leaf::<T::Hasher, _>(subject, &credential);
        Some((leaf, Self::tree().path(credential.leaf?).ok()?))
    }
}
