//! A validator whose wall clock drifts away, by libfaketime.
//!
//! It drifts as the clock of a machine does whose NTP client has died, only some hundred times as fast: to
//! 100, 300 and 1,000 ms, one after the other, and stays at each for a while. (A clock that jumps farther
//! than a slot costs its peers at once: nobody can say so before.) Ahead and behind are on a network each,
//! because peers ban whom they drop, for a minute and more.

use super::{
    Figures, Method, Options,
    campaign::Campaign,
    row::{Row, Seen},
};
use anyhow::{Context, ensure};
use plume_localnet::{MovableClock, Network, Node, check_faketime};
use std::time::{Duration, Instant};

/// How far the clock is off, one after the other.
const OFFSETS_MS: [i64; 3] = [100, 300, 1_000];
/// From one offset to the next. The guard judges every five seconds and wants two judgements: on its way to
/// the first offset the clock passes 50 ms, and cannot pass a slot before the alarm.
const DRIFT: Duration = Duration::from_secs(10);
/// Part of the measured time that a clock stays at an offset.
const PART: f64 = 0.25;
/// It stays at least so long: two judgements fall into it.
const MIN_STAY_S: f64 = 12.0;
/// Between two looks, and two steps of the clock.
const LOOK: Duration = Duration::from_millis(500);
/// The others finalise without such a break.
const STALL_MS: f64 = 3_000.0;
/// What the node may be wrong about its clock: so much it does not even mention.
const GAUGE_SLACK_MS: f64 = 50.0;
/// Whether the node is alarmed, and how far it thinks that its clock is off.
const ALARM: &str = "plume_clock_alarm";
const GAUGE: &str = "plume_clock_offset_milliseconds";
/// What a node writes for each header that Aura refuses because its slot is yet to come. Block sync then
/// drops who sent it; of a reserved peer, which validators are to each other, it takes the reputation only.
const REFUSED: &str = "too far in the future";
/// Streams that exchange blocks with a peer, as the SDK counts them. A peer that is dropped loses this
/// stream at once; the connection under it may stay.
const OPENED: &str = "substrate_sub_libp2p_notifications_streams_opened_total";
const CLOSED: &str = "substrate_sub_libp2p_notifications_streams_closed_total";
const BLOCKS: &str = "block-announces";

/// Both directions, on a network each.
pub(super) async fn both_ways(
    options: &Options,
    method: &Method,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    for (way, sign) in [("ahead", 1), ("behind", -1)] {
        if let Err(error) = check_faketime() {
            let names = OFFSETS_MS.map(|ms| format!("a clock {:+} ms", sign * ms));
            let skipped = names.map(|name| Row::skipped(name, error.to_string()));
            figures.rows.extend(skipped);
            continue;
        }
        let name = format!("faults-clock-{way}");
        let mut campaign =
            Campaign::open(options, &name, &options.common, method.isolation).await?;
        figures.opened(&campaign);
        let measured = campaign.clock(sign, &mut figures.rows).await;
        let closed = figures.close(campaign).await;
        measured?;
        closed?;
    }
    Ok(())
}

impl Campaign<'_> {
    /// A row for each offset; `sign` is 1 for ahead and -1 for behind.
    async fn clock(&mut self, sign: i64, rows: &mut Vec<Row>) -> anyhow::Result<()> {
        let number = self.victim();
        let victim = &self.nodes()[number];
        let clock = MovableClock::new(victim.folder().join("clock"))?;
        victim.kill()?;
        victim.set_environment(clock.environment());
        victim.start()?;
        self.wait_everybody_back().await?;
        let network = self.network()?;
        check_counted(network, number).await?;
        let mut watch = Watch {
            before: Drops::count(network, number).await?,
            ..Watch::default()
        };
        let mut from_ms = 0;
        for offset_ms in OFFSETS_MS {
            let to_ms = sign * offset_ms;
            let row = self
                .clock_at(number, &clock, (from_ms, to_ms), &mut watch)
                .await?;
            rows.push(row);
            from_ms = to_ms;
        }
        Ok(clock.set(0)?)
    }

    /// A validator's clock goes from one offset to another, and stays there.
    async fn clock_at(
        &mut self,
        number: usize,
        clock: &MovableClock,
        (from_ms, to_ms): (i64, i64),
        watch: &mut Watch,
    ) -> anyhow::Result<Row> {
        let stay = Duration::from_secs_f64((self.options.seconds * PART).max(MIN_STAY_S));
        let lasts = DRIFT + stay;
        let name = format!("{}'s clock {to_ms:+} ms", self.nodes()[number].name());
        let script = async |network: &Network| {
            let victim = &network.nodes()[number];
            let (began, drops_at_first) = (Instant::now(), watch.since);
            while began.elapsed() < lasts {
                let offset_ms = between(from_ms, to_ms, began.elapsed());
                clock.set(offset_ms)?;
                let alarm = victim.metric(ALARM).await?;
                let alarm = alarm.with_context(|| format!("the node has no metric {ALARM}"))?;
                watch.look(offset_ms, alarm > 0.0, Drops::count(network, number).await?);
                tokio::time::sleep(LOOK).await;
            }
            let gauge = victim.metric(GAUGE).await?.filter(|ms| ms.is_finite());
            let mut seen = Seen::new(
                1,
                format!(
                    "{}; {}, the node says {}",
                    watch.text(),
                    watch.since.less(drops_at_first).text(),
                    gauge.map_or("nothing".into(), |ms| format!("{ms:+.0} ms")),
                ),
            );
            seen.complaints.extend(watch.complaint());
            if let Some(gauge) = gauge.filter(|ms| (ms - to_ms as f64).abs() > GAUGE_SLACK_MS) {
                seen.complaints.push(format!(
                    "the node says that its clock is off by {gauge:+.0} ms, and it is by {to_ms:+}"
                ));
            }
            Ok(seen)
        };
        let mut row = self
            .measure(&name, lasts.as_secs_f64(), &[], script)
            .await?;
        row.require_stall_below(STALL_MS);
        Ok(row)
    }
}

