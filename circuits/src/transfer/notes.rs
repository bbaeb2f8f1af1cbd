//! What a note, a counter, a policy and a key hash to.

use super::{Jurisdictions, packed_value};
use crate::{Domain, FieldBytes, hash};

/// ak, from the spend secret.
pub fn spend_authority(spend_secret: &FieldBytes) -> FieldBytes {
    hash(Domain::SpendAuthority, &[*spend_secret])
}

/// The key that owns notes and that a credential is bound to, from ak and the nullifier key.
pub fn pool_key(spend_authority: &FieldBytes, nullifier_key: &FieldBytes) -> FieldBytes {
    hash(Domain::PoolKey, &[*spend_authority, *nullifier_key])
}

/// The owner that stands in a note, from a pool key and the diversifier of an address.
pub fn owner(pool_key: &FieldBytes, diversifier: &FieldBytes) -> FieldBytes {
    hash(Domain::Owner, &[*pool_key, *diversifier])
}

/// The commitment of a note.
pub fn note_commitment(
    value: u64,
    asset: u32,
    owner: &FieldBytes,
    randomness: &FieldBytes,
) -> FieldBytes {
    hash(
        Domain::Note,
        &[packed_value(value, asset), *owner, *randomness],
    )
}

/// The nullifier of the note, or of the counter, with a commitment at a position.
pub fn nullifier(
    nullifier_key: &FieldBytes,
    commitment: &FieldBytes,
    position: u64,
    pool_id: &FieldBytes,
) -> FieldBytes {
    hash(
        Domain::Nullifier,
        &[*nullifier_key, *commitment, position.into(), *pool_id],
    )
}

/// period · 2⁶⁴ + asset · 2⁹⁶, with what was spent below.
fn packed_counter(spent: u64, period: u32, asset: u32) -> FieldBytes {
    (u128::from(spent) | (u128::from(period) << 64) | (u128::from(asset) << 96)).into()
}

/// The commitment of a counter.
pub fn counter_commitment(
    spent: u64,
    period: u32,
    asset: u32,
    pool_key: &FieldBytes,
    randomness: &FieldBytes,
) -> FieldBytes {
    hash(
        Domain::Counter,
        &[packed_counter(spent, period, asset), *pool_key, *randomness],
    )
}

/// The nullifier of the first transfer of an asset in a period.
pub fn first_counter_nullifier(
    nullifier_key: &FieldBytes,
    period: u32,
    asset: u32,
    pool_id: &FieldBytes,
) -> FieldBytes {
    hash(
        Domain::FirstCounter,
        &[*nullifier_key, packed_counter(0, period, asset), *pool_id],
    )
}

/// Flag of a policy: whoever is paid needs a credential. Whoever makes a leaf gives no other, and the circuit proves
/// nothing under a policy that has one.
pub const RECEIVER_NEEDS_CREDENTIAL: u8 = 1;
/// The same: who pays, and who is paid where its credential is asked for, belongs to the policy's jurisdictions.
const NAMES_JURISDICTIONS: u8 = 2;

/// What holds for holders of one tier with one asset, as the leaf of a tree of depth [`super::POLICY_DEPTH`].
///
/// The circuit relies on `asset` and `limit` being a `u32` and a `u64`: whoever fills the tree makes leaves here.
pub fn policy_leaf(
    asset: u32,
    tier: u8,
    limit: u64,
    flags: u8,
    jurisdictions: &Jurisdictions,
) -> FieldBytes {
    // The flags in two bytes, the jurisdictions in sixteen, and zeros.
    let mut conditions = [0; 31];
    let names = if jurisdictions.is_anywhere() {
        0
    } else {
        NAMES_JURISDICTIONS
    };
    let bytes = [flags | names, 0].into_iter().chain(jurisdictions.filled());
    for (to, from) in conditions.iter_mut().zip(bytes) {
        *to = from;
    }
    let [asset, tier, limit] = [u64::from(asset), u64::from(tier), limit].map(FieldBytes::from);
    hash(
        Domain::Policy,
        &[asset, tier, limit, FieldBytes::from_packed(conditions)],
    )
}

/// A sender's name for one period.
pub fn pseudonym(nullifier_key: &FieldBytes, period: u32) -> FieldBytes {
    hash(
        Domain::Pseudonym,
        &[*nullifier_key, u64::from(period).into()],
    )
}
