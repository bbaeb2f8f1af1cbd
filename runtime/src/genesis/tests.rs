use super::*;
use crate::*;
use plume_primitives::{consensus::DEFAULT_SLOT_DURATION_MS, pots, units::TOTAL_SUPPLY};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// The chain that a preset begins, as the node builds it: the preset's patch over the defaults.
fn chain(name: &str) -> sp_io::TestExternalities {
    let mut config =
        serde_json::to_value(RuntimeGenesisConfig::default()).expect("defaults serialise");
    let patch = preset(&PresetId::from(name)).expect("the preset exists");
    merge(
        &mut config,
        serde_json::from_slice(&patch).expect("presets are JSON"),
    );
    let mut ext = sp_io::TestExternalities::default();
    ext.execute_with(|| {
        frame_support::genesis_builder_helper::build_state::<RuntimeGenesisConfig>(
            config.to_string().into_bytes(),
        )
        .expect("the preset builds")
    });
    ext
}

fn merge(into: &mut serde_json::Value, patch: serde_json::Value) {
    match (into, patch) {
        (serde_json::Value::Object(into), serde_json::Value::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (into, patch) => *into = patch,
    }
}

#[test]
fn every_preset_issues_exactly_ten_billion_plume() {
    for name in [DEVELOPMENT, LOCAL, CONSORTIUM] {
        chain(name).execute_with(|| {
            assert_eq!(
                Balances::total_issuance(),
                10_000_000_000 * 10u128.pow(18),
                "{name}"
            );
            assert_eq!(Balances::total_issuance(), TOTAL_SUPPLY);
            assert!(Balances::free_balance(pots::treasury()) > 0);
            assert!(Balances::free_balance(pots::revenue_share()) > 0);
            assert!(Balances::free_balance(pots::validator_rewards()) > 0);
        });
    }
}

#[test]
fn the_local_preset_has_four_validators_that_seal_and_vote() {
    chain(LOCAL).execute_with(|| {
        assert_eq!(pallet_validators::Admitted::<Runtime>::get().len(), 4);
        assert_eq!(pallet_session::Validators::<Runtime>::get().len(), 4);
        assert_eq!(pallet_aura::Authorities::<Runtime>::get().len(), 4);
        assert_eq!(Grandpa::grandpa_authorities().len(), 4);
        assert_eq!(
            pallet_clock::SlotDurationMs::<Runtime>::get(),
            DEFAULT_SLOT_DURATION_MS
        );
    });
}

#[test]
fn history_can_prove_every_genesis_validator() {
    use frame_support::traits::KeyOwnerProofSystem;
    chain(LOCAL).execute_with(|| {
        for (authority, _) in Grandpa::grandpa_authorities() {
            let key = (sp_consensus_grandpa::KEY_TYPE, authority);
            let proof = Historical::prove(key.clone()).expect("the validator sits");
            assert!(Historical::check_proof(key, proof).is_some());
        }
    });
}

#[test]
fn the_consortium_template_has_no_well_known_key_and_nobody_in_charge() {
    let json =
        String::from_utf8(preset(&PresetId::from(CONSORTIUM)).expect("it exists")).expect("UTF-8");
    for key in Sr25519Keyring::iter() {
        assert!(!json.contains(&key.to_account_id().to_string()), "{key:?}");
    }
    for key in Ed25519Keyring::iter() {
        assert!(!json.contains(&key.public().to_string()), "{key:?}");
    }
    chain(CONSORTIUM).execute_with(|| assert_eq!(pallet_sudo::Key::<Runtime>::get(), None));
}

#[test]
fn an_unknown_preset_is_none() {
    assert!(preset(&PresetId::from("mainnet")).is_none());
}
