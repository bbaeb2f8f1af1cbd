//! What is known of a pause.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_primitives::Seconds;
use scale_info::TypeInfo;

/// A pause of one call, and the rest after it. Times are seconds since the first block.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Pause<CallName> {
    /// The call, as whoever pauses calls names it.
    pub call: CallName,
    /// When the pause ends, or has ended.
    pub ends: Seconds,
    /// From when on the call may be paused again.
    pub rested: Seconds,
    /// Whether the call is paused; after `ends` the next block's beginning makes it false.
    pub on: bool,
}

impl<CallName> Pause<CallName> {
    /// A pause that begins at `now` and lasts for `duration`, with a rest of `rest` after it.
    pub fn new(call: CallName, now: Seconds, duration: Seconds, rest: Seconds) -> Self {
        let ends = now.saturating_add(duration);
        Self {
            call,
            ends,
            rested: ends.saturating_add(rest),
            on: true,
        }
    }

    /// The same, ended at `now`: the rest begins where the pause ended.
    pub fn ended(self, now: Seconds) -> Self {
        let early = self.ends.saturating_sub(now);
        Self {
            ends: self.ends.saturating_sub(early),
            rested: self.rested.saturating_sub(early),
            on: false,
            ..self
        }
    }

    /// Whether it is time to let the call through again.
    pub fn is_over(&self, now: Seconds) -> bool {
        self.on && now >= self.ends
    }

    /// Whether the call has been open for long enough to be paused again.
    pub fn is_rested(&self, now: Seconds) -> bool {
        !self.on && now >= self.rested
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_rest_is_as_long_after_a_pause_that_was_lifted(
            now in 0..1_000_000u32, duration in 0..1_000_000u32, rest in 0..1_000_000u32, after in 0..1_000_000u32,
        ) {
            let pause = Pause::new((), now, duration, rest);
            prop_assert_eq!(pause.rested - pause.ends, rest);
            let at = now + after;
            let ended = pause.clone().ended(at);
            prop_assert_eq!(ended.rested - ended.ends, rest);
            prop_assert_eq!(ended.ends, at.min(pause.ends));
            prop_assert!(!ended.is_over(u32::MAX));
        }

        #[test]
        fn a_call_that_is_paused_is_never_rested(
            now in 0..1_000_000u32, duration in 0..1_000_000u32, rest in 0..1_000_000u32, at: u32,
        ) {
            let pause = Pause::new((), now, duration, rest);
            prop_assert!(!pause.is_rested(at));
            prop_assert_eq!(pause.is_over(at), at >= now + duration);
        }
    }
}
