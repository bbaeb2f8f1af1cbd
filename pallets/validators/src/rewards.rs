//! What a session's pot is worth to each validator: pure arithmetic.

use alloc::vec::Vec;
use plume_primitives::Balance;
use sp_runtime::Perbill;

/// The part of a session's pot that is shared equally among those that were alive in it; the rest goes by
/// blocks sealed.
pub const LIVENESS_PART: Perbill = Perbill::from_percent(10);

/// What a validator did in a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deeds {
    /// Blocks that it sealed.
    pub blocks: u32,
    /// Whether it sealed a block or sent a heartbeat.
    pub alive: bool,
}

/// Divides the pot, in planck, in the order of `deeds`. What rounding leaves stays in the pot: the parts
/// never add up to more than it.
pub fn divide(pot: Balance, deeds: &[Deeds]) -> Vec<Balance> {
    let for_life = LIVENESS_PART.mul_floor(pot);
    let for_blocks = pot.saturating_sub(for_life);
    let alive = deeds.iter().filter(|deeds| deeds.alive).count() as Balance;
    let blocks: Balance = deeds.iter().map(|deeds| Balance::from(deeds.blocks)).sum();
    let per_living = for_life.checked_div(alive).unwrap_or_default();
    let per_block = for_blocks.checked_div(blocks).unwrap_or_default();
    deeds
        .iter()
        .map(|deeds| {
            let life = if deeds.alive { per_living } else { 0 };
            per_block
                .saturating_mul(Balance::from(deeds.blocks))
                .saturating_add(life)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(blocks: u32, alive: bool) -> Deeds {
        Deeds { blocks, alive }
    }

    #[test]
    fn nine_tenths_go_by_blocks_and_a_tenth_to_the_living() {
        assert_eq!(
            divide(1_000, &[of(2, true), of(1, true), of(0, false)]),
            [650, 350, 0]
        );
    }

    #[test]
    fn a_heartbeat_without_a_block_earns_its_part_of_the_tenth() {
        assert_eq!(divide(1_000, &[of(3, true), of(0, true)]), [950, 50]);
    }

    #[test]
    fn nobody_earns_from_a_session_in_which_nobody_did_anything() {
        assert_eq!(divide(1_000, &[of(0, false), of(0, false)]), [0, 0]);
        assert!(divide(1_000, &[]).is_empty());
    }

    proptest! {
        #[test]
        fn the_parts_never_exceed_the_pot_and_leave_less_than_a_planck_per_block_and_head(
            pot in 0u128..u128::MAX / 2,
            deeds in proptest::collection::vec((0u32..10_000, any::<bool>()), 1..64),
        ) {
            let deeds: Vec<_> = deeds.iter().map(|(blocks, alive)| of(*blocks, *alive || *blocks > 0)).collect();
            let parts: Balance = divide(pot, &deeds).iter().sum();
            prop_assert!(parts <= pot);
            let blocks: Balance = deeds.iter().map(|deeds| Balance::from(deeds.blocks)).sum();
            let alive = deeds.iter().filter(|deeds| deeds.alive).count() as Balance;
            if blocks > 0 {
                prop_assert!(pot - parts <= blocks + alive + 1);
            }
        }
    }
}
