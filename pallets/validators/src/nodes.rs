//! How the chain names network nodes.

/// A libp2p peer id as bytes: the multihash that its base58 text stands for.
///
/// For an ed25519 key that is the identity hash (`00`) of 36 bytes (`24`): the key's type in protobuf
/// (`08 01`), and its 32 bytes (`12 20`). Source: libp2p specifications, "Peer Ids and Keys".
pub type PeerId = [u8; 38];

const ED25519_PREFIX: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

/// Whether these bytes begin as the peer id of an ed25519 key does.
pub fn is_peer_id(peer_id: &PeerId) -> bool {
    peer_id.starts_with(&ED25519_PREFIX)
}
