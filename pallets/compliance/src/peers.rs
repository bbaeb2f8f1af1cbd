//! With whom a party dealt: the last [`PEERS`] distinct counterparties that are more than dust, and when last with
//! each.
//!
//! A counterparty is more than dust as soon as dealings with it are worth what the policy says
//! ([`Policy::counterparty_from`](crate::Policy::counterparty_from)), in one flow or in parts with less than a day
//! between them. Where there is room, dust is remembered too, so that parts add up. Whoever asks with nothing as
//! the least counts dust as well, where it is remembered.
//!
//! The set is exact, and no sketch is needed. Whoever leaves it is dust or, when all places have more than that,
//! the one longest not met. If that one was met within a window, so were all the others, and the count for that
//! window is [`PEERS`]; if it was not, it did not count. So for every window the set answers
//! min(distinct counterparties that are more than dust, [`PEERS`]) exactly, however many dust payments somebody
//! sends to flush it. A policy asks for no more than [`PEERS`]. What dust can flush is dust: whoever pays in parts
//! is missed when more others than there are free places pay dust between two parts.

use crate::rows::{Row, Rows};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_primitives::{Seconds, compliance::RefValue};
use scale_info::TypeInfo;

/// Counterparties that are remembered.
pub const PEERS: u8 = 24;
/// Parts add up with less than this between them.
const DAY_SECONDS: Seconds = 86_400;
/// The longest window; who was not met within it leaves before others do.
const LONGEST_SECONDS: Seconds = 30 * DAY_SECONDS;

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
    /// When last it was more than dust; zero for never.
    at: Seconds,
    /// When it was last met.
    last: Seconds,
    /// What the parts are worth so far; saturates.
    worth: u32,
}

/// Bytes of an encoded counterparty.
const PEER_BYTES: usize = 20;

impl Row<PEER_BYTES> for Peer {
    fn to_bytes(self) -> [u8; PEER_BYTES] {
        let [a, b, c, d, e, f, g, h] = self.tag.to_le_bytes();
        let ([i, j, k, l], [m, n, o, p]) = (self.at.to_le_bytes(), self.last.to_le_bytes());
        let [q, r, s, t] = self.worth.to_le_bytes();
        [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t]
    }

    fn from_bytes(bytes: [u8; PEER_BYTES]) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, worth @ ..] = bytes;
        Self {
            tag: Tag::from_le_bytes([a, b, c, d, e, f, g, h]),
            at: Seconds::from_le_bytes([i, j, k, l]),
            last: Seconds::from_le_bytes([m, n, o, p]),
            worth: u32::from_le_bytes(worth),
        }
    }
}

impl Peer {
    /// It after a dealing.
    fn met(self, value: RefValue, dust_below: RefValue, now: Seconds) -> Self {
        let adds_up = now.saturating_sub(self.last) < DAY_SECONDS;
        let before = if adds_up { self.worth } else { 0 };
        let worth = before.saturating_add(u32::try_from(value).unwrap_or(u32::MAX));
        Self {
            tag: self.tag,
            at: if RefValue::from(worth) >= dust_below {
                now.max(1)
            } else {
                self.at
            },
            last: now,
            worth,
        }
    }

    /// Whether it was more than dust at that moment or later.
    const fn counts_since(&self, since: Seconds, dust_below: RefValue) -> bool {
        if dust_below == 0 {
            self.tag != 0 && self.last >= since
        } else {
            self.tag != 0 && self.at != 0 && self.at >= since
        }
    }

