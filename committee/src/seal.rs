//! Sub-shares, sealed to whom they are for.
//!
//! For each sub-share the sender draws e and sends E = \[e\]G. Sender and receiver know K = \[e\]P = \[p\]E, where
//! P = \[p\]G is the receiver's sealing key. The key of ChaCha20-Poly1305 (RFC 8439, nonce zero: a key encrypts once) is
//! a hash of K, E, P, the ceremony, both numbers, and of the commitments that the sub-share belongs to; so it opens in
//! no other place.
//!
//! K is all that a receiver has to reveal, with a proof that K is \[p\]E, for everybody to open this one sub-share and
//! none other: that is a [`Complaint`](crate::messages::Complaint).
//!
//! With E comes a proof that the sender knows e. Without it a dealer could send garbage under the E of an honest
//! dealer's sub-share for the same receiver, and the complaint about the garbage would open the honest one's sub-share to
//! everybody. Everybody verifies the proof, and nobody complains where it does not hold: the dealer is at fault already.

use crate::{
    Bytes32, Bytes48, Bytes64, MemberKey, Point, Transcript,
    point::scalar_bytes,
    proofs::{prove_knowledge, verify_knowledge},
    scalar,
    suite::{random_bytes, random_scalar},
};
use ark_ed_on_bls12_381_bandersnatch::Fr;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, Nonce, aead::Aead};
use codec::{Decode, Encode};
use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Where a sub-share belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The ceremony.
    pub ceremony: Bytes32,
    /// Hash of the commitments.
    pub binding: Bytes32,
    /// The dealer's number.
    pub from: u16,
    /// The receiver's number.
    pub to: u16,
}

/// A sealed sub-share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The receiver's number.
    pub to: u16,
    /// E.
    pub ephemeral: Bytes32,
    /// That the sender knows e.
    pub knowledge: Bytes64,
    /// The sub-share, encrypted, and the tag.
    pub ciphertext: Bytes48,
}

fn cipher(
    place: &Place,
    ephemeral: &Bytes32,
    receiver: &Point,
    shared: &Point,
) -> ChaCha20Poly1305 {
    let key = Transcript::new("plume/committee/seal/1")
        .with(&place.ceremony.0)
        .with(&place.binding.0)
        .with(&place.from.to_le_bytes())
        .with(&place.to.to_le_bytes())
        .with(&ephemeral.0)
        .with_point(receiver)
        .with_point(shared)
        .hash();
    let key = Zeroizing::new(key.0);
    ChaCha20Poly1305::new((&*key).into())
}

fn knowledge(place: &Place) -> Transcript {
    Transcript::new("plume/committee/ephemeral/1")
        .with(&place.ceremony.0)
        .with(&place.binding.0)
        .with(&place.from.to_le_bytes())
        .with(&place.to.to_le_bytes())
}

/// The ephemeral point, if the sender knows its secret. Everybody can see that.
pub(crate) fn ephemeral(sealed: &Sealed, place: &Place) -> Option<Point> {
    let point = Point::decode(&sealed.ephemeral).ok()?;
    let is_known = verify_knowledge(knowledge(place), &point, &sealed.knowledge);
    (is_known && sealed.to == place.to).then_some(point)
}

/// Seals.
pub(crate) fn seal<R: RngCore + CryptoRng>(
    sub_share: &Fr,
    place: &Place,
    receiver: &Point,
    rng: &mut R,
) -> Sealed {
    loop {
        let secret = random_scalar(rng);
        let (Ok(ephemeral), Ok(shared)) =
            (<Point>::of_secret(&secret), receiver.multiplied(&secret))
        else {
            continue; // the secret is zero
        };
        let fresh = random_bytes(rng);
        let knowledge = prove_knowledge(knowledge(place), &secret, &ephemeral, &fresh);
        let ephemeral = ephemeral.encode();
        let plain = Zeroizing::new(scalar_bytes(sub_share).0);
        let sealed = cipher(place, &ephemeral, receiver, &shared)
            .encrypt(&Nonce::default(), plain.as_slice())
            .ok()
            .and_then(|bytes| bytes.try_into().ok());
        // Encryption fails for messages of 256 GiB only, and adds 16 bytes to 32.
        if let Some(ciphertext) = sealed {
            return Sealed {
                to: place.to,
                ephemeral,
                knowledge,
                ciphertext: Bytes48(ciphertext),
            };
        }
    }
}

/// What sender and receiver have in common; none when the sender does not know the ephemeral point's secret.
pub(crate) fn shared(sealed: &Sealed, place: &Place, key: &MemberKey) -> Option<Point> {
    ephemeral(sealed, place)?.multiplied(key.sealing()).ok()
}

/// Opens; none when it was not sealed for this place, or has no scalar in it.
pub(crate) fn open(sealed: &Sealed, place: &Place, receiver: &Point, shared: &Point) -> Option<Fr> {
    let plain = cipher(place, &sealed.ephemeral, receiver, shared)
        .decrypt(&Nonce::default(), sealed.ciphertext.0.as_slice())
        .ok()
        .map(Zeroizing::new)?;
    scalar(&Bytes32(plain.as_slice().try_into().ok()?))
}
