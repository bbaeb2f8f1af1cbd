//! Proofs that are made before they are needed.

use crate::{Operator, Progress};
use anyhow::{Context, bail, ensure};
use ark_bls12_381::Bls12_381;
use plume_circuits::transfer::verify::VerifyingKey;
use plume_wallet::{Call, Draft, Prover, Terms};
use std::{
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// The estimate is made longer by this factor, and by [`MARGIN_S`].
const MARGIN: f64 = 1.3;
/// For drafting, and for a machine that does something else now and then.
const MARGIN_S: f64 = 5.0;
/// How often proofs are made again that were late.
const ATTEMPTS: usize = 3;
/// Between two looks at the chain's time, or at the provers.
const LOOK: Duration = Duration::from_millis(50);

/// Makes proofs on all processors, and knows how long that takes.
pub struct Workshop {
    prover: Arc<Prover>,
    /// Seconds of all processors that a proof took lately.
    proof_s: Option<f64>,
    /// For how many seconds a proof counts.
    max_age: u32,
}

impl Workshop {
    /// Makes the development network's key, which takes seconds. Errors if the chain's circuit, whose verifying key has
    /// this digest, is another.
    pub async fn open(digest: [u8; 32], max_age: u32) -> anyhow::Result<Self> {
        let prover = tokio::task::spawn_blocking(Prover::insecure_development).await?;
        ensure!(
            prover.digest() == Some(digest),
            "the chain's circuit has another key than development networks: only those can be measured"
        );
        Ok(Self {
            prover: Arc::new(prover),
            proof_s: None,
            max_age,
        })
    }

    /// What its proofs are verified with.
    pub fn verifying_key(&self) -> anyhow::Result<VerifyingKey<Bls12_381>> {
        let key = self.prover.key().verifying_key();
        key.context("the development key has points that are none")
    }

    /// Seconds that a proof took lately, all processors at work; none before the first.
    pub fn proof_s(&self) -> Option<f64> {
        self.proof_s
    }

    /// Drafts `count` transfers for a moment to come and proves them, and returns when the moment has come. If that was
    /// long ago when all are proven, does it again with the better estimate.
    pub async fn prove_ahead(
        &mut self,
        operator: &Operator,
        count: usize,
        progress: &Progress,
        draft: impl Fn(&Terms) -> anyhow::Result<Vec<Draft>>,
    ) -> anyhow::Result<Vec<Call>> {
        if self.proof_s.is_none() {
            // For nothing but to see how long it takes.
            let now = operator.chain_seconds().await?;
            let (terms, _) = super::terms(&operator.client, now).await?;
            let mut drafts = draft(&terms)?;
            drafts.truncate(thread::available_parallelism().map_or(1, NonZeroUsize::get));
            self.prove(drafts, count, progress).await?;
        }
        for _ in 0..ATTEMPTS {
            let lead_s = lead_s(count, self.proof_s.unwrap_or_default());
            let moment = operator.chain_seconds().await?.saturating_add(lead_s);
            let (terms, _) = super::terms(&operator.client, moment).await?;
            let calls = self.prove(draft(&terms)?, count, progress).await?;
            let now = operator.chain_seconds().await?;
            if now.saturating_sub(moment) > self.max_age / 3 {
                continue;
            }
            // A second later: every node's best block has the moment behind it by then.
            while operator.chain_seconds().await? <= moment {
                tokio::time::sleep(LOOK).await;
            }
            return Ok(calls);
        }
        bail!(
            "{count} proofs took longer than was expected {ATTEMPTS} times: repeat on a quiet machine, or with fewer \
             --senders"
        );
    }

    async fn prove(
        &mut self,
        drafts: Vec<Draft>,
        count: usize,
        progress: &Progress,
    ) -> anyhow::Result<Vec<Call>> {
        let (began, done) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
        let (prover, told) = (self.prover.clone(), done.clone());
        let mut proving = tokio::task::spawn_blocking(move || {
            prover.prove_all(&drafts, &|| {
                told.fetch_add(1, Ordering::Relaxed);
            })
        });
        let calls = loop {
            match tokio::time::timeout(LOOK, &mut proving).await {
                Ok(calls) => break calls??,
                Err(_) => progress.at(done.load(Ordering::Relaxed), count),
            }
        };
        let made = done.load(Ordering::Relaxed).max(1);
        self.proof_s = Some(began.elapsed().as_secs_f64() / made as f64);
        Ok(calls)
    }
}

/// Seconds until so many proofs are made, with a margin.
fn lead_s(count: usize, proof_s: f64) -> u32 {
    (count as f64 * proof_s * MARGIN + MARGIN_S).ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_and_slower_proofs_are_planned_for_a_later_moment() {
        assert_eq!(lead_s(0, 1.0), 5);
        assert_eq!(lead_s(100, 1.0), 135);
        assert!(lead_s(100, 2.0) > lead_s(100, 1.0));
        assert!(lead_s(101, 1.0) > lead_s(100, 1.0));
    }
}
