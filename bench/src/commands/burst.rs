//! Whether everything that is accepted becomes final when it comes all at once and out of order.

use crate::{
    cli::Common,
    output::{
        Problems, cpu_table, fault_sentence, latency_heading, latency_row, publish, row, table,
        warn_if_noisy,
    },
};
use clap::Args;
use plume_bench::{
    CpuReport, CpuWatch, Environment, Latencies, Parcel, Percentiles, Progress, Rig, Rng, Tx,
    blocks::{self, BlockStats},
    count_statuses, drive,
    lanes::{self, Lane, Pace},
};
use serde::Serialize;
use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Transfers to send
    #[arg(long, default_value_t = 10_000, value_name = "COUNT")]
    transfers: usize,

    /// Accounts that pay
    #[arg(long, default_value_t = 20, value_name = "COUNT")]
    accounts: usize,

    /// What the order depends on
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    seed: u64,

    /// Unanswered requests to one node
    #[arg(long, default_value_t = 64, value_name = "COUNT")]
    in_flight: usize,

    /// How long to wait for finality
    #[arg(long, default_value_t = 180, value_name = "S")]
    timeout_seconds: u64,

    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Figures {
    environment: Environment,
    transfers: usize,
    accounts: usize,
    seed: u64,
    accepted: usize,
    finalised: usize,
    refused: usize,
    /// Accepted and not final, although nothing that was refused stands before them.
    lost: usize,
    /// Accepted and not final, because an earlier one of the same account was refused.
    blocked: usize,
    /// What the nodes say about those lost and blocked.
    statuses: BTreeMap<String, usize>,
    refusals: BTreeMap<&'static str, usize>,
    /// First submission to last answer.
    sending_s: f64,
    /// First submission to last finality.
    seconds: f64,
    finality: Percentiles,
    blocks: BlockStats,
    forked_blocks: usize,
    cpu: CpuReport,
    paid_exactly: bool,
    log_faults: Vec<String>,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<Vec<String>> {
    let progress = Progress::default();
    let mut rig = Rig::set_up(&options.common.rig("burst", options.accounts), &progress).await?;

    progress.step("Signing");
    let mut parcels = rig.accounts.sign(&rig.board, options.transfers);
    Rng::new(options.seed).shuffle(&mut parcels);
    let lanes = lanes::split(&rig.endpoints, parcels, |position, _| position);

    let Rig {
        target,
        follower,
        board,
        ..
    } = &mut rig;
    let forked_before = board.tracker().forked();
    let limit = Duration::from_secs(options.timeout_seconds);
    let load = async {
        progress.step("Sending out of order");
        let watch = CpuWatch::start(target);
        let began_us = board.clock().now_us();
        let pace = Pace {
            in_flight: options.in_flight,
            window: usize::MAX,
            until_us: u64::MAX,
            retry: false,
        };
        lanes::feed(board, &lanes, pace).await;
        let sent_us = board.clock().now_us();
        progress.step("Waiting for finality");
        let blocked = blocked(&lanes, board.tracker().txs());
        board.wait_settled(limit, |id| !blocked.contains(&id)).await;
        Ok((watch.read(), began_us, sent_us))
    };
    let (cpu, began_us, sent_us) = drive(follower, board, target, &progress, load).await?;
    let forked_blocks = board.tracker().forked() - forked_before;

    let all = || lanes.iter().flat_map(|lane| &lane.parcels);
    let txs = rig.board.tracker().txs().to_vec();
    let burst: Vec<Tx> = all()
        .filter_map(|parcel| txs.get(parcel.id).copied())
        .collect();
    let blocked = blocked(&lanes, &txs);
    let pending = |parcel: &&Parcel| txs.get(parcel.id).is_some_and(Tx::is_pending);
    let stuck = all()
        .filter(pending)
        .filter(|parcel| blocked.contains(&parcel.id))
        .count();
    let statuses = count_statuses(questions(&rig, &lanes, pending)).await;
    let final_blocks = rig.board.tracker().final_blocks();
    let measured = final_blocks
        .iter()
        .filter(|block| block.final_us >= began_us);
    let measured: Vec<_> = measured.copied().collect();
    let last_us = burst
        .iter()
        .filter_map(|tx| tx.final_us)
        .max()
        .unwrap_or(began_us);
    let paid = rig.paid().await?;
    progress.done();

    let figures = Figures {
        transfers: options.transfers,
        accounts: options.accounts,
        seed: options.seed,
        accepted: burst.iter().filter(|tx| tx.accepted == Some(true)).count(),
        finalised: burst.iter().filter(|tx| tx.final_us.is_some()).count(),
        refused: burst.iter().filter(|tx| tx.accepted == Some(false)).count(),
        lost: burst.iter().filter(|tx| tx.is_pending()).count() - stuck,
        blocked: stuck,
        statuses,
        refusals: rig.board.refusals(),
        sending_s: sent_us.saturating_sub(began_us) as f64 / 1e6,
        seconds: last_us.saturating_sub(began_us) as f64 / 1e6,
        finality: burst
            .iter()
            .filter_map(Tx::finality_us)
            .collect::<Latencies>()
            .percentiles(),
        blocks: blocks::stats(&measured),
        forked_blocks,
        cpu,
        paid_exactly: paid.is_exact(),
        log_faults: rig.log_faults(),
        environment: rig.environment,
    };
    rig.target.close().await?;
    publish("burst", &figures, options.common.json)?;
    print(&figures, &rig.board.refusal_examples());

    let mut problems = Problems::default();
    if figures.lost > 0 {
        problems.0.push(format!(
            "{} accepted transfers never became final",
            figures.lost
        ));
    }
    problems.unpaid(&paid);
    problems.0.extend(fault_sentence(&figures.log_faults));
    Ok(problems.0)
}

/// The transfers behind a refused one of the same account: no block can take them.
fn blocked(lanes: &[Lane], txs: &[Tx]) -> HashSet<usize> {
    let all = || lanes.iter().flat_map(|lane| &lane.parcels);
    let mut gaps: BTreeMap<usize, u32> = BTreeMap::new();
    for parcel in all() {
        let tx = txs.get(parcel.id);
        if tx.is_some_and(|tx| tx.accepted == Some(false) && tx.final_us.is_none()) {
            let gap = gaps.entry(parcel.payer).or_insert(parcel.nonce);
            *gap = parcel.nonce.min(*gap);
        }
    }
    all()
        .filter(|parcel| {
            gaps.get(&parcel.payer)
                .is_some_and(|gap| parcel.nonce > *gap)
        })
        .map(|parcel| parcel.id)
        .collect()
}

/// For each transfer that is not final, its hash and the node that accepted it.
fn questions(
    rig: &Rig,
    lanes: &[Lane],
    pending: impl Fn(&&Parcel) -> bool,
) -> Vec<(plume_sdk::raw::Rpc, plume_sdk::H256)> {
    let tracker = rig.board.tracker();
    let of_lane = |lane: &Lane| -> Vec<_> {
        let missing = lane.parcels.iter().filter(|parcel| pending(parcel));
        missing
            .filter_map(|parcel| Some((lane.rpc.clone(), tracker.hash(parcel.id)?)))
            .collect()
    };
    lanes.iter().flat_map(of_lane).collect()
}

fn print(figures: &Figures, examples: &BTreeMap<&'static str, String>) {
    table(&[
        latency_heading("submission to"),
        latency_row("finality", &figures.finality),
        row([""]),
    ]);
    cpu_table(&figures.cpu, figures.finalised);
    warn_if_noisy(&figures.cpu);
    let BlockStats {
        blocks,
        transfers_max,
        missed_slots,
        ..
    } = figures.blocks;
    let missed = missed_slots.map_or("unknown".into(), |missed| missed.to_string());
    println!(
        "\nanswered after {:.1} s; {blocks} blocks with {transfers_max} transfers at most; missed slots: \
         {missed}; forked blocks: {}",
        figures.sending_s, figures.forked_blocks
    );
    for (kind, count) in &figures.refusals {
        let example = examples.get(kind).map_or("", String::as_str);
        println!("refused, {kind}: {count} ({example})");
    }
    if figures.blocked > 0 {
        println!(
            "waiting behind a refused one of the same account: {}",
            figures.blocked
        );
    }
    for (status, count) in &figures.statuses {
        println!("not final, {status}: {count}");
    }
    let Figures {
        accepted,
        finalised,
        refused,
        lost,
        seconds,
        ..
    } = figures;
    println!(
        "burst accepted={accepted} finalised={finalised} refused={refused} lost={lost} seconds={seconds:.1}"
    );
}
