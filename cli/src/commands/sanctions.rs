//! `plume sanctions`: sanctions lists, off the chain, and what a screener posts of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use plume_reports::Customers;
use plume_sanctions::{
    DEFAULT_THRESHOLD, Hash32, List, MAX_LIST_BYTES, Matcher, Posting, Salt, State, Update,
};
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{At, AtBlock, Call, call, state};
use serde::Serialize;

use super::{compliance, connect, submit};
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Output, Report, table};
use crate::{files, party, patience};

/// 32 bytes in hexadecimal and a line break.
const MAX_SALT_BYTES: usize = 1_024;
/// A state has a commitment for each name, 70 bytes each.
const MAX_STATE_BYTES: usize = 64 * 1024 * 1024;
/// The most subjects that come onto a list, or off it, in one call: the chain's limit.
const MARKS_A_CALL: usize = 16;

/// Sanctions lists.
///
/// Names stay here. The chain gets the numbers of subjects that a screener found on a list.
#[derive(Debug, Subcommand)]
pub enum SanctionsCommand {
    /// Read a list, find customers on it, and post what has changed with --submit.
    #[command(after_help = "\
Examples:
  plume sanctions salt --out list.salt                    Once
  plume sanctions import sdn.csv --format ofac --salt-file list.salt --customers customers.csv \\
      --state ofac.state.json --matches review.json       Look at review.json before anything is posted
  plume sanctions import sdn.csv --format ofac --salt-file list.salt --customers customers.csv \\
      --previous ofac.state.json --state ofac.new.json --dismiss 0x... --submit --from @screener

A person decides: a name that is like a listed one is no proof. --dismiss says that a customer is somebody else, and
the state remembers it. The next import posts differences to the previous state only.")]
    Import(ImportArgs),
    /// Draw the salt that makes commitments useless to those who do not have it. Asks no node.
    #[command(
        after_help = "Examples:\n  plume sanctions salt --out list.salt\n\nWith another salt, all commitments are others: keep it with the lists."
    )]
    Salt(SaltArgs),
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// OFAC's sdn.csv.
    Ofac,
    /// CSV with the header id,name,kind,programmes,aliases.
    Plain,
}

/// Which list, and for whom.
#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    /// The list.
    file: PathBuf,
    /// How it is written.
    #[arg(long, value_enum)]
    format: Format,
    /// The list's name in commitments [default: `OFAC SDN`, or the file's name]
    #[arg(long)]
    name: Option<String>,
    /// The salt: 0x and 64 hex digits.
    #[arg(long, value_name = "FILE")]
    salt_file: PathBuf,
    /// State that the last import wrote.
    #[arg(long, value_name = "STATE")]
    previous: Option<PathBuf>,
    /// The institution's customer file: .json, or CSV.
    #[arg(long, value_name = "FILE")]
    customers: Option<PathBuf>,
    /// How like a name has to be, from 0.5 to 1.
    #[arg(long, value_parser = parse_threshold, default_value_t = DEFAULT_THRESHOLD)]
    threshold: f64,
    /// A subject that is somebody else than the list names; may be given several times.
    #[arg(long, value_name = "SUBJECT")]
    dismiss: Vec<Hash32>,
    /// Where to write the matches for a person to look at: names, so only its owner may read the file.
    #[arg(long, value_name = "FILE", requires = "customers")]
    matches: Option<PathBuf>,
    /// Where to write the new state. It has no names.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Post what has changed to the chain, and wait until it is final.
    #[arg(long, requires_all = ["customers", "from", "state"])]
    submit: bool,
    /// The screener that posts: //Alice, a mnemonic, a seed (0x...), or @FILE that holds one of them.
    #[arg(long, value_name = "SECRET")]
    from: Option<String>,
}

/// Where to.
#[derive(Args, Debug)]
pub struct SaltArgs {
    /// Where to write it; only its owner may read the file.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

fn parse_threshold(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(threshold) if (0.5..=1.0).contains(&threshold) => Ok(threshold),
        _ => Err("write a number from 0.5 to 1, such as 0.9".into()),
    }
}

