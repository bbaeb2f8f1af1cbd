//! `plume regulator record-access`.

use std::path::PathBuf;

use clap::Args;
use plume_reports::Hash32;
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{At, call};

use super::standing::{PALLET, Power, Supervisor, Warrant};
use crate::args::Global;
use crate::commands::act::{ActReport, Signing, limit, send};
use crate::commands::connect;
use crate::commands::document::Document;
use crate::failure::Failure;
use crate::files;
use crate::output::Output;

/// More than any runtime lets an institution be told; the chain says how much it is.
const MAX_SEALED_BYTES: usize = 64 * 1024;

/// About whom, by what right.
#[derive(Args, Debug)]
pub struct AccessArgs {
    /// Number of the subject: 0x and 64 digits.
    subject: Hash32,
    /// Number of the warrant [default: none, for what your powers let you see anyway]
    #[arg(long, value_name = "NUMBER")]
    warrant: Option<u32>,
    /// What you keep about it: a file, which is hashed here and stays here, or its hash (0x and 64 digits).
    #[arg(long, value_name = "FILE|HASH")]
    evidence: Document,
    /// What the subject's institution is told: a file that is encrypted to it already.
    #[arg(long, value_name = "FILE")]
    sealed: Option<PathBuf>,
    #[command(flatten)]
    signing: Signing,
}

fn fields(
    warrant: Option<u32>,
    subject: Hash32,
    evidence: Hash32,
    sealed: &[u8],
) -> [(&'static str, Value); 4] {
    let warrant = match warrant {
        None => Value::unnamed_variant("None", []),
        Some(number) => Value::unnamed_variant("Some", [Value::u128(number.into())]),
    };
    [
        ("warrant", warrant),
        ("subject", Value::from_bytes(subject.0)),
        ("evidence", Value::from_bytes(evidence.0)),
        ("sealed", Value::from_bytes(sealed)),
    ]
}

/// By which right, for people.
fn right(warrant: Option<u32>) -> String {
    warrant.map_or("without a warrant".into(), |number| {
        format!("by warrant {number}")
    })
}

/// Refuses more than the chain takes.
fn ensure_short(sealed: &[u8], most: u32) -> Result<(), Failure> {
    if u32::try_from(sealed.len()).is_ok_and(|length| length <= most) {
        return Ok(());
    }
    Err(Failure::new(
        format!(
            "what the institution is told has {} bytes, and the chain takes {most}",
            sealed.len()
        ),
        "Tell it less here, and the rest by another way",
    ))
}

/// `plume regulator record-access`.
pub async fn record(args: &AccessArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let (subject, hash) = (args.subject, args.evidence.hash()?);
    let signer = args.signing.signer()?;
    let sealed = match &args.sealed {
        None => Vec::new(),
        Some(path) => files::read(path, MAX_SEALED_BYTES)?,
    };
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    ensure_short(&sealed, limit(&at, PALLET, "MaxSealed")?)?;
    let supervisor = Supervisor::read(&at, signer.account()).await?;
    match args.warrant {
        None => supervisor.ensure(Power::Access)?,
        Some(number) => {
            let warrant = Warrant::read(&at, number).await?;
            warrant.good_for(&supervisor, Power::Access)?;
            warrant.ensure_about("Subject", &subject.to_string())?;
        }
    }
    let right = right(args.warrant);
    let will = format!(
        "You record that something about subject {subject} was opened, {right}. Everybody sees the line in the log; its \
         institution reads what is sealed for it, if anything."
    );
    let call = call(
        PALLET,
        "record_access",
        fields(args.warrant, subject, hash, &sealed),
    );
    let transaction = send(&client, &signer, &call, &will, output).await?;
    let line = transaction.number(PALLET, "Logged", "number");
    let line = line.ok_or_else(super::unreadable)?;
    output.report(&ActReport {
        warrant: args.warrant.map(u64::from),
        log_line: Some(line),
        hash: Some(hash.to_string()),
        ..ActReport::new(
            transaction,
            format!("Line {line} of the log says that something about subject {subject} was opened, {right}."),
            "keep the file whose hash is on record; see the line with: plume regulator log",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use crate::commands::regulator::RegulatorCommand;
    use clap::Parser;
    use plume_sdk::state;

    fn parse(line: &str) -> Result<AccessArgs, clap::Error> {
        let line = format!("plume regulator record-access {line} --from //Dave");
        match Cli::try_parse_from(line.split(' '))?.command {
            Command::Regulator(RegulatorCommand::RecordAccess(args)) => Ok(args),
            other => panic!("parsed as {other:?}"),
        }
    }

    #[test]
    fn an_access_is_about_a_subject_and_has_evidence() {
        let subject = Hash32([9; 32]);
        let args = parse(&format!("{subject} --warrant 3 --evidence note.pdf")).expect("complete");
        assert_eq!((args.subject, args.warrant), (subject, Some(3)));
        assert_eq!(right(args.warrant), "by warrant 3");
        let args = parse(&format!("{subject} --evidence note.pdf")).expect("complete");
        assert_eq!(right(args.warrant), "without a warrant");
        assert!(parse("--evidence note.pdf").is_err());
        assert!(parse(&format!("{subject} --warrant 3")).is_err());
    }

    #[test]
    fn the_call_has_what_was_given() {
        let made = call(
            PALLET,
            "record_access",
            fields(Some(3), Hash32([9; 32]), Hash32([4; 32]), &[7; 32]),
        );
        let arguments = state::arguments(&made);
        assert_eq!(arguments["warrant"]["Some"], "3");
        assert_eq!(arguments["subject"], Hash32([9; 32]).to_string());
        assert_eq!(arguments["sealed"], Hash32([7; 32]).to_string());
        let none = call(
            PALLET,
            "record_access",
            fields(None, Hash32([9; 32]), Hash32([4; 32]), &[]),
        );
        let arguments = state::arguments(&none);
        assert_eq!(arguments["warrant"], "None");
        assert_eq!(arguments["sealed"], serde_json::json!([]));
    }

    #[test]
    fn an_institution_is_told_as_much_as_the_chain_takes() {
        assert!(ensure_short(&[7; 1_024], 1_024).is_ok());
        let long = ensure_short(&[7; 1_025], 1_024).expect_err("a byte too many");
        assert!(long.reason.contains("1025 bytes"), "{long:?}");
    }
}
