//! Builds a block from the pool, many transactions at a time, within the time its slot leaves.
//!
//! A drop-in for `sc_basic_authorship`. The SDK's proposer enters the runtime once per transaction,
//! and an entry (a fresh wasm instance, the state behind it) costs about as much as a transfer's own
//! work. This one hands the runtime a chunk of transactions per entry
//! ([`plume_primitives::api::TransactionBatch::apply_extrinsics`]); everything else follows the SDK.
//!
//! # A slot's time budget
//!
//! `max_duration` is what consensus grants to one proposal, and grows while slots are missed. The plan below is
//! for that time or for the fill limit ([`BatchProposerFactory::set_fill_limit`]), whichever is shorter.
//!
//! ```text
//! 0                          soft deadline            deadline 90 %     100 %
//! |- init -|- inherents -|- pool -|- 16 -|-- 32 --|--- 64 ---|- 32 -|8|4|- finalise -|
//!                         ≤ 1/8 of  chunks grow while they    and shrink   state root,
//!                         the time  are quick                 before the   storage changes
//!                         left,                               deadline
//!                         ≤ 50 ms
//! ```
//!
//! - A chunk takes, by prediction, at most half of the time left before the deadline, so that one
//!   which is twice as slow as predicted still ends in time ([`batch::Chunks`]).
//! - Finalising costs time per transaction too. What this is predicted to cost more than the 10 %
//!   behind the deadline comes out of the time for transactions. A proposal that ends late is thrown
//!   away whole by consensus.
//! - One transaction may take longer than the whole plan: replacing the runtime does. Its proposals are thrown
//!   away until enough slots are missed for consensus to grant its time; without that growth no author could
//!   ever seal it, nor anything else while it waits in the pool.
//! - Both predictions outlive the block: the next proposer of the same factory starts with them.
//!
//! # What becomes of a transaction
//!
//! | the runtime answers | in the block | told to the pool | its dependants in this block |
//! |---|---|---|---|
//! | applied (also a failed dispatch) | yes | no | tried |
//! | exhausts resources, or too long for the block | no | no | left out |
//! | stale: its nonce is used | no | no | tried |
//! | future: a nonce before it is missing | no | no | left out |
//! | any other refusal | no | invalid, with the reason | left out |
//! | the call fails (the runtime panics) | no | invalid, no reason | left out |
//!
//! Stale and future are the pool's lag behind the chain, not a fault of the transaction: telling the
//! pool would cost the sender every later transaction. A call that fails for a chunk is repeated for
//! each of its transactions alone, which finds the one at fault. After a few transactions that do not
//! fit ([`batch::Skips`]) the block counts as full.
//!
//! A runtime without `TransactionBatch` (from before an upgrade) is asked one transaction at a time.

pub mod batch;
mod factory;
mod fill;
mod metrics;
mod proposer;
mod runtime;

pub use factory::{BatchProposerFactory, DEFAULT_BLOCK_SIZE_LIMIT_BYTES};
pub use metrics::EndReason;
pub use proposer::BatchProposer;

pub(crate) const LOG_TARGET: &str = "authorship";
