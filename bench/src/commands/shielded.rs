//! Transfers in the shielded pool: how many a second in bundles and alone, what keeps more of them out of a block, and
//! what refusing a bad proof costs. Before there is a network: what a proof costs, beside those of other pools.
//!
//! Proofs are made before the clock starts, as a thousand wallets would make them on machines of their own.

mod checking;
mod peers;
mod proving;
mod quiet;
mod sample;

use crate::{
    cli::Common,
    output::{Problems, publish, row, table, warn_if_noisy, warn_of_faults},
};
use anyhow::{Context, ensure};
use checking::Checked;
use clap::Args;
use plume_bench::{
    Board, CpuReport, CpuWatch, Environment, FinalBlock, Operator, Progress, Rig, Target, Tx,
    blocks::{self, BlockStats},
    drive,
    lanes::{self, Pace},
    refusal_kind,
    shielded::{
        BlockFill, FullBlocks, NormalLimit, Senders, Workshop, Wrapper, bound, bundles,
        exchange_proofs, filled, parcels, terms,
    },
};
use plume_sdk::{Client, raw::Rpc};
use plume_wallet::{Call, MAX_BUNDLE};
use quiet::Quiet;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// For how long the senders' credentials are valid.
const VALIDITY_S: u32 = 30 * 86_400;
/// Units of a PLUME in the pool.
const UNITS: u64 = 1_000_000_000;
/// What each sender brings in: enough for all it pays, and fees at many times the lowest.
const DEPOSIT: u64 = 1_000 * UNITS;
/// What a transfer pays to the next sender.
const PAYMENT: u64 = UNITS;
/// What a transfer pays to the chain. More than is demanded while blocks are full.
const FEE: u64 = 5 * UNITS;
/// What was accepted and is not final so long after the last submission is lost.
const DRAIN_LIMIT: Duration = Duration::from_secs(50);
/// Unanswered requests to one node.
const IN_FLIGHT: usize = 16;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Senders, each with a wallet: 32 fill a bundle
    #[arg(long, default_value_t = 160, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(2..=4_096))]
    senders: u32,

    /// Of these, how many send a transfer alone afterwards
    #[arg(long, default_value_t = 64, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(2..=4_096))]
    singles: u32,

    /// Transfers to send with the proof of another one
    #[arg(long, default_value_t = 64, value_name = "COUNT")]
    bad_proofs: usize,

    /// What the senders' keys are made of; another one where this was measured before
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    seed: u64,

    #[command(flatten)]
    quiet: quiet::Options,

    #[command(flatten)]
    common: Common,
}

/// What one kind of transaction did.
#[derive(Debug, Serialize)]
struct Load {
    /// Transfers in a transaction, at most.
    transfers_each: usize,
    transactions: usize,
    transfers: usize,
    /// Bytes of the longest transaction.
    bytes: usize,
    /// From the first submission to the last finality.
    seconds: f64,
    /// Final transfers over `seconds`.
    transfers_per_s: f64,
    finalised: usize,
    refused: usize,
    lost: usize,
    full: FullBlocks,
    /// Transfers a second if every slot had a block as full as its weight allows.
    weight_allows_per_s: Option<f64>,
    blocks: BlockStats,
    fills: Vec<BlockFill>,
    cpu: CpuReport,
}

/// What refusing bad proofs cost.
#[derive(Debug, Default, Serialize)]
struct Refusing {
    sent: usize,
    accepted: usize,
    refused: usize,
    /// Refusals by kind.
    kinds: BTreeMap<&'static str, usize>,
    /// From the request to the answer, one after the other; mean.
    ms: f64,
    /// Of the slowest.
    max_ms: f64,
    /// The same bytes again, of whose proof the node remembers the outcome; mean.
    again_ms: f64,
    /// Milliseconds of processor time of the node that was asked, whatever else it did meanwhile among it; none if it is
    /// not our own.
    node_cpu_ms: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Figures {
    environment: Environment,
    /// What was measured before the network was there.
    quiet: Quiet,
    senders: usize,
    /// Seconds that a proof took on all processors of this machine, beside the network.
    proof_s: Option<f64>,
    /// The most weight of ordinary transactions in a block.
    limit: NormalLimit,
    /// What a node took to find the proofs of bundles good, and of single transfers.
    checked: [Checked; 2],
    bundles: Load,
    singles: Load,
    bad_proofs: Refusing,
    /// What all senders have is what they brought, less the fees of what is final.
    paid_exactly: bool,
    log_faults: Vec<String>,
}

/// What a load needs.
#[derive(Clone, Copy)]
struct Network<'a> {
    target: &'a Target,
    board: &'a Board,
    client: &'a Client,
    endpoints: &'a [Rpc],
    progress: &'a Progress,
    limit: NormalLimit,
    slot_ms: Option<u64>,
}

