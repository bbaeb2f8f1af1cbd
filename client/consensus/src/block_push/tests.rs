//! The whole protocol between a mock network and a mock chain.

use super::{
    mock::{BEST, Chain as Mock, NOW, child, header},
    *,
};
use futures::executor::LocalPool;
use futures::task::LocalSpawnExt;
use parking_lot::Mutex;
use proptest::prelude::*;
use sc_network::{
    MessageSink, ReputationChange, Roles, error::Error as NetworkError, service::traits::Direction,
};
use sp_runtime::OpaqueExtrinsic;
use std::collections::HashMap;

/// What was asked of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Deed {
    Admit(PeerId),
    Dismiss(PeerId),
    Report(PeerId, i32),
}

#[derive(Clone, Default)]
struct Deeds(Arc<Mutex<Vec<Deed>>>);

impl Peers for Deeds {
    fn role(&self, _: PeerId, handshake: Vec<u8>) -> Option<ObservedRole> {
        match handshake.first() {
            Some(1) => Some(ObservedRole::Full),
            Some(2) => Some(ObservedRole::Light),
            Some(4) => Some(ObservedRole::Authority),
            _ => None,
        }
    }

    fn admit(&self, peer: PeerId) {
        self.0.lock().push(Deed::Admit(peer));
    }

    fn dismiss(&self, peer: PeerId) {
        self.0.lock().push(Deed::Dismiss(peer));
    }

    fn report(&self, peer: PeerId, change: ReputationChange) {
        self.0.lock().push(Deed::Report(peer, change.value));
    }
}

type Sent = Arc<Mutex<Vec<(PeerId, Vec<u8>)>>>;

/// Streams whose events come from a channel. A peer that is stuck takes nothing until it is freed.
struct Streams {
    name: ProtocolName,
    events: async_channel::Receiver<NotificationEvent>,
    sent: Sent,
    stuck: HashMap<PeerId, async_channel::Receiver<()>>,
}

impl std::fmt::Debug for Streams {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}", self.name)
    }
}

struct Sink(PeerId, Sent, Option<async_channel::Receiver<()>>);

#[async_trait::async_trait]
impl MessageSink for Sink {
    fn send_sync_notification(&self, _: Vec<u8>) {
        panic!("it has a queue without a bound worth the name");
    }

    async fn send_async_notification(&self, message: Vec<u8>) -> Result<(), NetworkError> {
        if let Some(freed) = &self.2 {
            let _ = freed.recv().await;
        }
        self.1.lock().push((self.0, message));
        Ok(())
    }
}

#[async_trait::async_trait]
impl NotificationService for Streams {
    async fn open_substream(&mut self, _: PeerId) -> Result<(), ()> {
        Err(())
    }

    async fn close_substream(&mut self, _: PeerId) -> Result<(), ()> {
        Err(())
    }

    fn send_sync_notification(&mut self, _: &PeerId, _: Vec<u8>) {
        panic!("it has a queue without a bound worth the name");
    }

    async fn send_async_notification(
        &mut self,
        _: &PeerId,
        _: Vec<u8>,
    ) -> Result<(), NetworkError> {
        panic!("it would wait for one peer while the others go without");
    }

    async fn set_handshake(&mut self, _: Vec<u8>) -> Result<(), ()> {
        Err(())
    }

    fn try_set_handshake(&mut self, _: Vec<u8>) -> Result<(), ()> {
        Err(())
    }

    async fn next_event(&mut self) -> Option<NotificationEvent> {
        self.events.recv().await.ok()
    }

    fn clone(&mut self) -> Result<Box<dyn NotificationService>, ()> {
        Err(())
    }

    fn protocol(&self) -> &ProtocolName {
        &self.name
    }

    fn message_sink(&self, peer: &PeerId) -> Option<Box<dyn MessageSink>> {
        let stuck = self.stuck.get(peer).cloned();
        Some(Box::new(Sink(*peer, self.sent.clone(), stuck)))
    }
}

