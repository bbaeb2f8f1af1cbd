use super::*;
use futures::{channel::oneshot, executor::block_on, future};
use sc_network::{ReputationChange, request_responses::RequestFailure};
use sc_network_sync::{SyncState, service::network::NetworkServiceProvider};

const KEY: StrategyKey = StrategyKey::new("test");
const BEST: (Hash, BlockNumber) = (Hash::repeat_byte(7), 7);

/// What the inner strategy was told, and what it wants done next.
#[derive(Default)]
struct Inner {
    told: Vec<String>,
    wants: Vec<SyncingAction<Block>>,
}

#[derive(Clone, Default)]
struct Strategy(Arc<Mutex<Inner>>);

impl SyncingStrategy<Block> for Strategy {
    fn add_peer(&mut self, _: PeerId, hash: Hash, number: BlockNumber) {
        self.0
            .lock()
            .told
            .push(format!("add {number} {}", hash.as_bytes()[0]));
    }

    fn remove_peer(&mut self, _: &PeerId) {
        self.0.lock().told.push("remove".into());
    }

    fn on_validated_block_announce(
        &mut self,
        is_best: bool,
        _: PeerId,
        _: &BlockAnnounce<Header>,
    ) -> Option<(Hash, BlockNumber)> {
        is_best.then_some((Hash::repeat_byte(9), 9))
    }

    fn set_sync_fork_request(&mut self, _: Vec<PeerId>, _: &Hash, _: BlockNumber) {}
    fn request_justification(&mut self, _: &Hash, _: BlockNumber) {}
    fn clear_justification_requests(&mut self) {}
    fn on_justification_import(&mut self, _: Hash, _: BlockNumber, _: bool) {}
    fn on_generic_response(
        &mut self,
        _: &PeerId,
        _: StrategyKey,
        _: ProtocolName,
        _: Box<dyn Any + Send>,
    ) {
    }
    fn on_blocks_processed(&mut self, _: usize, _: usize, _: Vec<Imported>) {}
    fn on_block_finalized(&mut self, _: &Hash, _: BlockNumber) {}
    fn update_chain_info(&mut self, _: &Hash, _: BlockNumber) {}
    fn is_major_syncing(&self) -> bool {
        false
    }
    fn num_peers(&self) -> usize {
        1
    }
    fn status(&self) -> SyncStatus<Block> {
        SyncStatus {
            state: SyncState::Idle,
            best_seen_block: None,
            num_peers: 1,
            queued_blocks: 0,
            state_sync: None,
            warp_sync: None,
        }
    }
    fn num_downloaded_blocks(&self) -> usize {
        0
    }
    fn num_sync_requests(&self) -> usize {
        0
    }
    fn actions(
        &mut self,
        _: &NetworkServiceHandle,
    ) -> Result<Vec<SyncingAction<Block>>, ClientError> {
        Ok(std::mem::take(&mut self.0.lock().wants))
    }
}

struct Setup {
    strategy: Strategy,
    sync: SteadySync,
    network: NetworkServiceProvider,
    peer: PeerId,
}

/// A strategy with one peer, whose requests may be repeated at once.
fn connected() -> Setup {
    let strategy = Strategy::default();
    let mut sync = SteadySync::new(Box::new(strategy.clone()));
    sync.before_anew = Duration::ZERO;
    let peer = PeerId::random();
    sync.add_peer(peer, BEST.0, BEST.1);
    strategy.0.lock().told.clear();
    Setup {
        strategy,
        sync,
        network: NetworkServiceProvider::new(),
        peer,
    }
}

impl Setup {
    fn actions(&mut self) -> Vec<SyncingAction<Block>> {
        self.sync
            .actions(&self.network.handle())
            .expect("the mock has no errors")
    }

    fn wants(&self, action: SyncingAction<Block>) {
        self.strategy.0.lock().wants.push(action);
    }

    fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.strategy.0.lock().told)
    }

    /// Lets the strategy ask, and the answer arrive. Whether there was one.
    fn ask(
        &mut self,
        answer: Result<Result<&'static str, RequestFailure>, oneshot::Canceled>,
    ) -> bool {
        let answer = answer.map(|answer| {
            answer.map(|text| {
                (
                    Box::new(text) as Box<dyn Any + Send>,
                    ProtocolName::from("/sync"),
                )
            })
        });
        self.wants(SyncingAction::StartRequest {
            peer_id: self.peer,
            key: KEY,
            request: future::ready(answer).boxed(),
        });
        let Some(SyncingAction::StartRequest { request, .. }) = self.actions().pop() else {
            panic!("it is passed on");
        };
        matches!(block_on(request), Ok(Ok(_)))
    }

    /// Lets the strategy drop the peer. Whether the engine hears of it.
    fn drop_for(&mut self, reason: &'static str) -> bool {
        let change = ReputationChange::new(-1, reason);
        self.wants(SyncingAction::DropPeer(BadPeer(self.peer, change)));
        !self.actions().is_empty()
    }
}

