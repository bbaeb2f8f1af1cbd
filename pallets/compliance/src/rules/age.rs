//! Rules about parties that are new, or were silent.

use crate::{
    activity::Activity,
    window::{Span, Window},
};
use plume_primitives::{
    Seconds,
    compliance::{Reason, RefValue},
};

/// A party that had not sent for `slept` has awoken less than a day ago, and sends `at_least`, at once or in
/// parts.
pub fn dormant(
    sender: &Activity,
    value: RefValue,
    now: Seconds,
    slept: Seconds,
    at_least: RefValue,
) -> Option<Reason> {
    let awakening = sender.awakening(now)?;
    let day = Span::whole(Window::Day);
    if awakening.slept < slept || now.saturating_sub(awakening.at) >= day.seconds() {
        return None;
    }
    // It slept for a month at least before it awoke, so that what it sent within the day it sent since.
    let since = sender.sent.total(day, now).sum.saturating_add(value);
    (since >= at_least).then_some(Reason::DormantAwoke)
}

/// A party that was first seen less than `age` ago sends `at_least` for the first time. One that was never seen
/// is new.
pub fn young(
    first_seen: Option<Seconds>,
    largest_before: RefValue,
    value: RefValue,
    now: Seconds,
    age: Seconds,
    at_least: RefValue,
) -> Option<Reason> {
    let is_young = first_seen.is_none_or(|first| now.saturating_sub(first) < age);
    (is_young && value >= at_least && largest_before < at_least).then_some(Reason::YoungAndLarge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::Bucket;

    const DAY: Seconds = 86_400;

    fn sends(activity: &mut Activity, value: RefValue, now: Seconds) {
        let flow = Bucket {
            count: 1,
            just_under: 0,
            sum: value,
        };
        activity.send(1, flow, 0, 0, now);
    }

    #[test]
    fn a_large_sum_after_a_long_sleep_is_noticed_whole_or_in_parts() {
        let mut sleeper = Activity::default();
        assert_eq!(dormant(&sleeper, 1_000, 0, 90 * DAY, 1_000), None);
        sends(&mut sleeper, 50, DAY);
        let found = Some(Reason::DormantAwoke);
        let awake = 91 * DAY;
        assert_eq!(dormant(&sleeper, 1_000, awake - 1, 90 * DAY, 1_000), None);
        assert_eq!(dormant(&sleeper, 1_000, awake, 90 * DAY, 1_000), found);
        assert_eq!(dormant(&sleeper, 999, awake, 90 * DAY, 1_000), None);
        sends(&mut sleeper, 1, awake);
        assert_eq!(dormant(&sleeper, 998, awake + 60, 90 * DAY, 1_000), None);
        assert_eq!(dormant(&sleeper, 999, awake + 60, 90 * DAY, 1_000), found);
        assert_eq!(
            dormant(&sleeper, 999, awake + DAY, 90 * DAY, 1_000),
            None,
            "a day later it is awake"
        );
    }

    #[test]
    fn only_the_first_large_transfer_of_a_young_party_is_noticed() {
        let found = Some(Reason::YoungAndLarge);
        for (first_seen, largest, value, now, expected) in [
            (None, 0, 100, 5_000, found),
            (Some(0), 0, 100, 99, found),
            (Some(0), 0, 100, 100, None),
            (Some(0), 0, 99, 99, None),
            (Some(0), 99, 100, 99, found),
            (Some(0), 100, 100, 99, None),
        ] {
            assert_eq!(young(first_seen, largest, value, now, 100, 100), expected);
        }
    }
}
