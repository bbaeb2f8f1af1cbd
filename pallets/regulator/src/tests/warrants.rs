//! Who may have which warrant.

use crate::{
    mock::{Regulator, *},
    *,
};
use frame_support::{assert_noop, assert_ok};
use plume_primitives::{Seconds, credentials::Reach};
use sp_runtime::{DispatchError, DispatchResult};

fn open(who: u64, target: Target<u64>, powers: Powers, until: Seconds) -> DispatchResult {
    Regulator::open_warrant(signed(who), target, powers, hash(60), until, None)
}

const FREEZES: Powers = Powers {
    freeze_subjects: true,
    ..Powers::NONE
};
const ACCESSES: Powers = Powers {
    access: true,
    ..Powers::NONE
};

#[test]
fn only_the_admit_origin_admits_and_dismisses() {
    empty_chain().execute_with(|| {
        assert_noop!(
            Regulator::admit_supervisor(
                signed(FINMA),
                FINMA,
                hash(1),
                Powers::ALL,
                Reach::Everywhere
            ),
            DispatchError::BadOrigin
        );
        assert_ok!(admit(FINMA, Powers::ALL, &[b"CH"]));
        assert_noop!(
            Regulator::dismiss_supervisor(signed(FINMA), FINMA),
            DispatchError::BadOrigin
        );
        assert_ok!(Regulator::dismiss_supervisor(root(), FINMA));
        assert_noop!(
            Regulator::dismiss_supervisor(root(), FINMA),
            Error::<Runtime>::Dismissed
        );
        assert_noop!(
            Regulator::dismiss_supervisor(root(), 9),
            Error::<Runtime>::NotSupervisor
        );
    });
}

#[test]
fn a_supervisor_has_powers_and_a_reach_and_there_are_not_too_many() {
    empty_chain().execute_with(|| {
        assert_noop!(
            admit(FINMA, Powers::NONE, &[b"CH"]),
            Error::<Runtime>::NoPowers
        );
        for codes in [&[][..], &[b"DE", b"CH"], &[b"ch"]] {
            assert_noop!(admit(FINMA, Powers::ALL, codes), Error::<Runtime>::BadReach);
        }
        for who in 0..u64::from(MAX_SUPERVISORS) {
            assert_ok!(admit(who, Powers::ALL, &[b"CH"]));
        }
        assert_noop!(
            admit(9, Powers::ALL, &[b"CH"]),
            Error::<Runtime>::TooManySupervisors
        );
        assert_ok!(admit(0, FREEZES, &[b"DE"]));
    });
}

#[test]
fn a_warrant_is_a_supervisors_and_within_its_powers() {
    chain().execute_with(|| {
        assert_ok!(admit(FINMA, FREEZES, &[b"CH"]));
        let target = || Target::Subject(subject(SWISS));
        assert_noop!(
            open(9, target(), FREEZES, now() + 1),
            Error::<Runtime>::NotSupervisor
        );
        assert_noop!(
            open(FINMA, target(), Powers::NONE, now() + 1),
            Error::<Runtime>::NoPowers
        );
        assert_noop!(
            open(FINMA, target(), ACCESSES, now() + 1),
            Error::<Runtime>::NoSuchPower
        );
        assert_ok!(open(FINMA, target(), FREEZES, now() + 1));
        assert_ok!(Regulator::dismiss_supervisor(root(), FINMA));
        assert_noop!(
            open(FINMA, target(), FREEZES, now() + 1),
            Error::<Runtime>::Dismissed
        );
    });
}

#[test]
fn a_warrant_ends() {
    chain().execute_with(|| {
        let target = || Target::Subject(subject(SWISS));
        for until in [now(), now() + MAX_WARRANT_TIME + 1] {
            assert_noop!(
                open(FINMA, target(), FREEZES, until),
                Error::<Runtime>::BadExpiry
            );
        }
        assert_ok!(open(FINMA, target(), FREEZES, now() + MAX_WARRANT_TIME));
    });
}

