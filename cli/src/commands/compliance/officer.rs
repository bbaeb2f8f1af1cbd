//! `plume compliance take`, `evidence`, `propose`, `confirm` and `reject`: what officers sign.

use std::path::PathBuf;

use clap::Args;
use plume_reports::Hash32;
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{AccountId32, Call, Client, Event, Signer, address, call};

use super::holds::moved;
use super::standing::{Outcome, PALLET, Seen, Stage, see};
use crate::args::Global;
use crate::commands::act::{ActReport, Signing, send};
use crate::commands::connect;
use crate::commands::document::Document;
use crate::failure::Failure;
use crate::output::Output;

/// Which case.
#[derive(Args, Debug)]
pub struct TakeArgs {
    /// Number of the case.
    case: u64,
    #[command(flatten)]
    signing: Signing,
}

/// Which evidence.
#[derive(Args, Debug)]
pub struct EvidenceArgs {
    /// Number of the case.
    case: u64,
    /// The file. It is hashed here and stays here.
    #[arg(long, value_name = "FILE", required_unless_present = "hash")]
    file: Option<PathBuf>,
    /// Its hash: 0x and 64 digits.
    #[arg(long, value_name = "HASH", conflicts_with = "file")]
    hash: Option<Hash32>,
    #[command(flatten)]
    signing: Signing,
}

/// Which end.
#[derive(Args, Debug)]
pub struct ProposeArgs {
    /// Number of the case.
    case: u64,
    /// How it is to end.
    #[arg(long, value_enum)]
    outcome: Outcome,
    /// Why: a file, which is hashed here and stays here, or its hash (0x and 64 digits).
    #[arg(long, value_name = "FILE|HASH")]
    evidence: Document,
    #[command(flatten)]
    signing: Signing,
}

/// What is confirmed.
#[derive(Args, Debug)]
pub struct ConfirmArgs {
    /// Number of the case.
    case: u64,
    /// What the other officer has proposed. Another outcome is refused.
    #[arg(long, value_enum)]
    outcome: Outcome,
    /// What you have looked at: a file, which is hashed here and stays here, or its hash (0x and 64 digits).
    #[arg(long, value_name = "FILE|HASH")]
    evidence: Document,
    #[command(flatten)]
    signing: Signing,
}

/// What is rejected.
#[derive(Args, Debug)]
pub struct RejectArgs {
    /// Number of the case.
    case: u64,
    /// Why not: a file, which is hashed here and stays here, or its hash (0x and 64 digits).
    #[arg(long, value_name = "FILE|HASH")]
    evidence: Document,
    #[command(flatten)]
    signing: Signing,
}

impl EvidenceArgs {
    fn document(&self) -> Result<Document, Failure> {
        match (&self.file, self.hash) {
            (Some(file), _) => Ok(Document::File(file.clone())),
            (None, Some(hash)) => Ok(Document::Hash(hash)),
            (None, None) => Err(Failure::new(
                "neither --file nor --hash was given",
                "Give one of them",
            )),
        }
    }
}

/// An officer at work on a case.
struct Desk {
    client: Client,
    signer: Signer,
    seen: Seen,
}

impl Desk {
    async fn open(case: u64, signing: &Signing, global: &Global) -> Result<Self, Failure> {
        let signer = signing.signer()?;
        let client = connect(global).await?;
        let seen = see(&client, case).await?;
        Ok(Self {
            client,
            signer,
            seen,
        })
    }

    fn officer(&self) -> AccountId32 {
        self.signer.account()
    }

    /// Sends it, and tells what came of it.
    async fn act(&self, act: Act, output: &Output) -> Result<(), Failure> {
        let transaction = send(&self.client, &self.signer, &act.call, &act.will, output).await?;
        let done = with_moves(act.done, transaction.events());
        output.report(&ActReport {
            case: Some(self.seen.number),
            hash: act.hash.map(|hash| hash.to_string()),
            ..ActReport::new(transaction, done, act.next)
        })
    }
}

/// What an officer does, and what is said of it.
struct Act {
    call: Call,
    /// What is put on record.
    hash: Option<Hash32>,
    /// Before it is signed.
    will: String,
    /// When it is final.
    done: String,
    /// What comes next.
    next: String,
}

/// What was done, and what has moved by it, in a sentence each.
fn with_moves(done: String, events: &[Event]) -> String {
    let mut sentences = vec![done];
    sentences.extend(moved(events));
    sentences.join(" ")
}

fn case_field(case: u64) -> (&'static str, Value) {
    ("case", Value::u128(case.into()))
}

fn evidence_field(evidence: Hash32) -> (&'static str, Value) {
    ("evidence", Value::from_bytes(evidence.0))
}

fn closing_field(outcome: Outcome) -> (&'static str, Value) {
    ("closing", Value::unnamed_variant(outcome.chain_name(), []))
}

