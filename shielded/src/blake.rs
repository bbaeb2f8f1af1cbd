//! BLAKE2b with a personal string for each purpose.
//!
//! A personal string enters the hash's parameter block (RFC 7693, section 2.5), so that what is derived for one
//! purpose says nothing about another. No two lines of this table share one, which a test sees to.

use crate::Scalar;
use ark_ff::PrimeField;
use plume_circuits::{FieldBytes, Fr};
use zeroize::Zeroizing;

/// Sixteen bytes that say what a hash is for.
pub(crate) type Personal = [u8; 16];

/// BIP-39 seed, account number -> root of the account.
pub(crate) const ACCOUNT: Personal = *b"PlumeAccountRoot";
/// Root -> spend secret.
pub(crate) const SPEND: Personal = *b"PlumeSpendSecret";
/// Root -> nullifier key.
pub(crate) const NULLIFIER: Personal = *b"PlumeNullifierKy";
/// Root -> incoming viewing key.
pub(crate) const INCOMING: Personal = *b"PlumeIncomingKey";
/// Root -> outgoing viewing key.
pub(crate) const OUTGOING: Personal = *b"PlumeOutgoingKey";
/// Root -> diversifier key.
pub(crate) const DIVERSIFIER_KEY: Personal = *b"PlumeDiversifyKy";
/// Root -> seed of the ML-KEM key.
pub(crate) const KEM_SEED: Personal = *b"PlumeMlKem768Key";
/// Diversifier key, index -> diversifier.
pub(crate) const DIVERSIFIER: Personal = *b"PlumeDiversifier";
/// Diversifier, counter -> element that is mapped to the curve.
pub(crate) const BASE_POINT: Personal = *b"PlumeAddressBase";
/// ML-KEM public key -> its hash in an address.
pub(crate) const KEM_KEY_HASH: Personal = *b"PlumeMlKemPublic";
/// Seed of a note -> ephemeral secret.
pub(crate) const EPHEMERAL: Personal = *b"PlumeEphemeralSc";
/// Seed of a note -> randomness of the commitment.
pub(crate) const RANDOMNESS: Personal = *b"PlumeNoteRandom1";
/// Seed of a note -> message that ML-KEM encapsulates.
pub(crate) const KEM_MESSAGE: Personal = *b"PlumeMlKemRandom";
/// Shared point, ephemeral point -> view tag.
pub(crate) const VIEW_TAG: Personal = *b"PlumeViewTag0001";
/// Shared point, shared ML-KEM secret, ephemeral point, hash of the ML-KEM ciphertext -> key of a note.
pub(crate) const NOTE_KEY: Personal = *b"PlumeNoteKey0001";
/// ML-KEM ciphertext -> its hash.
pub(crate) const KEM_HASH: Personal = *b"PlumeMlKemCipher";
/// Outgoing viewing key, commitment, ephemeral point, hash of the ML-KEM ciphertext -> outgoing cipher key.
pub(crate) const OUTGOING_CIPHER: Personal = *b"PlumeOutCipherKy";
/// Outgoing viewing key, seed of a note -> secret with which the sender of this note signs.
pub(crate) const SENDER: Personal = *b"PlumeSenderKey01";
/// What a signature is about -> challenge.
pub(crate) const CHALLENGE: Personal = *b"PlumeSchnorrChal";
/// Secret, what a signature is about -> nonce.
pub(crate) const NONCE: Personal = *b"PlumeSchnorrNonc";
/// Canonical JSON of a receipt, statement or standing without signatures or proof -> what is signed or proven.
pub(crate) const DISCLOSURE: Personal = *b"PlumeDisclosure1";
/// Pool, name of a verifier -> its element in proofs of standing.
pub(crate) const VERIFIER: Personal = *b"PlumeVerifierNam";

/// All of them.
#[cfg(test)]
pub(crate) const ALL: [Personal; 22] = [
    ACCOUNT,
    SPEND,
    NULLIFIER,
    INCOMING,
    OUTGOING,
    DIVERSIFIER_KEY,
    KEM_SEED,
    DIVERSIFIER,
    BASE_POINT,
    KEM_KEY_HASH,
    EPHEMERAL,
    RANDOMNESS,
    KEM_MESSAGE,
    VIEW_TAG,
    NOTE_KEY,
    KEM_HASH,
    OUTGOING_CIPHER,
    SENDER,
    CHALLENGE,
    NONCE,
    DISCLOSURE,
    VERIFIER,
];

/// A hash of up to 64 bytes of parts that have fixed lengths, one after the other.
fn hash<const N: usize>(personal: Personal, parts: &[&[u8]]) -> [u8; N] {
    let mut state = blake2b_simd::Params::new()
        .hash_length(N)
        .personal(&personal)
        .to_state();
    for part in parts {
        state.update(part);
    }
    let mut bytes = [0; N];
    bytes.copy_from_slice(state.finalize().as_bytes());
    bytes
}

/// 32 bytes.
pub(crate) fn hash32(personal: Personal, parts: &[&[u8]]) -> [u8; 32] {
    hash(personal, parts)
}

/// 32 secret bytes.
pub(crate) fn secret32(personal: Personal, parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(hash(personal, parts))
}

/// 64 secret bytes.
pub(crate) fn secret64(personal: Personal, parts: &[&[u8]]) -> Zeroizing<[u8; 64]> {
    Zeroizing::new(hash(personal, parts))
}

/// An element of the scalar field of BLS12-381: 512 bits, little endian, modulo its order. The bias is 2⁻²⁵⁷.
pub(crate) fn element(personal: Personal, parts: &[&[u8]]) -> FieldBytes {
    Fr::from_le_bytes_mod_order(&*secret64(personal, parts)).into()
}

/// A scalar of Bandersnatch: 512 bits, little endian, modulo its order. The bias is 2⁻²⁵⁹.
pub(crate) fn scalar(personal: Personal, parts: &[&[u8]]) -> Scalar {
    Scalar::from_le_bytes_mod_order(&*secret64(personal, parts))
}
