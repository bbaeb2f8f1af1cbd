//! Looking for a transaction without an index: newest blocks first, as far as the caller is patient.

use subxt::utils::H256;

use crate::{Client, Inclusion, Result, raw};

/// Where a transaction was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// In this node's pool.
    Pending,
    /// In a block that finality has not reached yet; a fork may still undo it.
    InBlock(Box<Inclusion>),
    /// In a finalised block.
    Finalised(Box<Inclusion>),
}

impl Client {
    /// Looks through the pool and the newest `max_blocks` blocks; `None` if it is in none of them.
    ///
    /// Costs one block body a block. Nodes keep bodies much longer than state, and the events need state, so
    /// a transaction older than 256 blocks is found only on an archive node.
    pub async fn find_transaction(&self, tx_hash: H256, max_blocks: u32) -> Result<Option<Found>> {
        // The pool first: a transaction that moves into a block meanwhile is then found in the block.
        let pending = self.raw().pending().await?;
        let is_pending = pending
            .iter()
            .any(|extrinsic| raw::extrinsic_hash(extrinsic) == tx_hash);
        let finalised = self.raw().finalized_head().await?.number;
        let mut next = self.raw().best_head().await?.hash;
        for _ in 0..max_blocks {
            let Some(block) = self.raw().block(next).await? else {
                break;
            };
            let is_ours = |extrinsic: &Vec<u8>| raw::extrinsic_hash(extrinsic) == tx_hash;
            if let Some(index) = block.extrinsics.iter().position(is_ours) {
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                let inclusion = Box::new(
                    self.inclusion_at(tx_hash, block.head.block(), index)
                        .await?,
                );
                let is_final = inclusion.block.number <= finalised;
                return Ok(Some(if is_final {
                    Found::Finalised(inclusion)
                } else {
                    Found::InBlock(inclusion)
                }));
            }
            if block.head.number == 0 {
                break;
            }
            next = block.head.header.parent_hash;
        }
        Ok(is_pending.then_some(Found::Pending))
    }
}
