//! How good alerts are, against what is true about a file.
//!
//! - An attempt is **found** when one of its transfers got an alert at least.
//! - **Delay** runs from an attempt's first transfer to the first that got an alert.
//! - **Precision** of a pattern looks at the transfers that the rules aimed at it alerted: the share that belongs to
//!   any attempt. [`PatternScore::own_precision`] is the share that belongs to an attempt of that pattern. Which
//!   rules aim at which pattern the caller says in [`Aims`].
//! - An **account** is found when it sent or received a transfer that got an alert.
//! - An **ordinary** transfer belongs to no attempt and touches no sanctioned account.

mod baseline;
mod curve;
mod report;

pub use baseline::distinct_senders;
pub use curve::{CurvePoint, alert_rate_at, recall_curve, thinned};
pub use report::{AccountScore, Delay, OrdinaryScore, PatternScore, SanctionsScore, Score};

use crate::{Account, Attempt, Labels, Pattern, Transaction};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the engine did with a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It went on, and a case was opened.
    Alert,
    /// It was executed, and what it brought was held.
    Hold,
    /// It was refused.
    Deny,
}

/// That a rule spoke about a transfer. Several rules may speak about the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alert {
    /// [`Transaction::row`].
    pub row: u64,
    /// The rule's name or code.
    pub rule: String,
    /// What came of it.
    pub verdict: Verdict,
}

/// Which rules are meant to find which pattern. A pattern without an entry is measured against all rules.
pub type Aims = BTreeMap<Pattern, BTreeSet<String>>;

/// What is true about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    attempts: Vec<Attempt>,
    /// Transfers of attempts, and those that a file labels without saying which attempt.
    laundering_rows: BTreeSet<u64>,
    accounts: BTreeSet<Account>,
    sanctioned_accounts: BTreeSet<Account>,
    sanctioned_rows: BTreeSet<u64>,
}

impl Truth {
    /// From attempts, the sanctioned, and the labels of the transfers themselves.
    pub fn new(transactions: &[Transaction], labels: &Labels) -> Self {
        let mut laundering_rows: BTreeSet<u64> = labels
            .attempts
            .iter()
            .flat_map(|attempt| &attempt.rows)
            .copied()
            .collect();
        for transaction in transactions {
            if transaction.laundering == Some(true) {
                laundering_rows.insert(transaction.row);
            }
        }
        let accounts = transactions
            .iter()
            .filter(|transaction| laundering_rows.contains(&transaction.row))
            .flat_map(|transaction| [transaction.from.clone(), transaction.to.clone()])
            .collect();
        Self {
            attempts: labels.attempts.clone(),
            laundering_rows,
            accounts,
            sanctioned_accounts: labels.sanctioned_accounts.clone(),
            sanctioned_rows: labels.sanctioned_rows.clone(),
        }
    }

    /// From labels on accounts, as AMLSim has them. A transfer counts as laundering when both its ends are labelled,
    /// which also takes in ordinary transfers between two of them.
    pub fn from_accounts(transactions: &[Transaction], accounts: BTreeSet<Account>) -> Self {
        let laundering_rows = transactions
            .iter()
            .filter(|transaction| {
                accounts.contains(&transaction.from) && accounts.contains(&transaction.to)
            })
            .map(|transaction| transaction.row)
            .collect();
        Self {
            laundering_rows,
            accounts,
            ..Self::default()
        }
    }

    /// Accounts that take part in laundering.
    pub fn accounts(&self) -> &BTreeSet<Account> {
        &self.accounts
    }
}

/// Scores `alerts`. Alerts about rows that `transactions` does not have are counted in [`Score::unknown_alerts`].
pub fn score(transactions: &[Transaction], truth: &Truth, alerts: &[Alert], aims: &Aims) -> Score {
    let by_row: HashMap<u64, &Transaction> = transactions
        .iter()
        .map(|transaction| (transaction.row, transaction))
        .collect();
    let mut alerted: BTreeMap<u64, Vec<&Alert>> = BTreeMap::new();
    let mut unknown_alerts = 0u64;
    for alert in alerts {
        if by_row.contains_key(&alert.row) {
            alerted.entry(alert.row).or_default().push(alert);
        } else {
            unknown_alerts = unknown_alerts.saturating_add(1);
        }
    }
    Score {
        transfers: count(transactions.len()),
        alerted: count(alerted.len()),
        unknown_alerts,
        patterns: patterns(truth, &alerted, &by_row, aims),
        accounts: accounts(truth, &alerted, &by_row),
        ordinary: ordinary(transactions, truth, &alerted),
        sanctions: sanctions(truth, &alerted),
    }
}

