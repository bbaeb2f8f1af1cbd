//! What both phases' states have in common.

use ark_bls12_381::{Fr, G1Affine};
use ark_ec::scalar_mul::glv::GLVConfig;
use ark_ec::short_weierstrass::{Affine, Projective, SWCurveConfig};
use ark_ec::{AffineRepr, CurveGroup};
use rayon::prelude::*;

use crate::error::{Error, Fault};
use crate::points::{Identity, decode, encode, point_bytes};
use crate::progress::Progress;
use crate::secret::Factor;
use crate::step::Reader;

/// Points that a contribution multiplies.
pub(crate) trait State: Sized {
    /// The secrets of the phase, in the order of their proofs.
    const FACTORS: &'static [Factor];

    /// The point of G1 that is a secret times the generator.
    fn carrier(&self, factor: Factor) -> &G1Affine;

    /// Multiplied by a factor for each secret.
    fn multiplied(&self, factors: &[Fr], progress: &dyn Progress) -> Self;

    /// Whether it is a state at all, and goes with the one before. Proofs are checked elsewhere.
    fn check(&self, before: &Self) -> Result<(), Error>;

    /// Length of the encoding.
    fn bytes(&self) -> usize;

    fn encode(&self, out: &mut Vec<u8>);

    /// Of the same sizes as this one. Every point is checked alone.
    fn decode_next(&self, bytes: &[u8]) -> Result<Self, Fault>;
}

/// The next so many points, which errors call `what`.
pub(crate) fn take_points<P: SWCurveConfig>(
    reader: &mut Reader<'_>,
    what: &'static str,
    count: usize,
    identity: Identity,
) -> Result<Vec<Affine<P>>, Fault> {
    let bytes = count
        .checked_mul(point_bytes::<P>())
        .ok_or(Fault::TooLong)?;
    decode(reader.take(bytes)?, identity).map_err(|(index, fault)| Fault::Point(what, index, fault))
}

/// The next point.
pub(crate) fn take_point<P: SWCurveConfig>(
    reader: &mut Reader<'_>,
    what: &'static str,
) -> Result<Affine<P>, Fault> {
    let points = take_points(reader, what, 1, Identity::Refused)?;
    points.first().copied().ok_or(Fault::Truncated)
}

pub(crate) fn put_point<P: SWCurveConfig>(point: &Affine<P>, out: &mut Vec<u8>) {
    encode(&[*point], out);
}

/// How many points are brought to affine coordinates with one inversion.
const BATCH: usize = 512;

/// Each point times its scalar, by the curve's endomorphism: half the doublings. Right in the subgroup only.
pub(crate) fn times<P: GLVConfig<ScalarField = Fr>>(
    points: &[Affine<P>],
    scalars: &[Fr],
) -> Vec<Affine<P>> {
    points
        .par_chunks(BATCH)
        .zip(scalars.par_chunks(BATCH))
        .flat_map_iter(|(points, scalars)| {
            let products: Vec<Projective<P>> = points
                .iter()
                .zip(scalars)
                .map(|(point, scalar)| P::glv_mul_projective(point.into_group(), *scalar))
                .collect();
            Projective::normalize_batch(&products)
        })
        .collect()
}

/// Each point times the same scalar.
pub(crate) fn all_times<P: GLVConfig<ScalarField = Fr>>(
    points: &[Affine<P>],
    scalar: &Fr,
) -> Vec<Affine<P>> {
    times(points, &vec![*scalar; points.len()])
}
