//! Putting at stake, taking back, and who may.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use sp_runtime::{DispatchError, TokenError};

#[test]
fn staking_puts_planck_on_hold_and_gives_a_voice() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(stake(1, 1));
        assert_eq!(on_hold(1), 501);
        assert_eq!(Balances::balance(&1), OWNED - 501);
        assert_eq!(Stake::voice(&1), 501);
        assert_eq!(Totals::<Runtime>::get().voting, 501);
        assert_eq!(
            events().last(),
            Some(&Event::Staked {
                who: 1,
                amount: 1,
                total: 501
            })
        );
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn what_an_account_does_not_have_or_needs_to_exist_cannot_be_staked() {
    chain().execute_with(|| {
        assert_noop!(stake(1, OWNED), TokenError::FundsUnavailable);
        assert_noop!(stake(99, MINIMUM), TokenError::FundsUnavailable);
        assert_noop!(stake(1, Balance::MAX), TokenError::FundsUnavailable);
        assert_ok!(stake(1, OWNED - EXISTENTIAL_DEPOSIT));
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn nothing_and_less_than_the_minimum_are_refused() {
    chain().execute_with(|| {
        assert_noop!(stake(1, 0), Error::<Runtime>::ZeroAmount);
        assert_noop!(stake(1, MINIMUM - 1), Error::<Runtime>::StakeTooSmall);
        assert_ok!(stake(1, MINIMUM));
        assert_noop!(unstake(1, 0), Error::<Runtime>::ZeroAmount);
    });
}

#[test]
fn what_is_left_at_stake_is_nothing_or_at_least_the_minimum() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 250));
        assert_noop!(unstake(1, 251), Error::<Runtime>::StakeTooLarge);
        assert_noop!(unstake(1, 151), Error::<Runtime>::RestTooSmall);
        assert_ok!(unstake(1, 150));
        assert_noop!(unstake(1, 1), Error::<Runtime>::RestTooSmall);
        assert_ok!(unstake(1, 100));
        assert_eq!(Stake::voice(&1), 0);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn unstaking_takes_the_voice_at_once_and_frees_the_money_when_its_time_is_over() {
    chain().execute_with(|| {
        Now::set(7);
        assert_ok!(stake(1, 500));
        assert_ok!(unstake(1, 200));
        assert_eq!((Stake::voice(&1), on_hold(1)), (300, 500));
        let totals = Totals::<Runtime>::get();
        assert_eq!(
            (totals.voting, totals.unstaking, totals.held),
            (300, 200, 500)
        );
        pass(UNBONDING - 1);
        assert_noop!(withdraw(1), Error::<Runtime>::NothingToWithdraw);
        pass(1);
        assert_ok!(withdraw(1));
        assert_eq!((Stake::voice(&1), on_hold(1)), (300, 300));
        assert_eq!(Balances::balance(&1), OWNED - 300);
        assert_noop!(withdraw(1), Error::<Runtime>::NothingToWithdraw);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn each_unstaking_has_its_own_time_and_those_that_are_free_go_together() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 1_000));
        for _ in 0..3 {
            assert_ok!(unstake(1, 100));
            pass(10);
        }
        pass(UNBONDING - 20);
        assert_ok!(withdraw(1));
        assert_eq!(on_hold(1), 800);
        pass(10);
        assert_ok!(withdraw(1));
        assert_eq!(on_hold(1), 700);
    });
}

#[test]
fn no_account_has_more_unstakings_than_it_may() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 1_000));
        for _ in 0..MAX_UNSTAKING {
            assert_ok!(unstake(1, 100));
        }
        assert_noop!(unstake(1, 100), Error::<Runtime>::TooManyUnstaking);
        pass(UNBONDING);
        assert_ok!(withdraw(1));
        assert_ok!(unstake(1, 100));
    });
}

#[test]
fn who_has_nothing_left_leaves_no_trace() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(unstake(1, 500));
        pass(UNBONDING);
        assert_ok!(withdraw(1));
        assert!(!Stakers::<Runtime>::contains_key(1));
        assert_eq!(Totals::<Runtime>::get(), Sums::default());
        assert_noop!(unstake(1, 1), Error::<Runtime>::StakeTooLarge);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn whom_screening_does_not_admit_takes_no_part_but_may_leave() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(back(1, 101));
        assert_eq!(reward(101, 500), 500);
        assert_ok!(stake(2, 500));
        Refused::set(vec![1, 2]);
        let refused = DispatchError::from(Error::<Runtime>::NotAdmitted);
        assert_noop!(stake(1, 500), refused);
        assert_noop!(back(2, 101), refused);
        assert_noop!(claim(1), refused);
        assert_ok!(settle(1));
        assert_ok!(stop(1));
        assert_ok!(unstake(1, 500));
        assert_ok!(unstake(2, 500));
        pass(UNBONDING);
        assert_ok!(withdraw(1));
        // What was earned waits.
        Refused::set(vec![]);
        assert_ok!(claim(1));
        assert_eq!(Balances::balance(&1), OWNED + 500);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn a_genesis_may_have_stakers() {
    chain_with(vec![(1, 500, None), (2, 700, Some(102))]).execute_with(|| {
        assert_eq!((Stake::voice(&1), Stake::voice(&2)), (500, 700));
        assert_eq!(Stake::backed(&2), Some(102));
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
#[should_panic(expected = "cannot stake")]
fn a_genesis_whose_stakers_do_not_own_their_stake_is_refused() {
    chain_with(vec![(1, OWNED + 1, None)]);
}

#[test]
#[should_panic(expected = "cannot back")]
fn a_genesis_that_backs_who_is_no_validator_is_refused() {
    chain_with(vec![(1, 500, Some(7))]);
}
