//! What faults cost: leaders that die, nodes that stand still, one more gone than the network bears.
//!
//! Nodes are killed and paused with signals, on one machine and its loopback. An oracle reads every
//! node all the while, and the run fails when two of them finalise different blocks at one height.

use crate::{
    cli::Common,
    output::{Problems, latency_heading, latency_row, publish, table},
};
use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};
use plume_bench::{
    Authors, Environment, Latencies, Oracle, Percentiles, Progress, Rig, Rng, Tx, drive,
    lanes::on_time, schedule::jittered,
};
use plume_localnet::Node;
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    slice,
    time::{Duration, Instant},
};

/// What is not final so long after the faults are over is lost.
const DRAIN_LIMIT: Duration = Duration::from_secs(60);
/// The longest that a node or the rotation may take to be as it should.
const RETURN_LIMIT: Duration = Duration::from_secs(60);
/// How long a killed author stays dead.
const DEAD: Duration = Duration::from_secs(2);
/// Between the return of one and the death of the next.
const BETWEEN_DEATHS: Duration = Duration::from_secs(3);
/// How long more than f stay dead.
const HALTED: Duration = Duration::from_secs(8);
/// Votes that were on their way arrive within this.
const SETTLED: Duration = Duration::from_secs(3);
/// Submission to finality, with a failover in it.
const FAILOVER_P99_MS: f64 = 600.0;
/// p99 with f dead, after the rotation has changed, against the healthy p99 of the same run.
const DEAD_RATIO: f64 = 1.1;
/// The node that is followed and sent to; no fault hits it.
const SPARED: usize = 0;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Fault {
    /// The next author is killed and started again, again and again
    LeaderKilled,
    /// f validators are dead throughout
    FDead,
    /// A validator stands still (SIGSTOP) for 0.5, 2 and 5 s
    Paused,
    /// f + 1 validators are dead for a while
    TooManyDead,
}

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only these faults
    #[arg(long, value_delimiter = ',', value_name = "FAULT,..")]
    only: Vec<Fault>,

    /// Transactions a second, sent to the first validator, which no fault hits
    #[arg(long, default_value_t = 10.0, value_name = "RATE")]
    rate: f64,

    /// Measured time of the healthy network and of each fault
    #[arg(long, default_value_t = 60.0, value_name = "S")]
    seconds: f64,

    #[command(flatten)]
    common: Common,
}

/// What was measured while something happened.
#[derive(Debug, Serialize)]
struct Row {
    /// What happened.
    name: String,
    /// Submission to finality.
    finalised: Percentiles,
    /// Slots between the final blocks' that stayed empty.
    lost_slots: u64,
    /// Slots in that time.
    slots: u64,
    /// Deaths or pauses.
    hits: usize,
    /// The longest time in which nothing became final, in milliseconds.
    longest_stall_ms: f64,
    /// Accepted and never final.
    lost: usize,
    /// What else was seen.
    note: String,
    /// What should have been and was not.
    failed: Option<String>,
}

/// How often nodes were hit, and what was seen.
type Hits = (usize, String);

#[derive(Debug, Serialize)]
struct Figures {
    environment: Environment,
    /// How faults are made here.
    method: &'static str,
    rows: Vec<Row>,
    /// Heights at which the nodes' final blocks were compared.
    compared_heights: usize,
}

/// A network under test.
struct Campaign<'a> {
    options: &'a Options,
    rig: Rig,
    authors: Authors,
    oracle: Oracle,
    progress: Progress,
    rng: Rng,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<Vec<String>> {
    let mut problems = Problems::default();
    let progress = Progress::default();
    let rig = Rig::set_up(&options.common.rig("faults", 64), &progress).await?;
    ensure!(
        rig.target.nodes().len() >= 4,
        "faults are made on a network of our own, of four validators or more"
    );
    let mut campaign = Campaign {
        authors: Authors::read(&rig.target.nodes()[SPARED]).await?,
        options: &options,
        rig,
        oracle: Oracle::default(),
        progress,
        rng: Rng::new(1),
    };
    let nothing = async |_: &[Node]| Ok((0, String::new()));
    let mut rows = vec![campaign.measure("healthy", nothing).await?];
    let healthy_p99_ms = rows.first().map_or(0.0, |row| row.finalised.p99_ms);
    for fault in Fault::value_variants() {
        if !options.only.is_empty() && !options.only.contains(fault) {
            continue;
        }
        let mut row = match fault {
            Fault::LeaderKilled => campaign.leader_killed().await?,
            Fault::FDead => campaign.f_dead().await?,
            Fault::Paused => campaign.paused().await?,
            Fault::TooManyDead => campaign.too_many_dead().await?,
        };
        row.judge(*fault, healthy_p99_ms);
        problems.0.extend(row.failed.clone());
        rows.push(row);
        campaign.wait_everybody_back().await?;
    }
    let Campaign {
        rig,
        oracle,
        progress,
        ..
    } = campaign;
    progress.done();
    let paid = rig.paid().await?;
    problems.unpaid(&paid);
    let figures = Figures {
        environment: rig.environment,
        method: "signals, on one machine's loopback",
        rows,
        compared_heights: oracle.compared_heights(),
    };
    rig.target.close().await?;
    publish("faults", &figures, options.common.json)?;
    print(&figures);
    Ok(problems.0)
}

