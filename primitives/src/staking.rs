//! What stake and the validators that it backs tell one another.

use crate::Balance;
use codec::{Decode, DecodeWithMemTracking, Encode, Input, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::Perbill;

/// The part of what a validator earns that goes to those who back it: at most nine tenths, so that running one
/// is paid for. What is beyond cannot be decoded.
#[derive(Clone, Copy, Debug, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct BackersShare(Perbill);

impl BackersShare {
    /// The largest.
    pub const MAX: Self = Self(Perbill::from_percent(90));

    /// This part, or the largest.
    pub const fn at_most_max(part: Perbill) -> Self {
        if part.deconstruct() > Self::MAX.0.deconstruct() {
            Self::MAX
        } else {
            Self(part)
        }
    }

    /// The part.
    pub const fn part(self) -> Perbill {
        self.0
    }
}

impl Decode for BackersShare {
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        let part = Perbill::decode(input)?;
        if part > Self::MAX.0 {
            return Err("the backers' share exceeds nine tenths".into());
        }
        Ok(Self(part))
    }
}

impl DecodeWithMemTracking for BackersShare {}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_beyond_nine_tenths_cannot_be_decoded() {
        for percent in [0, 30, 90] {
            let share = BackersShare::at_most_max(Perbill::from_percent(percent));
            assert_eq!(share.part(), Perbill::from_percent(percent));
            assert_eq!(BackersShare::decode(&mut &share.encode()[..]), Ok(share));
        }
        let more = Perbill::from_parts(900_000_001);
        assert!(BackersShare::decode(&mut &more.encode()[..]).is_err());
        assert_eq!(BackersShare::at_most_max(more), BackersShare::MAX);
    }
}
