use crate::{
    mock::{Grants, *},
    *,
};
use frame_support::{
    assert_noop, assert_ok,
    traits::{
        fungible::{Inspect, Mutate},
        tokens::Preservation,
    },
};

#[test]
fn a_grant_is_applied_for_approved_delivered_accepted_and_paid() {
    chain().execute_with(|| {
        assert_ok!(apply(&[(200, 50), (300, 80)]));
        assert_eq!(on_hold(GRANTEE), DEPOSIT);
        assert_eq!(pot(), 0);
        after(7);
        assert_ok!(Grants::approve(root(), 0));
        assert_eq!((pot(), treasury()), (500, TREASURY_FUNDS - 500));
        // In whatever order they are ready.
        assert_ok!(deliver(0, 1, 2));
        assert_ok!(Grants::accept(root(), 0, 1, hash(2)));
        assert_eq!(Balances::balance(&BENEFICIARY), RICH + 300);
        assert_eq!(pot(), 200);
        assert_ok!(deliver(0, 0, 1));
        assert_ok!(Grants::accept(root(), 0, 0, hash(1)));
        assert_eq!(Balances::balance(&BENEFICIARY), RICH + 500);

        assert_eq!((pot(), on_hold(GRANTEE)), (0, 0));
        assert!(!crate::Grants::<Runtime>::contains_key(0));
        assert_ok!(Grants::do_try_state());
        assert_eq!(
            events(),
            vec![
                Event::Applied {
                    grant: 0,
                    grantee: GRANTEE,
                    beneficiary: BENEFICIARY,
                    proposal: hash(0),
                    milestones: plans(&[(200, 50), (300, 80)]).into_inner(),
                    total: 500,
                    deposit: DEPOSIT,
                    until: APPLICATION_TIME,
                },
                Event::Approved {
                    grant: 0,
                    total: 500,
                    until: vec![57, 87]
                },
                Event::Delivered {
                    grant: 0,
                    milestone: 1,
                    deliverable: hash(2)
                },
                Event::Accepted {
                    grant: 0,
                    milestone: 1,
                    deliverable: hash(2),
                    beneficiary: BENEFICIARY,
                    amount: 300
                },
                Event::Delivered {
                    grant: 0,
                    milestone: 0,
                    deliverable: hash(1)
                },
                Event::Accepted {
                    grant: 0,
                    milestone: 0,
                    deliverable: hash(1),
                    beneficiary: BENEFICIARY,
                    amount: 200
                },
                Event::Ended {
                    grant: 0,
                    grantee: GRANTEE,
                    deposit: DEPOSIT
                },
            ]
        );
    });
}

#[test]
fn what_is_not_delivered_in_time_returns_to_the_treasury() {
    chain().execute_with(|| {
        let id = approved();
        after(50);
        assert_noop!(
            Grants::expire(signed(9), id),
            Error::<Runtime>::NothingExpired
        );
        after(1);
        assert_noop!(deliver(id, 0, 1), Error::<Runtime>::TooLate);
        assert_ok!(Grants::expire(signed(9), id));
        assert_eq!(state_of(id, 0), State::Returned);
        assert_eq!((pot(), treasury()), (300, TREASURY_FUNDS - 300));
        assert_ok!(Grants::do_try_state());

        assert_ok!(deliver(id, 1, 2));
        after(10_000);
        assert_noop!(
            Grants::expire(signed(9), id),
            Error::<Runtime>::NothingExpired
        );
        assert_ok!(Grants::accept(root(), id, 1, hash(2)));
        assert_eq!(on_hold(GRANTEE), 0);
        assert_eq!(treasury(), TREASURY_FUNDS - 300);
    });
}

#[test]
fn a_grant_ends_when_its_last_milestone_expires() {
    chain().execute_with(|| {
        let id = approved();
        after(81);
        assert_ok!(Grants::expire(signed(9), id));
        assert!(!crate::Grants::<Runtime>::contains_key(id));
        assert_eq!(
            (pot(), treasury(), on_hold(GRANTEE)),
            (0, TREASURY_FUNDS, 0)
        );
        let told = events();
        assert!(told.contains(&Event::MilestoneExpired {
            grant: id,
            milestone: 1,
            amount: 300
        }));
    });
}

