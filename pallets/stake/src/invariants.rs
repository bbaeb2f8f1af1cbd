//! What is true between any two calls, in the order of the pallet's documentation.

use crate::{
    Config, Exposure, HoldReason, Holding, Locks, NextPool, OpenPool, Owed, Pallet, Pools, Stage,
    Stakers, Sums, Totals,
    pool::{Index, Lot, Part, Pool, PoolId, Shares},
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{
    ensure,
    traits::{
        Get,
        fungible::{Inspect, InspectHold},
        tokens::{Fortitude, Preservation},
    },
};
use plume_primitives::Balance;
use sp_runtime::TryRuntimeError;

/// What a pool's lots add up to.
#[derive(Default)]
struct Found {
    backing: Shares,
    cooling: Shares,
    unstaking: Shares,
    voting_worth: Balance,
    voting_lots: Balance,
    unstaking_worth: Balance,
    unstaking_lots: Balance,
    earned: Balance,
}

impl Found {
    fn note<AccountId>(
        &mut self,
        pool: &Pool<AccountId>,
        lot: &Lot,
        part: Part,
    ) -> Result<(), TryRuntimeError> {
        let worth = pool.index.worth(lot.shares);
        ensure!(
            worth <= lot.planck,
            "1: a lot is worth more than is on hold for it"
        );
        let (shares, sum, lots) = match part {
            Part::Backing => (
                &mut self.backing,
                &mut self.voting_worth,
                &mut self.voting_lots,
            ),
            Part::Cooling => (
                &mut self.cooling,
                &mut self.voting_worth,
                &mut self.voting_lots,
            ),
            Part::Unstaking => (
                &mut self.unstaking,
                &mut self.unstaking_worth,
                &mut self.unstaking_lots,
            ),
        };
        *shares = shares.saturating_add(lot.shares);
        *sum = sum.saturating_add(worth);
        *lots = lots.saturating_add(1);
        Ok(())
    }
}

/// Whether a pool's worth is that of its lots, or more by less than a planck a lot.
fn is_close(worth: Balance, sum: Balance, lots: Balance) -> bool {
    worth
        .checked_sub(sum)
        .is_some_and(|dust| dust == 0 || dust < lots)
}

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the pallet's documentation.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut found: BTreeMap<PoolId, Found> = BTreeMap::new();
        let mut sums = Sums::default();
        let mut owed: Balance = 0;
        let mut note = |lot: &Lot, part: Part, paid| -> Result<(), TryRuntimeError> {
            let pool = Pools::<T>::get(lot.pool).ok_or("3: a lot is of no pool")?;
            let found = found.entry(lot.pool).or_default();
            if let Some(paid) = paid {
                let earned = pool.rewards.earned(lot.shares, paid);
                found.earned = found.earned.saturating_add(earned);
            }
            found.note(&pool, lot, part)
        };

        for (who, staker) in Stakers::<T>::iter() {
            ensure!(
                T::Currency::balance_on_hold(&HoldReason::Stake.into(), &who) == staker.held(),
                "1: what is on hold for an account is not what is recorded of it"
            );
            ensure!(!staker.is_empty(), "2: a record is empty");
            if let Some(exposure) = &staker.exposure {
                let paid = match exposure {
                    Exposure {
                        stage: Stage::Backing { paid },
                        ..
                    } => Some(*paid),
                    _ => None,
                };
                ensure!(
                    paid.is_none() || staker.idle == 0,
                    "2: an account that backs has idle stake"
                );
                note(&exposure.lot, exposure.part(), paid)?;
            }
            for entry in &staker.unstaking {
                match &entry.holding {
                    Holding::Idle(planck) => {
                        sums.unstaking = sums.unstaking.saturating_add(*planck)
                    }
                    Holding::Exposed(lot) => note(lot, Part::Unstaking, None)?,
                }
            }
            sums.voting = sums.voting.saturating_add(staker.idle);
            sums.held = sums.held.saturating_add(staker.held());
            owed = owed.saturating_add(staker.earned);
        }

        for (id, pool) in Pools::<T>::iter() {
            let found = found.remove(&id).ok_or("3: a pool is empty")?;
            ensure!(
                (pool.backing, pool.cooling, pool.unstaking)
                    == (found.backing, found.cooling, found.unstaking),
                "3: a pool's shares are not those of its lots"
            );
            let worth = pool.worth();
            ensure!(
                is_close(worth.voting, found.voting_worth, found.voting_lots)
                    && is_close(worth.unstaking, found.unstaking_worth, found.unstaking_lots),
                "3: a pool's worth is not that of its lots"
            );
            let is_open = OpenPool::<T>::get(&pool.validator) == Some(id);
            ensure!(
                is_open != (pool.index == Index::ZERO),
                "3: a pool is neither open nor worth nothing"
            );
            ensure!(id < NextPool::<T>::get(), "3: a pool's number is free");
            ensure!(
                found.earned <= pool.rewards.unpaid,
                "4: a pool does not cover what its backers have earned"
            );
            sums.follow(Default::default(), worth);
            owed = owed.saturating_add(pool.rewards.unpaid);
        }
        for (validator, id) in OpenPool::<T>::iter() {
            ensure!(
                Pools::<T>::get(id).is_some_and(|pool| pool.validator == validator),
                "3: a validator's open pool is another's"
            );
        }

        ensure!(
            owed == Owed::<T>::get(),
            "4: what is owed is not what accounts and pools have earned"
        );
        let can_pay = T::Currency::reducible_balance(
            &T::RewardPot::get(),
            Preservation::Preserve,
            Fortitude::Polite,
        );
        ensure!(can_pay >= owed, "4: the pot does not cover what is owed");
        ensure!(
            sums == Totals::<T>::get(),
            "5: the totals are not the sums over accounts and pools"
        );
        for (_, locks) in Locks::<T>::iter() {
            let ids: BTreeSet<_> = locks.iter().map(|lock| lock.id).collect();
            ensure!(
                !locks.is_empty()
                    && ids.len() == locks.len()
                    && locks.iter().all(|lock| lock.amount > 0),
                "6: a lock is zero or twice there"
            );
        }
        Ok(())
    }
}
