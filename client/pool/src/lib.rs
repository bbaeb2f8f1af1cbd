//! Keeps accepted transactions until they are final: in nonce order, never evicted, never forgotten.
//!
//! # What it promises
//!
//! A transaction that was accepted (its submission returned a hash) is in the pool until exactly one
//! [`Outcome`] ends it, and that outcome can be asked for by its hash:
//!
//! | outcome | when |
//! |---|---|
//! | `Finalized` | a final block includes it |
//! | `Replaced` | another of the same account and nonce, with a higher priority, was accepted, or was final first |
//! | `Invalid` | the runtime refuses it now: an author tried it, or its turn came to be validated again |
//! | `Expired` | its era ended before a *final* block could take it, or what it waited for did not come in hours |
//! | `Removed` | an operator took it out |
//!
//! Nothing else ends it. A full pool refuses the newcomer (`ImmediatelyDropped`, RPC error 1016) and
//! says by which limit. The pool is in memory: a node that stops forgets what it had, and the nodes
//! it sent it to have it still.
//!
//! # How a transaction stands
//!
//! ```text
//!                           gap closes            a best block passes its nonce
//!   submitted ─► validated ─► FUTURE ─► READY ─────────────────► INCLUDED ─► finalised
//!                    │           ▲         │ ▲                        │
//!                    ▼           └─────────┘ └────────────────────────┘
//!                 refused       one before it left       reorganisation
//! ```
//!
//! Where it stands follows from one number, the account's nonce at the best block, and from which
//! nonces are here. So there is nothing to prune, to resubmit or to ban: a new best block, a
//! reorganisation and a late validation all only set that number. What was included is kept until it
//! is final, because a reorganisation makes it ready again.
//!
//! Transactions without an account and nonce (reports of equivocation, authorised calls) are ordered
//! by the tags that they require and provide, and stand as the blocks' bodies say. One that comes back
//! out of a block that was left is validated again at once: the new branch may have provided its tags,
//! for instance spent the same note, in a transaction that was never here.
//!
//! # Who does what
//!
//! - [`RpcView`]: the pool for wallets, authors, offchain workers and the chain's events.
//! - [`NetView`]: the pool for the gossip. It announces everything that arrived here first, future
//!   transactions included, at a bounded pace; peers do not pass it on. What no block has taken after
//!   3 s its node sends again, after 10 s any node.
//! - `ledger`, `admit`, `account`, `tags`: the state and its rules, with no client, clock or task.
//! - `follow`, `history`, `timing`: what best blocks, finality and time do to it.
//! - `ready`: the order in which an author sees it; `author`: what an author asks for and reports.
//! - `submit`, `validation`: submissions in batches, one call of the runtime for up to 64.
//! - `maintain`: brings the ledger to where the chain is. `chain`: what the pool asks of the chain.
//! - `pool`, `watch`, `outcome`, `announce`, `metrics`: those who want to know.
//!
//! # What a peer or wallet can do
//!
//! Fill its own accounts' places, not others'. A transaction that waits for a missing nonce costs its
//! sender nothing, so those have three quarters of the places at most and hours at most. A peer that
//! sends what we have, what is late or what is over our limits does nothing wrong.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::indexing_slicing))]

mod account;
mod admit;
mod announce;
mod author;
mod chain;
mod error;
mod follow;
mod history;
mod ledger;
mod maintain;
mod metrics;
mod net_view;
mod options;
mod outcome;
mod pool;
mod ready;
mod rpc_view;
mod submit;
mod tags;
#[cfg(test)]
mod tests;
mod timing;
mod tx;
mod validation;
mod watch;

pub use chain::{BlockRef, BodyItem, ChainState, FullChain, Route};
pub use error::{Limit, Rejection};
pub use net_view::{NetError, NetView};
pub use options::Options;
pub use outcome::{Outcome, State};
pub use pool::LedgerPool;
pub use rpc_view::{RpcError, RpcView};
pub use tx::{Slot, Tx};
pub use watch::Status;

/// Target of this crate's log lines.
pub const LOG_TARGET: &str = "txpool";
