//! When how much is released: pure arithmetic, storage nowhere near.

use plume_primitives::{Balance, Seconds};

/// Planck of `total` that are released `now` seconds after the first block: nothing before the cliff,
/// everything from `duration` on, and between them the part of `total` that `now` is of `duration`,
/// rounded down. What accrues before the cliff is released at the cliff.
///
/// It never falls as `now` rises, never exceeds `total`, and is exact for every amount and time.
pub fn released(total: Balance, cliff: Seconds, duration: Seconds, now: Seconds) -> Balance {
    if now < cliff {
        return 0;
    }
    if now >= duration {
        return total;
    }
    let (now, duration) = (Balance::from(now), Balance::from(duration));
    // total × now ÷ duration could overflow. With total = whole × duration + rest it is
    // whole × now + rest × now ÷ duration, where no product exceeds `total` or 2⁶⁴.
    let whole = total.checked_div(duration).unwrap_or_default();
    let rest = total.checked_rem(duration).unwrap_or_default();
    let of_rest = rest
        .saturating_mul(now)
        .checked_div(duration)
        .unwrap_or_default();
    whole.saturating_mul(now).saturating_add(of_rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_primitives::{
        allocations::{LONGEST_RELEASE, YEAR},
        units::{PLUME, TOTAL_SUPPLY},
    };
    use proptest::prelude::*;

    #[test]
    fn at_the_cliff_everything_since_the_start_is_released() {
        let at = |now| released(1_500 * PLUME, YEAR, 4 * YEAR, now);
        assert_eq!(at(0), 0);
        assert_eq!(at(YEAR - 1), 0);
        assert_eq!(at(YEAR), 375 * PLUME);
        assert_eq!(at(2 * YEAR), 750 * PLUME);
        assert_eq!(at(4 * YEAR), 1_500 * PLUME);
    }

    #[test]
    fn the_last_planck_is_released_at_the_end_and_not_before() {
        assert_eq!(released(1, 0, 10, 9), 0);
        assert_eq!(released(1, 0, 10, 10), 1);
        assert_eq!(
            released(Balance::MAX, 0, LONGEST_RELEASE, LONGEST_RELEASE),
            Balance::MAX
        );
        assert!(released(Balance::MAX, 0, LONGEST_RELEASE, LONGEST_RELEASE - 1) < Balance::MAX);
        assert_eq!(released(7, 0, 10, Seconds::MAX), 7);
    }

    #[test]
    fn without_a_duration_everything_is_released_at_the_start() {
        assert_eq!(released(7, 0, 0, 0), 7);
    }

    #[test]
    fn a_cliff_at_the_end_releases_all_at_once() {
        assert_eq!(released(7, 10, 10, 9), 0);
        assert_eq!(released(7, 10, 10, 10), 7);
    }

    fn schedule() -> impl Strategy<Value = (Seconds, Seconds)> {
        (1..=LONGEST_RELEASE)
            .prop_flat_map(|duration| (0..=duration).prop_map(move |cliff| (cliff, duration)))
    }

    proptest! {
        #[test]
        fn it_never_falls_and_never_exceeds_the_total(
            total in any::<Balance>(),
            (cliff, duration) in schedule(),
            mut moments in proptest::collection::vec(any::<Seconds>(), 1..40),
            near in proptest::collection::vec(0..=LONGEST_RELEASE, 1..40),
        ) {
            moments.extend(near);
            moments.extend([0, cliff.saturating_sub(1), cliff, duration - 1, duration]);
            moments.sort_unstable();
            let mut before = 0;
            for now in moments {
                let amount = released(total, cliff, duration, now);
                prop_assert!(amount >= before);
                prop_assert!(amount <= total);
                if now < cliff {
                    prop_assert_eq!(amount, 0);
                }
                before = amount;
            }
            prop_assert_eq!(released(total, cliff, duration, duration), total);
        }

        /// Against the textbook's formula, where it does not overflow.
        #[test]
        fn it_is_the_part_of_the_total_that_has_passed(
            total in 0..=TOTAL_SUPPLY,
            (cliff, duration) in schedule(),
            now in 0..=LONGEST_RELEASE,
        ) {
            let expected = if now < cliff {
                0
            } else {
                total * Balance::from(now.min(duration)) / Balance::from(duration)
            };
            prop_assert_eq!(released(total, cliff, duration, now), expected);
        }

        /// Against a long division, where the textbook's product would not fit 128 bits.
        #[test]
        fn large_amounts_do_not_saturate(
            high in any::<u64>(),
            duration in 1..=LONGEST_RELEASE,
            now in 0..LONGEST_RELEASE,
        ) {
            prop_assume!(now < duration);
            let total = Balance::from(high) << 64;
            // total × now ÷ duration, by parts of 64 bits.
            let product = Balance::from(high) * Balance::from(now);
            let (quotient, rest) = (product / Balance::from(duration), product % Balance::from(duration));
            let expected = (quotient << 64) + (rest << 64) / Balance::from(duration);
            prop_assert_eq!(released(total, 0, duration, now), expected);
        }
    }
}
