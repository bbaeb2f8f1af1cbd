//! What each call does to an account, once it is settled.

use crate::{
    Config, Error, Event, Exposure, HoldReason, Holding, OpenPool, Owed, Pallet, Stage, Staker,
    Totals, Unstaking,
    ledger::BEYOND,
    pool::{Lot, Part},
};
use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{
        DefensiveOption, Get,
        fungible::{Mutate, hold::Mutate as MutateHold},
        tokens::{Precision, Preservation},
    },
};
use plume_primitives::{Balance, Seconds, screening::Screening, staking::Backable};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_stake(who: &T::AccountId, amount: Balance) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::ZeroAmount);
        ensure!(T::Screening::admits(who), Error::<T>::NotAdmitted);
        let mut staker = Self::settled(who)?;
        T::Currency::hold(&HoldReason::Stake.into(), who, amount)?;
        Totals::<T>::mutate(|sums| sums.held = sums.held.saturating_add(amount));
        match &mut staker.exposure {
            Some(Exposure {
                lot,
                stage: Stage::Backing { .. },
            }) => {
                let validator = Self::with_pool(lot.pool, |pool| {
                    let planck = lot.planck.checked_add(amount).ok_or(BEYOND)?;
                    pool.resize(Part::Backing, lot, planck).ok_or(BEYOND)?;
                    Ok(pool.validator.clone())
                })?;
                ensure!(
                    T::Validators::may_be_backed(&validator),
                    Error::<T>::ValidatorLeft
                );
            }
            _ => {
                staker.idle = staker.idle.checked_add(amount).ok_or(BEYOND)?;
                Totals::<T>::mutate(|sums| sums.voting = sums.voting.saturating_add(amount));
            }
        }
        let total = staker.active();
        ensure!(total >= T::MinimumStake::get(), Error::<T>::StakeTooSmall);
        Self::store(who, staker);
        Self::deposit_event(Event::Staked {
            who: who.clone(),
            amount,
            total,
        });
        Ok(())
    }

    pub(crate) fn do_unstake(who: &T::AccountId, amount: Balance) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::ZeroAmount);
        let mut staker = Self::settled(who)?;
        let rest = staker
            .active()
            .checked_sub(amount)
            .ok_or(Error::<T>::StakeTooLarge)?;
        ensure!(rest >= Self::largest_lock(who), Error::<T>::Locked);
        ensure!(
            rest == 0 || rest >= T::MinimumStake::get(),
            Error::<T>::RestTooSmall
        );
        let until = Self::now().saturating_add(T::UnbondingTime::get());

        let idle = amount.min(staker.idle);
        if idle > 0 {
            staker.idle = staker.idle.saturating_sub(idle);
            Totals::<T>::mutate(|sums| {
                sums.voting = sums.voting.saturating_sub(idle);
                sums.unstaking = sums.unstaking.saturating_add(idle);
            });
            Self::push(&mut staker, until, Holding::Idle(idle))?;
        }
        let exposed = amount.saturating_sub(idle);
        if exposed > 0 {
            let mut exposure = staker
                .exposure
                .take()
                .defensive_ok_or(DispatchError::Corruption)?;
            let part = exposure.part();
            let pool = exposure.lot.pool;
            let shares = Self::with_pool(pool, |pool| {
                let stays = exposure.lot.planck.checked_sub(exposed).ok_or(BEYOND)?;
                pool.resize(part, &mut exposure.lot, stays).ok_or(BEYOND)?;
                pool.put(Part::Unstaking, exposed).ok_or(BEYOND)
            })?;
            if exposure.lot.planck > 0 {
                staker.exposure = Some(exposure);
            }
            let lot = Lot {
                pool,
                shares,
                planck: exposed,
            };
            Self::push(&mut staker, until, Holding::Exposed(lot))?;
        }
        Self::store(who, staker);
        Self::deposit_event(Event::Unstaked {
            who: who.clone(),
            amount,
            until,
        });
        Ok(())
    }

    fn push(staker: &mut Staker<T>, until: Seconds, holding: Holding) -> DispatchResult {
        staker
            .unstaking
            .try_push(Unstaking { until, holding })
            .map_err(|_| Error::<T>::TooManyUnstaking.into())
    }

    pub(crate) fn do_withdraw(who: &T::AccountId) -> DispatchResult {
        let mut staker = Self::settled(who)?;
        let now = Self::now();
        let mut amount: Balance = 0;
        for entry in staker.unstaking.iter().filter(|entry| entry.until <= now) {
            match &entry.holding {
                Holding::Idle(planck) => Totals::<T>::mutate(|sums| {
                    sums.unstaking = sums.unstaking.saturating_sub(*planck);
                }),
                Holding::Exposed(lot) => Self::take_lot(lot, Part::Unstaking)?,
            }
            amount = amount.saturating_add(entry.planck());
        }
        ensure!(amount > 0, Error::<T>::NothingToWithdraw);
        staker.unstaking.retain(|entry| entry.until > now);
        T::Currency::release(&HoldReason::Stake.into(), who, amount, Precision::Exact)?;
        Totals::<T>::mutate(|sums| sums.held = sums.held.saturating_sub(amount));
        Self::store(who, staker);
        Self::deposit_event(Event::Withdrawn {
            who: who.clone(),
            amount,
        });
        Ok(())
    }

    pub(crate) fn do_back(who: &T::AccountId, validator: &T::AccountId) -> DispatchResult {
        ensure!(T::Screening::admits(who), Error::<T>::NotAdmitted);
        ensure!(
            T::Validators::may_be_backed(validator),
            Error::<T>::NotBackable
        );
        Self::join_pool(who, validator)
    }

    /// Backs a validator, whoever it is.
    pub(crate) fn join_pool(who: &T::AccountId, validator: &T::AccountId) -> DispatchResult {
        let mut staker = Self::settled(who)?;
        match staker.exposure.as_ref().map(|exposure| &exposure.stage) {
            None => {}
            Some(Stage::Backing { .. }) => return Err(Error::<T>::AlreadyBacking.into()),
            Some(Stage::Cooling { .. }) => return Err(Error::<T>::StillCooling.into()),
        }
        let amount = core::mem::take(&mut staker.idle);
        ensure!(amount >= T::MinimumStake::get(), Error::<T>::NoStake);
        Totals::<T>::mutate(|sums| sums.voting = sums.voting.saturating_sub(amount));

        let pool = match OpenPool::<T>::get(validator) {
            Some(id) => id,
            None => Self::open_pool(validator)?,
        };
        staker.exposure = Some(Self::with_pool(pool, |of| {
            let shares = of.put(Part::Backing, amount).ok_or(BEYOND)?;
            Ok(Exposure {
                lot: Lot {
                    pool,
                    shares,
                    planck: amount,
                },
                stage: Stage::Backing {
                    paid: of.rewards.per_share,
                },
            })
        })?);
        Self::store(who, staker);
        Self::deposit_event(Event::Backed {
            who: who.clone(),
            validator: validator.clone(),
            amount,
        });
        Ok(())
    }

    pub(crate) fn do_stop_backing(who: &T::AccountId) -> DispatchResult {
        let mut staker = Self::settled(who)?;
        let Some(Exposure {
            lot,
            stage: stage @ Stage::Backing { .. },
        }) = &mut staker.exposure
        else {
            return Err(Error::<T>::NotBacking.into());
        };
        let until = Self::now().saturating_add(T::UnbondingTime::get());
        let validator = Self::with_pool(lot.pool, |pool| {
            pool.take(Part::Backing, lot.shares)
                .defensive_ok_or(DispatchError::Corruption)?;
            lot.shares = pool.put(Part::Cooling, lot.planck).ok_or(BEYOND)?;
            Ok(pool.validator.clone())
        })?;
        *stage = Stage::Cooling { until };
        let amount = lot.planck;
        Self::store(who, staker);
        Self::deposit_event(Event::BackingStopped {
            who: who.clone(),
            validator,
            amount,
            until,
        });
        Ok(())
    }

    pub(crate) fn do_claim(who: &T::AccountId) -> DispatchResult {
        ensure!(T::Screening::admits(who), Error::<T>::NotAdmitted);
        let mut staker = Self::settled(who)?;
        let amount = core::mem::take(&mut staker.earned);
        ensure!(amount > 0, Error::<T>::NothingEarned);
        Owed::<T>::mutate(|owed| *owed = owed.saturating_sub(amount));
        T::Currency::transfer(&T::RewardPot::get(), who, amount, Preservation::Preserve)?;
        Self::store(who, staker);
        Self::deposit_event(Event::Claimed {
            who: who.clone(),
            amount,
        });
        Ok(())
    }

    pub(crate) fn do_settle(who: &T::AccountId) -> DispatchResult {
        let staker = Self::settled(who)?;
        Self::store(who, staker);
        Ok(())
    }
}
