//! One file a pallet: what the pallet asked for, and what Plume answered.

mod assets;
mod balances;
mod committee;
mod compliance;
mod consensus;
mod fees;
mod governance;
mod grants;
mod multisig;
pub mod offences;
mod parameters;
mod proxy;
mod release;
mod revenue_share;
mod scheduling;
mod shielded_pool;
mod stake;
pub mod system;
mod treasury;

pub use consensus::{MaxAuthorities, SESSION_BLOCKS};
pub use fees::{LengthToFee, WeightToFee};
pub use parameters::{RuntimeParameters, dynamic_params};
pub use proxy::ProxyType;
