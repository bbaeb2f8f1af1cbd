//! From a passphrase to the key of a file: Argon2id (RFC 9106), version 19.
//!
//! It makes 64 bytes. The first half is the key; the second half, the check, stands in the file. By it a wrong
//! passphrase is told from damage, and it is no help in guessing passphrases: whoever has the file could try to
//! decrypt as well.

use crate::sealed::SealedError;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroizing;

/// Longest passphrase in bytes: a whole page is a mistake.
const MAX_PASSPHRASE_BYTES: usize = 1_024;

/// What the owner remembers, byte by byte as it was given. It encrypts the file at rest, and has nothing to do with
/// the phrase that the keys come from.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Refuses an empty one, and one of more than 1,024 bytes.
    pub fn new(text: impl Into<Zeroizing<String>>) -> Result<Self, SealedError> {
        let text = text.into();
        if text.is_empty() {
            return Err(SealedError::EmptyPassphrase);
        }
        if text.len() > MAX_PASSPHRASE_BYTES {
            return Err(SealedError::LongPassphrase);
        }
        Ok(Self(text))
    }
}

impl PartialEq for Passphrase {
    fn eq(&self, other: &Self) -> bool {
        *self.0 == *other.0
    }
}

impl core::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

/// What it takes to make a key of a passphrase, for its owner once a command, and for whoever guesses once a guess.
/// It stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
}

impl Cost {
    /// Most memory in KiB: 512 MiB. A hostile file demands no more.
    pub const MAX_MEMORY_KIB: u32 = 512 * 1_024;
    /// Most passes: with that memory some ten seconds.
    pub const MAX_PASSES: u32 = 16;
    /// Most lanes. They are computed one after the other.
    pub const MAX_LANES: u32 = 16;

    /// KiB of memory, passes over it, and lanes that it is divided into. Each is one at least, memory eight for each
    /// lane, and none is above its limit. Who guesses is held up by memory times passes: below the
    /// [default](Self::default) a file is only good for tests.
    pub const fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, SealedError> {
        let is_allowed = memory_kib <= Self::MAX_MEMORY_KIB
            && passes >= 1
            && passes <= Self::MAX_PASSES
            && lanes >= 1
            && lanes <= Self::MAX_LANES
            && memory_kib >= lanes.saturating_mul(8);
        if !is_allowed {
            return Err(SealedError::Cost {
                memory_kib,
                passes,
                lanes,
            });
        }
        Ok(Self {
            memory_kib,
            passes,
            lanes,
        })
    }

    /// KiB of memory.
    pub const fn memory_kib(&self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub const fn passes(&self) -> u32 {
        self.passes
    }

    /// Lanes that the memory is divided into.
    pub const fn lanes(&self) -> u32 {
        self.lanes
    }
}

/// 64 MiB and three passes, as RFC 9106 recommends for machines that are not servers. One lane instead of its four: they
/// would be computed one after the other here, and only whoever guesses would gain.
impl Default for Cost {
    fn default() -> Self {
        Self {
            memory_kib: 64 * 1_024,
            passes: 3,
            lanes: 1,
        }
    }
}

/// What became of a passphrase for one file: saves go on with it, without the passphrase.
#[derive(Clone)]
pub struct FileKey {
    pub(crate) cost: Cost,
    pub(crate) salt: [u8; 16],
    pub(crate) check: [u8; 32],
    pub(crate) key: Zeroizing<[u8; 32]>,
}

impl FileKey {
    /// The key of a new file, or of one that gets another passphrase.
    pub fn new(passphrase: &Passphrase, cost: Cost) -> Result<Self, SealedError> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| SealedError::NoRandomness)?;
        Self::derive(passphrase, cost, salt)
    }

    pub(crate) fn derive(
        passphrase: &Passphrase,
        cost: Cost,
        salt: [u8; 16],
    ) -> Result<Self, SealedError> {
        let refused = || SealedError::Cost {
            memory_kib: cost.memory_kib,
            passes: cost.passes,
            lanes: cost.lanes,
        };
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(64));
        let params = params.map_err(|_| refused())?;
        let blocks = params.block_count();
        let mut memory = Zeroizing::new(Vec::<Block>::new());
        let reserved = memory.try_reserve_exact(blocks);
        reserved.map_err(|_| SealedError::NoMemory(cost.memory_kib.div_ceil(1_024)))?;
        memory.resize(blocks, Block::default());
        let mut bytes = Zeroizing::new([0; 64]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(
                passphrase.0.as_bytes(),
                &salt,
                &mut *bytes,
                memory.as_mut_slice(),
            )
            .map_err(|_| refused())?;
        let (mut key, mut check) = (Zeroizing::new([0; 32]), [0; 32]);
        let (first, second) = bytes.split_at(key.len());
        key.copy_from_slice(first);
        check.copy_from_slice(second);
        Ok(Self {
            cost,
            salt,
            check,
            key,
        })
    }
}

impl core::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("FileKey")
            .field("cost", &self.cost)
            .finish_non_exhaustive()
    }
}
