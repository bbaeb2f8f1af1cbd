//! The technical committee is the validators: whoever is admitted has a seat in it.

use crate::*;
use frame_support::{
    dispatch::DispatchClass,
    traits::{ChangeMembers, Get},
};
use pallet_collective::WeightInfo as _;
use pallet_session::SessionManager;
use sp_staking::SessionIndex;

/// Manages sessions as `Inner` does, and seats the committee at the start of each.
///
/// A session's start is late enough: whoever is removed for an offence is out two blocks later, because
/// sessions hurry then. It does not depend on any path by which the list can change.
pub struct WithCommittee<Inner>(core::marker::PhantomData<Inner>);

/// Makes the admitted validators the committee, if they are not yet.
fn seat() {
    let mut admitted = pallet_validators::Admitted::<Runtime>::get().into_inner();
    admitted.sort();
    let before = pallet_collective::Members::<Runtime>::get();
    let weight = if admitted == before {
        <Runtime as frame_system::Config>::DbWeight::get().reads(2)
    } else {
        TechnicalCommittee::set_members_sorted(&admitted, &before);
        weights::pallet_collective::WeightInfo::<Runtime>::set_members(
            count(&before),
            count(&admitted),
            <Runtime as pallet_collective::Config>::MaxProposals::get(),
        )
    };
    System::register_extra_weight_unchecked(weight, DispatchClass::Mandatory);
}

fn count(members: &[AccountId]) -> u32 {
    u32::try_from(members.len()).unwrap_or(u32::MAX)
}

impl<Inner: SessionManager<AccountId>> SessionManager<AccountId> for WithCommittee<Inner> {
    fn new_session(index: SessionIndex) -> Option<Vec<AccountId>> {
        Inner::new_session(index)
    }

    fn new_session_genesis(index: SessionIndex) -> Option<Vec<AccountId>> {
        Inner::new_session_genesis(index)
    }

    fn start_session(index: SessionIndex) {
        Inner::start_session(index);
        seat();
    }

    fn end_session(index: SessionIndex) {
        Inner::end_session(index);
    }
}
