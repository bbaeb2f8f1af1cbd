//! What everybody sees of a transfer: the public inputs of its proof.

use super::point::Point;
use crate::FieldBytes;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// How many public inputs a proof has.
pub const PUBLIC_INPUTS: usize = 27;
/// Elements that are encrypted to the flow key.
pub const FLOW_LENGTH: usize = 4;
/// Elements that are encrypted to the committee's key.
pub const COMMITTEE_LENGTH: usize = 2;

/// An amount of an asset that enters or leaves the pool in public, in the pool's units of the asset. Of value zero
/// it is nothing, whatever the asset.
///
/// Being a `u64` and a `u32` it brings the range that the circuit relies on.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct PublicAmount {
    /// Which asset.
    pub asset: u32,
    /// How much.
    pub value: u64,
}

impl PublicAmount {
    /// Nothing.
    pub const NONE: Self = Self { asset: 0, value: 0 };

    /// value + asset · 2⁶⁴, or zero for nothing.
    pub fn element(&self) -> FieldBytes {
        if self.value == 0 {
            FieldBytes::ZERO
        } else {
            packed_value(self.value, self.asset)
        }
    }
}

/// value + asset · 2⁶⁴: how a note and the flow layer hold an amount.
pub fn packed_value(value: u64, asset: u32) -> FieldBytes {
    (u128::from(value) | (u128::from(asset) << 64)).into()
}

/// The public inputs of a transfer, in the order in which they are proven.
///
/// The chain takes 0 to 3, 10 to 17 and 26 from its own state and from the call, never from the prover's word.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct PublicInputs {
    /// 0: root of the tree of notes, a recent one.
    pub note_root: FieldBytes,
    /// 1: root of the tree of credentials, a recent one.
    pub credential_root: FieldBytes,
    /// 2: root of the tree of policies, the present one.
    pub policy_root: FieldBytes,
    /// 3: which pool of which chain; see [`pool_id`].
    pub pool_id: FieldBytes,
    /// 4, 5: nullifiers of the inputs. The chain refuses a known one, and two that are equal.
    pub nullifiers: [FieldBytes; 2],
    /// 6, 7: commitments of the payment's note and of the change's.
    pub commitments: [FieldBytes; 2],
    /// 8: nullifier of the old counter. The chain treats it as one of the nullifiers.
    pub counter_nullifier: FieldBytes,
    /// 9: commitment of the new counter. The chain appends it like a note.
    pub counter_commitment: FieldBytes,
    /// 10: what enters the pool.
    pub public_in: PublicAmount,
    /// 11: what leaves the pool; the fee is in it when the asset is the fee's.
    pub public_out: PublicAmount,
    /// 12: a moment that is not later than now, in seconds since the first block. Credentials are valid then.
    pub time: u32,
    /// 13: number of the period in which the transfer is counted. The chain says which one is running.
    pub period: u32,
    /// 14, 15: key of the regulator's flow layer.
    pub flow_key: Point,
    /// 16, 17: key of the committee's layer.
    pub committee_key: Point,
    /// 18, 19: the ephemeral point of both layers.
    pub ephemeral: Point,
    /// 20 to 23: the flow layer.
    pub flow_ciphertext: [FieldBytes; FLOW_LENGTH],
    /// 24, 25: the committee's layer.
    pub committee_ciphertext: [FieldBytes; COMMITTEE_LENGTH],
    /// 26: hash of the call without its proofs. No constraint reads it: being a public input binds it.
    pub binding: FieldBytes,
}

impl PublicInputs {
    /// The inputs as field elements, in order.
    pub fn to_elements(&self) -> [FieldBytes; PUBLIC_INPUTS] {
        let [nullifier_1, nullifier_2] = self.nullifiers;
        let [commitment_1, commitment_2] = self.commitments;
        let [flow_1, flow_2, flow_3, flow_4] = self.flow_ciphertext;
        let [committee_1, committee_2] = self.committee_ciphertext;
        [
            self.note_root,
            self.credential_root,
            self.policy_root,
            self.pool_id,
            nullifier_1,
            nullifier_2,
            commitment_1,
            commitment_2,
            self.counter_nullifier,
            self.counter_commitment,
            self.public_in.element(),
            self.public_out.element(),
            u64::from(self.time).into(),
            u64::from(self.period).into(),
            self.flow_key.x,
            self.flow_key.y,
            self.committee_key.x,
            self.committee_key.y,
            self.ephemeral.x,
            self.ephemeral.y,
            flow_1,
            flow_2,
            flow_3,
            flow_4,
            committee_1,
            committee_2,
            self.binding,
        ]
    }

    /// The nullifiers that a chain marks as spent: both inputs', then the counter's.
    pub fn all_nullifiers(&self) -> [FieldBytes; 3] {
        let [first, second] = self.nullifiers;
        [first, second, self.counter_nullifier]
    }

    /// The commitments that a chain appends to the tree of notes: payment, change, counter.
    pub fn all_commitments(&self) -> [FieldBytes; 3] {
        let [payment, change] = self.commitments;
        [payment, change, self.counter_commitment]
    }
}

/// Bytes before the genesis hash in the preimage of a pool's number.
pub const POOL_DOMAIN: &[u8] = b"plume/pool/1";

/// The number of a chain's pool: [`FieldBytes::from_hash`] of BLAKE2b-256 of [`POOL_DOMAIN`] and the hash of the
/// genesis block. `blake2_256` is the caller's, because a runtime has it from its host.
pub fn pool_id(genesis: &[u8; 32], blake2_256: impl FnOnce(&[u8]) -> [u8; 32]) -> FieldBytes {
    let mut preimage = alloc::vec::Vec::with_capacity(POOL_DOMAIN.len().saturating_add(32));
    preimage.extend_from_slice(POOL_DOMAIN);
    preimage.extend_from_slice(genesis);
    FieldBytes::from_hash(blake2_256(&preimage))
}
