//! The hash: 300 constraints a permutation, three less for each element of the first state that is constant.
//!
//! The rounds are those of [`crate::poseidon`], with the same sparse matrices, so that sums stay short.
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use super::super::constraints::{Builder, Num, Rules};
use crate::{
    Domain, Fr,
    constants::{
        AFTER_PARTIAL, FIRST_ROUNDS, LAST_ROUNDS, MDS, PARTIAL_ROUNDS, SPARSE_COLUMNS, SPARSE_ROWS,
    },
    poseidon::{RATE, WIDTH},
};
use ark_ff::{AdditiveGroup, Field};

/// An element of the first state.
#[derive(Clone)]
pub(crate) enum Cell {
    /// The same in every proof.
    Constant(Fr),
    /// Any value.
    Any(Num),
}

/// x⁵, in three constraints.
fn power<R: Rules>(builder: &mut Builder<R>, x: &Num) -> Num {
    let square = builder.product(x, x);
    let fourth = builder.product(&square, &square);
    builder.product(&fourth, x)
}

/// The sum of products with constants.
fn combined<R: Rules>(builder: &Builder<R>, row: &[Fr], state: &[Num]) -> Num {
    let zero = builder.constant(Fr::ZERO);
    row.iter()
        .zip(state)
        .fold(zero, |sum, (factor, x)| sum.plus(*factor, x))
}

fn full_round<R: Rules>(
    builder: &mut Builder<R>,
    state: &mut [Num; WIDTH],
    constants: &[Fr; WIDTH],
) {
    for (x, constant) in state.iter_mut().zip(constants) {
        *x = power(builder, &x.shifted(*constant));
    }
    mix(builder, state);
}

fn mix<R: Rules>(builder: &Builder<R>, state: &mut [Num; WIDTH]) {
    let before = state.clone();
    for (x, row) in state.iter_mut().zip(&MDS) {
        *x = combined(builder, row, &before);
    }
}

fn first_round<R: Rules>(
    builder: &mut Builder<R>,
    start: &[Cell; WIDTH],
    constants: &[Fr; WIDTH],
) -> [Num; WIDTH] {
    let mut state = [(); WIDTH].map(|()| builder.constant(Fr::ZERO));
    for ((x, cell), constant) in state.iter_mut().zip(start).zip(constants) {
        *x = match cell {
            Cell::Constant(value) => builder.constant((*value + constant).pow([5])),
            Cell::Any(num) => power(builder, &num.shifted(*constant)),
        };
    }
    mix(builder, &mut state);
    state
}

/// Permutes a state.
fn permute<R: Rules>(builder: &mut Builder<R>, start: &[Cell; WIDTH]) -> [Num; WIDTH] {
    let [first, others @ ..] = &FIRST_ROUNDS;
    let mut state = first_round(builder, start, first);
    for constants in others {
        full_round(builder, &mut state, constants);
    }
    let rounds = PARTIAL_ROUNDS.iter().zip(&SPARSE_ROWS).zip(&SPARSE_COLUMNS);
    for ((constant, row), column) in rounds {
        let [first, rest @ ..] = &mut state;
        let powered = power(builder, &first.shifted(*constant));
        let [in_first, in_rest @ ..] = row;
        *first = combined(builder, in_rest, rest).plus(*in_first, &powered);
        for (x, factor) in rest.iter_mut().zip(column) {
            *x = x.plus(*factor, &powered);
        }
    }
    let [_, rest @ ..] = &mut state;
    let before = rest.clone();
    for (x, row) in rest.iter_mut().zip(&AFTER_PARTIAL) {
        *x = combined(builder, row, &before);
    }
    for constants in &LAST_ROUNDS {
        full_round(builder, &mut state, constants);
    }
    state
}

/// The four elements after a permutation whose state starts with a capacity and up to four elements.
pub(crate) fn squeezed<R: Rules>(
    builder: &mut Builder<R>,
    capacity: Cell,
    elements: &[&Num],
) -> [Num; RATE] {
    debug_assert!(elements.len() <= RATE);
    let mut start = [(); WIDTH].map(|()| Cell::Constant(Fr::ZERO));
    let [first, rest @ ..] = &mut start;
    *first = capacity;
    for (cell, element) in rest.iter_mut().zip(elements) {
        *cell = Cell::Any((*element).clone());
    }
    let [_, result @ ..] = permute(builder, &start);
    result
}

/// [`crate::hash`] of up to four elements.
pub(crate) fn hash<R: Rules>(builder: &mut Builder<R>, domain: Domain, elements: &[&Num]) -> Num {
    let capacity = Cell::Constant(Fr::from(domain.capacity(elements.len())));
    let [result, ..] = squeezed(builder, capacity, elements);
    result
}
