//! Proofs.

use crate::{Call, Draft, Problem, Transfer, call::blake2_256};
use plume_circuits::transfer::{ProvingKey, verify::PROOF_BYTES_UNCOMPRESSED};
use std::{
    num::NonZeroUsize,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};
use zeroize::Zeroizing;

/// Makes proofs. Its key is large and takes seconds to load: keep one.
pub struct Prover {
    key: ProvingKey,
}

impl Prover {
    /// With the key of a ceremony.
    pub const fn new(key: ProvingKey) -> Self {
        Self { key }
    }

    /// With the key of development networks, which everybody can forge proofs for. Takes some seconds.
    pub fn insecure_development() -> Self {
        Self::new(ProvingKey::insecure_development())
    }

    /// The key.
    pub const fn key(&self) -> &ProvingKey {
        &self.key
    }

    /// BLAKE2b-256 of the verifying key, as the chain has it of a circuit (`ShieldedPool.Circuits`): where it is
    /// another, no proof of this key counts.
    pub fn digest(&self) -> Option<[u8; 32]> {
        let key = self.key.verifying_key().ok()?;
        Some(blake2_256(&key.to_bytes()))
    }

    /// Proves all transfers of a draft, each on a thread of its own as far as there are processors.
    pub fn prove(&self, draft: &Draft) -> Result<Call, Problem> {
        let mut calls = self.prove_all(core::slice::from_ref(draft), &|| ())?;
        calls.pop().ok_or(Problem::Size)
    }

    /// Proves many drafts as [`Self::prove`] does one, and gives their calls in the same order. `told` hears of each
    /// proof, on the thread that made it.
    pub fn prove_all(
        &self,
        drafts: &[Draft],
        told: &(dyn Fn() + Sync),
    ) -> Result<Vec<Call>, Problem> {
        let parts: Vec<_> = drafts.iter().flat_map(|draft| &draft.parts).collect();
        let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let next = AtomicUsize::new(0);
        let proofs = Mutex::new(vec![None; parts.len()]);
        thread::scope(|scope| {
            for _ in 0..processors.min(parts.len()) {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let Some(part) = parts.get(number) else {
                            return;
                        };
                        let proof = self.prove_one(part);
                        if let Ok(mut proofs) = proofs.lock()
                            && let Some(place) = proofs.get_mut(number)
                        {
                            *place = Some(proof);
                        }
                        told();
                    }
                });
            }
        });
        let ended = || Problem::Proof("a thread ended early".into());
        let mut proofs = proofs.into_inner().map_err(|_| ended())?.into_iter();
        let call = |draft: &Draft| {
            let transfers = draft.parts.iter().map(|part| {
                let proof = proofs.next().flatten().ok_or_else(ended)??;
                Ok(Transfer {
                    body: part.body.clone(),
                    proof,
                })
            });
            let transfers = transfers.collect::<Result<_, Problem>>()?;
            Call::of(&draft.purpose, transfers).ok_or(Problem::Size)
        };
        drafts.iter().map(call).collect()
    }

    fn prove_one(
        &self,
        part: &crate::draft::Part,
    ) -> Result<[u8; PROOF_BYTES_UNCOMPRESSED], Problem> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice()).map_err(|_| Problem::NoRandomness)?;
        self.key
            .prove(&part.public, &part.witness, &seed)
            .map(|proof| proof.to_uncompressed())
            .map_err(|error| Problem::Proof(error.to_string()))
    }
}

impl core::fmt::Debug for Prover {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Prover(..)")
    }
}
