//! Authors push their blocks to their peers.
//!
//! Block sync needs three crossings of a link for a block: its announcement, the request for it, the answer.
//! Over links of 150 ms that is 450 ms, nearly two slots of 250: the next author never has its predecessor's
//! block when its own slot begins, and every author builds a chain of its own. A pushed block crosses once.
//!
//! # Protocol
//!
//! `/<genesis>/plume/blocks/1`, a notification protocol. A message is one block, header and body, in at most
//! 6 MiB ([`message`]). The stream is opened with every peer of block sync, and closed with it.
//!
//! * **Who sends.** An author sends each block that it seals to all its peers, as it hands the block to its
//!   own import. It waits for nobody: a peer that has nine blocks yet to take is left out, and fetches this one.
//! * **Nobody relays.** Networks of institutions are full meshes, where a relay would send every block n times
//!   over every link. A node that is no peer of the author's hears of the block by announcement.
//! * **Announcements stay.** Whatever goes wrong with a push, the block is announced as it always was, and block
//!   sync fetches what it does not have. An announcement of a block that is being imported waits for the
//!   import ([`in_flight::AfterPushes`]), so that the block is not fetched as well.
//!
//! # What a receiver checks
//!
//! In the order of what it costs; each step is taken only if the one before succeeded.
//!
//! 1. How often the peer pushes: eight a second, sixteen at once ([`limit`]).
//! 2. The header alone: bounds, slot, height, parent ([`acceptance`]). A block whose parent is not here with
//!    its state is left to block sync.
//! 3. That the body is the one the header names. Nobody can have an author's block refused by sending its
//!    header with another body first.
//! 4. That the slot's author sealed it, and no more than two for the slot ([`importing`]).
//! 5. What every block goes through: Aura's verifier, the fork choice, execution.
//!
//! # What a faulty peer may do
//!
//! It may not push its own blocks, or push them late: they are announced, or its slot is missed. It may push
//! what is no good: that costs it reputation, or the stream at once ([`acceptance::Refusal::penalty`]), and nobody
//! else anything: no peer is blamed for another's block, and block sync does not hear of it ([`importing`]). An
//! author may make each peer execute two blocks for each of its slots; it can do that by announcing them, too,
//! and they prove that it sealed twice. It may push to some peers and not to others, as it may announce to some.
//!
//! A validator that is banned by reputation but reserved by `--permissioned` stays connected; its blocks then come by
//! block sync only, until it connects anew.

mod acceptance;
mod importing;
mod in_flight;
mod limit;
mod message;
mod metrics;
#[cfg(test)]
mod mock;
mod own;
mod peers;
#[cfg(test)]
mod tests;

pub(crate) use own::PushOwn;

use crate::{Block, PlumeClient};
use acceptance::{Chain, Gate, Penalty, Refusal};
use futures::{
    FutureExt, Stream, StreamExt,
    future::BoxFuture,
    stream::{Fuse, FuturesUnordered},
};
use importing::{Importer, Job, SlotNow, Verdict};
use in_flight::{AfterPushes, InFlight, MAX_IN_FLIGHT};
use limit::{Limit, Word};
use metrics::Metrics;
use own::{MAX_WAITING, Sealed};
use peers::{OnNetwork, Peers};
use plume_primitives::Hash;
use sc_consensus::{BlockImport, Verifier};
use sc_network::{
    NetworkBackend, NotificationService, ObservedRole, PeerId, ProtocolName,
    config::{FullNetworkConfiguration, NonReservedPeerMode, SetConfig},
    service::{
        NotificationMetrics,
        traits::{NetworkService, NotificationEvent, ValidationResult},
    },
};
use sc_network_sync::{SyncEvent, SyncEventStream, SyncingService};
use sc_service::SpawnTaskHandle;
use sp_consensus::block_validation::BlockAnnounceValidator;
use sp_consensus_slots::{Slot, SlotDuration};
use sp_runtime::traits::Header as HeaderT;
use sp_timestamp::Timestamp;
use std::{collections::HashSet, pin::Pin, sync::Arc, time::Instant};
use substrate_prometheus_endpoint::Registry;

const LOG_TARGET: &str = "block-push";

/// The protocol, on the network but not yet running.
pub(crate) struct Protocol {
    name: ProtocolName,
    notifications: Box<dyn NotificationService>,
    in_flight: Arc<InFlight>,
}

/// What the protocol runs on.
pub(crate) struct Node<'a, C, I, V> {
    /// The client.
    pub client: Arc<C>,
    /// Where others' blocks are imported.
    pub import: I,
    /// What verifies them.
    pub verifier: V,
    /// The network.
    pub network: Arc<dyn NetworkService>,
    /// Block synchronisation, whose peers are this protocol's.
    pub sync: Arc<SyncingService<Block>>,
    /// The network's slot.
    pub slot: SlotDuration,
    /// Where metrics are registered.
    pub registry: Option<&'a Registry>,
    /// Where tasks run.
    pub spawner: SpawnTaskHandle,
}

