//! Who sealed which part of a chain of four validators.

use crate::common::Failure;
use plume_localnet::Node;
use plume_sdk::Client;
use serde_json::json;

/// What the final chain says about a range of heights.
#[derive(Debug, Default)]
pub struct Share {
    /// From the slot after the first block's to the last block's.
    pub slots: u64,
    /// By validator.
    pub blocks: [u64; 4],
    /// Blocks on whose parent the validator was not in the rotation.
    pub out: [u64; 4],
}

impl Share {
    /// Slots without a block.
    pub fn lost(&self) -> u64 {
        self.slots - self.blocks.iter().sum::<u64>()
    }
}

/// The keys of the rotation after a block.
async fn rotation(node: &Node, at: &str) -> Result<Vec<String>, Failure> {
    let list: String = node
        .rpc("state_call", json!(["AuraApi_authorities", "0x", at]))
        .await?;
    // SCALE: the list's length, compact, then 32 bytes each.
    let keys = list.trim_start_matches("0x");
    let (_, keys) = keys.split_at(keys.len() % 64);
    let keys: Vec<char> = keys.chars().collect();
    Ok(keys.chunks(64).map(|key| key.iter().collect()).collect())
}

/// Who sealed the blocks after one height up to another.
pub async fn share(node: &Node, client: &Client, from: u64, to: u64) -> Result<Share, Failure> {
    let hash = async |height| -> Result<String, Failure> {
        Ok(node.block_hash(height).await?.expect("it is final"))
    };
    let slot = async |height| -> Result<u64, Failure> {
        let hash = client.raw().block_hash(height).await?;
        let header = client.raw().header(hash).await?.expect("it is final");
        Ok(header.slot().expect("every block has a slot"))
    };
    let validators = rotation(node, &hash(0).await?).await?;
    let mut share = Share {
        slots: slot(to).await? - slot(from).await?,
        ..Share::default()
    };
    for height in from + 1..=to {
        let rotation = rotation(node, &hash(height - 1).await?).await?;
        let author = &rotation[slot(height).await? as usize % rotation.len()];
        for (index, key) in validators.iter().enumerate() {
            share.blocks[index] += u64::from(key == author);
            share.out[index] += u64::from(!rotation.contains(key));
        }
    }
    Ok(share)
}
