//! What the session and the authorship ask.

use crate::{
    Config, Event, Leaders, Member, Members, Pallet,
    rotation::{MAX_MEMBERS, Rotation},
};
use alloc::vec::Vec;
use codec::Decode;
use frame_support::{
    BoundedVec, ConsensusEngineId,
    traits::{ConstU32, FindAuthor, OneSessionHandler},
};
use sp_consensus_aura::{AURA_ENGINE_ID, Slot};

type MembersOf<T> = BoundedVec<
    Member<<T as frame_system::Config>::AccountId, <T as pallet_aura::Config>::AuthorityId>,
    ConstU32<MAX_MEMBERS>,
>;

impl<T: Config> sp_runtime::BoundToRuntimeAppPublic for Pallet<T> {
    type Public = <T as pallet_aura::Config>::AuthorityId;
}

impl<T: Config> Pallet<T> {
    /// All of `members` seal from now on, with clean records.
    fn restore(members: MembersOf<T>) {
        let before = Leaders::<T>::get();
        let term = before.term.saturating_add(1);
        let leaders = Rotation::new(members.len(), term, before.last_slot);
        Leaders::<T>::put(&leaders);
        let keys: Vec<_> = members.iter().map(|member| member.key.clone()).collect();
        Members::<T>::put(&members);
        if pallet_aura::Authorities::<T>::get().is_empty() {
            pallet_aura::Pallet::<T>::initialize_authorities(&keys);
        } else {
            pallet_aura::Pallet::<T>::change_authorities(BoundedVec::truncate_from(keys));
        }
        Self::deposit_event(Event::Restored {
            validators: leaders.len(),
            term,
        });
    }
}

impl<T: Config> OneSessionHandler<T::AccountId> for Pallet<T> {
    type Key = <T as pallet_aura::Config>::AuthorityId;

    fn on_genesis_session<'a, I>(validators: I)
    where
        I: 'a + Iterator<Item = (&'a T::AccountId, Self::Key)>,
    {
        Self::restore(members::<T, _>(validators));
    }

    /// The session says "changed" of every session; only other validators or keys begin a new rotation.
    fn on_new_session<'a, I>(_: bool, validators: I, _: I)
    where
        I: 'a + Iterator<Item = (&'a T::AccountId, Self::Key)>,
    {
        let members = members::<T, _>(validators);
        if members != Members::<T>::get() && !members.is_empty() {
            Self::restore(members);
        }
    }

    /// Nobody is disabled by its place: the rotation's places are not the session's.
    fn on_disabled(_: u32) {}
}

fn members<'a, T: Config, I>(validators: I) -> MembersOf<T>
where
    I: Iterator<Item = (&'a T::AccountId, <T as pallet_aura::Config>::AuthorityId)>,
    T::AccountId: 'a,
{
    let members = validators.map(|(account, key)| Member {
        account: account.clone(),
        key,
    });
    BoundedVec::truncate_from(members.collect())
}

/// Finds the account behind a block's slot. Asked before this pallet has settled the block's missed
/// slots: the rotation is still the one that the block was sealed under.
pub struct Author<T>(core::marker::PhantomData<T>);

impl<T: Config> FindAuthor<T::AccountId> for Author<T> {
    fn find_author<'a, I>(digests: I) -> Option<T::AccountId>
    where
        I: 'a + IntoIterator<Item = (ConsensusEngineId, &'a [u8])>,
    {
        let slot = digests
            .into_iter()
            .find(|(engine, _)| *engine == AURA_ENGINE_ID)
            .and_then(|(_, mut data)| Slot::decode(&mut data).ok())?;
        let place = Leaders::<T>::get().author(*slot)?;
        let members = Members::<T>::get();
        members
            .get(usize::from(place))
            .map(|member| member.account.clone())
    }
}
