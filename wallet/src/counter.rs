//! What a wallet has spent in a period, in a way that a restored wallet finds.
//!
//! The chain does not know what a counter says. A wallet does, because both halves come out of what it finds:
//!
//! | of a counter | comes from |
//! |---|---|
//! | its randomness | a hash of the nullifier key, pool, period, asset, and how many transfers were counted before |
//! | what it counts | what the last one counted, and what this transfer paid: its payment, and what left |
//! | its place | it is the third leaf of its transfer |
//! | that the transfer is the account's | its counter's nullifier is the one that the account would use next |
//!
//! So the counters of a period are a chain from its first one, whose nullifier is known beforehand, and a wallet that
//! reads the transfers in order walks along it. Each step is checked against the commitment on the chain.

use crate::{Counter, Pool};
use plume_circuits::{
    FieldBytes,
    transfer::notes::{counter_commitment, first_counter_nullifier, nullifier},
};
use plume_shielded::FullViewingKey;
use std::collections::BTreeMap;

/// Nullifier key, pool, period, asset, number -> randomness of a counter.
const RANDOMNESS: &[u8; 16] = b"PlumeCounterRand";

/// Period and asset.
pub(crate) type Slot = (u32, u32);

/// The counters of one account.
pub(crate) struct Counting<'a> {
    key: &'a FullViewingKey,
    pool: FieldBytes,
    first: BTreeMap<Slot, FieldBytes>,
    /// Of counters that were asked for last.
    kept: BTreeMap<Slot, (Counter, Option<FieldBytes>)>,
}

impl<'a> Counting<'a> {
    pub fn new(key: &'a FullViewingKey, pool: &Pool) -> Self {
        Self {
            key,
            pool: pool.id(),
            first: BTreeMap::new(),
            kept: BTreeMap::new(),
        }
    }

    /// The randomness of a counter. Secret, as the nullifier key is.
    pub fn randomness(&self, (period, asset): Slot, number: u32) -> FieldBytes {
        let mut state = blake2b_simd::Params::new()
            .hash_length(32)
            .personal(RANDOMNESS)
            .to_state();
        state.update(self.key.nullifier_key().as_bytes());
        state.update(self.pool.as_bytes());
        for part in [period, asset, number] {
            state.update(&part.to_le_bytes());
        }
        let mut digest = [0; 32];
        digest.copy_from_slice(state.finalize().as_bytes());
        FieldBytes::from_hash(digest)
    }

    /// The commitment of a counter.
    pub fn commitment(&self, slot: Slot, number: u32, spent: u64) -> FieldBytes {
        let randomness = self.randomness(slot, number);
        let (period, asset) = slot;
        counter_commitment(spent, period, asset, &self.key.pool_key(), &randomness)
    }

    /// What the next transfer shows: the first one's, or that of the counter that was left. `None` for one that
    /// cannot be followed.
    pub fn next_nullifier(&mut self, slot: Slot, counter: Option<&Counter>) -> Option<FieldBytes> {
        let nk = self.key.nullifier_key();
        let Some(counter) = counter else {
            let (period, asset) = slot;
            let first = self
                .first
                .entry(slot)
                .or_insert_with(|| first_counter_nullifier(&nk, period, asset, &self.pool));
            return Some(*first);
        };
        if let Some((known, next)) = self.kept.get(&slot)
            && known == counter
        {
            return *next;
        }
        let next = counter.spent.map(|spent| {
            let commitment = self.commitment(slot, counter.number, spent);
            nullifier(&nk, &commitment, counter.position, &self.pool)
        });
        self.kept.insert(slot, (*counter, next));
        next
    }

    /// The counter that a transfer left at a position, if one of these amounts, added to what was counted before,
    /// makes its commitment.
    pub fn advance(
        &self,
        slot: Slot,
        before: Option<&Counter>,
        adds: &[u64],
        (commitment, position): (FieldBytes, u64),
    ) -> Counter {
        let number = before.map_or(0, |before| before.number.saturating_add(1));
        let start = before.map_or(Some(0), |before| before.spent);
        let spent = start.and_then(|start| {
            adds.iter()
                .filter_map(|add| start.checked_add(*add))
                .find(|spent| self.commitment(slot, number, *spent) == commitment)
        });
        Counter {
            number,
            spent,
            position,
        }
    }
}
