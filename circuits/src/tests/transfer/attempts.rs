//! What a cheat would prove. Each attempt breaks exactly the rules that are there against it, and for every rule there
//! is one that breaks no other: without the rule's constraints it would be a good transfer.

use super::{
    circuit, noise, payment,
    world::{
        ASSET, LIMIT, NOTES, PERIOD, RECEIVER_UNTIL, SENDER_UNTIL, SENDERS, SPENT, World, element,
    },
};
use crate::{
    Domain, FieldBytes, Fr, hash,
    transfer::{
        Assigned, OldCounter, Plan, PublicAmount, PublicInputs, Rule, Shape, Witness, assignment,
        constraints::Replayed,
        coordinates,
        disclosure::FlowPlain,
        native::groups,
        notes::{counter_commitment, note_commitment, owner, policy_leaf, pseudonym},
    },
};
use ark_ff::{AdditiveGroup, Field};
use ark_relations::gr1cs::{ConstraintSynthesizer, ConstraintSystem};
use std::collections::BTreeSet;

/// An assignment that breaks exactly these rules.
pub(super) struct Attempt {
    pub(super) name: &'static str,
    pub(super) breaks: &'static [Rule],
    pub(super) public: PublicInputs,
    pub(super) values: Vec<Fr>,
}

impl Attempt {
    /// By whoever computes honestly from what is not true.
    fn of(
        name: &'static str,
        breaks: &'static [Rule],
        public: PublicInputs,
        witness: &Witness,
    ) -> Self {
        Self {
            name,
            breaks,
            public,
            values: assignment(&public, witness),
        }
    }
}

fn attempt(
    name: &'static str,
    breaks: &'static [Rule],
    change: impl FnOnce(&mut PublicInputs, &mut Witness),
) -> Attempt {
    let Assigned {
        mut public,
        mut witness,
        ..
    } = payment();
    change(&mut public, &mut witness);
    Attempt::of(name, breaks, public, &witness)
}

/// Something else in place of what stands there.
fn other(element: &mut FieldBytes) {
    *element = crate::commit(&[*element], element);
}

fn bits_flipped(value: &mut Fr) {
    *value = Fr::ONE - *value;
}

/// A note of asset 7 worth 600,000 is passed for one of asset 6 worth 2⁶⁴ more, which is the same commitment. All
/// of that comes out again, as notes of asset 6 with 64 bits each: nothing but the range of the input is wrong.
fn note_of_another_asset(world: &World) -> Attempt {
    let real = payment();
    let made_up = Plan {
        asset: ASSET - 1,
        inputs: [None, None],
        public_in: 700_030,
        old_counter: OldCounter::First,
        policy: world.policy_of_another_asset(),
        ..world.payment()
    };
    let Assigned {
        mut public,
        mut witness,
        ..
    } = made_up.assign().expect("a good plan");
    public.nullifiers[0] = real.public.nullifiers[0];
    witness.input_value[0] = Fr::from((1u128 << 64) + u128::from(NOTES[0]));
    witness.input_diversifier[0] = real.witness.input_diversifier[0];
    witness.input_randomness[0] = real.witness.input_randomness[0];
    witness.input_position[0] = real.witness.input_position[0];
    witness.input_groups[0] = real.witness.input_groups[0];

    let change = u64::MAX - 700_030 + 1 + NOTES[0];
    let owner = owner(&world.sender.pool_key(), &element("change"));
    witness.change_value = Fr::from(change);
    public.commitments[1] = note_commitment(change, ASSET - 1, &owner, &element("change rcm"));

    public.flow_ciphertext = flow_with(&made_up, &public, |plain| plain.public_in = 0);
    public.public_in = PublicAmount::NONE;
    witness.enters = Fr::ZERO;
    Attempt::of(
        "a note of another asset, worth 2⁶⁴ more",
        &[Rule::InputNotes],
        public,
        &witness,
    )
}

