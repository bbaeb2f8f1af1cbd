//! The limits of the pool.

use plume_primitives::Nonce;
use std::time::Duration;

/// Limits of the pool. Every one of them refuses newcomers; none evicts what was accepted.
#[derive(Clone, Debug)]
pub struct Options {
    /// Ready and future transactions together. Too low: a burst is refused while blocks have room.
    /// Too high: memory (about 1 KiB each beside the transaction itself).
    pub max_count: usize,
    /// Encoded bytes of ready and future transactions together. Bounds memory whatever their size.
    pub max_bytes: usize,
    /// Entries of one account, so that one sender cannot fill the pool. A sender's burst above it is
    /// refused with a clear error and can be sent again once earlier ones are final.
    pub max_per_account: usize,
    /// Encoded bytes of one account's entries.
    pub max_bytes_per_account: usize,
    /// How far above the chain's nonce a transaction may be. Twice `max_per_account`: a full queue
    /// here, and as much again that the sender spread over other nodes. Beyond that it could not
    /// become ready before most of the queue is final, and only occupies memory.
    pub max_nonce_ahead: Nonce,
    /// Transactions without an account and nonce (reports of equivocation, authorised calls).
    pub max_loose: usize,
    /// Transactions in blocks that are not final yet. They are kept because a reorganisation makes
    /// them ready again. When finality stalls, this is how many the chain still takes in: at 500
    /// a second 400 seconds' worth.
    pub max_included: usize,
    /// Submissions that wait for validation. Above it the sender hears at once that the pool is full.
    pub max_queued: usize,
    /// How long a future transaction may wait for the missing one before it. Without an end, an
    /// account could fill the pool for nothing by leaving out one nonce.
    pub max_waiting: Duration,
    /// A transaction that was not included is validated again after so many blocks (sooner when its
    /// longevity is short), so that one that can no longer pay learns it.
    pub recheck_every_blocks: u64,
    /// Transactions validated again per block at most.
    pub recheck_per_block: usize,
    /// Accounts whose nonce is read again per block although no transaction of theirs was seen.
    /// Catches what no signature shows: a removed account's nonce starts over.
    pub sweep_per_block: usize,
    /// Outcomes remembered after a transaction left the pool.
    pub outcomes: usize,
    /// Transactions per call of the runtime.
    pub batch: usize,
    /// How long a validator waits for a batch to fill when transactions come in a stream (the batch
    /// before was taken less than twice this ago). Longer: fewer calls of the runtime, and a slower
    /// answer to the wallet. One that comes alone does not wait.
    pub batch_linger: Duration,
    /// Validator threads. One validates some 10,000 transfers a second; two keep a slow transaction
    /// from holding up the others.
    pub validators: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_count: 50_000,
            max_bytes: 64 << 20,
            max_per_account: 8_192,
            max_bytes_per_account: 16 << 20,
            max_nonce_ahead: 16_384,
            max_loose: 4_096,
            max_included: 200_000,
            max_queued: 16_384,
            max_waiting: Duration::from_secs(3 * 3600),
            recheck_every_blocks: 240,
            recheck_per_block: 16,
            sweep_per_block: 64,
            outcomes: 100_000,
            batch: 64,
            batch_linger: Duration::from_millis(8),
            validators: 2,
        }
    }
}

impl Options {
    /// The part of a limit that future transactions may use. The rest is kept for transactions that
    /// are ready at once: a pool full of futures would otherwise refuse the very one they wait for.
    pub(crate) fn future_share(limit: usize) -> usize {
        limit.saturating_sub(limit / 4)
    }
}
