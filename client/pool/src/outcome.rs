//! How a transaction stands, and how it ended.

use plume_primitives::{Hash, Nonce};
use sc_transaction_pool_api::{TransactionPriority, TransactionStatus};
use serde::{Deserialize, Serialize};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};
use std::{
    borrow::Cow,
    collections::{HashMap, VecDeque},
};

/// How a transaction ended. Every accepted one has exactly one of these in the end; a later
/// `Finalized` corrects an earlier other one (another node's block may include what this one gave up).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "outcome"
)]
pub enum Outcome {
    /// In a final block.
    Finalized {
        /// The block.
        block: Hash,
        /// Position in the block's body.
        index: u32,
    },
    /// Another transaction of the same account and nonce took its place.
    Replaced {
        /// That transaction, if this node knows it.
        by: Option<Hash>,
    },
    /// The chain would not take it any more.
    Invalid {
        /// Why, in words.
        reason: Cow<'static, str>,
    },
    /// Its time ran out before a block took it.
    Expired {
        /// Which time.
        reason: Cow<'static, str>,
    },
    /// An operator took it out.
    Removed,
}

impl Outcome {
    /// The status that watchers of the transaction get.
    pub(crate) fn status(&self, own: Hash) -> TransactionStatus<Hash, Hash> {
        match self {
            Self::Finalized { block, index } => {
                TransactionStatus::Finalized((*block, *index as usize))
            }
            Self::Replaced { by } => TransactionStatus::Usurped(by.unwrap_or(own)),
            Self::Invalid { .. } | Self::Expired { .. } | Self::Removed => {
                TransactionStatus::Invalid
            }
        }
    }

    /// Name for logs and metrics.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Self::Finalized { .. } => "finalized",
            Self::Replaced { .. } => "replaced",
            Self::Invalid { .. } => "invalid",
            Self::Expired { .. } => "expired",
            Self::Removed => "removed",
        }
    }
}

/// How a transaction stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "state"
)]
pub enum State {
    /// Received, and not validated yet.
    Validating,
    /// Accepted, and waiting for something before it.
    Future {
        /// The first missing nonce of its account; none if it waits for another kind of transaction.
        waits_for: Option<Nonce>,
    },
    /// The next block may take it.
    Ready {
        /// Its priority among others.
        priority: TransactionPriority,
    },
    /// In a block that is not final.
    InBlock {
        /// The block.
        block: Hash,
        /// Position in the block's body.
        index: u32,
    },
    /// The account's nonce has passed it, by a block that this node has not looked into or by another
    /// transaction. Finality tells which.
    Passed,
    /// It has left the pool.
    Ended(Outcome),
}

/// What a refusal by the runtime means for a transaction that was accepted before.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing: the refusal says more about the moment than about the transaction.
    Keep,
    /// The pool's idea of the account's nonce may be old.
    Outdated,
    /// It is over.
    End(Outcome),
}

impl Verdict {
    pub(crate) fn of(error: &TransactionValidityError) -> Self {
        use InvalidTransaction::*;
        match error {
            TransactionValidityError::Unknown(_) => Self::Keep,
            TransactionValidityError::Invalid(Stale | Future) => Self::Outdated,
            TransactionValidityError::Invalid(ExhaustsResources) => Self::Keep,
            TransactionValidityError::Invalid(AncientBirthBlock) => Self::End(Outcome::Expired {
                reason: "its era has ended".into(),
            }),
            TransactionValidityError::Invalid(Custom(code)) => Self::End(Outcome::Invalid {
                reason: format!("refused by the runtime, code {code}").into(),
            }),
            TransactionValidityError::Invalid(other) => {
                let reason: &'static str = (*other).into();
                Self::End(Outcome::Invalid {
                    reason: reason.into(),
                })
            }
        }
    }
}

/// The last outcomes, by transaction hash.
pub(crate) struct Outcomes {
    by_hash: HashMap<Hash, Outcome>,
    order: VecDeque<Hash>,
    limit: usize,
}

impl Outcomes {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            by_hash: HashMap::new(),
            order: VecDeque::new(),
            limit,
        }
    }

    pub(crate) fn insert(&mut self, hash: Hash, outcome: Outcome) {
        if self.by_hash.insert(hash, outcome).is_some() {
            return;
        }
        self.order.push_back(hash);
        while self.order.len() > self.limit {
            if let Some(oldest) = self.order.pop_front() {
                self.by_hash.remove(&oldest);
            }
        }
    }

    pub(crate) fn get(&self, hash: &Hash) -> Option<&Outcome> {
        self.by_hash.get(hash)
    }
}
