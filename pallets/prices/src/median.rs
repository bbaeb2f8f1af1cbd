//! What counts when sources disagree: a pure function of what they said.

use crate::types::{Answer, Price};
use alloc::vec::Vec;
use core::cmp::Reverse;
use plume_primitives::Seconds;

/// How many of so many sources have to have spoken: more than half.
pub const fn quorum(sources: usize) -> usize {
    (sources / 2).saturating_add(1)
}

/// The answer that follows from the statements that count; none when they are fewer than `quorum`.
///
/// Of an even number of prices the higher of the two in the middle counts: it was really said, and thresholds are
/// met rather too early than too late. The time is that of the `quorum`th newest statement.
pub fn answer(statements: impl Iterator<Item = (Price, Seconds)>, quorum: usize) -> Option<Answer> {
    let (mut prices, mut times): (Vec<_>, Vec<_>) = statements.unzip();
    if prices.len() < quorum {
        return None;
    }
    prices.sort_unstable();
    times.sort_unstable_by_key(|at| Reverse(*at));
    Some(Answer {
        price: *prices.get(prices.len() / 2)?,
        at: *times.get(quorum.checked_sub(1)?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn median(statements: &[(u128, Seconds)], quorum: usize) -> Option<(u128, Seconds)> {
        let statements = statements.iter().map(|(price, at)| (Price(*price), *at));
        answer(statements, quorum).map(|answer| (answer.price.0, answer.at))
    }

    #[test]
    fn the_middle_counts_and_the_majority_tells_the_time() {
        assert_eq!(median(&[(5, 10)], 1), Some((5, 10)));
        assert_eq!(median(&[(5, 10), (9, 30), (7, 20)], 2), Some((7, 20)));
        assert_eq!(median(&[(5, 10), (9, 30)], 2), Some((9, 10)));
        assert_eq!(
            median(&[(5, 10), (9, 40), (7, 20), (8, 30)], 3),
            Some((8, 20))
        );
    }

    #[test]
    fn without_a_quorum_there_is_no_answer() {
        assert_eq!(median(&[], 1), None);
        assert_eq!(median(&[(5, 10)], 2), None);
        assert_eq!(quorum(1), 1);
        assert_eq!(quorum(2), 2);
        assert_eq!(quorum(3), 2);
        assert_eq!(quorum(4), 3);
    }

    proptest! {
        #[test]
        fn less_than_half_cannot_leave_the_range_of_the_others_nor_make_them_look_newer(
            honest in proptest::collection::vec((1..1_000u128, 0..100 as Seconds), 1..12),
            faulty in proptest::collection::vec((any::<u128>(), any::<Seconds>()), 0..12),
            silent in 0..12usize,
        ) {
            let faulty = &faulty[..faulty.len().min(honest.len() - 1)];
            let sources = honest.len() + faulty.len() + silent;
            let said: Vec<_> = honest.iter().chain(faulty).copied().collect();
            if let Some((price, at)) = median(&said, quorum(sources)) {
                let lowest = honest.iter().map(|one| one.0).min().expect("there is one");
                let highest = honest.iter().map(|one| one.0).max().expect("there is one");
                let newest = honest.iter().map(|one| one.1).max().expect("there is one");
                prop_assert!((lowest..=highest).contains(&price));
                prop_assert!(at <= newest);
            }
        }
    }
}
