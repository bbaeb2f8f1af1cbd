mod constants;
mod frontier;
#[cfg(feature = "prover")]
mod groth16;
mod hash;
mod notes_tree;
#[cfg(feature = "prover")]
mod standing;
#[cfg(feature = "prover")]
mod transfer;
mod tree;

use crate::FieldBytes;
use ark_bls12_381::Fr;
use ark_ff::PrimeField;
use proptest::prelude::*;

/// Any element.
pub fn element() -> impl Strategy<Value = Fr> {
    any::<[u8; 32]>().prop_map(|bytes| Fr::from_le_bytes_mod_order(&bytes))
}

/// The encoding of any element.
pub fn bytes() -> impl Strategy<Value = FieldBytes> {
    element().prop_map(FieldBytes::from)
}
