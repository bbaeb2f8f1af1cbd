//! What is hashed for which purpose.

use crate::{
    FieldBytes,
    constants::EMPTY,
    poseidon::{permute, sponge},
    tree::TreeHasher,
};
use ark_bls12_381::Fr;
use ark_ff::AdditiveGroup;

/// What a hash is for. A number never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// An inner node of a tree.
    Node,
    /// A credential, as a leaf.
    Leaf,
    /// A salted commitment to what stays off the chain.
    Commitment,
    /// The key stream of an encryption.
    Stream,
}

impl Domain {
    /// The number in the capacity.
    pub const fn number(self) -> u64 {
        match self {
            Self::Node => 1,
            Self::Leaf => 2,
            Self::Commitment => 3,
            Self::Stream => 13,
        }
    }

    /// What the capacity starts with: the number, and how many elements are hashed in the lower 64 bits.
    const fn capacity(self, elements: usize) -> u128 {
        ((self.number() as u128) << 64) | (elements as u128)
    }
}

/// Hashes any number of elements.
pub fn hash(domain: Domain, elements: &[FieldBytes]) -> FieldBytes {
    let capacity = domain.capacity(elements.len());
    sponge(capacity, elements.iter().map(FieldBytes::to_element)).into()
}

/// An inner node, from its children.
pub fn node(children: &[FieldBytes; 4]) -> FieldBytes {
    hash(Domain::Node, children)
}

/// A credential's leaf, from its four parts.
pub fn leaf(parts: &[FieldBytes; 4]) -> FieldBytes {
    hash(Domain::Leaf, parts)
}

/// A commitment to a message. It hides the message as long as the salt is 32 random bytes (through
/// [`FieldBytes::from_hash`]) that nobody else knows, and used once.
pub fn commit(message: &[FieldBytes], salt: &FieldBytes) -> FieldBytes {
    let capacity = Domain::Commitment.capacity(message.len().saturating_add(1));
    let elements = core::iter::once(salt).chain(message);
    sponge(capacity, elements.map(FieldBytes::to_element)).into()
}

/// Elements of key stream that one permutation gives.
pub const STREAM_BLOCK: usize = 4;

/// A block of the key stream that hides a layer's plaintext, which is added to it element by element.
///
/// It is what the sponge of [`Domain::Stream`] gives when it is asked for all four elements of its rate after
/// one permutation, not for the first alone: a stream of four elements costs one permutation, and its first
/// element is [`hash`]`(Stream, [x, y, layer · 2³² + block])`.
///
/// `shared` are the affine coordinates (twisted Edwards) of the shared Bandersnatch point.
pub fn key_stream(shared: &[FieldBytes; 2], layer: u32, block: u32) -> [FieldBytes; STREAM_BLOCK] {
    let [x, y] = shared.map(|coordinate| coordinate.to_element());
    let place = (u64::from(layer) << 32) | u64::from(block);
    let capacity = Fr::from(Domain::Stream.capacity(3));
    let mut state = [capacity, x, y, Fr::from(place), Fr::ZERO];
    permute(&mut state);
    let [_, stream @ ..] = state;
    stream.map(FieldBytes::from)
}

/// The hash of this crate, for [trees](crate::tree).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Poseidon;

impl TreeHasher for Poseidon {
    fn leaf(parts: &[FieldBytes; 4]) -> FieldBytes {
        leaf(parts)
    }

    fn node(children: &[FieldBytes; 4]) -> FieldBytes {
        node(children)
    }

    fn empty(level: u32) -> FieldBytes {
        let known = usize::try_from(level)
            .ok()
            .and_then(|level| EMPTY.get(level));
        match known {
            Some(bytes) => FieldBytes::trusted(*bytes),
            None => node(&[Self::empty(level.saturating_sub(1)); 4]),
        }
    }
}
