//! What a node takes to find the proofs of a transaction good: in its runtime, asked as its pool asks.
//!
//! The proofs are others of the same statements, made from those that will be sent, so that the node has not seen them
//! and will not remember the ones that count later.

use super::{
    proving::{Bound, median},
    shown,
};
use anyhow::{Context, ensure};
use plume_bench::shielded::{Wrapper, rerandomised};
use plume_circuits::transfer::verify::VerifyingKey;
use plume_sdk::raw::Rpc;
use plume_wallet::Call;
use serde::Serialize;
use std::time::Instant;

/// The most milliseconds that a transfer alone may take.
const MOST_ALONE_MS: f64 = 5.0;
/// The same for each transfer of a full bundle.
const MOST_BUNDLED_MS: f64 = 0.8;
/// Where a transaction comes from: a peer.
const EXTERNAL: u8 = 2;

/// What validating transactions of one kind took.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Checked {
    /// Transfers in a transaction, at most.
    transfers_each: usize,
    transactions: usize,
    /// Milliseconds from the request to the answer for a transfer, median over the transactions.
    ms_each: Option<f64>,
    /// Of the quickest.
    best_ms_each: Option<f64>,
    /// The same for the bytes that the node has just seen: everything but the proofs, and the way to the node among it.
    again_ms_each: Option<f64>,
    /// What is left for the proofs.
    proofs_ms_each: Option<f64>,
    /// Of `ms_each`: what is beside the proofs is mostly the runtime's, too.
    bound: Bound,
}

impl Checked {
    /// Asks a node about transactions, each twice.
    ///
    /// Errors if one of them is not valid.
    pub async fn measure(
        rpc: &Rpc,
        wrapper: &Wrapper,
        calls: &[Call],
        key: &VerifyingKey<ark_bls12_381::Bls12_381>,
    ) -> anyhow::Result<Self> {
        let transfers_each = calls.iter().map(|call| call.transfers().len()).max();
        let transfers_each = transfers_each.unwrap_or(0);
        let (mut first, mut again) = (Vec::new(), Vec::new());
        for call in rerandomised(calls, key)? {
            let size = call.transfers().len();
            let transaction = wrapper.general(&call)?;
            let best = rpc.best_head().await?.hash;
            let mut question = vec![EXTERNAL];
            question.extend_from_slice(&transaction.bytes);
            question.extend_from_slice(best.as_bytes());
            for times in [&mut first, &mut again] {
                let asked = Instant::now();
                let answer = rpc
                    .state_call(
                        "TaggedTransactionQueue_validate_transaction",
                        &question,
                        Some(best),
                    )
                    .await?;
                let ms = asked.elapsed().as_secs_f64() * 1_000.0;
                ensure!(
                    answer.first() == Some(&0),
                    "another proof of the same statement is refused: {answer:?}"
                );
                // The last bundle may be smaller.
                if size == transfers_each {
                    times.push(ms / size as f64);
                }
            }
        }
        let (ms_each, again_ms_each) = (median(&first), median(&again));
        let proofs_ms_each = ms_each
            .zip(again_ms_each)
            .map(|(first, again)| first - again);
        let (of, most) = match transfers_each {
            0 | 1 => ("verifying_alone", MOST_ALONE_MS),
            _ => ("verifying_bundled", MOST_BUNDLED_MS),
        };
        Ok(Self {
            transfers_each,
            transactions: first.len(),
            bound: Bound::at_most(of, (most, "ms"), ms_each),
            ms_each,
            best_ms_each: first.iter().copied().min_by(f64::total_cmp),
            again_ms_each,
            proofs_ms_each,
        })
    }

    /// In a sentence.
    pub fn line(&self) -> String {
        format!(
            "validated by a node, proofs never seen: {} ms for the proofs of each transfer of {} ({} from request to \
             answer, best {}, {} without the proofs), {} transactions; {}",
            shown(self.proofs_ms_each, 2),
            match self.transfers_each {
                1 => "one".to_owned(),
                each => format!("bundles of {each}"),
            },
            shown(self.ms_each, 2),
            shown(self.best_ms_each, 2),
            shown(self.again_ms_each, 2),
            self.transactions,
            self.bound.sentence()
        )
    }

    /// The same for the last line.
    pub fn fields(&self) -> String {
        let name = self.bound.of;
        format!(
            "{name}_ms={} {name}_asked_ms={} {name}_asked_best_ms={} {name}_again_ms={} {name}_bound={}",
            shown(self.proofs_ms_each, 3),
            shown(self.ms_each, 3),
            shown(self.best_ms_each, 3),
            shown(self.again_ms_each, 3),
            self.bound.verdict.name()
        )
    }
}

/// The key of development networks.
///
/// Makes the proving key for it, which takes seconds.
pub(super) async fn development_key() -> anyhow::Result<VerifyingKey<ark_bls12_381::Bls12_381>> {
    tokio::task::spawn_blocking(|| {
        plume_circuits::transfer::ProvingKey::insecure_development().verifying_key()
    })
    .await?
    .context("the development key has points that are none")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_too_long_is_said() {
        let checked = Checked {
            transfers_each: 32,
            transactions: 5,
            ms_each: Some(0.95),
            best_ms_each: Some(0.9),
            again_ms_each: Some(0.2),
            proofs_ms_each: Some(0.75),
            bound: Bound::at_most("verifying_bundled", (0.8, "ms"), Some(0.95)),
        };
        assert_eq!(
            checked.line(),
            "validated by a node, proofs never seen: 0.75 ms for the proofs of each transfer of bundles of 32 (0.95 from \
             request to answer, best 0.90, 0.20 without the proofs), 5 transactions; verifying_bundled of at most 0.8 ms: \
             DOES NOT HOLD"
        );
        let quick = Checked {
            bound: Bound::at_most("verifying_bundled", (0.8, "ms"), Some(0.7)),
            ms_each: Some(0.7),
            proofs_ms_each: Some(0.5),
            ..checked
        };
        assert_eq!(
            quick.fields(),
            "verifying_bundled_ms=0.500 verifying_bundled_asked_ms=0.700 verifying_bundled_asked_best_ms=0.900 \
             verifying_bundled_again_ms=0.200 verifying_bundled_bound=pass"
        );
    }
}
