//! Who takes part in a ceremony. Every member works from the same roster, and its hash is the ceremony's name.

use crate::{Bytes32, Card, Error, MAX_MEMBERS, MIN_THRESHOLD, MemberKey, Point, Transcript};
use codec::{Decode, Encode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest label, in bytes.
pub const MAX_LABEL_BYTES: usize = 64;

/// A member on a roster.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterMember {
    /// The number.
    pub member: u16,
    /// The keys.
    pub card: Card,
}

/// A roster.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roster {
    /// Hash of the chain's genesis block.
    pub chain: Bytes32,
    /// What people call it, and what tells a second try from the first. No personal data.
    pub label: String,
    /// 0 for a key generation, one more for each resharing.
    pub epoch: u32,
    /// For a resharing: the committee that deals ([`Committee::id`](crate::Committee::id)).
    pub previous: Option<Bytes32>,
    /// How many open.
    pub threshold: u16,
    /// The members, numbers ascending. Numbers of a new committee have nothing to do with those of the old one.
    pub members: Vec<RosterMember>,
}

impl Roster {
    /// The ceremony's name.
    pub fn ceremony(&self) -> Bytes32 {
        Transcript::new("plume/committee/roster/1")
            .with(&self.encode())
            .hash()
    }

    /// Checks all of it, and gives the members' sealing keys in order.
    pub fn check(&self) -> Result<Vec<Point>, Error> {
        if self.label.len() > MAX_LABEL_BYTES {
            return Err(Error::Roster("the label has more than 64 bytes"));
        }
        if self.previous.is_some() != (self.epoch > 0) {
            return Err(Error::Roster(
                "epoch 0 has no previous committee, and every other has one",
            ));
        }
        if self.members.len() > MAX_MEMBERS {
            return Err(Error::Roster("more than 100 members"));
        }
        if self.threshold < MIN_THRESHOLD || usize::from(self.threshold) > self.members.len() {
            return Err(Error::Roster(
                "the threshold is below two or above the number of members",
            ));
        }
        let mut last = 0;
        let mut keys = BTreeSet::new();
        let mut points = Vec::new();
        for RosterMember { member, card } in &self.members {
            if *member <= last {
                return Err(Error::Roster(
                    "members' numbers have to be above zero and ascend",
                ));
            }
            last = *member;
            if !keys.insert(card.signing) || !keys.insert(card.sealing) {
                return Err(Error::Roster("two members have the same key"));
            }
            points.push(
                card.verify()
                    .ok_or(Error::Roster("a card's signature or proof does not hold"))?,
            );
        }
        Ok(points)
    }

    /// The number whose card has this signing key.
    pub fn number_of(&self, key: &MemberKey) -> Result<u16, Error> {
        let signing = key.signing_key();
        self.members
            .iter()
            .find(|seat| seat.card.signing == signing)
            .map(|seat| seat.member)
            .ok_or(Error::NotAMember)
    }

    /// A member's card.
    pub fn card(&self, member: u16) -> Option<&Card> {
        self.members
            .iter()
            .find(|seat| seat.member == member)
            .map(|seat| &seat.card)
    }

    /// All numbers, ascending.
    pub fn numbers(&self) -> impl Iterator<Item = u16> + '_ {
        self.members.iter().map(|seat| seat.member)
    }
}
