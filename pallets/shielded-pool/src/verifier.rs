//! Who says that a proof is good.
//!
//! # Once per node
//!
//! A node meets a transaction in its pool, again when it builds the block, and again, or for the first time, when
//! it imports one. The answer depends on the key, the inputs and the proof alone, so once is enough. But a runtime
//! has nowhere to remember it: what it writes while it validates for the pool is discarded, and a block has to be
//! executed the same by a node that never saw the transaction. So the runtime always asks, and the *host* answers
//! from memory what it has computed before: pairings and multiplications, as it does with signatures. Nothing here
//! has to know. The weight is charged in full either way: a block must be importable in time by a node that
//! remembers nothing.

use crate::ProofBytes;
use alloc::vec::Vec;
use core::marker::PhantomData;
use plume_circuits::transfer::{
    PublicInputs,
    verify::{Bls12381, Malformed, PreparedKey, Proof, VerifyingKey},
};

/// Verifies proofs. A pure function of its arguments.
pub trait ProofVerifier {
    /// What is kept of a verifying key; none for bytes that are no key: as many inputs as a transfer has, every
    /// point on its curve and in its subgroup, none of them the neutral one.
    fn prepare(key: &[u8]) -> Option<Vec<u8>>;

    /// Whether all proofs are good under a key that was [prepared](Self::prepare). Verified as one batch; points
    /// that are not on their curve or not in their subgroup are bad proofs.
    fn are_good(prepared: &[u8], statements: &[(PublicInputs, &ProofBytes)]) -> bool;

    /// A key that is one, and what takes as long to verify under it as a good proof, and is none.
    #[cfg(feature = "runtime-benchmarks")]
    fn sample() -> (Vec<u8>, ProofBytes);
}

/// Groth16 over an implementation of BLS12-381: `ark_bls12_381::Bls12_381`, or in a runtime
/// `sp_crypto_ec_utils::bls12_381::Bls12_381`, whose host functions take points as they are. So
/// [`Proof::from_uncompressed`] checks each point first, and a prepared key comes from the chain's own state.
pub struct Groth16<E>(PhantomData<E>);

impl<E: Bls12381> ProofVerifier for Groth16<E> {
    fn prepare(key: &[u8]) -> Option<Vec<u8>> {
        Some(
            VerifyingKey::<E>::from_bytes(key)
                .ok()?
                .prepare()
                .to_bytes(),
        )
    }

    fn are_good(prepared: &[u8], statements: &[(PublicInputs, &ProofBytes)]) -> bool {
        let proofs = statements
            .iter()
            .map(|(inputs, proof)| Ok((*inputs, Proof::<E>::from_uncompressed(&proof.0)?)))
            .collect::<Result<Vec<_>, Malformed>>();
        match (proofs, PreparedKey::<E>::from_trusted_bytes(prepared)) {
            (Ok(proofs), Ok(key)) => key.verify_batch(&proofs),
            _ => false,
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn sample() -> (Vec<u8>, ProofBytes) {
        use ark_ec::AffineRepr;
        use plume_circuits::transfer::PUBLIC_INPUTS;
        let (one, two) = (E::G1Affine::generator(), E::G2Affine::generator());
        let inputs = alloc::vec![one; PUBLIC_INPUTS.saturating_add(1)];
        let key = VerifyingKey::<E>::new(one, two, two, two, &inputs);
        let key = key.map(|key| key.to_bytes()).unwrap_or_default();
        // A key begins with a point in G1 and goes on with one in G2: the proof is these two, and the first again.
        let mut proof = [0; crate::PROOF_LENGTH];
        let points = key.iter().take(288).chain(key.iter().take(96));
        for (to, from) in proof.iter_mut().zip(points) {
            *to = *from;
        }
        (key, ProofBytes(proof))
    }
}
