//! Worst cases of the pallet's calls and hooks: full lists.

use super::*;
use crate::set::SetParameters;
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{
        EnsureOrigin, Get, ValidatorRegistration,
        fungible::{Inspect, Mutate, hold::Mutate as _},
    },
};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use plume_primitives::api::NodeRole;
use sp_runtime::Perbill;
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

/// Planck that everybody has at stake here.
fn bond<T: Config>() -> Balance {
    T::Currency::minimum_balance().saturating_mul(1_000)
}

/// An account with ten times the bond.
fn rich<T: Config>(who: &T::AccountId) {
    T::Currency::set_balance(who, bond::<T>().saturating_mul(10));
}

fn peer_id(index: u32) -> PeerId {
    let mut peer_id = [0; 38];
    let bytes = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20]
        .into_iter()
        .chain(index.to_le_bytes());
    for (place, byte) in peer_id.iter_mut().zip(bytes) {
        *place = byte;
    }
    peer_id
}

/// Puts somebody with a bond on record.
fn record<T: Config>(who: &T::AccountId, status: Status) {
    rich::<T>(who);
    let reason = HoldReason::ValidatorBond.into();
    let _ = T::Currency::set_on_hold(&reason, who, bond::<T>());
    Records::<T>::insert(
        who,
        Record {
            lei_hash: H256::repeat_byte(1),
            bond: bond::<T>(),
            status,
            reliability: FULL_RELIABILITY,
        },
    );
}

/// A list of `len` validators, each on record.
fn fill<T: Config>(len: u32) -> Vec<T::AccountId> {
    let list: Vec<T::AccountId> = (0..len).map(|i| account("validator", i, 0)).collect();
    for validator in &list {
        record::<T>(validator, Status::Admitted);
        T::BenchmarkHelper::give_keys(validator);
    }
    Admitted::<T>::put(BoundedVec::truncate_from(list.clone()));
    list
}

/// The first of a full list.
fn first_of_many<T: Config>() -> T::AccountId {
    fill::<T>(T::MaxValidators::get());
    account("validator", 0, 0)
}

/// As many nodes of a validator as it may have, less `less`.
fn publish<T: Config>(owner: &T::AccountId, less: u32) -> Result<(), BenchmarkError> {
    for index in 0..T::MaxNodesPerValidator::get().saturating_sub(less) {
        Pallet::<T>::publish_node(RawOrigin::Signed(owner.clone()).into(), peer_id(index))?;
    }
    Ok(())
}

