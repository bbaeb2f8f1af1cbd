//! Who may speak, and what is left of those who may no longer.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use plume_primitives::compliance::Asset::Native;
use sp_runtime::DispatchError::BadOrigin;

#[test]
fn only_who_may_admits_removes_and_forgets() {
    chain().execute_with(|| {
        assert_noop!(Prices::admit_source(signed(ONE), 9), BadOrigin);
        assert_noop!(Prices::remove_source(signed(ONE), TWO), BadOrigin);
        assert_noop!(Prices::forget_asset(signed(ONE), Native), BadOrigin);
    });
}

#[test]
fn only_a_source_posts() {
    chain().execute_with(|| {
        assert_noop!(post(9, Native, 1), Error::<Runtime>::NotSource);
        assert_noop!(
            Prices::post(root(), vec![(Native, price(1))].try_into().expect("one")),
            BadOrigin
        );
        assert_ok!(Prices::admit_source(root(), 9));
        System::assert_last_event(Event::<Runtime>::SourceAdmitted { source: 9 }.into());
        assert_ok!(post(9, Native, 1));
        assert_ok!(Prices::remove_source(root(), 9));
        System::assert_has_event(Event::<Runtime>::SourceRemoved { source: 9 }.into());
        assert_noop!(post(9, Native, 1), Error::<Runtime>::NotSource);
    });
}

#[test]
fn a_source_is_admitted_once_and_removed_once() {
    chain().execute_with(|| {
        assert_noop!(
            Prices::admit_source(root(), ONE),
            Error::<Runtime>::AlreadySource
        );
        assert_ok!(Prices::remove_source(root(), ONE));
        assert_noop!(
            Prices::remove_source(root(), ONE),
            Error::<Runtime>::NotSource
        );
        for source in 10..12 {
            assert_ok!(Prices::admit_source(root(), source));
        }
        assert_ok!(Prices::admit_source(root(), 12));
        assert_noop!(
            Prices::admit_source(root(), 13),
            Error::<Runtime>::TooManySources
        );
    });
}

#[test]
fn what_a_removed_source_said_no_longer_counts() {
    chain().execute_with(|| {
        for (source, value) in [(ONE, 10), (TWO, 50), (THREE, 60)] {
            assert_ok!(post(source, Native, value));
        }
        assert_eq!(quote(Native, 1), Some((50, START)));
        after(10);
        assert_ok!(Prices::remove_source(root(), THREE));
        assert_eq!(
            quote(Native, 1),
            Some((50, START)),
            "the higher of 10 and 50"
        );
        assert_ok!(Prices::remove_source(root(), TWO));
        assert_eq!(quote(Native, 1), Some((10, START)));
        assert_ok!(Prices::do_try_state());
    });
}

#[test]
fn an_answer_in_which_a_removed_source_had_a_part_ends_when_too_few_are_left() {
    chain().execute_with(|| {
        assert_ok!(post(ONE, Native, 10));
        assert_ok!(post(TWO, Native, 99));
        assert_ok!(post(ONE, GOLD, 5));
        assert_eq!(quote(Native, 1), Some((99, START)));
        assert_ok!(Prices::remove_source(root(), TWO));
        assert_eq!(quote(Native, 1), None, "one of two is not more than half");
        System::assert_last_event(Event::<Runtime>::Unanswered { asset: Native }.into());
        assert_ok!(post(THREE, Native, 11));
        assert_eq!(quote(Native, 1), Some((11, START)));

        assert_ok!(Prices::remove_source(root(), THREE));
        assert_ok!(Prices::remove_source(root(), ONE));
        assert_eq!(Statements::<Runtime>::count(), 0);
        assert_eq!(quote(Native, 1), None);
        assert_ok!(Prices::do_try_state());
    });
}

#[test]
fn removing_a_source_costs_what_there_was_to_do() {
    chain().execute_with(|| {
        assert_ok!(post(ONE, Native, 10));
        let done = Prices::remove_source(root(), ONE).expect("it was one");
        assert_eq!(
            done.actual_weight,
            Some(<() as WeightInfo>::remove_source(1))
        );
    });
}
