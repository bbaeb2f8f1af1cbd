//! `plume regulator freeze` and `release`.

use clap::{Args, Subcommand};
use plume_reports::Hash32;
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{At, AtBlock, call, state};

use super::standing::{PALLET, Power, Supervisor, Warrant};
use super::unreadable;
use crate::args::Global;
use crate::commands::act::{ActReport, Signing, send};
use crate::commands::compliance::record::integer;
use crate::commands::connect;
use crate::commands::document::Document;
use crate::failure::Failure;
use crate::output::Output;

/// Stop all that a subject has, or keep an amount on hold where it is.
#[derive(Debug, Subcommand)]
pub enum FreezeCommand {
    /// Stop all that a subject has: nothing moves, from or to any of its accounts.
    #[command(after_help = "\
Examples:
  plume regulator freeze subject 0x... --warrant 3 --evidence file-note.pdf --from @supervisor.secret

It lasts as long as the warrant, or until you release it. The warrant has to be good for freeze-subjects.")]
    Subject(SubjectArgs),
    /// Keep what is on hold for a case where it is, whatever officers decide.
    #[command(after_help = "\
Examples:
  plume regulator freeze amount 7 --warrant 3 --evidence file-note.pdf --from @supervisor.secret

It lasts as long as the warrant, or until you release it. The warrant has to be good for freeze-amounts.")]
    Amount(AmountArgs),
}

/// End a freeze before its warrant ends.
#[derive(Debug, Subcommand)]
pub enum ReleaseCommand {
    /// Let a subject pay and be paid again, unless another warrant freezes it.
    #[command(after_help = "\
Examples:
  plume regulator release subject 0x... --warrant 3 --evidence lifted.pdf --from @supervisor.secret

By the warrant that froze it, which may have ended since.")]
    Subject(SubjectArgs),
    /// Let officers decide again about what is on hold for a case, unless another warrant freezes it.
    #[command(after_help = "\
Examples:
  plume regulator release amount 7 --warrant 3 --evidence lifted.pdf --from @supervisor.secret

By the warrant that froze it, which may have ended since.")]
    Amount(AmountArgs),
}

/// Which subject, by which warrant.
#[derive(Args, Debug)]
pub struct SubjectArgs {
    /// Number of the subject: 0x and 64 digits.
    subject: Hash32,
    #[command(flatten)]
    by: By,
}

/// Which amount, by which warrant.
#[derive(Args, Debug)]
pub struct AmountArgs {
    /// Number of the case that the amount is on hold for.
    case: u64,
    #[command(flatten)]
    by: By,
}

/// By which warrant, and why.
#[derive(Args, Debug)]
pub struct By {
    /// Number of the warrant.
    #[arg(long, value_name = "NUMBER")]
    warrant: u32,
    /// What you keep about it: a file, which is hashed here and stays here, or its hash (0x and 64 digits).
    #[arg(long, value_name = "FILE|HASH")]
    evidence: Document,
    #[command(flatten)]
    signing: Signing,
}

/// What is frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Subject(Hash32),
    Amount(u64),
}

impl What {
    fn power(self) -> Power {
        match self {
            Self::Subject(_) => Power::FreezeSubjects,
            Self::Amount(_) => Power::FreezeAmounts,
        }
    }

    /// As a warrant's target names it.
    fn named(self) -> (&'static str, String) {
        match self {
            Self::Subject(subject) => ("Subject", subject.to_string()),
            Self::Amount(case) => ("Case", case.to_string()),
        }
    }

    /// As the command line names it.
    fn words(self) -> String {
        match self {
            Self::Subject(subject) => format!("subject {subject}"),
            Self::Amount(case) => format!("amount {case}"),
        }
    }

    /// As people name it, at the beginning of a sentence.
    fn title(self) -> String {
        match self {
            Self::Subject(subject) => format!("Subject {subject}"),
            Self::Amount(case) => format!("What is on hold for case {case}"),
        }
    }

    fn value(self) -> Value {
        match self {
            Self::Subject(subject) => Value::from_bytes(subject.0),
            Self::Amount(case) => Value::u128(case.into()),
        }
    }

