//! Plume's vocabulary: the words that every floor of the house shares.
//!
//! Nothing here decides anything. [`units`] says how PLUME is counted, [`allocations`] what the supply is for,
//! [`pots`] names the accounts that belong to nobody, [`books`] says where every planck is, [`consensus`]
//! bounds what a network may choose for its slots, [`fullness`] says how full a block is, [`api`] has the
//! questions that the node asks, [`validators`] what the pallets around them tell one another, [`staking`]
//! what stake and validators do, [`screening`] who may take part, [`compliance`] how flows of value are screened,
//! [`credentials`] what issuers state, [`regulation`] what supervisors may stop, [`revenue`] what transactions
//! paid, and the type aliases below are the widths that clients rely on.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod allocations;
pub mod api;
pub mod books;
pub mod compliance;
pub mod consensus;
pub mod credentials;
pub mod fullness;
pub mod pots;
pub mod regulation;
pub mod revenue;
pub mod screening;
pub mod staking;
pub mod units;
pub mod validators;

use sp_runtime::{
    MultiSignature,
    traits::{IdentifyAccount, Verify},
};

/// Height of a block; the genesis block is 0.
pub type BlockNumber = u32;
/// Amount of PLUME in planck (10⁻¹⁸ PLUME).
pub type Balance = u128;
/// Number of transactions that an account has sent.
pub type Nonce = u32;
/// A BLAKE2b-256 digest.
pub type Hash = sp_core::H256;
/// sr25519, ed25519 or ECDSA signature of a transaction.
pub type Signature = MultiSignature;
/// The account behind a [`Signature`]: 32 bytes.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Whole seconds since the first block's timestamp; zero until that is set.
pub type Seconds = u32;
/// Milliseconds since the Unix epoch.
pub type Moment = u64;
/// Number of an asset other than PLUME.
pub type AssetId = u32;

/// SS58 address prefix of Plume accounts.
pub const SS58_PREFIX: u16 = 5335;
