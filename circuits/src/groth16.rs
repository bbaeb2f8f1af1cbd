//! Makes Groth16 proofs (Groth, ePrint 2016/260), with sums of multiples by blst.
//!
//! `ark-groth16` has the reduction to polynomials, its keys and the same formulas, and the tests hold both proofs against
//! each other to the bit. Nearly all of its time goes into five sums of some 30,000 points each, one of them in G2, and blst
//! adds points twice as fast as arkworks without assembler (`docs/decisions/0049`).
//!
//! As in every prover of this kind, the time that a sum takes tells something of the witness: how many of its values are zero.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "fields and groups have no overflow"
)]

use crate::Fr;
use alloc::vec::Vec;
use ark_bls12_381::{Bls12_381, Fq, Fq2, g1, g2};
use ark_ec::{
    AffineRepr, CurveGroup,
    short_weierstrass::{Affine, Projective, SWCurveConfig},
};
use ark_ff::{BigInt, BigInteger, PrimeField, Zero};
use ark_groth16::{
    Proof, ProvingKey,
    r1cs_to_qap::{LibsnarkReduction, R1CSToQAP},
};
use ark_poly::Radix2EvaluationDomain;
use ark_relations::gr1cs::{Matrix, SynthesisError};
use blst::{MultiPoint, blst_fp, blst_fp2, blst_p1, blst_p1_affine, blst_p2, blst_p2_affine};
#[cfg(feature = "parallel")]
use rayon::prelude::*;

/// Bits and bytes of a scalar.
const SCALAR_BITS: usize = 255;
const SCALAR_BYTES: usize = 32;
/// Sums that take about the same time, in pairs: as many processors need no more, and each part that a sum is divided
/// into has buckets of its own to sum up.
#[cfg(feature = "parallel")]
const SUMS_AT_ONCE: usize = 2;
/// The fewest points of a part.
#[cfg(feature = "parallel")]
const LEAST_IN_A_PART: usize = 1_024;

/// A constraint system and the values of its variables: one, the public ones, the others.
pub(crate) struct Assignment<'a> {
    pub matrices: &'a [Matrix<Fr>],
    pub instance_variables: usize,
    pub constraints: usize,
    pub values: &'a [Fr],
}

/// The proof with r and s for what hides the witness.
///
/// Errors if there is no domain of the constraints' size.
pub(crate) fn prove(
    key: &ProvingKey<Bls12_381>,
    assignment: &Assignment<'_>,
    r: Fr,
    s: Fr,
) -> Result<Proof<Bls12_381>, SynthesisError> {
    let Assignment {
        matrices,
        instance_variables,
        constraints,
        values,
    } = *assignment;
    let quotient = LibsnarkReduction::witness_map_from_matrices::<Fr, Radix2EvaluationDomain<Fr>>(
        matrices,
        instance_variables,
        constraints,
        values,
    )?;
    let hidden = values.get(instance_variables..).unwrap_or_default();
    let answer = key.l_query.iter().zip(hidden);
    let answer = answer.chain(key.h_query.iter().zip(&quotient));

    let answer = Terms::of(answer);
    let a = Terms::of(key.a_query.iter().zip(values));
    let b_g1 = Terms::of(key.b_g1_query.iter().zip(values));
    let b_g2 = Terms::of(key.b_g2_query.iter().zip(values));
    let (b_g2, (answer, (a, b_g1))) = both(
        || b_g2.sum(),
        || both(|| answer.sum(), || both(|| a.sum(), || b_g1.sum())),
    );
    let a = a + key.vk.alpha_g1 + key.delta_g1 * r;
    let b_g1 = b_g1 + key.beta_g1 + key.delta_g1 * s;
    let b_g2 = b_g2 + key.vk.beta_g2 + key.vk.delta_g2 * s;
    let c = answer + a * s + b_g1 * r - key.delta_g1 * (r * s);
    Ok(Proof {
        a: a.into_affine(),
        b: b_g2.into_affine(),
        c: c.into_affine(),
    })
}

