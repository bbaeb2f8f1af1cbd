//! Phase 2: a circuit's key, up to delta.
//!
//! With the circuit's polynomials a_j, b_j, c_j for variable j, over a domain of n points with vanishing polynomial
//! t(X) = X^n − 1 (Groth 2016, eprint 2016/260; γ = 1 as in Bowe, Gabizon and Miers, eprint 2017/1050, section 6):
//!
//! | list | points | what | changed by a contribution d |
//! |---|---|---|---|
//! | `a_g1` | variables | a_j(τ) | |
//! | `b_g1`, `b_g2` | variables | b_j(τ) in both groups | |
//! | `gamma_abc_g1` | instance | β a_j(τ) + α b_j(τ) + c_j(τ) | |
//! | `delta_g1`, `delta_g2` | 1 | δ | times d |
//! | `h_g1` | n − 1 | τ^i t(τ) / δ | divided by d |
//! | `l_g1` | witness | (β a_j(τ) + α b_j(τ) + c_j(τ)) / δ | divided by d |
//!
//! The beginning (δ = 1) is computed from phase 1 by one inverse Fourier transform in the group for each of its lists, and
//! checked without: the weighted sum of all a_j is one polynomial, whose coefficients are a transform in the field
//! away, so that two multi-scalar multiplications with random weights say whether all of `a_g1` is right.

use ark_bls12_381::{Fr, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::scalar_mul::glv::GLVConfig;
use ark_ec::short_weierstrass::{Affine, Projective, SWCurveConfig};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM};
use ark_ff::{Field, One, Zero};
use ark_poly::{EvaluationDomain, GeneralEvaluationDomain};
use rayon::prelude::*;

use crate::circuit::{Circuit, Matrix};
use crate::error::{Error, Fault, Refusal};
use crate::phase1::{Powers, interpolate, interpolate_g2};
use crate::points::{G1_BYTES, G2_BYTES, Identity, encode};
use crate::progress::Progress;
use crate::ratio::{combine, same_ratio, weights};
use crate::secret::Factor;
use crate::state::{State, all_times, put_point, take_point, take_points};
use crate::step::Reader;

const A_G1: &str = "the query of A";
const B_G1: &str = "the query of B in G1";
const B_G2: &str = "the query of B in G2";
const GAMMA_ABC_G1: &str = "the query of the instance";
const DELTA_G1: &str = "delta in G1";
const DELTA_G2: &str = "delta in G2";
const H_G1: &str = "the query of H";
const L_G1: &str = "the query of the witness";

/// What phase 2 does not change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    pub(crate) a_g1: Vec<G1Affine>,
    pub(crate) b_g1: Vec<G1Affine>,
    pub(crate) b_g2: Vec<G2Affine>,
    pub(crate) gamma_abc_g1: Vec<G1Affine>,
}

/// What phase 2 changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delta {
    pub(crate) delta_g1: G1Affine,
    pub(crate) delta_g2: G2Affine,
    pub(crate) h_g1: Vec<G1Affine>,
    pub(crate) l_g1: Vec<G1Affine>,
}

/// The beginning of phase 2. Refused if the circuit is too large for phase 1.
pub(crate) fn start(
    circuit: &Circuit,
    powers: &Powers,
    progress: &dyn Progress,
) -> Result<(Fixed, Delta), Error> {
    fits(circuit, powers)?;
    let size = circuit.size();
    let what = "computing the circuit's queries";
    let at = |done| progress.at(what, done, 16);

    at(0);
    let lagrange_g2 = lagrange(&powers.tau_g2[..size]);
    at(5);
    let b = circuit.columns(Matrix::B);
    let b_g2 = sums(&[(&b, &lagrange_g2)]);
    drop(lagrange_g2);
    at(8);
    let lagrange_g1 = lagrange(&powers.tau_g1[..size]);
    at(10);
    let alpha = lagrange(&powers.alpha_tau_g1[..size]);
    at(12);
    let beta = lagrange(&powers.beta_tau_g1[..size]);
    at(14);
    let a = circuit.columns(Matrix::A);
    let c = circuit.columns(Matrix::C);
    let a_g1 = sums(&[(&a, &lagrange_g1)]);
    let b_g1 = sums(&[(&b, &lagrange_g1)]);
    at(15);
    let mut gamma_abc_g1 = sums(&[(&a, &beta), (&b, &alpha), (&c, &lagrange_g1)]);
    let l_g1 = gamma_abc_g1.split_off(circuit.instance_variables());
    let delta = Delta {
        delta_g1: G1Affine::generator(),
        delta_g2: G2Affine::generator(),
        h_g1: vanishing_times_powers(powers, size),
        l_g1,
    };
    let fixed = Fixed {
        a_g1,
        b_g1,
        b_g2,
        gamma_abc_g1,
    };
    Ok((fixed, delta))
}

