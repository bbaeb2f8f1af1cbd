//! A wallet at rest: encrypted, and authenticated with all that stands before.
//!
//! | bytes | what |
//! |---|---|
//! | 0 to 11 | `plume wallet` |
//! | 12, 13 | version of the format: 2 |
//! | 14 to 25 | cost of the key: KiB of memory, passes, lanes, 32 bits each |
//! | 26 to 41 | salt of the key |
//! | 42 to 73 | [check](crate::passphrase) of the key |
//! | 74 to 97 | nonce |
//! | 98 to 105 | how many bytes follow the header |
//! | 106 to 137 | BLAKE2b-256 of everything before |
//! | 138 to the end | XChaCha20-Poly1305 of the content, with bytes 0 to 137 as associated data |
//!
//! Numbers are little endian. The salt is drawn with a passphrase, the nonce each time that a file is written. The
//! checksum finds a header that was damaged, so that it is not taken for a wrong passphrase; what was forged the cipher
//! finds. Limits of the cost are checked before a key is made.
//!
//! Whoever reads the file and has no passphrase sees that it is a wallet, how long, and when it was written: not whose,
//! and not for which network. Whoever can write it can put an older one in its place, which then follows the chain
//! from where it was.

use crate::{
    Cost, FileKey, Passphrase, Wallet,
    call::blake2_256,
    content::{self, MAX_BYTES},
};
use chacha20poly1305::{AeadInPlace, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use codec::{DecodeAll, Encode};
use zeroize::Zeroizing;

const MAGIC: &[u8; 12] = b"plume wallet";
const VERSION: u16 = 2;
/// The version whose content was not encrypted.
const PLAIN: u16 = 1;
const CHECKSUM: usize = 32;
const HEADER: usize = 138;
const TAG: usize = 16;

/// Why bytes are not sealed, or not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealedError {
    /// Something else.
    #[error("this is no wallet's file")]
    NoWallet,
    /// Of the version that was not encrypted.
    #[error("it is of version 1, which was not encrypted")]
    Plain,
    /// Of a version that this code does not know.
    #[error("it is of version {0}, which this program does not know")]
    Version(u16),
    /// Cut.
    #[error("it ends too early: {missing} bytes are missing")]
    Cut {
        /// How many at least.
        missing: u64,
    },
    /// Something was added.
    #[error("it is damaged: {0} bytes follow that do not belong to it")]
    TooLong(u64),
    /// Changed before the content.
    #[error("its header is damaged: the checksum is wrong")]
    Header,
    /// More than any wallet needs, or what Argon2 does not know.
    #[error(
        "a key of {memory_kib} KiB of memory, {passes} passes and {lanes} lanes is outside the limits of {} KiB, {} \
         passes and {} lanes, with eight KiB for each lane",
        Cost::MAX_MEMORY_KIB,
        Cost::MAX_PASSES,
        Cost::MAX_LANES
    )]
    Cost {
        /// KiB.
        memory_kib: u32,
        /// Over the memory.
        passes: u32,
        /// In it.
        lanes: u32,
    },
    /// The key takes more memory than there is.
    #[error("there is not enough memory to make the key: it takes {0} MiB")]
    NoMemory(u32),
    /// Another passphrase than it was written with.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// Changed behind the header.
    #[error("it is damaged: what is encrypted in it was changed")]
    Content,
    /// A passphrase of nothing.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// A passphrase of more than 1,024 bytes.
    #[error("the passphrase has more than 1,024 bytes")]
    LongPassphrase,
    /// More notes than a file has room for.
    #[error("the wallet does not fit into a file of {} MiB", MAX_BYTES >> 20)]
    Full,
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoRandomness,
}

impl SealedError {
    /// What to do next, as one sentence.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NoWallet => "Name the file that the wallet was made in",
            Self::Plain => {
                "Restore the wallet from its phrase into another file, which is encrypted, and delete this one"
            }
            Self::Version(_) => "Update this program",
            Self::Cut { .. }
            | Self::TooLong(_)
            | Self::Header
            | Self::Cost { .. }
            | Self::Content => {
                "Restore the wallet from its phrase into another file: everything it has is found again on the chain"
            }
            Self::NoMemory(_) => "Close other programs, or use a machine with more memory",
            Self::WrongPassphrase => {
                "Try again; if it is lost, restore the wallet from its phrase into another file"
            }
            Self::EmptyPassphrase | Self::LongPassphrase => "Choose a passphrase of several words",
            Self::Full => "Restore the wallet from its phrase, with a later first block",
            Self::NoRandomness => "Repair the system's random generator",
        }
    }
}

/// What stands before the content.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Header {
    cost: Cost,
    salt: [u8; 16],
    check: [u8; 32],
    nonce: [u8; 24],
    length: u64,
}

impl Header {
    fn to_bytes(&self) -> Vec<u8> {
        let Cost {
            memory_kib,
            passes,
            lanes,
        } = self.cost;
        let mut bytes = MAGIC.to_vec();
        VERSION.encode_to(&mut bytes);
        let cost = [memory_kib, passes, lanes];
        (cost, self.salt, self.check, self.nonce, self.length).encode_to(&mut bytes);
        let checksum = blake2_256(&bytes);
        bytes.extend_from_slice(&checksum);
        bytes
    }

