//! How often a peer may push, and what it has pushed already.

use plume_primitives::Hash;
use sc_network::PeerId;
use std::{
    collections::{HashMap, HashSet, VecDeque},
    time::{Duration, Instant},
};

/// A peer may push eight blocks a second for as long as it likes. One that seals every slot of the shortest
/// kind pushes five.
const MESSAGE: Duration = Duration::from_millis(125);
/// And sixteen at once: a link that stalled brings together what waited. An honest peer holds back at most nine.
const BURST: Duration = Duration::from_secs(2);
/// Sixteen more are dropped unread; after those the peer floods.
const PATIENCE: Duration = Duration::from_secs(2);
/// Peers remembered at most; who has been silent for four seconds is forgotten when it is full.
const MAX_PEERS: usize = 1_024;
/// Pushes remembered at most, over all peers: at a block a second from each of thirty, half a minute.
const MAX_PUSHES: usize = 1_024;

/// What the limit says to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// Read it.
    Read,
    /// Drop it unread.
    TooFast,
    /// Drop it, and its sender.
    Flood,
}

/// When each peer's messages would be paid for, at one every [`MESSAGE`].
#[derive(Default)]
pub(crate) struct Limit(HashMap<PeerId, Instant>);

impl Limit {
    /// Counts a message.
    pub fn count(&mut self, peer: PeerId, now: Instant) -> Word {
        if self.0.len() >= MAX_PEERS && !self.0.contains_key(&peer) {
            self.0.retain(|_, paid| *paid > now);
            if self.0.len() >= MAX_PEERS {
                return Word::TooFast;
            }
        }
        let paid = self.0.entry(peer).or_insert(now);
        let owes = (*paid).max(now) + MESSAGE;
        let ahead = owes.saturating_duration_since(now);
        if ahead > BURST + PATIENCE {
            return Word::Flood;
        }
        *paid = owes;
        if ahead > BURST {
            Word::TooFast
        } else {
            Word::Read
        }
    }
}

/// Who pushed what, the last [`MAX_PUSHES`] times.
#[derive(Default)]
pub(crate) struct Pushes {
    known: HashSet<(PeerId, Hash)>,
    order: VecDeque<(PeerId, Hash)>,
}

impl Pushes {
    /// Remembers a push. False if this peer has pushed this block before.
    pub fn is_first(&mut self, peer: PeerId, hash: Hash) -> bool {
        if !self.known.insert((peer, hash)) {
            return false;
        }
        self.order.push_back((peer, hash));
        if self.order.len() > MAX_PUSHES
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(limit: &mut Limit, peer: PeerId, now: Instant, count: usize) -> Vec<Word> {
        (0..count).map(|_| limit.count(peer, now)).collect()
    }

    #[test]
    fn a_burst_is_read_more_is_dropped_and_much_more_is_a_flood() {
        let (mut limit, peer, now) = (Limit::default(), PeerId::random(), Instant::now());
        assert_eq!(words(&mut limit, peer, now, 16), [Word::Read; 16]);
        assert_eq!(words(&mut limit, peer, now, 16), [Word::TooFast; 16]);
        assert_eq!(limit.count(peer, now), Word::Flood);
        assert_eq!(
            limit.count(PeerId::random(), now),
            Word::Read,
            "others are not to blame"
        );
    }

    #[test]
    fn eight_a_second_are_read_for_ever_and_ten_are_not() {
        let start = Instant::now();
        let mut limit = Limit::default();
        let (steady, hasty) = (PeerId::random(), PeerId::random());
        let at = |index: u64, gap_ms: u64| start + Duration::from_millis(index * gap_ms);
        assert!((0..10_000).all(|index| limit.count(steady, at(index, 125)) == Word::Read));
        assert!((0..10_000).any(|index| limit.count(hasty, at(index, 100)) == Word::Flood));
    }

    #[test]
    fn a_peer_that_waits_is_read_again() {
        let (mut limit, peer, now) = (Limit::default(), PeerId::random(), Instant::now());
        let _ = words(&mut limit, peer, now, 40);
        assert_eq!(
            limit.count(peer, now + Duration::from_millis(2_125)),
            Word::Read
        );
    }

    #[test]
    fn a_crowd_takes_no_more_than_its_share_of_memory() {
        let (mut limit, now) = (Limit::default(), Instant::now());
        for _ in 0..MAX_PEERS {
            assert_eq!(limit.count(PeerId::random(), now), Word::Read);
        }
        assert_eq!(limit.count(PeerId::random(), now), Word::TooFast);
        assert_eq!(limit.0.len(), MAX_PEERS);
        assert_eq!(limit.count(PeerId::random(), now + MESSAGE), Word::Read);
        assert_eq!(limit.0.len(), 1);

        let mut pushes = Pushes::default();
        for index in 0..5_000 {
            assert!(pushes.is_first(PeerId::random(), Hash::from_low_u64_be(index)));
        }
        assert_eq!(
            (pushes.known.len(), pushes.order.len()),
            (MAX_PUSHES, MAX_PUSHES)
        );
    }

    #[test]
    fn a_second_push_of_a_block_by_one_peer_is_told_from_another_peers_first() {
        let mut pushes = Pushes::default();
        let (one, other) = (PeerId::random(), PeerId::random());
        let hash = Hash::repeat_byte(1);
        assert!(pushes.is_first(one, hash));
        assert!(pushes.is_first(other, hash));
        assert!(!pushes.is_first(one, hash));
        assert!(pushes.is_first(one, Hash::repeat_byte(2)));
    }
}
