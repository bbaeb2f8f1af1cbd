//! Keys of the circuit, and proofs made with them.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "counts are of what is in memory"
)]

use super::{
    circuit::{assignment, shape},
    constraints::{Replayed, Rule, Rules, Shape},
    public::PublicInputs,
    verify::{Malformed, Proof, VerifyingKey},
    witness::Witness,
};
use crate::{Fr, groth16};
use ark_bls12_381::Bls12_381;
use ark_ff::PrimeField;
use ark_groth16::{Groth16, ProvingKey as Parameters, r1cs_to_qap::LibsnarkReduction};
use ark_relations::gr1cs::ConstraintSynthesizer;
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};
use blake2::{Blake2b512, Digest};
use rand_chacha_03::{ChaCha20Rng, rand_core::SeedableRng};
use std::{collections::BTreeSet, io};

/// What development keys come from. **Whoever reads this line can forge proofs with them.**
const DEVELOPMENT_SEED: &[u8; 32] = b"plume INSECURE-DEV transfer v1 !";
/// First bytes that are hashed for what hides the witness in a proof.
const RANDOM_DOMAIN: &[u8] = b"plume/transfer/proof/1";

/// Why there is no proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CannotProve<R = Rule> {
    /// The witness breaks these rules.
    Broken(BTreeSet<R>),
    /// The key is not one of this circuit.
    Key,
}

impl<R: Rules> core::fmt::Display for CannotProve<R> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Broken(rules) => {
                f.write_str("the witness breaks")?;
                for rule in rules {
                    write!(f, " rule {} ({rule})", rule.number())?;
                }
                Ok(())
            }
            Self::Key => f.write_str("the key is not one of this circuit"),
        }
    }
}

impl<R: Rules + core::fmt::Debug> core::error::Error for CannotProve<R> {}

/// What transfers are proven with: the parameters, some 19 MB, and the constraints.
pub struct ProvingKey {
    parameters: Parameters<Bls12_381>,
    shape: Shape,
}

/// The circuit as `ark-groth16` and ceremonies take it: constraints without an assignment.
pub fn synthesizer<R: Rules>(shape: &Shape<R>) -> impl ConstraintSynthesizer<Fr> + '_ {
    Replayed {
        shape,
        assignment: None,
    }
}

/// Parameters out of a seed: **insecure**, because whoever knows it can forge proofs with them.
pub(crate) fn insecure_parameters<R: Rules>(
    shape: &Shape<R>,
    seed: &[u8; 32],
) -> Parameters<Bls12_381> {
    let mut rng = ChaCha20Rng::from_seed(*seed);
    Groth16::<Bls12_381, LibsnarkReduction>::generate_random_parameters_with_reduction(
        synthesizer(shape),
        &mut rng,
    )
    .expect("a domain of its size exists, and nothing is asked of values")
}

/// Whether parameters are of a circuit, as far as their lengths tell.
pub(crate) fn are_of<R: Rules>(parameters: &Parameters<Bls12_381>, shape: &Shape<R>) -> bool {
    let variables = shape.instance_variables() + shape.witness_variables();
    parameters.a_query.len() == variables
        && parameters.b_g1_query.len() == variables
        && parameters.b_g2_query.len() == variables
        && parameters.l_query.len() == shape.witness_variables()
        && parameters.vk.gamma_abc_g1.len() == shape.instance_variables()
}

/// A proof for an assignment, if it is good. `domain` and `seed` make what hides the witness.
pub(crate) fn prove<R: Rules>(
    parameters: &Parameters<Bls12_381>,
    shape: &Shape<R>,
    values: &[Fr],
    domain: &[u8],
    seed: &[u8; 32],
) -> Result<Proof<Bls12_381>, CannotProve<R>> {
    let broken = shape.broken(values);
    if !broken.is_empty() {
        return Err(CannotProve::Broken(broken));
    }
    let assignment = groth16::Assignment {
        matrices: shape.matrices(),
        instance_variables: shape.instance_variables(),
        constraints: shape.constraints(),
        values,
    };
    let proof = groth16::prove(
        parameters,
        &assignment,
        random(domain, seed, 0),
        random(domain, seed, 1),
    )
    .map_err(|_| CannotProve::Key)?;
    Ok(Proof::of(proof.a, proof.b, proof.c))
}

/// A random element out of a seed.
fn random(domain: &[u8], seed: &[u8; 32], number: u8) -> Fr {
    let digest = Blake2b512::new()
        .chain_update(domain)
        .chain_update(seed)
        .chain_update([number])
        .finalize();
    Fr::from_le_bytes_mod_order(&digest)
}

impl ProvingKey {
    /// The development key: always the same, and **insecure**, because everybody knows where it comes from. Takes
    /// some seconds.
    pub fn insecure_development() -> Self {
        let shape = shape();
        let parameters = insecure_parameters(&shape, DEVELOPMENT_SEED);
        Self { parameters, shape }
    }

    /// From the parameters of a ceremony. Refuses those of another circuit, as far as their lengths tell.
    pub fn new(parameters: Parameters<Bls12_381>) -> Result<Self, CannotProve> {
        let shape = shape();
        if are_of(&parameters, &shape) {
            Ok(Self { parameters, shape })
        } else {
            Err(CannotProve::Key)
        }
    }

    /// The parameters.
    pub const fn parameters(&self) -> &Parameters<Bls12_381> {
        &self.parameters
    }

    /// The constraints.
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Writes the parameters, uncompressed.
    pub fn write(&self, to: impl io::Write) -> io::Result<()> {
        self.parameters
            .serialize_uncompressed(to)
            .map_err(io::Error::other)
    }

    /// Reads parameters that [`Self::write`] wrote and that nobody else could change since: no point is checked.
    pub fn read_trusted(from: impl io::Read) -> io::Result<Self> {
        let parameters =
            Parameters::deserialize_uncompressed_unchecked(from).map_err(io::Error::other)?;
        Self::new(parameters).map_err(io::Error::other)
    }

    /// The key that proofs are verified with.
    pub fn verifying_key(&self) -> Result<VerifyingKey<Bls12_381>, Malformed> {
        let key = &self.parameters.vk;
        VerifyingKey::new(
            key.alpha_g1,
            key.beta_g2,
            key.gamma_g2,
            key.delta_g2,
            &key.gamma_abc_g1,
        )
    }

    /// Proves a transfer. `seed` is 32 random bytes, used once: whoever knows them, and the proof, learns about the
    /// witness.
    pub fn prove(
        &self,
        public: &PublicInputs,
        witness: &Witness,
        seed: &[u8; 32],
    ) -> Result<Proof<Bls12_381>, CannotProve> {
        let values = assignment(public, witness);
        prove(&self.parameters, &self.shape, &values, RANDOM_DOMAIN, seed)
    }
}
