//! A circuit as its matrices.

use ark_bls12_381::Fr;
use ark_ff::{BigInteger, One, PrimeField, Zero};
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystem, OptimizationGoal, R1CS_PREDICATE_LABEL, SynthesisMode,
};
use rayon::prelude::*;

use crate::error::{Error, Refusal};
use crate::hash::{Digest, Hasher};
use crate::names::CircuitName;

/// Rows of (variable, coefficient), sorted by variable, no coefficient zero.
type Rows = Vec<Vec<(usize, Fr)>>;

/// The rank-1 constraints ⟨a_i, z⟩ · ⟨b_i, z⟩ = ⟨c_i, z⟩ that `ark-groth16` would prove.
///
/// They are synthesised as its generator and its prover do (goal `Constraints`, linear combinations inlined), and its
/// reduction to polynomials is that of libsnark: below the constraints stand as many rows as there are instance variables,
/// with one of them in `a` each. The domain is the next power of two.
#[derive(Clone, Debug)]
pub struct Circuit {
    name: CircuitName,
    instance: usize,
    witness: usize,
    constraints: usize,
    log_size: u8,
    rows: [Rows; 3],
    hash: Digest,
}

/// Which of the three matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Matrix {
    A = 0,
    B = 1,
    C = 2,
}

impl Circuit {
    /// Synthesises a circuit without a witness.
    ///
    /// Refused if synthesis fails, if there are no constraints, or if there are others than rank-1 ones: those
    /// would be counted, and not proven.
    pub fn new<C: ConstraintSynthesizer<Fr>>(name: &str, circuit: C) -> Result<Self, Error> {
        let name: CircuitName = name.parse()?;
        let system = ConstraintSystem::<Fr>::new_ref();
        system.set_optimization_goal(OptimizationGoal::Constraints);
        system.set_mode(SynthesisMode::Setup);
        circuit
            .generate_constraints(system.clone())
            .map_err(|_| Refusal::Circuit("its synthesis fails"))?;
        system.finalize();
        let matrices = system
            .to_matrices()
            .ok()
            .and_then(|mut all| all.remove(R1CS_PREDICATE_LABEL))
            .and_then(|matrices| <[_; 3]>::try_from(matrices).ok())
            .ok_or(Refusal::Circuit("it has no matrices"))?;
        let constraints = system.num_constraints();
        if constraints == 0 || matrices.iter().any(|matrix| matrix.len() != constraints) {
            return Err(Refusal::Circuit("there are none, or others as well").into());
        }
        let instance = system.num_instance_variables();
        let log_size = (constraints + instance).next_power_of_two().ilog2() as u8;
        let mut circuit = Self {
            name,
            instance,
            witness: system.num_witness_variables(),
            constraints,
            log_size,
            rows: matrices.map(canonical),
            hash: Digest::default(),
        };
        circuit.hash = circuit.compute_hash();
        Ok(circuit)
    }

    /// Its name.
    pub fn name(&self) -> &CircuitName {
        &self.name
    }

    /// Instance variables, with the constant one.
    pub fn instance_variables(&self) -> usize {
        self.instance
    }

    /// Witness variables.
    pub fn witness_variables(&self) -> usize {
        self.witness
    }

    /// Constraints.
    pub fn constraints(&self) -> usize {
        self.constraints
    }

    /// Binary logarithm of the domain: constraints and instance variables, rounded up to a power of two.
    pub fn log_size(&self) -> u8 {
        self.log_size
    }

    /// BLAKE2b over the sizes and the three matrices, row by row. The name is not in it.
    pub fn hash(&self) -> Digest {
        self.hash
    }

    pub(crate) fn size(&self) -> usize {
        1 << self.log_size
    }

    pub(crate) fn variables(&self) -> usize {
        self.instance + self.witness
    }

    /// For each variable, where in the domain it stands, with its coefficient.
    pub(crate) fn columns(&self, matrix: Matrix) -> Vec<Vec<(usize, Fr)>> {
        let mut columns = vec![Vec::new(); self.variables()];
        self.for_each(matrix, |row, variable, coefficient| {
            columns[variable].push((row, *coefficient));
        });
        columns
    }

    /// At each place of the domain, the sum of coefficients times their variable's weight: the weighted sum of the
    /// matrix' polynomials, by its values.
    pub(crate) fn weighted(&self, matrix: Matrix, weights: &[Fr]) -> Vec<Fr> {
        let mut values = vec![Fr::zero(); self.size()];
        self.for_each(matrix, |row, variable, coefficient| {
            values[row] += weights[variable] * coefficient;
        });
        values
    }

    /// Every entry: place in the domain, variable, coefficient.
    fn for_each(&self, matrix: Matrix, mut visit: impl FnMut(usize, usize, &Fr)) {
        for (row, entries) in self.rows[matrix as usize].iter().enumerate() {
            for (variable, coefficient) in entries {
                visit(row, *variable, coefficient);
            }
        }
        if matrix == Matrix::A {
            for variable in 0..self.instance {
                visit(self.constraints + variable, variable, &Fr::one());
            }
        }
    }

    fn compute_hash(&self) -> Digest {
        let mut hasher = Hasher::new("plume-ceremony/circuit/1");
        for number in [self.instance, self.witness, self.constraints] {
            hasher.update(&(number as u64).to_le_bytes());
        }
        for row in self.rows.iter().flatten() {
            hasher.update(&(row.len() as u64).to_le_bytes());
            for (variable, coefficient) in row {
                hasher.update(&(*variable as u64).to_le_bytes());
                hasher.update(&coefficient.into_bigint().to_bytes_le());
            }
        }
        hasher.finish()
    }
}

/// Sorted, one entry a variable, none zero.
fn canonical(matrix: Vec<Vec<(Fr, usize)>>) -> Rows {
    matrix
        .into_par_iter()
        .map(|row| {
            let mut entries: Vec<(usize, Fr)> = row.into_iter().map(|(c, v)| (v, c)).collect();
            entries.sort_by_key(|(variable, _)| *variable);
            entries.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                if same {
                    kept.1 += next.1;
                }
                same
            });
            entries.retain(|(_, coefficient)| !coefficient.is_zero());
            entries
        })
        .collect()
}
