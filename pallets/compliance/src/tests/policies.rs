//! Policies: what they may be, their numbers, and their trials.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use plume_primitives::compliance::{Jurisdiction, Reason, Verdict};
use sp_runtime::{BuildStorage, DispatchError, Perbill};

fn enact_one(entry: Entry) -> sp_runtime::DispatchResult {
    let mut policy = policy([]);
    policy.rules = vec![entry].try_into().expect("one is few");
    Compliance::enact_policy(RuntimeOrigin::root(), Scope::Native, policy)
}

fn start_trial(rule: Rule, verdict: Verdict, seconds: u32) -> sp_runtime::DispatchResult {
    Compliance::start_trial(
        RuntimeOrigin::root(),
        Scope::Native,
        policy([(rule, verdict)]),
        seconds,
    )
}

fn enact_trial() -> sp_runtime::DispatchResult {
    Compliance::enact_trial(RuntimeOrigin::root(), Scope::Native)
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    on_chain(|| {
        let day = Span::whole(Window::Day);
        let none = Span {
            window: Window::Day,
            buckets: 0,
        };
        let too_long = Span {
            window: Window::Day,
            buckets: BUCKETS + 1,
        };
        let half = Perbill::from_percent(50);
        let side = Side::From;
        for rule in [
            Rule::ClosedCorridor(Corridor::default()),
            Rule::TierLimit {
                limits: [0, 2, 1, 3],
            },
            Rule::VelocityCount {
                side,
                span: none,
                at_most: 1,
            },
            Rule::VelocityCount {
                side,
                span: day,
                at_most: u16::MAX,
            },
            Rule::VelocitySum {
                side,
                span: too_long,
                at_most: 1,
            },
            Rule::VelocitySum {
                side,
                span: day,
                at_most: u64::MAX,
            },
            Rule::Structuring {
                side,
                span: day,
                count: 1,
            },
            Rule::FanIn {
                span: day,
                distinct: PEERS + 1,
                at_least: 0,
            },
            Rule::FanOut {
                span: day,
                distinct: 1,
                at_least: 0,
            },
            Rule::GatherScatter {
                span: day,
                gather: 2,
                scatter: PEERS + 1,
                at_least: 0,
            },
            Rule::PassThrough {
                span: day,
                share: half,
                at_least: 1,
            },
            Rule::PassThrough {
                span: Span::whole(Window::Hour),
                share: Perbill::zero(),
                at_least: 1,
            },
            Rule::Dormant {
                slept: activity::LEAST_SLEEP_SECONDS - 1,
                at_least: 1,
            },
            Rule::Young {
                age: 0,
                at_least: 1,
            },
            Rule::Exposure { at_least: 0 },
            Rule::MaxHolders { at_most: 0 },
            Rule::OwnershipShare {
                at_most: Perbill::zero(),
            },
        ] {
            let entry = Entry::new(rule, Severity::Low, Verdict::Alert);
            assert_noop!(enact_one(entry), Error::<Runtime>::BadParameters);
        }
        let fine = Entry::new(Rule::Sanctions, Severity::Low, Verdict::Deny);
        assert_ok!(enact_one(fine));
        assert_noop!(
            enact_one(Entry {
                verdict: Verdict::Allow,
                ..fine
            }),
            Error::<Runtime>::RuleAllows
        );
        let lower_case = Corridor {
            from: Some(Jurisdiction(*b"ch")),
            to: None,
        };
        assert_noop!(
            enact_one(Entry {
                corridor: lower_case,
                ..fine
            }),
            Error::<Runtime>::BadJurisdiction
        );
        assert_noop!(
            enact_one(Entry {
                rule: Rule::ClosedCorridor(lower_case),
                ..fine
            }),
            Error::<Runtime>::BadJurisdiction
        );
        let fan = Rule::FanIn {
            span: day,
            distinct: 2,
            at_least: 0,
        };
        let told = |rule, verdict| enact_one(Entry::new(rule, Severity::Low, verdict).once());
        assert_noop!(told(fan, Verdict::Hold), Error::<Runtime>::BadOnce);
        assert_noop!(
            told(Rule::Sanctions, Verdict::Alert),
            Error::<Runtime>::BadOnce
        );
        assert_ok!(told(fan, Verdict::Alert));
        let root = RuntimeOrigin::root;
        let mut too_much = policy([(Rule::Sanctions, Verdict::Deny)]);
        too_much.counterparty_from = MAX_COUNTERPARTY_FROM + 1;
        assert_noop!(
            Compliance::enact_policy(root(), Scope::Native, too_much),
            Error::<Runtime>::BadCounterparties
        );
        assert_noop!(
            Compliance::enact_policy(root(), Scope::Native, policy([])),
            Error::<Runtime>::NoRules
        );
        let structuring = Rule::Structuring {
            side,
            span: day,
            count: 3,
        };
        let mut without_threshold = policy([(structuring, Verdict::Alert)]);
        without_threshold.reporting_threshold = 0;
        assert_noop!(
            Compliance::enact_policy(root(), Scope::Native, without_threshold),
            Error::<Runtime>::BadThreshold
        );
    });
}

#[test]
fn only_the_policy_origin_changes_policies() {
    on_chain(|| {
        let nobody = || RuntimeOrigin::signed(ANNA);
        let some = || policy([(Rule::Sanctions, Verdict::Deny)]);
        let scope = Scope::Native;
        for refused in [
            Compliance::enact_policy(nobody(), scope, some()),
            Compliance::withdraw_policy(nobody(), scope),
            Compliance::start_trial(nobody(), scope, some(), 1),
            Compliance::enact_trial(nobody(), scope),
            Compliance::end_trial(nobody(), scope),
        ] {
            assert_eq!(refused, Err(DispatchError::BadOrigin));
        }
    });
}

