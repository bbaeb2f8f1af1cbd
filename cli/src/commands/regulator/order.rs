//! `plume regulator open-warrant` and `withdraw-warrant`.

use clap::Args;
use plume_reports::Hash32;
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{At, address, call};

use super::standing::{PALLET, Power, Supervisor, Warrant};
use crate::args::Global;
use crate::commands::act::{ActReport, Signing, limit, send};
use crate::commands::connect;
use crate::commands::document::Document;
use crate::failure::Failure;
use crate::output::Output;
use crate::{moment, party};

/// About whom, for what, until when.
#[derive(Args, Debug)]
pub struct OpenArgs {
    #[command(flatten)]
    about: About,
    /// What it is good for; several are parted by commas.
    #[arg(
        long = "for",
        value_enum,
        value_name = "POWERS",
        required = true,
        value_delimiter = ','
    )]
    powers: Vec<Power>,
    /// The court's or authority's order: a file, which is hashed here and stays here, or its hash (0x and 64 digits).
    #[arg(long, value_name = "FILE|HASH")]
    order: Document,
    /// The last moment in which it counts: 2027-06-30 (its first second) or 2027-06-30T12:00:00Z. At most a year.
    #[arg(long, value_name = "MOMENT", value_parser = moment::parse)]
    until: u64,
    /// The case of the compliance engine that it comes from, for the record.
    #[arg(long, value_name = "CASE")]
    comes_from: Option<u64>,
    #[command(flatten)]
    signing: Signing,
}

/// About whom.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub struct About {
    /// About one subject: its number (0x and 64 digits), and amounts of it or for it.
    #[arg(long, value_name = "SUBJECT")]
    subject: Option<Hash32>,
    /// About the parties of a case for which something is on hold, and that amount.
    #[arg(long, value_name = "CASE")]
    case: Option<u64>,
    /// About the subjects of an institution, and amounts of them or for them.
    #[arg(long, value_name = "WHO")]
    institution: Option<String>,
}

/// Which warrant.
#[derive(Args, Debug)]
pub struct WithdrawArgs {
    /// Number of the warrant.
    warrant: u32,
    /// Why: a file, which is hashed here and stays here, or its hash (0x and 64 digits).
    #[arg(long, value_name = "FILE|HASH")]
    evidence: Document,
    #[command(flatten)]
    signing: Signing,
}

/// Whom a warrant is about.
#[derive(Debug)]
struct Target {
    /// For the chain.
    value: Value,
    /// For people.
    words: String,
    /// What a freeze of a subject would name, as far as it is known.
    subject: String,
    /// What a freeze of an amount would name, as far as it is known.
    case: String,
}

impl About {
    fn target(&self) -> Result<Target, Failure> {
        let (subject, case) = ("SUBJECT".to_owned(), "CASE".to_owned());
        Ok(match (self.subject, self.case, &self.institution) {
            (Some(hash), _, _) => Target {
                value: Value::unnamed_variant("Subject", [Value::from_bytes(hash.0)]),
                words: format!("subject {hash}"),
                subject: hash.to_string(),
                case,
            },
            (None, Some(number), _) => Target {
                value: Value::unnamed_variant("Case", [Value::u128(number.into())]),
                words: format!("the parties of case {number} and what is on hold for it"),
                subject,
                case: number.to_string(),
            },
            (None, None, Some(who)) => {
                let who = party::account(who)?;
                Target {
                    value: Value::unnamed_variant("Institution", [Value::from_bytes(who.0)]),
                    words: format!("the subjects of institution {}", address::format(&who)),
                    subject,
                    case,
                }
            }
            (None, None, None) => {
                return Err(Failure::new(
                    "nothing says whom the warrant is about",
                    "Give --subject, --case or --institution",
                ));
            }
        })
    }
}

