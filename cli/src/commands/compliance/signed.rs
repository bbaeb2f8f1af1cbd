//! `plume compliance verify`.

use std::path::PathBuf;

use clap::Args;
use plume_reports::{NotHash32, json};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Output, Report, table};
use crate::{files, moment};

/// Which report.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// The report.
    file: PathBuf,
    /// The Ed25519 public key (0x...) that has to have signed it.
    #[arg(long, value_name = "KEY")]
    by: Option<String>,
}

/// What a signature says.
#[derive(Debug, Serialize)]
struct VerifyReport {
    valid: bool,
    institution: String,
    chain: String,
    from: String,
    to: String,
    cases: usize,
    by_expected_key: bool,
}

impl Report for VerifyReport {
    fn text(&self) -> String {
        let verdict = if self.by_expected_key {
            "signed by that key, and not changed since"
        } else {
            "not changed since it was signed; --by says by whom"
        };
        table(&[
            ("verdict", verdict.into()),
            ("institution", self.institution.clone()),
            ("chain", self.chain.clone()),
            ("period", format!("{} to {}", self.from, self.to)),
            ("cases", self.cases.to_string()),
        ])
    }
}

/// Runs `plume compliance verify`.
pub fn verify(args: &VerifyArgs, output: &Output) -> Result<(), Failure> {
    let by = match &args.by {
        None => None,
        Some(text) => Some(json::PublicKey {
            algorithm: json::Algorithm::Ed25519,
            bytes: text.parse().map_err(|error: NotHash32| {
                Failure::new(error.to_string(), "Ask the institution for its public key")
            })?,
        }),
    };
    let bytes = files::read(&args.file, json::MAX_DOCUMENT_BYTES)?;
    let report = json::verify(&bytes, by.as_ref()).map_err(|error| {
        Failure::new(
            error.to_string(),
            "Do not rely on it: ask the institution for the report as it was signed",
        )
    })?;
    output.report(&VerifyReport {
        valid: true,
        institution: report.institution.name,
        chain: report.period.chain,
        from: moment::format(report.period.from_s),
        to: moment::format(report.period.to_s),
        cases: report.period.cases.len(),
        by_expected_key: by.is_some(),
    })
}
