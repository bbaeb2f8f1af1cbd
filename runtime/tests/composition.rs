//! What the composition promises: every cost is measured, every default is overridden, dust is kept.

use frame_support::{
    assert_ok,
    dispatch::{DispatchClass, GetDispatchInfo},
    traits::{
        Get,
        fungible::{Inspect, Mutate},
    },
};
use plume_primitives::{consensus::block_ref_time_ps, pots, units::*};
use plume_runtime::*;
use sp_keyring::Sr25519Keyring;
use std::any::type_name;

fn chain() -> sp_io::TestExternalities {
    let mut ext = sp_io::TestExternalities::default();
    ext.execute_with(|| {
        frame_system::Pallet::<Runtime>::set_block_number(1);
        assert_ok!(Balances::mint_into(
            &Sr25519Keyring::Alice.to_account_id(),
            1_000 * PLUME
        ));
        assert_ok!(Balances::mint_into(&pots::treasury(), PLUME));
        assert_ok!(Balances::mint_into(&pots::revenue_share(), PLUME));
    });
    ext
}

#[test]
fn every_pallet_has_the_weights_measured_for_this_runtime() {
    macro_rules! measured {
        ($($pallet:ident :: $info:ident),* $(,)?) => {
            $(
                let name = type_name::<<Runtime as $pallet::Config>::$info>();
                assert!(
                    name.starts_with("plume_runtime::weights::"),
                    "{}::{} is {name}: nobody measured it for this runtime",
                    stringify!($pallet), stringify!($info),
                );
            )*
        };
    }
    measured!(
        frame_system::SystemWeightInfo,
        frame_system::ExtensionsWeightInfo,
        pallet_asset_rate::WeightInfo,
        pallet_assets::WeightInfo,
        pallet_balances::WeightInfo,
        pallet_brake::WeightInfo,
        pallet_collective::WeightInfo,
        pallet_conviction_voting::WeightInfo,
        pallet_fees::WeightInfo,
        pallet_grandpa::WeightInfo,
        pallet_grants::WeightInfo,
        pallet_leadership::WeightInfo,
        pallet_multisig::WeightInfo,
        pallet_parameters::WeightInfo,
        pallet_preimage::WeightInfo,
        pallet_proxy::WeightInfo,
        pallet_referenda::WeightInfo,
        pallet_release::WeightInfo,
        pallet_revenue_share::WeightInfo,
        pallet_scheduler::WeightInfo,
        pallet_session::WeightInfo,
        pallet_stake::WeightInfo,
        pallet_sudo::WeightInfo,
        pallet_timestamp::WeightInfo,
        pallet_transaction_payment::WeightInfo,
        pallet_treasury::WeightInfo,
        pallet_tx_pause::WeightInfo,
        pallet_utility::WeightInfo,
        pallet_validators::WeightInfo,
        pallet_whitelist::WeightInfo,
    );
}

#[test]
fn no_call_is_free() {
    chain().execute_with(|| {
        let transfer = RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
            dest: Sr25519Keyring::Bob.to_account_id().into(),
            value: PLUME,
        });
        let weight = transfer.get_dispatch_info().call_weight;
        assert!(weight.ref_time() > 1_000_000, "{weight:?}");
        let db = <Runtime as frame_system::Config>::DbWeight::get();
        assert!(db.read > 0 && db.write > 0);
    });
}

#[test]
fn block_limits_follow_the_slot() {
    chain().execute_with(|| {
        for slot_ms in [250, 500, 2_000] {
            pallet_clock::SlotDurationMs::<Runtime>::put(slot_ms);
            let limits = <Runtime as frame_system::Config>::BlockWeights::get();
            assert_eq!(limits.max_block.ref_time(), block_ref_time_ps(slot_ms));
            assert!(
                limits
                    .get(DispatchClass::Normal)
                    .max_total
                    .unwrap()
                    .ref_time()
                    < limits.max_block.ref_time()
            );
        }
    });
}

#[test]
fn an_upgrade_of_the_runtime_fits_into_a_block() {
    chain().execute_with(|| {
        let upgrade = RuntimeCall::System(frame_system::Call::set_code {
            code: vec![0; 2 * 1024 * 1024],
        });
        let info = upgrade.get_dispatch_info();
        let limits = <Runtime as frame_system::Config>::BlockWeights::get();
        let reserve = limits.get(DispatchClass::Operational).reserved.unwrap();
        assert_eq!(info.class, DispatchClass::Operational);
        assert!(
            info.call_weight.ref_time() < reserve.ref_time(),
            "{info:?} against {reserve:?}"
        );
    });
}

