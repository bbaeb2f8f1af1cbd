//! The tables of `docs/token.md`, in Markdown.

use pallet_release::schedule::released;
use plume_primitives::{
    Balance, Seconds,
    allocations::{Bucket, LONGEST_RELEASE, TABLE, Terms, YEAR},
    units::{PLUME, TOTAL_SUPPLY},
};

/// The name that the page and the picture give a bucket.
pub fn name(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Team => "team",
        Bucket::Investors => "investors",
        Bucket::Ecosystem => "ecosystem",
        Bucket::ValidatorReserve => "validator reserve",
        Bucket::Treasury => "treasury",
        Bucket::Community => "community",
    }
}

/// Planck of a bucket in circulation so many seconds after the first block, before any burning.
pub fn circulating(terms: &Terms, now: Seconds) -> Balance {
    released(terms.planck, terms.cliff, terms.duration, now)
}

/// Digits in groups of three.
fn grouped(number: Balance) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Whole years in words.
fn years(seconds: Seconds) -> String {
    assert_eq!(seconds % YEAR, 0, "the table speaks of whole years");
    match seconds / YEAR {
        0 => "none".into(),
        1 => "1 year".into(),
        years => format!("{years} years"),
    }
}

/// Who gets how much, and when.
pub fn allocations() -> String {
    let mut table = String::from(
        "| bucket | share | PLUME | cliff | all released after |\n|---|--:|--:|---|---|\n",
    );
    for terms in TABLE {
        let percent = terms.planck / (TOTAL_SUPPLY / 100);
        assert_eq!(
            percent * (TOTAL_SUPPLY / 100),
            terms.planck,
            "whole percents"
        );
        let (cliff, end) = if terms.is_liquid() {
            ("none".into(), "in circulation from the genesis on".into())
        } else {
            (years(terms.cliff), years(terms.duration))
        };
        table += &format!(
            "| {} | {percent} % | {} | {cliff} | {end} |\n",
            name(terms.bucket),
            grouped(terms.planck / PLUME),
        );
    }
    let sum: Balance = TABLE.iter().map(|terms| terms.planck).sum();
    table
        + &format!(
            "| **all** | **100 %** | **{}** | | |\n",
            grouped(sum / PLUME)
        )
}

/// What is in circulation at the end of each year, in millions of PLUME.
pub fn circulation() -> String {
    let names: Vec<_> = TABLE.iter().map(|terms| name(terms.bucket)).collect();
    let mut table = format!("| after | {} | all |\n|---|", names.join(" | "));
    table += &"--:|".repeat(TABLE.len() + 1);
    table.push('\n');
    for year in 0..=LONGEST_RELEASE / YEAR {
        let label = if year == 0 {
            "genesis".into()
        } else {
            years(year * YEAR)
        };
        let amounts: Vec<_> = TABLE
            .iter()
            .map(|terms| circulating(terms, year * YEAR))
            .collect();
        let millions = |planck: Balance| {
            assert_eq!(planck % (1_000_000 * PLUME), 0, "whole millions");
            grouped(planck / (1_000_000 * PLUME))
        };
        let cells: Vec<_> = amounts.iter().map(|planck| millions(*planck)).collect();
        table += &format!(
            "| {label} | {} | **{}** |\n",
            cells.join(" | "),
            millions(amounts.iter().sum())
        );
    }
    table
}
