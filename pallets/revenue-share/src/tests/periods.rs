use crate::{mock::*, *};
use frame_support::{
    assert_noop, assert_ok,
    traits::{Hooks, fungible::Inspect},
};
use plume_primitives::Balance;
use sp_runtime::TokenError;

#[test]
fn a_period_ends_with_time_and_its_pot_is_shared_by_fees() {
    chain(2).execute_with(|| {
        fill_pot(200);
        paid(0, 600);
        paid(1, 300);
        paid(10, 100);
        paid(50, 100_000);
        after(PERIOD - 1);
        assert_eq!(Open::<Runtime>::get().number, 0);
        after(1);
        assert_eq!(
            Open::<Runtime>::get(),
            OpenPeriod {
                number: 1,
                since: PERIOD
            }
        );
        assert_eq!((right_of(0), right_of(1)), (180, 20));
        assert_eq!((fees_of(0), fees_of(1)), (0, 0));
        assert_eq!(Owed::<Runtime>::get(), 200);
        assert_eq!(RevenueShare::undivided(), 0);
        assert_ok!(RevenueShare::do_try_state());
        let told = events();
        assert!(told.contains(&Event::ShareCredited {
            institution: 0,
            period: 0,
            fees: 900,
            amount: 180
        }));
        assert_eq!(
            told.last(),
            Some(&Event::PeriodClosed {
                period: 0,
                fees: 1_000,
                pot: 200,
                shared: 200
            })
        );
    });
}

#[test]
fn caps_and_rounding_leave_the_rest_in_the_pot_for_the_next_period() {
    chain(3).execute_with(|| {
        fill_pot(1_000);
        paid(0, 100);
        after(PERIOD);
        assert_eq!(right_of(0), 25);
        assert_eq!(RevenueShare::undivided(), 975);
        // A third each of 975, and the caps are far.
        for payer in [0, 10, 20] {
            paid(payer, 1_000_000);
        }
        fill_pot(2);
        after(PERIOD);
        assert_eq!((right_of(1), right_of(2)), (325, 325));
        assert_eq!(RevenueShare::undivided(), 2);
    });
}

#[test]
fn a_period_without_fees_shares_nothing() {
    chain(1).execute_with(|| {
        fill_pot(1_000);
        after(PERIOD);
        assert_eq!(Owed::<Runtime>::get(), 0);
        assert_eq!(RevenueShare::undivided(), 1_000);
        assert_eq!(
            events().last(),
            Some(&Event::PeriodClosed {
                period: 0,
                fees: 0,
                pot: 1_000,
                shared: 0
            })
        );
    });
}

#[test]
fn a_chain_that_stood_still_for_days_closes_one_period_and_nothing_expires() {
    chain(1).execute_with(|| {
        fill_pot(100);
        paid(0, 1_000);
        after(PERIOD);
        let halted = CLAIM_PERIODS * 7 * PERIOD;
        after(halted);
        assert_eq!(
            Open::<Runtime>::get(),
            OpenPeriod {
                number: 2,
                since: PERIOD + halted
            }
        );
        assert_ok!(RevenueShare::claim(signed(50), 0));
        // The next period lasts as long as any.
        after(PERIOD - 1);
        assert_eq!(Open::<Runtime>::get().number, 2);
    });
}

#[test]
fn closing_weighs_what_it_visits() {
    chain(2).execute_with(|| {
        assert_eq!(
            RevenueShare::on_initialize(1),
            <() as WeightInfo>::check_period()
        );
        let open = Open::<Runtime>::get();
        assert_eq!(RevenueShare::close_period(open, PERIOD), 2);
    });
}

#[test]
fn anybody_claims_and_the_payout_account_is_paid_all_periods_at_once() {
    chain(1).execute_with(|| {
        fill_pot(1_000_000);
        for fees in [400, 800] {
            paid(0, fees);
            after(PERIOD);
        }
        assert_ok!(RevenueShare::set_payout(signed(0), 0, 77));
        let before = Balances::balance(&77);
        assert_ok!(RevenueShare::claim(signed(50), 0));
        assert_eq!(Balances::balance(&77) - before, 300);
        assert_eq!(Owed::<Runtime>::get(), 0);
        assert_noop!(
            RevenueShare::claim(signed(50), 0),
            Error::<Runtime>::NothingToClaim
        );
        assert_eq!(
            events().last(),
            Some(&Event::Claimed {
                institution: 0,
                payout: 77,
                amount: 300
            })
        );
        assert_ok!(RevenueShare::do_try_state());
    });
}

#[test]
fn a_right_smaller_than_an_existential_deposit_waits_when_the_payout_account_is_gone() {
    chain(1).execute_with(|| {
        fill_pot(1_000);
        assert_ok!(RevenueShare::set_payout(signed(0), 0, 5_000));
        paid(0, 20);
        after(PERIOD);
        assert_eq!(right_of(0), 5);
        assert_noop!(RevenueShare::claim(signed(50), 0), TokenError::BelowMinimum);
        paid(0, 20);
        after(PERIOD);
        assert_ok!(RevenueShare::claim(signed(50), 0));
        assert_eq!(Balances::balance(&5_000), 10);
    });
}

