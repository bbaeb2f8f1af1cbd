//! Transfers a second that become final, at a steady supply, and what each costs.

use crate::{
    cli::Common,
    output::{
        Problems, cpu_table, latency_heading, latency_row, publish, row, table, warn_if_noisy,
        warn_of_faults,
    },
};
use anyhow::Context;
use clap::Args;
use plume_bench::{
    Board, CpuReport, CpuWatch, Environment, FinalBlock, Latencies, Parcel, Percentiles, Progress,
    Rig, Tx,
    blocks::{self, BlockStats},
    count_statuses, drive,
    lanes::{self, Pace},
};
use serde::Serialize;
use std::{collections::BTreeMap, time::Duration};

/// What is not final so long after the last submission is lost.
const DRAIN_LIMIT: Duration = Duration::from_secs(60);
/// How long the nodes are watched without load.
const IDLE: Duration = Duration::from_secs(3);

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How long to send
    #[arg(long, default_value_t = 30.0, value_name = "S")]
    seconds: f64,

    /// Accounts that pay in turn
    #[arg(long, default_value_t = 64, value_name = "COUNT")]
    accounts: usize,

    /// Transfers that may be sent and not final at once. Too few starve the authors; more only wait longer
    #[arg(long, default_value_t = 2_000, value_name = "COUNT")]
    window: usize,

    /// Unanswered requests to one node
    #[arg(long, default_value_t = 32, value_name = "COUNT")]
    in_flight: usize,

    /// Transfers signed ahead for each second; a quicker network runs out early and is still measured
    #[arg(long, default_value_t = 3_000, value_name = "COUNT")]
    max_tps: usize,

    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Figures {
    environment: Environment,
    window: usize,
    accounts: usize,
    /// From the first submission to the last finality.
    seconds: f64,
    /// Final transfers over `seconds`.
    tps: f64,
    /// Between a quarter and three quarters of the time of sending.
    steady_tps: Option<f64>,
    /// Final transfers for each processor second of nodes and client together; none if the nodes are
    /// not our own.
    tps_per_core: Option<f64>,
    submitted: usize,
    finalised: usize,
    /// Accepted and never final.
    lost: usize,
    lost_statuses: BTreeMap<String, usize>,
    refused: usize,
    /// Every refusal, also of what was sent again.
    refusals: BTreeMap<&'static str, usize>,
    in_block: Percentiles,
    /// Submission to finality.
    finality: Percentiles,
    blocks: BlockStats,
    forked_blocks: usize,
    cpu: CpuReport,
    /// Cores that the nodes keep busy without any load; none if they are not our own.
    idle_cores: Option<f64>,
    paid_exactly: bool,
    log_faults: Vec<String>,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<Vec<String>> {
    let Options {
        seconds,
        window,
        in_flight,
        ..
    } = options;
    let progress = Progress::default();
    let mut rig = Rig::set_up(
        &options.common.rig("throughput", options.accounts),
        &progress,
    )
    .await?;

    progress.step("Signing");
    let count = (seconds * options.max_tps as f64) as usize + window;
    let parcels = rig.accounts.sign(&rig.board, count);
    let ids = parcels.first().map_or(0, |parcel| parcel.id)..;
    // An account stays with a node, so that its nonces do not race over two.
    let lanes = lanes::split(&rig.endpoints, parcels, |_, Parcel { payer, .. }| *payer);

    let Rig {
        target,
        follower,
        board,
        ..
    } = &mut rig;
    let forked_before = board.tracker().forked();
    let load = async {
        progress.step("Watching the idle network");
        let idle = CpuWatch::start(target);
        tokio::time::sleep(IDLE).await;
        let idle = idle.read();
        progress.step(&format!("Sending for {seconds} s"));
        let watch = CpuWatch::start(target);
        let began_us = board.clock().now_us();
        let pace = Pace {
            in_flight,
            window,
            until_us: began_us + (seconds * 1e6) as u64,
            retry: true,
        };
        lanes::feed(board, &lanes, pace).await;
        let fed_us = board.clock().now_us();
        progress.step("Waiting for the last ones");
        board.wait_settled(DRAIN_LIMIT, |_| true).await;
        Ok((idle, watch.read(), began_us, fed_us))
    };
    let (idle, cpu, began_us, fed_us) = drive(follower, board, target, &progress, load).await?;
    let forked_blocks = board.tracker().forked() - forked_before;

    let txs: Vec<Tx> = rig
        .board
        .tracker()
        .txs()
        .get(ids)
        .unwrap_or_default()
        .to_vec();
    let sent: Vec<&Tx> = txs.iter().filter(|tx| tx.submitted_us.is_some()).collect();
    let first_us = sent.iter().filter_map(|tx| tx.submitted_us).min();
    let last_us = sent.iter().filter_map(|tx| tx.final_us).max();
    let first_us = first_us.context("nothing was sent: give --seconds more than 0")?;
    let last_us = last_us.with_context(|| nothing_final(&rig.board))?;
    let finalised = sent.iter().filter(|tx| tx.final_us.is_some()).count();
    let span_s = last_us.saturating_sub(first_us) as f64 / 1e6;
    let final_blocks: Vec<FinalBlock> = rig.board.tracker().final_blocks();
    let measured = final_blocks
        .iter()
        .filter(|block| block.final_us >= began_us);
    let measured: Vec<FinalBlock> = measured.copied().collect();
    let times = |of: fn(&Tx) -> Option<u64>| {
        let latencies: Latencies = sent.iter().filter_map(|tx| of(tx)).collect();
        latencies.percentiles()
    };
    let lost_statuses = lost_statuses(&rig, &lanes).await;
    let paid = rig.paid().await?;
    progress.done();

    let metered = !cpu.nodes.is_empty();
    let figures = Figures {
        window,
        accounts: options.accounts,
        seconds: span_s,
        tps: finalised as f64 / span_s,
        steady_tps: blocks::steady_tps(&measured, began_us, fed_us),
        tps_per_core: metered.then(|| finalised as f64 / (cpu.nodes_cpu_s() + cpu.client_cpu_s)),
        submitted: sent.len(),
        finalised,
        lost: sent.iter().filter(|tx| tx.is_pending()).count(),
        lost_statuses,
        refused: sent.iter().filter(|tx| tx.accepted == Some(false)).count(),
        refusals: rig.board.refusals(),
        in_block: times(Tx::inclusion_us),
        finality: times(Tx::finality_us),
        blocks: blocks::stats(&measured),
        forked_blocks,
        idle_cores: metered.then(|| idle.nodes_cpu_s() / idle.wall_s),
        cpu,
        paid_exactly: paid.is_exact(),
        log_faults: rig.log_faults(),
        environment: rig.environment,
    };
    rig.target.close().await?;
    publish("throughput", &figures, options.common.json)?;
    print(&figures);

    let mut problems = Problems::default();
    if figures.lost > 0 {
        problems.0.push(format!(
            "{} accepted transfers never became final; their nodes say: {:?}",
            figures.lost, figures.lost_statuses
        ));
    }
    if figures.refused > 0 {
        problems.0.push(format!(
            "{} transfers were refused for good ({:?}), and later ones of their accounts wait for them",
            figures.refused,
            rig.board.refusal_examples()
        ));
    }
    problems.unpaid(&paid);
    warn_of_faults(&figures.log_faults);
    Ok(problems.0)
}

fn nothing_final(board: &Board) -> String {
    format!(
        "no transfer became final; refusals: {:?}",
        board.refusal_examples()
    )
}

/// What the nodes say about the transfers that they accepted and that are not final.
async fn lost_statuses(rig: &Rig, lanes: &[lanes::Lane]) -> BTreeMap<String, usize> {
    let questions = {
        let tracker = rig.board.tracker();
        let is_pending =
            |parcel: &&Parcel| tracker.txs().get(parcel.id).is_some_and(Tx::is_pending);
        let of_lane = |lane: &lanes::Lane| -> Vec<_> {
            let lost = lane.parcels.iter().filter(is_pending);
            lost.filter_map(|parcel| Some((lane.rpc.clone(), tracker.hash(parcel.id)?)))
                .collect()
        };
        lanes.iter().flat_map(of_lane).collect()
    };
    count_statuses(questions).await
}

fn print(figures: &Figures) {
    table(&[
        latency_heading("submission to"),
        latency_row("block", &figures.in_block),
        latency_row("finality", &figures.finality),
        row([""]),
    ]);
    cpu_table(&figures.cpu, figures.finalised);
    warn_if_noisy(&figures.cpu);
    let BlockStats {
        blocks,
        transfers_mean,
        transfers_max,
        interval_mean_ms,
        interval_p99_ms,
        missed_slots,
    } = figures.blocks;
    let missed = missed_slots.map_or("unknown".into(), |missed| missed.to_string());
    println!(
        "\n{} of {} submitted transfers final in {:.1} s, {} lost, {} refused (window {})",
        figures.finalised,
        figures.submitted,
        figures.seconds,
        figures.lost,
        figures.refused,
        figures.window
    );
    println!(
        "{blocks} blocks with {transfers_mean:.0} transfers on average and {transfers_max} at most, every \
         {interval_mean_ms:.0} ms (p99 {interval_p99_ms:.0}); missed slots: {missed}; forked blocks: {}",
        figures.forked_blocks
    );
    let shown = |figure: Option<f64>, digits: usize| {
        figure.map_or("unknown".into(), |figure| format!("{figure:.digits$}"))
    };
    println!(
        "steady transfers a second: {}; a processor second: {}; cores used by idle nodes: {}",
        shown(figures.steady_tps, 0),
        shown(figures.tps_per_core, 0),
        shown(figures.idle_cores, 2)
    );
    println!(
        "throughput tps={:.0} p99_ms={:.0}",
        figures.tps, figures.finality.p99_ms
    );
}