fn admitting<T: Config>() -> Result<OriginFor<T>, BenchmarkError> {
    T::AdmitOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// One of the genesis: it has session keys.
fn with_keys<T: Config>() -> Result<T::AccountId, BenchmarkError> {
    Admitted::<T>::get()
        .into_iter()
        .find(T::SessionKeys::is_registered)
        .ok_or(BenchmarkError::Stop(
            "the chain has no validator with session keys",
        ))
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn admit() -> Result<(), BenchmarkError> {
        let origin = admitting::<T>()?;
        let validator = with_keys::<T>()?;
        fill::<T>(T::MaxValidators::get().saturating_sub(1));
        record::<T>(&validator, Status::Applied);
        #[extrinsic_call]
        _(origin, validator.clone());
        assert!(Admitted::<T>::get().contains(&validator));
        Ok(())
    }

    #[benchmark]
    fn remove() -> Result<(), BenchmarkError> {
        let origin = admitting::<T>()?;
        let validator = first_of_many::<T>();
        publish::<T>(&validator, 0)?;
        #[extrinsic_call]
        _(origin, validator.clone());
        assert!(!Admitted::<T>::get().contains(&validator));
        Ok(())
    }

    #[benchmark]
    fn apply() -> Result<(), BenchmarkError> {
        let validator = with_keys::<T>()?;
        fill::<T>(T::MaxValidators::get());
        Records::<T>::remove(&validator);
        let reason = HoldReason::ValidatorBond.into();
        T::Currency::set_on_hold(&reason, &validator, 0)?;
        let stake = bond::<T>().max(MinimumBond::<T>::get());
        T::Currency::set_balance(&validator, stake.saturating_mul(10));
        #[extrinsic_call]
        _(
            RawOrigin::Signed(validator.clone()),
            H256::repeat_byte(7),
            stake,
        );
        assert!(Records::<T>::contains_key(&validator));
        Ok(())
    }

    #[benchmark]
    fn bond_more() {
        let validator: T::AccountId = whitelisted_caller();
        record::<T>(&validator, Status::Admitted);
        #[extrinsic_call]
        _(RawOrigin::Signed(validator.clone()), bond::<T>());
        assert_eq!(
            Records::<T>::get(&validator).map(|record| record.bond),
            Some(bond::<T>().saturating_mul(2))
        );
    }

    #[benchmark]
    fn withdraw_bond() {
        let caller: T::AccountId = whitelisted_caller();
        let validator: T::AccountId = account("validator", 0, 0);
        record::<T>(&validator, Status::Unbonding { until: 0 });
        #[extrinsic_call]
        _(RawOrigin::Signed(caller), validator.clone());
        assert!(!Records::<T>::contains_key(&validator));
    }

    #[benchmark]
    fn set_minimum_bond() -> Result<(), BenchmarkError> {
        let origin = admitting::<T>()?;
        #[extrinsic_call]
        _(origin, 7);
        assert_eq!(MinimumBond::<T>::get(), 7);
        Ok(())
    }

    #[benchmark]
    fn set_parameters() -> Result<(), BenchmarkError> {
        let origin = admitting::<T>()?;
        let parameters = SetParameters {
            max: 7,
            ..Default::default()
        };
        #[extrinsic_call]
        _(origin, parameters);
        assert_eq!(Parameters::<T>::get(), parameters);
        Ok(())
    }

    #[benchmark]
    fn publish_node() -> Result<(), BenchmarkError> {
        let validator = first_of_many::<T>();
        publish::<T>(&validator, 1)?;
        let last = peer_id(u32::MAX);
        #[extrinsic_call]
        _(RawOrigin::Signed(validator), last);
        assert!(Nodes::<T>::contains_key(last));
        Ok(())
    }

    #[benchmark]
    fn withdraw_node() -> Result<(), BenchmarkError> {
        let validator = first_of_many::<T>();
        publish::<T>(&validator, 0)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(validator), peer_id(0));
        assert!(!Nodes::<T>::contains_key(peer_id(0)));
        Ok(())
    }

    #[benchmark]
    fn admit_node() -> Result<(), BenchmarkError> {
        let origin = admitting::<T>()?;
        #[extrinsic_call]
        _(origin, peer_id(0), NodeRole::Regulator);
        assert!(Nodes::<T>::contains_key(peer_id(0)));
        Ok(())
    }

    #[benchmark]
    fn expel_node() -> Result<(), BenchmarkError> {
        let origin = admitting::<T>()?;
        let validator = first_of_many::<T>();
        publish::<T>(&validator, 0)?;
        #[extrinsic_call]
        _(origin, peer_id(0));
        assert!(!Nodes::<T>::contains_key(peer_id(0)));
        Ok(())
    }

    #[benchmark]
    fn claim() {
        let caller: T::AccountId = whitelisted_caller();
        let validator: T::AccountId = account("validator", 0, 0);
        rich::<T>(&T::RewardPot::get());
        Credits::<T>::insert(&validator, bond::<T>());
        Owed::<T>::put(bond::<T>());
        #[extrinsic_call]
        _(RawOrigin::Signed(caller), validator.clone());
        assert_eq!(T::Currency::balance(&validator), bond::<T>());
    }

    #[benchmark]
    fn on_offence() -> Result<(), BenchmarkError> {
        let culprit = first_of_many::<T>();
        publish::<T>(&culprit, 0)?;
        rich::<T>(&T::SlashedFunds::get());
        T::BenchmarkHelper::give_backer(&culprit);
        let details = [OffenceDetails {
            offender: (culprit.clone(), ()),
            reporters: Vec::new(),
        }];
        let others =
            (2..PUNISHED_SESSIONS.saturating_add(2)).map(|session| (session, Perbill::one()));
        let others: Vec<_> = others.collect();
        Punished::<T>::insert(&culprit, BoundedVec::truncate_from(others));
        #[block]
        {
            Pallet::<T>::on_offence(&details, &[Perbill::from_percent(50)], 1);
        }
        assert!(!Admitted::<T>::get().contains(&culprit));
        assert!(Records::<T>::get(&culprit).is_some_and(|record| record.bond < bond::<T>()));
        Ok(())
    }

    #[benchmark]
    fn on_block() {
        let author: T::AccountId = whitelisted_caller();
        #[block]
        {
            Pallet::<T>::note_sealed(author.clone());
            Pallet::<T>::measure();
        }
        assert_eq!(Sealed::<T>::get(&author), Some(1));
    }

    #[benchmark]
    fn rotate_session(v: Linear<1, { T::MaxValidators::get() }>) -> Result<(), BenchmarkError> {
        let list = fill::<T>(v);
        Seated::<T>::put(BoundedVec::truncate_from(list.clone()));
        for validator in &list {
            Pallet::<T>::note_sealed(validator.clone());
            T::BenchmarkHelper::give_backer(validator);
        }
        rich::<T>(&T::RewardPot::get());
        // All left: none is in the plan, and each takes a node along.
        let nodes = T::MaxNodesPerValidator::get();
        let owners = list.iter().flat_map(|owner| (0..nodes).map(move |_| owner));
        for (index, owner) in (0..).zip(owners) {
            Pallet::<T>::publish_node(RawOrigin::Signed(owner.clone()).into(), peer_id(index))?;
        }
        Departing::<T>::put(BoundedVec::truncate_from(list.clone()));
        #[block]
        {
            Pallet::<T>::end_session(7);
            Pallet::<T>::start_session(8);
            Pallet::<T>::new_session(9);
        }
        assert_eq!(Credits::<T>::iter().count(), v as usize);
        Ok(())
    }
}
