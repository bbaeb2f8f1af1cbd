//! What is replayed: a file and what lies beside it, or what a seed makes.

use anyhow::{Context, bail, ensure};
use plume_aml::{
    Account, AccountKind, Attempt, Labels, Transaction, generate,
    read::{AmlSim, AmlSimOptions, AmlWorld, AttemptBlock, Nodes, Patterns, match_attempts},
    score::Truth,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Command,
};

/// How a pattern file begins.
const PATTERN_MARK: &str = "BEGIN LAUNDERING ATTEMPT";

/// Where transfers come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file, a folder with `transactions.csv`, or a `.tgz` with that.
    File(PathBuf),
    /// The generator.
    Seed {
        /// Its seed.
        seed: u64,
        /// About how many transfers.
        transfers: u32,
        /// Ordinary transfers for each transfer of an attempt.
        ordinary: u32,
    },
}

/// Transfers in the order of time, and what is true about them.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// What it is, for the report.
    pub name: String,
    /// Which format it was read from.
    pub format: String,
    /// The transfers.
    pub transactions: Vec<Transaction>,
    /// What accounts are, where the file says so.
    pub kinds: BTreeMap<Account, AccountKind>,
    /// Attempts and the sanctioned.
    pub labels: Labels,
    /// Labels on accounts, where a file has no others.
    pub labelled_accounts: Option<BTreeSet<Account>>,
}

impl Data {
    /// Reads or generates.
    pub fn load(source: &Source) -> anyhow::Result<Self> {
        let mut data = match source {
            Source::File(path) => file(path)?,
            Source::Seed {
                seed,
                transfers,
                ordinary,
            } => generated(*seed, *transfers, *ordinary)?,
        };
        ensure!(
            !data.transactions.is_empty(),
            "{} has no transfers",
            data.name
        );
        // Published files are not quite in the order of time. Rows keep their numbers: labels name them.
        data.transactions.sort_by_key(|one| (one.time_s, one.row));
        Ok(data)
    }

    /// Keeps the first so many transfers, and of the labels what is about them.
    pub fn truncate(&mut self, limit: usize) {
        if self.transactions.len() <= limit {
            return;
        }
        self.transactions.truncate(limit);
        let kept: BTreeSet<u64> = self.transactions.iter().map(|one| one.row).collect();
        for attempt in &mut self.labels.attempts {
            attempt.rows.retain(|row| kept.contains(row));
        }
        self.labels
            .attempts
            .retain(|attempt| !attempt.rows.is_empty());
        self.labels.sanctioned_rows.retain(|row| kept.contains(row));
        let accounts: BTreeSet<&Account> = self
            .transactions
            .iter()
            .flat_map(|one| [&one.from, &one.to])
            .collect();
        let takes_part = |account: &Account| accounts.contains(account);
        self.labels.sanctioned_accounts.retain(takes_part);
        if let Some(labelled) = &mut self.labelled_accounts {
            labelled.retain(takes_part);
        }
    }

    /// What alerts are scored against.
    pub fn truth(&self) -> Truth {
        match &self.labelled_accounts {
            Some(accounts) => Truth::from_accounts(&self.transactions, accounts.clone()),
            None => Truth::new(&self.transactions, &self.labels),
        }
    }
}

fn generated(seed: u64, transfers: u32, ordinary: u32) -> anyhow::Result<Data> {
    let config = generate::Config {
        ordinary_per_laundering: ordinary,
        ..generate::Config::for_transfers(seed, transfers)
    };
    let made = generate::generate(&config)?;
    Ok(Data {
        name: format!("seed {seed}"),
        format: format!("generated, {ordinary} ordinary transfers for one of an attempt"),
        transactions: made.transactions,
        kinds: made.accounts.into_iter().collect(),
        labels: made.labels,
        labelled_accounts: None,
    })
}

fn open(path: &Path) -> anyhow::Result<BufReader<File>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    Ok(BufReader::new(file))
}

fn file(path: &Path) -> anyhow::Result<Data> {
    let name = path.display().to_string();
    let ends = |end: &str| name.to_ascii_lowercase().ends_with(end);
    let mut data = if path.is_dir() {
        beside(&transactions_in(path)?)?
    } else if ends(".tgz") || ends(".tar.gz") {
        archive(path)?
    } else {
        beside(path)?
    };
    data.name = name;
    Ok(data)
}

/// Unpacks an archive, and reads what is in it.
fn archive(path: &Path) -> anyhow::Result<Data> {
    let folder = std::env::temp_dir().join(format!("plume-aml-replay-{}", std::process::id()));
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let unpacked = Command::new("tar")
        .arg("-xzf")
        .arg(path)
        .arg("-C")
        .arg(&folder)
        .output();
    let read = || {
        let unpacked = unpacked.context("tar is needed for an archive")?;
        ensure!(
            unpacked.status.success(),
            "cannot unpack {}: {}",
            path.display(),
            String::from_utf8_lossy(&unpacked.stderr).trim()
        );
        beside(&transactions_in(&folder)?)
    };
    let read = read();
    // What is left is in the system's folder for such things.
    let _ = std::fs::remove_dir_all(&folder);
    read
}