type Alerted<'a> = BTreeMap<u64, Vec<&'a Alert>>;

fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

fn patterns(
    truth: &Truth,
    alerted: &Alerted<'_>,
    by_row: &HashMap<u64, &Transaction>,
    aims: &Aims,
) -> BTreeMap<Pattern, PatternScore> {
    let mut by_pattern: BTreeMap<Pattern, Vec<&Attempt>> = BTreeMap::new();
    for attempt in &truth.attempts {
        by_pattern
            .entry(attempt.pattern.clone())
            .or_default()
            .push(attempt);
    }
    let mut scores = BTreeMap::new();
    for (pattern, attempts) in by_pattern {
        let own: BTreeSet<u64> = attempts
            .iter()
            .flat_map(|attempt| &attempt.rows)
            .copied()
            .collect();
        let aimed = |alerts: &[&Alert]| match aims.get(&pattern) {
            Some(rules) => alerts.iter().any(|alert| rules.contains(&alert.rule)),
            None => true,
        };
        let aimed: BTreeSet<u64> = alerted
            .iter()
            .filter(|(_, alerts)| aimed(alerts))
            .map(|(row, _)| *row)
            .collect();
        let mut delays_s = Vec::new();
        let mut delays_transfers = Vec::new();
        for attempt in &attempts {
            let Some(place) = attempt
                .rows
                .iter()
                .position(|row| alerted.contains_key(row))
            else {
                continue;
            };
            let time = |row: Option<&u64>| {
                row.and_then(|row| by_row.get(row))
                    .map_or(0, |found| found.time_s)
            };
            delays_s.push(time(attempt.rows.get(place)).saturating_sub(time(attempt.rows.first())));
            delays_transfers.push(count(place));
        }
        scores.insert(
            pattern,
            PatternScore {
                attempts: count(attempts.len()),
                found: count(delays_s.len()),
                transfers: count(own.len()),
                transfers_alerted: count(
                    own.iter().filter(|row| alerted.contains_key(row)).count(),
                ),
                aimed_alerts: count(aimed.len()),
                aimed_true: count(aimed.intersection(&truth.laundering_rows).count()),
                aimed_own: count(aimed.intersection(&own).count()),
                delay_s: Delay::of(delays_s),
                delay_transfers: Delay::of(delays_transfers),
            },
        );
    }
    scores
}

fn accounts(
    truth: &Truth,
    alerted: &Alerted<'_>,
    by_row: &HashMap<u64, &Transaction>,
) -> AccountScore {
    let found: BTreeSet<&Account> = alerted
        .keys()
        .filter_map(|row| by_row.get(row))
        .flat_map(|transaction| [&transaction.from, &transaction.to])
        .collect();
    AccountScore {
        labelled: count(truth.accounts.len()),
        flagged: count(found.len()),
        found: count(
            found
                .iter()
                .filter(|account| truth.accounts.contains(**account))
                .count(),
        ),
    }
}

fn ordinary(transactions: &[Transaction], truth: &Truth, alerted: &Alerted<'_>) -> OrdinaryScore {
    let is_ordinary =
        |row: &u64| !truth.laundering_rows.contains(row) && !truth.sanctioned_rows.contains(row);
    let mut score = OrdinaryScore {
        transfers: count(
            transactions
                .iter()
                .filter(|transaction| is_ordinary(&transaction.row))
                .count(),
        ),
        ..OrdinaryScore::default()
    };
    for (_, alerts) in alerted.iter().filter(|(row, _)| is_ordinary(row)) {
        score.touched = score.touched.saturating_add(1);
        let hardest = alerts.iter().map(|alert| alert.verdict).max();
        if let Some(verdict) = hardest {
            let times = score.by_verdict.entry(verdict).or_default();
            *times = times.saturating_add(1);
        }
        let rules: BTreeSet<&str> = alerts.iter().map(|alert| alert.rule.as_str()).collect();
        for rule in rules {
            let times = score.by_rule.entry(rule.to_owned()).or_default();
            *times = times.saturating_add(1);
        }
    }
    score
}

fn sanctions(truth: &Truth, alerted: &Alerted<'_>) -> SanctionsScore {
    let stopped = truth.sanctioned_rows.iter().filter(|row| {
        let alerts = alerted.get(row).map(Vec::as_slice).unwrap_or_default();
        alerts.iter().any(|alert| alert.verdict != Verdict::Alert)
    });
    SanctionsScore {
        accounts: count(truth.sanctioned_accounts.len()),
        transfers: count(truth.sanctioned_rows.len()),
        stopped: count(stopped.count()),
    }
}
