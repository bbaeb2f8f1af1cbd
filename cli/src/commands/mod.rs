//! One file a command: its arguments, what it does, and what it tells.

pub mod account;
mod act;
pub mod balance;
pub mod ceremony;
pub mod chain;
pub mod committee;
pub mod compliance;
pub mod credential;
pub mod disclose;
mod document;
mod dry_run;
pub mod flow_key;
pub mod regulator;
pub mod sanctions;
mod submit;
pub mod token;
pub mod transfer;
pub mod transfer_report;
pub mod tx;
pub mod wallet;
pub mod watch;

use plume_sdk::Client;

use crate::args::Global;
use crate::failure::Failure;
use crate::patience;

/// Connects to the node that the command line names.
async fn connect(global: &Global) -> Result<Client, Failure> {
    let connecting = Client::connect_with(&global.url, global.transport());
    Ok(patience::wait("connecting to the node", connecting).await?)
}
