//! The tree of notes, and which of its roots a proof may show.
//!
//! Nothing is ever taken from this tree, so what an old root says stays true. Roots are forgotten all the same:
//! a proof against an old one tells how long ago its maker last looked.

use crate::WeightInfo;
use crate::{Config, Edge, Event, NextPosition, Pallet, Pending, Ring, RingState, RootNumbers};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{defensive, dispatch::DispatchClass, traits::Get};
use plume_circuits::{FieldBytes, Poseidon, tree::TreeHasher};
use scale_info::TypeInfo;

pub use plume_circuits::transfer::NOTE_DEPTH as NOTES_DEPTH;

/// Leaves of the tree of notes.
pub const NOTES_CAPACITY: u64 = plume_circuits::frontier::capacity(NOTES_DEPTH);

/// Where the ring begins and ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct State {
    /// Number of the oldest root that counts.
    pub first: u64,
    /// Number of the next root.
    pub next: u64,
}

impl<T: Config> Pallet<T> {
    /// Appends the leaves of the block, and lets their root count.
    pub(crate) fn append_pending() {
        let leaves = Pending::<T>::take();
        if leaves.is_empty() {
            return;
        }
        // The tree starts with a root, too: dummies are proven against it.
        Self::begin_ring();
        let mut edge = Edge::<T>::get();
        if edge.append_all::<Poseidon>(&leaves).is_err() {
            defensive!("positions are given within the capacity");
            return;
        }
        let root = edge.root::<Poseidon>();
        let leaves = edge.len();
        Edge::<T>::put(edge);
        Self::add_root(root);
        Self::deposit_event(Event::RootChanged { root, leaves });
    }

    /// Appends the leaves of a call, as the end of its block does.
    #[cfg(feature = "runtime-benchmarks")]
    pub(crate) fn append_for_measuring() {
        let leaves = Pending::<T>::take();
        let appended = Edge::<T>::mutate(|edge| edge.append_all::<Poseidon>(&leaves));
        assert!(appended.is_ok());
    }

    /// Lets the root of the empty tree count, once.
    pub(crate) fn begin_ring() {
        if RingState::<T>::get().next == 0 {
            Self::add_root(Self::empty_root());
        }
    }

    fn empty_root() -> FieldBytes {
        Poseidon::empty(u32::try_from(NOTES_DEPTH).unwrap_or(u32::MAX))
    }

    pub(crate) fn add_root(root: FieldBytes) {
        let mut state = RingState::<T>::get();
        Ring::<T>::insert(state.next, root);
        RootNumbers::<T>::insert(root, state.next);
        state.next = state.next.saturating_add(1);
        if state.next.saturating_sub(state.first) > u64::from(T::MaxRoots::get()) {
            if let Some(oldest) = Ring::<T>::take(state.first) {
                RootNumbers::<T>::remove(oldest);
            }
            state.first = state.first.saturating_add(1);
        }
        RingState::<T>::put(state);
    }

    /// Whether a proof against this root of the notes counts.
    pub fn is_recent_root(root: &FieldBytes) -> bool {
        RootNumbers::<T>::contains_key(root)
            || (*root == Self::empty_root() && RingState::<T>::get().next == 0)
    }

    /// The root that the next transaction should be proven against.
    pub fn newest_root() -> Option<FieldBytes> {
        Ring::<T>::get(RingState::<T>::get().next.checked_sub(1)?)
    }

    /// Gives positions to leaves, which are appended at the end of the block. Returns the first position.
    ///
    /// The first leaves of a block reserve the weight of its root; a block without any reserves none.
    pub(crate) fn add_leaves(leaves: &[FieldBytes]) -> Result<u64, crate::Error<T>> {
        if Pending::<T>::decode_len().unwrap_or_default() == 0 {
            frame_system::Pallet::<T>::register_extra_weight_unchecked(
                T::WeightInfo::settle_root(),
                DispatchClass::Mandatory,
            );
        }
        let first = NextPosition::<T>::get();
        for leaf in leaves {
            Pending::<T>::try_append(*leaf).map_err(|_| crate::Error::<T>::BlockFull)?;
        }
        let count = u64::try_from(leaves.len()).unwrap_or(u64::MAX);
        NextPosition::<T>::put(first.saturating_add(count));
        Ok(first)
    }
}
