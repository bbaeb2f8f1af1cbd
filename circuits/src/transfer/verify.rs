//! Verifies proofs of transfers: one, or many at once. Without `std`, over any implementation of BLS12-381.
//!
//! Natively that is `ark_bls12_381::Bls12_381`; in a runtime `sp_crypto_ec_utils::bls12_381::Bls12_381`, whose
//! pairings and multiplications are calls of the host.
//!
//! # Rules
//!
//! 1. A proof is three points: A and C in G1, B in G2. Bytes count when they are the one encoding of their points
//!    (coordinates below the modulus, no stray flag), and each point is on its curve, in the subgroup of prime
//!    order, and not at infinity. arkworks checks the first for compressed points only, so all of it is checked here.
//! 2. One proof (Groth16): e(A, B) = e(α, β) · e(L, γ) · e(C, δ), with L = ic₀ + Σ xⱼ · icⱼ₊₁.
//! 3. Many: Π e(rᵢ · Aᵢ, Bᵢ) · e(−Σ rᵢ · α, β) · e(−Σ rᵢ · Lᵢ, γ) · e(−Σ rᵢ · Cᵢ, δ) = 1: one Miller loop, one final
//!    exponentiation. The rᵢ have 128 bits and come from BLAKE2b over the key and **all** proofs and inputs, so
//!    nobody knows one before all of them are fixed. A batch with a false proof passes with a chance of 2⁻¹²⁸.
//!
//! # A proof's bytes are no name
//!
//! Whoever has a proof makes others of the same statement from it (A/r, r · B + r · s · δ, C + s · A; Bowe, Kohlweiss
//! and others, ePrint 2020/811). So nothing may be recognised by the bytes of its proof: a transaction is known by its
//! nullifiers and its `binding`, and the public inputs of a proof cannot be changed by who has no witness.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "fields and groups have no overflow"
)]

use super::public::{PUBLIC_INPUTS, PublicInputs};
use crate::{FieldBytes, Fr};
use alloc::vec::Vec;
use ark_ec::{
    AffineRepr, CurveGroup, VariableBaseMSM,
    pairing::{Pairing, PairingOutput},
    short_weierstrass::{Affine, SWCurveConfig},
};
use ark_ff::{One, PrimeField, Zero};
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize, Compress, Validate};
use blake2::{Blake2b512, Digest};

/// Bytes of a proof with compressed points.
pub const PROOF_BYTES: usize = 192;
/// Bytes of a proof with whole points: nothing has to be computed to read them.
pub const PROOF_BYTES_UNCOMPRESSED: usize = 384;
/// Bytes of a [`VerifyingKey`].
pub const KEY_BYTES: usize = 96 + 3 * 192 + (PUBLIC_INPUTS + 1) * 96;
/// Bytes of a [`PreparedKey`].
pub const PREPARED_KEY_BYTES: usize = KEY_BYTES + 576;

/// First bytes that are hashed for the weights of a batch.
const BATCH_DOMAIN: &[u8] = b"plume/transfer/batch/1";

/// Why bytes are no proof, or no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Too few or too many.
    Length,
    /// Not the encoding of a point: a coordinate is not below the modulus, a flag is wrong, or there is no such y.
    Encoding,
    /// A point that is not on its curve.
    NotOnCurve,
    /// A point that is not in the subgroup of prime order.
    NotInSubgroup,
    /// The point at infinity.
    Infinity,
}

impl core::fmt::Display for Malformed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Length => "too few or too many bytes",
            Self::Encoding => "not the encoding of a point",
            Self::NotOnCurve => "a point is not on its curve",
            Self::NotInSubgroup => "a point is not in the subgroup of prime order",
            Self::Infinity => "a point is at infinity",
        })
    }
}

impl core::error::Error for Malformed {}

/// A point whose checks can be asked for one by one.
pub trait CurvePoint: AffineRepr {
    /// Whether the coordinates fulfil the curve's equation.
    fn fulfils_equation(&self) -> bool;
    /// Whether a point of the curve is in the subgroup of prime order.
    fn is_in_subgroup(&self) -> bool;
}

