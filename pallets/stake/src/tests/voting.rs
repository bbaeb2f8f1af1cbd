//! Votes with stake, by the real voting pallet.

use crate::{mock::*, *};
use frame_support::{
    assert_noop, assert_ok,
    traits::{
        Currency, ExistenceRequirement, Get, LockableCurrency, ReservableCurrency, WithdrawReasons,
        fungible::Inspect, tokens::BalanceStatus,
    },
};
use sp_runtime::{DispatchError, Perbill, TryRuntimeError};

type VotingError = pallet_conviction_voting::Error<Runtime>;

#[test]
fn unstaked_tokens_do_not_vote() {
    chain().execute_with(|| {
        assert_noop!(vote(1, 0, 1), VotingError::InsufficientFunds);
        assert_noop!(delegate(1, 0, 2, 1), VotingError::InsufficientFunds);
        assert_ok!(stake(1, 500));
        assert_noop!(vote(1, 0, 501), VotingError::InsufficientFunds);
        assert_noop!(delegate(1, 0, 2, 501), VotingError::InsufficientFunds);
        assert_ok!(vote(1, 0, 500));
        assert_eq!(support(0), 500);
    });
}

#[test]
fn unstaking_tokens_do_not_vote() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(unstake(1, 200));
        assert_noop!(vote(1, 0, 301), VotingError::InsufficientFunds);
        assert_noop!(delegate(1, 0, 2, 301), VotingError::InsufficientFunds);
        // Not when they could be withdrawn either, nor when they are.
        pass(UNBONDING);
        assert_noop!(vote(1, 0, 301), VotingError::InsufficientFunds);
        assert_ok!(withdraw(1));
        assert_noop!(vote(1, 0, 301), VotingError::InsufficientFunds);
        assert_ok!(vote(1, 0, 300));
    });
}

#[test]
fn tokens_are_delegated_once_and_do_not_vote_beside() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(delegate(1, 0, 2, 300));
        assert_noop!(delegate(1, 0, 3, 200), VotingError::AlreadyDelegating);
        assert_noop!(delegate(1, 0, 2, 300), VotingError::AlreadyDelegating);
        assert_noop!(vote(1, 0, 200), VotingError::AlreadyDelegating);
        assert_ok!(stake(4, 500));
        assert_ok!(vote(4, 0, 500));
        assert_noop!(delegate(4, 0, 2, 500), VotingError::AlreadyVoting);
    });
}

#[test]
fn a_delegation_is_not_delegated_on() {
    chain().execute_with(|| {
        for who in 1..=3 {
            assert_ok!(stake(who, 500));
        }
        assert_ok!(delegate(1, 0, 2, 500));
        assert_ok!(delegate(2, 0, 3, 500));
        assert_ok!(vote(3, 0, 500));
        assert_eq!(support(0), 1_000, "2's and 3's own, not 1's");
    });
}

#[test]
fn a_delegated_voice_counts_with_its_delegates_vote() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 300));
        assert_ok!(stake(2, 500));
        assert_ok!(delegate(1, 0, 2, 300));
        assert_ok!(vote(2, 0, 500));
        assert_eq!(support(0), 800);
        assert_ok!(undelegate(1, 0));
        assert_eq!(support(0), 500);
    });
}

#[test]
fn what_votes_cannot_be_unstaked_until_it_is_unlocked() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(vote(1, 0, 400));
        assert_noop!(unstake(1, 101), Error::<Runtime>::Locked);
        assert_ok!(unstake(1, 100));
        assert_ok!(remove_vote(1, 0));
        assert_noop!(unstake(1, 400), Error::<Runtime>::Locked);
        assert_ok!(unlock(1, 0));
        assert_ok!(unstake(1, 400));
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn a_vote_that_won_keeps_its_stake_for_its_conviction() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(vote(1, 0, 500));
        end_poll(0, true);
        assert_ok!(remove_vote(1, 0));
        assert_ok!(unlock(1, 0));
        assert_noop!(unstake(1, 500), Error::<Runtime>::Locked);
        pass(LOCKING);
        assert_ok!(unlock(1, 0));
        assert_ok!(unstake(1, 500));
    });
}

#[test]
fn what_is_delegated_cannot_be_unstaked() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(delegate(1, 1, 2, 500));
        assert_noop!(unstake(1, 500), Error::<Runtime>::Locked);
        assert_ok!(undelegate(1, 1));
        assert_ok!(unlock(1, 1));
        assert_noop!(unstake(1, 500), Error::<Runtime>::Locked);
        pass(LOCKING);
        assert_ok!(unlock(1, 1));
        assert_ok!(unstake(1, 500));
    });
}

#[test]
fn the_largest_of_the_locks_of_all_classes_counts() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(vote(1, 0, 200));
        assert_ok!(vote(1, 2, 400));
        assert_ok!(remove_vote(1, 0));
        assert_ok!(unlock(1, 0));
        assert_noop!(unstake(1, 200), Error::<Runtime>::Locked);
        assert_eq!(Stake::largest_lock(&1), 400);
        assert_ok!(unstake(1, 100));
    });
}

#[test]
fn a_slash_takes_the_voice_at_once_and_locked_stake_too() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 1_000));
        assert_ok!(back(1, 101));
        assert_ok!(vote(1, 0, 800));
        slash(101, 50);
        assert_noop!(vote(1, 1, 501), VotingError::InsufficientFunds);
        assert_noop!(delegate(1, 1, 2, 501), VotingError::InsufficientFunds);
        assert_ok!(vote(1, 1, 500));
        // Less is left than is locked: none of it goes before the lock does.
        assert_noop!(unstake(1, 1), Error::<Runtime>::Locked);
        assert_ok!(settle(1));
        assert_eq!(on_hold(1), 500);
        assert_ok!(Stake::do_try_state());
    });
}