/// A customer who may be on the list, for a person to look at.
#[derive(Debug, Serialize)]
struct Match {
    subject: String,
    client_number: String,
    customer: String,
    /// Of the list.
    entry: String,
    name: String,
    programmes: Vec<String>,
    remarks: String,
    similarity: f64,
    dismissed: bool,
}

/// What an import has found.
#[derive(Debug, Serialize)]
struct ImportReport {
    list: String,
    entries: usize,
    digest: String,
    /// Commitments that are new, and that are gone, since the previous state.
    added: usize,
    removed: usize,
    customers: usize,
    matches: usize,
    /// Subjects to be marked, and to be cleared.
    listed: Vec<String>,
    cleared: Vec<String>,
    posted: Vec<String>,
}

impl Report for ImportReport {
    fn text(&self) -> String {
        let mut rows = vec![
            ("list", format!("{}, {} entries", self.list, self.entries)),
            ("digest", self.digest.clone()),
            (
                "names",
                format!(
                    "{} new, {} gone since the last import",
                    self.added, self.removed
                ),
            ),
            (
                "customers",
                format!(
                    "{} looked at, {} may be on the list",
                    self.customers, self.matches
                ),
            ),
        ];
        rows.extend(
            self.listed
                .iter()
                .map(|subject| ("to mark", subject.clone())),
        );
        rows.extend(
            self.cleared
                .iter()
                .map(|subject| ("to clear", subject.clone())),
        );
        rows.extend(self.posted.iter().map(|hash| ("posted", hash.clone())));
        table(&rows)
    }
}

/// What the files say, and what is to be posted.
struct Imported {
    list: List,
    update: Update,
    customers: usize,
    matches: Vec<Match>,
    posting: Posting,
    state: State,
}

