//! What a proof is about: the public inputs of a transfer.
//!
//! | from | inputs (`plume_circuits::transfer::PublicInputs`) |
//! |---|---|
//! | the transfer | roots of notes and credentials, nullifiers, commitments, amounts, moment, ciphertexts |
//! | the chain, by the transfer's moment | root of the policies, period, flow key, committee's key |
//! | the chain | the pool's number |
//! | the call | [the binding](bind) |
//!
//! What the chain knows by itself does not travel.

use crate::{Amount, Body, Period, Transfer};
use alloc::vec::Vec;
use codec::Encode;
use plume_circuits::{
    FieldBytes,
    transfer::{Point, PublicAmount, PublicInputs},
};
use sp_io::hashing::blake2_256;

/// Bytes that begin the preimage of a binding.
const BINDING_DOMAIN: &[u8] = b"plume/pool/binding/1";

/// What the chain knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// Root of the policies that count at the transfer's moment.
    pub policy_root: FieldBytes,
    /// The pool of this chain.
    pub pool: FieldBytes,
    /// Period of the transfer's moment.
    pub period: Period,
    /// The flow key of that period.
    pub flow_key: Point,
    /// The committee's key at that moment.
    pub committee_key: Point,
    /// What the proof is bound to.
    pub binding: FieldBytes,
}

/// The number of the pool of a chain, by its genesis: what is proven for one chain counts on no other.
pub fn pool_id(genesis: &[u8; 32]) -> FieldBytes {
    plume_circuits::transfer::pool_id(genesis, blake2_256)
}

/// What a call does with its transfers.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub enum Purpose<'a, AccountId> {
    /// The account brings value.
    Deposit(&'a AccountId),
    /// Value changes hands.
    Transfer,
    /// So many units go to the account.
    Withdrawal {
        /// Who gets them.
        to: &'a AccountId,
        /// Units of the asset that leaves.
        amount: u64,
    },
    /// Values change hands together.
    Bundle,
}

/// What all proofs of a call are bound to: the call without its proofs, so its purpose and every transfer with
/// the ciphertexts of its notes. Nothing of it can be changed, exchanged, left out or used for another purpose.
pub fn bind<'a, AccountId: Encode>(
    purpose: &Purpose<'_, AccountId>,
    transfers: impl Iterator<Item = &'a Transfer>,
) -> FieldBytes {
    let bodies: Vec<&Body> = transfers.map(|transfer| &transfer.body).collect();
    FieldBytes::from_hash(blake2_256(&(BINDING_DOMAIN, purpose, bodies).encode()))
}

/// The public inputs of a transfer.
pub fn inputs(body: &Body, context: &Context) -> PublicInputs {
    let public =
        |amount: &Option<Amount>| amount.map_or(PublicAmount::NONE, |amount| amount.public());
    PublicInputs {
        note_root: body.note_root,
        credential_root: body.credential_root,
        policy_root: context.policy_root,
        pool_id: context.pool,
        nullifiers: body.nullifiers,
        commitments: body.commitments,
        counter_nullifier: body.counter_nullifier,
        counter_commitment: body.counter_commitment,
        public_in: public(&body.public_in),
        public_out: public(&body.public_out),
        time: body.time,
        period: context.period,
        flow_key: context.flow_key,
        committee_key: context.committee_key,
        ephemeral: body.ephemeral,
        flow_ciphertext: body.flow,
        committee_ciphertext: body.identities,
        binding: context.binding,
    }
}
