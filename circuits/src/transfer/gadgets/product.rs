//! Products that have to be zero.

use super::super::constraints::{Builder, Num, Rules};
use crate::Fr;
use ark_ff::{AdditiveGroup, Field};

/// Demands that one of these numbers is zero: a constraint less than there are numbers. Of none, none is.
pub(crate) fn one_is_zero<R: Rules>(builder: &mut Builder<R>, mut numbers: Vec<Num>) {
    let last = numbers.pop();
    let last = last.unwrap_or_else(|| builder.constant(Fr::ONE));
    let mut rest = numbers.into_iter();
    let first = rest.next();
    let first = first.unwrap_or_else(|| builder.constant(Fr::ONE));
    let product = rest.fold(first, |product, number| builder.product(&product, &number));
    let zero = builder.constant(Fr::ZERO);
    builder.enforce(&product, &last, &zero);
}
