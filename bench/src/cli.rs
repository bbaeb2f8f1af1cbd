//! What can be said on the command line.

use crate::commands::{aml_replay, burst, faults, finality, screening, shielded, throughput};
use anyhow::ensure;
use clap::{Args, Parser, Subcommand};
use plume_bench::{RigOptions, TargetOptions, results_folder};
use plume_localnet::{Isolation, default_program};
use std::{collections::BTreeMap, path::PathBuf};

const EXAMPLES: &str = "Examples:
  plume-bench finality                          5 and 50 transactions a second, 30 s each
  plume-bench finality --rates 5 --compare      beside the same network at 500 ms a slot
  plume-bench throughput --seconds 60           as many transfers as become final
  plume-bench burst --transfers 20000 --seed 7  out of order, as fast as nodes answer
  plume-bench screening                         the same network with and without 50 rules, in turn
  plume-bench shielded                          the pool: proofs, bundles, single transfers, bad proofs
  plume-bench aml-replay transactions.csv       all transfers of a file, through the rules of a real node
  plume-bench aml-replay --generate 7           of a seed, with laundering in them
  plume-bench faults --only leader-killed       a leader's death, again and again
  plume-bench faults --only partition --seed 7  a network cut in two, and healed
  plume-bench throughput --url ws://10.0.0.1:9944 --url ws://10.0.0.2:9944 --funder //Eve

Each measurement starts a network of its own and deletes its chain at the next start; its logs stay.
Build and run nothing else meanwhile: the figures of a busy machine are worthless.
The result is also written as JSON to bench/ in cargo's target folder.";

/// Measures Plume: real nodes, real signed transactions, figures that can be repeated.
#[derive(Debug, Parser)]
#[command(name = "plume-bench", version, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    measurement: Measurement,
}

#[derive(Debug, Subcommand)]
enum Measurement {
    /// Time from submission to block and to finality, under light loads
    Finality(finality::Options),
    /// Transfers a second that become final, and what they cost
    Throughput(throughput::Options),
    /// Whether a burst out of nonce order loses anything
    Burst(burst::Options),
    /// What screening with 50 rules costs, against the same network without a policy
    Screening(screening::Options),
    /// Shielded transfers a second in bundles and alone, and what proofs and refusing bad ones cost
    Shielded(shielded::Options),
    /// What the rules find in a file of transfers with laundering in it
    AmlReplay(aml_replay::Options),
    /// What dead and paused validators, cut and slow links, double keys and wrong clocks cost
    Faults(faults::Options),
}

/// What all measurements share.
#[derive(Clone, Debug, Args)]
pub(crate) struct Common {
    /// Validators to start
    #[arg(long, default_value_t = 4, value_name = "COUNT")]
    validators: usize,

    /// Slot length in milliseconds, instead of the chain's own
    #[arg(long, value_name = "MS")]
    slot_duration_ms: Option<u64>,

    /// GRANDPA's gossip duration in milliseconds, instead of the chain's own
    #[arg(long, value_name = "MS")]
    gossip_duration_ms: Option<u64>,

    /// Measure the running network of this node; several times for several nodes, the first is followed
    #[arg(
        long = "url",
        value_name = "URL",
        conflicts_with_all = ["validators", "slot_duration_ms", "gossip_duration_ms", "binary", "node_args"]
    )]
    urls: Vec<String>,

    /// Secret URI of the account that funds the measurement's own accounts
    #[arg(long, default_value = "//Alice", value_name = "SECRET")]
    funder: String,

    /// The node binary [default: PLUME_NODE, or plume-node beside this program]
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,

    /// Print the result as JSON, too, before the last lines
    #[arg(long)]
    pub(crate) json: bool,

    /// Further arguments for every node, after --
    #[arg(last = true, value_name = "NODE ARGUMENTS")]
    node_args: Vec<String>,
}

impl Common {
    /// What to set up for the measurement of this name.
    pub(crate) fn rig(&self, name: &str, accounts: usize) -> RigOptions {
        RigOptions {
            target: TargetOptions {
                urls: self.urls.clone(),
                validators: self.validators,
                slot_duration_ms: self.slot_duration_ms,
                gossip_duration_ms: self.gossip_duration_ms,
                genesis: None,
                isolation: Isolation::default(),
                binary: self.binary.clone(),
                replaced: BTreeMap::new(),
                node_args: self.node_args.clone(),
                folder: results_folder().join(format!("{name}-network")),
            },
            accounts,
            funder: self.funder.clone(),
        }
    }