/// Points of the prime order subgroup and how many times each is taken, as blst reads them.
pub(crate) struct Terms<C: Blst> {
    points: Vec<C::Point>,
    scalars: Vec<u8>,
}

impl<C: Blst> Terms<C> {
    /// Of these, what counts: many variables are zero, and many stand on one side of no constraint.
    pub fn of<'a>(terms: impl Iterator<Item = (&'a Affine<C>, &'a Fr)>) -> Self {
        let (mut points, mut scalars) = (Vec::new(), Vec::new());
        for (point, scalar) in terms {
            if !point.is_zero() && !scalar.is_zero() {
                points.push(C::point(point));
                scalars.extend(scalar.into_bigint().to_bytes_le());
            }
        }
        Self { points, scalars }
    }

    /// The sum of the points, each so many times, on all processors.
    pub fn sum(&self) -> Projective<C> {
        let Self { points, scalars } = self;
        #[cfg(feature = "parallel")]
        {
            let parts = rayon::current_num_threads().div_ceil(SUMS_AT_ONCE);
            let part = points.len().div_ceil(parts).max(LEAST_IN_A_PART);
            let scalars = scalars.par_chunks(part.saturating_mul(SCALAR_BYTES));
            let parts = points.par_chunks(part).zip(scalars);
            parts.map(|(points, scalars)| C::sum(points, scalars)).sum()
        }
        #[cfg(not(feature = "parallel"))]
        if points.is_empty() {
            Projective::zero()
        } else {
            C::sum(points, scalars)
        }
    }
}

/// Both results, at once where there are processors.
#[cfg(feature = "parallel")]
fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}

#[cfg(not(feature = "parallel"))]
fn both<A, B>(a: impl FnOnce() -> A, b: impl FnOnce() -> B) -> (A, B) {
    (a(), b())
}

/// A group whose points blst adds. Its coordinates and arkworks' are the same limbs, in Montgomery's form.
pub(crate) trait Blst: SWCurveConfig<ScalarField = Fr> {
    type Point: Send + Sync;

    fn point(point: &Affine<Self>) -> Self::Point;
    /// The sum of points, each so many times; there is at least one, with [`SCALAR_BYTES`] bytes for each.
    fn sum(points: &[Self::Point], scalars: &[u8]) -> Projective<Self>;
}

const fn to_blst(element: Fq) -> blst_fp {
    blst_fp { l: element.0.0 }
}

const fn from_blst(element: blst_fp) -> Fq {
    Fq::new_unchecked(BigInt(element.l))
}

const fn to_blst2(element: Fq2) -> blst_fp2 {
    blst_fp2 {
        fp: [to_blst(element.c0), to_blst(element.c1)],
    }
}

const fn from_blst2(element: blst_fp2) -> Fq2 {
    let [c0, c1] = element.fp;
    Fq2::new(from_blst(c0), from_blst(c1))
}

impl Blst for g1::Config {
    type Point = blst_p1_affine;

    fn point(point: &Affine<Self>) -> Self::Point {
        blst_p1_affine {
            x: to_blst(point.x),
            y: to_blst(point.y),
        }
    }

    fn sum(points: &[Self::Point], scalars: &[u8]) -> Projective<Self> {
        let blst_p1 { x, y, z } = points.mult(scalars, SCALAR_BITS);
        Projective::new_unchecked(from_blst(x), from_blst(y), from_blst(z))
    }
}

impl Blst for g2::Config {
    type Point = blst_p2_affine;

    fn point(point: &Affine<Self>) -> Self::Point {
        blst_p2_affine {
            x: to_blst2(point.x),
            y: to_blst2(point.y),
        }
    }

    fn sum(points: &[Self::Point], scalars: &[u8]) -> Projective<Self> {
        let blst_p2 { x, y, z } = points.mult(scalars, SCALAR_BITS);
        Projective::new_unchecked(from_blst2(x), from_blst2(y), from_blst2(z))
    }
}
