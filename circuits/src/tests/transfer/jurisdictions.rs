//! What it would take that a policy reads jurisdictions. Nothing of it is in the circuit.

use crate::{
    Fr,
    transfer::{
        CONSTRAINTS_AND_INSTANCE, Rule,
        constraints::{Builder, Num},
        gadgets::{
            product::one_is_zero,
            range::{bits, number},
        },
    },
};
use ark_ff::AdditiveGroup;

/// Codes in claims.
const CODES: usize = 8;

/// All of a holder's codes are in the set, where the conditions are not zero.
fn covered(b: &mut Builder, conditions: &[&Num], set: &[Num]) {
    // The bits of the claims are there already: a code is a sum of them and costs nothing.
    let codes = [Fr::ZERO; CODES].map(|code| b.witness(code));
    for (at, code) in codes.iter().enumerate() {
        let conditions = conditions.iter().map(|one| (*one).clone());
        let none = (at > 0).then(|| code.clone());
        let others = set.iter().map(|one| code - one);
        one_is_zero(b, conditions.chain(none).chain(others).collect());
    }
}

/// Constraints that a set of so many codes takes. The policy's leaf has it above its flags, in one element, so that no
/// permutation is added.
fn constraints(codes: usize, receiver: bool) -> usize {
    let mut b = Builder::recording(Rule::Policy);
    let packed = b.witness(Fr::ZERO);
    let bits = bits(&mut b, &packed, 16 * codes);
    let set: Vec<Num> = bits.chunks(16).map(|code| number(&b, code)).collect();
    let restricts = b.bit(Fr::ZERO);
    covered(&mut b, &[&restricts], &set);
    if receiver {
        let asks_receiver = b.witness(Fr::ZERO);
        covered(&mut b, &[&restricts, &asks_receiver], &set);
    }
    b.into_shape().constraints()
}

#[test]
fn a_set_of_eight_jurisdictions_would_fit_into_the_transfer_circuit() {
    let free = 32_768 - CONSTRAINTS_AND_INSTANCE;
    let page = include_str!("../../../../docs/developers/circuits.md");
    for (codes, receiver, expected) in [
        (8, false, 200),
        (8, true, 279),
        (15, false, 368),
        (15, true, 503),
    ] {
        let count = constraints(codes, receiver);
        println!("{codes} codes, receiver {receiver}: {count} of {free}");
        assert_eq!(count, expected);
        let whom = if receiver {
            "sender and receiver"
        } else {
            "sender"
        };
        let line = format!("| {codes} | {whom} | {count} |");
        assert!(
            page.contains(&line),
            "not in docs/developers/circuits.md: {line}"
        );
    }
    assert!(constraints(8, true) <= free && constraints(15, true) > free);
}
