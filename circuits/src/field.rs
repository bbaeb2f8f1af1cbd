//! The one encoding of a field element.

use ark_bls12_381::Fr;
use ark_ff::{BigInt, PrimeField};
use codec::{Decode, DecodeWithMemTracking, Encode, EncodeLike, Input, MaxEncodedLen, Output};
use scale_info::TypeInfo;

/// The 32 bytes are no smaller than the modulus: not an element, or another encoding of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotCanonical;

impl core::fmt::Display for NotCanonical {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("32 bytes that are not below the scalar field's modulus")
    }
}

impl core::error::Error for NotCanonical {}

/// An element of the scalar field of BLS12-381: 32 bytes, little endian, below the modulus.
///
/// Decoding refuses every other 32 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, TypeInfo)]
pub struct FieldBytes([u8; 32]);

/// What is left of a byte 31 when the number has 254 bits.
const TOP_BITS: u8 = 0x3f;

impl FieldBytes {
    /// The element zero, and the empty leaf.
    pub const ZERO: Self = Self([0; 32]);

    /// The bytes, if they are an encoding.
    pub fn from_canonical(bytes: [u8; 32]) -> Result<Self, NotCanonical> {
        if number(&bytes) < Fr::MODULUS {
            Ok(Self(bytes))
        } else {
            Err(NotCanonical)
        }
    }

    /// The lower 254 bits of a digest, read as little endian. 127 bits of collision resistance are left of 256
    /// bit ones.
    pub const fn from_hash(digest: [u8; 32]) -> Self {
        let mut bytes = digest;
        bytes[31] &= TOP_BITS;
        Self(bytes)
    }

    /// 31 bytes, little endian: every such number is an element.
    pub fn from_packed(packed: [u8; 31]) -> Self {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(packed) {
            *to = from;
        }
        Self(bytes)
    }

    /// An encoding that this crate made.
    pub(crate) const fn trusted(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Little endian.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether it is zero: for a leaf, whether it is empty.
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// The element.
    pub fn to_element(&self) -> Fr {
        // Every value of this type is below the modulus, so there always is one.
        Fr::from_bigint(number(&self.0)).unwrap_or_default()
    }
}

fn number(bytes: &[u8; 32]) -> BigInt<4> {
    let mut limbs = [0; 4];
    for (limb, chunk) in limbs.iter_mut().zip(bytes.chunks_exact(8)) {
        for byte in chunk.iter().rev() {
            *limb = (*limb << 8) | u64::from(*byte);
        }
    }
    BigInt(limbs)
}

impl From<Fr> for FieldBytes {
    fn from(element: Fr) -> Self {
        let mut bytes = [0; 32];
        let limbs = element.into_bigint().0;
        for (chunk, limb) in bytes.chunks_exact_mut(8).zip(limbs) {
            chunk.copy_from_slice(&limb.to_le_bytes());
        }
        Self(bytes)
    }
}

impl From<u64> for FieldBytes {
    fn from(number: u64) -> Self {
        u128::from(number).into()
    }
}

impl From<u128> for FieldBytes {
    fn from(number: u128) -> Self {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(number.to_le_bytes()) {
            *to = from;
        }
        Self(bytes)
    }
}

impl TryFrom<[u8; 32]> for FieldBytes {
    type Error = NotCanonical;

    fn try_from(bytes: [u8; 32]) -> Result<Self, NotCanonical> {
        Self::from_canonical(bytes)
    }
}

impl From<FieldBytes> for [u8; 32] {
    fn from(bytes: FieldBytes) -> Self {
        bytes.0
    }
}

impl Encode for FieldBytes {
    fn size_hint(&self) -> usize {
        self.0.len()
    }
    fn encode_to<O: Output + ?Sized>(&self, dest: &mut O) {
        self.0.encode_to(dest);
    }
}

impl EncodeLike for FieldBytes {}

impl Decode for FieldBytes {
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        Self::from_canonical(Decode::decode(input)?)
            .map_err(|_| "a field element is not below the modulus".into())
    }
}

impl DecodeWithMemTracking for FieldBytes {}

impl MaxEncodedLen for FieldBytes {
    fn max_encoded_len() -> usize {
        <[u8; 32]>::max_encoded_len()
    }
}