#[test]
fn a_warrant_is_about_somebody_within_reach() {
    chain().execute_with(|| {
        let until = now() + 10;
        assert_noop!(
            open(FINMA, Target::Subject(subject(FRENCH)), FREEZES, until),
            Error::<Runtime>::OutsideReach
        );
        assert_noop!(
            open(FINMA, Target::Subject(subject(NOBODY)), FREEZES, until),
            Error::<Runtime>::UnknownSubject
        );
        assert_noop!(
            open(FINMA, Target::Case(FRENCH_CASE), FREEZES, until),
            Error::<Runtime>::OutsideReach
        );
        assert_noop!(
            open(FINMA, Target::Case(77), FREEZES, until),
            Error::<Runtime>::NothingHeld
        );
        // One party within is enough.
        assert_ok!(admit(FINMA, Powers::ALL, &[b"DE"]));
        assert_ok!(open(FINMA, Target::Case(SWISS_TO_GERMAN), FREEZES, until));
    });
}

#[test]
fn a_warrant_is_used_by_its_supervisor_alone() {
    chain().execute_with(|| {
        let warrant = opened(FINMA, Target::Subject(subject(SWISS)));
        let refused = DispatchError::from(Error::<Runtime>::NotItsSupervisor);
        assert_noop!(freeze(AMF, warrant, SWISS), refused);
        assert_noop!(freeze_amount(AMF, warrant, SWISS_TO_GERMAN), refused);
        assert_noop!(access(AMF, Some(warrant), SWISS), refused);
        assert_noop!(
            Regulator::withdraw_warrant(signed(AMF), warrant, hash(1)),
            refused
        );
        assert_ok!(freeze(FINMA, warrant, SWISS));
        assert_noop!(release(AMF, warrant, SWISS), refused);
        assert_ok!(freeze_amount(FINMA, warrant, SWISS_TO_GERMAN));
        assert_noop!(release_amount(AMF, warrant, SWISS_TO_GERMAN), refused);
        let unknown = DispatchError::from(Error::<Runtime>::UnknownWarrant);
        assert_noop!(freeze(FINMA, 77, SWISS), unknown);
        assert_noop!(release(FINMA, 77, SWISS), unknown);
        assert_noop!(freeze_amount(FINMA, 77, SWISS_TO_GERMAN), unknown);
        assert_noop!(release_amount(FINMA, 77, SWISS_TO_GERMAN), unknown);
        assert_noop!(access(FINMA, Some(77), SWISS), unknown);
        assert_noop!(Regulator::withdraw_warrant(root(), 77, hash(1)), unknown);
    });
}

#[test]
fn an_expired_warrant_is_good_for_nothing() {
    chain().execute_with(|| {
        let warrant = opened(FINMA, Target::Subject(subject(SWISS)));
        after(100);
        assert_ok!(access(FINMA, Some(warrant), SWISS));
        after(1);
        let expired = DispatchError::from(Error::<Runtime>::WarrantExpired);
        assert_noop!(freeze(FINMA, warrant, SWISS), expired);
        assert_noop!(freeze_amount(FINMA, warrant, SWISS_TO_GERMAN), expired);
        assert_noop!(access(FINMA, Some(warrant), SWISS), expired);
    });
}

#[test]
fn a_withdrawn_warrant_is_good_for_nothing() {
    chain().execute_with(|| {
        for (by, evidence) in [(root(), 1), (signed(FINMA), 2)] {
            let warrant = opened(FINMA, Target::Subject(subject(SWISS)));
            assert_ok!(freeze(FINMA, warrant, SWISS));
            assert_ok!(Regulator::withdraw_warrant(
                by.clone(),
                warrant,
                hash(evidence)
            ));
            assert!(!is_frozen(SWISS));
            let withdrawn = DispatchError::from(Error::<Runtime>::WarrantWithdrawn);
            assert_noop!(freeze(FINMA, warrant, GERMAN), withdrawn);
            assert_noop!(access(FINMA, Some(warrant), SWISS), withdrawn);
            assert_noop!(
                Regulator::withdraw_warrant(by, warrant, hash(evidence)),
                withdrawn
            );
            assert_ok!(Regulator::do_try_state());
        }
    });
}

