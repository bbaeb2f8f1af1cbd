//! Time from submission to block and to finality, at rates that no queue forms at.

use crate::{
    cli::Common,
    output::{
        Problems, cpu_table, latency_heading, latency_row, publish, row, table, warn_if_noisy,
        warn_of_faults,
    },
};
use anyhow::ensure;
use clap::Args;
use plume_bench::{
    CpuReport, CpuWatch, Environment, Percentiles, Progress, Rig, Rng, Tx, drive, lanes::on_time,
    schedule::jittered,
};
use serde::Serialize;
use std::time::Duration;

/// The network that `--compare` measures beside.
const REFERENCE_SLOT_MS: u64 = 500;
const REFERENCE_GOSSIP_MS: u64 = 50;
/// What is not final so long after the last submission is lost.
const DRAIN_LIMIT: Duration = Duration::from_secs(30);

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Transactions a second, one phase for each
    #[arg(long, value_delimiter = ',', default_values_t = [5.0, 50.0], value_parser = rate, value_name = "RATE,..")]
    rates: Vec<f64>,

    /// Measured time of a phase
    #[arg(long, default_value_t = 30.0, value_name = "S")]
    seconds: f64,

    /// Time at the phase's rate before it is measured
    #[arg(long, default_value_t = 10.0, value_name = "S")]
    warmup_seconds: f64,

    /// Accounts that pay in turn
    #[arg(long, default_value_t = 64, value_name = "COUNT")]
    accounts: usize,

    /// Measure a network at 500 ms a slot and 50 ms of gossip as well, and print the ratios
    #[arg(long, conflicts_with = "urls")]
    compare: bool,

    #[command(flatten)]
    common: Common,
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "not a number")?;
    if (0.1..=1_000.0).contains(&rate) {
        Ok(rate)
    } else {
        Err("a rate is 0.1 to 1,000 a second".into())
    }
}

/// One rate's figures.
#[derive(Debug, Serialize)]
struct Phase {
    rate_per_s: f64,
    /// Submission to the best block.
    in_block: Percentiles,
    /// Submission to finality.
    finalised: Percentiles,
    /// How late the client sent: its share of any delay.
    send_lag: Percentiles,
    /// Accepted and never final.
    lost: usize,
    refused: usize,
    cpu: CpuReport,
}