#[test]
fn what_is_rejected_can_be_delivered_again_for_a_while_and_then_returns() {
    chain().execute_with(|| {
        let id = approved();
        after(45);
        assert_ok!(deliver(id, 0, 1));
        after(3);
        assert_ok!(Grants::reject(root(), id, 0, hash(1), hash(99)));
        let until = 48 + REDELIVERY_TIME;
        assert_eq!(state_of(id, 0), State::Rejected { until });
        assert_eq!(
            events().last(),
            Some(&Event::Rejected {
                grant: id,
                milestone: 0,
                deliverable: hash(1),
                reason: hash(99),
                until
            })
        );
        after(REDELIVERY_TIME);
        assert_ok!(deliver(id, 0, 2));
        assert_ok!(Grants::reject(root(), id, 0, hash(2), hash(99)));
        after(REDELIVERY_TIME + 1);
        assert_noop!(deliver(id, 0, 3), Error::<Runtime>::TooLate);
        assert_ok!(Grants::expire(signed(9), id));
        assert_eq!(treasury(), TREASURY_FUNDS);
    });
}

#[test]
fn an_application_that_nobody_approves_ends_and_its_deposit_returns() {
    chain().execute_with(|| {
        assert_ok!(apply(&[(200, 50)]));
        after(APPLICATION_TIME);
        assert_noop!(
            Grants::expire(signed(9), 0),
            Error::<Runtime>::NothingExpired
        );
        after(1);
        assert_noop!(
            Grants::approve(root(), 0),
            Error::<Runtime>::ApplicationTooOld
        );
        assert_ok!(Grants::expire(signed(9), 0));
        assert_eq!(on_hold(GRANTEE), 0);
        assert_noop!(Grants::expire(signed(9), 0), Error::<Runtime>::UnknownGrant);
    });
}

#[test]
fn a_grantee_cancels_and_what_was_not_paid_returns() {
    chain().execute_with(|| {
        let id = approved();
        assert_ok!(deliver(id, 0, 1));
        assert_ok!(Grants::accept(root(), id, 0, hash(1)));
        assert_ok!(deliver(id, 1, 2));
        assert_ok!(Grants::cancel(signed(GRANTEE), id));
        assert_eq!((pot(), treasury()), (0, TREASURY_FUNDS - 200));
        assert_eq!(on_hold(GRANTEE), 0);
        assert!(events().contains(&Event::Cancelled {
            grant: id,
            returned: 300
        }));
        assert_ok!(apply(&[(10, 1)]));
        assert_ok!(Grants::cancel(signed(GRANTEE), id + 1));
        assert_ok!(Grants::do_try_state());
    });
}

#[test]
fn who_could_approve_a_grant_can_cancel_it_and_decline_an_application() {
    chain().execute_with(|| {
        let id = approved();
        assert_ok!(Grants::cancel(signed(SMALL_APPROVER), id));
        assert_ok!(apply(&[(SMALL_LIMIT + 1, 1)]));
        assert_noop!(
            Grants::cancel(signed(SMALL_APPROVER), 1),
            Error::<Runtime>::AboveLimit
        );
        assert_ok!(Grants::cancel(root(), 1));
        assert_eq!((treasury(), on_hold(GRANTEE)), (TREASURY_FUNDS, 0));
    });
}

#[test]
fn several_grants_lie_in_one_pot_and_each_is_paid_its_own() {
    chain().execute_with(|| {
        let (first, second) = (approved(), approved());
        assert_eq!((pot(), on_hold(GRANTEE)), (1_000, 2 * DEPOSIT));
        assert_ok!(Grants::cancel(signed(GRANTEE), first));
        assert_eq!((pot(), on_hold(GRANTEE)), (500, DEPOSIT));
        assert_ok!(deliver(second, 1, 1));
        assert_ok!(Grants::accept(root(), second, 1, hash(1)));
        assert_eq!(pot(), 200);
        assert_ok!(Grants::do_try_state());
    });
}

#[test]
fn a_beneficiary_that_has_no_account_yet_is_paid() {
    chain().execute_with(|| {
        assert_ok!(Grants::apply(
            signed(GRANTEE),
            hash(0),
            77,
            plans(&[(ED, 50)])
        ));
        assert_ok!(Grants::approve(root(), 0));
        assert_ok!(deliver(0, 0, 1));
        assert_ok!(Grants::accept(root(), 0, 0, hash(1)));
        assert_eq!(Balances::balance(&77), ED);
    });
}

#[test]
fn what_somebody_sends_to_the_pot_pays_for_no_grant() {
    chain().execute_with(|| {
        let id = approved();
        assert_ok!(Balances::transfer(&9, &POT, 5, Preservation::Preserve));
        assert_ok!(Grants::do_try_state());
        assert_ok!(Grants::cancel(signed(GRANTEE), id));
        assert_eq!(treasury(), TREASURY_FUNDS);
        assert_ok!(Grants::do_try_state());
    });
}
