//! Opening a transfer's second layer: shares, their proofs, and what t of them give.
//!
//! A member computes D = \[x\]E from its share x and the transfer's ephemeral point E, and proves that the x is that
//! of its public share X = \[x\]G ([`prove_equality`](crate::proofs::prove_equality)). The proof's hash takes in the
//! [`Purpose`], so that a share for one warrant, one transaction, one chain or one epoch is refused for every other.
//! **A member opens only points of transfers that the chain has accepted.** Their proof shows that the sender knew e. Whoever
//! could have any point opened would copy the E of a transfer that the warrant is not about.
//!
//! t shares give S = \[committee's secret\]E, and with it who paid whom; fewer give nothing.

use crate::{
    Bandersnatch, Bytes32, Bytes64, Keys, Point, PointError, Transcript, committee,
    proofs::{prove_equality, verify_equality},
    stream::{COMMITTEE_ELEMENTS, Layer, unmask},
};
use alloc::vec::Vec;
use ark_ed_on_bls12_381_bandersnatch::{EdwardsConfig, Fr};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use educe::Educe;
use plume_circuits::FieldBytes;
use scale_info::TypeInfo;

/// What a share is for.
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
pub struct Purpose {
    /// Hash of the chain's genesis block.
    pub chain: Bytes32,
    /// [`Committee::id`](crate::Committee::id), and so the epoch.
    pub committee: Bytes32,
    /// Hash of the warrant.
    pub warrant: Bytes32,
    /// Hash of the transaction that is opened.
    pub transaction: Bytes32,
}

/// A member's part of an opening, as it is handed over: 98 bytes.
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
pub struct DecryptionShare {
    /// Whose it is.
    pub member: u16,
    /// D = \[x\]E.
    pub point: Bytes32,
    /// That it is.
    pub proof: Bytes64,
}

/// Why a share is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareError {
    /// The purpose is another chain's or another committee's, or another epoch's of this one.
    OtherCommittee,
    /// No member has this number.
    NoMember,
    /// The share is no point.
    Point(PointError),
    /// The proof does not hold: another share, another point, another purpose.
    Proof,
    /// The member's share was there already.
    Twice,
}

impl core::fmt::Display for ShareError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::OtherCommittee => {
                f.write_str("the share is for another chain, committee or epoch")
            }
            Self::NoMember => f.write_str("the committee has no such member"),
            Self::Point(error) => error.fmt(f),
            Self::Proof => f.write_str(
                "the share is false: its proof does not hold for this warrant and transaction",
            ),
            Self::Twice => f.write_str("the member's share is there twice"),
        }
    }
}

impl core::error::Error for ShareError {}

/// A share whose proof holds, for one ephemeral point and one purpose.
#[derive(Educe)]
#[educe(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedShare<C: Bandersnatch = EdwardsConfig> {
    member: u16,
    point: Point<C>,
    about: Bytes32,
}

impl<C: Bandersnatch> VerifiedShare<C> {
    /// Whose it is.
    pub fn member(&self) -> u16 {
        self.member
    }
}

fn transcript(purpose: &Purpose, member: u16) -> Transcript {
    Transcript::new("plume/committee/opening/1")
        .with(&purpose.encode())
        .with(&member.to_le_bytes())
}

fn about<C: Bandersnatch>(purpose: &Purpose, ephemeral: &Point<C>) -> Bytes32 {
    Transcript::new("plume/committee/about/1")
        .with(&purpose.encode())
        .with_point(ephemeral)
        .hash()
}

/// Makes a member's share of an opening. `fresh` are 32 new random bytes. None when the secret is zero, which no
/// member's is.
///
/// Whoever calls this has decided that the warrant is good: a share that is published cannot be taken back. The
/// multiplication takes a time that depends on the secret; do not let others measure it.
pub fn make_share<C: Bandersnatch>(
    secret: &Fr,
    member: u16,
    ephemeral: &Point<C>,
    purpose: &Purpose,
    fresh: &Bytes32,
) -> Option<DecryptionShare> {
    let public = Point::of_secret(secret).ok()?;
    let point = ephemeral.multiplied(secret).ok()?;
    let transcript = transcript(purpose, member);
    Some(DecryptionShare {
        member,
        point: point.encode(),
        proof: prove_equality(transcript, secret, &public, ephemeral, &point, fresh),
    })
}

/// Verifies one share against the member's public share. Never panics. Costs a square root and five
/// multiplications.
///
/// The caller sees to it that the public share is that of `share.member` in `purpose.committee`;
/// [`verify_shares`] does it all.
pub fn verify_share<C: Bandersnatch>(
    share: &DecryptionShare,
    public_share: &Point<C>,
    ephemeral: &Point<C>,
    purpose: &Purpose,
) -> Result<VerifiedShare<C>, ShareError> {
    let point = Point::decode(&share.point).map_err(ShareError::Point)?;
    let transcript = transcript(purpose, share.member);
    if !verify_equality(transcript, public_share, ephemeral, &point, &share.proof) {
        return Err(ShareError::Proof);
    }
    Ok(VerifiedShare {
        member: share.member,
        point,
        about: about(purpose, ephemeral),
    })
}

