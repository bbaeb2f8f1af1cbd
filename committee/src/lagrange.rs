//! Interpolation in the scalar field.
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use alloc::vec::Vec;
use ark_ed_on_bls12_381_bandersnatch::Fr;
use ark_ff::Field;

/// What each of the values at `numbers` counts in the value at `at`. None when a number is there twice.
///
/// Fields have no inverse of zero, which only a repeated number would ask for.
pub(crate) fn weights(numbers: &[u16], at: u16) -> Option<Vec<Fr>> {
    let at = Fr::from(at);
    numbers
        .iter()
        .enumerate()
        .map(|(place, number)| {
            let number = Fr::from(*number);
            let (mut above, mut below) = (Fr::ONE, Fr::ONE);
            for (other_place, other) in numbers.iter().enumerate() {
                if other_place != place {
                    let other = Fr::from(*other);
                    above *= at - other;
                    below *= number - other;
                }
            }
            below.inverse().map(|inverse| above * inverse)
        })
        .collect()
}

/// The value of a polynomial, constant term first.
#[cfg(feature = "std")]
pub(crate) fn evaluate(coefficients: &[Fr], at: u16) -> Fr {
    let at = Fr::from(at);
    coefficients
        .iter()
        .rev()
        .fold(<Fr as ark_ff::AdditiveGroup>::ZERO, |value, coefficient| {
            value * at + coefficient
        })
}
