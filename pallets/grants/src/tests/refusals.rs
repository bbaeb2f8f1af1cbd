use crate::{
    mock::{Grants, *},
    *,
};
use frame_support::{BoundedVec, assert_noop, assert_ok, dispatch_context::run_in_context};
use plume_primitives::Balance;
use sp_runtime::{DispatchError, TokenError};

#[test]
fn an_application_needs_milestones_that_can_be_paid_and_have_time() {
    chain().execute_with(|| {
        assert_noop!(apply(&[]), Error::<Runtime>::NoMilestones);
        assert_noop!(
            apply(&[(ED, 1), (ED - 1, 1)]),
            Error::<Runtime>::MilestoneTooSmall
        );
        assert_noop!(apply(&[(ED, 0)]), Error::<Runtime>::BadDeadline);
        assert_noop!(
            apply(&[(ED, MAX_WITHIN + 1)]),
            Error::<Runtime>::BadDeadline
        );
        assert_noop!(
            apply(&[(Balance::MAX, 1), (ED, 1)]),
            Error::<Runtime>::TotalTooLarge
        );
        assert_noop!(
            Grants::apply(signed(88), hash(0), 2, plans(&[(ED, 1)])),
            TokenError::FundsUnavailable
        );
        assert_ok!(apply(&[(ED, MAX_WITHIN)]));
    });
}

#[test]
fn a_grant_has_no_more_milestones_than_it_may() {
    let many = vec![
        Plan {
            amount: ED,
            within: 1
        };
        MAX_MILESTONES as usize + 1
    ];
    let bounded: Result<BoundedVec<Plan, <Runtime as Config>::MaxMilestones>, _> = many.try_into();
    assert!(bounded.is_err());
}

#[test]
fn an_origin_approves_up_to_its_limit() {
    chain().execute_with(|| {
        assert_ok!(apply(&[(SMALL_LIMIT, 50)]));
        assert_ok!(apply(&[(SMALL_LIMIT, 50), (ED, 1)]));
        assert_ok!(apply(&[(LARGE_LIMIT + 1, 50)]));
        assert_noop!(Grants::approve(signed(1), 0), DispatchError::BadOrigin);
        assert_ok!(Grants::approve(signed(SMALL_APPROVER), 0));
        assert_noop!(
            Grants::approve(signed(SMALL_APPROVER), 1),
            Error::<Runtime>::AboveLimit
        );
        assert_ok!(Grants::approve(root(), 1));
        assert_noop!(Grants::approve(root(), 2), Error::<Runtime>::AboveLimit);
        assert_noop!(
            Grants::approve(root(), 1),
            Error::<Runtime>::AlreadyApproved
        );
        assert_noop!(Grants::approve(root(), 7), Error::<Runtime>::UnknownGrant);
    });
}

#[test]
fn many_approvals_in_one_dispatch_are_one_for_the_limit() {
    chain().execute_with(|| {
        for _ in 0..3 {
            assert_ok!(apply(&[(SMALL_LIMIT / 2, 50)]));
        }
        run_in_context(|| {
            assert_ok!(Grants::approve(signed(SMALL_APPROVER), 0));
            assert_ok!(Grants::approve(signed(SMALL_APPROVER), 1));
            assert_noop!(
                Grants::approve(signed(SMALL_APPROVER), 2),
                Error::<Runtime>::AboveLimit
            );
        });
        run_in_context(|| {
            assert_ok!(Grants::approve(signed(SMALL_APPROVER), 2));
        });
    });
}

#[test]
fn the_treasury_stays_alive_and_approves_no_more_than_it_has() {
    chain().execute_with(|| {
        // Takes all that the treasury has but for its existential deposit.
        while treasury() >= LARGE_LIMIT + ED {
            let id = NextId::<Runtime>::get();
            assert_ok!(apply(&[(LARGE_LIMIT, 50)]));
            assert_ok!(Grants::approve(root(), id));
            // Frees the deposit for the next one, and gives the money away.
            assert_ok!(deliver(id, 0, 1));
            assert_ok!(Grants::accept(root(), id, 0, hash(1)));
        }
        let id = NextId::<Runtime>::get();
        assert_ok!(apply(&[(treasury(), 50)]));
        assert_noop!(Grants::approve(root(), id), TokenError::NotExpendable);
        assert_noop!(
            Grants::expire(signed(9), id),
            Error::<Runtime>::NothingExpired
        );
        assert_ok!(Grants::do_try_state());
    });
}

