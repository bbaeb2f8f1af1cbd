//! PLUME amounts as people write them, to and from planck. Exact: there is no floating point anywhere.

/// Decimal places between one planck and one PLUME.
pub const DECIMALS: usize = 18;
/// One PLUME, in planck.
pub const PLANCK_PER_PLUME: u128 = 1_000_000_000_000_000_000;
/// Every planck that ever exists; the genesis issuance.
pub const GENESIS_SUPPLY_PLANCK: u128 = 10_000_000_000 * PLANCK_PER_PLUME;

/// Why a text is not an amount of PLUME.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// There is nothing to read.
    #[error("the amount is empty")]
    Empty,
    /// It starts with a minus sign.
    #[error("the amount `{0}` is negative")]
    Negative(String),
    /// More than 18 digits after the point: it cannot be exact.
    #[error(
        "the amount `{0}` has more than 18 decimal places, and one planck is the smallest there is"
    )]
    TooManyDecimals(String),
    /// More than `u128` planck.
    #[error("the amount `{0}` is larger than any account can hold")]
    TooLarge(String),
    /// A sign, a comma, an exponent, a blank or a missing digit.
    #[error("the amount `{0}` is not a plain decimal number")]
    NotDecimal(String),
}

/// Reads a decimal number of PLUME as planck: digits, and optionally a point and up to 18 more digits.
///
/// ```
/// use plume_sdk::amount::{self, AmountError};
/// assert_eq!(amount::parse("12.5"), Ok(12_500_000_000_000_000_000));
/// assert_eq!(amount::parse("0.000000000000000001"), Ok(1));
/// assert!(matches!(amount::parse("1e3"), Err(AmountError::NotDecimal(_))));
/// ```
pub fn parse(text: &str) -> Result<u128, AmountError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AmountError::Empty);
    }
    if text.starts_with('-') {
        return Err(AmountError::Negative(text.to_owned()));
    }
    let not_decimal = || AmountError::NotDecimal(text.to_owned());
    let too_large = || AmountError::TooLarge(text.to_owned());
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(whole) || !fraction.is_none_or(is_digits) {
        return Err(not_decimal());
    }
    let fraction = fraction.unwrap_or("");
    if fraction.len() > DECIMALS {
        return Err(AmountError::TooManyDecimals(text.to_owned()));
    }
    let whole_planck = whole
        .parse::<u128>()
        .ok()
        .and_then(|plume| plume.checked_mul(PLANCK_PER_PLUME))
        .ok_or_else(too_large)?;
    let fraction_planck = format!("{fraction:0<DECIMALS$}")
        .parse::<u128>()
        .map_err(|_| not_decimal())?;
    whole_planck
        .checked_add(fraction_planck)
        .ok_or_else(too_large)
}

/// Writes planck as PLUME, exactly and without trailing zeros: `12.5`, `0.000000000000000001`, `7`.
pub fn format(planck: u128) -> String {
    let whole = planck / PLANCK_PER_PLUME;
    let fraction = planck % PLANCK_PER_PLUME;
    if fraction == 0 {
        return whole.to_string();
    }
    let digits = format!("{fraction:0>DECIMALS$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whole_and_broken_amounts_are_read_exactly() {
        assert_eq!(parse("0"), Ok(0));
        assert_eq!(parse("1"), Ok(PLANCK_PER_PLUME));
        assert_eq!(
            parse("12.5"),
            Ok(12 * PLANCK_PER_PLUME + PLANCK_PER_PLUME / 2)
        );
        assert_eq!(parse(" 0.000000000000000001 "), Ok(1));
        assert_eq!(
            parse("007.10"),
            Ok(7 * PLANCK_PER_PLUME + PLANCK_PER_PLUME / 10)
        );
        assert_eq!(parse("10000000000"), Ok(GENESIS_SUPPLY_PLANCK));
    }

    #[test]
    fn the_largest_amount_is_read_and_one_planck_more_is_refused() {
        assert_eq!(
            parse("340282366920938463463.374607431768211455"),
            Ok(u128::MAX)
        );
        for text in [
            "340282366920938463463.374607431768211456",
            "999999999999999999999999999999999999999999",
        ] {
            assert_eq!(parse(text), Err(AmountError::TooLarge(text.into())));
        }
    }

    #[test]
    fn what_is_not_an_amount_is_named() {
        assert_eq!(parse(""), Err(AmountError::Empty));
        assert_eq!(parse("  "), Err(AmountError::Empty));
        assert_eq!(parse("-1"), Err(AmountError::Negative("-1".into())));
        assert_eq!(
            parse("0.0000000000000000001"),
            Err(AmountError::TooManyDecimals("0.0000000000000000001".into()))
        );
        for text in [
            "+1", "1,5", "1e3", ".5", "5.", "1.2.3", "0x10", "1 000", "1_000", "PLUME", "١",
        ] {
            assert_eq!(
                parse(text),
                Err(AmountError::NotDecimal(text.into())),
                "{text}"
            );
        }
    }

    #[test]
    fn amounts_are_written_without_trailing_zeros() {
        assert_eq!(format(0), "0");
        assert_eq!(format(1), "0.000000000000000001");
        assert_eq!(format(12 * PLANCK_PER_PLUME + PLANCK_PER_PLUME / 2), "12.5");
        assert_eq!(format(GENESIS_SUPPLY_PLANCK), "10000000000");
    }

    proptest! {
        #[test]
        fn every_amount_survives_being_written_and_read(planck: u128) {
            prop_assert_eq!(parse(&format(planck)), Ok(planck));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,60}") {
            let _ = parse(&text);
        }

        #[test]
        fn a_read_amount_is_written_as_the_same_number(whole in 0u64.., fraction in "[0-9]{0,17}[1-9]") {
            let text = format!("{whole}.{fraction}");
            prop_assert_eq!(super::format(parse(&text).expect("at most 18 decimals and 20 digits")), text);
        }
    }
}