/// The counter of period 12 is passed for one of period 13 with 2⁶⁴ less spent, and more than the limit is paid:
/// nothing but the range of what was spent is wrong.
fn counter_of_an_old_period(world: &World) -> Attempt {
    let real = payment();
    let made_up = Plan {
        period: PERIOD + 1,
        old_counter: OldCounter::First,
        public_in: 200_000,
        ..world.payment()
    };
    let Assigned {
        mut public,
        mut witness,
        ..
    } = made_up.assign().expect("a good plan");
    witness.counter_first = Fr::ZERO;
    witness.counter_spent = Fr::from(SPENT) - Fr::from(1u128 << 64);
    witness.counter_randomness = real.witness.counter_randomness;
    witness.counter_position = real.witness.counter_position;
    witness.counter_groups = real.witness.counter_groups;
    public.counter_nullifier = real.public.counter_nullifier;

    // What enters is paid instead of coming back.
    let paid = 700_000 + 200_000;
    assert!(SPENT + paid + 30 > LIMIT);
    let receiver = owner(&world.receiver_key, &element("receiver's address"));
    let own = owner(&world.sender.pool_key(), &element("change"));
    let change = NOTES[0] + NOTES[1] - 700_030;
    witness.payment_value = Fr::from(paid);
    witness.change_value = Fr::from(change);
    public.commitments = [
        note_commitment(paid, ASSET, &receiver, &element("payment rcm")),
        note_commitment(change, ASSET, &own, &element("change rcm")),
    ];
    public.flow_ciphertext = flow_with(&made_up, &public, |plain| plain.value = paid);

    let spent = witness.counter_spent + Fr::from(paid) + Fr::from(30);
    let when = Fr::from(u128::from(PERIOD + 1) << 64 | u128::from(ASSET) << 96);
    public.counter_commitment = hash(
        Domain::Counter,
        &[
            (spent + when).into(),
            world.sender.pool_key(),
            element("new counter rcm"),
        ],
    );
    Attempt::of(
        "a counter of an old period, with 2⁶⁴ less spent",
        &[Rule::OldCounter],
        public,
        &witness,
    )
}

/// A deposit of 1,000 of asset 8 is passed for one of asset 7 worth 2⁶⁴ more, which is the same public input. All of
/// that comes out as two notes of asset 7 to oneself: nothing but the range of what enters is wrong.
fn deposit_of_another_asset(world: &World) -> Attempt {
    let made_up = Plan {
        public_in: 1_000,
        ..world.to_self()
    };
    let Assigned {
        mut public,
        mut witness,
        ..
    } = made_up.assign().expect("a good plan");
    public.public_in.asset = ASSET + 1;
    let paid = u64::MAX;
    let change = NOTES[0] + NOTES[1] + 1_000 + 1 - 30;
    let own = world.sender.pool_key();
    let receiver = owner(&own, &element("receiver's address"));
    let back = owner(&own, &element("change"));
    witness.payment_value = Fr::from(paid);
    witness.change_value = Fr::from(change);
    public.commitments = [
        note_commitment(paid, ASSET, &receiver, &element("payment rcm")),
        note_commitment(change, ASSET, &back, &element("change rcm")),
    ];
    public.flow_ciphertext = flow_with(&made_up, &public, |plain| {
        plain.value = paid;
        // What enters stands below what leaves, and has grown into it.
        plain.public_out += 1;
    });
    Attempt::of(
        "a deposit of another asset, worth 2⁶⁴ more",
        &[Rule::PublicAmounts],
        public,
        &witness,
    )
}

/// In a world where the receiver's credential ends before the sender's.
fn receiver_of_yesterday() -> Attempt {
    let until = SENDER_UNTIL - 1;
    let plan = World::with_receiver_until(until).payment();
    let Assigned {
        mut public,
        witness,
        ..
    } = plan.assign().expect("a good plan");
    public.time = until;
    Attempt::of(
        "after the receiver's credential ended",
        &[Rule::ReceiverValidity],
        public,
        &witness,
    )
}

