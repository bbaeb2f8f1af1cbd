//! How the list of validators begins.

use crate::{
    Admitted, Config, FULL_RELIABILITY, GenesisConfig, HoldReason, MIN_SESSION_BLOCKS, MinimumBond,
    Pallet, Parameters, Record, Records, Seats, SessionBlocks, Status, set::round_down,
};
use alloc::collections::BTreeSet;
use frame_support::{
    BoundedVec,
    traits::{Get, fungible::hold::Mutate},
};
use sp_core::H256;

impl<T: Config> Pallet<T> {
    /// Writes the genesis.
    ///
    /// # Panics
    ///
    /// When it contradicts itself, saying what to change.
    pub(crate) fn begin(genesis: &GenesisConfig<T>) {
        let distinct: BTreeSet<_> = genesis.validators.iter().collect();
        assert_eq!(
            distinct.len(),
            genesis.validators.len(),
            "validators.validators names an account twice"
        );
        match BoundedVec::try_from(genesis.validators.clone()) {
            Ok(list) => Admitted::<T>::put(list),
            Err(_) => panic!(
                "validators.validators has more than {} accounts",
                T::MaxValidators::get()
            ),
        }
        assert!(
            genesis.parameters.is_valid(),
            "validators.parameters contradict each other: 4 <= min <= max, low < high, smoothingBlocks > 0"
        );
        Parameters::<T>::put(genesis.parameters);
        MinimumBond::<T>::put(genesis.minimum_bond);
        if genesis.session_blocks > 0 {
            assert!(
                genesis.session_blocks >= MIN_SESSION_BLOCKS,
                "validators.sessionBlocks is {}, less than {MIN_SESSION_BLOCKS}",
                genesis.session_blocks
            );
            SessionBlocks::<T>::put(genesis.session_blocks);
        }
        for validator in &genesis.validators {
            if genesis.bond > 0 {
                T::Currency::hold(&HoldReason::ValidatorBond.into(), validator, genesis.bond)
                    .unwrap_or_else(|error| {
                        panic!(
                            "validators.bond of {} planck cannot be held on {validator:?}: {error:?}. \
                             Give it more in balances.balances",
                            genesis.bond
                        )
                    });
            }
            Records::<T>::insert(
                validator,
                Record {
                    lei_hash: H256::zero(),
                    bond: genesis.bond,
                    status: Status::Admitted,
                    reliability: FULL_RELIABILITY,
                },
            );
        }
        let admitted = genesis.validators.len() as u32;
        Seats::<T>::put(round_down(admitted.min(genesis.parameters.max)));
    }
}
