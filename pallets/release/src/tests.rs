use crate::{mock::*, *};
use frame_support::{
    assert_noop, assert_ok,
    traits::{
        LockableCurrency, WithdrawReasons,
        fungible::{Inspect, InspectHold, Mutate, MutateHold},
        tokens::Preservation,
    },
};
use plume_primitives::allocations::{LONGEST_RELEASE, YEAR};
use proptest::prelude::*;
use sp_runtime::{DispatchError, traits::BlockNumberProvider};

/// What a staking pallet would give as its reason.
const STAKE: u8 = 7;

fn stored(id: AllocationId) -> Allocation<u64> {
    Allocations::<Runtime>::get(id).expect("it exists")
}

/// 4,000 planck for the team: nothing for a year, everything after four.
fn team() -> sp_io::TestExternalities {
    chain(vec![allocation(TEAM, 4_000, YEAR, 4 * YEAR)])
}

#[test]
fn nothing_can_be_claimed_before_the_cliff() {
    team().execute_with(|| {
        for now in [0, 1, YEAR - 1] {
            at(now);
            assert_noop!(claim(0), Error::<Runtime>::BeforeCliff);
        }
        assert_eq!(Release::unpaid(), 4_000);
        assert_eq!(Release::unreleased(), 4_000);
    });
}

#[test]
fn at_the_cliff_everything_since_the_start_can_be_claimed() {
    team().execute_with(|| {
        at(YEAR);
        assert_eq!(Release::unreleased(), 3_000);
        assert_ok!(claim(0));
        assert_eq!(Balances::balance(&TEAM), 1_000);
        System::assert_last_event(
            Event::<Runtime>::Claimed {
                id: 0,
                beneficiary: TEAM,
                amount: 1_000,
                left: 3_000,
            }
            .into(),
        );
        assert_noop!(claim(0), Error::<Runtime>::NothingDue);
    });
}

#[test]
fn without_a_cliff_nothing_is_due_in_the_first_second() {
    chain(vec![allocation(TEAM, 4_000, 0, 1_000)]).execute_with(|| {
        assert_noop!(claim(0), Error::<Runtime>::NothingDue);
        at(3);
        assert_ok!(claim(0));
        assert_eq!(Balances::balance(&TEAM), 12);
    });
}

#[test]
fn a_claim_by_anybody_pays_only_the_beneficiary() {
    team().execute_with(|| {
        at(2 * YEAR);
        let before = Balances::balance(&ANYBODY);
        assert_ok!(claim(0));
        assert_eq!(Balances::balance(&ANYBODY), before);
        assert_eq!(Balances::balance(&TEAM), 2_000);
        assert_eq!(Balances::balance(&POT), 2_000 + ED);
        assert_noop!(
            Release::claim(RuntimeOrigin::root(), 0),
            DispatchError::BadOrigin
        );
        assert_noop!(claim(1), Error::<Runtime>::UnknownAllocation);
    });
}

#[test]
fn what_is_not_released_is_not_in_the_beneficiarys_account_to_stake_vote_or_spend() {
    team().execute_with(|| {
        // Governance reads total balances, staking puts on hold, a transfer takes what is free: there is
        // nothing.
        assert_eq!(Balances::total_balance(&TEAM), 0);
        assert!(!Balances::can_hold(&STAKE, &TEAM, 1));

        at(YEAR);
        assert_ok!(claim(0));
        assert_eq!(Balances::total_balance(&TEAM), 1_000);
        assert!(Balances::can_hold(&STAKE, &TEAM, 1_000 - ED));
        assert!(Balances::hold(&STAKE, &TEAM, 1_001).is_err());
        assert!(Balances::transfer(&TEAM, &ANYBODY, 1_001, Preservation::Expendable).is_err());
    });
}

/// Why the schedules of `pallet-vesting` would not do: it keeps unreleased tokens by a lock.
#[test]
fn tokens_under_a_lock_can_be_put_on_hold_all_the_same() {
    team().execute_with(|| {
        let all = Balances::balance(&ANYBODY);
        Balances::set_lock(*b"vesting ", &ANYBODY, all, WithdrawReasons::all());
        assert!(Balances::transfer(&ANYBODY, &TEAM, ED, Preservation::Expendable).is_err());
        assert_ok!(Balances::hold(&STAKE, &ANYBODY, all - ED));
        assert_eq!(Balances::balance_on_hold(&STAKE, &ANYBODY), all - ED);
    });
}

