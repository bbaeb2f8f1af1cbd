//! Whatever is done in whatever order, the invariants hold and no PLUME is lost.

use crate::{mock::*, *};
use plume_primitives::compliance::{Flow, Verdict};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Pay(Vec<(u64, u64, u128)>),
    Wait(u32),
    Take(u64, CaseId),
    Propose(u64, CaseId, Closing),
    Confirm(u64, CaseId, Closing),
    Reject(u64, CaseId),
    Return(u32),
    Prune(CaseId),
    Enact(u8, Verdict),
    Trial(u8, Verdict),
    EndTrial,
}

fn officer() -> impl Strategy<Value = u64> {
    prop_oneof![Just(ANNA), Just(BERT)]
}

fn closing() -> impl Strategy<Value = Closing> {
    prop_oneof![
        Just(Closing::Dismiss),
        Just(Closing::ReportAndReturn),
        Just(Closing::ReportAndRelease)
    ]
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![
        1 => Just(Verdict::Alert),
        3 => Just(Verdict::Hold),
        1 => Just(Verdict::Deny)
    ]
}

fn step() -> impl Strategy<Value = Step> {
    // Accounts 100 and above do not exist at first.
    let payment = (1..6u64, prop_oneof![1..6u64, 100..103u64], 1..20_000u128);
    prop_oneof![
        6 => prop::collection::vec(payment, 1..4).prop_map(Step::Pay),
        2 => (0..REVIEW).prop_map(Step::Wait),
        2 => (officer(), 0..12u64).prop_map(|(who, case)| Step::Take(who, case)),
        2 => (officer(), 0..12u64, closing()).prop_map(|(who, case, how)| Step::Propose(who, case, how)),
        3 => (officer(), 0..12u64, closing()).prop_map(|(who, case, how)| Step::Confirm(who, case, how)),
        1 => (officer(), 0..12u64).prop_map(|(who, case)| Step::Reject(who, case)),
        1 => (0..12u32).prop_map(Step::Return),
        1 => (0..12u64).prop_map(Step::Prune),
        1 => (0..4u8, verdict()).prop_map(|(rule, verdict)| Step::Enact(rule, verdict)),
        1 => (0..4u8, verdict()).prop_map(|(rule, verdict)| Step::Trial(rule, verdict)),
        1 => Just(Step::EndTrial),
    ]
}

fn rule(number: u8) -> Rule {
    let span = Span::whole(Window::Hour);
    match number {
        0 => always(),
        1 => Rule::VelocityCount {
            side: Side::To,
            span,
            at_most: 2,
        },
        2 => Rule::FanIn {
            span,
            distinct: 2,
            at_least: 0,
        },
        _ => Rule::VelocitySum {
            side: Side::From,
            span,
            at_most: 10_000,
        },
    }
}

/// Refusals change nothing, which is what the invariants after them say.
fn take(step: Step) {
    let hash = sp_core::H256::repeat_byte(1);
    let signed = RuntimeOrigin::signed;
    let root = RuntimeOrigin::root();
    let _ = match step {
        Step::Pay(payments) => {
            let flows: Vec<Flow<u64>> = payments
                .into_iter()
                .filter(|(from, to, _)| from != to)
                // An account begins with the existential deposit at least.
                .map(|(from, to, amount)| transfer(from, to, amount.max(ED)))
                .collect();
            pay_all(flows);
            Ok(())
        }
        Step::Wait(seconds) => {
            after(seconds);
            Ok(())
        }
        Step::Take(who, case) => Compliance::take_case(signed(who), case),
        Step::Propose(who, case, how) => Compliance::propose_closing(signed(who), case, how, hash),
        Step::Confirm(who, case, how) => Compliance::confirm_closing(signed(who), case, how, hash),
        Step::Reject(who, case) => Compliance::reject_closing(signed(who), case, hash),
        Step::Return(hold) => Compliance::return_expired(signed(50), hold),
        Step::Prune(case) => Compliance::prune_case(signed(50), case),
        Step::Enact(number, verdict) => {
            Compliance::enact_policy(root, Scope::Native, policy([(rule(number), verdict)]))
        }
        Step::Trial(number, verdict) => {
            let tried = policy([(rule(number), verdict)]);
            Compliance::start_trial(root, Scope::Native, tried, 1_000)
        }
        Step::EndTrial => Compliance::end_trial(root, Scope::Native),
    };
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..Default::default() })]

    #[test]
    fn the_invariants_hold_after_every_step(steps in prop::collection::vec(step(), 1..40)) {
        chain().execute_with(|| {
            let issued = Balances::total_issuance();
            enact(Scope::Native, [(always(), Verdict::Hold)]);
            for step in steps {
                take(step.clone());
                Compliance::do_try_state().unwrap_or_else(|broken| panic!("{step:?}: {broken:?}"));
            }
            // In the end everything that was not decided goes back.
            after(REVIEW);
            for _ in 0..40 {
                after(0);
            }
            assert_eq!(Holds::<Runtime>::iter().count(), 0);
            let sum: u128 = frame_system::Account::<Runtime>::iter()
                .map(|(_, account)| account.data.free + account.data.reserved)
                .sum();
            assert_eq!(sum, issued);
            assert_eq!(Balances::total_issuance(), issued);
        });
    }
}