    /// When it was more than dust within the longest window; zero for never.
    const fn lately(&self, now: Seconds) -> Seconds {
        if now.saturating_sub(self.at) <= LONGEST_SECONDS {
            self.at
        } else {
            0
        }
    }
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
pub struct Peers(Rows<Peer, PEER_BYTES, { PEERS as usize }>);

impl Peers {
    /// Notes a dealing that is worth `value`. `now` is never before an earlier one.
    pub fn meet(&mut self, tag: Tag, value: RefValue, dust_below: RefValue, now: Seconds) {
        let peer = self.with(tag, value, dust_below, now);
        let all = self.0.iter().enumerate();
        let place = all.clone().find(|(_, known)| known.tag == tag);
        // An empty place first, then the dust longest not met, then whoever was longest not met as more.
        let place = place.or_else(|| {
            all.min_by_key(|(_, known)| (known.tag != 0, known.lately(now), known.last))
        });
        if let Some((place, known)) = place {
            let is_taken = known.tag != 0 && known.tag != tag && known.lately(now) != 0;
            // Dust takes no place from what is more.
            if peer.at != 0 || !is_taken {
                self.0.set(place, peer);
            }
        }
    }

    /// How many distinct counterparties were more than dust within `span_seconds` before `now`; at most [`PEERS`].
    pub fn distinct(&self, dust_below: RefValue, now: Seconds, span_seconds: Seconds) -> u8 {
        self.distinct_but(0, dust_below, now, span_seconds)
    }

    /// The same as if `tag` were met now.
    pub fn distinct_with(
        &self,
        tag: Tag,
        value: RefValue,
        dust_below: RefValue,
        now: Seconds,
        span_seconds: Seconds,
    ) -> u8 {
        let peer = self.with(tag, value, dust_below, now);
        let counts = peer.counts_since(now.saturating_sub(span_seconds), dust_below);
        self.distinct_but(tag, dust_below, now, span_seconds)
            .saturating_add(counts.into())
            .min(PEERS)
    }

    /// The counterparty as it would be after a dealing.
    fn with(&self, tag: Tag, value: RefValue, dust_below: RefValue, now: Seconds) -> Peer {
        let known = self.0.iter().find(|known| known.tag == tag);
        let stranger = Peer {
            tag,
            last: now,
            ..Peer::default()
        };
        known.unwrap_or(stranger).met(value, dust_below, now)
    }

