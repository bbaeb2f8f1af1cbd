//! `plume committee open`: a request, its line in the chain's log, members' shares, and what they give together.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use plume_committee::ceremony::{self, Opened, Place, Request};
use plume_committee::{Bytes32, Certificate, DecryptionShare, Keys, Purpose};
use plume_sdk::call;
use plume_sdk::subxt::dynamic::Value;
use serde::Serialize;

use super::documents::{read, read_all, refused, write};
use super::onchain::{covers, place, see};
use super::{Step, coordinates, name};
use crate::args::Global;
use crate::commands::{connect, submit};
use crate::failure::Failure;
use crate::output::{Output, Report, table};
use crate::party;

/// Open a transfer, on a warrant.
#[derive(Debug, Subcommand)]
pub enum OpenCommand {
    /// Write down what is to be opened, for which warrant, from the chain.
    #[command(after_help = "\
Examples:
  plume committee open request --committee committee.json --warrant 3 --block 0x... --first 120 --out request.json
  plume committee open request --committee committee.json --warrant 0x... --transaction 0x... \\
      --ephemeral 0x... 0x... --ciphertext 0x... 0x... --out rehearsal.json        Ask no node: for rehearsals

The block and the transfer's first note are in the event ShieldedPool.Transferred. The warrant has to be in force and good for
access.")]
    Request(RequestArgs),
    /// Record on the chain that it is asked for, signed by the warrant's supervisor. No member gives its part before.
    #[command(after_help = "\
Examples:
  plume committee open record request.json --committee committee.json --supervisor @supervisor.secret")]
    Record(RecordArgs),
    /// Compare a request with the chain, as a member has to before it gives its part. Needs no share.
    #[command(after_help = "\
Examples:
  plume committee open check request.json --committee committee.json --url ws://127.0.0.1:9944

Ask a node of your own. What it cannot see is whether the warrant is about somebody in the transfer: nobody knows before it
is opened.")]
    Check(CheckArgs),
    /// A member's part. Whoever gives it agrees to the warrant, and cannot take it back.
    #[command(after_help = "\
Examples:
  plume committee open share request.json --committee committee.json --share me.share --out opening-1.json
  plume committee open share request.json --committee committee.json --share me.share --out opening-1.json --offline

The chain is asked first: warrant, transfer and log have to be the request's. With --offline it is not, for a machine without
a network: check the same file there before, with plume committee open check, on a machine that has one.")]
    Share(ShareArgs),
    /// Verify members' parts, name false ones, and open with the others. Anybody can.
    #[command(after_help = "\
Examples:
  plume committee open combine request.json opening-*.json --committee committee.json
  plume committee open combine request.json opening-*.json --committee committee.json --json | jq -r .sender
  plume committee open combine request.json opening-*.json --committee committee.json --covered

With --covered a node is asked whether the warrant is about one of those who were found. Nobody can tell before.")]
    Combine(CombineArgs),
}

/// What is to be opened.
#[derive(Args, Debug)]
pub struct RequestArgs {
    /// The committee.
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
    /// The warrant's number; without a chain its hash.
    #[arg(long, value_name = "NUMBER|HASH")]
    warrant: WarrantName,
    /// Hash of the block that has the transfer.
    #[arg(long, value_name = "HASH", requires = "first")]
    block: Option<Bytes32>,
    /// The place of the transfer's first note in the tree of notes.
    #[arg(long, value_name = "PLACE", requires = "block")]
    first: Option<u64>,
    /// Hash of the transaction; asks no node.
    #[arg(
        long,
        value_name = "HASH",
        required_unless_present = "block",
        conflicts_with = "block"
    )]
    transaction: Option<Bytes32>,
    /// The transaction's ephemeral point, as field elements (32 bytes, little endian).
    #[arg(long, required_unless_present = "block", conflicts_with = "block", num_args = 2, value_names = ["X", "Y"])]
    ephemeral: Vec<Bytes32>,
    /// The transaction's second layer, as field elements.
    #[arg(long, required_unless_present = "block", conflicts_with = "block", num_args = 2, value_names = ["FIRST", "SECOND"])]
    ciphertext: Vec<Bytes32>,
    /// Where to write the request.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// How a warrant is named.
#[derive(Clone, Copy, Debug)]
enum WarrantName {
    Number(u32),
    Hash(Bytes32),
}

impl core::str::FromStr for WarrantName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(number) => Ok(Self::Number(number)),
            Err(_) => text
                .parse()
                .map(Self::Hash)
                .map_err(|_| "a warrant is named by its number, or by 0x and 64 digits".into()),
        }
    }
}