impl<P: SWCurveConfig> CurvePoint for Affine<P> {
    fn fulfils_equation(&self) -> bool {
        self.is_on_curve()
    }

    fn is_in_subgroup(&self) -> bool {
        self.is_in_correct_subgroup_assuming_on_curve()
    }
}

/// An implementation of BLS12-381.
pub trait Bls12381: Pairing<ScalarField = Fr, G1Affine: CurvePoint, G2Affine: CurvePoint> {}

impl<E> Bls12381 for E where E: Pairing<ScalarField = Fr, G1Affine: CurvePoint, G2Affine: CurvePoint>
{}

/// Takes a point off the front of bytes, with every check of rule 1.
pub(crate) fn read<G: CurvePoint>(bytes: &mut &[u8], compress: Compress) -> Result<G, Malformed> {
    let before = *bytes;
    let point = read_trusted::<G>(bytes, compress)?;
    let mut again = Vec::with_capacity(point.serialized_size(compress));
    point
        .serialize_with_mode(&mut again, compress)
        .map_err(|_| Malformed::Encoding)?;
    if !before.starts_with(&again) {
        return Err(Malformed::Encoding);
    }
    if point.is_zero() {
        return Err(Malformed::Infinity);
    }
    if !point.fulfils_equation() {
        return Err(Malformed::NotOnCurve);
    }
    if !point.is_in_subgroup() {
        return Err(Malformed::NotInSubgroup);
    }
    Ok(point)
}

/// Takes a point off the front of bytes that were checked before.
fn read_trusted<G: AffineRepr>(bytes: &mut &[u8], compress: Compress) -> Result<G, Malformed> {
    G::deserialize_with_mode(bytes, compress, Validate::No).map_err(|_| Malformed::Encoding)
}

/// Writing into a vector does not fail.
pub(crate) fn write(object: &impl CanonicalSerialize, compress: Compress, bytes: &mut Vec<u8>) {
    let written = object.serialize_with_mode(bytes, compress);
    debug_assert!(written.is_ok());
}

/// A proof whose points are what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof<E: Pairing> {
    pub(crate) a: E::G1Affine,
    pub(crate) b: E::G2Affine,
    pub(crate) c: E::G1Affine,
}

impl<E: Bls12381> Proof<E> {
    /// The proof of three points that a prover made.
    #[cfg(feature = "prover")]
    pub(crate) const fn of(a: E::G1Affine, b: E::G2Affine, c: E::G1Affine) -> Self {
        Self { a, b, c }
    }

    /// From 192 bytes: A, B, C compressed. Takes two square roots more than the other form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        Self::read(bytes, PROOF_BYTES, Compress::Yes)
    }

    /// From 384 bytes: A, B, C with both coordinates.
    pub fn from_uncompressed(bytes: &[u8]) -> Result<Self, Malformed> {
        Self::read(bytes, PROOF_BYTES_UNCOMPRESSED, Compress::No)
    }

    fn read(mut bytes: &[u8], length: usize, compress: Compress) -> Result<Self, Malformed> {
        if bytes.len() != length {
            return Err(Malformed::Length);
        }
        Ok(Self {
            a: read(&mut bytes, compress)?,
            b: read(&mut bytes, compress)?,
            c: read(&mut bytes, compress)?,
        })
    }

    fn written(&self, compress: Compress) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(PROOF_BYTES_UNCOMPRESSED);
        write(&self.a, compress, &mut bytes);
        write(&self.b, compress, &mut bytes);
        write(&self.c, compress, &mut bytes);
        bytes
    }

    /// 192 bytes.
    pub fn to_bytes(&self) -> [u8; PROOF_BYTES] {
        filled(&self.written(Compress::Yes))
    }

    /// 384 bytes.
    pub fn to_uncompressed(&self) -> [u8; PROOF_BYTES_UNCOMPRESSED] {
        filled(&self.written(Compress::No))
    }

    /// Another proof of the same statement, as anybody can make it. `r` and `s` are not zero.
    pub fn rerandomised(&self, key: &VerifyingKey<E>, r: Fr, s: Fr) -> Option<Self> {
        let inverse = ark_ff::Field::inverse(&r)?;
        Some(Self {
            a: (self.a * inverse).into_affine(),
            b: (self.b * r + key.delta * (r * s)).into_affine(),
            c: (self.c.into_group() + self.a * s).into_affine(),
        })
    }
}

