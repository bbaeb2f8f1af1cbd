//! Key generation without a dealer, by FROST's (Komlo and Goldberg, SAC 2020, figure 1; `frost-core`).
//!
//! # Steps
//!
//! Everybody has checked the same [`Roster`] of epoch 0. Files may pass through anybody's hands.
//!
//! 1. [`Keygen::begin`]: member i draws a polynomial fᵢ of degree t - 1 and sends [`Commitments`] to its
//!    coefficients, with a proof that it knows fᵢ(0).
//! 2. [`Keygen::exchange`]: with all n commitments member i checks signatures, forms and proofs, and sends
//!    [`SubShares`]: fᵢ(j), sealed to member j, and the hash of all commitments as it saw them.
//! 3. [`Keygen::finish`]: with all n sub-share messages member j checks that all saw the same commitments, and each
//!    fᵢ(j) against the commitments of i. Its share is Σᵢ fᵢ(j); the committee's key is Σᵢ \[fᵢ(0)\]G; everybody's public
//!    shares follow from the commitments. It confirms the result.
//! 4. [`Certificate::new`](crate::Certificate::new): with n confirmations of one result the committee is certified.
//!    Nobody uses a key that is not.
//!
//! # What a malicious member may do
//!
//! | it | and then |
//! |---|---|
//! | chooses its commitments from the others' (rogue key) | cannot prove that it knows fᵢ(0): step 2 names it |
//! | sends malformed points, too few or too many | step 2 names it |
//! | shows different commitments to different members | step 3 stops; the two signed messages convict it |
//! | leaves out a sub-share, or sends one under an ephemeral point that it copied | step 3: everybody sees it |
//! | sends a false sub-share, or garbage | step 3 names it with a [`Complaint`](crate::messages::Complaint) that [`judge()`] verifies |
//! | complains without ground | [`judge()`] says so |
//! | sends nothing, or confirms something else | is named as missing, or by step 4; nothing is certified |
//! | waits with its commitments for the others' | biases bits of the key (Gennaro et al., 2007), which helps nobody to decrypt |
//!
//! A ceremony that names somebody is held again without it. Fewer than t members that keep all they saw know nothing
//! of the secret.
//!
//! # Resuming
//!
//! [`Keygen`] is written to a file before its message is sent. A step that is taken again with the same messages gives
//! the same message again, and with others it is refused: two different messages of one step would convict an honest
//! member.

mod finish;
mod judge;

pub use judge::judge;

use crate::{
    Bytes32, Bytes64, Error, Fault, MemberKey, MemberShare, Roster, SecretBytes, Transcript,
    certificate::Record,
    dealing::decode,
    messages::{Commitments, Confirmation, Signed, SubShares, collect},
    scalar,
    seal::{self, Place},
    suite::BandersnatchBlake2b,
};
use frost_core::{
    Identifier, Signature,
    keys::{VerifiableSecretSharingCommitment, dkg},
};
use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

type Suite = BandersnatchBlake2b;

/// Where a member is in a key generation. Secret: it has what the member's share is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keygen {
    roster: Roster,
    member: u16,
    stage: Stage,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Stage {
    Committed(Committed),
    Exchanged(Exchanged),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Committed {
    secret: SecretBytes,
    own: Signed<Commitments>,
}

/// The polynomial is gone; what is left of it is the member's own value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchanged {
    secret: SecretBytes,
    commitments: Vec<Signed<Commitments>>,
    own: Signed<SubShares>,
}

/// What a member has at the end.
#[derive(Debug)]
pub struct Finished {
    /// Its share: to be kept, and shown to nobody.
    pub share: MemberShare,
    /// The committee, not yet certified.
    pub record: Record,
    /// For everybody.
    pub confirmation: Signed<Confirmation>,
}

fn identifier(member: u16) -> Result<Identifier<Suite>, Error> {
    Identifier::try_from(member).map_err(failed)
}

fn failed(error: frost_core::Error<Suite>) -> Error {
    Error::KeyGeneration(error.to_string())
}

