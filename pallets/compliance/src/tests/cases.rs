//! How cases open, and how two officers close them.

use crate::{mock::*, *};
use frame_support::{
    assert_noop, assert_ok,
    traits::fungible::{Inspect, InspectHold},
};
use plume_primitives::compliance::{Reason, Screen, Verdict};
use sp_core::H256;
use sp_runtime::{DispatchError, DispatchResult};

const EVIDENCE: H256 = H256::repeat_byte(3);

fn take(officer: u64, case: CaseId) -> DispatchResult {
    Compliance::take_case(RuntimeOrigin::signed(officer), case)
}

fn propose(officer: u64, case: CaseId, closing: Closing) -> DispatchResult {
    Compliance::propose_closing(RuntimeOrigin::signed(officer), case, closing, EVIDENCE)
}

fn confirm(officer: u64, case: CaseId, closing: Closing) -> DispatchResult {
    Compliance::confirm_closing(RuntimeOrigin::signed(officer), case, closing, EVIDENCE)
}

fn reject(officer: u64, case: CaseId) -> DispatchResult {
    Compliance::reject_closing(RuntimeOrigin::signed(officer), case, EVIDENCE)
}

fn closed(closing: Closing) {
    let case = NextCase::<Runtime>::get() - 1;
    assert_ok!(take(ANNA, case));
    assert_ok!(propose(ANNA, case, closing));
    assert_ok!(confirm(BERT, case, closing));
}

fn on_hold(who: u64) -> Balance {
    Balances::balance_on_hold(&HoldReason::ComplianceReview.into(), &who)
}

#[test]
fn a_case_has_the_flows_the_reasons_and_the_policys_version() {
    on_chain(|| {
        enact(Scope::Native, [(Rule::Sanctions, Verdict::Deny)]);
        enact(
            Scope::Native,
            [(Rule::Sanctions, Verdict::Deny), (always(), Verdict::Alert)],
        );
        pay(1, 2, 70);
        let case = Cases::<Runtime>::get(0).expect("it is open");
        assert_eq!(case.flows.into_inner(), vec![transfer(1, 2, 70)]);
        assert_eq!(
            case.findings.into_inner(),
            vec![Finding {
                flow: 0,
                policy: Some((Scope::Native, 2)),
                rule: Some(1),
                reason: Reason::SentTooMuch,
                about: Side::From,
                severity: Severity::Medium,
                verdict: Verdict::Alert,
            }]
        );
        assert_eq!(case.about, Party::Account(1));
        assert_eq!(case.opened, now());
        assert_eq!(case.stage, Stage::Open);
    });
}

#[test]
fn further_alerts_about_a_party_are_counted_in_its_open_case() {
    on_chain(|| {
        enact(Scope::Native, [(always(), Verdict::Alert)]);
        for _ in 0..5 {
            pay(1, 2, 70);
        }
        pay(3, 2, 70);
        assert_eq!(NextCase::<Runtime>::get(), 2);
        assert_eq!(Cases::<Runtime>::get(0).map(|case| case.repeats), Some(4));
        assert_eq!(Cases::<Runtime>::get(1).map(|case| case.repeats), Some(0));
        let case = 0;
        assert_ok!(take(ANNA, case));
        assert_ok!(propose(ANNA, case, Closing::Dismiss));
        assert_ok!(confirm(BERT, case, Closing::Dismiss));
        pay(1, 2, 70);
        assert_eq!(
            NextCase::<Runtime>::get(),
            3,
            "a closed case is not reopened"
        );
    });
}

#[test]
fn a_case_about_the_recipient_belongs_to_the_recipient() {
    on_chain(|| {
        let rule = Rule::VelocityCount {
            side: Side::To,
            span: Span::whole(Window::Day),
            at_most: 0,
        };
        enact(Scope::Native, [(rule, Verdict::Alert)]);
        subject(8, [2, 3]);
        pay(1, 2, 70);
        pay(4, 3, 70);
        let about = Cases::<Runtime>::get(0).map(|case| case.about);
        let subject = plume_primitives::compliance::SubjectId::from_low_u64_be(8);
        assert_eq!(about, Some(Party::Subject(subject)));
        assert_eq!(NextCase::<Runtime>::get(), 1);
    });
}

