//! Building on the wrong block.

use plume_node::{behaviour::Header, service::FullClient};
use sp_consensus::Error;
use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature};
use sp_consensus_slots::{Slot, SlotDuration};
use sp_runtime::{DigestItem, traits::Header as _};
use sp_timestamp::Timestamp;

/// The best block, or its parent if it is the predecessor's: from the slot before the present one.
pub fn skip_predecessor(
    best: Header,
    client: &FullClient,
    slot: SlotDuration,
) -> Result<Header, Error> {
    if !is_predecessor(&best, Slot::from_timestamp(Timestamp::current(), slot)) {
        return Ok(best);
    }
    let parent = client.header(*best.parent_hash());
    Ok(parent
        .map_err(|error| Error::ClientImport(error.to_string()))?
        .unwrap_or(best))
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

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::H256;
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
