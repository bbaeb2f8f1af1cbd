//! The key streams of a transfer's two encryptions, outside of the circuit.
//!
//! A transfer has one ephemeral point E = \[e\]G. For a recipient with key K the sender computes S = \[e\]K, and the
//! recipient the same from E. The recipient's layer is its plaintext plus [`plume_circuits::key_stream`] of S and of the
//! layer's number, element by element.
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use crate::{Bandersnatch, Point};
use alloc::vec::Vec;
use plume_circuits::{FieldBytes, key_stream};

/// For whom a ciphertext is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The regulator's flow key: asset and amount, institution, pseudonym.
    Flow,
    /// The committee: who paid whom.
    Committee,
}

/// Elements of layer one.
pub const FLOW_ELEMENTS: usize = 4;
/// Elements of layer two: the subjects of sender and receiver.
pub const COMMITTEE_ELEMENTS: usize = 2;

impl Layer {
    /// The number in the key stream.
    pub const fn number(self) -> u32 {
        match self {
            Self::Flow => 1,
            Self::Committee => 2,
        }
    }
}

/// The stream, as long as it is asked for.
fn stream<C: Bandersnatch>(
    layer: Layer,
    shared: &Point<C>,
) -> impl Iterator<Item = FieldBytes> + use<C> {
    let (x, y) = shared.coordinates();
    (0..).flat_map(move |block| key_stream(&[x, y], layer.number(), block))
}

/// Ciphertext from plaintext.
pub fn mask<C: Bandersnatch>(
    layer: Layer,
    shared: &Point<C>,
    plain: &[FieldBytes],
) -> Vec<FieldBytes> {
    plain
        .iter()
        .zip(stream(layer, shared))
        .map(|(plain, stream)| (plain.to_element() + stream.to_element()).into())
        .collect()
}

/// Plaintext from ciphertext. Another shared point gives other elements, and no error.
pub fn unmask<C: Bandersnatch>(
    layer: Layer,
    shared: &Point<C>,
    cipher: &[FieldBytes],
) -> Vec<FieldBytes> {
    cipher
        .iter()
        .zip(stream(layer, shared))
        .map(|(cipher, stream)| (cipher.to_element() - stream.to_element()).into())
        .collect()
}
