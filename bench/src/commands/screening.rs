//! What screening costs: transfers a second with fifty rules in force, with one, and without a policy, in turn on one
//! network.
//!
//! Two questions, two answers. What fifty rules cost where the engine works anyway: against a policy of one rule, as
//! empty as a policy can be. And what the engine itself costs, which looks up who both parties are and remembers what
//! they did: against no policy at all.

use crate::{
    cli::Common,
    output::{Problems, publish, row, table, warn_if_noisy, warn_of_faults},
};
use anyhow::{Context, ensure};
use clap::Args;
use codec::{Compact, Encode};
use plume_bench::{
    CpuReport, CpuWatch, Customer, Environment, FinalBlock, Operator, Parcel, Profile, Progress,
    Rig, Tx,
    blocks::steady_tps,
    calls::{stored, stored_bytes, value_key},
    drive, enrol,
    enrol::party_of,
    lanes::{self, Pace},
    policies, prices,
};
use plume_sdk::{Client, Transfer, TxOptions, raw::Rpc};
use serde::Serialize;
use std::{collections::BTreeMap, time::Duration};

/// What is not final so long after the last submission is lost.
const DRAIN_LIMIT: Duration = Duration::from_secs(60);
/// What a PLUME costs: a transfer of the load is worth ten hundredths.
const CENTS: u64 = 10_000;
/// For how long the credentials of the load are valid.
const VALIDITY_S: u32 = 30 * 86_400;
/// The most of the throughput that screening may cost.
const MOST_LOSS: f64 = 0.10;
/// Full blocks whose weight is looked at, in each round.
const WEIGHED: usize = 5;
/// Picoseconds of `ref_time` in a microsecond.
const REF_TIME_US: f64 = 1e6;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Rounds without a policy, each followed by one with one rule and one with fifty
    #[arg(long, default_value_t = 3, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=50))]
    rounds: u32,

    /// How long to send in each round
    #[arg(long, default_value_t = 20.0, value_name = "S")]
    seconds: f64,

    /// Accounts that pay in turn
    #[arg(long, default_value_t = 64, value_name = "COUNT")]
    accounts: usize,

    /// Transfers that may be sent and not final at once
    #[arg(long, default_value_t = 2_000, value_name = "COUNT")]
    window: usize,

    /// Unanswered requests to one node
    #[arg(long, default_value_t = 32, value_name = "COUNT")]
    in_flight: usize,

    /// Transfers signed ahead for each second
    #[arg(long, default_value_t = 1_500, value_name = "COUNT")]
    max_tps: usize,

    #[command(flatten)]
    common: Common,
}

/// One round of load.
#[derive(Debug, Serialize)]
struct Round {
    /// Rules in force; none without a policy.
    rules: usize,
    /// From the first submission to the last finality.
    seconds: f64,
    /// Final transfers over `seconds`.
    tps: f64,
    /// Between a quarter and three quarters of the time of sending.
    steady_tps: Option<f64>,
    submitted: usize,
    finalised: usize,
    lost: usize,
    refused: usize,
    /// Microseconds of `ref_time` that a transfer takes of a full block, refunds taken off.
    block_weight_us: Option<f64>,
    /// Bytes of proof that a transfer takes of a full block.
    block_proof_bytes: Option<f64>,
    /// The most transfers in a block.
    fullest_block: usize,
    cpu: CpuReport,
}

