//! Block sync that goes on with a peer after a request failed.
//!
//! Two things that are nobody's fault stop the SDK's block sync, in networks whose nodes keep each other as
//! reserved peers:
//!
//! * **A request fails**: the peer was busy, it had shut this node out for a moment, the answer took too
//!   long. Block sync keeps the request as under way and leaves it to the engine to disconnect the peer,
//!   which would end it. But a reserved peer is not disconnected, and nothing is asked of it ever again.
//!   Here the request is repeated ([`PersistentDownloads`]), and where that does not help, the peer begins
//!   anew, as if it had just connected.
//! * **A peer has no more the block of a fork.** Between its announcement and the request another one became
//!   final, and it let go of what had lost. Block sync takes that for a lie, and after three of them the peer
//!   is banned: on slow links where authors skip each other, an honest one within seconds. Here a peer has some
//!   of these for nothing.

mod downloads;

pub use downloads::PersistentDownloads;

use crate::Block;
use futures::FutureExt;
use parking_lot::Mutex;
use plume_primitives::{BlockNumber, Hash};
use sc_consensus::{BlockImportError, BlockImportStatus};
use sc_network::{PeerId, types::ProtocolName};
use sc_network_common::sync::message::BlockAnnounce;
use sc_network_sync::{
    SyncStatus,
    service::network::NetworkServiceHandle,
    strategy::{StrategyKey, SyncingAction, SyncingStrategy},
    types::BadPeer,
};
use sp_blockchain::Error as ClientError;
use sp_runtime::traits::Block as BlockT;
use std::{
    any::Any,
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

/// After so long a peer whose request failed is asked again. Block sync looks at least this often.
const BEFORE_ANEW: Duration = Duration::from_secs(1);
/// Blocks that a peer may have announced and not have any more, at once. A validator all of whose blocks lose is
/// asked for each of them once or twice.
const MAX_FORGIVEN: u32 = 16;
/// After so long it may have one more.
const BETWEEN_FORGIVEN: Duration = Duration::from_millis(200);
/// The reasons that block sync gives for dropping a peer that sent no block, or not the one that it was asked
/// for, of which it takes none for an instance (`rep::NO_BLOCK` and `rep::NOT_REQUESTED` in sc-network-sync's
/// `chain_sync.rs`).
const NO_BLOCK: [&str; 2] = ["No requested block data", "Not requested block data"];
/// The reason for banning one that keeps disconnecting while it owes an answer (`REPUTATION_REPORT` in
/// `disconnected_peers.rs`); block sync cannot tell it from one that begins anew.
const DISCONNECTED: &str = "Peer disconnected with inflight after backoffs";

type Header = <Block as BlockT>::Header;
type Imported = (
    Result<BlockImportStatus<BlockNumber>, BlockImportError>,
    Hash,
);

/// What a peer may still announce and not have.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    left: u32,
    since: Instant,
}

impl Allowance {
    fn new(now: Instant) -> Self {
        Self {
            left: MAX_FORGIVEN,
            since: now,
        }
    }

    /// Takes one, if there is one.
    fn take(&mut self, now: Instant) -> bool {
        while self.left < MAX_FORGIVEN
            && now.saturating_duration_since(self.since) >= BETWEEN_FORGIVEN
        {
            self.left = self.left.saturating_add(1);
            self.since += BETWEEN_FORGIVEN;
        }
        if self.left == MAX_FORGIVEN {
            self.since = now;
        }
        let forgiven = self.left > 0;
        self.left = self.left.saturating_sub(1);
        forgiven
    }
}

/// A connected peer.
#[derive(Clone, Copy, Debug)]
struct Peer {
    best: (Hash, BlockNumber),
    allowance: Allowance,
}

/// When a peer begins anew.
type Failures = Arc<Mutex<HashMap<PeerId, Instant>>>;

/// A strategy that goes on with peers whose requests failed: see the [module](self).
pub struct SteadySync {
    inner: Box<dyn SyncingStrategy<Block>>,
    peers: HashMap<PeerId, Peer>,
    failures: Failures,
    /// Those that have just begun anew.
    begun: HashSet<PeerId>,
    before_anew: Duration,
}

impl SteadySync {
    /// Around the SDK's strategy.
    pub fn new(inner: Box<dyn SyncingStrategy<Block>>) -> Self {
        Self {
            inner,
            peers: HashMap::new(),
            failures: Failures::default(),
            begun: HashSet::new(),
            before_anew: BEFORE_ANEW,
        }
    }

    /// Lets the peers begin anew whose time it is.
    fn begin_anew(&mut self) {
        let now = Instant::now();
        let due: Vec<_> = {
            let mut failures = self.failures.lock();
            failures
                .extract_if(|_, at| *at <= now)
                .map(|(peer, _)| peer)
                .collect()
        };
        for id in due {
            let Some(peer) = self.peers.get(&id) else {
                continue;
            };
            let (hash, number) = peer.best;
            log::debug!(target: "sync", "A request to {id} failed, and it is still connected: it begins anew");
            self.inner.remove_peer(&id);
            self.inner.add_peer(id, hash, number);
            self.begun.insert(id);
        }
    }

