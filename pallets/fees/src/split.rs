//! Who gets what of a fee: pure arithmetic, storage nowhere near.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_primitives::Balance;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::Perbill;

/// The part of every base fee that is burned at the very least.
pub const MIN_BURN: Perbill = Perbill::from_percent(50);
/// The author's part of the rest is at least this: who seals has to have a reason to.
pub const MIN_AUTHOR: Perbill = Perbill::from_percent(10);

/// How fees are divided. `burn` is a part of the base fee; `author` and `treasury` are parts of what
/// the burn leaves together with the tip, and the revenue-share pot gets what those two leave.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Shares {
    /// Part of the base fee that is burned; at least [`MIN_BURN`].
    pub burn: Perbill,
    /// The block author's part of the rest; at least [`MIN_AUTHOR`].
    pub author: Perbill,
    /// The treasury's part of the rest.
    pub treasury: Perbill,
}

impl Default for Shares {
    /// Half burned; of the rest 60% to the author, 20% to the treasury, 20% to the revenue share.
    fn default() -> Self {
        Self {
            burn: MIN_BURN,
            author: Perbill::from_percent(60),
            treasury: Perbill::from_percent(20),
        }
    }
}

/// Why shares are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharesError {
    /// Less than [`MIN_BURN`] would be burned.
    BurnTooSmall,
    /// The author would get less than [`MIN_AUTHOR`] of the rest.
    AuthorTooSmall,
    /// Author and treasury together would get more than there is.
    MoreThanAll,
}

impl Shares {
    /// Checks the bounds that no vote can move.
    pub fn validate(&self) -> Result<(), SharesError> {
        if self.burn < MIN_BURN {
            return Err(SharesError::BurnTooSmall);
        }
        if self.author < MIN_AUTHOR {
            return Err(SharesError::AuthorTooSmall);
        }
        let sum =
            u64::from(self.author.deconstruct()).saturating_add(self.treasury.deconstruct().into());
        if sum > u64::from(Perbill::one().deconstruct()) {
            return Err(SharesError::MoreThanAll);
        }
        Ok(())
    }

    /// The part of one transaction's base fee that is burned, in planck. Rounds up, so that an odd
    /// planck never leaves the burn below its share.
    pub fn burned(&self, base_fee: Balance) -> Balance {
        self.burn.mul_ceil(base_fee)
    }

    /// Divides what a block's burn left, tips included. Nothing is lost: the parts add up to `rest`.
    pub fn divide(&self, rest: Balance) -> Division {
        let author = self.author.mul_floor(rest);
        let treasury = self.treasury.mul_floor(rest);
        let revenue_share = rest.saturating_sub(author).saturating_sub(treasury);
        Division {
            author,
            treasury,
            revenue_share,
        }
    }
}

/// A block's fees after the burn, divided; all in planck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Division {
    /// To the account of the block's author.
    pub author: Balance,
    /// To the treasury.
    pub treasury: Balance,
    /// To the revenue-share pot; takes the rounding.
    pub revenue_share: Balance,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn valid_shares() -> impl Strategy<Value = Shares> {
        (
            500_000_000u32..=1_000_000_000,
            100_000_000u32..=1_000_000_000,
            0u32..=1_000_000_000,
        )
            .prop_map(|(burn, author, treasury)| Shares {
                burn: Perbill::from_parts(burn),
                author: Perbill::from_parts(author),
                treasury: Perbill::from_parts(treasury.min(1_000_000_000 - author)),
            })
    }

    proptest! {
        #[test]
        fn the_parts_of_a_division_add_up(shares in valid_shares(), rest in any::<Balance>()) {
            prop_assert!(shares.validate().is_ok());
            let d = shares.divide(rest);
            prop_assert_eq!(d.author + d.treasury + d.revenue_share, rest);
        }

        #[test]
        fn at_least_half_is_burned_and_never_more_than_all(shares in valid_shares(), fee in any::<Balance>()) {
            let burned = shares.burned(fee);
            prop_assert!(burned >= fee / 2 + fee % 2);
            prop_assert!(burned <= fee);
        }
    }

    #[test]
    fn shares_outside_their_bounds_are_refused() {
        let good = Shares::default();
        assert_eq!(good.validate(), Ok(()));
        let burn = Perbill::from_parts(499_999_999);
        assert_eq!(
            Shares { burn, ..good }.validate(),
            Err(SharesError::BurnTooSmall)
        );
        let author = Perbill::from_percent(9);
        assert_eq!(
            Shares { author, ..good }.validate(),
            Err(SharesError::AuthorTooSmall)
        );
        let treasury = Perbill::from_percent(41);
        assert_eq!(
            Shares { treasury, ..good }.validate(),
            Err(SharesError::MoreThanAll)
        );
    }
}