fn read_list(args: &ImportArgs) -> Result<List, Failure> {
    let bytes = files::read(&args.file, MAX_LIST_BYTES)?;
    let file_name = || {
        let name = args.file.file_stem().unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    let list = match args.format {
        Format::Ofac => {
            let name = args.name.clone().unwrap_or_else(|| "OFAC SDN".into());
            List::ofac(&name, &bytes)
        }
        Format::Plain => {
            let name = args.name.clone().unwrap_or_else(file_name);
            List::plain(&name, &bytes)
        }
    };
    list.map_err(|error| {
        Failure::new(
            format!("{}: {error}", args.file.display()),
            "Check the file and --format; nothing was changed",
        )
    })
}

fn read_salt(args: &ImportArgs) -> Result<Salt, Failure> {
    let bytes = files::read(&args.salt_file, MAX_SALT_BYTES)?;
    let text = core::str::from_utf8(&bytes).unwrap_or_default();
    let salt: Result<Hash32, _> = text.trim().parse();
    salt.map(|salt| Salt(salt.0)).map_err(|error| {
        Failure::new(
            format!("{}: {error}", args.salt_file.display()),
            "Draw a salt once with: plume sanctions salt --out FILE",
        )
    })
}

fn read_previous(args: &ImportArgs, list: &str) -> Result<Option<State>, Failure> {
    let Some(path) = &args.previous else {
        return Ok(None);
    };
    let wrong = |reason: String| {
        Failure::new(
            format!("{}: {reason}", path.display()),
            "Name the file that the last import of this list wrote with --state",
        )
    };
    let bytes = files::read(path, MAX_STATE_BYTES)?;
    let state = State::from_json(&bytes).map_err(|error| wrong(error.to_string()))?;
    if state.list != list {
        return Err(wrong(format!(
            "it is of the list {:?}, not {list:?}",
            state.list
        )));
    }
    Ok(Some(state))
}

fn import(args: &ImportArgs) -> Result<Imported, Failure> {
    let list = read_list(args)?;
    let salt = read_salt(args)?;
    let previous = read_previous(args, &list.name)?;
    let customers = match &args.customers {
        None => Customers::default(),
        Some(path) => compliance::customers(path)?,
    };
    let whole = Update::between(None, &list, &salt);
    let commitments: BTreeSet<Hash32> = whole.added.iter().copied().collect();
    let update = difference(&whole, previous.as_ref(), &commitments);
    let mut dismissed = previous
        .as_ref()
        .map(|state| state.dismissed.clone())
        .unwrap_or_default();
    dismissed.extend(args.dismiss.iter().copied());
    let matches = find(&list, &customers, args.threshold, &dismissed);
    let found: BTreeSet<Hash32> = matches
        .iter()
        .filter(|one| !one.dismissed)
        .filter_map(|one| one.subject.parse().ok())
        .collect();
    let marked = previous.map(|state| state.marked).unwrap_or_default();
    // Without customers nothing was looked for, so nobody is cleared.
    let wanted = if args.customers.is_some() {
        &found
    } else {
        &marked
    };
    let posting = Posting::new(&update, &marked, wanted);
    let state = State {
        format: State::FORMAT.into(),
        list: list.name.clone(),
        digest: update.digest,
        commitments,
        // What was not posted is not marked, so the next import says it again.
        marked: if args.submit { wanted.clone() } else { marked },
        dismissed,
    };
    Ok(Imported {
        list,
        update,
        customers: customers.len(),
        matches,
        posting,
        state,
    })
}

/// What changed since a state, whose names nobody has any more.
fn difference(whole: &Update, previous: Option<&State>, commitments: &BTreeSet<Hash32>) -> Update {
    let Some(previous) = previous else {
        return whole.clone();
    };
    Update {
        previous: Some(previous.digest),
        added: commitments
            .difference(&previous.commitments)
            .copied()
            .collect(),
        removed: previous
            .commitments
            .difference(commitments)
            .copied()
            .collect(),
        ..whole.clone()
    }
}

/// The best match of each customer who has one.
fn find(
    list: &List,
    customers: &Customers,
    threshold: f64,
    dismissed: &BTreeSet<Hash32>,
) -> Vec<Match> {
    let matcher = Matcher::new(list);
    customers
        .iter()
        .filter_map(|customer| {
            let name = customer.name();
            let found = matcher.find(&name, threshold);
            let best = found.first()?;
            let subject = Hash32(customer.subject.0);
            Some(Match {
                subject: subject.to_string(),
                client_number: customer.client_number.clone(),
                customer: name,
                entry: best.entry.id.clone(),
                name: best.name.to_owned(),
                programmes: best.entry.programmes.clone(),
                remarks: best.entry.remarks.clone(),
                similarity: (best.score * 1_000.0).round() / 1_000.0,
                dismissed: dismissed.contains(&subject),
            })
        })
        .collect()
}

/// Calls of `Compliance.mark`; what else is said of a subject stays.
fn marks(posting: &Posting, flagged: &BTreeMap<Hash32, bool>) -> Vec<Call> {
    let listed = posting.listed.iter().map(|subject| (subject, true));
    let cleared = posting.cleared.iter().map(|subject| (subject, false));
    let marks: Vec<Value> = listed
        .chain(cleared)
        .map(|(subject, sanctioned)| {
            let party = Value::unnamed_variant("Subject", [Value::from_bytes(subject.0)]);
            let flagged = flagged.get(subject).copied().unwrap_or_default();
            let marks = Value::named_composite([
                ("sanctioned", Value::bool(sanctioned)),
                ("flagged", Value::bool(flagged)),
            ]);
            Value::unnamed_composite([party, marks])
        })
        .collect();
    marks
        .chunks(MARKS_A_CALL)
        .map(|part| {
            let part = Value::unnamed_composite(part.to_vec());
            call("Compliance", "mark", [("marks", part)])
        })
        .collect()
}

/// Which of these subjects are flagged now.
async fn flagged(
    at: &AtBlock,
    subjects: impl Iterator<Item = &Hash32>,
) -> Result<BTreeMap<Hash32, bool>, Failure> {
    let mut flagged = BTreeMap::new();
    for subject in subjects {
        let party = Value::unnamed_variant("Subject", [Value::from_bytes(subject.0)]);
        let activity = state::entry(at, "Compliance", "Activities", vec![party]).await?;
        let is_flagged = activity.is_some_and(|activity| activity["marks"]["flagged"] == true);
        flagged.insert(*subject, is_flagged);
    }
    Ok(flagged)
}

async fn run_import(args: &ImportArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    // Everything that can be wrong in the files is found before the node is asked.
    let signer = match (&args.from, args.submit) {
        (Some(from), true) => Some(party::signer(from)?),
        _ => None,
    };
    let owned = args.clone();
    let importing = tokio::task::spawn_blocking(move || import(&owned));
    let imported = patience::wait("comparing customers with the list", importing)
        .await
        .map_err(|error| Failure::new(error.to_string(), "Report this as a bug"))??;
    let write = |path: &Option<PathBuf>, bytes: Result<Vec<u8>, serde_json::Error>| {
        let (Some(path), Ok(bytes)) = (path, bytes) else {
            return Ok(());
        };
        files::write_private(path, &bytes)
    };
    write(&args.matches, serde_json::to_vec_pretty(&imported.matches))?;
    let mut posted = Vec::new();
    if let Some(signer) = &signer {
        let client = connect(global).await?;
        let at = client.at(At::Finalised).await?;
        let posting = &imported.posting;
        let subjects = posting.listed.iter().chain(&posting.cleared);
        let reading = flagged(&at, subjects);
        let flagged = patience::wait("reading what is said of the subjects", reading).await?;
        for call in marks(posting, &flagged) {
            let report = submit::send(&client, signer, &call).await?;
            posted.push(report.tx_hash().to_owned());
        }
    }
    // Last, so that a failed posting is repeated by the next import.
    write(&args.state, serde_json::to_vec(&imported.state))?;
    let text = |subjects: &BTreeSet<Hash32>| subjects.iter().map(Hash32::to_string).collect();
    output.report(&ImportReport {
        list: imported.list.name,
        entries: imported.list.entries.len(),
        digest: imported.update.digest.to_string(),
        added: imported.update.added.len(),
        removed: imported.update.removed.len(),
        customers: imported.customers,
        matches: imported.matches.len(),
        listed: text(&imported.posting.listed),
        cleared: text(&imported.posting.cleared),
        posted,
    })
}

#[derive(Debug, Serialize)]
struct SaltReport {
    file: String,
}

impl Report for SaltReport {
    fn text(&self) -> String {
        format!("written to {}", self.file)
    }
}

fn draw_salt(args: &SaltArgs, output: &Output) -> Result<(), Failure> {
    let mut salt = [0; 32];
    getrandom::fill(&mut salt).map_err(|error| {
        Failure::new(
            format!("the operating system has no randomness to give: {error}"),
            "Draw the salt on another machine",
        )
    })?;
    files::write_private(&args.out, format!("{}\n", Hash32(salt)).as_bytes())?;
    output.report(&SaltReport {
        file: args.out.display().to_string(),
    })
}

/// Runs `plume sanctions`.
pub async fn run(
    command: &SanctionsCommand,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    match command {
        SanctionsCommand::Import(args) => run_import(args, global, output).await,
        SanctionsCommand::Salt(args) => draw_salt(args, output),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use clap::Parser;

    const LIST: &str = "id,name,kind,programmes,aliases\n1,\"VOLKOV, Pyotr\",individual,DEMO,\n2,ACME TRADING,entity,DEMO,\n";

    fn subject(byte: u8) -> Hash32 {
        Hash32([byte; 32])
    }

    fn import_args(folder: &std::path::Path, more: &[&str]) -> ImportArgs {
        let customers = format!(
            "subject,kind,client_number,first_name,last_name,legal_name\n\
             {},person,C1,Pjotr,Volkow,\n{},firm,C2,,,Acme Trading\n{},person,C3,Erika,Muster,\n",
            subject(1),
            subject(2),
            subject(3)
        );
        std::fs::write(folder.join("customers.csv"), customers).expect("a writable folder");
        std::fs::write(folder.join("salt"), subject(7).to_string()).expect("a writable folder");
        let path = |name: &str| folder.join(name).display().to_string();
        let words = [
            "plume".into(),
            "sanctions".into(),
            "import".into(),
            path("list.csv"),
            "--format".into(),
            "plain".into(),
            "--salt-file".into(),
            path("salt"),
            "--customers".into(),
            path("customers.csv"),
            "--threshold".into(),
            "0.85".into(),
        ];
        let words = words
            .into_iter()
            .chain(more.iter().map(|word| (*word).to_owned()));
        match Cli::try_parse_from(words).expect("a command line").command {
            Command::Sanctions(SanctionsCommand::Import(args)) => args,
            other => panic!("parsed as {other:?}"),
        }
    }

    #[test]
    fn an_import_finds_customers_and_the_next_one_only_differences() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let list = folder.path().join("list.csv");
        std::fs::write(&list, LIST).expect("a writable folder");
        let submitted = ["--submit", "--from", "//Alice", "--state", "unused"];
        let first = import(&import_args(folder.path(), &submitted)).expect("readable files");
        assert_eq!(
            first.posting.listed,
            BTreeSet::from([subject(1), subject(2)])
        );
        assert_eq!(first.state.marked, first.posting.listed);
        assert_eq!(first.update.added.len(), 2);

        let state = folder.path().join("state").display().to_string();
        let json = serde_json::to_vec(&first.state).expect("plain fields");
        let text = String::from_utf8_lossy(&json).to_lowercase();
        assert!(!text.contains("volk") && !text.contains("acme"), "{text}");
        std::fs::write(&state, json).expect("a writable folder");
        std::fs::write(&list, LIST.replace("2,ACME TRADING", "3,OTHER FIRM")).expect("the same");
        let more = [
            "--previous",
            &state,
            "--submit",
            "--from",
            "//Alice",
            "--state",
            "unused",
        ];
        let second = import(&import_args(folder.path(), &more)).expect("readable files");
        assert_eq!(second.posting.listed, BTreeSet::new());
        assert_eq!(second.posting.cleared, BTreeSet::from([subject(2)]));
        assert_eq!(
            (second.update.added.len(), second.update.removed.len()),
            (1, 1)
        );
        assert_eq!(second.update.previous, Some(first.update.digest));
    }

    #[test]
    fn who_was_dismissed_once_is_not_marked_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("list.csv"), LIST).expect("a writable folder");
        let dismissed = subject(1).to_string();
        let first = import(&import_args(folder.path(), &["--dismiss", &dismissed]));
        let first = first.expect("readable files");
        assert_eq!(first.posting.listed, BTreeSet::from([subject(2)]));
        assert!(first.state.marked.is_empty(), "nothing was posted");
        let state = folder.path().join("state");
        std::fs::write(
            &state,
            serde_json::to_vec(&first.state).expect("plain fields"),
        )
        .expect("a writable folder");
        let previous = state.display().to_string();
        let second = import(&import_args(folder.path(), &["--previous", &previous]));
        assert_eq!(
            second.expect("readable files").posting.listed,
            BTreeSet::from([subject(2)])
        );
    }

    #[test]
    fn the_state_of_another_list_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("list.csv"), LIST).expect("a writable folder");
        let state = import(&import_args(folder.path(), &[]))
            .expect("readable files")
            .state;
        let path = folder.path().join("state").display().to_string();
        std::fs::write(&path, serde_json::to_vec(&state).expect("plain fields"))
            .expect("a writable folder");
        let args = import_args(folder.path(), &["--previous", &path, "--name", "another"]);
        let failure = import(&args).map(|_| ()).expect_err("another list");
        assert!(failure.reason.contains("of the list"), "{failure:?}");
    }

    #[test]
    fn a_posting_is_cut_into_calls_and_keeps_what_else_is_said() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("list.csv"), LIST).expect("a writable folder");
        let mut posting = import(&import_args(folder.path(), &[]))
            .expect("readable files")
            .posting;
        posting.listed = (0..=30).map(subject).collect();
        let calls = marks(&posting, &BTreeMap::from([(subject(0), true)]));
        assert_eq!(calls.len(), 2);
        let arguments = state::arguments(&calls[0]);
        assert_eq!(arguments["marks"][0][1]["flagged"], true);
        assert_eq!(arguments["marks"][1][1]["flagged"], false);
        assert_eq!(arguments["marks"][1][1]["sanctioned"], true);
    }
}
