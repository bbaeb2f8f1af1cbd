//! What the pool asks the chain. Tests answer in its place.

use crate::tx::Preamble;
use codec::Encode;
use parking_lot::Mutex;
use plume_primitives::{AccountId, Hash, Nonce, api::TransactionBatch};
use sc_client_api::{BlockBackend, HeaderBackend};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::{HeaderMetadata, tree_route};
use sp_runtime::{
    OpaqueExtrinsic, SaturatedConversion,
    traits::{Block as BlockT, Hash as HashT, HashingFor},
    transaction_validity::{TransactionSource, TransactionValidity},
};
use std::{collections::VecDeque, sync::Arc};

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockRef {
    /// Its hash.
    pub hash: Hash,
    /// Its height.
    pub number: u64,
}

/// A transaction in a block's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyItem {
    /// Its hash.
    pub hash: Hash,
    /// Whether somebody signed it: inherents, for one, are of no interest.
    pub signed: bool,
    /// Who signed it, if its address is a plain account id.
    pub signer: Option<AccountId>,
}

/// The way from one block to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Blocks that the way leaves, the highest first.
    pub retracted: Vec<BlockRef>,
    /// Blocks that the way enters, the lowest first.
    pub enacted: Vec<BlockRef>,
}

/// What the pool asks the chain. Every call may block for milliseconds.
pub trait ChainState<Block: BlockT>: Send + Sync + 'static {
    /// The best block.
    fn best(&self) -> BlockRef;
    /// The last final block.
    fn finalized(&self) -> BlockRef;
    /// Validates each transaction against the state after block `at`; one answer each, in order.
    /// `Err` when the runtime fails on that transaction.
    fn validate(
        &self,
        at: Hash,
        source: TransactionSource,
        transactions: Vec<Block::Extrinsic>,
    ) -> Vec<Result<TransactionValidity, String>>;
    /// The next nonce of each account after block `at`, in order.
    fn nonces(&self, at: Hash, accounts: Vec<AccountId>) -> Result<Vec<Nonce>, String>;
    /// What block `at` includes, in order. `None` if this node does not keep its body.
    fn body(&self, at: Hash) -> Result<Option<Arc<[BodyItem]>>, String>;
    /// The way between two blocks.
    fn route(&self, from: Hash, to: Hash) -> Result<Route, String>;
}

/// How many bodies to keep: a block is asked for when it becomes best, when others build on its
/// parent, and when it is final.
const BODIES: usize = 16;

/// The chain as a full client knows it.
pub struct FullChain<Client> {
    client: Arc<Client>,
    bodies: Mutex<VecDeque<(Hash, Arc<[BodyItem]>)>>,
}

impl<Client> FullChain<Client> {
    /// Asks this client.
    pub fn new(client: Arc<Client>) -> Self {
        Self {
            client,
            bodies: Mutex::default(),
        }
    }
}

/// Hash of a transaction, the length of its encoding, and whose it is.
pub(crate) fn identify<Block: BlockT<Hash = Hash>>(
    extrinsic: &Block::Extrinsic,
) -> (Hash, usize, Preamble) {
    extrinsic.using_encoded(|bytes| {
        (
            HashingFor::<Block>::hash(bytes),
            bytes.len(),
            Preamble::of(bytes),
        )
    })
}

impl<Block, Client> ChainState<Block> for FullChain<Client>
where
    Block: BlockT<Hash = Hash>,
    Client: ProvideRuntimeApi<Block>
        + HeaderBackend<Block>
        + HeaderMetadata<Block, Error = sp_blockchain::Error>
        + BlockBackend<Block>
        + Send
        + Sync
        + 'static,
    Client::Api: TransactionBatch<Block>,
{
    fn best(&self) -> BlockRef {
        let info = self.client.info();
        BlockRef {
            hash: info.best_hash,
            number: info.best_number.saturated_into(),
        }
    }

    fn finalized(&self) -> BlockRef {
        let info = self.client.info();
        BlockRef {
            hash: info.finalized_hash,
            number: info.finalized_number.saturated_into(),
        }
    }

    fn validate(
        &self,
        at: Hash,
        source: TransactionSource,
        transactions: Vec<Block::Extrinsic>,
    ) -> Vec<Result<TransactionValidity, String>> {
        let ask = |transactions: Vec<OpaqueExtrinsic>| {
            let count = transactions.len();
            let answers = self
                .client
                .runtime_api()
                .validate_transactions(at, source, transactions, at)
                .map_err(|e| e.to_string())?;
            if answers.len() == count {
                Ok(answers)
            } else {
                Err(format!("{} answers to {count} transactions", answers.len()))
            }
        };
        let transactions: Vec<OpaqueExtrinsic> = transactions.into_iter().map(Into::into).collect();
        match ask(transactions.clone()) {
            Ok(answers) => return answers.into_iter().map(Ok).collect(),
            // One transaction that traps must not take its neighbours with it.
            Err(e) => {
                log::debug!(target: crate::LOG_TARGET, "validating a batch failed: {e}")
            }
        }
        let one_by_one = transactions.into_iter().map(|transaction| {
            let mut answers = ask(vec![transaction])?;
            answers
                .pop()
                .ok_or_else(|| "no answer to a transaction".to_owned())
        });
        one_by_one.collect()
    }

    fn nonces(&self, at: Hash, accounts: Vec<AccountId>) -> Result<Vec<Nonce>, String> {
        let count = accounts.len();
        let nonces = self
            .client
            .runtime_api()
            .account_nonces(at, accounts)
            .map_err(|e| e.to_string())?;
        if nonces.len() == count {
            Ok(nonces)
        } else {
            Err(format!("{} nonces of {count} accounts", nonces.len()))
        }
    }

    fn body(&self, at: Hash) -> Result<Option<Arc<[BodyItem]>>, String> {
        if let Some((_, body)) = self.bodies.lock().iter().find(|(hash, _)| *hash == at) {
            return Ok(Some(body.clone()));
        }
        let Some(extrinsics) = self.client.block_body(at).map_err(|e| e.to_string())? else {
            return Ok(None);
        };
        let items = extrinsics.iter().map(|extrinsic| {
            let (hash, _, preamble) = identify::<Block>(extrinsic);
            match preamble {
                Preamble::Signed(signer) => BodyItem {
                    hash,
                    signed: true,
                    signer,
                },
                Preamble::Other => BodyItem {
                    hash,
                    signed: false,
                    signer: None,
                },
            }
        });
        let body: Arc<[BodyItem]> = items.collect();
        let mut bodies = self.bodies.lock();
        bodies.push_back((at, body.clone()));
        if bodies.len() > BODIES {
            bodies.pop_front();
        }
        Ok(Some(body))
    }

    fn route(&self, from: Hash, to: Hash) -> Result<Route, String> {
        let route = tree_route(&*self.client, from, to).map_err(|e| e.to_string())?;
        let blocks = |blocks: &[sp_blockchain::HashAndNumber<Block>]| {
            blocks
                .iter()
                .map(|b| BlockRef {
                    hash: b.hash,
                    number: b.number.saturated_into(),
                })
                .collect()
        };
        Ok(Route {
            retracted: blocks(route.retracted()),
            enacted: blocks(route.enacted()),
        })
    }
}
