//! Imports a block once, though it comes twice.

use crate::Block;
use plume_primitives::Hash;
use sc_consensus::{BlockCheckParams, BlockImport, BlockImportParams, ImportResult};
use sp_blockchain::{BlockStatus, HeaderBackend};
use sp_consensus::BlockOrigin;
use std::sync::Arc;

/// What is here.
pub trait Stored: Send + Sync {
    /// Whether a block has been imported.
    fn has(&self, hash: Hash) -> bool;
}

impl<C: HeaderBackend<Block>> Stored for Arc<C> {
    fn has(&self, hash: Hash) -> bool {
        matches!(self.status(hash), Ok(BlockStatus::InChain))
    }
}

/// Says of a block that is here that it is, without executing it again.
///
/// An author pushes its block and announces it, and block sync may fetch it while the pushed one is executed.
/// The client would execute the second as well and find out afterwards. This belongs behind whatever lets
/// blocks in one after the other ([`crate::EqualHeights`]); before it, both would pass.
///
/// Only blocks of the live chain are looked at. Those of initial, warp and gap sync come once, and may be here
/// in part.
#[derive(Clone)]
pub struct Once<I, S> {
    inner: I,
    stored: S,
}

impl<I, S: Stored> Once<I, S> {
    /// Passes everything to `inner` but what is stored.
    pub fn new(inner: I, stored: S) -> Self {
        Self { inner, stored }
    }
}

#[async_trait::async_trait]
impl<I, S> BlockImport<Block> for Once<I, S>
where
    I: BlockImport<Block> + Send + Sync,
    S: Stored,
{
    type Error = I::Error;

    async fn check_block(
        &self,
        block: BlockCheckParams<Block>,
    ) -> Result<ImportResult, Self::Error> {
        self.inner.check_block(block).await
    }

    async fn import_block(
        &self,
        block: BlockImportParams<Block>,
    ) -> Result<ImportResult, Self::Error> {
        let is_plain = block.origin == BlockOrigin::NetworkBroadcast
            && !block.import_existing
            && !block.with_state();
        if is_plain && self.stored.has(block.post_hash()) {
            return Ok(ImportResult::AlreadyInChain);
        }
        self.inner.import_block(block).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use sp_consensus::Error;
    use sp_runtime::{
        generic,
        traits::{BlakeTwo256, Header as _},
    };

    /// Takes everything.
    struct Import;

    #[async_trait::async_trait]
    impl BlockImport<Block> for Import {
        type Error = Error;

        async fn check_block(&self, _: BlockCheckParams<Block>) -> Result<ImportResult, Error> {
            Ok(ImportResult::imported(true))
        }

        async fn import_block(&self, _: BlockImportParams<Block>) -> Result<ImportResult, Error> {
            Ok(ImportResult::imported(true))
        }
    }

    struct Only(Hash);

    impl Stored for Only {
        fn has(&self, hash: Hash) -> bool {
            hash == self.0
        }
    }

    fn block(origin: BlockOrigin, hash: u8) -> BlockImportParams<Block> {
        let header = generic::Header::<u32, BlakeTwo256>::new(
            7,
            Default::default(),
            Default::default(),
            Default::default(),
            Default::default(),
        );
        let mut block = BlockImportParams::new(origin, header);
        block.post_hash = Some(Hash::repeat_byte(hash));
        block
    }

    fn import(block: BlockImportParams<Block>) -> ImportResult {
        let once = Once::new(Import, Only(Hash::repeat_byte(1)));
        block_on(once.import_block(block)).expect("the mock takes it")
    }

    #[test]
    fn a_block_that_is_here_is_not_imported_again() {
        let broadcast = BlockOrigin::NetworkBroadcast;
        assert_eq!(import(block(broadcast, 1)), ImportResult::AlreadyInChain);
        assert_eq!(import(block(broadcast, 2)), ImportResult::imported(true));
    }

    #[test]
    fn what_is_to_be_imported_although_it_is_here_passes() {
        let taken = ImportResult::imported(true);
        for origin in [
            BlockOrigin::GapSync,
            BlockOrigin::NetworkInitialSync,
            BlockOrigin::Own,
        ] {
            assert_eq!(import(block(origin, 1)), taken, "{origin:?}");
        }
        let mut again = block(BlockOrigin::NetworkBroadcast, 1);
        again.import_existing = true;
        assert_eq!(import(again), taken);
    }
}