    fn distinct_but(
        &self,
        tag: Tag,
        dust_below: RefValue,
        now: Seconds,
        span_seconds: Seconds,
    ) -> u8 {
        let since = now.saturating_sub(span_seconds);
        self.0.iter().fold(0u8, |count, peer| {
            let counts = peer.tag != tag && peer.counts_since(since, dust_below);
            count.saturating_add(counts.into())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// From what on a counterparty is more than dust.
    const LEAST: RefValue = 100;

    proptest! {
        #[test]
        fn the_count_is_exact_up_to_the_size_of_the_set_in_every_window(
            meetings in prop::collection::vec((1..60u64, 0..50u32, any::<bool>()), 0..200),
            newcomer in 1..80u64,
            span in 0..2_000u32,
        ) {
            let mut peers = Peers::default();
            let mut all = Vec::new();
            let mut now = 1;
            for (tag, wait, dust) in meetings {
                now += wait;
                // Parts are another test's; these never add up.
                peers.meet(tag, if dust { 0 } else { LEAST }, LEAST, now);
                if !dust {
                    all.push((tag, now));
                } else if all.iter().any(|(met, at)| *met == tag && now - at < DAY_SECONDS) {
                    // A remembered counterparty's day is worth enough already. Whether it is remembered the model
                    // does not know, so that it says so again.
                    peers.meet(tag, LEAST, LEAST, now);
                    all.push((tag, now));
                }
            }
            let mut met: BTreeSet<u64> = all
                .iter()
                .filter(|(_, at)| now - at <= span)
                .map(|(tag, _)| *tag)
                .collect();
            prop_assert_eq!(usize::from(peers.distinct(LEAST, now, span)), met.len().min(PEERS.into()));
            met.insert(newcomer);
            prop_assert_eq!(
                usize::from(peers.distinct_with(newcomer, LEAST, LEAST, now, span)),
                met.len().min(PEERS.into())
            );
        }

        #[test]
        fn what_would_be_counted_is_counted(
            meetings in prop::collection::vec((1..40u64, 0..40_000u32, 0..150u64), 1..150),
            least in 1..150u64,
            span in 0..300_000u32,
        ) {
            let mut peers = Peers::default();
            let mut now = 1;
            for (tag, wait, value) in meetings {
                now += wait;
                let would = peers.distinct_with(tag, value, least, now, span);
                let before = peers.distinct(least, now, span);
                peers.meet(tag, value, least, now);
                prop_assert_eq!(peers.distinct(least, now, span), would);
                prop_assert!(would == before || would == before + 1);
            }
        }
    }

    #[test]
    fn a_flood_of_strangers_hides_nobody() {
        let mut peers = Peers::default();
        for tag in 1..=1_000 {
            peers.meet(tag, LEAST, LEAST, 5);
        }
        assert_eq!(peers.distinct(LEAST, 5, 1), PEERS);
    }

    #[test]
    fn a_flood_of_dust_hides_nobody_and_is_nobody() {
        let mut peers = Peers::default();
        for tag in 1..=8 {
            peers.meet(tag, LEAST, LEAST, 5);
        }
        for tag in 1_000..2_000 {
            peers.meet(tag, LEAST - 1, LEAST, 6);
        }
        assert_eq!(peers.distinct(LEAST, 7, 5), 8);
        for tag in 9..=30 {
            peers.meet(tag, LEAST, LEAST, 7);
        }
        assert_eq!(peers.distinct(LEAST, 7, 5), PEERS);
    }

    #[test]
    fn parts_add_up_unless_a_day_is_between_them() {
        let mut peers = Peers::default();
        peers.meet(1, 60, LEAST, 100);
        assert_eq!(peers.distinct(LEAST, 100, 10), 0);
        assert_eq!(peers.distinct_with(1, 39, LEAST, 200, 10), 0);
        assert_eq!(peers.distinct_with(1, 40, LEAST, 200, 10), 1);
        assert_eq!(
            peers.distinct_with(1, 40, LEAST, 100 + DAY_SECONDS, 10),
            0,
            "a day is between them"
        );
    }

    #[test]
    fn whoever_asks_with_nothing_as_the_least_counts_dust() {
        let mut peers = Peers::default();
        for tag in 1..=30 {
            peers.meet(tag, 1, LEAST, tag as Seconds);
        }
        assert_eq!(peers.distinct(LEAST, 30, 30), 0);
        assert_eq!(peers.distinct(0, 30, 30), PEERS);
        assert_eq!(
            peers.distinct(0, 30, 4),
            5,
            "those longest not met have left"
        );
        assert_eq!(peers.distinct_with(99, 1, 0, 30, 4), 6);
    }

    #[test]
    fn dust_after_a_dealing_does_not_undo_it() {
        let mut peers = Peers::default();
        peers.meet(1, LEAST, LEAST, 100);
        let later = 100 + DAY_SECONDS + 1;
        peers.meet(1, 1, LEAST, later);
        assert_eq!(peers.distinct(LEAST, later, 2 * DAY_SECONDS), 1);
        assert_eq!(peers.distinct(LEAST, later, DAY_SECONDS), 0);
    }

    #[test]
    fn those_not_met_for_a_month_make_room_for_parts() {
        let mut peers = Peers::default();
        for tag in 1..=PEERS.into() {
            peers.meet(tag, LEAST, LEAST, 100);
        }
        peers.meet(99, LEAST / 2, LEAST, 200);
        peers.meet(99, LEAST / 2, LEAST, 201);
        assert_eq!(peers.distinct(LEAST, 201, 1), 0, "there was no room");
        let later = 300 + LONGEST_SECONDS;
        peers.meet(99, LEAST / 2, LEAST, later);
        peers.meet(99, LEAST / 2, LEAST, later + 1);
        assert_eq!(peers.distinct(LEAST, later + 1, 1), 1);
    }
}
