//! Pays what was spent from the treasury.

use crate::{AccountId, Balance, Balances};
use frame_support::traits::{
    fungible::Mutate,
    tokens::{Pay, PaymentStatus, Preservation},
};
use plume_primitives::pots;
use sp_runtime::DispatchError;

/// Pays in PLUME from the treasury's account, and never so much that the account ends: what others cannot
/// keep goes there, and would be lost.
pub struct FromTreasury;

impl Pay for FromTreasury {
    type Balance = Balance;
    type Beneficiary = AccountId;
    type AssetKind = ();
    type Id = ();
    type Error = DispatchError;

    fn pay(who: &AccountId, (): (), amount: Balance) -> Result<(), DispatchError> {
        Balances::transfer(&pots::treasury(), who, amount, Preservation::Preserve).map(|_| ())
    }

    fn check_payment((): ()) -> PaymentStatus {
        PaymentStatus::Success
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn ensure_successful(who: &AccountId, (): (), amount: Balance) {
        use plume_primitives::units::EXISTENTIAL_DEPOSIT;
        for (account, amount) in [(&pots::treasury(), amount), (who, EXISTENTIAL_DEPOSIT)] {
            assert!(Balances::mint_into(account, amount).is_ok());
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn ensure_concluded((): ()) {}
}