/// The file of transfers in a folder, or one level below.
fn transactions_in(folder: &Path) -> anyhow::Result<PathBuf> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let read = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut entries: Vec<_> = read.map(|entry| entry.path()).collect();
        entries.sort();
        entries
    };
    let here = entries(folder);
    let below = here
        .iter()
        .filter(|entry| entry.is_dir())
        .flat_map(|entry| entries(entry));
    let all: Vec<PathBuf> = here.iter().cloned().chain(below).collect();
    let called = |path: &&PathBuf| {
        let name = file_name(path);
        name == "transactions.csv" || name.ends_with("_trans.csv")
    };
    let found = all.iter().find(called).cloned();
    found.with_context(|| {
        format!(
            "there is no transactions.csv in {}: name the file",
            folder.display()
        )
    })
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().to_ascii_lowercase()
}

/// Reads a file of transfers, with the labels that lie beside it.
fn beside(path: &Path) -> anyhow::Result<Data> {
    let context = || format!("cannot read {}", path.display());
    let first = first_line(path).with_context(context)?;
    if first.starts_with(PATTERN_MARK) {
        let blocks = pattern_blocks(path)?;
        return Ok(pattern_file(&blocks));
    }
    // AMLworld's rows begin with a time or with the name of that column, and have the fewest columns of all.
    let begins = first
        .split(',')
        .next()
        .unwrap_or_default()
        .trim_matches('"');
    let is_amlworld =
        begins.eq_ignore_ascii_case("timestamp") || plume_aml::parse_time(begins).is_some();
    let mut data = Data::default();
    if is_amlworld {
        data.format = "AMLworld".into();
        data.transactions = AmlWorld::new(open(path)?)
            .collect::<Result<_, _>>()
            .with_context(context)?;
        if let Some(patterns) = patterns_beside(path) {
            let blocks = pattern_blocks(&patterns)?;
            data.labels.attempts = match_attempts(&data.transactions, &blocks)
                .with_context(|| format!("{} does not fit", patterns.display()))?;
        }
    } else {
        data.format = "AMLSim".into();
        data.transactions = AmlSim::new(open(path)?, AmlSimOptions::default())
            .collect::<Result<_, _>>()
            .with_context(context)?;
        if let Some(nodes) = existing(path, &["nodes.csv", "accounts.csv"]) {
            data.labelled_accounts = Some(fraud(&nodes)?);
        }
    }
    if let Some(labels) = existing(path, &["labels.json"]) {
        let read = serde_json::from_reader(open(&labels)?);
        data.labels = read.with_context(|| format!("{} has no labels", labels.display()))?;
    }
    if is_amlworld && let Some(accounts) = existing(path, &["accounts.csv"]) {
        data.kinds = kinds(&accounts)?;
    }
    Ok(data)
}

fn first_line(path: &Path) -> anyhow::Result<String> {
    let mut line = Vec::new();
    let mut input = open(path)?;
    // No line of a file of transfers is longer than this.
    std::io::Read::take(&mut input, 65_536).read_until(b'\n', &mut line)?;
    let text = String::from_utf8_lossy(&line);
    Ok(text.trim_start_matches('\u{feff}').trim().to_owned())
}

/// One of these files in the same folder.
fn existing(path: &Path, names: &[&str]) -> Option<PathBuf> {
    let beside = names.iter().map(|name| path.with_file_name(name));
    beside
        .filter(|other| other != path)
        .find(|other| other.is_file())
}

/// `patterns.txt` in the same folder, or `X_Patterns.txt` beside `X_Trans.csv`.
fn patterns_beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let theirs = name.replace("_Trans.csv", "_Patterns.txt");
    existing(path, &["patterns.txt", theirs.as_str()])
}

fn pattern_blocks(path: &Path) -> anyhow::Result<Vec<AttemptBlock>> {
    Patterns::new(open(path)?)
        .collect::<Result<_, _>>()
        .with_context(|| format!("cannot read {}", path.display()))
}

/// A pattern file by itself: all of its transfers, which are all laundering.
fn pattern_file(blocks: &[AttemptBlock]) -> Data {
    let mut data = Data {
        format: "patterns alone".into(),
        ..Data::default()
    };
    for block in blocks {
        let first = data.transactions.len() as u64;
        let rows = (first..).zip(&block.transactions);
        data.transactions
            .extend(rows.map(|(row, one)| Transaction { row, ..one.clone() }));
        data.labels.attempts.push(Attempt {
            pattern: block.pattern.clone(),
            detail: block.detail.clone(),
            rows: (first..data.transactions.len() as u64).collect(),
        });
    }
    data
}

