//! FROST's ciphersuite for Bandersnatch and BLAKE2b-512, of which the key generation alone is used.
//!
//! Built as RFC 9591, 6, builds its own: context string `FROST-BANDERSNATCH-BLAKE2B512-v1`, and
//! H1 = H(context ‖ "rho" ‖ m) and so on, 512 bits modulo the order of the subgroup where a scalar is asked for.
//! Points are encoded as [`Point`], scalars as [`scalar_bytes`](crate::scalar_bytes); decoding refuses other
//! encodings, the identity and points outside the subgroup.
#![allow(non_snake_case, reason = "the names of RFC 9591")]
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use crate::{Bytes32, Point, PointError, point, scalar};
use ark_ec::{AffineRepr, CurveGroup, PrimeGroup};
use ark_ed_on_bls12_381_bandersnatch::{EdwardsProjective, Fr};
use ark_ff::{AdditiveGroup, Field as _, PrimeField};
use blake2::{Blake2b512, Digest};
use frost_core::{Ciphersuite, Field, FieldError, Group, GroupError};
use rand_core::{CryptoRng, RngCore};

/// Scalars below the order of the subgroup.
#[derive(Clone, Copy)]
pub struct BandersnatchScalars;

impl Field for BandersnatchScalars {
    type Scalar = Fr;
    type Serialization = [u8; 32];

    fn zero() -> Fr {
        Fr::ZERO
    }

    fn one() -> Fr {
        Fr::ONE
    }

    fn invert(scalar: &Fr) -> Result<Fr, FieldError> {
        scalar.inverse().ok_or(FieldError::InvalidZeroScalar)
    }

    fn random<R: RngCore + CryptoRng>(rng: &mut R) -> Fr {
        random_scalar(rng)
    }

    fn serialize(scalar: &Fr) -> [u8; 32] {
        point::scalar_bytes(scalar).0
    }

    fn little_endian_serialize(scalar: &Fr) -> [u8; 32] {
        Self::serialize(scalar)
    }

    fn deserialize(bytes: &[u8; 32]) -> Result<Fr, FieldError> {
        scalar(&Bytes32(*bytes)).ok_or(FieldError::MalformedScalar)
    }
}

/// A uniform scalar: 512 random bits modulo the 253-bit order.
pub(crate) fn random_scalar<R: RngCore + CryptoRng>(rng: &mut R) -> Fr {
    let mut bytes = zeroize::Zeroizing::new([0; 64]);
    rng.fill_bytes(bytes.as_mut());
    Fr::from_le_bytes_mod_order(bytes.as_ref())
}

/// 32 random bytes.
pub(crate) fn random_bytes<R: RngCore + CryptoRng>(rng: &mut R) -> Bytes32 {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    Bytes32(bytes)
}

/// The subgroup of prime order.
#[derive(Clone, Copy, PartialEq)]
pub struct BandersnatchGroup;

impl Group for BandersnatchGroup {
    type Field = BandersnatchScalars;
    type Element = EdwardsProjective;
    type Serialization = [u8; 32];

    fn cofactor() -> Fr {
        Fr::ONE // of the subgroup: whatever is decoded is in it
    }

    fn identity() -> EdwardsProjective {
        EdwardsProjective::ZERO
    }

    fn generator() -> EdwardsProjective {
        EdwardsProjective::generator()
    }

    fn serialize(element: &EdwardsProjective) -> Result<[u8; 32], GroupError> {
        let affine = element.into_affine();
        if affine.is_zero() {
            return Err(GroupError::InvalidIdentityElement);
        }
        Ok(point::encode(&affine).0)
    }

    fn deserialize(bytes: &[u8; 32]) -> Result<EdwardsProjective, GroupError> {
        match Point::decode(&Bytes32(*bytes)) {
            Ok(point) => Ok(point.group()),
            Err(PointError::Identity) => Err(GroupError::InvalidIdentityElement),
            Err(PointError::NotInSubgroup) => Err(GroupError::InvalidNonPrimeOrderElement),
            Err(PointError::NotCanonical | PointError::NotOnCurve) => {
                Err(GroupError::MalformedElement)
            }
        }
    }
}

/// The ciphersuite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BandersnatchBlake2b;

const CONTEXT: &str = "FROST-BANDERSNATCH-BLAKE2B512-v1";

fn digest(purpose: &str, message: &[u8]) -> [u8; 64] {
    let mut hash = Blake2b512::new();
    hash.update(CONTEXT.as_bytes());
    hash.update(purpose.as_bytes());
    hash.update(message);
    hash.finalize().into()
}

fn to_scalar(purpose: &str, message: &[u8]) -> Fr {
    Fr::from_le_bytes_mod_order(&digest(purpose, message))
}

impl Ciphersuite for BandersnatchBlake2b {
    const ID: &'static str = CONTEXT;

    type Group = BandersnatchGroup;
    type HashOutput = [u8; 64];
    type SignatureSerialization = [u8; 64];

    fn H1(m: &[u8]) -> Fr {
        to_scalar("rho", m)
    }

    fn H2(m: &[u8]) -> Fr {
        to_scalar("chal", m)
    }

    fn H3(m: &[u8]) -> Fr {
        to_scalar("nonce", m)
    }

    fn H4(m: &[u8]) -> [u8; 64] {
        digest("msg", m)
    }

    fn H5(m: &[u8]) -> [u8; 64] {
        digest("com", m)
    }

    fn HDKG(m: &[u8]) -> Option<Fr> {
        Some(to_scalar("dkg", m))
    }

    fn HID(m: &[u8]) -> Option<Fr> {
        Some(to_scalar("id", m))
    }
}
