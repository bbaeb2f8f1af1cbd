//! Several nodes that know each other.

use crate::{
    Chain, Deadline, Error, ExtraNode, Links, MAX_VALIDATORS, NetworkConfig, Node, NodePorts,
    Ports, Stopped,
    base::Folder,
    grid::{Grid, Place},
    members::{self, Member},
    node::multiaddr,
    plan::Plan,
    ports::Reserved,
    tool::Tool,
};
use futures::future::{join_all, try_join_all};
use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Starts with free ports that may fail because another program was quicker.
const ATTEMPTS: usize = 3;
/// Extra nodes are numbered from here, so that their network secrets differ from the validators'.
const FIRST_EXTRA: u64 = 1_000;

/// A running network. Dropping it kills every node at once.
pub struct Network {
    // Dropped in this order: nodes end before their namespaces and their folder go.
    nodes: Vec<Node>,
    grid: Grid,
    folder: Folder,
    config: NetworkConfig,
    tool: Tool,
    chain: String,
    next_extra: AtomicU64,
}

impl Network {
    /// Starts a network, or resumes the one that its folder holds, and waits until every node
    /// answers. It does not wait for blocks; for those see [`Network::wait_all_finalised`].
    ///
    /// Errors before anything is started or changed: [`Error::BinaryMissing`],
    /// [`Error::ValidatorCount`], [`Error::PortTaken`], [`Error::InUse`], [`Error::ForeignFolder`],
    /// [`Error::OtherNetwork`]. Later: [`Error::NodeDied`], [`Error::Timeout`] and others; then every
    /// node is killed again.
    pub async fn start(mut config: NetworkConfig) -> Result<Self, Error> {
        let tool = Tool::new(&config.binary)?;
        if config.chain == Chain::Dev {
            config.validators = 1;
        }
        if !(1..=MAX_VALIDATORS).contains(&config.validators) {
            return Err(Error::ValidatorCount {
                asked: config.validators,
            });
        }
        let names = members::names(&config);
        let mut reserved = Reserved::take(&config.ports, &names)?;
        let mut folder = Folder::open(&config)?;
        let members = members::prepare(&tool, &config, &folder).await?;
        let chain = members::chain(&tool, &config, &folder, &members).await?;
        members::insert_missing_keys(&tool, &folder, &chain, &members).await?;

        let mut attempt = 1;
        loop {
            let ports = reserved.release();
            let grid = Grid::new(config.isolation)?;
            let nodes = nodes(&config, &chain, &folder, &members, &ports, &grid)?;
            match launch(&nodes).await {
                Ok(()) => {
                    let next_extra = AtomicU64::new(FIRST_EXTRA);
                    return Ok(Self {
                        nodes,
                        grid,
                        folder,
                        config,
                        tool,
                        chain,
                        next_extra,
                    });
                }
                Err(Error::PortTaken { .. })
                    if config.ports == Ports::Free && attempt < ATTEMPTS =>
                {
                    drop(nodes);
                    attempt += 1;
                    reserved = Reserved::take(&config.ports, &names)?;
                }
                Err(error) => {
                    folder.keep();
                    return Err(error);
                }
            }
        }
    }

    /// The validators, in the order of their keys; extra nodes are not among them.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The validator with this index. Panics if there are not so many.
    pub fn node(&self, index: usize) -> &Node {
        &self.nodes[index]
    }

    /// What is between the nodes; none in [`crate::Isolation::Loopback`].
    pub fn links(&self) -> Option<&Links> {
        self.grid.links()
    }

    /// What it was started with.
    pub fn config(&self) -> &NetworkConfig {
        &self.config
    }

    /// What nodes take as `--chain`: a preset's name or the path of a chain spec file.
    pub fn chain(&self) -> &str {
        &self.chain
    }

    /// The folder of databases and logs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Whether the folder held this network before.
    pub fn resumed(&self) -> bool {
        self.folder.resumed()
    }

    /// Starts a further node that knows the validators, on free ports, and waits until it answers.
    ///
    /// In namespaces it dials the validators, and they do not dial it; its number among the
    /// [`Links`] follows those of the validators and of what was added before. Drop it before the
    /// network. The caller owns it; dropping it kills it. Errors as [`Network::start`].
    pub async fn add(&self, extra: ExtraNode) -> Result<Node, Error> {
        let mut config = self.config.clone();
        config.ports = Ports::Free;
        config.extra_args.extend(extra.extra_args);
        config.reserve_peers &= !extra.boot_nodes_alone;
        if extra.validator && extra.suri.is_none() {
            config.extra_args.push("--validator".into());
        }
        let chain = extra.chain.unwrap_or_else(|| self.chain.clone());
        let extra_number = self.next_extra.fetch_add(1, Ordering::Relaxed);
        let key = self.folder.node_key(extra_number);
        let peer_id = self.tool.peer_id(&key).await?;
        let member = Member {
            name: extra.name,
            suri: extra.suri,
            key,
            peer_id,
        };
        members::insert_missing_keys(
            &self.tool,
            &self.folder,
            &chain,
            std::slice::from_ref(&member),
        )
        .await?;
        let number = self.nodes.len() + usize::try_from(extra_number - FIRST_EXTRA).unwrap_or(0);
        let place = self.grid.place(number)?;
        let peers = self.nodes.iter().enumerate().map(|(to, node)| {
            let address = self
                .grid
                .route((number, &place), (to, node.place()), node.ports())?;
            Ok(multiaddr(address, node.peer_id()))
        });
        let peers = peers.collect::<Result<Vec<_>, Error>>()?;
        let names = [member.name.clone()];
        let mut attempt = 1;
        loop {
            let ports = Reserved::take(&config.ports, &names)?.release()[0];
            let node = Node::new(Plan::new(
                &config,
                &chain,
                self.folder.path(),
                &member,
                (&place, ports),
                &peers,
            ));
            match launch(std::slice::from_ref(&node)).await {
                Err(Error::PortTaken { .. }) if attempt < ATTEMPTS => attempt += 1,
                result => return result.map(|()| node),
            }
        }
    }