    /// Where another program of this project is: beside the node binary that was chosen, or by
    /// [`default_program`]. Errors if it is nowhere.
    pub(crate) fn program(&self, name: &str, variable: &str) -> anyhow::Result<PathBuf> {
        let beside = self.binary.as_ref().map(|node| node.with_file_name(name));
        let path = beside
            .filter(|path| path.is_file())
            .unwrap_or_else(|| default_program(name, variable));
        ensure!(
            path.is_file(),
            "there is no program {name}: build it with `cargo build --release --workspace --bins`, or say \
             in the variable {variable} where it is"
        );
        Ok(path)
    }

    /// The number of the last validator, from zero.
    pub(crate) fn last_validator(&self) -> usize {
        self.validators.saturating_sub(1)
    }

    /// The same on a started network with these durations.
    pub(crate) fn with_durations(&self, slot_ms: u64, gossip_ms: u64) -> Self {
        Self {
            slot_duration_ms: Some(slot_ms),
            gossip_duration_ms: Some(gossip_ms),
            ..self.clone()
        }
    }

    /// The same with so many validators.
    pub(crate) fn with_validators(&self, validators: usize) -> Self {
        Self {
            validators,
            ..self.clone()
        }
    }
}

impl Cli {
    /// Measures, prints, and returns what was wrong with the result.
    pub(crate) async fn run(self) -> anyhow::Result<Vec<String>> {
        match self.measurement {
            Measurement::Finality(options) => finality::run(options).await,
            Measurement::Throughput(options) => throughput::run(options).await,
            Measurement::Burst(options) => burst::run(options).await,
            Measurement::Screening(options) => screening::run(options).await,
            Measurement::Shielded(options) => shielded::run(options).await,
            Measurement::AmlReplay(options) => aml_replay::run(options).await,
            Measurement::Faults(options) => faults::run(options).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
        let parse = |line: &str| Cli::try_parse_from(line.split(' '));
        assert!(parse("b finality --rates 5,50 --compare --json").is_ok());
        assert!(parse("b burst --url ws://a:1 --url ws://b:1 --funder //Bob").is_ok());
        assert!(parse("b burst --url ws://a:1 --slot-duration-ms 500").is_err());
        assert!(parse("b finality --url ws://a:1 --compare").is_err());
        assert!(parse("b finality --rates 0").is_err());
        assert!(parse("b throughput -- --pool-limit 9").is_ok());
        assert!(parse("b screening --rounds 3 --seconds 10 --json").is_ok());
        assert!(
            parse("b shielded --senders 32 --singles 8 --bad-proofs 9 --seed 2 --json").is_ok()
        );
        assert!(parse("b shielded --senders 1").is_err());
        assert!(parse("b shielded --proofs 3 --peers /bin/plume-peers --no-peers").is_ok());
        assert!(parse("b shielded --proofs 0").is_err());
        assert!(parse("b aml-replay file.csv --limit 9 --policy standard --json").is_ok());
        assert!(parse("b aml-replay --generate 7 --transfers 9000 --ordinary 1000").is_ok());
        assert!(parse("b aml-replay").is_err());
        assert!(parse("b aml-replay file.csv --generate 7").is_err());
        assert!(parse("b aml-replay file.csv --transfers 7").is_err());
        assert!(parse("b faults --only f-dead,paused --seconds 10").is_ok());
        assert!(
            parse("b faults --only partition,dead-of-seven --seed 7 --partition-seconds 8").is_ok()
        );
        assert!(
            parse("b faults --only skips-predecessor,withholds-bodies,twin-seals,clock").is_ok()
        );
        assert!(parse("b faults --only rain").is_err());
    }

    #[test]
    fn a_program_that_is_nowhere_is_named_with_the_way_to_build_it() {
        #[derive(Parser)]
        struct Line {
            #[command(flatten)]
            common: Common,
        }
        let line = Line::try_parse_from(["b", "--binary", "/nowhere/plume-node"]);
        let common = line.expect("it is valid").common;
        let error = common.program("plume-rain", "PLUME_NO_RAIN");
        let error = error.expect_err("there is no such program").to_string();
        assert!(
            error.contains("plume-rain") && error.contains("cargo build"),
            "{error}"
        );
    }
}
