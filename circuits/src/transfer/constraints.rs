//! Rank-1 constraints, written down or only computed.
//!
//! A [`Builder`] runs the same code in two ways. *Recording* gives the [`Shape`]: all constraints, each with the
//! [rule](Rules) that it belongs to, for keys, tests and tables. *Computing* gives the assignment alone, in a few
//! milliseconds, for a proof. Nothing in it depends on values, so that both have the same variables, and it never
//! stops at a wrong value: whoever lies gets an assignment that breaks constraints.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "fields have no overflow, and counts are of what is in memory"
)]

use crate::Fr;
use ark_ff::{AdditiveGroup, Field, One, PrimeField, Zero};
use ark_relations::{
    gr1cs::{ConstraintSynthesizer, ConstraintSystemRef, LinearCombination, Variable},
    utils::matrix::Matrix,
};
use std::{
    collections::BTreeSet,
    fmt,
    ops::{Add, Mul, Sub},
};

/// The numbered parts of a circuit's statement: a constraint belongs to one.
pub trait Rules: Copy + Ord + fmt::Display + 'static {
    /// All of them, in order of their numbers.
    const ALL: &'static [Self];

    /// Its number in the statement.
    fn number(self) -> usize {
        Self::ALL.iter().take_while(|rule| **rule != self).count() + 1
    }
}

/// The numbered parts of the [statement](super) of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// 1: the keys that own the inputs.
    Keys,
    /// 2: commitments of the inputs.
    InputNotes,
    /// 3: the inputs are in the tree, or worth nothing.
    InputMembership,
    /// 4: nullifiers.
    Nullifiers,
    /// 5: commitments of the outputs.
    OutputNotes,
    /// 6: what enters and leaves in public.
    PublicAmounts,
    /// 7: nothing comes from nowhere.
    Balance,
    /// 8: the sender's credential.
    SenderCredential,
    /// 9: it is valid.
    SenderValidity,
    /// 10: the receiver's credential.
    ReceiverCredential,
    /// 11: it is valid.
    ReceiverValidity,
    /// 12: the policy of asset and tier.
    Policy,
    /// 13: the old counter.
    OldCounter,
    /// 14: what stands in its place.
    CounterNullifier,
    /// 15: the limit, and the new counter.
    Limit,
    /// 16: the sender's pseudonym.
    Pseudonym,
    /// 17: the ephemeral point and the shared ones.
    Agreement,
    /// 18: the flow layer.
    FlowLayer,
    /// 19: the committee's layer.
    CommitteeLayer,
    /// 20: who pays, and who is paid, belongs where the policy says.
    Jurisdictions,
}

impl Rule {
    /// All of them, in order of their numbers.
    pub const ALL: [Self; 20] = [
        Self::Keys,
        Self::InputNotes,
        Self::InputMembership,
        Self::Nullifiers,
        Self::OutputNotes,
        Self::PublicAmounts,
        Self::Balance,
        Self::SenderCredential,
        Self::SenderValidity,
        Self::ReceiverCredential,
        Self::ReceiverValidity,
        Self::Policy,
        Self::OldCounter,
        Self::CounterNullifier,
        Self::Limit,
        Self::Pseudonym,
        Self::Agreement,
        Self::FlowLayer,
        Self::CommitteeLayer,
        Self::Jurisdictions,
    ];

    /// Its number in the statement.
    pub fn number(self) -> usize {
        Rules::number(self)
    }
}

impl Rules for Rule {
    const ALL: &'static [Self] = &Self::ALL;
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Keys => "keys",
            Self::InputNotes => "input notes",
            Self::InputMembership => "membership of the inputs",
            Self::Nullifiers => "nullifiers",
            Self::OutputNotes => "output notes",
            Self::PublicAmounts => "public amounts",
            Self::Balance => "balance",
            Self::SenderCredential => "sender's credential",
            Self::SenderValidity => "sender's validity and tier",
            Self::ReceiverCredential => "receiver's credential",
            Self::ReceiverValidity => "receiver's validity",
            Self::Policy => "policy",
            Self::OldCounter => "old counter",
            Self::CounterNullifier => "counter's nullifier",
            Self::Limit => "limit and new counter",
            Self::Pseudonym => "pseudonym",
            Self::Agreement => "ephemeral and shared points",
            Self::FlowLayer => "flow layer",
            Self::CommitteeLayer => "committee's layer",
            Self::Jurisdictions => "jurisdictions",
        })
    }
}

