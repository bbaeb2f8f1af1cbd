//! How far this machine's clock is off, from what peers say, and when that is worth an alarm.
//!
//! Times are microseconds. Those on this machine's monotonic clock count from any fixed moment; those
//! on a time of day count from the Unix epoch.

use sc_network::PeerId;
use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

/// Exchanges kept of each peer.
const KEPT: usize = 6;
/// An exchange says nothing any more after this.
const MAX_AGE_US: i64 = 35_000_000;
/// Rounds in a row that must agree before the alarm is raised: one alone may have met a busy machine.
const ROUNDS_TO_ALARM: u32 = 2;
/// While the clock is off, say it this often.
const BETWEEN_WARNINGS: Duration = Duration::from_secs(30);

/// One question and its answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exchange {
    /// The peer's time of day less this machine's monotonic clock, half-way between question and answer.
    peer_less_mono_us: i64,
    round_trip_us: i64,
    /// On the monotonic clock.
    at_us: i64,
}

impl Exchange {
    /// Of a question asked and answered at these moments of the monotonic clock. None if the peer's time
    /// cannot be one.
    pub fn new(asked_us: i64, answered_us: i64, peer_us: i64) -> Option<Self> {
        let round_trip_us = answered_us.checked_sub(asked_us)?;
        let middle_us = asked_us.checked_add(round_trip_us / 2)?;
        (round_trip_us >= 0 && peer_us > 0).then(|| Self {
            peer_less_mono_us: peer_us.saturating_sub(middle_us),
            round_trip_us,
            at_us: answered_us,
        })
    }

    /// How far a time of day that is so far from the monotonic clock is off from the peer's, at the least.
    ///
    /// The peer looked at its clock somewhere between question and answer, not half-way: a stream that is
    /// opened for the question crosses the network once or three times before it does.
    fn proven_offset_us(&self, wall_less_mono_us: i64) -> i64 {
        let half_way = wall_less_mono_us.saturating_sub(self.peer_less_mono_us);
        let doubt = self.round_trip_us / 2;
        half_way.saturating_sub(half_way.clamp(-doubt, doubt))
    }
}

/// This machine's clock against its peers'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset {
    /// The least that the exchanges prove; positive when it is ahead of the peers' median.
    pub us: i64,
    /// Peers that the median is of.
    pub peers: usize,
}

/// The last exchanges with every peer.
#[derive(Default)]
pub(super) struct Exchanges(HashMap<PeerId, VecDeque<Exchange>>);

impl Exchanges {
    /// Keeps an exchange, and lets go of the peer's oldest.
    pub fn add(&mut self, peer: PeerId, exchange: Exchange) {
        let of_peer = self.0.entry(peer).or_default();
        if of_peer.len() >= KEPT {
            of_peer.pop_front();
        }
        of_peer.push_back(exchange);
    }

    /// The offset now, when the time of day is so far from the monotonic clock's `now_us`; none without
    /// any recent exchange. Forgets old exchanges.
    pub fn offset(&mut self, wall_less_mono_us: i64, now_us: i64) -> Option<Offset> {
        self.0.retain(|_, of_peer| {
            of_peer.retain(|exchange| now_us.saturating_sub(exchange.at_us) <= MAX_AGE_US);
            !of_peer.is_empty()
        });
        let best = |of_peer: &VecDeque<Exchange>| {
            of_peer
                .iter()
                .min_by_key(|exchange| exchange.round_trip_us)
                .map(|exchange| exchange.proven_offset_us(wall_less_mono_us))
        };
        let mut offsets: Vec<i64> = self.0.values().filter_map(best).collect();
        median(&mut offsets).map(|us| Offset {
            us,
            peers: offsets.len(),
        })
    }
}

/// The middle value, or the mean of the two in the middle: with fewer than half of the values wrong, it
/// lies among the right ones.
fn median(values: &mut [i64]) -> Option<i64> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get(values.len().saturating_sub(1) / 2)?;
    Some(((i128::from(lower) + i128::from(upper)) / 2) as i64)
}

/// What the operator should hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// The clock is off.
    Off(Offset),
    /// It was off, and is not any more.
    Back(Offset),
}

