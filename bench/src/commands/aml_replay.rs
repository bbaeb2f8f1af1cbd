//! A file of transfers with laundering in it, through a real node.

use crate::output::publish;
use anyhow::{Context, ensure};
use clap::Args;
use plume_aml::{Pattern, score::Delay};
use plume_bench::{
    policies,
    replay::{Data, Figures, Player, Run, Setting, Source, prepare},
    results_folder,
};
use plume_localnet::{Base, Chain, Error, Network, NetworkConfig, default_binary};
use plume_sdk::Client;
use std::{path::PathBuf, sync::Arc, time::Instant};

/// Blocks whose state is kept: events are read right away.
const KEPT_STATES: &str = "512";
/// What the generator's patterns are to be found with.
const WANTED_RECALL: f64 = 0.9;
/// Share of ordinary transfers that may be touched.
const WANTED_TOUCHED: f64 = 0.01;
const WANTED: [Pattern; 4] = [
    Pattern::FanIn,
    Pattern::FanOut,
    Pattern::GatherScatter,
    Pattern::Structuring,
];

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// AMLSim or AMLworld CSV, a pattern file, a folder with transactions.csv, or a .tgz of one. Labels are taken
    /// from nodes.csv, patterns.txt, *_Patterns.txt or labels.json beside it
    #[arg(required_unless_present = "generate", conflicts_with = "generate")]
    file: Option<PathBuf>,

    /// Generate transfers from this seed instead
    #[arg(long, value_name = "SEED")]
    generate: Option<u64>,

    /// About how many to generate
    #[arg(
        long,
        default_value_t = 100_000,
        value_name = "COUNT",
        requires = "generate",
        conflicts_with = "file"
    )]
    transfers: u32,

    /// Ordinary transfers to generate for each one of an attempt
    #[arg(
        long,
        default_value_t = 1_000,
        value_name = "COUNT",
        requires = "generate",
        conflicts_with = "file"
    )]
    ordinary: u32,

    /// Replay the first so many only
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,

    /// `standard`, or a JSON file with a policy
    #[arg(long, default_value = "standard", value_name = "POLICY")]
    policy: String,

    /// Try rules that alert from 2, 3, 4 … distinct senders on beside the policy, for the curve of recall against
    /// the alert rate. Done anyway where labels are on accounts, as AMLSim has them
    #[arg(long)]
    curve: bool,

    /// Transfers within so many seconds of the file get one moment of the chain
    #[arg(long, default_value_t = 300, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    step_seconds: u64,

    /// All accounts were opened so many days before the file begins. With 0 everybody is new
    #[arg(long, default_value_t = 60, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(0..=150))]
    known_days: u32,

    /// The node binary [default: PLUME_NODE, or plume-node beside this program]
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,

    /// Print the result as JSON, too
    #[arg(long)]
    json: bool,
}

impl Options {
    fn source(&self) -> anyhow::Result<Source> {
        match (&self.file, self.generate) {
            (Some(path), None) => Ok(Source::File(path.clone())),
            (None, Some(seed)) => Ok(Source::Seed {
                seed,
                transfers: self.transfers,
                ordinary: self.ordinary,
            }),
            _ => anyhow::bail!("name a file, or give --generate a seed"),
        }
    }
}

pub(crate) async fn run(options: Options) -> anyhow::Result<Vec<String>> {
    let policy = policies::read(&options.policy)?;
    let source = options.source()?;
    eprintln!("Reading ...");
    let mut data = Data::load(&source)?;
    if let Some(limit) = options.limit {
        ensure!(limit > 0, "--limit leaves nothing to replay");
        data.truncate(limit);
    }
    eprintln!(
        "{} transfers from {} ({})",
        data.transactions.len(),
        data.name,
        data.format
    );

    let began = Instant::now();
    let network = start(&options).await?;
    let node = network.nodes().first().context("there is a node")?;
    let client = Client::connect(&node.ws_url()).await?;
    let setting = Setting {
        policy,
        curve: options.curve || data.labelled_accounts.is_some(),
        known_days: options.known_days,
        quantum_s: options.step_seconds,
    };
    let prepared = prepare(&client, &data, &setting).await?;
    let run = Run {
        data: data.name.clone(),
        format: data.format.clone(),
        policy: options.policy.clone(),
        curve: match prepared.curve {
            true => policies::curve_counts(),
            false => Vec::new(),
        },
        accounts: prepared.book.all.len(),
        quantum_s: options.step_seconds,
        known_days: options.known_days,
        set_up_s: began.elapsed().as_secs_f64(),
        unknown_currencies: prepared.unknown_currencies.clone(),
    };
    let transactions = Arc::new(data.transactions.clone());
    let player = Player::new(&client, prepared, transactions).await?;
    let played = player.play().await;
    let played = match played {
        Ok(played) => played,
        Err(error) => {
            // That the node died says more than that it does not answer.
            network.check()?;
            return Err(error.context(format!("log: {}", node.log_path().display())));
        }
    };
    network.stop().await?;

    let figures = Figures::of(&data, &played, run);
    publish("aml-replay", &figures, options.json)?;
    print(&figures);
    let mut problems = figures.problems();
    let is_default = matches!(source, Source::Seed { .. })
        && options.limit.is_none()
        && options.policy == "standard";
    if is_default {
        problems.extend(shortfalls(&figures));
    }
    Ok(problems)
}