/// Names whom `frost-core` names.
fn blamed(error: frost_core::Error<Suite>, numbers: &Roster, fault: Fault) -> Error {
    let culprits = error.culprits();
    let named: Vec<_> = numbers
        .numbers()
        .filter(|member| identifier(*member).is_ok_and(|id| culprits.contains(&id)))
        .map(|member| (member, fault))
        .collect();
    if named.is_empty() {
        failed(error)
    } else {
        Error::Faults(named)
    }
}

fn package(message: &Commitments) -> Result<dkg::round1::Package<Suite>, Fault> {
    let points = message.points.iter();
    Ok(dkg::round1::Package::new(
        VerifiableSecretSharingCommitment::deserialize(points).map_err(|_| Fault::Commitments)?,
        Signature::deserialize(&message.knowledge.0).map_err(|_| Fault::Knowledge)?,
    ))
}

/// Where a sub-share of this message belongs.
fn place(message: &Signed<SubShares>, to: u16) -> Place {
    Place {
        ceremony: message.body.ceremony,
        binding: message.body.view,
        from: message.from,
        to,
    }
}

/// Hash of all commitments, as somebody saw them.
fn view(commitments: &BTreeMap<u16, Signed<Commitments>>) -> Bytes32 {
    commitments
        .values()
        .fold(
            Transcript::new("plume/committee/view/1"),
            |view, message| view.with(&message.hash().0),
        )
        .hash()
}

fn all_or_missing<T>(roster: &Roster, sorted: &BTreeMap<u16, T>) -> Result<(), Error> {
    let missing: Vec<u16> = roster
        .numbers()
        .filter(|member| !sorted.contains_key(member))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Error::Missing(missing))
    }
}

impl Keygen {
    /// Step 1.
    pub fn begin<R: RngCore + CryptoRng>(
        roster: &Roster,
        key: &MemberKey,
        rng: &mut R,
    ) -> Result<(Self, Signed<Commitments>), Error> {
        roster.check()?;
        if roster.epoch != 0 {
            return Err(Error::Roster("it is one of a resharing"));
        }
        let member = roster.number_of(key)?;
        let members = u16::try_from(roster.members.len())
            .map_err(|_| Error::Roster("more than 100 members"))?;
        let (secret, package) =
            dkg::part1::<Suite, _>(identifier(member)?, members, roster.threshold, rng)
                .map_err(failed)?;
        let points = package
            .commitment()
            .serialize()
            .map_err(failed)?
            .into_iter()
            .map(|point| <[u8; 32]>::try_from(point).map(Bytes32))
            .collect::<Result<_, _>>();
        let knowledge: Result<[u8; 64], _> = package
            .proof_of_knowledge()
            .serialize()
            .map_err(failed)?
            .try_into();
        let (Ok(points), Ok(knowledge)) = (points, knowledge) else {
            return Err(Error::KeyGeneration("points of another length".into()));
        };
        let body = Commitments {
            ceremony: roster.ceremony(),
            points,
            knowledge: Bytes64(knowledge),
        };
        let own = Signed::new(key, member, body);
        let committed = Committed {
            secret: SecretBytes(secret.serialize().map_err(failed)?),
            own: own.clone(),
        };
        let this = Self {
            roster: roster.clone(),
            member,
            stage: Stage::Committed(committed),
        };
        Ok((this, own))
    }

    /// The member's number.
    pub fn member(&self) -> u16 {
        self.member
    }

    /// What all work from.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The message of step 1, as it was made.
    pub fn commitments(&self) -> Option<&Signed<Commitments>> {
        match &self.stage {
            Stage::Committed(committed) => Some(&committed.own),
            Stage::Exchanged(exchanged) => exchanged
                .commitments
                .iter()
                .find(|message| message.from == self.member),
        }
    }

