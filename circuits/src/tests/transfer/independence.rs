//! No constraint follows from the others.
//!
//! Small changes of a good assignment change what constraints demand in proportion, so near it each constraint is a row
//! of derivatives by the variables. A constraint whose row is no combination of the other rows can be broken alone: there
//! is a change that all others let pass, to the first order. A bit leaves no room for small changes, so that a constraint
//! can look needless near one kind of transfer and not near another.

use super::{all_kinds, circuit};
use crate::{
    Fr,
    transfer::{assignment, constraints::evaluated},
};
use ark_ff::{AdditiveGroup, Field, Zero, batch_inversion};
use std::collections::{BTreeMap, BTreeSet};

/// Derivatives by variables, in ascending order of these.
type Row = Vec<(usize, Fr)>;

/// Of `a · b − c`, for every constraint.
fn derivatives(values: &[Fr]) -> Vec<Row> {
    let [a, b, c] = circuit().matrices();
    let rows = a.iter().zip(b).zip(c);
    rows.map(|((a, b), c)| {
        let (at_a, at_b) = (evaluated(a, values), evaluated(b, values));
        let mut row = BTreeMap::new();
        for (terms, factor) in [(a, at_b), (b, at_a), (c, -Fr::ONE)] {
            for (coefficient, variable) in terms {
                *row.entry(*variable).or_insert(Fr::ZERO) += *coefficient * factor;
            }
        }
        // Variable 0 is one, whatever happens.
        let changes = |(variable, by): &(usize, Fr)| *variable != 0 && !by.is_zero();
        row.into_iter().filter(changes).collect()
    })
    .collect()
}

/// Near an assignment: the constraints that define a variable, and what the rest demands besides.
struct Nearby {
    rows: Vec<Row>,
    variables: usize,
    /// The constraint of which this variable is the last, with one over its derivative.
    defined: Vec<Option<(usize, Fr)>>,
    /// Constraints whose last variable another one defines.
    checks: Vec<usize>,
}

impl Nearby {
    fn to(values: &[Fr]) -> Self {
        let rows = derivatives(values);
        let mut inverses: Vec<Fr> = rows
            .iter()
            .map(|row| row.last().map_or(Fr::ZERO, |(_, by)| *by))
            .collect();
        batch_inversion(&mut inverses);
        let mut defined = vec![None; values.len()];
        let mut checks = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            match row.last() {
                Some((last, _)) if defined[*last].is_none() => {
                    defined[*last] = Some((number, inverses[number]));
                }
                _ => checks.push(number),
            }
        }
        Self {
            rows,
            variables: values.len(),
            defined,
            checks,
        }
    }

    /// A sum of rows in terms of variables that nothing defines, and the constraints that were added for that.
    fn reduced(&self, sum: impl Iterator<Item = (Fr, usize)>) -> (Row, Vec<usize>) {
        let mut dense = vec![Fr::ZERO; self.variables];
        for (factor, number) in sum {
            for (variable, by) in &self.rows[number] {
                dense[*variable] += factor * by;
            }
        }
        let (mut free, mut added) = (Row::new(), Vec::new());
        for variable in (0..self.variables).rev() {
            if dense[variable].is_zero() {
                continue;
            }
            let Some((number, inverse)) = self.defined[variable] else {
                free.push((variable, dense[variable]));
                continue;
            };
            let factor = dense[variable] * inverse;
            for (other, by) in &self.rows[number] {
                dense[*other] -= factor * by;
            }
            added.push(number);
        }
        (free, added)
    }

    /// The constraints that are combinations of others.
    fn dependent(&self) -> BTreeSet<usize> {
        // Each with the variable in which it alone has a one, and the sum of checks that it is.
        let mut basis: Vec<(usize, Vec<Fr>, Vec<Fr>)> = Vec::new();
        let mut dependent = BTreeSet::new();
        for (place, check) in self.checks.iter().enumerate() {
            let (free, _) = self.reduced([(Fr::ONE, *check)].into_iter());
            let mut row = vec![Fr::ZERO; self.variables];
            for (variable, by) in free {
                row[variable] = by;
            }
            let mut sum = vec![Fr::ZERO; self.checks.len()];
            sum[place] = Fr::ONE;
            for (pivot, other, of) in &basis {
                let factor = row[*pivot];
                if !factor.is_zero() {
                    subtract(&mut row, factor, other);
                    subtract(&mut sum, factor, of);
                }
            }
            if let Some(pivot) = row.iter().position(|by| !by.is_zero()) {
                let inverse = row[pivot].inverse().expect("it is not zero");
                for element in row.iter_mut().chain(&mut sum) {
                    *element *= inverse;
                }
                basis.push((pivot, row, sum));
                continue;
            }
            let parts = || {
                let all = sum.iter().zip(&self.checks);
                all.filter(|(factor, _)| !factor.is_zero())
                    .map(|(factor, check)| (*factor, *check))
            };
            let (rest, added) = self.reduced(parts());
            assert!(rest.is_empty(), "the combination is zero");
            dependent.extend(parts().map(|(_, check)| check));
            dependent.extend(added);
        }
        dependent
    }
}

fn subtract(from: &mut [Fr], factor: Fr, row: &[Fr]) {
    for (to, by) in from.iter_mut().zip(row).filter(|(_, by)| !by.is_zero()) {
        *to -= factor * by;
    }
}

#[test]
fn no_constraint_follows_from_the_others() {
    let mut open: BTreeSet<usize> = (0..circuit().constraints()).collect();
    for (name, plan) in all_kinds() {
        let assigned = plan.assign().expect(name);
        let nearby = Nearby::to(&assignment(&assigned.public, &assigned.witness));
        let dependent = nearby.dependent();
        println!(
            "near {name}: {} checks, {} constraints are combinations of others",
            nearby.checks.len(),
            dependent.len()
        );
        open = &open & &dependent;
        if open.is_empty() {
            return;
        }
    }
    let rules: Vec<_> = open
        .iter()
        .map(|number| (number, circuit().rules()[*number]))
        .collect();
    panic!("these follow from others: {rules:?}");
}