    /// Errors with [`Error::NodeDied`] if a validator ended without being asked.
    pub fn check(&self) -> Result<(), Error> {
        self.nodes.iter().try_for_each(Node::check)
    }

    /// The validators that run and are not paused.
    pub fn running(&self) -> impl Iterator<Item = &Node> {
        self.nodes
            .iter()
            .filter(|node| node.is_running() && !node.is_paused())
    }

    /// Waits until a running validator has finalised a height, and returns how far that one is.
    ///
    /// Errors with [`Error::Timeout`] or [`Error::NodeDied`].
    pub async fn wait_finalised(&self, height: u64, limit: Duration) -> Result<u64, Error> {
        let deadline = Deadline::after(limit);
        loop {
            self.check()?;
            let heights = join_all(self.running().map(Node::finalised)).await;
            let highest = heights.into_iter().flatten().max();
            match highest {
                Some(reached) if reached >= height => return Ok(reached),
                _ => {
                    let reached =
                        highest.map_or("none answers".into(), |at| format!("they are at {at}"));
                    deadline
                        .pause(format!(
                            "any validator to finalise block {height}; {reached}"
                        ))
                        .await?;
                }
            }
        }
    }

    /// Waits until every running validator has finalised a height. Paused ones do not count.
    ///
    /// Errors with [`Error::Timeout`] or [`Error::NodeDied`].
    pub async fn wait_all_finalised(&self, height: u64, limit: Duration) -> Result<(), Error> {
        try_join_all(
            self.running()
                .map(|node| node.wait_finalised(height, limit)),
        )
        .await?;
        self.check()
    }

    /// Waits until every running validator is connected to every other.
    ///
    /// Errors with [`Error::Timeout`] or [`Error::NodeDied`].
    pub async fn wait_connected(&self, limit: Duration) -> Result<(), Error> {
        let deadline = Deadline::after(limit);
        for node in self.running() {
            let wanted = self.running().count() - 1;
            loop {
                self.check()?;
                let peers = node.peers().await.unwrap_or(0);
                if peers >= wanted {
                    break;
                }
                deadline
                    .pause(format!(
                        "{} to have {wanted} peers; it has {peers}",
                        node.name()
                    ))
                    .await?;
            }
        }
        Ok(())
    }

    /// Terminates every validator, all at the same time; one that is still there after ten seconds is
    /// killed. Returns how each ended.
    pub async fn stop(&self) -> Result<Vec<Stopped>, Error> {
        join_all(self.nodes.iter().map(Node::terminate))
            .await
            .into_iter()
            .collect()
    }
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Network")
            .field("folder", &self.folder())
            .field("nodes", &self.nodes)
            .finish()
    }
}

/// The validators as nodes, each knowing the way to every other.
fn nodes(
    config: &NetworkConfig,
    chain: &str,
    folder: &Folder,
    members: &[Member],
    ports: &[NodePorts],
    grid: &Grid,
) -> Result<Vec<Node>, Error> {
    let places = (0..members.len()).map(|number| grid.place(number));
    let places = places.collect::<Result<Vec<Place>, Error>>()?;
    let all: Vec<_> = members.iter().zip(&places).zip(ports).enumerate().collect();
    all.iter()
        .map(|&(from, ((member, place), ports))| {
            let others = all.iter().filter(|(to, _)| *to != from);
            let peers = others.map(|&(to, ((other, other_place), ports))| {
                let address = grid.route((from, place), (to, other_place), *ports)?;
                Ok(multiaddr(address, &other.peer_id))
            });
            let peers = peers.collect::<Result<Vec<_>, Error>>()?;
            let mut config = config.clone();
            if let Some(replacement) = config.replaced.remove(&from) {
                config.binary = replacement.binary;
                config.extra_args.extend(replacement.extra_args);
            }
            Ok(Node::new(Plan::new(
                &config,
                chain,
                folder.path(),
                member,
                (place, *ports),
                &peers,
            )))
        })
        .collect()
}

async fn launch(nodes: &[Node]) -> Result<(), Error> {
    nodes.iter().try_for_each(Node::start)?;
    try_join_all(nodes.iter().map(Node::wait_ready))
        .await
        .map(|_| ())
}