#[test]
fn a_claim_too_small_for_an_account_that_does_not_exist_is_refused_and_loses_nothing() {
    chain(vec![allocation(TEAM, 1_000, 0, 1_000)]).execute_with(|| {
        at(ED as u32 - 1);
        assert_noop!(claim(0), Error::<Runtime>::BelowExistentialDeposit);
        assert_eq!(stored(0).claimed, 0);
        at(ED as u32);
        assert_ok!(claim(0));
        // Now that the account exists, a planck is enough.
        at(ED as u32 + 1);
        assert_ok!(claim(0));
        assert_eq!(Balances::balance(&TEAM), ED + 1);
        assert_ok!(Release::do_try_state());
    });
}

#[test]
fn a_single_planck_reaches_whoever_exists_at_the_very_end() {
    chain(vec![allocation(ANYBODY, 1, 0, 100)]).execute_with(|| {
        let before = Balances::balance(&ANYBODY);
        at(99);
        assert_noop!(claim(0), Error::<Runtime>::NothingDue);
        at(100);
        assert_ok!(claim(0));
        assert_eq!(Balances::balance(&ANYBODY), before + 1);
        assert_noop!(claim(0), Error::<Runtime>::PaidInFull);
    });
}

#[test]
fn the_pot_outlives_the_last_claim_and_no_dust_is_lost() {
    chain(vec![
        allocation(TEAM, 4_000, 0, 100),
        allocation(INVESTOR, 4_001, 0, 2_000),
    ])
    .execute_with(|| {
        let issuance = Balances::total_issuance();
        at(1_999);
        assert_ok!(claim(0));
        assert_ok!(claim(1));
        assert_eq!(Release::unpaid(), 3); // less than the existential deposit
        at(2_000);
        assert_ok!(claim(1));
        assert_eq!(Balances::balance(&TEAM), 4_000);
        assert_eq!(Balances::balance(&INVESTOR), 4_001);
        assert_eq!(Balances::balance(&POT), ED);
        assert_eq!(Release::unpaid(), 0);
        assert_eq!(Balances::total_issuance(), issuance);
        assert_ok!(Release::do_try_state());
    });
}

#[test]
fn one_beneficiary_may_have_several_allocations() {
    chain(vec![
        allocation(TEAM, 1_000, 0, 100),
        allocation(TEAM, 2_000, 50, 100),
    ])
    .execute_with(|| {
        at(50);
        assert_ok!(claim(0));
        assert_eq!(Balances::balance(&TEAM), 500);
        assert_ok!(claim(1));
        assert_eq!(Balances::balance(&TEAM), 1_500);
    });
}

#[test]
fn planck_sent_to_the_pot_release_nothing() {
    team().execute_with(|| {
        assert_ok!(Balances::transfer(
            &ANYBODY,
            &POT,
            500,
            Preservation::Preserve
        ));
        assert_eq!(Release::unpaid(), 4_000);
        at(4 * YEAR);
        assert_ok!(claim(0));
        assert_eq!(Balances::balance(&TEAM), 4_000);
        assert_eq!(Balances::balance(&POT), 500 + ED);
        assert_ok!(Release::do_try_state());
    });
}

#[test]
fn only_the_admin_names_another_beneficiary_and_all_that_is_unpaid_follows() {
    team().execute_with(|| {
        at(YEAR);
        assert_noop!(
            Release::reassign(RuntimeOrigin::signed(TEAM), 0, INVESTOR),
            DispatchError::BadOrigin
        );
        let before = stored(0);
        assert_ok!(Release::reassign(RuntimeOrigin::root(), 0, INVESTOR));
        System::assert_last_event(
            Event::<Runtime>::BeneficiaryChanged {
                id: 0,
                from: TEAM,
                to: INVESTOR,
                left: 4_000,
            }
            .into(),
        );
        assert_eq!(
            stored(0),
            Allocation {
                beneficiary: INVESTOR,
                ..before
            }
        );
        assert_ok!(claim(0));
        assert_eq!(Balances::balance(&TEAM), 0);
        assert_eq!(Balances::balance(&INVESTOR), 1_000);
    });
}