/// What came of verifying several shares.
#[derive(Educe)]
#[educe(Clone, Debug, PartialEq, Eq)]
pub struct Verified<C: Bandersnatch = EdwardsConfig> {
    /// The good ones, in the order in which they came, one a member.
    pub good: Vec<VerifiedShare<C>>,
    /// The others: under whose number they came, and what is wrong. Only what the member has signed, or sent as
    /// its account, tells that the member sent it.
    pub refused: Vec<(u16, ShareError)>,
}

/// Verifies shares for one opening. A false one spoils no other. Never panics.
pub fn verify_shares<C: Bandersnatch>(
    keys: &Keys<C>,
    shares: &[DecryptionShare],
    ephemeral: &Point<C>,
    purpose: &Purpose,
) -> Verified<C> {
    let mut verified = Verified {
        good: Vec::new(),
        refused: Vec::new(),
    };
    for share in shares {
        match verify_one(keys, share, ephemeral, purpose, &verified.good) {
            Ok(good) => verified.good.push(good),
            Err(error) => verified.refused.push((share.member, error)),
        }
    }
    verified
}

fn verify_one<C: Bandersnatch>(
    keys: &Keys<C>,
    share: &DecryptionShare,
    ephemeral: &Point<C>,
    purpose: &Purpose,
    good: &[VerifiedShare<C>],
) -> Result<VerifiedShare<C>, ShareError> {
    if purpose.committee != keys.id() || purpose.chain != keys.chain() {
        return Err(ShareError::OtherCommittee);
    }
    let public_share = keys.share_of(share.member).ok_or(ShareError::NoMember)?;
    if good.iter().any(|good| good.member == share.member) {
        return Err(ShareError::Twice);
    }
    verify_share(share, public_share, ephemeral, purpose)
}

/// Why shares do not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Fewer than the threshold.
    TooFew {
        /// How many there are.
        have: usize,
        /// How many it takes.
        need: u16,
    },
    /// They are for different purposes or transactions, or for another committee.
    Mixed,
    /// A member is there twice.
    Twice(u16),
}

impl core::fmt::Display for OpenError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooFew { have, need } => write!(f, "{have} good shares, and it takes {need}"),
            Self::Mixed => {
                f.write_str("the shares are not all for this warrant, transaction and committee")
            }
            Self::Twice(member) => write!(f, "member {member} is there twice"),
        }
    }
}

impl core::error::Error for OpenError {}

/// S = \[committee's secret\]E from at least t verified shares; the first t count.
pub fn combine<C: Bandersnatch>(
    keys: &Keys<C>,
    shares: &[VerifiedShare<C>],
    ephemeral: &Point<C>,
    purpose: &Purpose,
) -> Result<Point<C>, OpenError> {
    let need = keys.threshold();
    if purpose.committee != keys.id() || purpose.chain != keys.chain() {
        return Err(OpenError::Mixed);
    }
    let about = about(purpose, ephemeral);
    if shares.iter().any(|share| share.about != about) {
        return Err(OpenError::Mixed);
    }
    let mut points: Vec<(u16, Point<C>)> = Vec::new();
    for share in shares {
        if points.iter().any(|(member, _)| *member == share.member) {
            return Err(OpenError::Twice(share.member));
        }
        points.push((share.member, share.point));
    }
    let too_few = OpenError::TooFew {
        have: points.len(),
        need,
    };
    if points.len() < usize::from(need) {
        return Err(too_few);
    }
    points.truncate(usize::from(need));
    // Numbers are distinct, and neither E nor the committee's secret is zero, so there is a result.
    let shared = committee::combine(&points, 0).ok_or(OpenError::Mixed)?;
    Point::computed(shared).map_err(|_| OpenError::Mixed)
}

/// Who paid whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parties {
    /// The sender's subject, as the circuit knows it.
    pub sender: FieldBytes,
    /// The receiver's.
    pub receiver: FieldBytes,
}

/// Reads layer two.
pub fn read<C: Bandersnatch>(
    shared: &Point<C>,
    ciphertext: &[FieldBytes; COMMITTEE_ELEMENTS],
) -> Parties {
    let mut plain = unmask(Layer::Committee, shared, ciphertext).into_iter();
    Parties {
        sender: plain.next().unwrap_or_default(),
        receiver: plain.next().unwrap_or_default(),
    }
}
