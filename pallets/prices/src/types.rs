//! Prices, what sources state, and what is answered.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_primitives::{Balance, Seconds, compliance::RefValue};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{Rounding, helpers_128bit::multiply_by_rational_with_rounding};

/// How many smallest units a [`Price`] is for: 10²⁷.
///
/// With 18 decimals, a price then tells a hundredth of the reference currency from a thousand millionth of it; and
/// an asset without decimals can cost a hundred million a piece.
pub const PRICED_UNITS: u128 = 1_000_000_000_000_000_000_000_000_000;

/// Hundredths of the reference currency that 10²⁷ of an asset's smallest units cost.
///
/// A smallest unit costs far less than a hundredth when an asset has 18 decimals, and far more when it has none, so
/// a price is for many of them.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct Price(pub u128);

impl Price {
    /// The lowest that can be stated.
    pub const MIN: Self = Self(1);

    /// The highest that can be stated: a smallest unit that costs a hundred million. What is above it has its
    /// decimals wrong.
    pub const MAX: Self = Self(10_000_000_000 * PRICED_UNITS);

    /// The price at which `amount`, in the asset's smallest unit, is worth `value`; a fraction is rounded up. None
    /// when it cannot be stated.
    ///
    /// ```
    /// use pallet_prices::Price;
    /// use plume_primitives::units::PLUME;
    /// // PLUME at 1.37:
    /// assert_eq!(Price::of(137, PLUME), Some(Price(137_000_000_000)));
    /// // PLUME at 0.00137:
    /// assert_eq!(Price::of(137, 1_000 * PLUME), Some(Price(137_000_000)));
    /// ```
    pub fn of(value: RefValue, amount: Balance) -> Option<Self> {
        multiply_by_rational_with_rounding(value.into(), PRICED_UNITS, amount, Rounding::Up)
            .map(Self)
            .filter(|price| price.can_be_stated())
    }

    /// Whether it is neither zero nor absurd.
    pub fn can_be_stated(self) -> bool {
        (Self::MIN..=Self::MAX).contains(&self)
    }

    /// What `amount`, in the asset's smallest unit, is worth; at the most [`RefValue::MAX`].
    ///
    /// A fraction is rounded up: whoever splits a payment into dust does not make it worthless.
    pub fn value_of(self, amount: Balance) -> RefValue {
        multiply_by_rational_with_rounding(amount, self.0, PRICED_UNITS, Rounding::Up)
            .and_then(|value| value.try_into().ok())
            .unwrap_or(RefValue::MAX)
    }
}

/// What a source said last of an asset.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Statement<AccountId> {
    /// Who said it.
    pub source: AccountId,
    /// What it said.
    pub price: Price,
    /// When it was said here, in seconds since the first block.
    pub at: Seconds,
}

/// The price that counts for an asset.
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
)]
pub struct Answer {
    /// The median of what sources said.
    pub price: Price,
    /// Since when more than half of the sources had spoken, in seconds since the first block; or
    /// [`FOR_EVER`](crate::FOR_EVER).
    pub at: Seconds,
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_primitives::units::{PLANCK, PLUME, TOTAL_SUPPLY};
    use proptest::prelude::*;

    #[test]
    fn a_price_tells_what_all_and_what_the_least_is_worth() {
        let price = Price::of(137, PLUME).expect("it can be stated");
        assert_eq!(price.value_of(0), 0);
        assert_eq!(price.value_of(PLUME), 137);
        assert_eq!(price.value_of(TOTAL_SUPPLY), 1_370_000_000_000);
        assert_eq!(price.value_of(PLANCK), 1);
        assert_eq!(price.value_of(Balance::MAX), RefValue::MAX);
    }

    #[test]
    fn an_asset_without_decimals_can_be_dear() {
        let price = Price::of(10_000_000_000, 1).expect("it can be stated");
        assert_eq!(price, Price::MAX);
        assert_eq!(price.value_of(3), 30_000_000_000);
        assert_eq!(Price::of(10_000_000_001, 1), None);
    }

    #[test]
    fn what_is_worth_nothing_or_is_nothing_has_no_price() {
        assert_eq!(Price::of(0, PLUME), None);
        assert_eq!(Price::of(1, 0), None);
        assert_eq!(
            Price::of(1, Balance::MAX),
            Some(Price::MIN),
            "rounded up, it is the lowest price"
        );
        assert!(!Price(0).can_be_stated());
        assert!(!Price(Price::MAX.0 + 1).can_be_stated());
    }

    proptest! {
        #[test]
        fn a_price_gives_back_the_value_that_it_was_made_of(
            value in 1..=1_000_000_000_000u64,
            decimals in 0..=24u32,
        ) {
            let whole = 10u128.pow(decimals);
            if let Some(price) = Price::of(value, whole) {
                prop_assert_eq!(price.value_of(whole), value);
            }
        }

        #[test]
        fn parts_are_never_worth_less_than_the_whole(
            price in 1..=Price::MAX.0,
            parts in proptest::collection::vec(0..=Balance::MAX / 16, 0..16),
        ) {
            let price = Price(price);
            let whole = price.value_of(parts.iter().sum());
            let sum: u128 = parts.iter().map(|part| u128::from(price.value_of(*part))).sum();
            prop_assert!(sum >= whole.into());
        }
    }
}
