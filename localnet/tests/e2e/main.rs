//! Real nodes, started and watched by `plume_localnet`: what a network does, from outside.
//!
//! One program, because each links a whole client library. A module is a theme, and runs alone:
//!
//! ```text
//! PLUME_NODE=…/plume-node cargo test --release --workspace --test e2e -- --test-threads=1 partitions::
//! ```

mod adversary;
mod bad_input;
mod clock;
mod common;
mod desk;
mod expiry;
mod faults;
mod governance;
mod holders;
mod leadership;
mod light_client;
mod offences;
mod opening;
mod partitions;
mod permissioned;
mod screening;
mod sdk;
mod sealing_on_demand;
mod shares;
mod shielded;
mod slow_links;
mod subcommands;
mod terminal;
mod transactions;
mod upgrade;
mod validators;
mod warp_sync;
