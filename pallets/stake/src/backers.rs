//! What reaches a validator's backers, as the pallet that pays and punishes validators calls it.

use crate::{Config, Event, OpenPool, Owed, Pallet, pool::Index};
use frame_support::{
    storage::with_storage_layer,
    traits::{
        Get,
        fungible::{Inspect, Mutate},
        tokens::Preservation,
    },
};
use plume_primitives::{
    Balance,
    staking::{OnReward, OnSlash},
};
use sp_runtime::{DispatchError, Perbill};

impl<T: Config> OnReward<T::AccountId> for Pallet<T> {
    fn reward(validator: &T::AccountId, payer: &T::AccountId, offered: Balance) -> Balance {
        let pot = T::RewardPot::get();
        let can_pay_all_out = T::Currency::balance(&pot) >= T::Currency::minimum_balance();
        let Some(pool) = OpenPool::<T>::get(validator) else {
            return 0;
        };
        if *payer == pot || !can_pay_all_out {
            return 0;
        }
        // Money and books move together or not at all.
        let taken = with_storage_layer(|| {
            let taken = Self::with_pool(pool, |pool| {
                // Shares that are worth nothing back nobody.
                let is_backed = pool.index.worth(pool.backing) > 0;
                let shares = if is_backed { pool.backing } else { 0 };
                Ok(pool.rewards.add(offered, shares))
            })?;
            Owed::<T>::mutate(|owed| *owed = owed.saturating_add(taken));
            T::Currency::transfer(payer, &pot, taken, Preservation::Preserve)?;
            Ok::<_, DispatchError>(taken)
        })
        .unwrap_or_default();
        if taken > 0 {
            Self::deposit_event(Event::Rewarded {
                validator: validator.clone(),
                amount: taken,
            });
        }
        taken
    }
}

impl<T: Config> OnSlash<T::AccountId> for Pallet<T> {
    fn slash(validator: &T::AccountId, fraction: Perbill) {
        let Some(pool) = OpenPool::<T>::get(validator) else {
            return;
        };
        if fraction.is_zero() {
            return;
        }
        let slashed = Self::with_pool(pool, |pool| {
            let before = pool.worth();
            pool.index = pool.index.slashed(fraction);
            let after = pool.worth();
            let lost = before
                .voting
                .saturating_sub(after.voting)
                .saturating_add(before.unstaking.saturating_sub(after.unstaking));
            Ok((pool.index, lost))
        });
        let Ok((index, amount)) = slashed else {
            return; // an open pool exists
        };
        if index == Index::ZERO {
            OpenPool::<T>::remove(validator);
        }
        Self::deposit_event(Event::Slashed {
            validator: validator.clone(),
            fraction,
            amount,
        });
    }
}
