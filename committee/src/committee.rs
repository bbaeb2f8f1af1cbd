//! What everybody knows of a committee: its key, how many open, and each member's public share.
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use crate::{Bandersnatch, Bytes32, Point, PointError, Transcript, lagrange};
use alloc::vec::Vec;
use ark_ec::twisted_edwards::Projective;
use ark_ff::AdditiveGroup;
use codec::{Decode, DecodeWithMemTracking, Encode};
use educe::Educe;
use scale_info::TypeInfo;

/// The most members of a committee. Numbers of members are between 1 and [`u16::MAX`], in any order.
pub const MAX_MEMBERS: usize = 100;
/// The least threshold: a committee of which one member opens is no committee.
pub const MIN_THRESHOLD: u16 = 2;

/// A member's number and public share X = \[x\]G.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "std", serde(deny_unknown_fields))]
pub struct Seat {
    /// The number, which is where the member's share lies on the polynomial.
    pub member: u16,
    /// The public share.
    pub share: Bytes32,
}

/// A committee as it is published: on the chain, and in `committee.json`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "std", serde(deny_unknown_fields))]
pub struct Committee {
    /// Hash of the chain's genesis block.
    pub chain: Bytes32,
    /// How often the key was handed over: 0 after the key generation.
    pub epoch: u32,
    /// The ceremony that it comes from: hash of the roster of its members.
    pub ceremony: Bytes32,
    /// How many members open.
    pub threshold: u16,
    /// The key that transfers encrypt to. It stays the same from epoch to epoch.
    pub key: Bytes32,
    /// The members, numbers ascending.
    pub seats: Vec<Seat>,
}

/// Why a committee is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitteeError {
    /// Fewer than two open, or more than there are members.
    Threshold,
    /// More than [`MAX_MEMBERS`].
    TooMany,
    /// A number is zero, or not above the one before.
    Numbers,
    /// The key is no point.
    Key(PointError),
    /// A member's public share is no point.
    Share(u16, PointError),
    /// The public shares do not lie on one polynomial of the threshold's degree through the key; the member is the
    /// first that does not fit those before it, or zero for the key.
    Inconsistent(u16),
}

impl core::fmt::Display for CommitteeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Threshold => {
                f.write_str("the threshold is below two or above the number of members")
            }
            Self::TooMany => write!(f, "more than {MAX_MEMBERS} members"),
            Self::Numbers => f.write_str("members' numbers have to be above zero and ascend"),
            Self::Key(error) => write!(f, "the committee's key: {error}"),
            Self::Share(member, error) => write!(f, "the public share of member {member}: {error}"),
            Self::Inconsistent(0) => f.write_str("the public shares belong to another key"),
            Self::Inconsistent(member) => write!(
                f,
                "the public share of member {member} does not fit the others"
            ),
        }
    }
}

impl core::error::Error for CommitteeError {}

impl Committee {
    /// The committee's identity: a hash of all of it. Another epoch has another.
    pub fn id(&self) -> Bytes32 {
        Transcript::new("plume/committee/id/1")
            .with(&self.encode())
            .hash()
    }

    /// Decodes and checks all of it. Costs (n - t + 1) · t + 2n multiplications: once, when it is published.
    pub fn keys<C: Bandersnatch>(&self) -> Result<Keys<C>, CommitteeError> {
        if self.seats.len() > MAX_MEMBERS {
            return Err(CommitteeError::TooMany);
        }
        let threshold = usize::from(self.threshold);
        if self.threshold < MIN_THRESHOLD || threshold > self.seats.len() {
            return Err(CommitteeError::Threshold);
        }
        let mut last = 0;
        for seat in &self.seats {
            if seat.member <= last {
                return Err(CommitteeError::Numbers);
            }
            last = seat.member;
        }
        let key = Point::decode(&self.key).map_err(CommitteeError::Key)?;
        let shares = self
            .seats
            .iter()
            .map(|seat| match Point::decode(&seat.share) {
                Ok(point) => Ok((seat.member, point)),
                Err(error) => Err(CommitteeError::Share(seat.member, error)),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let base: Vec<_> = shares.iter().take(threshold).copied().collect();
        if combine(&base, 0) != Some(key.group()) {
            return Err(CommitteeError::Inconsistent(0));
        }
        for (member, share) in shares.iter().skip(threshold) {
            if combine(&base, *member) != Some(share.group()) {
                return Err(CommitteeError::Inconsistent(*member));
            }
        }
        Ok(Keys {
            id: self.id(),
            chain: self.chain,
            threshold: self.threshold,
            key,
            shares,
        })
    }
}

/// The value at `at` of the polynomial through these points; none when a number is there twice.
pub(crate) fn combine<C: Bandersnatch>(
    points: &[(u16, Point<C>)],
    at: u16,
) -> Option<Projective<C>> {
    let numbers: Vec<u16> = points.iter().map(|(member, _)| *member).collect();
    let weights = lagrange::weights(&numbers, at)?;
    Some(
        points
            .iter()
            .zip(weights)
            .fold(Projective::ZERO, |sum, ((_, point), weight)| {
                sum + point.0 * weight
            }),
    )
}

/// A committee whose every point was decoded and checked.
#[derive(Educe)]
#[educe(Clone, Debug, PartialEq, Eq)]
pub struct Keys<C: Bandersnatch = ark_ed_on_bls12_381_bandersnatch::EdwardsConfig> {
    id: Bytes32,
    chain: Bytes32,
    threshold: u16,
    key: Point<C>,
    shares: Vec<(u16, Point<C>)>,
}

impl<C: Bandersnatch> Keys<C> {
    /// [`Committee::id`].
    pub fn id(&self) -> Bytes32 {
        self.id
    }

    /// Hash of the chain's genesis block.
    pub fn chain(&self) -> Bytes32 {
        self.chain
    }

    /// How many members open.
    pub fn threshold(&self) -> u16 {
        self.threshold
    }

    /// The key that transfers encrypt to.
    pub fn key(&self) -> &Point<C> {
        &self.key
    }

    /// Numbers and public shares, ascending.
    pub fn shares(&self) -> &[(u16, Point<C>)] {
        &self.shares
    }

    /// A member's public share.
    pub fn share_of(&self, member: u16) -> Option<&Point<C>> {
        let place = self
            .shares
            .binary_search_by_key(&member, |(number, _)| *number)
            .ok()?;
        self.shares.get(place).map(|(_, share)| share)
    }
}
