//! A chain of mocked blocks, for pools on top of it.

use super::account;
use crate::{
    chain::{BlockRef, BodyItem, ChainState, Route, identify},
    tx::{Preamble, Tx},
};
use codec::{Decode, Encode};
use parking_lot::Mutex;
use plume_primitives::{AccountId, Hash, Nonce};
use sp_core::H256;
use sp_runtime::{
    OpaqueExtrinsic, generic,
    traits::BlakeTwo256,
    transaction_validity::{
        InvalidTransaction, TransactionSource, TransactionValidity, TransactionValidityError,
        ValidTransaction,
    },
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

pub(crate) type Block = generic::Block<generic::Header<u32, BlakeTwo256>, OpaqueExtrinsic>;

/// A signed transfer, as far as the pool looks into it.
pub(crate) fn transfer(who: u8, nonce: Nonce, tip: u64) -> OpaqueExtrinsic {
    OpaqueExtrinsic::from_blob((0x84u8, 0u8, account(who), nonce, tip, [0u8; 96]).encode())
}

/// A call that authorises itself, and provides these tags. A chain provides a tag once, as it spends a note once.
pub(crate) fn authorised(id: u8, provides: &[u8]) -> OpaqueExtrinsic {
    OpaqueExtrinsic::from_blob((GENERAL, id, provides).encode())
}

/// Version and type of a general transaction.
const GENERAL: u8 = 0x45;

fn provided(xt: &OpaqueExtrinsic) -> Option<Vec<u8>> {
    let (kind, _, tags) = <(u8, u8, Vec<u8>)>::decode(&mut xt.inner()).ok()?;
    (kind == GENERAL).then_some(tags)
}

fn parse(xt: &OpaqueExtrinsic) -> Option<(AccountId, Nonce, u64)> {
    let (kind, _, who, nonce, tip) =
        <(u8, u8, AccountId, Nonce, u64)>::decode(&mut xt.inner()).ok()?;
    (kind == 0x84).then_some((who, nonce, tip))
}

#[derive(Clone)]
struct MockBlock {
    at: BlockRef,
    parent: Hash,
    body: Vec<OpaqueExtrinsic>,
    nonces: HashMap<AccountId, Nonce>,
    /// What the calls up to here have provided.
    provided: HashSet<u8>,
}

struct Blocks {
    blocks: HashMap<Hash, MockBlock>,
    best: Hash,
    finalized: Hash,
    /// Those who cannot pay.
    broke: HashSet<AccountId>,
    calls: usize,
    validated: usize,
}

pub(crate) struct MockChain(Mutex<Blocks>);

impl MockChain {
    pub(crate) fn new() -> Arc<Self> {
        let at = BlockRef {
            hash: H256::repeat_byte(0xee),
            number: 0,
        };
        let genesis = MockBlock {
            at,
            parent: H256::zero(),
            body: Vec::new(),
            nonces: HashMap::new(),
            provided: HashSet::new(),
        };
        Arc::new(Self(Mutex::new(Blocks {
            blocks: HashMap::from([(at.hash, genesis)]),
            best: at.hash,
            finalized: at.hash,
            broke: HashSet::new(),
            calls: 0,
            validated: 0,
        })))
    }

    /// Builds a block; panics where a runtime would refuse a transaction.
    pub(crate) fn build(&self, parent: Hash, body: Vec<OpaqueExtrinsic>) -> Hash {
        let mut chain = self.0.lock();
        let mut nonces = chain.blocks[&parent].nonces.clone();
        let mut all_provided = chain.blocks[&parent].provided.clone();
        for xt in &body {
            if let Some(tags) = provided(xt) {
                for tag in tags {
                    assert!(
                        all_provided.insert(tag),
                        "{tag} is provided twice in a chain"
                    );
                }
                continue;
            }
            let (who, nonce, _) = parse(xt).expect("signed");
            let next = nonces.entry(who).or_default();
            assert_eq!(*next, nonce, "out of nonce order in a block");
            *next += 1;
        }
        let number = chain.blocks[&parent].at.number + 1;
        let hash = H256::from_low_u64_be(chain.blocks.len() as u64);
        chain.blocks.insert(
            hash,
            MockBlock {
                at: BlockRef { hash, number },
                parent,
                body,
                nonces,
                provided: all_provided,
            },
        );
        hash
    }

    pub(crate) fn set_best(&self, hash: Hash) {
        self.0.lock().best = hash;
    }
    pub(crate) fn set_finalized(&self, hash: Hash) {
        self.0.lock().finalized = hash;
    }
    pub(crate) fn set_broke(&self, who: u8) {
        self.0.lock().broke.insert(account(who));
    }
    /// Calls of the runtime to validate, and transactions validated.
    pub(crate) fn validations(&self) -> (usize, usize) {
        let chain = self.0.lock();
        (chain.calls, chain.validated)
    }
}

impl Blocks {
    fn path(&self, mut hash: Hash) -> Vec<BlockRef> {
        let mut path = Vec::new();
        while let Some(block) = self.blocks.get(&hash) {
            path.push(block.at);
            hash = block.parent;
        }
        path
    }
}

impl ChainState<Block> for MockChain {
    fn best(&self) -> BlockRef {
        let chain = self.0.lock();
        chain.blocks[&chain.best].at
    }

    fn finalized(&self) -> BlockRef {
        let chain = self.0.lock();
        chain.blocks[&chain.finalized].at
    }

    fn validate(
        &self,
        at: Hash,
        _: TransactionSource,
        transactions: Vec<OpaqueExtrinsic>,
    ) -> Vec<Result<TransactionValidity, String>> {
        let mut chain = self.0.lock();
        chain.calls += 1;
        chain.validated += transactions.len();
        let validate = |xt: &OpaqueExtrinsic| -> TransactionValidity {
            if let Some(tags) = provided(xt) {
                let before = &chain.blocks[&at].provided;
                if tags.iter().any(|tag| before.contains(tag)) {
                    return Err(TransactionValidityError::Invalid(InvalidTransaction::Stale));
                }
                return Ok(ValidTransaction {
                    provides: tags.into_iter().map(|tag| vec![tag]).collect(),
                    ..Default::default()
                });
            }
            let Some((who, nonce, priority)) = parse(xt) else {
                let provides = vec![xt.inner().to_vec()];
                return Ok(ValidTransaction {
                    priority: u64::MAX,
                    provides,
                    ..Default::default()
                });
            };
            if chain.broke.contains(&who) {
                return Err(TransactionValidityError::Invalid(
                    InvalidTransaction::Payment,
                ));
            }
            let next = chain.blocks[&at]
                .nonces
                .get(&who)
                .copied()
                .unwrap_or_default();
            if nonce < next {
                return Err(TransactionValidityError::Invalid(InvalidTransaction::Stale));
            }
            let requires = if nonce > next {
                vec![Tx::<()>::nonce_tag(&who, nonce - 1)]
            } else {
                Vec::new()
            };
            let provides = vec![Tx::<()>::nonce_tag(&who, nonce)];
            Ok(ValidTransaction {
                priority,
                requires,
                provides,
                ..Default::default()
            })
        };
        transactions.iter().map(|xt| Ok(validate(xt))).collect()
    }

    fn nonces(&self, at: Hash, accounts: Vec<AccountId>) -> Result<Vec<Nonce>, String> {
        let chain = self.0.lock();
        let nonces = &chain.blocks.get(&at).ok_or("no such block")?.nonces;
        Ok(accounts
            .iter()
            .map(|who| nonces.get(who).copied().unwrap_or_default())
            .collect())
    }

    fn body(&self, at: Hash) -> Result<Option<Arc<[BodyItem]>>, String> {
        let chain = self.0.lock();
        let Some(block) = chain.blocks.get(&at) else {
            return Ok(None);
        };
        let items = block.body.iter().map(|xt| match identify::<Block>(xt) {
            (hash, _, Preamble::Signed(signer)) => BodyItem {
                hash,
                signed: true,
                signer,
            },
            (hash, _, Preamble::Other) => BodyItem {
                hash,
                signed: false,
                signer: None,
            },
        });
        Ok(Some(items.collect()))
    }

    fn route(&self, from: Hash, to: Hash) -> Result<Route, String> {
        let chain = self.0.lock();
        let (from, to) = (chain.path(from), chain.path(to));
        let retracted = from
            .iter()
            .filter(|block| !to.contains(block))
            .copied()
            .collect();
        let enacted = to
            .iter()
            .filter(|block| !from.contains(block))
            .rev()
            .copied()
            .collect();
        Ok(Route { retracted, enacted })
    }
}
