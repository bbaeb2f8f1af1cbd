//! With whom blocks are exchanged.

use sc_network::{
    Multiaddr, ObservedRole, PeerId, ProtocolName, ReputationChange, multiaddr::Protocol,
    service::traits::NetworkService,
};
use std::{iter, sync::Arc};

/// What pushing asks of the network.
pub(crate) trait Peers: Send + Sync {
    /// What a peer's handshake says it is; none if it says nothing.
    fn role(&self, peer: PeerId, handshake: Vec<u8>) -> Option<ObservedRole>;
    /// Opens a stream to a peer, and lets it open one.
    fn admit(&self, peer: PeerId);
    /// Closes the stream, and keeps it closed.
    fn dismiss(&self, peer: PeerId);
    /// Changes a peer's reputation, for all protocols.
    fn report(&self, peer: PeerId, change: ReputationChange);
}

/// The peers of one protocol.
pub(crate) struct OnNetwork {
    /// The network.
    pub network: Arc<dyn NetworkService>,
    /// The protocol, which has streams with reserved peers only.
    pub protocol: ProtocolName,
}

impl Peers for OnNetwork {
    fn role(&self, peer: PeerId, handshake: Vec<u8>) -> Option<ObservedRole> {
        self.network.peer_role(peer, handshake)
    }

    fn admit(&self, peer: PeerId) {
        let address: Multiaddr = iter::once(Protocol::P2p(peer.into())).collect();
        let added = self
            .network
            .add_peers_to_reserved_set(self.protocol.clone(), iter::once(address).collect());
        if let Err(error) = added {
            log::warn!(target: super::LOG_TARGET, "Blocks are not pushed to {peer}: {error}");
        }
    }

    fn dismiss(&self, peer: PeerId) {
        let removed = self
            .network
            .remove_peers_from_reserved_set(self.protocol.clone(), vec![peer]);
        if let Err(error) = removed {
            log::warn!(target: super::LOG_TARGET, "The stream with {peer} stays open: {error}");
        }
    }

    fn report(&self, peer: PeerId, change: ReputationChange) {
        self.network.report_peer(peer, change);
    }
}