struct Measured {
    proof_s: Option<f64>,
    limit: NormalLimit,
    checked: [Checked; 2],
    bundles: Load,
    singles: Load,
    bad_proofs: Refusing,
    paid_exactly: bool,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<Vec<String>> {
    ensure!(
        options.singles <= options.senders,
        "a sender makes one transfer at a time: give no more --singles than --senders"
    );
    let progress = Progress::default();
    let quiet = Quiet::measure(&options.quiet, &progress).await?;
    let rig_options = options.common.rig("shielded", 1);
    let mut rig = Rig::set_up(&rig_options, &progress).await?;
    let slot_ms = rig.environment.slot_duration_ms;
    let Rig {
        target,
        follower,
        board,
        client,
        endpoints,
        ..
    } = &mut rig;
    let (target, board) = (&*target, &*board);
    let load = async {
        let operator = Operator::new(client, &rig_options.funder).await?;
        let network = Network {
            target,
            board,
            client,
            endpoints,
            progress: &progress,
            limit: NormalLimit::read(&operator.calls)?,
            slot_ms,
        };
        measure(network, operator, &options).await
    };
    let measured = drive(follower, board, target, &progress, load).await?;
    progress.done();

    let Measured {
        proof_s,
        limit,
        checked,
        bundles,
        singles,
        bad_proofs,
        paid_exactly,
    } = measured;
    let figures = Figures {
        quiet,
        senders: options.senders as usize,
        proof_s,
        limit,
        checked,
        bundles,
        singles,
        bad_proofs,
        paid_exactly,
        log_faults: rig.log_faults(),
        environment: rig.environment,
    };
    rig.target.close().await?;
    publish("shielded", &figures, options.common.json)?;
    print(&figures);
    warn_of_faults(&figures.log_faults);
    Ok(problems(&figures, &rig.board).0)
}

async fn measure(
    network: Network<'_>,
    mut operator: Operator,
    options: &Options,
) -> anyhow::Result<Measured> {
    let Network {
        client, progress, ..
    } = network;
    let (count, singles) = (options.senders as usize, options.singles as usize);
    progress.step("Issuing credentials");
    let mut senders = Senders::derive(client, options.seed, count).await?;
    senders.enrol(&mut operator, VALIDITY_S).await?;
    progress.step("Making the proving key");
    let now = operator.chain_seconds().await?;
    let (_, digest) = terms(client, now).await?;
    let mut workshop = Workshop::open(digest, senders.max_proof_age()).await?;
    let wrapper = Wrapper::new(client).await?;

    progress.step("Proving deposits");
    let account = operator.account();
    let calls = workshop
        .prove_ahead(&operator, count, progress, |terms| {
            senders.deposits(terms, account, DEPOSIT)
        })
        .await?;
    progress.step("Depositing");
    senders.pass(client).await?;
    let calls: Vec<_> = calls
        .iter()
        .map(|call| wrapper.call(call))
        .collect::<anyhow::Result<_>>()?;
    operator
        .send(calls, |done| progress.at(done, count))
        .await?;
    senders.take(client).await?;
    let deposited = u128::from(DEPOSIT) * count as u128;
    ensure!(
        senders.units() == deposited,
        "the senders have {} units instead of {deposited}: some deposits failed, see the events of the last blocks",
        senders.units()
    );

    progress.step("Proving bundles");
    let calls = workshop
        .prove_ahead(&operator, count, progress, |terms| {
            bundles(senders.payments(terms, count, (PAYMENT, FEE))?)
        })
        .await?;
    let rpc = network.endpoints.first().context("there is a node")?;
    let key = workshop.verifying_key()?;
    progress.step("Asking a node about bundles");
    let checked_bundles = Checked::measure(rpc, &wrapper, &calls, &key).await?;
    progress.step("Sending bundles");
    senders.pass(client).await?;
    let bundled = network.load(&wrapper, &calls).await?;
    senders.take(client).await?;

    progress.step("Proving single transfers");
    let calls = workshop
        .prove_ahead(&operator, singles, progress, |terms| {
            senders.payments(terms, singles, (PAYMENT, FEE))
        })
        .await?;
    progress.step("Asking a node about single transfers");
    let checked_singles = Checked::measure(rpc, &wrapper, &calls, &key).await?;
    progress.step("Sending bad proofs");
    senders.pass(client).await?;
    let bad_proofs = network.refuse(&wrapper, &calls, options.bad_proofs).await?;
    progress.step("Sending single transfers");
    let alone = network.load(&wrapper, &calls).await?;
    senders.take(client).await?;
    let fees = u128::from(FEE) * (bundled.finalised + alone.finalised) as u128;
    Ok(Measured {
        proof_s: workshop.proof_s(),
        limit: network.limit,
        checked: [checked_bundles, checked_singles],
        paid_exactly: senders.units() == deposited.saturating_sub(fees),
        bundles: bundled,
        singles: alone,
        bad_proofs,
    })
}

impl Network<'_> {
    /// Sends calls to all nodes in turn, as fast as they answer, and waits until all are final.
    async fn load(&self, wrapper: &Wrapper, calls: &[Call]) -> anyhow::Result<Load> {
        let Self {
            target,
            board,
            endpoints,
            ..
        } = *self;
        let sizes: Vec<usize> = calls.iter().map(|call| call.transfers().len()).collect();
        let wrapped: Vec<_> = calls
            .iter()
            .map(|call| wrapper.general(call))
            .collect::<anyhow::Result<_>>()?;
        let parcels = parcels(board, &wrapped);
        let first = parcels.first().context("nothing to send")?.id;
        let lanes = lanes::split(endpoints, parcels, |position, _| position);

        let watch = CpuWatch::start(target);
        let began_us = board.clock().now_us();
        let limit_us = u64::try_from(DRAIN_LIMIT.as_micros()).unwrap_or(u64::MAX);
        let pace = Pace {
            in_flight: IN_FLIGHT,
            window: usize::MAX,
            until_us: began_us.saturating_add(limit_us),
            retry: true,
        };
        lanes::feed(board, &lanes, pace).await;
        board.wait_settled(DRAIN_LIMIT, |id| id >= first).await;
        let cpu = watch.read();

        let (txs, final_blocks) = {
            let tracker = board.tracker();
            let txs: Vec<Tx> = tracker.txs().get(first..).unwrap_or_default().to_vec();
            let blocks = tracker.final_blocks().into_iter();
            let blocks: Vec<FinalBlock> =
                blocks.filter(|block| block.final_us >= began_us).collect();
            (txs, blocks)
        };
        let last_us = txs.iter().filter_map(|tx| tx.final_us).max();
        let last_us = last_us.with_context(|| {
            format!(
                "nothing became final; refusals: {:?}",
                board.refusal_examples()
            )
        })?;
        let seconds = last_us.saturating_sub(began_us) as f64 / 1e6;
        let transfers_of = |which: fn(&Tx) -> bool| -> usize {
            let some = txs.iter().zip(&sizes).filter(|(tx, _)| which(tx));
            some.map(|(_, size)| *size).sum()
        };
        let finalised = transfers_of(|tx| tx.final_us.is_some());
        let fills = filled(self.client.raw(), target.nodes(), &final_blocks).await?;
        let full = bound(&fills, self.limit);
        let transfers_each = sizes.iter().copied().max().unwrap_or(0);
        let a_block = full.fit.map(|fit| fit * transfers_each);
        Ok(Load {
            transfers_each,
            transactions: calls.len(),
            transfers: sizes.iter().sum(),
            bytes: wrapped.iter().map(|one| one.bytes.len()).max().unwrap_or(0),
            seconds,
            transfers_per_s: finalised as f64 / seconds.max(1e-9),
            finalised,
            refused: transfers_of(|tx| tx.accepted == Some(false)),
            lost: transfers_of(Tx::is_pending),
            weight_allows_per_s: a_block
                .zip(self.slot_ms)
                .map(|(a_block, slot_ms)| a_block as f64 * 1_000.0 / slot_ms as f64),
            full,
            blocks: blocks::stats(&final_blocks),
            fills,
            cpu,
        })
    }

