//! Links that are slow, and links that stall.

use super::{
    Figures, Method, Options,
    campaign::{Campaign, links},
    heights::reunion,
    partition::HEAL_LIMIT,
    row::{Row, Seen},
    shares::Shares,
};
use plume_localnet::Network;
use serde::Serialize;
use std::time::Duration;

/// One-way delays of every link.
const DELAYS_MS: [u64; 3] = [20, 50, 150];
/// Slots and gossip durations to try them with: a slot is at least four gossip durations long.
const DURATIONS_MS: [(u64, u64); 3] = [(250, 25), (250, 50), (400, 100)];
/// Part of the measured time that one point of the curve gets.
const POINT: f64 = 0.25;
/// The delay under which authors have to keep their slots.
pub(super) const SLOW_MS: u64 = 150;
/// Blocks that were sealed without the delay are through after this.
const SETTLED: Duration = Duration::from_secs(3);
/// Links that stall, in the place of a delay.
const STALLS: &str = "links stall for 1 to 3 s";

/// One point of the curve.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Point {
    /// What the links do.
    links: String,
    gossip_ms: u64,
    slot_ms: u64,
    /// Submission to finality.
    p99_ms: f64,
    /// Whether a rule was broken.
    failed: bool,
}

/// Each delay with each gossip duration, on a network of its own for each; a row and a point for each.
pub(super) async fn curve(
    options: &Options,
    method: &Method,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    for (slot_ms, gossip_ms) in DURATIONS_MS {
        let common = options.common.with_durations(slot_ms, gossip_ms);
        let name = format!("faults-gossip-{gossip_ms}");
        let mut campaign = Campaign::open(options, &name, &common, method.isolation).await?;
        figures.opened(&campaign);
        let measured = campaign.delays(slot_ms, gossip_ms, figures).await;
        let closed = figures.close(campaign).await;
        measured?;
        closed?;
    }
    Ok(())
}

/// The curve as a table: a line for what the links do, a column for each gossip duration, p99 in each cell.
pub(super) fn grid(points: &[Point]) -> Vec<Vec<String>> {
    let mut columns: Vec<_> = points
        .iter()
        .map(|point| (point.gossip_ms, point.slot_ms))
        .collect();
    columns.sort_unstable();
    columns.dedup();
    let mut heading = vec!["p99 ms to finality, by gossip duration and slot".to_owned()];
    heading.extend(
        columns
            .iter()
            .map(|(gossip_ms, slot_ms)| format!("{gossip_ms}/{slot_ms} ms")),
    );
    let mut lines: Vec<Vec<String>> = vec![heading];
    let mut seen: Vec<&str> = Vec::new();
    for point in points {
        if seen.contains(&point.links.as_str()) {
            continue;
        }
        seen.push(&point.links);
        let mut line = vec![point.links.clone()];
        for column in &columns {
            let cell = points
                .iter()
                .find(|other| {
                    other.links == point.links && (other.gossip_ms, other.slot_ms) == *column
                })
                .map_or_else(
                    || "-".to_owned(),
                    |found| {
                        let mark = if found.failed { " FAILED" } else { "" };
                        format!("{:.0}{mark}", found.p99_ms)
                    },
                );
            line.push(cell);
        }
        lines.push(line);
    }
    lines
}

