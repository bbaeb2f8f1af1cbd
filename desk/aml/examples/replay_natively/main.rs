//! Replays a file through the standard policy without a node, and prints how good it was:
//!
//! - `cargo run --release -p plume-aml --example replay_natively -- generated SEED TRANSFERS`
//! - `cargo run --release -p plume-aml --example replay_natively -- amlsim FOLDER`, with `nodes.csv` and
//!   `transactions.csv` in the folder. It prints besides how recall grows with alerts when a rule asks for fewer
//!   senders, and counts each of them.
//!
//! All of this data is synthetic.

#[path = "../../tests/native/mod.rs"]
mod native;

use native::{About, replay, scored};
use pallet_compliance::{Entry, PEERS, Policy, Rule, Severity, Span, Window};
use plume_aml::{
    Account, Transaction,
    generate::{Config, generate},
    read::{AmlSim, AmlSimOptions, Nodes},
    score::Alert,
};
use plume_primitives::compliance::Verdict;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    error::Error,
    fs::File,
    io::BufReader,
    path::Path,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["generated", seed, transfers] => {
            let config = Config::for_transfers(seed.parse()?, transfers.parse()?);
            let made = generate(&config)?;
            let score = scored(&made.transactions, &About::of(&made), &Policy::standard());
            println!("{score}");
            Ok(())
        }
        ["amlsim", folder] => amlsim(Path::new(folder)),
        _ => Err("arguments: generated SEED TRANSFERS, or amlsim FOLDER".into()),
    }
}

fn amlsim(folder: &Path) -> Result<(), Box<dyn Error>> {
    let nodes = Nodes::new(BufReader::new(File::open(folder.join("nodes.csv"))?));
    let nodes = nodes.collect::<Result<Vec<_>, _>>()?;
    let labelled: BTreeSet<Account> = nodes
        .into_iter()
        .filter(|node| node.fraud)
        .map(|node| node.account)
        .collect();
    let file = BufReader::new(File::open(folder.join("transactions.csv"))?);
    let mut transactions =
        AmlSim::new(file, AmlSimOptions::default()).collect::<Result<Vec<_>, _>>()?;
    transactions.sort_by_key(|transaction| transaction.time_s);

    println!("Synthetic data. The standard policy:");
    let alerts = replay(&transactions, &About::default(), &Policy::standard());
    figures(&transactions, &labelled, &alerts);
    println!("From how many senders in 10 days on, whatever they pay, each transfer alerted:");
    for distinct in (2..=PEERS).filter(|distinct| *distinct <= 12 || distinct % 4 == 0) {
        let rule = Rule::FanIn {
            span: Span {
                window: Window::Month,
                buckets: 4,
            },
            distinct,
            at_least: 0,
        };
        let policy = Policy {
            rules: vec![Entry::new(rule, Severity::Low, Verdict::Alert)]
                .try_into()
                .map_err(|_| "one rule is not too many")?,
            counterparty_from: 0,
            ..Policy::standard()
        };
        print!("{distinct:>3}: ");
        let alerts = replay(&transactions, &About::default(), &policy);
        figures(&transactions, &labelled, &alerts);
    }
    Ok(())
}

/// Of accounts at either end of an alerted transfer.
fn figures(transactions: &[Transaction], labelled: &BTreeSet<Account>, alerts: &[Alert]) {
    let by_row: HashMap<u64, &Transaction> =
        transactions.iter().map(|one| (one.row, one)).collect();
    let rows: BTreeSet<u64> = alerts.iter().map(|alert| alert.row).collect();
    let flagged: BTreeSet<&Account> = rows
        .iter()
        .filter_map(|row| by_row.get(row))
        .flat_map(|one| [&one.from, &one.to])
        .collect();
    let found = flagged
        .iter()
        .filter(|account| labelled.contains(**account))
        .count();
    let per_cent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    println!(
        "alerts on {:.2} % of {} transfers, recall {:.2} % of {} labelled accounts, precision {:.2} %",
        per_cent(rows.len(), transactions.len()),
        transactions.len(),
        per_cent(found, labelled.len()),
        labelled.len(),
        per_cent(found, flagged.len()),
    );
    let mut by_rule = BTreeMap::<&str, u64>::new();
    for alert in alerts {
        let times = by_rule.entry(&alert.rule).or_default();
        *times = times.saturating_add(1);
    }
    for (rule, times) in by_rule {
        println!("      {rule}: {times}");
    }
}
