//! The command line.

use clap::Parser;
use plume_localnet::{Base, Chain, NetworkConfig, Ports, default_binary};
use std::path::PathBuf;

/// Starts a Plume network on this machine, shows it, and stops it with Ctrl-C.
///
/// The chain is kept: a second start continues it, and --clean begins a new one.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Options {
    /// How many validators (1 to 20). Four are Alice, Bob, Charlie and Dave; other numbers get a
    /// chain spec of their own
    #[arg(long, default_value_t = 4, value_name = "N", conflicts_with = "dev")]
    validators: usize,

    /// One node that seals a block whenever a transaction arrives, instead of a network
    #[arg(long)]
    dev: bool,

    /// Delete the chain of an earlier start and begin a new one
    #[arg(long)]
    clean: bool,

    /// Where databases and logs live [default: plume/localnet below the user's data folder, or
    /// plume/localnet-dev with --dev]
    #[arg(long, value_name = "FOLDER")]
    base_path: Option<PathBuf>,

    /// The plume-node binary [default: $PLUME_NODE, or the one beside this program]
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,

    /// JSON-RPC port of the first node; each further node takes the next
    #[arg(long, default_value_t = 9944, value_name = "PORT")]
    rpc_port: u16,

    /// Port of the first node for its peers
    #[arg(long, default_value_t = 30333, value_name = "PORT")]
    p2p_port: u16,

    /// Metrics port of the first node
    #[arg(long, default_value_t = 9615, value_name = "PORT")]
    prometheus_port: u16,

    /// Take any free ports instead, new ones at each start
    #[arg(long, conflicts_with_all = ["rpc_port", "p2p_port", "prometheus_port"])]
    free_ports: bool,

    /// Slot length in milliseconds, instead of the chain's own
    #[arg(long, value_name = "MS", conflicts_with = "dev")]
    slot_duration_ms: Option<u64>,

    /// GRANDPA's gossip duration in milliseconds, at most a quarter of the slot, instead of the
    /// chain's own
    #[arg(long, value_name = "MS", conflicts_with = "dev")]
    gossip_duration_ms: Option<u64>,

    /// Transactions that each node's pool holds, instead of the node's own default
    #[arg(long, value_name = "COUNT")]
    pool_limit: Option<u32>,

    /// Log filter of every node, as info,grandpa=debug
    #[arg(long, default_value = "info", value_name = "FILTER")]
    log: String,

    /// Print JSON lines instead of text, one event a line
    #[arg(long)]
    pub(crate) json: bool,

    /// Further arguments for every node, after --
    #[arg(last = true, value_name = "NODE ARGUMENTS")]
    extra_args: Vec<String>,
}

impl Options {
    pub(crate) fn into_config(self) -> NetworkConfig {
        let ports = if self.free_ports {
            Ports::Free
        } else {
            Ports::Fixed {
                rpc: self.rpc_port,
                p2p: self.p2p_port,
                prometheus: self.prometheus_port,
            }
        };
        let base = self.base_path.unwrap_or_else(|| default_base(self.dev));
        NetworkConfig {
            binary: self.binary.unwrap_or_else(default_binary),
            validators: self.validators,
            base: Base::Folder(base),
            clean: self.clean,
            ports,
            chain: if self.dev { Chain::Dev } else { Chain::Local },
            slot_duration_ms: self.slot_duration_ms,
            gossip_duration_ms: self.gossip_duration_ms,
            pool_limit: self.pool_limit,
            log: self.log,
            extra_args: self.extra_args,
            ..Default::default()
        }
    }
}

/// The user's data folder by the XDG rules, and a folder of ours in it.
fn default_base(dev: bool) -> PathBuf {
    let absolute = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let data = absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .unwrap_or_else(std::env::temp_dir);
    data.join("plume")
        .join(if dev { "localnet-dev" } else { "localnet" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn config(line: &str) -> NetworkConfig {
        Options::try_parse_from(line.split(' '))
            .expect("the line is valid")
            .into_config()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
        assert!(Options::try_parse_from(["x", "--dev", "--validators", "3"]).is_err());
        assert!(Options::try_parse_from(["x", "--free-ports", "--rpc-port", "1"]).is_err());
    }

    #[test]
    fn the_defaults_are_four_validators_on_the_usual_ports() {
        let config = config("x");
        assert_eq!((config.validators, config.chain), (4, Chain::Local));
        assert_eq!(
            config.ports,
            Ports::Fixed {
                rpc: 9944,
                p2p: 30333,
                prometheus: 9615
            }
        );
        assert!(matches!(config.base, Base::Folder(path) if path.ends_with("plume/localnet")));
    }

    #[test]
    fn a_development_node_has_a_folder_of_its_own() {
        let config = config("x --dev --free-ports -- --tmp");
        assert_eq!((config.chain, config.ports), (Chain::Dev, Ports::Free));
        assert!(matches!(config.base, Base::Folder(path) if path.ends_with("plume/localnet-dev")));
        assert_eq!(config.extra_args, ["--tmp"]);
    }
}
