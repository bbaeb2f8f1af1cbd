//! Calls of the pool as transactions.

use crate::{Board, Calls, Parcel};
use anyhow::{Context, anyhow};
use plume_circuits::{
    Fr,
    transfer::verify::{Proof, VerifyingKey},
};
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

/// The same calls with other proofs of the same statements, as anybody can make them from a proof.
///
/// Errors if a proof is none.
pub fn rerandomised(
    calls: &[Call],
    key: &VerifyingKey<ark_bls12_381::Bls12_381>,
) -> anyhow::Result<Vec<Call>> {
    let other = |transfer: &Transfer| -> anyhow::Result<Transfer> {
        let proof = Proof::<ark_bls12_381::Bls12_381>::from_uncompressed(&transfer.proof)
            .map_err(|error| anyhow!("a proof that was just made is none: {error}"))?;
        let proof = proof
            .rerandomised(key, Fr::from(7u64), Fr::from(11u64))
            .context("seven has an inverse")?;
        Ok(Transfer {
            body: transfer.body.clone(),
            proof: proof.to_uncompressed(),
        })
    };
    calls
        .iter()
        .map(|call| {
            Ok(match call {
                Call::Deposit(transfer) => Call::Deposit(Box::new(other(transfer)?)),
                Call::Transfer(transfer) => Call::Transfer(Box::new(other(transfer)?)),
                Call::Withdraw {
                    transfer,
                    fee,
                    to,
                    amount,
                } => Call::Withdraw {
                    transfer: Box::new(other(transfer)?),
                    fee: fee.as_deref().map(other).transpose()?.map(Box::new),
                    to: *to,
                    amount: *amount,
                },
                Call::Bundle(transfers) => {
                    Call::Bundle(transfers.iter().map(other).collect::<anyhow::Result<_>>()?)
                }
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_circuits::{FieldBytes, transfer::Point};
    use plume_wallet::Body;
    use std::collections::BTreeSet;

    fn transfer(number: u8) -> Transfer {
        let element = FieldBytes::from(u64::from(number));
        Transfer {
            body: Body {
                circuit: 1,
                note_root: element,
                credential_root: element,
                nullifiers: [element; 2],
                commitments: [element; 2],
                counter_nullifier: element,
                counter_commitment: element,
                public_in: None,
                public_out: None,
                time: 0,
                ephemeral: Point::default(),
                flow: [element; 4],
                identities: [element; 2],
                notes: [Vec::new(), Vec::new()],
            },
            proof: [number; 384],
        }
    }

    #[test]
    fn no_transfer_keeps_its_proof_and_no_two_are_the_same() {
        let transfers: Vec<_> = (0..4).map(transfer).collect();
        let all = exchange_proofs(&transfers, 1_000);
        assert_eq!(all.len(), 12, "ordered pairs of four");
        let said: BTreeSet<_> = all.iter().map(Call::arguments).collect();
        assert_eq!(said.len(), all.len());
        for call in &all {
            for bad in call.transfers() {
                let own = transfers.iter().find(|one| one.body == bad.body);
                assert!(own.is_some_and(|own| own.proof != bad.proof));
            }
        }
        assert_eq!(exchange_proofs(&transfers, 5), all[..5]);
        assert!(exchange_proofs(&transfers[..1], 5).is_empty());
    }
}
