//! `plume committee keygen`: three steps for each member, then `plume committee certify`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use plume_committee::{Roster, ceremony, keygen::Keygen};

use super::documents::{
    read, read_all, refused, replace_private, with_complaints, write, write_private,
};
use super::{Step, name};
use crate::failure::Failure;
use crate::output::Output;

/// Make the committee's key, without anybody who knows it.
///
/// Each step may be taken again: it gives the same message.
#[derive(Debug, Subcommand)]
pub enum KeygenCommand {
    /// Step 1: draw a polynomial, and commit to it.
    #[command(after_help = "\
Examples:
  plume committee keygen begin --roster roster.json --key me.key --state me.state --out commitments-1.json")]
    Begin(BeginArgs),
    /// Step 2: check all commitments, and seal a sub-share to each other member.
    #[command(after_help = "\
Examples:
  plume committee keygen exchange commitments-*.json --key me.key --state me.state --out sub-shares-1.json")]
    Exchange(ExchangeArgs),
    /// Step 3: check all sub-shares, and compute the share and the committee.
    #[command(after_help = "\
Examples:
  plume committee keygen finish sub-shares-*.json --key me.key --state me.state \\
      --share me.share --record record.json --out confirmation-1.json

Who sent a false sub-share is named, and a complaint is written that convicts it: give it to all members. Destroy the
state when the committee is certified.")]
    Finish(FinishArgs),
    /// Judge a complaint. Anybody can.
    #[command(after_help = "\
Examples:
  plume committee keygen judge complaint-of-4-against-2.json --roster roster.json \\
      --commitments commitments-2.json --sub-shares sub-shares-2.json")]
    Judge(JudgeArgs),
}

/// A member's first step.
#[derive(Args, Debug)]
pub struct BeginArgs {
    /// The roster.
    #[arg(long, value_name = "FILE")]
    roster: PathBuf,
    /// The member's keys.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where to keep the state of the ceremony. Secret.
    #[arg(long, value_name = "FILE")]
    state: PathBuf,
    /// Where to write the commitments.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// A member's second step.
#[derive(Args, Debug)]
pub struct ExchangeArgs {
    /// All members' commitments.
    #[arg(required = true, value_name = "COMMITMENTS")]
    commitments: Vec<PathBuf>,
    /// The member's keys.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The state of the ceremony.
    #[arg(long, value_name = "FILE")]
    state: PathBuf,
    /// Where to write the sealed sub-shares.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// A member's third step.
#[derive(Args, Debug)]
pub struct FinishArgs {
    /// All members' sub-shares.
    #[arg(required = true, value_name = "SUB_SHARES")]
    sub_shares: Vec<PathBuf>,
    /// The member's keys.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The state of the ceremony.
    #[arg(long, value_name = "FILE")]
    state: PathBuf,
    /// Where to write the share. Secret; only its owner may read the file.
    #[arg(long, value_name = "FILE")]
    share: PathBuf,
    /// Where to write the committee, not yet certified.
    #[arg(long, value_name = "FILE")]
    record: PathBuf,
    /// Where to write the confirmation.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The folder for complaints about false sub-shares.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    complaints: PathBuf,
}

/// What is judged, and by what.
#[derive(Args, Debug)]
pub struct JudgeArgs {
    /// The complaint.
    complaint: PathBuf,
    /// The roster.
    #[arg(long, value_name = "FILE")]
    roster: PathBuf,
    /// The accused member's commitments.
    #[arg(long, value_name = "FILE")]
    commitments: PathBuf,
    /// The accused member's sub-shares.
    #[arg(long, value_name = "FILE")]
    sub_shares: PathBuf,
}

fn begin(args: &BeginArgs, output: &Output) -> Result<(), Failure> {
    let roster: Roster = read(&args.roster)?;
    let (member, message) = if args.state.exists() {
        let state: Keygen = read(&args.state)?;
        let message = ceremony::begun(&state, &roster).map_err(refused)?;
        (state.member(), message)
    } else {
        let began = ceremony::begin(&roster, &read(&args.key)?).map_err(refused)?;
        write_private(&args.state, &began.state)?;
        (began.state.member(), began.message)
    };
    write(&args.out, &message)?;
    output.report(&Step {
        member: Some(member),
        ceremony: Some(roster.ceremony().to_string()),
        public: vec![name(&args.out)],
        secret: vec![name(&args.state)],
        next: "with everybody's commitments: plume committee keygen exchange",
        ..Step::default()
    })
}

fn exchange(args: &ExchangeArgs, output: &Output) -> Result<(), Failure> {
    let mut state: Keygen = read(&args.state)?;
    let commitments = read_all(&args.commitments)?;
    let message =
        ceremony::exchange(&mut state, &read(&args.key)?, &commitments).map_err(refused)?;
    // The state is kept before the message goes out: a second, different one would convict this member.
    replace_private(&args.state, &state)?;
    write(&args.out, &message)?;
    output.report(&Step {
        member: Some(state.member()),
        public: vec![name(&args.out)],
        secret: vec![name(&args.state)],
        next: "with everybody's sub-shares: plume committee keygen finish",
        ..Step::default()
    })
}

fn finish(args: &FinishArgs, output: &Output) -> Result<(), Failure> {
    let state: Keygen = read(&args.state)?;
    let sub_shares = read_all(&args.sub_shares)?;
    let done = ceremony::finish(&state, &read(&args.key)?, &sub_shares)
        .map_err(|error| with_complaints(error, &args.complaints))?;
    write_private(&args.share, &done.share)?;
    write(&args.record, &done.record)?;
    write(&args.out, &done.confirmation)?;
    output.report(&Step {
        member: Some(state.member()),
        committee: Some(done.record.committee.id().to_string()),
        key: Some(done.record.committee.key.to_string()),
        public: vec![name(&args.record), name(&args.out)],
        secret: vec![name(&args.share), name(&args.state)],
        next: "with everybody's confirmations: plume committee certify",
        ..Step::default()
    })
}

fn judge(args: &JudgeArgs, output: &Output) -> Result<(), Failure> {
    let complaint = read(&args.complaint)?;
    let (commitments, sub_shares) = (read(&args.commitments)?, read(&args.sub_shares)?);
    let judged =
        ceremony::judge_sub_shares(&read(&args.roster)?, &commitments, &sub_shares, &complaint)
            .map_err(refused)?;
    output.report(&Step {
        member: Some(judged.convicted),
        notes: vec!["this member sent a false sub-share".into()],
        next: "begin again without it, with another roster",
        ..Step::default()
    })
}

/// Runs it.
pub fn run(command: &KeygenCommand, output: &Output) -> Result<(), Failure> {
    match command {
        KeygenCommand::Begin(args) => begin(args, output),
        KeygenCommand::Exchange(args) => exchange(args, output),
        KeygenCommand::Finish(args) => finish(args, output),
        KeygenCommand::Judge(args) => judge(args, output),
    }
}
