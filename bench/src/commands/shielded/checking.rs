//! What a node takes to find the proofs of a transaction good: in its runtime, asked as its pool asks.
//!
//! The proofs are others of the same statements, made from those that will be sent, so that the node has not seen them
//! and will not remember the ones that count later.

use super::{
    proving::{Bound, median},
    shown,
};
use anyhow::ensure;
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
/// Where a transaction comes from: a peer; and what is no origin of transactions, so that the runtime reads no further.
const EXTERNAL: u8 = 2;
const NOWHERE: u8 = u8::MAX;

/// What validating transactions of one kind took.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Checked {
    /// Transfers in a transaction, at most.
    transfers_each: usize,
    transactions: usize,
    /// Milliseconds from the request to the answer for a transfer, median over the transactions.
    asked_ms_each: Option<f64>,
    /// The same for as many bytes that the runtime does not read: the way there and back.
    way_ms_each: Option<f64>,
    /// The same for the bytes that the node has just seen: everything but the proofs.
    again_ms_each: Option<f64>,
    /// What the runtime takes: from request to answer, less the way.
    runtime_ms_each: Option<f64>,
    /// Of the quickest.
    best_ms_each: Option<f64>,
    /// What of it are the proofs.
    proofs_ms_each: Option<f64>,
    /// Of `asked_ms_each`: the whole answer.
    bound: Bound,
}

impl Checked {
    /// Asks a node about transactions, each twice, and then about none of their length.
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
        let (mut first, mut again, mut way) = (Vec::new(), Vec::new(), Vec::new());
        for call in rerandomised(calls, key)? {
            let size = call.transfers().len();
            let transaction = wrapper.general(&call)?;
            let best = rpc.best_head().await?.hash;
            let ask = async |source: u8| {
                let mut question = vec![source];
                question.extend_from_slice(&transaction.bytes);
                question.extend_from_slice(best.as_bytes());
                let asked = Instant::now();
                let answer = rpc
                    .state_call(
                        "TaggedTransactionQueue_validate_transaction",
                        &question,
                        Some(best),
                    )
                    .await;
                let ms = asked.elapsed().as_secs_f64() * 1_000.0;
                (answer, ms / size as f64)
            };
            for times in [&mut first, &mut again] {
                let (answer, ms_each) = ask(EXTERNAL).await;
                let answer = answer?;
                ensure!(
                    answer.first() == Some(&0),
                    "another proof of the same statement is refused: {answer:?}"
                );
                // The last bundle may be smaller.
                if size == transfers_each {
                    times.push(ms_each);
                }
            }
            let (answer, ms_each) = ask(NOWHERE).await;
            ensure!(
                answer.is_err(),
                "a transaction from nowhere is answered: {answer:?}"
            );
            if size == transfers_each {
                way.push(ms_each);
            }
        }
        Ok(Self::of(transfers_each, &first, &again, &way))
    }

    /// Out of milliseconds for each transfer: of transactions that the node had not seen, of the same ones again, and of
    /// the way alone.
    fn of(transfers_each: usize, first: &[f64], again: &[f64], way: &[f64]) -> Self {
        let (asked_ms_each, again_ms_each) = (median(first), median(again));
        let way_ms_each = median(way);
        let less = |from: Option<f64>, what: Option<f64>| from.zip(what).map(|(a, b)| a - b);
        let (of, most) = match transfers_each {
            0 | 1 => ("verifying_alone", MOST_ALONE_MS),
            _ => ("verifying_bundled", MOST_BUNDLED_MS),
        };
        let runtime_ms_each = less(asked_ms_each, way_ms_each);
        let best = first.iter().copied().min_by(f64::total_cmp);
        Self {
            transfers_each,
            transactions: first.len(),
            asked_ms_each,
            way_ms_each,
            again_ms_each,
            runtime_ms_each,
            best_ms_each: less(best, way_ms_each),
            proofs_ms_each: less(asked_ms_each, again_ms_each),
            bound: Bound::at_most(of, (most, "ms"), asked_ms_each),
        }
    }

    /// In a sentence.
    pub fn line(&self) -> String {
        format!(
            "validated by a node's runtime, proofs never seen: {} ms for each transfer of {} (best {}; {} of them for the \
             proofs; {} from request to answer, less {} for the way), {} transactions; {}",
            shown(self.runtime_ms_each, 2),
            match self.transfers_each {
                1 => "one".to_owned(),
                each => format!("bundles of {each}"),
            },
            shown(self.best_ms_each, 2),
            shown(self.proofs_ms_each, 2),
            shown(self.asked_ms_each, 2),
            shown(self.way_ms_each, 2),
            self.transactions,
            self.bound.sentence()
        )
    }

    /// The same for the last line.
    pub fn fields(&self) -> String {
        let name = self.bound.of;
        format!(
            "{name}_ms={} {name}_best_ms={} {name}_proofs_ms={} {name}_asked_ms={} {name}_way_ms={} {name}_bound={}",
            shown(self.runtime_ms_each, 3),
            shown(self.best_ms_each, 3),
            shown(self.proofs_ms_each, 3),
            shown(self.asked_ms_each, 3),
            shown(self.way_ms_each, 3),
            self.bound.verdict.name()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_too_long_is_said_without_the_way() {
        let slow = Checked::of(32, &[0.95, 1.2, 1.15], &[0.4, 0.45, 0.5], &[0.2, 0.2, 0.3]);
        assert_eq!(
            slow.line(),
            "validated by a node's runtime, proofs never seen: 0.95 ms for each transfer of bundles of 32 (best 0.75; \
             0.70 of them for the proofs; 1.15 from request to answer, less 0.20 for the way), 3 transactions; \
             verifying_bundled of at most 0.8 ms: DOES NOT HOLD"
        );
        let quick = Checked::of(32, &[0.75], &[0.3], &[0.2]);
        assert_eq!(
            quick.fields(),
            "verifying_bundled_ms=0.550 verifying_bundled_best_ms=0.550 verifying_bundled_proofs_ms=0.450 \
             verifying_bundled_asked_ms=0.750 verifying_bundled_way_ms=0.200 verifying_bundled_bound=pass"
        );
        let alone = Checked::of(1, &[4.0], &[1.0], &[0.5]);
        assert!(alone.fields().ends_with("verifying_alone_bound=pass"));
        assert!(Checked::of(1, &[], &[], &[]).line().contains("unknown"));
    }
}
