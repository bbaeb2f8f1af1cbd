//! Load of the shielded pool: who sends, what the chain says to them, and proofs that are ready when they are sent.
//!
//! # From keys to a load
//!
//! | step | what |
//! |---|---|
//! | [`Senders::derive`] | keys out of a seed, a wallet each |
//! | [`Senders::enrol`] | the [`Operator`](crate::Operator) becomes issuer, and each sender holds a credential of the highest tier for its pool key |
//! | [`Senders::deposits`], [`Senders::payments`] | drafts, of which [`bundles`] puts 32 together |
//! | [`Workshop::prove_ahead`] | the calls with their proofs, when their moment has come |
//! | [`parcels()`] | the same as transactions that a [`Board`](crate::Board) sends and counts |
//! | [`Senders::take`] | all wallets learn what has become final |
//!
//! # Rules
//!
//! 1. A proof says a moment, and counts from then on for `shieldedPool.maxProofAge`. Proving takes longer than that, so
//!    the moment is one to come: [`Workshop`] estimates when all will be proven by how long proofs took before, and
//!    waits for the moment.
//! 2. Roots of notes stay good while nobody else uses the pool, and those of the credentials while nobody else issues
//!    any: a network that is measured must be quiet.
//! 3. Each sender makes one transfer at a time, because the next one spends the counter that it leaves. The wallets
//!    have to [take](Senders::take) a round before the next is drafted.
//! 4. Proofs are made with the development network's key, which everybody can forge proofs for.

mod blocks;
mod chain;
mod parcels;
mod senders;
mod workshop;

pub use blocks::{BlockFill, FullBlocks, NormalLimit, bound, filled};
pub use chain::{Pooled, terms};
pub use parcels::{Wrapper, exchange_proofs, parcels, rerandomised};
pub use senders::{Senders, bundles};
pub use workshop::Workshop;
