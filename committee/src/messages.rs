//! What members send each other. All of it may be read by everybody: sub-shares are sealed.

use crate::{Bytes32, Bytes64, Card, Fault, MemberKey, Sealed, Transcript};
use codec::{Decode, Encode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A message of a ceremony.
pub trait Message: Encode {
    /// Which step, and in which version.
    const NAME: &'static str;

    /// The ceremony that it belongs to ([`Roster::ceremony`](crate::Roster::ceremony)).
    fn ceremony(&self) -> &Bytes32;
}

/// A message and who signed it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed<T> {
    /// The sender's number.
    pub from: u16,
    /// What it says.
    pub body: T,
    /// By the sender's signing key, over name, sender and body.
    pub signature: Bytes64,
}

impl<T: Message> Signed<T> {
    /// Signs.
    pub fn new(key: &MemberKey, from: u16, body: T) -> Self {
        let signature = key.sign(&hash(from, &body));
        Self {
            from,
            body,
            signature,
        }
    }

    /// The hash that is signed.
    pub fn hash(&self) -> Bytes32 {
        hash(self.from, &self.body)
    }

    /// Whether this card's key signed it.
    pub fn holds(&self, card: &Card) -> bool {
        card.signed(&self.hash(), &self.signature)
    }
}

fn hash<T: Message>(from: u16, body: &T) -> Bytes32 {
    Transcript::new("plume/committee/message/1")
        .with(T::NAME.as_bytes())
        .with(&from.to_le_bytes())
        .with(&body.encode())
        .hash()
}

/// Sorts messages of one step by sender. Faults do not stop it: they come with the rest. Whoever signed two different
/// messages has none in the result.
pub(crate) fn collect<'a, T: Message + Clone + 'a>(
    messages: &[Signed<T>],
    ceremony: &Bytes32,
    card: impl Fn(u16) -> Option<&'a Card>,
) -> (BTreeMap<u16, Signed<T>>, Vec<(u16, Fault)>) {
    let (mut sorted, mut faults) = (BTreeMap::<u16, Signed<T>>::new(), Vec::new());
    let mut twice = Vec::new();
    for message in messages {
        let from = message.from;
        let fault = match card(from) {
            None => Some(Fault::NotOnRoster),
            Some(card) if !message.holds(card) => Some(Fault::Signature),
            Some(_) if message.body.ceremony() != ceremony => Some(Fault::OtherCeremony),
            Some(_) => None,
        };
        if let Some(fault) = fault {
            faults.push((from, fault));
            continue;
        }
        match sorted.get(&from) {
            Some(other) if other.hash() != message.hash() => twice.push(from),
            Some(_) => {}
            None => {
                sorted.insert(from, message.clone());
            }
        }
    }
    twice.sort_unstable();
    twice.dedup();
    for from in twice {
        sorted.remove(&from);
        faults.push((from, Fault::Twice));
    }
    (sorted, faults)
}

/// Key generation, round one: commitments to the coefficients of a secret polynomial, for everybody.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitments {
    /// The ceremony.
    pub ceremony: Bytes32,
    /// \[coefficient\]G, constant term first, as many as the threshold.
    pub points: Vec<Bytes32>,
    /// That the sender knows the constant term (FROST, figure 1, round 1, step 2): R, then the response.
    pub knowledge: Bytes64,
}

impl Message for Commitments {
    const NAME: &'static str = "plume/committee/commitments/1";
    fn ceremony(&self) -> &Bytes32 {
        &self.ceremony
    }
}

/// Key generation, round two: a sealed sub-share for everybody else.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubShares {
    /// The ceremony.
    pub ceremony: Bytes32,
    /// Hash of everybody's commitments, as the sender saw them: an echo, so that different ones are noticed.
    pub view: Bytes32,
    /// One for each other member, numbers ascending.
    pub sealed: Vec<Sealed>,
}

impl Message for SubShares {
    const NAME: &'static str = "plume/committee/sub-shares/1";
    fn ceremony(&self) -> &Bytes32 {
        &self.ceremony
    }
}

/// Resharing: a member of the old committee deals its share to the new one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dealing {
    /// The ceremony.
    pub ceremony: Bytes32,
    /// \[coefficient\]G, constant term first, as many as the new threshold. The first is the dealer's public share.
    pub points: Vec<Bytes32>,
    /// One for each new member, numbers ascending.
    pub sealed: Vec<Sealed>,
}

impl Message for Dealing {
    const NAME: &'static str = "plume/committee/dealing/1";
    fn ceremony(&self) -> &Bytes32 {
        &self.ceremony
    }
}

/// Last step: what a member computed, and that it has its share of it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The ceremony.
    pub ceremony: Bytes32,
    /// [`Committee::id`](crate::Committee::id).
    pub committee: Bytes32,
    /// That the sender knows the secret of its public share.
    pub possession: Bytes64,
}

impl Message for Confirmation {
    const NAME: &'static str = "plume/committee/confirmation/1";
    fn ceremony(&self) -> &Bytes32 {
        &self.ceremony
    }
}

/// A receiver shows that a sub-share is false, by opening it to everybody.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complaint {
    /// The ceremony.
    pub ceremony: Bytes32,
    /// Who sent the sub-share.
    pub against: u16,
    /// [`Signed::hash`] of the message that it was in.
    pub message: Bytes32,
    /// What receiver and sender have in common for this sub-share.
    pub shared: Bytes32,
    /// That it is so.
    pub proof: Bytes64,
}

impl Message for Complaint {
    const NAME: &'static str = "plume/committee/complaint/1";
    fn ceremony(&self) -> &Bytes32 {
        &self.ceremony
    }
}
