//! A chain for tests.

use super::{acceptance, in_flight::Place, message::Header};
use crate::AuraId;
use plume_primitives::{BlockNumber, Hash};
use sc_consensus_aura::CompatibleDigestItem;
use sp_consensus_aura::sr25519::{AuthorityPair, AuthoritySignature};
use sp_core::Pair as _;
use sp_runtime::{
    Digest, DigestItem, OpaqueExtrinsic,
    traits::{BlakeTwo256, Hash as HashT, Header as HeaderT},
};

/// Height of the last final block.
pub(crate) const FINAL: BlockNumber = 100;
/// Height of the best block, sealed in the slot before [`NOW`].
pub(crate) const BEST: BlockNumber = 103;
/// The present slot.
pub(crate) const NOW: u64 = 1_000;

/// Blocks from 90 to the best, each of the slot after its parent's, without rivals.
#[derive(Clone)]
pub(crate) struct Chain {
    /// Height of the best block.
    pub best: BlockNumber,
}

impl Default for Chain {
    fn default() -> Self {
        Self { best: BEST }
    }
}

impl Chain {
    /// The hash of a block of this chain.
    pub fn hash(number: BlockNumber) -> Hash {
        Hash::from_low_u64_be(number.into())
    }

    fn number(&self, hash: Hash) -> Option<BlockNumber> {
        (90..=self.best).find(|number| Self::hash(*number) == hash)
    }
}

impl acceptance::Chain for Chain {
    fn best_height(&self) -> BlockNumber {
        self.best
    }

    fn final_height(&self) -> BlockNumber {
        FINAL
    }

    fn has(&self, hash: Hash) -> bool {
        self.number(hash).is_some()
    }

    fn parent(&self, hash: Hash) -> Option<Place> {
        let number = self.number(hash)?;
        Some(Place {
            number,
            slot: (NOW - 1 - u64::from(BEST.saturating_sub(number))).into(),
        })
    }

    fn authors(&self, _: Hash) -> Option<Vec<AuraId>> {
        Some((0..4).map(|index| author(index).public()).collect())
    }
}

/// The key of the author of every fourth slot, from slot `index` on.
pub(crate) fn author(index: u8) -> AuthorityPair {
    AuthorityPair::from_seed(&[index; 32])
}

/// A header without seal, for an empty block.
pub(crate) fn header(number: BlockNumber, slot: u64, parent: Hash) -> Header {
    let slot =
        <DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(slot.into());
    Header::new(
        number,
        BlakeTwo256::ordered_trie_root(Vec::new(), Default::default()),
        Hash::zero(),
        parent,
        Digest { logs: vec![slot] },
    )
}

/// A header with the seal of one of the authors.
pub(crate) fn sealed(mut header: Header, by: u8) -> Header {
    let signature = author(by).sign(header.hash().as_bytes());
    let seal = <DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_seal(signature);
    header.digest_mut().push(seal);
    header
}

/// A child of the best block, sealed by whose turn it is, with this body. Another one at every call, because
/// signatures are random.
pub(crate) fn child(salt: u8, body: &[OpaqueExtrinsic]) -> Header {
    use codec::Encode;
    let mut header = header(BEST + 1, NOW, Chain::hash(BEST));
    let encoded = body.iter().map(Encode::encode).collect();
    header.set_extrinsics_root(BlakeTwo256::ordered_trie_root(encoded, Default::default()));
    header.set_state_root(Hash::repeat_byte(salt));
    sealed(header, (NOW % 4) as u8)
}