#[test]
fn what_was_paid_before_a_change_of_beneficiary_stays_where_it_is() {
    team().execute_with(|| {
        at(YEAR);
        assert_ok!(claim(0));
        assert_ok!(Release::reassign(RuntimeOrigin::root(), 0, INVESTOR));
        at(4 * YEAR);
        assert_ok!(claim(0));
        assert_eq!(Balances::balance(&TEAM), 1_000);
        assert_eq!(Balances::balance(&INVESTOR), 3_000);
    });
}

#[test]
fn nothing_is_handed_over_to_the_pot_to_its_owner_or_when_it_is_paid() {
    team().execute_with(|| {
        let reassign = |id, to| Release::reassign(RuntimeOrigin::root(), id, to);
        assert_noop!(reassign(1, INVESTOR), Error::<Runtime>::UnknownAllocation);
        assert_noop!(reassign(0, POT), Error::<Runtime>::BadBeneficiary);
        assert_noop!(reassign(0, TEAM), Error::<Runtime>::BadBeneficiary);
        at(4 * YEAR);
        assert_ok!(claim(0));
        assert_noop!(reassign(0, INVESTOR), Error::<Runtime>::PaidInFull);
    });
}

#[test]
fn a_genesis_without_allocations_needs_no_pot() {
    for pot in [0, ED] {
        chain_with_pot(vec![], pot).execute_with(|| {
            assert_eq!(Release::unpaid(), 0);
            assert_ok!(Release::do_try_state());
        });
    }
}

#[test]
#[should_panic(
    expected = "release.allocations add up to 4000 planck, so balances.balances has to give the release pot 99 exactly 4010"
)]
fn a_genesis_whose_pot_has_too_little_is_refused() {
    chain_with_pot(vec![allocation(TEAM, 4_000, 0, YEAR)], 4_000);
}

#[test]
#[should_panic(expected = "exactly 4010 (the sum and the existential deposit); it gives 4011")]
fn a_genesis_whose_pot_has_too_much_is_refused() {
    chain_with_pot(vec![allocation(TEAM, 4_000, 0, YEAR)], 4_011);
}

#[test]
#[should_panic(expected = "exactly 10 (the sum and the existential deposit); it gives 4000")]
fn a_genesis_that_fills_the_pot_for_nobody_is_refused() {
    chain_with_pot(vec![], 4_000);
}

#[test]
#[should_panic(expected = "release.allocations, entry 0: its durationSeconds is above five years")]
fn a_genesis_that_releases_for_longer_than_five_years_is_refused() {
    chain(vec![allocation(TEAM, 4_000, 0, LONGEST_RELEASE + 1)]);
}

#[test]
#[should_panic(expected = "entry 1: its cliffSeconds is above its durationSeconds")]
fn a_genesis_whose_cliff_is_after_the_end_is_refused() {
    chain(vec![
        allocation(TEAM, 4_000, 10, 10),
        allocation(TEAM, 4_000, 11, 10),
    ]);
}

#[test]
#[should_panic(expected = "entry 0: its durationSeconds is zero")]
fn a_genesis_that_releases_at_once_is_refused() {
    chain(vec![allocation(TEAM, 4_000, 0, 0)]);
}

#[test]
#[should_panic(expected = "entry 0: its total is zero")]
fn a_genesis_that_allocates_nothing_to_somebody_is_refused() {
    chain(vec![allocation(TEAM, 0, 0, YEAR)]);
}

#[test]
#[should_panic(expected = "entry 0: the release pot cannot be a beneficiary")]
fn a_genesis_that_releases_to_its_own_pot_is_refused() {
    chain(vec![allocation(POT, 4_000, 0, YEAR)]);
}

#[test]
#[should_panic(expected = "release.allocations has more than 8 entries")]
fn a_genesis_with_too_many_allocations_is_refused() {
    chain(vec![allocation(TEAM, 4_000, 0, YEAR); MAX as usize + 1]);
}

#[test]
#[should_panic(expected = "release.allocations add up to 2^128 or more")]
fn a_genesis_beyond_all_numbers_is_refused() {
    chain_with_pot(
        vec![
            allocation(TEAM, Balance::MAX, 0, YEAR),
            allocation(TEAM, 1, 0, YEAR),
        ],
        4_000,
    );
}

