//! The regulator's flow key: layer one, one holder, a new key each period.
//!
//! 1. The holder has one seed of 32 bytes. The secret of a period is a hash of seed, chain and period, so nothing
//!    else has to be kept, and a period's secret says nothing of the seed or of another period: it can be given to an
//!    auditor of that period, and whoever is given it reads that period only.
//! 2. The holder publishes the period's key with a proof that it knows the secret, bound to chain and period: nobody
//!    publishes another's key as their own, or a key whose secret nobody has, which would blind supervision.
//! 3. Old periods stay readable to whoever has the seed, and to nobody else. A holder that has to lose that ability
//!    destroys the seed.

use crate::{
    Bandersnatch, Bytes32, Bytes64, Point, PointError, Transcript,
    proofs::{prove_knowledge, verify_knowledge},
    stream::{FLOW_ELEMENTS, Layer, unmask},
};
use ark_ed_on_bls12_381_bandersnatch::Fr;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_circuits::FieldBytes;
use scale_info::TypeInfo;

/// A period's key as it is published: on the chain, and in a file.
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
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "std", serde(deny_unknown_fields))]
pub struct FlowKey {
    /// Hash of the chain's genesis block.
    pub chain: Bytes32,
    /// The period.
    pub period: u32,
    /// The key that transfers of the period encrypt to.
    pub key: Bytes32,
    /// That the publisher knows its secret.
    pub proof: Bytes64,
}

/// Why a flow key is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowKeyError {
    /// The key is no point.
    Point(PointError),
    /// The proof does not hold for this key, chain and period.
    Proof,
}

impl core::fmt::Display for FlowKeyError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Point(error) => error.fmt(f),
            Self::Proof => {
                f.write_str("the proof of possession does not hold for this key, chain and period")
            }
        }
    }
}

impl core::error::Error for FlowKeyError {}

fn transcript(chain: &Bytes32, period: u32) -> Transcript {
    Transcript::new("plume/flow/possession/1")
        .with(&chain.0)
        .with(&period.to_le_bytes())
}

impl FlowKey {
    /// The key, if it is one and its publisher knows the secret. Never panics. Costs a square root and three
    /// multiplications.
    pub fn verify<C: Bandersnatch>(&self) -> Result<Point<C>, FlowKeyError> {
        let point = Point::decode(&self.key).map_err(FlowKeyError::Point)?;
        if !verify_knowledge(transcript(&self.chain, self.period), &point, &self.proof) {
            return Err(FlowKeyError::Proof);
        }
        Ok(point)
    }
}

/// What layer one says of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Value of the payment + asset · 2⁶⁴.
    pub amount: FieldBytes,
    /// The sender's institution.
    pub institution: FieldBytes,
    /// The sender in this period.
    pub pseudonym: FieldBytes,
    /// What entered the pool + what left it · 2⁶⁴ + (1 when the sender is the receiver) · 2¹²⁸.
    pub public: FieldBytes,
}

/// The secret of one period.
#[derive(Clone)]
pub struct FlowSecret(Fr);

impl FlowSecret {
    /// From the holder's seed.
    pub fn derive(seed: &Bytes32, chain: &Bytes32, period: u32) -> Self {
        Self(
            Transcript::new("plume/flow/secret/1")
                .with(&seed.0)
                .with(&chain.0)
                .with(&period.to_le_bytes())
                .scalar(),
        )
    }

    /// From 32 bytes that the holder gave to an auditor; none when they are no scalar.
    pub fn from_bytes(bytes: &Bytes32) -> Option<Self> {
        crate::scalar(bytes).map(Self)
    }

    /// For an auditor of this period.
    pub fn to_bytes(&self) -> Bytes32 {
        crate::scalar_bytes(&self.0)
    }

    /// The key with its proof. `fresh` are 32 new random bytes. None when the secret is zero, which happens once in
    /// 2²⁵³ seeds.
    pub fn publish(&self, chain: &Bytes32, period: u32, fresh: &Bytes32) -> Option<FlowKey> {
        let point: Point = Point::of_secret(&self.0).ok()?;
        Some(FlowKey {
            chain: *chain,
            period,
            key: point.encode(),
            proof: prove_knowledge(transcript(chain, period), &self.0, &point, fresh),
        })
    }

    /// The shared point of a transfer, from which the transfer's own decoder reads layer one.
    pub fn shared(&self, ephemeral: &Point) -> Option<Point> {
        ephemeral.multiplied(&self.0).ok()
    }

    /// Reads layer one of a transfer of this period. A transfer of another period gives other elements, and no
    /// error: the period is a public input of the transfer.
    pub fn read(
        &self,
        ephemeral: &Point,
        ciphertext: &[FieldBytes; FLOW_ELEMENTS],
    ) -> Option<Flow> {
        let shared = self.shared(ephemeral)?;
        let plain = unmask(Layer::Flow, &shared, ciphertext);
        let [amount, institution, pseudonym, public] = plain.try_into().ok()?;
        Some(Flow {
            amount,
            institution,
            pseudonym,
            public,
        })
    }
}

impl core::fmt::Debug for FlowSecret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("FlowSecret(..)")
    }
}

#[cfg(feature = "std")]
impl Drop for FlowSecret {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}
