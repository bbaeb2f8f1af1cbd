//! Tells what a transaction paid to whoever wants to hear it, without a transaction extension.
//!
//! [`AttributedFees`] stands around the runtime's `OnChargeTransaction`. Charging is the inner one's; once
//! a fee is corrected and deposited, the hook hears of the payer and of the fee without its tip. So nothing
//! is added to a transaction, and no wallet has to know.
//!
//! # What it weighs
//!
//! The fee extension has one weight for all payers, and neither a caller nor this trait can refund part of
//! it. So the weight is parted where the work is:
//!
//! - What everybody causes (one read, which tells that a payer belongs to no institution) is in the fee
//!   extension's weight: `pallet_transaction_payment`'s benchmark charges through this type, with a payer
//!   that is nobody's. Everybody pays for it.
//! - What only attributed payers cause is the weight that the hook returns. It is added to the block's
//!   weight in the transaction's class right after the transaction. The next transaction finds that much less
//!   room, so a block exceeds its limit by one attribution at most; and the fee follows the demand. The
//!   payer is not charged for it: its fee is what is being attributed.
//!
//! Charging everybody for an attribution would make each transfer a tenth dearer for a write that it does
//! not cause.

use core::marker::PhantomData;
use frame_support::{dispatch::DispatchInfo, unsigned::TransactionValidityError, weights::Weight};
use pallet_transaction_payment::{Config, OnChargeTransaction, TxCreditHold};
use plume_primitives::{Balance, revenue::OnFeePaid};
use sp_runtime::traits::{DispatchInfoOf, Dispatchable, PostDispatchInfoOf};

/// Charges as `Inner` does, and tells `Hook` what was paid.
pub struct AttributedFees<Inner, Hook>(PhantomData<(Inner, Hook)>);

impl<T, Inner, Hook> TxCreditHold<T> for AttributedFees<Inner, Hook>
where
    T: Config,
    Inner: TxCreditHold<T>,
{
    type Credit = Inner::Credit;
}

impl<T, Inner, Hook> OnChargeTransaction<T> for AttributedFees<Inner, Hook>
where
    T: Config,
    T::RuntimeCall: Dispatchable<Info = DispatchInfo>,
    Inner: OnChargeTransaction<T, Balance = Balance>,
    Hook: OnFeePaid<T::AccountId>,
{
    type Balance = Balance;
    type LiquidityInfo = Inner::LiquidityInfo;

    fn withdraw_fee(
        who: &T::AccountId,
        call: &T::RuntimeCall,
        info: &DispatchInfoOf<T::RuntimeCall>,
        fee_with_tip: Balance,
        tip: Balance,
    ) -> Result<Self::LiquidityInfo, TransactionValidityError> {
        Inner::withdraw_fee(who, call, info, fee_with_tip, tip)
    }

    fn can_withdraw_fee(
        who: &T::AccountId,
        call: &T::RuntimeCall,
        info: &DispatchInfoOf<T::RuntimeCall>,
        fee_with_tip: Balance,
        tip: Balance,
    ) -> Result<(), TransactionValidityError> {
        Inner::can_withdraw_fee(who, call, info, fee_with_tip, tip)
    }

    fn correct_and_deposit_fee(
        who: &T::AccountId,
        info: &DispatchInfoOf<T::RuntimeCall>,
        post_info: &PostDispatchInfoOf<T::RuntimeCall>,
        corrected_fee_with_tip: Balance,
        tip: Balance,
        liquidity_info: Self::LiquidityInfo,
    ) -> Result<(), TransactionValidityError> {
        Inner::correct_and_deposit_fee(
            who,
            info,
            post_info,
            corrected_fee_with_tip,
            tip,
            liquidity_info,
        )?;
        let weight = Hook::on_fee_paid(who, corrected_fee_with_tip.saturating_sub(tip));
        if weight != Weight::zero() {
            frame_system::Pallet::<T>::register_extra_weight_unchecked(weight, info.class);
        }
        Ok(())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow_account(who: &T::AccountId, amount: Balance) {
        Inner::endow_account(who, amount);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn minimum_balance() -> Balance {
        Inner::minimum_balance()
    }
}
