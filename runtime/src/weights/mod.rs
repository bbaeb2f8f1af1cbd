//! What everything costs, measured.
//!
//! `scripts/weights` writes the files of this folder: the pallets' calls and hooks, and the fixed cost
//! of a block and of a transaction (all but `pallet_grandpa`, which says why), and with `--database` that of a storage
//! access, on a state of a million accounts: on a fresh chain, whose state fits the processor's cache, it would cost
//! nothing.

#![allow(missing_docs)] // generated files

pub mod block_weights;
pub mod database_weights;
pub mod extrinsic_weights;
pub mod frame_system;
pub mod frame_system_extensions;
pub mod pallet_asset_rate;
pub mod pallet_assets;
pub mod pallet_balances;
pub mod pallet_brake;
pub mod pallet_collective;
pub mod pallet_compliance;
pub mod pallet_conviction_voting;
pub mod pallet_credentials;
pub mod pallet_fees;
pub mod pallet_grandpa;
pub mod pallet_grants;
pub mod pallet_leadership;
pub mod pallet_multisig;
pub mod pallet_parameters;
pub mod pallet_preimage;
pub mod pallet_prices;
pub mod pallet_proxy;
pub mod pallet_referenda;
pub mod pallet_regulator;
pub mod pallet_release;
pub mod pallet_revenue_share;
pub mod pallet_scheduler;
pub mod pallet_session;
pub mod pallet_shielded_pool;
pub mod pallet_stake;
pub mod pallet_sudo;
pub mod pallet_timestamp;
pub mod pallet_transaction_payment;
pub mod pallet_treasury;
pub mod pallet_tx_pause;
pub mod pallet_utility;
pub mod pallet_validators;
pub mod pallet_whitelist;
