//! `plume committee reshare`: old members deal, new ones receive, then `plume committee certify`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use plume_committee::{Certificate, ceremony};

use super::documents::{read, read_all, refused, with_complaints, write, write_private};
use super::{Step, name};
use crate::failure::Failure;
use crate::output::Output;

/// Hand the key over to another membership, or refresh the shares of the same one.
///
/// The committee's key stays. Old and new shares do not fit together.
#[derive(Debug, Subcommand)]
pub enum ReshareCommand {
    /// An old member deals its share to the new ones. At least the old threshold of members does.
    #[command(after_help = "\
Examples:
  plume committee reshare deal --committee committee.json --roster next.json --key me.key --share me.share \\
      --out dealing-1.json

Deal once: two different dealings are a fault. A file that exists is not written over.")]
    Deal(DealArgs),
    /// A new member checks the dealings, and computes its share and the new committee.
    #[command(after_help = "\
Examples:
  plume committee reshare receive dealing-*.json --committee committee.json --roster next.json --key me.key \\
      --share new.share --record record.json --out confirmation-1.json
  plume committee reshare receive dealing-*.json --complaint complaint-of-3-against-1.json ...

All new members need the same dealings and the same complaints.")]
    Receive(ReceiveArgs),
    /// Judge a complaint. Anybody can.
    #[command(after_help = "\
Examples:
  plume committee reshare judge complaint-of-3-against-1.json --committee committee.json --roster next.json \\
      --dealing dealing-1.json")]
    Judge(JudgeArgs),
}

/// Who deals.
#[derive(Args, Debug)]
pub struct DealArgs {
    /// The committee that hands over.
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
    /// The new roster.
    #[arg(long, value_name = "FILE")]
    roster: PathBuf,
    /// The member's keys.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The member's share.
    #[arg(long, value_name = "FILE")]
    share: PathBuf,
    /// Where to write the dealing.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Who receives, from whom.
#[derive(Args, Debug)]
pub struct ReceiveArgs {
    /// The old members' dealings.
    #[arg(required = true, value_name = "DEALING")]
    dealings: Vec<PathBuf>,
    /// A complaint of a new member; may be given several times.
    #[arg(long, value_name = "FILE")]
    complaint: Vec<PathBuf>,
    /// The committee that hands over.
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
    /// The new roster.
    #[arg(long, value_name = "FILE")]
    roster: PathBuf,
    /// The member's keys.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where to write the new share. Secret; only its owner may read the file.
    #[arg(long, value_name = "FILE")]
    share: PathBuf,
    /// Where to write the new committee, not yet certified.
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
    /// The committee that hands over.
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
    /// The new roster.
    #[arg(long, value_name = "FILE")]
    roster: PathBuf,
    /// The accused member's dealing.
    #[arg(long, value_name = "FILE")]
    dealing: PathBuf,
}

fn deal(args: &DealArgs, output: &Output) -> Result<(), Failure> {
    if args.out.exists() {
        return Err(Failure::new(
            format!("{} exists", args.out.display()),
            "Give the dealing that is there: a second, different one is a fault",
        ));
    }
    let old: Certificate = read(&args.committee)?;
    let (key, share) = (read(&args.key)?, read(&args.share)?);
    let dealing = ceremony::deal(&old, &read(&args.roster)?, &key, &share).map_err(refused)?;
    write(&args.out, &dealing)?;
    output.report(&Step {
        member: Some(dealing.from),
        ceremony: Some(dealing.body.ceremony.to_string()),
        public: vec![name(&args.out)],
        secret: vec![name(&args.share)],
        next: "new members: plume committee reshare receive; destroy the old share when the new committee is certified",
        ..Step::default()
    })
}

fn receive(args: &ReceiveArgs, output: &Output) -> Result<(), Failure> {
    let old: Certificate = read(&args.committee)?;
    let dealings = read_all(&args.dealings)?;
    let complaints = read_all(&args.complaint)?;
    let (roster, key) = (read(&args.roster)?, read(&args.key)?);
    let done = ceremony::receive(&old, &roster, &key, &dealings, &complaints)
        .map_err(|error| with_complaints(error, &args.complaints))?;
    write_private(&args.share, &done.share)?;
    write(&args.record, &done.record)?;
    write(&args.out, &done.confirmation)?;
    output.report(&Step {
        member: Some(done.share.member),
        committee: Some(done.record.committee.id().to_string()),
        key: Some(done.record.committee.key.to_string()),
        notes: done.left_out,
        public: vec![name(&args.record), name(&args.out)],
        secret: vec![name(&args.share)],
        next: "with everybody's confirmations: plume committee certify",
        ..Step::default()
    })
}

fn judge(args: &JudgeArgs, output: &Output) -> Result<(), Failure> {
    let old: Certificate = read(&args.committee)?;
    let (dealing, complaint) = (read(&args.dealing)?, read(&args.complaint)?);
    let judged = ceremony::judge_dealing(&old, &read(&args.roster)?, &dealing, &complaint)
        .map_err(refused)?;
    output.report(&Step {
        member: Some(judged.convicted),
        notes: vec!["this old member sent a false sub-share".into()],
        next: "every new member receives again, with the complaint",
        ..Step::default()
    })
}

/// Runs it.
pub fn run(command: &ReshareCommand, output: &Output) -> Result<(), Failure> {
    match command {
        ReshareCommand::Deal(args) => deal(args, output),
        ReshareCommand::Receive(args) => receive(args, output),
        ReshareCommand::Judge(args) => judge(args, output),
    }
}
