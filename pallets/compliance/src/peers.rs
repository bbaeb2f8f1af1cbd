//! With whom a party dealt: the last [`PEERS`] distinct counterparties, and when last with each.
//!
//! The set is exact, and no sketch is needed, because whoever leaves it is the one longest not met. If that
//! one was met within a window, so were all the others, and the count for that window is [`PEERS`]; if it was
//! not, it did not count. So for every window the set answers min(distinct counterparties, [`PEERS`]) exactly,
//! however many dust payments somebody sends to flush it. A policy asks for no more than [`PEERS`].

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_primitives::Seconds;
use scale_info::TypeInfo;

/// Counterparties that are remembered.
pub const PEERS: u8 = 24;

/// What stands for a counterparty: 64 bits of a cryptographic hash. Whoever makes 2³⁴ accounts finds a dozen
/// pairs among them that are counted as one, which halves the count at best; subjects' ids are their issuers'.
/// Zero is an empty place.
pub type Tag = u64;

/// One counterparty.
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
struct Peer {
    tag: Tag,
    /// When it was last met.
    at: Seconds,
}

/// The counterparties that were met last, in no order.
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
pub struct Peers([Peer; PEERS as usize]);

impl Peers {
    /// Notes a meeting. `now` is never before an earlier one.
    pub fn meet(&mut self, tag: Tag, now: Seconds) {
        let known = self.0.iter().position(|peer| peer.tag == tag);
        let place = match known {
            Some(known) => self.0.get_mut(known),
            // An empty place is older than any other.
            None => self
                .0
                .iter_mut()
                .min_by_key(|peer| (peer.tag != 0, peer.at)),
        };
        if let Some(place) = place {
            *place = Peer { tag, at: now };
        }
    }

    /// How many distinct counterparties were met within `span_seconds` before `now`; at most [`PEERS`].
    pub fn distinct(&self, now: Seconds, span_seconds: Seconds) -> u8 {
        self.distinct_but(0, now, span_seconds)
    }

    /// The same as if `tag` were met now.
    pub fn distinct_with(&self, tag: Tag, now: Seconds, span_seconds: Seconds) -> u8 {
        self.distinct_but(tag, now, span_seconds)
            .saturating_add(1)
            .min(PEERS)
    }

    fn distinct_but(&self, tag: Tag, now: Seconds, span_seconds: Seconds) -> u8 {
        let since = now.saturating_sub(span_seconds);
        self.0.iter().fold(0u8, |count, peer| {
            let counts = peer.tag != 0 && peer.tag != tag && peer.at >= since;
            count.saturating_add(counts.into())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn the_count_is_exact_up_to_the_size_of_the_set_in_every_window(
            meetings in prop::collection::vec((1..60u64, 0..50u32), 0..200),
            newcomer in 1..80u64,
            span in 0..2_000u32,
        ) {
            let mut peers = Peers::default();
            let mut all = Vec::new();
            let mut now = 0;
            for (tag, wait) in meetings {
                now += wait;
                peers.meet(tag, now);
                all.push((tag, now));
            }
            let mut met: BTreeSet<u64> = all
                .iter()
                .filter(|(_, at)| now - at <= span)
                .map(|(tag, _)| *tag)
                .collect();
            prop_assert_eq!(usize::from(peers.distinct(now, span)), met.len().min(PEERS.into()));
            met.insert(newcomer);
            prop_assert_eq!(
                usize::from(peers.distinct_with(newcomer, now, span)),
                met.len().min(PEERS.into())
            );
        }
    }

    #[test]
    fn a_flood_of_strangers_hides_nobody() {
        let mut peers = Peers::default();
        for tag in 1..=1_000 {
            peers.meet(tag, 5);
        }
        assert_eq!(peers.distinct(5, 1), PEERS);
    }
}
