//! The numbers of the permutation are those that the reference generates, rearranged.

use crate::constants::*;
use ark_bls12_381::Fr;
use ark_crypto_primitives::sponge::poseidon::{PoseidonConfig, find_poseidon_ark_and_mds};
use ark_ff::{AdditiveGroup, Field};

const FULL: usize = 8;
const PARTIAL: usize = 60;

/// The parameters in the form of `ark-crypto-primitives`.
pub fn reference() -> PoseidonConfig<Fr> {
    let (ark, mds) = find_poseidon_ark_and_mds(255, 4, FULL as u64, PARTIAL as u64, 0);
    PoseidonConfig::new(FULL, PARTIAL, 5, mds, ark, 4, 1)
}

type Matrix = Vec<Vec<Fr>>;

fn times(a: &Matrix, b: &Matrix) -> Matrix {
    a.iter()
        .map(|row| {
            (0..b[0].len())
                .map(|column| row.iter().zip(b).map(|(x, other)| *x * other[column]).sum())
                .collect()
        })
        .collect()
}

/// Solves `a · x = b` by elimination.
fn solve(a: &Matrix, b: &[Fr]) -> Vec<Fr> {
    let size = a.len();
    let mut rows: Matrix = a
        .iter()
        .zip(b)
        .map(|(row, value)| row.iter().copied().chain([*value]).collect())
        .collect();
    for column in 0..size {
        let pivot = (column..size)
            .find(|row| rows[*row][column] != Fr::ZERO)
            .expect("the matrix has an inverse");
        rows.swap(column, pivot);
        let factor = rows[column][column].inverse().expect("not zero");
        rows[column].iter_mut().for_each(|x| *x *= factor);
        for row in (0..size).filter(|row| *row != column) {
            let factor = rows[row][column];
            let pivot = rows[column].clone();
            for (x, y) in rows[row].iter_mut().zip(pivot) {
                *x -= factor * y;
            }
        }
    }
    rows.iter().map(|row| row[size]).collect()
}

#[test]
fn the_full_rounds_and_the_matrix_are_the_references() {
    let reference = reference();
    assert_eq!(MDS.map(|row| row.to_vec()).to_vec(), reference.mds);
    for (ours, theirs) in FIRST_ROUNDS.iter().zip(&reference.ark) {
        assert_eq!(&ours.to_vec(), theirs);
    }
    for (ours, theirs) in LAST_ROUNDS.iter().zip(&reference.ark[64..]).skip(1) {
        assert_eq!(&ours.to_vec(), theirs);
    }
}

#[test]
fn the_constants_of_partial_rounds_are_the_references_moved_forward() {
    let reference = reference();
    let mut carried = vec![Fr::ZERO; 5];
    for (ours, theirs) in PARTIAL_ROUNDS.iter().zip(&reference.ark[4..]) {
        let mut added: Vec<Fr> = theirs.iter().zip(&carried).map(|(a, b)| *a + b).collect();
        assert_eq!(*ours, added[0]);
        added[0] = Fr::ZERO;
        carried = times(&reference.mds, &added.iter().map(|x| vec![*x]).collect())
            .into_iter()
            .map(|row| row[0])
            .collect();
    }
    let last: Vec<Fr> = reference.ark[64]
        .iter()
        .zip(&carried)
        .map(|(a, b)| *a + b)
        .collect();
    assert_eq!(LAST_ROUNDS[0].to_vec(), last);
}

#[test]
fn the_sparse_matrices_are_the_references_matrix_factored() {
    let mds = reference().mds;
    let corner: Matrix = mds[1..].iter().map(|row| row[1..].to_vec()).collect();
    let row: Matrix = vec![mds[0][1..].to_vec()];
    let column: Vec<Fr> = mds[1..].iter().map(|row| row[0]).collect();
    let mut left: Matrix = (0..4)
        .map(|i| (0..4).map(|j| Fr::from(u64::from(i == j))).collect())
        .collect();
    for round in 0..PARTIAL {
        assert_eq!(SPARSE_ROWS[round][0], mds[0][0]);
        assert_eq!(SPARSE_ROWS[round][1..].to_vec(), times(&row, &left)[0]);
        left = times(&corner, &left);
        assert_eq!(SPARSE_COLUMNS[round].to_vec(), solve(&left, &column));
    }
    assert_eq!(AFTER_PARTIAL.map(|row| row.to_vec()).to_vec(), left);
}
