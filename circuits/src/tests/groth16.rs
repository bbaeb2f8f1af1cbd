use super::element;
use crate::{
    Fr,
    groth16::{Assignment, Blst, Terms, prove},
    transfer::{ProvingKey, assignment},
};
use ark_bls12_381::{Bls12_381, g1, g2};
use ark_ec::{CurveGroup, PrimeGroup, VariableBaseMSM, short_weierstrass::Projective};
use ark_ff::Field;
use ark_groth16::{Groth16, r1cs_to_qap::LibsnarkReduction};
use proptest::prelude::*;

/// What a sum comes to by blst, by arkworks, and by the numbers alone. Its terms are points and how often each is taken; a
/// point is given as the number that the generator is multiplied by.
fn sums<C: Blst>(terms: &[(Fr, Fr)]) -> [Projective<C>; 3] {
    let generator = Projective::<C>::generator();
    let points: Vec<_> = terms.iter().map(|(point, _)| generator * point).collect();
    let points = Projective::normalize_batch(&points);
    let scalars: Vec<Fr> = terms.iter().map(|(_, scalar)| *scalar).collect();
    let total: Fr = terms.iter().map(|(point, scalar)| *point * scalar).sum();
    [
        Terms::<C>::of(points.iter().zip(&scalars)).sum(),
        Projective::msm(&points, &scalars).expect("as many"),
        generator * total,
    ]
}

fn are_same(terms: &[(Fr, Fr)]) {
    let [blst, arkworks, numbers] = sums::<g1::Config>(terms);
    assert!(blst == numbers && arkworks == numbers, "in G1: {terms:?}");
    let [blst, arkworks, numbers] = sums::<g2::Config>(terms);
    assert!(blst == numbers && arkworks == numbers, "in G2: {terms:?}");
}

#[test]
fn sums_of_special_terms_are_right() {
    let [zero, one, five] = [0u64, 1, 5].map(Fr::from);
    let edges = [zero, one, -one, five, -five];
    are_same(&[]);
    for point in edges {
        for scalar in edges {
            are_same(&[(point, scalar)]);
            are_same(&[(point, scalar), (point, scalar)]);
            are_same(&[(point, scalar), (point, -scalar)]);
            are_same(&[(point, scalar), (-point, scalar), (five, one)]);
        }
    }
    // The same point often: buckets double.
    are_same(&vec![(five, -one); 100]);
    are_same(&vec![(five, five); 100]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn sums_of_any_terms_are_right(terms in prop::collection::vec((element(), element()), 0..80)) {
        are_same(&terms);
    }
}

/// So many that processors divide the work, with a rest.
#[test]
fn sums_of_many_terms_are_right() {
    let square = |number: u64| Fr::from(number).square();
    let terms: Vec<(Fr, Fr)> = (0..5_003)
        .map(|number| {
            (
                square(number),
                square(number + 7).square().square() - Fr::ONE,
            )
        })
        .collect();
    are_same(&terms);
}

#[test]
fn proofs_are_those_of_ark_groth16_to_the_bit() {
    let key = ProvingKey::insecure_development();
    let shape = key.shape();
    let assigned = super::transfer::payment();
    let values = assignment(&assigned.public, &assigned.witness);
    for (r, s) in [(3u64, 5u64), (0, 5), (3, 0), (0, 0)] {
        let (r, s) = (Fr::from(r), Fr::from(s));
        let expected =
            Groth16::<Bls12_381, LibsnarkReduction>::create_proof_with_reduction_and_matrices(
                key.parameters(),
                r,
                s,
                shape.matrices(),
                shape.instance_variables(),
                shape.constraints(),
                &values,
            )
            .expect("a domain");
        let assignment = Assignment {
            matrices: shape.matrices(),
            instance_variables: shape.instance_variables(),
            constraints: shape.constraints(),
            values: &values,
        };
        let proof = prove(key.parameters(), &assignment, r, s).expect("a domain");
        assert_eq!(proof, expected);
    }
}
