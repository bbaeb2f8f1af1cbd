//! The presets' contents.

use crate::{AccountId, Balance};
use alloc::vec::Vec;
use plume_primitives::{
    consensus::DEFAULT_SLOT_DURATION_MS,
    pots,
    units::{PLUME, TOTAL_SUPPLY},
};
use serde_json::{Value, json};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// What each well-known account has in the presets that have them.
const ENDOWMENT: Balance = 100_000_000 * PLUME;
/// A pot has to exist before it can take less than an existential deposit.
const POT: Balance = PLUME;
/// What a validator puts at stake.
const BOND: Balance = 100_000 * PLUME;

/// A validator with well-known keys.
struct WellKnown(Sr25519Keyring, Ed25519Keyring);

impl WellKnown {
    fn account(&self) -> AccountId {
        self.0.to_account_id()
    }

    /// An entry of `session.keys`: account, validator, keys.
    fn session_keys(&self) -> Value {
        json!([self.account(), self.account(), { "aura": self.0.public(), "grandpa": self.1.public() }])
    }
}

/// Balances that add up to the supply: what nobody else has is the treasury's.
fn balances(endowed: &[AccountId]) -> Vec<(AccountId, Balance)> {
    let mut balances: Vec<(AccountId, Balance)> = endowed
        .iter()
        .map(|account| (account.clone(), ENDOWMENT))
        .collect();
    balances.push((pots::revenue_share(), POT));
    balances.push((pots::validator_rewards(), POT));
    let given: Balance = balances.iter().map(|(_, amount)| amount).sum();
    balances.push((pots::treasury(), TOTAL_SUPPLY.saturating_sub(given)));
    balances
}

fn with_validators(validators: &[WellKnown]) -> Value {
    let endowed: Vec<AccountId> = [
        Sr25519Keyring::Alice,
        Sr25519Keyring::Bob,
        Sr25519Keyring::Charlie,
        Sr25519Keyring::Dave,
        Sr25519Keyring::Eve,
        Sr25519Keyring::Ferdie,
    ]
    .iter()
    .map(|key| key.to_account_id())
    .collect();
    json!({
        "clock": { "slotDurationMs": DEFAULT_SLOT_DURATION_MS },
        "balances": { "balances": balances(&endowed) },
        "validators": {
            "validators": validators.iter().map(WellKnown::account).collect::<Vec<_>>(),
            "bond": BOND,
            "minimumBond": BOND,
        },
        "session": { "keys": validators.iter().map(WellKnown::session_keys).collect::<Vec<_>>() },
        "sudo": { "key": Some(Sr25519Keyring::Alice.to_account_id()) },
    })
}

/// One validator, Alice.
pub fn development() -> Value {
    with_validators(&[WellKnown(Sr25519Keyring::Alice, Ed25519Keyring::Alice)])
}

/// Four validators: Alice, Bob, Charlie and Dave.
pub fn local() -> Value {
    with_validators(&[
        WellKnown(Sr25519Keyring::Alice, Ed25519Keyring::Alice),
        WellKnown(Sr25519Keyring::Bob, Ed25519Keyring::Bob),
        WellKnown(Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
        WellKnown(Sr25519Keyring::Dave, Ed25519Keyring::Dave),
    ])
}

/// A template: the whole supply in the treasury, nobody in charge, validators to be filled in.
pub fn consortium() -> Value {
    json!({
        "clock": { "slotDurationMs": DEFAULT_SLOT_DURATION_MS },
        "balances": { "balances": balances(&[]) },
        "validators": { "validators": Vec::<AccountId>::new(), "bond": 0, "minimumBond": BOND },
        "session": { "keys": Vec::<Value>::new() },
    })
}