fn filled<const N: usize>(from: &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    for (to, from) in bytes.iter_mut().zip(from) {
        *to = *from;
    }
    bytes
}

/// What proofs of one version of the circuit are verified with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey<E: Pairing> {
    /// α, in G1.
    pub(crate) alpha: E::G1Affine,
    /// β, in G2.
    pub(crate) beta: E::G2Affine,
    /// γ, in G2.
    pub(crate) gamma: E::G2Affine,
    /// δ, in G2.
    pub(crate) delta: E::G2Affine,
    /// What belongs to one, and to each public input.
    pub(crate) ic: [E::G1Affine; PUBLIC_INPUTS + 1],
}

impl<E: Bls12381> VerifyingKey<E> {
    /// A key from the points of a ceremony, in their usual names. Refuses points that are none, and another number
    /// of public inputs.
    pub fn new(
        alpha: E::G1Affine,
        beta: E::G2Affine,
        gamma: E::G2Affine,
        delta: E::G2Affine,
        ic: &[E::G1Affine],
    ) -> Result<Self, Malformed> {
        let ic = ic.try_into().map_err(|_| Malformed::Length)?;
        let key = Self {
            alpha,
            beta,
            gamma,
            delta,
            ic,
        };
        Self::from_bytes(&key.to_bytes())
    }

    /// From [`KEY_BYTES`] bytes, uncompressed: α, β, γ, δ, then the points of the public inputs. Checks every point,
    /// which takes a while: once, when a key is set.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() != KEY_BYTES {
            return Err(Malformed::Length);
        }
        Self::take(&mut &*bytes, read::<E::G1Affine>, read::<E::G2Affine>)
    }

    fn take(
        bytes: &mut &[u8],
        g1: fn(&mut &[u8], Compress) -> Result<E::G1Affine, Malformed>,
        g2: fn(&mut &[u8], Compress) -> Result<E::G2Affine, Malformed>,
    ) -> Result<Self, Malformed> {
        let mut key = Self {
            alpha: g1(bytes, Compress::No)?,
            beta: g2(bytes, Compress::No)?,
            gamma: g2(bytes, Compress::No)?,
            delta: g2(bytes, Compress::No)?,
            ic: [E::G1Affine::zero(); PUBLIC_INPUTS + 1],
        };
        for point in &mut key.ic {
            *point = g1(bytes, Compress::No)?;
        }
        Ok(key)
    }

    /// Its bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(KEY_BYTES);
        write(&self.alpha, Compress::No, &mut bytes);
        for point in [&self.beta, &self.gamma, &self.delta] {
            write(point, Compress::No, &mut bytes);
        }
        for point in &self.ic {
            write(point, Compress::No, &mut bytes);
        }
        bytes
    }

    /// With the pairing that is the same for every proof.
    pub fn prepare(self) -> PreparedKey<E> {
        let alpha_beta = E::pairing(self.alpha, self.beta);
        PreparedKey {
            key: self,
            alpha_beta,
        }
    }
}

/// A [`VerifyingKey`] with e(α, β), which is the same for every proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedKey<E: Pairing> {
    key: VerifyingKey<E>,
    alpha_beta: PairingOutput<E>,
}

impl<E: Bls12381> PreparedKey<E> {
    /// The key.
    pub const fn key(&self) -> &VerifyingKey<E> {
        &self.key
    }

