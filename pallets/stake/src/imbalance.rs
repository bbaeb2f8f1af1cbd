//! The imbalance of a currency that is never out of balance.

use frame_support::traits::{Imbalance, SameOrOther, TryDrop, tokens::imbalance::TryMerge};
use plume_primitives::Balance;

/// What is created and destroyed of a voice apart from stake: nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoImbalance;

impl TryDrop for NoImbalance {
    fn try_drop(self) -> Result<(), Self> {
        Ok(())
    }
}

impl TryMerge for NoImbalance {
    fn try_merge(self, _: Self) -> Result<Self, (Self, Self)> {
        Ok(self)
    }
}

impl Imbalance<Balance> for NoImbalance {
    type Opposite = Self;

    fn zero() -> Self {
        Self
    }
    fn drop_zero(self) -> Result<(), Self> {
        Ok(())
    }
    fn split(self, _: Balance) -> (Self, Self) {
        (Self, Self)
    }
    fn extract(&mut self, _: Balance) -> Self {
        Self
    }
    fn merge(self, _: Self) -> Self {
        self
    }
    fn subsume(&mut self, _: Self) {}
    fn offset(self, _: Self) -> SameOrOther<Self, Self> {
        SameOrOther::None
    }
    fn peek(&self) -> Balance {
        0
    }
}
