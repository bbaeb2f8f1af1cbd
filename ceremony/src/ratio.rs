//! Many equations checked as one: random linear combinations and pairings.
//!
//! Weights have 128 random bits that the verifier draws itself, after it has read the points. Of points that do
//! not satisfy an equation, one choice in 2^128 passes.

use ark_bls12_381::{Bls12_381, Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::pairing::Pairing;
use ark_ec::{CurveGroup, VariableBaseMSM};
use ark_ff::Zero;

use crate::error::Error;

/// So many random weights of 128 bits.
pub(crate) fn weights(count: usize) -> Result<Vec<Fr>, Error> {
    let mut bytes = vec![0; count * 16];
    getrandom::fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
    let mut weights = Vec::with_capacity(count);
    for chunk in bytes.chunks_exact(16) {
        let mut number = [0; 16];
        number.copy_from_slice(chunk);
        weights.push(Fr::from(u128::from_le_bytes(number)));
    }
    Ok(weights)
}

/// The sum of the points, each times its weight. Both lists have the same length.
pub(crate) fn combine<G: VariableBaseMSM>(points: &[G::MulBase], weights: &[G::ScalarField]) -> G {
    debug_assert_eq!(points.len(), weights.len());
    G::msm_unchecked(points, weights)
}

/// Whether `g1.1 = x · g1.0` and `g2.1 = x · g2.0` for the same x.
///
/// `g1.0` and `g2.0` must not be the identity.
pub(crate) fn same_ratio(
    g1: (impl Into<G1Affine>, impl Into<G1Affine>),
    g2: (impl Into<G2Affine>, impl Into<G2Affine>),
) -> bool {
    let (before, after): (G1Affine, G1Affine) = (g1.0.into(), g1.1.into());
    let (base, multiple): (G2Affine, G2Affine) = (g2.0.into(), g2.1.into());
    Bls12_381::multi_pairing([after, -before], [base, multiple]).is_zero()
}

/// Whether each of the points of `list` is x times the one before it, where `ratio.1 = x · ratio.0`.
pub(crate) fn is_geometric(list: &[G1Affine], ratio: (G2Affine, G2Affine)) -> Result<bool, Error> {
    let (Some(head), Some(tail)) = (list.get(..list.len().saturating_sub(1)), list.get(1..)) else {
        return Ok(true);
    };
    let weights = weights(tail.len())?;
    let pair: [G1Projective; 2] = [combine(head, &weights), combine(tail, &weights)];
    let pair = G1Projective::normalize_batch(&pair);
    let [before, after] = pair[..] else {
        return Ok(false);
    };
    Ok(same_ratio((before, after), ratio))
}
