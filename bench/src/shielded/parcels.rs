//! Calls of the pool as transactions.

use crate::{Board, Calls, Parcel};
use plume_sdk::{At, AtBlock, Client, SignedTransfer};
use plume_wallet::{Call, Transfer};

const POOL: &str = "ShieldedPool";

/// Makes transactions of calls that no account signs.
pub struct Wrapper {
    client: Client,
    calls: Calls,
    at: AtBlock,
}

impl Wrapper {
    /// For the runtime that the node has now.
    pub async fn new(client: &Client) -> anyhow::Result<Self> {
        Ok(Self {
            client: client.clone(),
            calls: Calls::of(client).await?,
            at: client.at(At::Finalised).await?,
        })
    }

    /// A call as an account signs it.
    pub fn call(&self, call: &Call) -> anyhow::Result<Vec<u8>> {
        self.calls.encoded(POOL, call.name(), &call.arguments())
    }

    /// A general transaction.
    pub fn general(&self, call: &Call) -> anyhow::Result<SignedTransfer> {
        let general = self.client.general(&self.at, &self.call(call)?)?;
        Ok(SignedTransfer {
            hash: general.hash(),
            bytes: general.encoded().to_vec(),
        })
    }
}

/// Announces transactions that will be sent.
pub fn parcels(board: &Board, transactions: &[SignedTransfer]) -> Vec<Parcel> {
    let mut tracker = board.tracker_mut();
    let parcel = |transaction: &SignedTransfer| {
        Parcel::new(tracker.expect(transaction.hash), 0, 0, transaction)
    };
    transactions.iter().map(parcel).collect()
}

/// `count` transfers, each with the proof of another one of these: good points, and a wrong proof. No two are the same.
/// Fewer if there are not as many pairs.
pub fn exchange_proofs(transfers: &[Transfer], count: usize) -> Vec<Call> {
    let of = transfers.len();
    let pairs = (1..of).flat_map(|shift| (0..of).map(move |index| (index, (index + shift) % of)));
    pairs
        .take(count)
        .filter_map(|(body, proof)| {
            let (body, proof) = (transfers.get(body)?, transfers.get(proof)?);
            Some(Call::Transfer(Box::new(Transfer {
                body: body.body.clone(),
                proof: proof.proof,
            })))
        })
        .collect()
}