#[test]
fn backing_and_cooling_stake_votes_and_may_change_while_it_is_locked() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(vote(1, 0, 500));
        assert_ok!(back(1, 101));
        assert_ok!(vote(1, 1, 500));
        assert_ok!(stop(1));
        assert_ok!(vote(1, 2, 500));
    });
}

#[test]
fn whom_screening_does_not_admit_has_no_voice() {
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(vote(1, 0, 500));
        Refused::set(vec![1]);
        assert_noop!(vote(1, 1, 1), VotingError::InsufficientFunds);
        assert_noop!(delegate(1, 1, 2, 1), VotingError::InsufficientFunds);
        // Taking a vote back is leaving.
        assert_ok!(remove_vote(1, 0));
        assert_ok!(unlock(1, 0));
        assert_ok!(unstake(1, 500));
    });
}

#[test]
fn the_whole_turnout_is_the_whole_stake() {
    chain().execute_with(|| {
        assert_eq!(
            support_share(0),
            Perbill::zero(),
            "nobody could vote, nobody did"
        );
        assert_ok!(stake(1, 300));
        assert_ok!(stake(2, 700));
        assert_ok!(unstake(2, 100));
        assert_eq!(MaxTurnout::<Runtime>::get(), 900);
        assert_ok!(vote(1, 0, 300));
        assert_eq!(support_share(0), Perbill::from_rational(1u32, 3));
        assert_ok!(vote(2, 0, 600));
        assert_eq!(support_share(0), Perbill::one());
    });
}

#[test]
fn no_money_moves_through_the_voice() {
    type Voice = VotingCurrency<Runtime>;
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        let before = (
            Balances::total_issuance(),
            Balances::balance(&1),
            Balances::balance(&2),
            Stakers::<Runtime>::get(1),
            Totals::<Runtime>::get(),
        );
        let refused = DispatchError::from(Error::<Runtime>::VoiceIsNoMoney);
        let keep = ExistenceRequirement::AllowDeath;
        let all = WithdrawReasons::all();
        assert_noop!(<Voice as Currency<u64>>::transfer(&1, &2, 1, keep), refused);
        assert_noop!(Voice::deposit_into_existing(&1, 1), refused);
        assert_noop!(Voice::withdraw(&1, 1, all, keep), refused);
        assert_noop!(Voice::ensure_can_withdraw(&1, 1, all, 0), refused);
        assert_noop!(Voice::reserve(&1, 1), refused);
        assert_noop!(
            Voice::repatriate_reserved(&1, &2, 1, BalanceStatus::Free),
            refused
        );
        assert_eq!(Voice::slash(&1, 7), (NoImbalance, 7));
        assert_eq!(Voice::slash_reserved(&1, 7), (NoImbalance, 7));
        assert_eq!(Voice::unreserve(&1, 7), 7);
        assert_eq!(Voice::reserved_balance(&1), 0);
        assert!(!Voice::can_reserve(&1, 1) && !Voice::can_slash(&1, 1));
        Voice::resolve_creating(&2, Voice::issue(100));
        let _ = Voice::deposit_creating(&2, 100);
        let _ = Voice::burn(100);
        #[cfg(not(feature = "runtime-benchmarks"))]
        let _ = Voice::make_free_balance_be(&1, 100);
        let after = (
            Balances::total_issuance(),
            Balances::balance(&1),
            Balances::balance(&2),
            Stakers::<Runtime>::get(1),
            Totals::<Runtime>::get(),
        );
        assert!(before == after);
    });
}

#[test]
fn both_faces_of_the_currency_show_the_same_voice() {
    type Voice = VotingCurrency<Runtime>;
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        assert_ok!(stake(2, 250));
        assert_ok!(vote(1, 0, 400));
        assert_eq!(<Voice as Currency<u64>>::total_balance(&1), 500);
        assert_eq!(<Voice as Inspect<u64>>::total_balance(&1), 500);
        assert_eq!(<Voice as Currency<u64>>::total_issuance(), 750);
        assert_eq!(<Voice as Inspect<u64>>::total_issuance(), 750);
        use frame_support::traits::tokens::{Fortitude::Polite, Preservation::Expendable};
        assert_eq!(Voice::reducible_balance(&1, Expendable, Polite), 100);
    });
}

#[test]
fn a_lock_without_a_place_makes_another_stricter_rather_than_be_lost() -> Result<(), TryRuntimeError>
{
    type Voice = VotingCurrency<Runtime>;
    let all = WithdrawReasons::all();
    chain().execute_with(|| {
        assert_ok!(stake(1, 500));
        Voice::set_lock(*b"lock_one", &1, 100, all);
        Voice::set_lock(*b"lock_two", &1, 200, all);
        Voice::set_lock(*b"lock_tri", &1, 300, all);
        assert_eq!(Stake::largest_lock(&1), 300);
        Voice::remove_lock(*b"lock_one", &1);
        Voice::extend_lock(*b"lock_two", &1, 50, all);
        assert_eq!(Stake::largest_lock(&1), 300);
        Stake::do_try_state()?;
        Voice::set_lock(*b"lock_two", &1, 0, all);
        assert!(!Locks::<Runtime>::contains_key(1));
        Stake::do_try_state()
    })
}