/// Where the clock is on its way, after so long.
fn between(from_ms: i64, to_ms: i64, elapsed: Duration) -> i64 {
    let way = (elapsed.as_secs_f64() / DRIFT.as_secs_f64()).min(1.0);
    from_ms + ((to_ms - from_ms) as f64 * way).round() as i64
}

/// Peers that were dropped, or should have been.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Drops {
    /// Headers from the future that a node has refused, each of which drops who sent it.
    refused: usize,
    /// Streams of blocks that another node has lost.
    streams: usize,
}

impl Drops {
    /// Counts since the nodes were started. A node that has never lost a stream does not show the counter.
    async fn count(network: &Network, victim: usize) -> anyhow::Result<Self> {
        let mut streams = 0.0;
        for node in others(network, victim) {
            streams += node.metric_where(CLOSED, BLOCKS).await?.unwrap_or(0.0);
        }
        let refused = network
            .nodes()
            .iter()
            .map(|node| node.log_lines_matching(&[REFUSED]).len());
        Ok(Self {
            refused: refused.sum(),
            streams: streams as usize,
        })
    }

    fn less(self, before: Self) -> Self {
        Self {
            refused: self.refused.saturating_sub(before.refused),
            streams: self.streams.saturating_sub(before.streams),
        }
    }

    fn text(self) -> String {
        format!(
            "{} peer drops ordered, {} streams lost",
            self.refused, self.streams
        )
    }
}

/// What came first while a clock went wrong: the alarm, or the loss of peers.
#[derive(Debug, Default)]
struct Watch {
    /// When everything was right.
    before: Drops,
    since: Drops,
    /// Where the clock was when the alarm was seen.
    alarm_ms: Option<i64>,
    /// Where it was when the first drop was seen.
    first_drop_ms: Option<i64>,
    /// There was a drop, and no alarm had been seen before.
    late: bool,
}

impl Watch {
    /// Notes what is seen with the clock at this offset. Whatever is seen at once counts as a drop first.
    fn look(&mut self, offset_ms: i64, alarm: bool, drops: Drops) {
        self.since = drops.less(self.before);
        if self.since != Drops::default() && self.first_drop_ms.is_none() {
            self.first_drop_ms = Some(offset_ms);
            self.late = self.alarm_ms.is_none();
        }
        if alarm {
            self.alarm_ms.get_or_insert(offset_ms);
        }
    }

    /// What was seen until now.
    fn text(&self) -> String {
        let say = |what: &str, at_ms: Option<i64>| match at_ms {
            Some(ms) => format!("{what} at {ms:+} ms"),
            None => format!("no {what} yet"),
        };
        format!(
            "{}, {}",
            say("alarm", self.alarm_ms),
            say("first drop", self.first_drop_ms)
        )
    }

    /// What is wrong, if the alarm did not come first.
    fn complaint(&self) -> Option<String> {
        match (self.alarm_ms, self.late) {
            (_, true) => Some("peers were dropped before the alarm".into()),
            (None, false) => Some("there was no alarm".into()),
            (Some(_), false) => None,
        }
    }
}

/// Fails if the nodes do not count what is looked at: a counter that never counted reads as no drops.
async fn check_counted(network: &Network, victim: usize) -> anyhow::Result<()> {
    for node in others(network, victim) {
        let opened = node.metric_where(OPENED, BLOCKS).await?.unwrap_or(0.0);
        ensure!(
            opened > 0.0,
            "{} counts no streams of {BLOCKS} in {OPENED}",
            node.name()
        );
    }
    Ok(())
}

fn others(network: &Network, victim: usize) -> impl Iterator<Item = &Node> {
    let nodes = network.nodes().iter().enumerate();
    nodes.filter_map(move |(number, node)| (number != victim).then_some(node))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_drifts_evenly_and_then_stays() {
        let at = |s: f64| between(-100, -300, Duration::from_secs_f64(s));
        assert_eq!(
            (at(0.0), at(5.0), at(10.0), at(20.0)),
            (-100, -200, -300, -300)
        );
    }

    #[test]
    fn an_alarm_before_the_first_drop_is_well_and_at_the_same_look_it_is_not() {
        let drops = |refused, streams| Drops { refused, streams };
        let mut watch = Watch {
            before: drops(1, 3),
            ..Watch::default()
        };
        watch.look(90, false, drops(1, 3));
        assert_eq!(watch.complaint().as_deref(), Some("there was no alarm"));
        watch.look(100, true, drops(1, 3));
        assert_eq!(watch.text(), "alarm at +100 ms, no first drop yet");
        watch.look(290, true, drops(2, 3));
        // What comes later changes nothing.
        watch.look(900, false, drops(5, 4));
        assert_eq!(watch.complaint(), None);
        assert_eq!(watch.text(), "alarm at +100 ms, first drop at +290 ms");
        assert_eq!(watch.since.text(), "4 peer drops ordered, 1 streams lost");

        let mut late = Watch::default();
        late.look(-270, true, drops(0, 1));
        late.look(-280, true, drops(0, 1));
        assert_eq!(
            late.complaint().as_deref(),
            Some("peers were dropped before the alarm")
        );
        assert_eq!(late.text(), "alarm at -270 ms, first drop at -270 ms");
    }
}
