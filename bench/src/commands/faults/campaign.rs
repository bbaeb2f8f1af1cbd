//! A network under test: load, measurement, and an oracle that reads every node all the while.

use super::{
    Options,
    aftermath::Aftermath,
    row::{Row, Seen},
};
use crate::cli::Common;
use anyhow::{Context, ensure};
use plume_bench::{
    Authors, Latencies, Oracle, Paid, Progress, Recorder, Rig, Rng, Tx, drive, lanes::on_time,
    schedule::jittered,
};
use plume_localnet::{Isolation, Links, Network, Node, Replacement};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    slice,
    time::{Duration, Instant},
};

/// What is not final so long after the faults are over is lost.
const DRAIN_LIMIT: Duration = Duration::from_secs(60);
/// The longest that a node or the rotation may take to be as it should.
pub(super) const RETURN_LIMIT: Duration = Duration::from_secs(60);
/// The node that is followed and sent to; no fault hits it.
pub(super) const SPARED: usize = 0;

/// A network under test.
pub(super) struct Campaign<'a> {
    pub options: &'a Options,
    pub authors: Authors,
    /// The script's chance.
    pub rng: Rng,
    pub rig: Rig,
    name: String,
    oracle: Oracle,
    progress: Progress,
    /// What a light client of the spared node is told.
    recorder: Recorder,
    /// The program that is one.
    light_client: PathBuf,
}

/// In what a campaign's network differs from others.
#[derive(Debug, Default)]
pub(super) struct Setting {
    /// Changes to the genesis.
    pub genesis: Option<Value>,
    /// Validators that run another program.
    pub replaced: BTreeMap<usize, Replacement>,
}

/// What is left of a campaign.
pub(super) struct Closed {
    /// Heights at which final blocks were compared.
    pub compared_heights: usize,
    pub paid: Paid,
    pub aftermath: Aftermath,
}

impl<'a> Campaign<'a> {
    /// Starts a network of this name.
    pub async fn open(
        options: &'a Options,
        name: &str,
        common: &Common,
        isolation: Isolation,
    ) -> anyhow::Result<Self> {
        Self::open_with(options, name, common, isolation, Setting::default()).await
    }

    /// Starts a network of this name with this setting.
    pub async fn open_with(
        options: &'a Options,
        name: &str,
        common: &Common,
        isolation: Isolation,
        setting: Setting,
    ) -> anyhow::Result<Self> {
        let light_client = common.program("plume-light-client", "PLUME_LIGHT_CLIENT")?;
        let progress = Progress::default();
        let mut rig = common.rig(name, 64);
        rig.target.isolation = isolation;
        rig.target.genesis = setting.genesis;
        rig.target.replaced = setting.replaced;
        let rig = Rig::set_up(&rig, &progress).await?;
        ensure!(
            rig.target.nodes().len() >= 4,
            "faults are made on a network of our own, of four validators or more"
        );
        let spared = &rig.target.nodes()[SPARED];
        Ok(Self {
            authors: Authors::read(spared).await?,
            recorder: Recorder::start(spared).await?,
            options,
            rig,
            name: name.to_owned(),
            oracle: Oracle::default(),
            progress,
            rng: Rng::new(options.seed),
            light_client,
        })
    }

    /// Lets a fresh node and a light client follow, and stops the network.
    pub async fn close(self) -> anyhow::Result<Closed> {
        let Self {
            mut oracle,
            progress,
            recorder,
            light_client,
            rig,
            name,
            ..
        } = self;
        let paid = rig.paid().await;
        oracle.read_all(rig.target.nodes()).await?;
        progress.step("A fresh node and a light client");
        let aftermath = Aftermath::see(&name, network(&rig)?, recorder, &light_client).await;
        oracle.read_all(rig.target.nodes()).await?;
        progress.done();
        rig.target.close().await?;
        Ok(Closed {
            compared_heights: oracle.compared_heights(),
            paid: paid?,
            aftermath,
        })
    }

    pub fn nodes(&self) -> &[Node] {
        self.rig.target.nodes()
    }

    pub fn network(&self) -> anyhow::Result<&Network> {
        network(&self.rig)
    }

    /// So many of the validators may be faulty.
    pub fn f(&self) -> usize {
        (self.nodes().len() - 1) / 3
    }

    /// A validator that the script may hit.
    pub fn victim(&mut self) -> usize {
        let others = self.nodes().len() - 1;
        (SPARED + 1 + self.rng.below(others)) % (others + 1)
    }

    /// Measures while nothing happens.
    pub async fn healthy(&mut self, name: &str) -> anyhow::Result<Row> {
        let nothing = async |_: &Network| Ok(Seen::default());
        self.measure(name, self.options.seconds, &[], nothing).await
    }

