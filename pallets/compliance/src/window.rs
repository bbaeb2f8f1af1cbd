//! Sliding windows of fixed size: how often and how much, over the last hour, day or month.
//!
//! A [`Ring`] has one slot more than a window has buckets: the present bucket is still filling, and without it a
//! window would forget too early. A flow is therefore remembered for at least the window, and for less than the
//! window and one bucket.

use crate::rows::{Row, Rows};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_primitives::{Seconds, compliance::RefValue};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Full buckets in each window.
pub const BUCKETS: u8 = 12;
/// Slots of a ring: the full buckets, and the one that is filling.
const SLOTS: usize = BUCKETS as usize + 1;

/// How far back a ring reaches.
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
pub enum Window {
    /// Twelve times five minutes.
    Hour,
    /// Twelve times two hours.
    Day,
    /// Twelve times two and a half days: thirty days.
    Month,
}

impl Window {
    /// Seconds in one bucket.
    pub const fn bucket_seconds(self) -> Seconds {
        match self {
            Self::Hour => 300,
            Self::Day => 7_200,
            Self::Month => 216_000,
        }
    }
}

/// The part of a window that a rule looks at.
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
pub struct Span {
    /// Which ring.
    pub window: Window,
    /// How many of its full buckets, 1 to [`BUCKETS`].
    pub buckets: u8,
}

impl Span {
    /// A whole hour, day or month.
    pub const fn whole(window: Window) -> Self {
        Self {
            window,
            buckets: BUCKETS,
        }
    }

    /// Seconds for which a flow is remembered at least.
    pub const fn seconds(self) -> Seconds {
        self.window
            .bucket_seconds()
            .saturating_mul(self.buckets as Seconds)
    }

    /// Whether the ring reaches that far.
    pub const fn is_valid(self) -> bool {
        self.buckets >= 1 && self.buckets <= BUCKETS
    }
}

/// What happened while a bucket was the present one. All fields saturate.
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
pub struct Bucket {
    /// Flows.
    pub count: u16,
    /// Flows just under the reporting threshold of their policy.
    pub just_under: u16,
    /// What the flows were worth together.
    pub sum: RefValue,
}

impl Bucket {
    /// Adds up.
    pub const fn add(self, other: Self) -> Self {
        Self {
            count: self.count.saturating_add(other.count),
            just_under: self.just_under.saturating_add(other.just_under),
            sum: self.sum.saturating_add(other.sum),
        }
    }
}

/// Bytes of an encoded bucket.
const BUCKET_BYTES: usize = 12;

impl Row<BUCKET_BYTES> for Bucket {
    fn to_bytes(self) -> [u8; BUCKET_BYTES] {
        let ([a, b], [c, d]) = (self.count.to_le_bytes(), self.just_under.to_le_bytes());
        let [e, f, g, h, i, j, k, l] = self.sum.to_le_bytes();
        [a, b, c, d, e, f, g, h, i, j, k, l]
    }

    fn from_bytes([a, b, c, d, sum @ ..]: [u8; BUCKET_BYTES]) -> Self {
        Self {
            count: u16::from_le_bytes([a, b]),
            just_under: u16::from_le_bytes([c, d]),
            sum: RefValue::from_le_bytes(sum),
        }
    }
}

/// The buckets of one window; slot `number % 13` has bucket `number`.
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
pub struct Ring {
    /// Number of the newest bucket: seconds since the first block over the bucket's length.
    newest: u32,
    slots: Rows<Bucket, BUCKET_BYTES, SLOTS>,
}

/// Where a bucket lies in its ring.
fn slot(number: u32) -> usize {
    number as usize % SLOTS
}

impl Ring {
    /// Adds a flow to the present bucket. `now` is never before an earlier one.
    pub fn record(&mut self, window: Window, now: Seconds, flow: Bucket) {
        let number = now
            .checked_div(window.bucket_seconds())
            .unwrap_or_default()
            .max(self.newest);
        let passed = number.saturating_sub(self.newest);
        // What is overwritten is older than the window; after a long silence that is every slot once.
        for step in 1..=passed.min(u32::from(BUCKETS).saturating_add(1)) {
            let old = slot(self.newest.saturating_add(step));
            self.slots.set(old, Bucket::default());
        }
        self.newest = number;
        let present = slot(number);
        if let Some(bucket) = self.slots.get(present) {
            self.slots.set(present, bucket.add(flow));
        }
    }

