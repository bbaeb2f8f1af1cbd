//! How the books are kept: pools, totals, and accounts that are settled before anything is done to them.
//!
//! Each of these may fail half-way. A call that fails is undone as a whole.

use crate::{
    Config, Event, Exposure, HoldReason, Holding, NextPool, OpenPool, Owed, Pallet, Pools, Stage,
    Staker, Stakers, Totals,
    pool::{Lot, Part, Pool, PoolId},
};
use frame_support::{
    dispatch::DispatchResult,
    traits::{
        DefensiveOption, Get,
        fungible::hold::Mutate,
        tokens::{Fortitude, Precision, Restriction},
    },
};
use plume_primitives::Seconds;
use sp_runtime::{ArithmeticError, DispatchError, traits::BlockNumberProvider};

/// An amount is beyond any supply.
pub(crate) const BEYOND: DispatchError = DispatchError::Arithmetic(ArithmeticError::Overflow);

impl<T: Config> Pallet<T> {
    pub(crate) fn now() -> Seconds {
        T::Time::current_block_number()
    }

    /// Changes a pool, lets the totals follow, and removes it when nobody owns anything of it any more.
    pub(crate) fn with_pool<R>(
        id: PoolId,
        change: impl FnOnce(&mut Pool<T::AccountId>) -> Result<R, DispatchError>,
    ) -> Result<R, DispatchError> {
        let mut pool = Pools::<T>::get(id).defensive_ok_or(DispatchError::Corruption)?;
        let before = pool.worth();
        let result = change(&mut pool)?;
        let after = pool.worth();
        if before != after {
            Totals::<T>::mutate(|sums| sums.follow(before, after));
        }
        if pool.is_empty() {
            if OpenPool::<T>::get(&pool.validator) == Some(id) {
                OpenPool::<T>::remove(&pool.validator);
            }
            // Only dust is left: whoever had shares was credited what they earned.
            Owed::<T>::mutate(|owed| *owed = owed.saturating_sub(pool.rewards.unpaid));
            Pools::<T>::remove(id);
        } else {
            Pools::<T>::insert(id, pool);
        }
        Ok(result)
    }

    /// An account with everything applied to it that has happened since it was last settled. Whatever the
    /// caller makes of it has to be [stored](Self::store).
    pub(crate) fn settled(who: &T::AccountId) -> Result<Staker<T>, DispatchError> {
        let mut staker = Stakers::<T>::get(who).unwrap_or_default();
        let held = staker.held();
        if let Some(exposure) = staker.exposure.take() {
            staker.exposure = Self::settle_exposure(who, &mut staker, exposure)?;
        }
        for entry in staker.unstaking.iter_mut() {
            if let Holding::Exposed(lot) = &mut entry.holding {
                Self::settle_lot(lot, Part::Unstaking)?;
            }
        }
        staker.unstaking.retain(|entry| entry.planck() > 0);

        let lost = held.saturating_sub(staker.held());
        if lost > 0 {
            T::Currency::transfer_on_hold(
                &HoldReason::Stake.into(),
                who,
                &T::SlashedFunds::get(),
                lost,
                Precision::Exact,
                Restriction::Free,
                Fortitude::Force,
            )?;
            Totals::<T>::mutate(|sums| sums.held = sums.held.saturating_sub(lost));
            Self::deposit_event(Event::SlashSettled {
                who: who.clone(),
                amount: lost,
            });
        }
        Ok(staker)
    }

    /// Credits what an exposed stake has earned, and lowers it to what it is worth. None when it is exposed
    /// no more; what is left of it is idle then.
    fn settle_exposure(
        who: &T::AccountId,
        staker: &mut Staker<T>,
        mut exposure: Exposure,
    ) -> Result<Option<Exposure>, DispatchError> {
        let pool = Pools::<T>::get(exposure.lot.pool).defensive_ok_or(DispatchError::Corruption)?;
        if let Stage::Backing { paid } = &mut exposure.stage
            && *paid != pool.rewards.per_share
        {
            let amount = Self::with_pool(exposure.lot.pool, |pool| {
                Ok(pool.rewards.pay(exposure.lot.shares, *paid))
            })?;
            *paid = pool.rewards.per_share;
            if amount > 0 {
                staker.earned = staker.earned.saturating_add(amount);
                Self::deposit_event(Event::Earned {
                    who: who.clone(),
                    amount,
                });
            }
        }
        let part = exposure.part();
        Self::settle_lot(&mut exposure.lot, part)?;
        let is_over = match exposure.stage {
            Stage::Backing { .. } => false,
            Stage::Cooling { until } => until <= Self::now(),
        };
        let amount = exposure.lot.planck;
        if amount > 0 && !is_over {
            return Ok(Some(exposure));
        }
        if amount > 0 {
            Self::take_lot(&exposure.lot, Part::Cooling)?;
            staker.idle = staker.idle.saturating_add(amount);
            Totals::<T>::mutate(|sums| sums.voting = sums.voting.saturating_add(amount));
        }
        Self::deposit_event(Event::RiskEnded {
            who: who.clone(),
            validator: pool.validator,
            amount,
        });
        Ok(None)
    }

    /// Lowers a lot to what it is worth; takes it out of its pool when that is nothing.
    fn settle_lot(lot: &mut Lot, part: Part) -> DispatchResult {
        let pool = Pools::<T>::get(lot.pool).defensive_ok_or(DispatchError::Corruption)?;
        lot.planck = pool.index.worth(lot.shares).min(lot.planck);
        if lot.planck == 0 {
            Self::take_lot(lot, part)?;
        }
        Ok(())
    }

    pub(crate) fn take_lot(lot: &Lot, part: Part) -> DispatchResult {
        Self::with_pool(lot.pool, |pool| {
            pool.take(part, lot.shares)
                .defensive_ok_or(DispatchError::Corruption)
        })
    }

    pub(crate) fn store(who: &T::AccountId, staker: Staker<T>) {
        if staker.is_empty() {
            Stakers::<T>::remove(who);
        } else {
            Stakers::<T>::insert(who, staker);
        }
    }

    pub(crate) fn open_pool(validator: &T::AccountId) -> Result<PoolId, DispatchError> {
        let id = NextPool::<T>::get();
        NextPool::<T>::put(id.checked_add(1).ok_or(BEYOND)?);
        Pools::<T>::insert(id, Pool::new(validator.clone()));
        OpenPool::<T>::insert(validator, id);
        Ok(id)
    }
}
