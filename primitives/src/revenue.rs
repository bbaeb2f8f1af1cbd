//! What transactions paid, for those who share in it.

use crate::Balance;
use frame_support::weights::Weight;

/// Hears what each transaction paid.
pub trait OnFeePaid<AccountId> {
    /// `payer` has paid `base_fee` planck, the tip not counted, for a transaction.
    ///
    /// Returns the weight of what was done about it. Finding out that nothing is to be done weighs nothing
    /// here: every transaction pays for that, as part of what the fee extension weighs.
    fn on_fee_paid(payer: &AccountId, base_fee: Balance) -> Weight;
}

impl<AccountId> OnFeePaid<AccountId> for () {
    fn on_fee_paid(_: &AccountId, _: Balance) -> Weight {
        Weight::zero()
    }
}
