//! Keys of the circuit, and proofs made with them.

use super::{
    circuit::{assignment, shape},
    public::PublicInputs,
    rules::Rule,
    verify::VerifyingKey,
    witness::Witness,
};
use crate::transfer::{
    Shape,
    keys::{are_of, insecure_parameters, prove},
    verify::{Malformed, Proof},
};
use ark_bls12_381::Bls12_381;
use ark_groth16::ProvingKey as Parameters;

/// Why there is no proof.
pub type CannotProve = crate::transfer::CannotProve<Rule>;

/// What development keys come from. **Whoever reads this line can forge proofs with them.**
const DEVELOPMENT_SEED: &[u8; 32] = b"plume INSECURE-DEV standing v1 !";
/// First bytes that are hashed for what hides the witness in a proof.
const RANDOM_DOMAIN: &[u8] = b"plume/standing/proof/1";

/// What standing is proven with: the parameters, some 4 MB, and the constraints.
pub struct ProvingKey {
    parameters: Parameters<Bls12_381>,
    shape: Shape<Rule>,
}

impl ProvingKey {
    /// The development key: always the same, and **insecure**, because everybody knows where it comes from. Takes
    /// a second.
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
    pub const fn shape(&self) -> &Shape<Rule> {
        &self.shape
    }

    /// The key that proofs are verified with.
    pub fn verifying_key(&self) -> Result<VerifyingKey, Malformed> {
        let key = &self.parameters.vk;
        VerifyingKey::new(
            key.alpha_g1,
            key.beta_g2,
            key.gamma_g2,
            key.delta_g2,
            &key.gamma_abc_g1,
        )
    }

    /// Proves. `seed` is 32 random bytes, used once: whoever knows them, and the proof, learns about the witness.
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
