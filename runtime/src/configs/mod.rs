//! One file a pallet: what the pallet asked for, and what Plume answered.

mod assets;
mod balances;
mod consensus;
mod fees;
mod governance;
mod multisig;
pub mod offences;
mod proxy;
mod scheduling;
pub mod system;

pub use consensus::{MaxAuthorities, SESSION_BLOCKS};
pub use fees::{LengthToFee, WeightToFee};
pub use proxy::ProxyType;
