//! What the node answers, in plain types.

use codec::Encode;
use serde::{Deserialize, Serialize};
use subxt::config::Hasher;
use subxt::config::substrate::{BlakeTwo256, DigestItem, SubstrateHeader};
use subxt::utils::H256;

/// A block header with its digest.
pub type Header = SubstrateHeader<H256>;

/// Which block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BlockRef {
    /// Height; fits `u32` on Plume.
    pub number: u64,
    /// Hash of the header.
    pub hash: H256,
}

/// A header and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Height; fits `u32` on Plume.
    pub number: u64,
    /// BLAKE2b-256 of the encoded header, computed here: subscriptions do not send it.
    pub hash: H256,
    /// All of the header.
    pub header: Header,
}

impl Head {
    /// Number and hash.
    pub fn block(&self) -> BlockRef {
        BlockRef {
            number: self.number,
            hash: self.hash,
        }
    }

    /// The slot that the block was authored in, where Aura's pre-runtime digest names it.
    pub fn slot(&self) -> Option<u64> {
        self.header.digest.logs.iter().find_map(|item| match item {
            DigestItem::PreRuntime([b'a', b'u', b'r', b'a'], slot) => {
                slot.as_slice().try_into().ok().map(u64::from_le_bytes)
            }
            _ => None,
        })
    }
}

impl From<Header> for Head {
    fn from(header: Header) -> Self {
        Self {
            number: header.number,
            hash: BlakeTwo256.hash(&header.encode()),
            header,
        }
    }
}

/// A block with its extrinsics as bytes, each with its length prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The header.
    pub head: Head,
    /// The extrinsics in order; the first are the author's inherents.
    pub extrinsics: Vec<Vec<u8>>,
}

/// What `system_health` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all(deserialize = "camelCase"))]
pub struct Health {
    /// Connected peers.
    pub peers: u64,
    /// Whether the node is catching up.
    pub is_syncing: bool,
    /// Whether it ought to have peers; false on a development chain.
    pub should_have_peers: bool,
}

/// What `state_getRuntimeVersion` says, as far as clients care.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeVersions {
    /// Name of the runtime.
    pub spec_name: String,
    /// Version of the runtime.
    pub spec_version: u32,
    /// Version of the transaction format.
    pub transaction_version: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its only digest item is 06 (pre-runtime), "aura", 20 (eight bytes), slot 7 in little-endian.
    fn header() -> Header {
        serde_json::from_value(serde_json::json!({
            "parentHash": format!("0x{}", "11".repeat(32)),
            "number": "0x1a2b",
            "stateRoot": format!("0x{}", "22".repeat(32)),
            "extrinsicsRoot": format!("0x{}", "33".repeat(32)),
            "digest": { "logs": ["0x066175726120070000000000000000"] },
        }))
        .expect("a header as chain_getHeader writes it")
    }

    #[test]
    fn the_slot_is_read_from_auras_digest() {
        let mut header = header();
        assert_eq!(Head::from(header.clone()).slot(), Some(7));
        header.digest.logs = vec![DigestItem::PreRuntime(*b"BABE", vec![1])];
        assert_eq!(Head::from(header).slot(), None);
    }

    #[test]
    fn a_head_is_hashed_as_the_chain_hashes_it() {
        let mut header = header();
        header.digest.logs.clear();
        let mut encoded = vec![0x11; 32];
        encoded.extend(codec::Compact(0x1a2bu32).encode());
        encoded.extend([0x22; 32]);
        encoded.extend([0x33; 32]);
        encoded.push(0); // no digest items
        let head = Head::from(header);
        assert_eq!(head.number, 0x1a2b);
        assert_eq!(head.hash, BlakeTwo256.hash(&encoded));
    }

    #[test]
    fn health_is_read_as_the_node_writes_it() {
        let health: Health =
            serde_json::from_str(r#"{"peers":3,"isSyncing":false,"shouldHavePeers":true}"#)
                .expect("as written");
        assert_eq!(
            health,
            Health {
                peers: 3,
                is_syncing: false,
                should_have_peers: true
            }
        );
    }
}
