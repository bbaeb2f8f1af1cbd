//! The figures, and a table of them.

use super::Verdict;
use crate::Pattern;
use core::fmt;
use serde::Serialize;
use std::collections::BTreeMap;

/// `part` of `whole`; nothing of nothing is unknown.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Everything about one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Transfers in the file.
    pub transfers: u64,
    /// Those about which any rule spoke.
    pub alerted: u64,
    /// Alerts about transfers that the file does not have.
    pub unknown_alerts: u64,
    /// By pattern of the planted attempts.
    pub patterns: BTreeMap<Pattern, PatternScore>,
    /// By account.
    pub accounts: AccountScore,
    /// What honest people notice.
    pub ordinary: OrdinaryScore,
    /// The sanctioned.
    pub sanctions: SanctionsScore,
}

/// How well one pattern was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PatternScore {
    /// How many were planted.
    pub attempts: u64,
    /// How many of these got an alert.
    pub found: u64,
    /// Their transfers.
    pub transfers: u64,
    /// How many of these got an alert.
    pub transfers_alerted: u64,
    /// Transfers in the whole file that a rule aimed at this pattern alerted.
    pub aimed_alerts: u64,
    /// Those of them that belong to any attempt.
    pub aimed_true: u64,
    /// Those of them that belong to an attempt of this pattern.
    pub aimed_own: u64,
    /// Seconds from an attempt's first transfer to its first alert.
    pub delay_s: Option<Delay>,
    /// Transfers of the attempt that passed before its first alert.
    pub delay_transfers: Option<Delay>,
}

impl PatternScore {
    /// Share of the attempts that were found.
    pub fn recall(&self) -> Option<f64> {
        share(self.found, self.attempts)
    }

    /// Share of the attempts' transfers that got an alert.
    pub fn transfer_recall(&self) -> Option<f64> {
        share(self.transfers_alerted, self.transfers)
    }

    /// Of what the rules aimed at it alerted, the share that is laundering.
    pub fn precision(&self) -> Option<f64> {
        share(self.aimed_true, self.aimed_alerts)
    }

    /// Of what the rules aimed at it alerted, the share that is this pattern.
    pub fn own_precision(&self) -> Option<f64> {
        share(self.aimed_own, self.aimed_alerts)
    }
}

/// How long it took, over the attempts that were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Delay {
    /// Half of them took no longer.
    pub median: u64,
    /// Nine of ten took no longer.
    pub p90: u64,
    /// None took longer.
    pub most: u64,
}

impl Delay {
    pub(super) fn of(mut delays: Vec<u64>) -> Option<Self> {
        delays.sort_unstable();
        let at = |per_cent: usize| {
            let rank = delays.len().saturating_mul(per_cent).div_ceil(100);
            delays.get(rank.saturating_sub(1)).copied()
        };
        Some(Self {
            median: at(50)?,
            p90: at(90)?,
            most: at(100)?,
        })
    }
}

/// Accounts that were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AccountScore {
    /// Accounts that take part in laundering.
    pub labelled: u64,
    /// Accounts at either end of a transfer that got an alert.
    pub flagged: u64,
    /// Those that are both.
    pub found: u64,
}

impl AccountScore {
    /// Share of the flagged that are labelled.
    pub fn precision(&self) -> Option<f64> {
        share(self.found, self.flagged)
    }

    /// Share of the labelled that are flagged.
    pub fn recall(&self) -> Option<f64> {
        share(self.found, self.labelled)
    }
}

/// What honest people notice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OrdinaryScore {
    /// Ordinary transfers.
    pub transfers: u64,
    /// Those about which any rule spoke.
    pub touched: u64,
    /// The touched by the hardest verdict that each got.
    pub by_verdict: BTreeMap<Verdict, u64>,
    /// The touched by rule; one that two rules touched counts for both.
    pub by_rule: BTreeMap<String, u64>,
}

impl OrdinaryScore {
    /// Share of the ordinary transfers about which any rule spoke.
    pub fn share(&self) -> Option<f64> {
        share(self.touched, self.transfers)
    }
}

/// Transfers of the sanctioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SanctionsScore {
    /// Sanctioned accounts.
    pub accounts: u64,
    /// Transfers to or from them.
    pub transfers: u64,
    /// Those that were held or denied. An alert lets a transfer through.
    pub stopped: u64,
}

impl SanctionsScore {
    /// Those that went through; has to be zero.
    pub fn through(&self) -> u64 {
        self.transfers.saturating_sub(self.stopped)
    }
}

struct Percent(Option<f64>);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(share) => f.pad(&format!("{:.2} %", share * 100.0)),
            None => f.pad("-"),
        }
    }
}

/// A table for people; its first line says that the data is synthetic.
impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "Synthetic data: these figures say how rules do on planted shapes, not on real crime."
        )?;
        writeln!(
            f,
            "{:<15} {:>8} {:>9} {:>9} {:>10} {:>10} {:>12} {:>12}",
            "pattern",
            "attempts",
            "recall",
            "transfers",
            "precision",
            "own prec.",
            "delay p50",
            "delay p90"
        )?;
        for (pattern, score) in &self.patterns {
            let delay = |pick: fn(Delay) -> u64| match score.delay_s {
                Some(delay) => format!("{} min", pick(delay) / 60),
                None => "-".into(),
            };
            writeln!(
                f,
                "{:<15} {:>8} {:>9} {:>9} {:>10} {:>10} {:>12} {:>12}",
                pattern,
                score.attempts,
                Percent(score.recall()),
                Percent(score.transfer_recall()),
                Percent(score.precision()),
                Percent(score.own_precision()),
                delay(|delay| delay.median),
                delay(|delay| delay.p90),
            )?;
        }
        writeln!(
            f,
            "accounts: {} labelled, {} flagged, precision {}, recall {}",
            self.accounts.labelled,
            self.accounts.flagged,
            Percent(self.accounts.precision()),
            Percent(self.accounts.recall()),
        )?;
        writeln!(
            f,
            "ordinary transfers touched: {} of {} ({})",
            self.ordinary.touched,
            self.ordinary.transfers,
            Percent(self.ordinary.share()),
        )?;
        for (rule, times) in &self.ordinary.by_rule {
            writeln!(f, "    by {rule}: {times}")?;
        }
        write!(
            f,
            "sanctioned transfers through: {} of {}",
            self.sanctions.through(),
            self.sanctions.transfers
        )
    }
}
