//! Plume's state transition function: the pallets, joined and configured.
//!
//! No logic lives here. [`configs`] has one file a pallet, [`governance`] what holders decide and how,
//! [`screening`] what each call moves and
//! how it meets the policies, [`apis`] what the node may ask, [`books`] where every planck is, [`genesis`] how a chain begins,
//! [`weights`] what everything costs, [`migrations`] what changes in storage when the runtime is replaced.
#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "512"]
// Every item here is configuration or comes from a macro; the pallets document what it means.
#![allow(missing_docs)]

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

extern crate alloc;

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod books;
pub mod configs;
pub mod genesis;
pub mod governance;
pub mod migrations;
pub mod screening;
mod transaction;
pub mod weights;

pub use plume_primitives::{
    AccountId, AssetId, Balance, BlockNumber, Hash, Nonce, Seconds, Signature,
};
pub use screening::ScreenedCall;
pub use transaction::{SignedPayload, TxExtension, UncheckedExtrinsic, extension};

use alloc::vec::Vec;
use sp_runtime::{
    MultiAddress, generic, impl_opaque_keys,
    traits::{BlakeTwo256, Block as BlockT},
};
use sp_version::RuntimeVersion;

/// How a transaction names an account.
pub type Address = MultiAddress<AccountId, ()>;
/// Header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block with its transactions decoded.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;

/// What the node handles without knowing this runtime: it goes on syncing through upgrades.
pub mod opaque {
    use super::*;

    /// A block whose transactions are bytes.
    pub type Block = generic::Block<Header, sp_runtime::OpaqueExtrinsic>;
    /// Hash of a block.
    pub type Hash = <BlakeTwo256 as sp_runtime::traits::Hash>::Output;
}

impl_opaque_keys! {
    /// The keys that a validator agrees with, apart from its account's.
    pub struct SessionKeys {
        /// sr25519: seals blocks, and says that it is alive.
        pub aura: Leadership,
        /// ed25519: votes on finality.
        pub grandpa: Grandpa,
    }
}

// The version is embedded in the blob, so it has to be a literal; only rehearsals of an upgrade need two.
macro_rules! version {
    ($spec_version:tt) => {
        /// Identity and version of this runtime.
        #[sp_version::runtime_version]
        pub const VERSION: RuntimeVersion = RuntimeVersion {
            spec_name: alloc::borrow::Cow::Borrowed("plume"),
            impl_name: alloc::borrow::Cow::Borrowed("plume"),
            authoring_version: 1,
            spec_version: $spec_version,
            impl_version: 1,
            apis: apis::RUNTIME_API_VERSIONS,
            transaction_version: 1,
            system_version: 1,
        };
    };
}
#[cfg(not(feature = "rehearsal"))]
version!(1);
/// The version after this one; see `scripts/rehearsal`.
#[cfg(feature = "rehearsal")]
version!(2);

/// Applies blocks and transactions to the state.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    // The chain itself.
    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Clock = pallet_clock;

    // PLUME and its fees. Fees settles a block before Authorship forgets who sealed it.
    #[runtime::pallet_index(3)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(4)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(5)]
    pub type Fees = pallet_fees;

    // Who agrees. Authorship memoises the author by the rotation that the block was sealed under, before
    // Leadership and Session change it; Aura reads the slot that Leadership settles; Validators' genesis
    // comes before Session's, which asks for it.
    #[runtime::pallet_index(10)]
    pub type Authorship = pallet_authorship;
    #[runtime::pallet_index(11)]
    pub type Aura = pallet_aura;
    #[runtime::pallet_index(12)]
    pub type Leadership = pallet_leadership;
    #[runtime::pallet_index(13)]
    pub type Validators = pallet_validators;
    #[runtime::pallet_index(14)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(15)]
    pub type Historical = pallet_session::historical;
    #[runtime::pallet_index(16)]
    pub type Offences = pallet_offences;
    #[runtime::pallet_index(17)]
    pub type Grandpa = pallet_grandpa;

    // Other assets.
    #[runtime::pallet_index(20)]
    pub type Assets = pallet_assets;
    #[runtime::pallet_index(21)]
    pub type AssetsHolder = pallet_assets_holder;
    #[runtime::pallet_index(22)]
    pub type AssetRate = pallet_asset_rate;

    // How accounts act together, and later.
    #[runtime::pallet_index(30)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(31)]
    pub type Multisig = pallet_multisig;
    #[runtime::pallet_index(32)]
    pub type Proxy = pallet_proxy;
    #[runtime::pallet_index(33)]
    pub type Preimage = pallet_preimage;
    #[runtime::pallet_index(34)]
    pub type Scheduler = pallet_scheduler;

    // What PLUME does besides paying: it gives a voice, is released, granted and shared.
    #[runtime::pallet_index(40)]
    pub type Stake = pallet_stake;
    #[runtime::pallet_index(41)]
    pub type Release = pallet_release;
    #[runtime::pallet_index(42)]
    pub type Grants = pallet_grants;
    #[runtime::pallet_index(43)]
    pub type RevenueShare = pallet_revenue_share;

    // Who decides. 57 is kept for a safe mode.
    #[runtime::pallet_index(50)]
    pub type Treasury = pallet_treasury;
    #[runtime::pallet_index(51)]
    pub type Referenda = pallet_referenda;
    #[runtime::pallet_index(52)]
    pub type ConvictionVoting = pallet_conviction_voting;
    #[runtime::pallet_index(53)]
    pub type Whitelist = pallet_whitelist;
    #[runtime::pallet_index(54)]
    pub type TechnicalCommittee = pallet_collective;
    #[runtime::pallet_index(55)]
    pub type Parameters = pallet_parameters;
    #[runtime::pallet_index(56)]
    pub type TxPause = pallet_tx_pause;
    #[runtime::pallet_index(58)]
    pub type Origins = governance::origins;
    #[runtime::pallet_index(59)]
    pub type Brake = pallet_brake;

    // Who is known, what may move, and who watches. Compliance asks the three others.
    #[runtime::pallet_index(60)]
    pub type Credentials = pallet_credentials;
    #[runtime::pallet_index(61)]
    pub type Prices = pallet_prices;
    #[runtime::pallet_index(62)]
    pub type Compliance = pallet_compliance;
    #[runtime::pallet_index(63)]
    pub type Regulator = pallet_regulator;

    // Notes that nobody sees. It asks Credentials.
    #[runtime::pallet_index(70)]
    pub type ShieldedPool = pallet_shielded_pool;

    // Root by one key. Only the development presets set it.
    #[runtime::pallet_index(255)]
    pub type Sudo = pallet_sudo;
}

/// The wasm blob of this runtime, compressed.
///
/// # Panics
///
/// When the node was built with `SKIP_WASM_BUILD`, which builds no blob.
#[cfg(feature = "std")]
pub fn wasm_binary() -> &'static [u8] {
    WASM_BINARY
        .expect("the node was built with SKIP_WASM_BUILD set and has no runtime; build without it")
}

/// Hash type of a block, for those who only know the block.
pub type HashOf<B> = <B as BlockT>::Hash;
