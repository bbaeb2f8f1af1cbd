//! What the generator promises.

use plume_aml::{
    Amount, Labels, Pattern, Transaction,
    generate::{Config, GenerateError, Generated, generate},
    read::{AmlSim, AmlWorld, Nodes, Patterns, match_attempts},
    write,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

static MADE: LazyLock<Generated> = LazyLock::new(|| {
    generate(&Config::for_transfers(11, 150_000)).expect("the config is one that is allowed")
});

fn rows<'a>(made: &'a Generated, rows: &'a [u64]) -> impl Iterator<Item = &'a Transaction> {
    rows.iter()
        .map(|row| &made.transactions[usize::try_from(*row).expect("rows fit")])
}

#[test]
fn the_same_seed_gives_the_same_transfers_and_another_seed_gives_others() {
    let config = Config::for_transfers(5, 3_000);
    let made = generate(&config).unwrap();
    assert_eq!(made, generate(&config).unwrap());
    assert_ne!(made, generate(&Config { seed: 6, ..config }).unwrap());
}

/// Pins the numbers themselves: replays that were published have to stay repeatable.
#[test]
fn a_published_seed_keeps_its_transfers() {
    let made = generate(&Config::for_transfers(1, 2_400)).unwrap();
    let mut file = Vec::new();
    write::amlworld(&mut file, &made.transactions).unwrap();
    let sum = file.iter().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    assert_eq!((made.transactions.len(), sum), (PINNED_LEN, PINNED_SUM));
}

const PINNED_LEN: usize = 2_654;
const PINNED_SUM: u64 = 11_513_937_665_037_138_434;

#[test]
fn one_laundering_transfer_comes_with_about_a_thousand_ordinary_ones() {
    let ordinary = MADE.ordinary() as f64;
    let laundering = MADE
        .transactions
        .iter()
        .filter(|t| t.laundering == Some(true))
        .count() as f64;
    let ratio = ordinary / laundering;
    assert!((600.0..1_050.0).contains(&ratio), "{ratio}");
    assert!((100_000.0..200_000.0).contains(&ordinary), "{ordinary}");
}

#[test]
fn each_pattern_is_planted() {
    let found: BTreeSet<_> = MADE
        .labels
        .attempts
        .iter()
        .map(|attempt| attempt.pattern.clone())
        .collect();
    assert_eq!(found, Pattern::MADE.into_iter().collect());
}

#[test]
fn transfers_are_in_the_order_of_time_and_number_and_attempts_know_their_own() {
    let made = &*MADE;
    assert!(
        made.transactions
            .windows(2)
            .all(|pair| pair[0].time_s <= pair[1].time_s)
    );
    assert!(
        (0u64..)
            .zip(&made.transactions)
            .all(|(row, transaction)| transaction.row == row)
    );
    for attempt in &made.labels.attempts {
        assert!(!attempt.rows.is_empty());
        assert!(rows(made, &attempt.rows).all(|transaction| transaction.laundering == Some(true)));
    }
    let end_s = 1_661_990_400 + 30 * 86_400;
    assert!(
        made.transactions
            .iter()
            .all(|t| (1_661_990_400..end_s).contains(&t.time_s))
    );
    assert!(
        made.transactions
            .iter()
            .all(|t| t.from != t.to && t.paid > Amount(0))
    );
}

#[test]
fn each_pattern_has_its_shape() {
    let made = &*MADE;
    for attempt in &made.labels.attempts {
        let senders: BTreeSet<_> = rows(made, &attempt.rows).map(|t| &t.from).collect();
        let recipients: BTreeSet<_> = rows(made, &attempt.rows).map(|t| &t.to).collect();
        let both: BTreeSet<_> = senders.intersection(&recipients).collect();
        let degrees = |pick: fn(&Transaction) -> &plume_aml::Account| {
            let mut degrees = BTreeMap::new();
            for transaction in rows(made, &attempt.rows) {
                *degrees.entry(pick(transaction)).or_insert(0usize) += 1;
            }
            degrees.into_values().max().unwrap()
        };
        match attempt.pattern {
            Pattern::FanOut => assert!(senders.len() == 1 && recipients.len() >= 8),
            Pattern::FanIn => assert!(recipients.len() == 1 && senders.len() >= 8),
            Pattern::GatherScatter => {
                assert!(both.len() == 1 && degrees(|t| &t.from) >= 8 && degrees(|t| &t.to) >= 8);
            }
            Pattern::ScatterGather => assert!(both.len() >= 8 && senders.len() == both.len() + 1),
            Pattern::Cycle => assert_eq!(
                (senders.len(), recipients.len()),
                (both.len(), attempt.rows.len())
            ),
            Pattern::Bipartite => assert!(both.is_empty() && senders.len() >= 4),
            Pattern::Stack => assert!(both.len() >= 2 && senders.len() > both.len()),
            Pattern::Structuring => {
                assert!(senders.len() == 1 && attempt.rows.len() >= 5);
                let threshold = Amount::whole(10_000);
                assert!(
                    rows(made, &attempt.rows)
                        .all(|t| t.paid < threshold && t.paid >= Amount::whole(8_500))
                );
            }
            _ => assert!(attempt.rows.len() >= 5),
        }
    }
}

/// Otherwise a detector could go by amounts alone.
#[test]
fn most_laundering_has_amounts_that_honest_payments_have_too() {
    let mut ordinary: Vec<_> = MADE
        .transactions
        .iter()
        .filter(|t| t.laundering == Some(false))
        .map(|t| t.paid)
        .collect();
    ordinary.sort_unstable();
    let above: Vec<_> = MADE
        .labels
        .attempts
        .iter()
        .flat_map(|attempt| rows(&MADE, &attempt.rows))
        .map(|t| ordinary.len() - ordinary.partition_point(|amount| *amount < t.paid))
        .collect();
    // Even the largest laundering payments have many honest ones above them.
    let hidden = above.iter().filter(|above| **above > 200).count();
    assert!(hidden * 10 > above.len() * 8, "{hidden} of {}", above.len());
}

#[test]
fn ordinary_degrees_and_amounts_have_heavy_tails() {
    let mut senders: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    let mut amounts = Vec::new();
    for transaction in MADE
        .transactions
        .iter()
        .filter(|t| t.laundering == Some(false))
    {
        senders
            .entry(&transaction.to)
            .or_default()
            .insert(&transaction.from);
        amounts.push(transaction.paid);
    }
    let mut degrees: Vec<_> = senders.values().map(BTreeSet::len).collect();
    degrees.sort_unstable();
    amounts.sort_unstable();
    let at = |share: usize| amounts[(amounts.len() - 1) * share / 1_000];
    assert!(degrees[degrees.len() - 1] > 100 * degrees[degrees.len() / 2]);
    assert!(at(999).0 > 100 * at(500).0, "{} {}", at(999), at(500));
}

#[test]
fn sanctioned_accounts_appear_and_are_nobody_elses() {
    let sanctioned = &MADE.labels.sanctioned_accounts;
    assert_eq!(sanctioned.len(), 5);
    for transaction in &MADE.transactions {
        let touches =
            sanctioned.contains(&transaction.from) || sanctioned.contains(&transaction.to);
        assert_eq!(
            touches,
            MADE.labels.sanctioned_rows.contains(&transaction.row)
        );
    }
}

#[test]
fn every_format_is_read_back_as_it_was_made() {
    let made = generate(&Config::for_transfers(4, 3_000)).unwrap();
    let folder = std::env::temp_dir().join(format!("plume-aml-{}", std::process::id()));
    write::folder(&folder, &made).unwrap();
    let open =
        |name: &str| std::io::BufReader::new(std::fs::File::open(folder.join(name)).unwrap());

    let transactions: Vec<_> = AmlWorld::new(open("transactions.csv"))
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(transactions, made.transactions);

    let blocks: Vec<_> = Patterns::new(open("patterns.txt"))
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(
        match_attempts(&transactions, &blocks).unwrap(),
        made.labels.attempts
    );

    let labels: Labels = serde_json::from_reader(open("labels.json")).unwrap();
    assert_eq!(labels, made.labels);

    let options = made.amlsim_options();
    let steps: Vec<_> = AmlSim::new(open("amlsim/transactions.csv"), options)
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    assert_eq!(steps.len(), transactions.len());
    assert!(steps.iter().zip(&transactions).all(|(step, whole)| {
        step.paid == whole.paid && step.time_s == whole.time_s - whole.time_s % 86_400
    }));
    let nodes: Vec<_> = Nodes::new(open("amlsim/nodes.csv"))
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    let fraud = nodes.iter().filter(|node| node.fraud).count();
    assert_eq!(
        (nodes.len(), fraud),
        (made.accounts.len(), made.laundering_accounts().len())
    );

    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_world_that_is_too_small_is_refused() {
    let config = Config::for_transfers(1, 3_000);
    for small in [
        Config {
            people: 99,
            ..config.clone()
        },
        Config {
            days: 6,
            ..config.clone()
        },
        Config {
            banks: 0,
            ..config.clone()
        },
        Config {
            ordinary_per_laundering: 0,
            ..config.clone()
        },
    ] {
        assert!(matches!(generate(&small), Err(GenerateError::TooSmall(_))));
    }
    let large = Config {
        days: 367,
        ..config
    };
    assert!(matches!(generate(&large), Err(GenerateError::TooLarge(_))));
}