/// A warrant's last second, counted from the first block; refused where the chain would refuse it.
fn last_second(until_s: u64, supervisor: &Supervisor, longest: u32) -> Result<u32, Failure> {
    let now = supervisor.now;
    let latest = now.saturating_add(longest);
    let second = until_s.checked_sub(supervisor.first_block_s);
    let second = second.and_then(|second| u32::try_from(second).ok());
    match second {
        Some(second) if second > now && second <= latest => Ok(second),
        _ => Err(Failure::new(
            format!(
                "a warrant cannot count until {}: the chain's time is {}",
                moment::format(until_s),
                supervisor.date(now.into())
            ),
            format!(
                "Give --until a moment after that and no later than {}",
                supervisor.date(latest.into())
            ),
        )),
    }
}

/// What a supervisor does with a new warrant.
fn with_warrant(number: u64, powers: &[Power], target: &Target) -> String {
    let Target { subject, case, .. } = target;
    let by = format!("--warrant {number} --evidence FILE --from @supervisor.secret");
    let mut steps = Vec::new();
    for power in Power::ALL {
        if !powers.contains(&power) {
            continue;
        }
        steps.push(match power {
            Power::FreezeSubjects => {
                format!("freeze with: plume regulator freeze subject {subject} {by}")
            }
            Power::FreezeAmounts => {
                format!("freeze with: plume regulator freeze amount {case} {by}")
            }
            Power::Access => format!(
                "have a shielded transfer opened with: plume committee open request --warrant {number}; record what was \
                 opened with: plume regulator record-access {subject} {by}"
            ),
        });
    }
    steps.join("; ")
}

/// `plume regulator open-warrant`.
pub async fn open(args: &OpenArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let signer = args.signing.signer()?;
    let (order, target) = (args.order.hash()?, args.about.target()?);
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let supervisor = Supervisor::read(&at, signer.account()).await?;
    for power in &args.powers {
        supervisor.ensure(*power)?;
    }
    let longest = limit(&at, PALLET, "MaxWarrantTime")?;
    let until = last_second(args.until, &supervisor, longest)?;
    let powers = Power::ALL.map(|power| (power.field(), Value::bool(args.powers.contains(&power))));
    let case = match args.comes_from {
        None => Value::unnamed_variant("None", []),
        Some(number) => Value::unnamed_variant("Some", [Value::u128(number.into())]),
    };
    let fields = [
        ("target", target.value.clone()),
        ("powers", Value::named_composite(powers)),
        ("legal_basis", Value::from_bytes(order.0)),
        ("until", Value::u128(until.into())),
        ("case", case),
    ];
    let good_for: Vec<_> = args.powers.iter().map(|power| power.says()).collect();
    let terms = format!(
        "about {}, for {}, until {}",
        target.words,
        good_for.join(" and "),
        supervisor.date(until.into())
    );
    let will = format!(
        "You open a warrant {terms}. Everybody sees it in the log, with the hash of the order; nothing is frozen yet."
    );
    let call = call(PALLET, "open_warrant", fields);
    let transaction = send(&client, &signer, &call, &will, output).await?;
    let number = transaction.number(PALLET, "WarrantOpened", "warrant");
    let number = number.ok_or_else(super::unreadable)?;
    let next = with_warrant(number, &args.powers, &target);
    output.report(&ActReport {
        case: args.comes_from,
        warrant: Some(number),
        log_line: transaction.number(PALLET, "Logged", "number"),
        hash: Some(order.to_string()),
        ..ActReport::new(
            transaction,
            format!("Warrant {number} is open, {terms}."),
            next,
        )
    })
}

