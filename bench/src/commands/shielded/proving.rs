//! What a proof of ours costs on this machine: time, memory, and verifying it.

use super::{sample, shown};
use anyhow::{Context, ensure};
use plume_bench::{Progress, own_seconds};
use plume_circuits::transfer::{
    ProvingKey, PublicInputs,
    verify::{PROOF_BYTES_UNCOMPRESSED, Proof},
};
use plume_wallet::MAX_BUNDLE;
use serde::Serialize;
use std::{fs, time::Instant};

/// The most seconds that a proof may take.
const MOST_SECONDS: f64 = 2.0;
/// The most memory that proving may take.
const MOST_MIB: f64 = 1_024.0;
/// Verifications that are timed.
const VERIFICATIONS: usize = 10;

/// What proofs cost while nothing else ran.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Proving {
    /// Proofs that were timed.
    proofs: u32,
    /// Seconds until the key was made. A wallet reads it from a file.
    setup_s: f64,
    /// Seconds of a proof on all processors, median.
    pub prove_s: f64,
    /// Of the fastest.
    pub prove_best_s: f64,
    /// Seconds of processor time for a proof, all threads together, mean. On a busy machine it says more than the
    /// clock.
    pub prove_cpu_s: f64,
    /// The most memory that this process had until all was proven, with the key and with making it; none where
    /// Linux does not say it.
    pub peak_mib: Option<f64>,
    /// Milliseconds for verifying one proof, with reading it, median.
    pub verify_ms: f64,
    /// Proofs that are verified together.
    pub batch: usize,
    /// The same for each proof of such a batch.
    pub batch_verify_ms: f64,
    /// Bytes of a proof in a transaction.
    pub proof_bytes: u64,
    /// What is demanded.
    pub bounds: Vec<Bound>,
}

/// A demand, and whether it is met.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Bound {
    pub of: &'static str,
    pub most: f64,
    pub unit: &'static str,
    found: Option<f64>,
    pub verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    Pass,
    Fail,
    /// It was not measured.
    Unknown,
}

impl Verdict {
    /// As in the figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

impl Bound {
    pub fn at_most(
        of: &'static str,
        (most, unit): (f64, &'static str),
        found: Option<f64>,
    ) -> Self {
        let verdict = match found {
            Some(found) if found <= most => Verdict::Pass,
            Some(_) => Verdict::Fail,
            None => Verdict::Unknown,
        };
        Self {
            of,
            most,
            unit,
            found,
            verdict,
        }
    }

    /// What is demanded, and whether it is so.
    pub fn sentence(&self) -> String {
        let Self { of, most, unit, .. } = self;
        let verdict = match self.verdict {
            Verdict::Pass => "holds",
            Verdict::Fail => "DOES NOT HOLD",
            Verdict::Unknown => "could not be checked",
        };
        format!("{of} of at most {most} {unit}: {verdict}")
    }
}

impl Proving {
    /// What a table has no room for, in a sentence.
    pub fn line(&self) -> String {
        let bounds: Vec<_> = self.bounds.iter().map(Bound::sentence).collect();
        format!(
            "plume: {:.2} ms for each of {} proofs that are verified together; {} MiB at the peak; {}",
            self.batch_verify_ms,
            self.batch,
            shown(self.peak_mib, 0),
            bounds.join(", ")
        )
    }
}

/// Makes the development key, and proves and verifies a payment that needs no chain.
pub(super) fn measure(proofs: u32, progress: &Progress) -> anyhow::Result<Proving> {
    progress.step("Making the proving key");
    let began = Instant::now();
    let key = ProvingKey::insecure_development();
    let setup_s = began.elapsed().as_secs_f64();
    let prepared = key.verifying_key()?.prepare();

    progress.step("Proving with nothing beside it");
    let plan = sample::payment()?;
    let (mut transfers, mut proving_s) = (Vec::new(), Vec::new());
    let cpu_s = own_seconds();
    for number in 0..proofs {
        let mut seed = [0; 32];
        seed[..4].copy_from_slice(&number.to_le_bytes());
        let began = Instant::now();
        let assigned = plan.assign()?;
        let proof = key.prove(&assigned.public, &assigned.witness, &seed)?;
        proving_s.push(began.elapsed().as_secs_f64());
        transfers.push((assigned.public, proof.to_uncompressed()));
        progress.at(transfers.len(), proofs as usize);
    }
    let prove_cpu_s = (own_seconds() - cpu_s) / f64::from(proofs.max(1));
    let peak_mib = peak_mib(&fs::read_to_string("/proc/self/status").unwrap_or_default());

    progress.step("Verifying with nothing beside it");
    let (public, bytes) = transfers.first().context("no proof was asked for")?;
    let verify_ms = median_ms(|| {
        Proof::from_uncompressed(bytes).is_ok_and(|proof| prepared.verify(public, &proof))
    })?;
    let many: Vec<_> = transfers.iter().cycle().take(MAX_BUNDLE).collect();
    let batch_ms = median_ms(|| {
        let read = |(public, bytes): &&(PublicInputs, [u8; PROOF_BYTES_UNCOMPRESSED])| {
            Proof::from_uncompressed(bytes).map(|proof| (*public, proof))
        };
        let read: Result<Vec<_>, _> = many.iter().map(read).collect();
        read.is_ok_and(|read| prepared.verify_batch(&read))
    })?;

    let prove_s = median(&proving_s).context("no proof was asked for")?;
    let best = proving_s.iter().copied().min_by(f64::total_cmp);
    Ok(Proving {
        proofs,
        setup_s,
        prove_s,
        prove_best_s: best.unwrap_or(prove_s),
        prove_cpu_s,
        peak_mib,
        verify_ms,
        batch: MAX_BUNDLE,
        batch_verify_ms: batch_ms / MAX_BUNDLE as f64,
        proof_bytes: PROOF_BYTES_UNCOMPRESSED as u64,
        bounds: bounds(prove_s, peak_mib),
    })
}

/// What is demanded of proofs.
fn bounds(prove_s: f64, peak_mib: Option<f64>) -> Vec<Bound> {
    vec![
        Bound::at_most("proving", (MOST_SECONDS, "s"), Some(prove_s)),
        Bound::at_most("memory", (MOST_MIB, "MiB"), peak_mib),
    ]
}

/// Milliseconds of a call that has to say yes, median.
fn median_ms(mut call: impl FnMut() -> bool) -> anyhow::Result<f64> {
    let mut times_ms = Vec::new();
    for _ in 0..VERIFICATIONS {
        let began = Instant::now();
        let good = call();
        times_ms.push(began.elapsed().as_secs_f64() * 1_000.0);
        ensure!(
            good,
            "a proof that was just made is refused: prover and verifier are not of one version"
        );
    }
    median(&times_ms).context("nothing was verified")
}

/// The middle of some numbers; of an even count, the upper of the two in the middle. None of none.
pub(super) fn median(numbers: &[f64]) -> Option<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

/// The most memory that a process had, out of its `/proc/<pid>/status`: `VmHWM`, see proc(5).
fn peak_mib(status: &str) -> Option<f64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib / 1_024.0)
}

