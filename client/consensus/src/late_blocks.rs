//! Lets go of blocks that come too late to count.

use crate::Block;
use plume_primitives::{BlockNumber, Hash};
use sc_consensus::{BlockCheckParams, BlockImport, BlockImportParams, ImportResult};
use sp_blockchain::HeaderBackend;
use sp_runtime::traits::Header;
use std::sync::Arc;

/// What is final on this node.
pub trait FinalChain: Send + Sync {
    /// Height of the last final block.
    fn finalized_number(&self) -> BlockNumber;
    /// The block at a height of the best chain, if this node knows it.
    fn canonical(&self, number: BlockNumber) -> Option<Hash>;
}

impl<C: HeaderBackend<Block>> FinalChain for Arc<C> {
    fn finalized_number(&self) -> BlockNumber {
        self.info().finalized_number
    }

    fn canonical(&self, number: BlockNumber) -> Option<Hash> {
        self.hash(number).ok().flatten()
    }
}

/// Treats a block at or below the last final height that is not the final one as done with.
///
/// A block that its author sealed or sent late meets a sibling that is final already, within half a
/// second at 250 ms slots. The client calls that a "potential long-range attack" and fails; block sync
/// then starts over and loses more slots. Nothing is wrong: finality has decided, the block has lost,
/// and there is nothing to import. Blocks that this node is only now fetching, in warp or gap sync,
/// have no canonical rival and pass.
#[derive(Clone)]
pub struct LateBlocks<I, F> {
    inner: I,
    chain: F,
}

impl<I, F: FinalChain> LateBlocks<I, F> {
    /// Passes everything but late blocks to `inner`.
    pub fn new(inner: I, chain: F) -> Self {
        Self { inner, chain }
    }

    fn lost(&self, number: BlockNumber, hash: Hash) -> bool {
        let lost = number <= self.chain.finalized_number()
            && self
                .chain
                .canonical(number)
                .is_some_and(|ours| ours != hash);
        if lost {
            log::debug!(target: "consensus", "Block #{number} ({hash:?}) came after another one was final: let go");
        }
        lost
    }
}

#[async_trait::async_trait]
impl<I, F> BlockImport<Block> for LateBlocks<I, F>
where
    I: BlockImport<Block> + Send + Sync,
    F: FinalChain,
{
    type Error = I::Error;

    async fn check_block(
        &self,
        block: BlockCheckParams<Block>,
    ) -> Result<ImportResult, Self::Error> {
        // One that could be imported goes on to the verifier, and is let go after it: its header may
        // prove that its author sealed two blocks in the slot.
        let (number, hash) = (block.number, block.hash);
        match self.inner.check_block(block).await {
            result @ Ok(ImportResult::Imported(_)) => result,
            _ if self.lost(number, hash) => Ok(ImportResult::AlreadyInChain),
            result => result,
        }
    }

    async fn import_block(
        &self,
        block: BlockImportParams<Block>,
    ) -> Result<ImportResult, Self::Error> {
        let (number, hash) = (*block.header.number(), block.post_hash());
        if self.lost(number, hash) {
            return Ok(ImportResult::AlreadyInChain);
        }
        match self.inner.import_block(block).await {
            // Finality may decide while the block is executed.
            Err(_) if self.lost(number, hash) => Ok(ImportResult::AlreadyInChain),
            result => result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use sp_consensus::{BlockOrigin, Error};
    use sp_runtime::{generic, traits::BlakeTwo256};
    use std::sync::atomic::{AtomicU32, Ordering};

    const FINAL: BlockNumber = 10;

    /// Final up to a height; block n of the best chain has the hash n, up to height 12.
    struct Chain(AtomicU32);

    impl FinalChain for Arc<Chain> {
        fn finalized_number(&self) -> BlockNumber {
            self.0.load(Ordering::Relaxed)
        }

        fn canonical(&self, number: BlockNumber) -> Option<Hash> {
            (3..=12)
                .contains(&number)
                .then(|| Hash::from_low_u64_be(number.into()))
        }
    }

    /// Fails after finality has moved on to a height.
    struct Import(Arc<Chain>, BlockNumber);

    #[async_trait::async_trait]
    impl BlockImport<Block> for Import {
        type Error = Error;

        async fn check_block(&self, block: BlockCheckParams<Block>) -> Result<ImportResult, Error> {
            Ok(match block.allow_missing_parent {
                true => ImportResult::imported(true),
                false => ImportResult::UnknownParent,
            })
        }

        async fn import_block(&self, _: BlockImportParams<Block>) -> Result<ImportResult, Error> {
            self.0.0.store(self.1, Ordering::Relaxed);
            Err(Error::ClientImport("Potential long-range attack".into()))
        }
    }

    fn late_blocks(final_after: BlockNumber) -> LateBlocks<Import, Arc<Chain>> {
        let chain = Arc::new(Chain(FINAL.into()));
        LateBlocks::new(Import(chain.clone(), final_after), chain)
    }

    fn check(number: BlockNumber, hash: u64, parent_is_known: bool) -> ImportResult {
        let params = BlockCheckParams {
            hash: Hash::from_low_u64_be(hash),
            number,
            parent_hash: Hash::zero(),
            allow_missing_state: false,
            allow_missing_parent: parent_is_known,
            import_existing: false,
        };
        block_on(late_blocks(FINAL).check_block(params)).expect("the mock takes it")
    }

    fn import(number: BlockNumber, final_after: BlockNumber) -> Result<ImportResult, Error> {
        let header = generic::Header::<u32, BlakeTwo256>::new(
            number,
            Default::default(),
            Default::default(),
            Hash::repeat_byte(9),
            Default::default(),
        );
        let params = BlockImportParams::new(BlockOrigin::NetworkBroadcast, header);
        block_on(late_blocks(final_after).import_block(params))
    }

    #[test]
    fn a_rival_of_a_final_block_is_let_go() {
        for known in [true, false] {
            assert_eq!(
                check(FINAL, 999, known) == ImportResult::AlreadyInChain,
                !known,
                "its header is verified before it is let go, if that is possible"
            );
        }
        assert_eq!(check(4, 999, false), ImportResult::AlreadyInChain);
        assert!(matches!(
            import(FINAL, FINAL),
            Ok(ImportResult::AlreadyInChain)
        ));
    }

    #[test]
    fn a_rival_above_the_final_height_is_imported() {
        assert_eq!(check(FINAL + 1, 999, true), ImportResult::imported(true));
        assert_eq!(check(FINAL + 1, 999, false), ImportResult::UnknownParent);
    }

    #[test]
    fn the_final_block_itself_and_old_blocks_still_to_be_fetched_pass() {
        assert_eq!(
            check(FINAL, FINAL.into(), true),
            ImportResult::imported(true)
        );
        assert_eq!(check(2, 999, true), ImportResult::imported(true));
    }

    #[test]
    fn a_block_that_loses_while_it_is_executed_is_let_go_and_other_failures_are_not_hidden() {
        assert!(matches!(import(12, 12), Ok(ImportResult::AlreadyInChain)));
        assert!(import(12, 11).is_err());
    }
}
