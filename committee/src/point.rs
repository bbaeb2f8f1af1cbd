//! The one encoding of a point and of a scalar, and the checks on decoding.
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use crate::Bytes32;
use ark_ec::{
    AffineRepr, CurveGroup,
    twisted_edwards::{Affine, Projective, TECurveConfig},
};
use ark_ed_on_bls12_381_bandersnatch::{EdwardsConfig, Fq, Fr};
use ark_ff::{BigInt, PrimeField};
use educe::Educe;
use plume_circuits::FieldBytes;

/// Bandersnatch in twisted Edwards form: arkworks' own, or the runtime's, whose multiplications are host calls.
///
/// The coefficients are the implementation's word: name no other curve.
pub trait Bandersnatch: TECurveConfig<BaseField = Fq, ScalarField = Fr> {}

impl<C: TECurveConfig<BaseField = Fq, ScalarField = Fr>> Bandersnatch for C {}

/// Why bytes or coordinates are no point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointError {
    /// A coordinate is not below the modulus, or there is a sign where there is none.
    NotCanonical,
    /// No point of the curve has these coordinates.
    NotOnCurve,
    /// The identity: a key or a share that everybody has.
    Identity,
    /// A point of small order, or one with such a part.
    NotInSubgroup,
}

impl core::fmt::Display for PointError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NotCanonical => "a point that is not encoded canonically",
            Self::NotOnCurve => "a point that is not on the curve",
            Self::Identity => "the identity, where a point of the subgroup is expected",
            Self::NotInSubgroup => "a point outside the subgroup of prime order",
        })
    }
}

impl core::error::Error for PointError {}

/// A point of Bandersnatch's subgroup of prime order, and not the identity.
///
/// Encoding: 32 bytes, y in little endian, the highest bit set when x is the larger of x and -x (as arkworks'
/// compressed form). No two encodings decode to one point.
#[derive(Educe)]
#[educe(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point<C: Bandersnatch = EdwardsConfig>(pub(crate) Affine<C>);

const SIGN: u8 = 0x80;

/// The encoding, without asking which point it is.
pub(crate) fn encode<C: Bandersnatch>(point: &Affine<C>) -> Bytes32 {
    let mut bytes: [u8; 32] = FieldBytes::from(point.y).into();
    if let Some(last) = bytes.last_mut()
        && point.x > -point.x
    {
        *last |= SIGN;
    }
    Bytes32(bytes)
}

impl<C: Bandersnatch> Point<C> {
    /// Decodes. Costs a square root and a multiplication.
    pub fn decode(bytes: &Bytes32) -> Result<Self, PointError> {
        let mut y = bytes.0;
        let mut negative = false;
        if let Some(last) = y.last_mut() {
            negative = *last & SIGN != 0;
            *last &= !SIGN;
        }
        let y = FieldBytes::from_canonical(y)
            .map_err(|_| PointError::NotCanonical)?
            .to_element();
        let point =
            Affine::<C>::get_point_from_y_unchecked(y, negative).ok_or(PointError::NotOnCurve)?;
        if encode(&point) != *bytes {
            return Err(PointError::NotCanonical);
        }
        Self::checked(point)
    }

    /// From affine coordinates, as they are public inputs of a proof. Costs a multiplication.
    pub fn from_coordinates(x: &FieldBytes, y: &FieldBytes) -> Result<Self, PointError> {
        Self::checked(Affine::new_unchecked(x.to_element(), y.to_element()))
    }

    /// A point that is on the curve or not, in the subgroup or not.
    pub(crate) fn checked(point: Affine<C>) -> Result<Self, PointError> {
        if !point.is_on_curve() {
            return Err(PointError::NotOnCurve);
        }
        if point.is_zero() {
            return Err(PointError::Identity);
        }
        if !point.is_in_correct_subgroup_assuming_on_curve() {
            return Err(PointError::NotInSubgroup);
        }
        Ok(Self(point))
    }

    /// A result of computing with points of the subgroup: only the identity has to be refused.
    pub(crate) fn computed(point: Projective<C>) -> Result<Self, PointError> {
        let point = point.into_affine();
        if point.is_zero() {
            return Err(PointError::Identity);
        }
        Ok(Self(point))
    }

    /// The generator.
    pub fn generator() -> Self {
        Self(C::GENERATOR)
    }

    /// The generator, as often as a scalar says. Fails for zero only.
    pub fn of_secret(secret: &Fr) -> Result<Self, PointError> {
        Self::computed(C::GENERATOR * secret)
    }

    /// This point, as often as a scalar says. Fails for zero only.
    pub fn multiplied(&self, scalar: &Fr) -> Result<Self, PointError> {
        Self::computed(self.0 * scalar)
    }

    /// 32 bytes.
    pub fn encode(&self) -> Bytes32 {
        encode(&self.0)
    }

    /// x and y.
    pub fn coordinates(&self) -> (FieldBytes, FieldBytes) {
        (self.0.x.into(), self.0.y.into())
    }

    pub(crate) fn group(&self) -> Projective<C> {
        self.0.into_group()
    }
}

/// A scalar from 32 bytes in little endian; none when they are not below the order of the subgroup.
pub fn scalar(bytes: &Bytes32) -> Option<Fr> {
    let mut limbs = [0u64; 4];
    for (limb, chunk) in limbs.iter_mut().zip(bytes.0.chunks_exact(8)) {
        for byte in chunk.iter().rev() {
            *limb = (*limb << 8) | u64::from(*byte);
        }
    }
    Fr::from_bigint(BigInt(limbs))
}

/// 32 bytes in little endian.
pub fn scalar_bytes(scalar: &Fr) -> Bytes32 {
    let mut bytes = [0; 32];
    for (chunk, limb) in bytes.chunks_exact_mut(8).zip(scalar.into_bigint().0) {
        chunk.copy_from_slice(&limb.to_le_bytes());
    }
    Bytes32(bytes)
}
