//! A transaction in a block: where, at what price, and with what effect.

use subxt::error::DispatchError;
use subxt::events::Phase;
use subxt::utils::H256;

use crate::{BlockRef, Client, DispatchFailure, Error, Event, Result, raw};

/// A transaction that is in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// Hash of the transaction.
    pub tx_hash: H256,
    /// The block it is in.
    pub block: BlockRef,
    /// Its position in the block, counting the author's inherents.
    pub index: u32,
    /// What was charged in all, tip included, in planck; zero where the runtime reported no fee.
    pub fee_planck: u128,
    /// The part of the fee that was the tip, in planck.
    pub tip_planck: u128,
    /// Every event it caused, in order.
    pub events: Vec<Event>,
    /// Why its call failed, if it did. The fee was charged all the same.
    pub failure: Option<DispatchFailure>,
}

impl Inclusion {
    /// Itself if the call succeeded, the failure as an error if not.
    pub fn ok(self) -> Result<Self> {
        match self.failure {
            Some(failure) => Err(failure.into()),
            None => Ok(self),
        }
    }
}

impl Client {
    /// Reads what a transaction did in a block that is known to hold it. The node must still have that
    /// block's state (the last 256 blocks unless it is an archive).
    pub async fn inclusion(&self, tx_hash: H256, block_hash: H256) -> Result<Inclusion> {
        let unknown = || Error::UnknownBlock {
            block: raw::to_hex(&block_hash.0),
        };
        let block = self.raw().block(block_hash).await?.ok_or_else(unknown)?;
        let index = block
            .extrinsics
            .iter()
            .position(|extrinsic| raw::extrinsic_hash(extrinsic) == tx_hash)
            .and_then(|index| u32::try_from(index).ok())
            .ok_or(Error::BadAnswer {
                method: "chain_getBlock".into(),
            })?;
        self.inclusion_at(tx_hash, block.head.block(), index).await
    }

    /// All events of a block, in order: those of its transactions and those of the runtime itself, as
    /// sessions, rewards and offences. The node must still have that block's state (the last 256 blocks
    /// unless it is an archive).
    pub async fn events(&self, block_hash: H256) -> Result<Vec<Event>> {
        let at = self
            .online()
            .at_block(block_hash)
            .await
            .map_err(Error::runtime)?;
        let all = at.events().fetch().await.map_err(Error::runtime)?;
        all.iter()
            .map(|raw| Event::decode(&raw.map_err(Error::runtime)?))
            .collect()
    }

    pub(crate) async fn inclusion_at(
        &self,
        tx_hash: H256,
        block: BlockRef,
        index: u32,
    ) -> Result<Inclusion> {
        let at = self
            .online()
            .at_block(block.hash)
            .await
            .map_err(Error::runtime)?;
        let all = at.events().fetch().await.map_err(Error::runtime)?;
        let mut inclusion = Inclusion {
            tx_hash,
            block,
            index,
            fee_planck: 0,
            tip_planck: 0,
            events: Vec::new(),
            failure: None,
        };
        for raw_event in all.iter() {
            let raw_event = raw_event.map_err(Error::runtime)?;
            if raw_event.phase() != Phase::ApplyExtrinsic(index) {
                continue;
            }
            let event = Event::decode(&raw_event)?;
            if event.is("System", "ExtrinsicFailed") {
                let error = DispatchError::decode_from(raw_event.field_bytes(), at.metadata())
                    .map_err(Error::runtime)?;
                inclusion.failure = Some(error.into());
            }
            if event.is("TransactionPayment", "TransactionFeePaid") {
                inclusion.fee_planck = event.integer("actual_fee").unwrap_or(0);
                inclusion.tip_planck = event.integer("tip").unwrap_or(0);
            }
            inclusion.events.push(event);
        }
        Ok(inclusion)
    }
}