#[test]
fn a_warrant_is_good_for_its_own_powers_only() {
    chain().execute_with(|| {
        let target = Target::Subject(subject(SWISS));
        assert_ok!(open(FINMA, target.clone(), FREEZES, now() + 10));
        assert_ok!(open(FINMA, target, ACCESSES, now() + 10));
        let none = DispatchError::from(Error::<Runtime>::NoSuchPower);
        assert_noop!(access(FINMA, Some(0), SWISS), none);
        assert_noop!(freeze_amount(FINMA, 0, SWISS_TO_GERMAN), none);
        assert_noop!(freeze(FINMA, 1, SWISS), none);
        // Neither when the supervisor has lost a power since.
        assert_ok!(admit(FINMA, ACCESSES, &[b"CH"]));
        assert_noop!(freeze(FINMA, 0, SWISS), none);
        assert_ok!(access(FINMA, Some(1), SWISS));
    });
}

#[test]
fn a_warrant_is_used_on_its_target_only() {
    chain().execute_with(|| {
        let outside = DispatchError::from(Error::<Runtime>::OutsideWarrant);
        let about_swiss = opened(FINMA, Target::Subject(subject(SWISS)));
        assert_noop!(freeze(FINMA, about_swiss, GERMAN), outside);
        assert_noop!(access(FINMA, Some(about_swiss), GERMAN), outside);
        assert_ok!(freeze_amount(FINMA, about_swiss, SWISS_TO_GERMAN));

        let about_case = opened(FINMA, Target::Case(SWISS_TO_GERMAN));
        assert_ok!(freeze(FINMA, about_case, SWISS));
        assert_ok!(access(FINMA, Some(about_case), GERMAN));
        assert_ok!(freeze_amount(FINMA, about_case, SWISS_TO_GERMAN));

        let about_bank = opened(FINMA, Target::Institution(EVEN_BANK));
        assert_ok!(freeze(FINMA, about_bank, GERMAN));
        assert_noop!(freeze(FINMA, about_bank, SWISS), outside);
        assert_ok!(access(FINMA, Some(about_bank), GERMAN));

        let about_french = opened(AMF, Target::Case(FRENCH_CASE));
        assert_ok!(admit(AMF, Powers::ALL, &[b"CH", b"FR"]));
        assert_noop!(freeze(AMF, about_french, SWISS), outside);
        assert_noop!(freeze_amount(AMF, about_french, SWISS_TO_GERMAN), outside);
        assert_ok!(Regulator::do_try_state());
    });
}

#[test]
fn an_institution_is_no_way_out_of_the_reach() {
    chain().execute_with(|| {
        let warrant = opened(FINMA, Target::Institution(ODD_BANK));
        assert_ok!(freeze(FINMA, warrant, SWISS));
        let outside = DispatchError::from(Error::<Runtime>::OutsideReach);
        assert_noop!(freeze(FINMA, warrant, FRENCH), outside);
        assert_noop!(access(FINMA, Some(warrant), FRENCH), outside);
        assert_noop!(freeze_amount(FINMA, warrant, FRENCH_CASE), outside);
        // Narrowed since, it does not reach those whom it did reach.
        assert_ok!(admit(FINMA, Powers::ALL, &[b"DE"]));
        assert_noop!(access(FINMA, Some(warrant), SWISS), outside);
        assert_noop!(
            access(FINMA, Some(warrant), NOBODY),
            Error::<Runtime>::UnknownSubject
        );
        assert_noop!(
            freeze_amount(FINMA, warrant, 77),
            Error::<Runtime>::NothingHeld
        );
    });
}

#[test]
fn without_a_warrant_a_supervisor_sees_what_its_powers_let_it() {
    chain().execute_with(|| {
        assert_ok!(access(FINMA, None, SWISS));
        assert_noop!(access(FINMA, None, FRENCH), Error::<Runtime>::OutsideReach);
        assert_noop!(access(9, None, SWISS), Error::<Runtime>::NotSupervisor);
        assert_ok!(admit(FINMA, FREEZES, &[b"CH"]));
        assert_noop!(access(FINMA, None, SWISS), Error::<Runtime>::NoSuchPower);
        assert_ok!(Regulator::dismiss_supervisor(root(), FINMA));
        assert_noop!(access(FINMA, None, SWISS), Error::<Runtime>::Dismissed);
    });
}
