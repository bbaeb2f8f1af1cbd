//! Links that are slow, and links that stall.

use super::{
    Method,
    campaign::{Campaign, SPARED, links},
    heights::reunion,
    partition::HEAL_LIMIT,
    row::{Row, Seen},
};
use crate::commands::faults::Options;
use plume_bench::history;
use plume_localnet::Network;
use std::time::{Duration, Instant};

/// One-way delays of every link.
const DELAYS_MS: [u64; 3] = [20, 50, 150];
/// Slots and gossip durations to try them with: a slot is at least four gossip durations long.
const DURATIONS_MS: [(u64, u64); 3] = [(250, 25), (250, 50), (400, 100)];
/// Part of the measured time that one point of the curve gets.
const POINT: f64 = 0.25;
/// The delay under which authors have to keep their slots.
const SLOW_MS: u64 = 150;
/// Blocks that were sealed without the delay are through after this.
const SETTLED: Duration = Duration::from_secs(3);
/// What each author keeps of the slots that would be its own in an even rotation.
const KEPT_SHARE: f64 = 0.5;
/// More evictions than this share of all slots feed on each other.
const SPIRAL_SHARE: f64 = 0.05;

/// Each delay with each gossip duration, on a network of its own for each; a row for every point.
pub(super) async fn curve(
    options: &Options,
    method: &Method,
    rows: &mut Vec<Row>,
    compared: &mut usize,
) -> anyhow::Result<()> {
    for (slot_ms, gossip_ms) in DURATIONS_MS {
        let common = options.common.with_durations(slot_ms, gossip_ms);
        let name = format!("faults-gossip-{gossip_ms}");
        let mut campaign = Campaign::open(options, &name, &common, method.isolation).await?;
        let measured = campaign.delays(slot_ms, gossip_ms, rows).await;
        *compared += campaign.close().await?.0;
        measured?;
    }
    Ok(())
}

impl Campaign<'_> {
    async fn delays(
        &mut self,
        slot_ms: u64,
        gossip_ms: u64,
        rows: &mut Vec<Row>,
    ) -> anyhow::Result<()> {
        let seconds = self.options.seconds * POINT;
        let with = format!("gossip {gossip_ms} ms, slot {slot_ms} ms");
        for delay_ms in DELAYS_MS {
            let delay = Duration::from_millis(delay_ms);
            links(self.network()?)?.change_all(|condition| condition.delay = delay);
            tokio::time::sleep(SETTLED).await;
            let script = async |_: &Network| Ok(Seen::new(0, ""));
            let name = format!("links of {delay_ms} ms, {with}");
            rows.push(self.measure(&name, seconds, &[], script).await?);
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
        let name = format!("links stall for 1 to 3 s, {with}");
        rows.push(self.measure(&name, seconds, &[], script).await?);
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
            let node = &network.nodes()[SPARED];
            let (from, began) = (node.finalised().await?, Instant::now());
            tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
            let to = node.finalised().await?;
            let slots = began.elapsed().as_secs_f64() / authors.slot().as_secs_f64();
            let history = history::read(node, &authors, from, to).await?;
            let even = slots / network.nodes().len() as f64;
            let kept: Vec<f64> = (0..network.nodes().len())
                .map(|author| history.sealed_by(author) as f64 / even)
                .collect();
            let percent: Vec<_> = kept
                .iter()
                .map(|kept| format!("{:.0}", kept * 100.0))
                .collect();
            let evictions = history.evictions();
            let mut seen = Seen::new(
                0,
                format!(
                    "authors kept {} % of even shares, {evictions} evictions in {slots:.0} slots",
                    percent.join(", ")
                ),
            );
            if kept.iter().any(|kept| *kept < KEPT_SHARE) {
                seen.complaints.push(format!(
                    "an author kept less than {:.0} % of its share: {} %",
                    KEPT_SHARE * 100.0,
                    percent.join(", ")
                ));
            }
            if evictions as f64 > slots * SPIRAL_SHARE {
                seen.complaints
                    .push(format!("{evictions} evictions in {slots:.0} slots"));
            }
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
