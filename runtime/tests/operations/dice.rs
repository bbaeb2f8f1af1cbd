//! What is drawn by chance, from one seed.

use plume_primitives::{Balance, units::EXISTENTIAL_DEPOSIT};
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};
use sp_core::H256;

/// ChaCha, from a seed.
pub struct Dice(TestRng);

impl Dice {
    /// The same seed draws the same, always.
    pub fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0.next_u64() % end
    }

    /// A number from `first` to `last`, both included.
    pub fn within(&mut self, first: u32, last: u32) -> u32 {
        first + self.below(u64::from(last - first) + 1) as u32
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of a list; none of an empty one.
    pub fn pick<T: Clone>(&mut self, list: &[T]) -> Option<T> {
        if list.is_empty() {
            return None;
        }
        Some(list[self.below(list.len() as u64) as usize].clone())
    }

    /// A hash of nothing.
    pub fn hash(&mut self) -> H256 {
        H256::from_low_u64_be(self.0.next_u64())
    }

    /// An amount up to `most`, small ones as often as large ones: every number of bits is as likely.
    pub fn amount(&mut self, most: Balance) -> Balance {
        let bits = u64::from(Balance::BITS - most.leading_zeros());
        let bits = self.below(bits + 1) as u32;
        let wide = (Balance::from(self.0.next_u64()) << 64) | Balance::from(self.0.next_u64());
        let kept = wide.checked_shr(Balance::BITS - bits).unwrap_or_default();
        kept.min(most)
    }

    /// An amount from `least` to `most`; `least` when that is more.
    pub fn amount_from(&mut self, least: Balance, most: Balance) -> Balance {
        least.saturating_add(self.amount(most.saturating_sub(least)))
    }

    /// An amount that somebody who owns `owned` planck may name, at the edges as often as between them.
    pub fn wild_amount(&mut self, owned: Balance) -> Balance {
        match self.below(10) {
            0 => 0,
            1 => 1,
            2 => EXISTENTIAL_DEPOSIT - 1,
            3 => EXISTENTIAL_DEPOSIT,
            4 => Balance::MAX,
            5 => owned,
            6 => owned.saturating_sub(EXISTENTIAL_DEPOSIT),
            7 => owned.saturating_sub(EXISTENTIAL_DEPOSIT - 1),
            8 => owned.saturating_add(1),
            _ => self.amount(owned),
        }
    }
}
