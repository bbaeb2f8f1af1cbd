//! How many transactions the next entry into the runtime carries: arithmetic only, no clock, no chain.

use std::time::Duration;

/// Transactions in a block's first chunk: few, because the block has shown nothing yet.
pub const CHUNK_START: usize = 16;

/// Transactions in the largest chunk. Beyond it the entry is a small part of the cost, while the time
/// between two looks at the clock grows.
pub const CHUNK_MAX: usize = 128;

/// A chunk takes no further transaction once it holds this many bytes.
pub const CHUNK_MAX_BYTES: usize = 1024 * 1024;

/// Transactions that may fail to fit before the block counts as full, once half its time is over.
pub const SKIPS_MAX: usize = 8;

/// The same before half the time is over: a large transaction at the head of the pool must not keep
/// out the small ones behind it, and a pool full of large ones must not use up the node.
pub const SKIPS_MAX_EARLY: usize = 128;

/// No single measurement of finalising counts for more than this per transaction: a node that stood
/// still for a moment must not build small blocks for long.
const FINALIZE_SAMPLE_MAX: Duration = Duration::from_millis(1);

/// Finalising is measured per transaction as if a block had at least this many, so that the fixed
/// cost of an empty block is not taken for the cost of a transaction.
const FINALIZE_SAMPLE_FROM: usize = 32;

/// What a transaction is predicted to cost, learnt from those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Costs {
    /// Time to apply one, its share of the entry into the runtime included. `None`: never measured.
    pub apply: Option<Duration>,
    /// Time one adds to finalising the block: its changes to the state root, its place in the
    /// extrinsics root.
    pub finalize: Duration,
}

impl Default for Costs {
    /// Before the first block: finalising a transfer takes 25 to 40 µs on a 3 GHz core.
    fn default() -> Self {
        Self {
            apply: None,
            finalize: Duration::from_micros(40),
        }
    }
}

impl Costs {
    /// Learns that finalising a block of `transactions` took `took`.
    pub fn finalized(&mut self, transactions: usize, took: Duration) {
        let sample = per_transaction(took, transactions.max(FINALIZE_SAMPLE_FROM));
        self.finalize = learn(self.finalize, sample.min(FINALIZE_SAMPLE_MAX));
    }
}

/// Half way to a higher cost, a quarter of the way to a lower one: a late block is worth nothing, a
/// small one something.
fn learn(known: Duration, sample: Duration) -> Duration {
    if sample > known {
        (known + sample) / 2
    } else {
        (known * 3 + sample) / 4
    }
}

fn per_transaction(took: Duration, transactions: usize) -> Duration {
    took / u32::try_from(transactions.max(1)).unwrap_or(u32::MAX)
}

/// How many times `each` fits into `time`; a cost of nothing fits as often as one likes.
fn fits(time: Duration, each: Duration) -> usize {
    time.as_nanos()
        .checked_div(each.as_nanos())
        .map_or(usize::MAX, |times| {
            usize::try_from(times).unwrap_or(usize::MAX)
        })
}

/// The time left to a block.
#[derive(Clone, Copy, Debug)]
pub struct TimeLeft {
    /// Until no transaction is applied any more.
    pub deadline: Duration,
    /// Until the finalised block must be handed over. Not before the deadline.
    pub end: Duration,
}

/// Sizes the chunks of one block.
#[derive(Clone, Debug)]
pub struct Chunks {
    costs: Costs,
    ceiling: usize,
    max: usize,
}

impl Chunks {
    /// For a block whose transactions are expected to cost `costs`, in chunks of at most `max`.
    pub fn new(costs: Costs, max: usize) -> Self {
        let max = max.clamp(1, CHUNK_MAX);
        Self {
            costs,
            ceiling: CHUNK_START.min(max),
            max,
        }
    }

    /// Transactions to apply next, with `included` in the block so far. 0: there is no time.
    ///
    /// While there is time at all, a block without transactions gets one, however bad the
    /// predictions: a wrong one is corrected by measuring only.
    pub fn next(&self, left: TimeLeft, included: usize) -> usize {
        if left.deadline.is_zero() {
            return 0;
        }
        let included_cost = self
            .costs
            .finalize
            .saturating_mul(u32::try_from(included).unwrap_or(u32::MAX));
        let apply = self.costs.apply.unwrap_or_default();
        let each = apply.saturating_add(self.costs.finalize);
        let end = left.end.saturating_sub(included_cost);
        if included > 0 && fits(left.deadline, apply).min(fits(end, each)) == 0 {
            return 0;
        }
        // Half of the time, so that a chunk twice as slow as predicted still ends within it.
        self.ceiling
            .min(fits(left.deadline / 2, apply))
            .min(fits(end / 2, each))
            .max(1)
    }

    /// Learns that applying a chunk of `transactions` in one entry took `took`. A full chunk doubles
    /// the next one's ceiling.
    pub fn applied(&mut self, transactions: usize, took: Duration) {
        let sample = per_transaction(took, transactions);
        self.costs.apply = Some(
            self.costs
                .apply
                .map_or(sample, |known| learn(known, sample)),
        );
        if transactions >= self.ceiling {
            self.ceiling = self.ceiling.saturating_mul(2).min(self.max);
        }
    }

    /// A chunk's call failed and its transactions were tried alone: starts small again.
    pub fn failed(&mut self) {
        self.ceiling = CHUNK_START.min(self.max);
    }

    /// A transaction did not fit into the block. If the block is full, a large chunk would be refused
    /// whole: the next one is no larger than the number that may be skipped. Chunks that fit again let
    /// it grow as usual.
    pub fn nearly_full(&mut self) {
        self.ceiling = self.ceiling.min(SKIPS_MAX);
    }

    /// What was learnt, for the next block.
    pub fn costs(&self) -> Costs {
        self.costs
    }
}

/// Counts the bytes of a block while it grows, without encoding it.
#[derive(Clone, Debug)]
pub struct Size {
    used: usize,
    limit: usize,
}

impl Size {
    /// For a block that has `used` bytes already (header, length prefix, inherents) of `limit`.
    pub fn new(used: usize, limit: usize) -> Self {
        Self { used, limit }
    }

    /// Takes `bytes` for a transaction if the block has them, besides the storage proof's `proof`.
    #[must_use]
    pub fn take(&mut self, bytes: usize, proof: usize) -> bool {
        let used = self.used.saturating_add(bytes);
        let fits = used.saturating_add(proof) <= self.limit;
        if fits {
            self.used = used;
        }
        fits
    }

    /// Gives back what a transaction took that did not get into the block.
    pub fn give_back(&mut self, bytes: usize) {
        self.used = self.used.saturating_sub(bytes);
    }
}

/// Counts the transactions that did not fit, to tell a full block from a few large transactions.
#[derive(Clone, Debug, Default)]
pub struct Skips(usize);

impl Skips {
    /// One more did not fit. Answers whether the block counts as full; `early`: its soft deadline is
    /// not over.
    #[must_use]
    pub fn skip(&mut self, early: bool) -> bool {
        self.0 = self.0.saturating_add(1);
        self.0 > if early { SKIPS_MAX_EARLY } else { SKIPS_MAX }
    }
}

#[cfg(test)]
mod tests;
