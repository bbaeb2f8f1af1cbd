//! Notes, as the pool's proofs know them.

use crate::blake;
use core::fmt;
use plume_circuits::{FieldBytes, transfer::notes};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes of a memo. All notes have as many, so that its length says nothing.
pub const MEMO_BYTES: usize = 128;

/// An amount of an asset that somebody owns in the pool.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Note {
    /// In the asset's pool unit (PLUME: 10⁹ planck).
    pub value: u64,
    /// Number of the asset.
    pub asset: u32,
    /// H(pool key, d): [`Address::owner`](crate::Address::owner).
    pub owner: FieldBytes,
    /// Randomness, which hides the rest in the commitment.
    pub rcm: FieldBytes,
}

impl Note {
    /// cm = H(value + asset · 2⁶⁴, owner, rcm): the leaf in the tree of notes.
    pub fn commitment(&self) -> FieldBytes {
        notes::note_commitment(self.value, self.asset, &self.owner, &self.rcm)
    }

    /// nf = H(nk, cm, position, pool): what is shown when the note is spent, and links it to nothing without nk.
    ///
    /// `position` is the leaf's number in the tree of notes; `pool` names chain and pool.
    pub fn nullifier(&self, nk: &FieldBytes, position: u64, pool: &FieldBytes) -> FieldBytes {
        notes::nullifier(nk, &self.commitment(), position, pool)
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Note")
            .field("value", &self.value)
            .field("asset", &self.asset)
            .finish_non_exhaustive()
    }
}

/// 32 random bytes that everything random about an output comes from: the note's randomness, the ephemeral secret
/// and what ML-KEM encapsulates. Its receiver learns it, and so can see that the output was made as it should be
/// (ZIP 212); whoever else is shown it can make the ciphertext again, and so sees what it says.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct NoteSeed(pub(crate) [u8; 32]);

impl NoteSeed {
    /// A new one. Each is for one output: with the same address twice, two notes would have one commitment.
    pub fn random() -> Result<Self, crate::KeyError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| crate::KeyError::NoRandomness)?;
        Ok(Self(bytes))
    }

    /// These bytes, which must be random and never used before.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The randomness of the note's commitment.
    pub fn rcm(&self) -> FieldBytes {
        blake::element(blake::RANDOMNESS, &[&self.0])
    }
}

impl fmt::Debug for NoteSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::text::hidden("NoteSeed", f)
    }
}

/// Bytes for the receiver, filled up with zeros.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Memo(pub [u8; MEMO_BYTES]);

impl Memo {
    /// No memo.
    pub const EMPTY: Self = Self([0; MEMO_BYTES]);

    /// A text of at most [`MEMO_BYTES`] bytes of UTF-8 without zeros. `None` if it is none.
    pub fn from_text(text: &str) -> Option<Self> {
        if text.contains('\0') {
            return None;
        }
        let mut bytes = [0; MEMO_BYTES];
        bytes
            .get_mut(..text.len())?
            .copy_from_slice(text.as_bytes());
        Some(Self(bytes))
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        let end = self.0.iter().rposition(|byte| *byte != 0);
        let bytes = self.0.get(..end.map_or(0, |last| last + 1))?;
        core::str::from_utf8(bytes)
            .ok()
            .filter(|text| !text.contains('\0'))
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text() {
            Some(text) => write!(f, "Memo({text:?})"),
            None => f.write_str("Memo(bytes)"),
        }
    }
}
