//! What key generation and resharing have in common: commitments to a polynomial, sub-shares, complaints.
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use crate::{
    Bytes32, Card, MemberKey, Point, Transcript,
    messages::{Complaint, Signed},
    proofs::{prove_equality, verify_equality},
    seal::{self, Place, Sealed},
    suite::random_bytes,
};
use ark_ed_on_bls12_381_bandersnatch::{EdwardsProjective, Fr};
use ark_ff::AdditiveGroup;
use codec::Encode;
use rand_core::{CryptoRng, RngCore};

/// Hash of a list of commitments.
pub(crate) fn binding(points: &[Bytes32]) -> Bytes32 {
    Transcript::new("plume/committee/points/1")
        .with(&points.encode())
        .hash()
}

/// The points, if there are as many as the threshold and each is one.
pub(crate) fn decode(points: &[Bytes32], threshold: u16) -> Option<Vec<Point>> {
    if points.len() != usize::from(threshold) {
        return None;
    }
    points
        .iter()
        .map(|bytes| Point::decode(bytes).ok())
        .collect()
}

/// \[f(at)\]G, from commitments to the coefficients of f.
pub(crate) fn evaluate(points: &[Point], at: u16) -> EdwardsProjective {
    let at = Fr::from(at);
    points
        .iter()
        .rev()
        .fold(EdwardsProjective::ZERO, |value, point| value * at + point.0)
}

/// Whether a sub-share is what its commitments say.
pub(crate) fn fits(sub_share: &Fr, points: &[Point], to: u16) -> bool {
    Point::<ark_ed_on_bls12_381_bandersnatch::EdwardsConfig>::generator().group() * sub_share
        == evaluate(points, to)
}

/// What a receiver finds in the sealed sub-share for it.
pub(crate) enum Received {
    /// A good one.
    Good(Fr),
    /// None, or under a point whose secret the sender does not know: everybody sees it.
    Left,
    /// A false one: only the receiver sees it.
    False,
}

/// The receiver's part.
pub(crate) fn receive(
    sealed: &[Sealed],
    place: &Place,
    key: &MemberKey,
    points: &[Point],
) -> Received {
    let Some(sealed) = sealed.iter().find(|sealed| sealed.to == place.to) else {
        return Received::Left;
    };
    let Some(shared) = seal::shared(sealed, place, key) else {
        return Received::Left;
    };
    match seal::open(sealed, place, key.sealing_point(), &shared) {
        Some(sub_share) if fits(&sub_share, points, place.to) => Received::Good(sub_share),
        _ => Received::False,
    }
}

/// Whether one list of sealed sub-shares is for exactly these members, each under an ephemeral point whose secret the
/// sender knows: everybody sees that.
pub(crate) fn is_complete(
    sealed: &[Sealed],
    members: impl Iterator<Item = u16>,
    place: impl Fn(u16) -> Place,
) -> bool {
    sealed.iter().map(|sealed| sealed.to).eq(members)
        && sealed
            .iter()
            .all(|sealed| seal::ephemeral(sealed, &place(sealed.to)).is_some())
}

fn transcript(place: &Place, message: &Bytes32) -> Transcript {
    Transcript::new("plume/committee/complaint/1")
        .with(&place.ceremony.0)
        .with(&message.0)
        .with(&place.from.to_le_bytes())
        .with(&place.to.to_le_bytes())
}

/// Opens a sub-share to everybody. None where nothing was sealed, or under a point whose secret the sender does not
/// know: that needs no complaint, and one could open another dealer's sub-share.
pub(crate) fn complain<R: RngCore + CryptoRng>(
    sealed: &[Sealed],
    place: &Place,
    key: &MemberKey,
    message: Bytes32,
    rng: &mut R,
) -> Option<Signed<Complaint>> {
    let sealed = sealed.iter().find(|sealed| sealed.to == place.to)?;
    let ephemeral = seal::ephemeral(sealed, place)?;
    let shared = seal::shared(sealed, place, key)?;
    let proof = prove_equality(
        transcript(place, &message),
        key.sealing(),
        key.sealing_point(),
        &ephemeral,
        &shared,
        &random_bytes(rng),
    );
    let body = Complaint {
        ceremony: place.ceremony,
        against: place.from,
        message,
        shared: shared.encode(),
        proof,
    };
    Some(Signed::new(key, place.to, body))
}

/// Whether a complaint convicts: it is the receiver's, it opens that sub-share, and the sub-share is false.
pub(crate) fn convicts(
    complaint: &Signed<Complaint>,
    receiver: &Card,
    sealed: &[Sealed],
    place: &Place,
    message: &Bytes32,
    points: &[Point],
) -> bool {
    let body = &complaint.body;
    let is_about_it = complaint.from == place.to
        && body.against == place.from
        && body.ceremony == place.ceremony
        && body.message == *message;
    if !is_about_it || !complaint.holds(receiver) {
        return false;
    }
    let Some(sealed) = sealed.iter().find(|sealed| sealed.to == place.to) else {
        return false;
    };
    let Some(ephemeral) = seal::ephemeral(sealed, place) else {
        return false;
    };
    let (Ok(public), Ok(shared)) = (
        Point::decode(&receiver.sealing),
        Point::decode(&body.shared),
    ) else {
        return false;
    };
    let transcript = transcript(place, message);
    if !verify_equality(transcript, &public, &ephemeral, &shared, &body.proof) {
        return false;
    }
    !seal::open(sealed, place, &public, &shared)
        .is_some_and(|sub_share| fits(&sub_share, points, place.to))
}
