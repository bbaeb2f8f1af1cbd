//! Bits of numbers.
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use super::super::constraints::{Builder, Num, Rules, bits_of, power_of_two};
use crate::Fr;
use ark_ff::{AdditiveGroup, Field};

/// The number that bits make, the lowest first.
pub(crate) fn number<R: Rules>(builder: &Builder<R>, bits: &[Num]) -> Num {
    let zero = builder.constant(Fr::ZERO);
    let mut weight = Fr::ONE;
    bits.iter().fold(zero, |sum, bit| {
        let sum = sum.plus(weight, bit);
        weight.double_in_place();
        sum
    })
}

/// Demands that a number is below 2^`count`, and returns its bits, the lowest first: a constraint a bit. The highest
/// is no variable but what the others leave of the number.
pub(crate) fn bits<R: Rules>(builder: &mut Builder<R>, value: &Num, count: usize) -> Vec<Num> {
    let lower = count.saturating_sub(1);
    let mut bits: Vec<Num> = bits_of(value.value())
        .take(lower)
        .map(|bit| builder.bit(bit))
        .collect();
    let left = value - &number(builder, &bits);
    let weight = power_of_two(lower as u64).inverse().unwrap_or_default();
    let highest = &left * weight;
    builder.boolean(&highest);
    bits.push(highest);
    bits
}

/// Demands that a number is below 2^`count`.
pub(crate) fn below<R: Rules>(builder: &mut Builder<R>, value: &Num, count: usize) {
    bits(builder, value, count);
}
