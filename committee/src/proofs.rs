//! Two proofs about secret scalars: that one knows it, and that it is the same for two points.
//!
//! | proof | statement | source |
//! |---|---|---|
//! | knowledge | I know x with X = \[x\]G | Schnorr; RFC 8235 |
//! | equality | the x of X = \[x\]G is that of D = \[x\]E | Chaum and Pedersen, CRYPTO '92; RFC 9497, 2.2 |
//!
//! Both are made non-interactive by hashing all of the statement (strong Fiat–Shamir), after what the caller's
//! [`Transcript`] binds them to. A proof is 64 bytes: challenge and response, both canonical, so nobody who does not
//! know x turns a proof into another one.
//!
//! The nonce is a hash of the secret, the statement and 32 fresh random bytes: two proofs never share one, even where
//! the random bytes repeat.
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use crate::{
    Bandersnatch, Bytes32, Bytes64, Point, Transcript,
    point::{scalar, scalar_bytes},
};
use ark_ec::CurveGroup;
use ark_ed_on_bls12_381_bandersnatch::Fr;

fn nonce(transcript: &Transcript, secret: &Fr, fresh: &Bytes32) -> Fr {
    Transcript::new("plume/committee/nonce/1")
        .with(&scalar_bytes(secret).0)
        .with(&fresh.0)
        .with(&transcript.clone().hash().0)
        .scalar()
}

/// Proves knowledge of `secret`. `fresh` are 32 new random bytes.
pub fn prove_knowledge<C: Bandersnatch>(
    transcript: Transcript,
    secret: &Fr,
    public: &Point<C>,
    fresh: &Bytes32,
) -> Bytes64 {
    let transcript = transcript.with(b"knowledge").with_point(public);
    let nonce = nonce(&transcript, secret, fresh);
    let commitment = (C::GENERATOR * nonce).into_affine();
    let challenge = transcript.with_any(&commitment).scalar();
    join(&challenge, &(nonce + challenge * secret))
}

/// Whether the proof is one of knowledge of the public point's secret.
pub fn verify_knowledge<C: Bandersnatch>(
    transcript: Transcript,
    public: &Point<C>,
    proof: &Bytes64,
) -> bool {
    let Some((challenge, response)) = split(proof) else {
        return false;
    };
    let commitment = (C::GENERATOR * response - public.0 * challenge).into_affine();
    let transcript = transcript.with(b"knowledge").with_point(public);
    transcript.with_any(&commitment).scalar() == challenge
}

/// Proves that `image` is `base` as often as `public` is the generator. `fresh` are 32 new random bytes.
pub fn prove_equality<C: Bandersnatch>(
    transcript: Transcript,
    secret: &Fr,
    public: &Point<C>,
    base: &Point<C>,
    image: &Point<C>,
    fresh: &Bytes32,
) -> Bytes64 {
    let transcript = equality(transcript, public, base, image);
    let nonce = nonce(&transcript, secret, fresh);
    let commitments = [C::GENERATOR * nonce, base.0 * nonce].map(CurveGroup::into_affine);
    let challenge = commitments
        .iter()
        .fold(transcript, Transcript::with_any)
        .scalar();
    join(&challenge, &(nonce + challenge * secret))
}

/// Whether `image` is proven to be `base` as often as `public` is the generator. Costs four multiplications.
pub fn verify_equality<C: Bandersnatch>(
    transcript: Transcript,
    public: &Point<C>,
    base: &Point<C>,
    image: &Point<C>,
    proof: &Bytes64,
) -> bool {
    let Some((challenge, response)) = split(proof) else {
        return false;
    };
    let commitments = [
        C::GENERATOR * response - public.0 * challenge,
        base.0 * response - image.0 * challenge,
    ]
    .map(CurveGroup::into_affine);
    let transcript = equality(transcript, public, base, image);
    let expected = commitments
        .iter()
        .fold(transcript, Transcript::with_any)
        .scalar();
    expected == challenge
}

fn equality<C: Bandersnatch>(
    transcript: Transcript,
    public: &Point<C>,
    base: &Point<C>,
    image: &Point<C>,
) -> Transcript {
    transcript
        .with(b"equality")
        .with_point(public)
        .with_point(base)
        .with_point(image)
}

fn join(challenge: &Fr, response: &Fr) -> Bytes64 {
    Bytes64::join(&scalar_bytes(challenge), &scalar_bytes(response))
}

fn split(proof: &Bytes64) -> Option<(Fr, Fr)> {
    let (challenge, response) = proof.halves();
    Some((scalar(&challenge)?, scalar(&response)?))
}
