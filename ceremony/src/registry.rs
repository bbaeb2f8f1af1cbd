//! Circuits by name: a line each.

use ark_bls12_381::Fr;
use ark_ff::{AdditiveGroup, Field, One};
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystemRef, LinearCombination, SynthesisError, Variable,
};

use plume_circuits::{standing, transfer};

use crate::circuit::Circuit;
use crate::error::Error;

/// A circuit that a ceremony can be held for.
#[derive(Clone, Copy)]
pub struct Named {
    /// What `--circuit` takes.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Synthesises it.
    pub circuit: fn() -> Result<Circuit, Error>,
}

/// All of them.
pub const CIRCUITS: &[Named] = &[
    Named {
        name: "transfer",
        about: "transfers in the shielded pool",
        circuit: || {
            let shape = transfer::shape();
            Circuit::new("transfer", transfer::synthesizer(&shape))
        },
    },
    Named {
        name: "standing",
        about: "that a holder is known well enough, shown off the chain",
        circuit: || {
            let shape = standing::shape();
            Circuit::new("standing", transfer::synthesizer(&shape))
        },
    },
    Named {
        name: "rehearsal-tiny",
        about: "14 constraints: to learn the steps in seconds",
        circuit: || Circuit::new("rehearsal-tiny", Dense::of_size(4)),
    },
    Named {
        name: "rehearsal",
        about: "4,094 dense constraints: to learn what the steps take",
        circuit: || Circuit::new("rehearsal", Dense::of_size(12)),
    },
];

/// The circuit of a name, if there is one.
pub fn find(name: &str) -> Option<&'static Named> {
    CIRCUITS.iter().find(|named| named.name == name)
}

/// A circuit without meaning that fills its domain, and whose witness has no small numbers:
/// w_(i+2) = (w_i + 3 w_(i+1) + 1) · (w_(i+1) − w_i), with the last one public.
#[derive(Clone, Debug)]
pub struct Dense {
    constraints: usize,
    seeds: Option<[Fr; 2]>,
}

impl Dense {
    /// That fills a domain of 2^`log_size`, at least 2^2, together with its two instance variables.
    pub fn of_size(log_size: u8) -> Self {
        Self {
            constraints: (1usize << log_size).saturating_sub(2).max(2),
            seeds: None,
        }
    }

    /// With a witness.
    pub fn with_seeds(self, seeds: [Fr; 2]) -> Self {
        Self {
            seeds: Some(seeds),
            ..self
        }
    }

    /// The public output, if there is a witness.
    pub fn output(&self) -> Option<Fr> {
        let [mut a, mut b] = self.seeds?;
        for _ in 0..self.constraints {
            (a, b) = (b, Self::next(a, b));
        }
        Some(b)
    }

    fn next(a: Fr, b: Fr) -> Fr {
        (a + b.double() + b + Fr::one()) * (b - a)
    }
}

impl ConstraintSynthesizer<Fr> for Dense {
    fn generate_constraints(self, system: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
        let missing = SynthesisError::AssignmentMissing;
        let output = system.new_input_variable(|| self.output().ok_or(missing))?;
        let mut values = self.seeds;
        let value =
            |values: Option<[Fr; 2]>, at: usize| move || values.map(|v| v[at]).ok_or(missing);
        let mut a = system.new_witness_variable(value(values, 0))?;
        let mut b = system.new_witness_variable(value(values, 1))?;
        for index in 0..self.constraints {
            values = values.map(|[x, y]| [y, Self::next(x, y)]);
            let next = if index + 1 == self.constraints {
                output
            } else {
                system.new_witness_variable(value(values, 1))?
            };
            system.enforce_r1cs_constraint(
                || LinearCombination::from(a) + (Fr::from(3u64), b) + (Fr::ONE, Variable::One),
                || LinearCombination::from(b) - a,
                || next.into(),
            )?;
            (a, b) = (b, next);
        }
        Ok(())
    }
}
