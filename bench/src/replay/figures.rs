//! How good the chain was, from what it said about the transfers.

use super::{Data, Played};
use plume_aml::{
    Pattern,
    score::{
        Aims, Alert, CurvePoint, Score, Truth, Verdict as Scored, alert_rate_at, distinct_senders,
        recall_curve, score, thinned,
    },
};
use plume_primitives::compliance::{Reason, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

/// Points of a curve that are told.
const CURVE_POINTS: usize = 24;
/// Recall at which curves are compared.
const HIGH_RECALL: f64 = 0.9;
/// The window of the curve's rules and of the plain count beside it: ten days.
const CURVE_WINDOW_S: u64 = 10 * 86_400;
const SYNTHETIC: &str =
    "The data is synthetic. These figures say how rules do on planted shapes, not on real crime.";

/// What is known about a run besides its outcome.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// File or seed.
    pub data: String,
    /// How it was read.
    pub format: String,
    /// Name of the policy.
    pub policy: String,
    /// From how many distinct senders on the tried rules of the curve alert; empty when they were not tried.
    pub curve: Vec<u8>,
    /// Accounts that take part.
    pub accounts: usize,
    /// Seconds of one moment of the chain.
    pub quantum_s: u64,
    /// Days for which accounts were known before the file begins.
    pub known_days: u32,
    /// Seconds that the set-up took.
    pub set_up_s: f64,
    /// Currencies that were taken for the reference currency, with the number of their transfers.
    pub unknown_currencies: BTreeMap<String, usize>,
}

/// Everything that is told.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// That it is no real data.
    pub synthetic: &'static str,
    /// What was run.
    pub run: Run,
    /// Transfers that were sent.
    pub transfers: usize,
    /// Those in a block.
    pub included: usize,
    /// In a block, and failed.
    pub failed: usize,
    /// Neither in a block nor denied, with the node's words for some.
    pub lost: Vec<(u64, String)>,
    /// Blocks.
    pub blocks: usize,
    /// Seconds from the first step to the last event read.
    pub seconds: f64,
    /// Transfers a second.
    pub tps: f64,
    /// Transfers by what became of them.
    pub verdicts: BTreeMap<&'static str, usize>,
    /// Transfers by each reason that was given.
    pub reasons: BTreeMap<String, usize>,
    /// Against what is true.
    pub score: Score,
    /// Shares that follow from the score, by pattern.
    pub shares: BTreeMap<String, Shares>,
    /// Share of the ordinary transfers about which any rule spoke.
    pub ordinary_touched: Option<f64>,
    /// Share of the flagged accounts that are labelled.
    pub account_precision: Option<f64>,
    /// Share of the labelled accounts that are flagged.
    pub account_recall: Option<f64>,
    /// Recall against the alert rate by the chain's own rules.
    pub chain_curve: Option<Curve>,
    /// The same by a plain count of distinct senders off the chain, which has no bound.
    pub plain_curve: Option<Curve>,
}

/// Of one pattern.
#[derive(Clone, Debug, Serialize)]
pub struct Shares {
    /// Of the attempts, those that were found.
    pub recall: Option<f64>,
    /// Of what its rules alerted, what is laundering.
    pub precision: Option<f64>,
    /// Of what its rules alerted, what is this pattern.
    pub own_precision: Option<f64>,
}

/// A curve over distinct senders in ten days.
#[derive(Clone, Debug, Serialize)]
pub struct Curve {
    /// The alert rate at which nine of ten labelled accounts are found; none if no threshold does.
    pub alert_rate_at_high_recall: Option<f64>,
    /// From the highest threshold on.
    pub points: Vec<CurvePoint>,
}

impl Curve {
    fn of(data: &Data, scores: &[f64], truth: &Truth) -> Self {
        let points = recall_curve(&data.transactions, scores, truth.accounts());
        Self {
            alert_rate_at_high_recall: alert_rate_at(&points, HIGH_RECALL),
            points: thinned(&points, CURVE_POINTS),
        }
    }
}

