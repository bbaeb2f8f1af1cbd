use super::{
    all_kinds,
    world::{ASSET, COMMITTEE_SECRET, FLOW_SECRET, LIMIT, SPENT, World},
};
use crate::transfer::{
    CONSTRAINTS_AND_INSTANCE, PUBLIC_INPUTS, Plan, Point, Rule, assignment,
    disclosure::{CommitteePlain, FlowPlain},
    notes::{first_counter_nullifier, nullifier, pseudonym},
    shape, synthesizer,
};
use ark_ec::CurveGroup;
use ark_ed_on_bls12_381_bandersnatch::Fr as Scalar;
use ark_relations::gr1cs::{ConstraintSynthesizer, ConstraintSystem, R1CS_PREDICATE_LABEL};
use std::collections::BTreeSet;

/// The most that a domain of 2¹⁵ elements has room for.
const ROOM: usize = 32_768;

#[test]
fn every_kind_of_transfer_fulfils_the_constraints() {
    let shape = shape();
    for (name, plan) in all_kinds() {
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
fn the_budget_is_what_the_documentation_says() {
    let shape = shape();
    for (rule, count) in shape.budget() {
        println!("| {} | {rule} | {count} |", rule.number());
    }
    let all = shape.constraints() + shape.instance_variables();
    println!("| | instance variables | {} |", shape.instance_variables());
    println!("| | all | {all} |");
    println!("witness variables: {}", shape.witness_variables());
    assert_eq!(shape.instance_variables(), PUBLIC_INPUTS + 1);
    assert!(all <= ROOM, "{all}");
    assert_eq!(all, CONSTRAINTS_AND_INSTANCE);

    let page = include_str!("../../../../docs/developers/circuits.md");
    for (rule, count) in shape.budget() {
        let line = format!("| {} | {rule} | {count} |", rule.number());
        assert!(
            page.contains(&line),
            "not in docs/developers/circuits.md: {line}"
        );
    }
    assert!(page.contains(&format!("| | **all** | **{all}** |")));
}

#[test]
fn arkworks_sees_the_same_constraints() {
    let shape = shape();
    let system = ConstraintSystem::new_ref();
    synthesizer(&shape)
        .generate_constraints(system.clone())
        .expect("nothing is asked of values");
    system.finalize();
    let matrices = system.to_matrices().expect("it is final");
    assert_eq!(matrices[R1CS_PREDICATE_LABEL], shape.matrices().to_vec());
    assert_eq!(system.num_constraints(), shape.constraints());
    assert_eq!(system.num_witness_variables(), shape.witness_variables());
}

#[test]
fn every_rule_has_constraints() {
    for (rule, count) in shape().budget() {
        assert!(count > 0, "{rule}");
    }
    assert_eq!(
        Rule::ALL.map(Rule::number),
        core::array::from_fn(|at| at + 1)
    );
}

/// The shared point as the holder of a key computes it.
fn shared(public: &Point, secret: u64) -> [crate::FieldBytes; 2] {
    let point = public.check().expect("the circuit computed it");
    Point::from((point * Scalar::from(secret)).into_affine()).coordinates()
}

fn flow(plan: &Plan) -> FlowPlain {
    let public = plan.assign().expect("a good plan").public;
    FlowPlain::decrypt(
        &shared(&public.ephemeral, FLOW_SECRET),
        &public.flow_ciphertext,
    )
    .expect("the flow key opens it")
}

#[test]
fn holders_of_the_keys_read_their_layer_and_not_the_other() {
    let world = World::new();
    let plan = world.payment();
    let public = plan.assign().expect("a good plan").public;
    assert_eq!(
        flow(&plan),
        FlowPlain {
            asset: ASSET,
            value: 700_000,
            issuer: world.sender_credential.issuer,
            pseudonym: pseudonym(&plan.keys.nullifier_key, plan.period),
            public_in: 0,
            public_out: 30,
            to_self: false,
        }
    );
    let committee = CommitteePlain::decrypt(
        &shared(&public.ephemeral, COMMITTEE_SECRET),
        &public.committee_ciphertext,
    );
    let identities = CommitteePlain {
        sender: world.sender_credential.subject,
        receiver: world.receiver_credential.subject,
    };
    assert_eq!(committee, identities);
    let by_flow = shared(&public.ephemeral, FLOW_SECRET);
    let by_committee = shared(&public.ephemeral, COMMITTEE_SECRET);
    assert_eq!(
        FlowPlain::decrypt(&by_committee, &public.flow_ciphertext),
        None
    );
    assert_ne!(
        CommitteePlain::decrypt(&by_flow, &public.committee_ciphertext),
        identities
    );
    assert!(flow(&world.to_self()).to_self);
    assert_eq!(flow(&world.deposit()).public_in, 5_000_000);
}

#[test]
fn counters_count_what_is_paid_and_what_leaves() {
    let world = World::new();
    let spent = |plan: Plan| plan.assign().expect("a good plan").spent;
    assert_eq!(spent(world.payment()), SPENT + 700_030);
    assert_eq!(spent(world.first()), 700_030);
    assert_eq!(spent(world.withdrawal()), SPENT + 400_000);
    assert_eq!(spent(world.to_self()), SPENT + 30);
    assert_eq!(spent(world.deposit()), SPENT);
    const { assert!(LIMIT > SPENT + 700_030) };
}

#[test]
fn the_first_transfer_of_a_period_has_one_nullifier_whatever_it_pays() {
    let world = World::new();
    let plan = world.first();
    let expected =
        first_counter_nullifier(&plan.keys.nullifier_key, plan.period, ASSET, &plan.pool_id);
    let other = Plan {
        payment: None,
        counter_randomness: 5u64.into(),
        ..plan.clone()
    };
    for plan in [plan, other] {
        let public = plan.assign().expect("a good plan").public;
        assert_eq!(public.counter_nullifier, expected);
    }
}

#[test]
fn absent_notes_have_nullifiers_that_nobody_tells_from_others() {
    let world = World::new();
    let mut plan = world.deposit();
    let once = plan.assign().expect("a good plan").public;
    plan.padding = plan.padding.map(|one| crate::commit(&[one], &one));
    let twice = plan.assign().expect("a good plan").public;
    let mut all = once.nullifiers.to_vec();
    all.extend(twice.nullifiers);
    let different: BTreeSet<_> = all.iter().collect();
    assert_eq!(different.len(), 4);
    let real = world.payment().inputs[0].clone().expect("a note");
    let public = world.payment().assign().expect("a good plan").public;
    let owner = crate::transfer::notes::owner(&world.sender.pool_key(), &real.diversifier);
    let commitment =
        crate::transfer::notes::note_commitment(real.value, ASSET, &owner, &real.randomness);
    let expected = nullifier(
        &world.sender.nullifier_key,
        &commitment,
        real.path.position,
        &public.pool_id,
    );
    assert_eq!(public.nullifiers[0], expected);
}