#[test]
fn every_hold_has_a_case_of_its_own() {
    on_chain(|| {
        enact(Scope::Native, [(always(), Verdict::Hold)]);
        pay(1, 2, 70);
        pay(1, 2, 70);
        assert_eq!(NextCase::<Runtime>::get(), 2);
        assert_eq!(on_hold(2), 140);
    });
}

#[test]
fn a_held_transfer_goes_where_the_closing_says() {
    on_chain(|| {
        enact(Scope::Native, [(always(), Verdict::Hold)]);
        pay(1, 2, 70);
        closed(Closing::Dismiss);
        assert_eq!((on_hold(2), Balances::balance(&2)), (0, RICH + 70));
        pay(1, 3, 70);
        closed(Closing::ReportAndRelease);
        assert_eq!((on_hold(3), Balances::balance(&3)), (0, RICH + 70));
        let before = Balances::balance(&1);
        pay(1, 4, 70);
        closed(Closing::ReportAndReturn);
        assert_eq!((on_hold(4), Balances::balance(&4)), (0, RICH));
        assert_eq!(Balances::balance(&1), before);
        after(REVIEW);
        assert_eq!(Balances::balance(&2), RICH + 70, "it is decided for good");
    });
}

#[test]
fn no_officer_closes_a_case_alone() {
    on_chain(|| {
        enact(Scope::Native, [(always(), Verdict::Alert)]);
        pay(1, 2, 70);
        let closing = Closing::Dismiss;
        assert_noop!(take(50, 0), Error::<Runtime>::NotOfficer);
        assert_noop!(take(ANNA, 9), Error::<Runtime>::UnknownCase);
        assert_noop!(
            propose(ANNA, 0, closing),
            Error::<Runtime>::NotInvestigating
        );
        assert_ok!(take(ANNA, 0));
        assert_noop!(confirm(BERT, 0, closing), Error::<Runtime>::NothingProposed);
        assert_noop!(reject(BERT, 0), Error::<Runtime>::NothingProposed);
        assert_ok!(propose(ANNA, 0, closing));
        assert_noop!(take(BERT, 0), Error::<Runtime>::ClosingProposed);
        assert_noop!(confirm(ANNA, 0, closing), Error::<Runtime>::SameOfficer);
        assert_noop!(
            confirm(BERT, 0, Closing::ReportAndReturn),
            Error::<Runtime>::OtherClosing
        );
        assert_noop!(confirm(50, 0, closing), Error::<Runtime>::NotOfficer);
        assert_ok!(reject(BERT, 0));
        assert_ok!(propose(BERT, 0, closing));
        assert_noop!(confirm(BERT, 0, closing), Error::<Runtime>::SameOfficer);
        assert_ok!(confirm(ANNA, 0, closing));
        for again in [
            take(ANNA, 0),
            propose(ANNA, 0, closing),
            confirm(BERT, 0, closing),
            reject(BERT, 0),
            Compliance::add_evidence(RuntimeOrigin::signed(ANNA), 0, EVIDENCE),
        ] {
            assert_eq!(again, Err(Error::<Runtime>::CaseClosed.into()));
        }
    });
}

#[test]
fn what_a_removed_officer_proposed_is_not_confirmed() {
    on_chain(|| {
        enact(Scope::Native, [(always(), Verdict::Alert)]);
        pay(1, 2, 70);
        assert_ok!(take(ANNA, 0));
        assert_ok!(propose(ANNA, 0, Closing::Dismiss));
        assert_ok!(Compliance::remove_officer(RuntimeOrigin::root(), ANNA));
        assert_noop!(
            confirm(BERT, 0, Closing::Dismiss),
            Error::<Runtime>::ProposerRemoved
        );
        assert_ok!(reject(BERT, 0));
    });
}

#[test]
fn nobody_decides_about_own_transfers() {
    on_chain(|| {
        enact(Scope::Native, [(always(), Verdict::Alert)]);
        pay(ANNA, 2, 70);
        pay(3, ANNA, 70);
        assert_noop!(take(ANNA, 0), Error::<Runtime>::OwnCase);
        assert_noop!(take(ANNA, 1), Error::<Runtime>::OwnCase);
        assert_ok!(take(BERT, 0));
    });
}

