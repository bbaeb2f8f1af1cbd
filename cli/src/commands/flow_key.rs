//! `plume regulator flow-key`: the keys that shielded transfers tell their amounts to. Works on files, and asks no node.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use plume_committee::{Bytes32, FlowKey, ceremony};
use serde::Serialize;

use super::committee::coordinates_of;
use super::committee::documents::{read, refused, write, write_private};
use crate::failure::Failure;
use crate::output::{Output, Report, table};

/// Keys of a regulator, one a period, that read how much of what goes between which institutions.
///
/// One seed makes them all. They say nothing of who pays: that takes the committee (`plume committee`).
#[derive(Debug, Subcommand)]
pub enum FlowKeyCommand {
    /// Make the seed of all periods' keys.
    #[command(after_help = "\
Examples:
  plume regulator flow-key seed --genesis 0x... --out flow.seed

Keep it offline, and a copy in a safe: who has it reads every period of this chain, and without it nobody reads any.")]
    Seed(SeedArgs),
    /// Make a period's key, to be published before the period begins.
    #[command(after_help = "\
Examples:
  plume regulator flow-key publish flow.seed --period 12 --out flow-key-12.json")]
    Publish(PeriodArgs),
    /// Take out the secret of one period, for an auditor who is to read that period and no other.
    #[command(after_help = "\
Examples:
  plume regulator flow-key secret flow.seed --period 12 --out period-12.secret")]
    Secret(PeriodArgs),
    /// Verify that whoever published a key knows its secret. Anybody can.
    #[command(after_help = "\
Examples:
  plume regulator flow-key verify flow-key-12.json")]
    Verify(VerifyArgs),
}

/// For which chain.
#[derive(Args, Debug)]
pub struct SeedArgs {
    /// Hash of the chain's genesis block.
    #[arg(long, value_name = "HASH")]
    genesis: Bytes32,
    /// Where to write the seed. Secret; only its owner may read the file.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Which period.
#[derive(Args, Debug)]
pub struct PeriodArgs {
    /// The seed.
    seed: PathBuf,
    /// The period.
    #[arg(long)]
    period: u32,
    /// Where to write it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Which key.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// The key, as it was published.
    key: PathBuf,
}

/// A key, or what was written.
#[derive(Debug, Serialize)]
struct FlowKeyReport {
    chain: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// x and y of the key, as `ShieldedPool.set_flow_key` takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    coordinates: Option<[String; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

impl Report for FlowKeyReport {
    fn text(&self) -> String {
        let mut rows = vec![("chain", self.chain.clone())];
        rows.extend(self.period.map(|period| ("period", period.to_string())));
        rows.extend(self.key.clone().map(|key| ("key", key)));
        if let Some([x, y]) = &self.coordinates {
            rows.push(("x of the key", x.clone()));
            rows.push(("y of the key", y.clone()));
        }
        rows.extend(self.file.clone().map(|file| ("written", file)));
        table(&rows)
    }
}

fn of_key(key: &FlowKey, file: Option<String>) -> FlowKeyReport {
    FlowKeyReport {
        chain: key.chain.to_string(),
        period: Some(key.period),
        key: Some(key.key.to_string()),
        coordinates: coordinates_of(&key.key),
        file,
    }
}

/// Runs it.
pub fn run(command: &FlowKeyCommand, output: &Output) -> Result<(), Failure> {
    match command {
        FlowKeyCommand::Seed(args) => {
            let seed = ceremony::flow_seed(args.genesis);
            write_private(&args.out, &seed)?;
            output.report(&FlowKeyReport {
                chain: seed.chain.to_string(),
                period: None,
                key: None,
                coordinates: None,
                file: Some(args.out.display().to_string()),
            })
        }
        FlowKeyCommand::Publish(args) => {
            let key = ceremony::flow_key(&read(&args.seed)?, args.period).map_err(refused)?;
            write(&args.out, &key)?;
            output.report(&of_key(&key, Some(args.out.display().to_string())))
        }
        FlowKeyCommand::Secret(args) => {
            let secret = ceremony::flow_secret(&read(&args.seed)?, args.period).map_err(refused)?;
            write_private(&args.out, &secret)?;
            output.report(&FlowKeyReport {
                chain: secret.chain.to_string(),
                period: Some(secret.period),
                key: None,
                coordinates: None,
                file: Some(args.out.display().to_string()),
            })
        }
        FlowKeyCommand::Verify(args) => {
            let key = read(&args.key)?;
            ceremony::check_flow_key(&key).map_err(refused)?;
            output.report(&of_key(&key, None))
        }
    }
}