/// A transfer that is good under its own policy, under another one of the same tree that says where the parties have to
/// belong.
fn under_a_policy(
    name: &'static str,
    world: &World,
    plan: impl FnOnce(&World) -> Plan,
    policy: impl FnOnce(&World) -> crate::transfer::Policy,
) -> Attempt {
    let Assigned {
        public,
        mut witness,
        ..
    } = plan(world).assign().expect("a good plan");
    let policy = policy(world);
    let leaf = policy_leaf(ASSET, 2, policy.limit, policy.flags, &policy.jurisdictions);
    witness.policy_limit = Fr::from(policy.limit);
    witness.policy_restricts = Fr::ONE;
    witness.policy_jurisdictions = Fr::from(u128::from_le_bytes(policy.jurisdictions.filled()));
    witness.policy_groups = groups(&policy.path, &leaf);
    Attempt::of(name, &[Rule::Jurisdictions], public, &witness)
}

/// The variables that a rule makes.
fn variables_of(rule: Rule) -> impl Iterator<Item = usize> {
    let mut first = vec![None; circuit().instance_variables() + circuit().witness_variables()];
    let [a, b, c] = circuit().matrices();
    for (((a, b), c), of) in a.iter().zip(b).zip(c).zip(circuit().rules()) {
        for (_, variable) in a.iter().chain(b).chain(c) {
            first[*variable].get_or_insert(*of);
        }
    }
    (circuit().instance_variables()..first.len())
        .filter(move |variable| first[*variable] == Some(rule))
}

/// The notes and the nullifier key of somebody whose spend secret the thief does not have: all that follows from the
/// secret is the owner's, and the secret itself is not.
fn thief_of_a_nullifier_key() -> Attempt {
    let Assigned {
        public,
        mut witness,
        ..
    } = payment();
    let mut values = assignment(&public, &witness);
    witness.spend_secret = noise(1);
    let guessed = assignment(&public, &witness);
    let secret = (0..values.len())
        .find(|variable| values[*variable] != guessed[*variable])
        .expect("the secret is a variable");
    values[secret] = guessed[secret];
    Attempt {
        name: "a spend secret that the key does not follow from",
        breaks: &[Rule::Keys],
        public,
        values,
    }
}

/// The flow layer says the pseudonym of somebody else, and so does the computation of it.
fn pseudonym_of_somebody_else(world: &World) -> Attempt {
    let plan = world.payment();
    let Assigned {
        mut public,
        mut witness,
        ..
    } = payment();
    public.flow_ciphertext = flow_with(&plan, &public, |plain| {
        plain.pseudonym = pseudonym(&noise(1).into(), PERIOD);
    });
    let mut values = assignment(&public, &witness);
    witness.nullifier_key = noise(1);
    let of_other = assignment(&public, &witness);
    for variable in variables_of(Rule::Pseudonym) {
        values[variable] = of_other[variable];
    }
    Attempt {
        name: "a pseudonym of somebody else",
        breaks: &[Rule::Pseudonym],
        public,
        values,
    }
}

/// The flow layer of a plan, with something changed.
fn flow_with(
    plan: &Plan,
    public: &PublicInputs,
    change: impl FnOnce(&mut FlowPlain),
) -> [FieldBytes; 4] {
    let flow_key = plan.flow_key.check().expect("a key");
    let shared = coordinates(&plan.ephemeral.shared(&flow_key));
    let mut plain = FlowPlain::decrypt(&shared, &public.flow_ciphertext).expect("it is there");
    change(&mut plain);
    plain.encrypt(&shared)
}

