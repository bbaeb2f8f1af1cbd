//! What the figures mean, on cases that can be counted by hand.

use plume_aml::{
    Account, Amount, Attempt, Labels, Pattern, Transaction,
    score::{
        Aims, Alert, Delay, Truth, Verdict, alert_rate_at, distinct_senders, recall_curve, score,
        thinned,
    },
};
use proptest::{collection::vec, prelude::*};
use std::collections::BTreeSet;

fn account(number: u64) -> Account {
    Account {
        bank: "1".into(),
        number: number.to_string().into(),
    }
}

fn transfer(row: u64, from: u64, to: u64) -> Transaction {
    Transaction {
        row,
        time_s: row * 60,
        from: account(from),
        to: account(to),
        paid: Amount::whole(1),
        paid_currency: "".into(),
        received: Amount::whole(1),
        received_currency: "".into(),
        format: "".into(),
        laundering: None,
    }
}

fn alert(row: u64, rule: &str, verdict: Verdict) -> Alert {
    Alert {
        row,
        rule: rule.into(),
        verdict,
    }
}

/// Ten transfers: 1, 2, 3 are a fan-in to 100; 5 and 6 a cycle; 8 touches the sanctioned 66; the rest is ordinary.
fn case() -> (Vec<Transaction>, Labels) {
    let transactions = vec![
        transfer(0, 1, 2),
        transfer(1, 11, 100),
        transfer(2, 12, 100),
        transfer(3, 13, 100),
        transfer(4, 2, 3),
        transfer(5, 21, 22),
        transfer(6, 22, 21),
        transfer(7, 3, 4),
        transfer(8, 66, 4),
        transfer(9, 4, 5),
    ];
    let attempt = |pattern, rows| Attempt {
        pattern,
        detail: String::new(),
        rows,
    };
    let labels = Labels {
        attempts: vec![
            attempt(Pattern::FanIn, vec![1, 2, 3]),
            attempt(Pattern::Cycle, vec![5, 6]),
        ],
        sanctioned_accounts: BTreeSet::from([account(66)]),
        sanctioned_rows: BTreeSet::from([8]),
    };
    (transactions, labels)
}

#[test]
fn figures_are_those_that_can_be_counted_by_hand() {
    let (transactions, labels) = case();
    let truth = Truth::new(&transactions, &labels);
    let alerts = [
        alert(2, "fan-in", Verdict::Alert),
        alert(3, "fan-in", Verdict::Alert),
        alert(3, "fan-in", Verdict::Hold),
        alert(9, "fan-in", Verdict::Hold),
        alert(6, "other", Verdict::Alert),
        alert(8, "list", Verdict::Deny),
        alert(77, "fan-in", Verdict::Alert),
    ];
    let aims = Aims::from([(Pattern::FanIn, BTreeSet::from(["fan-in".to_owned()]))]);
    let found = score(&transactions, &truth, &alerts, &aims);

    assert_eq!(
        (found.transfers, found.alerted, found.unknown_alerts),
        (10, 5, 1)
    );
    let fan_in = &found.patterns[&Pattern::FanIn];
    assert_eq!(
        (fan_in.recall(), fan_in.transfer_recall()),
        (Some(1.0), Some(2.0 / 3.0))
    );
    assert_eq!(
        (fan_in.precision(), fan_in.own_precision()),
        (Some(2.0 / 3.0), Some(2.0 / 3.0))
    );
    assert_eq!(
        fan_in.delay_s,
        Some(Delay {
            median: 60,
            p90: 60,
            most: 60
        })
    );
    assert_eq!(
        fan_in.delay_transfers,
        Some(Delay {
            median: 1,
            p90: 1,
            most: 1
        })
    );
    // Without an aim every rule counts: five transfers, three of them laundering, one of them this cycle's.
    let cycle = &found.patterns[&Pattern::Cycle];
    assert_eq!(
        (cycle.precision(), cycle.own_precision()),
        (Some(3.0 / 5.0), Some(1.0 / 5.0))
    );

    // Labelled: 11, 12, 13, 100, 21, 22. Flagged: 12, 13, 100, 4, 5, 21, 22, 66.
    assert_eq!(
        (
            found.accounts.labelled,
            found.accounts.flagged,
            found.accounts.found
        ),
        (6, 8, 5)
    );
    assert_eq!((found.ordinary.transfers, found.ordinary.touched), (4, 1));
    assert_eq!(found.ordinary.by_verdict[&Verdict::Hold], 1);
    assert_eq!(
        (found.sanctions.transfers, found.sanctions.through()),
        (1, 0)
    );

    let table = found.to_string();
    assert!(table.starts_with("Synthetic data"));
    assert!(
        table.contains("ordinary transfers touched: 1 of 4 (25.00 %)"),
        "{table}"
    );
    assert!(
        serde_json::to_string(&found)
            .unwrap()
            .contains("\"FAN-IN\"")
    );
}

#[test]
fn an_alert_alone_does_not_stop_a_sanctioned_transfer() {
    let (transactions, labels) = case();
    let truth = Truth::new(&transactions, &labels);
    let alerts = [alert(8, "list", Verdict::Alert)];
    assert_eq!(
        score(&transactions, &truth, &alerts, &Aims::new())
            .sanctions
            .through(),
        1
    );
}

