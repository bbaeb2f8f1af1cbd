//! Whatever happens in whatever order: not a planck appears or vanishes, and every invariant holds.

use crate::{mock::*, *};
use frame_support::{
    assert_ok,
    traits::fungible::{Inspect, InspectHold},
};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Step {
    Stake(u64, Balance),
    Unstake(u64, Balance),
    UnstakeAll(u64),
    Withdraw(u64),
    Back(u64, u64),
    Stop(u64),
    Claim(u64),
    Settle(u64),
    Slash(u64, u32),
    Reward(u64, Balance),
    Vote(u64, u8, Balance),
    RemoveVote(u64, u8),
    Delegate(u64, u64, Balance),
    Undelegate(u64),
    Unlock(u64, u8),
    /// A validator comes or goes.
    Admit(u64, bool),
    /// An account is admitted or refused.
    Screen(u64, bool),
    Pass(Seconds),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 1u64..=6;
    let validator = 101u64..=103;
    let amount = prop_oneof![0..5 * MINIMUM, 0..OWNED / 2];
    let percent = prop_oneof![
        8 => 0u32..60,
        1 => 60u32..=99,
        1 => Just(100u32),
    ];
    prop_oneof![
        6 => (who.clone(), amount.clone()).prop_map(|(who, amount)| Step::Stake(who, amount)),
        4 => (who.clone(), amount.clone()).prop_map(|(who, amount)| Step::Unstake(who, amount)),
        2 => who.clone().prop_map(Step::UnstakeAll),
        3 => who.clone().prop_map(Step::Withdraw),
        6 => (who.clone(), validator.clone()).prop_map(|(who, of)| Step::Back(who, of)),
        2 => who.clone().prop_map(Step::Stop),
        2 => who.clone().prop_map(Step::Claim),
        2 => who.clone().prop_map(Step::Settle),
        4 => (validator.clone(), percent).prop_map(|(of, percent)| Step::Slash(of, percent)),
        4 => (validator.clone(), amount.clone()).prop_map(|(of, amount)| Step::Reward(of, amount)),
        3 => (who.clone(), 0u8..3, amount.clone())
            .prop_map(|(who, poll, amount)| Step::Vote(who, poll, amount)),
        2 => (who.clone(), 0u8..3).prop_map(|(who, poll)| Step::RemoveVote(who, poll)),
        1 => (who.clone(), who.clone(), amount)
            .prop_map(|(who, to, amount)| Step::Delegate(who, to, amount)),
        1 => who.clone().prop_map(Step::Undelegate),
        2 => (who.clone(), 0u8..2).prop_map(|(who, class)| Step::Unlock(who, class)),
        1 => (validator, any::<bool>()).prop_map(|(of, here)| Step::Admit(of, here)),
        1 => (who, any::<bool>()).prop_map(|(who, here)| Step::Screen(who, here)),
        4 => prop_oneof![1..50u32, 1..2 * UNBONDING].prop_map(Step::Pass),
    ]
}

fn keep(list: &mut Vec<u64>, who: u64, here: bool) {
    list.retain(|other| *other != who);
    if here {
        list.push(who);
    }
}

/// Takes a step; refusals are part of the game. A settlement or a withdrawal is never refused for a
/// reason of the books.
fn take(step: &Step) {
    let _ = match step.clone() {
        Step::Stake(who, amount) => stake(who, amount),
        Step::Unstake(who, amount) => unstake(who, amount),
        Step::UnstakeAll(who) => unstake(who, Stake::voice(&who)),
        Step::Withdraw(who) => {
            let answer = withdraw(who);
            let nothing = Error::<Runtime>::NothingToWithdraw.into();
            assert!(answer.is_ok() || answer == Err(nothing), "{answer:?}");
            answer
        }
        Step::Back(who, validator) => back(who, validator),
        Step::Stop(who) => stop(who),
        Step::Claim(who) => {
            let before = (Balances::balance(&who), Stake::earned(&who));
            let answer = claim(who);
            let refused = [
                Error::<Runtime>::NothingEarned.into(),
                Error::<Runtime>::NotAdmitted.into(),
            ];
            match answer {
                Ok(()) => assert_eq!(Balances::balance(&who), before.0 + before.1),
                Err(error) => assert!(refused.contains(&error), "{error:?}"),
            }
            answer
        }
        Step::Settle(who) => {
            assert_ok!(settle(who));
            let staker = Stakers::<Runtime>::get(who).unwrap_or_default();
            assert_eq!(staker.active(), Stake::voice(&who));
            Ok(())
        }
        Step::Slash(validator, percent) => {
            slash(validator, percent);
            Ok(())
        }
        Step::Reward(validator, amount) => {
            let before = (Balances::balance(&PAYER), Balances::balance(&POT));
            let taken = reward(validator, amount);
            assert!(taken <= amount);
            assert_eq!(Balances::balance(&PAYER), before.0 - taken);
            assert_eq!(Balances::balance(&POT), before.1 + taken);
            Ok(())
        }
        Step::Vote(who, poll, amount) => {
            let voice = Stake::voice(&who);
            let answer = vote(who, poll, amount);
            assert!(answer.is_err() || amount <= voice);
            answer
        }
        Step::RemoveVote(who, poll) => remove_vote(who, poll),
        Step::Delegate(who, to, amount) => {
            let voice = Stake::voice(&who);
            let answer = delegate(who, 0, to, amount);
            assert!(answer.is_err() || amount <= voice);
            answer
        }
        Step::Undelegate(who) => undelegate(who, 0),
        Step::Unlock(who, class) => unlock(who, class),
        Step::Admit(validator, here) => {
            Backed::mutate(|list| keep(list, validator, here));
            Ok(())
        }
        Step::Screen(who, here) => {
            Refused::mutate(|list| keep(list, who, !here));
            Ok(())
        }
        Step::Pass(seconds) => {
            pass(seconds);
            Ok(())
        }
    };
}

