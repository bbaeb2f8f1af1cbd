//! `plume compliance`: cases, reports and policies of the compliance engine.

mod cases;
mod context;
mod history;
mod period;
mod policy;
pub mod record;
mod report;
mod signed;

use std::path::Path;

use clap::Subcommand;
use plume_reports::{Customers, MAX_CUSTOMERS_BYTES};
use plume_sdk::{AccountId32, address, state};
use serde_json::Value as Json;

use crate::args::Global;
use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use cases::CasesArgs;
use policy::PolicyCommand;
use record::bytes;
use report::ReportArgs;
use signed::VerifyArgs;

/// Cases, reports and policies of the compliance engine.
#[derive(Debug, Subcommand)]
pub enum ComplianceCommand {
    /// List cases, the newest first.
    #[command(after_help = "\
Examples:
  plume compliance cases                     What is not decided
  plume compliance cases --all --json | jq -r .case
  plume compliance cases --about //Bob")]
    Cases(CasesArgs),
    /// Export a case, or all cases of a period, for an authority.
    #[command(after_help = "\
Examples:
  plume compliance report 17 --format pdf --customers customers.csv --institution 'Example Bank' \\
      --institution-id EXBKCHZZ --out case-17.pdf
  plume compliance report --from 2026-11-01 --to 2026-12-01 --format json --key @report.key \\
      --customers customers.csv --institution 'Example Bank' --institution-id EXBKCHZZ --out november.json
  plume compliance report 17 --format goaml --settings goaml.json --price PLUME=7.95 \\
      --customers customers.csv --institution 'Example Bank' --institution-id EXBKCHZZ --out case-17.xml

The customer file (CSV or JSON) stays with the institution; customers are joined by the chain's number of their
subject. What happened is read from the blocks: an archive node has all of them, others the last minute.
The subjects are those behind the accounts now.")]
    Report(ReportArgs),
    /// Check the signature of a report in JSON. Asks no node.
    #[command(after_help = "\
Examples:
  plume compliance verify november.json
  plume compliance verify november.json --by 0x...      Signed by this key, and no other

Without --by it is only sure that nobody has changed the report since it was signed.")]
    Verify(VerifyArgs),
    /// Show policies, and make the calls that change them.
    #[command(subcommand)]
    Policy(PolicyCommand),
}

/// A party: an address, or the number of a subject.
pub fn about(of: &Json) -> Option<String> {
    match state::variant(of)? {
        ("Account", account) => Some(address::format(&AccountId32(bytes(account)?))),
        (_, subject) => subject.as_str().map(str::to_owned),
    }
}

/// The customer file of an institution, JSON by its name's end and CSV otherwise.
pub fn customers(path: &Path) -> Result<Customers, Failure> {
    let bytes = files::read(path, MAX_CUSTOMERS_BYTES)?;
    let is_json = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let read = if is_json {
        Customers::json(&bytes)
    } else {
        Customers::csv(&bytes)
    };
    read.map_err(|error| {
        Failure::new(
            format!("{}: {error}", path.display()),
            "Correct the customer file; docs/compliance.md says what it has",
        )
    })
}

fn unreadable(case: u64, field: &str) -> Failure {
    Failure::new(
        format!("the chain's record of case {case} cannot be read: {field}"),
        "Update plume to the version that came with this runtime",
    )
}

/// Runs `plume compliance`.
pub async fn run(
    command: &ComplianceCommand,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    match command {
        ComplianceCommand::Cases(args) => cases::list(args, global, output).await,
        ComplianceCommand::Report(args) => report::write(args, global, output).await,
        ComplianceCommand::Verify(args) => signed::verify(args, output),
        ComplianceCommand::Policy(command) => policy::run(command, global, output).await,
    }
}
