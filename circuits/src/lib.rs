//! The hash that is cheap inside a proof, the Merkle trees over it, and the circuits that prove transfers and standing.
//!
//! Credentials, notes and policies are leaves of such trees on the chain, and proofs show membership in them. Chain,
//! wallets and circuits must agree on every bit of it, so all of it stands here, once.
//!
//! | module | what | who uses it |
//! |---|---|---|
//! | the root | the hash | everybody |
//! | [`tree`] | a tree whose leaves can be replaced | credentials, policies |
//! | [`frontier`] | a tree that only grows, in 1.6 kB | the pool |
//! | [`notes_tree`] | the same with the paths of chosen leaves | wallets |
//! | [`transfer`] | the statement of a transfer, its proofs and their verification | the pool, wallets |
//! | [`standing`] | the statement that somebody is known well enough, and no more | wallets, verifiers off the chain |
//!
//! | feature | brings |
//! |---|---|
//! | `std` (default) | the standard library; without it everything is there that a runtime needs |
//! | `prover` | the circuits and their keys; never in a runtime |
//! | `parallel` | all cores for proving |
//!
//! # The hash
//!
//! Poseidon over the scalar field of BLS12-381: width 5 (four elements in, one of capacity), x⁵, 8 full and 60
//! partial rounds, constants and matrix from the reference's Grain generator. `docs/decisions/0030` says why.
//!
//! [`hash`] takes any number of field elements. Capacity starts at domain · 2⁶⁴ + number of elements, so that
//! inputs of another [`Domain`] or another length never meet. The last block is filled with zeros. The result is
//! the first element after the capacity, as in `ark-crypto-primitives`' sponge, whose gadget proves it.
//!
//! | function | domain | elements | permutations |
//! |---|---|---|---|
//! | [`node`] | 1 | 4 children | 1 |
//! | [`leaf`] | 2 | 4 | 1 |
//! | [`commit`] | 3 | salt, then the message | ⌈(1 + length) / 4⌉ |
//! | [`key_stream`] | 13 | a shared point, a place | 1 for four elements |
//!
//! The domains 4 to 12 are those of the shielded pool, 14 is that of [`standing`]: [`Domain`] lists them.
//!
//! # The encoding
//!
//! [`FieldBytes`]: 32 bytes, little endian, below the modulus. There is one encoding of an element, and whatever
//! else is refused: two encodings of one leaf would be two credentials with one proof.
//!
//! # The tree
//!
//! [`tree`]: four children a node, fixed depth, an empty leaf is zero, which no hash of anything is. A leaf can be
//! replaced, and by zero removed.
//!
//! # Example
//!
//! ```
//! use plume_circuits::{FieldBytes, Poseidon, commit, leaf, tree::MemoryTree};
//!
//! let salt = FieldBytes::from_hash([7; 32]);
//! let commitment = commit(&[FieldBytes::from_hash([1; 32])], &salt);
//! let credential = leaf(&[5u64.into(), 6u64.into(), 7u64.into(), commitment]);
//!
//! let mut tree = MemoryTree::<Poseidon, 10>::default();
//! let place = tree.append(credential).unwrap();
//! let path = tree.path(place).unwrap();
//! assert!(path.leads::<Poseidon>(&credential, &tree.root()));
//!
//! let before = tree.root();
//! tree.update(&[(place, FieldBytes::ZERO)]).unwrap(); // revoked
//! assert!(!path.leads::<Poseidon>(&credential, &tree.root()));
//! assert!(path.leads::<Poseidon>(&credential, &before));
//! ```
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

extern crate alloc;

mod constants;
mod field;
pub mod frontier;
#[cfg(feature = "prover")]
mod groth16;
mod hash;
pub mod notes_tree;
mod poseidon;
pub mod standing;
#[cfg(test)]
mod tests;
pub mod transfer;
pub mod tree;

pub use ark_bls12_381::Fr;
pub use field::{FieldBytes, NotCanonical};
pub use hash::{Domain, Poseidon, STREAM_BLOCK, commit, hash, key_stream, leaf, node};