/// What all accounts own, free and on hold.
fn all_accounts() -> Balance {
    frame_system::Account::<Runtime>::iter()
        .map(|(_, account)| account.data.free + account.data.reserved)
        .sum()
}

/// Who has something at stake, and how much, after all slashes.
fn voices() -> BTreeMap<u64, Balance> {
    Stakers::<Runtime>::iter_keys()
        .map(|who| (who, Stake::voice(&who)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn no_sequence_of_events_breaks_an_invariant_or_loses_a_planck(
        steps in proptest::collection::vec(step(), 1..160),
    ) {
        chain().execute_with(|| {
            let issuance = Balances::total_issuance();
            for step in &steps {
                let before = voices();
                let held: BTreeMap<u64, Balance> = (1..=6).map(|who| (who, on_hold(who))).collect();
                take(step);
                if let Err(broken) = Stake::do_try_state() {
                    panic!("{broken:?} after {step:?}");
                }
                assert_eq!(Balances::total_issuance(), issuance);
                assert_eq!(all_accounts(), issuance);
                // Nobody's stake changes by what others do, but for slashes.
                let (Step::Stake(actor, _)
                | Step::Unstake(actor, _)
                | Step::UnstakeAll(actor)
                | Step::Withdraw(actor)
                | Step::Back(actor, _)
                | Step::Stop(actor)
                | Step::Claim(actor)
                | Step::Settle(actor)) = step
                else {
                    continue;
                };
                for (who, voice) in before.iter().filter(|(who, _)| *who != actor) {
                    assert_eq!(Stake::voice(who), *voice, "{who} after {step:?}");
                    assert_eq!(on_hold(*who), held[who]);
                }
                // And settling changes nobody's voice, not even one's own.
                if matches!(step, Step::Withdraw(_) | Step::Claim(_) | Step::Settle(_) | Step::Stop(_) | Step::Back(..)) {
                    assert_eq!(Stake::voice(actor), before.get(actor).copied().unwrap_or_default());
                }
            }

            // In the end everybody can leave with what is theirs, and nothing is left behind.
            Refused::set(vec![]);
            for who in 1..=6 {
                let _ = undelegate(who, 0);
                for poll in 0..3 {
                    let _ = remove_vote(who, poll);
                }
                assert_ok!(settle(who));
            }
            pass(2 * UNBONDING);
            for who in 1..=6 {
                let _ = withdraw(who);
                for class in 0..2 {
                    assert_ok!(unlock(who, class));
                }
                let all = Stake::voice(&who);
                if all > 0 {
                    assert_ok!(unstake(who, all));
                }
            }
            pass(UNBONDING);
            for who in 1..=6 {
                let _ = withdraw(who);
                let _ = claim(who);
                assert_eq!(Balances::total_balance_on_hold(&who), 0);
                assert!(!Stakers::<Runtime>::contains_key(who));
            }
            assert_eq!(Totals::<Runtime>::get(), Sums::default());
            assert_eq!(Owed::<Runtime>::get(), 0);
            assert_eq!(crate::Pools::<Runtime>::iter().count(), 0);
            assert_eq!(OpenPool::<Runtime>::iter().count(), 0);
            assert_ok!(Stake::do_try_state());
            assert_eq!(all_accounts(), issuance);
        });
    }
}