#[test]
fn dust_goes_to_the_treasury_and_stays_in_issuance() {
    chain().execute_with(|| {
        let alice = Sr25519Keyring::Alice.to_account_id();
        let bob = Sr25519Keyring::Bob.to_account_id();
        let dust = EXISTENTIAL_DEPOSIT / 2;
        assert_ok!(Balances::transfer_allow_death(
            RuntimeOrigin::signed(alice.clone()),
            bob.clone().into(),
            EXISTENTIAL_DEPOSIT + dust,
        ));
        let issuance = Balances::total_issuance();
        let treasury = Balances::balance(&pots::treasury());
        assert_ok!(Balances::transfer_allow_death(
            RuntimeOrigin::signed(bob.clone()),
            alice.into(),
            EXISTENTIAL_DEPOSIT,
        ));
        assert_eq!(Balances::total_balance(&bob), 0);
        assert_eq!(Balances::total_issuance(), issuance);
        assert_eq!(Balances::balance(&pots::treasury()), treasury + dust);
    });
}

#[test]
fn clients_have_minutes_to_sign() {
    assert!(<Runtime as frame_system::Config>::BlockHashCount::get() >= 4_096);
}

#[test]
fn metadata_is_served_in_versions_14_to_16() {
    chain().execute_with(|| {
        for version in [14, 15, 16] {
            assert!(
                Runtime::metadata_at_version(version).is_some(),
                "V{version}"
            );
        }
    });
}

#[test]
fn every_pallet_has_the_storage_version_of_its_code() {
    use frame_support::traits::{GetStorageVersion, StorageVersion};
    macro_rules! current {
        ($($pallet:ty),* $(,)?) => {
            $(assert_eq!(
                <$pallet>::in_code_storage_version(),
                StorageVersion::new(1),
                "{} changed its layout: write a migration and raise this version",
                stringify!($pallet),
            );)*
        };
    }
    current!(
        Brake,
        Clock,
        Fees,
        Grants,
        Leadership,
        Origins,
        Release,
        RevenueShare,
        Stake,
        Validators,
    );
}

#[test]
fn nobody_burns_plume_but_the_fees() {
    use sp_runtime::traits::Dispatchable;
    chain().execute_with(|| {
        let burn = RuntimeCall::Balances(pallet_balances::Call::burn {
            value: PLUME,
            keep_alive: true,
        });
        let issuance = Balances::total_issuance();
        let alice = RuntimeOrigin::signed(Sr25519Keyring::Alice.to_account_id());
        let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all {
            calls: vec![burn.clone().into()],
        });
        assert!(burn.dispatch(alice.clone()).is_err());
        assert!(batch.dispatch(alice).is_err());
        assert_eq!(Balances::total_issuance(), issuance);
    });
}

#[test]
fn calls_that_change_what_is_issued_are_told_from_those_that_move_it() {
    use plume_runtime::configs::system::leaves_issuance;
    let alice = || Sr25519Keyring::Alice.to_account_id();
    let changes: [pallet_balances::Call<Runtime>; 3] = [
        pallet_balances::Call::burn {
            value: PLUME,
            keep_alive: true,
        },
        pallet_balances::Call::force_set_balance {
            who: alice().into(),
            new_free: 0,
        },
        pallet_balances::Call::force_adjust_total_issuance {
            direction: pallet_balances::AdjustmentDirection::Increase,
            delta: 1,
        },
    ];
    for call in changes {
        assert!(leaves_issuance(&call.clone().into()), "{call:?}");
    }
    let moves: [pallet_balances::Call<Runtime>; 2] = [
        pallet_balances::Call::transfer_all {
            dest: alice().into(),
            keep_alive: false,
        },
        pallet_balances::Call::force_transfer {
            source: alice().into(),
            dest: alice().into(),
            value: PLUME,
        },
    ];
    for call in moves {
        assert!(!leaves_issuance(&call.clone().into()), "{call:?}");
    }
}

/// They are moved about as whole values, and WebAssembly copies them eight bytes at a time.
#[test]
fn calls_and_events_are_small() {
    let (call, event) = (size_of::<RuntimeCall>(), size_of::<RuntimeEvent>());
    println!("a call has {call} bytes, an event {event}");
    assert!(call <= 256, "box the large arguments of a call: {call}");
    assert!(event <= 256, "box the large fields of an event: {event}");
}

/// Database weight and storage access cancel out: both benchmarks read and write the same items.
#[test]
fn fifty_rules_take_at_most_25_microseconds_of_a_transfer() {
    use pallet_compliance::WeightInfo;
    type Measured = <Runtime as pallet_compliance::Config>::WeightInfo;
    let screened = Measured::screen(50).ref_time();
    let touched = Measured::touch().ref_time();
    let engine = screened.checked_sub(touched);
    println!("50 rules: {screened} ps, of which storage {touched}, the engine {engine:?}");
    assert!(engine.is_some_and(|engine| engine <= 25_000_000));
}