/// Figures for tests.
#[cfg(test)]
pub(super) fn example() -> Proving {
    Proving {
        proofs: 5,
        setup_s: 6.0,
        prove_s: 1.0,
        prove_best_s: 0.9,
        prove_cpu_s: 1.8,
        peak_mib: Some(200.0),
        verify_ms: 4.0,
        batch: 32,
        batch_verify_ms: 1.5,
        proof_bytes: 384,
        bounds: bounds(1.0, Some(200.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_holds_up_to_its_figure_and_is_unknown_without_one() {
        let verdicts = |prove_s, peak_mib| {
            let bounds = bounds(prove_s, peak_mib);
            bounds
                .iter()
                .map(|bound| bound.verdict.name())
                .collect::<Vec<_>>()
        };
        assert_eq!(verdicts(2.0, Some(1_024.0)), ["pass", "pass"]);
        assert_eq!(verdicts(2.001, Some(1_025.0)), ["fail", "fail"]);
        assert_eq!(verdicts(0.5, None), ["pass", "unknown"]);
        let json = serde_json::to_string(&Verdict::Unknown).expect("it is a name");
        assert_eq!(json, "\"unknown\"");
    }

    #[test]
    fn a_bound_that_does_not_hold_stands_out_in_the_sentence() {
        let proving = Proving {
            bounds: bounds(2.5, Some(200.0)),
            ..example()
        };
        assert_eq!(
            proving.line(),
            "plume: 1.50 ms for each of 32 proofs that are verified together; 200 MiB at the peak; proving of \
             at most 2 s: DOES NOT HOLD, memory of at most 1024 MiB: holds"
        );
    }

    #[test]
    fn the_peak_is_read_where_linux_says_it() {
        let status = "Name:\tplume-bench\nVmPeak:\t  999 kB\nVmHWM:\t  204800 kB\nVmRSS:\t 1 kB\n";
        assert_eq!(peak_mib(status), Some(200.0));
        assert_eq!(peak_mib("Name:\tplume-bench\n"), None);
        assert_eq!(peak_mib("VmHWM:\train kB\n"), None);
    }

    #[test]
    fn the_median_does_not_depend_on_the_order() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[2.0, 1.0]), Some(2.0));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn a_proof_that_is_refused_is_no_figure() {
        assert!(median_ms(|| true).is_ok());
        assert!(median_ms(|| false).is_err());
    }
}