#[test]
fn the_pot_survives_when_everything_is_claimed() {
    chain(1).execute_with(|| {
        fill_pot(100);
        paid(0, 1_000_000);
        after(PERIOD);
        assert_ok!(RevenueShare::claim(signed(50), 0));
        assert_eq!(Balances::balance(&POT), ED);
    });
}

#[test]
fn unclaimed_rights_fall_back_to_the_pot_when_their_periods_are_over() {
    chain(2).execute_with(|| {
        fill_pot(100);
        paid(0, 1_000);
        after(PERIOD);
        for _ in 1..CLAIM_PERIODS {
            after(PERIOD);
        }
        assert_eq!(right_of(0), 100);
        assert_ok!(RevenueShare::do_try_state());
        // What expires is there for those that share in the period that closes at this moment.
        paid(10, 1_000);
        after(PERIOD);
        assert_eq!((right_of(0), right_of(1)), (0, 100));
        assert_noop!(
            RevenueShare::claim(signed(50), 0),
            Error::<Runtime>::NothingToClaim
        );
        assert!(events().contains(&Event::RightsExpired {
            institution: 0,
            amount: 100
        }));
        assert_ok!(RevenueShare::do_try_state());
    });
}

#[test]
fn rights_of_as_many_periods_as_there_can_be_are_kept() {
    chain(1).execute_with(|| {
        fill_pot(1_000_000);
        for _ in 0..CLAIM_PERIODS + 2 {
            paid(0, 400);
            after(PERIOD);
            assert_ok!(RevenueShare::do_try_state());
        }
        assert_eq!(right_of(0), 100 * Balance::from(CLAIM_PERIODS));
    });
}

#[test]
fn a_suspended_institution_accrues_nothing_and_is_paid_nothing() {
    chain(2).execute_with(|| {
        fill_pot(100);
        paid(0, 1_000);
        after(PERIOD);

        assert_ok!(RevenueShare::suspend(root(), 0));
        assert_noop!(
            RevenueShare::suspend(root(), 0),
            Error::<Runtime>::AlreadySuspended
        );
        paid(0, 1_000);
        paid(10, 1_000);
        fill_pot(100);
        assert_noop!(
            RevenueShare::claim(signed(50), 0),
            Error::<Runtime>::Suspended
        );
        after(PERIOD);
        assert_eq!((right_of(0), right_of(1)), (100, 100));

        assert_ok!(RevenueShare::reinstate(root(), 0));
        assert_noop!(
            RevenueShare::reinstate(root(), 0),
            Error::<Runtime>::NotSuspended
        );
        assert_eq!(fees_of(0), 0);
        assert_ok!(RevenueShare::claim(signed(50), 0));
    });
}

#[test]
fn who_is_suspended_when_a_period_closes_has_no_share_in_it() {
    chain(2).execute_with(|| {
        fill_pot(100);
        paid(0, 9_000);
        paid(10, 1_000);
        assert_ok!(RevenueShare::suspend(root(), 0));
        after(PERIOD);
        assert_eq!((right_of(0), right_of(1)), (0, 100));
        // Nor in the next for what it paid in this.
        assert_ok!(RevenueShare::reinstate(root(), 0));
        fill_pot(100);
        paid(10, 1_000);
        after(PERIOD);
        assert_eq!((right_of(0), right_of(1)), (0, 200));
    });
}

#[test]
fn whom_screening_refuses_accrues_nothing_and_is_paid_nothing() {
    chain(2).execute_with(|| {
        fill_pot(1_000);
        paid(0, 400);
        paid(10, 400);
        refuse(1); // an account of institution 0
        paid(1, 400);
        assert_eq!(fees_of(0), 400);
        refuse(10); // the main account of institution 1
        paid(11, 400);
        assert_eq!(fees_of(1), 400);
        after(PERIOD);
        assert_eq!((right_of(0), right_of(1)), (100, 0));

        refuse(77);
        assert_ok!(RevenueShare::set_payout(signed(0), 0, 77));
        assert_noop!(
            RevenueShare::claim(signed(50), 0),
            Error::<Runtime>::NotAdmitted
        );
        admit(77);
        refuse(0);
        assert_noop!(
            RevenueShare::claim(signed(50), 0),
            Error::<Runtime>::NotAdmitted
        );
        admit(0);
        assert_ok!(RevenueShare::claim(signed(50), 0));
    });
}

#[test]
fn amounts_as_large_as_the_type_are_borne() {
    chain(2).execute_with(|| {
        fill_pot(RICH / 2);
        paid(0, Balance::MAX);
        paid(0, Balance::MAX);
        paid(10, Balance::MAX);
        after(PERIOD);
        // Sums saturate; what is shared stays within the pot.
        assert!(Owed::<Runtime>::get() <= RICH / 2);
        assert_ok!(RevenueShare::do_try_state());
    });
}