    /// Sends the transfers of calls with each other's proofs to one node, one after the other, and each a second time.
    async fn refuse(
        &self,
        wrapper: &Wrapper,
        calls: &[Call],
        count: usize,
    ) -> anyhow::Result<Refusing> {
        let transfers: Vec<_> = calls.iter().flat_map(Call::transfers).cloned().collect();
        let bad: Vec<_> = exchange_proofs(&transfers, count)
            .iter()
            .map(|call| wrapper.general(call))
            .collect::<anyhow::Result<_>>()?;
        let rpc = self.endpoints.first().context("there is a node")?;
        let mut refusing = Refusing {
            sent: bad.len(),
            ..Refusing::default()
        };
        let each = |total_ms: f64| total_ms / bad.len().max(1) as f64;
        let watch = CpuWatch::start(self.target);
        let mut total_ms = 0.0;
        for (done, one) in bad.iter().enumerate() {
            let asked = Instant::now();
            let answer = rpc.submit_raw(&one.bytes).await;
            let ms = asked.elapsed().as_secs_f64() * 1_000.0;
            total_ms += ms;
            refusing.max_ms = refusing.max_ms.max(ms);
            match answer {
                Ok(_) => refusing.accepted += 1,
                Err(error) => {
                    refusing.refused += 1;
                    *refusing.kinds.entry(refusal_kind(&error)).or_default() += 1;
                }
            }
            self.progress.at(done + 1, bad.len());
        }
        refusing.ms = each(total_ms);
        let nodes = watch.read().nodes;
        refusing.node_cpu_ms = nodes.first().map(|node| each(node.cpu_s * 1_000.0));
        let again = Instant::now();
        for one in &bad {
            // What it says was counted the first time.
            let _ = rpc.submit_raw(&one.bytes).await;
        }
        refusing.again_ms = each(again.elapsed().as_secs_f64() * 1_000.0);
        Ok(refusing)
    }
}