/// What happens when somebody takes a case.
fn taking(case: u64, stage: &Stage, who: &AccountId32) -> String {
    let over = match stage {
        Stage::Investigating { officer } if officer == who => {
            return format!("Case {case} is yours already; the chain notes it once more.");
        }
        Stage::Investigating { officer } => format!(" over from {}", address::format(officer)),
        Stage::Open | Stage::Proposed { .. } | Stage::Closed { .. } => String::new(),
    };
    format!(
        "You take case {case}{over}: everybody sees that you look at it. What is on hold stays on hold."
    )
}

/// `plume compliance take`.
pub async fn take(args: &TakeArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let case = args.case;
    let desk = Desk::open(case, &args.signing, global).await?;
    let stage = desk.seen.to_take(&desk.officer())?;
    let about = desk.seen.about();
    let act = Act {
        call: call(PALLET, "take_case", [case_field(case)]),
        hash: None,
        will: taking(case, &stage, &desk.officer()),
        done: format!("Case {case} about {about} is yours."),
        next: format!(
            "put evidence on record with: plume compliance evidence {case} --file FILE --from @officer.secret; \
             then propose how to close it with: plume compliance propose {case} --outcome OUTCOME --evidence FILE \
             --from @officer.secret"
        ),
    };
    desk.act(act, output).await
}

/// What an officer does after a piece of evidence.
fn after_evidence(case: u64, stage: &Stage) -> String {
    match stage {
        Stage::Open => {
            format!("take the case with: plume compliance take {case} --from @officer.secret")
        }
        Stage::Proposed { officer, outcome } => format!(
            "{} has proposed to close it as {}; another officer confirms or rejects that",
            address::format(officer),
            outcome.word()
        ),
        Stage::Investigating { .. } | Stage::Closed { .. } => format!(
            "propose how to close it with: plume compliance propose {case} --outcome OUTCOME --evidence FILE \
             --from @officer.secret"
        ),
    }
}

/// `plume compliance evidence`.
pub async fn evidence(
    args: &EvidenceArgs,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    let (case, hash) = (args.case, args.document()?.hash()?);
    let desk = Desk::open(case, &args.signing, global).await?;
    let stage = desk.seen.workable_by(&desk.officer())?;
    let act = Act {
        call: call(
            PALLET,
            "add_evidence",
            [case_field(case), evidence_field(hash)],
        ),
        hash: Some(hash),
        will: format!(
            "The chain gets the hash {hash} as evidence in case {case}, under your name. The file stays with you: \
             keep it as it is."
        ),
        done: format!("The hash {hash} is on record for case {case}."),
        next: after_evidence(case, &stage),
    };
    desk.act(act, output).await
}

/// `plume compliance propose`.
pub async fn propose(args: &ProposeArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let (case, outcome, hash) = (args.case, args.outcome, args.evidence.hash()?);
    let desk = Desk::open(case, &args.signing, global).await?;
    desk.seen.to_propose(&desk.officer())?;
    let fields = [
        case_field(case),
        closing_field(outcome),
        evidence_field(hash),
    ];
    let word = outcome.word();
    let act = Act {
        call: call(PALLET, "propose_closing", fields),
        hash: Some(hash),
        will: format!(
            "You propose to close case {case} as {word}: {}. Nothing moves before another officer confirms.",
            outcome.says()
        ),
        done: format!("It is proposed to close case {case} as {word}."),
        next: format!(
            "a second officer reads the same evidence and confirms with: plume compliance confirm {case} \
             --outcome {word} --evidence {hash} --from @officer.secret; or rejects with: plume compliance reject \
             {case} --evidence FILE --from @officer.secret"
        ),
    };
    desk.act(act, output).await
}

/// What comes after a case.
fn after_closing(case: u64, outcome: Outcome) -> String {
    match outcome {
        Outcome::Dismissed => format!(
            "nothing more; the chain keeps the case until anybody may remove it with: plume compliance prune {case}"
        ),
        Outcome::ReportedAndReturned | Outcome::ReportedAndReleased => format!(
            "write the report for the authority with: plume compliance report {case} (see its --help for formats)"
        ),
    }
}

/// `plume compliance confirm`.
pub async fn confirm(args: &ConfirmArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let (case, outcome, hash) = (args.case, args.outcome, args.evidence.hash()?);
    let desk = Desk::open(case, &args.signing, global).await?;
    let proposer = desk.seen.to_confirm(&desk.officer(), outcome)?;
    let fields = [
        case_field(case),
        closing_field(outcome),
        evidence_field(hash),
    ];
    let act = Act {
        call: call(PALLET, "confirm_closing", fields),
        hash: Some(hash),
        will: format!(
            "You agree with {} to close case {case} as {}: {}. There is no taking it back.",
            address::format(&proposer),
            outcome.word(),
            outcome.says()
        ),
        done: format!("Case {case} is closed as {}.", outcome.word()),
        next: after_closing(case, outcome),
    };
    desk.act(act, output).await
}

