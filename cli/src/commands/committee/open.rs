//! `plume committee open`: a request, members' shares, and what they give together.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use plume_committee::ceremony::{self, Opened, Request};
use plume_committee::{Bytes32, Certificate, DecryptionShare, Purpose};
use serde::Serialize;

use super::documents::{read, read_all, refused, write};
use super::{Step, name};
use crate::failure::Failure;
use crate::output::{Output, Report, table};

/// Open a transfer, on a warrant.
#[derive(Debug, Subcommand)]
pub enum OpenCommand {
    /// Write down what is to be opened, for which warrant.
    #[command(after_help = "\
Examples:
  plume committee open request --committee committee.json --warrant 0x... --transaction 0x... \\
      --ephemeral 0x... 0x... --ciphertext 0x... 0x... --out request.json

Ephemeral point (x and y) and ciphertext are the transaction's public inputs. Each member compares them with the chain.")]
    Request(RequestArgs),
    /// A member's part. Whoever gives it agrees to the warrant, and cannot take it back.
    #[command(after_help = "\
Examples:
  plume committee open share request.json --committee committee.json --share me.share --out opening-1.json")]
    Share(ShareArgs),
    /// Verify members' parts, name false ones, and open with the others. Anybody can.
    #[command(after_help = "\
Examples:
  plume committee open combine request.json opening-*.json --committee committee.json
  plume committee open combine request.json opening-*.json --committee committee.json --json | jq -r .sender")]
    Combine(CombineArgs),
}

/// What is to be opened.
#[derive(Args, Debug)]
pub struct RequestArgs {
    /// The committee.
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
    /// Hash of the warrant.
    #[arg(long, value_name = "HASH")]
    warrant: Bytes32,
    /// Hash of the transaction.
    #[arg(long, value_name = "HASH")]
    transaction: Bytes32,
    /// The transaction's ephemeral point, as field elements (32 bytes, little endian).
    #[arg(long, required = true, num_args = 2, value_names = ["X", "Y"])]
    ephemeral: Vec<Bytes32>,
    /// The transaction's second layer, as field elements.
    #[arg(long, required = true, num_args = 2, value_names = ["FIRST", "SECOND"])]
    ciphertext: Vec<Bytes32>,
    /// Where to write the request.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
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
}

/// Who paid whom.
#[derive(Debug, Serialize)]
struct OpenedReport {
    sender: String,
    receiver: String,
    good: Vec<u16>,
    refused: Vec<Refused>,
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

fn request(args: &RequestArgs, output: &Output) -> Result<(), Failure> {
    let certificate: Certificate = read(&args.committee)?;
    let keys = certificate.check().map_err(refused)?;
    let request = Request {
        purpose: Purpose {
            chain: keys.chain(),
            committee: keys.id(),
            warrant: args.warrant,
            transaction: args.transaction,
        },
        ephemeral: pair(&args.ephemeral, "ephemeral")?,
        ciphertext: pair(&args.ciphertext, "ciphertext")?,
    };
    // Refuses what nobody could open.
    ceremony::open(&certificate, &request, &[]).map_err(refused)?;
    write(&args.out, &request)?;
    output.report(&Step {
        public: vec![name(&args.out)],
        next: "members compare it with the chain: plume committee open share",
        ..Step::of_certificate(&certificate)
    })
}

fn share(args: &ShareArgs, output: &Output) -> Result<(), Failure> {
    let (committee, share) = (read(&args.committee)?, read(&args.share)?);
    let part = ceremony::share(&committee, &share, &read(&args.request)?).map_err(refused)?;
    write(&args.out, &part)?;
    output.report(&Step {
        member: Some(part.member),
        public: vec![name(&args.out)],
        secret: vec![name(&args.share)],
        next: "with enough parts: plume committee open combine",
        ..Step::default()
    })
}

fn combine(args: &CombineArgs, output: &Output) -> Result<(), Failure> {
    let parts: Vec<DecryptionShare> = read_all(&args.parts)?;
    let Opened {
        good,
        refused: bad,
        parties,
    } = ceremony::open(&read(&args.committee)?, &read(&args.request)?, &parts).map_err(refused)?;
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
    let text = |element: plume_committee::FieldBytes| Bytes32(element.into()).to_string();
    output.report(&OpenedReport {
        sender: text(parties.sender),
        receiver: text(parties.receiver),
        good,
        refused: bad,
    })
}

/// Runs it.
pub fn run(command: &OpenCommand, output: &Output) -> Result<(), Failure> {
    match command {
        OpenCommand::Request(args) => request(args, output),
        OpenCommand::Share(args) => share(args, output),
        OpenCommand::Combine(args) => combine(args, output),
    }
}
