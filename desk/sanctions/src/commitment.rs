//! What stands on the chain in a name's place.

use crate::{Entry, Hash32, Normal};
use core::fmt;
use sp_crypto_hashing::blake2_256;

/// Keeps what is hashed here apart from every other hash of the project.
const DOMAIN: &[u8] = b"plume/sanctions/name/1";

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
