//! How blocks came and how full they were.

use crate::{FinalBlock, Latencies, Percentiles};
use serde::Serialize;

/// Final blocks from the first to the last one that holds a measured transfer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct BlockStats {
    /// How many.
    pub blocks: usize,
    /// Transfers a block on average.
    pub transfers_mean: f64,
    /// Transfers in the fullest block.
    pub transfers_max: usize,
    /// Average time from one block's announcement to the next one's.
    pub interval_mean_ms: f64,
    /// 99 of 100 such times were no longer.
    pub interval_p99_ms: f64,
    /// Slots in between without a final block; none if headers name no slots.
    pub missed_slots: Option<u64>,
}

/// Looks at final blocks in the order of their heights.
pub fn stats(blocks: &[FinalBlock]) -> BlockStats {
    let holds = |block: &FinalBlock| block.transfers > 0;
    let (Some(first), Some(last)) = (
        blocks.iter().position(holds),
        blocks.iter().rposition(holds),
    ) else {
        return BlockStats::default();
    };
    let blocks = blocks.get(first..=last).unwrap_or_default();
    let transfers: usize = blocks.iter().map(|block| block.transfers).sum();
    let seen: Vec<u64> = blocks.iter().filter_map(|block| block.seen_us).collect();
    let intervals = seen.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
    let Percentiles { p99_ms, .. } = intervals.collect::<Latencies>().percentiles();
    let span_us = seen
        .last()
        .zip(seen.first())
        .map(|(last, first)| last - first);
    let slots = blocks.last().zip(blocks.first());
    let slots = slots.and_then(|(last, first)| last.slot?.checked_sub(first.slot?));
    BlockStats {
        blocks: blocks.len(),
        transfers_mean: transfers as f64 / blocks.len() as f64,
        transfers_max: blocks.iter().map(|b| b.transfers).max().unwrap_or(0),
        interval_mean_ms: span_us.map_or(0.0, |span_us| {
            span_us as f64 / 1_000.0 / seen.len().saturating_sub(1).max(1) as f64
        }),
        interval_p99_ms: p99_ms,
        missed_slots: slots.map(|slots| (slots + 1).saturating_sub(blocks.len() as u64)),
    }
}

/// Transfers a second between the quarters of a run: without the time to fill and to drain it.
///
/// Counts what became final in blocks after the first final announcement past a quarter of
/// `began_us..ended_us`, up to the last one before three quarters, over the time between these two.
pub fn steady_tps(blocks: &[FinalBlock], began_us: u64, ended_us: u64) -> Option<f64> {
    let quarter_us = ended_us.checked_sub(began_us)? / 4;
    let middle = (began_us + quarter_us)..=(ended_us - quarter_us);
    let middle: Vec<_> = blocks
        .iter()
        .filter(|block| middle.contains(&block.final_us))
        .collect();
    let first_us = middle.iter().map(|block| block.final_us).min()?;
    let last_us = middle.iter().map(|block| block.final_us).max()?;
    let after_first = middle.iter().filter(|block| block.final_us > first_us);
    let transfers: usize = after_first.map(|block| block.transfers).sum();
    (last_us > first_us).then(|| transfers as f64 * 1e6 / (last_us - first_us) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block each 250 ms, final 300 ms later.
    fn block(number: u64, slot: u64, transfers: usize) -> FinalBlock {
        FinalBlock {
            number,
            slot: Some(slot),
            transfers,
            seen_us: Some(slot * 250_000),
            final_us: slot * 250_000 + 300_000,
        }
    }

    #[test]
    fn empty_blocks_at_the_ends_do_not_count_but_missed_slots_between_do() {
        let blocks = [
            block(1, 1, 0),
            block(2, 2, 100),
            block(3, 3, 0),
            block(4, 5, 50),
            block(5, 9, 0),
        ];
        let stats = stats(&blocks);
        assert_eq!((stats.blocks, stats.transfers_max), (3, 100));
        assert_eq!(stats.transfers_mean, 50.0);
        assert_eq!(stats.missed_slots, Some(1));
        assert_eq!(stats.interval_mean_ms, 375.0);
        assert!((stats.interval_p99_ms - 500.0).abs() < 1.0);
    }

    #[test]
    fn without_transfers_there_are_no_figures() {
        assert_eq!(stats(&[block(1, 1, 0)]), BlockStats::default());
        assert_eq!(stats(&[]), BlockStats::default());
    }

    #[test]
    fn the_steady_rate_leaves_out_both_ends() {
        let full: Vec<_> = (0..=40)
            .map(|i| block(i, i, if (8..32).contains(&i) { 100 } else { 1 }))
            .collect();
        let tps = steady_tps(&full, 0, 10_000_000).expect("there are blocks in the middle");
        assert!((tps - 400.0).abs() < 1.0, "{tps}");
        assert_eq!(steady_tps(&full[..1], 0, 10_000_000), None);
        assert_eq!(steady_tps(&full, 5, 0), None);
    }
}
