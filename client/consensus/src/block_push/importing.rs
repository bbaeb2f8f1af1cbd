//! Imports pushed blocks.
//!
//! Not through block sync's import queue: block sync is told of whatever that queue did, takes a block that
//! failed for one of its own, and starts over. One bad push would so cost the node the blocks it is fetching
//! from others. Here a block that fails concerns the peer that pushed it, and nobody else. Imports still go
//! one after the other: [`crate::EqualHeights`] sees to it, for this, the queue and the node's own blocks.

use super::{
    acceptance::{Chain, Refusal},
    in_flight::Flight,
    message::Header,
};
use crate::{AuraId, Block};
use plume_primitives::Hash;
use sc_consensus::{
    BlockImport, BlockImportError, BlockImportStatus, IncomingBlock, JustificationSyncLink,
    Verifier, import_single_block,
};
use sc_consensus_aura::standalone::{
    SealVerificationError, check_header_slot_and_seal, slot_author,
};
use sc_network::PeerId;
use sp_consensus::{BlockOrigin, Error};
use sp_consensus_aura::sr25519::AuthorityPair;
use sp_consensus_slots::Slot;
use sp_runtime::{OpaqueExtrinsic, traits::Header as HeaderT};
use std::{collections::BTreeMap, sync::Arc};

/// Blocks of one author and slot that are executed. Two make a proof that it sealed twice; a third says
/// nothing new.
const MAX_PER_SLOT: u8 = 2;
/// Slots and authors of which the blocks are counted.
const MAX_COUNTED: usize = 256;

/// The present slot.
pub(crate) type SlotNow = Arc<dyn Fn() -> Slot + Send + Sync>;

/// A block to import.
pub(crate) struct Job {
    /// Who pushed it.
    pub peer: PeerId,
    /// Its hash.
    pub hash: Hash,
    /// With the seal, which nobody has checked yet.
    pub header: Header,
    /// The one that the header names.
    pub body: Vec<OpaqueExtrinsic>,
    /// Ends with the import.
    pub flight: Flight,
}

/// What became of a pushed block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Who pushed it.
    pub peer: PeerId,
    /// Its hash.
    pub hash: Hash,
    /// Whether it was imported.
    pub result: Result<(), Refusal>,
}

/// How many blocks each author sealed for a slot, of the highest slots.
#[derive(Default)]
struct Sealings(BTreeMap<(Slot, AuraId), u8>);

impl Sealings {
    /// Counts a block. False if there are enough.
    fn count(&mut self, slot: Slot, author: AuraId) -> bool {
        let count = self.0.entry((slot, author)).or_default();
        let is_wanted = *count < MAX_PER_SLOT;
        *count = count.saturating_add(1);
        if self.0.len() > MAX_COUNTED {
            self.0.pop_first();
        }
        is_wanted
    }
}

/// Verifies and imports, one block after the other.
pub(crate) struct Importer<K, I, V> {
    chain: K,
    import: I,
    verifier: V,
    justifications: Box<dyn JustificationSyncLink<Block>>,
    now: SlotNow,
    sealings: Sealings,
}

impl<K, I, V> Importer<K, I, V>
where
    K: Chain,
    I: BlockImport<Block, Error = Error> + Send + Sync,
    V: Verifier<Block>,
{
    /// Imports into `import` what `verifier` finds good.
    pub fn new(
        chain: K,
        import: I,
        verifier: V,
        justifications: Box<dyn JustificationSyncLink<Block>>,
        now: SlotNow,
    ) -> Self {
        Self {
            chain,
            import,
            verifier,
            justifications,
            now,
            sealings: Sealings::default(),
        }
    }

    /// Does what comes, until nothing more can come.
    pub async fn run(
        mut self,
        jobs: async_channel::Receiver<Job>,
        verdicts: async_channel::Sender<Verdict>,
    ) {
        while let Ok(job) = jobs.recv().await {
            if verdicts.send(self.land(job).await).await.is_err() {
                return;
            }
        }
    }

    async fn land(&mut self, job: Job) -> Verdict {
        let Job {
            peer,
            hash,
            header,
            body,
            flight,
        } = job;
        let result = self.attempt(peer, hash, header, body).await;
        drop(flight);
        Verdict { peer, hash, result }
    }

    async fn attempt(
        &mut self,
        peer: PeerId,
        hash: Hash,
        header: Header,
        body: Vec<OpaqueExtrinsic>,
    ) -> Result<(), Refusal> {
        // Block sync may have been quicker, and the parent may have failed.
        if self.chain.has(hash) {
            return Err(Refusal::Known);
        }
        let (number, parent) = (*header.number(), *header.parent_hash());
        let authors = self.chain.authors(parent).ok_or(Refusal::NoParent)?;
        let (slot, author) = sealed_by(header.clone(), &authors, (self.now)())?;
        if !self.sealings.count(slot, author) {
            return Err(Refusal::Enough);
        }

        let block = IncomingBlock {
            hash,
            header: Some(header),
            body: Some(body),
            indexed_body: None,
            justifications: None,
            origin: Some(peer),
            allow_missing_state: false,
            skip_execution: false,
            import_existing: false,
            state: None,
        };
        let imported = import_single_block(
            &mut self.import,
            BlockOrigin::NetworkBroadcast,
            block,
            &self.verifier,
        )
        .await;
        let refusal = match imported {
            Ok(BlockImportStatus::ImportedUnknown(_, aux, _)) => {
                if aux.clear_justification_requests {
                    self.justifications.clear_justification_requests();
                }
                if aux.needs_justification {
                    self.justifications.request_justification(&hash, number);
                }
                return Ok(());
            }
            Ok(BlockImportStatus::ImportedKnown(..)) => return Err(Refusal::Known),
            Err(
                BlockImportError::UnknownParent
                | BlockImportError::MissingState
                | BlockImportError::Cancelled,
            ) => return Err(Refusal::NoParent),
            // The verifier fails, too, when the parent's state goes meanwhile: another block became final.
            Err(_) if self.chain.parent(parent).is_none() => return Err(Refusal::NoParent),
            Err(BlockImportError::Other(error)) => {
                log::warn!(
                    target: super::LOG_TARGET,
                    "Block #{number} ({hash:?}), pushed by {peer}, cannot be imported: {error}",
                );
                Refusal::Failed
            }
            Err(error) => {
                log::warn!(
                    target: super::LOG_TARGET,
                    "Block #{number} ({hash:?}), pushed by {peer}, is invalid: {error}",
                );
                Refusal::Invalid
            }
        };
        Err(refusal)
    }
}

/// The slot of a block and its author, if the author sealed it. Aura's verifier checks the same again; here it
/// is known what failed, and before anything is executed.
fn sealed_by(header: Header, authors: &[AuraId], now: Slot) -> Result<(Slot, AuraId), Refusal> {
    let latest = now.saturating_add(1u64);
    match check_header_slot_and_seal::<Block, AuthorityPair>(latest, header, authors) {
        Ok((_, slot, _)) => slot_author::<AuthorityPair>(slot, authors)
            .map(|author| (slot, author.clone()))
            .ok_or(Refusal::BadSeal),
        Err(SealVerificationError::Deferred(..)) => Err(Refusal::Early),
        Err(_) => Err(Refusal::BadSeal),
    }
}

#[cfg(test)]
mod tests;