#[test]
fn no_number_of_a_policy_is_given_twice() {
    on_chain(|| {
        let version = || {
            let state = Policies::<Runtime>::get(Scope::Native).expect("there is one");
            state.active.map(|active| active.version)
        };
        enact(Scope::Native, [(always(), Verdict::Alert)]);
        assert_eq!(version(), Some(1));
        assert_ok!(start_trial(always(), Verdict::Hold, 10));
        enact(Scope::Native, [(always(), Verdict::Alert)]);
        assert_eq!(version(), Some(3));
        assert_ok!(Compliance::withdraw_policy(
            RuntimeOrigin::root(),
            Scope::Native
        ));
        assert_noop!(
            Compliance::withdraw_policy(RuntimeOrigin::root(), Scope::Native),
            Error::<Runtime>::NoPolicy
        );
        assert_eq!(version(), None);
        after(10);
        assert_ok!(enact_trial());
        assert_eq!(version(), Some(2));
        enact(Scope::Native, [(always(), Verdict::Alert)]);
        assert_eq!(version(), Some(4));
    });
}

#[test]
fn a_trial_counts_and_says_but_touches_nothing() {
    on_chain(|| {
        enact(Scope::Native, [(Rule::Sanctions, Verdict::Deny)]);
        let sum = Rule::VelocitySum {
            side: Side::From,
            span: Span::whole(Window::Day),
            at_most: 100,
        };
        assert_ok!(start_trial(sum, Verdict::Deny, 1_000));
        assert_noop!(
            start_trial(sum, Verdict::Deny, 1_000),
            Error::<Runtime>::TrialExists
        );
        assert_eq!(pay(1, 2, 100).verdict, Verdict::Allow);
        assert_eq!(pay(1, 2, 50).verdict, Verdict::Allow);
        assert_eq!(NextCase::<Runtime>::get(), 0);
        let tally = Tally {
            flows: 2,
            denies: 1,
            ..Default::default()
        };
        assert_eq!(Tallies::<Runtime>::get(Scope::Native, 2), tally);
        let would_have = Event::WouldHave {
            scope: Scope::Native,
            version: 2,
            verdict: Verdict::Deny,
            reasons: vec![Reason::SentTooMuch],
            flow: transfer(1, 2, 50),
        };
        assert_eq!(
            events()
                .iter()
                .filter(|event| **event == would_have)
                .count(),
            1
        );

        assert_noop!(enact_trial(), Error::<Runtime>::TrialRunning);
        after(1_000);
        assert_eq!(pay(1, 2, 50).verdict, Verdict::Allow);
        assert_eq!(
            Tallies::<Runtime>::get(Scope::Native, 2),
            tally,
            "a trial that is over counts no more"
        );
        assert_ok!(enact_trial());
        assert_noop!(enact_trial(), Error::<Runtime>::NoTrial);
        assert_eq!(pay(1, 2, 50).verdict, Verdict::Deny);
    });
}

#[test]
fn a_trial_works_without_a_policy_in_force_and_can_be_given_up() {
    on_chain(|| {
        assert_noop!(
            start_trial(always(), Verdict::Hold, 0),
            Error::<Runtime>::BadTrialLength
        );
        assert_noop!(
            start_trial(always(), Verdict::Hold, MAX_TRIAL + 1),
            Error::<Runtime>::BadTrialLength
        );
        assert_ok!(start_trial(always(), Verdict::Hold, MAX_TRIAL));
        assert_eq!(pay(1, 2, 100).verdict, Verdict::Allow);
        let end = || Compliance::end_trial(RuntimeOrigin::root(), Scope::Native);
        assert_ok!(end());
        assert_noop!(end(), Error::<Runtime>::NoTrial);
        let tally = Tally {
            flows: 1,
            holds: 1,
            ..Default::default()
        };
        assert!(events().contains(&Event::TrialEnded {
            scope: Scope::Native,
            version: 1,
            tally
        }));
    });
}

#[test]
fn a_genesis_has_policies_and_officers() {
    let genesis = GenesisConfig::<Runtime> {
        policies: vec![(Scope::Native, policy([(always(), Verdict::Deny)]))],
        officers: vec![1, 2],
    };
    let storage = genesis.build_storage().expect("it builds");
    sp_io::TestExternalities::from(storage).execute_with(|| {
        assert_eq!(Officers::<Runtime>::get().into_inner(), vec![1, 2]);
        let state = Policies::<Runtime>::get(Scope::Native).expect("it is there");
        assert_eq!(state.active.map(|active| active.version), Some(1));
        Compliance::do_try_state().expect("the invariants hold");
    });
}

#[test]
#[should_panic(expected = "compliance.policies, Native: Empty")]
fn a_genesis_with_a_policy_that_cannot_be_is_refused() {
    let genesis = GenesisConfig::<Runtime> {
        policies: vec![(Scope::Native, policy([]))],
        officers: vec![],
    };
    let _ = genesis.build_storage();
}

#[test]
#[should_panic(expected = "compliance.policies has Native twice")]
fn a_genesis_with_two_policies_of_one_scope_is_refused() {
    let one = || (Scope::Native, policy([(always(), Verdict::Deny)]));
    let genesis = GenesisConfig::<Runtime> {
        policies: vec![one(), one()],
        officers: vec![],
    };
    let _ = genesis.build_storage();
}

#[test]
#[should_panic(expected = "compliance.officers, 1: AlreadyOfficer")]
fn a_genesis_with_an_officer_twice_is_refused() {
    let genesis = GenesisConfig::<Runtime> {
        policies: vec![],
        officers: vec![1, 1],
    };
    let _ = genesis.build_storage();
}
