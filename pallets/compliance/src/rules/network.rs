//! Rules about with whom, and where value comes from.

use crate::policy::Side;
use plume_primitives::compliance::{Reason, RefValue};
use sp_runtime::Perbill;

/// With how many a party has dealt within a span, and what was moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fan {
    /// Distinct counterparties that are more than dust.
    pub distinct: u8,
    /// All flows, dust too.
    pub sum: RefValue,
}

impl Fan {
    const fn is_complete(self, wanted: u8, at_least: RefValue) -> bool {
        self.distinct >= wanted && self.sum >= at_least
    }
}

/// With this flow a party has dealt with `wanted` others, and moved `at_least` in all: few or little make no fan.
/// When the rule speaks only `once`, that was not yet so before.
pub fn fan(
    about: Side,
    before: impl FnOnce() -> Fan,
    with: Fan,
    wanted: u8,
    at_least: RefValue,
    once: bool,
) -> Option<Reason> {
    let speaks =
        with.is_complete(wanted, at_least) && !(once && before().is_complete(wanted, at_least));
    speaks.then_some(match about {
        Side::From => Reason::FanOut,
        Side::To => Reason::FanIn,
    })
}

/// A party has received from `gather` others and sends to `scatter`, `at_least` in all.
pub fn gather_scatter(
    sources: u8,
    sent: Fan,
    gather: u8,
    scatter: u8,
    at_least: RefValue,
) -> Option<Reason> {
    (sources >= gather && sent.is_complete(scatter, at_least)).then_some(Reason::GatherScatter)
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
            let with = Fan { distinct, sum };
            let not_asked = || unreachable!("it does not matter");
            assert_eq!(fan(Side::To, not_asked, with, 5, 1_000, false), expected);
        }
    }

    #[test]
    fn a_fan_that_is_told_once_is_told_when_it_is_complete() {
        let of = |distinct, sum| Fan { distinct, sum };
        for (before, with, expected) in [
            (of(3, 900), of(4, 1_000), None),
            (of(4, 900), of(5, 1_000), Some(Reason::FanOut)),
            (of(5, 900), of(5, 1_000), Some(Reason::FanOut)),
            (of(5, 1_000), of(6, 1_100), None),
        ] {
            let told = fan(Side::From, || before, with, 5, 1_000, true);
            assert_eq!(told, expected);
        }
    }

    #[test]
    fn gathering_and_scattering_are_needed_both() {
        let found = Some(Reason::GatherScatter);
        let sent = |distinct, sum| Fan { distinct, sum };
        assert_eq!(gather_scatter(3, sent(4, 10), 3, 4, 10), found);
        assert_eq!(gather_scatter(2, sent(4, 10), 3, 4, 10), None);
        assert_eq!(gather_scatter(3, sent(3, 10), 3, 4, 10), None);
        assert_eq!(gather_scatter(3, sent(4, 9), 3, 4, 10), None);
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
