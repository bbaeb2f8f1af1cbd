//! What validators have at stake, and what they have earned: put on hold, freed and paid out.

use crate::{
    Config, Credits, Error, Event, HoldReason, Owed, Pallet, Punished, Record, Records, Status,
};
use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{
        Get,
        fungible::{Mutate, hold::Mutate as MutateHold},
        tokens::{Precision, Preservation},
    },
};
use plume_primitives::Balance;
use sp_runtime::{DispatchError, traits::BlockNumberProvider};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_bond_more(validator: T::AccountId, amount: Balance) -> DispatchResult {
        let bond =
            Records::<T>::try_mutate(&validator, |record| -> Result<Balance, DispatchError> {
                let record = record.as_mut().ok_or(Error::<T>::Unknown)?;
                ensure!(
                    !matches!(record.status, Status::Unbonding { .. }),
                    Error::<T>::Unbonding
                );
                T::Currency::hold(&HoldReason::ValidatorBond.into(), &validator, amount)?;
                record.bond = record.bond.saturating_add(amount);
                Ok(record.bond)
            })?;
        Self::deposit_event(Event::BondIncreased { validator, bond });
        Ok(())
    }

    pub(crate) fn do_withdraw_bond(validator: T::AccountId) -> DispatchResult {
        let record = Records::<T>::get(&validator).ok_or(Error::<T>::Unknown)?;
        let Status::Unbonding { until } = record.status else {
            return Err(Error::<T>::TooEarly.into());
        };
        ensure!(
            T::Time::current_block_number() >= until,
            Error::<T>::TooEarly
        );
        let bond = Self::end(&validator, &record)?;
        Self::deposit_event(Event::BondWithdrawn { validator, bond });
        Ok(())
    }

    /// Frees a bond and forgets its owner. Returns the planck freed.
    pub(crate) fn end(validator: &T::AccountId, record: &Record) -> Result<Balance, DispatchError> {
        let reason = HoldReason::ValidatorBond.into();
        let bond = T::Currency::release(&reason, validator, record.bond, Precision::Exact)?;
        Records::<T>::remove(validator);
        Punished::<T>::remove(validator);
        Ok(bond)
    }

    pub(crate) fn do_claim(validator: T::AccountId) -> DispatchResult {
        let amount = Credits::<T>::take(&validator);
        ensure!(amount > 0, Error::<T>::NothingEarned);
        Owed::<T>::mutate(|owed| *owed = owed.saturating_sub(amount));
        T::Currency::transfer(
            &T::RewardPot::get(),
            &validator,
            amount,
            Preservation::Preserve,
        )?;
        Self::deposit_event(Event::Claimed { validator, amount });
        Ok(())
    }
}
