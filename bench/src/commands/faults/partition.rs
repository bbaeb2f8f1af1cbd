//! Links that are cut: a network in two parts, and one again.

use super::{
    campaign::{Campaign, SPARED, links},
    heights::{self, reunion},
    row::{Row, Seen},
};
use std::time::{Duration, Instant};

/// Votes that were on their way arrive within this.
const SETTLED: Duration = Duration::from_secs(3);
/// Between two looks at the parts.
const LOOK: Duration = Duration::from_millis(500);
/// One chain, finalising, so soon after healing: nodes redial each other after five seconds.
pub(super) const HEAL_LIMIT: Duration = Duration::from_secs(8);
/// Blocks without finality before authors slow down.
const CAP_BLOCKS: u64 = 32;
/// Slots from a block to its child once they do.
const CAP_SLOTS: u32 = 16;
/// Blocks that were on their way when the links were cut, and rounding.
const CAP_SLACK: u64 = 3;
/// A part that seals nothing for so many times [`CAP_SLOTS`] has stopped.
const CAP_SILENCE: u32 = 4;
/// After the healing transfers are sent for so long.
const AFTERWARDS_S: f64 = 15.0;

impl Campaign<'_> {
    /// The network in halves, and without one that the script chooses.
    pub(super) async fn partitions(&mut self) -> anyhow::Result<Vec<Row>> {
        let count = self.nodes().len();
        let mut others: Vec<usize> = (0..count).filter(|number| *number != SPARED).collect();
        self.rng.shuffle(&mut others);
        let mut rows = Vec::new();
        for away in [count / 2, 1] {
            let side = others.iter().take(away).copied().collect();
            rows.push(self.parted(side).await?);
            self.wait_everybody_back().await?;
        }
        Ok(rows)
    }

    async fn parted(&mut self, side: Vec<usize>) -> anyhow::Result<Row> {
        let count = self.nodes().len();
        let quorum = count - self.f();
        let apart = Duration::from_secs_f64(self.options.partition_seconds);
        let cap_pace = self.authors.slot() * CAP_SLOTS;
        let name = format!(
            "{}-{} partition for {:.0} s",
            count - side.len(),
            side.len(),
            apart.as_secs_f64()
        );
        let together = |number: usize| {
            let same_side = |other: &usize| side.contains(other) == side.contains(&number);
            (0..count).filter(same_side).count()
        };
        let is_minority = |number: usize| together(number) < quorum;
        // A validator that hears nobody waits for the network and seals nothing.
        let is_alone = |number: usize| together(number) == 1;
        let seconds = self.options.partition_seconds + AFTERWARDS_S;
        self.measure(&name, seconds, &[], async |network| {
            let (nodes, links) = (network.nodes(), links(network)?);
            let mut seen = Seen::new(1, "");
            links.part(&side);
            let began = Instant::now();
            tokio::time::sleep(SETTLED.min(apart)).await;
            let stood = heights::all(nodes).await?;
            let mut last = stood.clone();
            // When each node's best block changed last.
            let mut grew = vec![Instant::now(); count];
            while began.elapsed() < apart {
                tokio::time::sleep(LOOK).await;
                let now = heights::all(nodes).await?;
                let capped = CAP_BLOCKS
                    + CAP_SLACK
                    + (began.elapsed().as_millis() / cap_pace.as_millis().max(1)) as u64;
                for number in (0..count).filter(|number| is_minority(*number)) {
                    let (node, now) = (nodes[number].name(), now[number]);
                    let from = stood[number].finalised;
                    if now.best > last[number].best {
                        grew[number] = Instant::now();
                    }
                    let complaint = if now.finalised != from {
                        format!("{node} finalised {} without two thirds", now.finalised)
                    } else if now.best > from + capped {
                        format!(
                            "{node} is {} blocks ahead of finality, and the cap allows {capped}",
                            now.best - from
                        )
                    } else if !is_alone(number) && grew[number].elapsed() > cap_pace * CAP_SILENCE {
                        format!("{node} has stopped at {}", now.best)
                    } else {
                        continue;
                    };
                    // Each is said once: the first one explains the others.
                    if seen.complaints.is_empty() {
                        seen.complaints.push(complaint);
                    }
                }
                last = now;
            }
            let watched_s = (began.elapsed() - SETTLED.min(apart)).as_secs_f64();
            for number in (0..count).filter(|number| !is_minority(*number)) {
                let gained = last[number].finalised - stood[number].finalised;
                if (gained as f64) < watched_s {
                    seen.complaints.push(format!(
                        "{} finalised {gained} blocks in {watched_s:.0} s with two thirds",
                        nodes[number].name()
                    ));
                }
            }

            links.heal();
            let reunion = reunion(nodes).await?;
            seen.note = reunion.note();
            seen.complaints.extend(reunion.complaint(HEAL_LIMIT));
            Ok(seen)
        })
        .await
    }
}
