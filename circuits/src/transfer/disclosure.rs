//! The two encrypted layers of a transfer, and how the holders of their keys read them.
//!
//! Both hang on one ephemeral point E. The holder of the key K = \[k\]G computes the shared point \[k\]E; a committee
//! does so together, under a warrant. A layer is its plaintext plus [`crate::key_stream`] of the shared point and of
//! the layer's number, element by element. That a ciphertext holds what it should is proven by the transfer.

use super::{COMMITTEE_LAYER, COMMITTEE_LENGTH, FLOW_LAYER, FLOW_LENGTH, packed_value};
use crate::{FieldBytes, STREAM_BLOCK, key_stream};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What the regulator's flow key opens.
///
/// | element | what |
/// |---|---|
/// | 1 | value of the payment + asset · 2⁶⁴ |
/// | 2 | the sender's issuer |
/// | 3 | the sender's pseudonym in the period |
/// | 4 | what entered + what left · 2⁶⁴ + (1 when the sender is the receiver) · 2¹²⁸ |
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct FlowPlain {
    /// Which asset.
    pub asset: u32,
    /// What the payment's note is worth.
    pub value: u64,
    /// The sender's issuer, as a field element.
    pub issuer: FieldBytes,
    /// The sender's name for the period.
    pub pseudonym: FieldBytes,
    /// What entered the pool.
    pub public_in: u64,
    /// What left the pool.
    pub public_out: u64,
    /// Whether the receiver is the sender, so that nothing was paid.
    pub to_self: bool,
}

/// What the committee opens together.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct CommitteePlain {
    /// The sender, as the issuer numbers it.
    pub sender: FieldBytes,
    /// The receiver. Proven where the policy asks for the receiver's credential, and the sender's word elsewhere;
    /// zero where there is none.
    pub receiver: FieldBytes,
}

impl FlowPlain {
    fn elements(&self) -> [FieldBytes; FLOW_LENGTH] {
        let amounts = u128::from(self.public_in) | (u128::from(self.public_out) << 64);
        let mut kind = *FieldBytes::from(amounts).as_bytes();
        if let Some(byte) = kind.get_mut(16) {
            *byte = u8::from(self.to_self);
        }
        [
            packed_value(self.value, self.asset),
            self.issuer,
            self.pseudonym,
            FieldBytes::trusted(kind),
        ]
    }

    /// The ciphertext under a shared point.
    pub fn encrypt(&self, shared: &[FieldBytes; 2]) -> [FieldBytes; FLOW_LENGTH] {
        plus(self.elements(), key_stream(shared, FLOW_LAYER, 0))
    }

    /// The plaintext, from a shared point. None when the point is not the right one.
    pub fn decrypt(
        shared: &[FieldBytes; 2],
        ciphertext: &[FieldBytes; FLOW_LENGTH],
    ) -> Option<Self> {
        let [amount, issuer, pseudonym, kind] =
            minus(*ciphertext, key_stream(shared, FLOW_LAYER, 0));
        let (value, asset) = halves(&amount);
        let (public_in, public_out) = halves(&kind);
        let plain = Self {
            asset: u32::try_from(asset).ok()?,
            value,
            issuer,
            pseudonym,
            public_in,
            public_out,
            to_self: kind.as_bytes().get(16) == Some(&1),
        };
        (plain.elements() == [amount, issuer, pseudonym, kind]).then_some(plain)
    }
}

impl CommitteePlain {
    /// The ciphertext under a shared point.
    pub fn encrypt(&self, shared: &[FieldBytes; 2]) -> [FieldBytes; COMMITTEE_LENGTH] {
        plus(
            [self.sender, self.receiver],
            key_stream(shared, COMMITTEE_LAYER, 0),
        )
    }

    /// The plaintext, from a shared point. A wrong point gives other elements, and nothing tells.
    pub fn decrypt(shared: &[FieldBytes; 2], ciphertext: &[FieldBytes; COMMITTEE_LENGTH]) -> Self {
        let [sender, receiver] = minus(*ciphertext, key_stream(shared, COMMITTEE_LAYER, 0));
        Self { sender, receiver }
    }
}

/// The two lowest numbers of 64 bits.
fn halves(element: &FieldBytes) -> (u64, u64) {
    let bytes = element.as_bytes();
    let number = |from: usize| {
        bytes
            .iter()
            .skip(from)
            .take(8)
            .rev()
            .fold(0u64, |number, byte| (number << 8) | u64::from(*byte))
    };
    (number(0), number(8))
}

#[allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]
fn plus<const N: usize>(
    plain: [FieldBytes; N],
    stream: [FieldBytes; STREAM_BLOCK],
) -> [FieldBytes; N] {
    let mut sum = plain;
    for (to, key) in sum.iter_mut().zip(stream) {
        *to = (to.to_element() + key.to_element()).into();
    }
    sum
}

#[allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]
fn minus<const N: usize>(
    cipher: [FieldBytes; N],
    stream: [FieldBytes; STREAM_BLOCK],
) -> [FieldBytes; N] {
    let mut left = cipher;
    for (to, key) in left.iter_mut().zip(stream) {
        *to = (to.to_element() - key.to_element()).into();
    }
    left
}
