//! A network namespace for every node, on a bridge, made with iproute2.
//!
//! Every node has an address and a route to one other: the bridge's, where the harness's relays
//! listen. The bridge's ports are isolated as well. So nodes reach each other through relays only,
//! whatever addresses they hear of.
//!
//! A bridge is named `plume<n>` after its subnet, which claims both at once, and carries the process id
//! of who made it: what a killed process left behind is taken away by the next one.

use crate::Error;
use std::{
    fs,
    net::Ipv4Addr,
    path::Path,
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
};

/// Subnets of 198.18.0.0/15, which is kept for benchmarks (RFC 2544) and is nobody's address.
const SUBNETS: u32 = 512;
/// The bridge's address in its subnet.
const GATEWAY: u8 = 254;
/// How bridges begin.
const PREFIX: &str = "plume";

/// Says why network namespaces cannot be made here, if they cannot.
///
/// Makes a bridge with one namespace and takes them away again. Errors with [`Error::Namespaces`].
pub fn check_namespaces() -> Result<(), Error> {
    Bridge::new()?.add(0).map(|_| ())
}

/// A bridge and the namespaces on it. Dropping it takes all of them away.
pub(crate) struct Bridge {
    number: u32,
    namespaces: Mutex<Vec<String>>,
}

/// A namespace on a bridge.
#[derive(Clone, Debug)]
pub(crate) struct Namespace {
    pub name: String,
    pub address: Ipv4Addr,
}

impl Bridge {
    /// Makes a bridge with a subnet of its own.
    pub fn new() -> Result<Self, Error> {
        remove_stale();
        let start = std::process::id();
        let mut last = None;
        for step in 0..SUBNETS {
            let number = start.wrapping_add(step) % SUBNETS;
            // A name that is taken is another's.
            match ip(&format!("link add name {PREFIX}{number} type bridge")) {
                Ok(()) => {
                    let bridge = Self {
                        number,
                        namespaces: Mutex::default(),
                    };
                    bridge.set_up()?;
                    return Ok(bridge);
                }
                Err(error) => {
                    let taken = Path::new("/sys/class/net")
                        .join(format!("{PREFIX}{number}"))
                        .exists();
                    if !taken {
                        return Err(error);
                    }
                    last = Some(error);
                }
            }
        }
        Err(last.unwrap_or_else(|| Error::Namespaces {
            reason: "every subnet is taken".into(),
        }))
    }

    fn set_up(&self) -> Result<(), Error> {
        let (name, gateway) = (self.name(), self.gateway());
        ip(&format!("link set dev {name} alias {}", std::process::id()))?;
        ip(&format!("address add {gateway}/32 dev {name}"))?;
        ip(&format!("link set dev {name} up"))
    }

    fn name(&self) -> String {
        format!("{PREFIX}{}", self.number)
    }

    /// Where the harness listens for nodes.
    pub fn gateway(&self) -> Ipv4Addr {
        self.host(GATEWAY)
    }

    fn host(&self, host: u8) -> Ipv4Addr {
        let [high, low] = [self.number / 256, self.number % 256].map(|part| part as u8);
        Ipv4Addr::new(198, 18 + high, low, host)
    }

    /// Makes a namespace for the node with this number, at most 252.
    pub fn add(&self, node: usize) -> Result<Namespace, Error> {
        let host = u8::try_from(node + 1)
            .ok()
            .filter(|host| *host < GATEWAY)
            .ok_or_else(|| Error::Namespaces {
                reason: format!("a bridge has no place for node {node}"),
            })?;
        let (bridge, gateway, address) = (self.name(), self.gateway(), self.host(host));
        let name = format!("{bridge}-{node}");
        ip(&format!("netns add {name}"))?;
        self.namespaces
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(name.clone());
        // The port on the bridge has the namespace's name.
        for command in [
            format!("link add {name} type veth peer name eth0 netns {name}"),
            format!("link set dev {name} master {bridge}"),
            format!("link set dev {name} type bridge_slave isolated on"),
            format!("link set dev {name} up"),
            format!("route add {address}/32 dev {bridge}"),
            format!("-n {name} address add {address}/32 dev eth0"),
            format!("-n {name} link set dev lo up"),
            format!("-n {name} link set dev eth0 up"),
            format!("-n {name} route add {gateway}/32 dev eth0"),
        ] {
            ip(&command)?;
        }
        Ok(Namespace { name, address })
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        let mut namespaces = self
            .namespaces
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for name in namespaces.drain(..) {
            // Takes both ends of the veth pair with it. What cannot be removed now is stale later.
            let _ = ip(&format!("link delete dev {name}"));
            let _ = ip(&format!("netns delete {name}"));
        }
        let _ = ip(&format!("link delete dev {}", self.name()));
    }
}

