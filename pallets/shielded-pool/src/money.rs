//! What comes into the pool's account and leaves it.

use crate::{
    Amount, Config, CreditOf, Error, HoldReason, PLUME_UNIT, Turnstile, Turnstiles, Units,
};
use frame_support::{
    ensure,
    traits::{
        Get,
        fungible::{
            Inspect as _,
            hold::{Balanced as _, Inspect as _, Mutate as _},
        },
        fungibles,
        tokens::{
            DepositConsequence, Fortitude, Precision, Preservation, Provenance, Restriction,
            WithdrawConsequence,
        },
    },
};
use plume_primitives::{Balance, compliance::Asset};
use sp_runtime::DispatchError;

/// Keeps the pool's account alive whatever it has: value on hold alone does not.
pub(crate) fn open<T: Config>() {
    let pool = T::PoolAccount::get();
    if frame_system::Pallet::<T>::providers(&pool) == 0 {
        frame_system::Pallet::<T>::inc_providers(&pool);
    }
}

/// The reason for which PLUME is held.
pub(crate) fn reason<T: Config>() -> T::RuntimeHoldReason {
    HoldReason::Shielded.into()
}

/// How many of an asset's smallest units are one in the pool; none for an asset that is not registered.
pub(crate) fn unit<T: Config>(asset: Asset) -> Option<Balance> {
    match asset {
        Asset::Native => Some(PLUME_UNIT),
        Asset::Other(id) => Units::<T>::get(id),
    }
}

/// An amount in the asset's smallest units.
pub(crate) fn in_smallest<T: Config>(amount: Amount) -> Result<Balance, Error<T>> {
    let unit = unit::<T>(amount.asset).ok_or(Error::<T>::UnknownAsset)?;
    Balance::from(amount.value)
        .checked_mul(unit)
        .ok_or(Error::<T>::BadAmount)
}

/// Takes an amount from an account.
pub(crate) fn take_in<T: Config>(who: &T::AccountId, amount: Amount) -> Result<(), DispatchError> {
    let smallest = in_smallest::<T>(amount)?;
    let pool = T::PoolAccount::get();
    match amount.asset {
        Asset::Native => {
            open::<T>();
            T::Currency::transfer_and_hold(
                &reason::<T>(),
                who,
                &pool,
                smallest,
                Precision::Exact,
                Preservation::Expendable,
                Fortitude::Polite,
            )?;
        }
        Asset::Other(id) => {
            use fungibles::Inspect;
            // What an account keeps below the minimum balance would be lost to everybody.
            let can = T::OtherAssets::can_withdraw(id, who, smallest);
            ensure!(
                matches!(
                    can,
                    WithdrawConsequence::Success | WithdrawConsequence::ReducedToZero(0)
                ),
                Error::<T>::CannotDeposit
            );
            let taken = <T::OtherAssets as fungibles::Mutate<T::AccountId>>::transfer(
                id,
                who,
                &pool,
                smallest,
                Preservation::Expendable,
            )?;
            ensure!(taken == smallest, Error::<T>::Inconsistent);
        }
    }
    Turnstiles::<T>::try_mutate(amount.asset, |turnstile| {
        turnstile.entered = turnstile
            .entered
            .checked_add(amount.value.into())
            .ok_or(Error::<T>::BadAmount)?;
        Ok(())
    })
}

/// Whether so many units can leave.
pub(crate) fn ensure_inside<T: Config>(asset: Asset, units: u128) -> Result<(), Error<T>> {
    let turnstile: Turnstile = Turnstiles::<T>::get(asset);
    ensure!(units <= turnstile.inside(), Error::<T>::TurnstileExceeded);
    Ok(())
}

/// Whether an amount that is inside can be paid to an account now.
pub(crate) fn ensure_can_pay<T: Config>(to: &T::AccountId, amount: Amount) -> Result<(), Error<T>> {
    let pool = T::PoolAccount::get();
    ensure!(*to != pool, Error::<T>::CannotPay);
    let smallest = in_smallest::<T>(amount)?;
    let can = match amount.asset {
        Asset::Native => {
            T::Currency::balance_on_hold(&reason::<T>(), &pool) >= smallest
                && T::Currency::can_deposit(to, smallest, Provenance::Extant)
                    == DepositConsequence::Success
        }
        Asset::Other(id) => {
            use fungibles::Inspect;
            T::OtherAssets::can_withdraw(id, &pool, smallest)
                .into_result(true)
                .is_ok()
                && T::OtherAssets::can_deposit(id, to, smallest, Provenance::Extant)
                    == DepositConsequence::Success
        }
    };
    ensure!(can, Error::<T>::CannotPay);
    Ok(())
}

fn let_out<T: Config>(asset: Asset, units: u128) -> Result<(), Error<T>> {
    ensure_inside::<T>(asset, units)?;
    Turnstiles::<T>::mutate(asset, |turnstile| {
        turnstile.left = turnstile.left.saturating_add(units);
    });
    Ok(())
}

/// Pays an amount to an account.
pub(crate) fn pay_out<T: Config>(to: &T::AccountId, amount: Amount) -> Result<(), DispatchError> {
    let smallest = in_smallest::<T>(amount)?;
    let_out::<T>(amount.asset, amount.value.into())?;
    let pool = T::PoolAccount::get();
    let paid = match amount.asset {
        Asset::Native => T::Currency::transfer_on_hold(
            &reason::<T>(),
            &pool,
            to,
            smallest,
            Precision::Exact,
            Restriction::Free,
            Fortitude::Polite,
        )?,
        Asset::Other(id) => <T::OtherAssets as fungibles::Mutate<T::AccountId>>::transfer(
            id,
            &pool,
            to,
            smallest,
            Preservation::Preserve,
        )?,
    };
    ensure!(paid == smallest, Error::<T>::Inconsistent);
    Ok(())
}

/// Takes a fee of so many units out of the pool.
pub(crate) fn take_fee<T: Config>(units: u128) -> Result<CreditOf<T>, DispatchError> {
    let_out::<T>(Asset::Native, units)?;
    let planck = fee_in_planck(units);
    let (credit, missing) = T::Currency::slash(&reason::<T>(), &T::PoolAccount::get(), planck);
    ensure!(missing == 0, Error::<T>::Inconsistent);
    Ok(credit)
}

/// A fee in planck. At most 33 times 2⁶⁴ units, far below what a balance can be.
pub(crate) fn fee_in_planck(units: u128) -> Balance {
    units.saturating_mul(PLUME_UNIT)
}
