//! `plume regulator`: warrants and what is done by them, what supervisors did, and what the chain says as it happens.

mod access;
mod follow;
mod freeze;
mod log;
mod order;
mod standing;
mod warrants;

use clap::Subcommand;
use plume_sdk::{AccountId32, address, state};
use serde_json::Value as Json;

use super::compliance::record::bytes;
use super::flow_key::{self, FlowKeyCommand};
use crate::args::Global;
use crate::failure::Failure;
use crate::output::Output;
use access::AccessArgs;
use follow::FollowArgs;
use freeze::{FreezeCommand, ReleaseCommand};
use log::LogArgs;
use order::{OpenArgs, WithdrawArgs};
use warrants::WarrantsArgs;

pub(super) use warrants::describe_warrant;

/// Warrants and freezes, what supervisors did, live alerts, and the keys that read flows.
///
/// A supervisor opens a warrant, and by it freezes, releases and records what it had opened. Each of these is a line of the
/// log that everybody reads. Before anything is signed the command says what will happen, and afterwards what comes next.
#[derive(Debug, Subcommand)]
pub enum RegulatorCommand {
    /// Make, publish and verify the keys that read how much goes between institutions. Asks no node.
    #[command(subcommand)]
    FlowKey(FlowKeyCommand),
    /// Show the access log, the newest line first.
    #[command(after_help = "\
Examples:
  plume regulator log
  plume regulator log --institution //Alice         What concerns an institution's subjects
  plume regulator log --supervisor //Bob --json | jq -r .act

Everybody can read and count it. What an institution is told besides is encrypted to it (sealed).")]
    Log(LogArgs),
    /// Show warrants, the newest first.
    #[command(after_help = "\
Examples:
  plume regulator warrants                  Those that count now
  plume regulator warrants --all --supervisor //Bob")]
    Warrants(WarrantsArgs),
    /// Open a warrant: about whom, for what, by which order, and until when. Everybody sees it.
    #[command(after_help = "\
Examples:
  plume regulator open-warrant --subject 0x... --for freeze-subjects,access --order order.pdf --until 2027-06-30 \\
      --from @supervisor.secret
  plume regulator open-warrant --case 7 --for freeze-amounts --order order.pdf --until 2027-01-31T12:00:00Z \\
      --comes-from 7 --from @supervisor.secret
  plume regulator open-warrant --institution ttqxHz... --for access --order 0x... --until 2027-06-30 \\
      --from @supervisor.secret

The order stays with you; the chain gets its hash, BLAKE2b-256 as `b2sum --length 256` prints it. Add a line of random text
to an order whose words could be guessed. The warrant ends by itself; nothing has to be done for it.")]
    OpenWarrant(OpenArgs),
    /// Take a warrant back. What it froze is released.
    #[command(after_help = "\
Examples:
  plume regulator withdraw-warrant 3 --evidence lifted.pdf --from @supervisor.secret

Only the supervisor that has opened it, or a vote, takes a warrant back. There is no taking it up again.")]
    WithdrawWarrant(WithdrawArgs),
    /// Stop all that a subject has, or keep an amount on hold where it is.
    #[command(subcommand)]
    Freeze(FreezeCommand),
    /// End a freeze before its warrant ends.
    #[command(subcommand)]
    Release(ReleaseCommand),
    /// Record that something about a subject was opened, by a warrant or without one.
    #[command(after_help = "\
Examples:
  plume regulator record-access 0x... --warrant 3 --evidence file-note.pdf --from @supervisor.secret
  plume regulator record-access 0x... --warrant 3 --evidence file-note.pdf --sealed for-the-bank.bin \\
      --from @supervisor.secret

--sealed is what the subject's institution is told: encrypt it to the institution first, the chain does not.
Before the committee opens a shielded transfer, record that with: plume committee open record.")]
    RecordAccess(AccessArgs),
    /// Follow alerts, cases and acts of supervisors, as blocks become final.
    #[command(after_help = "\
Examples:
  plume regulator follow
  plume regulator follow --only alerts --json | jq -c '[.block, .name, .fields.case]'
  plume regulator follow --lines 10

Works on any node; a supervisor follows its own (docs/regulators.md).")]
    Follow(FollowArgs),
}

/// An account as a Plume address.
fn account(json: &Json) -> Option<String> {
    Some(address::format(&AccountId32(bytes(json)?)))
}

/// What is in an `Option`; none for `None`.
fn some(json: &Json) -> Option<&Json> {
    match state::variant(json)? {
        ("Some", content) => Some(content),
        _ => None,
    }
}

fn unreadable() -> Failure {
    Failure::new(
        "what the chain has of supervisors cannot be read",
        "Update plume to the version that came with this runtime",
    )
}

/// Runs `plume regulator`.
pub async fn run(
    command: &RegulatorCommand,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    match command {
        RegulatorCommand::FlowKey(command) => flow_key::run(command, output),
        RegulatorCommand::Log(args) => log::read_log(args, global, output).await,
        RegulatorCommand::Warrants(args) => warrants::list_warrants(args, global, output).await,
        RegulatorCommand::OpenWarrant(args) => order::open(args, global, output).await,
        RegulatorCommand::WithdrawWarrant(args) => order::withdraw(args, global, output).await,
        RegulatorCommand::Freeze(command) => freeze::freeze(command, global, output).await,
        RegulatorCommand::Release(command) => freeze::release(command, global, output).await,
        RegulatorCommand::RecordAccess(args) => access::record(args, global, output).await,
        RegulatorCommand::Follow(args) => follow::follow(args, global, output).await,
    }
}
