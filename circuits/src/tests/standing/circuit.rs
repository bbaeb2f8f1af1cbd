use super::world::{TIER, claims, plan, plan_with, set};
use crate::{
    standing::{
        BadSet, CONSTRAINTS_AND_INSTANCE, JurisdictionSet, MAX_CODES, PUBLIC_INPUTS, Plan, Rule,
        assignment, pseudonym, shape,
    },
    transfer::Rules,
};
use std::collections::BTreeSet;

/// The most that a domain of 2¹³ elements has room for.
const ROOM: usize = 8_192;

#[test]
fn whoever_is_known_well_enough_fulfils_the_constraints() {
    let shape = shape();
    let all: Vec<[u8; 2]> = (b'A'..).map(|last| [b'A', last]).take(8).collect();
    let eight: Vec<&[u8; 2]> = all.iter().collect();
    for (name, plan) in [
        ("just so", plan()),
        ("a higher tier", Plan { tier: 0, ..plan() }),
        ("one jurisdiction", plan_with(claims(TIER, &[b"DE"]))),
        (
            "eight jurisdictions",
            Plan {
                jurisdictions: JurisdictionSet::new(&all).expect("a set"),
                ..plan_with(claims(255, &eight))
            },
        ),
        (
            "no others",
            Plan {
                jurisdictions: set(&[b"CH", b"DE"]),
                ..plan()
            },
        ),
    ] {
        let assigned = plan.assign().expect(name);
        let values = assignment(&assigned.public, &assigned.witness);
        assert_eq!(
            values.len(),
            shape.instance_variables() + shape.witness_variables()
        );
        assert_eq!(shape.broken(&values), BTreeSet::new(), "{name}");
    }
}

#[test]
fn the_budget_of_standing_is_what_the_documentation_says() {
    let shape = shape();
    let page = include_str!("../../../../docs/developers/circuits.md");
    let all = shape.constraints() + shape.instance_variables();
    let mut lines: Vec<String> = shape
        .budget()
        .map(|(rule, count)| format!("| {} | {rule} | {count} |", rule.number()))
        .collect();
    lines.push(format!(
        "| | one, and {PUBLIC_INPUTS} public inputs | {} |",
        shape.instance_variables()
    ));
    lines.push(format!("| | **all** | **{all}** |"));
    println!("{}", lines.join("\n"));
    println!("witness variables: {}", shape.witness_variables());
    assert_eq!(shape.instance_variables(), PUBLIC_INPUTS + 1);
    assert!(all <= ROOM, "{all}");
    assert_eq!(all, CONSTRAINTS_AND_INSTANCE);
    for line in lines {
        assert!(
            page.contains(&line),
            "not in docs/developers/circuits.md: {line}"
        );
    }
}

#[test]
fn every_rule_of_standing_has_constraints() {
    for (at, (rule, count)) in shape().budget().enumerate() {
        assert!(count > 0, "{rule}");
        assert_eq!(rule.number(), at + 1);
    }
    assert_eq!(<Rule as Rules>::ALL.len(), 7);
}

#[test]
fn a_holder_has_one_name_for_a_verifier_and_another_for_the_next() {
    let plan = plan();
    let name = |plan: &Plan| plan.assign().expect("a good plan").public.pseudonym;
    let again = Plan {
        time: plan.time + 1,
        tier: 1,
        ..plan.clone()
    };
    assert_eq!(name(&plan), name(&again));
    let next = Plan {
        verifier: super::world::element("another verifier"),
        ..plan.clone()
    };
    assert_ne!(name(&plan), name(&next));
    assert_eq!(
        name(&plan),
        pseudonym(&plan.keys.spend_secret, &plan.verifier)
    );
}

#[test]
fn a_set_has_one_form() {
    assert_eq!(
        JurisdictionSet::new(&[]),
        Err(BadSet::Count { most: MAX_CODES })
    );
    let many: Vec<[u8; 2]> = (0..33).map(|at| [b'A' + at / 26, b'A' + at % 26]).collect();
    assert_eq!(
        JurisdictionSet::new(&many),
        Err(BadSet::Count { most: MAX_CODES })
    );
    let most = JurisdictionSet::new(&many[..MAX_CODES]).expect("32 are a set");
    assert_eq!(most.codes(), &many[..MAX_CODES]);
    assert_eq!(JurisdictionSet::new(&[*b"de"]), Err(BadSet::Code(*b"de")));
    assert_eq!(
        JurisdictionSet::new(&[[0, 0], *b"DE"]),
        Err(BadSet::Code([0, 0]))
    );
    for codes in [[*b"FR", *b"DE"], [*b"DE", *b"DE"]] {
        assert_eq!(JurisdictionSet::new(&codes), Err(BadSet::Order));
    }
    let two = set(&[b"DE", b"FR"]);
    assert_eq!(two.to_string(), "DE,FR");
    assert!(two.contains(*b"FR") && !two.contains(*b"CH"));
    assert!(!two.contains([0, 0]));
    assert!(two.covers(&set(&[b"FR"])) && !set(&[b"FR"]).covers(&two));
    assert!(two.elements().iter().all(|element| !element.is_zero()));
}
