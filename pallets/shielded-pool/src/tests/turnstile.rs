//! Nothing leaves that did not enter.

use crate::{
    mock::{ShieldedPool, *},
    *,
};
use frame_support::{assert_noop, assert_ok, pallet_prelude::TransactionValidityError};
use plume_primitives::{Balance, compliance::Asset};

fn refused(error: Error<Runtime>) -> Result<(), TransactionValidityError> {
    Err(checks::refusal(error))
}

#[test]
fn more_than_entered_never_leaves_however_good_the_proof() {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(1_000_000)));
        next_block();
        verified();
        let left = 1_000_000 - FEE;
        assert_eq!(
            include(withdrawal(2, BERT, left + 1)),
            refused(Error::TurnstileExceeded)
        );
        assert_eq!(
            include(transfer_of(body_out(2, plume(1_000_001)))),
            refused(Error::TurnstileExceeded)
        );
        assert_eq!(verified(), (0, 0));
        assert_ok!(include(withdrawal(2, BERT, left)));
        assert_eq!(inside(Asset::Native), (0, 0));
        next_block();
    });
}

#[test]
fn the_transfers_of_a_bundle_count_together() {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(3 * FEE - 1)));
        next_block();
        assert_eq!(include(bundle(2..5)), refused(Error::TurnstileExceeded));
        assert_ok!(include(bundle(2..4)));
        next_block();
    });
}

#[test]
fn an_asset_leaves_by_its_own_turnstile_alone() {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(100_000_000)));
        assert_ok!(deposit(ANNA, 2, gold(100)));
        next_block();
        let bodies = vec![body_out(3, gold(101)), body_out(4, plume(FEE))];
        assert_eq!(
            include(withdrawal_of(bodies, BERT, 101)),
            refused(Error::TurnstileExceeded)
        );
        let unknown = Amount {
            asset: Asset::Other(99),
            value: 1,
        };
        let bodies = vec![body_out(3, unknown), body_out(4, plume(FEE))];
        assert!(include(withdrawal_of(bodies, BERT, 1)).is_err());
        assert_noop!(deposit(ANNA, 5, unknown), Error::<Runtime>::UnknownAsset);
    });
}

#[test]
fn amounts_at_the_end_of_their_range_do_not_wrap() {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(100_000_000)));
        next_block();
        let most = plume(u64::MAX);
        assert_eq!(
            include(transfer_of(body_out(2, most))),
            refused(Error::TurnstileExceeded)
        );
        let all = (10..42).map(|seed| body_out(seed, most)).collect();
        assert_eq!(include(bundle_of(all)), refused(Error::TurnstileExceeded));
        assert!(include(withdrawal_of(vec![body_out(2, most)], BERT, u64::MAX)).is_err());
        assert_eq!(
            include(withdrawal_of(vec![body_out(2, plume(5))], BERT, u64::MAX)),
            refused(Error::BadAmount)
        );
        assert!(deposit(ANNA, 3, most).is_err());
        // An asset whose units are so large that a balance cannot count them.
        let unit = Balance::MAX / 1_000;
        Units::<Runtime>::insert(GOLD, unit);
        assert_noop!(deposit(ANNA, 3, gold(1_001)), Error::<Runtime>::BadAmount);
    });
}

#[test]
fn what_somebody_sends_to_the_pools_account_stays_there_and_changes_nothing() {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(1_000_000)));
        assert_ok!(deposit(ANNA, 2, gold(100)));
        let anna = || RuntimeOrigin::signed(ANNA);
        assert_ok!(Balances::transfer_allow_death(anna(), POOL, 5 * PLUME_UNIT));
        assert_ok!(Assets::transfer(anna(), GOLD.into(), POOL, 5 * GOLD_UNIT));
        next_block();
        assert_eq!(
            include(withdrawal(3, BERT, 1_000_000)),
            refused(Error::TurnstileExceeded)
        );
        let bodies = vec![body_out(4, gold(101)), body_out(5, plume(FEE))];
        assert_eq!(
            include(withdrawal_of(bodies, BERT, 101)),
            refused(Error::TurnstileExceeded)
        );
        next_block();
    });
}

#[test]
fn nothing_can_be_withdrawn_to_the_pool_or_to_an_account_that_cannot_be() {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(1_000_000)));
        assert_ok!(deposit(ANNA, 2, gold(100)));
        next_block();
        assert_eq!(include(withdrawal(3, POOL, 5)), refused(Error::CannotPay));
        let bodies = |value| vec![body_out(4, gold(value)), body_out(5, plume(FEE))];
        assert_ok!(Assets::freeze_asset(
            RuntimeOrigin::signed(ANNA),
            GOLD.into()
        ));
        assert_eq!(
            include(withdrawal_of(bodies(5), BERT, 5)),
            refused(Error::CannotPay)
        );
        assert_ok!(Assets::thaw_asset(RuntimeOrigin::signed(ANNA), GOLD.into()));
        assert_ok!(include(withdrawal_of(bodies(5), BERT, 5)));
        next_block();
    });
}

#[test]
fn the_invariants_see_a_pool_that_has_too_little() {
    use frame_support::traits::fungible::MutateHold;
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(1_000)));
        end_block();
        assert_ok!(ShieldedPool::do_try_state());
        assert_ok!(Balances::burn_held(
            &HoldReason::Shielded.into(),
            &POOL,
            1,
            frame_support::traits::tokens::Precision::Exact,
            frame_support::traits::tokens::Fortitude::Polite,
        ));
        assert!(ShieldedPool::do_try_state().is_err());
    });
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, gold(10)));
        end_block();
        assert_ok!(Assets::burn(
            RuntimeOrigin::signed(ANNA),
            GOLD.into(),
            POOL,
            1
        ));
        assert!(ShieldedPool::do_try_state().is_err());
    });
}

#[test]
fn the_invariants_see_each_thing_that_is_broken() {
    type Break = (&'static str, fn());
    let breaks: [Break; 8] = [
        ("1", || {
            Turnstiles::<Runtime>::mutate(Asset::Native, |turnstile| turnstile.left += 1)
        }),
        ("2", || Units::<Runtime>::remove(GOLD)),
        ("3", || {
            NextPosition::<Runtime>::mutate(|position| *position += 3)
        }),
        ("4", || Ring::<Runtime>::remove(0)),
        ("5", || Nullifiers::<Runtime>::insert(element(77, "n"), ())),
        ("6", || {
            FlowKeys::<Runtime>::mutate(|keys| {
                keys.set(now(), Point::default(), now(), 0)
                    .expect("there is room")
            })
        }),
        ("7", || {
            Circuits::<Runtime>::mutate(CIRCUIT, |circuit| {
                circuit.as_mut().expect("it is there").key = Default::default();
            })
        }),
        ("8", || {
            Policies::<Runtime>::mutate(0, |policy| {
                policy.as_mut().expect("it is there").limit += 1;
            })
        }),
    ];
    for (number, break_it) in breaks {
        chain().execute_with(|| {
            assert_ok!(deposit(ANNA, 1, gold(10)));
            assert_ok!(deposit(ANNA, 2, plume(10)));
            end_block();
            assert_ok!(ShieldedPool::do_try_state());
            break_it();
            let error = ShieldedPool::do_try_state().expect_err(number);
            let sp_runtime::TryRuntimeError::Other(message) = error else {
                panic!("{number}: {error:?}")
            };
            assert!(message.starts_with(number), "{number}: {message}");
        });
    }
}
