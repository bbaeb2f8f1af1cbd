//! What stands on the chain in a name's place.

use crate::{Entry, Normal};
use core::{fmt, str::FromStr};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sp_crypto_hashing::blake2_256;

/// Keeps what is hashed here apart from every other hash of the project.
const DOMAIN: &[u8] = b"plume/sanctions/name/1";

/// 32 bytes that are written as `0x` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash32(pub [u8; 32]);

impl fmt::Display for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}

impl fmt::Debug for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Not 32 bytes in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not 32 bytes in hexadecimal; write 0x and 64 digits")]
pub struct NotHash32;

impl FromStr for Hash32 {
    type Err = NotHash32;

    fn from_str(text: &str) -> Result<Self, NotHash32> {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let mut bytes = [0; 32];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| NotHash32)?;
        Ok(Self(bytes))
    }
}

impl Serialize for Hash32 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash32 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// What makes commitments useless to those who do not have it: names can be guessed, 32 random bytes cannot.
///
/// Whoever draws it keeps it with the list. With another salt all commitments change.
#[derive(Clone)]
pub struct Salt(pub [u8; 32]);

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// The commitment to one name of an entry: BLAKE2b-256 of a domain, the salt, the list's name, the entry's id and the
/// name's normal form, each with its length before it.
pub fn commitment(salt: &Salt, list: &str, entry: &Entry, name: &Normal) -> Hash32 {
    let mut bytes = Vec::new();
    for part in [
        DOMAIN,
        &salt.0,
        list.as_bytes(),
        entry.id.as_bytes(),
        name.key().as_bytes(),
    ] {
        bytes.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        bytes.extend_from_slice(part);
    }
    Hash32(blake2_256(&bytes))
}