/// A courier at work, and all that it is connected with.
struct Post {
    pool: LocalPool,
    events: async_channel::Sender<NotificationEvent>,
    sync: async_channel::Sender<SyncEvent>,
    sealed: async_channel::Sender<Sealed>,
    verdicts: async_channel::Sender<Verdict>,
    jobs: async_channel::Receiver<Job>,
    in_flight: Arc<InFlight>,
    deeds: Deeds,
    sent: Sent,
}

impl Post {
    fn new(stuck: HashMap<PeerId, async_channel::Receiver<()>>) -> Self {
        let (events, to_handle) = async_channel::unbounded();
        let (sync, sync_events) = async_channel::unbounded();
        let (sealed, to_push) = async_channel::bounded(MAX_WAITING);
        let (verdicts, judged) = async_channel::unbounded();
        let (jobs, to_import) = async_channel::bounded(MAX_IN_FLIGHT);
        let (deeds, sent) = (Deeds::default(), Sent::default());
        let in_flight: Arc<InFlight> = Arc::default();
        let courier = Courier {
            peers: deeds.clone(),
            notifications: Box::new(Streams {
                name: "/blocks".into(),
                events: to_handle,
                sent: sent.clone(),
                stuck,
            }),
            sync_events: (Box::pin(sync_events) as Pin<Box<dyn Stream<Item = _> + Send>>).fuse(),
            to_push: to_push.fuse(),
            judged: judged.fuse(),
            jobs,
            gate: Gate::new(Mock::default(), in_flight.clone()),
            in_flight: in_flight.clone(),
            limit: Limit::default(),
            now: Arc::new(|| NOW.into()),
            admitted: HashSet::new(),
            open: HashSet::new(),
            busy: HashSet::new(),
            sending: FuturesUnordered::new(),
            metrics: Metrics::default(),
        };
        let pool = LocalPool::new();
        pool.spawner()
            .spawn_local(courier.run())
            .expect("the pool is there");
        Self {
            pool,
            events,
            sync,
            sealed,
            verdicts,
            jobs: to_import,
            in_flight,
            deeds,
            sent,
        }
    }

    fn event(&mut self, event: NotificationEvent) {
        self.events.try_send(event).expect("the courier listens");
        self.pool.run_until_stalled();
    }

    /// A peer with an open stream.
    fn connect(&mut self, handshake: u8) -> PeerId {
        let peer = PeerId::random();
        let connected = SyncEvent::PeerConnected {
            peer_id: peer,
            roles: Roles::FULL,
        };
        self.sync.try_send(connected).expect("the courier listens");
        self.pool.run_until_stalled();
        self.open(peer, handshake);
        peer
    }

    fn open(&mut self, peer: PeerId, handshake: u8) {
        self.event(NotificationEvent::NotificationStreamOpened {
            peer,
            direction: Direction::Inbound,
            handshake: vec![handshake],
            negotiated_fallback: None,
        });
    }

    fn receive(&mut self, peer: PeerId, notification: Vec<u8>) {
        self.event(NotificationEvent::NotificationReceived { peer, notification });
    }

    fn seal(&mut self, salt: u8) -> Vec<u8> {
        let header = child(salt, &[]);
        let message = message::encode(&header, &[]).expect("it is small");
        let block = Sealed {
            header,
            body: Vec::new(),
        };
        self.sealed.try_send(block).expect("the courier is quick");
        self.pool.run_until_stalled();
        message
    }

    fn deeds(&self) -> Vec<Deed> {
        self.deeds.0.lock().clone()
    }

    fn is_expelled(&self, peer: PeerId) -> bool {
        let deeds = self.deeds();
        deeds.contains(&Deed::Dismiss(peer)) && deeds.contains(&Deed::Report(peer, i32::MIN))
    }
}

fn pushed(salt: u8) -> Vec<u8> {
    message::encode(&child(salt, &[]), &[]).expect("it is small")
}

#[test]
fn streams_are_open_with_the_peers_of_block_sync_and_with_no_others() {
    let mut post = Post::new(HashMap::new());
    let peer = post.connect(4);
    assert_eq!(post.deeds(), [Deed::Admit(peer)]);
    let gone = SyncEvent::PeerDisconnected(peer);
    post.sync.try_send(gone).expect("the courier listens");
    post.pool.run_until_stalled();
    assert_eq!(post.deeds(), [Deed::Admit(peer), Deed::Dismiss(peer)]);
}