#[test]
fn only_the_grantee_delivers_and_cancels() {
    chain().execute_with(|| {
        let id = approved();
        assert_noop!(
            Grants::deliver(signed(BENEFICIARY), id, 0, hash(1)),
            Error::<Runtime>::NotGrantee
        );
        assert_noop!(
            Grants::cancel(signed(BENEFICIARY), id),
            Error::<Runtime>::NotGrantee
        );
        assert_noop!(
            Grants::deliver(root(), id, 0, hash(1)),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn only_the_accept_origin_judges_and_up_to_its_limit() {
    chain().execute_with(|| {
        assert_ok!(apply(&[(SMALL_LIMIT, 50), (SMALL_LIMIT + 1, 50)]));
        assert_ok!(Grants::approve(root(), 0));
        assert_ok!(deliver(0, 0, 1));
        assert_ok!(deliver(0, 1, 1));
        for who in [GRANTEE, BENEFICIARY] {
            assert_noop!(
                Grants::accept(signed(who), 0, 0, hash(1)),
                DispatchError::BadOrigin
            );
            assert_noop!(
                Grants::reject(signed(who), 0, 0, hash(1), hash(9)),
                DispatchError::BadOrigin
            );
        }
        let small = || signed(SMALL_APPROVER);
        assert_noop!(
            Grants::accept(small(), 0, 1, hash(1)),
            Error::<Runtime>::AboveLimit
        );
        assert_noop!(
            Grants::reject(small(), 0, 1, hash(1), hash(9)),
            Error::<Runtime>::AboveLimit
        );
        assert_ok!(Grants::accept(small(), 0, 0, hash(1)));
    });
}

#[test]
fn steps_out_of_order_are_refused() {
    chain().execute_with(|| {
        assert_ok!(apply(&[(200, 50)]));
        assert_noop!(deliver(0, 0, 1), Error::<Runtime>::NotApproved);
        assert_noop!(
            Grants::accept(root(), 0, 0, hash(1)),
            Error::<Runtime>::NotApproved
        );
        assert_ok!(Grants::approve(root(), 0));
        assert_noop!(
            Grants::accept(root(), 0, 0, hash(1)),
            Error::<Runtime>::NothingDelivered
        );
        assert_noop!(
            Grants::reject(root(), 0, 0, hash(1), hash(9)),
            Error::<Runtime>::NothingDelivered
        );
        assert_noop!(deliver(0, 1, 1), Error::<Runtime>::UnknownMilestone);
        assert_ok!(deliver(0, 0, 1));
        assert_noop!(deliver(0, 0, 2), Error::<Runtime>::NotWaiting);
        assert_noop!(
            Grants::accept(root(), 0, 0, hash(2)),
            Error::<Runtime>::OtherDeliverable
        );
        assert_noop!(
            Grants::reject(root(), 0, 0, hash(2), hash(9)),
            Error::<Runtime>::OtherDeliverable
        );
        assert_noop!(deliver(7, 0, 1), Error::<Runtime>::UnknownGrant);
    });
}

#[test]
fn whom_screening_refuses_is_neither_approved_nor_paid() {
    chain().execute_with(|| {
        assert_ok!(apply(&[(200, 50)]));
        for who in [GRANTEE, BENEFICIARY] {
            refuse(who);
            assert_noop!(Grants::approve(root(), 0), Error::<Runtime>::NotAdmitted);
            admit(who);
        }
        assert_ok!(Grants::approve(root(), 0));
        assert_ok!(deliver(0, 0, 1));
        for who in [GRANTEE, BENEFICIARY] {
            refuse(who);
            assert_noop!(
                Grants::accept(root(), 0, 0, hash(1)),
                Error::<Runtime>::NotAdmitted
            );
            admit(who);
        }
        assert_ok!(Grants::accept(root(), 0, 0, hash(1)));
    });
}
