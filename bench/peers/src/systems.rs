//! The systems, and what is done with each of them.

mod orchard;
mod sapling;

pub use orchard::Orchard;
pub use sapling::Sapling;

use crate::{
    figures::{Figures, median},
    lock,
    watch::timed,
};
use anyhow::{Context, ensure};
use rand::{SeedableRng, rngs::StdRng};
use std::{num::NonZeroUsize, time::Instant};

/// Verifications of each proof that are timed.
const VERIFICATIONS: usize = 10;
/// Notes' randomness and proofs' blinding hide nothing here: every run proves the same transfers.
const SEED: u64 = 1;
/// What signatures sign. In a transaction it is the transaction's hash.
const SIGHASH: [u8; 32] = [7; 32];
/// What each of two notes is worth that are spent, and that are made.
const VALUES: [u64; 2] = [600_000, 150_000];

/// A shielded pool with a prover in a crate.
pub trait System: Sized {
    /// Its name in the figures.
    const NAME: &'static str;
    /// The crate.
    const CRATE: &'static str;
    /// What a transfer's proofs are about.
    const STATEMENT: &'static str;
    /// A transfer that is to be proven.
    type Transfer;
    /// A transfer as a node gets it.
    type Signed;

    /// Makes or reads the keys.
    fn set_up() -> anyhow::Result<Self>;
    /// Two notes that are spent, and two that are made.
    fn transfer(&self, rng: &mut StdRng) -> anyhow::Result<Self::Transfer>;
    /// Makes all proofs of a transfer on all processors, and its signatures, which take next to nothing.
    fn prove(&self, transfer: Self::Transfer, rng: &mut StdRng) -> anyhow::Result<Self::Signed>;
    /// Whether a node would take the proofs and signatures of a transfer that signs this.
    fn verify(&self, signed: &Self::Signed, sighash: [u8; 32], rng: &mut StdRng) -> bool;
    /// Bytes of all proofs of a transfer.
    fn proof_bytes(signed: &Self::Signed) -> usize;
}

/// Proves `times` transfers and verifies each of them. Errors if a good one is refused, or a bad one is not.
pub fn measure<S: System>(times: NonZeroUsize) -> anyhow::Result<Figures> {
    let version = lock::version(S::CRATE)
        .with_context(|| format!("the lock file has no crate {}", S::CRATE))?
        .to_owned();
    let name = S::NAME;
    let mut rng = StdRng::seed_from_u64(SEED);
    let (system, setup) = timed(&format!("{name}: making its keys ready"), S::set_up)?;
    let (mut proving_s, mut verifying_s) = (Vec::new(), Vec::new());
    let mut proving_cpu_s = 0.0;
    let mut proof_bytes = 0;
    for number in 1..=times.get() {
        let transfer = system.transfer(&mut rng)?;
        let what = format!("{name}: proving {number} of {times}");
        let (signed, took) = timed(&what, || system.prove(transfer, &mut rng))?;
        proving_s.push(took.wall_s);
        proving_cpu_s += took.cpu_s;
        proof_bytes = S::proof_bytes(&signed);
        for _ in 0..VERIFICATIONS {
            let began = Instant::now();
            let good = system.verify(&signed, SIGHASH, &mut rng);
            verifying_s.push(began.elapsed().as_secs_f64());
            ensure!(good, "{name} refuses a transfer that it has proven");
        }
        let another = [!SIGHASH[0]; 32];
        ensure!(
            !system.verify(&signed, another, &mut rng),
            "{name} takes a transfer that signs something else: what was timed verifies nothing"
        );
    }
    let none = || format!("{name} made no proof");
    Ok(Figures {
        system: name,
        version,
        statement: S::STATEMENT,
        setup_s: setup.wall_s,
        prove_s: median(&proving_s).with_context(none)?,
        prove_best_s: proving_s
            .iter()
            .copied()
            .min_by(f64::total_cmp)
            .with_context(none)?,
        prove_cpu_s: proving_cpu_s / times.get() as f64,
        verify_ms: median(&verifying_s).with_context(none)? * 1_000.0,
        proof_bytes,
        times: times.get(),
    })
}
