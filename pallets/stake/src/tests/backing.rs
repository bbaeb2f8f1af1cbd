//! Backing a validator, one at a time, and leaving it.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

#[test]
fn only_an_admitted_validator_can_be_backed_and_only_with_stake() {
    chain().execute_with(|| {
        assert_noop!(back(1, 101), Error::<Runtime>::NoStake);
        assert_ok!(stake(1, 500));
        assert_noop!(back(1, 2), Error::<Runtime>::NotBackable);
        assert_ok!(back(1, 101));
        assert_eq!(Stake::backed(&1), Some(101));
        assert_eq!(Stake::voice(&1), 500);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn a_stake_backs_one_validator_at_a_time_and_another_only_when_the_risk_is_over() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_noop!(stop(1), Error::<Runtime>::NotBacking);
        assert_ok!(back(1, 101));
        assert_noop!(back(1, 101), Error::<Runtime>::AlreadyBacking);
        assert_noop!(back(1, 102), Error::<Runtime>::AlreadyBacking);
        assert_ok!(stop(1));
        assert_noop!(stop(1), Error::<Runtime>::NotBacking);
        pass(UNBONDING - 1);
        assert_noop!(back(1, 102), Error::<Runtime>::StillCooling);
        assert_eq!(Stake::voice(&1), 500);
        pass(1);
        assert_ok!(back(1, 102));
        assert_eq!(Stake::backed(&1), Some(102));
        assert!(
            OpenPool::<Runtime>::get(101).is_none(),
            "nobody is left in it"
        );
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn backing_changes_neither_the_voice_nor_the_total_to_the_planck() {
    chain().execute_with(|| {
        // An odd index first, so that shares are no round number.
        assert_ok!(stake(2, 777));
        assert_ok!(back(2, 101));
        slash(101, 37);
        assert_ok!(settle(2));
        let total = Totals::<Runtime>::get().voting;
        assert_ok!(stake(1, 501));
        assert_ok!(back(1, 101));
        assert_eq!(Stake::voice(&1), 501);
        assert!(Totals::<Runtime>::get().voting.abs_diff(total + 501) <= 1);
        assert_ok!(stop(1));
        assert_eq!(Stake::voice(&1), 501);
        pass(UNBONDING);
        assert_ok!(settle(1));
        assert_eq!((Stake::voice(&1), on_hold(1)), (501, 501));
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn what_is_staked_while_backing_backs_and_what_is_staked_while_cooling_does_not() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(back(1, 101));
        assert_ok!(stake(1, 300));
        let pool = |id| crate::Pools::<Runtime>::get(id).expect("it is there");
        assert_eq!(pool(0).backing, 800);
        assert_ok!(stop(1));
        assert_ok!(stake(1, 100));
        assert_eq!((pool(0).backing, pool(0).cooling), (0, 800));
        assert_eq!(Stake::voice(&1), 900);
        slash(101, 50);
        assert_eq!(Stake::voice(&1), 500);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn unstaking_takes_idle_stake_first_and_then_what_is_exposed() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(back(1, 101));
        assert_ok!(stop(1));
        assert_ok!(stake(1, 300));
        assert_ok!(unstake(1, 400));
        let staker = Stakers::<Runtime>::get(1).expect("it has a stake");
        assert_eq!(staker.idle, 0);
        assert_eq!(staker.active(), 400);
        let amounts: Vec<_> = staker.unstaking.iter().map(Unstaking::planck).collect();
        assert_eq!(amounts, [300, 100]);
        slash(101, 50);
        pass(UNBONDING);
        assert_ok!(withdraw(1));
        assert_eq!(on_hold(1), 200);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn unstaking_everything_ends_the_backing() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(back(1, 101));
        assert_ok!(unstake(1, 500));
        assert_eq!(Stake::backed(&1), None);
        assert_ok!(stake(1, 200));
        assert_ok!(back(1, 102));
        pass(UNBONDING);
        assert_ok!(withdraw(1));
        assert_eq!(on_hold(1), 200);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn a_validator_that_has_left_gets_no_more_stake_and_keeps_its_backers_at_risk() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(back(1, 101));
        Backed::set(vec![102]);
        assert_noop!(stake(1, 100), Error::<Runtime>::ValidatorLeft);
        slash(101, 10);
        assert_eq!(Stake::voice(&1), 450);
        assert_ok!(stop(1));
        assert_ok!(stake(1, 100));
        slash(101, 10);
        assert_eq!(Stake::voice(&1), 405 + 100);
        pass(UNBONDING);
        assert_ok!(settle(1));
        slash(101, 100);
        assert_eq!(Stake::voice(&1), 505);
        assert_ok!(Stake::do_try_state());
    });
}
