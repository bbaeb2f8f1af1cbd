//! Which transfers happen at one moment of the chain.

use super::Scale;
use plume_aml::Transaction;
use plume_primitives::compliance::RefValue;
use std::{collections::HashMap, ops::Range};

/// Transfers that get one moment of the chain's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The file's time, in seconds.
    pub time_s: u64,
    /// Places of its transfers.
    pub transfers: Range<usize>,
    /// Places of those that need travel-rule data, which goes before.
    pub travel: Vec<usize>,
}

/// What bounds a step.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Times are rounded down to multiples of so many seconds. Long, and windows of minutes see less than there
    /// was; short, and there is a block for every few transfers.
    pub quantum_s: u64,
    /// The most transfers. More only wait in the pool.
    pub transfers: usize,
    /// From this value on a transfer needs travel-rule data; none for never.
    pub travel_from: Option<RefValue>,
    /// The most transfers of one sender whose travel-rule data can wait at once.
    pub envelopes: usize,
}

/// Cuts transfers, which are in the order of time, into steps in the same order.
pub fn steps(transactions: &[Transaction], scale: Scale, bounds: Bounds) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut waiting: HashMap<&plume_aml::Account, usize> = HashMap::new();
    for (place, transaction) in transactions.iter().enumerate() {
        let time_s = transaction.time_s - transaction.time_s % bounds.quantum_s.max(1);
        let travels = bounds
            .travel_from
            .is_some_and(|from| scale.value(transaction) >= from);
        let has_room = |step: &&mut Step| {
            let envelopes = waiting.get(&transaction.from).copied().unwrap_or(0);
            step.time_s == time_s
                && step.transfers.len() < bounds.transfers.max(1)
                && !(travels && envelopes >= bounds.envelopes)
        };
        match steps.last_mut().filter(has_room) {
            Some(step) => step.transfers.end = place + 1,
            None => {
                waiting.clear();
                steps.push(Step {
                    time_s,
                    transfers: place..place + 1,
                    travel: Vec::new(),
                });
            }
        }
        if travels && let Some(step) = steps.last_mut() {
            step.travel.push(place);
            *waiting.entry(&transaction.from).or_default() += 1;
        }
    }
    steps
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use plume_aml::{Account, Amount};

    pub(crate) fn transfer(time_s: u64, from: &str, to: &str, units: u64) -> Transaction {
        let account = |number: &str| Account {
            bank: "".into(),
            number: number.into(),
        };
        Transaction {
            row: 0,
            time_s,
            from: account(from),
            to: account(to),
            paid: Amount::whole(units),
            paid_currency: "".into(),
            received: Amount::whole(units),
            received_currency: "".into(),
            format: "".into(),
            laundering: None,
        }
    }

    const BOUNDS: Bounds = Bounds {
        quantum_s: 60,
        transfers: 3,
        travel_from: Some(1_000_000),
        envelopes: 2,
    };

    fn cut(transactions: &[Transaction]) -> Vec<(u64, Range<usize>, Vec<usize>)> {
        let scale = Scale::fitting(transactions, u128::MAX).expect("it fits");
        let steps = steps(transactions, scale, BOUNDS);
        let parts = steps
            .into_iter()
            .map(|step| (step.time_s, step.transfers, step.travel));
        parts.collect()
    }

    #[test]
    fn a_step_has_one_moment_and_so_many_transfers() {
        let times = [0, 59, 60, 61, 62, 119, 600];
        let transactions: Vec<_> = times.map(|time| transfer(time, "A", "B", 1)).to_vec();
        assert_eq!(
            cut(&transactions),
            [
                (0, 0..2, vec![]),
                (60, 2..5, vec![]),
                (60, 5..6, vec![]),
                (600, 6..7, vec![])
            ]
        );
        assert_eq!(cut(&[]), []);
    }

    #[test]
    fn no_sender_has_more_travel_data_waiting_than_it_may() {
        let transactions = [
            transfer(0, "A", "B", 10_000),
            transfer(0, "A", "C", 20_000),
            transfer(0, "A", "D", 30_000),
            transfer(0, "B", "D", 10_000),
            transfer(0, "A", "E", 9_999),
        ];
        assert_eq!(
            cut(&transactions),
            [(0, 0..2, vec![0, 1]), (0, 2..5, vec![2, 3])]
        );
    }
}
