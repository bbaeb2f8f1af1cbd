//! Who gets what of a fee: pure arithmetic, storage nowhere near.

use codec::{Decode, DecodeWithMemTracking, Encode, Input, MaxEncodedLen};
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
///
/// Shares that do not pass [`Shares::validate`] do not decode: no call can carry them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
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
    /// More than the whole base fee would be burned, or author and treasury together would get more than
    /// there is.
    MoreThanAll,
}

impl SharesError {
    /// What to do about it.
    pub const fn message(&self) -> &'static str {
        match self {
            Self::BurnTooSmall => "less than half of the base fee would be burned; raise `burn`",
            Self::AuthorTooSmall => {
                "the author would get less than a tenth of the rest; raise `author`"
            }
            Self::MoreThanAll => "the shares exceed the whole; lower one of them",
        }
    }
}

impl Decode for Shares {
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        let shares = Self {
            burn: Perbill::decode(input)?,
            author: Perbill::decode(input)?,
            treasury: Perbill::decode(input)?,
        };
        match shares.validate() {
            Ok(()) => Ok(shares),
            Err(error) => Err(error.message().into()),
        }
    }
}

impl DecodeWithMemTracking for Shares {}

impl Shares {
    /// Checks the bounds that no vote can move.
    pub fn validate(&self) -> Result<(), SharesError> {
        if self.burn < MIN_BURN {
            return Err(SharesError::BurnTooSmall);
        }
        // A part that was decoded can exceed the whole.
        if self.burn > Perbill::one() {
            return Err(SharesError::MoreThanAll);
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

    #[test]
    fn what_is_out_of_bounds_does_not_decode() {
        let decode = |parts: [u32; 3]| Shares::decode(&mut &parts.encode()[..]);
        let good = Shares::default();
        assert_eq!(decode([500_000_000, 600_000_000, 200_000_000]), Ok(good));
        for parts in [
            [499_999_999, 600_000_000, 200_000_000],
            [1_000_000_001, 600_000_000, 200_000_000],
            [500_000_000, 99_999_999, 200_000_000],
            [500_000_000, 600_000_000, 400_000_001],
            [500_000_000, u32::MAX, 200_000_000],
        ] {
            assert!(decode(parts).is_err(), "{parts:?}");
        }
    }

    proptest! {
        #[test]
        fn what_decodes_is_valid(burn: u32, author: u32, treasury: u32) {
            let bytes = [burn, author, treasury].encode();
            if let Ok(shares) = Shares::decode(&mut &bytes[..]) {
                prop_assert_eq!(shares.validate(), Ok(()));
            }
        }

        #[test]
        fn valid_shares_survive_the_codec(shares in valid_shares()) {
            prop_assert_eq!(Shares::decode(&mut &shares.encode()[..]), Ok(shares));
        }
    }
}
