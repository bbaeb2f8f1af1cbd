//! Multiples of points by one secret, for the generator and for any key.
//!
//! Sums are computed in affine Montgomery form, with three constraints an addition. Such additions are wrong where a
//! point is added to itself, and have no solution where it is added to its opposite. Neither can happen for keys of
//! the subgroup, whatever the prover chooses: [`HALF_BITS`] says why. That a key is one is checked outside of the
//! circuit, by [`Point::check`](super::super::Point::check).

use super::super::{
    bandersnatch::{HALF_BITS, MONTGOMERY_A, MONTGOMERY_B, PSI_B, PSI_C, generator_table},
    constraints::{Builder, Num},
};
use crate::Fr;
use ark_ff::{AdditiveGroup, Field};

/// Affine coordinates, of one form or the other.
pub(crate) type Coordinates = [Num; 2];

/// A step of a secret: both halves' bits, and their product.
pub(crate) struct Step {
    bits: [Num; 2],
    both: Num,
}

impl Step {
    /// 1 where both bits are the same.
    fn same(&self) -> Num {
        let [first, second] = &self.bits;
        (&self.both * Fr::from(2))
            .shifted(Fr::ONE)
            .plus(-Fr::ONE, first)
            .plus(-Fr::ONE, second)
    }
}

/// The secret's steps, from the highest, out of its halves' bits, from the lowest. Three constraints a step.
pub(crate) fn steps(builder: &mut Builder, halves: &[[Fr; HALF_BITS as usize]; 2]) -> Vec<Step> {
    let [first, second] = halves;
    let pairs = first.iter().zip(second).rev();
    pairs
        .map(|(first, second)| {
            let bits = [builder.bit(*first), builder.bit(*second)];
            let [first, second] = &bits;
            let both = builder.product(first, second);
            Step { bits, both }
        })
        .collect()
}

/// The third point on the line of this slope, mirrored: u of the sum of two points.
fn sum_u(builder: &mut Builder, slope: &Num, first: &Num, second: &Num) -> Num {
    // B · slope² = u + A + first + second
    let u = {
        let value =
            slope.value().square() * MONTGOMERY_B - MONTGOMERY_A - first.value() - second.value();
        builder.witness(value)
    };
    let right = (&(&u + first) + second).shifted(MONTGOMERY_A);
    builder.enforce(&(slope * MONTGOMERY_B), slope, &right);
    u
}

/// v of the sum, from the slope, a point of the line, and u of the sum.
fn sum_v(builder: &mut Builder, slope: &Num, point: &Coordinates, u: &Num) -> Num {
    let [from_u, from_v] = point;
    &builder.product(slope, &(from_u - u)) - from_v
}

/// The sum of two points that are neither equal nor opposite.
fn add(builder: &mut Builder, first: &Coordinates, second: &Coordinates) -> Coordinates {
    let [u1, v1] = first;
    let [u2, v2] = second;
    let slope = builder.quotient(&(v2 - v1), &(u2 - u1));
    let u = sum_u(builder, &slope, u1, u2);
    let v = sum_v(builder, &slope, first, &u);
    [u, v]
}

/// Twice a point that is not of order two.
fn double(builder: &mut Builder, point: &Coordinates) -> Coordinates {
    let [u, v] = point;
    let square = builder.product(u, u);
    let rise = (&square * Fr::from(3))
        .plus(MONTGOMERY_A.double(), u)
        .shifted(Fr::ONE);
    let slope = builder.quotient(&rise, &(v * MONTGOMERY_B.double()));
    let doubled = sum_u(builder, &slope, u, u);
    let v = sum_v(builder, &slope, point, &doubled);
    [doubled, v]
}

/// 2 · `sum` + `other`, as (`sum` + `other`) + `sum`, of which v between the two is never needed. Five constraints.
fn double_and_add(builder: &mut Builder, sum: &Coordinates, other: &Coordinates) -> Coordinates {
    let [u, v] = sum;
    let [other_u, other_v] = other;
    let slope = builder.quotient(&(v - other_v), &(u - other_u));
    let between = sum_u(builder, &slope, u, other_u);
    let both = builder.quotient(&(v * Fr::from(2)), &(u - &between));
    let slope = &both - &slope;
    let result = sum_u(builder, &slope, u, &between);
    let v = sum_v(builder, &slope, sum, &result);
    [result, v]
}

/// The twisted Edwards form. Two constraints.
fn edwards(builder: &mut Builder, [u, v]: &Coordinates) -> Coordinates {
    let x = builder.quotient(u, v);
    let y = builder.quotient(&u.shifted(-Fr::ONE), &u.shifted(Fr::ONE));
    [x, y]
}

/// Montgomery forms of a key, in twisted Edwards form, and of ψ of it. Seven constraints.
fn key_and_psi(builder: &mut Builder, [x, y]: &Coordinates) -> [Coordinates; 2] {
    let one = builder.constant(Fr::ONE);
    let u = builder.quotient(&(&one + y), &(&one - y));
    let v = builder.quotient(&u, x);
    // ψ: x' = f / xy and y' = g / h, so that u' = (h + g) / (h − g) and v' = u' · xy / f.
    let square = builder.product(y, y);
    let xy = builder.product(x, y);
    let f = &(&one - &square) * PSI_C;
    let g = &square.shifted(PSI_B) * PSI_B;
    let h = square.shifted(-PSI_B);
    let psi_u = builder.quotient(&(&h + &g), &(&h - &g));
    let upper = builder.product(&psi_u, &xy);
    let psi_v = builder.quotient(&upper, &f);
    [[u, v], [psi_u, psi_v]]
}

/// \[e\]K for a key in twisted Edwards form, in the same form. Eight constraints a step.
pub(crate) fn multiple(builder: &mut Builder, steps: &[Step], key: &Coordinates) -> Coordinates {
    let [base, other] = key_and_psi(builder, key);
    let [other_u, other_v] = &other;
    let opposite = [other_u.clone(), other_v * -Fr::ONE];
    let same = add(builder, &base, &other);
    let differ = add(builder, &base, &opposite);
    let [same_u, same_v] = &same;
    let [differ_u, differ_v] = &differ;
    let (up, down) = (same_v + differ_v, same_v - differ_v);
    let mut sum = double(builder, &same);
    for step in steps {
        // ±K ± ψK: u tells whether the signs are the same, v is −same_v + first · up + second · down.
        let [first, second] = &step.bits;
        let u = builder.select(&step.same(), same_u, differ_u);
        let by_first = builder.product(first, &up);
        let by_second = builder.product(second, &down);
        let v = &(&by_first + &by_second) - same_v;
        sum = double_and_add(builder, &sum, &[u, v]);
    }
    edwards(builder, &sum)
}

/// \[e\]G in twisted Edwards form. Three constraints a step: what is added is a sum of the step's bits.
pub(crate) fn multiple_of_generator(builder: &mut Builder, steps: &[Step]) -> Coordinates {
    let (start, table) = generator_table();
    let mut sum = start.map(|coordinate| builder.constant(coordinate));
    for (step, [[same_u, same_v], [differ_u, differ_v]]) in steps.iter().zip(table) {
        let [first, second] = &step.bits;
        let u = (&step.same() * (same_u - differ_u)).shifted(differ_u);
        let v = (first * (same_v + differ_v))
            .plus(same_v - differ_v, second)
            .shifted(-same_v);
        sum = add(builder, &sum, &[u, v]);
    }
    edwards(builder, &sum)
}
