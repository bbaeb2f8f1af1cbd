//! Who seals next, as the chain says.

use anyhow::Context;
use plume_localnet::Node;
use serde_json::json;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Bytes of an author's key.
const KEY: usize = 32;

/// The authors of a network of our own, by the numbers of their nodes.
#[derive(Clone, Debug)]
pub struct Authors {
    /// Every validator's key; the genesis has them in the nodes' order.
    keys: Vec<Vec<u8>>,
    slot: Duration,
}

impl Authors {
    /// Reads the validators of the genesis, which are the nodes in their order.
    pub async fn read(node: &Node) -> anyhow::Result<Self> {
        let genesis = node.block_hash(0).await?.context("there is no genesis")?;
        let slot_ms = call(node, "AuraApi_slot_duration", Some(&genesis)).await?;
        let slot_ms: [u8; 8] = slot_ms
            .try_into()
            .ok()
            .context("a slot's length is eight bytes")?;
        Ok(Self {
            keys: keys(&call(node, "AuraApi_authorities", Some(&genesis)).await?),
            slot: Duration::from_millis(u64::from_le_bytes(slot_ms)),
        })
    }

    /// How long a slot is.
    pub fn slot(&self) -> Duration {
        self.slot
    }

    /// The numbers of the nodes in the rotation, in its order.
    pub async fn rotation(&self, node: &Node) -> anyhow::Result<Vec<usize>> {
        self.rotation_at(node, None).await
    }

    /// The number of the node that owns a slot after this block; none if it is none of ours.
    pub async fn author(
        &self,
        node: &Node,
        parent: &str,
        slot: u64,
    ) -> anyhow::Result<Option<usize>> {
        let keys = keys(&call(node, "AuraApi_authorities", Some(parent)).await?);
        let turn = usize::try_from(slot)?.checked_rem(keys.len());
        let key = turn.and_then(|turn| keys.get(turn));
        Ok(key.and_then(|key| self.keys.iter().position(|known| known == key)))
    }

    /// The rotation after this block, or after the best one.
    pub async fn rotation_at(&self, node: &Node, hash: Option<&str>) -> anyhow::Result<Vec<usize>> {
        let keys = keys(&call(node, "AuraApi_authorities", hash).await?);
        Ok(keys
            .iter()
            .filter_map(|key| self.keys.iter().position(|known| known == key))
            .collect())
    }

    /// The number of the node that seals the slot after this one, or a later one if that is `spared`.
    pub async fn next(&self, node: &Node, spared: usize) -> anyhow::Result<usize> {
        let rotation = self.rotation(node).await?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let slot = (now.as_millis() / self.slot.as_millis().max(1)) as usize;
        (1..=rotation.len())
            .filter_map(|ahead| rotation.get((slot + ahead) % rotation.len()))
            .copied()
            .find(|number| *number != spared)
            .context("nobody else seals")
    }
}

async fn call(node: &Node, method: &str, at: Option<&str>) -> anyhow::Result<Vec<u8>> {
    let answer: String = node.rpc("state_call", json!([method, "0x", at])).await?;
    Ok(hex::decode(answer.trim_start_matches("0x"))?)
}

/// The keys in a SCALE-encoded list: its length comes first, in less bytes than a key has.
fn keys(list: &[u8]) -> Vec<Vec<u8>> {
    let (_, keys) = list.split_at(list.len() % KEY);
    keys.chunks_exact(KEY).map(<[u8]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_behind_their_count() {
        let list = [vec![8], vec![1; 32], vec![2; 32]].concat();
        assert_eq!(keys(&list), [vec![1; 32], vec![2; 32]]);
        assert!(keys(&[0]).is_empty());
    }
}