/// Which reasons are meant for which pattern. What has no entry is measured against all reasons.
fn aims() -> Aims {
    let aim = |pattern, reasons: &[Reason]| {
        let names = reasons.iter().map(|reason| format!("{reason:?}"));
        (pattern, names.collect())
    };
    use Reason::*;
    Aims::from([
        aim(Pattern::FanIn, &[FanIn]),
        aim(Pattern::FanOut, &[FanOut]),
        aim(Pattern::GatherScatter, &[Reason::GatherScatter]),
        aim(Pattern::ScatterGather, &[FanOut, FanIn]),
        aim(Pattern::Structuring, &[SentJustUnder, ReceivedJustUnder]),
    ])
}

/// What the chain said, row by row, and the score of each place on the curve.
struct Heard {
    alerts: Vec<Alert>,
    /// Places by the hardest verdict.
    hardest: BTreeMap<usize, Scored>,
    curve: Vec<f64>,
}

fn hear(data: &Data, played: &Played, run: &Run) -> Heard {
    let mut heard = Heard {
        alerts: Vec::new(),
        hardest: BTreeMap::new(),
        // No number: a transfer about which no rule of the curve spoke gets no alert at any threshold.
        curve: vec![f64::NAN; data.transactions.len()],
    };
    let mut say = |place: usize, reason: Reason, verdict: Scored| {
        let Some(transaction) = data.transactions.get(place) else {
            return;
        };
        heard.alerts.push(Alert {
            row: transaction.row,
            rule: format!("{reason:?}"),
            verdict,
        });
        let hardest = heard.hardest.entry(place).or_insert(verdict);
        *hardest = verdict.max(*hardest);
    };
    for (place, reason) in &played.denied {
        say(*place, *reason, Scored::Deny);
    }
    for (place, all) in &played.found {
        for said in all {
            if let Some(verdict) = scored(said.verdict) {
                say(*place, said.reason, verdict);
            }
        }
    }
    for (place, rules) in &played.tried {
        let senders = rules.checked_sub(1).and_then(|last| run.curve.get(last));
        if let (Some(senders), Some(score)) = (senders, heard.curve.get_mut(*place)) {
            *score = f64::from(*senders);
        }
    }
    heard
}

const fn scored(verdict: Verdict) -> Option<Scored> {
    match verdict {
        Verdict::Allow => None,
        Verdict::Alert => Some(Scored::Alert),
        Verdict::Hold => Some(Scored::Hold),
        Verdict::Deny => Some(Scored::Deny),
    }
}

impl Figures {
    /// Scores a run.
    pub fn of(data: &Data, played: &Played, run: Run) -> Self {
        let truth = data.truth();
        let Heard {
            alerts,
            hardest,
            curve,
        } = hear(data, played, &run);
        let score = score(&data.transactions, &truth, &alerts, &aims());
        let mut reasons = BTreeMap::new();
        for alert in &alerts {
            *reasons.entry(alert.rule.clone()).or_default() += 1;
        }
        let count = |verdict| hardest.values().filter(|one| **one == verdict).count();
        let transfers = data.transactions.len();
        let verdicts = BTreeMap::from([
            ("allowed", transfers - hardest.len().min(transfers)),
            ("alerted", count(Scored::Alert)),
            ("held", count(Scored::Hold)),
            ("denied", count(Scored::Deny)),
        ]);
        let shares = score.patterns.iter().map(|(pattern, score)| {
            let shares = Shares {
                recall: score.recall(),
                precision: score.precision(),
                own_precision: score.own_precision(),
            };
            (pattern.to_string(), shares)
        });
        let has_curve = !run.curve.is_empty();
        let row = |place: usize| data.transactions.get(place).map_or(0, |one| one.row);
        let lost = played.lost.iter();
        let seconds = played.elapsed.as_secs_f64();
        Self {
            synthetic: SYNTHETIC,
            transfers,
            included: played.included,
            failed: played.failed.len(),
            lost: lost
                .map(|(place, words)| (row(*place), words.clone()))
                .collect(),
            blocks: played.blocks,
            seconds,
            tps: transfers as f64 / seconds.max(1e-9),
            verdicts,
            reasons,
            shares: shares.collect(),
            ordinary_touched: score.ordinary.share(),
            account_precision: score.accounts.precision(),
            account_recall: score.accounts.recall(),
            chain_curve: has_curve.then(|| Curve::of(data, &curve, &truth)),
            plain_curve: has_curve.then(|| {
                let plain = distinct_senders(&data.transactions, CURVE_WINDOW_S);
                Curve::of(data, &plain, &truth)
            }),
            score,
            run,
        }
    }