/// What is recorded, by whom.
#[derive(Args, Debug)]
pub struct RecordArgs {
    /// The request.
    request: PathBuf,
    /// The committee.
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
    /// The secret of the warrant's supervisor (//Alice, a mnemonic, a seed, or @FILE).
    #[arg(long, value_name = "WHO")]
    supervisor: String,
}

/// What is compared.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// The request.
    request: PathBuf,
    /// The committee.
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
}

/// Whose part of what.
#[derive(Args, Debug)]
pub struct ShareArgs {
    /// The request.
    request: PathBuf,
    /// The committee.
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
    /// The member's share.
    #[arg(long, value_name = "FILE")]
    share: PathBuf,
    /// Where to write the part.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Ask no node: the request was checked on another machine, or it is a rehearsal.
    #[arg(long)]
    offline: bool,
}

/// Which parts.
#[derive(Args, Debug)]
pub struct CombineArgs {
    /// The request.
    request: PathBuf,
    /// Members' parts.
    #[arg(required = true, value_name = "PART")]
    parts: Vec<PathBuf>,
    /// The committee.
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
    /// Ask a node whether the warrant is about the sender or the receiver.
    #[arg(long)]
    covered: bool,
}

/// Who paid whom.
#[derive(Debug, Serialize)]
struct OpenedReport {
    sender: String,
    receiver: String,
    good: Vec<u16>,
    refused: Vec<Refused>,
    /// Whether the warrant is about one of the two; none where nobody was asked, or where it is about a case.
    covered: Option<bool>,
}

#[derive(Debug, Serialize)]
struct Refused {
    member: u16,
    reason: String,
}

impl Report for OpenedReport {
    fn text(&self) -> String {
        let good: Vec<_> = self.good.iter().map(u16::to_string).collect();
        let mut rows = vec![
            ("sender", self.sender.clone()),
            ("receiver", self.receiver.clone()),
            ("opened by", good.join(" ")),
        ];
        if let Some(covered) = self.covered {
            let told = if covered {
                "is about one of them"
            } else {
                "is about neither: tell the other members and the supervisor's authority"
            };
            rows.push(("the warrant", told.to_owned()));
        }
        for Refused { member, reason } in &self.refused {
            rows.push(("refused", format!("member {member}: {reason}")));
        }
        table(&rows)
    }
}

fn pair(values: &[Bytes32], what: &str) -> Result<[Bytes32; 2], Failure> {
    values
        .try_into()
        .map_err(|_| Failure::new(format!("--{what} takes two field elements"), "Give both"))
}

/// What a request to a committee is about, and where it is, from the chain.
async fn from_chain(place: Place, keys: &Keys, global: &Global) -> Result<Request, Failure> {
    let seen = see(&connect(global).await?, place, None).await?;
    let known = seen.warrant_in_force(place.warrant)?;
    let transfer = seen.transfer_there()?;
    seen.is_encrypted_to(coordinates(keys.key()))?;
    Ok(Request {
        purpose: Purpose {
            chain: seen.genesis,
            committee: keys.id(),
            warrant: known.hash,
            transaction: transfer.transaction,
        },
        ephemeral: transfer.ephemeral,
        ciphertext: transfer.ciphertext,
        place: Some(place),
    })
}

async fn request(args: &RequestArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let certificate: Certificate = read(&args.committee)?;
    let keys = certificate.check().map_err(refused)?;
    let unsuited = |hint| Failure::new("the warrant is named in a way that does not fit", hint);
    let request = match (args.block, args.first, args.transaction, args.warrant) {
        (Some(block), Some(first), _, WarrantName::Number(warrant)) => {
            let place = Place {
                warrant,
                block,
                first,
            };
            from_chain(place, &keys, global).await?
        }
        (None, _, Some(transaction), WarrantName::Hash(warrant)) => Request {
            purpose: Purpose {
                chain: keys.chain(),
                committee: keys.id(),
                warrant,
                transaction,
            },
            ephemeral: pair(&args.ephemeral, "ephemeral")?,
            ciphertext: pair(&args.ciphertext, "ciphertext")?,
            place: None,
        },
        (Some(_), ..) => {
            return Err(unsuited(
                "With --block name it by its number: plume regulator warrants",
            ));
        }
        _ => return Err(unsuited("Without --block name it by its hash")),
    };
    ours(&request, &keys)?;
    // Refuses what nobody could open.
    ceremony::open(&certificate, &request, &[]).map_err(refused)?;
    write(&args.out, &request)?;
    output.report(&Step {
        public: vec![name(&args.out)],
        next: if request.place.is_some() {
            "the supervisor: plume committee open record"
        } else {
            "members of the rehearsal: plume committee open share --offline"
        },
        ..Step::of_certificate(&certificate)
    })
}