#[test]
fn an_own_block_goes_to_every_full_peer_once() {
    let mut post = Post::new(HashMap::new());
    let (author, observer) = (post.connect(4), post.connect(1));
    let _light = post.connect(2);
    let _nobody = post.connect(0);
    let gone = post.connect(4);
    post.event(NotificationEvent::NotificationStreamClosed { peer: gone });

    let message = post.seal(1);
    let sent: HashMap<_, _> = post.sent.lock().iter().cloned().collect();
    assert_eq!(
        sent,
        [(author, message.clone()), (observer, message)].into()
    );
    assert_eq!(post.sent.lock().len(), 2);
}

#[test]
fn a_peer_that_takes_nothing_is_left_out_and_holds_nobody_up() {
    let (free, freed) = async_channel::bounded(1);
    let stuck = PeerId::random();
    let mut post = Post::new([(stuck, freed)].into());
    let quick = post.connect(4);
    post.open(stuck, 4);
    let messages: Vec<_> = (0..5).map(|salt| post.seal(salt)).collect();
    let to = |post: &Post, peer| -> Vec<_> {
        let sent = post.sent.lock();
        let of_peer = sent.iter().filter(|(to, _)| *to == peer);
        of_peer.map(|(_, message)| message.clone()).collect()
    };
    assert_eq!(to(&post, quick), messages);
    assert!(to(&post, stuck).is_empty());

    free.try_send(()).expect("it waits");
    post.pool.run_until_stalled();
    assert_eq!(to(&post, stuck), messages[..1]);
    free.close();
    let next = post.seal(9);
    assert_eq!(to(&post, stuck), [messages[0].clone(), next]);
}

#[test]
fn a_block_too_large_for_a_message_is_not_pushed() {
    let mut post = Post::new(HashMap::new());
    let _peer = post.connect(4);
    let body = vec![OpaqueExtrinsic::from_blob(vec![
        0;
        message::MAX_MESSAGE_BYTES
    ])];
    let header = child(1, &body);
    post.sealed
        .try_send(Sealed { header, body })
        .expect("the courier is quick");
    post.pool.run_until_stalled();
    assert!(post.sent.lock().is_empty());
}

#[test]
fn a_pushed_block_is_imported_and_is_in_flight_until_then() {
    let mut post = Post::new(HashMap::new());
    let peer = post.connect(4);
    let body = vec![OpaqueExtrinsic::from_blob(vec![1, 2, 3])];
    let header = child(1, &body);
    let hash = header.hash();
    post.receive(peer, message::encode(&header, &body).expect("it is small"));
    let job = post.jobs.try_recv().expect("it is to be imported");
    assert_eq!(
        (job.peer, job.hash, &job.header, &job.body),
        (peer, hash, &header, &body)
    );
    assert!(post.in_flight.place(&hash).is_some());
    drop(job);
    assert!(post.in_flight.place(&hash).is_none());
    assert_eq!(post.deeds(), [Deed::Admit(peer)], "it costs nothing");
}

#[test]
fn a_peer_that_pushes_no_blocks_is_expelled_and_heard_no_more() {
    let body = vec![OpaqueExtrinsic::from_blob(vec![1, 2, 3])];
    let mut cut = pushed(1);
    cut.pop();
    let mut longer = pushed(1);
    longer.push(0);
    let other_body = message::encode(&child(1, &body), &[]).expect("it is small");
    let mut naked = header(BEST + 1, NOW, Mock::hash(BEST));
    naked.digest_mut().logs.clear();
    let naked = message::encode(&naked, &[]).expect("it is small");
    for garbage in [
        Vec::new(),
        vec![0; 10],
        vec![0xff; message::MAX_MESSAGE_BYTES + 1],
        cut,
        longer,
        other_body,
        naked,
    ] {
        let mut post = Post::new(HashMap::new());
        let (liar, honest) = (post.connect(4), post.connect(4));
        post.receive(liar, garbage);
        assert!(post.is_expelled(liar));
        post.receive(liar, pushed(1));
        assert!(post.jobs.is_empty(), "its good blocks come by block sync");
        post.receive(honest, pushed(1));
        assert_eq!(post.jobs.len(), 1, "others' blocks are imported");
        assert!(!post.is_expelled(honest));
    }
}

