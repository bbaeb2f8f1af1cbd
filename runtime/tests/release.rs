//! What is not released stays out of reach, whichever way somebody reaches for it.

use frame_support::{
    assert_noop, assert_ok,
    traits::{OnTimestampSet, fungible::Inspect},
};
use pallet_release::{Allocation, Allocations};
use pallet_session::SessionManager;
use plume_primitives::{
    allocations::{Bucket, YEAR},
    pots,
    units::{EXISTENTIAL_DEPOSIT, PLUME},
};
use plume_runtime::*;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie};
use sp_runtime::{BuildStorage, DispatchError, traits::Dispatchable};

const TOTAL: Balance = 4_000 * PLUME;
const FIRST_BLOCK_MS: u64 = 1_800_000_000_000;
const PURSE: Balance = 1_000 * PLUME;

/// Alice is released 4,000 PLUME over four years, with a cliff of one.
fn chain() -> sp_io::TestExternalities {
    let mut balances: Vec<_> = [Alice, Bob, Charlie]
        .iter()
        .map(|key| (key.to_account_id(), PURSE))
        .collect();
    balances.push((pots::treasury(), PLUME));
    balances.push((pots::validator_rewards(), PLUME));
    balances.push((pots::release(), TOTAL + EXISTENTIAL_DEPOSIT));
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances,
            ..Default::default()
        },
        release: pallet_release::GenesisConfig {
            allocations: vec![pallet_release::GenesisAllocation {
                bucket: Bucket::Team,
                beneficiary: Alice.to_account_id(),
                total: TOTAL,
                cliff_seconds: YEAR,
                duration_seconds: 4 * YEAR,
            }],
        },
        ..Default::default()
    };
    let mut ext: sp_io::TestExternalities =
        genesis.build_storage().expect("the genesis builds").into();
    ext.execute_with(|| {
        System::set_block_number(1);
        after(0);
    });
    ext
}

/// Sets the block's time, in seconds since the first block's.
fn after(seconds: Seconds) {
    Clock::on_timestamp_set(FIRST_BLOCK_MS + u64::from(seconds) * 1_000);
}

fn signed(key: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(key.to_account_id())
}

fn claim() -> RuntimeCall {
    RuntimeCall::Release(pallet_release::Call::claim { id: 0 })
}

fn allocation() -> Allocation<AccountId> {
    Allocations::<Runtime>::get(0).expect("it exists")
}

/// Takes all that the release pot has.
fn empty_the_pot() -> RuntimeCall {
    RuntimeCall::Balances(pallet_balances::Call::transfer_all {
        dest: Alice.to_account_id().into(),
        keep_alive: false,
    })
}

#[test]
fn time_is_counted_from_the_first_blocks_timestamp() {
    chain().execute_with(|| {
        System::set_block_number(10_000_000); // however many blocks there were
        after(YEAR - 1);
        assert_noop!(
            Release::claim(signed(Bob), 0),
            pallet_release::Error::<Runtime>::BeforeCliff
        );
        System::set_block_number(10_000_001);
        after(YEAR);
        assert_ok!(Release::claim(signed(Bob), 0));
        assert_eq!(
            Balances::free_balance(Alice.to_account_id()),
            PURSE + TOTAL / 4
        );
    });
}

#[test]
fn a_batch_of_claims_pays_once() {
    chain().execute_with(|| {
        after(YEAR);
        let calls = vec![claim().into(); 10];
        assert_ok!(Utility::force_batch(signed(Bob), calls));
        assert_eq!(
            Balances::free_balance(Alice.to_account_id()),
            PURSE + TOTAL / 4
        );
        assert_eq!(Balances::free_balance(Bob.to_account_id()), PURSE);
        assert_eq!(allocation().claimed, TOTAL / 4);
    });
}

#[test]
fn a_batch_cannot_claim_before_the_cliff() {
    chain().execute_with(|| {
        after(YEAR - 1);
        assert_ok!(Utility::force_batch(
            signed(Alice),
            vec![claim().into(); 10]
        ));
        assert_eq!(allocation().claimed, 0);
        assert!(Utility::batch_all(signed(Alice), vec![claim().into()]).is_err());
    });
}

