//! Which block to build on and to vote for.

use crate::{Block, Forks, FullBackend, Tip};
use plume_primitives::{BlockNumber, Hash};
use sc_client_api::Backend;
use sc_consensus::LongestChain;
use sp_blockchain::{Backend as _, Error, HeaderBackend, lowest_common_ancestor};
use sp_consensus::{Error as ConsensusError, SelectChain as SelectChainT};
use sp_runtime::traits::{Block as BlockT, Header as _};
use std::sync::Arc;

type Header = <Block as BlockT>::Header;

/// Chooses among forks: the highest chain that contains the client's best block, which the import
/// [chose](crate::EqualHeights) among those that contain what is final.
///
/// That is the client's best block itself, but for one case. When a block of another fork becomes final,
/// the client makes that one its best, though blocks may be known that come after it. The highest of them
/// is the choice then; of several of equal height the one of the higher rank ([`Tip`]), where the SDK's
/// [`LongestChain`] takes the one that came first.
pub struct SelectChain<B = FullBackend> {
    backend: Arc<B>,
    longest: LongestChain<B, Block>,
}

impl<B> Clone for SelectChain<B> {
    fn clone(&self) -> Self {
        Self {
            backend: self.backend.clone(),
            longest: self.longest.clone(),
        }
    }
}

impl<B: Backend<Block>> SelectChain<B> {
    /// Over the blocks of this database.
    pub fn new(backend: Arc<B>) -> Self {
        Self {
            longest: LongestChain::new(backend.clone()),
            backend,
        }
    }

    fn header(&self, hash: Hash) -> Result<Header, Error> {
        self.backend
            .blockchain()
            .header(hash)?
            .ok_or_else(|| Error::MissingHeader(hash.to_string()))
    }

    fn best_header(&self) -> Result<(Hash, Header), Error> {
        let blockchain = self.backend.blockchain();
        let (info, leaves) = {
            // No import between the two.
            let _guard = self.backend.get_import_lock().read();
            (blockchain.info(), blockchain.leaves()?)
        };
        let mut best = (info.best_hash, self.header(info.best_hash)?);
        // The highest come first.
        for leaf in leaves {
            let header = self.header(leaf)?;
            if header.number() < best.1.number() || *header.number() <= info.best_number {
                break;
            }
            let better = Tip::of(&header, leaf) > Tip::of(&best.1, best.0);
            if better
                && lowest_common_ancestor(blockchain, leaf, info.best_hash)?.hash == info.best_hash
            {
                best = (leaf, header);
            }
        }
        Ok(best)
    }

    fn target(&self, base: Hash, limit: Option<BlockNumber>) -> Result<Hash, Error> {
        let (mut target, mut header) = self.best_header()?;
        let common = lowest_common_ancestor(self.backend.blockchain(), target, base)?;
        if common.hash != base {
            return Err(Error::Application(
                format!("{base:?} is not in the best chain, that of {target:?}").into(),
            ));
        }
        if let Some(limit) = limit {
            if limit < common.number {
                return Err(Error::Application(
                    format!(
                        "no block up to #{limit} comes after #{} ({base:?})",
                        common.number
                    )
                    .into(),
                ));
            }
            while *header.number() > limit {
                target = *header.parent_hash();
                header = self.header(target)?;
            }
        }
        Ok(target)
    }
}

fn failed(error: Error) -> ConsensusError {
    ConsensusError::ChainLookup(error.to_string())
}

#[async_trait::async_trait]
impl<B: Backend<Block>> SelectChainT<Block> for SelectChain<B> {
    async fn leaves(&self) -> Result<Vec<Hash>, ConsensusError> {
        self.longest.leaves().await
    }

    async fn best_chain(&self) -> Result<Header, ConsensusError> {
        self.best_header().map(|(_, header)| header).map_err(failed)
    }

    async fn finality_target(
        &self,
        base: Hash,
        limit: Option<BlockNumber>,
    ) -> Result<Hash, ConsensusError> {
        self.target(base, limit).map_err(failed)
    }
}

impl<B: Backend<Block>> Forks for SelectChain<B> {
    fn best(&self) -> Option<Tip> {
        let (hash, header) = self.best_header().ok()?;
        Tip::of(&header, hash)
    }

    fn finalized_number(&self) -> BlockNumber {
        self.backend.blockchain().info().finalized_number
    }

