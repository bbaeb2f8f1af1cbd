//! Phase 1: powers of tau, for every circuit up to a size.
//!
//! | list | points | what |
//! |---|---|---|
//! | `tau_g1` | 2n − 1 | τ^i · G1 |
//! | `alpha_tau_g1` | n | α τ^i · G1 |
//! | `beta_tau_g1` | n | β τ^i · G1 |
//! | `tau_g2` | n | τ^i · G2 |
//! | `beta_g2` | 1 | β · G2 |
//!
//! A state is one if (pairings over random sums, [`ratio`](crate::ratio)):
//! 1. no point is the identity, every point is in the subgroup ([`points`](crate::points));
//! 2. `tau_g1` and `tau_g2` begin with the generators;
//! 3. each of `tau_g1`, `alpha_tau_g1`, `beta_tau_g1` is geometric with the ratio of `tau_g2`'s first two;
//! 4. `tau_g2` is geometric with the ratio of `tau_g1`'s first two;
//! 5. `beta_g2` has the same β as `beta_tau_g1`.

use ark_bls12_381::{Fr, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::One;

use crate::error::{Error, Fault, Refusal};
use crate::points::{G1_BYTES, G2_BYTES, Identity, encode};
use crate::progress::Progress;
use crate::ratio::{combine, is_geometric, same_ratio, weights};
use crate::secret::Factor;
use crate::state::{State, put_point, take_point, take_points, times};
use crate::step::Reader;

/// The smallest phase 1: 2^1 powers.
pub const MIN_LOG_SIZE: u8 = 1;
/// The largest: 2^18 powers, 150 MB a step.
pub const MAX_LOG_SIZE: u8 = 18;

const TAU_G1: &str = "the powers of tau in G1";
const ALPHA_TAU_G1: &str = "the powers of tau times alpha";
const BETA_TAU_G1: &str = "the powers of tau times beta";
const TAU_G2: &str = "the powers of tau in G2";
const BETA_G2: &str = "beta in G2";

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Powers {
    pub(crate) log_size: u8,
    pub(crate) tau_g1: Vec<G1Affine>,
    pub(crate) alpha_tau_g1: Vec<G1Affine>,
    pub(crate) beta_tau_g1: Vec<G1Affine>,
    pub(crate) tau_g2: Vec<G2Affine>,
    pub(crate) beta_g2: G2Affine,
}

impl Powers {
    /// All secrets are one: the generators, 2^`log_size` times.
    pub fn start(log_size: u8) -> Result<Self, Error> {
        if !(MIN_LOG_SIZE..=MAX_LOG_SIZE).contains(&log_size) {
            return Err(Refusal::Size(log_size).into());
        }
        let size = 1 << log_size;
        let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
        Ok(Self {
            log_size,
            tau_g1: vec![g1; 2 * size - 1],
            alpha_tau_g1: vec![g1; size],
            beta_tau_g1: vec![g1; size],
            tau_g2: vec![g2; size],
            beta_g2: g2,
        })
    }

    /// Binary logarithm of n.
    pub fn log_size(&self) -> u8 {
        self.log_size
    }

    /// n: the most constraints and instance variables of a circuit.
    pub fn size(&self) -> usize {
        1 << self.log_size
    }
}

impl State for Powers {
    const FACTORS: &'static [Factor] = &[Factor::Tau, Factor::Alpha, Factor::Beta];

    fn carrier(&self, factor: Factor) -> &G1Affine {
        match factor {
            Factor::Tau => &self.tau_g1[1],
            Factor::Alpha => &self.alpha_tau_g1[0],
            Factor::Beta | Factor::Delta => &self.beta_tau_g1[0],
        }
    }

    fn multiplied(&self, factors: &[Fr], progress: &dyn Progress) -> Self {
        let [tau, alpha, beta] = *factors else {
            unreachable!("a factor for each of three secrets");
        };
        let mut power = Fr::one();
        let powers: Vec<Fr> = (0..self.tau_g1.len())
            .map(|_| {
                let this = power;
                power *= tau;
                this
            })
            .collect();
        let scaled = |by: Fr| -> Vec<Fr> { powers[..self.size()].iter().map(|p| by * p).collect() };
        let what = "multiplying the powers of tau";
        progress.at(what, 0, 8);
        let tau_g1 = times(&self.tau_g1, &powers);
        progress.at(what, 2, 8);
        let alpha_tau_g1 = times(&self.alpha_tau_g1, &scaled(alpha));
        progress.at(what, 3, 8);
        let beta_tau_g1 = times(&self.beta_tau_g1, &scaled(beta));
        progress.at(what, 4, 8);
        let tau_g2 = times(&self.tau_g2, &powers[..self.size()]);
        Self {
            log_size: self.log_size,
            tau_g1,
            alpha_tau_g1,
            beta_tau_g1,
            tau_g2,
            beta_g2: (self.beta_g2 * beta).into_affine(),
        }
    }

    fn check(&self, _: &Self) -> Result<(), Error> {
        let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
        if self.tau_g1[0] != g1 {
            return Err(Fault::NoGenerator(TAU_G1).into());
        }
        if self.tau_g2[0] != g2 {
            return Err(Fault::NoGenerator(TAU_G2).into());
        }
        let ratio = (g2, self.tau_g2[1]);
        for (what, list) in [
            (TAU_G1, &self.tau_g1),
            (ALPHA_TAU_G1, &self.alpha_tau_g1),
            (BETA_TAU_G1, &self.beta_tau_g1),
        ] {
            if !is_geometric(list, ratio)? {
                return Err(Fault::NotPowers(what).into());
            }
        }
        let weights = weights(self.size() - 1)?;
        let sums: [G2Projective; 2] = [
            combine(&self.tau_g2[..self.size() - 1], &weights),
            combine(&self.tau_g2[1..], &weights),
        ];
        if !same_ratio((g1, self.tau_g1[1]), (sums[0], sums[1])) {
            return Err(Fault::NotPowers(TAU_G2).into());
        }
        if !same_ratio((g1, self.beta_tau_g1[0]), (g2, self.beta_g2)) {
            return Err(Fault::GroupsDiffer(Factor::Beta).into());
        }
        Ok(())
    }

    fn bytes(&self) -> usize {
        let size = self.size();
        (4 * size - 1) * G1_BYTES + (size + 1) * G2_BYTES
    }

    fn encode(&self, out: &mut Vec<u8>) {
        encode(&self.tau_g1, out);
        encode(&self.alpha_tau_g1, out);
        encode(&self.beta_tau_g1, out);
        encode(&self.tau_g2, out);
        put_point(&self.beta_g2, out);
    }

    fn decode_next(&self, bytes: &[u8]) -> Result<Self, Fault> {
        let size = self.size();
        let reader = &mut Reader::new(bytes);
        let refused = Identity::Refused;
        Ok(Self {
            log_size: self.log_size,
            tau_g1: take_points(reader, TAU_G1, 2 * size - 1, refused)?,
            alpha_tau_g1: take_points(reader, ALPHA_TAU_G1, size, refused)?,
            beta_tau_g1: take_points(reader, BETA_TAU_G1, size, refused)?,
            tau_g2: take_points(reader, TAU_G2, size, refused)?,
            beta_g2: take_point(reader, BETA_G2)?,
        })
    }
}

/// The sum over the circuit's domain of values times Lagrange polynomials at τ, times what `powers` carry:
/// from the powers, without Lagrange's points.
pub(crate) fn interpolate(powers: &[G1Affine], coefficients: &[Fr]) -> G1Projective {
    combine(&powers[..coefficients.len()], coefficients)
}

/// The same in G2.
pub(crate) fn interpolate_g2(powers: &[G2Affine], coefficients: &[Fr]) -> G2Projective {
    combine(&powers[..coefficients.len()], coefficients)
}
