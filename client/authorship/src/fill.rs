//! Fills a block with transactions: takes chunks from the pool, has the runtime apply them, and
//! settles each answer. The table of answers is in the crate's documentation.

use crate::{
    LOG_TARGET,
    batch::{CHUNK_MAX_BYTES, Chunks, Costs, Size, Skips, TimeLeft},
    metrics::EndReason,
};
use codec::Encode;
use sc_transaction_pool_api::{InPoolTransaction, ReadyTransactions, TxInvalidityReportMap};
use sp_api::ApiError;
use sp_runtime::{
    ApplyExtrinsicResult,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};
use std::{hash::Hash, sync::Arc, time::Instant};

/// The block under construction, as the runtime sees it.
pub(crate) trait Apply<Extrinsic> {
    /// Applies all in order and keeps what the accepted ones changed. One answer per extrinsic; after
    /// an error nothing is changed.
    fn chunk(&self, extrinsics: Vec<Extrinsic>) -> Result<Vec<ApplyExtrinsicResult>, ApiError>;

    /// Applies one and keeps what it changed if it is accepted.
    fn one(&self, extrinsic: Extrinsic) -> Result<ApplyExtrinsicResult, ApiError>;

    /// Bytes of the storage proof recorded so far, 0 where none is.
    fn proof_bytes(&self) -> usize;
}

/// The instants that bound a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// From here on few transactions that do not fit end the block.
    pub soft_deadline: Instant,
    /// From here on nothing is applied.
    pub deadline: Instant,
    /// Here the finalised block must be handed over.
    pub end: Instant,
}

/// The pool's transactions, best first.
pub(crate) type Ready<Tx> = dyn ReadyTransactions<Item = Arc<Tx>> + Send;

/// What came of filling a block.
pub(crate) struct Filled<TxHash> {
    pub end_reason: EndReason,
    /// Transactions in the block, inherents not counted.
    pub included: usize,
    /// What to tell the pool.
    pub invalid: TxInvalidityReportMap<TxHash>,
    pub costs: Costs,
}

/// Fills one block.
pub(crate) struct Fill<'a, Runtime, Tx: InPoolTransaction, Extrinsic> {
    pub runtime: &'a Runtime,
    pub ready: &'a mut Ready<Tx>,
    /// The block's extrinsics: the inherents, and behind them what is applied.
    pub body: &'a mut Vec<Extrinsic>,
    pub times: Times,
    pub chunks: Chunks,
    pub size: Size,
    pub state: State<Tx>,
}

/// What a block has seen so far.
pub(crate) struct State<Tx: InPoolTransaction> {
    included: usize,
    skips: Skips,
    /// The limit that kept out the last transaction tried, if one did.
    limit_hit: Option<EndReason>,
    /// Taken from the pool, to be tried first.
    held: Option<Arc<Tx>>,
    invalid: TxInvalidityReportMap<Tx::Hash>,
}

impl<Tx: InPoolTransaction> Default for State<Tx> {
    fn default() -> Self {
        Self {
            included: 0,
            skips: Skips::default(),
            limit_hit: None,
            held: None,
            invalid: TxInvalidityReportMap::default(),
        }
    }
}

