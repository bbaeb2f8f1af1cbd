//! Where nodes are and how they find each other: side by side on loopback, or apart behind relays.

use crate::{
    Error, Isolation, Links, NodePorts,
    namespaces::{Bridge, Namespace},
};
use std::net::{Ipv4Addr, SocketAddr};

/// Relays listen from here, below the ports that the kernel takes for outgoing connections.
const FIRST_RELAY_PORT: usize = 10_000;
/// Links from one node: as many as a bridge has places.
const LINKS_A_NODE: usize = 50;

/// Where a node runs.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Where the harness reaches it.
    pub host: Ipv4Addr,
    /// The network namespace that it is started in, if it has one of its own.
    pub namespace: Option<String>,
}

impl Place {
    /// On this machine's loopback.
    pub fn loopback() -> Self {
        Self {
            host: Ipv4Addr::LOCALHOST,
            namespace: None,
        }
    }

    /// Where it serves JSON-RPC: nobody else is in a namespace.
    pub fn rpc_listens_at(&self) -> Ipv4Addr {
        match self.namespace {
            Some(_) => Ipv4Addr::UNSPECIFIED,
            None => Ipv4Addr::LOCALHOST,
        }
    }
}

/// The places of a network.
pub(crate) enum Grid {
    Loopback,
    // Links are dropped first: the bridge's address is theirs.
    Namespaces { links: Links, bridge: Bridge },
}

impl Grid {
    pub fn new(isolation: Isolation) -> Result<Self, Error> {
        match isolation {
            Isolation::Loopback => Ok(Self::Loopback),
            Isolation::Namespaces => {
                let bridge = Bridge::new()?;
                let links =
                    Links::new(bridge.gateway()).map_err(Error::io("start the relays' thread"))?;
                Ok(Self::Namespaces { links, bridge })
            }
        }
    }

    /// Makes a place for the node with this number.
    pub fn place(&self, node: usize) -> Result<Place, Error> {
        match self {
            Self::Loopback => Ok(Place::loopback()),
            Self::Namespaces { bridge, .. } => {
                let Namespace { name, address } = bridge.add(node)?;
                Ok(Place {
                    host: address,
                    namespace: Some(name),
                })
            }
        }
    }

    /// Where one node finds another one's peer-to-peer port.
    pub fn route(
        &self,
        (from, from_place): (usize, &Place),
        (to, to_place): (usize, &Place),
        ports: NodePorts,
    ) -> Result<SocketAddr, Error> {
        let target = SocketAddr::from((to_place.host, ports.p2p));
        match self {
            Self::Loopback => Ok(target),
            Self::Namespaces { links, .. } => {
                let port = u16::try_from(FIRST_RELAY_PORT + from * LINKS_A_NODE + to)
                    .map_err(|_| Error::NoFreePorts)?;
                links
                    .connect((from, from_place.host), to, port, target)
                    .map_err(Error::io(format!("listen on relay port {port}")))
            }
        }
    }

    pub fn links(&self) -> Option<&Links> {
        match self {
            Self::Loopback => None,
            Self::Namespaces { links, .. } => Some(links),
        }
    }
}
