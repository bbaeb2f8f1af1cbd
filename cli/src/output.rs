//! Text for people, JSON for programs. Never panics when the reader goes away.

use std::io::{self, Write};

use plume_sdk::{BlockRef, amount, raw};
use serde::Serialize;
use serde_json::json;

use crate::failure::{self, Failure};

/// Something that a command has to tell. Field names of the JSON are a promise to scripts.
pub trait Report: Serialize {
    /// The same for people, without a final line break.
    fn text(&self) -> String;
}

/// Where results and errors go.
#[derive(Debug)]
pub struct Output {
    json: bool,
}

impl Output {
    /// JSON or text.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints a result.
    pub fn report(&self, report: &impl Report) -> Result<(), Failure> {
        if !self.json {
            return write_line(&report.text());
        }
        let line = serde_json::to_string(report).map_err(|error| {
            Failure::new(
                format!("cannot write JSON: {error}"),
                "Report this as a bug",
            )
        })?;
        write_line(&line)
    }

    /// Tells people something that is no result, on standard error.
    pub fn note(&self, line: &str) {
        if !self.json {
            // If even standard error is gone there is nobody to tell.
            let _ = writeln!(io::stderr(), "{line}");
        }
    }

    /// Prints why the command failed.
    pub fn failure(&self, failure: &Failure) {
        let Failure { reason, hint, .. } = failure;
        let text = if self.json {
            json!({ "error": { "reason": reason, "hint": hint } }).to_string()
        } else {
            format!("error: {reason}\n hint: {hint}")
        };
        let _ = writeln!(io::stderr(), "{text}");
    }
}

fn write_line(line: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")
        .and_then(|()| stdout.flush())
        .map_err(|error| failure::of_writing(&error))
}

/// An amount in both units; JSON numbers would lose digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// Decimal string of planck.
    pub planck: String,
    /// Decimal string of PLUME.
    pub plume: String,
}

impl From<u128> for Amount {
    fn from(planck: u128) -> Self {
        Self {
            planck: planck.to_string(),
            plume: amount::format(planck),
        }
    }
}

/// A block in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlockJson {
    /// Height.
    pub number: u64,
    /// `0x` hex.
    pub hash: String,
}

impl From<BlockRef> for BlockJson {
    fn from(block: BlockRef) -> Self {
        Self {
            number: block.number,
            hash: raw::to_hex(&block.hash.0),
        }
    }
}

/// Lines of a label and a value, values aligned.
pub fn table(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(label, _)| label.len()).max().unwrap_or(0) + 2;
    let lines: Vec<_> = rows
        .iter()
        .map(|(label, value)| format!("{label:<width$}{value}"))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_strings_in_both_units() {
        let json = serde_json::to_string(&Amount::from(12_500_000_000_000_000_000))
            .expect("plain strings");
        assert_eq!(json, r#"{"planck":"12500000000000000000","plume":"12.5"}"#);
    }

    #[test]
    fn values_of_a_table_are_aligned() {
        let text = table(&[("fee", "1".into()), ("block", "2".into())]);
        assert_eq!(text, "fee    1\nblock  2");
    }
}
