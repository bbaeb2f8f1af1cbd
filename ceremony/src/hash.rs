//! Hashes: BLAKE2b (RFC 7693) for the transcript, and a hash to G2 (RFC 9380) for proofs of knowledge.

use core::{fmt, str::FromStr};

use ark_bls12_381::{Fr, G2Affine, G2Projective, g2};
use ark_ec::hashing::{
    HashToCurve, curve_maps::wb::WBMap, map_to_curve_hasher::MapToCurveBasedHasher,
};
use ark_ff::{PrimeField, Zero, field_hashers::DefaultFieldHasher};
use blake2::digest::consts::U32;
use blake2::{Blake2b, Blake2b512, Digest as _};
use serde::{Serialize, Serializer};
use sha2::Sha256;

/// 32 bytes of BLAKE2b: of a step, a circuit or a file. Written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let mut bytes = [0; 32];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| NotADigest)?;
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Text that is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 64 hexadecimal digits")]
pub struct NotADigest;

/// BLAKE2b with 32 bytes of output, begun with what it is for.
pub(crate) struct Hasher(Blake2b<U32>);

impl Hasher {
    /// For one purpose: hashes of different purposes never meet.
    pub(crate) fn new(purpose: &str) -> Self {
        let mut hasher = Blake2b::<U32>::new();
        absorb_sized(&mut hasher, purpose.as_bytes());
        Self(hasher)
    }

    /// Bytes whose number is fixed by what came before.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

/// The hash of some bytes for a purpose.
pub(crate) fn digest(purpose: &str, bytes: &[u8]) -> Digest {
    let mut hasher = Hasher::new(purpose);
    hasher.update(bytes);
    hasher.finish()
}

/// 64 bytes of BLAKE2b over parts, each with its length before it.
pub(crate) fn wide(purpose: &str, parts: &[&[u8]]) -> [u8; 64] {
    let mut hasher = Blake2b512::new();
    absorb_sized(&mut hasher, purpose.as_bytes());
    for part in parts {
        absorb_sized(&mut hasher, part);
    }
    hasher.finalize().into()
}

fn absorb_sized(hasher: &mut impl blake2::Digest, bytes: &[u8]) {
    hasher.update((bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

/// An element other than zero, as good as uniform: 512 bits modulo a 255-bit prime.
pub(crate) fn scalar(purpose: &str, parts: &[&[u8]]) -> Fr {
    for counter in 0u64.. {
        let mut all = parts.to_vec();
        let counter = counter.to_le_bytes();
        all.push(&counter);
        let element = Fr::from_le_bytes_mod_order(&wide(purpose, &all));
        if !element.is_zero() {
            return element;
        }
    }
    unreachable!("2^64 hashes in a row that are zero")
}

type G2Hasher =
    MapToCurveBasedHasher<G2Projective, DefaultFieldHasher<Sha256, 128>, WBMap<g2::Config>>;

/// A point of G2 whose discrete logarithm nobody knows.
pub(crate) fn to_g2(message: &[u8]) -> G2Affine {
    to_g2_of(
        b"PLUME-CEREMONY-V01-CS01-with-BLS12381G2_XMD:SHA-256_SSWU_RO_",
        message,
    )
}

/// `BLS12381G2_XMD:SHA-256_SSWU_RO_` of RFC 9380 for a domain separation tag.
pub(crate) fn to_g2_of(tag: &[u8], message: &[u8]) -> G2Affine {
    G2Hasher::new(tag)
        .and_then(|hasher| hasher.hash(message))
        .expect(
            "the map's parameters are constants of the curve's crate, and it is defined for every input",
        )
}
