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
    /// The parent of a block, if this node knows the block.
    fn parent(&self, hash: Hash) -> Option<Hash>;
}

/// How many blocks above the last final one a fork is followed down. More than authors seal while finality
/// stands for a quarter of an hour; a fork that is longer is imported, and fails.
const MAX_DEPTH: u32 = 512;

impl<C: HeaderBackend<Block>> FinalChain for Arc<C> {
    fn finalized_number(&self) -> BlockNumber {
        self.info().finalized_number
    }

    fn canonical(&self, number: BlockNumber) -> Option<Hash> {
        self.hash(number).ok().flatten()
    }

    fn parent(&self, hash: Hash) -> Option<Hash> {
        Some(*self.header(hash).ok()??.parent_hash())
    }
}

/// A block that finality has decided against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    /// Another block of its height is final.
    Itself,
    /// It descends from such a one.
    Ancestor,
}

impl From<Lost> for ImportResult {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Itself => Self::AlreadyInChain,
            // Of a block in the chain, block sync concludes that it shares the chain up to there with the peer.
            // This one tells it that the fork is obsolete.
            Lost::Ancestor => Self::MissingState,
        }
    }
}

/// Treats a block at or below the last final height that is not the final one as done with, and what was built
/// on it as obsolete.
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

    fn lost(&self, number: BlockNumber, hash: Hash, parent: Hash) -> Option<Lost> {
        let finalized = self.chain.finalized_number();
        let is_other = |number, hash| {
            let ours = self.chain.canonical(number);
            ours.is_some_and(|ours| ours != hash)
        };
        let lost = if number <= finalized {
            is_other(number, hash).then_some(Lost::Itself)
        } else {
            self.ancestor(parent, number.saturating_sub(1), finalized)
                .filter(|ancestor| is_other(finalized, *ancestor))
                .map(|_| Lost::Ancestor)
        };
        if let Some(lost) = lost {
            log::debug!(
                target: "consensus",
                "Block #{number} ({hash:?}) came after another one than it ({lost:?}) was final: let go",
            );
        }
        lost
    }

    /// The ancestor at a height of the block with this hash and height, if this node knows what is between.
    fn ancestor(&self, mut hash: Hash, number: BlockNumber, at: BlockNumber) -> Option<Hash> {
        let depth = number.checked_sub(at)?;
        if depth > MAX_DEPTH {
            return None;
        }
        for _ in 0..depth {
            hash = self.chain.parent(hash)?;
        }
        Some(hash)
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
        let (number, hash, parent) = (block.number, block.hash, block.parent_hash);
        match self.inner.check_block(block).await {
            result @ Ok(ImportResult::Imported(_)) => result,
            result => self
                .lost(number, hash, parent)
                .map_or(result, |lost| Ok(lost.into())),
        }
    }

    async fn import_block(
        &self,
        block: BlockImportParams<Block>,
    ) -> Result<ImportResult, Self::Error> {
        let (number, hash) = (*block.header.number(), block.post_hash());
        let parent = *block.header.parent_hash();
        if let Some(lost) = self.lost(number, hash, parent) {
            return Ok(lost.into());
        }
        match self.inner.import_block(block).await {
            // Finality may decide while the block is executed.
            Err(error) => self
                .lost(number, hash, parent)
                .map_or(Err(error), |lost| Ok(lost.into())),
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

        /// The hashes of a fork are those of the best chain plus a hundred, or two hundred for one that begins
        /// later.
        fn parent(&self, hash: Hash) -> Option<Hash> {
            let below = hash.to_low_u64_be().checked_sub(1)?;
            let begins_above = match below / 100 {
                1 => 8,
                _ => 11,
            };
            let is_shared = below % 100 == begins_above;
            Some(Hash::from_low_u64_be(if is_shared {
                begins_above
            } else {
                below
            }))
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
        check_on(
            number,
            hash,
            Hash::from_low_u64_be(u64::from(number) - 1),
            parent_is_known,
        )
    }

    fn check_on(
        number: BlockNumber,
        hash: u64,
        parent: Hash,
        parent_is_known: bool,
    ) -> ImportResult {
        let params = BlockCheckParams {
            hash: Hash::from_low_u64_be(hash),
            number,
            parent_hash: parent,
            allow_missing_state: false,
            allow_missing_parent: parent_is_known,
            import_existing: false,
        };
        block_on(late_blocks(FINAL).check_block(params)).expect("the mock takes it")
    }

    fn import(number: BlockNumber, final_after: BlockNumber) -> Result<ImportResult, Error> {
        import_on(number, u64::from(number) - 1, final_after)
    }

    fn import_on(
        number: BlockNumber,
        parent: u64,
        final_after: BlockNumber,
    ) -> Result<ImportResult, Error> {
        let header = generic::Header::<u32, BlakeTwo256>::new(
            number,
            Default::default(),
            Default::default(),
            Hash::from_low_u64_be(parent),
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

    #[test]
    fn what_was_built_on_a_rival_of_a_final_block_is_obsolete() {
        for (number, parent) in [(FINAL + 1, 110), (FINAL + 2, 111), (FINAL + 4, 113)] {
            assert!(
                matches!(
                    import_on(number, parent, FINAL),
                    Ok(ImportResult::MissingState)
                ),
                "block {number} on {parent}"
            );
            let on = Hash::from_low_u64_be(parent);
            assert_eq!(check_on(number, 999, on, false), ImportResult::MissingState);
        }
    }

    #[test]
    fn what_descends_from_the_final_block_is_imported() {
        assert!(
            import_on(FINAL + 3, 12, FINAL).is_err(),
            "the mock fails, and that is not hidden"
        );
    }

    #[test]
    fn a_descendant_that_loses_while_it_is_executed_is_obsolete() {
        assert!(import_on(14, 213, 11).is_err(), "the fork begins above");
        assert!(matches!(
            import_on(14, 213, 12),
            Ok(ImportResult::MissingState)
        ));
    }

    #[test]
    fn a_fork_of_which_the_beginning_is_unknown_is_left_to_the_import() {
        assert_eq!(
            check_on(FINAL + 2, 999, Hash::zero(), false),
            ImportResult::UnknownParent
        );
        assert!(import_on(FINAL + MAX_DEPTH + 2, 110, FINAL).is_err());
    }
}
