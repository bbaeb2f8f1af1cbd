//! What the pool keeps, as it is encoded.

use codec::{Decode, DecodeAll};
use plume_sdk::{AtBlock, state};
use plume_wallet::Rule;

use crate::failure::Failure;

/// The pool's name in the runtime.
pub const PALLET: &str = "ShieldedPool";

/// The newest circuit, and the hash of its verifying key.
pub struct Circuit {
    /// Its version.
    pub version: u32,
    /// BLAKE2b-256.
    pub digest: [u8; 32],
}

/// What counts of a schedule at a moment.
pub async fn scheduled<V: Decode>(at: &AtBlock, name: &str, moment: u32) -> Result<V, Failure> {
    let entries = state::encoded(at, PALLET, name, vec![]).await?;
    let entries: Vec<(u32, V)> = decoded(&entries.ok_or_else(unreadable)?)?;
    let counts = entries.into_iter().rev().find(|(from, _)| *from <= moment);
    let missing = || {
        Failure::new(
            format!("the pool has no {name} that count now"),
            "Wait until governance has set them; nothing can be moved before",
        )
    };
    counts.map(|(_, value)| value).ok_or_else(missing)
}

/// All policies. The keys' ends are their places.
pub async fn rules(at: &AtBlock) -> Result<Vec<(u32, Rule)>, Failure> {
    let entries = state::all_encoded(at, PALLET, "Policies").await?;
    let rule = |(key, content): (Vec<u8>, Vec<u8>)| {
        let (asset, tier, limit, receiver_known, jurisdictions) = decoded(&content)?;
        let rule = Rule {
            asset,
            tier,
            limit,
            receiver_known,
            jurisdictions,
        };
        Ok((last_number(&key)?, rule))
    };
    entries.into_iter().map(rule).collect()
}

/// The newest circuit that counts.
pub async fn circuit(at: &AtBlock, now: u32) -> Result<Circuit, Failure> {
    type Stored = (Vec<u8>, [u8; 32], u32, Option<u32>);
    let mut newest = None::<Circuit>;
    for (key, content) in state::all_encoded(at, PALLET, "Circuits").await? {
        let version = last_number(&key)?;
        let (_, digest, from, until) = decoded::<Stored>(&content)?;
        let counts = from <= now && until.is_none_or(|until| now < until);
        if counts && newest.as_ref().is_none_or(|known| known.version < version) {
            newest = Some(Circuit { version, digest });
        }
    }
    newest.ok_or_else(|| {
        Failure::new(
            "no circuit counts on this chain now",
            "Wait until governance has registered one",
        )
    })
}

fn last_number(key: &[u8]) -> Result<u32, Failure> {
    let (_, number) = key.split_last_chunk().ok_or_else(unreadable)?;
    Ok(u32::from_le_bytes(*number))
}

/// Reads all of it.
pub fn decoded<T: Decode>(bytes: &[u8]) -> Result<T, Failure> {
    T::decode_all(&mut &*bytes).map_err(|_| unreadable())
}

/// What to say when it cannot be read.
pub fn unreadable() -> Failure {
    Failure::new(
        "what the chain has of the shielded pool cannot be read",
        "Update plume to the version that came with this runtime",
    )
}