impl Protocol {
    /// Adds the protocol of this chain to the network.
    pub fn new<N: NetworkBackend<Block, Hash>>(
        genesis: &Hash,
        fork_id: Option<&str>,
        net_config: &mut FullNetworkConfiguration<Block, Hash, N>,
        metrics: NotificationMetrics,
    ) -> Self {
        let fork = fork_id.map_or_else(String::new, |fork| format!("/{fork}"));
        let name: ProtocolName = format!("/{genesis:x}{fork}/plume/blocks/1").into();
        let (config, notifications) = N::notification_config(
            name.clone(),
            Vec::new(),
            message::MAX_MESSAGE_BYTES as u64,
            None,
            SetConfig {
                in_peers: 0,
                out_peers: 0,
                reserved_nodes: Vec::new(),
                non_reserved_mode: NonReservedPeerMode::Deny,
            },
            metrics,
            net_config.peer_store_handle(),
        );
        net_config.add_notification_protocol(config);
        Self {
            name,
            notifications,
            in_flight: Arc::default(),
        }
    }

    /// What announcements of blocks have to pass.
    pub fn announcements(&self) -> Box<dyn BlockAnnounceValidator<Block> + Send> {
        Box::new(AfterPushes(self.in_flight.clone()))
    }

    /// Starts to take blocks, and to push those that are sent into the channel returned.
    pub fn start<C, I, V>(self, node: Node<'_, C, I, V>) -> async_channel::Sender<Sealed>
    where
        C: PlumeClient,
        I: BlockImport<Block, Error = sp_consensus::Error> + Send + Sync + 'static,
        V: Verifier<Block> + 'static,
    {
        let (sealed, to_push) = async_channel::bounded(MAX_WAITING);
        let (jobs, to_import) = async_channel::bounded(MAX_IN_FLIGHT);
        let (verdicts, judged) = async_channel::bounded(MAX_IN_FLIGHT);
        let slot = node.slot;
        let now: SlotNow = Arc::new(move || Slot::from_timestamp(Timestamp::current(), slot));
        let importer = Importer::new(
            node.client.clone(),
            node.import,
            node.verifier,
            Box::new(node.sync.clone()),
            now.clone(),
        );
        // Execution takes its time, and a thread.
        node.spawner.spawn_blocking(
            "pushed-block-import",
            Some("block-import"),
            importer.run(to_import, verdicts),
        );
        let courier = Courier {
            peers: OnNetwork {
                network: node.network,
                protocol: self.name,
            },
            notifications: self.notifications,
            sync_events: node.sync.event_stream("block-push").fuse(),
            to_push: to_push.fuse(),
            judged: judged.fuse(),
            jobs,
            gate: Gate::new(node.client, self.in_flight.clone()),
            in_flight: self.in_flight,
            limit: Limit::default(),
            now,
            admitted: HashSet::new(),
            open: HashSet::new(),
            busy: HashSet::new(),
            sending: FuturesUnordered::new(),
            metrics: Metrics::new(node.registry),
        };
        node.spawner
            .spawn("block-push", Some("networking"), courier.run());
        sealed
    }
}

/// Carries blocks between this node and its peers.
struct Courier<P, K> {
    peers: P,
    notifications: Box<dyn NotificationService>,
    sync_events: Fuse<Pin<Box<dyn Stream<Item = SyncEvent> + Send>>>,
    to_push: Fuse<async_channel::Receiver<Sealed>>,
    judged: Fuse<async_channel::Receiver<Verdict>>,
    jobs: async_channel::Sender<Job>,
    gate: Gate<K>,
    in_flight: Arc<InFlight>,
    limit: Limit,
    now: SlotNow,
    /// Peers that may have a stream.
    admitted: HashSet<PeerId>,
    /// Peers that have one, and want blocks.
    open: HashSet<PeerId>,
    /// Peers that have not taken the last block yet.
    busy: HashSet<PeerId>,
    sending: FuturesUnordered<BoxFuture<'static, PeerId>>,
    metrics: Metrics,
}

impl<P: Peers, K: Chain> Courier<P, K> {
    /// Runs for as long as the network does.
    async fn run(mut self) {
        loop {
            // The own block first: it is the one that cannot wait.
            futures::select_biased! {
                sealed = self.to_push.select_next_some() => self.push(&sealed),
                peer = self.sending.select_next_some() => {
                    self.busy.remove(&peer);
                }
                verdict = self.judged.select_next_some() => self.settle(verdict),
                event = self.sync_events.next() => match event {
                    Some(event) => self.on_sync_event(event),
                    None => return,
                },
                event = self.notifications.next_event().fuse() => match event {
                    Some(event) => self.on_notification(event),
                    None => return,
                },
            }
        }
    }