pub(crate) fn fits(circuit: &Circuit, powers: &Powers) -> Result<(), Error> {
    if circuit.log_size() > powers.log_size() {
        return Err(Refusal::CircuitTooLarge {
            needs: circuit.log_size(),
            has: powers.log_size(),
        }
        .into());
    }
    Ok(())
}

/// τ^(n+i) − τ^i for i below n − 1.
fn vanishing_times_powers(powers: &Powers, size: usize) -> Vec<G1Affine> {
    let low = &powers.tau_g1[..size - 1];
    let high = &powers.tau_g1[size..2 * size - 1];
    let differences: Vec<G1Projective> = high
        .par_iter()
        .zip(low)
        .map(|(high, low)| high.into_group() - low)
        .collect();
    G1Projective::normalize_batch(&differences)
}

/// Lagrange's polynomials at τ from τ's powers, whatever both are multiplied by.
fn lagrange<P: SWCurveConfig<ScalarField = Fr>>(powers: &[Affine<P>]) -> Vec<Affine<P>> {
    let mut values: Vec<Projective<P>> = powers.iter().map(|power| power.into_group()).collect();
    domain(powers.len()).ifft_in_place(&mut values);
    Projective::normalize_batch(&values)
}

fn domain(size: usize) -> GeneralEvaluationDomain<Fr> {
    GeneralEvaluationDomain::new(size).expect("the field has roots of unity of order up to 2^32")
}

/// For each variable, the sum over its entries in each of the matrices.
fn sums<P: GLVConfig<ScalarField = Fr>>(
    matrices: &[(&Vec<Vec<(usize, Fr)>>, &Vec<Affine<P>>)],
) -> Vec<Affine<P>> {
    let variables = matrices.first().map_or(0, |(columns, _)| columns.len());
    let sums: Vec<Projective<P>> = (0..variables)
        .into_par_iter()
        .map(|variable| {
            let mut sum = Projective::<P>::zero();
            let (mut points, mut scalars) = (Vec::new(), Vec::new());
            for (columns, lagrange) in matrices {
                for (row, coefficient) in &columns[variable] {
                    let point = lagrange[*row];
                    if coefficient.is_one() {
                        sum += point;
                    } else if (-*coefficient).is_one() {
                        sum -= point;
                    } else {
                        points.push(point);
                        scalars.push(*coefficient);
                    }
                }
            }
            sum + weighted_sum(&points, &scalars)
        })
        .collect();
    Projective::normalize_batch(&sums)
}

/// Below this many points a sum of products is faster than buckets.
const FEW: usize = 8;

fn weighted_sum<P: GLVConfig<ScalarField = Fr>>(
    points: &[Affine<P>],
    scalars: &[Fr],
) -> Projective<P> {
    if points.len() < FEW {
        return points
            .iter()
            .zip(scalars)
            .map(|(point, scalar)| P::glv_mul_projective(point.into_group(), *scalar))
            .sum();
    }
    Projective::<P>::msm_unchecked(points, scalars)
}

/// Whether the beginning is that of the circuit over phase 1.
pub(crate) fn check_start(
    circuit: &Circuit,
    powers: &Powers,
    fixed: &Fixed,
    delta: &Delta,
) -> Result<(), Error> {
    fits(circuit, powers)?;
    let size = circuit.size();
    let weights_of = weights(circuit.variables())?;
    let coefficients = |matrix| {
        let mut values = circuit.weighted(matrix, &weights_of);
        domain(size).ifft_in_place(&mut values);
        values
    };
    let (a, b, c) = (
        coefficients(Matrix::A),
        coefficients(Matrix::B),
        coefficients(Matrix::C),
    );
    let differs = |what| Err(Fault::NotTheCircuit(what).into());

    if combine::<G1Projective>(&fixed.a_g1, &weights_of) != interpolate(&powers.tau_g1, &a) {
        return differs(A_G1);
    }
    if combine::<G1Projective>(&fixed.b_g1, &weights_of) != interpolate(&powers.tau_g1, &b) {
        return differs(B_G1);
    }
    if combine::<G2Projective>(&fixed.b_g2, &weights_of) != interpolate_g2(&powers.tau_g2, &b) {
        return differs(B_G2);
    }
    // Instance and witness are two lists of the same kind; every point has a weight of its own.
    let (of_instance, of_witness) = weights_of.split_at(circuit.instance_variables());
    let sum = combine::<G1Projective>(&fixed.gamma_abc_g1, of_instance)
        + combine::<G1Projective>(&delta.l_g1, of_witness);
    let expected = interpolate(&powers.beta_tau_g1, &a)
        + interpolate(&powers.alpha_tau_g1, &b)
        + interpolate(&powers.tau_g1, &c);
    if sum != expected {
        return differs("the query of instance and witness");
    }
    if delta.delta_g1 != G1Affine::generator() || delta.delta_g2 != G2Affine::generator() {
        return differs("delta");
    }
    let of_h = weights(size - 1)?;
    let expected = combine::<G1Projective>(&powers.tau_g1[size..2 * size - 1], &of_h)
        - combine::<G1Projective>(&powers.tau_g1[..size - 1], &of_h);
    if combine::<G1Projective>(&delta.h_g1, &of_h) != expected {
        return differs(H_G1);
    }
    Ok(())
}