impl Campaign<'_> {
    async fn delays(
        &mut self,
        slot_ms: u64,
        gossip_ms: u64,
        figures: &mut Figures,
    ) -> anyhow::Result<()> {
        let seconds = self.options.seconds * POINT;
        let with = format!("gossip {gossip_ms} ms, slot {slot_ms} ms");
        let mut add = |links: String, row: Row| {
            figures.curve.push(Point {
                links,
                gossip_ms,
                slot_ms,
                p99_ms: row.finalised.p99_ms,
                failed: row.failed.is_some(),
            });
            figures.rows.push(row);
        };
        for delay_ms in DELAYS_MS {
            let delay = Duration::from_millis(delay_ms);
            links(self.network()?)?.change_all(|condition| condition.delay = delay);
            tokio::time::sleep(SETTLED).await;
            let script = async |_: &Network| Ok(Seen::new(0, ""));
            let links = format!("links of {delay_ms} ms");
            let name = format!("{links}, {with}");
            add(links, self.measure(&name, seconds, &[], script).await?);
        }
        links(self.network()?)?.heal();
        let stalls = self.stalls(seconds);
        let script = async |network: &Network| {
            let links = links(network)?;
            for Stall {
                link: (one, other),
                lasts,
                after,
            } in &stalls
            {
                links.stall(*one, *other, true);
                tokio::time::sleep(*lasts).await;
                links.stall(*one, *other, false);
                tokio::time::sleep(*after).await;
            }
            Ok(Seen::new(stalls.len(), ""))
        };
        let name = format!("{STALLS}, {with}");
        add(
            STALLS.to_owned(),
            self.measure(&name, seconds, &[], script).await?,
        );
        Ok(())
    }

    /// Which links stall, one after another, until so many seconds are over.
    fn stalls(&mut self, seconds: f64) -> Vec<Stall> {
        let count = self.nodes().len();
        let mut stalls = Vec::new();
        let mut planned_s = 0.0;
        while planned_s < seconds {
            let one = self.rng.below(count);
            let other = (one + 1 + self.rng.below(count - 1)) % count;
            let (lasts_s, after_s) = (1.0 + 2.0 * self.rng.unit(), self.rng.unit());
            planned_s += lasts_s + after_s;
            stalls.push(Stall {
                link: (one, other),
                lasts: Duration::from_secs_f64(lasts_s),
                after: Duration::from_secs_f64(after_s),
            });
        }
        stalls
    }

    /// Every link takes 150 ms one way: authors keep their slots, and evict each other rarely.
    pub(super) async fn slow_links(&mut self) -> anyhow::Result<Row> {
        let (authors, seconds) = (self.authors.clone(), self.options.seconds);
        let slow = Duration::from_millis(SLOW_MS);
        links(self.network()?)?.change_all(|condition| condition.delay = slow);
        tokio::time::sleep(SETTLED).await;
        let name = format!("links of {SLOW_MS} ms");
        self.measure(&name, seconds, &[], async |network| {
            let shares = Shares::watch(network, &authors, seconds).await?;
            let everybody: Vec<usize> = (0..network.nodes().len()).collect();
            let mut seen = Seen::new(0, shares.note());
            seen.complaints = shares.complaints(&everybody);
            links(network)?.heal();
            let reunion = reunion(network.nodes()).await?;
            seen.note = format!("{}; {}", seen.note, reunion.note());
            seen.complaints.extend(reunion.complaint(HEAL_LIMIT));
            Ok(seen)
        })
        .await
    }
}

/// A link that holds what it carries for a while.
struct Stall {
    link: (usize, usize),
    lasts: Duration,
    after: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(links: &str, gossip_ms: u64, slot_ms: u64, p99_ms: f64) -> Point {
        Point {
            links: links.into(),
            gossip_ms,
            slot_ms,
            p99_ms,
            failed: p99_ms > 1_000.0,
        }
    }

    #[test]
    fn the_curve_has_a_line_for_each_delay_and_a_column_for_each_gossip_duration() {
        let points = [
            point("links of 20 ms", 25, 250, 350.4),
            point("links of 150 ms", 25, 250, 2_000.0),
            point("links of 20 ms", 100, 400, 700.0),
        ];
        let lines: Vec<_> = grid(&points).iter().map(|line| line.join(";")).collect();
        assert_eq!(
            lines,
            [
                "p99 ms to finality, by gossip duration and slot;25/250 ms;100/400 ms",
                "links of 20 ms;350;700",
                "links of 150 ms;2000 FAILED;-",
            ]
        );
    }
}
