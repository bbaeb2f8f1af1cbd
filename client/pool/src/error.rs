//! Why a transaction is not accepted.

use plume_primitives::{Hash, Nonce};
use sc_transaction_pool_api::{TransactionPriority, error};
use sp_runtime::transaction_validity::{
    InvalidTransaction, TransactionValidityError, UnknownTransaction,
};

/// Why a transaction is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The pool has it already.
    #[error("the pool already has {0:?}")]
    Known(Hash),
    /// It is in a final block.
    #[error("already final in block {block:?}")]
    Finalized {
        /// The block.
        block: Hash,
    },
    /// The runtime refuses it.
    #[error("invalid: {}", <&'static str>::from(*.0))]
    Invalid(InvalidTransaction),
    /// The runtime cannot tell.
    #[error("validity unknown: {}", <&'static str>::from(*.0))]
    Unknown(UnknownTransaction),
    /// It provides no tag, so that nothing identifies it.
    #[error("it provides no tag")]
    NoTags,
    /// Another one holds its place and pays no less. Raise the tip to replace it.
    #[error("priority {new} does not exceed {old}, that of the transaction it would replace")]
    TooLowPriority {
        /// Priority of the present one.
        old: TransactionPriority,
        /// Priority of the newcomer.
        new: TransactionPriority,
    },
    /// Its nonce is too far above the chain's. Send the ones before it first.
    #[error("nonce {nonce} is more than {limit} above the account's {chain}")]
    TooFarAhead {
        /// The transaction's nonce.
        nonce: Nonce,
        /// The account's nonce at the best block.
        chain: Nonce,
        /// How far ahead a nonce may be.
        limit: Nonce,
    },
    /// A limit of the pool. Send it again later.
    #[error("the pool is full ({0})")]
    Full(Limit),
    /// The runtime could not be asked.
    #[error("the runtime failed: {0}")]
    Runtime(String),
}

/// Which limit refused a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Transactions in the pool.
    Pool,
    /// Future transactions in the pool.
    Future,
    /// Transactions of this account.
    Account,
    /// Transactions without an account.
    Loose,
    /// Transactions in blocks that are not final.
    Finality,
    /// Transactions that wait for validation.
    Queue,
}

impl Limit {
    /// Name for messages and metrics.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pool => "limit_pool",
            Self::Future => "limit_future",
            Self::Account => "limit_account",
            Self::Loose => "limit_loose",
            Self::Finality => "limit_finality",
            Self::Queue => "limit_queue",
        }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Pool => "all places are taken",
            Self::Future => "the places for transactions that wait for an earlier one are taken",
            Self::Account => "this account's places are taken",
            Self::Loose => "the places for transactions without a signature are taken",
            Self::Finality => "too many transactions wait for finality",
            Self::Queue => "too many transactions wait for validation",
        })
    }
}

impl Rejection {
    /// Name for metrics.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Known(_) => "known",
            Self::Finalized { .. } => "finalized",
            Self::Invalid(InvalidTransaction::Stale) => "stale",
            Self::Invalid(InvalidTransaction::Payment) => "payment",
            Self::Invalid(InvalidTransaction::BadProof) => "bad_proof",
            Self::Invalid(_) => "invalid",
            Self::Unknown(_) => "unknown",
            Self::NoTags => "no_tags",
            Self::TooLowPriority { .. } => "too_low_priority",
            Self::TooFarAhead { .. } => "too_far_ahead",
            Self::Full(limit) => limit.label(),
            Self::Runtime(_) => "runtime",
        }
    }

    /// Only what honest nodes do not pass on speaks against the peer who sent it. Everything else
    /// (late, unpayable by now, over our limits) happens to honest peers. A bad signature can be an
    /// honest peer's during an upgrade, but it takes some 370,000 of them to be banned.
    pub(crate) fn blames_the_sender(&self) -> bool {
        use InvalidTransaction::*;
        matches!(
            self,
            Self::NoTags
                | Self::Invalid(
                    BadProof | Call | MandatoryValidation | BadMandatory | UnknownOrigin
                )
        )
    }

    /// The SDK's error, which the author RPC turns into its code. A failing runtime has none.
    pub(crate) fn into_sdk(self) -> Result<error::Error, Self> {
        Ok(match self {
            Self::Known(hash) => error::Error::AlreadyImported(Box::new(hash)),
            Self::Finalized { .. } => error::Error::InvalidTransaction(InvalidTransaction::Stale),
            Self::Invalid(e) => error::Error::InvalidTransaction(e),
            Self::Unknown(e) => error::Error::UnknownTransaction(e),
            Self::NoTags => error::Error::NoTagsProvided,
            Self::TooLowPriority { old, new } => error::Error::TooLowPriority { old, new },
            Self::TooFarAhead { .. } => {
                error::Error::InvalidTransaction(InvalidTransaction::Future)
            }
            Self::Full(_) => error::Error::ImmediatelyDropped,
            Self::Runtime(_) => return Err(self),
        })
    }
}

impl From<TransactionValidityError> for Rejection {
    fn from(error: TransactionValidityError) -> Self {
        match error {
            TransactionValidityError::Invalid(e) => Self::Invalid(e),
            TransactionValidityError::Unknown(e) => Self::Unknown(e),
        }
    }
}

impl From<error::Error> for Rejection {
    fn from(error: error::Error) -> Self {
        match error {
            error::Error::InvalidTransaction(e) => Self::Invalid(e),
            error::Error::UnknownTransaction(e) => Self::Unknown(e),
            error::Error::NoTagsProvided => Self::NoTags,
            error::Error::TooLowPriority { old, new } => Self::TooLowPriority { old, new },
            error::Error::ImmediatelyDropped => Self::Full(Limit::Pool),
            other => Self::Runtime(other.to_string()),
        }
    }
}