    /// What happened in the last `buckets` full buckets and in the present one.
    pub fn total(&self, window: Window, buckets: u8, now: Seconds) -> Bucket {
        let number = now
            .checked_div(window.bucket_seconds())
            .unwrap_or_default()
            .max(self.newest);
        let first_wanted = number.saturating_sub(buckets.min(BUCKETS).into());
        let first_kept = self.newest.saturating_sub(BUCKETS.into());
        (first_wanted.max(first_kept)..=self.newest)
            .filter_map(|number| self.slots.get(slot(number)))
            .fold(Bucket::default(), Bucket::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_window() -> impl Strategy<Value = Window> {
        prop_oneof![Just(Window::Hour), Just(Window::Day), Just(Window::Month)]
    }

    fn worth(sum: RefValue) -> Bucket {
        Bucket {
            count: 1,
            just_under: (sum % 2) as u16,
            sum,
        }
    }

    proptest! {
        /// A plain list of everything that happened is the model.
        #[test]
        fn a_window_never_forgets_inside_and_never_remembers_beyond_one_bucket_more(
            window in any_window(),
            buckets in 1..=BUCKETS,
            start in 0..10_000_000u32,
            steps in prop::collection::vec((0..30u32, 0..300u32, 0..1_000u64), 1..60),
            wait in 0..400u32,
        ) {
            let length = window.bucket_seconds();
            let mut ring = Ring::default();
            let mut all = Vec::new();
            let mut now = start;
            for (tenths, seconds, sum) in steps {
                now += tenths * length / 10 + seconds;
                ring.record(window, now, worth(sum));
                all.push((now, worth(sum)));
            }
            now += wait * length / 10;
            let span = Span { window, buckets };
            let since = |age: u32| {
                all.iter()
                    .filter(|(at, _)| now - at < age)
                    .fold(Bucket::default(), |sum, (_, flow)| sum.add(*flow))
            };
            let total = ring.total(window, buckets, now);
            let least = since(span.seconds() + 1); // an age of exactly the window is inside
            let most = since(span.seconds() + length);
            prop_assert!(least.count <= total.count && total.count <= most.count);
            prop_assert!(least.sum <= total.sum && total.sum <= most.sum);
            prop_assert!(least.just_under <= total.just_under && total.just_under <= most.just_under);
        }

        #[test]
        fn sums_saturate(amounts in prop::collection::vec(u64::MAX / 2..=u64::MAX, 2..5)) {
            let mut ring = Ring::default();
            let exact: u128 = amounts.iter().map(|amount| u128::from(*amount)).sum();
            for amount in amounts {
                ring.record(Window::Day, 7, worth(amount));
            }
            let total = ring.total(Window::Day, 1, 7).sum;
            prop_assert_eq!(u128::from(total), exact.min(u64::MAX.into()));
        }
    }

    #[test]
    fn counts_saturate() {
        let mut ring = Ring::default();
        for _ in 0..2 {
            let many = Bucket {
                count: u16::MAX - 1,
                just_under: u16::MAX - 1,
                sum: 1,
            };
            ring.record(Window::Hour, 1, many);
        }
        let total = ring.total(Window::Hour, 1, 1);
        assert_eq!((total.count, total.just_under), (u16::MAX, u16::MAX));
    }

    #[test]
    fn the_last_second_of_the_clock_is_a_second_like_others() {
        let mut ring = Ring::default();
        ring.record(Window::Hour, Seconds::MAX - 1, worth(5));
        ring.record(Window::Hour, Seconds::MAX, worth(6));
        assert_eq!(ring.total(Window::Hour, 12, Seconds::MAX).sum, 11);
    }

    #[test]
    fn a_month_has_thirty_days() {
        assert_eq!(Span::whole(Window::Month).seconds(), 30 * 86_400);
        assert_eq!(Span::whole(Window::Day).seconds(), 86_400);
        assert_eq!(Span::whole(Window::Hour).seconds(), 3_600);
    }
}