/// The rounds of one policy together.
#[derive(Debug, Default, Serialize)]
struct Sum {
    tps: f64,
    steady_tps: Option<f64>,
    /// Milliseconds of processor time of all nodes for a transfer; none if they are not our own.
    cpu_ms: Option<f64>,
    block_weight_us: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Figures {
    environment: Environment,
    accounts: usize,
    window: usize,
    rules: usize,
    /// Microseconds of `ref_time` that the runtime states for a transfer before it is executed, with all that
    /// extensions may take at most.
    stated_weight_us: f64,
    rounds: Vec<Round>,
    /// Without a policy.
    plain: Sum,
    /// With a policy of one rule.
    one_rule: Sum,
    screened: Sum,
    /// Transfers a second under all rules over those under one.
    ratio: f64,
    /// Transfers a second under all rules over those without a policy.
    engine_ratio: f64,
    most_loss: f64,
    passes: bool,
    /// Cases that the load opened; the rules are to let it pass.
    cases: u64,
    paid_exactly: bool,
    log_faults: Vec<String>,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<Vec<String>> {
    ensure!(
        options.seconds > 0.0,
        "nothing is sent: give --seconds more than 0"
    );
    let progress = Progress::default();
    let rig_options = options.common.rig("screening", options.accounts);
    let mut rig = Rig::set_up(&rig_options, &progress).await?;
    let policy = policies::fifty_rules();

    progress.step("Issuing credentials");
    let mut operator = {
        let Rig {
            target,
            follower,
            board,
            accounts,
            client,
            ..
        } = &mut rig;
        let set_up = async {
            let mut operator = Operator::new(client, &rig_options.funder).await?;
            let customers: Vec<_> = accounts
                .signers()
                .map(|signer| Customer {
                    signer,
                    profile: Profile::FIRM,
                })
                .collect();
            let until = operator.chain_seconds().await?.saturating_add(VALIDITY_S);
            enrol(&mut operator, &customers, until, |_| {}).await?;
            prices::begin(&mut operator, CENTS).await?;
            Ok(operator)
        };
        drive(follower, board, target, &progress, set_up).await?
    };
    let stated_weight_us = stated_weight_us(&rig.client, operator.signer()).await?;

    let mut rounds = Vec::new();
    let one_rule = policies::one_rule();
    for _ in 0..options.rounds {
        for in_force in [None, Some(&one_rule), Some(&policy)] {
            let round = round(&mut rig, &mut operator, &options, in_force, &progress).await?;
            rounds.push(round);
        }
    }
    let was_screened = was_screened(&rig, &operator).await?;
    let cases: Option<u64> =
        stored(rig.client.raw(), &value_key("Compliance", "NextCase"), None).await?;
    let paid = rig.paid().await?;
    progress.done();

    let plain = sum(rounds.iter().filter(|round| round.rules == 0));
    let one_rule = sum(rounds.iter().filter(|round| round.rules == 1));
    let screened = sum(rounds.iter().filter(|round| round.rules > 1));
    let ratio = screened.tps / one_rule.tps.max(1e-9);
    let engine_ratio = screened.tps / plain.tps.max(1e-9);
    let figures = Figures {
        accounts: options.accounts,
        window: options.window,
        rules: policy.rules.len(),
        stated_weight_us,
        ratio,
        engine_ratio,
        most_loss: MOST_LOSS,
        passes: ratio >= 1.0 - MOST_LOSS,
        cases: cases.unwrap_or(0),
        paid_exactly: paid.is_exact(),
        log_faults: rig.log_faults(),
        rounds,
        plain,
        one_rule,
        screened,
        environment: rig.environment,
    };
    rig.target.close().await?;
    publish("screening", &figures, options.common.json)?;
    print(&figures);

    let mut problems = Problems::default();
    if !figures.passes {
        problems.0.push(format!(
            "fifty rules cost {:.1} % of the throughput, more than {:.0} %",
            (1.0 - figures.ratio) * 100.0,
            MOST_LOSS * 100.0
        ));
    }
    if !was_screened {
        problems
            .0
            .push("no policy looked at the transfers, so nothing was measured".into());
    }
    if figures.cases > 0 {
        problems.0.push(format!(
            "the load opened {} cases, which a load without alerts does not pay for",
            figures.cases
        ));
    }
    let lost: usize = figures.rounds.iter().map(|round| round.lost).sum();
    let refused: usize = figures.rounds.iter().map(|round| round.refused).sum();
    if lost > 0 {
        problems
            .0
            .push(format!("{lost} accepted transfers never became final"));
    }
    if refused > 0 {
        problems
            .0
            .push(format!("{refused} transfers were refused for good"));
    }
    problems.unpaid(&paid);
    warn_of_faults(&figures.log_faults);
    Ok(problems.0)
}

/// Changes the policy, then sends for a while.
async fn round(
    rig: &mut Rig,
    operator: &mut Operator,
    options: &Options,
    policy: Option<&pallet_compliance::Policy>,
    progress: &Progress,
) -> anyhow::Result<Round> {
    let rules = policy.map_or(0, |policy| policy.rules.len());
    progress.step(&format!("Putting {rules} rules in force and signing"));
    let Options {
        seconds,
        window,
        in_flight,
        ..
    } = *options;
    let Rig {
        target,
        follower,
        board,
        accounts,
        client,
        endpoints,
        ..
    } = rig;
    let switch = async {
        let key = policy_key();
        let state = stored_bytes(client.raw(), &key, None).await?;
        // `last_version: u32`, then an option: what is in force.
        let in_force = state.is_some_and(|state| state.get(4) == Some(&1));
        if policy.is_some() || in_force {
            policies::enact(operator, policy).await?;
        }
        let post = prices::post(&operator.calls, CENTS)?;
        operator.call(post).await?;
        accounts.renew(client).await
    };
    drive(follower, board, target, progress, switch).await?;
    let count = (seconds * options.max_tps as f64) as usize + window;
    let parcels = accounts.sign(board, count);
    let ids = parcels.first().map_or(0, |parcel| parcel.id)..;
    let lanes = lanes::split(endpoints, parcels, |_, Parcel { payer, .. }| *payer);

    let load = async {
        progress.step(&format!("Sending for {seconds} s under {rules} rules"));
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
        board.wait_settled(DRAIN_LIMIT, |_| true).await;
        Ok((watch.read(), began_us, fed_us))
    };
    let (cpu, began_us, fed_us) = drive(follower, board, target, progress, load).await?;

    let (txs, measured) = {
        let tracker = board.tracker();
        let txs: Vec<Tx> = tracker.txs().get(ids).unwrap_or_default().to_vec();
        let measured: Vec<FinalBlock> = tracker
            .final_blocks()
            .into_iter()
            .filter(|block| block.final_us >= began_us)
            .collect();
        (txs, measured)
    };
    let sent: Vec<&Tx> = txs.iter().filter(|tx| tx.submitted_us.is_some()).collect();
    let first_us = sent.iter().filter_map(|tx| tx.submitted_us).min();
    let last_us = sent.iter().filter_map(|tx| tx.final_us).max();
    let first_us = first_us.context("nothing was sent: give --seconds more than 0")?;
    let last_us = last_us.with_context(|| {
        format!(
            "no transfer became final; refusals: {:?}",
            board.refusal_examples()
        )
    })?;
    let finalised = sent.iter().filter(|tx| tx.final_us.is_some()).count();
    let span_s = last_us.saturating_sub(first_us) as f64 / 1e6;
    let weights = block_weights(client.raw(), &measured).await?;
    Ok(Round {
        rules,
        seconds: span_s,
        tps: finalised as f64 / span_s,
        steady_tps: steady_tps(&measured, began_us, fed_us),
        submitted: sent.len(),
        finalised,
        lost: sent.iter().filter(|tx| tx.is_pending()).count(),
        refused: sent.iter().filter(|tx| tx.accepted == Some(false)).count(),
        block_weight_us: weights.map(|(ref_time, _)| ref_time / REF_TIME_US),
        block_proof_bytes: weights.map(|(_, proof_size)| proof_size),
        fullest_block: measured
            .iter()
            .map(|block| block.transfers)
            .max()
            .unwrap_or(0),
        cpu,
    })
}

/// Where the policy for PLUME is kept.
fn policy_key() -> Vec<u8> {
    let scope = pallet_compliance::Scope::Native.encode();
    let mut key = value_key("Compliance", "Policies");
    key.extend(sp_crypto_hashing::twox_64(&scope));
    key.extend(scope);
    key
}

/// Normal, operational and mandatory: each `ref_time` and bytes of proof.
type BlockWeight = [(Compact<u64>, Compact<u64>); 3];

/// What one transfer took of the fullest blocks, on average: `ref_time` and bytes of proof.
async fn block_weights(rpc: &Rpc, blocks: &[FinalBlock]) -> anyhow::Result<Option<(f64, f64)>> {
    let mut fullest: Vec<_> = blocks.iter().filter(|block| block.transfers > 0).collect();
    fullest.sort_by_key(|block| std::cmp::Reverse(block.transfers));
    let key = value_key("System", "BlockWeight");
    let (mut transfers, mut ref_time, mut proof_size) = (0.0, 0.0, 0.0);
    for block in fullest.into_iter().take(WEIGHED) {
        let hash = rpc.block_hash(block.number).await?;
        let Some([(time, proof), _, _]) = stored::<BlockWeight>(rpc, &key, hash).await? else {
            continue;
        };
        transfers += block.transfers as f64;
        ref_time += time.0 as f64;
        proof_size += proof.0 as f64;
    }
    Ok((transfers > 0.0).then(|| (ref_time / transfers, proof_size / transfers)))
}

/// What the runtime states for a transfer, before anything of it is given back.
async fn stated_weight_us(client: &Client, signer: &plume_sdk::Signer) -> anyhow::Result<f64> {
    let call = Transfer::keep_alive(signer.account(), 1).to_call();
    let prepared = client.prepare(signer, &call, &TxOptions::default()).await?;
    let bytes = prepared.encoded();
    let length = u32::try_from(bytes.len())?;
    let arguments = [bytes, &length.to_le_bytes()].concat();
    let answer = client
        .raw()
        .state_call("TransactionPaymentApi_query_info", &arguments, None)
        .await?;
    let ref_time: Compact<u64> =
        codec::Decode::decode(&mut &answer[..]).context("query_info answers with a weight")?;
    Ok(ref_time.0 as f64 / REF_TIME_US)
}

/// Whether the chain remembers what a payer has sent, which it does under a policy only.
async fn was_screened(rig: &Rig, operator: &Operator) -> anyhow::Result<bool> {
    let payer = rig.accounts.signers().next().context("somebody pays")?;
    let party = party_of(&operator.account(), &payer.account().0).encode();
    let mut key = value_key("Compliance", "Activities");
    key.extend(sp_crypto_hashing::blake2_128(&party));
    key.extend(party);
    Ok(stored_bytes(rig.client.raw(), &key, None).await?.is_some())
}

fn sum<'a>(rounds: impl Iterator<Item = &'a Round> + Clone) -> Sum {
    let total = |of: fn(&Round) -> f64| rounds.clone().map(of).sum::<f64>();
    let mean = |of: fn(&Round) -> Option<f64>| {
        let values: Option<Vec<f64>> = rounds.clone().map(of).collect();
        let values = values.filter(|values| !values.is_empty())?;
        Some(values.iter().sum::<f64>() / values.len() as f64)
    };
    let finalised = total(|round| round.finalised as f64);
    let metered = rounds.clone().all(|round| !round.cpu.nodes.is_empty());
    Sum {
        tps: finalised / total(|round| round.seconds).max(1e-9),
        steady_tps: mean(|round| round.steady_tps),
        cpu_ms: metered
            .then(|| total(|round| round.cpu.nodes_cpu_s()) * 1_000.0 / finalised.max(1.0)),
        block_weight_us: mean(|round| round.block_weight_us),
    }
}

fn print(figures: &Figures) {
    let shown = |figure: Option<f64>, digits: usize| {
        figure.map_or("unknown".into(), |figure| format!("{figure:.digits$}"))
    };
    let mut rows = vec![row([
        "rules",
        "transfers/s",
        "steady",
        "ms CPU/transfer",
        "weight us/transfer",
        "fullest block",
        "final",
    ])];
    let mut others = BTreeMap::new();
    for round in &figures.rounds {
        let cpu_ms = round.cpu.nodes_cpu_s() * 1_000.0 / (round.finalised as f64).max(1.0);
        rows.push(vec![
            round.rules.to_string(),
            format!("{:.0}", round.tps),
            shown(round.steady_tps, 0),
            shown((!round.cpu.nodes.is_empty()).then_some(cpu_ms), 2),
            shown(round.block_weight_us, 1),
            round.fullest_block.to_string(),
            format!("{} of {}", round.finalised, round.submitted),
        ]);
        if round.cpu.is_noisy() {
            others.insert(round.rules, &round.cpu);
        }
    }
    for (name, sum) in [
        ("none", &figures.plain),
        ("one", &figures.one_rule),
        ("fifty", &figures.screened),
    ] {
        rows.push(vec![
            name.to_owned(),
            format!("{:.0}", sum.tps),
            shown(sum.steady_tps, 0),
            shown(sum.cpu_ms, 2),
            shown(sum.block_weight_us, 1),
            String::new(),
            String::new(),
        ]);
    }
    table(&rows);
    for cpu in others.values() {
        warn_if_noisy(cpu);
    }
    let weights = figures
        .screened
        .block_weight_us
        .zip(figures.plain.block_weight_us);
    println!(
        "\nthe runtime states {:.1} us of ref_time for a transfer at most; screening takes {} us of it in full blocks, \
         storage included",
        figures.stated_weight_us,
        shown(weights.map(|(screened, plain)| screened - plain), 1)
    );
    println!(
        "{:.0} transfers a second against {:.0} without a policy: the engine and its rules take {:.1} %",
        figures.screened.tps,
        figures.plain.tps,
        (1.0 - figures.engine_ratio) * 100.0,
    );
    println!(
        "{:.0} transfers a second under {} rules against {:.0} under one: {:.1} % less; at most {:.0} % of throughput: {}",
        figures.screened.tps,
        figures.rules,
        figures.one_rule.tps,
        (1.0 - figures.ratio) * 100.0,
        MOST_LOSS * 100.0,
        if figures.passes { "passed" } else { "FAILED" }
    );
    println!(
        "screening ratio={:.3} engine_ratio={:.3} tps={:.0} one_rule_tps={:.0} plain_tps={:.0} cpu_ms={} plain_cpu_ms={}",
        figures.ratio,
        figures.engine_ratio,
        figures.screened.tps,
        figures.one_rule.tps,
        figures.plain.tps,
        shown(figures.screened.cpu_ms, 2),
        shown(figures.plain.cpu_ms, 2)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(rules: usize, finalised: usize, seconds: f64) -> Round {
        Round {
            rules,
            seconds,
            tps: finalised as f64 / seconds,
            steady_tps: Some(finalised as f64 / seconds),
            submitted: finalised,
            finalised,
            lost: 0,
            refused: 0,
            block_weight_us: None,
            block_proof_bytes: None,
            fullest_block: 1,
            cpu: CpuReport {
                wall_s: seconds,
                nodes: Vec::new(),
                client_cpu_s: 0.0,
                others_cores: 0.0,
                stolen_cores: 0.0,
            },
        }
    }

    #[test]
    fn rounds_of_one_policy_are_added_up_by_their_length() {
        let rounds = [round(0, 100, 1.0), round(0, 100, 3.0)];
        let sum = sum(rounds.iter());
        assert_eq!(sum.tps, 50.0);
        assert_eq!(sum.cpu_ms, None);
        assert_eq!(sum.block_weight_us, None);
        assert!(
            sum.steady_tps
                .is_some_and(|tps| (60.0..70.0).contains(&tps))
        );
    }

    #[test]
    fn a_policy_is_kept_under_the_hash_of_its_scope() {
        let key = policy_key();
        assert_eq!(key.len(), 32 + 8 + 1);
        assert!(key.ends_with(&[0]));
    }
}
