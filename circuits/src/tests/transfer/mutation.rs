//! What is changed breaks a constraint: every field of the witness, every public input, every variable, every rule.

use super::{
    all_kinds,
    world::{ASSET, LIMIT, NOTES, PERIOD, RECEIVER_UNTIL, SENDER_UNTIL, SPENT, World, element},
};
use crate::{
    Domain, FieldBytes, Fr, hash,
    transfer::{
        Assigned, OldCounter, Plan, PublicAmount, PublicInputs, Rule, Shape, Witness, assignment,
        coordinates,
        disclosure::FlowPlain,
        notes::{counter_commitment, note_commitment, owner},
        shape,
    },
};
use ark_ff::{AdditiveGroup, Field};
use std::{collections::BTreeSet, sync::OnceLock};

fn circuit() -> &'static Shape {
    static SHAPE: OnceLock<Shape> = OnceLock::new();
    SHAPE.get_or_init(shape)
}

fn broken(public: &PublicInputs, witness: &Witness) -> BTreeSet<Rule> {
    circuit().broken(&assignment(public, witness))
}

fn payment() -> Assigned {
    World::new().payment().assign().expect("a good plan")
}

/// A random looking element that is not zero.
fn noise(number: usize) -> Fr {
    element(&format!("noise {number}")).to_element()
}

/// At most this many elements of a field are changed, spread over it.
const SAMPLES: usize = 12;

#[test]
fn every_element_of_the_witness_matters() {
    let Assigned {
        public, witness, ..
    } = payment();
    assert!(circuit().holds(&assignment(&public, &witness)));
    for field in Witness::FIELDS {
        let count = witness.clone().field_mut(field).len();
        assert!(count > 0, "{field}");
        let step = count.div_ceil(SAMPLES);
        for at in (0..count).step_by(step) {
            for change in [
                |x: Fr| Fr::ONE - x,
                |x: Fr| x + Fr::ONE,
                |x: Fr| x + noise(1),
            ] {
                let mut changed = witness.clone();
                let mut cells = changed.field_mut(field);
                *cells[at] = change(*cells[at]);
                drop(cells);
                assert!(
                    !circuit().holds(&assignment(&public, &changed)),
                    "{field}, element {at}"
                );
            }
        }
    }
}

#[test]
fn every_public_input_but_the_binding_is_in_a_rule() {
    let Assigned {
        public, witness, ..
    } = payment();
    let values = assignment(&public, &witness);
    for input in 1..circuit().instance_variables() {
        let mut changed = values.clone();
        changed[input] += noise(input);
        let is_binding = input == circuit().instance_variables() - 1;
        assert_eq!(
            circuit().holds(&changed),
            is_binding,
            "public input {}",
            input - 1
        );
    }
}

/// Constraints by variable.
fn rows_of_variables() -> Vec<Vec<usize>> {
    let count = circuit().instance_variables() + circuit().witness_variables();
    let mut rows = vec![Vec::new(); count];
    for matrix in circuit().matrices() {
        for (number, row) in matrix.iter().enumerate() {
            for (_, variable) in row {
                if rows[*variable].last() != Some(&number) {
                    rows[*variable].push(number);
                }
            }
        }
    }
    rows
}

fn coefficient(row: &[(Fr, usize)], variable: usize) -> Fr {
    row.iter()
        .find(|(_, other)| *other == variable)
        .map_or(Fr::ZERO, |(coefficient, _)| *coefficient)
}

/// An assignment, and what every row of the matrices makes of it.
struct Evaluated {
    values: Vec<Fr>,
    rows: Vec<[Fr; 3]>,
}

impl Evaluated {
    fn of(assigned: &Assigned) -> Self {
        let values = assignment(&assigned.public, &assigned.witness);
        let [a, b, c] = circuit().matrices();
        let dot = |row: &[(Fr, usize)]| row.iter().map(|(k, at)| *k * values[*at]).sum::<Fr>();
        let rows = (0..circuit().constraints())
            .map(|number| [dot(&a[number]), dot(&b[number]), dot(&c[number])])
            .collect();
        Self { values, rows }
    }

    /// Whether a constraint breaks when one variable is changed by this.
    fn breaks(&self, number: usize, variable: usize, change: Fr) -> bool {
        let [a, b, c] = circuit().matrices();
        let [at_a, at_b, at_c] = self.rows[number];
        let moved = |row: &[(Fr, usize)], at| at + coefficient(row, variable) * change;
        moved(&a[number], at_a) * moved(&b[number], at_b) != moved(&c[number], at_c)
    }
}

#[test]
fn no_variable_can_be_changed_alone() {
    let rows = rows_of_variables();
    for (name, plan) in all_kinds() {
        let evaluated = Evaluated::of(&plan.assign().expect(name));
        let first = circuit().instance_variables();
        #[allow(
            clippy::needless_range_loop,
            reason = "the number is what a failure names"
        )]
        for variable in first..evaluated.values.len() {
            let value = evaluated.values[variable];
            // By one, to its opposite, to zero, from 0 to 1 and back, and by anything.
            let changes = [
                Fr::ONE,
                -Fr::ONE,
                -value.double(),
                -value,
                Fr::ONE - value.double(),
                noise(variable),
            ];
            for change in changes.into_iter().filter(|change| *change != Fr::ZERO) {
                let breaks = rows[variable]
                    .iter()
                    .any(|number| evaluated.breaks(*number, variable, change));
                assert!(
                    breaks,
                    "{name}: variable {variable} of {:?}",
                    rules_of(&rows[variable])
                );
            }
        }
    }
}

fn rules_of(rows: &[usize]) -> BTreeSet<Rule> {
    rows.iter()
        .map(|number| circuit().rules()[*number])
        .collect()
}

#[test]
fn every_constraint_says_something() {
    let evaluated = Evaluated::of(&payment());
    let matrices = circuit().matrices();
    for number in 0..circuit().constraints() {
        let mut variables = matrices.iter().flat_map(|matrix| &matrix[number]);
        let says =
            variables.any(|(_, variable)| evaluated.breaks(number, *variable, noise(number)));
        assert!(says, "constraint {number} of {}", circuit().rules()[number]);
    }
}

/// Public inputs and a witness that break exactly these rules.
struct Attempt {
    name: &'static str,
    breaks: &'static [Rule],
    public: PublicInputs,
    witness: Witness,
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
    Attempt {
        name,
        breaks,
        public,
        witness,
    }
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
    Attempt {
        name: "a note of another asset, worth 2⁶⁴ more",
        breaks: &[Rule::InputNotes],
        public,
        witness,
    }
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
    Attempt {
        name: "a counter of an old period, with 2⁶⁴ less spent",
        breaks: &[Rule::OldCounter],
        public,
        witness,
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

fn attempts() -> Vec<Attempt> {
    use Rule::*;
    let world = World::new();
    let own = world.sender.pool_key();
    let change_owner = owner(&own, &element("change"));
    vec![
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
                p.time = SENDER_UNTIL + 1;
            },
        ),
        attempt(
            "after both credentials ended",
            &[SenderValidity, ReceiverValidity],
            |p, _| {
                p.time = RECEIVER_UNTIL + 1;
            },
        ),
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
            &[ReceiverCredential, ReceiverValidity],
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
            broken(&attempt.public, &attempt.witness),
            expected,
            "{}",
            attempt.name
        );
    }
}
