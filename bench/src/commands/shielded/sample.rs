//! A payment that needs no chain: its trees hold what it shows, and nothing else. It is proven as long as any other.

use plume_circuits::{
    FieldBytes, Poseidon,
    notes_tree::NotesTree,
    transfer::{
        CREDENTIAL_DEPTH, Change, Credential, Ephemeral, Input, Jurisdictions, Keys, NOTE_DEPTH,
        OldCounter, POLICY_DEPTH, Payment, Plan, Policy,
        development::{self, Role},
        notes::{
            RECEIVER_NEEDS_CREDENTIAL, counter_commitment, note_commitment, owner, policy_leaf,
        },
    },
    tree::{MemoryTree, Path},
};
use sp_crypto_hashing::blake2_256;

const ASSET: u32 = 1;
const PERIOD: u32 = 12;
/// In the credentials' time.
const TIME: u32 = 1_000_000;
/// First and last second of the credentials, and their tier.
const VALIDITY: (u32, u32) = (10, 2_000_000);
const TIER: u8 = 2;
/// What the two notes are worth.
const VALUES: [u64; 2] = [600_000, 150_000];
/// What is paid; the rest comes back.
const PAID: u64 = 700_000;
const FEE: u64 = 30;
/// What the sender spent before, and may spend.
const SPENT: u64 = 250_000;
const LIMIT: u64 = 1_000_000;

/// Two notes are spent and two are made, a counter goes on, and both sides show a credential.
pub(super) fn payment() -> anyhow::Result<Plan> {
    let [keys, receiver] = ["sender", "receiver"].map(|name| Keys {
        spend_secret: element(&format!("{name}'s spend secret")),
        nullifier_key: element(&format!("{name}'s nullifier key")),
    });
    let (own, receiver) = (keys.pool_key(), receiver.pool_key());

    let mut notes = NotesTree::<NOTE_DEPTH>::default();
    let [first, second] = VALUES;
    let note =
        |value, name| note_commitment(value, ASSET, &owner(&own, &element(name)), &element(name));
    let first_at = notes.append::<Poseidon>(note(first, "first note"), true)?;
    let second_at = notes.append::<Poseidon>(note(second, "second note"), true)?;
    let counter = counter_commitment(SPENT, PERIOD, ASSET, &own, &element("counter"));
    let counter_at = notes.append::<Poseidon>(counter, true)?;
    let input = |value, name, position| -> anyhow::Result<Input> {
        Ok(Input {
            value,
            diversifier: element(name),
            randomness: element(name),
            path: notes.path::<Poseidon>(position)?,
        })
    };

    let mut credentials = MemoryTree::<Poseidon, CREDENTIAL_DEPTH>::default();
    let [mut senders, mut receivers] = ["sender", "receiver"].map(credential);
    let senders_at = credentials.append(senders.leaf(&own))?;
    let receivers_at = credentials.append(receivers.leaf(&receiver))?;
    senders.path = credentials.path(senders_at)?;
    receivers.path = credentials.path(receivers_at)?;

    let mut policies = MemoryTree::<Poseidon, POLICY_DEPTH>::default();
    let flags = RECEIVER_NEEDS_CREDENTIAL;
    let policy_at = policies.append(policy_leaf(
        ASSET,
        TIER,
        LIMIT,
        flags,
        &Jurisdictions::ANYWHERE,
    ))?;

    Ok(Plan {
        keys,
        pool_id: element("pool"),
        asset: ASSET,
        note_root: notes.root::<Poseidon>(),
        credential_root: credentials.root(),
        policy_root: policies.root(),
        inputs: [
            Some(input(first, "first note", first_at)?),
            Some(input(second, "second note", second_at)?),
        ],
        payment: Some(Payment {
            value: PAID,
            pool_key: receiver,
            diversifier: element("receiver's address"),
            randomness: element("payment"),
            credential: Some(receivers),
        }),
        change: Change {
            diversifier: element("change's address"),
            randomness: element("change"),
        },
        public_in: 0,
        public_out: FEE,
        credential: senders,
        policy: Policy {
            limit: LIMIT,
            flags,
            jurisdictions: Jurisdictions::ANYWHERE,
            path: policies.path(policy_at)?,
        },
        old_counter: OldCounter::Kept {
            spent: SPENT,
            randomness: element("counter"),
            path: notes.path::<Poseidon>(counter_at)?,
        },
        counter_randomness: element("new counter"),
        time: TIME,
        period: PERIOD,
        flow_key: development::key(Role::Regulator),
        committee_key: development::key(Role::Committee),
        ephemeral: Ephemeral::from_bytes(*element("ephemeral").as_bytes()),
        padding: [0, 1, 2, 3].map(|number: u8| element(&format!("padding {number}"))),
    })
}

/// A credential that is in no tree yet.
fn credential(name: &str) -> Credential {
    Credential {
        subject: element(name),
        issuer: element("issuer"),
        claims: claims(),
        salt: element(&format!("{name}'s salt")),
        path: Path {
            leaf: 0,
            siblings: [[FieldBytes::ZERO; 3]; CREDENTIAL_DEPTH],
        },
    }
}

/// Tier and validity, where [`Credential`] looks for them.
fn claims() -> FieldBytes {
    let mut packed = [0; 31];
    packed[0] = TIER;
    packed[4..8].copy_from_slice(&VALIDITY.0.to_le_bytes());
    packed[8..12].copy_from_slice(&VALIDITY.1.to_le_bytes());
    FieldBytes::from_packed(packed)
}

/// A random looking element.
fn element(name: &str) -> FieldBytes {
    FieldBytes::from_hash(blake2_256(name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payment_can_be_proven_and_pays_what_it_says() {
        let plan = payment().expect("the trees have room");
        let assigned = plan.assign().expect("every rule holds");
        assert_eq!(assigned.change, 750_000 - PAID - FEE);
        assert_eq!(assigned.spent, SPENT + PAID + FEE);
    }
}
