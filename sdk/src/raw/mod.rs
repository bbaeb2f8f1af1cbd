//! The node's JSON-RPC, as cheap as it gets: no metadata, no decoding, plain types.
//!
//! What a load generator or a monitor needs. [`Rpc`] is a handle on one WebSocket connection and is cheap
//! to clone; requests on it run concurrently. Everything here uses the legacy methods (`author_*`,
//! `chain_*`, `state_*`, `system_*`), which every Plume node serves.

mod denial;
mod rpc;
#[cfg(test)]
mod rpc_tests;
mod submit_error;
#[cfg(test)]
pub(crate) mod test_node;
mod types;
mod url;

pub use denial::reason as denial_reason;
pub use rpc::{Heads, Rpc};
pub use submit_error::SubmitError;
pub use types::{Block, BlockRef, Head, Header, Health, NodeVersions};
pub use url::Transport;

use subxt::config::Hasher;
use subxt::config::substrate::BlakeTwo256;
use subxt::utils::H256;

/// The hash by which the pool, the explorers and `plume tx status` know an extrinsic: BLAKE2b-256 of all of it.
pub fn extrinsic_hash(extrinsic: &[u8]) -> H256 {
    BlakeTwo256.hash(extrinsic)
}

/// Whether an extrinsic was sent by somebody, rather than put into the block by its author (timestamp).
pub fn is_signed(extrinsic: &[u8]) -> bool {
    let length_bytes = match extrinsic.first().map(|byte| byte & 0b11) {
        Some(0b00) => 1,
        Some(0b01) => 2,
        Some(0b10) => 4,
        _ => return false,
    };
    // Version 4: the highest bit says signed. Version 5: the two highest bits say bare, signed or general.
    extrinsic
        .get(length_bytes)
        .is_some_and(|version| version & 0b1100_0000 != 0)
}

/// `0x` and lower-case hex.
pub fn to_hex(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// Reads `0x` and an even number of hex digits.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    hex::decode(text.strip_prefix("0x")?).ok()
}

/// Reads a hash: 64 hex digits, with or without `0x`.
pub fn parse_hash(text: &str) -> Option<H256> {
    let mut hash = [0u8; 32];
    let text = text.trim();
    hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(text), &mut hash).ok()?;
    Some(H256(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_extrinsics_are_told_from_inherents() {
        assert!(
            is_signed(&[0x39, 0x02, 0x84, 0x00]),
            "two length bytes, version 4, signed"
        );
        assert!(
            !is_signed(&[0x28, 0x04, 0x01]),
            "one length byte, version 4, bare"
        );
        assert!(
            !is_signed(&[0x28, 0x05, 0x01]),
            "one length byte, version 5, bare"
        );
        assert!(
            is_signed(&[0x28, 0x45, 0x00]),
            "one length byte, version 5, general"
        );
        assert!(!is_signed(&[]));
        assert!(!is_signed(&[0x39]));
    }

    #[test]
    fn hashes_are_read_with_and_without_0x() {
        let digits = "ab".repeat(32);
        assert_eq!(parse_hash(&digits), Some(H256([0xab; 32])));
        assert_eq!(parse_hash(&format!(" 0x{digits} ")), Some(H256([0xab; 32])));
        assert_eq!(parse_hash("0xab"), None);
        assert_eq!(parse_hash(""), None);
    }
}
