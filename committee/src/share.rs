//! A member's share of the key. It never leaves its holder.

use crate::{
    Bytes32, DecryptionShare, Error, Keys, Point, Purpose, SecretBytes, make_share,
    point::scalar_bytes, scalar, suite::random_bytes,
};
use ark_ed_on_bls12_381_bandersnatch::Fr;
use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A share as it is kept in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareFile {
    /// [`Committee::id`](crate::Committee::id).
    pub committee: Bytes32,
    /// The epoch, so that people see which share is the older one.
    pub epoch: u32,
    /// Whose it is.
    pub member: u16,
    secret: SecretBytes,
}

/// A share. It is wiped when it is dropped, and `Debug` does not show it.
pub struct MemberShare {
    committee: Bytes32,
    epoch: u32,
    member: u16,
    secret: Fr,
}

impl Drop for MemberShare {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl core::fmt::Debug for MemberShare {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("MemberShare")
            .field("committee", &self.committee)
            .field("epoch", &self.epoch)
            .field("member", &self.member)
            .finish_non_exhaustive()
    }
}

impl MemberShare {
    pub(crate) fn new(committee: Bytes32, epoch: u32, member: u16, secret: Fr) -> Self {
        Self {
            committee,
            epoch,
            member,
            secret,
        }
    }

    /// Whose it is.
    pub fn member(&self) -> u16 {
        self.member
    }

    /// How often the key was handed over before.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    pub(crate) fn secret(&self) -> &Fr {
        &self.secret
    }

    /// As it is kept.
    pub fn to_file(&self) -> ShareFile {
        ShareFile {
            committee: self.committee,
            epoch: self.epoch,
            member: self.member,
            secret: SecretBytes(scalar_bytes(&self.secret).0.to_vec()),
        }
    }

    /// From what was kept.
    pub fn from_file(file: &ShareFile) -> Result<Self, Error> {
        let secret = file.secret.as_32().and_then(|bytes| scalar(&bytes));
        let secret = secret.ok_or_else(|| Error::Document("the share is no scalar".into()))?;
        Ok(Self::new(file.committee, file.epoch, file.member, secret))
    }

    /// Whether it is the share that the committee has for this member.
    pub fn belongs_to(&self, keys: &Keys) -> Result<(), Error> {
        let public = Point::of_secret(&self.secret).map_err(|_| Error::OtherShare)?;
        if self.committee != keys.id() || keys.share_of(self.member) != Some(&public) {
            return Err(Error::OtherShare);
        }
        Ok(())
    }

    /// The member's part of an opening, to be posted. Whoever calls it has decided that the warrant is good.
    pub fn open<R: RngCore + CryptoRng>(
        &self,
        keys: &Keys,
        ephemeral: &Point,
        purpose: &Purpose,
        rng: &mut R,
    ) -> Result<DecryptionShare, Error> {
        self.belongs_to(keys)?;
        if purpose.committee != keys.id() || purpose.chain != keys.chain() {
            return Err(Error::OtherShare);
        }
        let fresh = random_bytes(rng);
        make_share(&self.secret, self.member, ephemeral, purpose, &fresh).ok_or(Error::OtherShare)
    }
}