    /// Whether a peer is not dropped after all.
    fn forgives(&mut self, bad: &BadPeer) -> bool {
        if bad.1.reason == DISCONNECTED {
            return self.begun.contains(&bad.0);
        }
        NO_BLOCK.contains(&bad.1.reason)
            && self
                .peers
                .get_mut(&bad.0)
                .is_some_and(|peer| peer.allowance.take(Instant::now()))
    }

    /// An action as the engine shall do it, if at all.
    fn steady(&mut self, action: SyncingAction<Block>) -> Option<SyncingAction<Block>> {
        match action {
            SyncingAction::StartRequest {
                peer_id,
                key,
                request,
            } => {
                let (failures, wait) = (self.failures.clone(), self.before_anew);
                let request = request
                    .inspect(move |result| {
                        if !matches!(result, Ok(Ok(_))) {
                            failures.lock().insert(peer_id, Instant::now() + wait);
                        }
                    })
                    .boxed();
                Some(SyncingAction::StartRequest {
                    peer_id,
                    key,
                    request,
                })
            }
            SyncingAction::DropPeer(bad) if self.forgives(&bad) => {
                log::debug!(target: "sync", "{} is forgiven: {}", bad.0, bad.1.reason);
                None
            }
            SyncingAction::DropPeer(bad) => {
                let anew = Instant::now() + self.before_anew;
                self.failures.lock().insert(bad.0, anew);
                Some(SyncingAction::DropPeer(bad))
            }
            other => Some(other),
        }
    }
}

impl SyncingStrategy<Block> for SteadySync {
    fn add_peer(&mut self, id: PeerId, hash: Hash, number: BlockNumber) {
        let peer = Peer {
            best: (hash, number),
            allowance: Allowance::new(Instant::now()),
        };
        self.peers.insert(id, peer);
        self.inner.add_peer(id, hash, number);
    }

    fn remove_peer(&mut self, id: &PeerId) {
        self.peers.remove(id);
        self.failures.lock().remove(id);
        self.inner.remove_peer(id);
    }

    fn on_validated_block_announce(
        &mut self,
        is_best: bool,
        id: PeerId,
        announce: &BlockAnnounce<Header>,
    ) -> Option<(Hash, BlockNumber)> {
        let best = self
            .inner
            .on_validated_block_announce(is_best, id, announce);
        if let (Some(best), Some(peer)) = (best, self.peers.get_mut(&id)) {
            peer.best = best;
        }
        best
    }

    fn set_sync_fork_request(&mut self, peers: Vec<PeerId>, hash: &Hash, number: BlockNumber) {
        self.inner.set_sync_fork_request(peers, hash, number);
    }

    fn request_justification(&mut self, hash: &Hash, number: BlockNumber) {
        self.inner.request_justification(hash, number);
    }

    fn clear_justification_requests(&mut self) {
        self.inner.clear_justification_requests();
    }

    fn on_justification_import(&mut self, hash: Hash, number: BlockNumber, success: bool) {
        self.inner.on_justification_import(hash, number, success);
    }

    fn on_generic_response(
        &mut self,
        id: &PeerId,
        key: StrategyKey,
        protocol: ProtocolName,
        response: Box<dyn Any + Send>,
    ) {
        self.inner.on_generic_response(id, key, protocol, response);
    }

    fn on_blocks_processed(&mut self, imported: usize, count: usize, results: Vec<Imported>) {
        self.inner.on_blocks_processed(imported, count, results);
    }

    fn on_block_finalized(&mut self, hash: &Hash, number: BlockNumber) {
        self.inner.on_block_finalized(hash, number);
    }

    fn update_chain_info(&mut self, hash: &Hash, number: BlockNumber) {
        self.inner.update_chain_info(hash, number);
    }

    fn is_major_syncing(&self) -> bool {
        self.inner.is_major_syncing()
    }

    fn num_peers(&self) -> usize {
        self.inner.num_peers()
    }

    fn status(&self) -> SyncStatus<Block> {
        self.inner.status()
    }

    fn num_downloaded_blocks(&self) -> usize {
        self.inner.num_downloaded_blocks()
    }

    fn num_sync_requests(&self) -> usize {
        self.inner.num_sync_requests()
    }

    fn actions(
        &mut self,
        network: &NetworkServiceHandle,
    ) -> Result<Vec<SyncingAction<Block>>, ClientError> {
        self.begin_anew();
        let actions = self.inner.actions(network)?;
        let actions = actions
            .into_iter()
            .filter_map(|action| self.steady(action))
            .collect();
        self.begun.clear();
        Ok(actions)
    }
}

#[cfg(test)]
mod tests;
