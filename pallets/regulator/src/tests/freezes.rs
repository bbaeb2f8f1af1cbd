//! A freeze counts as long as its warrant.

use crate::{
    mock::{Regulator, *},
    *,
};
use frame_support::{assert_noop, assert_ok};

#[test]
fn a_subject_is_frozen_and_released() {
    chain().execute_with(|| {
        let warrant = opened(FINMA, Target::Subject(subject(SWISS)));
        assert!(!is_frozen(SWISS));
        assert_ok!(freeze(FINMA, warrant, SWISS));
        assert!(is_frozen(SWISS) && !is_frozen(GERMAN));
        assert_eq!(told(), vec![subject(SWISS)]);
        assert_noop!(
            freeze(FINMA, warrant, SWISS),
            Error::<Runtime>::AlreadyFrozen
        );
        assert_ok!(release(FINMA, warrant, SWISS));
        assert!(!is_frozen(SWISS));
        assert_eq!(told(), vec![subject(SWISS)]);
        assert_noop!(release(FINMA, warrant, SWISS), Error::<Runtime>::NotFrozen);
        assert!(!SubjectFreezes::<Runtime>::contains_key(subject(SWISS)));
        assert_ok!(Regulator::do_try_state());
    });
}

#[test]
fn an_amount_is_frozen_and_released() {
    chain().execute_with(|| {
        let warrant = opened(FINMA, Target::Case(SWISS_TO_GERMAN));
        assert_ok!(freeze_amount(FINMA, warrant, SWISS_TO_GERMAN));
        assert!(is_amount_frozen(SWISS_TO_GERMAN) && !is_amount_frozen(FRENCH_CASE));
        assert!(!is_frozen(SWISS), "an amount is not a subject");
        assert_noop!(
            freeze_amount(FINMA, warrant, SWISS_TO_GERMAN),
            Error::<Runtime>::AlreadyFrozen
        );
        // It can be released when nothing is on hold any more.
        settle(SWISS_TO_GERMAN);
        assert_ok!(release_amount(FINMA, warrant, SWISS_TO_GERMAN));
        assert!(!is_amount_frozen(SWISS_TO_GERMAN));
        assert_noop!(
            release_amount(FINMA, warrant, SWISS_TO_GERMAN),
            Error::<Runtime>::NotFrozen
        );
        assert_ok!(Regulator::do_try_state());
    });
}

#[test]
fn a_freeze_lapses_with_its_warrant() {
    chain().execute_with(|| {
        let warrant = opened(FINMA, Target::Case(SWISS_TO_GERMAN));
        assert_ok!(freeze(FINMA, warrant, SWISS));
        assert_ok!(freeze_amount(FINMA, warrant, SWISS_TO_GERMAN));
        after(100);
        assert!(is_frozen(SWISS) && is_amount_frozen(SWISS_TO_GERMAN));
        after(1);
        assert!(!is_frozen(SWISS) && !is_amount_frozen(SWISS_TO_GERMAN));
        // What has lapsed can still be released, so that others are told.
        told();
        assert_ok!(release(FINMA, warrant, SWISS));
        assert_eq!(told(), vec![subject(SWISS)]);
    });
}

#[test]
fn the_freezes_of_a_dismissed_supervisor_end() {
    chain().execute_with(|| {
        let warrant = opened(FINMA, Target::Subject(subject(SWISS)));
        assert_ok!(freeze(FINMA, warrant, SWISS));
        assert_ok!(Regulator::dismiss_supervisor(root(), FINMA));
        assert!(!is_frozen(SWISS));
        assert_noop!(freeze(FINMA, warrant, GERMAN), Error::<Runtime>::Dismissed);
        assert_ok!(release(FINMA, warrant, SWISS));
    });
}

#[test]
fn what_several_warrants_freeze_is_free_when_all_of_them_ended() {
    chain().execute_with(|| {
        let one = opened(FINMA, Target::Subject(subject(SWISS)));
        let two = opened(FINMA, Target::Subject(subject(SWISS)));
        assert_ok!(freeze(FINMA, one, SWISS));
        assert_ok!(freeze(FINMA, two, SWISS));
        assert_ok!(release(FINMA, one, SWISS));
        assert!(is_frozen(SWISS));
        assert_ok!(Regulator::withdraw_warrant(root(), two, hash(1)));
        assert!(!is_frozen(SWISS));
    });
}

#[test]
fn freezes_are_bounded_and_those_that_ended_make_room() {
    chain().execute_with(|| {
        let warrants: Vec<WarrantId> = (0..=MAX_FREEZES)
            .map(|_| opened(FINMA, Target::Case(SWISS_TO_GERMAN)))
            .collect();
        for warrant in &warrants[..MAX_FREEZES as usize] {
            assert_ok!(freeze(FINMA, *warrant, SWISS));
            assert_ok!(freeze_amount(FINMA, *warrant, SWISS_TO_GERMAN));
        }
        let last = warrants[MAX_FREEZES as usize];
        assert_noop!(freeze(FINMA, last, SWISS), Error::<Runtime>::TooManyFreezes);
        assert_noop!(
            freeze_amount(FINMA, last, SWISS_TO_GERMAN),
            Error::<Runtime>::TooManyFreezes
        );
        assert_ok!(Regulator::withdraw_warrant(root(), warrants[0], hash(1)));
        assert_ok!(freeze(FINMA, last, SWISS));
        assert_ok!(freeze_amount(FINMA, last, SWISS_TO_GERMAN));
        assert_noop!(
            release(FINMA, warrants[0], SWISS),
            Error::<Runtime>::NotFrozen
        );
        assert_ok!(Regulator::do_try_state());
    });
}
