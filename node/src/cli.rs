//! What can be said on the command line.

use clap::Parser;
use std::path::PathBuf;

/// The Plume node.
#[derive(Debug, Parser)]
pub struct Cli {
    /// What to do; without a subcommand the node runs.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// How to run.
    #[command(flatten)]
    pub run: sc_cli::RunCmd,

    /// Connect only with nodes that the chain admits.
    ///
    /// The chain keeps a list of nodes by their peer ids. With this flag the node follows it, final
    /// block by final block: who is on it is connected with and dialled again when lost, whether
    /// validator, RPC node or regulator; who is not on it, or is taken off, is disconnected. Nodes
    /// named with --reserved-nodes stay connected in any case. As long as the list is empty the network
    /// is open, and the log says so.
    ///
    /// It keeps outsiders from taking part, not from asking: where blocks are confidential, let only
    /// members through the firewall.
    #[arg(long)]
    pub permissioned: bool,

    /// Warn when this machine's clock is further off its peers' median than this, in milliseconds.
    ///
    /// At a slot's length (250 ms as a rule) peers drop each other. Both the log and the metric
    /// plume_clock_alarm say so; nothing else changes. Run chrony or another NTP client.
    #[arg(
        long,
        value_name = "MS",
        default_value_t = DEFAULT_CLOCK_TOLERANCE_MS,
        value_parser = clap::value_parser!(u64).range(1..=60_000)
    )]
    pub clock_tolerance_ms: u64,

    /// Keep compiled runtimes in this folder [default: compiled, in the chain's folder].
    ///
    /// A node that starts again is back at once, instead of compiling the runtime first, which takes seven
    /// seconds of processor time. Nodes on one machine may share a folder. What is in it is executed as it is: nobody
    /// but the node's user may write there, or the folder is not used.
    #[arg(long, value_name = "FOLDER", global = true)]
    pub wasm_cache: Option<PathBuf>,
}

/// Milliseconds that the clock may be off unless `--clock-tolerance-ms` says otherwise: a fifth of a slot.
pub const DEFAULT_CLOCK_TOLERANCE_MS: u64 = 50;

/// Transactions that a node keeps unless `--pool-limit` says otherwise.
pub const DEFAULT_POOL_LIMIT: usize = 50_000;
/// Bytes of transactions that a node keeps unless `--pool-kbytes` says otherwise.
pub const DEFAULT_POOL_KBYTES: usize = 65_536;
/// The defaults of the SDK's flags: a user who wants just these gets Plume's larger ones.
const SDK_POOL_LIMIT: usize = 8_192;
const SDK_POOL_KBYTES: usize = 20_480;

impl Cli {
    /// How many transactions the pool takes.
    pub fn pool_limit(&self) -> usize {
        match self.run.pool_config.pool_limit {
            SDK_POOL_LIMIT => DEFAULT_POOL_LIMIT,
            chosen => chosen,
        }
    }

    /// How many bytes of transactions the pool takes.
    pub fn pool_bytes(&self) -> usize {
        let kbytes = match self.run.pool_config.pool_kbytes {
            SDK_POOL_KBYTES => DEFAULT_POOL_KBYTES,
            chosen => chosen,
        };
        kbytes.saturating_mul(1_024)
    }
}

/// What the node does besides running.
#[derive(Debug, clap::Subcommand)]
#[allow(clippy::large_enum_variant)] // parsed once
pub enum Subcommand {
    /// Make, inspect, insert and use keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Print a chain specification; the older command, which tools such as zombienet call.
    BuildSpec(sc_cli::BuildSpecCmd),

    /// Print a chain specification, plain or raw.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Execute stored blocks again and check them.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks to a file.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Write the state of a block as a chain specification.
    ExportState(sc_cli::ExportStateCmd),

    /// Read blocks from a file.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Remove the chain from this machine. Keys stay.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Take back blocks that are not final.
    Revert(sc_cli::RevertCmd),

    /// Print what the database holds.
    ChainInfo(sc_cli::ChainInfoCmd),

    /// Measure weights and the machine.
    #[cfg(feature = "runtime-benchmarks")]
    #[command(subcommand)]
    Benchmark(frame_benchmarking_cli::BenchmarkCmd),
}
