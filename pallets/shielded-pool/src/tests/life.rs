//! Value comes in, changes hands and leaves.

use crate::{
    mock::{ShieldedPool, *},
    roots::NOTES_DEPTH,
    *,
};
use frame_support::{assert_noop, assert_ok};
use plume_circuits::{Poseidon, frontier::Frontier};
use plume_primitives::compliance::Asset;

fn events() -> Vec<Event<Runtime>> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::ShieldedPool(event) => Some(event),
            _ => None,
        })
        .collect()
}

#[test]
fn what_is_deposited_is_on_hold_in_the_pools_account_and_nowhere_else() {
    chain().execute_with(|| {
        let issuance = Balances::total_issuance();
        assert_ok!(deposit(ANNA, 1, plume(5_000)));
        assert_eq!(Balances::free_balance(ANNA), RICH - 5_000 * PLUME_UNIT);
        assert_eq!(inside(Asset::Native), (5_000, 5_000 * PLUME_UNIT));
        assert_eq!(Balances::total_issuance(), issuance);
        next_block();
    });
}

#[test]
fn all_that_a_transfer_says_is_in_its_event() {
    chain().execute_with(|| {
        System::reset_events();
        assert_ok!(deposit(ANNA, 1, plume(1_000_000)));
        let expected = body_in(1, plume(1_000_000));
        assert_eq!(
            events(),
            [
                Event::Transferred {
                    first: 0,
                    transfer: Box::new(expected)
                },
                Event::Deposited {
                    who: ANNA,
                    amount: plume(1_000_000)
                },
            ]
        );
        let second = body_out(2, plume(FEE));
        assert_ok!(include(transfer(2)));
        assert!(events().contains(&Event::Transferred {
            first: 3,
            transfer: Box::new(second)
        }));
    });
}

#[test]
fn the_root_is_that_of_all_leaves_in_their_order_and_changes_once_a_block() {
    chain().execute_with(|| {
        let empty = ShieldedPool::newest_root();
        assert_ok!(deposit(ANNA, 1, plume(1_000_000)));
        assert_ok!(include(transfer(2)));
        assert_eq!(ShieldedPool::newest_root(), empty, "not within the block");
        end_block();

        let mut tree = Frontier::<NOTES_DEPTH>::default();
        for seed in [1, 2] {
            tree.append_all::<Poseidon>(&body(seed).all_commitments())
                .expect("there is room");
        }
        let root = tree.root::<Poseidon>();
        assert_eq!(ShieldedPool::newest_root(), Some(root));
        assert!(events().contains(&Event::RootChanged { root, leaves: 6 }));
        let before = RingState::<Runtime>::get();
        next_block();
        next_block();
        assert_eq!(RingState::<Runtime>::get(), before, "empty blocks add none");
    });
}

#[test]
fn somebody_who_has_nothing_can_withdraw_to_himself() {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(1_000_000)));
        next_block();
        assert_eq!(Balances::free_balance(NEWCOMER), 0);
        assert_ok!(include(withdrawal(2, NEWCOMER, 400_000)));
        assert_eq!(Balances::free_balance(NEWCOMER), 400_000 * PLUME_UNIT);
        assert_eq!(inside(Asset::Native).0, 600_000 - u128::from(FEE));
        next_block();
    });
}

#[test]
fn another_asset_leaves_in_its_own_units_and_plume_pays_for_it() {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, gold(300)));
        assert_ok!(deposit(ANNA, 2, plume(1_000_000)));
        next_block();
        let bodies = vec![body_out(3, gold(200)), body_out(4, plume(FEE))];
        assert_ok!(include(withdrawal_of(bodies, BERT, 200)));
        assert_eq!(Assets::balance(GOLD, BERT), 1_000_000_000 + 200 * GOLD_UNIT);
        assert_eq!(
            inside(Asset::Other(GOLD)),
            (100, 100 * GOLD_UNIT + GOLD_MINIMUM)
        );
        next_block();
    });
}

#[test]
fn all_of_an_asset_can_leave() {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, gold(300)));
        assert_ok!(deposit(ANNA, 2, plume(FEE)));
        next_block();
        let bodies = vec![body_out(3, gold(300)), body_out(4, plume(FEE))];
        assert_ok!(include(withdrawal_of(bodies, BERT, 300)));
        assert_eq!(inside(Asset::Other(GOLD)), (0, GOLD_MINIMUM));
        assert_eq!(inside(Asset::Native), (0, 0));
        next_block();
        // And the pool opens again.
        assert_ok!(deposit(ANNA, 5, plume(FEE)));
        assert_ok!(deposit(ANNA, 6, gold(1)));
        next_block();
    });
}

