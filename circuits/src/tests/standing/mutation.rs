//! What is changed breaks a constraint: every field of the witness, every public input, every variable, every rule.

use super::world::{FROM, TIER, UNTIL, claims, element, plan, plan_with, set};
use crate::{
    Fr,
    standing::{Assigned, Plan, Rule, Witness, assignment, shape},
    transfer::{Rules, Shape},
};
use ark_ff::{AdditiveGroup, Field};
use std::{collections::BTreeSet, sync::OnceLock};

fn circuit() -> &'static Shape<Rule> {
    static SHAPE: OnceLock<Shape<Rule>> = OnceLock::new();
    SHAPE.get_or_init(shape)
}

fn assigned(plan: &Plan) -> Assigned {
    plan.assign().expect("a good plan")
}

fn values(assigned: &Assigned) -> Vec<Fr> {
    assignment(&assigned.public, &assigned.witness)
}

fn noise(number: usize) -> Fr {
    element(&format!("noise {number}")).to_element()
}

#[test]
fn every_element_of_the_witness_matters() {
    let good = assigned(&plan());
    assert!(circuit().holds(&values(&good)));
    for field in Witness::FIELDS {
        let count = good.witness.clone().field_mut(field).len();
        assert!(count > 0, "{field}");
        for at in 0..count {
            for change in [Fr::ONE, -Fr::ONE, noise(at)] {
                let mut changed = good.clone();
                *changed.witness.field_mut(field)[at] += change;
                assert!(!circuit().holds(&values(&changed)), "{field}, element {at}");
            }
        }
    }
}

/// The rows in which each variable stands.
fn rows_of_variables() -> Vec<BTreeSet<usize>> {
    let count = circuit().instance_variables() + circuit().witness_variables();
    let mut rows = vec![BTreeSet::new(); count];
    for matrix in circuit().matrices() {
        for (number, row) in matrix.iter().enumerate() {
            for (_, variable) in row {
                rows[*variable].insert(number);
            }
        }
    }
    rows
}

fn row_holds(number: usize, values: &[Fr]) -> bool {
    let [a, b, c] = circuit().matrices().each_ref().map(|matrix| {
        matrix[number]
            .iter()
            .map(|(factor, at)| *factor * values[*at])
            .sum::<Fr>()
    });
    a * b == c
}

#[test]
fn no_variable_can_be_changed_alone() {
    let rows = rows_of_variables();
    for plan in [plan(), plan_with(claims(3, &[b"FR"]))] {
        let mut values = values(&assigned(&plan));
        for variable in circuit().instance_variables()..values.len() {
            let value = values[variable];
            for other in [
                value + Fr::ONE,
                value - Fr::ONE,
                -value,
                Fr::ZERO,
                Fr::ONE - value,
                noise(variable),
            ] {
                if other == value {
                    continue;
                }
                values[variable] = other;
                let holds = rows[variable]
                    .iter()
                    .all(|number| row_holds(*number, &values));
                assert!(!holds, "variable {variable}");
            }
            values[variable] = value;
        }
    }
}

#[test]
fn every_public_input_is_in_the_rule_that_speaks_of_it() {
    let rows = rows_of_variables();
    for (input, rows) in rows
        .iter()
        .enumerate()
        .take(circuit().instance_variables())
        .skip(1)
    {
        let rules: BTreeSet<Rule> = rows.iter().map(|row| circuit().rules()[*row]).collect();
        let expected = match input - 1 {
            0 => vec![Rule::Credential],
            1 => vec![Rule::Tier],
            2 => vec![Rule::Validity],
            3 | 4 => vec![Rule::Pseudonym],
            // The binding.
            5 => vec![],
            _ => vec![Rule::Jurisdictions],
        };
        assert_eq!(rules, expected.into_iter().collect(), "input {}", input - 1);
    }
}

/// The variables that a rule is the first to speak of, in order.
fn variables_of(rule: Rule) -> Vec<usize> {
    let first = circuit().instance_variables();
    let rows = rows_of_variables();
    (first..rows.len())
        .filter(|variable| {
            let row = rows[*variable].first().expect("every variable is in a row");
            circuit().rules()[*row] == rule
        })
        .collect()
}

/// Somebody proves with a secret of its own for a pool key that is another's, and leaves out that they belong together.
fn secret_that_is_not_the_keys() -> Vec<Fr> {
    let good = assigned(&plan());
    let mut thief = good.clone();
    thief.witness.spend_secret = element("thief").to_element();
    let name = crate::standing::pseudonym(&element("thief"), &good.public.verifier);
    thief.public.pseudonym = name;
    let (mut forged, honest) = (values(&thief), values(&good));
    // The thief's secret stands first, and all else of the keys and of the credential is the owner's.
    let keys = variables_of(Rule::Keys);
    for variable in keys[1..].iter().chain(&variables_of(Rule::Credential)) {
        forged[*variable] = honest[*variable];
    }
    forged
}

