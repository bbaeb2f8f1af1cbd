//! What a caller may choose.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

/// More validators than this do not fit one machine's ports and patience.
pub const MAX_VALIDATORS: usize = 20;

/// A network to start. [`Default`] is four validators on free ports in a temporary folder.
#[derive(Clone, Debug)]
pub struct NetworkConfig {
    /// The `plume-node` binary. Default: [`default_binary`].
    pub binary: PathBuf,
    /// How many validators, 1 to [`MAX_VALIDATORS`]; [`Chain::Dev`] always has one. Each runs as a
    /// process of some 200 MB, so many on few cores miss their slots.
    pub validators: usize,
    /// Where databases and logs live.
    pub base: Base,
    /// Delete what an earlier network left in the folder, instead of resuming it.
    pub clean: bool,
    /// Where the nodes listen.
    pub ports: Ports,
    /// What is between the nodes.
    pub isolation: Isolation,
    /// Which chain they run.
    pub chain: Chain,
    /// Slot length in milliseconds, instead of the chain's own. The node refuses one that cannot work
    /// (odd, or outside 200 to 12,000).
    pub slot_duration_ms: Option<u64>,
    /// GRANDPA's gossip duration in milliseconds, instead of the chain's own. More than a quarter of
    /// the slot lets finality fall behind for ever; the node refuses it.
    pub gossip_duration_ms: Option<u64>,
    /// Merged over the genesis patch of the `local` preset, object by object. Write amounts beyond
    /// 2^64 as JSON numbers only with a `serde_json` that keeps them.
    pub genesis: Option<serde_json::Value>,
    /// Transactions that a node's pool holds. Too few, and a burst loses transactions.
    pub pool_limit: Option<u32>,
    /// Log filter of every node, as `info` or `info,grandpa=debug`. At `debug` and below logging
    /// itself slows finality.
    pub log: String,
    /// Whether nodes name those they know with `--reserved-nodes`: a lost one is dialled again, and no
    /// list of the chain keeps it away. Without, they find each other by their boot nodes alone.
    pub reserve_peers: bool,
    /// Further arguments for every node.
    pub extra_args: Vec<String>,
    /// Validators that run another program than [`NetworkConfig::binary`], by their numbers from zero.
    pub replaced: BTreeMap<usize, Replacement>,
    /// How long every node may take until it answers. Too short, and a busy machine fails to start.
    pub start_timeout: Duration,
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self {
            binary: default_binary(),
            validators: 4,
            base: Base::Temporary,
            clean: false,
            ports: Ports::Free,
            isolation: Isolation::default(),
            chain: Chain::Local,
            slot_duration_ms: None,
            gossip_duration_ms: None,
            genesis: None,
            pool_limit: None,
            log: "info".into(),
            reserve_peers: true,
            extra_args: Vec::new(),
            replaced: BTreeMap::new(),
            start_timeout: Duration::from_secs(60),
        }
    }
}

/// A program in the place of a validator's `plume-node`.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// The program. It has to take `plume-node`'s arguments.
    pub binary: PathBuf,
    /// Further arguments for it.
    pub extra_args: Vec<String>,
}

/// Where a network keeps its files.
#[derive(Clone, Debug)]
pub enum Base {
    /// A new folder that is deleted with the [`crate::Network`].
    Temporary,
    /// This folder, made if it is missing, and kept. It belongs to the network alone.
    Folder(PathBuf),
}

/// Which ports a network's nodes listen on, all on 127.0.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ports {
    /// Any that are free, chosen anew at each start.
    Free,
    /// The first node's; each further node adds one to all three. The three ranges must not overlap.
    Fixed {
        /// JSON-RPC over WebSocket and HTTP, usually 9944.
        rpc: u16,
        /// What other nodes connect to, usually 30333.
        p2p: u16,
        /// Metrics, usually 9615.
        prometheus: u16,
    },
}

/// What is between the nodes of a network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// Nothing: all of them listen on 127.0.0.1.
    #[default]
    Loopback,
    /// Each runs in a network namespace of its own and reaches the others through
    /// [`crate::Links`] only. Needs root and iproute2.
    Namespaces,
}

/// Which chain a network runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// Validators that agree, as in production.
    Local,
    /// One node that seals a block whenever a transaction arrives (`--dev`).
    Dev,
}

/// A further node beside a network's validators, see [`crate::Network::add`].
#[derive(Clone, Debug, Default)]
pub struct ExtraNode {
    /// Its name, and that of its folder. Must differ from every other node's, or their databases
    /// collide.
    pub name: String,
    /// Start it with `--validator`.
    pub validator: bool,
    /// The secret URI whose session keys it holds, as `//Alice`; none for a node that only follows.
    pub suri: Option<String>,
    /// Know the validators as boot nodes alone, whatever the network does. A reserved node that leaves a
    /// question unanswered is never disconnected, and what it was asked for is never asked of another.
    pub boot_nodes_alone: bool,
    /// A preset or chain spec file, instead of the network's own.
    pub chain: Option<String>,
    /// Further arguments.
    pub extra_args: Vec<String>,
}

/// The node binary to use unless another is named: `plume-node` by [`default_program`], from the variable
/// `PLUME_NODE`.
pub fn default_binary() -> PathBuf {
    default_program("plume-node", "PLUME_NODE")
}

/// Where a program of this project is: in this environment variable, or in the folder of this executable
/// or the one above it (where cargo puts it), or else from `PATH`. Just its name if it is nowhere.
pub fn default_program(name: &str, variable: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let here = std::env::current_exe().unwrap_or_default();
    let beside = here
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(name));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join(name));
    beside
        .chain(on_path)
        .find(|candidate| candidate.is_file())
        .unwrap_or_else(|| name.into())
}