#[test]
fn a_header_with_a_wrong_body_does_not_keep_the_right_one_out() {
    let mut post = Post::new(HashMap::new());
    let (liar, author) = (post.connect(4), post.connect(4));
    let body = vec![OpaqueExtrinsic::from_blob(vec![1, 2, 3])];
    let header = child(1, &body);
    post.receive(liar, message::encode(&header, &[]).expect("it is small"));
    assert!(post.jobs.is_empty());
    post.receive(
        author,
        message::encode(&header, &body).expect("it is small"),
    );
    assert_eq!(post.jobs.len(), 1);
}

#[test]
fn a_flood_ends_with_its_sender_and_its_blocks_take_no_more_than_their_places() {
    let mut post = Post::new(HashMap::new());
    let (flood, honest) = (post.connect(4), post.connect(4));
    for salt in 0..200 {
        post.receive(flood, pushed(salt));
    }
    assert!(post.is_expelled(flood));
    let flying = post.jobs.len();
    assert!(flying <= 4, "{flying} of its blocks wait");
    post.receive(honest, pushed(250));
    assert_eq!(post.jobs.len(), flying + 1);
    assert!(!post.is_expelled(honest));
}

#[test]
fn old_early_and_repeated_blocks_cost_reputation_and_orphans_do_not() {
    let mut post = Post::new(HashMap::new());
    let push = |post: &mut Post, header| {
        let peer = post.connect(4);
        let message = message::encode(&header, &[]).expect("it is small");
        post.receive(peer, message);
        let reports: Vec<_> = post
            .deeds()
            .into_iter()
            .filter_map(|deed| match deed {
                Deed::Report(reported, value) if reported == peer => Some(value),
                _ => None,
            })
            .collect();
        reports
    };
    let old = header(mock::FINAL, NOW, Mock::hash(mock::FINAL - 1));
    assert_eq!(push(&mut post, old), [-(1 << 20)]);
    let early = header(BEST + 1, NOW + 9, Mock::hash(BEST));
    assert_eq!(push(&mut post, early), [-(1 << 26)]);
    let orphan = header(BEST + 1, NOW, Hash::repeat_byte(7));
    assert!(push(&mut post, orphan).is_empty());

    let (peer, block) = (post.connect(4), pushed(1));
    post.receive(peer, block.clone());
    post.receive(peer, block);
    assert_eq!(post.deeds().last(), Some(&Deed::Report(peer, -(1 << 20))));
    assert_eq!(post.jobs.len(), 1);
}

#[test]
fn a_verdict_falls_on_who_pushed_the_block_and_on_nobody_else() {
    let mut post = Post::new(HashMap::new());
    let (peer, _other) = (post.connect(4), post.connect(4));
    let hash = Hash::repeat_byte(1);
    for result in [Ok(()), Err(Refusal::NoParent), Err(Refusal::BadSeal)] {
        let verdict = Verdict { peer, hash, result };
        post.verdicts
            .try_send(verdict)
            .expect("the courier listens");
    }
    post.pool.run_until_stalled();
    let expected = [Deed::Dismiss(peer), Deed::Report(peer, i32::MIN)];
    assert_eq!(post.deeds()[2..], expected);
}

#[test]
fn it_ends_with_the_network() {
    let mut post = Post::new(HashMap::new());
    post.events.close();
    post.pool.run();
    assert!(post.sync.is_closed(), "nobody listens any more");
}

proptest! {
    #[test]
    fn whatever_a_peer_sends_the_courier_goes_on(messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..20)) {
        let mut post = Post::new(HashMap::new());
        let (liar, honest) = (post.connect(4), post.connect(4));
        for message in messages {
            post.receive(liar, message);
        }
        post.receive(honest, pushed(1));
        prop_assert_eq!(post.jobs.len(), 1);
        prop_assert!(!post.is_expelled(honest));
    }
}
