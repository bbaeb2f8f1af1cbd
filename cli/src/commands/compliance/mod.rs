//! `plume compliance`: cases, what officers decide of them, reports and policies of the compliance engine.

mod cases;
mod context;
mod history;
mod holds;
mod officer;
mod period;
mod policy;
pub mod record;
mod report;
mod signed;
mod standing;
mod travel;

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
use holds::{PruneArgs, ReturnArgs};
use officer::{ConfirmArgs, EvidenceArgs, ProposeArgs, RejectArgs, TakeArgs};
use policy::PolicyCommand;
use record::bytes;
use report::ReportArgs;
use signed::VerifyArgs;
use travel::{AttachArgs, DetachArgs};

/// Cases, what officers decide of them, reports and policies of the compliance engine.
///
/// A case goes from hand to hand: one officer takes it, adds evidence and proposes how it ends; another confirms or
/// rejects. Before anything is signed the command says what will happen, and afterwards what comes next.
#[derive(Debug, Subcommand)]
pub enum ComplianceCommand {
    /// List cases, the newest first.
    #[command(after_help = "\
Examples:
  plume compliance cases                     What is not decided
  plume compliance cases --all --json | jq -r .case
  plume compliance cases --about //Bob")]
    Cases(CasesArgs),
    /// Take a case, to look at it; or take it over from another officer.
    #[command(after_help = "\
Examples:
  plume compliance cases                             Which are open?
  plume compliance take 7 --from @officer.secret

Nobody takes a case in which their own account has paid or was paid.")]
    Take(TakeArgs),
    /// Put the hash of a piece of evidence on record. The file stays with you.
    #[command(after_help = "\
Examples:
  plume compliance evidence 7 --file memo.pdf --from @officer.secret
  plume compliance evidence 7 --hash 0x... --from @officer.secret

The hash is BLAKE2b-256, as `b2sum --length 256` prints it: whoever gets the file later sees that nobody has exchanged it.
Who can guess a file can find its hash, too: add a line of random text to a short one.")]
    Evidence(EvidenceArgs),
    /// Propose how to close a case. Nothing moves before another officer confirms.
    #[command(after_help = "\
Examples:
  plume compliance propose 7 --outcome dismissed --evidence memo.pdf --from @officer.secret
  plume compliance propose 7 --outcome reported --evidence memo.pdf --from @officer.secret

What is on hold goes to its recipients when a case is dismissed, and back to its senders when it is reported; reported and
released, it goes to its recipients, as an authority may ask for.")]
    Propose(ProposeArgs),
    /// Confirm what another officer has proposed, and so close the case. There is no taking it back.
    #[command(after_help = "\
Examples:
  plume compliance cases                             What is proposed, and by whom?
  plume compliance confirm 7 --outcome dismissed --evidence memo.pdf --from @second-officer.secret

Read the evidence first, and compare its hash with the proposal's. Whoever has proposed cannot confirm.")]
    Confirm(ConfirmArgs),
    /// Reject what was proposed, or take back one's own proposal. The case is investigated further.
    #[command(after_help = "\
Examples:
  plume compliance reject 7 --evidence objection.pdf --from @second-officer.secret")]
    Reject(RejectArgs),
    /// Return to its sender what is on hold for longer than its time. Anybody can.
    #[command(after_help = "\
Examples:
  plume compliance return-expired --from @secret           All whose time is over
  plume compliance return-expired 12 --from @secret        Hold 12 alone

It happens by itself as a rule. What was frozen when its time was over waits until somebody asks.")]
    ReturnExpired(ReturnArgs),
    /// Let the chain forget a case that was closed for as long as it has to be kept. Anybody can.
    #[command(after_help = "\
Examples:
  plume compliance prune 7 --from @secret")]
    Prune(PruneArgs),
    /// Attach travel-rule data to the sender's next such payment: the hash of the encrypted envelope.
    #[command(after_help = "\
Examples:
  plume compliance attach-travel-data envelope.bin --to ttqxHz... --up-to 12000 --from @sender.secret
  plume compliance attach-travel-data envelope.bin --to ttqxHz... --up-to 250 --asset 9 --from @sender.secret

The payment comes later, in a transaction of its own, by the same sender, and uses the data up. The envelope goes from
institution to institution, and never to the chain.")]
    AttachTravelData(AttachArgs),
    /// Take travel-rule data back whose payment will not come.
    #[command(after_help = "\
Examples:
  plume compliance detach-travel-data envelope.bin --from @sender.secret
  plume compliance detach-travel-data 0x... --from @sender.secret")]
    DetachTravelData(DetachArgs),
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
        ComplianceCommand::Take(args) => officer::take(args, global, output).await,
        ComplianceCommand::Evidence(args) => officer::evidence(args, global, output).await,
        ComplianceCommand::Propose(args) => officer::propose(args, global, output).await,
        ComplianceCommand::Confirm(args) => officer::confirm(args, global, output).await,
        ComplianceCommand::Reject(args) => officer::reject(args, global, output).await,
        ComplianceCommand::ReturnExpired(args) => holds::return_expired(args, global, output).await,
        ComplianceCommand::Prune(args) => holds::prune(args, global, output).await,
        ComplianceCommand::AttachTravelData(args) => travel::attach(args, global, output).await,
        ComplianceCommand::DetachTravelData(args) => travel::detach(args, global, output).await,
        ComplianceCommand::Report(args) => report::write(args, global, output).await,
        ComplianceCommand::Verify(args) => signed::verify(args, output),
        ComplianceCommand::Policy(command) => policy::run(command, global, output).await,
    }
}
