//! The command line of a node.

use crate::{Chain, NetworkConfig, NodePorts, grid::Place, members::Member};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

/// The folder of compiled runtimes beside the node binary.
const COMPILED: &str = "localnet-compiled";

/// What a node is started with, the same at every start.
pub(crate) struct Plan {
    pub name: String,
    pub suri: Option<String>,
    pub binary: PathBuf,
    pub args: Vec<OsString>,
    /// The node's own folder.
    pub folder: PathBuf,
    pub ports: NodePorts,
    pub place: Place,
    pub peer_id: String,
    pub start_timeout: Duration,
}

impl Plan {
    /// A node of the network in `base`, which runs at this place and finds the nodes at these
    /// multiaddresses.
    pub fn new(
        config: &NetworkConfig,
        chain: &str,
        base: &Path,
        member: &Member,
        (place, ports): (&Place, NodePorts),
        peers: &[String],
    ) -> Self {
        let folder = base.join(&member.name);
        Self {
            args: args(config, chain, &folder, member, (place, ports), peers),
            name: member.name.clone(),
            suri: member.suri.clone(),
            binary: config.binary.clone(),
            folder,
            ports,
            place: place.clone(),
            peer_id: member.peer_id.clone(),
            start_timeout: config.start_timeout,
        }
    }
}

fn args(
    config: &NetworkConfig,
    chain: &str,
    folder: &Path,
    member: &Member,
    (place, ports): (&Place, NodePorts),
    peers: &[String],
) -> Vec<OsString> {
    let mut args: Vec<OsString> = vec!["--base-path".into(), folder.into()];
    let mut push = |items: &[&str]| args.extend(items.iter().map(OsString::from));
    match config.chain {
        Chain::Dev => push(&["--dev"]),
        Chain::Local => push(&["--chain", chain]),
    }
    push(&member.session_args());
    push(&["--name", &member.name]);
    push(&["--node-key", &hex::encode(member.key)]);
    push(&[
        "--listen-addr",
        &format!("/ip4/{}/tcp/{}", place.host, ports.p2p),
    ]);
    push(&["--rpc-port", &ports.rpc.to_string()]);
    // Safe, because the server listens on loopback only, or where only the harness gets to.
    push(&["--rpc-methods", "unsafe", "--rpc-cors", "all"]);
    push(&["--prometheus-port", &ports.prometheus.to_string()]);
    if place.namespace.is_some() {
        push(&["--unsafe-rpc-external", "--prometheus-external"]);
    }
    push(&["--no-telemetry", "--no-mdns"]);
    // Every state stays, so that `archive_v1` answers and a test can look back. The node takes the flag once.
    if !config.extra_args.iter().any(|arg| arg == "--state-pruning") {
        push(&["--state-pruning", "archive"]);
    }
    // All nodes run the same runtimes, and so does the next network. Beside the binary, where raw specs are kept, too.
    if !config.extra_args.iter().any(|arg| arg == "--wasm-cache")
        && let Some(beside) = config.binary.parent()
    {
        push(&["--wasm-cache", &beside.join(COMPILED).to_string_lossy()]);
    }
    for peer in peers {
        // Boot nodes are asked for further peers; reserved ones are dialled again when lost.
        push(&["--bootnodes", peer]);
        if config.reserve_peers {
            push(&["--reserved-nodes", peer]);
        }
    }
    if let Some(limit) = config.pool_limit {
        push(&["--pool-limit", &limit.to_string()]);
    }
    push(&["--log", &config.log]);
    push(
        &config
            .extra_args
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(config: &NetworkConfig, suri: &str, place: &Place) -> String {
        let member = Member {
            name: "n".into(),
            suri: Some(suri.into()),
            key: [7; 32],
            peer_id: "12D3".into(),
        };
        let ports = NodePorts {
            rpc: 1,
            p2p: 2,
            prometheus: 3,
        };
        let plan = Plan::new(
            config,
            "local",
            Path::new("/base"),
            &member,
            (place, ports),
            &["/peer".into()],
        );
        plan.args
            .iter()
            .map(|arg| arg.to_string_lossy())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn a_node_listens_on_loopback_and_knows_its_peers() {
        let config = NetworkConfig {
            pool_limit: Some(9),
            extra_args: vec!["--x".into()],
            ..Default::default()
        };
        let line = line(&config, "//Bob", &Place::loopback());
        for part in [
            "--base-path /base/n --chain local --validator --bob",
            "--listen-addr /ip4/127.0.0.1/tcp/2 --rpc-port 1",
            "--bootnodes /peer --reserved-nodes /peer",
            "--pool-limit 9 --log info --x",
        ] {
            assert!(line.contains(part), "{part} is not in {line}");
        }
        assert!(!line.contains("external"), "{line}");
    }

    #[test]
    fn a_node_in_a_namespace_listens_at_its_own_address() {
        let place = Place {
            host: [198, 18, 0, 1].into(),
            namespace: Some("there".into()),
        };
        let line = line(&NetworkConfig::default(), "//Bob", &place);
        for part in [
            "--listen-addr /ip4/198.18.0.1/tcp/2",
            "--unsafe-rpc-external --prometheus-external",
        ] {
            assert!(line.contains(part), "{part} is not in {line}");
        }
    }

    #[test]
    fn states_are_kept_unless_the_caller_says_which() {
        let here = Place::loopback();
        let line_of = |config: &NetworkConfig| line(config, "//Bob", &here);
        assert!(line_of(&NetworkConfig::default()).contains("--state-pruning archive"));
        let pruned = NetworkConfig {
            extra_args: vec!["--state-pruning".into(), "256".into()],
            ..Default::default()
        };
        assert!(!line_of(&pruned).contains("archive"));
    }

    #[test]
    fn all_nodes_of_a_binary_keep_compiled_runtimes_in_one_place() {
        let here = Place::loopback();
        let config = NetworkConfig {
            binary: "/bin/built/plume-node".into(),
            ..Default::default()
        };
        for suri in ["//Bob", "//Alice"] {
            let line = line(&config, suri, &here);
            assert!(
                line.contains("--wasm-cache /bin/built/localnet-compiled"),
                "{line}"
            );
        }
        let elsewhere = NetworkConfig {
            extra_args: vec!["--wasm-cache".into(), "/mine".into()],
            ..config
        };
        let line = line(&elsewhere, "//Bob", &here);
        assert_eq!(line.matches("--wasm-cache").count(), 1, "{line}");
    }

    #[test]
    fn boot_nodes_alone_reserve_nobody() {
        let config = NetworkConfig {
            reserve_peers: false,
            ..Default::default()
        };
        let line = line(&config, "//Bob", &Place::loopback());
        assert!(line.contains("--bootnodes /peer"), "{line}");
        assert!(!line.contains("--reserved-nodes"), "{line}");
    }

    #[test]
    fn a_development_node_seals_on_demand() {
        let config = NetworkConfig {
            chain: Chain::Dev,
            ..Default::default()
        };
        let line = line(&config, "//Alice", &Place::loopback());
        assert!(line.contains("--base-path /base/n --dev --validator --alice"));
    }
}
