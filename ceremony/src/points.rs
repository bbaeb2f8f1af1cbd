//! Points as bytes: uncompressed, checked one by one.

use core::fmt;

use ark_ec::AffineRepr;
use ark_ec::short_weierstrass::{Affine, SWCurveConfig};
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize, Compress, Validate};
use rayon::prelude::*;

/// Bytes of a point of G1: two coordinates, big endian.
pub const G1_BYTES: usize = 96;
/// Bytes of a point of G2.
pub const G2_BYTES: usize = 192;

/// Whether the identity may stand in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// It would be a secret that is zero.
    Refused,
    /// A variable that a matrix does not mention.
    Allowed,
}

/// Why bytes are no point that may stand here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointFault {
    /// Not the encoding of two coordinates.
    Encoding,
    /// Coordinates that are not on the curve.
    OffCurve,
    /// On the curve, outside of the subgroup of prime order: its small part would leak a contributor's factor
    /// modulo a small number, and nothing that pairings say about it holds.
    OutsideSubgroup,
    /// The identity, where it would mean that a secret is zero.
    Identity,
}

impl fmt::Display for PointFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Encoding => "is no encoding of a point",
            Self::OffCurve => "is not on the curve",
            Self::OutsideSubgroup => "is outside of the subgroup",
            Self::Identity => "is the identity",
        })
    }
}

/// Bytes of a point of this curve.
pub(crate) fn point_bytes<P: SWCurveConfig>() -> usize {
    Affine::<P>::identity().uncompressed_size()
}

/// A list of points that fills the bytes exactly, or the first one that is none.
pub(crate) fn decode<P: SWCurveConfig>(
    bytes: &[u8],
    identity: Identity,
) -> Result<Vec<Affine<P>>, (usize, PointFault)> {
    let size = point_bytes::<P>();
    let points: Vec<_> = bytes
        .par_chunks(size)
        .map(|chunk| decode_one(chunk, identity))
        .collect();
    points
        .into_iter()
        .enumerate()
        .map(|(index, point)| point.map_err(|fault| (index, fault)))
        .collect()
}

fn decode_one<P: SWCurveConfig>(bytes: &[u8], identity: Identity) -> Result<Affine<P>, PointFault> {
    let point = Affine::<P>::deserialize_with_mode(bytes, Compress::No, Validate::No)
        .map_err(|_| PointFault::Encoding)?;
    // arkworks also reads an identity whose unused bits are set. Here a point has one encoding.
    let mut again = Vec::with_capacity(bytes.len());
    encode(&[point], &mut again);
    if again != bytes {
        return Err(PointFault::Encoding);
    }
    if point.is_zero() {
        return match identity {
            Identity::Allowed => Ok(point),
            Identity::Refused => Err(PointFault::Identity),
        };
    }
    if !point.is_on_curve() {
        return Err(PointFault::OffCurve);
    }
    if !point.is_in_correct_subgroup_assuming_on_curve() {
        return Err(PointFault::OutsideSubgroup);
    }
    Ok(point)
}

/// Appends points.
pub(crate) fn encode<P: SWCurveConfig>(points: &[Affine<P>], out: &mut Vec<u8>) {
    for point in points {
        point
            .serialize_uncompressed(&mut *out)
            .expect("a vector takes all that is written to it");
    }
}
