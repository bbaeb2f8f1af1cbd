//! Recall of accounts against the share of transfers that get an alert.

use crate::{Account, Transaction};
use serde::Serialize;
use std::collections::BTreeSet;

/// What happens when every transfer with at least this score gets an alert.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// The score from which on there is an alert.
    pub threshold: f64,
    /// How many transfers get one.
    pub alerts: u64,
    /// Their share of all transfers.
    pub alert_rate: f64,
    /// Share of the labelled accounts at either end of an alerted transfer.
    pub recall: f64,
    /// Share of the accounts at either end of an alerted transfer that are labelled.
    pub precision: f64,
}

/// The whole curve, from the highest threshold to the lowest, one point for each score that occurs.
///
/// `scores` has one number a transfer; where it is shorter the rest gets no alert ever, and so do scores that are no
/// number.
pub fn recall_curve(
    transactions: &[Transaction],
    scores: &[f64],
    labelled: &BTreeSet<Account>,
) -> Vec<CurvePoint> {
    let mut order: Vec<(f64, &Transaction)> = scores
        .iter()
        .copied()
        .zip(transactions)
        .filter(|(score, _)| !score.is_nan())
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let share = |part: usize, whole: usize| {
        if whole == 0 {
            0.0
        } else {
            part as f64 / whole as f64
        }
    };

    let mut flagged = BTreeSet::new();
    let mut found = 0usize;
    let mut points = Vec::new();
    let mut rest = order.iter().enumerate().peekable();
    while let Some((index, (score, transaction))) = rest.next() {
        for account in [&transaction.from, &transaction.to] {
            if flagged.insert(account) && labelled.contains(account) {
                found = found.saturating_add(1);
            }
        }
        if rest.peek().is_some_and(|(_, (next, _))| next == score) {
            continue;
        }
        let alerts = index.saturating_add(1);
        points.push(CurvePoint {
            threshold: *score,
            alerts: u64::try_from(alerts).unwrap_or(u64::MAX),
            alert_rate: share(alerts, transactions.len()),
            recall: share(found, labelled.len()),
            precision: share(found, flagged.len()),
        });
    }
    points
}

/// The lowest alert rate at which recall is at least `recall`; `None` when no threshold gives it.
pub fn alert_rate_at(points: &[CurvePoint], recall: f64) -> Option<f64> {
    points
        .iter()
        .find(|point| point.recall >= recall)
        .map(|point| point.alert_rate)
}

/// At most `most` points, evenly over the curve and with both of its ends.
pub fn thinned(points: &[CurvePoint], most: usize) -> Vec<CurvePoint> {
    if points.len() <= most || most < 2 {
        return points.iter().take(most).copied().collect();
    }
    let last = points.len() - 1;
    (0..most)
        .filter_map(|step| points.get(step * last / (most - 1)).copied())
        .collect()
}
