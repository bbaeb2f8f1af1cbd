//! A validator whose wall clock is ahead or behind, by libfaketime.

use super::{
    campaign::Campaign,
    row::{Row, Seen},
};
use anyhow::Context;
use plume_bench::history::slot_of;
use plume_localnet::{Network, Node, Subscription, skewed_clock};
use serde_json::{Value, json};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// By how much the clock is ahead.
const OFFSETS_MS: [i64; 6] = [100, -100, 300, -300, 1_000, -1_000];
/// Part of the measured time that each offset gets.
const PART: f64 = 0.25;
/// The others finalise without such a break.
const STALL_MS: f64 = 3_000.0;
/// A restarted node is connected, and in the rotation if it gets there, after this.
const SETTLED: Duration = Duration::from_secs(6);
/// From a slot's beginning to its block in the author's own chain.
const SEALING_MS: f64 = 50.0;
/// How far the slots' shift may be from the clock's: what else the machine does is in it.
const SHIFT_SLACK_MS: f64 = 120.0;
/// Own blocks that say how far slots are shifted.
const SAMPLES: usize = 3;
/// Connections that the node's peers have closed, as the SDK counts them.
const CLOSED: &str = "substrate_sub_libp2p_distinct_peers_connections_closed_total";
/// What the node thinks of its clock.
const ALARM: &str = "plume_clock_offset_milliseconds";

/// A block as it came up in a node, and when.
struct Head {
    slot: u64,
    parent: String,
    seen: Duration,
}

impl Campaign<'_> {
    pub(super) async fn clocks(&mut self) -> anyhow::Result<Vec<Row>> {
        let number = self.victim();
        let mut rows = Vec::new();
        for offset_ms in OFFSETS_MS {
            let name = format!("{}'s clock {offset_ms:+} ms", self.nodes()[number].name());
            let skewed = match skewed_clock(offset_ms) {
                Ok(skewed) => skewed,
                Err(error) => {
                    rows.push(Row::skipped(name, error.to_string()));
                    continue;
                }
            };
            let warned = warnings(&self.nodes()[number]);
            restart(&self.nodes()[number], skewed).await?;
            tokio::time::sleep(SETTLED).await;
            rows.push(self.clock(&name, number, offset_ms, warned).await?);
        }
        if rows.iter().any(|row| row.skipped.is_none()) {
            restart(&self.nodes()[number], Vec::new()).await?;
        }
        Ok(rows)
    }

    /// One offset, set already; the node had warned of its clock so many times before.
    async fn clock(
        &mut self,
        name: &str,
        number: usize,
        offset_ms: i64,
        warned: usize,
    ) -> anyhow::Result<Row> {
        let (authors, seconds) = (self.authors.clone(), self.options.seconds * PART);
        let script = async |network: &Network| {
            let victim = &network.nodes()[number];
            let drops_before = drops(network, number).await?;
            let heads = watch_heads(victim, Duration::from_secs_f64(seconds)).await?;
            let dropped = drops(network, number).await? - drops_before;
            let mut leads_ms = Vec::new();
            for head in &heads {
                if authors.author(victim, &head.parent, head.slot).await? == Some(number) {
                    let begins_ms = head.slot as f64 * authors.slot().as_millis() as f64;
                    leads_ms.push(begins_ms - head.seen.as_secs_f64() * 1_000.0);
                }
            }
            leads_ms.sort_by(f64::total_cmp);
            let shift =
                (leads_ms.len() >= SAMPLES).then(|| leads_ms[leads_ms.len() / 2] + SEALING_MS);
            let warnings = warnings(victim) - warned;
            let gauge = victim.metric(ALARM).await?;
            let mut seen = Seen::new(
                1,
                format!(
                    "{} own blocks{}, {dropped:.0} peer drops, alarm: {}, {warnings} warnings",
                    leads_ms.len(),
                    shift.map_or(String::new(), |ms| format!(" shifted by {ms:+.0} ms")),
                    gauge.map_or("no metric".into(), |ms| format!("metric {ms:+.0} ms")),
                ),
            );
            if let Some(shift) = shift.filter(|ms| (ms - offset_ms as f64).abs() > SHIFT_SLACK_MS) {
                seen.complaints.push(format!(
                    "its slots are shifted by {shift:+.0} ms: its clock was not"
                ));
            }
            Ok(seen)
        };
        let mut row = self.measure(name, seconds, &[], script).await?;
        row.require_stall_below(STALL_MS);
        Ok(row)
    }
}

async fn restart(node: &Node, environment: Vec<(String, String)>) -> anyhow::Result<()> {
    node.kill()?;
    node.set_environment(environment);
    node.start()?;
    Ok(node.wait_ready().await?)
}

/// How often another node's connection to a peer has ended.
async fn drops(network: &Network, victim: usize) -> anyhow::Result<f64> {
    let mut drops = 0.0;
    for (number, node) in network.nodes().iter().enumerate() {
        if number != victim {
            drops += node
                .metric(CLOSED)
                .await?
                .with_context(|| format!("the node has no metric {CLOSED}"))?;
        }
    }
    Ok(drops)
}

/// Lines in which the node speaks of its clock.
fn warnings(node: &Node) -> usize {
    let lines = node.log_lines_matching(&["clock", "Clock"]);
    lines
        .iter()
        .filter(|line| line.contains("WARN") || line.contains("ERROR"))
        .count()
}

/// Every block that comes up in a node for so long.
async fn watch_heads(node: &Node, time: Duration) -> anyhow::Result<Vec<Head>> {
    let mut blocks: Subscription<Value> = node
        .subscribe(
            "chain_subscribeAllHeads",
            json!([]),
            "chain_unsubscribeAllHeads",
        )
        .await?;
    let until = Instant::now() + time;
    let mut heads = Vec::new();
    // The first one is older than the subscription.
    blocks.next().await?;
    while let Ok(head) = tokio::time::timeout_at(until.into(), blocks.next()).await {
        let head = head?;
        let seen = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let (Some(slot), Some(parent)) = (slot_of(&head), head["parentHash"].as_str()) else {
            continue;
        };
        heads.push(Head {
            slot,
            parent: parent.to_owned(),
            seen,
        });
    }
    Ok(heads)
}
