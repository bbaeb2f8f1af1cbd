//! Plume's client library: connect, sign, submit, and follow a transaction to finality.
//!
//! Everything is dynamic: the runtime's metadata comes from the node at connection time, so a runtime
//! upgrade needs no new build of a client. The floors, from the ground up:
//!
//! - [`amount`] and [`address`]: PLUME decimals and SS58, pure functions.
//! - [`Signer`]: an sr25519 key from `//Alice`, a mnemonic or a seed.
//! - [`raw`]: the node's JSON-RPC with plain types; what load generators and monitors need.
//! - [`Client`]: a connection with metadata. It reads balances, estimates fees and submits.
//! - [`Progress`] and [`Inclusion`]: what became of a transaction, with decoded events and named errors.
//! - [`state`]: whatever else the chain keeps, by name and as JSON.
//! - [`General`]: transactions that no account signs.
//! - [`OfflineTransfers`]: thousands of signed transfers a second without asking the node.
//!
//! ```no_run
//! use plume_sdk::{Client, Signer, Transfer, TxOptions, address, amount};
//!
//! # async fn example() -> Result<(), plume_sdk::Error> {
//! let client = Client::connect(plume_sdk::DEFAULT_URL).await?;
//! let alice = Signer::from_uri("//Alice")?;
//! let bob = Signer::from_uri("//Bob")?.account();
//!
//! let transfer = Transfer::keep_alive(bob, amount::parse("12.5")?);
//! let progress = client.submit(&alice, &transfer.to_call(), &TxOptions::default()).await?;
//! let inclusion = progress.wait_finalised().await?.ok()?;
//!
//! println!("{} paid {} PLUME in block {}",
//!     address::format(&alice.account()),
//!     amount::format(inclusion.fee_planck),
//!     inclusion.block.number);
//! # Ok(()) }
//! ```
//!
//! Amounts are planck (10⁻¹⁸ PLUME) as `u128` wherever a name ends in `_planck`; durations end in `_ms`.
//! Block numbers are `u64` as in subxt (the chain counts in `u32`); nonces are `u32`.

pub mod address;
pub mod amount;
pub mod books;
pub mod raw;
pub mod state;

mod call;
mod chain_info;
mod client;
mod config;
mod dispatch;
mod error;
mod event;
mod find;
mod from_json;
mod general;
mod inclusion;
mod offline;
mod options;
mod progress;
mod query;
mod signer;
mod transaction;

pub use address::SS58_PREFIX;
pub use books::Books;
pub use call::{Call, Transfer, call};
pub use chain_info::ChainInfo;
pub use client::{At, AtBlock, Client};
pub use config::{ChainVersions, PlumeConfig};
pub use dispatch::DispatchFailure;
pub use error::{Error, Result};
pub use event::Event;
pub use find::Found;
pub use from_json::{JsonMismatch, call_from_json, value_from_json};
pub use general::General;
pub use inclusion::Inclusion;
pub use offline::{OfflineTransfer, OfflineTransfers, SignedTransfer, Validity};
pub use options::{DEFAULT_MORTALITY_BLOCKS, Mortality, TxOptions};
pub use progress::{Progress, TxEnded, TxStatus};
pub use query::{AccountState, Supply};
pub use raw::BlockRef;
pub use signer::{SecretError, Signer, generate_mnemonic};
pub use transaction::{Fee, Prepared};

/// Account and hash types that appear in signatures throughout.
pub use subxt::utils::{AccountId32, H256};
/// The libraries underneath, so that a caller uses the very same versions.
pub use {subxt, subxt_rpcs, subxt_signer};

/// Where a node on this machine listens.
pub const DEFAULT_URL: &str = "ws://127.0.0.1:9944";
