//! Why the pool did not take a transaction.

use subxt::utils::H256;

use super::{denial, parse_hash};
use crate::error::{hint, innermost};

/// The node's answer to a submission that it refused. Codes are those of `sc-rpc-api`'s author errors.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// The nonce was used already (1010).
    #[error("the nonce was used already. {}", hint::STALE)]
    Stale,
    /// The nonce skips numbers and the pool takes no such transaction (1010 or 1021).
    #[error("the nonce is too high for now. {}", hint::FUTURE)]
    Future,
    /// The sender cannot pay the fee (1010).
    #[error("the sender cannot pay the fee. {}", hint::PAYMENT)]
    Payment,
    /// The signature does not match what the chain expects to have been signed (1010).
    #[error("the signature does not match. {}", hint::BAD_SIGNATURE)]
    BadSignature,
    /// The block that the transaction's lifetime counts from is too old (1010).
    #[error("the transaction expired before it was sent. {}", hint::EXPIRED)]
    Expired,
    /// It does not fit into a block any more (1010).
    #[error(
        "the transaction does not fit into the current block. {}",
        hint::PATIENCE
    )]
    ExhaustsResources,
    /// A policy of the chain denies what it would move (1010).
    #[error(
        "a policy denies the transaction: {says} (reason {code}). {}",
        hint::DENIED
    )]
    Denied {
        /// The reason's number, as `docs/compliance.md` lists them.
        code: u8,
        /// What it says.
        says: &'static str,
    },
    /// A transaction extension of the runtime refused it with its own number (1010).
    #[error("the runtime refused the transaction with its own code {0}. {hint}", hint = hint::CUSTOM)]
    Custom(u8),
    /// Invalid for another reason (1010).
    #[error("the transaction is invalid: {reason}. {}", hint::INVALID)]
    Invalid {
        /// The node's words.
        reason: String,
    },
    /// The runtime could not say whether it is valid (1011).
    #[error(
        "the runtime cannot judge the transaction: {reason}. {}",
        hint::INVALID
    )]
    UnknownValidity {
        /// The node's words.
        reason: String,
    },
    /// It was invalid a moment ago; the pool does not look again for a while (1012).
    #[error(
        "the pool has banned this very transaction for some minutes. {}",
        hint::BANNED
    )]
    TemporarilyBanned,
    /// The pool has it already (1013).
    #[error("the pool has this transaction already. {}", hint::ALREADY)]
    AlreadyImported {
        /// Its hash, where the node told.
        hash: Option<H256>,
    },
    /// Another with the same nonce and at least the same priority waits (1014).
    #[error(
        "another transaction with this nonce waits in the pool. {}",
        hint::LOW_PRIORITY
    )]
    TooLowPriority,
    /// It would depend on itself (1015).
    #[error("the transaction depends on itself. {}", hint::INVALID)]
    CycleDetected,
    /// The pool is at its limit (1016).
    #[error("the node's pool is full. {}", hint::POOL_FULL)]
    PoolFull,
    /// Neither to be passed on nor to be authored by this node (1018).
    #[error(
        "this node neither authors blocks nor passes the transaction on. {}",
        hint::OTHER_NODE
    )]
    Unactionable,
    /// The bytes are not an extrinsic of this runtime (1001 and 1002).
    #[error("the node cannot read the transaction: {reason}. {}", hint::BAD_FORMAT)]
    BadFormat {
        /// The node's words.
        reason: String,
    },
    /// Another refusal.
    #[error(
        "the node refused the transaction ({code}): {reason}. {}",
        hint::INVALID
    )]
    Other {
        /// JSON-RPC error code.
        code: i32,
        /// The node's words.
        reason: String,
    },
    /// The request did not get through or its answer did not come: the transaction may or may not be in the pool.
    #[error(
        "the connection failed while the transaction was on its way: {reason}. {}",
        hint::LOST
    )]
    Connection {
        /// What failed.
        reason: String,
    },
}

impl SubmitError {
    /// What to do next; also the end of the `Display` text.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Stale => hint::STALE,
            Self::Future => hint::FUTURE,
            Self::Payment => hint::PAYMENT,
            Self::BadSignature => hint::BAD_SIGNATURE,
            Self::Expired => hint::EXPIRED,
            Self::ExhaustsResources => hint::PATIENCE,
            Self::Denied { .. } => hint::DENIED,
            Self::Custom(_) => hint::CUSTOM,
            Self::TemporarilyBanned => hint::BANNED,
            Self::AlreadyImported { .. } => hint::ALREADY,
            Self::TooLowPriority => hint::LOW_PRIORITY,
            Self::PoolFull => hint::POOL_FULL,
            Self::Unactionable => hint::OTHER_NODE,
            Self::BadFormat { .. } => hint::BAD_FORMAT,
            Self::Connection { .. } => hint::LOST,
            Self::Invalid { .. }
            | Self::UnknownValidity { .. }
            | Self::CycleDetected
            | Self::Other { .. } => hint::INVALID,
        }
    }

    /// Whether the same bytes may be accepted if they are sent again a little later.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::PoolFull | Self::ExhaustsResources | Self::Future | Self::Connection { .. }
        )
    }
}