fn fraud(path: &Path) -> anyhow::Result<BTreeSet<Account>> {
    let mut fraud = BTreeSet::new();
    for node in Nodes::new(open(path)?) {
        let node = node.with_context(|| format!("cannot read {}", path.display()))?;
        if node.fraud {
            fraud.insert(node.account);
        }
    }
    Ok(fraud)
}

/// Reads `bank,account,kind`, as the generator writes it.
fn kinds(path: &Path) -> anyhow::Result<BTreeMap<Account, AccountKind>> {
    let mut kinds = BTreeMap::new();
    for (number, line) in (1..).zip(open(path)?.lines()) {
        let line = line.with_context(|| format!("cannot read {}", path.display()))?;
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let [bank, account, kind] = fields[..] else {
            bail!(
                "{}, line {number}: bank, account and kind are expected",
                path.display()
            );
        };
        let kind = match kind {
            "kind" if number == 1 => continue,
            "person" => AccountKind::Person,
            "firm" => AccountKind::Firm,
            "treasury" => AccountKind::Treasury,
            other => bail!(
                "{}, line {number}: {other} is no kind of account",
                path.display()
            ),
        };
        let account = Account {
            bank: bank.into(),
            number: account.into(),
        };
        kinds.insert(account, kind);
    }
    Ok(kinds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_aml::{Pattern, write};

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path =
                std::env::temp_dir().join(format!("plume-data-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&path).expect("a temporary folder can be made");
            Self(path)
        }

        fn write(&self, name: &str, text: &str) -> PathBuf {
            let path = self.0.join(name);
            std::fs::write(&path, text).expect("the folder is writable");
            path
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn load(path: &Path) -> Data {
        Data::load(&Source::File(path.to_owned())).expect("it can be read")
    }

    #[test]
    fn what_is_generated_is_the_same_from_its_files() {
        let source = Source::Seed {
            seed: 7,
            transfers: 2_000,
            ordinary: 1_000,
        };
        let made = Data::load(&source).expect("it can be generated");
        let config = generate::Config::for_transfers(7, 2_000);
        let generated = generate::generate(&config).expect("it can be generated");
        let folder = Folder::new("generated");
        write::folder(&folder.0, &generated).expect("the folder is writable");
        let read = load(&folder.0);
        assert_eq!(read.format, "AMLworld");
        assert_eq!(read.transactions, made.transactions);
        assert_eq!(read.labels, made.labels);
        assert_eq!(read.kinds, made.kinds);
        assert_eq!(read.truth(), made.truth());
    }

    #[test]
    fn an_amlsim_file_has_its_labels_on_accounts() {
        let folder = Folder::new("amlsim");
        let file = folder.write(
            "transactions.csv",
            "sourceNodeId,targetNodeId,value,time\n1,2,10.5,3\n2,1,7,0\n",
        );
        folder.write(
            "nodes.csv",
            "nodeid,isFraud,init_balance,fraudStep\n1,1,5,3\n2,0,5,-1\n",
        );
        let data = load(&file);
        assert_eq!(data.format, "AMLSim");
        let times: Vec<_> = data.transactions.iter().map(|one| one.time_s).collect();
        assert_eq!(times, [0, 3 * 86_400], "in the order of time");
        let labelled = data.labelled_accounts.expect("nodes.csv is beside it");
        assert_eq!(labelled.len(), 1);
    }

    #[test]
    fn a_pattern_file_is_replayed_alone_or_labels_its_transfers() {
        const ROW: &str = "2022/09/01 00:06,1,A,2,B,5.00,Euro,5.00,Euro,ACH,1\n";
        let patterns = format!("{PATTERN_MARK} - FAN-OUT\n{ROW}END LAUNDERING ATTEMPT - FAN-OUT\n");
        let folder = Folder::new("patterns");
        let alone = folder.write("HI-Small_Patterns.txt", &patterns);
        let data = load(&alone);
        assert_eq!(data.transactions.len(), 1);
        assert_eq!(data.labels.attempts[0].pattern, Pattern::FanOut);
        let file = folder.write(
            "HI-Small_Trans.csv",
            &format!("{}{ROW}", ROW.replace("5.00", "6.00")),
        );
        let data = load(&file);
        assert_eq!(data.transactions.len(), 2);
        assert_eq!(data.labels.attempts[0].rows, [1]);
    }

    #[test]
    fn a_part_has_the_labels_of_that_part() {
        let source = Source::Seed {
            seed: 3,
            transfers: 2_000,
            ordinary: 1_000,
        };
        let mut data = Data::load(&source).expect("it can be generated");
        let all = data.labels.attempts.len();
        data.truncate(500);
        assert_eq!(data.transactions.len(), 500);
        assert!(data.labels.attempts.len() < all);
        let rows = data
            .labels
            .attempts
            .iter()
            .flat_map(|attempt| &attempt.rows);
        assert!(
            rows.chain(&data.labels.sanctioned_rows)
                .all(|row| *row < 500)
        );
    }
}
