//! Randomness that gives the same numbers on every machine and with every version of its dependencies.

use crate::Amount;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

/// ChaCha8 with the few distributions that payments need. Functions of `libm` rather than the system's, which
/// differ in their last bit.
#[derive(Clone, Debug)]
pub(super) struct Rng(ChaCha8Rng);

impl Rng {
    /// One stream a purpose, so that more of one thing does not change all others.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// Uniform in `0..end`; zero when that is empty.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.0.next_u64()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// Uniform, both ends included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        let width = high.saturating_sub(low).saturating_add(1);
        low.saturating_add(self.below(width))
    }

    /// Uniform in `0..1`.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of them, if there are any.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let index = self.below(u64::try_from(from.len()).unwrap_or(u64::MAX));
        from.get(usize::try_from(index).unwrap_or(usize::MAX))
    }

    /// An index below `len`, early ones more often: the share of index i falls about as 1 / i.
    pub(super) fn early(&mut self, len: usize) -> usize {
        let ends = libm::pow(len as f64 + 1.0, self.unit());
        (ends as usize).saturating_sub(1).min(len.saturating_sub(1))
    }

    /// Gaussian with mean zero and deviation one.
    fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(core::f64::consts::TAU * self.unit())
    }

    /// A log-normal amount in cents: half of them below `median`, with a heavier tail the larger `spread` is.
    pub(super) fn amount(&mut self, median: f64, spread: f64) -> Amount {
        cents(median * libm::exp(spread * self.normal()))
    }

    /// An amount with a tail of the power `shape`: most are near `least`, few are huge. At most a million times it.
    pub(super) fn tail(&mut self, least: f64, shape: f64) -> Amount {
        let factor = libm::pow(1.0 - self.unit(), -1.0 / shape);
        cents(least * factor.min(1e6))
    }

    /// A whole number with a tail of the power `shape` from `least` to `most`.
    pub(super) fn tail_count(&mut self, least: u64, most: u64, shape: f64) -> u64 {
        let factor = libm::pow(1.0 - self.unit(), -1.0 / shape);
        ((least as f64 * factor.min(1e9)) as u64).clamp(least, most.max(least))
    }
}

fn cents(amount: f64) -> Amount {
    Amount::cents((amount * 100.0).max(1.0) as u64)
}
