//! `plume committee`: who together can open a transfer. Works on files; openings ask a node, too.

pub mod documents;
mod keygen;
mod onchain;
mod open;
mod reshare;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use plume_committee::{Bytes32, Certificate, Point, ceremony};
use serde::Serialize;

use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Output, Report, table};
use documents::{read, read_all, refused, write, write_private};

/// Make, use and hand over the key that opens transfers on a warrant.
///
/// t of n members together open; nobody alone. Members exchange files, by any way: nothing in them is secret but what a
/// command says is. docs/operators/committee.md has the steps.
#[derive(Debug, Subcommand)]
pub enum CommitteeCommand {
    /// Make a member's own keys, and the card that tells the others of them.
    #[command(after_help = "\
Examples:
  plume committee member --key me.key --card me.card

Keep the key: without it nobody takes part in a ceremony. Give the card to who makes the roster, and tell the others
over another channel what its signing key is.")]
    Member(MemberArgs),
    /// Make the roster that all members of a ceremony work from.
    #[command(after_help = "\
Examples:
  plume committee roster a.card b.card c.card --threshold 2 --genesis 0x... --label 2027 --out roster.json
  plume committee roster a.card d.card e.card --threshold 2 --previous committee.json --label 2028 --out next.json

Members get numbers in the order of the cards. Compare the ceremony's hash, which is printed, with the others.")]
    Roster(RosterArgs),
    /// Make the committee's key, without anybody who knows it.
    #[command(subcommand)]
    Keygen(keygen::KeygenCommand),
    /// Hand the key over to another membership, or refresh the shares of the same one.
    #[command(subcommand)]
    Reshare(reshare::ReshareCommand),
    /// Join the confirmations of all members: the last step of both.
    #[command(after_help = "\
Examples:
  plume committee certify confirmation-*.json --record record.json --out committee.json")]
    Certify(CertifyArgs),
    /// Open a transfer, on a warrant.
    #[command(subcommand)]
    Open(open::OpenCommand),
}

/// Where a member's keys go.
#[derive(Args, Debug)]
pub struct MemberArgs {
    /// Where to write the keys. Secret; only its owner may read the file.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where to write the card.
    #[arg(long, value_name = "FILE")]
    card: PathBuf,
}

