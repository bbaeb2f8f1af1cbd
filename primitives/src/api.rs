//! What the node asks the runtime beyond the SDK's interfaces: the same questions, many at a time.
//!
//! Entering the runtime costs more than a transfer's own work (a fresh wasm instance, decoding,
//! a state overlay). Asking for a batch pays that once.
//!
//! Transactions cross this border as bytes. Were they decoded on the way in, one that this runtime
//! cannot read would end the call for the whole batch; so it gets an answer of its own.

use crate::{AccountId, Nonce};
use alloc::vec::Vec;
use sp_runtime::{
    ApplyExtrinsicResult, OpaqueExtrinsic,
    traits::Block as BlockT,
    transaction_validity::{TransactionSource, TransactionValidity},
};

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
}