async fn start(options: &Options) -> anyhow::Result<Network> {
    let network = Network::start(NetworkConfig {
        binary: options.binary.clone().unwrap_or_else(default_binary),
        chain: Chain::Dev,
        validators: 1,
        base: Base::Folder(results_folder().join("aml-replay-network")),
        clean: true,
        log: "warn".into(),
        extra_args: ["--state-pruning", KEPT_STATES].map(str::to_owned).to_vec(),
        ..Default::default()
    })
    .await;
    match network {
        Err(Error::InUse { .. }) => {
            anyhow::bail!("another replay runs now: wait until it is done")
        }
        other => Ok(other?),
    }
}

/// What the standard policy does not do on generated data, in sentences.
fn shortfalls(figures: &Figures) -> Vec<String> {
    let mut missed = Vec::new();
    for pattern in WANTED {
        let recall = figures
            .score
            .patterns
            .get(&pattern)
            .and_then(|score| score.recall());
        if let Some(recall) = recall.filter(|recall| *recall < WANTED_RECALL) {
            missed.push(format!(
                "{:.1} % of the attempts of {pattern} were found, fewer than {:.0} %",
                recall * 100.0,
                WANTED_RECALL * 100.0
            ));
        }
    }
    if let Some(touched) = figures
        .ordinary_touched
        .filter(|share| *share >= WANTED_TOUCHED)
    {
        missed.push(format!(
            "{:.2} % of the ordinary transfers were touched, not fewer than {:.0} %",
            touched * 100.0,
            WANTED_TOUCHED * 100.0
        ));
    }
    missed
}

fn print(figures: &Figures) {
    println!("{}", figures.score);
    for (pattern, score) in &figures.score.patterns {
        if let (Some(in_s), Some(in_transfers)) = (score.delay_s, score.delay_transfers) {
            println!(
                "delay of {pattern}: {} s; {} transfers of the attempt",
                delay(in_s),
                delay(in_transfers)
            );
        }
    }
    println!(
        "reasons: {}",
        figures
            .reasons
            .iter()
            .map(|(reason, times)| format!("{reason} {times}"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    for (curve, whose) in [
        (&figures.chain_curve, "rules on the chain"),
        (&figures.plain_curve, "a plain count off the chain"),
    ] {
        let Some(curve) = curve else { continue };
        println!("\ndistinct senders in ten days, {whose}:");
        println!("  from   alerts on    recall of accounts   precision");
        for point in &curve.points {
            println!(
                "  {:>4} {:>9.2} % {:>19.2} % {:>9.2} %",
                point.threshold,
                point.alert_rate * 100.0,
                point.recall * 100.0,
                point.precision * 100.0
            );
        }
        match curve.alert_rate_at_high_recall {
            Some(rate) => println!(
                "  recall of 90 % needs alerts on {:.1} % of all transfers",
                rate * 100.0
            ),
            None => println!("  recall of 90 % is not reached at any threshold"),
        }
    }
    for (currency, times) in &figures.run.unknown_currencies {
        println!("{times} transfers in {currency}, which is not known, were counted as US dollars");
    }
    let verdict = |name| figures.verdicts.get(name).copied().unwrap_or(0);
    println!(
        "\n{} transfers between {} accounts in {:.1} s after {:.0} s of set-up, {} blocks: {} allowed, {} alerted, \
         {} held, {} denied, {} failed, {} lost",
        figures.transfers,
        figures.run.accounts,
        figures.seconds,
        figures.run.set_up_s,
        figures.blocks,
        verdict("allowed"),
        verdict("alerted"),
        verdict("held"),
        verdict("denied"),
        figures.failed,
        figures.lost.len()
    );
    println!("{}", figures.synthetic);
    println!(
        "aml-replay tps={:.0} ordinary_touched={:.5} sanctioned_through={}",
        figures.tps,
        figures.ordinary_touched.unwrap_or(0.0),
        figures.score.sanctions.through()
    );
}

fn delay(of: Delay) -> String {
    format!("p50 {}, p90 {}, most {}", of.median, of.p90, of.most)
}
