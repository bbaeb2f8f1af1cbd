use super::*;
use crate::*;
use plume_primitives::{
    allocations::{self, Bucket, LONGEST_RELEASE, terms},
    consensus::DEFAULT_SLOT_DURATION_MS,
    pots,
    units::{EXISTENTIAL_DEPOSIT, PLUME, TOTAL_SUPPLY},
};
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
            let owned: Balance = frame_system::Account::<Runtime>::iter_values()
                .map(|account| account.data.free + account.data.reserved)
                .sum();
            assert_eq!(owned, TOTAL_SUPPLY, "{name}");
            assert!(Balances::free_balance(pots::treasury()) > 0);
            assert!(Balances::free_balance(pots::revenue_share()) > 0);
            assert!(Balances::free_balance(pots::validator_rewards()) > 0);
            assert!(Balances::free_balance(pots::stake_rewards()) > 0);
            assert!(Balances::free_balance(pots::shielded_pool()) > 0);
        });
    }
}

#[test]
fn every_preset_releases_by_the_table_and_not_a_planck_more() {
    for name in [DEVELOPMENT, LOCAL, CONSORTIUM] {
        chain(name).execute_with(|| {
            let stored: Vec<_> = pallet_release::Allocations::<Runtime>::iter_values().collect();
            for terms in allocations::TABLE {
                let mut of_bucket: Balance = 0;
                for allocation in stored.iter().filter(|one| one.bucket == terms.bucket) {
                    assert_eq!(allocation.cliff_seconds, terms.cliff, "{name}");
                    assert_eq!(allocation.duration_seconds, terms.duration, "{name}");
                    of_bucket += allocation.total;
                }
                let expected = if terms.is_liquid() { 0 } else { terms.planck };
                assert_eq!(of_bucket, expected, "{name}: {:?}", terms.bucket);
            }
            assert_eq!(Release::unpaid(), allocations::released_over_time());
            assert_eq!(
                Balances::free_balance(pots::release()),
                allocations::released_over_time() + EXISTENTIAL_DEPOSIT
            );
        });
    }
}

#[test]
fn what_is_liquid_is_the_communitys_and_the_treasurys_part() {
    let liquid = terms(Bucket::Treasury).planck + terms(Bucket::Community).planck;
    assert_eq!(
        liquid + allocations::released_over_time(),
        TOTAL_SUPPLY,
        "the table"
    );
    // The pots' own PLUME are the treasury's.
    let pots = 4 * PLUME + EXISTENTIAL_DEPOSIT;
    let endowed = 6 * 100_000_000 * PLUME;
    assert!(endowed <= terms(Bucket::Community).planck);
    for (name, given) in [(DEVELOPMENT, endowed), (LOCAL, endowed), (CONSORTIUM, 0)] {
        chain(name).execute_with(|| {
            assert_eq!(
                Balances::free_balance(pots::treasury()),
                liquid - given - pots,
                "{name}"
            );
        });
    }
}

#[test]
fn in_five_years_every_preset_pays_the_release_pot_out_to_the_last_planck() {
    use sp_runtime::traits::BlockNumberProvider;
    for name in [DEVELOPMENT, LOCAL, CONSORTIUM] {
        chain(name).execute_with(|| {
            let anybody = || RuntimeOrigin::signed(pots::revenue_share());
            Clock::set_block_number(LONGEST_RELEASE);
            let ids: Vec<_> = pallet_release::Allocations::<Runtime>::iter_keys().collect();
            for id in ids {
                frame_support::assert_ok!(Release::claim(anybody(), id));
            }
            assert_eq!(Release::unpaid(), 0);
            assert_eq!(
                Balances::free_balance(pots::release()),
                EXISTENTIAL_DEPOSIT,
                "{name}"
            );
            assert_eq!(Balances::total_issuance(), TOTAL_SUPPLY);
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

#[test]
fn only_the_presets_for_trying_things_out_divide_governances_periods() {
    use crate::governance::origins::PeriodDivisor;
    for (name, divisor) in [(DEVELOPMENT, 8_640), (LOCAL, 8_640), (CONSORTIUM, 1)] {
        chain(name).execute_with(|| assert_eq!(PeriodDivisor::<Runtime>::get(), divisor, "{name}"));
    }
}

#[test]
fn the_validators_of_the_genesis_are_the_technical_committee() {
    chain(LOCAL).execute_with(|| {
        let mut validators = pallet_validators::Admitted::<Runtime>::get().into_inner();
        validators.sort();
        assert_eq!(pallet_collective::Members::<Runtime>::get(), validators);
    });
}
