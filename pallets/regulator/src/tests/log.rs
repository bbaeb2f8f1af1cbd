//! All that a supervisor does can be counted by everybody.

use crate::{
    mock::{Regulator, *},
    *,
};
use frame_support::{BoundedVec, assert_ok};

#[test]
fn every_act_is_a_line_of_its_supervisor_and_of_the_institutions_that_it_concerns() {
    chain().execute_with(|| {
        assert_eq!(LogCount::<Runtime>::get(), 0);
        let warrant = opened(FINMA, Target::Case(SWISS_TO_GERMAN));
        assert_eq!((lines_about(ODD_BANK), lines_about(EVEN_BANK)), (1, 1));
        assert_ok!(freeze(FINMA, warrant, SWISS));
        assert_eq!((lines_about(ODD_BANK), lines_about(EVEN_BANK)), (2, 1));
        assert_ok!(access(FINMA, None, GERMAN));
        assert_eq!((lines_about(ODD_BANK), lines_about(EVEN_BANK)), (2, 2));
        assert_ok!(freeze_amount(FINMA, warrant, SWISS_TO_GERMAN));
        assert_ok!(release_amount(FINMA, warrant, SWISS_TO_GERMAN));
        assert_ok!(release(FINMA, warrant, SWISS));
        assert_ok!(Regulator::withdraw_warrant(root(), warrant, hash(1)));
        assert_eq!((lines_about(ODD_BANK), lines_about(EVEN_BANK)), (6, 5));
        assert_eq!((lines_of(FINMA), lines_of(AMF)), (7, 0));
        let acts: Vec<Act> = (0..7)
            .filter_map(|number| Log::<Runtime>::get(number).map(|entry| entry.act))
            .collect();
        assert_eq!(
            acts,
            vec![
                Act::Opened,
                Act::SubjectFrozen(subject(SWISS)),
                Act::Accessed(subject(GERMAN)),
                Act::AmountFrozen(SWISS_TO_GERMAN),
                Act::AmountReleased(SWISS_TO_GERMAN),
                Act::SubjectReleased(subject(SWISS)),
                Act::Withdrawn,
            ]
        );
        // Opening and ending a warrant is no use of it.
        assert_eq!(
            Warrants::<Runtime>::get(warrant).map(|warrant| warrant.uses),
            Some(4)
        );
        assert_ok!(Regulator::do_try_state());
    });
}

#[test]
fn an_institution_reads_what_it_is_told_of_an_access() {
    chain().execute_with(|| {
        let warrant = opened(FINMA, Target::Subject(subject(SWISS)));
        after(5);
        assert_ok!(access(FINMA, Some(warrant), SWISS));
        let number = InstitutionLog::<Runtime>::get(ODD_BANK, 1).expect("it has two lines");
        assert_eq!(
            Log::<Runtime>::get(number),
            Some(Entry {
                at: now(),
                supervisor: FINMA,
                warrant: Some(warrant),
                institutions: BoundedVec::truncate_from(vec![ODD_BANK]),
                act: Act::Accessed(subject(SWISS)),
                evidence: hash(65),
                sealed: BoundedVec::truncate_from(b"for the bank".to_vec()),
            })
        );
    });
}

#[test]
fn what_is_refused_leaves_no_line_and_what_is_done_leaves_one() {
    chain().execute_with(|| {
        let warrant = opened(FINMA, Target::Subject(subject(SWISS)));
        let lines = LogCount::<Runtime>::get();
        assert!(freeze(AMF, warrant, SWISS).is_err());
        assert!(freeze(FINMA, warrant, GERMAN).is_err());
        assert!(access(FINMA, None, FRENCH).is_err());
        assert_eq!(LogCount::<Runtime>::get(), lines);
        assert_ok!(access(FINMA, Some(warrant), SWISS));
        assert_eq!(LogCount::<Runtime>::get(), lines + 1);
        let event = System::read_events_for_pallet::<Event<Runtime>>().pop();
        assert_eq!(
            event,
            Some(Event::Logged {
                number: lines,
                supervisor: FINMA,
                warrant: Some(warrant),
                institutions: vec![ODD_BANK],
                act: Act::Accessed(subject(SWISS)),
                evidence: hash(65),
            })
        );
    });
}

#[test]
fn a_party_that_nobody_knows_concerns_nobody() {
    chain().execute_with(|| {
        opened(AMF, Target::Case(FRENCH_CASE));
        assert_eq!((lines_about(ODD_BANK), lines_about(EVEN_BANK)), (1, 0));
        assert_ok!(Regulator::do_try_state());
    });
}
