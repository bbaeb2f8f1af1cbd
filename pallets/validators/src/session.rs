//! The list of validators as the session pallet and its historical part ask for it.

use crate::{Admitted, Config, Pallet};
use alloc::vec::Vec;
use frame_support::traits::Get;
use pallet_session::historical;
use sp_runtime::traits::Convert;
use sp_staking::SessionIndex;

/// A validator is identified by its account alone; what else is known of it lives off-chain.
pub struct SelfIdentification;

impl<AccountId> Convert<AccountId, Option<()>> for SelfIdentification {
    fn convert(_: AccountId) -> Option<()> {
        Some(())
    }
}

impl<T: Config> Pallet<T> {
    /// The validators to plan the next session with; none leaves the session's own in place.
    fn planned() -> Option<Vec<T::AccountId>> {
        let list = Admitted::<T>::get().into_inner();
        (!list.is_empty()).then_some(list)
    }
}

impl<T: Config> pallet_session::SessionManager<T::AccountId> for Pallet<T> {
    fn new_session(_: SessionIndex) -> Option<Vec<T::AccountId>> {
        Self::planned()
    }
    fn start_session(_: SessionIndex) {}
    fn end_session(_: SessionIndex) {}
}

impl<T: Config> historical::SessionManager<T::AccountId, ()> for Pallet<T> {
    fn new_session(_: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
        Self::planned().map(|list| list.into_iter().map(|validator| (validator, ())).collect())
    }
    fn start_session(_: SessionIndex) {}
    fn end_session(_: SessionIndex) {}
}

/// The list with its history: keeps the membership roots of the last `Depth` sessions and forgets
/// those before, so that the proofs' storage is bounded.
pub struct BoundedHistory<T, Depth>(core::marker::PhantomData<(T, Depth)>);

impl<T: Config, Depth> pallet_session::SessionManager<T::AccountId> for BoundedHistory<T, Depth> {
    fn new_session(new_index: SessionIndex) -> Option<Vec<T::AccountId>> {
        <Pallet<T> as pallet_session::SessionManager<_>>::new_session(new_index)
    }
    fn start_session(index: SessionIndex) {
        <Pallet<T> as pallet_session::SessionManager<_>>::start_session(index);
    }
    fn end_session(index: SessionIndex) {
        <Pallet<T> as pallet_session::SessionManager<_>>::end_session(index);
    }
}

impl<T, Depth> historical::SessionManager<T::AccountId, ()> for BoundedHistory<T, Depth>
where
    T: Config + historical::Config,
    Depth: Get<SessionIndex>,
{
    fn new_session(new_index: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
        historical::Pallet::<T>::prune_up_to(new_index.saturating_sub(Depth::get()));
        <Pallet<T> as historical::SessionManager<_, _>>::new_session(new_index)
    }
    fn start_session(index: SessionIndex) {
        <Pallet<T> as historical::SessionManager<_, _>>::start_session(index);
    }
    fn end_session(index: SessionIndex) {
        <Pallet<T> as historical::SessionManager<_, _>>::end_session(index);
    }
}