/// A sum of variables with coefficients, by number of the variable. Number 0 is one.
type Terms = Vec<(usize, Fr)>;

/// A value, and while recording the sum of variables that it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Num {
    value: Fr,
    terms: Option<Terms>,
}

impl Num {
    /// Its value.
    pub(crate) const fn value(&self) -> Fr {
        self.value
    }

    /// `self + factor · other`.
    pub(crate) fn plus(&self, factor: Fr, other: &Self) -> Self {
        Self {
            value: self.value + factor * other.value,
            terms: match (&self.terms, &other.terms) {
                (Some(left), Some(right)) => Some(merged(left, factor, right)),
                _ => None,
            },
        }
    }

    /// `self + constant`.
    pub(crate) fn shifted(&self, constant: Fr) -> Self {
        Self {
            value: self.value + constant,
            terms: self
                .terms
                .as_ref()
                .map(|terms| merged(terms, Fr::ONE, &[(0, constant)])),
        }
    }
}

fn merged(left: &[(usize, Fr)], factor: Fr, right: &[(usize, Fr)]) -> Terms {
    let mut sum = Terms::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    loop {
        let (index, coefficient) = match (left.peek(), right.peek()) {
            (None, None) => break sum,
            (Some((a, _)), Some((b, _))) if a == b => {
                let (index, first) = left.next().copied().unwrap_or_default();
                let (_, second) = right.next().copied().unwrap_or_default();
                (index, first + factor * second)
            }
            (Some((a, _)), Some((b, _))) if a < b => left.next().copied().unwrap_or_default(),
            (Some(_), None) => left.next().copied().unwrap_or_default(),
            _ => {
                let (index, coefficient) = right.next().copied().unwrap_or_default();
                (index, factor * coefficient)
            }
        };
        if !coefficient.is_zero() {
            sum.push((index, coefficient));
        }
    }
}

impl Add for &Num {
    type Output = Num;
    fn add(self, other: &Num) -> Num {
        self.plus(Fr::ONE, other)
    }
}

impl Sub for &Num {
    type Output = Num;
    fn sub(self, other: &Num) -> Num {
        self.plus(-Fr::ONE, other)
    }
}

impl Mul<Fr> for &Num {
    type Output = Num;
    fn mul(self, factor: Fr) -> Num {
        Num {
            value: self.value * factor,
            terms: self.terms.as_ref().map(|terms| merged(&[], factor, terms)),
        }
    }
}

/// `a · b = c`.
#[derive(Clone, Debug)]
struct Constraint<R> {
    rule: R,
    a: Terms,
    b: Terms,
    c: Terms,
}

/// Makes variables and constraints.
pub(crate) struct Builder<R = Rule> {
    recording: bool,
    rule: R,
    instance: usize,
    assignment: Vec<Fr>,
    constraints: Vec<Constraint<R>>,
}

impl<R: Rules> Builder<R> {
    /// Computes an assignment only. What comes first belongs to this rule.
    pub(crate) fn computing(rule: R) -> Self {
        Self {
            recording: false,
            rule,
            instance: 1,
            assignment: vec![Fr::ONE],
            constraints: Vec::new(),
        }
    }

    /// Records the constraints as well.
    pub(crate) fn recording(rule: R) -> Self {
        Self {
            recording: true,
            ..Self::computing(rule)
        }
    }

    /// What follows belongs to this rule.
    pub(crate) fn rule(&mut self, rule: R) {
        self.rule = rule;
    }

    /// A constant.
    pub(crate) fn constant(&self, value: Fr) -> Num {
        let terms = if value.is_zero() {
            Vec::new()
        } else {
            vec![(0, value)]
        };
        Num {
            value,
            terms: self.recording.then_some(terms),
        }
    }

    fn variable(&mut self, value: Fr) -> Num {
        let index = self.assignment.len();
        self.assignment.push(value);
        Num {
            value,
            terms: self.recording.then(|| vec![(index, Fr::ONE)]),
        }
    }

