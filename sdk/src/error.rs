//! What can go wrong, and what to do next.

use core::error::Error as StdError;

use crate::address::AddressError;
use crate::amount::AmountError;
use crate::dispatch::DispatchFailure;
use crate::progress::TxEnded;
use crate::raw::SubmitError;
use crate::signer::SecretError;

/// A result of this library.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// An error of this library. `Display` is the reason followed by the hint; [`Error::reason`] and
/// [`Error::hint`] give them apart.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The endpoint is not a WebSocket URL.
    #[error("`{url}` is not an address of a node: {reason}. {}", hint::URL)]
    BadUrl {
        /// As given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The endpoint is plain `ws://` on another machine.
    #[error(
        "{url} is on another machine and the connection would not be encrypted. {}",
        hint::INSECURE
    )]
    InsecureUrl {
        /// As given.
        url: String,
    },
    /// Nothing answers at the endpoint.
    #[error("cannot reach a node at {url}: {reason}. {}", hint::CONNECT)]
    Connect {
        /// As given.
        url: String,
        /// The transport's words.
        reason: String,
    },
    /// A request failed on its way.
    #[error(
        "the connection to the node failed during {method}: {reason}. {}",
        hint::CONNECTION
    )]
    Connection {
        /// The JSON-RPC method.
        method: String,
        /// The transport's words.
        reason: String,
    },
    /// The node answered a request with an error.
    #[error("the node refused {method}: {reason} ({code}). {}", hint::REFUSED)]
    Refused {
        /// The JSON-RPC method.
        method: String,
        /// JSON-RPC error code.
        code: i32,
        /// The node's words.
        reason: String,
    },
    /// The node answered with something else than asked for.
    #[error("the node's answer to {method} cannot be read. {}", hint::NOT_PLUME)]
    BadAnswer {
        /// The JSON-RPC method.
        method: String,
    },
    /// The node does not know a block that it should.
    #[error("the node does not know block {block}. {}", hint::PRUNED)]
    UnknownBlock {
        /// Hash, number or role.
        block: String,
    },
    /// subxt could not read or write something with the metadata at hand.
    #[error("the runtime does not fit what was asked: {0}. {hint}", hint = hint::NOT_PLUME)]
    Runtime(#[source] Box<subxt::Error>),
    /// The runtime has no such API: it is older than the question.
    #[error("this runtime has no {api}. {}", hint::NO_API)]
    NoRuntimeApi {
        /// Name of the API.
        api: &'static str,
    },
    /// Hand-written encoding and the runtime's metadata disagree.
    #[error(
        "the runtime's transaction format is not the one this version signs offline: {reason}. {}",
        hint::UPDATE
    )]
    Format {
        /// What differs.
        reason: String,
    },
    /// A lifetime that the chain cannot check.
    #[error(
        "a transaction cannot live for {blocks} blocks on this chain, {max} is the most. {}",
        hint::MORTALITY
    )]
    Mortality {
        /// As asked for.
        blocks: u32,
        /// `System::BlockHashCount`.
        max: u32,
    },
    /// The pool refused the transaction.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The transaction left the pool without being finalised.
    #[error(transparent)]
    Ended(#[from] TxEnded),
    /// The transaction is in a block, and its call failed there.
    #[error(transparent)]
    Dispatch(#[from] DispatchFailure),
    /// A secret cannot be used.
    #[error("{0}. {hint}", hint = .0.hint())]
    Secret(#[from] SecretError),
    /// An address cannot be used.
    #[error("{0}. {hint}", hint = hint::ADDRESS)]
    Address(#[from] AddressError),
    /// An amount cannot be used.
    #[error("{0}. {hint}", hint = hint::AMOUNT)]
    Amount(#[from] AmountError),
}

impl Error {
    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::BadUrl { .. } => hint::URL,
            Self::InsecureUrl { .. } => hint::INSECURE,
            Self::Connect { .. } => hint::CONNECT,
            Self::Connection { .. } => hint::CONNECTION,
            Self::Refused { .. } => hint::REFUSED,
            Self::BadAnswer { .. } | Self::Runtime(_) => hint::NOT_PLUME,
            Self::UnknownBlock { .. } => hint::PRUNED,
            Self::NoRuntimeApi { .. } => hint::NO_API,
            Self::Format { .. } => hint::UPDATE,
            Self::Mortality { .. } => hint::MORTALITY,
            Self::Submit(error) => error.hint(),
            Self::Ended(error) => error.hint(),
            Self::Dispatch(error) => error.hint(),
            Self::Secret(error) => error.hint(),
            Self::Address(_) => hint::ADDRESS,
            Self::Amount(_) => hint::AMOUNT,
        }
    }

    /// What went wrong, without the hint.
    pub fn reason(&self) -> String {
        let text = self.to_string();
        text.strip_suffix(self.hint())
            .unwrap_or(&text)
            .trim_end_matches([' ', '.'])
            .to_owned()
    }

    pub(crate) fn rpc(method: &str, error: subxt_rpcs::Error) -> Self {
        let method = method.to_owned();
        match error {
            subxt_rpcs::Error::User(user) => Self::Refused {
                method,
                code: user.code,
                reason: user.message,
            },
            subxt_rpcs::Error::Deserialization(_) | subxt_rpcs::Error::Decode(_) => {
                Self::BadAnswer { method }
            }
            other => Self::Connection {
                method,
                reason: innermost(&other),
            },
        }
    }

    pub(crate) fn runtime(error: impl Into<subxt::Error>) -> Self {
        Self::Runtime(Box::new(error.into()))
    }
}

/// The innermost cause: what the operating system or the peer said, without the layers that passed it on.
pub(crate) fn innermost(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let text = cause.to_string();
    let mut line = text.lines().next().unwrap_or("no reason given");
    while let Some(rest) = line
        .strip_prefix("RPC error: ")
        .or(line.strip_prefix("client error: "))
    {
        line = rest;
    }
    line.to_owned()
}

/// What to do next, one sentence each; shared by the error and whoever prints it apart.
pub(crate) mod hint {
    pub const URL: &str = "Write it like ws://127.0.0.1:9944 or wss://rpc.example.com";
    pub const INSECURE: &str =
        "Use wss://, tunnel to the machine, or permit plain connections (--insecure)";
    pub const CONNECT: &str =
        "Start a node (plume-node --dev), or give the address of one that runs";
    pub const CONNECTION: &str = "Check that the node still runs, then connect again";
    pub const REFUSED: &str =
        "Check that the node serves this method to you and knows the block asked about";
    pub const NOT_PLUME: &str = "Check that the node runs a Plume runtime that this version knows";
    pub const NO_API: &str = "Ask again when the network has upgraded its runtime";
    pub const PRUNED: &str = "Ask a node that keeps older state, or ask about a newer block";
    pub const UPDATE: &str = "Update plume-sdk to the version that came with this runtime";
    pub const MORTALITY: &str = "Choose fewer blocks, or make the transaction immortal";
    pub const SECRET: &str =
        "Give //Alice, a mnemonic in quotes, or a seed of 0x and 64 hex digits";
    pub const WORDS: &str = "Choose 12, 15, 18, 21 or 24 words";
    pub const RANDOMNESS: &str = "Make the account on another machine";
    pub const ADDRESS: &str = "Check who gave it to you, and copy the whole of it";
    pub const AMOUNT: &str = "Write PLUME with a point and up to 18 decimals, such as 12.5";
    pub const STALE: &str = "Leave the nonce out to use the next free one, or see whether the transaction is in a block already";
    pub const FUTURE: &str =
        "Send the transactions with the lower nonces first, or leave the nonce out";
    pub const PAYMENT: &str = "Fund the sender, or send less so that the fee remains";
    pub const BAD_SIGNATURE: &str =
        "Connect again so that the runtime's current version and genesis are signed";
    pub const EXPIRED: &str = "Sign it again on a recent block";
    pub const PATIENCE: &str = "Send it again in the next block";
    pub const DENIED: &str = "No fee was taken; ask the institution that knows you what it takes";
    pub const CUSTOM: &str = "Look the code up among the runtime's transaction extensions";
    pub const INVALID: &str = "Build the transaction again with fresh metadata and nonce";
    pub const BANNED: &str = "Change anything in it (a new nonce or tip) and send that";
    pub const ALREADY: &str = "Nothing needs to be done: watch for it in a block";
    pub const LOW_PRIORITY: &str = "Add a tip to replace the one that waits, or use the next nonce";
    pub const POOL_FULL: &str = "Wait for a few blocks and send it again";
    pub const OTHER_NODE: &str = "Send it to another node";
    pub const BAD_FORMAT: &str = "Connect again: the runtime may have been upgraded";
    pub const LOST: &str = "Connect again and look for its hash before you send it once more";
    pub const USURPED: &str = "Look whether the one that took its place was yours";
    pub const DROPPED: &str = "Wait for a few blocks and send it again, with a tip if it is urgent";
    pub const NOT_FINAL: &str = "Check that at least two thirds of the validators are online";
    pub const DISPATCH: &str =
        "Correct the call and send it again; the fee for this attempt was charged";
    pub const FUNDS: &str = "Fund the sender or send less; the fee for this attempt was charged";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reason_and_hint_together_are_the_whole_message() {
        let errors = [
            Error::BadUrl {
                url: "x".into(),
                reason: "y".into(),
            },
            Error::InsecureUrl {
                url: "ws://example.com".into(),
            },
            Error::Connect {
                url: "ws://127.0.0.1:1".into(),
                reason: "refused".into(),
            },
            Error::BadAnswer { method: "m".into() },
            Error::UnknownBlock { block: "7".into() },
            Error::NoRuntimeApi { api: "BooksApi" },
            Error::Mortality {
                blocks: 9000,
                max: 4096,
            },
            Error::Submit(SubmitError::Stale),
            Error::Ended(TxEnded::Dropped),
            Error::Amount(AmountError::Empty),
            Error::Secret(SecretError::Seed),
        ];
        for error in errors {
            assert_eq!(
                error.to_string(),
                format!("{}. {}", error.reason(), error.hint())
            );
        }
    }

    #[test]
    fn a_refusal_keeps_the_nodes_words_and_code() {
        let user = subxt_rpcs::UserError {
            code: -32601,
            message: "Method not found".into(),
            data: None,
        };
        let error = Error::rpc("author_rotateKeys", subxt_rpcs::Error::User(user));
        assert_eq!(
            error.reason(),
            "the node refused author_rotateKeys: Method not found (-32601)"
        );
    }
}
