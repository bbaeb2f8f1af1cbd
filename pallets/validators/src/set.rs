//! How many validators sit, and who: pure rules, storage nowhere near.
//!
//! A set of `3f + 1` bears `f` faulty members; every member in between adds messages and no safety. So
//! the set has one of the sizes 4, 7, 10, 13 …, and moves by one step a session at most.
//!
//! The load is the fullness of blocks, smoothed over [`SetParameters::smoothing_blocks`]. Above
//! [`SetParameters::high`] it is heavy, below [`SetParameters::low`] it is light; between the two nothing
//! moves, so that a load near a threshold does not make the set swing.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::cmp::Reverse;
use plume_primitives::Balance;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{Perbill, traits::Saturating};

/// The smallest set that bears one faulty member.
pub const SMALLEST_SET: u32 = 4;

/// Where the set goes under heavy load.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// Heavy load makes the set smaller and faster, light load larger and more decentralised.
    SmallerUnderLoad,
    /// Heavy load makes the set larger, light load smaller.
    LargerUnderLoad,
}

/// How the set follows the load.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct SetParameters {
    /// Which way a heavy load moves the set.
    pub direction: Direction,
    /// The smallest set: 4 or more.
    pub min: u32,
    /// The largest set, even if more are admitted.
    pub max: u32,
    /// Below this fullness the load is light.
    pub low: Perbill,
    /// Above this fullness the load is heavy; more than `low`.
    pub high: Perbill,
    /// Blocks after which a change of load has moved the smoothed value by about two thirds of it.
    pub smoothing_blocks: u32,
}

impl Default for SetParameters {
    /// From 4 to 61 validators; light below 20 %, heavy above 60 %, smoothed over a minute of 250 ms slots.
    fn default() -> Self {
        Self {
            direction: Direction::SmallerUnderLoad,
            min: SMALLEST_SET,
            max: 61,
            low: Perbill::from_percent(20),
            high: Perbill::from_percent(60),
            smoothing_blocks: 240,
        }
    }
}

impl SetParameters {
    /// Whether they make sense: `4 <= min <= max`, `low < high`, and something to smooth over.
    pub fn is_valid(&self) -> bool {
        self.min >= SMALLEST_SET
            && self.min <= self.max
            && self.low < self.high
            && self.smoothing_blocks > 0
    }

    /// The sizes that `admitted` validators allow: the smallest and the largest. Fewer than four all
    /// sit.
    fn bounds(&self, admitted: u32) -> (u32, u32) {
        let largest = round_down(admitted.min(self.max));
        (round_up(self.min).min(largest), largest)
    }

    /// The smoothed fullness after a block that was `fullness` full.
    pub fn smoothed(&self, before: Perbill, fullness: Perbill) -> Perbill {
        let blocks = self.smoothing_blocks.max(1);
        // Towards the block's own by a part of the distance.
        if fullness >= before {
            let distance = fullness.saturating_sub(before);
            before.saturating_add(part(distance, blocks))
        } else {
            let distance = before.saturating_sub(fullness);
            before.saturating_sub(part(distance, blocks))
        }
    }

    /// The size after `current` with so many admitted, at this smoothed fullness. One step at most,
    /// unless the bounds themselves have moved.
    pub fn next_size(&self, current: u32, admitted: u32, fullness: Perbill) -> u32 {
        let (smallest, largest) = self.bounds(admitted);
        if admitted < SMALLEST_SET {
            return admitted;
        }
        let larger = match self.direction {
            Direction::SmallerUnderLoad if fullness > self.high => Some(false),
            Direction::SmallerUnderLoad if fullness < self.low => Some(true),
            Direction::LargerUnderLoad if fullness > self.high => Some(true),
            Direction::LargerUnderLoad if fullness < self.low => Some(false),
            _ => None,
        };
        let current = round_down(current.max(SMALLEST_SET));
        match larger {
            Some(true) => current.saturating_add(3),
            Some(false) => current.saturating_sub(3),
            None => current,
        }
        .clamp(smallest, largest)
    }
}

/// A `blocks`-th of the distance, but never nothing of something: the smoothed value arrives.
fn part(distance: Perbill, blocks: u32) -> Perbill {
    let parts = distance.deconstruct();
    Perbill::from_parts(parts.div_ceil(blocks.max(1)))
}

/// The largest size of the form 3f + 1 that is not above `count`; `count` itself below four.
pub fn round_down(count: u32) -> u32 {
    if count < SMALLEST_SET {
        return count;
    }
    count.saturating_sub(count.saturating_sub(1) % 3)
}

/// The smallest size of the form 3f + 1 that is not below `count`.
fn round_up(count: u32) -> u32 {
    let down = round_down(count);
    if down < count {
        down.saturating_add(3)
    } else {
        down
    }
}

/// What decides who sits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Planck at stake.
    pub bond: Balance,
    /// Thousandths: how much of late it sealed when it sat.
    pub reliability: u16,
}

impl Standing {
    /// The bond counts for as much as its owner is reliable.
    fn rank(&self) -> (Balance, u16) {
        let thousandths = self.bond / 1_000;
        let counted = thousandths.saturating_mul(Balance::from(self.reliability));
        (counted, self.reliability)
    }
}