#[test]
fn after_a_failed_request_a_connected_peer_begins_anew_with_its_best_block() {
    for failure in [Ok(Err(RequestFailure::Refused)), Err(oneshot::Canceled)] {
        let mut setup = connected();
        assert!(!setup.ask(failure));
        assert!(setup.told().is_empty(), "the engine comes first");
        setup.actions();
        assert_eq!(setup.told(), ["remove", "add 7 7"]);
        setup.actions();
        assert!(setup.told().is_empty(), "once is enough");
    }
}

#[test]
fn a_peer_begins_anew_with_what_it_announced_last() {
    let mut setup = connected();
    let announce = BlockAnnounce {
        header: Header {
            parent_hash: Hash::zero(),
            number: 9,
            state_root: Hash::zero(),
            extrinsics_root: Hash::zero(),
            digest: Default::default(),
        },
        state: None,
        data: None,
    };
    for is_best in [true, false] {
        let peer = setup.peer;
        let best = setup
            .sync
            .on_validated_block_announce(is_best, peer, &announce);
        assert_eq!(best.is_some(), is_best);
    }
    setup.ask(Ok(Err(RequestFailure::Refused)));
    setup.actions();
    assert_eq!(setup.told(), ["remove", "add 9 9"]);
}

#[test]
fn an_answered_request_changes_nothing() {
    let mut setup = connected();
    assert!(setup.ask(Ok(Ok("a block"))), "the answer is passed on");
    setup.actions();
    assert!(setup.told().is_empty());
}

#[test]
fn a_peer_that_has_gone_meanwhile_does_not_begin_anew() {
    let mut setup = connected();
    setup.ask(Ok(Err(RequestFailure::NotConnected)));
    setup.sync.remove_peer(&setup.peer);
    setup.actions();
    assert_eq!(setup.told(), ["remove"]);
}

#[test]
fn a_failed_request_is_not_repeated_at_once() {
    let mut setup = connected();
    setup.sync.before_anew = BEFORE_ANEW;
    setup.ask(Ok(Err(RequestFailure::Refused)));
    setup.actions();
    assert!(setup.told().is_empty());
}

#[test]
fn some_missing_blocks_are_forgiven_and_not_a_stream_of_them() {
    for reason in NO_BLOCK {
        let mut setup = connected();
        let heard: Vec<_> = (0..=MAX_FORGIVEN).map(|_| setup.drop_for(reason)).collect();
        let (last, before) = heard.split_last().expect("there are some");
        assert!(before.iter().all(|heard| !heard));
        assert!(last);
    }
}

#[test]
fn every_other_reason_drops_a_peer_and_if_it_stays_connected_it_begins_anew() {
    let mut setup = connected();
    assert!(setup.drop_for("Invalid justification"));
    setup.actions();
    assert_eq!(setup.told(), ["remove", "add 7 7"]);
}

#[test]
fn a_peer_that_begins_anew_is_not_banned_for_having_disconnected() {
    let mut setup = connected();
    setup.ask(Ok(Err(RequestFailure::Refused)));
    assert!(!setup.drop_for(DISCONNECTED), "it only began anew");
    assert!(setup.drop_for(DISCONNECTED), "now it did disconnect");
}

#[test]
fn what_was_forgiven_comes_back_one_by_one() {
    let start = Instant::now();
    let mut allowance = Allowance::new(start);
    let taken = |allowance: &mut Allowance, at| {
        (0..2 * MAX_FORGIVEN).filter(|_| allowance.take(at)).count() as u32
    };
    assert_eq!(taken(&mut allowance, start), MAX_FORGIVEN);
    assert_eq!(taken(&mut allowance, start + BETWEEN_FORGIVEN / 2), 0);
    assert_eq!(taken(&mut allowance, start + BETWEEN_FORGIVEN * 3), 3);
    let long_after = start + BETWEEN_FORGIVEN * 1_000;
    assert_eq!(taken(&mut allowance, long_after), MAX_FORGIVEN);
}
