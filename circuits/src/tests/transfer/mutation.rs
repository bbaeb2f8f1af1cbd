//! What is changed breaks a constraint: every field of the witness, every public input, every variable.

use super::{all_kinds, circuit, noise, payment};
use crate::{
    Fr,
    transfer::{Assigned, Rule, Witness, assignment},
};
use ark_ff::{AdditiveGroup, Field};
use std::collections::BTreeSet;

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
