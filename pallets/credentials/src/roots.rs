//! Which roots a proof may show.
//!
//! Who makes a proof takes the root of some block, and is a few blocks late. So roots that were replaced stay
//! good, as long as what they say is still true. When a credential is taken back (suspended, revoked, renewed,
//! frozen), all roots before that stop being good `RootDelay` seconds later.
//!
//! An *epoch* is the time between two such moments. A root is kept with its epoch, an epoch with the second in
//! which it ended; so taking back a credential costs one write, however many roots there are.
//!
//! What the root was within a block nobody can see, so a block replaces one root at most.

use crate::{Config, EpochEnds, Numbers, Pallet, Ring, Root, RootsState};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::traits::Get;
use plume_circuits::FieldBytes;
use plume_primitives::{Seconds, credentials::CredentialRoots};
use scale_info::TypeInfo;
use sp_runtime::traits::BlockNumberProvider;

/// A root that was the tree's at the end of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Replaced {
    /// The root.
    pub root: FieldBytes,
    /// Its epoch.
    pub epoch: u64,
    /// When another took its place, in seconds since the first block.
    pub at: Seconds,
}

/// Where the ring begins and ends, and what this block did to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct State<BlockNumber> {
    /// Number of the oldest root that is kept.
    pub first: u64,
    /// Number of the next root to be kept.
    pub next: u64,
    /// The present epoch.
    pub epoch: u64,
    /// The last block that replaced a root.
    pub replaced_in: Option<BlockNumber>,
    /// The last block that ended an epoch.
    pub ended_in: Option<BlockNumber>,
}

impl<T: Config> Pallet<T> {
    /// Makes `root` the tree's. `takes_back` says that what the present root proves is no longer true.
    pub(crate) fn replace_root(root: FieldBytes, takes_back: bool) {
        let old = Root::<T>::get();
        if root == old {
            return;
        }
        let now = T::Time::current_block_number();
        let block = Some(frame_system::Pallet::<T>::block_number());
        let mut state = RootsState::<T>::get();
        if state.replaced_in != block {
            let replaced = Replaced {
                root: old,
                epoch: state.epoch,
                at: now,
            };
            Ring::<T>::insert(state.next, replaced);
            Numbers::<T>::insert(old, state.next);
            state.next = state.next.saturating_add(1);
            state.replaced_in = block;
            if state.next.saturating_sub(state.first) > u64::from(T::MaxRoots::get()) {
                Self::drop_oldest(&mut state);
            }
        }
        if takes_back && state.ended_in != block {
            EpochEnds::<T>::insert(state.epoch, now);
            state.epoch = state.epoch.saturating_add(1);
            state.ended_in = block;
        }
        RootsState::<T>::put(state);
        Root::<T>::put(root);
    }

    fn drop_oldest<BlockNumber>(state: &mut State<BlockNumber>) {
        let dropped = Ring::<T>::take(state.first);
        let number = state.first;
        state.first = number.saturating_add(1);
        let Some(dropped) = dropped else { return };
        // The same root may have come again since.
        if Numbers::<T>::get(dropped.root) == Some(number) {
            Numbers::<T>::remove(dropped.root);
        }
        let oldest = Ring::<T>::get(state.first).map_or(state.epoch, |replaced| replaced.epoch);
        if oldest > dropped.epoch {
            EpochEnds::<T>::remove(dropped.epoch);
        }
    }

    /// Whether a proof against this root counts at this moment.
    pub fn is_acceptable_root(root: &[u8; 32], now: Seconds) -> bool {
        let Ok(root) = FieldBytes::from_canonical(*root) else {
            return false;
        };
        if root == Root::<T>::get() {
            return true;
        }
        let Some(replaced) = Numbers::<T>::get(root).and_then(Ring::<T>::get) else {
            return false;
        };
        match EpochEnds::<T>::get(replaced.epoch) {
            Some(ended) => now <= ended.saturating_add(T::RootDelay::get()),
            None => true,
        }
    }
}

impl<T: Config> CredentialRoots for Pallet<T> {
    fn is_acceptable_root(root: &[u8; 32], now: Seconds) -> bool {
        Self::is_acceptable_root(root, now)
    }
}
