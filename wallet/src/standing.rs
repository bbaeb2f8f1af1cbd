//! Standing: showing that the holder of this wallet's credential is known well enough, and not who it is.

use crate::{Holder, Problem, Wallet};
use plume_circuits::{
    FieldBytes,
    standing::{Plan, ProvingKey},
    transfer::Keys,
};
use plume_shielded::{
    SpendingKey,
    disclosure::{Question, Standing, UnprovenStanding},
};
use zeroize::Zeroizing;

impl Wallet {
    /// Answers a verifier's question with a proof. It shows what was asked, and a pseudonym for this verifier.
    ///
    /// `root` is that of the credentials, and `time` the chain's, both of a recent block. A proof takes a second.
    pub fn standing(
        &self,
        key: &SpendingKey,
        holder: &Holder,
        question: &Question,
        (root, time): (FieldBytes, u32),
        prover: &ProvingKey,
    ) -> Result<Standing, Problem> {
        self.check_key(key)?;
        let pool = self.pool().id();
        let plan = Plan {
            keys: Keys {
                spend_secret: key.spend_secret(),
                nullifier_key: key.nullifier_key(),
            },
            credential: holder.credential(),
            credential_root: root,
            tier: question.tier,
            jurisdictions: question.jurisdictions,
            time,
            verifier: question.verifier(&pool)?,
        };
        let assigned = plan.assign().map_err(Problem::Standing)?;
        let unproven = UnprovenStanding::new(question, &assigned.public, pool)?;
        let public = unproven.public()?;
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice()).map_err(|_| Problem::NoRandomness)?;
        let proof = prover
            .prove(&public, &assigned.witness, &seed)
            .map_err(|error| Problem::Proof(error.to_string()))?;
        Ok(unproven.proven(proof.to_bytes()))
    }
}