#[test]
fn a_proxy_and_a_multisig_pay_the_beneficiary_and_not_themselves() {
    chain().execute_with(|| {
        let bob = Bob.to_account_id();
        assert_ok!(Proxy::add_proxy(
            signed(Alice),
            bob.clone().into(),
            configs::ProxyType::Any,
            0
        ));
        after(YEAR);
        let before = Balances::total_balance(&Alice.to_account_id());
        assert_ok!(Proxy::proxy(
            signed(Bob),
            Alice.to_account_id().into(),
            None,
            Box::new(claim().into())
        ));
        assert_eq!(
            Balances::total_balance(&Alice.to_account_id()),
            before + TOTAL / 4
        );
        after(2 * YEAR);
        assert_ok!(Multisig::as_multi_threshold_1(
            signed(Bob),
            vec![Charlie.to_account_id()],
            Box::new(claim().into())
        ));
        assert_eq!(
            Balances::total_balance(&Alice.to_account_id()),
            before + TOTAL / 2
        );
        assert_eq!(Balances::total_balance(&bob), PURSE);
        assert_eq!(Balances::total_balance(&Charlie.to_account_id()), PURSE);
    });
}

#[test]
fn nobody_acts_for_the_release_pot() {
    chain().execute_with(|| {
        assert_noop!(
            Proxy::proxy(
                signed(Alice),
                pots::release().into(),
                None,
                Box::new(empty_the_pot().into())
            ),
            pallet_proxy::Error::<Runtime>::NotProxy
        );
        assert_noop!(
            Utility::dispatch_as(
                signed(Alice),
                Box::new(OriginCaller::system(frame_system::RawOrigin::Signed(
                    pots::release()
                ))),
                Box::new(empty_the_pot().into())
            ),
            DispatchError::BadOrigin
        );
        assert_noop!(
            Balances::force_transfer(
                signed(Alice),
                pots::release().into(),
                Alice.to_account_id().into(),
                1
            ),
            DispatchError::BadOrigin
        );
        assert_eq!(
            Balances::total_balance(&pots::release()),
            TOTAL + EXISTENTIAL_DEPOSIT
        );
    });
}

#[test]
fn a_beneficiary_cannot_hand_its_allocation_to_another() {
    chain().execute_with(|| {
        let hand_over = RuntimeCall::Release(pallet_release::Call::reassign {
            id: 0,
            beneficiary: Bob.to_account_id(),
        });
        let refused = hand_over.clone().dispatch(signed(Alice));
        assert_eq!(
            refused.map_err(|error| error.error),
            Err(DispatchError::BadOrigin)
        );
        assert_ok!(Utility::force_batch(
            signed(Alice),
            vec![hand_over.clone().into()]
        ));
        assert!(
            Multisig::as_multi_threshold_1(
                signed(Alice),
                vec![Bob.to_account_id()],
                Box::new(hand_over.clone().into())
            )
            .is_err()
        );
        assert_eq!(allocation().beneficiary, Alice.to_account_id());
        assert_ok!(hand_over.dispatch(RuntimeOrigin::root()));
        assert_eq!(allocation().beneficiary, Bob.to_account_id());
    });
}

/// The validator reserve streams into the pot that a session's end divides, whoever asks for it.
#[test]
fn what_the_validator_reserve_releases_is_rewarded_with_the_session_it_is_claimed_in() {
    chain().execute_with(|| {
        Allocations::<Runtime>::mutate(0, |allocation| {
            allocation.as_mut().expect("it exists").beneficiary = pots::validator_rewards();
        });
        let alice = Alice.to_account_id();
        after(YEAR);
        assert_ok!(Release::claim(signed(Charlie), 0));
        assert_eq!(
            Balances::free_balance(pots::validator_rewards()),
            PLUME + TOTAL / 4
        );
        pallet_validators::Sealed::<Runtime>::insert(&alice, 1);
        <Runtime as pallet_session::Config>::SessionManager::end_session(7);
        // The pot keeps its existential deposit; the one PLUME that it began with was never owed.
        let divided = PLUME + TOTAL / 4 - EXISTENTIAL_DEPOSIT;
        assert_eq!(pallet_validators::Credits::<Runtime>::get(&alice), divided);
        assert_ok!(Validators::claim(signed(Bob), alice.clone()));
        assert_eq!(Balances::free_balance(&alice), PURSE + divided);
    });
}
