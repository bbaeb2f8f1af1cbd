//! Starts, watches and stops a Plume network of real nodes on this machine.
//!
//! # What it is for
//!
//! The `plume-localnet` binary shows a network to a person; end-to-end tests and `plume-bench` drive
//! the same [`Network`] from code. Nothing is simulated: every [`Node`] is a process of the
//! `plume-node` binary, with its own database, ports and log, and it is spoken to by JSON-RPC.
//!
//! # Rules
//!
//! 1. Nodes listen on loopback only, or each in a network namespace of its own ([`Isolation`]), and
//!    every node knows the address of every other.
//! 2. No node outlives the process that started it: dropping [`Network`] or [`Node`] kills, and the
//!    kernel kills them when the starting process itself dies (Linux).
//! 3. A folder belongs to one network. Its kind is written to `network.json` at the first start; a
//!    later start resumes that chain, or is refused when it asks for another kind.
//! 4. A node's data is below `<base>/<name>/`, its output in `<base>/<name>/node.log`, appended to
//!    over restarts.
//! 5. Every wait has a limit, and ends at once when a node it depends on has died.
//!
//! # Validators
//!
//! Four validators are Alice, Bob, Charlie and Dave of the node's own `local` chain. Any other number
//! up to [`MAX_VALIDATORS`] gets a chain spec of its own, derived from `local`, with the keys
//! `//Validator//0` and so on. Another slot length, gossip duration or genesis also makes a chain
//! spec. Whichever it is, `<base>/chain-spec.json` holds it with the genesis built.
//!
//! # Links
//!
//! In [`Isolation::Namespaces`] nodes reach each other only through [`Links`], which delay, stall and
//! cut. That needs root and iproute2; [`check_namespaces`] says why it is not possible, and a caller
//! decides what to do without: this crate never falls back in silence.
//!
//! # Example
//!
//! ```no_run
//! use plume_localnet::{Network, NetworkConfig};
//! use std::time::Duration;
//!
//! # async fn example() -> Result<(), plume_localnet::Error> {
//! let network = Network::start(NetworkConfig { validators: 4, ..Default::default() }).await?;
//! network.wait_all_finalised(10, Duration::from_secs(30)).await?;
//! network.node(3).kill()?; // one of four may fail
//! network.wait_finalised(20, Duration::from_secs(30)).await?;
//! network.stop().await?;
//! # Ok(())
//! # }
//! ```

mod accounts;
mod base;
mod config;
mod error;
pub mod faults;
mod finality;
mod grid;
mod links;
mod log;
mod members;
mod namespaces;
mod network;
mod node;
mod plan;
mod ports;
mod process;
mod raw_spec;
mod rpc;
mod skew;
mod spec;
mod tool;
mod usage;
mod wait;
mod warp;

pub use accounts::{DEVELOPMENT_ACCOUNTS, DevelopmentAccount, ss58_address};
pub use config::{
    Base, Chain, ExtraNode, Isolation, MAX_VALIDATORS, NetworkConfig, Ports, Replacement,
    default_binary, default_program,
};
pub use error::Error;
pub use finality::{Finality, FinalityFeed, Trusted};
pub use links::{Condition, Links};
pub use namespaces::check_namespaces;
pub use network::Network;
pub use node::{Node, Stopped};
pub use ports::NodePorts;
pub use rpc::Subscription;
pub use skew::{MovableClock, check_faketime, skewed_clock};
pub use usage::{CpuMeter, NodeUsage, Usage};
pub use wait::Deadline;
pub use warp::{WARP_PEERS, WarpSync, warp_sync};