fn problems(figures: &Figures, board: &Board) -> Problems {
    let mut problems = Problems::default();
    for (name, load) in [("bundles", &figures.bundles), ("alone", &figures.singles)] {
        if load.lost > 0 {
            problems.0.push(format!(
                "{} transfers that were accepted ({name}) never became final",
                load.lost
            ));
        }
        if load.refused > 0 {
            problems.0.push(format!(
                "{} transfers ({name}) were refused for good: {:?}",
                load.refused,
                board.refusal_examples()
            ));
        }
    }
    let bad = &figures.bad_proofs;
    if bad.accepted > 0 {
        problems.0.push(format!(
            "{} transfers with a wrong proof were accepted",
            bad.accepted
        ));
    }
    // A pool calls a bad proof what it calls a bad signature; anything else was refused before its proof was looked at.
    let elsewhere = bad.refused - bad.kinds.get("bad signature").copied().unwrap_or(0);
    if elsewhere > 0 {
        problems.0.push(format!(
            "{elsewhere} transfers with a wrong proof were refused for something else, which costs less: {:?}",
            bad.kinds
        ));
    }
    if !figures.paid_exactly {
        problems
            .0
            .push("the senders do not have what they brought, less fees".into());
    }
    problems
}

fn shown(figure: Option<f64>, digits: usize) -> String {
    figure.map_or("unknown".into(), |figure| format!("{figure:.digits$}"))
}

fn print(figures: &Figures) {
    figures.quiet.print();
    println!();
    let mut rows = vec![row([
        "transfers",
        "final",
        "s",
        "transfers/s",
        "a block at most",
        "weight ms each",
        "build ms",
        "ms CPU/transfer",
        "weight allows/s",
    ])];
    for (name, load) in [
        (format!("in bundles of {MAX_BUNDLE}"), &figures.bundles),
        ("alone".to_owned(), &figures.singles),
    ] {
        let each = load.transfers_each;
        let a_transfer = load.full.weight_ms.map(|ms| ms / each.max(1) as f64);
        let cpu_ms = load.cpu.nodes_cpu_s() * 1_000.0 / (load.finalised as f64).max(1.0);
        rows.push(vec![
            name,
            format!("{} of {}", load.finalised, load.transfers),
            format!("{:.1}", load.seconds),
            format!("{:.0}", load.transfers_per_s),
            (load.full.most * each).to_string(),
            shown(a_transfer, 2),
            shown(load.full.build_mean_ms, 0),
            shown((!load.cpu.nodes.is_empty()).then_some(cpu_ms), 1),
            shown(load.weight_allows_per_s, 0),
        ]);
    }
    table(&rows);
    warn_if_noisy(&figures.bundles.cpu);
    println!();
    for (name, load) in [("bundles", &figures.bundles), ("alone", &figures.singles)] {
        println!(
            "{name}: {}",
            limits(load, figures.limit, figures.environment.slot_duration_ms)
        );
    }
    for checked in &figures.checked {
        println!("{}", checked.line());
    }
    let bad = &figures.bad_proofs;
    println!(
        "bad proofs: {} sent, {} accepted, {} refused; {:.1} ms each from request to answer, {:.1} at most, {:.1} for the \
         same bytes again; the node used {} ms of its processors for each, blocks among it",
        bad.sent,
        bad.accepted,
        bad.refused,
        bad.ms,
        bad.max_ms,
        bad.again_ms,
        shown(bad.node_cpu_ms, 1)
    );
    println!(
        "shielded bundled_tps={:.1} single_tps={:.1} bundle_weight_ms={} single_weight_ms={} bundle_build_ms={} \
         single_build_ms={} proof_s={} bad_sent={} bad_accepted={} bad_refused={} bad_ms={:.2} bad_again_ms={:.2} {} {} {}",
        figures.bundles.transfers_per_s,
        figures.singles.transfers_per_s,
        shown(figures.bundles.full.weight_ms, 2),
        shown(figures.singles.full.weight_ms, 2),
        shown(figures.bundles.full.build_mean_ms, 0),
        shown(figures.singles.full.build_mean_ms, 0),
        shown(figures.proof_s, 2),
        bad.sent,
        bad.accepted,
        bad.refused,
        bad.ms,
        bad.again_ms,
        figures.checked[0].fields(),
        figures.checked[1].fields(),
        figures.quiet.fields()
    );
}

