//! A member's own keys, and the card that tells others of them.
//!
//! From one seed of 32 bytes a member has an Ed25519 key, which signs its messages, and a key of Bandersnatch, to
//! which others seal sub-shares. The card has both public keys, a proof that the member knows the sealing key's
//! secret, and a signature by the signing key over all of it: nobody passes another's sealing key off as their own.

use crate::{
    Bytes32, Bytes64, Point, SecretBytes, Transcript,
    proofs::{prove_knowledge, verify_knowledge},
    suite::random_bytes,
};
use ark_ed_on_bls12_381_bandersnatch::Fr;
use codec::{Decode, Encode};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

/// A member's secret, as it is kept in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySeed {
    seed: SecretBytes,
}

/// A member's keys.
pub struct MemberKey {
    seed: Zeroizing<[u8; 32]>,
    signing: SigningKey,
    sealing: Fr,
    sealing_point: Point,
}

impl Drop for MemberKey {
    fn drop(&mut self) {
        self.sealing.zeroize();
    }
}

impl core::fmt::Debug for MemberKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("MemberKey")
            .field("signing", &self.signing_key())
            .finish_non_exhaustive()
    }
}

/// What a member shows of its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Ed25519 key that signs.
    pub signing: Bytes32,
    /// Point of Bandersnatch to which sub-shares are sealed.
    pub sealing: Bytes32,
    /// That the member knows the sealing key's secret.
    pub possession: Bytes64,
    /// By the signing key, over the rest.
    pub signature: Bytes64,
}

impl MemberKey {
    /// New keys.
    pub fn generate<R: RngCore + CryptoRng>(rng: &mut R) -> Self {
        loop {
            if let Some(key) = Self::from_seed(random_bytes(rng).0) {
                return key;
            }
        }
    }

    /// The keys of a seed. None when the sealing key would be zero, which happens once in 2²⁵³ seeds.
    pub fn from_seed(seed: [u8; 32]) -> Option<Self> {
        let seed = Zeroizing::new(seed);
        let signing = Transcript::new("plume/committee/signing/1").with(seed.as_ref());
        let sealing = Transcript::new("plume/committee/sealing/1")
            .with(seed.as_ref())
            .scalar();
        Some(Self {
            signing: SigningKey::from_bytes(&signing.hash().0),
            sealing_point: Point::of_secret(&sealing).ok()?,
            sealing,
            seed,
        })
    }

    /// As it is kept.
    pub fn to_file(&self) -> KeySeed {
        KeySeed {
            seed: SecretBytes(self.seed.to_vec()),
        }
    }

    /// From what was kept; none when these are not 32 bytes.
    pub fn from_file(file: &KeySeed) -> Option<Self> {
        Self::from_seed(file.seed.as_32()?.0)
    }

    /// The public half of the signing key.
    pub fn signing_key(&self) -> Bytes32 {
        Bytes32(self.signing.verifying_key().to_bytes())
    }

    /// The card.
    pub fn card<R: RngCore + CryptoRng>(&self, rng: &mut R) -> Card {
        let (signing, sealing) = (self.signing_key(), self.sealing_point.encode());
        let fresh = random_bytes(rng);
        let possession = prove_knowledge(
            possession(&signing),
            &self.sealing,
            &self.sealing_point,
            &fresh,
        );
        Card {
            signing,
            sealing,
            possession,
            signature: self.sign(&signed(&signing, &sealing, &possession)),
        }
    }

    pub(crate) fn sign(&self, hash: &Bytes32) -> Bytes64 {
        Bytes64(self.signing.sign(&hash.0).to_bytes())
    }

    pub(crate) fn sealing(&self) -> &Fr {
        &self.sealing
    }

    pub(crate) fn sealing_point(&self) -> &Point {
        &self.sealing_point
    }
}

fn possession(signing: &Bytes32) -> Transcript {
    Transcript::new("plume/committee/card/1").with(&signing.0)
}

fn signed(signing: &Bytes32, sealing: &Bytes32, possession: &Bytes64) -> Bytes32 {
    Transcript::new("plume/committee/card/signed/1")
        .with(&signing.0)
        .with(&sealing.0)
        .with(&possession.0)
        .hash()
}

impl Card {
    /// The sealing key, if the card holds.
    pub fn verify(&self) -> Option<Point> {
        let point = Point::decode(&self.sealing).ok()?;
        let hash = signed(&self.signing, &self.sealing, &self.possession);
        (self.signed(&hash, &self.signature)
            && verify_knowledge(possession(&self.signing), &point, &self.possession))
        .then_some(point)
    }

    /// Whether the signing key signed a hash; by the strict rules, so that keys of small order sign nothing.
    pub(crate) fn signed(&self, hash: &Bytes32, signature: &Bytes64) -> bool {
        VerifyingKey::from_bytes(&self.signing.0).is_ok_and(|key| {
            key.verify_strict(&hash.0, &Signature::from_bytes(&signature.0))
                .is_ok()
        })
    }
}