impl From<subxt_rpcs::Error> for SubmitError {
    fn from(error: subxt_rpcs::Error) -> Self {
        let subxt_rpcs::Error::User(user) = error else {
            return Self::Connection {
                reason: innermost(&error),
            };
        };
        let data = user.data.as_ref().map(|data| {
            serde_json::from_str::<String>(data.get()).unwrap_or_else(|_| data.get().to_owned())
        });
        let reason = data.clone().unwrap_or_else(|| user.message.clone());
        match user.code {
            1001 | 1002 => Self::BadFormat {
                reason: user.message,
            },
            1010 => invalid(reason),
            1011 => Self::UnknownValidity { reason },
            1012 => Self::TemporarilyBanned,
            1013 => Self::AlreadyImported {
                hash: data.as_deref().and_then(parse_hash),
            },
            1014 => Self::TooLowPriority,
            1015 => Self::CycleDetected,
            1016 => Self::PoolFull,
            1018 => Self::Unactionable,
            1021 => Self::Future,
            code => Self::Other { code, reason },
        }
    }
}

/// Code 1010 carries sp-runtime's words for the `InvalidTransaction` in its data.
fn invalid(reason: String) -> SubmitError {
    match reason.as_str() {
        "Transaction is outdated" => SubmitError::Stale,
        "Transaction will be valid in the future" => SubmitError::Future,
        "Inability to pay some fees (e.g. account balance too low)" => SubmitError::Payment,
        "Transaction has a bad signature" => SubmitError::BadSignature,
        "Transaction has an ancient birth block" => SubmitError::Expired,
        "Transaction would exhaust the block limits" => SubmitError::ExhaustsResources,
        other => match other
            .strip_prefix("Custom error: ")
            .and_then(|code| code.parse().ok())
        {
            Some(code) => match denial::reason(code) {
                Some(says) => SubmitError::Denied { code, says },
                None => SubmitError::Custom(code),
            },
            None => SubmitError::Invalid { reason },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: i32, data: Option<&str>) -> SubmitError {
        let data = data.map(|data| {
            subxt_rpcs::client::RawValue::from_string(format!("{data:?}"))
                .expect("a quoted string is JSON")
        });
        let user = subxt_rpcs::UserError {
            code,
            message: "Invalid Transaction".into(),
            data,
        };
        subxt_rpcs::Error::User(user).into()
    }

    #[test]
    fn invalid_transactions_are_told_apart_by_the_nodes_words() {
        assert!(matches!(
            refused(1010, Some("Transaction is outdated")),
            SubmitError::Stale
        ));
        assert!(matches!(
            refused(1010, Some("Transaction will be valid in the future")),
            SubmitError::Future
        ));
        assert!(matches!(
            refused(
                1010,
                Some("Inability to pay some fees (e.g. account balance too low)")
            ),
            SubmitError::Payment
        ));
        assert!(matches!(
            refused(1010, Some("Transaction has a bad signature")),
            SubmitError::BadSignature
        ));
        assert!(matches!(
            refused(1010, Some("Custom error: 2")),
            SubmitError::Denied { code: 2, .. }
        ));
        assert!(matches!(
            refused(1010, Some("Custom error: 7")),
            SubmitError::Custom(7)
        ));
        assert!(matches!(
            refused(1010, Some("Custom error: 700")),
            SubmitError::Invalid { .. }
        ));
        assert!(matches!(refused(1010, None), SubmitError::Invalid { .. }));
    }

    #[test]
    fn every_code_of_the_pool_has_its_own_name() {
        assert!(matches!(
            refused(1012, None),
            SubmitError::TemporarilyBanned
        ));
        let hash = format!("0x{}", "ab".repeat(32));
        assert!(matches!(
            refused(1013, Some(&hash)),
            SubmitError::AlreadyImported { hash: Some(H256(bytes)) } if bytes == [0xab; 32]
        ));
        assert!(matches!(refused(1014, None), SubmitError::TooLowPriority));
        assert!(matches!(refused(1015, None), SubmitError::CycleDetected));
        assert!(matches!(refused(1016, None), SubmitError::PoolFull));
        assert!(matches!(refused(1018, None), SubmitError::Unactionable));
        assert!(matches!(refused(1021, None), SubmitError::Future));
        assert!(matches!(
            refused(4711, None),
            SubmitError::Other { code: 4711, .. }
        ));
    }

    #[test]
    fn every_refusal_ends_with_what_to_do_next() {
        for code in [
            1001, 1010, 1011, 1012, 1013, 1014, 1015, 1016, 1018, 1021, 9999,
        ] {
            let error = refused(code, None);
            assert!(!error.hint().is_empty());
            assert!(error.to_string().ends_with(error.hint()), "{error}");
        }
    }
}