    fn push(&mut self, sealed: &Sealed) {
        let Some(message) = message::encode(&sealed.header, &sealed.body) else {
            log::debug!(target: LOG_TARGET, "Block #{} is too large to be pushed", sealed.header.number());
            self.metrics.pushed(0, self.open.len());
            return;
        };
        let free: Vec<_> = self.open.difference(&self.busy).copied().collect();
        self.metrics
            .pushed(free.len(), self.open.len().saturating_sub(free.len()));
        for peer in free {
            let Some(sink) = self.notifications.message_sink(&peer) else {
                continue;
            };
            // Waits for room in the peer's queue, which has eight places. The other way to send has thousands,
            // and closes the connection when they are full.
            let message = message.clone();
            self.busy.insert(peer);
            self.sending.push(
                async move {
                    if let Err(error) = sink.send_async_notification(message).await {
                        log::debug!(target: LOG_TARGET, "A block did not go to {peer}: {error}");
                    }
                    peer
                }
                .boxed(),
            );
        }
    }

    fn on_sync_event(&mut self, event: SyncEvent) {
        match event {
            SyncEvent::PeerConnected { peer_id, .. } => {
                if self.admitted.insert(peer_id) {
                    self.peers.admit(peer_id);
                }
            }
            SyncEvent::PeerDisconnected(peer) => self.dismiss(peer),
        }
    }

    fn dismiss(&mut self, peer: PeerId) {
        if self.admitted.remove(&peer) {
            self.peers.dismiss(peer);
        }
    }

    fn on_notification(&mut self, event: NotificationEvent) {
        match event {
            NotificationEvent::ValidateInboundSubstream {
                peer,
                handshake,
                result_tx,
            } => {
                let verdict = match self.peers.role(peer, handshake) {
                    Some(_) => ValidationResult::Accept,
                    None => ValidationResult::Reject,
                };
                let _ = result_tx.send(verdict);
            }
            NotificationEvent::NotificationStreamOpened {
                peer, handshake, ..
            } => {
                if matches!(
                    self.peers.role(peer, handshake),
                    Some(ObservedRole::Authority | ObservedRole::Full)
                ) {
                    self.open.insert(peer);
                }
            }
            NotificationEvent::NotificationStreamClosed { peer } => {
                self.open.remove(&peer);
            }
            NotificationEvent::NotificationReceived { peer, notification } => {
                self.metrics.received();
                if let Err(refusal) = self.receive(peer, &notification) {
                    self.refuse(peer, refusal);
                }
            }
        }
    }

    fn receive(&mut self, peer: PeerId, message: &[u8]) -> Result<(), Refusal> {
        if !self.admitted.contains(&peer) {
            return Err(Refusal::Stranger);
        }
        match self.limit.count(peer, Instant::now()) {
            Word::Read => {}
            Word::TooFast => return Err(Refusal::TooFast),
            Word::Flood => return Err(Refusal::Flood),
        }
        let (header, rest) = message::header(message).ok_or(Refusal::Garbage)?;
        let hash = header.hash();
        let place = self.gate.judge(peer, &header, hash, (self.now)())?;
        let body = message::body(rest).ok_or(Refusal::Garbage)?;
        if !message::belongs_to(&body, &header) {
            return Err(Refusal::WrongBody);
        }
        let flight = self
            .in_flight
            .take_up(hash, place, peer)
            .ok_or(Refusal::Busy)?;
        log::debug!(target: LOG_TARGET, "{peer} pushed block #{} ({hash:?})", place.number);
        let job = Job {
            peer,
            hash,
            header,
            body,
            flight,
        };
        self.jobs.try_send(job).map_err(|_| Refusal::Busy)
    }

    fn settle(&mut self, verdict: Verdict) {
        match verdict.result {
            Ok(()) => self.metrics.imported(),
            Err(refusal) => {
                log::debug!(target: LOG_TARGET, "Block {:?}: {}", verdict.hash, refusal.reason());
                self.refuse(verdict.peer, refusal);
            }
        }
    }

    fn refuse(&mut self, peer: PeerId, refusal: Refusal) {
        self.metrics.dropped(refusal);
        match refusal.penalty() {
            Penalty::None => {}
            Penalty::Reputation(change) => {
                log::debug!(target: LOG_TARGET, "{peer}: {}", change.reason);
                self.peers.report(peer, change);
            }
            Penalty::Expulsion(change) => {
                log::warn!(target: LOG_TARGET, "{peer} pushes no more: {}", change.reason);
                // Its reputation may not end the stream: nothing disconnects a reserved peer.
                self.dismiss(peer);
                self.peers.report(peer, change);
            }
        }
    }
}
