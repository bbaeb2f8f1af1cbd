//! Rules about with whom, and where value comes from.

use crate::policy::Side;
use plume_primitives::compliance::{Reason, RefValue};
use sp_runtime::Perbill;

/// With this flow a party has dealt with `wanted` others, and moved `at_least` in all: dust alone makes no fan.
pub fn fan(
    about: Side,
    distinct: u8,
    sum: RefValue,
    wanted: u8,
    at_least: RefValue,
) -> Option<Reason> {
    (distinct >= wanted && sum >= at_least).then_some(match about {
        Side::From => Reason::FanOut,
        Side::To => Reason::FanIn,
    })
}

/// A party has received from `gather` others and sends to `scatter`, `at_least` in all.
pub fn gather_scatter(
    sources: u8,
    destinations: u8,
    sent: RefValue,
    gather: u8,
    scatter: u8,
    at_least: RefValue,
) -> Option<Reason> {
    (sources >= gather && destinations >= scatter && sent >= at_least)
        .then_some(Reason::GatherScatter)
}

/// Of what was received, at least `at_least`, this share or more is sent again. What a party adds of its own
/// does not hide it.
pub fn pass_through(
    received: RefValue,
    sent: RefValue,
    share: Perbill,
    at_least: RefValue,
) -> Option<Reason> {
    (received >= at_least && sent >= share.mul_ceil(received)).then_some(Reason::PassThrough)
}

/// The flow carries `at_least` that came from flagged subjects.
pub fn exposure(carried: RefValue, at_least: RefValue) -> Option<Reason> {
    (carried >= at_least).then_some(Reason::Exposed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fan_has_enough_rays_and_enough_value() {
        for (distinct, sum, expected) in [
            (4, 1_000, None),
            (5, 999, None),
            (5, 1_000, Some(Reason::FanIn)),
            (24, u64::MAX, Some(Reason::FanIn)),
        ] {
            assert_eq!(fan(Side::To, distinct, sum, 5, 1_000), expected);
        }
        assert_eq!(fan(Side::From, 5, 0, 5, 0), Some(Reason::FanOut));
    }

    #[test]
    fn gathering_and_scattering_are_needed_both() {
        let found = Some(Reason::GatherScatter);
        assert_eq!(gather_scatter(3, 4, 10, 3, 4, 10), found);
        assert_eq!(gather_scatter(2, 4, 10, 3, 4, 10), None);
        assert_eq!(gather_scatter(3, 3, 10, 3, 4, 10), None);
        assert_eq!(gather_scatter(3, 4, 9, 3, 4, 10), None);
    }

    #[test]
    fn what_goes_out_again_is_measured_against_what_came_in() {
        let share = Perbill::from_percent(90);
        let found = Some(Reason::PassThrough);
        assert_eq!(pass_through(1_000, 899, share, 1_000), None);
        assert_eq!(pass_through(1_000, 900, share, 1_000), found);
        assert_eq!(pass_through(1_000, 5_000, share, 1_000), found);
        assert_eq!(pass_through(999, 999, share, 1_000), None);
        assert_eq!(pass_through(u64::MAX, u64::MAX, share, 1), found);
    }

    #[test]
    fn exposure_counts_what_a_flow_carries() {
        assert_eq!(exposure(9, 10), None);
        assert_eq!(exposure(10, 10), Some(Reason::Exposed));
    }
}
