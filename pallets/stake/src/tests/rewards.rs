//! What backers earn.

use crate::{mock::*, *};
use frame_support::{
    assert_noop, assert_ok,
    traits::{
        fungible::{Inspect, Mutate},
        tokens::{Fortitude, Precision, Preservation},
    },
};

fn backs(who: u64, amount: Balance, validator: u64) {
    assert_ok!(stake(who, amount));
    assert_ok!(back(who, validator));
}

#[test]
fn backers_earn_in_proportion_to_their_stake() {
    chain().execute_with(|| {
        backs(1, 300, 101);
        backs(2, 100, 101);
        backs(3, 900, 102);
        assert_eq!(reward(101, 400), 400);
        assert_eq!(
            (Stake::earned(&1), Stake::earned(&2), Stake::earned(&3)),
            (300, 100, 0)
        );
        assert_ok!(claim(1));
        assert_ok!(claim(2));
        assert_noop!(claim(3), Error::<Runtime>::NothingEarned);
        assert_noop!(claim(1), Error::<Runtime>::NothingEarned);
        assert_eq!(Balances::balance(&1), OWNED - 300 + 300);
        assert_eq!(Balances::balance(&2), OWNED - 100 + 100);
        assert_eq!(Owed::<Runtime>::get(), 0);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn what_the_payer_loses_the_pot_gains_and_it_is_what_was_taken() {
    chain().execute_with(|| {
        backs(1, 300, 101);
        let before = Balances::balance(&PAYER);
        let taken = reward(101, 1_001);
        assert_eq!(taken, 1_001);
        assert_eq!(Balances::balance(&PAYER), before - taken);
        assert_eq!(Balances::balance(&POT), EXISTENTIAL_DEPOSIT + taken);
        assert!(events().contains(&Event::Rewarded {
            validator: 101,
            amount: 1_001
        }));
    });
}

#[test]
fn a_validator_without_backers_leaves_everything_to_the_payer() {
    chain().execute_with(|| {
        assert_eq!(reward(101, 1_000), 0);
        // Neither idle nor cooling nor unstaking stake backs.
        assert_ok!(stake(1, 500));
        backs(2, 500, 101);
        assert_ok!(stop(2));
        backs(3, 500, 101);
        assert_ok!(unstake(3, 500));
        assert_eq!(reward(101, 1_000), 0);
        assert_eq!(Balances::balance(&POT), EXISTENTIAL_DEPOSIT);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn cooling_and_unstaking_stake_earns_nothing_of_what_comes_later() {
    chain().execute_with(|| {
        backs(1, 500, 101);
        backs(2, 500, 101);
        backs(3, 500, 101);
        assert_eq!(reward(101, 1_500), 1_500);
        assert_ok!(stop(1));
        assert_ok!(unstake(2, 400));
        assert_eq!(reward(101, 600), 600);
        assert_eq!(Stake::earned(&1), 500);
        assert_eq!(Stake::earned(&2), 500 + 100);
        assert_eq!(Stake::earned(&3), 500 + 500);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn who_comes_later_or_adds_later_earns_nothing_of_what_came_before() {
    chain().execute_with(|| {
        backs(1, 100, 101);
        assert_eq!(reward(101, 50), 50);
        assert_ok!(stake(1, 200));
        backs(2, 100, 101);
        assert_eq!(reward(101, 400), 400);
        assert_eq!(Stake::earned(&1), 50 + 300);
        assert_eq!(Stake::earned(&2), 100);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn a_slash_changes_nothing_of_what_was_earned_nor_of_the_proportions() {
    chain().execute_with(|| {
        backs(1, 300, 101);
        backs(2, 100, 101);
        assert_eq!(reward(101, 400), 400);
        slash(101, 60);
        assert_eq!(reward(101, 400), 400);
        assert_eq!((Stake::earned(&1), Stake::earned(&2)), (600, 200));
        // A newcomer's planck count for what they are now.
        backs(3, 160, 101);
        assert_eq!(reward(101, 400), 400);
        assert_eq!(Stake::earned(&1), 600 + 150);
        assert_eq!(Stake::earned(&2), 200 + 50);
        assert_eq!(Stake::earned(&3), 200);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn what_was_earned_before_a_slash_of_everything_can_still_be_claimed() {
    chain().execute_with(|| {
        backs(1, 300, 101);
        assert_eq!(reward(101, 600), 600);
        slash(101, 100);
        assert_eq!(reward(101, 600), 0, "nobody is left");
        assert_ok!(claim(1));
        assert_eq!(Balances::balance(&1), OWNED - 300 + 600);
        assert_eq!(Owed::<Runtime>::get(), 0);
        assert!(crate::Pools::<Runtime>::iter().next().is_none());
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn dust_stays_in_the_pot_and_is_owed_to_nobody_when_the_pool_is_gone() {
    chain().execute_with(|| {
        for who in [1, 2, 3] {
            backs(who, 100, 101);
        }
        assert_eq!(reward(101, 100), 100);
        for who in [1, 2, 3] {
            assert_ok!(claim(who));
            assert_ok!(unstake(who, 100));
        }
        pass(UNBONDING);
        for who in [1, 2, 3] {
            assert_ok!(withdraw(who));
            assert_eq!(Balances::balance(&who), OWNED + 33);
        }
        assert_eq!(Balances::balance(&POT), EXISTENTIAL_DEPOSIT + 1);
        assert_eq!(Owed::<Runtime>::get(), 0);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn a_payer_that_cannot_pay_and_a_pot_that_is_not_there_move_nothing() {
    chain().execute_with(|| {
        backs(1, 300, 101);
        let all = Balances::balance(&PAYER);
        assert_eq!(reward(101, all), 0, "the payer's account would end");
        assert_eq!(reward(101, Balance::MAX), 0);
        assert_eq!(Stake::earned(&1), 0);
        assert_ok!(Balances::burn_from(
            &POT,
            EXISTENTIAL_DEPOSIT,
            Preservation::Expendable,
            Precision::Exact,
            Fortitude::Force
        ));
        assert_eq!(reward(101, 1_000), 0);
        assert_eq!(Balances::balance(&PAYER), all);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn the_pot_is_not_its_own_payer() {
    use plume_primitives::staking::OnReward;
    chain().execute_with(|| {
        backs(1, 300, 101);
        assert_eq!(reward(101, 500), 500);
        assert_eq!(Stake::reward(&101, &POT, 500), 0);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn an_account_that_is_gone_is_paid_when_the_amount_can_make_it_exist() {
    chain().execute_with(|| {
        // A 32nd of a planck for each.
        backs(1, 288, 101);
        assert_eq!(
            reward(101, EXISTENTIAL_DEPOSIT - 1),
            EXISTENTIAL_DEPOSIT - 1
        );
        assert_ok!(unstake(1, 288));
        pass(UNBONDING);
        assert_ok!(withdraw(1));
        let all = Balances::balance(&1);
        assert_ok!(Balances::transfer(&1, &2, all, Preservation::Expendable));
        assert!(claim(1).is_err());
        assert_eq!(Stake::earned(&1), EXISTENTIAL_DEPOSIT - 1);
        assert_ok!(Balances::transfer(&2, &1, all, Preservation::Expendable));
        assert_ok!(claim(1));
        assert_ok!(Stake::do_try_state());
    });
}
