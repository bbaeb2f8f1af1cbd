//! What stake and the validators that it backs tell one another.

use crate::Balance;
use sp_runtime::Perbill;

/// Says whom stake may back.
pub trait Backable<AccountId> {
    /// Whether stake may begin to back `validator` now. Stake that backs it already is not asked again.
    fn may_be_backed(validator: &AccountId) -> bool;
}

/// Nobody can be backed.
impl<AccountId> Backable<AccountId> for () {
    fn may_be_backed(_: &AccountId) -> bool {
        false
    }
}

/// Takes what the backers of a validator have earned.
pub trait OnReward<AccountId> {
    /// Takes at most `offered` planck out of `payer`'s account for those who back `validator`, and
    /// answers how much: exactly what the account has less afterwards. Zero, and nothing is moved, when
    /// nobody backs the validator or the money cannot be taken.
    ///
    /// What is not taken stays with the payer.
    fn reward(validator: &AccountId, payer: &AccountId, offered: Balance) -> Balance;
}

impl<AccountId> OnReward<AccountId> for () {
    fn reward(_: &AccountId, _: &AccountId, _: Balance) -> Balance {
        0
    }
}

/// Hears that a validator has lost part of its bond.
pub trait OnSlash<AccountId> {
    /// Takes the same part from all stake that backs `validator`, or did so less than the unbonding time
    /// ago.
    fn slash(validator: &AccountId, fraction: Perbill);
}

impl<AccountId> OnSlash<AccountId> for () {
    fn slash(_: &AccountId, _: Perbill) {}
}