    /// The public inputs, before any witness.
    pub(crate) fn inputs<const N: usize>(&mut self, values: [Fr; N]) -> [Num; N] {
        debug_assert_eq!(self.instance, self.assignment.len());
        self.instance += N;
        values.map(|value| self.variable(value))
    }

    /// A value that the prover chooses.
    pub(crate) fn witness(&mut self, value: Fr) -> Num {
        self.variable(value)
    }

    /// Demands `a · b = c`.
    pub(crate) fn enforce(&mut self, a: &Num, b: &Num, c: &Num) {
        if let (Some(a), Some(b), Some(c)) = (&a.terms, &b.terms, &c.terms) {
            self.constraints.push(Constraint {
                rule: self.rule,
                a: a.clone(),
                b: b.clone(),
                c: c.clone(),
            });
        }
    }

    /// `a · b`: a variable, and a constraint.
    pub(crate) fn product(&mut self, a: &Num, b: &Num) -> Num {
        let product = self.variable(a.value * b.value);
        self.enforce(a, b, &product);
        product
    }

    /// `a / b`: a variable, and a constraint. Nothing is demanded of it where both are zero; zero stands for what
    /// is divided by zero.
    pub(crate) fn quotient(&mut self, a: &Num, b: &Num) -> Num {
        let inverse = b.value.inverse().unwrap_or_default();
        let quotient = self.variable(a.value * inverse);
        self.enforce(&quotient, b, a);
        quotient
    }

    /// Demands `a = b`.
    pub(crate) fn equal(&mut self, a: &Num, b: &Num) {
        let one = self.constant(Fr::ONE);
        self.enforce(&(a - b), &one, &self.constant(Fr::ZERO));
    }

    /// Demands `a = b` where `condition` is not zero.
    pub(crate) fn equal_if(&mut self, condition: &Num, a: &Num, b: &Num) {
        self.enforce(condition, &(a - b), &self.constant(Fr::ZERO));
    }

    /// Demands that a value is 0 or 1.
    pub(crate) fn boolean(&mut self, bit: &Num) {
        self.enforce(bit, &bit.shifted(-Fr::ONE), &self.constant(Fr::ZERO));
    }

    /// A bit that the prover chooses.
    pub(crate) fn bit(&mut self, value: Fr) -> Num {
        let bit = self.witness(value);
        self.boolean(&bit);
        bit
    }

    /// `yes` where the bit is 1, `no` where it is 0.
    pub(crate) fn select(&mut self, bit: &Num, yes: &Num, no: &Num) -> Num {
        no + &self.product(bit, &(yes - no))
    }

    /// One, the public inputs, the witness.
    pub(crate) fn into_assignment(self) -> Vec<Fr> {
        self.assignment
    }

    /// What was recorded.
    pub(crate) fn into_shape(self) -> Shape<R> {
        let [mut a, mut b, mut c] = [(); 3].map(|()| Matrix::with_capacity(self.constraints.len()));
        let mut rules = Vec::with_capacity(self.constraints.len());
        for constraint in self.constraints {
            a.push(row(constraint.a));
            b.push(row(constraint.b));
            c.push(row(constraint.c));
            rules.push(constraint.rule);
        }
        Shape {
            instance: self.instance,
            witness: self.assignment.len() - self.instance,
            matrices: [a, b, c],
            rules,
        }
    }
}

fn row(terms: Terms) -> Vec<(Fr, usize)> {
    terms
        .into_iter()
        .map(|(index, coefficient)| (coefficient, index))
        .collect()
}

/// All constraints, without values.
#[derive(Clone, Debug)]
pub struct Shape<R = Rule> {
    instance: usize,
    witness: usize,
    matrices: [Matrix<Fr>; 3],
    rules: Vec<R>,
}

impl<R: Rules> Shape<R> {
    /// Variables of the instance, one being the first.
    pub const fn instance_variables(&self) -> usize {
        self.instance
    }

    /// Variables of the witness.
    pub const fn witness_variables(&self) -> usize {
        self.witness
    }

    /// How many constraints there are.
    pub fn constraints(&self) -> usize {
        self.rules.len()
    }