/// `plume compliance reject`.
pub async fn reject(args: &RejectArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let (case, hash) = (args.case, args.evidence.hash()?);
    let desk = Desk::open(case, &args.signing, global).await?;
    let (proposer, outcome) = desk.seen.to_reject(&desk.officer())?;
    let whose = if proposer == desk.officer() {
        "your own proposal".to_owned()
    } else {
        format!("the proposal of {}", address::format(&proposer))
    };
    let act = Act {
        call: call(
            PALLET,
            "reject_closing",
            [case_field(case), evidence_field(hash)],
        ),
        hash: Some(hash),
        will: format!(
            "You reject {whose} to close case {case} as {}: it is investigated further, by you. What is on hold stays \
             on hold.",
            outcome.word()
        ),
        done: format!("The proposal is rejected, and case {case} is yours to investigate."),
        next: format!(
            "when you know more, propose anew with: plume compliance propose {case} --outcome OUTCOME --evidence FILE \
             --from @officer.secret"
        ),
    };
    desk.act(act, output).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use crate::commands::compliance::ComplianceCommand;
    use clap::Parser;
    use serde_json::json;

    fn parse(line: &str) -> Result<ComplianceCommand, clap::Error> {
        let line = format!("plume compliance {line} --from //Alice");
        match Cli::try_parse_from(line.split(' '))?.command {
            Command::Compliance(command) => Ok(command),
            other => panic!("parsed as {other:?}"),
        }
    }

    fn hash() -> String {
        Hash32([7; 32]).to_string()
    }

    #[test]
    fn every_step_names_its_case_and_who_signs() {
        for line in ["take 7", "reject 7 --evidence memo.pdf"] {
            assert!(parse(line).is_ok(), "{line}");
        }
        assert!(parse("take").is_err() && parse("take seven").is_err());
        assert!(Cli::try_parse_from("plume compliance take 7".split(' ')).is_err());
    }

    #[test]
    fn evidence_is_a_file_or_a_hash_and_never_both() {
        let hash = hash();
        let document = |line: &str| match parse(line).expect(line) {
            ComplianceCommand::Evidence(args) => args.document().expect(line),
            other => panic!("parsed as {other:?}"),
        };
        assert_eq!(
            document("evidence 7 --file memo.pdf"),
            Document::File("memo.pdf".into())
        );
        assert_eq!(
            document(&format!("evidence 7 --hash {hash}")),
            Document::Hash(Hash32([7; 32]))
        );
        assert!(parse("evidence 7").is_err());
        assert!(parse("evidence 7 --hash memo.pdf").is_err());
        assert!(parse(&format!("evidence 7 --file memo.pdf --hash {hash}")).is_err());
    }

    #[test]
    fn a_closing_has_an_outcome_and_evidence() {
        let hash = hash();
        for verb in ["propose", "confirm"] {
            for outcome in ["dismissed", "reported", "reported-and-released"] {
                let line = format!("{verb} 7 --outcome {outcome} --evidence {hash}");
                assert!(parse(&line).is_ok(), "{line}");
            }
            for wrong in [
                format!("{verb} 7 --outcome dismissed"),
                format!("{verb} 7 --evidence {hash}"),
                format!("{verb} 7 --outcome forgotten --evidence {hash}"),
                format!("{verb} 7 --outcome dismissed --evidence 0xabc"),
            ] {
                assert!(parse(&wrong).is_err(), "{wrong}");
            }
        }
        let line = format!("propose 7 --outcome reported --evidence {hash}");
        match parse(&line).expect("complete") {
            ComplianceCommand::Propose(args) => {
                assert_eq!(args.outcome, Outcome::ReportedAndReturned);
            }
            other => panic!("parsed as {other:?}"),
        }
    }

    #[test]
    fn who_takes_a_case_from_another_officer_is_told_so() {
        let (me, other) = (AccountId32([3; 32]), AccountId32([4; 32]));
        let by = |officer| Stage::Investigating { officer };
        assert!(taking(7, &Stage::Open, &me).starts_with("You take case 7: "));
        let over = taking(7, &by(other), &me);
        let address = address::format(&other);
        assert!(over.contains(&format!("over from {address}")), "{over}");
        assert!(taking(7, &by(me), &me).contains("yours already"));
    }

    #[test]
    fn a_closed_case_says_what_moved() {
        let bob = plume_sdk::raw::to_hex(&[2; 32]);
        let returned = Event {
            pallet: "Compliance".into(),
            name: "Returned".into(),
            fields: json!({ "hold": "5", "to": bob, "asset": "Native", "amount": "12500000000000000000" }),
        };
        let address = address::format(&AccountId32([2; 32]));
        assert_eq!(
            with_moves("Case 7 is closed.".into(), &[returned]),
            format!("Case 7 is closed. 12.5 PLUME went back to {address}.")
        );
        let quiet = with_moves("Case 7 is closed.".into(), &[]);
        assert_eq!(quiet, "Case 7 is closed.");
    }
}