/// Who takes part.
#[derive(Args, Debug)]
pub struct RosterArgs {
    /// The members' cards, in the order of their numbers.
    #[arg(required = true, value_name = "CARD")]
    cards: Vec<PathBuf>,
    /// How many open.
    #[arg(long, value_name = "T")]
    threshold: u16,
    /// What people call the ceremony. A second try needs another label.
    #[arg(long)]
    label: String,
    /// Hash of the chain's genesis block.
    #[arg(
        long,
        value_name = "HASH",
        conflicts_with = "previous",
        required_unless_present = "previous"
    )]
    genesis: Option<Bytes32>,
    /// The committee that hands over.
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// Where to write the roster.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Whose confirmations of what.
#[derive(Args, Debug)]
pub struct CertifyArgs {
    /// All members' confirmations.
    #[arg(required = true, value_name = "CONFIRMATION")]
    confirmations: Vec<PathBuf>,
    /// What they confirm: any member's record.
    #[arg(long, value_name = "FILE")]
    record: PathBuf,
    /// Where to write the committee.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What a step did, and what comes next.
#[derive(Debug, Default, Serialize)]
struct Step {
    /// The member's number, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<u16>,
    /// Hash of the roster.
    #[serde(skip_serializing_if = "Option::is_none")]
    ceremony: Option<String>,
    /// Hash of the committee.
    #[serde(skip_serializing_if = "Option::is_none")]
    committee: Option<String>,
    /// The committee's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// x and y of the key, as `ShieldedPool.set_committee_key` takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    coordinates: Option<[String; 2]>,
    /// A member's signing key.
    #[serde(skip_serializing_if = "Option::is_none")]
    signing_key: Option<String>,
    /// What else there is to know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    /// Files to give to everybody.
    public: Vec<String>,
    /// Files to keep and to show to nobody.
    secret: Vec<String>,
    /// What comes next.
    next: &'static str,
}

impl Report for Step {
    fn text(&self) -> String {
        let mut rows = Vec::new();
        let mut row = |label, value: Option<String>| {
            if let Some(value) = value {
                rows.push((label, value));
            }
        };
        row("member", self.member.map(|member| member.to_string()));
        row("ceremony", self.ceremony.clone());
        row("committee", self.committee.clone());
        row("key", self.key.clone());
        if let Some([x, y]) = &self.coordinates {
            row("x of the key", Some(x.clone()));
            row("y of the key", Some(y.clone()));
        }
        row("signing key", self.signing_key.clone());
        for note in &self.notes {
            row("note", Some(note.clone()));
        }
        let list = |files: &[String]| (!files.is_empty()).then(|| files.join(" "));
        row("for everybody", list(&self.public));
        row("keep secret", list(&self.secret));
        row("next", Some(self.next.to_owned()));
        table(&rows)
    }
}

fn name(path: &std::path::Path) -> String {
    path.display().to_string()
}

/// x and y of a point: the chain has keys so, and files have them compressed.
fn coordinates(point: &Point) -> [Bytes32; 2] {
    let (x, y) = point.coordinates();
    [x, y].map(|element| Bytes32(element.into()))
}

/// The same as text, of a key as files have it; none for one that is no point.
pub(super) fn coordinates_of(key: &Bytes32) -> Option<[String; 2]> {
    let point: Point = Point::decode(key).ok()?;
    Some(coordinates(&point).map(|element| element.to_string()))
}

impl Step {
    fn of_certificate(certificate: &Certificate) -> Self {
        let committee = &certificate.record.committee;
        Self {
            ceremony: Some(committee.ceremony.to_string()),
            committee: Some(committee.id().to_string()),
            key: Some(committee.key.to_string()),
            coordinates: coordinates_of(&committee.key),
            ..Self::default()
        }
    }
}

fn member(args: &MemberArgs, output: &Output) -> Result<(), Failure> {
    let (key, card) = ceremony::new_member();
    write_private(&args.key, &key)?;
    write(&args.card, &card)?;
    output.report(&Step {
        signing_key: Some(card.signing.to_string()),
        public: vec![name(&args.card)],
        secret: vec![name(&args.key)],
        next: "give the card to who makes the roster",
        ..Step::default()
    })
}

fn roster(args: &RosterArgs, output: &Output) -> Result<(), Failure> {
    let cards = read_all(&args.cards)?;
    let previous: Option<Certificate> = args.previous.as_deref().map(read).transpose()?;
    let chain = match (&previous, args.genesis) {
        (Some(previous), _) => previous.record.committee.chain,
        (None, Some(genesis)) => genesis,
        (None, None) => {
            return Err(Failure::new(
                "neither --genesis nor --previous was given",
                "Give one of them",
            ));
        }
    };
    let (label, threshold) = (args.label.clone(), args.threshold);
    let roster =
        ceremony::roster(chain, label, threshold, &cards, previous.as_ref()).map_err(refused)?;
    write(&args.out, &roster)?;
    output.report(&Step {
        ceremony: Some(roster.ceremony().to_string()),
        public: vec![name(&args.out)],
        next: if previous.is_some() {
            "old members: plume committee reshare deal"
        } else {
            "each member: plume committee keygen begin"
        },
        ..Step::default()
    })
}

fn certify(args: &CertifyArgs, output: &Output) -> Result<(), Failure> {
    let confirmations = read_all(&args.confirmations)?;
    let certificate = ceremony::certify(read(&args.record)?, &confirmations).map_err(refused)?;
    write(&args.out, &certificate)?;
    output.report(&Step {
        public: vec![name(&args.out)],
        next: "everybody keeps the committee's file; after a resharing old members destroy their shares",
        ..Step::of_certificate(&certificate)
    })
}

/// Runs it.
pub async fn run(
    command: &CommitteeCommand,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    match command {
        CommitteeCommand::Member(args) => member(args, output),
        CommitteeCommand::Roster(args) => roster(args, output),
        CommitteeCommand::Keygen(command) => keygen::run(command, output),
        CommitteeCommand::Reshare(command) => reshare::run(command, output),
        CommitteeCommand::Certify(args) => certify(args, output),
        CommitteeCommand::Open(command) => open::run(command, global, output).await,
    }
}
