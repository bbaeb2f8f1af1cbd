//! What an amount of a file is on the chain.

use plume_aml::{Amount, Transaction};
use plume_primitives::{compliance::RefValue, units::PLUME};
use std::collections::BTreeMap;

/// Millionths of the reference currency (a US dollar) that one unit of a currency is worth, of those that AMLworld
/// uses, as they stood in September 2022. Thresholds need no better.
const RATES: [(&str, u64); 15] = [
    ("Australian Dollar", 670_000),
    ("Bitcoin", 19_800_000_000),
    ("Brazil Real", 190_000),
    ("Canadian Dollar", 760_000),
    ("Euro", 1_000_000),
    ("Mexican Peso", 50_000),
    ("Ruble", 16_500),
    ("Rupee", 12_500),
    ("Saudi Riyal", 266_000),
    ("Shekel", 290_000),
    ("Swiss Franc", 1_020_000),
    ("UK Pound", 1_150_000),
    ("US Dollar", 1_000_000),
    ("Yen", 7_000),
    ("Yuan", 144_000),
];
const MILLION: u128 = 1_000_000;

/// Units of a [`plume_aml::Amount`] in one unit of its currency.
const AMOUNT_UNITS: u128 = 100_000_000;
/// The most digits by which a unit of the reference currency is made smaller than a PLUME.
const MOST_DIGITS: u32 = 10;

/// What `amount` is worth in 10⁻⁸ of the reference currency. A currency that is not known, or not named, counts
/// as the reference currency.
fn worth(amount: Amount, currency: &str) -> u128 {
    let known = RATES.iter().find(|(name, _)| *name == currency);
    match known {
        Some((_, rate)) => amount.0.saturating_mul(u128::from(*rate)) / MILLION,
        None => amount.0,
    }
}

/// How many digits a unit of the reference currency is smaller than a PLUME: 2 if a hundredth of a PLUME is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale(u32);

impl Scale {
    /// The largest scale at which all transfers together move no more than `budget_planck`.
    pub fn fitting(transactions: &[Transaction], budget_planck: u128) -> anyhow::Result<Self> {
        let fits = |scale: &Self| {
            let total = transactions
                .iter()
                .try_fold(0u128, |sum, one| sum.checked_add(scale.planck(one)));
            total.is_some_and(|total| total <= budget_planck)
        };
        let mut scales = (0..=MOST_DIGITS).map(Self);
        scales.find(fits).ok_or_else(|| {
            anyhow::anyhow!(
                "the file moves more money than there is PLUME: replay a part with --limit"
            )
        })
    }

    /// What a transfer moves, in planck.
    pub fn planck(self, transaction: &Transaction) -> u128 {
        let unit = PLUME / 10u128.pow(self.0);
        let worth = worth(transaction.paid, &transaction.paid_currency);
        // Exact: a unit has 10⁸ planck at least.
        (worth / AMOUNT_UNITS)
            .saturating_mul(unit)
            .saturating_add((worth % AMOUNT_UNITS).saturating_mul(unit) / AMOUNT_UNITS)
    }

    /// What a PLUME costs, in hundredths of the reference currency.
    pub fn cents(self) -> u64 {
        100 * 10u64.pow(self.0)
    }

    /// What the chain takes a transfer to be worth, in hundredths of the reference currency.
    pub fn value(self, transaction: &Transaction) -> RefValue {
        let worth = worth(transaction.paid, &transaction.paid_currency);
        let cents = worth.div_ceil(AMOUNT_UNITS / 100);
        RefValue::try_from(cents).unwrap_or(RefValue::MAX)
    }
}

/// Currencies of a file that are not known, and how many transfers have them.
pub(crate) fn unknown_currencies(transactions: &[Transaction]) -> BTreeMap<String, usize> {
    let mut unknown = BTreeMap::new();
    for transaction in transactions {
        let name = &*transaction.paid_currency;
        if !name.is_empty() && !RATES.iter().any(|(known, _)| *known == name) {
            *unknown.entry(name.to_owned()).or_default() += 1;
        }
    }
    unknown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::plan::tests::transfer;

    fn of(units: u64, currency: &str) -> Transaction {
        Transaction {
            paid: Amount::whole(units),
            paid_currency: currency.into(),
            ..transfer(0, "A", "B", 1)
        }
    }

    #[test]
    fn a_unit_becomes_smaller_until_there_is_enough_plume() {
        let transactions = [of(600, ""), of(400, "US Dollar")];
        let scale = |plume: u128| Scale::fitting(&transactions, plume * PLUME).map(|scale| scale.0);
        assert_eq!(scale(1_000).expect("it fits"), 0);
        assert_eq!(scale(999).expect("it fits"), 1);
        assert_eq!(scale(1).expect("it fits"), 3);
        assert!(Scale::fitting(&transactions, 1).is_err());
    }

    #[test]
    fn the_chain_sees_the_value_that_the_file_has() {
        for digits in [0, 3, MOST_DIGITS] {
            let scale = Scale(digits);
            let transaction = of(12_345, "");
            assert_eq!(scale.value(&transaction), 1_234_500);
            let price = u128::from(scale.cents());
            assert_eq!(scale.planck(&transaction) * price / PLUME, 1_234_500);
        }
        assert_eq!(Scale(0).value(&of(100, "Yen")), 70);
        assert_eq!(Scale(0).value(&of(2, "Bitcoin")), 3_960_000);
    }

    #[test]
    fn cents_and_less_are_kept() {
        let transaction = Transaction {
            paid: Amount::parse("103.55").expect("a number"),
            ..of(0, "")
        };
        assert_eq!(Scale(0).planck(&transaction), 103_550_000_000_000_000_000);
        assert_eq!(Scale(0).value(&transaction), 10_355);
    }

    #[test]
    fn a_currency_that_is_not_known_is_told() {
        let unknown =
            unknown_currencies(&[of(1, "Guilder"), of(1, "Euro"), of(1, ""), of(2, "Guilder")]);
        assert_eq!(unknown, BTreeMap::from([("Guilder".to_owned(), 2)]));
    }
}
