//! What is remembered of a party: one storage item of fixed size, so that a transfer reads two and writes two.

use crate::{
    peers::{Peers, Tag},
    window::{Bucket, Ring, Span, Window},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_primitives::{
    Seconds,
    compliance::{RefValue, SubjectId},
};
use scale_info::TypeInfo;

/// Seconds of silence after which a party counts as having slept at all.
pub const LEAST_SLEEP_SECONDS: Seconds = 30 * 86_400;
/// Seconds in which exposure halves.
pub const HALF_LIFE_SECONDS: Seconds = 7 * 86_400;

/// Who is screened as one: all accounts of a subject, or an account whose subject is not known.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Party<AccountId> {
    /// A subject, whichever account it uses.
    Subject(SubjectId),
    /// An account.
    Account(AccountId),
}

/// What a party has sent, or received.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Traffic {
    hour: Ring,
    day: Ring,
    month: Ring,
    /// To whom, or from whom.
    pub peers: Peers,
}

impl Traffic {
    /// What happened within a span.
    pub fn total(&self, span: Span, now: Seconds) -> Bucket {
        let ring = match span.window {
            Window::Hour => &self.hour,
            Window::Day => &self.day,
            Window::Month => &self.month,
        };
        ring.total(span.window, span.buckets, now)
    }

    fn record(&mut self, peer: Tag, flow: Bucket, dust_below: RefValue, now: Seconds) {
        self.hour.record(Window::Hour, now, flow);
        self.day.record(Window::Day, now, flow);
        self.month.record(Window::Month, now, flow);
        self.peers.meet(peer, flow.sum, dust_below, now);
    }
}

/// Value that came from flagged subjects. Each hop passes on half, so that after n hops 2⁻ⁿ is left, and each
/// week since the first block halves it: it ends by itself, and however long the path, it is one number.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Exposure {
    value: RefValue,
    week: u32,
}

impl Exposure {
    fn week(now: Seconds) -> u32 {
        now.checked_div(HALF_LIFE_SECONDS).unwrap_or_default()
    }

    /// What is left of it.
    pub fn value(&self, now: Seconds) -> RefValue {
        let weeks = Self::week(now).saturating_sub(self.week);
        self.value.checked_shr(weeks).unwrap_or(0)
    }

    /// Takes in half of what a payment carries.
    pub fn take_in(&mut self, carried: RefValue, now: Seconds) {
        self.value = self.value(now).saturating_add(carried >> 1);
        self.week = Self::week(now).max(self.week);
    }

    /// Gives away what a payment carries: what is tainted goes first, and goes once.
    pub fn give_away(&mut self, carried: RefValue, now: Seconds) {
        self.value = self.value(now).saturating_sub(carried);
        self.week = Self::week(now).max(self.week);
    }
}

/// What screeners have posted about a party.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Marks {
    /// A sanctions list names it.
    pub sanctioned: bool,
    /// What it pays is to be followed.
    pub flagged: bool,
}

/// What is remembered of a party.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Activity {
    /// What screeners have posted about it, kept here because every screening reads this anyway.
    pub marks: Marks,
    /// When it was first seen to send or receive.
    pub first_seen: Option<Seconds>,
    /// When it last sent.
    pub last_sent: Option<Seconds>,
    /// When it last awoke, and how long it had slept. Dust that wakes it does not hide the sleep: the large
    /// sum after it is looked at as well.
    pub awoke: Option<Awakening>,
    /// The largest value that it ever sent at once.
    pub largest_sent: RefValue,
    /// What it has of flagged origin.
    pub exposure: Exposure,
    /// What it has sent.
    pub sent: Traffic,
    /// What it has received.
    pub received: Traffic,
}

/// The end of a silence of at least [`LEAST_SLEEP_SECONDS`].
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
)]
pub struct Awakening {
    /// When.
    pub at: Seconds,
    /// For how long it had not sent anything.
    pub slept: Seconds,
}

impl Activity {
    /// The silence that ends if it sends now, or ended when it last did after one.
    pub fn awakening(&self, now: Seconds) -> Option<Awakening> {
        let last = self.last_sent.or(self.first_seen)?;
        let slept = now.saturating_sub(last);
        if slept >= LEAST_SLEEP_SECONDS {
            return Some(Awakening { at: now, slept });
        }
        self.awoke
    }

    /// Value of flagged origin that a payment of `value` takes along: what is tainted goes first.
    pub fn carried(&self, value: RefValue, flagged: bool, now: Seconds) -> RefValue {
        if flagged {
            value
        } else {
            value.min(self.exposure.value(now))
        }
    }

