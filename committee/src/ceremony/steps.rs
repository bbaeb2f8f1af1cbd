//! Key generation and resharing over files.

use crate::{
    Bytes32, Card, Certificate, Error, KeySeed, MemberKey, MemberShare, Record, Roster,
    RosterMember, ShareFile,
    keygen::{self, Keygen},
    messages::{Commitments, Complaint, Confirmation, Dealing, Signed, SubShares},
    reshare,
};
use rand_core::OsRng;

fn key(file: &KeySeed) -> Result<MemberKey, Error> {
    MemberKey::from_file(file).ok_or_else(|| Error::Document("a member's key has 32 bytes".into()))
}

/// A roster from cards, numbered from 1 in their order. With a committee it is one of its resharing, and the chain is
/// the committee's.
pub fn roster(
    chain: Bytes32,
    label: String,
    threshold: u16,
    cards: &[Card],
    previous: Option<&Certificate>,
) -> Result<Roster, Error> {
    let members = (1..=u16::MAX)
        .zip(cards)
        .map(|(member, card)| RosterMember {
            member,
            card: *card,
        })
        .collect();
    let mut roster = Roster {
        chain,
        label,
        epoch: 0,
        previous: None,
        threshold,
        members,
    };
    if let Some(previous) = previous {
        let committee = &previous.record.committee;
        roster.previous = Some(committee.id());
        roster.epoch = committee
            .epoch
            .checked_add(1)
            .ok_or(Error::Roster("there are no more epochs"))?;
        reshare::check(previous, &roster)?;
    } else {
        roster.check()?;
    }
    Ok(roster)
}

/// A member's first step.
#[derive(Debug)]
pub struct Began {
    /// To be written before the message is sent; secret.
    pub state: Keygen,
    /// For everybody.
    pub message: Signed<Commitments>,
}

/// Key generation, step 1.
pub fn begin(roster: &Roster, member: &KeySeed) -> Result<Began, Error> {
    let (state, message) = Keygen::begin(roster, &key(member)?, &mut OsRng)?;
    Ok(Began { state, message })
}

/// The message of step 1 once more, from a state that was kept.
pub fn begun(state: &Keygen, roster: &Roster) -> Result<Signed<Commitments>, Error> {
    if state.roster() != roster {
        return Err(Error::TakenBefore);
    }
    state.commitments().cloned().ok_or(Error::TooEarly)
}

/// Key generation, step 2: the state is to be written before the message is sent.
pub fn exchange(
    state: &mut Keygen,
    member: &KeySeed,
    commitments: &[Signed<Commitments>],
) -> Result<Signed<SubShares>, Error> {
    state.exchange(&key(member)?, commitments, &mut OsRng)
}

/// What a member has at the end of a ceremony.
#[derive(Debug)]
pub struct Completed {
    /// Secret: to be kept.
    pub share: ShareFile,
    /// The committee, not yet certified.
    pub record: Record,
    /// For everybody.
    pub confirmation: Signed<Confirmation>,
    /// In resharing: old members that were left out, as sentences.
    pub left_out: Vec<String>,
}

/// Key generation, step 3.
pub fn finish(
    state: &Keygen,
    member: &KeySeed,
    sub_shares: &[Signed<SubShares>],
) -> Result<Completed, Error> {
    let finished = state.finish(&key(member)?, sub_shares, &mut OsRng)?;
    Ok(Completed {
        share: finished.share.to_file(),
        record: finished.record,
        confirmation: finished.confirmation,
        left_out: Vec::new(),
    })
}

/// The last step of both: a certificate from all members' confirmations.
pub fn certify(
    record: Record,
    confirmations: &[Signed<Confirmation>],
) -> Result<Certificate, Error> {
    Certificate::new(record, confirmations)
}

/// Resharing, step 2, by an old member.
pub fn deal(
    old: &Certificate,
    roster: &Roster,
    member: &KeySeed,
    share: &ShareFile,
) -> Result<Signed<Dealing>, Error> {
    let share = MemberShare::from_file(share)?;
    reshare::deal(old, roster, &key(member)?, &share, &mut OsRng)
}

/// Resharing, steps 3 to 6, by a new member.
pub fn receive(
    old: &Certificate,
    roster: &Roster,
    member: &KeySeed,
    dealings: &[Signed<Dealing>],
    complaints: &[Signed<Complaint>],
) -> Result<Completed, Error> {
    let member = key(member)?;
    let reshared = reshare::finish(old, roster, &member, dealings, complaints, &mut OsRng)?;
    let unfounded = reshared
        .unfounded
        .iter()
        .map(|member| format!("new member {member} complained without ground"));
    let left_out = reshared
        .left_out
        .iter()
        .map(|(member, fault)| format!("old member {member} {fault}"))
        .chain(unfounded)
        .collect();
    Ok(Completed {
        share: reshared.share.to_file(),
        record: reshared.record,
        confirmation: reshared.confirmation,
        left_out,
    })
}

/// Whom a complaint convicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The number of the sender of the sub-share; in resharing, its number in the old committee.
    pub convicted: u16,
}

/// Judges a complaint of a key generation.
pub fn judge_sub_shares(
    roster: &Roster,
    commitments: &Signed<Commitments>,
    sub_shares: &Signed<SubShares>,
    complaint: &Signed<Complaint>,
) -> Result<Judged, Error> {
    keygen::judge(roster, commitments, sub_shares, complaint)?;
    Ok(Judged {
        convicted: sub_shares.from,
    })
}

/// Judges a complaint of a resharing.
pub fn judge_dealing(
    old: &Certificate,
    roster: &Roster,
    dealing: &Signed<Dealing>,
    complaint: &Signed<Complaint>,
) -> Result<Judged, Error> {
    reshare::judge(old, roster, dealing, complaint)?;
    Ok(Judged {
        convicted: dealing.from,
    })
}