    /// Step 2. The member's own message may be among the others'.
    pub fn exchange<R: RngCore + CryptoRng>(
        &mut self,
        key: &MemberKey,
        commitments: &[Signed<Commitments>],
        rng: &mut R,
    ) -> Result<Signed<SubShares>, Error> {
        self.owned_by(key)?;
        let own = self.commitments().cloned().ok_or(Error::TooEarly)?;
        let with_own: Vec<_> = commitments.iter().cloned().chain([own]).collect();
        let sorted = self.sorted(&with_own)?;
        match &self.stage {
            Stage::Exchanged(exchanged) if exchanged.own.body.view == view(&sorted) => {
                Ok(exchanged.own.clone())
            }
            Stage::Exchanged(_) => Err(Error::TakenBefore),
            Stage::Committed(committed) => {
                let exchanged = self.share_out(committed, key, sorted, rng)?;
                let own = exchanged.own.clone();
                self.stage = Stage::Exchanged(exchanged);
                Ok(own)
            }
        }
    }

    fn share_out<R: RngCore + CryptoRng>(
        &self,
        committed: &Committed,
        key: &MemberKey,
        commitments: BTreeMap<u16, Signed<Commitments>>,
        rng: &mut R,
    ) -> Result<Exchanged, Error> {
        let secret =
            dkg::round1::SecretPackage::deserialize(&committed.secret.0).map_err(failed)?;
        let (secret, packages) = dkg::part2(secret, &self.packages(&commitments)?)
            .map_err(|error| blamed(error, &self.roster, Fault::Knowledge))?;
        let (ceremony, view) = (self.roster.ceremony(), view(&commitments));
        let mut sealed = Vec::new();
        for (to, receiver) in self.roster.numbers().zip(self.roster.check()?) {
            if to == self.member {
                continue;
            }
            let package = packages.get(&identifier(to)?).ok_or(Error::TooEarly)?;
            let bytes = SecretBytes(package.signing_share().serialize());
            let sub_share = bytes.as_32().and_then(|bytes| scalar(&bytes));
            let sub_share =
                sub_share.ok_or_else(|| Error::KeyGeneration("a share is no scalar".into()))?;
            let place = Place {
                ceremony,
                binding: view,
                from: self.member,
                to,
            };
            sealed.push(seal::seal(&sub_share, &place, &receiver, rng));
        }
        let body = SubShares {
            ceremony,
            view,
            sealed,
        };
        Ok(Exchanged {
            secret: SecretBytes(secret.serialize().map_err(failed)?),
            commitments: commitments.into_values().collect(),
            own: Signed::new(key, self.member, body),
        })
    }

    fn owned_by(&self, key: &MemberKey) -> Result<(), Error> {
        if self.roster.number_of(key)? == self.member {
            Ok(())
        } else {
            Err(Error::NotAMember)
        }
    }

    /// Everybody's commitments, or who is missing, or who is at fault.
    fn sorted(
        &self,
        commitments: &[Signed<Commitments>],
    ) -> Result<BTreeMap<u16, Signed<Commitments>>, Error> {
        let roster = &self.roster;
        let ceremony = roster.ceremony();
        let (sorted, mut faults) = collect(commitments, &ceremony, |member| roster.card(member));
        for (from, message) in &sorted {
            if decode(&message.body.points, roster.threshold).is_none() {
                faults.push((*from, Fault::Commitments));
            }
        }
        if !faults.is_empty() {
            return Err(Error::Faults(faults));
        }
        all_or_missing(roster, &sorted)?;
        Ok(sorted)
    }

    /// The others' commitments, as `frost-core` wants them.
    fn packages(
        &self,
        commitments: &BTreeMap<u16, Signed<Commitments>>,
    ) -> Result<BTreeMap<Identifier<Suite>, dkg::round1::Package<Suite>>, Error> {
        commitments
            .iter()
            .filter(|(from, _)| **from != self.member)
            .map(|(from, message)| {
                let package = package(&message.body)
                    .map_err(|fault| Error::Faults([(*from, fault)].into()))?;
                Ok((identifier(*from)?, package))
            })
            .collect()
    }
}