#[test]
fn nothing_moves_while_the_pool_is_stopped_and_everything_after_that() {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(1_000_000)));
        next_block();
        verified();
        assert_noop!(
            ShieldedPool::set_paused(RuntimeOrigin::signed(ANNA), true),
            sp_runtime::DispatchError::BadOrigin
        );
        assert_ok!(ShieldedPool::set_paused(root(), true));
        assert_noop!(deposit(ANNA, 2, plume(1)), Error::<Runtime>::Paused);
        let refused = Err(checks::refusal::<Runtime>(Error::Paused));
        assert_eq!(include(transfer(2)), refused);
        assert_eq!(include(withdrawal(2, BERT, 1)), refused);
        assert_eq!(include(bundle(2..4)), refused);
        assert_eq!(verified(), (0, 0), "and no proof was looked at");

        assert_ok!(ShieldedPool::set_paused(root(), false));
        assert_ok!(include(transfer(2)));
        next_block();
    });
}

#[test]
fn only_an_account_deposits_and_only_a_proof_transfers() {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(1_000_000)));
        let transfer = deposit_of(ANNA, body_in(2, plume(10)));
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                ShieldedPool::deposit(origin, transfer.clone()),
                sp_runtime::DispatchError::BadOrigin
            );
        }
        use frame_support::traits::UnfilteredDispatchable;
        for origin in [
            RuntimeOrigin::root(),
            RuntimeOrigin::none(),
            RuntimeOrigin::signed(ANNA),
        ] {
            let refused = crate::mock::transfer(3)
                .dispatch_bypass_filter(origin)
                .expect_err("it is not authorised");
            assert_eq!(refused.error, sp_runtime::DispatchError::BadOrigin);
        }
    });
}

#[test]
fn a_deposit_of_more_than_there_is_changes_nothing() {
    chain().execute_with(|| {
        let too_much = u64::try_from(RICH / PLUME_UNIT).unwrap() + 1;
        let transfer = deposit_of(ANNA, body_in(1, plume(too_much)));
        frame_support::assert_storage_noop!(assert!(
            ShieldedPool::deposit(RuntimeOrigin::signed(ANNA), transfer).is_err()
        ));
    });
}

#[test]
fn a_deposit_of_another_asset_takes_all_or_leaves_the_minimum_behind() {
    chain().execute_with(|| {
        let anna = || RuntimeOrigin::signed(ANNA);
        assert_ok!(Assets::transfer(
            anna(),
            GOLD.into(),
            NEWCOMER,
            10 * GOLD_UNIT
        ));
        frame_system::Pallet::<Runtime>::inc_providers(&NEWCOMER);
        // 40 of a minimum of 50 would stay.
        assert_ok!(Assets::transfer(anna(), GOLD.into(), NEWCOMER, 40));
        assert_noop!(
            deposit(NEWCOMER, 1, gold(10)),
            Error::<Runtime>::CannotDeposit
        );
        assert_noop!(
            deposit(NEWCOMER, 1, gold(11)),
            Error::<Runtime>::CannotDeposit
        );
        let supply = Assets::total_supply(GOLD);
        assert_ok!(deposit(NEWCOMER, 1, gold(9)));
        assert_ok!(Assets::transfer(anna(), GOLD.into(), NEWCOMER, 60));
        assert_ok!(deposit(NEWCOMER, 2, gold(2)));
        assert_eq!(Assets::balance(GOLD, NEWCOMER), 0);
        assert_eq!(Assets::total_supply(GOLD), supply);
        next_block();
    });
}

#[test]
fn a_pool_without_genesis_can_be_set_up_by_governance() {
    bare_chain().execute_with(|| {
        assert_ok!(ShieldedPool::register_circuit(
            root(),
            CIRCUIT,
            KEY.to_vec().try_into().unwrap(),
            now()
        ));
        assert_ok!(ShieldedPool::set_flow_key(root(), now() / PERIOD, point(1)));
        assert_ok!(ShieldedPool::set_committee_key(root(), now(), point(2)));
        let unproven = Box::new(unproven(body_in(1, plume(10))));
        assert_noop!(
            ShieldedPool::deposit(RuntimeOrigin::signed(ANNA), unproven),
            Error::<Runtime>::NoPolicies
        );
        assert_ok!(ShieldedPool::set_policy(
            root(),
            Asset::Native,
            1,
            Some(100),
            false,
            Default::default()
        ));
        after(1);
        assert_ok!(deposit(ANNA, 1, plume(10)));
        next_block();
    });
}