pub(super) fn attempts() -> Vec<Attempt> {
    use Rule::*;
    let world = World::new();
    let own = world.sender.pool_key();
    let change_owner = owner(&own, &element("change"));
    vec![
        thief_of_a_nullifier_key(),
        attempt(
            "another's spend secret",
            &[
                InputMembership,
                Nullifiers,
                OutputNotes,
                SenderCredential,
                OldCounter,
                CounterNullifier,
                Limit,
            ],
            |_, w| {
                w.spend_secret = noise(1);
            },
        ),
        attempt(
            "a sibling of an input that is not in the tree",
            &[InputMembership],
            |_, w| {
                let taken = w.input_position[0][6] == Fr::ONE && w.input_position[0][7] == Fr::ONE;
                w.input_groups[0][3][if taken { 0 } else { 3 }] += Fr::ONE;
            },
        ),
        attempt(
            "a root of notes that is none",
            &[InputMembership, OldCounter],
            |p, _| {
                other(&mut p.note_root);
            },
        ),
        attempt(
            "an input at another position",
            &[InputMembership, Nullifiers],
            |_, w| {
                bits_flipped(&mut w.input_position[0][0]);
            },
        ),
        attempt("a nullifier of one's own making", &[Nullifiers], |p, _| {
            other(&mut p.nullifiers[1]);
        }),
        attempt(
            "a nullifier of another pool",
            &[Nullifiers, CounterNullifier],
            |p, _| {
                other(&mut p.pool_id);
            },
        ),
        attempt(
            "a note that is worth more than it says",
            &[OutputNotes],
            |p, _| {
                other(&mut p.commitments[0]);
            },
        ),
        attempt(
            "an output of more than 64 bits",
            &[OutputNotes, Balance, Limit, FlowLayer],
            |_, w| {
                w.payment_value += Fr::from(1u128 << 64);
            },
        ),
        note_of_another_asset(&world),
        counter_of_an_old_period(&world),
        deposit_of_another_asset(&world),
        attempt(
            "a deposit that is not made",
            &[PublicAmounts, Balance, FlowLayer],
            |p, _| {
                p.public_in = PublicAmount {
                    asset: 7,
                    value: 1_000,
                };
            },
        ),
        attempt(
            "something leaves of another asset",
            &[PublicAmounts, Balance, Limit, FlowLayer],
            |p, _| {
                p.public_out.asset = 8;
            },
        ),
        attempt("one more comes back than was there", &[Balance], |p, w| {
            let change = 600_000 + 150_000 - 700_000 - 30 + 1;
            w.change_value = Fr::from(change);
            p.commitments[1] = note_commitment(change, 7, &change_owner, &element("change rcm"));
        }),
        attempt(
            "a credential that is not in the tree",
            &[SenderCredential],
            |_, w| {
                w.sender_groups[4][3] += Fr::ONE;
            },
        ),
        attempt(
            "a credential of a higher tier",
            &[SenderCredential, Policy],
            |_, w| {
                w.sender_claims += Fr::ONE;
            },
        ),
        attempt(
            "a root of credentials that is none",
            &[SenderCredential, ReceiverCredential],
            |p, _| {
                other(&mut p.credential_root);
            },
        ),
        attempt(
            "after the sender's credential ended",
            &[SenderValidity],
            |p, _| {
                p.time = SENDER_UNTIL;
            },
        ),
        attempt(
            "after both credentials ended",
            &[SenderValidity, ReceiverValidity],
            |p, _| {
                p.time = RECEIVER_UNTIL;
            },
        ),
        receiver_of_yesterday(),
        attempt(
            "before both credentials began",
            &[SenderValidity, ReceiverValidity],
            |p, _| {
                p.time = 9;
            },
        ),
        attempt(
            "a receiver's credential that is not in the tree",
            &[ReceiverCredential],
            |_, w| {
                w.receiver_groups[4][3] += Fr::ONE;
            },
        ),
        attempt(
            "a receiver's credential for another key",
            &[ReceiverCredential],
            |_, w| {
                w.receiver_salt += Fr::ONE;
            },
        ),
        attempt(
            "a receiver's claims of more than 28 bytes",
            &[ReceiverCredential, ReceiverValidity, Jurisdictions],
            |_, w| {
                w.receiver_claims += Fr::from(2u64).pow([224]);
            },
        ),
        attempt("a higher limit", &[Policy], |_, w| {
            w.policy_limit += Fr::ONE;
        }),
        attempt(
            "a policy that is said not to ask for a receiver",
            &[Policy],
            |_, w| {
                w.policy_flags = Fr::ZERO;
            },
        ),
        attempt(
            "a policy that is said to ask nobody where it belongs",
            &[Policy],
            |_, w| {
                w.policy_restricts = Fr::ZERO;
            },
        ),
        attempt(
            "jurisdictions of one's own choice",
            &[Policy, Jurisdictions],
            |_, w| {
                w.policy_jurisdictions += Fr::from(1u64 << 32);
            },
        ),
        under_a_policy(
            "a sender from elsewhere",
            &World::new(),
            |world| world.payment(),
            |world| world.policy_for(&[*b"CH"]),
        ),
        under_a_policy(
            "a receiver from elsewhere",
            &World::new(),
            |world| world.payment(),
            |world| world.policy_for(&SENDERS),
        ),
        under_a_policy(
            "a sender from nowhere",
            &World::with_sender_of(&[]),
            |world| Plan {
                policy: world.lax_policy_for(&[]),
                ..world.to_anybody()
            },
            |world| world.lax_policy_for(&SENDERS),
        ),
        attempt(
            "a counter that is not in the tree",
            &[OldCounter],
            |_, w| {
                let taken = w.counter_position[6] == Fr::ONE && w.counter_position[7] == Fr::ONE;
                w.counter_groups[3][if taken { 0 } else { 3 }] += Fr::ONE;
            },
        ),
        attempt(
            "a counter's nullifier of one's own making",
            &[CounterNullifier],
            |p, _| {
                other(&mut p.counter_nullifier);
            },
        ),
        attempt("a new counter that forgets", &[Limit], |p, _| {
            p.counter_commitment = counter_commitment(0, 12, 7, &own, &element("new counter rcm"));
        }),
        attempt(
            "a payment that is said to be to oneself",
            &[Limit, FlowLayer],
            |_, w| {
                w.payment_to_self = Fr::ONE;
            },
        ),
        pseudonym_of_somebody_else(&world),
        attempt(
            "an ephemeral point of another secret",
            &[Agreement],
            |p, _| {
                p.ephemeral = p.flow_key;
            },
        ),
        attempt(
            "another secret",
            &[Agreement, FlowLayer, CommitteeLayer],
            |_, w| {
                bits_flipped(&mut w.ephemeral[1][77]);
            },
        ),
        attempt("a flow layer to another key", &[FlowLayer], |p, _| {
            p.flow_key = p.committee_key;
        }),
        attempt("a flow layer of something else", &[FlowLayer], |p, _| {
            other(&mut p.flow_ciphertext[2]);
        }),
        attempt(
            "a committee's layer of somebody else",
            &[CommitteeLayer],
            |p, _| {
                other(&mut p.committee_ciphertext[0]);
            },
        ),
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

/// What arkworks thinks of an assignment.
fn holds_in_arkworks(shape: &Shape, values: &[Fr]) -> bool {
    let system = ConstraintSystem::new_ref();
    Replayed {
        shape,
        assignment: Some(values),
    }
    .generate_constraints(system.clone())
    .expect("all values are there");
    system.is_satisfied().expect("all values are there")
}

#[test]
fn without_any_one_rule_an_attempt_that_it_is_there_against_would_pass() {
    let attempts = attempts();
    let mut passed = BTreeSet::new();
    for rule in Rule::ALL {
        let rest = circuit().without(rule);
        assert_eq!(
            rest.budget().filter(|(_, count)| *count == 0).count(),
            1,
            "{rule} alone has gone"
        );
        let pass: Vec<&Attempt> = attempts
            .iter()
            .filter(|attempt| rest.holds(&attempt.values))
            .collect();
        for attempt in &pass {
            assert_eq!(attempt.breaks, [rule], "{}", attempt.name);
        }
        let first = pass
            .first()
            .unwrap_or_else(|| panic!("{rule}: nothing is against this rule alone"));
        assert!(holds_in_arkworks(&rest, &first.values), "{}", first.name);
        assert!(
            !holds_in_arkworks(circuit(), &first.values),
            "{}",
            first.name
        );
        passed.insert(rule);
    }
    assert_eq!(passed, BTreeSet::from(Rule::ALL));
}