impl Fixed {
    pub(crate) fn bytes(circuit: &Circuit) -> usize {
        (2 * circuit.variables() + circuit.instance_variables()) * G1_BYTES
            + circuit.variables() * G2_BYTES
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        encode(&self.a_g1, out);
        encode(&self.b_g1, out);
        encode(&self.b_g2, out);
        encode(&self.gamma_abc_g1, out);
    }

    pub(crate) fn decode(circuit: &Circuit, reader: &mut Reader<'_>) -> Result<Self, Fault> {
        let variables = circuit.variables();
        let allowed = Identity::Allowed;
        Ok(Self {
            a_g1: take_points(reader, A_G1, variables, allowed)?,
            b_g1: take_points(reader, B_G1, variables, allowed)?,
            b_g2: take_points(reader, B_G2, variables, allowed)?,
            gamma_abc_g1: take_points(reader, GAMMA_ABC_G1, circuit.instance_variables(), allowed)?,
        })
    }
}

impl Delta {
    pub(crate) fn bytes_of(circuit: &Circuit) -> usize {
        (circuit.size() + circuit.witness_variables()) * G1_BYTES + G2_BYTES
    }

    pub(crate) fn decode(
        size: usize,
        witness: usize,
        reader: &mut Reader<'_>,
    ) -> Result<Self, Fault> {
        let delta = Self {
            delta_g1: take_point(reader, DELTA_G1)?,
            delta_g2: take_point(reader, DELTA_G2)?,
            // tau is a root of unity of the domain if and only if these are the identity.
            h_g1: take_points(reader, H_G1, size - 1, Identity::Allowed)?,
            l_g1: take_points(reader, L_G1, witness, Identity::Allowed)?,
        };
        if delta.h_g1.iter().any(|point| point.is_zero()) {
            return Err(Fault::TauInDomain);
        }
        Ok(delta)
    }
}

impl State for Delta {
    const FACTORS: &'static [Factor] = &[Factor::Delta];

    fn carrier(&self, _: Factor) -> &G1Affine {
        &self.delta_g1
    }

    fn multiplied(&self, factors: &[Fr], progress: &dyn Progress) -> Self {
        let [factor] = *factors else {
            unreachable!("a factor for the one secret");
        };
        let inverse = factor.inverse().expect("factors are never zero");
        let what = "multiplying delta";
        progress.at(what, 0, 2);
        let h_g1 = all_times(&self.h_g1, &inverse);
        progress.at(what, 1, 2);
        Self {
            delta_g1: (self.delta_g1 * factor).into_affine(),
            delta_g2: (self.delta_g2 * factor).into_affine(),
            h_g1,
            l_g1: all_times(&self.l_g1, &inverse),
        }
    }

    fn check(&self, before: &Self) -> Result<(), Error> {
        let generators = (G1Affine::generator(), G2Affine::generator());
        if !same_ratio((generators.0, self.delta_g1), (generators.1, self.delta_g2)) {
            return Err(Fault::GroupsDiffer(Factor::Delta).into());
        }
        for (what, now, then) in [
            (H_G1, &self.h_g1, &before.h_g1),
            (L_G1, &self.l_g1, &before.l_g1),
        ] {
            let weights = weights(now.len())?;
            let sums: [G1Projective; 2] = [combine(now, &weights), combine(then, &weights)];
            let sums = G1Projective::normalize_batch(&sums);
            // now · delta_now = then · delta_then
            if !same_ratio((sums[0], sums[1]), (before.delta_g2, self.delta_g2)) {
                return Err(Fault::NotDivided(what).into());
            }
        }
        Ok(())
    }

    fn bytes(&self) -> usize {
        (1 + self.h_g1.len() + self.l_g1.len()) * G1_BYTES + G2_BYTES
    }

    fn encode(&self, out: &mut Vec<u8>) {
        put_point(&self.delta_g1, out);
        put_point(&self.delta_g2, out);
        encode(&self.h_g1, out);
        encode(&self.l_g1, out);
    }

    fn decode_next(&self, bytes: &[u8]) -> Result<Self, Fault> {
        Self::decode(
            self.h_g1.len() + 1,
            self.l_g1.len(),
            &mut Reader::new(bytes),
        )
    }
}
