//! Points of Bandersnatch, as they stand in public inputs.

use crate::FieldBytes;
use ark_ec::AffineRepr;
use ark_ed_on_bls12_381_bandersnatch::EdwardsAffine;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Why two coordinates are no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPoint {
    /// They do not fulfil the curve's equation.
    NotOnCurve,
    /// The point has a part of small order.
    NotInSubgroup,
    /// It is the neutral element, which everybody knows the secret of.
    Neutral,
}

impl core::fmt::Display for BadPoint {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NotOnCurve => "the point is not on Bandersnatch",
            Self::NotInSubgroup => "the point is not in Bandersnatch's subgroup of prime order",
            Self::Neutral => "the point is the neutral element",
        })
    }
}

impl core::error::Error for BadPoint {}

/// Affine coordinates (twisted Edwards form, as in arkworks) of a point of Bandersnatch. Any two elements decode to
/// one: whoever takes a key from somewhere asks [`Point::check`].
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Point {
    /// x.
    pub x: FieldBytes,
    /// y.
    pub y: FieldBytes,
}

impl Point {
    /// The point, if it can be a key: on the curve, in the subgroup of prime order, not neutral.
    ///
    /// **The circuit relies on this** for the flow key and the committee's key: its additions are complete for
    /// such points only. A chain checks a key when it is set.
    pub fn check(&self) -> Result<EdwardsAffine, BadPoint> {
        let point = EdwardsAffine::new_unchecked(self.x.to_element(), self.y.to_element());
        if !point.is_on_curve() {
            Err(BadPoint::NotOnCurve)
        } else if point.is_zero() {
            Err(BadPoint::Neutral)
        } else if !point.is_in_correct_subgroup_assuming_on_curve() {
            Err(BadPoint::NotInSubgroup)
        } else {
            Ok(point)
        }
    }

    /// The coordinates, as a key stream takes them.
    pub const fn coordinates(&self) -> [FieldBytes; 2] {
        [self.x, self.y]
    }
}

impl From<EdwardsAffine> for Point {
    fn from(point: EdwardsAffine) -> Self {
        Self {
            x: point.x.into(),
            y: point.y.into(),
        }
    }
}