    /// Sends at the rate for so many seconds, and for as long as `faults` takes after that it waits;
    /// reads every node all the while, and these others.
    pub async fn measure(
        &mut self,
        name: &str,
        seconds: f64,
        others: &[Node],
        faults: impl AsyncFnOnce(&Network) -> anyhow::Result<Seen>,
    ) -> anyhow::Result<Row> {
        let times = jittered(self.options.rate, seconds, &mut self.rng);
        let Rig {
            target,
            endpoints,
            follower,
            board,
            accounts,
            ..
        } = &mut self.rig;
        let (target, board) = (&*target, &*board);
        let network = target.network().context("a network of our own")?;
        let endpoint = endpoints.get(SPARED).context("no node to send to")?.clone();
        let parcels = accounts.sign(board, times.len());
        let began_us = board.clock().now_us();
        let load = async {
            self.progress.step(name);
            let sends = on_time(board, slice::from_ref(&endpoint), &parcels, &times);
            let (_, seen) = futures::join!(sends, faults(network));
            let seen = seen?;
            board.wait_settled(DRAIN_LIMIT, |_| true).await;
            Ok(seen)
        };
        let everybody = || network.nodes().iter().chain(others);
        let Seen {
            hits,
            note,
            complaints,
        } = tokio::select! {
            biased;
            conflict = self.oracle.watch(everybody) => return Err(conflict),
            done = drive(follower, board, target, &self.progress, load) => done?,
        };
        self.oracle.read_all(everybody()).await?;
        let tracker = board.tracker();
        let txs: Vec<Tx> = parcels
            .iter()
            .filter_map(|parcel| tracker.txs().get(parcel.id).copied())
            .collect();
        let finalised: Latencies = txs.iter().filter_map(Tx::finality_us).collect();
        let blocks: Vec<_> = tracker
            .final_blocks()
            .into_iter()
            .filter(|block| block.final_us >= began_us)
            .collect();
        let slots = || blocks.iter().filter_map(|block| block.slot);
        let slots_count = slots()
            .max()
            .zip(slots().min())
            .map_or(0, |(last, first)| last - first + 1);
        let stall_us = blocks
            .windows(2)
            .map(|pair| pair[1].final_us.saturating_sub(pair[0].final_us))
            .max();
        let mut row = Row {
            name: name.to_owned(),
            finalised: finalised.percentiles(),
            lost_slots: slots_count.saturating_sub(blocks.len() as u64),
            slots: slots_count,
            hits,
            longest_stall_ms: stall_us.unwrap_or(0) as f64 / 1_000.0,
            lost: txs.iter().filter(|tx| tx.is_pending()).count(),
            note,
            skipped: None,
            failed: None,
        };
        if row.lost > 0 {
            row.complain(format!("{} accepted transfers were lost", row.lost));
        }
        if row.finalised.n == 0 {
            row.complain("no transfer became final");
        }
        for complaint in complaints {
            row.complain(complaint);
        }
        Ok(row)
    }

    /// Waits until every node answers and seals again.
    pub async fn wait_everybody_back(&self) -> anyhow::Result<()> {
        for node in self.nodes() {
            node.wait_ready().await?;
        }
        wait_rotation(&self.authors, &self.nodes()[SPARED], self.nodes().len()).await?;
        wait_all_vote(&self.nodes()[SPARED]).await
    }
}

fn network(rig: &Rig) -> anyhow::Result<&Network> {
    rig.target.network().context("a network of our own")
}

/// The network's links, which a row that is not skipped has.
pub(super) fn links(network: &Network) -> anyhow::Result<&Links> {
    network.links().context("the network has no links")
}

/// How many validators vote, by this node's best block.
pub(super) async fn voters(node: &Node) -> anyhow::Result<usize> {
    let list: String = node
        .rpc(
            "state_call",
            json!(["GrandpaApi_grandpa_authorities", "0x"]),
        )
        .await?;
    // SCALE: the list's length, compact, then 32 bytes of key and 8 of weight each.
    Ok(list.trim_start_matches("0x").len() / 2 / 40)
}

/// Waits until everybody has prevoted in a round.
pub(super) async fn wait_all_vote(node: &Node) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        let state: Value = node.rpc("grandpa_roundState", json!([])).await?;
        // A round moves on with two thirds of its precommits, so that all of them are rarely seen.
        let missing = state["best"]["prevotes"]["missing"].as_array();
        if missing.is_some_and(Vec::is_empty) {
            return Ok(());
        }
        ensure!(
            began.elapsed() < RETURN_LIMIT,
            "after {} s votes are still missing: {state}",
            RETURN_LIMIT.as_secs()
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits until so many authors are in the rotation.
pub(super) async fn wait_rotation(
    authors: &Authors,
    node: &Node,
    count: usize,
) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        let rotation = authors.rotation(node).await?;
        if rotation.len() == count {
            return Ok(());
        }
        ensure!(
            began.elapsed() < RETURN_LIMIT,
            "after {} s {} authors seal, not {count}",
            RETURN_LIMIT.as_secs(),
            rotation.len()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
