//! Claims about the pool.

mod ledger;
mod mock;
mod pool;
mod properties;

use crate::{
    account::Class,
    admit::Newcomer,
    chain::{BlockRef, BodyItem},
    error::Rejection,
    follow::{Advance, BlockBody},
    ledger::{Event, Ledger, Origin},
    options::Options,
    outcome::Outcome,
    ready::Cursor,
    tx::{Slot, Tx},
};
use plume_primitives::{AccountId, Hash, Nonce};
use sp_runtime::transaction_validity::ValidTransaction;
use std::{collections::HashMap, sync::Arc};

pub(crate) fn account(n: u8) -> AccountId {
    AccountId::new([n; 32])
}

/// Hash of a test's transaction: who, which nonce, which tip.
pub(crate) fn hash(who: u8, nonce: Nonce, tip: u64) -> Hash {
    let mut bytes = [who; 32];
    bytes[..4].copy_from_slice(&nonce.to_be_bytes());
    bytes[4..12].copy_from_slice(&tip.to_be_bytes());
    Hash::from(bytes)
}

pub(crate) fn block(number: u64, fork: u8) -> BlockRef {
    BlockRef {
        hash: Hash::from_low_u64_be((number << 8) | u64::from(fork) | 1 << 40),
        number,
    }
}

pub(crate) fn signed(who: u8, nonce: Nonce, tip: u64) -> Tx<()> {
    let validity = ValidTransaction {
        priority: tip,
        provides: vec![Tx::<()>::nonce_tag(&account(who), nonce)],
        ..Default::default()
    };
    Tx::new(hash(who, nonce, tip), Arc::new(()), 100, true, validity)
}

pub(crate) fn loose(id: u8, priority: u64, requires: &[u8], provides: &[u8]) -> Tx<()> {
    let tags = |tags: &[u8]| tags.iter().map(|tag| vec![*tag]).collect();
    let validity = ValidTransaction {
        priority,
        requires: tags(requires),
        provides: tags(provides),
        ..Default::default()
    };
    Tx::new(Hash::repeat_byte(id), Arc::new(()), 100, false, validity)
}

/// A ledger with a toy chain: bodies by block, nonces from bodies.
pub(crate) struct Toy {
    pub(crate) ledger: Ledger<()>,
    /// The best chain from genesis on.
    pub(crate) chain: Vec<BlockBody>,
    pub(crate) now_ms: u64,
    /// How every transaction ended, as the events told.
    pub(crate) ended: HashMap<Hash, Outcome>,
    pub(crate) finalized: usize,
    forks: u8,
}

impl Toy {
    pub(crate) fn new(options: Options) -> Self {
        let genesis = BlockBody {
            block: block(0, 0),
            items: Arc::from([]),
        };
        let ledger = Ledger::new(options, genesis.block, genesis.block);
        Self {
            ledger,
            chain: vec![genesis],
            now_ms: 0,
            ended: HashMap::new(),
            finalized: 0,
            forks: 0,
        }
    }

    pub(crate) fn nonce(&self, who: &AccountId) -> Nonce {
        let items = self.chain.iter().flat_map(|body| body.items.iter());
        items
            .filter(|item| item.signer.as_ref() == Some(who))
            .count() as Nonce
    }

    pub(crate) fn submit(&mut self, tx: Tx<()>) -> Result<Class, Rejection> {
        let chain_nonce = match &tx.slot {
            Slot::Nonce { account, .. } => Some(self.nonce(account)),
            Slot::Tags => None,
        };
        let validated_at = self.ledger.best.number;
        let newcomer = Newcomer {
            tx,
            origin: Origin::Local,
            now_ms: self.now_ms,
            validated_at,
            chain_nonce,
        };
        let answer = self.ledger.admit(newcomer);
        self.events();
        answer
    }

    /// Keeps how transactions end; says what else happened.
    pub(crate) fn events(&mut self) -> Vec<Event> {
        let events = self.ledger.take_events();
        for event in &events {
            match event {
                Event::Ended { hash, outcome } => {
                    let before = self.ended.insert(*hash, outcome.clone());
                    assert_eq!(before, None, "{hash:?} ended twice");
                }
                // Accepted again after its end.
                Event::Ready(hash) | Event::Future(hash) => {
                    self.ended.remove(hash);
                }
                _ => {}
            }
        }
        events
    }

    pub(crate) fn ready(&self) -> Vec<Arc<Tx<()>>> {
        let view = self
            .ledger
            .view_at(&self.ledger.best.hash)
            .expect("the best block has a view");
        let mut cursor = Cursor::new(view);
        std::iter::from_fn(|| cursor.next(&self.ledger)).collect()
    }

    pub(crate) fn item(tx: &Tx<()>) -> BodyItem {
        match &tx.slot {
            Slot::Nonce { account, .. } => BodyItem {
                hash: tx.hash,
                signed: true,
                signer: Some(account.clone()),
            },
            Slot::Tags => BodyItem {
                hash: tx.hash,
                signed: false,
                signer: None,
            },
        }
    }

    /// Leaves `depth` blocks and enters one with these transactions on each height left, and one more.
    pub(crate) fn build(&mut self, depth: usize, bodies: Vec<Vec<BodyItem>>) -> Vec<Event> {
        let keep = (self.chain.len() - depth).max(self.finalized + 1);
        let retracted: Vec<_> = self.chain.drain(keep..).rev().collect();
        self.forks = self.forks.wrapping_add(1);
        let mut enacted = Vec::new();
        for items in bodies {
            let body = BlockBody {
                block: block(self.chain.len() as u64, self.forks),
                items: items.into(),
            };
            self.chain.push(body.clone());
            enacted.push(body);
        }
        let best = self.chain.last().expect("there is a genesis").block;
        self.ledger.begin_advance();
        let touched = self.ledger.touched(retracted.iter().chain(&enacted));
        let nonces = touched
            .into_iter()
            .map(|who| (who.clone(), self.nonce(&who)))
            .collect();
        self.ledger.advance(Advance {
            best,
            retracted,
            enacted,
            nonces,
            jumped: false,
        });
        self.events()
    }

    /// The next block takes up to `count` ready transactions.
    pub(crate) fn take(&mut self, count: usize) -> Vec<Event> {
        let items = self
            .ready()
            .iter()
            .take(count)
            .map(|tx| Self::item(tx))
            .collect();
        self.build(0, vec![items])
    }

    pub(crate) fn finalize(&mut self, count: usize) {
        for _ in 0..count {
            let Some(body) = self.chain.get(self.finalized + 1).cloned() else {
                break;
            };
            self.finalized += 1;
            self.ledger.finalize(&body);
        }
        let unsettled = self.ledger.unsettled();
        let final_chain = &self.chain[..=self.finalized];
        let nonce = |who: &AccountId| {
            let items = final_chain.iter().flat_map(|body| body.items.iter());
            items
                .filter(|item| item.signer.as_ref() == Some(who))
                .count() as Nonce
        };
        let nonces = unsettled
            .into_iter()
            .map(|who| (who.clone(), nonce(&who)))
            .collect();
        self.ledger.settle(nonces, false);
        self.ledger.expire(self.now_ms);
        self.events();
    }
}
