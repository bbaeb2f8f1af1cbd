//! PLUME and other assets on hold, through one set of functions.

use crate::{Config, HoldReason};
use frame_support::traits::{
    Get,
    fungible::{Inspect, MutateHold},
    tokens::{Fortitude, Precision, Preservation, Restriction},
};
use plume_primitives::{
    Balance,
    compliance::{Asset, Custody},
};
use sp_runtime::{DispatchError, DispatchResult};

/// All that an account has, on hold or not.
pub(crate) fn balance<T: Config>(asset: Asset, who: &T::AccountId) -> Balance {
    match asset {
        Asset::Native => T::Currency::total_balance(who),
        Asset::Other(id) => T::OtherAssets::balance(id, who),
    }
}

/// What is on hold for reviews.
#[cfg(any(feature = "try-runtime", test))]
pub(crate) fn held<T: Config>(asset: Asset, who: &T::AccountId) -> Balance {
    use frame_support::traits::fungible::InspectHold;
    match asset {
        Asset::Native => T::Currency::balance_on_hold(&HoldReason::ComplianceReview.into(), who),
        Asset::Other(id) => T::OtherAssets::held(id, who),
    }
}

/// Puts as much of `amount` on hold as can be, and says how much.
pub(crate) fn hold<T: Config>(asset: Asset, who: &T::AccountId, amount: Balance) -> Balance {
    match asset {
        Asset::Native => {
            let can_be = T::Currency::reducible_balance(
                who,
                Preservation::Protect,
                Fortitude::Force, // what is frozen for a vote can be held besides
            );
            let amount = amount.min(can_be);
            if amount == 0 {
                return 0;
            }
            let reason = HoldReason::ComplianceReview.into();
            match T::Currency::hold(&reason, who, amount) {
                Ok(()) => amount,
                Err(_) => 0,
            }
        }
        Asset::Other(id) => T::OtherAssets::hold(id, who, amount),
    }
}

/// Ends a hold: the account has it at its disposal.
pub(crate) fn release<T: Config>(
    asset: Asset,
    who: &T::AccountId,
    amount: Balance,
) -> DispatchResult {
    match asset {
        Asset::Native => {
            let reason = HoldReason::ComplianceReview.into();
            T::Currency::release(&reason, who, amount, Precision::BestEffort).map(|_| ())
        }
        Asset::Other(id) => T::OtherAssets::release(id, who, amount),
    }
}

/// Ends a hold: `to` gets it, or where that account cannot take so little, the account for such cases.
pub(crate) fn send<T: Config>(
    asset: Asset,
    who: &T::AccountId,
    to: &T::AccountId,
    amount: Balance,
) -> Result<T::AccountId, DispatchError> {
    if send_to::<T>(asset, who, to, amount).is_ok() {
        return Ok(to.clone());
    }
    let substitute = T::Unreturnable::get();
    send_to::<T>(asset, who, &substitute, amount)?;
    Ok(substitute)
}

fn send_to<T: Config>(
    asset: Asset,
    who: &T::AccountId,
    to: &T::AccountId,
    amount: Balance,
) -> DispatchResult {
    match asset {
        Asset::Native => T::Currency::transfer_on_hold(
            &HoldReason::ComplianceReview.into(),
            who,
            to,
            amount,
            Precision::BestEffort,
            Restriction::Free,
            Fortitude::Force,
        )
        .map(|_| ()),
        Asset::Other(id) => T::OtherAssets::send(id, who, to, amount),
    }
}
