//! A signed transfer as the wire wants it, and the names of refusals.

use crate::TxId;
use plume_sdk::{
    SignedTransfer,
    raw::{Rpc, SubmitError, to_hex},
    subxt_rpcs::client::RawValue,
};

/// A signed transfer whose request needs only to be copied to be sent.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Its number in the [`crate::Tracker`].
    pub id: TxId,
    /// Number of its payer among the [`crate::Accounts`]; for transfers of the funder no meaning.
    pub payer: usize,
    /// Its place among the payer's transactions.
    pub nonce: u32,
    params: Box<RawValue>,
}

impl Parcel {
    /// Encodes the request.
    pub fn new(id: TxId, payer: usize, nonce: u32, signed: &SignedTransfer) -> Self {
        let text = format!("[\"{}\"]", to_hex(&signed.bytes));
        let params = RawValue::from_string(text).expect("hex digits in quotes are JSON");
        Self {
            id,
            payer,
            nonce,
            params,
        }
    }

    /// Hands it to a node's pool; see [`Rpc::submit_raw`].
    pub async fn send(&self, rpc: &Rpc) -> Result<(), SubmitError> {
        let answer = rpc
            .client()
            .request_raw("author_submitExtrinsic", Some(self.params.clone()));
        answer.await.map(drop).map_err(SubmitError::from)
    }
}

/// A name for counting refusals by.
pub fn refusal_kind(error: &SubmitError) -> &'static str {
    match error {
        SubmitError::Stale => "stale nonce",
        SubmitError::Future => "nonce too high",
        SubmitError::Payment => "cannot pay",
        SubmitError::BadSignature => "bad signature",
        SubmitError::Expired => "expired",
        SubmitError::ExhaustsResources => "exhausts resources",
        SubmitError::Denied { .. } => "denied by a policy",
        SubmitError::Custom(_) => "refused by the runtime",
        SubmitError::Invalid { .. } => "invalid",
        SubmitError::UnknownValidity { .. } => "unknown validity",
        SubmitError::TemporarilyBanned => "banned",
        SubmitError::AlreadyImported { .. } => "known already",
        SubmitError::TooLowPriority => "priority too low",
        SubmitError::PoolFull => "pool full",
        SubmitError::Unactionable => "unactionable",
        SubmitError::BadFormat { .. } => "bad format",
        SubmitError::Connection { .. } => "connection failed",
        _ => "other",
    }
}
