//! Points of Bandersnatch that are safe to compute with, and the base point of a diversifier.

use crate::blake;
use ark_ec::{
    AffineRepr, CurveGroup,
    hashing::{curve_maps::elligator2::Elligator2Map, map_to_curve_hasher::MapToCurve},
};
use ark_ed_on_bls12_381_bandersnatch::{
    BandersnatchConfig, EdwardsAffine, EdwardsProjective, Fq, Fr,
};
use ark_ff::{PrimeField, Zero};
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};
use core::fmt;
use plume_circuits::FieldBytes;

/// A scalar of Bandersnatch: an element of the field of its prime order (253 bits).
pub type Scalar = Fr;

/// Bytes of a compressed point: y, and in the top bit whether x is the larger of ±x.
pub const COMPRESSED_BYTES: usize = 32;
/// Bytes of an uncompressed point: x, then y.
pub const UNCOMPRESSED_BYTES: usize = 64;

/// Why bytes are no point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointError {
    /// A coordinate is not below the field's modulus.
    #[error("a coordinate is not below the modulus: another encoding of a point, or of none")]
    NotCanonical,
    /// No point of the curve.
    #[error("the point is not on Bandersnatch")]
    OffCurve,
    /// A point with a part of order two or four.
    #[error("the point is not in the subgroup of prime order")]
    SmallOrder,
    /// The neutral element, with which nothing is secret.
    #[error("the point is the neutral element")]
    Identity,
}

/// A point of Bandersnatch in the subgroup of prime order, not the neutral element.
///
/// Every way into this type checks all of that: a point of small order would tell its sender bits of the key that
/// it is multiplied by.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Point(EdwardsAffine);

impl Point {
    /// The generator of the subgroup, which the pool's keys of regulators and senders are over.
    pub fn generator() -> Self {
        Self(EdwardsAffine::generator())
    }

    /// The point, if it is one of this type.
    pub fn from_affine(point: EdwardsAffine) -> Result<Self, PointError> {
        if !point.is_on_curve() {
            Err(PointError::OffCurve)
        } else if point.is_zero() {
            Err(PointError::Identity)
        } else if !point.is_in_correct_subgroup_assuming_on_curve() {
            Err(PointError::SmallOrder)
        } else {
            Ok(Self(point))
        }
    }

    /// Reads 32 bytes. There is one encoding of each point.
    pub fn from_compressed(bytes: &[u8; COMPRESSED_BYTES]) -> Result<Self, PointError> {
        let mut y = *bytes;
        if let Some(top) = y.last_mut() {
            *top &= 0x7f;
        }
        FieldBytes::from_canonical(y).map_err(|_| PointError::NotCanonical)?;
        let point = EdwardsAffine::deserialize_compressed_unchecked(bytes.as_slice())
            .map_err(|_| PointError::OffCurve)?;
        let point = Self::from_affine(point)?;
        if point.to_compressed() == *bytes {
            Ok(point)
        } else {
            Err(PointError::NotCanonical)
        }
    }

    /// Reads 64 bytes.
    pub fn from_uncompressed(bytes: &[u8; UNCOMPRESSED_BYTES]) -> Result<Self, PointError> {
        let (x, y) = coordinates(bytes).ok_or(PointError::NotCanonical)?;
        Self::from_affine(EdwardsAffine::new_unchecked(x, y))
    }

    /// 32 bytes.
    pub fn to_compressed(&self) -> [u8; COMPRESSED_BYTES] {
        let mut bytes = [0; COMPRESSED_BYTES];
        self.0
            .serialize_compressed(bytes.as_mut_slice())
            .expect("a compressed point has 32 bytes");
        bytes
    }

    /// 64 bytes.
    pub fn to_uncompressed(&self) -> [u8; UNCOMPRESSED_BYTES] {
        let mut bytes = [0; UNCOMPRESSED_BYTES];
        let (x, y) = bytes.split_at_mut(32);
        x.copy_from_slice(FieldBytes::from(self.0.x).as_bytes());
        y.copy_from_slice(FieldBytes::from(self.0.y).as_bytes());
        bytes
    }

    /// The coordinates in the twisted Edwards form, as circuits take them.
    pub fn coordinates(&self) -> [FieldBytes; 2] {
        [self.0.x.into(), self.0.y.into()]
    }

    /// The point times a scalar; nothing when the scalar is zero.
    pub fn times(&self, scalar: &Scalar) -> Option<Self> {
        let product = (self.0 * scalar).into_affine();
        (!product.is_zero()).then_some(Self(product))
    }

    /// The point for arithmetic.
    pub fn to_affine(self) -> EdwardsAffine {
        self.0
    }
}

impl fmt::Debug for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Point({})", hex::encode(self.to_compressed()))
    }
}

/// Two canonical coordinates, and nothing more is checked.
pub(crate) fn coordinates(bytes: &[u8; UNCOMPRESSED_BYTES]) -> Option<(Fq, Fq)> {
    let (x, y) = bytes.split_at(32);
    let element = |bytes: &[u8]| {
        let bytes = bytes.try_into().ok()?;
        Some(FieldBytes::from_canonical(bytes).ok()?.to_element())
    };
    Some((element(x)?, element(y)?))
}

/// The base point of a diversifier: a hash to the curve, so that nobody knows the logarithm of one base to another.
///
/// As `hash_to_curve` of RFC 9380 (section 3): two field elements, each 512 bits of BLAKE2b modulo q in place of
/// `expand_message`; Elligator 2 of each (section 6.8.2, Z = 5); the sum, times the cofactor. `None` when that is
/// the neutral element, which no diversifier has been seen to give.
pub fn base_point(diversifier: &[u8]) -> Option<Point> {
    let mut sum = EdwardsProjective::zero();
    for counter in [0u8, 1] {
        let seed = blake::secret64(blake::BASE_POINT, &[&[counter], diversifier]);
        let element = Fq::from_le_bytes_mod_order(&*seed);
        let point = Elligator2Map::<BandersnatchConfig>::map_to_curve(element).ok()?;
        sum += point.clear_cofactor();
    }
    Point::from_affine(sum.into_affine()).ok()
}

/// A scalar from its one encoding: 32 bytes, little endian, below the order.
pub(crate) fn scalar_from_bytes(bytes: &[u8; 32]) -> Option<Scalar> {
    Scalar::deserialize_compressed(bytes.as_slice()).ok()
}

/// 32 bytes, little endian.
pub(crate) fn scalar_to_bytes(scalar: &Scalar) -> [u8; 32] {
    let mut bytes = [0; 32];
    scalar
        .serialize_compressed(bytes.as_mut_slice())
        .expect("a scalar has 32 bytes");
    bytes
}
