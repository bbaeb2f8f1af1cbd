//! The bytes of a note's ciphertext.
//!
//! | bytes | part | what it is |
//! |---|---|---|
//! | 0 to 63 | `epk` | ephemeral point \[esk\] g_d, uncompressed: x, then y, 32 bytes each, little endian |
//! | 64 | `tag` | view tag |
//! | 65 to 296 | `sealed` | the note for its receiver: 216 bytes, and 16 of Poly1305 |
//! | 297 to 440 | `outgoing` | what the sender keeps to read it again: 128 bytes, and 16 of Poly1305 |
//! | 441 to 1528 | `kem` | ML-KEM-768 ciphertext |
//!
//! The point is uncompressed because a square root costs a scanner as much as half of its multiplication.
//!
//! What is in `sealed`:
//!
//! | bytes | what |
//! |---|---|
//! | 0 | version: 1 |
//! | 1 to 8 | value, little endian |
//! | 9 to 12 | asset, little endian |
//! | 13 to 23 | diversifier |
//! | 24 to 55 | seed of the note |
//! | 56 to 87 | sender's key for this note: a compressed point |
//! | 88 to 215 | memo |
//!
//! What is in `outgoing`: the key of `sealed`, then of the receiver's address the transmission key (compressed), the
//! pool key, and the hash of the ML-KEM key, 32 bytes each.
//!
//! # The size of a transfer
//!
//! With two outputs, in bytes:
//!
//! | part | bytes |
//! |---|---|
//! | proof (Groth16, BLS12-381, points not compressed) | 384 |
//! | everything else of the call at most: roots, nullifiers, commitments, counter, public amounts, times, ephemeral point and ciphertexts of the regulators' layers, fee, length prefixes | 600 |
//! | two ciphertexts without their ML-KEM part | 882 |
//! | together, without ML-KEM (at most 2,048) | 1,866 |
//! | two ML-KEM ciphertexts | 2,176 |
//! | together (at most 4,096) | 4,042 |

use crate::{KEM_CIPHERTEXT_BYTES, note::MEMO_BYTES};
use core::fmt;

/// Version of the note's plaintext.
pub const NOTE_VERSION: u8 = 1;
/// Bytes of the authentication tag of ChaCha20-Poly1305.
pub const AUTHENTICATION_BYTES: usize = 16;
/// Bytes of the ephemeral point.
pub const EPHEMERAL_BYTES: usize = 64;
/// Bytes of the view tag.
pub const VIEW_TAG_BYTES: usize = 1;
/// Bytes of a note for its receiver, before they are sealed.
pub const PLAINTEXT_BYTES: usize = 1 + 8 + 4 + 11 + 32 + 32 + MEMO_BYTES;
/// Bytes of what the sender keeps, before they are sealed.
pub const OUTGOING_PLAINTEXT_BYTES: usize = 4 * 32;
/// Bytes of the sealed note.
pub const SEALED_BYTES: usize = PLAINTEXT_BYTES + AUTHENTICATION_BYTES;
/// Bytes of what the sender keeps, sealed.
pub const OUTGOING_BYTES: usize = OUTGOING_PLAINTEXT_BYTES + AUTHENTICATION_BYTES;
/// Bytes of a ciphertext without its ML-KEM part.
pub const CLASSICAL_BYTES: usize = EPHEMERAL_BYTES + VIEW_TAG_BYTES + SEALED_BYTES + OUTGOING_BYTES;
/// Bytes of a ciphertext.
pub const CIPHERTEXT_BYTES: usize = CLASSICAL_BYTES + KEM_CIPHERTEXT_BYTES;

/// Bytes of a proof, as the chain takes it: its points are not compressed.
pub const PROOF_BYTES: usize = plume_circuits::transfer::verify::PROOF_BYTES_UNCOMPRESSED;
/// Bytes that the rest of a transfer's call may have.
pub const REST_BYTES: usize = 600;
/// Bytes of a transfer with two outputs without their ML-KEM parts: at most 2,048.
pub const TRANSFER_CLASSICAL_BYTES: usize = PROOF_BYTES + REST_BYTES + 2 * CLASSICAL_BYTES;
/// Bytes of a transfer with two outputs: at most 4,096.
pub const TRANSFER_BYTES: usize = TRANSFER_CLASSICAL_BYTES + 2 * KEM_CIPHERTEXT_BYTES;

const _: () = assert!(TRANSFER_CLASSICAL_BYTES <= 2048 && TRANSFER_BYTES <= 4096);

/// Not as many bytes as a ciphertext has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a note's ciphertext has {CIPHERTEXT_BYTES} bytes, and this has {0}")]
pub struct WrongLength(pub usize);

/// A note's ciphertext in its parts. Any bytes of the right length are one: what they say is checked when they are
/// opened.
#[derive(Clone, PartialEq, Eq)]
pub struct NoteCiphertext {
    /// Ephemeral point.
    pub epk: [u8; EPHEMERAL_BYTES],
    /// View tag.
    pub tag: u8,
    /// The note for its receiver.
    pub sealed: [u8; SEALED_BYTES],
    /// What the sender keeps.
    pub outgoing: [u8; OUTGOING_BYTES],
    /// ML-KEM-768 ciphertext.
    pub kem: Box<[u8; KEM_CIPHERTEXT_BYTES]>,
}

impl NoteCiphertext {
    /// The bytes, in the order of the table.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(CIPHERTEXT_BYTES);
        bytes.extend_from_slice(&self.epk);
        bytes.push(self.tag);
        bytes.extend_from_slice(&self.sealed);
        bytes.extend_from_slice(&self.outgoing);
        bytes.extend_from_slice(self.kem.as_slice());
        bytes
    }

    /// Reads as many bytes as a ciphertext has.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WrongLength> {
        let parts = || {
            let (epk, rest) = bytes.split_first_chunk()?;
            let ([tag], rest) = rest.split_first_chunk()?;
            let (sealed, rest) = rest.split_first_chunk()?;
            let (outgoing, rest) = rest.split_first_chunk()?;
            Some(Self {
                epk: *epk,
                tag: *tag,
                sealed: *sealed,
                outgoing: *outgoing,
                kem: Box::new(rest.try_into().ok()?),
            })
        };
        parts().ok_or(WrongLength(bytes.len()))
    }
}

impl fmt::Debug for NoteCiphertext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, _) = self.epk.split_at(8);
        write!(f, "NoteCiphertext({}..)", hex::encode(start))
    }
}
