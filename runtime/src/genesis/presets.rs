//! The presets' contents.

use crate::{AccountId, Balance};
use alloc::vec::Vec;
use pallet_prices::Price;
use pallet_shielded_pool::{PLUME_UNIT, Policy};
use plume_circuits::transfer::{
    Point,
    development::{self, Role},
    verify::KEY_BYTES,
};
use plume_primitives::{
    allocations::{self, Bucket, Terms},
    compliance::RefValue,
    consensus::DEFAULT_SLOT_DURATION_MS,
    pots,
    units::{EXISTENTIAL_DEPOSIT, PLUME, TOTAL_SUPPLY},
};
use serde_json::{Value, json};
use sp_core::{Bytes, H256};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// What each well-known account has in the presets that have them.
const ENDOWMENT: Balance = 100_000_000 * PLUME;
/// A pot has to exist before it can take less than an existential deposit.
const POT: Balance = PLUME;
/// Governance's periods are divided by this where somebody wants to see a referendum pass: ten days are 100
/// seconds.
const HASTE: u32 = 8_640;
/// What PLUME is worth where nobody states it: a unit of the reference currency.
const PRICE: RefValue = 100;
/// The circuit that development networks begin with.
const CIRCUIT: u32 = 1;
/// What each tier may pay to others or withdraw of PLUME within a period, in PLUME.
const LIMITS: [(u8, Balance); 3] = [(1, 1_000), (2, 50_000), (3, 10_000_000)];
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

/// Balances that add up to the supply. What is released over time is in the release pot; the endowed
/// accounts have theirs of the community's part, and what nobody else has is the treasury's.
fn balances(endowed: &[AccountId]) -> Vec<(AccountId, Balance)> {
    let mut balances: Vec<(AccountId, Balance)> = endowed
        .iter()
        .map(|account| (account.clone(), ENDOWMENT))
        .collect();
    balances.push((pots::revenue_share(), POT));
    balances.push((pots::validator_rewards(), POT));
    balances.push((pots::stake_rewards(), POT));
    balances.push((pots::shielded_pool(), POT));
    let to_release = allocations::released_over_time();
    balances.push((
        pots::release(),
        to_release.saturating_add(EXISTENTIAL_DEPOSIT),
    ));
    let given: Balance = balances.iter().map(|(_, amount)| amount).sum();
    balances.push((pots::treasury(), TOTAL_SUPPLY.saturating_sub(given)));
    balances
}

/// What is released over time, by the table. The ecosystem's part goes where grants are paid from, the
/// reserve to where validators are.
fn allocations(team: &AccountId, investors: &AccountId) -> Vec<Value> {
    let release = |terms: &Terms| {
        let beneficiary = match terms.bucket {
            Bucket::Team => team.clone(),
            Bucket::Investors => investors.clone(),
            Bucket::ValidatorReserve => pots::validator_rewards(),
            Bucket::Ecosystem | Bucket::Treasury | Bucket::Community => pots::treasury(),
        };
        json!({
            "bucket": terms.bucket,
            "beneficiary": beneficiary,
            "total": terms.planck,
            "cliffSeconds": terms.cliff,
            "durationSeconds": terms.duration,
        })
    };
    allocations::TABLE
        .iter()
        .filter(|terms| !terms.is_liquid())
        .map(release)
        .collect()
}

/// **INSECURE-DEV**: a pool whose proofs everybody can forge, and whose layers everybody can read.
fn shielded_pool() -> Value {
    let (key, _prepared) = development::VERIFYING_KEY.split_at(KEY_BYTES);
    let point = |role| {
        let Point { x, y } = development::key(role);
        [H256(*x.as_bytes()), H256(*y.as_bytes())]
    };
    let policy = |(tier, plume): (u8, Balance)| Policy {
        asset: 0,
        tier,
        limit: u64::try_from(plume.saturating_mul(PLUME / PLUME_UNIT)).unwrap_or(u64::MAX),
        receiver_known: true,
        jurisdictions: Default::default(),
    };
    json!({
        "circuits": [(CIRCUIT, Bytes(key.to_vec()))],
        "flowKey": point(Role::Regulator),
        "committeeKey": point(Role::Committee),
        "policies": LIMITS.map(policy),
    })
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
        "release": { "allocations": allocations(
            &Sr25519Keyring::Ferdie.to_account_id(),
            &Sr25519Keyring::Eve.to_account_id(),
        ) },
        "validators": {
            "validators": validators.iter().map(WellKnown::account).collect::<Vec<_>>(),
            "bond": BOND,
            "minimumBond": BOND,
        },
        "session": { "keys": validators.iter().map(WellKnown::session_keys).collect::<Vec<_>>() },
        "sudo": { "key": Some(Sr25519Keyring::Alice.to_account_id()) },
        "origins": { "periodDivisor": HASTE },
        "prices": { "native": Price::of(PRICE, PLUME), "forEver": true },
        "shieldedPool": shielded_pool(),
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

/// A template: nobody in charge, validators to be filled in, and the treasury in the place of whoever is to
/// be given something.
pub fn consortium() -> Value {
    json!({
        "clock": { "slotDurationMs": DEFAULT_SLOT_DURATION_MS },
        "balances": { "balances": balances(&[]) },
        "release": { "allocations": allocations(&pots::treasury(), &pots::treasury()) },
        "validators": { "validators": Vec::<AccountId>::new(), "bond": 0, "minimumBond": BOND },
        "session": { "keys": Vec::<Value>::new() },
    })
}