/// One network's figures.
#[derive(Debug, Serialize)]
struct Figures {
    environment: Environment,
    phases: Vec<Phase>,
    /// Announced best blocks that finality passed by.
    forked_blocks: usize,
    paid_exactly: bool,
    log_faults: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Measured {
    #[serde(flatten)]
    figures: Figures,
    reference: Option<Figures>,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<Vec<String>> {
    let mut problems = Problems::default();
    let figures = measure(&options, &options.common, &mut problems).await?;
    let reference = if options.compare {
        let common = options
            .common
            .with_durations(REFERENCE_SLOT_MS, REFERENCE_GOSSIP_MS);
        Some(measure(&options, &common, &mut problems).await?)
    } else {
        None
    };
    let result = Measured { figures, reference };
    publish("finality", &result, options.common.json)?;
    print(&result);
    Ok(problems.0)
}

async fn measure(
    options: &Options,
    common: &Common,
    problems: &mut Problems,
) -> anyhow::Result<Figures> {
    let progress = Progress::default();
    let mut rig = Rig::set_up(&common.rig("finality", options.accounts), &progress).await?;
    // Senders in turn meet endpoints in turn, so that no account's nonces race over two nodes.
    let endpoints = rig.endpoints.len();
    ensure!(
        options.accounts.is_multiple_of(endpoints),
        "--accounts must be a multiple of the {endpoints} nodes"
    );
    let mut phases = Vec::new();
    for (index, rate) in options.rates.iter().enumerate() {
        let phase = measure_rate(options, *rate, index as u64, &mut rig, &progress).await?;
        if phase.lost + phase.refused > 0 {
            problems.0.push(format!(
                "at {rate}/s {} transactions were lost and {} refused",
                phase.lost, phase.refused
            ));
        }
        phases.push(phase);
    }
    progress.done();
    let paid = rig.paid().await?;
    problems.unpaid(&paid);
    let log_faults = rig.log_faults();
    warn_of_faults(&log_faults);
    let figures = Figures {
        environment: rig.environment,
        phases,
        forked_blocks: rig.board.tracker().forked(),
        paid_exactly: paid.is_exact(),
        log_faults,
    };
    rig.target.close().await?;
    Ok(figures)
}

async fn measure_rate(
    options: &Options,
    rate: f64,
    seed: u64,
    rig: &mut Rig,
    progress: &Progress,
) -> anyhow::Result<Phase> {
    let rng = &mut Rng::new(seed);
    let warm_up = jittered(rate, options.warmup_seconds, rng);
    let times = jittered(rate, options.seconds, rng);
    let Rig {
        target,
        endpoints,
        follower,
        board,
        accounts,
        ..
    } = rig;
    let warm_up_parcels = accounts.sign(board, warm_up.len());
    let parcels = accounts.sign(board, times.len());
    let load = async {
        progress.step(&format!("Warming up at {rate}/s"));
        on_time(board, endpoints, &warm_up_parcels, &warm_up).await;
        progress.step(&format!("Measuring {rate}/s for {} s", options.seconds));
        let watch = CpuWatch::start(target);
        let lags = on_time(board, endpoints, &parcels, &times).await;
        let cpu = watch.read();
        board.wait_settled(DRAIN_LIMIT, |_| true).await;
        Ok((lags, cpu))
    };
    let (lags, cpu) = drive(follower, board, target, progress, load).await?;
    warn_if_noisy(&cpu);
    let tracker = board.tracker();
    let txs: Vec<Tx> = parcels
        .iter()
        .filter_map(|parcel| tracker.txs().get(parcel.id).copied())
        .collect();
    let times = |of: fn(&Tx) -> Option<u64>| {
        let latencies: plume_bench::Latencies = txs.iter().filter_map(of).collect();
        latencies.percentiles()
    };
    Ok(Phase {
        rate_per_s: rate,
        in_block: times(Tx::inclusion_us),
        finalised: times(Tx::finality_us),
        send_lag: lags.percentiles(),
        lost: txs.iter().filter(|tx| tx.is_pending()).count(),
        refused: txs.iter().filter(|tx| tx.accepted == Some(false)).count(),
        cpu,
    })
}

fn print(result: &Measured) {
    let Figures {
        phases,
        forked_blocks,
        ..
    } = &result.figures;
    let mut rows = vec![latency_heading("submission to")];
    for (network, figures) in [
        ("", Some(&result.figures)),
        (" (reference)", result.reference.as_ref()),
    ] {
        for phase in figures.iter().flat_map(|figures| &figures.phases) {
            let rate = phase.rate_per_s;
            rows.push(latency_row(
                &format!("block, {rate}/s{network}"),
                &phase.in_block,
            ));
            rows.push(latency_row(
                &format!("finality, {rate}/s{network}"),
                &phase.finalised,
            ));
        }
    }
    rows.push(row([""]));
    table(&rows);
    for phase in phases {
        println!("{}/s:", phase.rate_per_s);
        cpu_table(&phase.cpu, phase.finalised.n as usize);
        println!();
    }
    println!("forked blocks: {forked_blocks}");
    for phase in phases {
        let Percentiles {
            p50_ms, p99_ms, n, ..
        } = phase.finalised;
        let rate = phase.rate_per_s;
        println!("finality rate={rate} p50_ms={p50_ms:.0} p99_ms={p99_ms:.0} n={n}");
    }
    let first_reference = result
        .reference
        .as_ref()
        .and_then(|figures| figures.phases.first());
    let Some(first) = phases.first() else {
        return;
    };
    if let Some(reference) = first_reference {
        println!(
            "finality slot_ms={REFERENCE_SLOT_MS} gossip_ms={REFERENCE_GOSSIP_MS} p50_ms={:.0} p99_ms={:.0} \
             p50_ratio={:.2} p99_ratio={:.2}",
            reference.finalised.p50_ms,
            reference.finalised.p99_ms,
            first.finalised.p50_ms / reference.finalised.p50_ms,
            first.finalised.p99_ms / reference.finalised.p99_ms,
        );
    }
    let Percentiles {
        p50_ms, p99_ms, n, ..
    } = first.finalised;
    println!("finality p50_ms={p50_ms:.0} p99_ms={p99_ms:.0} n={n}");
}
