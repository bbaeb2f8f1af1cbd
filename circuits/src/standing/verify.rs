//! Verifies a proof of standing: Groth16 on BLS12-381, with the proofs of [`crate::transfer::verify`] and their rules.
//!
//! A proof is verified once, by whoever asked for it and outside of the chain: there are no batches, and no other
//! implementation of the curve than arkworks'.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "fields and groups have no overflow"
)]

use super::public::{PUBLIC_INPUTS, PublicInputs};
use crate::{
    FieldBytes, Fr,
    transfer::verify::{CurvePoint, Malformed, Proof, read, write},
};
use alloc::vec::Vec;
use ark_bls12_381::{Bls12_381, G1Affine, G1Projective, G2Affine};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM, pairing::Pairing};
use ark_ff::{One, Zero};
use ark_serialize::Compress;

/// Bytes of a [`VerifyingKey`].
pub const KEY_BYTES: usize = 96 + 3 * 192 + (PUBLIC_INPUTS + 1) * 96;

/// What proofs of one version of the circuit are verified with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey {
    alpha: G1Affine,
    beta: G2Affine,
    gamma: G2Affine,
    delta: G2Affine,
    /// What belongs to one, and to each public input.
    ic: [G1Affine; PUBLIC_INPUTS + 1],
}

impl VerifyingKey {
    /// A key from the points of a ceremony, in their usual names. Refuses points that are none, and another number
    /// of public inputs.
    pub fn new(
        alpha: G1Affine,
        beta: G2Affine,
        gamma: G2Affine,
        delta: G2Affine,
        ic: &[G1Affine],
    ) -> Result<Self, Malformed> {
        let ic = ic.try_into().map_err(|_| Malformed::Length)?;
        let key = Self {
            alpha,
            beta,
            gamma,
            delta,
            ic,
        };
        Self::from_bytes(&key.to_bytes())
    }

    /// From [`KEY_BYTES`] bytes, uncompressed: α, β, γ, δ, then the points of the public inputs. Checks every point.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        fn take<G: CurvePoint>(bytes: &mut &[u8]) -> Result<G, Malformed> {
            read(bytes, Compress::No)
        }
        if bytes.len() != KEY_BYTES {
            return Err(Malformed::Length);
        }
        let bytes = &mut &*bytes;
        let mut key = Self {
            alpha: take(bytes)?,
            beta: take(bytes)?,
            gamma: take(bytes)?,
            delta: take(bytes)?,
            ic: [G1Affine::zero(); PUBLIC_INPUTS + 1],
        };
        for point in &mut key.ic {
            *point = take(bytes)?;
        }
        Ok(key)
    }

    /// Its bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(KEY_BYTES);
        write(&self.alpha, Compress::No, &mut bytes);
        for point in [&self.beta, &self.gamma, &self.delta] {
            write(point, Compress::No, &mut bytes);
        }
        for point in &self.ic {
            write(point, Compress::No, &mut bytes);
        }
        bytes
    }

    /// Whether a proof proves the statement of these public inputs: e(A, B) = e(α, β) · e(L, γ) · e(C, δ), with
    /// L = ic₀ + Σ xⱼ · icⱼ₊₁.
    pub fn verify(&self, inputs: &PublicInputs, proof: &Proof<Bls12_381>) -> bool {
        let elements = inputs.to_elements();
        let scalars: Vec<Fr> = core::iter::once(Fr::one())
            .chain(elements.iter().map(FieldBytes::to_element))
            .collect();
        let Ok(sum) = G1Projective::msm(&self.ic, &scalars) else {
            return false;
        };
        let left = [
            proof.a,
            -self.alpha,
            (-sum).into_affine(),
            (-proof.c.into_group()).into_affine(),
        ];
        let right = [proof.b, self.beta, self.gamma, self.delta];
        Bls12_381::multi_pairing(left, right).is_zero()
    }
}
