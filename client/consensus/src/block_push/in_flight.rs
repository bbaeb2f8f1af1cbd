//! Blocks that were pushed here and are not imported yet.

use super::message::Header;
use crate::Block;
use futures::{
    FutureExt,
    channel::oneshot,
    future::{Shared, select},
};
use futures_timer::Delay;
use parking_lot::Mutex;
use plume_primitives::{BlockNumber, Hash};
use sc_network::PeerId;
use sp_consensus::block_validation::{
    BlockAnnounceValidator, DefaultBlockAnnounceValidator, Validation,
};
use sp_consensus_slots::Slot;
use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};

/// Blocks in flight at most, 6 MiB each.
pub(crate) const MAX_IN_FLIGHT: usize = 16;
/// Blocks of one peer in flight at most, so that none takes all places.
const MAX_PER_PEER: usize = 4;
/// Announcements wait no longer than this for the block to land.
const MAX_WAIT: Duration = Duration::from_secs(1);
/// And so much longer than that or than the landing: block sync hears of an import a moment later, and would
/// fetch a block that is announced in between.
const GRACE: Duration = Duration::from_millis(10);

/// Where a block is in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Height.
    pub number: BlockNumber,
    /// When it was sealed.
    pub slot: Slot,
}

/// Resolves when a block has been imported or refused.
type Landing = Shared<oneshot::Receiver<()>>;

struct Passenger {
    place: Place,
    peer: PeerId,
    landing: Landing,
}

/// What is in flight, by hash.
#[derive(Default)]
pub(crate) struct InFlight(Mutex<HashMap<Hash, Passenger>>);

impl InFlight {
    /// The place of a block, if it is in flight.
    pub fn place(&self, hash: &Hash) -> Option<Place> {
        self.0.lock().get(hash).map(|passenger| passenger.place)
    }

    fn landing(&self, hash: &Hash) -> Option<Landing> {
        self.0
            .lock()
            .get(hash)
            .map(|passenger| passenger.landing.clone())
    }

    /// Takes a block up until the flight is dropped. None if there is no room, for all or for this peer, or
    /// if the block is in flight already.
    pub fn take_up(self: &Arc<Self>, hash: Hash, place: Place, peer: PeerId) -> Option<Flight> {
        let mut flying = self.0.lock();
        let of_peer = flying.values().filter(|other| other.peer == peer).count();
        if flying.len() >= MAX_IN_FLIGHT || of_peer >= MAX_PER_PEER || flying.contains_key(&hash) {
            return None;
        }
        let (lands, landing) = oneshot::channel();
        flying.insert(
            hash,
            Passenger {
                place,
                peer,
                landing: landing.shared(),
            },
        );
        Some(Flight {
            hash,
            all: self.clone(),
            _lands: lands,
        })
    }
}

/// A block in flight; it lands when this is dropped.
pub(crate) struct Flight {
    hash: Hash,
    all: Arc<InFlight>,
    _lands: oneshot::Sender<()>,
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.all.0.lock().remove(&self.hash);
    }
}

/// Keeps announcements of a block that was pushed back until it is imported, so that block sync does not
/// fetch it a second time. Everything else passes at once.
pub(crate) struct AfterPushes(pub(crate) Arc<InFlight>);

impl BlockAnnounceValidator<Block> for AfterPushes {
    fn validate(
        &mut self,
        header: &Header,
        data: &[u8],
    ) -> Pin<Box<dyn Future<Output = Result<Validation, Box<dyn std::error::Error + Send>>> + Send>>
    {
        let verdict = BlockAnnounceValidator::<Block>::validate(
            &mut DefaultBlockAnnounceValidator,
            header,
            data,
        );
        match self.0.landing(&header.hash()) {
            None => verdict,
            Some(landing) => async move {
                select(landing, Delay::new(MAX_WAIT)).await;
                Delay::new(GRACE).await;
                verdict.await
            }
            .boxed(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use sp_runtime::traits::Header as _;

    const PLACE: Place = Place {
        number: 7,
        slot: Slot::from_timestamp(
            sp_timestamp::Timestamp::new(1_000),
            sp_consensus_slots::SlotDuration::from_millis(250),
        ),
    };

    type Verdict = Result<Validation, Box<dyn std::error::Error + Send>>;

    fn passes(verdict: Option<Verdict>) -> bool {
        matches!(
            verdict,
            Some(Ok(Validation::Success { is_new_best: false }))
        )
    }

    fn header(salt: u8) -> Header {
        Header::new(
            7,
            Hash::repeat_byte(salt),
            Hash::zero(),
            Hash::zero(),
            Default::default(),
        )
    }

    #[test]
    fn places_are_bounded_for_all_and_for_each_peer_and_become_free() {
        let all = Arc::new(InFlight::default());
        let take = |index, peer| all.take_up(Hash::from_low_u64_be(index), PLACE, peer);
        let greedy = PeerId::random();
        let mut flights: Vec<_> = (0..4).filter_map(|index| take(index, greedy)).collect();
        assert_eq!(flights.len(), MAX_PER_PEER);
        assert!(take(4, greedy).is_none());
        assert!(take(0, PeerId::random()).is_none(), "it is on its way");
        flights.extend((4..100).filter_map(|index| take(index, PeerId::random())));
        assert_eq!(flights.len(), MAX_IN_FLIGHT);
        assert!(take(100, PeerId::random()).is_none());

        flights.remove(0);
        assert_eq!(all.place(&Hash::from_low_u64_be(0)), None);
        assert_eq!(all.place(&Hash::from_low_u64_be(1)), Some(PLACE));
        assert!(take(100, greedy).is_some());
        drop(flights);
        assert!(all.0.lock().is_empty());
    }

    #[test]
    fn an_announcement_of_a_block_in_flight_waits_until_it_has_landed() {
        let all = Arc::new(InFlight::default());
        let mut validator = AfterPushes(all.clone());
        let flight = all.take_up(header(1).hash(), PLACE, PeerId::random());

        assert!(passes(validator.validate(&header(2), &[]).now_or_never()));
        let mut waiting = validator.validate(&header(1), &[]);
        assert!((&mut waiting).now_or_never().is_none());
        let landed = std::time::Instant::now();
        drop(flight);
        assert!(passes(Some(block_on(waiting))));
        assert!((GRACE..MAX_WAIT).contains(&landed.elapsed()));
        assert!(passes(validator.validate(&header(1), &[]).now_or_never()));
    }

    #[test]
    fn a_block_that_does_not_land_holds_its_announcements_up_for_a_second() {
        let all = Arc::new(InFlight::default());
        let _flight = all.take_up(header(1).hash(), PLACE, PeerId::random());
        let start = std::time::Instant::now();
        let verdict = block_on(AfterPushes(all).validate(&header(1), &[]));
        assert!(verdict.is_ok());
        assert!((MAX_WAIT..MAX_WAIT * 3).contains(&start.elapsed()));
    }

    #[test]
    fn an_announcement_with_unknown_data_fails_as_it_does_without_pushes() {
        let mut validator = AfterPushes(Arc::default());
        let verdict = validator.validate(&header(1), &[1]).now_or_never();
        let verdict = verdict.expect("it does not wait").expect("nothing fails");
        assert_eq!(verdict, Validation::Failure { disconnect: true });
    }
}
