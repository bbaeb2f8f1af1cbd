//! `plume watch`: follow blocks and finality.

use std::time::{Duration, Instant};

use clap::Args;
use plume_sdk::raw::{Head, Rpc, is_signed};
use plume_sdk::{BlockRef, Error};
use serde::Serialize;

use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Output, Report};
use crate::patience;

/// After a stall finality can jump far; older blocks than this are passed over rather than fetched.
const MAX_BLOCKS_COUNTED: u64 = 256;

/// Follow blocks and finality, a line a second.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plume watch
  plume watch --every-ms 5000
  plume watch --lines 10 --json | jq .tx_per_s

Lag is how many blocks finality is behind. Transactions are those that somebody signed, counted when final.")]
pub struct WatchArgs {
    /// Milliseconds between lines.
    #[arg(long, value_name = "MS", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(100..))]
    every_ms: u64,
    /// Stop after so many lines [default: never]
    #[arg(long)]
    lines: Option<u64>,
}

#[derive(Debug, Serialize)]
struct WatchReport {
    best: u64,
    finalised: u64,
    lag_blocks: u64,
    finalised_blocks: u64,
    txs: u64,
    tx_per_s: f64,
}

impl Report for WatchReport {
    fn text(&self) -> String {
        format!(
            "best #{}  finalised #{} (+{})  lag {}  {:.1} tx/s",
            self.best, self.finalised, self.finalised_blocks, self.lag_blocks, self.tx_per_s
        )
    }
}

/// What was seen since the last line.
struct Watch {
    best: u64,
    finalised: BlockRef,
    finalised_blocks: u64,
    txs: u64,
    since: Instant,
}

impl Watch {
    /// Counts the blocks between the last finalised one and this.
    async fn finalise(&mut self, rpc: &Rpc, head: &Head) -> Result<(), Error> {
        let mut next = head.block();
        let mut counted = 0;
        while next.number > self.finalised.number && counted < MAX_BLOCKS_COUNTED {
            let Some(block) = rpc.block(next.hash).await? else {
                break;
            };
            let signed = block
                .extrinsics
                .iter()
                .filter(|extrinsic| is_signed(extrinsic))
                .count();
            self.txs += signed as u64;
            counted += 1;
            next = BlockRef {
                number: next.number - 1,
                hash: block.head.header.parent_hash,
            };
        }
        self.finalised_blocks += head.number.saturating_sub(self.finalised.number);
        self.finalised = head.block();
        self.best = self.best.max(head.number);
        Ok(())
    }

    /// The line, and a fresh start.
    fn report(&mut self) -> WatchReport {
        let seconds = self.since.elapsed().as_secs_f64().max(0.001);
        let report = WatchReport {
            best: self.best,
            finalised: self.finalised.number,
            lag_blocks: self.best.saturating_sub(self.finalised.number),
            finalised_blocks: self.finalised_blocks,
            txs: self.txs,
            tx_per_s: (self.txs as f64 / seconds * 10.0).round() / 10.0,
        };
        self.finalised_blocks = 0;
        self.txs = 0;
        self.since = Instant::now();
        report
    }
}

/// Runs `plume watch`.
pub async fn run(args: &WatchArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let connecting = Rpc::connect(&global.url, global.transport());
    let rpc = patience::wait("connecting to the node", connecting).await?;
    let mut best = rpc.subscribe_best().await?;
    let mut finalised = rpc.subscribe_finalized().await?;
    let mut watch = Watch {
        best: rpc.best_head().await?.number,
        finalised: rpc.finalized_head().await?.block(),
        finalised_blocks: 0,
        txs: 0,
        since: Instant::now(),
    };
    let mut tick = tokio::time::interval(Duration::from_millis(args.every_ms));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    tick.tick().await;
    let mut lines = 0;
    while args.lines.is_none_or(|limit| lines < limit) {
        tokio::select! {
            head = best.next() => watch.best = head.ok_or_else(closed)??.number,
            head = finalised.next() => {
                let head = head.ok_or_else(closed)??;
                watch.finalise(&rpc, &head).await?;
            }
            _ = tick.tick() => {
                output.report(&watch.report())?;
                lines += 1;
            }
        }
    }
    Ok(())
}

fn closed() -> Failure {
    Failure::new(
        "the node closed the connection",
        "Check that the node still runs, then watch again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_sdk::H256;

    #[test]
    fn a_line_starts_the_count_afresh() {
        let mut watch = Watch {
            best: 12,
            finalised: BlockRef {
                number: 10,
                hash: H256([0; 32]),
            },
            finalised_blocks: 4,
            txs: 100,
            since: Instant::now() - Duration::from_secs(1),
        };
        let first = watch.report();
        assert_eq!(
            (first.best, first.finalised, first.lag_blocks, first.txs),
            (12, 10, 2, 100)
        );
        assert!(
            first.tx_per_s > 50.0 && first.tx_per_s <= 100.0,
            "{}",
            first.tx_per_s
        );
        let second = watch.report();
        assert_eq!((second.finalised_blocks, second.txs), (0, 0));
    }
}
