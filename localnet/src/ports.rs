//! Ports on loopback: finding free ones, and saying who holds a taken one.

mod owner;

use crate::{Error, Ports};
use std::net::{Ipv4Addr, TcpListener};

/// The ports of one node, all on 127.0.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodePorts {
    /// JSON-RPC over WebSocket and HTTP.
    pub rpc: u16,
    /// What other nodes connect to.
    pub p2p: u16,
    /// Metrics.
    pub prometheus: u16,
}

impl NodePorts {
    /// Each port with what it is for.
    pub(crate) fn purposes(&self) -> [(u16, &'static str); 3] {
        [
            (self.rpc, "JSON-RPC"),
            (self.p2p, "peers"),
            (self.prometheus, "metrics"),
        ]
    }
}

/// Ports for several nodes, kept from other programs until [`Reserved::release`].
pub(crate) struct Reserved {
    ports: Vec<NodePorts>,
    listeners: Vec<TcpListener>,
}

impl Reserved {
    /// Ports for nodes of these names, in their order.
    ///
    /// Errors with [`Error::PortTaken`] for a fixed port that somebody listens on, and with
    /// [`Error::NoFreePorts`] when none can be found.
    pub fn take(ports: &Ports, names: &[String]) -> Result<Self, Error> {
        match *ports {
            Ports::Free => free(names.len()),
            Ports::Fixed {
                rpc,
                p2p,
                prometheus,
            } => fixed(
                NodePorts {
                    rpc,
                    p2p,
                    prometheus,
                },
                names,
            ),
        }
    }

    /// Lets go of the ports, for the nodes to take them at once.
    pub fn release(self) -> Vec<NodePorts> {
        drop(self.listeners);
        self.ports
    }
}

fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

/// The error that says who holds a port.
pub(crate) fn taken(port: u16, purpose: &str, node: &str) -> Error {
    let owner = owner::of(port).unwrap_or_else(|| "another program".into());
    Error::PortTaken {
        port,
        purpose: format!("{purpose} of {node}"),
        owner,
    }
}

fn fixed(first: NodePorts, names: &[String]) -> Result<Reserved, Error> {
    let mut reserved = Reserved {
        ports: Vec::new(),
        listeners: Vec::new(),
    };
    for (index, name) in (0u16..).zip(names) {
        let nth = |port: u16| port.checked_add(index).ok_or(Error::NoFreePorts);
        let ports = NodePorts {
            rpc: nth(first.rpc)?,
            p2p: nth(first.p2p)?,
            prometheus: nth(first.prometheus)?,
        };
        for (port, purpose) in ports.purposes() {
            reserved
                .listeners
                .push(listen(port).map_err(|_| taken(port, purpose, name))?);
        }
        reserved.ports.push(ports);
    }
    Ok(reserved)
}

/// Free ports from below the range that the kernel takes for outgoing connections: else a connection
/// of one node could sit on the port of another that is just being restarted.
fn free(count: usize) -> Result<Reserved, Error> {
    use std::sync::atomic::{AtomicU32, Ordering};
    const FIRST: u32 = 12_000;
    const SPAN: u32 = 20_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Processes that look at the same time begin at different places.
    let start = std::process::id().wrapping_mul(613);
    let mut listeners = Vec::new();
    let mut numbers = Vec::new();
    for _ in 0..SPAN {
        if numbers.len() == 3 * count {
            break;
        }
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let candidate = FIRST + start.wrapping_add(step) % SPAN;
        let Ok(port) = u16::try_from(candidate) else {
            continue;
        };
        if let Ok(listener) = listen(port) {
            listeners.push(listener);
            numbers.push(port);
        }
    }
    let ports: Vec<_> = numbers
        .chunks_exact(3)
        .map(|trio| NodePorts {
            rpc: trio[0],
            p2p: trio[1],
            prometheus: trio[2],
        })
        .collect();
    if ports.len() == count {
        Ok(Reserved { ports, listeners })
    } else {
        Err(Error::NoFreePorts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|i| format!("node-{i}")).collect()
    }

    /// A process that another test is just starting holds copies of our listeners until it runs its
    /// own program.
    fn listen_soon(port: u16) -> TcpListener {
        for _ in 0..200 {
            if let Ok(listener) = listen(port) {
                return listener;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("port {port} is taken")
    }

    #[test]
    fn free_ports_are_distinct_and_can_be_listened_on() {
        let ports = Reserved::take(&Ports::Free, &names(20))
            .expect("a machine has 60 free ports")
            .release();
        let mut numbers: Vec<_> = ports
            .iter()
            .flat_map(|node| node.purposes().map(|(port, _)| port))
            .collect();
        let listeners: Vec<_> = numbers.iter().map(|port| listen_soon(*port)).collect();
        assert_eq!(listeners.len(), 60);
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 60);
    }

    #[test]
    fn a_taken_port_names_its_node_its_purpose_and_its_holder() {
        let holder = Reserved::take(&Ports::Free, &names(2)).expect("a machine has six free ports");
        let NodePorts { rpc, p2p, .. } = holder.ports[0];
        let other = Reserved::take(&Ports::Free, &names(1))
            .expect("a machine has three more")
            .release();
        let wish = Ports::Fixed {
            rpc: other[0].rpc,
            p2p,
            prometheus: other[0].prometheus,
        };
        assert_ne!(rpc, other[0].rpc);
        let Err(error) = Reserved::take(&wish, &names(1)) else {
            panic!("the port is held above")
        };
        let text = error.to_string();
        assert!(
            text.contains(&format!(
                "port {p2p}, wanted for peers of node-0, is taken by"
            )),
            "{text}"
        );
        #[cfg(target_os = "linux")]
        assert!(
            text.contains(&format!("(process {})", std::process::id())),
            "{text}"
        );
    }
}
