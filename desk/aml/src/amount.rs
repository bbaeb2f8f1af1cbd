//! Money as an exact decimal.

use core::fmt;
use serde::{Deserialize, Serialize};

/// Decimal places that an [`Amount`] keeps.
pub const DECIMALS: u32 = 8;

const UNIT: u128 = 10u128.pow(DECIMALS);

/// An amount of some currency in units of 10⁻⁸.
///
/// Exact, because a reader that rounds moves amounts over thresholds. The currency stands beside it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Amount(pub u128);

/// Why a text is no [`Amount`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Something other than digits, one point and an exponent.
    #[error("not a decimal number; write it like 1234.56")]
    NotANumber,
    /// A minus sign.
    #[error("negative; a transfer the other way round has its accounts swapped")]
    Negative,
    /// Digits beyond 10⁻⁸ that are not zero.
    #[error("finer than 10^-8, which nothing here can hold")]
    TooFine,
    /// Beyond what 128 bits hold.
    #[error("larger than any amount of money")]
    TooLarge,
}

impl Amount {
    /// A whole number of the currency's units; the largest amount when that does not fit.
    pub const fn whole(units: u64) -> Self {
        Self((units as u128).saturating_mul(UNIT))
    }

    /// Hundredths of the currency's unit.
    pub const fn cents(cents: u64) -> Self {
        Self((cents as u128).saturating_mul(UNIT / 100))
    }

    /// Reads `1234.5`, and `1.2345E3`, which programs in Java write for large sums.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        if text.starts_with('-') {
            return Err(AmountError::Negative);
        }
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                let exponent: i32 = exponent.parse().map_err(|_| AmountError::NotANumber)?;
                (mantissa, exponent)
            }
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(AmountError::NotANumber);
        }
        // The place of the next digit: 10^place units of 10^-8. Digits are read from the left.
        let mut place = i64::try_from(whole.len())
            .map_err(|_| AmountError::TooLarge)?
            .saturating_add(i64::from(exponent))
            .saturating_add(i64::from(DECIMALS));
        let mut total = 0u128;
        for digit in whole.bytes().chain(fraction.bytes()) {
            if !digit.is_ascii_digit() {
                return Err(AmountError::NotANumber);
            }
            place = place.saturating_sub(1);
            let digit = u128::from(digit - b'0');
            if digit == 0 {
                continue;
            }
            let place = u32::try_from(place).map_err(|_| AmountError::TooFine)?;
            total = 10u128
                .checked_pow(place)
                .and_then(|unit| unit.checked_mul(digit))
                .and_then(|value| total.checked_add(value))
                .ok_or(AmountError::TooLarge)?;
        }
        Ok(Self(total))
    }

    /// The nearest `f64`, for statistics.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / UNIT as f64
    }
}

/// Two decimal places at least, all eight at most.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / UNIT, self.0 % UNIT);
        let fraction = format!("{fraction:08}");
        let (always, rest) = fraction.split_at(2);
        write!(f, "{whole}.{always}{}", rest.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimals_and_exponents_are_read_exactly() {
        assert_eq!(Amount::parse("103.55"), Ok(Amount::cents(10_355)));
        assert_eq!(Amount::parse("1.0E7"), Ok(Amount::whole(10_000_000)));
        assert_eq!(Amount::parse("2.5e-3"), Ok(Amount(250_000)));
        assert_eq!(Amount::parse(".5"), Ok(Amount::cents(50)));
        assert_eq!(Amount::parse("7."), Ok(Amount::whole(7)));
        assert_eq!(Amount::parse("0.010000000000"), Ok(Amount::cents(1)));
    }

    #[test]
    fn what_is_no_amount_is_refused_with_its_reason() {
        for text in [
            "", ".", "1,000", "1.2.3", " 1", "0x1", "1e", "e5", "NaN", "١",
        ] {
            assert_eq!(Amount::parse(text), Err(AmountError::NotANumber), "{text}");
        }
        assert_eq!(Amount::parse("-1"), Err(AmountError::Negative));
        assert_eq!(Amount::parse("0.000000001"), Err(AmountError::TooFine));
        assert_eq!(Amount::parse("1e40"), Err(AmountError::TooLarge));
        assert_eq!(Amount::parse("1e2147483647"), Err(AmountError::TooLarge));
        assert_eq!(Amount::parse("1e-2147483648"), Err(AmountError::TooFine));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(units: u128) {
            let amount = Amount(units);
            prop_assert_eq!(Amount::parse(&amount.to_string()), Ok(amount));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,60}", number in "[-+0-9.eE]{0,60}") {
            let _ = Amount::parse(&text);
            let _ = Amount::parse(&number);
        }
    }
}