#[test]
fn labels_on_accounts_make_transfers_between_two_of_them_laundering() {
    let (transactions, _) = case();
    let truth = Truth::from_accounts(&transactions, BTreeSet::from([account(11), account(100)]));
    let alerts = [alert(1, "x", Verdict::Alert), alert(2, "x", Verdict::Alert)];
    let found = score(&transactions, &truth, &alerts, &Aims::new());
    assert_eq!(
        (found.accounts.precision(), found.accounts.recall()),
        (Some(2.0 / 3.0), Some(1.0))
    );
    assert_eq!((found.ordinary.transfers, found.ordinary.touched), (9, 1));
}

#[test]
fn distinct_senders_are_counted_within_the_window_only() {
    let transactions = [
        transfer(0, 1, 9),
        transfer(1, 1, 9),
        transfer(2, 2, 9),
        transfer(10, 3, 9),
        transfer(11, 1, 8),
    ];
    assert_eq!(
        distinct_senders(&transactions, 600),
        [1.0, 1.0, 2.0, 3.0, 1.0]
    );
    assert_eq!(
        distinct_senders(&transactions, 120),
        [1.0, 1.0, 2.0, 1.0, 1.0]
    );
    assert_eq!(
        distinct_senders(&transactions, 60),
        [1.0, 1.0, 1.0, 1.0, 1.0]
    );
}

#[test]
fn the_curve_is_the_one_that_can_be_drawn_by_hand() {
    let transactions = [
        transfer(0, 1, 2),
        transfer(1, 3, 4),
        transfer(2, 1, 4),
        transfer(3, 5, 6),
    ];
    let labelled = BTreeSet::from([account(1), account(5)]);
    let points = recall_curve(&transactions, &[0.5, 0.9, 0.5, f64::NAN], &labelled);
    assert_eq!(points.len(), 2);
    assert_eq!(
        (points[0].threshold, points[0].alerts, points[0].recall),
        (0.9, 1, 0.0)
    );
    assert_eq!(
        (points[1].threshold, points[1].alerts, points[1].alert_rate),
        (0.5, 3, 0.75)
    );
    assert_eq!((points[1].recall, points[1].precision), (0.5, 0.25));
    assert_eq!(alert_rate_at(&points, 0.5), Some(0.75));
    assert_eq!(alert_rate_at(&points, 0.6), None);
}

proptest! {
    #[test]
    fn recall_and_alert_rate_only_grow_along_the_curve(
        rows in vec((0u64..20, 0u64..20, prop_oneof![Just(f64::NAN), -5.0f64..5.0, (0u8..4).prop_map(f64::from)]), 0..60),
        labelled in vec(0u64..25, 0..8),
        most in 0usize..10,
    ) {
        let transactions: Vec<_> = (0u64..).zip(&rows).map(|(row, (from, to, _))| transfer(row, *from, *to)).collect();
        let scores: Vec<_> = rows.iter().map(|(_, _, score)| *score).collect();
        let labelled: BTreeSet<_> = labelled.into_iter().map(account).collect();
        let points = recall_curve(&transactions, &scores, &labelled);
        for pair in points.windows(2) {
            prop_assert!(pair[0].threshold > pair[1].threshold);
            prop_assert!(pair[0].alert_rate < pair[1].alert_rate && pair[0].recall <= pair[1].recall);
        }
        for point in &points {
            prop_assert!(point.recall <= 1.0 && point.precision <= 1.0 && point.alert_rate <= 1.0);
        }
        let few = thinned(&points, most);
        prop_assert!(few.len() <= most);
        if most >= 2 && !points.is_empty() {
            prop_assert_eq!(few.last(), points.last());
            prop_assert_eq!(few.first(), points.first());
        }
    }

    /// No list of alerts makes a share larger than one, and no alert is lost.
    #[test]
    fn shares_stay_shares(alerts in vec((0u64..14, 0usize..3, 0u8..3), 0..40)) {
        let (transactions, labels) = case();
        let truth = Truth::new(&transactions, &labels);
        let alerts: Vec<_> = alerts
            .into_iter()
            .map(|(row, rule, verdict)| {
                let verdict = [Verdict::Alert, Verdict::Hold, Verdict::Deny][usize::from(verdict)];
                alert(row, ["a", "b", "c"][rule], verdict)
            })
            .collect();
        let found = score(&transactions, &truth, &alerts, &Aims::new());
        let rows: BTreeSet<_> = alerts.iter().map(|alert| alert.row).filter(|row| *row < 10).collect();
        prop_assert_eq!(found.alerted, rows.len() as u64);
        let shares = found.patterns.values().flat_map(|p| [p.recall(), p.transfer_recall(), p.precision()]);
        for share in shares.chain([found.accounts.recall(), found.accounts.precision(), found.ordinary.share()]) {
            prop_assert!(share.is_none_or(|share| (0.0..=1.0).contains(&share)));
        }
        let planted: u64 = found.patterns.values().map(|p| p.transfers_alerted).sum();
        let sanctioned = u64::from(rows.contains(&8));
        prop_assert_eq!(planted + found.ordinary.touched + sanctioned, found.alerted);
    }
}