/// Takes away bridges and namespaces of processes that are gone.
fn remove_stale() {
    let links = fs::read_dir("/sys/class/net").into_iter().flatten();
    for link in links.flatten() {
        let Ok(bridge) = link.file_name().into_string() else {
            continue;
        };
        let ours = bridge
            .strip_prefix(PREFIX)
            .is_some_and(|number| number.parse::<u32>().is_ok());
        let owner = fs::read_to_string(link.path().join("ifalias")).unwrap_or_default();
        // Without an owner it is being made at this moment.
        let Ok(owner) = owner.trim().parse::<u32>() else {
            continue;
        };
        if !ours || Path::new("/proc").join(owner.to_string()).exists() {
            continue;
        }
        let namespaces = fs::read_dir("/run/netns").into_iter().flatten();
        for namespace in namespaces.flatten() {
            let name = namespace.file_name().to_string_lossy().into_owned();
            if name.starts_with(&format!("{bridge}-")) {
                let _ = ip(&format!("link delete dev {name}"));
                let _ = ip(&format!("netns delete {name}"));
            }
        }
        let _ = ip(&format!("link delete dev {bridge}"));
    }
}

/// Runs iproute2's `ip`.
fn ip(arguments: &str) -> Result<(), Error> {
    let failed = |reason: String| Error::Namespaces {
        reason: format!("`ip {arguments}`: {reason}"),
    };
    let output = Command::new("ip")
        .args(arguments.split(' '))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(failed(said.lines().next().unwrap_or("failed").to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says so and returns none where namespaces cannot be made.
    fn bridge() -> Option<Bridge> {
        if let Err(error) = check_namespaces() {
            eprintln!("skipped: {error}");
            return None;
        }
        Some(Bridge::new().expect("it was possible a moment ago"))
    }

    fn exists(link: &str) -> bool {
        Path::new("/sys/class/net").join(link).exists()
    }

    #[test]
    fn nodes_reach_the_harness_and_not_each_other() {
        let Some(bridge) = bridge() else { return };
        let (one, other) = (
            bridge.add(0).expect("a first one"),
            bridge.add(1).expect("a second one"),
        );
        let route = |to: Ipv4Addr| ip(&format!("-n {} route get {to}", one.name));
        assert!(route(bridge.gateway()).is_ok());
        assert!(route(other.address).is_err());
        assert!(route(Ipv4Addr::new(192, 0, 2, 1)).is_err());
    }

    #[test]
    fn nothing_is_left_of_a_dropped_bridge() {
        let Some(bridge) = bridge() else { return };
        let name = bridge.name();
        let node = bridge.add(7).expect("there is a place").name;
        assert!(exists(&name) && exists(&node));
        drop(bridge);
        assert!(!exists(&name) && !exists(&node));
        assert!(!Path::new("/run/netns").join(node).exists());
    }

    #[test]
    fn what_a_dead_process_left_behind_is_removed() {
        let Some(bridge) = bridge() else { return };
        let name = bridge.name();
        let node = bridge.add(0).expect("there is a place").name;
        let mut gone = Command::new("true").spawn().expect("it is everywhere");
        let pid = gone.id();
        gone.wait().expect("it ends");
        ip(&format!("link set dev {name} alias {pid}")).expect("the bridge is there");
        let _kept = std::mem::ManuallyDrop::new(bridge);
        remove_stale();
        assert!(!exists(&name) && !exists(&node));
        assert!(!Path::new("/run/netns").join(node).exists());
    }
}