    /// What is wrong with the run itself, in sentences.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let denied = self.verdicts.get("denied").copied().unwrap_or(0);
        if self.included + denied != self.transfers {
            problems.push(format!(
                "of {} transfers {} are in blocks and {denied} were denied; the others: {:?}",
                self.transfers,
                self.included,
                self.lost.iter().take(3).collect::<Vec<_>>()
            ));
        }
        if self.failed > 0 {
            problems.push(format!(
                "{} transfers are in blocks but failed",
                self.failed
            ));
        }
        if self.score.sanctions.through() > 0 {
            problems.push(format!(
                "{} transfers of the sanctioned went through",
                self.score.sanctions.through()
            ));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::{notices::Said, plan::tests::transfer};
    use plume_aml::{Attempt, Labels, Transaction};
    use std::time::Duration;

    fn run(curve: Vec<u8>) -> Run {
        Run {
            data: "a test".into(),
            format: "none".into(),
            policy: "standard".into(),
            curve,
            accounts: 3,
            quantum_s: 60,
            known_days: 0,
            set_up_s: 0.0,
            unknown_currencies: BTreeMap::new(),
        }
    }

    /// Rows that are not places: the file was not in the order of time.
    fn data() -> Data {
        let rows = [(7, "A", "B"), (3, "B", "C"), (5, "A", "C"), (9, "C", "A")];
        let transactions = rows.map(|(row, from, to)| Transaction {
            row,
            ..transfer(row, from, to, 1)
        });
        Data {
            labels: Labels {
                attempts: vec![Attempt {
                    pattern: Pattern::FanIn,
                    detail: String::new(),
                    rows: vec![3, 5],
                }],
                sanctioned_rows: [7].into(),
                ..Labels::default()
            },
            transactions: transactions.to_vec(),
            ..Data::default()
        }
    }

    fn played() -> Played {
        let said = Said {
            reason: Reason::FanIn,
            verdict: Verdict::Alert,
        };
        Played {
            denied: vec![(0, Reason::SenderSanctioned)],
            found: vec![(2, vec![said])],
            tried: vec![(2, 2), (3, 3)],
            included: 3,
            blocks: 2,
            elapsed: Duration::from_secs(2),
            ..Played::default()
        }
    }

    #[test]
    fn alerts_are_scored_by_row_and_the_tried_rules_count_for_the_curve_alone() {
        let figures = Figures::of(&data(), &played(), run(vec![2, 3, 4]));
        assert!(figures.problems().is_empty(), "{:?}", figures.problems());
        assert_eq!(
            figures.verdicts,
            BTreeMap::from([("allowed", 2), ("alerted", 1), ("held", 0), ("denied", 1)])
        );
        assert_eq!(figures.reasons.get("FanIn"), Some(&1));
        let fan_in = &figures.shares["FAN-IN"];
        assert_eq!((fan_in.recall, fan_in.precision), (Some(1.0), Some(1.0)));
        assert_eq!(figures.ordinary_touched, Some(0.0));
        assert_eq!(figures.tps, 2.0);
        let curve = figures.chain_curve.expect("there are rules for it");
        let thresholds: Vec<_> = curve.points.iter().map(|point| point.threshold).collect();
        assert_eq!(thresholds, [4.0, 3.0]);
        assert_eq!(curve.points.last().map(|point| point.alerts), Some(2));
    }

    #[test]
    fn what_went_missing_or_through_is_a_problem() {
        let mut played = played();
        played.denied.clear();
        played.failed.push(1);
        let figures = Figures::of(&data(), &played, run(Vec::new()));
        assert!(figures.chain_curve.is_none());
        let problems = figures.problems();
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems.iter().any(|one| one.contains("sanctioned")));
    }

    #[test]
    fn every_aim_is_a_reason_that_there_is() {
        let known: Vec<String> = (0..=u8::MAX)
            .filter_map(Reason::from_code)
            .map(|reason| format!("{reason:?}"))
            .collect();
        for reason in aims().values().flatten() {
            assert!(known.contains(reason), "{reason}");
        }
    }
}