impl<Runtime, Tx, Extrinsic> Fill<'_, Runtime, Tx, Extrinsic>
where
    Runtime: Apply<Extrinsic>,
    Tx: InPoolTransaction<Transaction = Arc<Extrinsic>>,
    Tx::Hash: Hash + Eq + Clone + std::fmt::Debug,
    Extrinsic: Encode + Clone,
{
    /// Applies chunk after chunk until time, space or the pool ends.
    pub fn run(mut self) -> Filled<Tx::Hash> {
        let end_reason = loop {
            if let Some(reason) = self.step() {
                break reason;
            }
        };
        Filled {
            end_reason,
            included: self.state.included,
            invalid: self.state.invalid,
            costs: self.chunks.costs(),
        }
    }

    /// Applies one chunk. Answers why it was the last, if it was.
    fn step(&mut self) -> Option<EndReason> {
        let now = Instant::now();
        let left = TimeLeft {
            deadline: self.times.deadline.saturating_duration_since(now),
            end: self.times.end.saturating_duration_since(now),
        };
        let wanted = self.chunks.next(left, self.state.included);
        if wanted == 0 {
            return Some(self.state.limit_hit.unwrap_or(EndReason::HitDeadline));
        }
        match self.take(wanted) {
            Err(full) => Some(full),
            Ok(chunk) if chunk.is_empty() => {
                let reason = self.state.limit_hit;
                Some(reason.unwrap_or(EndReason::NoMoreTransactions))
            }
            Ok(chunk) => self.apply(chunk),
        }
    }

    /// Takes the next transactions that fit into the block's bytes, at most `wanted`. One that may fit
    /// once those before it are refused is held back until they are settled. Fails if the block is full.
    fn take(&mut self, wanted: usize) -> Result<Vec<Arc<Tx>>, EndReason> {
        let proof = self.runtime.proof_bytes();
        let mut chunk = Vec::with_capacity(wanted);
        let mut chunk_bytes = 0usize;
        while chunk.len() < wanted && chunk_bytes < CHUNK_MAX_BYTES {
            let held = self.state.held.take();
            let Some(transaction) = held.or_else(|| self.ready.next()) else {
                break;
            };
            let bytes = transaction.data().encoded_size();
            if self.size.take(bytes, proof) {
                chunk_bytes = chunk_bytes.saturating_add(bytes);
                chunk.push(transaction);
            } else if !chunk.is_empty() {
                self.state.held = Some(transaction);
                break;
            } else if let Some(full) = self.skip(&transaction, EndReason::HitBlockSizeLimit) {
                return Err(full);
            }
        }
        Ok(chunk)
    }

    /// Applies a chunk in one call, or one by one if that call fails.
    fn apply(&mut self, chunk: Vec<Arc<Tx>>) -> Option<EndReason> {
        let started = Instant::now();
        let answers = match chunk.as_slice() {
            [alone] => vec![self.runtime.one((**alone.data()).clone())],
            many => {
                let extrinsics = many.iter().map(|tx| (**tx.data()).clone()).collect();
                match self.runtime.chunk(extrinsics) {
                    Ok(answers) => answers.into_iter().map(Ok).collect(),
                    Err(error) => {
                        log::warn!(
                            target: LOG_TARGET,
                            "A call with {} transactions failed, trying each alone: {error}",
                            many.len(),
                        );
                        self.chunks.failed();
                        return self.apply_each(chunk);
                    }
                }
            }
        };
        self.chunks.applied(chunk.len(), started.elapsed());
        // All of them are settled: what the runtime has applied is in the block.
        chunk
            .iter()
            .zip(answers)
            .filter_map(|(transaction, answer)| self.settle(transaction, answer))
            .last()
    }

    fn apply_each(&mut self, chunk: Vec<Arc<Tx>>) -> Option<EndReason> {
        for transaction in chunk {
            if Instant::now() >= self.times.deadline {
                return Some(EndReason::HitDeadline);
            }
            let answer = self.runtime.one((**transaction.data()).clone());
            if let Some(full) = self.settle(&transaction, answer) {
                return Some(full);
            }
        }
        None
    }

    /// Deals with the runtime's answer to one transaction. Answers whether the block is full.
    fn settle(
        &mut self,
        transaction: &Arc<Tx>,
        answer: Result<ApplyExtrinsicResult, ApiError>,
    ) -> Option<EndReason> {
        let hash = transaction.hash();
        let refusal = match answer {
            Ok(Ok(_)) => {
                self.body.push((**transaction.data()).clone());
                self.state.included = self.state.included.saturating_add(1);
                self.state.limit_hit = None;
                return None;
            }
            Ok(Err(refusal)) => Some(refusal),
            Err(error) => {
                log::warn!(target: LOG_TARGET, "[{hash:?}] Applying it failed: {error}");
                None
            }
        };
        self.size.give_back(transaction.data().encoded_size());
        match refusal {
            Some(refusal) if refusal.exhausted_resources() => {
                return self.skip(transaction, EndReason::HitBlockWeightLimit);
            }
            Some(TransactionValidityError::Invalid(InvalidTransaction::Stale)) => {
                log::trace!(target: LOG_TARGET, "[{hash:?}] Stale, left out");
            }
            Some(TransactionValidityError::Invalid(InvalidTransaction::Future)) => {
                log::trace!(target: LOG_TARGET, "[{hash:?}] Future, left out");
                self.ready.report_invalid(transaction);
            }
            refusal => {
                log::debug!(target: LOG_TARGET, "[{hash:?}] Invalid: {refusal:?}");
                self.ready.report_invalid(transaction);
                self.state.invalid.insert(hash.clone(), refusal);
            }
        }
        None
    }

    /// Leaves out a transaction for which the block has no room. Answers whether the block is full.
    fn skip(&mut self, transaction: &Arc<Tx>, limit: EndReason) -> Option<EndReason> {
        self.ready.report_invalid(transaction);
        self.chunks.nearly_full();
        self.state.limit_hit = Some(limit);
        let early = Instant::now() < self.times.soft_deadline;
        self.state.skips.skip(early).then_some(limit)
    }
}

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
