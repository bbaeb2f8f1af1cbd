//! Step 3: from sub-shares to a share and a committee.

use super::{
    Exchanged, Finished, Keygen, Stage, Suite, all_or_missing, blamed, failed, identifier, place,
};
use crate::{
    Bytes32, Error, Fault, MemberKey, MemberShare, Point, SecretBytes,
    certificate::{self, Record},
    dealing::{Received, complain, decode, is_complete, receive},
    messages::{Commitments, Signed, SubShares, collect},
    scalar,
};
use ark_ed_on_bls12_381_bandersnatch::EdwardsProjective;
use frost_core::{
    Identifier,
    keys::{KeyPackage, PublicKeyPackage, SigningShare, dkg},
};
use rand_core::{CryptoRng, RngCore};
use std::collections::BTreeMap;

type Packages = BTreeMap<Identifier<Suite>, dkg::round2::Package<Suite>>;

impl Keygen {
    /// Step 3. The member's own message may be among the others'. May be taken again.
    pub fn finish<R: RngCore + CryptoRng>(
        &self,
        key: &MemberKey,
        sub_shares: &[Signed<SubShares>],
        rng: &mut R,
    ) -> Result<Finished, Error> {
        self.owned_by(key)?;
        let Stage::Exchanged(exchanged) = &self.stage else {
            return Err(Error::TooEarly);
        };
        let commitments = self.sorted(&exchanged.commitments)?;
        let packages = self.received(exchanged, &commitments, key, sub_shares, rng)?;
        let secret =
            dkg::round2::SecretPackage::deserialize(&exchanged.secret.0).map_err(failed)?;
        let (own, public) = dkg::part3(&secret, &self.packages(&commitments)?, &packages)
            .map_err(|error| blamed(error, &self.roster, Fault::SubShare))?;
        let record = self.record(&public)?;
        let share = self.share(&record, &own)?;
        let confirmation = certificate::confirm(&record, key, &share, rng)?;
        Ok(Finished {
            share,
            record,
            confirmation,
        })
    }

    /// Everybody's sub-shares for this member; or who is missing or at fault, or complaints.
    fn received<R: RngCore + CryptoRng>(
        &self,
        exchanged: &Exchanged,
        commitments: &BTreeMap<u16, Signed<Commitments>>,
        key: &MemberKey,
        sub_shares: &[Signed<SubShares>],
        rng: &mut R,
    ) -> Result<Packages, Error> {
        let roster = &self.roster;
        let with_own: Vec<_> = sub_shares
            .iter()
            .cloned()
            .chain([exchanged.own.clone()])
            .collect();
        let (sorted, mut faults) =
            collect(&with_own, &roster.ceremony(), |member| roster.card(member));
        let mut complaints = Vec::new();
        let mut packages = BTreeMap::new();
        for (from, message) in sorted.iter().filter(|(from, _)| **from != self.member) {
            let body = &message.body;
            if body.view != exchanged.own.body.view {
                faults.push((*from, Fault::OtherView));
                continue;
            }
            let others = roster.numbers().filter(|to| to != from);
            if !is_complete(&body.sealed, others, |to| place(message, to)) {
                faults.push((*from, Fault::NoSubShare));
                continue;
            }
            let points = commitments
                .get(from)
                .and_then(|message| decode(&message.body.points, roster.threshold));
            let Some(points) = points else {
                faults.push((*from, Fault::Commitments));
                continue;
            };
            let place = place(message, self.member);
            match receive(&body.sealed, &place, key, &points) {
                Received::Good(sub_share) => {
                    let bytes = SecretBytes(crate::scalar_bytes(&sub_share).0.to_vec());
                    let share = SigningShare::deserialize(&bytes.0).map_err(failed)?;
                    packages.insert(identifier(*from)?, dkg::round2::Package::new(share));
                }
                Received::Left => faults.push((*from, Fault::NoSubShare)),
                Received::False => {
                    complaints.extend(complain(&body.sealed, &place, key, message.hash(), rng));
                }
            }
        }
        if !complaints.is_empty() {
            return Err(Error::FalseSubShares(complaints));
        }
        if !faults.is_empty() {
            return Err(Error::Faults(faults));
        }
        all_or_missing(roster, &sorted)?;
        Ok(packages)
    }

    fn record(&self, public: &PublicKeyPackage<Suite>) -> Result<Record, Error> {
        let mut shares = Vec::new();
        for member in self.roster.numbers() {
            let share = public.verifying_shares().get(&identifier(member)?);
            shares.push(element(share.ok_or(Error::TooEarly)?.serialize())?);
        }
        let key = element(public.verifying_key().serialize())?;
        Record::new(&self.roster, &key, shares.into_iter())
    }

    fn share(&self, record: &Record, own: &KeyPackage<Suite>) -> Result<MemberShare, Error> {
        let bytes = SecretBytes(own.signing_share().serialize());
        let secret = bytes.as_32().and_then(|bytes| scalar(&bytes));
        Ok(MemberShare::new(
            record.committee.id(),
            self.roster.epoch,
            self.member,
            secret.ok_or_else(|| Error::KeyGeneration("the share is no scalar".into()))?,
        ))
    }
}

fn element(bytes: Result<Vec<u8>, frost_core::Error<Suite>>) -> Result<EdwardsProjective, Error> {
    let bytes: Option<[u8; 32]> = bytes.map_err(failed)?.try_into().ok();
    let point = bytes.and_then(|bytes| <Point>::decode(&Bytes32(bytes)).ok());
    point
        .map(|point| point.group())
        .ok_or_else(|| Error::KeyGeneration("a public share is no point".into()))
}
