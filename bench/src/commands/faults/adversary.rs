//! A validator that does not keep to the protocol: the program `plume-adversary` in a validator's place.

use super::{
    Method, Options,
    campaign::{Campaign, SPARED, Setting, links},
    delays::SLOW_MS,
    row::{Row, Seen},
    shares::Shares,
};
use plume_localnet::{Network, Replacement};
use std::{collections::BTreeMap, time::Duration};

/// Finality goes on without such a break.
const STALL_MS: f64 = 3_000.0;
/// More slots than this share of all are not lost by one of four.
const LOST_SHARE: f64 = 1.0 / 3.0;
/// One way, where there are links: votes take two crossings, so that a predecessor's block is not final when
/// the next slot begins, and who skips it has a chance. On quick links it has none.
const CHANCE_MS: u64 = 110;
/// Who seals in less than this share of its slots has tried to skip and lost them.
const LOSES_SLOTS: f64 = 0.9;
/// What was sent before links changed is through after this.
const SETTLED: Duration = Duration::from_secs(3);
/// Who hands out no bodies is out of the rotation for at least this share of the blocks.
const OUT_SHARE: f64 = 0.125;

/// In what it differs from others, as `plume-adversary --misbehave` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misbehaviour {
    SkipPredecessor,
    WithholdBodies,
}

impl Misbehaviour {
    fn name(self) -> &'static str {
        match self {
            Self::SkipPredecessor => "skip-predecessor",
            Self::WithholdBodies => "withhold-bodies",
        }
    }
}

/// Opens a network whose last validator misbehaves.
pub(super) async fn open<'a>(
    options: &'a Options,
    method: &Method,
    misbehaviour: Misbehaviour,
) -> anyhow::Result<Campaign<'a>> {
    let common = &options.common;
    let replacement = Replacement {
        binary: common.program("plume-adversary", "PLUME_ADVERSARY")?,
        extra_args: vec!["--misbehave".into(), misbehaviour.name().into()],
    };
    let setting = Setting {
        replaced: BTreeMap::from([(common.last_validator(), replacement)]),
        ..Setting::default()
    };
    let name = format!("faults-{}", misbehaviour.name());
    Campaign::open_with(options, &name, common, method.isolation, setting).await
}

impl Campaign<'_> {
    /// The last validator skips its predecessor, on a network that was opened for it: where votes are slow,
    /// if there are links, and where blocks are late as well. Two rows.
    pub(super) async fn skips_predecessor(&mut self) -> anyhow::Result<Vec<Row>> {
        const NAME: &str = "a successor skips its predecessor";
        let mut rows = Vec::new();
        for (before, delay_ms) in [(NAME, CHANCE_MS), ("the same", SLOW_MS)] {
            let name = format!("{before}, links of {delay_ms} ms");
            let Ok(slow) = links(self.network()?) else {
                let row = match rows.is_empty() {
                    true => {
                        self.misbehaving(NAME, Misbehaviour::SkipPredecessor)
                            .await?
                    }
                    false => Row::skipped(name, "the network has no links"),
                };
                rows.push(row);
                continue;
            };
            slow.change_all(|condition| condition.delay = Duration::from_millis(delay_ms));
            tokio::time::sleep(SETTLED).await;
            rows.push(
                self.misbehaving(&name, Misbehaviour::SkipPredecessor)
                    .await?,
            );
            links(self.network()?)?.heal();
            tokio::time::sleep(SETTLED).await;
        }
        Ok(rows)
    }

    /// The last validator withholds its bodies, on a network that was opened for it.
    pub(super) async fn withholds_bodies(&mut self) -> anyhow::Result<Row> {
        let name = "an author withholds its bodies";
        self.misbehaving(name, Misbehaviour::WithholdBodies).await
    }

    async fn misbehaving(&mut self, name: &str, misbehaviour: Misbehaviour) -> anyhow::Result<Row> {
        let (authors, seconds) = (self.authors.clone(), self.options.seconds);
        let adversary = self.nodes().len() - 1;
        let live: Vec<usize> = (0..adversary).collect();
        let mut row = self
            .measure(name, seconds, &[], async |network| {
                let before = siblings(network);
                let shares = Shares::watch(network, &authors, seconds).await?;
                let siblings = siblings(network) - before;
                let mut seen = Seen::new(
                    1,
                    format!(
                        "{} (the last one misbehaves), {siblings} blocks beside the best",
                        shares.note()
                    ),
                );
                seen.complaints = shares.complaints(&live);
                match misbehaviour {
                    Misbehaviour::SkipPredecessor => {
                        if siblings == 0 && shares.kept(adversary) > LOSES_SLOTS {
                            seen.complaints.push("it skipped nobody".into());
                        }
                    }
                    Misbehaviour::WithholdBodies => {
                        seen.complaints.extend(not_missed(&shares, adversary));
                    }
                }
                Ok(seen)
            })
            .await?;
        row.require_stall_below(STALL_MS);
        if row.lost_slots as f64 > row.slots as f64 * LOST_SHARE {
            row.complain("more than a third of the slots were lost");
        }
        Ok(row)
    }
}

/// What is wrong, if this author's blocks did not count as missed slots.
fn not_missed(shares: &Shares, author: usize) -> Vec<String> {
    let history = shares.history();
    let mut complaints = Vec::new();
    let sealed = history.sealed_by(author);
    if sealed > 0 {
        complaints.push(format!(
            "{sealed} blocks became final whose bodies were withheld"
        ));
    }
    let out = history.blocks_without(author);
    if (out as f64) < history.blocks() as f64 * OUT_SHARE {
        complaints.push(format!(
            "it was out of the rotation for {out} of {} blocks only",
            history.blocks()
        ));
    }
    complaints
}

/// Blocks that an honest node has imported and that were not the best.
fn siblings(network: &Network) -> usize {
    let node = &network.nodes()[SPARED];
    node.log_lines_matching(&["🆕 Imported"]).len()
}
