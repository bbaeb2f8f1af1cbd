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
///
/// | number | domain | elements |
/// |---|---|---|
/// | 1 | [`Node`](Self::Node) | four children |
/// | 2 | [`Leaf`](Self::Leaf) | subject, issuer, packed claims, commitment |
/// | 3 | [`Commitment`](Self::Commitment) | salt, then the message |
/// | 4 | [`SpendAuthority`](Self::SpendAuthority) | spend secret |
/// | 5 | [`PoolKey`](Self::PoolKey) | spend authority, nullifier key |
/// | 6 | [`Owner`](Self::Owner) | pool key, diversifier |
/// | 7 | [`Note`](Self::Note) | value + asset · 2⁶⁴, owner, randomness |
/// | 8 | [`Nullifier`](Self::Nullifier) | nullifier key, commitment, position, pool |
/// | 9 | [`Counter`](Self::Counter) | spent + period · 2⁶⁴ + asset · 2⁹⁶, pool key, randomness |
/// | 10 | [`FirstCounter`](Self::FirstCounter) | nullifier key, period · 2⁶⁴ + asset · 2⁹⁶, pool |
/// | 11 | [`Policy`](Self::Policy) | asset, tier, limit, flags |
/// | 12 | [`Pseudonym`](Self::Pseudonym) | nullifier key, period |
/// | 13 | [`Stream`](Self::Stream) | x and y of the shared point, layer · 2³² + block: see [`key_stream`] |
/// | 14 | [`VerifierPseudonym`](Self::VerifierPseudonym) | spend secret, verifier |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// An inner node of a tree.
    Node,
    /// A credential, as a leaf.
    Leaf,
    /// A salted commitment to what stays off the chain.
    Commitment,
    /// What a spend secret is the secret of.
    SpendAuthority,
    /// The key of an owner in the pool.
    PoolKey,
    /// The owner of notes at one address.
    Owner,
    /// A note's commitment.
    Note,
    /// What shows that a note, or a counter, is spent, and not which.
    Nullifier,
    /// The commitment of a note that counts what its owner spent in a period.
    Counter,
    /// The nullifier that the first transfer of a period spends in place of a counter.
    FirstCounter,
    /// What holds for a tier of holders of an asset, as a leaf.
    Policy,
    /// A sender's name for a period.
    Pseudonym,
    /// The key stream of an encryption.
    Stream,
    /// A holder's name for one verifier.
    VerifierPseudonym,
}

impl Domain {
    /// All domains, in order of their numbers.
    pub const ALL: [Self; 14] = [
        Self::Node,
        Self::Leaf,
        Self::Commitment,
        Self::SpendAuthority,
        Self::PoolKey,
        Self::Owner,
        Self::Note,
        Self::Nullifier,
        Self::Counter,
        Self::FirstCounter,
        Self::Policy,
        Self::Pseudonym,
        Self::Stream,
        Self::VerifierPseudonym,
    ];

    /// The number in the capacity.
    pub const fn number(self) -> u64 {
        match self {
            Self::Node => 1,
            Self::Leaf => 2,
            Self::Commitment => 3,
            Self::SpendAuthority => 4,
            Self::PoolKey => 5,
            Self::Owner => 6,
            Self::Note => 7,
            Self::Nullifier => 8,
            Self::Counter => 9,
            Self::FirstCounter => 10,
            Self::Policy => 11,
            Self::Pseudonym => 12,
            Self::Stream => 13,
            Self::VerifierPseudonym => 14,
        }
    }

    /// What the capacity starts with: the number, and how many elements are hashed in the lower 64 bits.
    pub(crate) const fn capacity(self, elements: usize) -> u128 {
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
