//! The wallet against a chain in memory.

mod chain;
mod files;
mod life;
mod proofs;
mod refusals;
mod restore;
mod sealed;
mod selection;
mod showing;
mod standing;
mod syncing;

pub(crate) use chain::{ALICE, BOB, CAROL, Chain, Person, ready};
