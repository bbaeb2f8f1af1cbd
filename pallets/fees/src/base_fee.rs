//! The base fee follows demand, as EIP-1559 does it: above the target it rises, below it falls.
//!
//! EIP-1559 moves the fee by at most 1/8 a block of 12 s. A Plume block is 250 ms, so the greatest
//! step is 1/8 divided by the 48 blocks of those 12 s: the fee is as quick in time, not in blocks.

use crate::Config;
use pallet_transaction_payment::{Multiplier, MultiplierUpdate};
use plume_primitives::fullness;
use sp_runtime::{
    FixedU128, Perquintill, Saturating,
    traits::{CheckedDiv, Convert},
};

/// Share of the normal-class limit that a block holds when demand and capacity agree.
pub const TARGET: Perquintill = Perquintill::from_percent(50);
/// Denominator of the greatest step a block can make: 8 (EIP-1559) × 48 blocks of 250 ms in 12 s.
pub const MAX_CHANGE_DENOMINATOR: u32 = 384;
/// The fee never falls below its genesis level.
pub const MIN_MULTIPLIER: Multiplier = FixedU128::from_u32(1);
/// And never rises above this; an attacker who fills blocks pays for it, but transfers stay possible.
pub const MAX_MULTIPLIER: Multiplier = FixedU128::from_u32(1_000);

/// The multiplier of the next block: `previous · (1 + (fullness − target) / target / 384)`, bounded.
///
/// `fullness` is the [block's](fullness::of_block).
pub fn next_multiplier(previous: Multiplier, fullness: Perquintill) -> Multiplier {
    let target = FixedU128::from(TARGET);
    let fullness = FixedU128::from(fullness);
    let (distance, rises) = if fullness >= target {
        (fullness.saturating_sub(target), true)
    } else {
        (target.saturating_sub(fullness), false)
    };
    let step = distance
        .checked_div(&target)
        .and_then(|relative| relative.checked_div(&FixedU128::from_u32(MAX_CHANGE_DENOMINATOR)))
        .unwrap_or_default();
    let change = previous.saturating_mul(step);
    let next = if rises {
        previous.saturating_add(change)
    } else {
        previous.saturating_sub(change)
    };
    next.clamp(MIN_MULTIPLIER, MAX_MULTIPLIER)
}

/// Joins [`next_multiplier`] to `pallet_transaction_payment`.
pub struct FollowDemand<T>(core::marker::PhantomData<T>);

impl<T: Config> Convert<Multiplier, Multiplier> for FollowDemand<T> {
    fn convert(previous: Multiplier) -> Multiplier {
        next_multiplier(previous, fullness::of_block::<T>())
    }
}

impl<T: Config> MultiplierUpdate for FollowDemand<T> {
    fn min() -> Multiplier {
        MIN_MULTIPLIER
    }
    fn max() -> Multiplier {
        MAX_MULTIPLIER
    }
    fn target() -> Perquintill {
        TARGET
    }
    fn variability() -> Multiplier {
        FixedU128::from_rational(1, MAX_CHANGE_DENOMINATOR.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_fee_stays_within_its_bounds_and_moves_with_demand(
            previous in 1u128..=1_000, parts in 0u64..=1_000_000_000_000_000_000,
        ) {
            let previous = FixedU128::from_u32(previous as u32);
            let fullness = Perquintill::from_parts(parts);
            let next = next_multiplier(previous, fullness);
            prop_assert!((MIN_MULTIPLIER..=MAX_MULTIPLIER).contains(&next));
            if fullness > TARGET { prop_assert!(next >= previous) }
            if fullness < TARGET { prop_assert!(next <= previous) }
        }
    }

    #[test]
    fn a_block_at_the_target_leaves_the_fee_alone() {
        let fee = FixedU128::from_u32(7);
        assert_eq!(next_multiplier(fee, TARGET), fee);
    }

    #[test]
    fn twelve_seconds_of_full_blocks_raise_the_fee_by_an_eighth() {
        let mut fee = FixedU128::from_u32(100);
        for _ in 0..48 {
            fee = next_multiplier(fee, Perquintill::one());
        }
        assert!(
            fee > FixedU128::from_u32(112) && fee < FixedU128::from_u32(114),
            "{fee:?}"
        );
    }
}