#[test]
fn a_broken_invariant_does_not_pass_for_a_whole_one() {
    let breaks = |change: fn(&mut Allocation<u64>), message: &'static str| {
        team().execute_with(|| {
            at(YEAR);
            assert_ok!(Release::do_try_state());
            Allocations::<Runtime>::mutate(0, |allocation| {
                change(allocation.as_mut().expect("it exists"));
            });
            assert_eq!(
                Release::do_try_state(),
                Err(DispatchError::Other(message)),
                "{message}"
            );
        });
    };
    breaks(
        |allocation| allocation.cliff_seconds = 5 * YEAR,
        "1: an allocation is out of bounds",
    );
    breaks(
        |allocation| allocation.claimed = 1_001,
        "2: more was paid than is released",
    );
    breaks(
        |allocation| allocation.total += 1,
        "3: the pot does not cover what has not been paid",
    );
    breaks(
        |allocation| allocation.beneficiary = POT,
        "4: the pot is a beneficiary",
    );
}

#[derive(Clone, Debug)]
struct Plan {
    total: Balance,
    cliff: Seconds,
    duration: Seconds,
}

fn plan() -> impl Strategy<Value = Plan> {
    let total = prop_oneof![
        1..=3 * ED,
        1..=1_000_000_000u128,
        1..=plume_primitives::units::TOTAL_SUPPLY,
    ];
    let duration = prop_oneof![1..=LONGEST_RELEASE, Just(LONGEST_RELEASE)];
    (total, duration).prop_flat_map(|(total, duration)| {
        prop_oneof![Just(0), 0..=duration].prop_map(move |cliff| Plan {
            total,
            cliff,
            duration,
        })
    })
}

proptest! {
    /// Five years in random strides, with claims here and there between them and of everything at the end.
    #[test]
    fn over_five_years_what_was_paid_is_what_was_released(
        plans in proptest::collection::vec(plan(), 1..=MAX as usize),
        strides in proptest::collection::vec((1..=LONGEST_RELEASE / 10, any::<u8>()), 1..60),
    ) {
        let first_beneficiary = 1_000;
        let beneficiary = |id: usize| first_beneficiary + id as u64;
        let allocations = plans
            .iter()
            .enumerate()
            .map(|(id, plan)| allocation(beneficiary(id), plan.total, plan.cliff, plan.duration))
            .collect();
        chain(allocations).execute_with(|| {
            let issuance = Balances::total_issuance();
            let elsewhere = Balances::balance(&ANYBODY);
            let mut now: Seconds = 0;
            let everybody = (LONGEST_RELEASE, u8::MAX);
            for (stride, who) in strides.into_iter().chain([everybody]) {
                now = now.saturating_add(stride).min(LONGEST_RELEASE);
                at(now);
                for (id, plan) in plans.iter().enumerate() {
                    let paid = Balances::total_balance(&beneficiary(id));
                    if who & (1 << id) == 0 {
                        continue;
                    }
                    let released = schedule::released(plan.total, plan.cliff, plan.duration, now);
                    let expected = if paid == plan.total {
                        Err(Error::<Runtime>::PaidInFull.into())
                    } else if now < plan.cliff {
                        Err(Error::<Runtime>::BeforeCliff.into())
                    } else if released == paid {
                        Err(Error::<Runtime>::NothingDue.into())
                    } else if released < ED {
                        Err(Error::<Runtime>::BelowExistentialDeposit.into())
                    } else {
                        Ok(())
                    };
                    prop_assert_eq!(claim(id as AllocationId), expected);
                    let paid_now = Balances::total_balance(&beneficiary(id));
                    if expected.is_ok() {
                        prop_assert_eq!(paid_now, released);
                    } else {
                        prop_assert_eq!(paid_now, paid);
                    }
                    prop_assert_eq!(stored(id as AllocationId).claimed, paid_now);
                }
                prop_assert_eq!(Release::do_try_state(), Ok(()));
                prop_assert_eq!(Balances::balance(&POT), Release::unpaid() + ED);
                prop_assert!(Release::unreleased() <= Release::unpaid());
                prop_assert_eq!(Balances::total_issuance(), issuance);
            }
            prop_assert_eq!(Clock::current_block_number(), LONGEST_RELEASE);
            prop_assert_eq!(Release::unreleased(), 0);
            for (id, plan) in plans.iter().enumerate() {
                // Only what no account can begin with is left, and it waits.
                let expected = if plan.total < ED { 0 } else { plan.total };
                prop_assert_eq!(Balances::total_balance(&beneficiary(id)), expected);
            }
            prop_assert_eq!(Balances::balance(&ANYBODY), elsewhere);
            Ok(())
        })?;
    }
}
