//! Takes what this node seals to its peers.

use super::message::Header;
use crate::Block;
use sc_consensus::{BlockCheckParams, BlockImport, BlockImportParams, ImportResult};
use sp_consensus::BlockOrigin;
use sp_runtime::OpaqueExtrinsic;

/// Sealed blocks that may wait to be pushed. One is gone within a millisecond.
pub(crate) const MAX_WAITING: usize = 2;

/// A block that this node sealed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sealed {
    /// With the seal.
    pub header: Header,
    /// What it was made of.
    pub body: Vec<OpaqueExtrinsic>,
}

/// Hands this node's own blocks on to be pushed, then imports them.
///
/// In this order, because a peer needs longer for the way and the execution than this node for the import,
/// and checks everything anyway. An own block whose import fails is announced to nobody; that it was pushed
/// harms nobody.
#[derive(Clone)]
pub(crate) struct PushOwn<I> {
    inner: I,
    /// None to push nothing.
    sealed: Option<async_channel::Sender<Sealed>>,
}

impl<I> PushOwn<I> {
    /// Before `inner`; with nobody to hand blocks to, it only imports them.
    pub fn new(inner: I, sealed: Option<async_channel::Sender<Sealed>>) -> Self {
        Self { inner, sealed }
    }

    fn hand_on(&self, block: &BlockImportParams<Block>) {
        let (Some(sealed), Some(body)) = (&self.sealed, &block.body) else {
            return;
        };
        if block.origin != BlockOrigin::Own || block.post_digests.is_empty() {
            return;
        }
        let block = Sealed {
            header: block.post_header(),
            body: body.clone(),
        };
        if let Err(error) = sealed.try_send(block) {
            log::debug!(target: super::LOG_TARGET, "A block of ours is not pushed: {error}");
        }
    }
}

#[async_trait::async_trait]
impl<I> BlockImport<Block> for PushOwn<I>
where
    I: BlockImport<Block> + Send + Sync,
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
        self.hand_on(&block);
        self.inner.import_block(block).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_push::mock::{child, header};
    use futures::executor::block_on;
    use plume_primitives::Hash;
    use sp_consensus::Error;
    use sp_runtime::traits::Header as _;

    /// Takes what comes once it has been handed on.
    struct After(async_channel::Receiver<Sealed>, bool);

    #[async_trait::async_trait]
    impl BlockImport<Block> for After {
        type Error = Error;

        async fn check_block(&self, _: BlockCheckParams<Block>) -> Result<ImportResult, Error> {
            Ok(ImportResult::imported(true))
        }

        async fn import_block(&self, _: BlockImportParams<Block>) -> Result<ImportResult, Error> {
            assert_eq!(
                !self.0.is_empty(),
                self.1,
                "before the import, or not at all"
            );
            Ok(ImportResult::imported(true))
        }
    }

    /// As Aura's author and verifier make it: the seal apart from the header.
    fn params(origin: BlockOrigin, sealed: &Header) -> BlockImportParams<Block> {
        let mut header = sealed.clone();
        let seal = header.digest_mut().pop().expect("the mock seals");
        let mut block = BlockImportParams::new(origin, header);
        block.post_digests.push(seal);
        block.body = Some(Vec::new());
        block
    }

    fn handed_on(block: BlockImportParams<Block>, expected: bool) -> Option<Sealed> {
        let (sender, sealed) = async_channel::bounded(MAX_WAITING);
        let import = PushOwn::new(After(sealed.clone(), expected), Some(sender));
        block_on(import.import_block(block)).expect("the mock takes it");
        sealed.try_recv().ok()
    }

    #[test]
    fn an_own_block_is_handed_on_with_its_seal_before_it_is_imported() {
        let header = child(1, &[]);
        let sealed = handed_on(params(BlockOrigin::Own, &header), true);
        let body = Vec::new();
        assert_eq!(sealed, Some(Sealed { header, body }));
    }

    #[test]
    fn others_blocks_and_what_has_no_seal_are_not() {
        let block = params(BlockOrigin::NetworkBroadcast, &child(1, &[]));
        assert_eq!(handed_on(block, false), None);
        let mut naked = BlockImportParams::new(BlockOrigin::Own, header(7, 7, Hash::zero()));
        naked.body = Some(Vec::new());
        assert_eq!(handed_on(naked, false), None);
    }

    #[test]
    fn a_block_that_cannot_be_handed_on_is_imported_all_the_same() {
        let (sender, sealed) = async_channel::bounded(MAX_WAITING);
        let import = PushOwn::new(After(sealed.clone(), true), Some(sender));
        for salt in 0..5 {
            let block = params(BlockOrigin::Own, &child(salt, &[]));
            assert!(block_on(import.import_block(block)).is_ok());
        }
        assert_eq!(sealed.len(), MAX_WAITING);

        let silent = PushOwn::new(After(async_channel::bounded(1).1, false), None);
        let block = params(BlockOrigin::Own, &child(1, &[]));
        assert!(block_on(silent.import_block(block)).is_ok());
    }
}
