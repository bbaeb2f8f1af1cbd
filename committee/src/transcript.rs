//! What a proof is about, hashed.

use crate::{Bandersnatch, Bytes32, Point, point::encode};
use ark_ec::twisted_edwards::Affine;
use ark_ed_on_bls12_381_bandersnatch::Fr;
use ark_ff::PrimeField;
use blake2::{Blake2b512, Digest};

/// BLAKE2b-512 over a domain and then its parts, each with its length (64 bits, little endian) before it, so that
/// no two lists of parts have one hash.
#[derive(Clone)]
pub struct Transcript(Blake2b512);

impl Transcript {
    /// Begins. Each use has a domain of its own.
    pub fn new(domain: &str) -> Self {
        Self(Blake2b512::new()).with(domain.as_bytes())
    }

    /// With another part.
    #[must_use]
    pub fn with(mut self, part: &[u8]) -> Self {
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
        self
    }

    /// With a point.
    #[must_use]
    pub fn with_point<C: Bandersnatch>(self, point: &Point<C>) -> Self {
        self.with(&point.encode().0)
    }

    /// With a point that may be the identity.
    #[must_use]
    pub(crate) fn with_any<C: Bandersnatch>(self, point: &Affine<C>) -> Self {
        self.with(&encode(point).0)
    }

    /// The hash as a scalar: 512 bits modulo the 253-bit order, so uniform but for 2⁻²⁵⁹.
    pub fn scalar(self) -> Fr {
        Fr::from_le_bytes_mod_order(&self.0.finalize())
    }

    /// The first 32 bytes of the hash.
    pub fn hash(self) -> Bytes32 {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(self.0.finalize()) {
            *to = from;
        }
        Bytes32(bytes)
    }
}