    fn contains_final(&self, block: Hash, best: &Tip) -> Option<bool> {
        if block == best.hash {
            return Some(true);
        }
        // Where the two part is on the best chain: the final block is before that, or it is not in the other.
        let common = lowest_common_ancestor(self.backend.blockchain(), block, best.hash).ok()?;
        Some(common.number >= self.finalized_number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use sc_client_api::{NewBlockState, in_mem};
    use sc_consensus_aura::CompatibleDigestItem;
    use sp_consensus_aura::sr25519::AuthoritySignature;
    use sp_runtime::{Digest, DigestItem};

    /// A tree of blocks, as a client keeps it.
    struct Tree {
        backend: Arc<in_mem::Backend<Block>>,
        select: SelectChain<in_mem::Backend<Block>>,
        root: Hash,
    }

    impl Tree {
        fn new() -> Self {
            let backend = Arc::new(in_mem::Backend::new());
            let mut tree = Self {
                select: SelectChain::new(backend.clone()),
                backend,
                root: Hash::zero(),
            };
            tree.root = tree.insert(0, Hash::zero(), 0, NewBlockState::Final);
            tree
        }

        fn insert(
            &self,
            number: BlockNumber,
            parent: Hash,
            slot: u64,
            state: NewBlockState,
        ) -> Hash {
            let slot = <DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(
                slot.into(),
            );
            let header = Header::new(
                number,
                Hash::zero(),
                Hash::zero(),
                parent,
                Digest { logs: vec![slot] },
            );
            let hash = header.hash();
            self.backend
                .blockchain()
                .insert(hash, header, None, None, state, true)
                .expect("its parent is there");
            hash
        }

        fn best(&self) -> Hash {
            block_on(self.select.best_chain())
                .expect("every block is there")
                .hash()
        }
    }

    #[test]
    fn the_clients_best_block_stands_though_a_leaf_of_its_height_ranks_higher() {
        let tree = Tree::new();
        let best = tree.insert(1, tree.root, 5, NewBlockState::Best);
        tree.insert(1, tree.root, 4, NewBlockState::Normal);
        assert_eq!(tree.best(), best);
    }

    #[test]
    fn after_finality_took_another_fork_the_best_leaf_above_does_not_depend_on_arrival() {
        for slots in [[7, 8], [8, 7]] {
            let tree = Tree::new();
            let ours = tree.insert(1, tree.root, 1, NewBlockState::Best);
            tree.insert(2, ours, 2, NewBlockState::Best);
            let theirs = tree.insert(1, tree.root, 3, NewBlockState::Final);
            let leaves =
                slots.map(|slot| (slot, tree.insert(2, theirs, slot, NewBlockState::Normal)));
            let earlier = leaves.into_iter().min().map(|(_, hash)| hash);
            assert_eq!(Some(tree.best()), earlier, "slots {slots:?}");
            assert_eq!(tree.select.best().map(|tip| tip.hash), earlier);
        }
    }

    #[test]
    fn votes_are_for_the_best_block_after_the_base_and_for_none_on_another_fork() {
        let tree = Tree::new();
        let one = tree.insert(1, tree.root, 1, NewBlockState::Best);
        let two = tree.insert(2, one, 2, NewBlockState::Best);
        let other = tree.insert(1, tree.root, 3, NewBlockState::Normal);
        let target = |base, limit| block_on(tree.select.finality_target(base, limit)).ok();
        assert_eq!(target(tree.root, None), Some(two));
        assert_eq!(target(two, None), Some(two));
        assert_eq!(target(tree.root, Some(1)), Some(one));
        assert_eq!(target(two, Some(1)), None);
        assert_eq!(target(other, None), None);
    }

    #[test]
    fn a_fork_contains_what_is_final_if_it_parts_after_that() {
        let tree = Tree::new();
        let one = tree.insert(1, tree.root, 1, NewBlockState::Final);
        let two = tree.insert(2, one, 2, NewBlockState::Best);
        let (lost, rival) = (
            tree.insert(1, tree.root, 3, NewBlockState::Normal),
            tree.insert(2, one, 4, NewBlockState::Normal),
        );
        let best = tree.select.best().expect("it has a slot");
        assert_eq!(best.hash, two);
        let contains = |block| tree.select.contains_final(block, &best);
        assert_eq!(contains(two), Some(true));
        assert_eq!(contains(rival), Some(true));
        assert_eq!(contains(one), Some(true));
        assert_eq!(contains(lost), Some(false));
        assert_eq!(contains(Hash::repeat_byte(9)), None);
    }
}
