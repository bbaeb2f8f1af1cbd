//! How far a validator's slash reaches.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use plume_primitives::staking::OnSlash;
use sp_runtime::Perbill;

fn backs(who: u64, amount: Balance, validator: u64) {
    assert_ok!(stake(who, amount));
    assert_ok!(back(who, validator));
}

#[test]
fn a_slash_reaches_backers_in_proportion_and_their_voices_at_once() {
    chain().execute_with(|| {
        backs(1, 1_000, 101);
        backs(2, 500, 101);
        slash(101, 30);
        assert_eq!((Stake::voice(&1), Stake::voice(&2)), (700, 350));
        assert_eq!(Totals::<Runtime>::get().voting, 1_050);
        // The money follows when somebody settles.
        assert_eq!((on_hold(1), on_hold(2)), (1_000, 500));
        assert_ok!(Stake::do_try_state());
        assert_ok!(settle(1));
        assert_eq!((on_hold(1), on_hold(2)), (700, 500));
        assert_eq!(Balances::balance(&SLASHED), EXISTENTIAL_DEPOSIT + 300);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn a_slash_reaches_pending_unstakes_in_proportion() {
    chain().execute_with(|| {
        backs(1, 1_000, 101);
        assert_ok!(unstake(1, 400));
        slash(101, 25);
        assert_eq!(Stake::voice(&1), 450);
        assert_eq!(Totals::<Runtime>::get().unstaking, 300);
        pass(UNBONDING);
        assert_ok!(withdraw(1));
        assert_eq!(Balances::balance(&1), OWNED - 1_000 + 300);
        assert_eq!(on_hold(1), 450);
        assert_eq!(Balances::balance(&SLASHED), EXISTENTIAL_DEPOSIT + 250);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn a_slash_reaches_stake_that_has_stopped_backing_until_its_time_is_over() {
    chain().execute_with(|| {
        backs(1, 1_000, 101);
        backs(2, 1_000, 101);
        assert_ok!(stop(1));
        slash(101, 10);
        assert_eq!(Stake::voice(&1), 900);
        pass(UNBONDING);
        assert_ok!(settle(1));
        slash(101, 10);
        assert_eq!((Stake::voice(&1), Stake::voice(&2)), (900, 810));
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn what_could_be_withdrawn_and_is_not_stays_at_risk() {
    chain().execute_with(|| {
        backs(1, 1_000, 101);
        backs(2, 1_000, 101);
        assert_ok!(unstake(1, 1_000));
        assert_ok!(unstake(2, 1_000));
        pass(UNBONDING);
        assert_ok!(withdraw(1));
        slash(101, 50);
        assert_ok!(withdraw(2));
        assert_eq!(Balances::balance(&1), OWNED);
        assert_eq!(Balances::balance(&2), OWNED - 500);
    });
}

#[test]
fn a_slash_reaches_neither_idle_stake_nor_other_validators_backers_nor_later_ones() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 1_000));
        backs(2, 1_000, 102);
        assert_ok!(stake(3, 1_000));
        assert_ok!(unstake(3, 400));
        backs(4, 1_000, 101);
        slash(101, 50);
        backs(5, 1_000, 101);
        let voices: Vec<_> = (1..=5).map(|who| Stake::voice(&who)).collect();
        assert_eq!(voices, [1_000, 1_000, 600, 500, 1_000]);
        pass(UNBONDING);
        assert_ok!(withdraw(3));
        assert_eq!(Balances::balance(&3), OWNED - 600);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn a_slash_of_everything_leaves_nothing_and_the_validator_can_be_backed_afresh() {
    chain().execute_with(|| {
        backs(1, 1_000, 101);
        backs(2, 1_000, 101);
        backs(3, 1_000, 101);
        assert_ok!(unstake(2, 400));
        assert_ok!(stop(3));
        slash(101, 100);
        assert_eq!(Totals::<Runtime>::get().voting, 0);
        assert_eq!(Totals::<Runtime>::get().unstaking, 0);
        assert_ok!(Stake::do_try_state());
        backs(4, 700, 101);
        assert_eq!(reward(101, 1_400), 1_400);
        assert_eq!((Stake::earned(&1), Stake::earned(&4)), (0, 1_400));
        for who in 1..=3 {
            assert_ok!(settle(who));
            assert_eq!((on_hold(who), Stake::voice(&who)), (0, 0));
            assert!(!Stakers::<Runtime>::contains_key(who));
        }
        assert_eq!(Balances::balance(&SLASHED), EXISTENTIAL_DEPOSIT + 3_000);
        // Who lost everything begins again.
        backs(1, 300, 101);
        slash(101, 10);
        assert_eq!((Stake::voice(&1), Stake::voice(&4)), (270, 630));
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn who_lost_all_but_a_four_billionth_has_lost_everything() {
    chain().execute_with(|| {
        backs(1, 500_000, 101);
        let most = Perbill::from_parts(999_999_999);
        Stake::slash(&101, most);
        Stake::slash(&101, most);
        assert!(OpenPool::<Runtime>::get(101).is_none());
        assert_ok!(Stake::do_try_state());
        assert_ok!(settle(1));
        assert_eq!(on_hold(1), 0);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn a_slash_of_nothing_and_of_a_validator_without_backers_say_nothing() {
    chain().execute_with(|| {
        backs(1, 1_000, 101);
        let before = events();
        slash(101, 0);
        slash(102, 50);
        assert_eq!(events(), before);
    });
}

#[test]
fn slashes_before_and_between_settlements_add_up_the_same() {
    chain().execute_with(|| {
        backs(1, 9_999, 101);
        backs(2, 9_999, 101);
        for _ in 0..5 {
            slash(101, 13);
            assert_ok!(settle(1));
        }
        assert_ok!(settle(2));
        // Shares are not touched by settling, so that nobody pays for being settled often.
        assert_eq!(on_hold(1), on_hold(2));
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn a_stake_slashed_below_the_minimum_can_be_left_or_raised() {
    chain().execute_with(|| {
        backs(1, MINIMUM, 101);
        slash(101, 50);
        assert_noop!(unstake(1, 10), Error::<Runtime>::RestTooSmall);
        assert_noop!(stake(1, 10), Error::<Runtime>::StakeTooSmall);
        assert_ok!(stake(1, MINIMUM / 2));
        slash(101, 50);
        assert_ok!(unstake(1, MINIMUM / 2));
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn an_event_says_who_was_slashed_by_how_much() {
    chain().execute_with(|| {
        backs(1, 1_000, 101);
        slash(101, 20);
        assert_ok!(settle(1));
        let events = events();
        assert!(events.contains(&Event::Slashed {
            validator: 101,
            fraction: Perbill::from_percent(20),
            amount: 200
        }));
        assert!(events.contains(&Event::SlashSettled {
            who: 1,
            amount: 200
        }));
    });
}