/// What kept more transactions out of blocks, in a sentence.
fn limits(load: &Load, limit: NormalLimit, slot_ms: Option<u64>) -> String {
    let FullBlocks {
        blocks,
        most,
        weight_ms,
        fit,
        build_max_ms,
        ends,
        ..
    } = &load.full;
    let each = match load.transfers_each {
        1 => "transfers".to_owned(),
        each => format!("bundles of {each}"),
    };
    let weighs = weight_ms.zip(*fit).map_or(String::new(), |(one, fit)| {
        format!(
            ", each of {one:.1} ms of weight: {fit} fit the {:.1} ms of a block",
            limit.ms
        )
    });
    let built = build_max_ms.map_or(String::new(), |ms| format!("; built in {ms} ms at most"));
    let came = match slot_ms {
        Some(slot_ms) if load.blocks.interval_mean_ms > 0.0 => format!(
            "; a block came every {:.0} ms, at slots of {slot_ms}",
            load.blocks.interval_mean_ms
        ),
        _ => String::new(),
    };
    let why = |name: &str| match name {
        "HitBlockWeightLimit" => "block weight",
        "HitBlockSizeLimit" => "block length",
        "HitDeadline" => "time for building",
        "NoMoreTransactions" => "nothing left to add",
        _ => "other",
    };
    let ends: Vec<_> = ends
        .iter()
        .map(|(name, count)| format!("{} ({count})", why(name)))
        .collect();
    let ends = if ends.is_empty() {
        String::new()
    } else {
        format!("; what ended a block: {}", ends.join(", "))
    };
    format!("{blocks} blocks with {most} {each} at most{weighs}{ends}{built}{came}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(ends: &[(&str, usize)]) -> Load {
        Load {
            transfers_each: 32,
            transactions: 5,
            transfers: 160,
            bytes: 130_000,
            seconds: 2.0,
            transfers_per_s: 80.0,
            finalised: 160,
            refused: 0,
            lost: 0,
            full: FullBlocks {
                blocks: 5,
                most: 1,
                weight_ms: Some(60.0),
                fit: Some(1),
                build_mean_ms: Some(30.0),
                build_max_ms: Some(44),
                ends: ends
                    .iter()
                    .map(|(name, count)| ((*name).to_owned(), *count))
                    .collect(),
            },
            weight_allows_per_s: Some(128.0),
            blocks: BlockStats {
                interval_mean_ms: 250.0,
                ..BlockStats::default()
            },
            fills: Vec::new(),
            cpu: CpuReport {
                wall_s: 2.0,
                nodes: Vec::new(),
                client_cpu_s: 0.0,
                others_cores: 0.0,
                stolen_cores: 0.0,
            },
        }
    }

    #[test]
    fn what_limits_is_said_in_a_sentence() {
        let load = load(&[("HitBlockWeightLimit", 4), ("NoMoreTransactions", 1)]);
        let said = limits(&load, NormalLimit { ms: 70.8 }, Some(250));
        assert_eq!(
            said,
            "5 blocks with 1 bundles of 32 at most, each of 60.0 ms of weight: 1 fit the 70.8 ms of a block; what \
             ended a block: block weight (4), nothing left to add (1); built in 44 ms at most; a block came every \
             250 ms, at slots of 250"
        );
        let unknown = Load {
            full: FullBlocks::default(),
            blocks: BlockStats::default(),
            ..load
        };
        let said = limits(&unknown, NormalLimit { ms: 70.8 }, None);
        assert_eq!(said, "0 blocks with 0 bundles of 32 at most");
    }
}
