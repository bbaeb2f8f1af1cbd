//! What the node asks the runtime beyond the SDK's interfaces: the same questions, many at a time.
//!
//! Entering the runtime costs more than a transfer's own work (a fresh wasm instance, decoding,
//! a state overlay). Asking for a batch pays that once.
//!
//! Transactions cross this border as bytes. Were they decoded on the way in, one that this runtime
//! cannot read would end the call for the whole batch; so it gets an answer of its own.

// The macro writes the bounds of a trait's parameters twice.
#![allow(clippy::multiple_bound_locations)]

use crate::{AccountId, Nonce, books::Books};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_consensus_slots::EquivocationProof;
use sp_runtime::{
    ApplyExtrinsicResult, OpaqueExtrinsic,
    traits::Block as BlockT,
    transaction_validity::{TransactionSource, TransactionValidity},
};

/// A heartbeat to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct HeartbeatDue {
    /// The validator's place in its session.
    pub member: u8,
    /// The slot in which it says that it is alive.
    pub slot: u64,
    /// The bytes to sign with its session key.
    pub payload: Vec<u8>,
}

/// What a node is to the network.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum NodeRole {
    /// Seals blocks and votes, when its operator's validator sits.
    Validator,
    /// Serves wallets and applications.
    Rpc,
    /// Watches on behalf of a supervisor; reads only.
    Regulator,
}

/// A node that a permissioned network lets in.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AdmittedNode {
    /// Its libp2p peer id: a multihash, 38 bytes for an ed25519 key.
    pub peer_id: Vec<u8>,
    /// What it is admitted as.
    pub role: NodeRole,
}

sp_api::decl_runtime_apis! {
    /// Batches of transactions, validated or applied in one entry into the runtime.
    pub trait TransactionBatch {
        /// Validates each transaction on its own against the same state, as
        /// `TaggedTransactionQueue::validate_transaction` does: what one changes, the next does not
        /// see. One answer per transaction, in order; `InvalidTransaction::Call` for bytes that are none.
        fn validate_transactions(
            source: TransactionSource,
            transactions: Vec<OpaqueExtrinsic>,
            block_hash: <Block as BlockT>::Hash,
        ) -> Vec<TransactionValidity>;

        /// Applies the transactions in order to the block being built, as
        /// `BlockBuilder::apply_extrinsic` does one at a time. What a refused one changed is undone,
        /// and the next is applied to the state before it. One answer per transaction, in order;
        /// `InvalidTransaction::Call` for bytes that are none.
        fn apply_extrinsics(extrinsics: Vec<OpaqueExtrinsic>) -> Vec<ApplyExtrinsicResult>;

        /// The next nonce of each account, in order.
        fn account_nonces(accounts: Vec<AccountId>) -> Vec<Nonce>;
    }

    /// The rotation of authors, for those who are out of it.
    pub trait Leadership<AuthorityId: codec::Codec, AuthoritySignature: codec::Codec> {
        /// What the validator with this key should sign to be let back; none while it has nothing to
        /// announce: it seals, it was heard a moment ago, or it is no validator.
        fn heartbeat_due(key: AuthorityId) -> Option<HeartbeatDue>;

        /// The transaction that carries the signed heartbeat.
        fn heartbeat(due: HeartbeatDue, signature: AuthoritySignature) -> OpaqueExtrinsic;
    }

    /// The nodes of a permissioned network.
    pub trait Membership {
        /// Every node that is let in, in no particular order, none twice. Empty on a network that has
        /// admitted none: it is open.
        fn admitted_nodes() -> Vec<AdmittedNode>;
    }

    /// Two blocks of one author in one slot.
    pub trait DoubleSeals<AuthorityId: codec::Codec> {
        /// Proof that the key belongs to a validator of the session that this state is in, encoded;
        /// none when it does not.
        fn seal_key_ownership(key: AuthorityId) -> Option<Vec<u8>>;

        /// The transaction that reports the two headers, both with their seals. It needs no signature
        /// and costs nothing. None when the proof of ownership cannot be read.
        fn report_double_seal(
            proof: EquivocationProof<<Block as BlockT>::Header, AuthorityId>,
            key_ownership: Vec<u8>,
        ) -> Option<OpaqueExtrinsic>;
    }

    /// Where every planck is.
    pub trait BooksApi {
        /// All PLUME after this block, by where it is. It visits every account, so it is for whoever asks a
        /// node now and then, and never for a block: a million accounts take seconds.
        fn books() -> Books;
    }
}
