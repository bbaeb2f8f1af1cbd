//! Rules about how often and how much.

use crate::{policy::Side, window::Bucket};
use plume_primitives::compliance::{Reason, RefValue};

/// With this flow there are more than `at_most`.
pub fn count(side: Side, before: Bucket, at_most: u16) -> Option<Reason> {
    (before.count >= at_most).then_some(match side {
        Side::From => Reason::SentTooOften,
        Side::To => Reason::ReceivedTooOften,
    })
}

/// With this flow more than `at_most` has moved.
pub fn sum(side: Side, before: Bucket, value: RefValue, at_most: RefValue) -> Option<Reason> {
    (before.sum.saturating_add(value) > at_most).then_some(match side {
        Side::From => Reason::SentTooMuch,
        Side::To => Reason::ReceivedTooMuch,
    })
}

/// This flow is just under the threshold, and with it there are `count` such.
pub fn structuring(side: Side, before: Bucket, count: u16) -> Option<Reason> {
    (before.just_under.saturating_add(1) >= count).then_some(match side {
        Side::From => Reason::SentJustUnder,
        Side::To => Reason::ReceivedJustUnder,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before(count: u16, just_under: u16, sum: RefValue) -> Bucket {
        Bucket {
            count,
            just_under,
            sum,
        }
    }

    #[test]
    fn the_last_that_is_allowed_passes_and_the_next_does_not() {
        assert_eq!(count(Side::From, before(2, 0, 0), 3), None);
        assert_eq!(
            count(Side::From, before(3, 0, 0), 3),
            Some(Reason::SentTooOften)
        );
        assert_eq!(
            count(Side::To, before(3, 0, 0), 3),
            Some(Reason::ReceivedTooOften)
        );
        assert_eq!(
            count(Side::From, before(0, 0, 0), 0),
            Some(Reason::SentTooOften)
        );
    }

    #[test]
    fn the_sum_that_is_allowed_passes_and_one_more_does_not() {
        assert_eq!(sum(Side::From, before(9, 0, 60), 40, 100), None);
        assert_eq!(
            sum(Side::From, before(9, 0, 60), 41, 100),
            Some(Reason::SentTooMuch)
        );
        assert_eq!(
            sum(Side::To, before(9, 0, 60), 41, 100),
            Some(Reason::ReceivedTooMuch)
        );
        assert_eq!(
            sum(Side::To, before(9, 0, u64::MAX), 1, u64::MAX - 1),
            Some(Reason::ReceivedTooMuch)
        );
    }

    #[test]
    fn structuring_is_several_just_under() {
        assert_eq!(structuring(Side::From, before(50, 1, 0), 3), None);
        assert_eq!(
            structuring(Side::From, before(2, 2, 0), 3),
            Some(Reason::SentJustUnder)
        );
        assert_eq!(
            structuring(Side::To, before(2, 2, 0), 3),
            Some(Reason::ReceivedJustUnder)
        );
    }
}
