//! A plain rule to compare others with.

use crate::{Account, Transaction};
use std::collections::{HashMap, VecDeque};

/// For each transfer, how many different senders its recipient had in the `window_s` seconds up to and with it.
///
/// The transfers have to be in the order of time; one that is not is counted as if it came at the latest time seen.
pub fn distinct_senders(transactions: &[Transaction], window_s: u64) -> Vec<f64> {
    #[derive(Default)]
    struct Window<'a> {
        transfers: VecDeque<(u64, &'a Account)>,
        senders: HashMap<&'a Account, u64>,
    }
    let mut windows: HashMap<&Account, Window<'_>> = HashMap::new();
    let mut now = 0;
    let mut scores = Vec::with_capacity(transactions.len());
    for transaction in transactions {
        now = transaction.time_s.max(now);
        let window = windows.entry(&transaction.to).or_default();
        while let Some((time, sender)) = window.transfers.front().copied() {
            if now.saturating_sub(time) < window_s {
                break;
            }
            window.transfers.pop_front();
            if let Some(times) = window.senders.get_mut(sender) {
                *times = times.saturating_sub(1);
                if *times == 0 {
                    window.senders.remove(sender);
                }
            }
        }
        window.transfers.push_back((now, &transaction.from));
        let times = window.senders.entry(&transaction.from).or_default();
        *times = times.saturating_add(1);
        scores.push(window.senders.len() as f64);
    }
    scores
}