/// The `size` candidates of the highest rank, in the order they were given; the earlier of two equals.
pub fn seated<T: Clone>(candidates: &[(T, Standing)], size: u32) -> Vec<T> {
    let mut places: Vec<usize> = (0..candidates.len()).collect();
    places.sort_by_key(|place| {
        let rank = candidates.get(*place).map(|(_, standing)| standing.rank());
        (Reverse(rank), *place)
    });
    places.truncate(size as usize);
    places.sort_unstable();
    places
        .iter()
        .filter_map(|place| candidates.get(*place).map(|(who, _)| who.clone()))
        .collect()
}

/// A reliability after a session in which its owner sealed `sealed` of all `blocks`, among `sitting`:
/// three quarters what it was, one quarter whether it sealed at least half of its share.
pub fn reliability(before: u16, sealed: u32, blocks: u32, sitting: u32) -> u16 {
    let share = blocks.checked_div(sitting.max(1)).unwrap_or_default();
    let live = sealed.saturating_mul(2) >= share;
    let of_session = if live { 1_000 } else { 0 };
    let mixed = u32::from(before)
        .saturating_mul(3)
        .saturating_add(of_session);
    u16::try_from(mixed.div_ceil(4)).unwrap_or(1_000).min(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn percent(percent: u32) -> Perbill {
        Perbill::from_percent(percent)
    }

    #[test]
    fn heavy_load_makes_the_set_smaller_one_step_at_a_time_and_light_load_larger() {
        let parameters = SetParameters::default();
        assert_eq!(parameters.next_size(13, 13, percent(90)), 10);
        assert_eq!(parameters.next_size(10, 13, percent(90)), 7);
        assert_eq!(parameters.next_size(4, 13, percent(90)), 4);
        assert_eq!(parameters.next_size(4, 13, percent(5)), 7);
        assert_eq!(parameters.next_size(13, 13, percent(5)), 13);
    }

    #[test]
    fn between_the_thresholds_nothing_moves() {
        let parameters = SetParameters::default();
        for fullness in [20, 40, 60] {
            assert_eq!(parameters.next_size(7, 13, percent(fullness)), 7);
        }
    }

    #[test]
    fn the_other_direction_mirrors() {
        let parameters = SetParameters {
            direction: Direction::LargerUnderLoad,
            ..Default::default()
        };
        assert_eq!(parameters.next_size(7, 13, percent(90)), 10);
        assert_eq!(parameters.next_size(7, 13, percent(5)), 4);
    }

    #[test]
    fn fewer_than_four_all_sit() {
        let parameters = SetParameters::default();
        for admitted in 1..4 {
            assert_eq!(parameters.next_size(4, admitted, percent(90)), admitted);
        }
    }

    #[test]
    fn a_dead_validator_loses_its_seat_before_the_living() {
        let live = Standing {
            bond: 1_000_000,
            reliability: 1_000,
        };
        let dead = Standing {
            reliability: 300,
            ..live.clone()
        };
        let candidates = [
            ("a", dead),
            ("b", live.clone()),
            ("c", live.clone()),
            ("d", live),
        ];
        assert_eq!(seated(&candidates, 3), ["b", "c", "d"]);
    }

    #[test]
    fn a_larger_bond_sits_first_and_equals_by_admission() {
        let of = |bond| Standing {
            bond,
            reliability: 1_000,
        };
        let candidates = [("a", of(5_000)), ("b", of(9_000)), ("c", of(5_000))];
        assert_eq!(seated(&candidates, 2), ["a", "b"]);
    }

    proptest! {
        #[test]
        fn a_size_is_three_f_plus_one_within_its_bounds_and_a_step_away(
            current in 0u32..100, admitted in 0u32..100, fullness in 0u32..=100, min in 4u32..70,
            extra in 0u32..70, larger: bool,
        ) {
            let direction = if larger { Direction::LargerUnderLoad } else { Direction::SmallerUnderLoad };
            let parameters = SetParameters { direction, min, max: min + extra, ..Default::default() };
            let next = parameters.next_size(current, admitted, percent(fullness));
            prop_assert!(next <= admitted);
            if admitted >= SMALLEST_SET {
                prop_assert!(next >= SMALLEST_SET && next % 3 == 1);
                prop_assert!(next <= parameters.max);
            } else {
                prop_assert_eq!(next, admitted);
            }
            let (smallest, largest) = parameters.bounds(admitted);
            if (smallest..=largest).contains(&current) && current % 3 == 1 {
                prop_assert!(next.abs_diff(current) <= 3);
            }
        }

        #[test]
        fn the_smoothed_fullness_moves_towards_the_load_and_arrives(
            from in 0u32..=1_000_000_000, to in 0u32..=1_000_000_000, blocks in 1u32..1_000,
        ) {
            let parameters = SetParameters { smoothing_blocks: blocks, ..Default::default() };
            let (from, to) = (Perbill::from_parts(from), Perbill::from_parts(to));
            let next = parameters.smoothed(from, to);
            prop_assert!(next >= from.min(to) && next <= from.max(to));
            prop_assert!(from == to || next != from);
        }

        #[test]
        fn reliability_stays_within_its_scale(before in 0u16..=1_000, sealed: u32, blocks: u32, sitting: u32) {
            prop_assert!(reliability(before, sealed, blocks, sitting) <= 1_000);
        }
    }

    #[test]
    fn a_dead_session_costs_a_quarter_and_live_ones_bring_it_back() {
        let mut value = reliability(1_000, 0, 100, 4);
        assert_eq!(value, 750);
        for _ in 0..40 {
            value = reliability(value, 25, 100, 4);
        }
        assert_eq!(value, 1_000);
    }
}