async fn record(args: &RecordArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let certificate: Certificate = read(&args.committee)?;
    let keys = certificate.check().map_err(refused)?;
    let request: Request = read(&args.request)?;
    let at = place(&request)?;
    ours(&request, &keys)?;
    let signer = party::signer(&args.supervisor)?;
    let client = connect(global).await?;
    let seen = see(&client, at, None).await?;
    seen.bears_out(&request)?;
    seen.is_encrypted_to(coordinates(keys.key()))?;
    let fields = [
        ("warrant", Value::u128(at.warrant.into())),
        ("opened", Value::from_bytes(request.id().0)),
        ("shares", Value::u128(keys.threshold().into())),
    ];
    let call = call("Regulator", "record_opening", fields);
    output.report(&submit::send(&client, &signer, &call).await?)
}

/// Refuses a request that another committee, another epoch of this one, or another chain's is asked for.
fn ours(request: &Request, keys: &Keys) -> Result<(), Failure> {
    if request.purpose.committee == keys.id() && request.purpose.chain == keys.chain() {
        return Ok(());
    }
    Err(Failure::new(
        "the request is for another committee, another epoch of it, or another chain",
        "Ask for a request that names this committee, and a node of its chain (--url)",
    ))
}

/// What the chain has about a request, if a member may give its part.
async fn allowed(
    request: &Request,
    certificate: &Certificate,
    global: &Global,
) -> Result<Vec<String>, Failure> {
    let keys = certificate.check().map_err(refused)?;
    let at = place(request)?;
    ours(request, &keys)?;
    let seen = see(&connect(global).await?, at, Some(&request.id())).await?;
    let line = seen.allows(request, keys.threshold())?.number;
    seen.is_encrypted_to(coordinates(keys.key()))?;
    let warrant = seen.describe(at.warrant).unwrap_or_default();
    Ok(vec![
        format!("the chain has the transfer, and line {line} of its log asks for this opening"),
        format!("the warrant: {warrant}"),
    ])
}

async fn check(args: &CheckArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let (request, certificate) = (read(&args.request)?, read(&args.committee)?);
    output.report(&Step {
        notes: allowed(&request, &certificate, global).await?,
        public: vec![name(&args.request)],
        next: "each member decides whether the warrant covers this: plume committee open share",
        ..Step::of_certificate(&certificate)
    })
}

async fn share(args: &ShareArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let (committee, share) = (read(&args.committee)?, read(&args.share)?);
    let request: Request = read(&args.request)?;
    let notes = if args.offline {
        vec!["the chain was not asked".to_owned()]
    } else {
        allowed(&request, &committee, global).await?
    };
    let part = ceremony::share(&committee, &share, &request).map_err(refused)?;
    write(&args.out, &part)?;
    output.report(&Step {
        member: Some(part.member),
        notes,
        public: vec![name(&args.out)],
        secret: vec![name(&args.share)],
        next: "with enough parts: plume committee open combine",
        ..Step::default()
    })
}

async fn combine(args: &CombineArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let parts: Vec<DecryptionShare> = read_all(&args.parts)?;
    let request: Request = read(&args.request)?;
    let Opened {
        good,
        refused: bad,
        parties,
    } = ceremony::open(&read(&args.committee)?, &request, &parts).map_err(refused)?;
    let bad: Vec<Refused> = bad
        .into_iter()
        .map(|(member, error)| Refused {
            member,
            reason: error.to_string(),
        })
        .collect();
    let parties = parties.map_err(|error| {
        let named: Vec<_> = bad
            .iter()
            .map(|Refused { member, reason }| format!("; member {member}: {reason}"))
            .collect();
        Failure::new(
            format!("{error}{}", named.concat()),
            "Ask more members for their parts",
        )
    })?;
    let found = [parties.sender, parties.receiver];
    let covered = if args.covered {
        let at = place(&request)?;
        covers(&connect(global).await?, at.warrant, found).await?
    } else {
        None
    };
    let text = |element: plume_committee::FieldBytes| Bytes32(element.into()).to_string();
    output.report(&OpenedReport {
        sender: text(parties.sender),
        receiver: text(parties.receiver),
        good,
        refused: bad,
        covered,
    })
}

/// Runs it.
pub async fn run(command: &OpenCommand, global: &Global, output: &Output) -> Result<(), Failure> {
    match command {
        OpenCommand::Request(args) => request(args, global, output).await,
        OpenCommand::Record(args) => record(args, global, output).await,
        OpenCommand::Check(args) => check(args, global, output).await,
        OpenCommand::Share(args) => share(args, global, output).await,
        OpenCommand::Combine(args) => combine(args, global, output).await,
    }
}