impl Row {
    fn judge(&mut self, fault: Fault, healthy_p99_ms: f64) {
        let p99_ms = self.finalised.p99_ms;
        let complaint = match fault {
            _ if self.lost > 0 => Some(format!("{} accepted transfers were lost", self.lost)),
            Fault::LeaderKilled if p99_ms >= FAILOVER_P99_MS => Some(format!(
                "p99 {p99_ms:.0} ms is not below {FAILOVER_P99_MS:.0}"
            )),
            Fault::FDead if p99_ms > healthy_p99_ms * DEAD_RATIO => Some(format!(
                "p99 {p99_ms:.0} ms is more than {DEAD_RATIO} times the healthy {healthy_p99_ms:.0}"
            )),
            _ => None,
        };
        self.failed = complaint.map(|complaint| format!("{}: {complaint}", self.name));
    }
}

impl Campaign<'_> {
    fn nodes(&self) -> &[Node] {
        self.rig.target.nodes()
    }

    /// So many of the validators may be faulty.
    fn f(&self) -> usize {
        (self.nodes().len() - 1) / 3
    }

    /// Sends at the rate for the measured time, and for as long as `faults` takes after that it waits;
    /// reads every node all the while.
    async fn measure(
        &mut self,
        name: &str,
        faults: impl AsyncFnOnce(&[Node]) -> anyhow::Result<Hits>,
    ) -> anyhow::Result<Row> {
        let times = jittered(self.options.rate, self.options.seconds, &mut self.rng);
        let Rig {
            target,
            endpoints,
            follower,
            board,
            accounts,
            ..
        } = &mut self.rig;
        let (target, board) = (&*target, &*board);
        let endpoint = endpoints.get(SPARED).context("no node to send to")?.clone();
        let parcels = accounts.sign(board, times.len());
        let began_us = board.clock().now_us();
        let load = async {
            self.progress.step(name);
            let sends = on_time(board, slice::from_ref(&endpoint), &parcels, &times);
            let (_, hits) = futures::join!(sends, faults(target.nodes()));
            let hits = hits?;
            board.wait_settled(DRAIN_LIMIT, |_| true).await;
            Ok(hits)
        };
        let (hits, note) = tokio::select! {
            biased;
            conflict = self.oracle.watch(target.nodes()) => return Err(conflict),
            done = drive(follower, board, target, &self.progress, load) => done?,
        };
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
        Ok(Row {
            name: name.to_owned(),
            finalised: finalised.percentiles(),
            lost_slots: slots_count.saturating_sub(blocks.len() as u64),
            slots: slots_count,
            hits,
            longest_stall_ms: stall_us.unwrap_or(0) as f64 / 1_000.0,
            lost: txs.iter().filter(|tx| tx.is_pending()).count(),
            note,
            failed: None,
        })
    }

    async fn leader_killed(&mut self) -> anyhow::Result<Row> {
        let (authors, seconds) = (self.authors.clone(), self.options.seconds);
        self.measure("next author killed, again and again", async |nodes| {
            let began = Instant::now();
            let (mut deaths, mut votes) = (0, Vec::new());
            while began.elapsed().as_secs_f64() < seconds {
                let witness = &nodes[SPARED];
                let victim = &nodes[authors.next(witness, SPARED).await?];
                victim.kill()?;
                deaths += 1;
                tokio::time::sleep(DEAD).await;
                victim.start()?;
                victim.wait_ready().await?;
                let answers = Instant::now();
                wait_rotation(&authors, witness, nodes.len()).await?;
                // Another death before its votes count again would be one more than f.
                wait_all_vote(witness).await?;
                votes.push(format!("{:.1}", answers.elapsed().as_secs_f64()));
                tokio::time::sleep(BETWEEN_DEATHS).await;
            }
            Ok((deaths, format!("voted again after {} s", votes.join(", "))))
        })
        .await
    }

    async fn f_dead(&mut self) -> anyhow::Result<Row> {
        let (authors, f) = (self.authors.clone(), self.f());
        let nodes = self.nodes();
        let living = nodes.len() - f;
        for node in &nodes[living..] {
            node.kill()?;
        }
        wait_rotation(&authors, &nodes[SPARED], living).await?;
        let row = self
            .measure(&format!("{f} of {} dead", living + f), async |_| {
                Ok((f, String::new()))
            })
            .await?;
        for node in &self.nodes()[living..] {
            node.start()?;
            node.wait_ready().await?;
        }
        Ok(row)
    }

    async fn paused(&mut self) -> anyhow::Result<Row> {
        self.measure("one stands still for 0.5, 2, 5 s", async |nodes| {
            let victim = nodes.last().context("there are nodes")?;
            let mut back = Vec::new();
            for seconds in [0.5, 2.0, 5.0] {
                victim.pause()?;
                tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
                let head = nodes[SPARED].finalised().await?;
                victim.resume()?;
                let resumed = Instant::now();
                victim.wait_finalised(head, RETURN_LIMIT).await?;
                back.push(format!("{:.0}", resumed.elapsed().as_secs_f64() * 1_000.0));
                tokio::time::sleep(BETWEEN_DEATHS).await;
            }
            Ok((3, format!("caught up after {} ms", back.join(", "))))
        })
        .await
    }

    async fn too_many_dead(&mut self) -> anyhow::Result<Row> {
        let dead = self.f() + 1;
        let name = format!(
            "{dead} of {} dead for {} s",
            self.nodes().len(),
            HALTED.as_secs()
        );
        self.measure(&name, async |nodes| {
            let (living, dying) = nodes.split_at(nodes.len() - dead);
            for node in dying {
                node.kill()?;
            }
            tokio::time::sleep(SETTLED).await;
            let stood = living[SPARED].finalised().await?;
            tokio::time::sleep(HALTED - SETTLED).await;
            ensure!(
                living[SPARED].finalised().await? == stood,
                "finality went on without two thirds"
            );
            let began = Instant::now();
            for node in dying {
                node.start()?;
            }
            living[SPARED]
                .wait_finalised(stood + 1, RETURN_LIMIT)
                .await?;
            let note = format!(
                "stood still, resumed {:.1} s after their start",
                began.elapsed().as_secs_f64()
            );
            Ok((dead, note))
        })
        .await
    }

    /// Waits until every node answers and seals again.
    async fn wait_everybody_back(&self) -> anyhow::Result<()> {
        for node in self.nodes() {
            node.wait_ready().await?;
        }
        wait_rotation(&self.authors, &self.nodes()[SPARED], self.nodes().len()).await?;
        wait_all_vote(&self.nodes()[SPARED]).await
    }
}

/// Waits until everybody has prevoted in a round.
async fn wait_all_vote(node: &Node) -> anyhow::Result<()> {
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
async fn wait_rotation(authors: &Authors, node: &Node, count: usize) -> anyhow::Result<()> {
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

fn print(figures: &Figures) {
    let mut heading = latency_heading("submission to finality");
    heading.extend(["hits", "lost slots", "stall ms", ""].map(str::to_owned));
    let mut rows = vec![heading];
    for row in &figures.rows {
        let mut cells = latency_row(&row.name, &row.finalised);
        cells.push(row.hits.to_string());
        cells.push(format!("{} of {}", row.lost_slots, row.slots));
        cells.push(format!("{:.0}", row.longest_stall_ms));
        cells.push(match &row.failed {
            Some(_) => format!("FAILED {}", row.note),
            None => format!("ok {}", row.note),
        });
        rows.push(cells);
    }
    table(&rows);
    println!("\nFaults are made by {}.", figures.method);
    println!(
        "no conflicting finality at {} heights",
        figures.compared_heights
    );
    let failed = figures
        .rows
        .iter()
        .filter(|row| row.failed.is_some())
        .count();
    println!("faults rows={} failed={failed}", figures.rows.len());
}
