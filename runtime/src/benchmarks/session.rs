//! Benchmarks of the session pallet. The SDK's own set them up with pallet-staking, which Plume does
//! not have.

use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::assert_ok;
use frame_system::RawOrigin;
use pallet_session::{Call, NextKeys, Pallet as Session};

/// The session pallet, as far as it is measured here.
pub struct Pallet<T: Config>(pallet_session::Pallet<T>);

/// What the runtime adds for measuring.
pub trait Config:
    pallet_session::Config<ValidatorId = <Self as frame_system::Config>::AccountId>
{
    /// Fresh session keys, and the proof that `owner` holds them.
    fn session_keys_of(owner: &Self::AccountId) -> (Self::Keys, Vec<u8>);
}

/// An account that can pay the keys' deposit and stays alive, and keys of its own.
fn owner_with_keys<T: Config>() -> (T::AccountId, T::Keys, Vec<u8>) {
    let owner: T::AccountId = whitelisted_caller();
    // The helper mints the deposit; what it mints the second time keeps the account alive.
    assert_ok!(Session::<T>::ensure_can_pay_key_deposit(&owner));
    assert_ok!(Session::<T>::ensure_can_pay_key_deposit(&owner));
    let (keys, proof) = T::session_keys_of(&owner);
    (owner, keys, proof)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_keys() {
        let (owner, keys, proof) = owner_with_keys::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), keys, proof);
        assert!(NextKeys::<T>::contains_key(&owner));
    }

    #[benchmark]
    fn purge_keys() {
        let (owner, keys, proof) = owner_with_keys::<T>();
        let signed = RawOrigin::Signed(owner.clone());
        assert_ok!(Session::<T>::set_keys(signed.clone().into(), keys, proof));
        #[extrinsic_call]
        _(signed);
        assert!(!NextKeys::<T>::contains_key(&owner));
    }
}