/// Two of tier are borrowed from the byte above, which no rule reads: the claims are the same number.
fn tier_from_the_byte_above() -> Vec<Fr> {
    let mut known = assigned(&Plan {
        tier: 1,
        ..plan_with(claims(1, &[b"CH", b"DE"]))
    });
    known.public.tier = 3;
    let mut forged = values(&known);
    let bits = variables_of(Rule::Claims);
    forged[bits[0]] += Fr::from(2);
    let borrowed = Fr::from(256).inverse().expect("not zero");
    forged[bits[8]] -= borrowed.double();
    for bit in variables_of(Rule::Tier) {
        forged[bit] = Fr::ZERO;
    }
    forged
}

/// An assignment that breaks exactly these rules.
struct Attempt {
    name: &'static str,
    breaks: &'static [Rule],
    values: Vec<Fr>,
}

fn attempt(
    name: &'static str,
    breaks: &'static [Rule],
    change: impl FnOnce(&mut Assigned),
) -> Attempt {
    let mut changed = assigned(&plan());
    change(&mut changed);
    Attempt {
        name,
        breaks,
        values: values(&changed),
    }
}

fn attempts() -> Vec<Attempt> {
    use Rule::*;
    vec![
        Attempt {
            name: "a secret that is not the key's",
            breaks: &[Keys],
            values: secret_that_is_not_the_keys(),
        },
        attempt("another's secret", &[Credential, Pseudonym], |one| {
            one.witness.spend_secret = noise(1);
        }),
        attempt(
            "a credential that is not in the tree",
            &[Credential],
            |one| {
                one.witness.groups[4][3] += Fr::ONE;
            },
        ),
        attempt("a root that is none", &[Credential], |one| {
            one.public.credential_root = element("root");
        }),
        attempt("an empty leaf", &[Credential], |one| {
            // The first ancestor's children with nothing where the leaf was.
            let group = &mut one.witness.groups[0];
            let place = group.len() - 2;
            group[place] = Fr::ZERO;
        }),
        attempt("a higher tier than the leaf's", &[Credential], |one| {
            one.witness.claims += Fr::ONE;
            one.public.tier += 1;
        }),
        attempt("a longer validity than the leaf's", &[Credential], |one| {
            one.witness.claims += Fr::from(2u64).pow([64]);
            one.public.time = UNTIL;
        }),
        Attempt {
            name: "a tier that is borrowed from the byte above",
            breaks: &[Claims],
            values: tier_from_the_byte_above(),
        },
        attempt("a tier that is too low", &[Tier], |one| {
            one.public.tier = TIER + 1;
        }),
        attempt("in the second in which it ends", &[Validity], |one| {
            one.public.time = UNTIL;
        }),
        attempt("long after it ended", &[Validity], |one| {
            one.public.time = u32::MAX;
        }),
        attempt("before it begins", &[Validity], |one| {
            one.public.time = FROM - 1;
        }),
        attempt("none of the jurisdictions", &[Jurisdictions], |one| {
            one.public.jurisdictions = set(&[b"FR"]);
        }),
        attempt("the first of them alone", &[Jurisdictions], |one| {
            one.public.jurisdictions = set(&[b"CH", b"FR"]);
        }),
        attempt("the second of them alone", &[Jurisdictions], |one| {
            one.public.jurisdictions = set(&[b"AT", b"DE"]);
        }),
        Attempt {
            name: "no jurisdiction",
            breaks: &[Jurisdictions],
            values: {
                let (good, mut none) = (plan(), plan_with(claims(TIER, &[])));
                none.credential_root = none
                    .credential
                    .path
                    .root::<crate::Poseidon>(&none.credential.leaf(&none.keys.pool_key()))
                    .expect("it is there");
                let mut changed = assigned(&good);
                changed.public.credential_root = none.credential_root;
                changed.witness.claims = none.credential.claims.to_element();
                changed.witness.groups = crate::transfer::native::groups(
                    &none.credential.path,
                    &none.credential.leaf(&none.keys.pool_key()),
                );
                values(&changed)
            },
        },
        attempt("a pseudonym of one's own making", &[Pseudonym], |one| {
            one.public.pseudonym = element("nobody");
        }),
        attempt("a pseudonym for another verifier", &[Pseudonym], |one| {
            one.public.verifier = element("another verifier");
        }),
    ]
}

#[test]
fn an_attempt_breaks_the_rules_that_are_there_against_it() {
    for attempt in attempts() {
        let expected: BTreeSet<Rule> = attempt.breaks.iter().copied().collect();
        assert_eq!(
            circuit().broken(&attempt.values),
            expected,
            "{}",
            attempt.name
        );
    }
}

#[test]
fn for_each_rule_there_is_an_attempt_that_nothing_else_stops() {
    let alone: BTreeSet<Rule> = attempts()
        .iter()
        .filter_map(|attempt| match attempt.breaks {
            [rule] => Some(*rule),
            _ => None,
        })
        .collect();
    assert_eq!(alone, <Rule as Rules>::ALL.iter().copied().collect());
}