    /// The matrices A, B and C by rows: coefficient and number of the variable, the instance first.
    pub const fn matrices(&self) -> &[Matrix<Fr>; 3] {
        &self.matrices
    }

    /// The rule of each constraint.
    pub fn rules(&self) -> &[R] {
        &self.rules
    }

    /// How many constraints each rule has.
    pub fn budget(&self) -> impl Iterator<Item = (R, usize)> + '_ {
        R::ALL.iter().map(|rule| {
            let count = self.rules.iter().filter(|other| *other == rule).count();
            (*rule, count)
        })
    }

    /// What is left without the constraints of a rule.
    #[cfg(test)]
    pub(crate) fn without(&self, rule: R) -> Self {
        let kept = |matrix: &Matrix<Fr>| {
            let rows = matrix.iter().zip(&self.rules);
            rows.filter(|(_, of)| **of != rule)
                .map(|(row, _)| row.clone())
                .collect()
        };
        Self {
            instance: self.instance,
            witness: self.witness,
            matrices: self.matrices.each_ref().map(kept),
            rules: self
                .rules
                .iter()
                .copied()
                .filter(|of| *of != rule)
                .collect(),
        }
    }

    /// The rules of the constraints that an assignment breaks, as they come.
    fn breaches(&self, assignment: &[Fr]) -> impl Iterator<Item = R> {
        let [a, b, c] = &self.matrices;
        let rows = a.iter().zip(b).zip(c).zip(&self.rules);
        rows.filter(move |(((a, b), c), _)| {
            evaluated(a, assignment) * evaluated(b, assignment) != evaluated(c, assignment)
        })
        .map(|(_, rule)| *rule)
    }

    /// Whether an assignment is good.
    pub fn holds(&self, assignment: &[Fr]) -> bool {
        self.breaches(assignment).next().is_none()
    }

    /// The rules that an assignment breaks: none when it is good.
    pub fn broken(&self, assignment: &[Fr]) -> BTreeSet<R> {
        self.breaches(assignment).collect()
    }
}

/// The value of a row.
pub(crate) fn evaluated(row: &[(Fr, usize)], assignment: &[Fr]) -> Fr {
    row.iter()
        .filter_map(|(coefficient, index)| Some(*coefficient * assignment.get(*index)?))
        .sum()
}

/// The circuit for keys: constraints, and no values but those that are given.
pub(crate) struct Replayed<'a, R = Rule> {
    pub(crate) shape: &'a Shape<R>,
    pub(crate) assignment: Option<&'a [Fr]>,
}

impl<R> ConstraintSynthesizer<Fr> for Replayed<'_, R> {
    fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> ark_relations::gr1cs::Result<()> {
        let value = |index: usize| {
            let known = self
                .assignment
                .and_then(|values| values.get(index))
                .copied();
            move || Ok(known.unwrap_or_default())
        };
        let mut variables = vec![Variable::one()];
        for index in 1..self.shape.instance {
            variables.push(cs.new_input_variable(value(index))?);
        }
        for index in self.shape.instance..self.shape.instance + self.shape.witness {
            variables.push(cs.new_witness_variable(value(index))?);
        }
        let sum = |row: &Vec<(Fr, usize)>| {
            LinearCombination(
                row.iter()
                    .filter_map(|(factor, index)| Some((*factor, *variables.get(*index)?)))
                    .collect(),
            )
        };
        let [a, b, c] = &self.shape.matrices;
        for ((a, b), c) in a.iter().zip(b).zip(c) {
            cs.enforce_r1cs_constraint(|| sum(a), || sum(b), || sum(c))?;
        }
        Ok(())
    }
}

/// A number's lowest bits as 0 and 1.
pub(crate) fn bits_of(value: Fr) -> impl Iterator<Item = Fr> {
    let limbs = value.into_bigint().0;
    (0..256usize).map(move |at| {
        let limb = limbs.get(at / 64).copied().unwrap_or_default();
        Fr::from(limb >> (at % 64) & 1)
    })
}

/// 2 to the power of a number.
pub(crate) fn power_of_two(exponent: u64) -> Fr {
    Fr::one().double().pow([exponent])
}
