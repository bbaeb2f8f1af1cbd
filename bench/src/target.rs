//! What is measured: a network of our own on this machine, or one that runs already.

use anyhow::{Context, bail};
use plume_localnet::{
    Base, Error, Isolation, Network, NetworkConfig, Node, Replacement, default_binary,
};
use std::{collections::BTreeMap, path::PathBuf, time::Duration};

/// How long a network may take to connect and to finalise its first blocks.
const START_LIMIT: Duration = Duration::from_secs(60);
/// Final blocks before anything is measured: start-up work is over by then.
const SETTLED_HEIGHT: u64 = 8;

/// Which network to measure.
#[derive(Clone, Debug, Default)]
pub struct TargetOptions {
    /// Nodes of a network that runs; none to start one.
    pub urls: Vec<String>,
    /// How many validators to start.
    pub validators: usize,
    /// Slot length of the network to start, if not the chain's own.
    pub slot_duration_ms: Option<u64>,
    /// GRANDPA's gossip duration of the network to start, if not the chain's own.
    pub gossip_duration_ms: Option<u64>,
    /// Changes to the genesis of the network to start, see [`NetworkConfig::genesis`].
    pub genesis: Option<serde_json::Value>,
    /// What is between the nodes of the network to start.
    pub isolation: Isolation,
    /// The node binary, if not the default one.
    pub binary: Option<PathBuf>,
    /// Validators that run another program, see [`NetworkConfig::replaced`].
    pub replaced: BTreeMap<usize, Replacement>,
    /// Further arguments for every node.
    pub node_args: Vec<String>,
    /// Where the started network keeps databases and logs. What is there is deleted first; the logs of
    /// the last run stay.
    pub folder: PathBuf,
}

/// A network that answers.
#[derive(Debug)]
pub struct Target {
    urls: Vec<String>,
    network: Option<Network>,
}

impl Target {
    /// Starts the network (and waits until it finalises), or takes the running one.
    pub async fn open(options: &TargetOptions) -> anyhow::Result<Self> {
        if !options.urls.is_empty() {
            return Ok(Self {
                urls: options.urls.clone(),
                network: None,
            });
        }
        let mut node_args = options.node_args.clone();
        // The level of a line tells errors from other text.
        node_args.push("--detailed-log-output".into());
        let network = Network::start(NetworkConfig {
            binary: options.binary.clone().unwrap_or_else(default_binary),
            validators: options.validators,
            base: Base::Folder(options.folder.clone()),
            clean: true,
            isolation: options.isolation,
            slot_duration_ms: options.slot_duration_ms,
            gossip_duration_ms: options.gossip_duration_ms,
            genesis: options.genesis.clone(),
            extra_args: node_args,
            replaced: options.replaced.clone(),
            ..Default::default()
        })
        .await;
        let network = match network {
            Err(Error::InUse { .. }) => {
                bail!("another plume-bench does this measurement now: wait until it is done")
            }
            other => other?,
        };
        let logs = || {
            format!(
                "the network did not start well; logs: {}",
                options.folder.display()
            )
        };
        network
            .wait_connected(START_LIMIT)
            .await
            .with_context(logs)?;
        network
            .wait_all_finalised(SETTLED_HEIGHT, START_LIMIT)
            .await
            .with_context(logs)?;
        Ok(Self {
            urls: network.nodes().iter().map(Node::ws_url).collect(),
            network: Some(network),
        })
    }

    /// Where its nodes' JSON-RPC is; the first is the one to follow.
    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// The network, if it is our own.
    pub fn network(&self) -> Option<&Network> {
        self.network.as_ref()
    }

    /// The nodes, if they are our own.
    pub fn nodes(&self) -> &[Node] {
        self.network.as_ref().map_or(&[], Network::nodes)
    }

    /// Errors if one of our own nodes has died.
    pub fn check(&self) -> anyhow::Result<()> {
        match &self.network {
            Some(network) => Ok(network.check()?),
            None => Ok(()),
        }
    }

    /// Stops the network if it is our own.
    pub async fn close(self) -> anyhow::Result<()> {
        if let Some(network) = &self.network {
            network.stop().await?;
        }
        Ok(())
    }
}
