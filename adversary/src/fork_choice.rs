//! Building on the wrong block.

use plume_consensus::{Block, SelectChain};
use plume_node::service::FullClient;
use sp_consensus::Error;
use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature};
use sp_consensus_slots::{Slot, SlotDuration};
use sp_core::H256;
use sp_runtime::{
    DigestItem,
    traits::{Block as BlockT, Header as HeaderT},
};
use sp_timestamp::Timestamp;
use std::sync::Arc;

type Header = <Block as BlockT>::Header;

/// The longest chain, less its last block if that is the predecessor's.
#[derive(Clone)]
pub struct SkipPredecessor {
    honest: SelectChain,
    client: Arc<FullClient>,
    /// None to skip nobody.
    slot: Option<SlotDuration>,
}

impl SkipPredecessor {
    /// Skips the block of the slot before the present one, if slots have a length.
    pub fn new(honest: SelectChain, client: Arc<FullClient>, slot: Option<SlotDuration>) -> Self {
        Self {
            honest,
            client,
            slot,
        }
    }
}

/// Whether a block was sealed in the slot before this one.
fn is_predecessor(header: &Header, now: Slot) -> bool {
    let slot = header
        .digest()
        .logs()
        .iter()
        .find_map(<DigestItem as CompatibleDigestItem<AuthoritySignature>>::as_aura_pre_digest);
    slot.is_some_and(|slot| slot + 1 == now)
}

#[async_trait::async_trait]
impl sp_consensus::SelectChain<Block> for SkipPredecessor {
    async fn leaves(&self) -> Result<Vec<H256>, Error> {
        self.honest.leaves().await
    }

    async fn best_chain(&self) -> Result<Header, Error> {
        let best = self.honest.best_chain().await?;
        let Some(slot) = self.slot else {
            return Ok(best);
        };
        if !is_predecessor(&best, Slot::from_timestamp(Timestamp::current(), slot)) {
            return Ok(best);
        }
        let parent = self.client.header(*best.parent_hash());
        Ok(parent
            .map_err(|error| Error::ClientImport(error.to_string()))?
            .unwrap_or(best))
    }

    async fn finality_target(&self, base: H256, limit: Option<u32>) -> Result<H256, Error> {
        self.honest.finality_target(base, limit).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_runtime::Digest;

    #[test]
    fn only_the_block_of_the_slot_right_before_is_the_predecessors() {
        let item =
            <DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(7.into());
        let header = Header::new(
            3,
            H256::zero(),
            H256::zero(),
            H256::zero(),
            Digest { logs: vec![item] },
        );
        assert!(is_predecessor(&header, 8.into()));
        assert!(!is_predecessor(&header, 7.into()));
        assert!(!is_predecessor(&header, 9.into()));
    }
}