#[test]
fn each_piece_of_evidence_is_an_event_and_counted() {
    on_chain(|| {
        enact(Scope::Native, [(always(), Verdict::Alert)]);
        pay(1, 2, 70);
        assert_ok!(take(ANNA, 0));
        assert_ok!(Compliance::add_evidence(
            RuntimeOrigin::signed(BERT),
            0,
            EVIDENCE
        ));
        assert_ok!(propose(ANNA, 0, Closing::ReportAndReturn));
        assert_ok!(confirm(BERT, 0, Closing::ReportAndReturn));
        assert_eq!(Cases::<Runtime>::get(0).map(|case| case.evidence), Some(3));
        let told: Vec<_> = events()
            .into_iter()
            .filter(|event| {
                matches!(
                    event,
                    Event::CaseTaken { .. }
                        | Event::EvidenceAdded { .. }
                        | Event::ClosingProposed { .. }
                        | Event::CaseClosed { .. }
                )
            })
            .collect();
        assert_eq!(
            told,
            vec![
                Event::CaseTaken {
                    case: 0,
                    officer: ANNA
                },
                Event::EvidenceAdded {
                    case: 0,
                    officer: BERT,
                    evidence: EVIDENCE
                },
                Event::ClosingProposed {
                    case: 0,
                    officer: ANNA,
                    closing: Closing::ReportAndReturn,
                    evidence: EVIDENCE
                },
                Event::CaseClosed {
                    case: 0,
                    closing: Closing::ReportAndReturn,
                    proposed_by: ANNA,
                    confirmed_by: BERT,
                    evidence: EVIDENCE
                },
            ]
        );
    });
}

#[test]
fn a_case_is_kept_for_its_retention_and_no_longer() {
    on_chain(|| {
        enact(Scope::Native, [(always(), Verdict::Alert)]);
        pay(1, 2, 70);
        let prune = || Compliance::prune_case(RuntimeOrigin::signed(60), 0);
        assert_noop!(prune(), Error::<Runtime>::CaseOpen);
        closed(Closing::Dismiss);
        after(RETENTION - 1);
        assert_noop!(prune(), Error::<Runtime>::StillRetained);
        after(1);
        assert_ok!(prune());
        assert_noop!(prune(), Error::<Runtime>::UnknownCase);
    });
}

#[test]
fn officers_are_admitted_and_removed_by_their_origin_only() {
    on_chain(|| {
        let admit = |who| Compliance::admit_officer(RuntimeOrigin::root(), who);
        assert_noop!(
            Compliance::admit_officer(RuntimeOrigin::signed(ANNA), 50),
            DispatchError::BadOrigin
        );
        assert_noop!(admit(ANNA), Error::<Runtime>::AlreadyOfficer);
        assert_ok!(admit(50));
        assert_noop!(admit(51), Error::<Runtime>::TooManyOfficers);
        assert_noop!(
            Compliance::remove_officer(RuntimeOrigin::signed(ANNA), 50),
            DispatchError::BadOrigin
        );
        assert_ok!(Compliance::remove_officer(RuntimeOrigin::root(), 50));
        assert_noop!(
            Compliance::remove_officer(RuntimeOrigin::root(), 50),
            Error::<Runtime>::NotOfficer
        );
    });
}

#[test]
fn a_denied_flow_of_a_scheduled_call_is_said_and_leaves_nothing() {
    on_chain(|| {
        enact(Scope::Native, [(always(), Verdict::Deny)]);
        let judgement = Compliance::judge(vec![transfer(1, 2, 70)]);
        assert_eq!(Compliance::ruling(&judgement).verdict, Verdict::Deny);
        Compliance::deny(judgement);
        assert_eq!(NextCase::<Runtime>::get(), 0);
        assert_eq!(Activities::<Runtime>::iter().count(), 0);
        assert!(
            events()
                .iter()
                .any(|event| matches!(event, Event::Denied { .. }))
        );
    });
}