    /// Remembers that it has sent, and what of it was [carried](Self::carried). With less than `dust_below` in a day
    /// the recipient is dust.
    pub fn send(
        &mut self,
        to: Tag,
        flow: Bucket,
        carried: RefValue,
        dust_below: RefValue,
        now: Seconds,
    ) {
        self.exposure.give_away(carried, now);
        self.awoke = self.awakening(now);
        self.first_seen.get_or_insert(now);
        self.last_sent = Some(now);
        self.largest_sent = self.largest_sent.max(flow.sum);
        self.sent.record(to, flow, dust_below, now);
    }

    /// Remembers that it has received. With less than `dust_below` in a day the sender is dust.
    pub fn receive(
        &mut self,
        from: Tag,
        flow: Bucket,
        carried: RefValue,
        dust_below: RefValue,
        now: Seconds,
    ) {
        self.first_seen.get_or_insert(now);
        self.exposure.take_in(carried, now);
        self.received.record(from, flow, dust_below, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_hop_passes_on_half_and_a_week_halves() {
        let mut first = Exposure::default();
        first.take_in(800, 0);
        assert_eq!(first.value(0), 400);
        assert_eq!(first.value(HALF_LIFE_SECONDS - 1), 400);
        assert_eq!(first.value(HALF_LIFE_SECONDS), 200);
        assert_eq!(first.value(HALF_LIFE_SECONDS * 200), 0);
    }

    proptest! {
        #[test]
        fn exposure_decays_however_often_it_is_touched(
            first in 0..u64::MAX,
            touches in prop::collection::vec(0..HALF_LIFE_SECONDS, 0..50),
        ) {
            let mut touched = Exposure::default();
            touched.take_in(first, 0);
            let mut left = touched;
            let mut now = 0;
            for wait in touches {
                now += wait;
                touched.take_in(1, now); // dust carries less than one unit on
                prop_assert_eq!(touched.value(now), left.value(now));
            }
            left.take_in(0, now);
            prop_assert_eq!(touched, left);
        }

        #[test]
        fn what_is_given_away_carries_no_more_than_was_taken_in(
            taken in prop::collection::vec(any::<u32>(), 1..10),
            payments in prop::collection::vec(any::<u32>(), 0..40),
        ) {
            let flow = |sum| Bucket { count: 1, just_under: 0, sum };
            let mut activity = Activity::default();
            for carried in &taken {
                activity.receive(1, flow((*carried).into()), (*carried).into(), 0, 0);
            }
            let tainted = activity.exposure.value(0);
            let mut carried_on = 0;
            for payment in payments {
                let carried = activity.carried(payment.into(), false, 0);
                activity.send(2, flow(payment.into()), carried, 0, 0);
                carried_on += carried;
            }
            prop_assert_eq!(carried_on + activity.exposure.value(0), tainted);
        }

        #[test]
        fn exposure_never_exceeds_what_was_taken_in(carried in prop::collection::vec(any::<u64>(), 0..20)) {
            let mut exposure = Exposure::default();
            let sum: u128 = carried.iter().map(|value| u128::from(*value)).sum();
            for value in carried {
                exposure.take_in(value, 0);
            }
            prop_assert!(u128::from(exposure.value(0)) <= (sum / 2).min(u64::MAX.into()));
        }
    }

    #[test]
    fn dust_does_not_hide_that_a_party_slept() {
        let mut activity = Activity::default();
        let dust = Bucket {
            count: 1,
            just_under: 0,
            sum: 1,
        };
        activity.send(1, dust, 0, 0, 100);
        assert_eq!(activity.awakening(100 + LEAST_SLEEP_SECONDS - 1), None);
        let at = 100 + LEAST_SLEEP_SECONDS;
        let awoke = Some(Awakening {
            at,
            slept: LEAST_SLEEP_SECONDS,
        });
        assert_eq!(activity.awakening(at), awoke);
        activity.send(1, dust, 0, 0, at);
        assert_eq!(activity.awakening(at + 60), awoke);
    }

    #[test]
    fn what_is_remembered_of_a_party_has_a_fixed_size() {
        let empty = Activity::default();
        let mut busy = Activity::default();
        for n in 1..100u32 {
            let flow = Bucket {
                count: 1,
                just_under: 1,
                sum: u64::MAX,
            };
            busy.send(n.into(), flow, 0, 0, n * 10_000);
            busy.receive(n.into(), flow, 1, 0, n * 10_000);
        }
        // The options of the moments are all that differs.
        assert_eq!(empty.encoded_size(), 1_945);
        assert_eq!(busy.encoded_size(), 1_945 + 4 + 4);
        assert_eq!(Activity::max_encoded_len(), 1_945 + 4 + 4 + 8);
    }
}