    /// The header and its bytes, and what follows.
    fn read(bytes: &[u8]) -> Result<(Self, &[u8], &[u8]), SealedError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(SealedError::NoWallet)?;
        let cut = |whole: usize| SealedError::Cut {
            missing: whole.saturating_sub(bytes.len()) as u64,
        };
        let (version, _) = rest.split_first_chunk().ok_or_else(|| cut(HEADER))?;
        match u16::from_le_bytes(*version) {
            VERSION => (),
            PLAIN => return Err(SealedError::Plain),
            version => return Err(SealedError::Version(version)),
        }
        let (header, content) = bytes.split_at_checked(HEADER).ok_or_else(|| cut(HEADER))?;
        let damaged = || SealedError::Header;
        let (hashed, checksum) = header.split_last_chunk::<CHECKSUM>().ok_or_else(damaged)?;
        if blake2_256(hashed) != *checksum {
            return Err(damaged());
        }
        type Fields = ([u8; 12], u16, [u32; 3], [u8; 16], [u8; 32], [u8; 24], u64);
        let (_, _, [memory_kib, passes, lanes], salt, check, nonce, length) =
            Fields::decode_all(&mut &*hashed).map_err(|_| damaged())?;
        let read = Self {
            cost: Cost::new(memory_kib, passes, lanes)?,
            salt,
            check,
            nonce,
            length,
        };
        let there = content.len() as u64;
        match length.checked_sub(there) {
            Some(0) => Ok((read, header, content)),
            Some(missing) => Err(SealedError::Cut { missing }),
            None => Err(SealedError::TooLong(there.saturating_sub(length))),
        }
    }
}

/// A wallet's file whose header is sound, and which waits for the passphrase.
#[derive(Clone)]
pub struct Sealed {
    header: Header,
    header_bytes: Vec<u8>,
    content: Vec<u8>,
}

impl core::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Sealed")
            .field("cost", &self.header.cost)
            .field("length", &self.header.length)
            .finish_non_exhaustive()
    }
}

impl Sealed {
    /// Reads what [`Wallet::to_bytes`] wrote, up to what needs the passphrase.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealedError> {
        let (header, header_bytes, content) = Header::read(bytes)?;
        Ok(Self {
            header,
            header_bytes: header_bytes.to_vec(),
            content: content.to_vec(),
        })
    }

    /// What it takes to make its key.
    pub fn cost(&self) -> Cost {
        self.header.cost
    }

    /// The wallet, and the key to write it with again. Takes the [cost](Self::cost).
    pub fn open(&self, passphrase: &Passphrase) -> Result<(Wallet, FileKey), SealedError> {
        let (content, key) = self.decrypt(passphrase)?;
        let wallet = content::decode(&content).ok_or(SealedError::Content)?;
        Ok((wallet, key))
    }

    pub(crate) fn decrypt(
        &self,
        passphrase: &Passphrase,
    ) -> Result<(Zeroizing<Vec<u8>>, FileKey), SealedError> {
        let header = &self.header;
        let key = FileKey::derive(passphrase, header.cost, header.salt)?;
        if key.check != header.check {
            return Err(SealedError::WrongPassphrase);
        }
        let (encrypted, tag) = self
            .content
            .split_last_chunk::<TAG>()
            .ok_or(SealedError::Content)?;
        let mut content = Zeroizing::new(encrypted.to_vec());
        XChaCha20Poly1305::new((&*key.key).into())
            .decrypt_in_place_detached(
                XNonce::from_slice(&header.nonce),
                &self.header_bytes,
                &mut content,
                Tag::from_slice(tag),
            )
            .map_err(|_| SealedError::Content)?;
        Ok((content, key))
    }
}

/// The bytes of a wallet's file, under a new nonce.
pub(crate) fn seal(wallet: &Wallet, key: &FileKey) -> Result<Vec<u8>, SealedError> {
    let mut nonce = [0; 24];
    getrandom::fill(&mut nonce).map_err(|_| SealedError::NoRandomness)?;
    encrypt(content::encode(wallet), key, nonce)
}

pub(crate) fn encrypt(
    mut content: Zeroizing<Vec<u8>>,
    key: &FileKey,
    nonce: [u8; 24],
) -> Result<Vec<u8>, SealedError> {
    let length = content.len().saturating_add(TAG) as u64;
    if length.saturating_add(HEADER as u64) > MAX_BYTES {
        return Err(SealedError::Full);
    }
    let header = Header {
        cost: key.cost,
        salt: key.salt,
        check: key.check,
        nonce,
        length,
    };
    let mut bytes = header.to_bytes();
    let tag = XChaCha20Poly1305::new((&*key.key).into())
        .encrypt_in_place_detached(XNonce::from_slice(&nonce), &bytes, &mut content)
        .map_err(|_| SealedError::Full)?;
    bytes.extend_from_slice(&content);
    bytes.extend_from_slice(&tag);
    Ok(bytes)
}