/// Whether the clock is off, and when that was last said.
pub(super) struct Alarm {
    tolerance_us: i64,
    rounds_off: u32,
    said: Option<Duration>,
    raised: bool,
}

impl Alarm {
    /// Raised beyond this offset, either way.
    pub fn new(tolerance: Duration) -> Self {
        Self {
            tolerance_us: super::micros(tolerance),
            rounds_off: 0,
            said: None,
            raised: false,
        }
    }

    /// Whether the clock is off.
    pub fn is_raised(&self) -> bool {
        self.raised
    }

    /// Judges a round, with so many peers connected, at this time since the start. Two peers have to
    /// have answered, unless only one is connected. Without enough answers all stays as it is.
    pub fn judge(
        &mut self,
        offset: Option<Offset>,
        connected: usize,
        now: Duration,
    ) -> Option<Word> {
        let offset = offset.filter(|offset| offset.peers >= connected.clamp(1, 2))?;
        if offset.us.saturating_abs() <= self.tolerance_us {
            self.rounds_off = 0;
            self.said = None;
            return std::mem::take(&mut self.raised).then_some(Word::Back(offset));
        }
        self.rounds_off = self.rounds_off.saturating_add(1);
        if self.rounds_off < ROUNDS_TO_ALARM {
            return None;
        }
        self.raised = true;
        let due = self
            .said
            .is_none_or(|said| now.saturating_sub(said) >= BETWEEN_WARNINGS);
        due.then(|| {
            self.said = Some(now);
            Word::Off(offset)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TOLERANCE: Duration = Duration::from_millis(50);
    const EPOCH_US: i64 = 1_700_000_000_000_000;

    /// An exchange with a peer whose clock is `ahead_us` of the true time, in which the way there and the
    /// way back took so long. The monotonic clock shows zero at `EPOCH_US`.
    fn exchange(at_us: i64, there_us: i64, back_us: i64, ahead_us: i64) -> Exchange {
        let peer_us = EPOCH_US + at_us + there_us + ahead_us;
        Exchange::new(at_us, at_us + there_us + back_us, peer_us).expect("it is a time")
    }

    /// The offset that these give to a machine whose own clock is `own_us` ahead.
    fn offset(all: &[Vec<Exchange>], own_us: i64, now_us: i64) -> Option<Offset> {
        let mut exchanges = Exchanges::default();
        for of_peer in all {
            let peer = PeerId::random();
            for exchange in of_peer {
                exchanges.add(peer, *exchange);
            }
        }
        exchanges.offset(EPOCH_US + own_us, now_us)
    }

    #[test]
    fn a_machine_that_is_ahead_learns_by_how_much() {
        let peers: Vec<_> = (0..3).map(|_| vec![exchange(0, 400, 400, 0)]).collect();
        let expected = |us| Some(Offset { us, peers: 3 });
        assert_eq!(offset(&peers, 100_000, 1_000), expected(99_600));
        assert_eq!(offset(&peers, -60_000, 1_000), expected(-59_600));
        assert_eq!(offset(&[], 100_000, 1_000), None);
    }

    #[test]
    fn an_uneven_way_proves_nothing_that_is_not_so() {
        // Three crossings of 110 ms before the peer looks at its clock, and one after.
        let peer = vec![exchange(0, 330_000, 110_000, 0)];
        let seen =
            |own_us| offset(std::slice::from_ref(&peer), own_us, 500_000).map(|offset| offset.us);
        assert_eq!(seen(0), Some(0));
        assert_eq!(seen(100_000), Some(0), "it may be the way");
        assert_eq!(seen(-200_000), Some(-90_000), "so much is sure");
        assert_eq!(seen(600_000), Some(270_000));
    }

    #[test]
    fn the_quickest_exchange_of_a_peer_counts_until_it_is_old() {
        let slow_now = exchange(30_000_000, 50_000, 50_000, 0);
        let of_peer = vec![exchange(0, 100, 100, 0), slow_now];
        let at =
            |now_us| offset(std::slice::from_ref(&of_peer), 80_000, now_us).map(|offset| offset.us);
        assert_eq!(at(30_200_000), Some(79_900));
        assert_eq!(at(36_000_000), Some(30_000));
        assert_eq!(at(70_000_000), None);
    }

    #[test]
    fn of_a_peer_only_the_last_exchanges_are_kept() {
        let mut exchanges = Exchanges::default();
        let peer = PeerId::random();
        for _ in 0..1_000 {
            exchanges.add(peer, exchange(0, 100, 100, 0));
        }
        assert_eq!(exchanges.0[&peer].len(), KEPT);
        exchanges.offset(EPOCH_US, MAX_AGE_US * 2);
        assert!(exchanges.0.is_empty(), "a peer that is gone is forgotten");
    }

    #[test]
    fn an_answer_that_no_clock_can_give_is_not_counted() {
        assert!(Exchange::new(5, 4, EPOCH_US).is_none());
        assert!(Exchange::new(4, 5, -1).is_none());
        assert!(
            Exchange::new(4, 5, i64::MAX).is_some(),
            "the median deals with it"
        );
    }

    proptest! {
        /// Of n peers, (n - 1) / 2 lie as they please.
        #[test]
        fn liars_move_the_median_no_further_than_the_honest_spread(
            honest in prop::collection::vec(-20_000i64..20_000, 1..20),
            lies in prop::collection::vec(any::<i64>(), 0..20),
        ) {
            let liars = lies.len().min(honest.len().saturating_sub(1));
            let mut values: Vec<i64> = honest.iter().chain(&lies[..liars]).copied().collect();
            let median = median(&mut values).expect("there are values");
            let (least, most) = (honest.iter().min(), honest.iter().max());
            prop_assert!(least <= Some(&median) && Some(&median) <= most);
        }

        #[test]
        fn an_exchange_never_proves_more_than_there_is(
            there in 0i64..1_000_000, back in 0i64..1_000_000, ahead in -1_000_000i64..1_000_000,
        ) {
            let seen = offset(&[vec![exchange(0, there, back, ahead)]], 0, 0).expect("one answered");
            let truth = -ahead;
            prop_assert!(seen.us == 0 || seen.us.signum() == truth.signum());
            prop_assert!(seen.us.abs() <= truth.abs() + 1, "rounding");
            prop_assert!((seen.us - truth).abs() <= there + back + 1);
        }
    }

    fn off(ms: i64, peers: usize) -> Option<Offset> {
        Some(Offset {
            us: ms * 1_000,
            peers,
        })
    }

    /// What is said in rounds five seconds apart.
    fn words(rounds: &[(i64, usize, usize)]) -> Vec<Option<Word>> {
        let mut alarm = Alarm::new(TOLERANCE);
        (0..)
            .zip(rounds)
            .map(|(round, (ms, peers, connected))| {
                alarm.judge(off(*ms, *peers), *connected, Duration::from_secs(5 * round))
            })
            .collect()
    }

    #[test]
    fn the_alarm_is_raised_in_the_second_round_repeated_after_30_s_and_taken_back_once() {
        let mut rounds = vec![(-80, 3, 3); 9];
        rounds.extend([(20, 3, 3), (10, 3, 3)]);
        let said: Vec<_> = words(&rounds)
            .into_iter()
            .enumerate()
            .filter_map(|(round, word)| Some((round, word?)))
            .collect();
        let warning = Word::Off(off(-80, 3).expect("given"));
        let end = Word::Back(off(20, 3).expect("given"));
        assert_eq!(said, [(1, warning), (7, warning), (9, end)]);
    }

    #[test]
    fn a_single_round_and_fifty_milliseconds_themselves_are_no_alarm() {
        assert_eq!(
            words(&[(80, 3, 3), (0, 3, 3), (80, 3, 3), (50, 3, 3)]),
            [None; 4]
        );
    }

    #[test]
    fn one_peers_word_is_enough_only_where_it_is_the_only_peer() {
        assert_eq!(words(&[(80, 1, 3), (80, 1, 3)]), [None; 2]);
        assert!(words(&[(80, 1, 1), (80, 1, 1)])[1].is_some());
        assert!(words(&[(80, 2, 3), (80, 2, 3)])[1].is_some());
    }
}