    /// From [`PREPARED_KEY_BYTES`] bytes that [`Self::to_bytes`] made **and that nobody else could write since**: no
    /// point is checked. For a chain's own state.
    pub fn from_trusted_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() != PREPARED_KEY_BYTES {
            return Err(Malformed::Length);
        }
        let mut bytes = bytes;
        let key = VerifyingKey::take(
            &mut bytes,
            read_trusted::<E::G1Affine>,
            read_trusted::<E::G2Affine>,
        )?;
        let alpha_beta =
            E::TargetField::deserialize_with_mode(&mut bytes, Compress::No, Validate::No)
                .map_err(|_| Malformed::Encoding)?;
        Ok(Self {
            key,
            alpha_beta: PairingOutput(alpha_beta),
        })
    }

    /// Its bytes: the key's, and e(α, β).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.key.to_bytes();
        write(&self.alpha_beta.0, Compress::No, &mut bytes);
        bytes
    }

    /// Whether a proof proves the statement of these public inputs.
    pub fn verify(&self, inputs: &PublicInputs, proof: &Proof<E>) -> bool {
        let key = &self.key;
        let scalars: Vec<Fr> = with_one(inputs).collect();
        let Ok(sum) = E::G1::msm(&key.ic, &scalars) else {
            return false;
        };
        let result = E::multi_pairing(
            [
                proof.a,
                (-sum).into_affine(),
                (-proof.c.into_group()).into_affine(),
            ],
            [proof.b, key.gamma, key.delta],
        );
        result == self.alpha_beta
    }

    /// Whether every proof proves the statement of its public inputs. True for none at all.
    ///
    /// It does not say which one is false: whoever wants to know verifies them one by one.
    pub fn verify_batch(&self, transfers: &[(PublicInputs, Proof<E>)]) -> bool {
        let [(inputs, proof)] = transfers else {
            return transfers.is_empty() || self.verify_many(transfers).unwrap_or(false);
        };
        self.verify(inputs, proof)
    }

    fn verify_many(&self, transfers: &[(PublicInputs, Proof<E>)]) -> Option<bool> {
        let key = &self.key;
        let weights = self.weights(transfers);
        let mut sums = [Fr::zero(); PUBLIC_INPUTS + 1];
        for ((inputs, _), weight) in transfers.iter().zip(&weights) {
            for (sum, input) in sums.iter_mut().zip(with_one(inputs)) {
                *sum += *weight * input;
            }
        }
        let [all_weights, ..] = sums;
        let inputs = E::G1::msm(&key.ic, &sums).ok()?;
        let points: Vec<E::G1Affine> = transfers.iter().map(|(_, proof)| proof.c).collect();
        let answers = E::G1::msm(&points, &weights).ok()?;
        let fixed = [-(key.alpha * all_weights), -inputs, -answers];
        let weighted = transfers
            .iter()
            .zip(&weights)
            .map(|((_, proof), weight)| proof.a.mul_bigint(weight.into_bigint()));
        let left: Vec<E::G1> = weighted.chain(fixed).collect();
        let right = transfers
            .iter()
            .map(|(_, proof)| proof.b)
            .chain([key.beta, key.gamma, key.delta]);
        Some(
            E::multi_pairing(E::G1::normalize_batch(&left), right)
                .0
                .is_one(),
        )
    }

    /// A weight for each proof, of 128 bits, that depends on everything.
    fn weights(&self, transfers: &[(PublicInputs, Proof<E>)]) -> Vec<Fr> {
        let mut hasher = Blake2b512::new();
        hasher.update(BATCH_DOMAIN);
        hasher.update(self.key.to_bytes());
        hasher.update(
            u64::try_from(transfers.len())
                .unwrap_or(u64::MAX)
                .to_le_bytes(),
        );
        for (inputs, proof) in transfers {
            hasher.update(proof.written(Compress::No));
            for element in inputs.to_elements() {
                hasher.update(element.as_bytes());
            }
        }
        let seed = hasher.finalize();
        (0u64..)
            .zip(transfers)
            .map(|(number, _)| {
                let digest = Blake2b512::new()
                    .chain_update(BATCH_DOMAIN)
                    .chain_update(seed.as_slice())
                    .chain_update(number.to_le_bytes())
                    .finalize();
                let weight = u128::from_le_bytes(filled(&digest));
                Fr::from(weight.max(1))
            })
            .collect()
    }
}

/// One, and the public inputs.
fn with_one(inputs: &PublicInputs) -> impl Iterator<Item = Fr> {
    let elements = inputs.to_elements();
    core::iter::once(Fr::one()).chain(
        elements
            .into_iter()
            .map(|element| FieldBytes::to_element(&element)),
    )
}
