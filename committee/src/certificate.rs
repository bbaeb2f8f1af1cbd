//! What comes out of a ceremony, and how everybody knows that all members have the same.

use crate::{
    Bytes32, Committee, Error, Fault, Keys, MemberKey, MemberShare, Point, Roster, Transcript,
    messages::{Confirmation, Signed, collect},
    proofs::{prove_knowledge, verify_knowledge},
    suite::random_bytes,
};
use ark_ed_on_bls12_381_bandersnatch::EdwardsProjective;
use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};

/// A committee and who is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Who is in it.
    pub roster: Roster,
    /// What goes to the chain.
    pub committee: Committee,
}

impl Record {
    /// From the roster and each member's public share, in the roster's order.
    pub(crate) fn new(
        roster: &Roster,
        key: &EdwardsProjective,
        shares: impl Iterator<Item = EdwardsProjective>,
    ) -> Result<Self, Error> {
        let point = |point: EdwardsProjective| {
            Point::computed(point)
                .map(|point| point.encode())
                .map_err(|_| Error::KeyGeneration("a key or a share is zero".into()))
        };
        let committee = Committee {
            chain: roster.chain,
            epoch: roster.epoch,
            ceremony: roster.ceremony(),
            threshold: roster.threshold,
            key: point(*key)?,
            seats: roster
                .numbers()
                .zip(shares)
                .map(|(member, share)| {
                    Ok(crate::Seat {
                        member,
                        share: point(share)?,
                    })
                })
                .collect::<Result<_, Error>>()?,
        };
        Ok(Self {
            roster: roster.clone(),
            committee,
        })
    }

    /// Checks that roster and committee hold and belong together.
    pub fn check(&self) -> Result<Keys, Error> {
        let Self { roster, committee } = self;
        roster.check()?;
        let fits = committee.ceremony == roster.ceremony()
            && committee.chain == roster.chain
            && committee.epoch == roster.epoch
            && committee.threshold == roster.threshold
            && committee
                .seats
                .iter()
                .map(|seat| seat.member)
                .eq(roster.numbers());
        if !fits {
            return Err(Error::Roster("it is not the committee's"));
        }
        Ok(committee.keys()?)
    }
}

fn possession(ceremony: &Bytes32, committee: &Bytes32, member: u16) -> Transcript {
    Transcript::new("plume/committee/possession/1")
        .with(&ceremony.0)
        .with(&committee.0)
        .with(&member.to_le_bytes())
}

/// A member's confirmation of what it computed.
pub(crate) fn confirm<R: RngCore + CryptoRng>(
    record: &Record,
    key: &MemberKey,
    share: &MemberShare,
    rng: &mut R,
) -> Result<Signed<Confirmation>, Error> {
    let keys = record.check()?;
    share.belongs_to(&keys)?;
    let (ceremony, member) = (record.committee.ceremony, share.member());
    let public = keys.share_of(member).ok_or(Error::OtherShare)?;
    let possession = prove_knowledge(
        possession(&ceremony, &keys.id(), member),
        share.secret(),
        public,
        &random_bytes(rng),
    );
    let body = Confirmation {
        ceremony,
        committee: keys.id(),
        possession,
    };
    Ok(Signed::new(key, member, body))
}

/// A committee that every one of its members has confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The committee.
    pub record: Record,
    /// Of every member, numbers ascending.
    pub confirmations: Vec<Signed<Confirmation>>,
}

impl Certificate {
    /// Joins confirmations, and names who has not confirmed, or confirmed something else.
    pub fn new(record: Record, confirmations: &[Signed<Confirmation>]) -> Result<Self, Error> {
        let keys = record.check()?;
        let roster = &record.roster;
        let (sorted, mut faults) = collect(confirmations, &record.committee.ceremony, |member| {
            roster.card(member)
        });
        for (member, Signed { body, .. }) in &sorted {
            if body.committee != keys.id() {
                faults.push((*member, Fault::OtherCommittee));
                continue;
            }
            let transcript = possession(&body.ceremony, &body.committee, *member);
            let has_it = keys
                .share_of(*member)
                .is_some_and(|public| verify_knowledge(transcript, public, &body.possession));
            if !has_it {
                faults.push((*member, Fault::Possession));
            }
        }
        if !faults.is_empty() {
            return Err(Error::Faults(faults));
        }
        let missing: Vec<u16> = roster
            .numbers()
            .filter(|member| !sorted.contains_key(member))
            .collect();
        if !missing.is_empty() {
            return Err(Error::Missing(missing));
        }
        Ok(Self {
            confirmations: sorted.into_values().collect(),
            record,
        })
    }

    /// Checks all of it again. Whoever works with a committee does this first.
    pub fn check(&self) -> Result<Keys, Error> {
        let again = Self::new(self.record.clone(), &self.confirmations)?;
        if again != *self {
            return Err(Error::Document("confirmations are not in order".into()));
        }
        self.record.check()
    }
}