    /// The warrants that freeze it, those that have ended included.
    async fn freezes(self, at: &AtBlock) -> Result<Vec<u32>, Failure> {
        let entry = match self {
            Self::Subject(_) => "SubjectFreezes",
            Self::Amount(_) => "AmountFreezes",
        };
        let found = state::entry(at, PALLET, entry, vec![self.value()]).await?;
        let numbers = found.iter().flat_map(state::items);
        numbers
            .map(|number| integer(number).ok_or_else(unreadable))
            .collect()
    }

    /// The case, where it is one.
    fn case(self) -> Option<u64> {
        match self {
            Self::Subject(_) => None,
            Self::Amount(case) => Some(case),
        }
    }

    fn fields(self, warrant: u32, evidence: Hash32) -> [(&'static str, Value); 3] {
        let field = match self {
            Self::Subject(_) => "subject",
            Self::Amount(_) => "case",
        };
        [
            ("warrant", Value::u128(warrant.into())),
            (field, self.value()),
            ("evidence", Value::from_bytes(evidence.0)),
        ]
    }
}

/// What happens when it is frozen until then.
fn freezing(what: What, warrant: u32, until: &str) -> String {
    match what {
        What::Subject(subject) => format!(
            "By warrant {warrant} nothing of subject {subject} moves until {until}: none of its accounts pays or is paid. \
             Everybody sees it in the log."
        ),
        What::Amount(case) => format!(
            "By warrant {warrant} what is on hold for case {case} stays where it is until {until}: officers cannot decide \
             it, and it does not return. Everybody sees it in the log."
        ),
    }
}

/// What happens when it is released.
fn releasing(what: What, warrant: u32) -> String {
    match what {
        What::Subject(subject) => format!(
            "Warrant {warrant} lets go of subject {subject}: it pays and is paid again, unless another warrant freezes it."
        ),
        What::Amount(case) => format!(
            "Warrant {warrant} lets go of what is on hold for case {case}: it goes where its case decides, unless another \
             warrant freezes it."
        ),
    }
}

async fn freeze_it(what: What, by: &By, global: &Global, output: &Output) -> Result<(), Failure> {
    let (number, hash) = (by.warrant, by.evidence.hash()?);
    let signer = by.signing.signer()?;
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let supervisor = Supervisor::read(&at, signer.account()).await?;
    let warrant = Warrant::read(&at, number).await?;
    let until = warrant.good_for(&supervisor, what.power())?;
    let (kind, name) = what.named();
    warrant.ensure_about(kind, &name)?;
    if what.freezes(&at).await?.contains(&number) {
        return Err(Failure::new(
            format!("warrant {number} freezes it already"),
            format!(
                "Nothing needs to be done; it lasts until {}",
                supervisor.date(until)
            ),
        ));
    }
    let until = supervisor.date(until);
    let function = match what {
        What::Subject(_) => "freeze_subject",
        What::Amount(_) => "freeze_amount",
    };
    let call = call(PALLET, function, what.fields(number, hash));
    let will = freezing(what, number, &until);
    let transaction = send(&client, &signer, &call, &will, output).await?;
    let next = format!(
        "it ends by itself on {until}; let go before with: plume regulator release {} --warrant {number} --evidence FILE \
         --from @supervisor.secret",
        what.words()
    );
    output.report(&ActReport {
        case: what.case(),
        warrant: Some(number.into()),
        log_line: transaction.number(PALLET, "Logged", "number"),
        hash: Some(hash.to_string()),
        ..ActReport::new(
            transaction,
            format!("{} is frozen by warrant {number}.", what.title()),
            next,
        )
    })
}

async fn release_it(what: What, by: &By, global: &Global, output: &Output) -> Result<(), Failure> {
    let (number, hash) = (by.warrant, by.evidence.hash()?);
    let signer = by.signing.signer()?;
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let supervisor = Supervisor::read(&at, signer.account()).await?;
    Warrant::read(&at, number).await?.own(&supervisor)?;
    if !what.freezes(&at).await?.contains(&number) {
        return Err(Failure::new(
            format!("warrant {number} does not freeze it"),
            "See by which warrant it was frozen with: plume regulator log",
        ));
    }
    let function = match what {
        What::Subject(_) => "release_subject",
        What::Amount(_) => "release_amount",
    };
    let call = call(PALLET, function, what.fields(number, hash));
    let will = releasing(what, number);
    let transaction = send(&client, &signer, &call, &will, output).await?;
    let next = match what {
        What::Subject(_) => format!(
            "the warrant goes on; end it, if it is done, with: plume regulator withdraw-warrant {number} --evidence FILE \
             --from @supervisor.secret"
        ),
        What::Amount(case) => format!(
            "officers decide the case; where its time is over, anybody returns it with: plume compliance return-expired \
             (see case {case} with: plume compliance cases)"
        ),
    };
    output.report(&ActReport {
        case: what.case(),
        warrant: Some(number.into()),
        log_line: transaction.number(PALLET, "Logged", "number"),
        hash: Some(hash.to_string()),
        ..ActReport::new(
            transaction,
            format!("{} is released by warrant {number}.", what.title()),
            next,
        )
    })
}

/// `plume regulator freeze`.
pub async fn freeze(
    command: &FreezeCommand,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    match command {
        FreezeCommand::Subject(args) => {
            freeze_it(What::Subject(args.subject), &args.by, global, output).await
        }
        FreezeCommand::Amount(args) => {
            freeze_it(What::Amount(args.case), &args.by, global, output).await
        }
    }
}

/// `plume regulator release`.
pub async fn release(
    command: &ReleaseCommand,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    match command {
        ReleaseCommand::Subject(args) => {
            release_it(What::Subject(args.subject), &args.by, global, output).await
        }
        ReleaseCommand::Amount(args) => {
            release_it(What::Amount(args.case), &args.by, global, output).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::Parser;

    #[test]
    fn a_freeze_names_what_by_which_warrant_and_why() {
        let parse = |line: &str| Cli::try_parse_from(line.split(' ')).is_ok();
        let subject = Hash32([9; 32]);
        for verb in ["freeze", "release"] {
            let by = "--warrant 3 --evidence note.pdf --from //Dave";
            assert!(parse(&format!(
                "plume regulator {verb} subject {subject} {by}"
            )));
            assert!(parse(&format!("plume regulator {verb} amount 7 {by}")));
            for wrong in [
                format!("plume regulator {verb} {by}"),
                format!("plume regulator {verb} subject 7 {by}"),
                format!("plume regulator {verb} amount {subject} {by}"),
                format!("plume regulator {verb} amount 7 --evidence note.pdf --from //Dave"),
                format!("plume regulator {verb} amount 7 --warrant 3 --from //Dave"),
            ] {
                assert!(!parse(&wrong), "{wrong}");
            }
        }
    }

    #[test]
    fn what_is_frozen_is_named_as_the_chain_names_it() {
        let subject = What::Subject(Hash32([9; 32]));
        let amount = What::Amount(7);
        assert_eq!(amount.named(), ("Case", "7".to_owned()));
        assert_eq!(subject.named().0, "Subject");
        let names = |what: What| what.fields(3, Hash32([4; 32])).map(|(name, _)| name);
        assert_eq!(names(subject), ["warrant", "subject", "evidence"]);
        assert_eq!(names(amount), ["warrant", "case", "evidence"]);
        assert_eq!((subject.case(), amount.case()), (None, Some(7)));
        assert_eq!(amount.power(), Power::FreezeAmounts);
    }

    #[test]
    fn it_is_said_before_what_a_freeze_stops() {
        let subject = freezing(What::Subject(Hash32([9; 32])), 3, "2027-06-30T00:00:00Z");
        assert!(subject.contains("0x0909") && subject.contains("until 2027-06-30"));
        let amount = freezing(What::Amount(7), 3, "2027-06-30T00:00:00Z");
        assert!(amount.contains("officers cannot decide"), "{amount}");
        let released = releasing(What::Amount(7), 3);
        assert!(released.contains("unless another warrant"), "{released}");
    }
}