/// `plume regulator withdraw-warrant`.
pub async fn withdraw(
    args: &WithdrawArgs,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    let (number, hash) = (args.warrant, args.evidence.hash()?);
    let signer = args.signing.signer()?;
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let supervisor = Supervisor::read(&at, signer.account()).await?;
    let warrant = Warrant::read(&at, number).await?;
    if warrant.own(&supervisor)?["withdrawn"] == true {
        return Err(Failure::new(
            format!("warrant {number} was taken back already"),
            "Nothing needs to be done",
        ));
    }
    let will = format!(
        "You take warrant {number} back: it counts no longer, and what it froze is released unless another warrant freezes \
         it, too. There is no taking it up again."
    );
    let fields = [
        ("warrant", Value::u128(number.into())),
        ("evidence", Value::from_bytes(hash.0)),
    ];
    let call = call(PALLET, "withdraw_warrant", fields);
    let transaction = send(&client, &signer, &call, &will, output).await?;
    output.report(&ActReport {
        warrant: Some(number.into()),
        log_line: transaction.number(PALLET, "Logged", "number"),
        hash: Some(hash.to_string()),
        ..ActReport::new(
            transaction,
            format!("Warrant {number} is taken back."),
            "nothing more; see what it was used for with: plume regulator log",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use crate::commands::regulator::RegulatorCommand;
    use clap::Parser;

    const DAY: u64 = 86_400;
    const FIRST_BLOCK_S: u64 = 1_795_478_400;

    fn parse(line: &str) -> Result<OpenArgs, clap::Error> {
        let line = format!("plume regulator open-warrant {line} --order order.pdf --from //Dave");
        match Cli::try_parse_from(line.split(' '))?.command {
            Command::Regulator(RegulatorCommand::OpenWarrant(args)) => Ok(args),
            other => panic!("parsed as {other:?}"),
        }
    }

    fn subject() -> String {
        Hash32([9; 32]).to_string()
    }

    #[test]
    fn a_warrant_is_about_somebody_for_something_and_ends() {
        let subject = subject();
        let line = format!("--subject {subject} --for freeze-subjects,access --until 2027-06-30");
        let args = parse(&line).expect("complete");
        assert_eq!(args.powers, [Power::FreezeSubjects, Power::Access]);
        let target = args.about.target().expect("a subject");
        assert_eq!(target.words, format!("subject {subject}"));
        for line in [
            "--case 7 --for freeze-amounts --until 2027-06-30 --comes-from 7",
            "--institution //Bob --for access --until 2027-06-30T12:00:00Z",
        ] {
            let args = parse(line).expect(line);
            assert!(args.about.target().is_ok(), "{line}");
        }
        for line in [
            "--for access --until 2027-06-30",
            "--case 7 --until 2027-06-30",
            "--case 7 --for access",
            "--case 7 --for everything --until 2027-06-30",
            "--case 7 --institution //Bob --for access --until 2027-06-30",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_warrant_ends_after_now_and_within_what_the_chain_allows() {
        let supervisor = Supervisor {
            account: plume_sdk::AccountId32([1; 32]),
            entry: None,
            now: 60,
            first_block_s: FIRST_BLOCK_S,
        };
        let last = |until_s| last_second(until_s, &supervisor, 86_400);
        assert_eq!(last(FIRST_BLOCK_S + DAY), Ok(86_400));
        assert_eq!(last(FIRST_BLOCK_S + 60 + DAY), Ok(86_460));
        for until_s in [0, FIRST_BLOCK_S + 60, FIRST_BLOCK_S + 61 + DAY, u64::MAX] {
            let refused = last(until_s).expect_err("too early or too late");
            assert!(
                refused.hint.ends_with("2026-11-25T00:01:00Z"),
                "{refused:?}"
            );
        }
    }

    #[test]
    fn what_comes_next_is_what_the_warrant_is_good_for() {
        let subject = subject();
        let line = format!("--subject {subject} --for access,freeze-subjects --until 2027-06-30");
        let args = parse(&line).expect("complete");
        let target = args.about.target().expect("a subject");
        let next = with_warrant(3, &args.powers, &target);
        assert!(
            next.starts_with(&format!(
                "freeze with: plume regulator freeze subject {subject} --warrant 3"
            )),
            "{next}"
        );
        assert!(next.contains("record-access") && !next.contains("freeze amount"));
    }

    #[test]
    fn taking_a_warrant_back_takes_a_reason() {
        let parse = |line: &str| Cli::try_parse_from(line.split(' ')).is_ok();
        let line = "plume regulator withdraw-warrant 3 --from //Dave";
        assert!(parse(&format!("{line} --evidence lifted.pdf")));
        assert!(!parse(line));
    }
}
