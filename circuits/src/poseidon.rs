//! The permutation.
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use crate::constants::{
    AFTER_PARTIAL, FIRST_ROUNDS, LAST_ROUNDS, MDS, PARTIAL_ROUNDS, SPARSE_COLUMNS, SPARSE_ROWS,
};
use ark_bls12_381::Fr;
use ark_ff::{AdditiveGroup, Field};

/// Elements of the state: one of capacity, then the four that are absorbed.
pub(crate) const WIDTH: usize = 5;
/// Elements that are absorbed by a permutation.
pub(crate) const RATE: usize = 4;

pub(crate) type State = [Fr; WIDTH];

/// x⁵.
fn power(x: &mut Fr) {
    let fourth = x.square().square();
    *x *= fourth;
}

fn full_round(state: &mut State, constants: &State) {
    for (x, constant) in state.iter_mut().zip(constants) {
        *x += constant;
        power(x);
    }
    let before = *state;
    for (x, row) in state.iter_mut().zip(&MDS) {
        *x = Fr::sum_of_products(row, &before);
    }
}

fn partial_round(state: &mut State, constant: &Fr, row: &[Fr; 5], column: &[Fr; 4]) {
    let [first, rest @ ..] = state;
    *first += constant;
    power(first);
    let powered = *first;
    let [in_first, in_rest @ ..] = row;
    *first = Fr::sum_of_products(in_rest, rest) + *in_first * powered;
    for (x, factor) in rest.iter_mut().zip(column) {
        *x += *factor * powered;
    }
}

/// Permutes the state: 4 full rounds, 60 partial ones, 4 full ones.
pub(crate) fn permute(state: &mut State) {
    for constants in &FIRST_ROUNDS {
        full_round(state, constants);
    }
    let rounds = PARTIAL_ROUNDS.iter().zip(&SPARSE_ROWS).zip(&SPARSE_COLUMNS);
    for ((constant, row), column) in rounds {
        partial_round(state, constant, row, column);
    }
    let [_, rest @ ..] = state;
    let before = *rest;
    for (x, row) in rest.iter_mut().zip(&AFTER_PARTIAL) {
        *x = Fr::sum_of_products(row, &before);
    }
    for constants in &LAST_ROUNDS {
        full_round(state, constants);
    }
}

/// Hashes elements behind a capacity that says what and how many they are.
pub(crate) fn sponge(capacity: u128, elements: impl IntoIterator<Item = Fr>) -> Fr {
    let mut state = [Fr::ZERO; WIDTH];
    let [first, ..] = &mut state;
    *first = Fr::from(capacity);
    let mut absorbed = 0usize;
    for element in elements {
        if absorbed == RATE {
            permute(&mut state);
            absorbed = 0;
        }
        absorbed = absorbed.saturating_add(1);
        if let Some(x) = state.get_mut(absorbed) {
            *x += element;
        }
    }
    permute(&mut state);
    let [_, result, ..] = state;
    result
}
