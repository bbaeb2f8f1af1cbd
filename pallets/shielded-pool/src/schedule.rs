//! What counts from when on.
//!
//! A proof says a moment, and is judged by what counted at that moment: so nothing that changes while it is on
//! its way breaks it, and nothing can be proven against what will be.

use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use plume_primitives::Seconds;
use scale_info::TypeInfo;

/// The most entries that can still count, or will.
pub const MAX_ENTRIES: u32 = 32;

/// An entry could not be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScheduleError {
    /// It would count from a moment on that another entry has passed, or that is over.
    TooEarly,
    /// So many others can still be asked for that there is no room.
    Full,
}

/// Values, each with the second from which on it counts, in ascending order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Schedule<V>(BoundedVec<(Seconds, V), ConstU32<MAX_ENTRIES>>);

impl<V> Default for Schedule<V> {
    fn default() -> Self {
        Self(BoundedVec::new())
    }
}

impl<V> Schedule<V> {
    /// What counts at a moment.
    pub fn at(&self, moment: Seconds) -> Option<&V> {
        self.0
            .iter()
            .rev()
            .find(|(from, _)| *from <= moment)
            .map(|(_, value)| value)
    }

    /// The entries, in ascending order.
    pub fn entries(&self) -> &[(Seconds, V)] {
        &self.0
    }

    /// The last entry.
    pub fn last(&self) -> Option<&V> {
        self.0.last().map(|(_, value)| value)
    }

    /// Lets a value count from a moment on, in place of whatever was to count from then on.
    ///
    /// `oldest` is the earliest moment that a proof can still say: what was replaced before is dropped. Errors
    /// when an entry that has begun by `now` began later, or when there is no room.
    pub fn set(
        &mut self,
        from: Seconds,
        value: V,
        now: Seconds,
        oldest: Seconds,
    ) -> Result<(), ScheduleError> {
        // What is yet to come can be decided otherwise.
        let keep = self
            .0
            .iter()
            .filter(|(known, _)| *known < from || *known <= now)
            .count();
        let past = self.0.iter().take(keep).last().map(|(known, _)| *known);
        if past.is_some_and(|past| from < past) {
            return Err(ScheduleError::TooEarly);
        }
        self.0.truncate(keep);
        if self.0.last().is_some_and(|(known, _)| *known == from) {
            self.0.pop();
        }
        while let Some((second, _)) = self.0.get(1) {
            if *second > oldest {
                break;
            }
            self.0.remove(0);
        }
        self.0
            .try_push((from, value))
            .map_err(|_| ScheduleError::Full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(entries: &[(Seconds, char)]) -> Schedule<char> {
        let mut schedule = Schedule::default();
        for (from, value) in entries {
            schedule.set(*from, *value, 0, 0).expect("it fits");
        }
        schedule
    }

    #[test]
    fn the_last_entry_that_has_begun_counts() {
        let schedule = schedule(&[(10, 'a'), (20, 'b')]);
        assert_eq!(schedule.at(9), None);
        assert_eq!(schedule.at(10), Some(&'a'));
        assert_eq!(schedule.at(19), Some(&'a'));
        assert_eq!(schedule.at(20), Some(&'b'));
        assert_eq!(schedule.at(Seconds::MAX), Some(&'b'));
    }

    #[test]
    fn what_is_yet_to_come_can_be_decided_otherwise() {
        let mut schedule = schedule(&[(10, 'a'), (20, 'b'), (30, 'c')]);
        schedule.set(15, 'd', 12, 0).expect("b and c are to come");
        assert_eq!(schedule.entries(), [(10, 'a'), (15, 'd')]);
    }

    #[test]
    fn what_has_begun_stays() {
        let mut schedule = schedule(&[(10, 'a'), (20, 'b')]);
        assert_eq!(schedule.set(15, 'c', 25, 0), Err(ScheduleError::TooEarly));
        assert_eq!(schedule.entries(), [(10, 'a'), (20, 'b')]);
        schedule.set(20, 'c', 20, 0).expect("the same second again");
        assert_eq!(schedule.entries(), [(10, 'a'), (20, 'c')]);
    }

    #[test]
    fn only_what_no_proof_can_ask_for_is_dropped() {
        let mut schedule = schedule(&[(10, 'a'), (20, 'b'), (30, 'c')]);
        schedule.set(100, 'd', 90, 29).expect("it fits");
        assert_eq!(schedule.entries(), [(20, 'b'), (30, 'c'), (100, 'd')]);
    }

    #[test]
    fn a_full_schedule_refuses_and_loses_nothing() {
        let mut schedule = Schedule::default();
        for from in 0..MAX_ENTRIES {
            schedule.set(from + 1, from, 0, 0).expect("it fits");
        }
        let before = schedule.clone();
        assert_eq!(schedule.set(500, 0, 400, 0), Err(ScheduleError::Full));
        assert_eq!(schedule, before);
    }
}
