//! What is judged, and who is one party.

use crate::{mock::*, *};
use frame_support::assert_ok;
use plume_primitives::{
    Balance,
    compliance::{
        Asset, Flow, FlowKind, Jurisdiction, Jurisdictions, Reason, Ruling, Screen, SubjectId,
        Tier, Verdict,
    },
    screening::Screening,
};

fn ruling(verdict: Verdict, reason: Reason) -> Ruling {
    Ruling {
        verdict,
        reason: Some(reason),
    }
}

fn judged(flows: Vec<Flow<u64>>) -> Ruling {
    Compliance::ruling(&Compliance::judge(flows))
}

#[test]
fn without_a_policy_everything_is_allowed_and_nothing_remembered() {
    on_chain(|| {
        assert_eq!(pay(1, 2, 1_000_000), Ruling::default());
        assert_eq!(Activities::<Runtime>::iter().count(), 0);
    });
}

#[test]
fn a_sanctioned_party_neither_sends_nor_receives() {
    on_chain(|| {
        enact(Scope::Native, [(Rule::Sanctions, Verdict::Deny)]);
        known(2, |known| known.sanctioned = true);
        assert_eq!(
            pay(1, 2, 100),
            ruling(Verdict::Deny, Reason::RecipientSanctioned)
        );
        assert_eq!(
            pay(2, 1, 100),
            ruling(Verdict::Deny, Reason::SenderSanctioned)
        );
        assert_eq!(pay(1, 3, 100), Ruling::default());
    });
}

/// A policy without a rule about credentials, none for the asset, and payouts to whoever is frozen.
#[test]
fn who_is_frozen_neither_sends_nor_receives_whatever_the_policy_says() {
    on_chain(|| {
        enact(Scope::Native, [(Rule::Sanctions, Verdict::Deny)]);
        known(2, |known| known.frozen = true);
        let of = |from, to, asset, kind| Flow {
            from,
            to,
            asset,
            amount: 100,
            kind,
        };
        for asset in [Asset::Native, Asset::Other(SHARES)] {
            for kind in [FlowKind::Transfer, FlowKind::Payout] {
                let from = ruling(Verdict::Deny, Reason::SenderFrozen);
                let to = ruling(Verdict::Deny, Reason::RecipientFrozen);
                assert_eq!(judged(vec![of(2, 1, asset, kind)]), from);
                assert_eq!(judged(vec![of(1, 2, asset, kind)]), to);
                assert_eq!(judged(vec![of(1, 3, asset, kind)]), Ruling::default());
                let both = vec![of(1, 3, asset, kind), of(3, 2, asset, kind)];
                assert_eq!(judged(both), to);
            }
        }
        let unscreened = vec![of(1, 3, Asset::Other(SHARES), FlowKind::Transfer); 5_000];
        assert_eq!(
            judged(unscreened),
            ruling(Verdict::Deny, Reason::TooManyFlows)
        );
    });
}

#[test]
fn the_weightiest_verdict_and_severity_give_the_ruling() {
    on_chain(|| {
        let mut policy = policy([
            (always(), Verdict::Alert),
            (
                Rule::VelocityCount {
                    side: Side::To,
                    span: Span::whole(Window::Day),
                    at_most: 0,
                },
                Verdict::Hold,
            ),
            (
                Rule::Young {
                    age: 1,
                    at_least: 1,
                },
                Verdict::Hold,
            ),
        ]);
        if let Some(young) = policy.rules.last_mut() {
            young.severity = Severity::High;
        }
        assert_ok!(Compliance::enact_policy(
            RuntimeOrigin::root(),
            Scope::Native,
            policy
        ));
        let judgement = Compliance::judge(vec![transfer(1, 2, 50)]);
        assert_eq!(
            judgement.ruling(),
            ruling(Verdict::Hold, Reason::YoungAndLarge)
        );
        assert_eq!(judgement.findings().len(), 3);
    });
}

#[test]
fn all_accounts_of_a_subject_are_one_party() {
    on_chain(|| {
        let many = Rule::VelocityCount {
            side: Side::From,
            span: Span::whole(Window::Day),
            at_most: 2,
        };
        enact(Scope::Native, [(many, Verdict::Deny)]);
        subject(1, [10, 11, 12]);
        assert_eq!(pay(10, 2, 50), Ruling::default());
        assert_eq!(pay(11, 3, 50), Ruling::default());
        assert_eq!(pay(12, 4, 50), ruling(Verdict::Deny, Reason::SentTooOften));
        assert_eq!(pay(13, 4, 50), Ruling::default());
    });
}

#[test]
fn what_a_party_moves_between_its_accounts_is_no_traffic_but_still_needs_credentials() {
    on_chain(|| {
        let credential = Rule::Credential {
            side: Side::From,
            tier: Tier::One,
            at_least: 0,
        };
        enact(
            Scope::Native,
            [(always(), Verdict::Deny), (credential, Verdict::Deny)],
        );
        subject(1, [10, 11]);
        assert_eq!(pay(10, 11, 50), Ruling::default());
        assert_eq!(Activities::<Runtime>::iter().count(), 0);
        known(10, |known| {
            known.subject = Some(plume_primitives::compliance::SubjectId::from_low_u64_be(1));
            known.suspended = true;
        });
        assert_eq!(
            pay(10, 11, 50),
            ruling(Verdict::Deny, Reason::SenderSuspended)
        );
    });
}

#[test]
fn a_batch_is_judged_as_its_parts_would_be_one_after_the_other() {
    on_chain(|| {
        let sum = Rule::VelocitySum {
            side: Side::From,
            span: Span::whole(Window::Day),
            at_most: 100,
        };
        enact(Scope::Native, [(sum, Verdict::Deny)]);
        let flows = |amounts: [u128; 3]| amounts.map(|amount| transfer(1, 2, amount)).to_vec();
        assert_eq!(judged(flows([40, 40, 20])), Ruling::default());
        let denied = Compliance::judge(flows([40, 40, 21]));
        assert_eq!(denied.ruling(), ruling(Verdict::Deny, Reason::SentTooMuch));
        assert_eq!(denied.findings()[0].flow, 2);
    });
}

#[test]
fn payouts_are_judged_by_who_takes_part_and_not_by_behaviour() {
    on_chain(|| {
        enact(
            Scope::Native,
            [(always(), Verdict::Deny), (Rule::Sanctions, Verdict::Deny)],
        );
        let flow = |kind| Flow {
            kind,
            ..transfer(1, 2, 50)
        };
        for kind in [FlowKind::Payout, FlowKind::Governance] {
            assert_eq!(judged(vec![flow(kind)]), Ruling::default());
        }
        known(2, |known| known.sanctioned = true);
        for kind in [FlowKind::Payout, FlowKind::Governance] {
            assert_eq!(
                judged(vec![flow(kind)]),
                ruling(Verdict::Deny, Reason::RecipientSanctioned)
            );
        }
        for kind in [FlowKind::Slash, FlowKind::Fee, FlowKind::Deposit] {
            assert_eq!(judged(vec![flow(kind)]), Ruling::default());
        }
    });
}

#[test]
fn a_call_with_more_flows_than_can_be_screened_is_denied() {
    on_chain(|| {
        enact(Scope::Native, [(Rule::Sanctions, Verdict::Alert)]);
        let flows = |number| vec![transfer(1, 2, 10); number];
        assert_eq!(judged(flows(MAX_FLOWS as usize)), Ruling::default());
        assert_eq!(
            judged(flows(MAX_FLOWS as usize + 1)),
            ruling(Verdict::Deny, Reason::TooManyFlows)
        );
    });
}

#[test]
fn an_assets_own_policy_comes_before_that_of_all_assets() {
    on_chain(|| {
        let of = |asset| Flow {
            asset: Asset::Other(asset),
            ..transfer(1, 2, 50)
        };
        enact(Scope::Assets, [(always(), Verdict::Alert)]);
        assert_eq!(judged(vec![of(1)]).verdict, Verdict::Alert);
        assert_eq!(judged(vec![transfer(1, 2, 50)]).verdict, Verdict::Allow);
        enact(Scope::Asset(1), [(always(), Verdict::Deny)]);
        assert_eq!(judged(vec![of(1)]).verdict, Verdict::Deny);
        assert_eq!(judged(vec![of(2)]).verdict, Verdict::Alert);
        assert_ok!(Compliance::withdraw_policy(
            RuntimeOrigin::root(),
            Scope::Asset(1)
        ));
        assert_eq!(judged(vec![of(1)]).verdict, Verdict::Alert);
    });
}

#[test]
fn a_price_that_is_missing_or_old_gives_the_policys_verdict() {
    on_chain(|| {
        enact(Scope::Native, [(always(), Verdict::Deny)]);
        quoted_at(now() - QUOTE_AGE);
        assert_eq!(
            judged(vec![transfer(1, 2, 50)]),
            ruling(Verdict::Deny, Reason::SentTooMuch)
        );
        quoted_at(now() - QUOTE_AGE - 1);
        assert_eq!(
            judged(vec![transfer(1, 2, 50)]),
            ruling(Verdict::Hold, Reason::StalePrice)
        );
        quoted_at(plume_primitives::Seconds::MAX);
        assert_eq!(
            judged(vec![transfer(1, 2, 50)]),
            ruling(Verdict::Hold, Reason::NoPrice)
        );
    });
}

#[test]
fn a_rule_for_a_corridor_and_a_kind_leaves_others_alone() {
    on_chain(|| {
        let mut policy = policy([(always(), Verdict::Alert)]);
        policy.rules[0].corridor = Corridor {
            from: Some(Jurisdiction(*b"CH")),
            to: None,
        };
        policy.rules[0].kinds = Kinds {
            persons: true,
            firms: false,
            banks: false,
        };
        assert_ok!(Compliance::enact_policy(
            RuntimeOrigin::root(),
            Scope::Native,
            policy
        ));
        let swiss = |who, kind| {
            known(who, |known| {
                known.kind = kind;
                known.jurisdictions = Jurisdictions::truncate_from(vec![Jurisdiction(*b"CH")]);
            });
        };
        use plume_primitives::compliance::SubjectKind::{Bank, Person};
        swiss(1, Person);
        swiss(2, Bank);
        assert_eq!(pay(1, 9, 50).verdict, Verdict::Alert);
        assert_eq!(pay(2, 9, 50).verdict, Verdict::Allow);
        assert_eq!(pay(3, 9, 50).verdict, Verdict::Allow);
    });
}

#[test]
fn a_security_keeps_its_holders_and_shares_within_a_batch() {
    on_chain(|| {
        give_shares(1, 100);
        let rules = [
            (Rule::MaxHolders { at_most: 2 }, Verdict::Deny),
            (
                Rule::OwnershipShare {
                    at_most: sp_runtime::Perbill::from_percent(30),
                },
                Verdict::Deny,
            ),
        ];
        enact(Scope::Asset(SHARES), rules);
        let gives = |from, to, amount| Flow {
            asset: Asset::Other(SHARES),
            ..transfer(from, to, amount)
        };
        assert_eq!(judged(vec![gives(1, 2, 30)]), Ruling::default());
        assert_eq!(
            judged(vec![gives(1, 2, 15), gives(1, 2, 16)]),
            ruling(Verdict::Deny, Reason::ShareTooLarge)
        );
        assert_eq!(
            judged(vec![gives(1, 2, 15), gives(1, 3, 15)]),
            ruling(Verdict::Deny, Reason::TooManyHolders)
        );
        assert_eq!(
            judged(vec![gives(1, 2, 15), gives(2, 3, 15)]),
            Ruling::default(),
            "the second gives its place away"
        );
    });
}

#[test]
fn a_lock_up_stops_transfers_but_not_the_issuer() {
    on_chain(|| {
        let rule = Rule::LockUp { until: now() + 100 };
        enact(Scope::Asset(SHARES), [(rule, Verdict::Deny)]);
        let flow = |kind| Flow {
            asset: Asset::Other(SHARES),
            kind,
            ..transfer(1, 2, 50)
        };
        assert_eq!(
            judged(vec![flow(FlowKind::Transfer)]),
            ruling(Verdict::Deny, Reason::LockedUp)
        );
        assert_eq!(judged(vec![flow(FlowKind::Issue)]), Ruling::default());
        assert_eq!(judged(vec![flow(FlowKind::Redeem)]), Ruling::default());
        after(100);
        assert_eq!(judged(vec![flow(FlowKind::Transfer)]), Ruling::default());
    });
}

#[test]
fn travel_data_serves_one_transfer_of_its_recipient_asset_and_amount() {
    on_chain(|| {
        enact(
            Scope::Native,
            [(Rule::TravelRule { at_least: 100 }, Verdict::Deny)],
        );
        let missing = ruling(Verdict::Deny, Reason::TravelDataMissing);
        let hash = sp_core::H256::repeat_byte(1);
        assert_eq!(pay(1, 2, 99), Ruling::default());
        assert_eq!(pay(1, 2, 100), missing);
        let attach = |hash| {
            Compliance::attach_travel_data(RuntimeOrigin::signed(1), 2, Asset::Native, 500, hash)
        };
        assert_ok!(attach(hash));
        assert_eq!(pay(1, 3, 100), missing);
        assert_eq!(pay(1, 2, 501), missing);
        assert_eq!(
            pay(1, 2, 99),
            Ruling::default(),
            "it is not used up by less"
        );
        assert_eq!(
            judged(vec![transfer(1, 2, 500), transfer(1, 2, 500)]),
            missing,
            "one envelope is not two"
        );
        assert_eq!(pay(1, 2, 500), Ruling::default());
        assert_eq!(pay(1, 2, 500), missing);

        assert_ok!(attach(hash));
        assert_ok!(attach(sp_core::H256::repeat_byte(2)));
        frame_support::assert_noop!(attach(hash), Error::<Runtime>::TooManyEnvelopes);
        let detach = |hash| Compliance::detach_travel_data(RuntimeOrigin::signed(1), hash);
        assert_ok!(detach(hash));
        frame_support::assert_noop!(detach(hash), Error::<Runtime>::UnknownEnvelope);
        assert_ok!(detach(sp_core::H256::repeat_byte(2)));
        assert!(!Envelopes::<Runtime>::contains_key(1));
        assert_eq!(pay(1, 2, 500), missing);
    });
}

#[test]
fn who_is_unknown_expired_or_listed_does_not_take_part() {
    on_chain(|| {
        unknown(2);
        assert!(Compliance::admits(&2), "no policy is in force");
        enact(Scope::Native, [(Rule::Sanctions, Verdict::Deny)]);
        assert!(Compliance::admits(&1));
        known(3, |known| known.valid_until = now());
        known(4, |known| known.sanctioned = true);
        known(5, |known| known.suspended = true);
        for who in 2..=5 {
            assert!(!Compliance::admits(&who), "{who}");
        }
    });
}

/// A flow into the pool, whose account is 90, or out of it.
fn through_the_pool(kind: FlowKind, who: u64, amount: Balance) -> Flow<u64> {
    let (from, to) = match kind {
        FlowKind::Shield => (who, 90),
        _ => (90, who),
    };
    Flow {
        from,
        to,
        asset: Asset::Native,
        amount,
        kind,
    }
}

#[test]
fn of_what_goes_through_the_pool_rules_look_at_the_accounts_side_alone() {
    let day = Span::whole(Window::Day);
    let sum = |side| Rule::VelocitySum {
        side,
        span: day,
        at_most: 150,
    };
    let through = |kind| {
        let flow = through_the_pool(kind, 1, 100);
        let judgement = Compliance::judge(vec![flow]);
        let ruling = judgement.ruling();
        Compliance::complete(Compliance::prepare(judgement));
        ruling
    };
    for (kind, seen, reason, unseen) in [
        (FlowKind::Shield, Side::From, Reason::SentTooMuch, Side::To),
        (
            FlowKind::Unshield,
            Side::To,
            Reason::ReceivedTooMuch,
            Side::From,
        ),
    ] {
        on_chain(|| {
            enact(
                Scope::Native,
                [(sum(unseen), Verdict::Deny), (sum(seen), Verdict::Alert)],
            );
            assert_eq!(through(kind), Ruling::default());
            assert_eq!(through(kind), ruling(Verdict::Alert, reason));
            assert!(Activities::<Runtime>::contains_key(Party::Account(1)));
            assert!(!Activities::<Runtime>::contains_key(Party::Account(90)));
            // The case is about whoever is seen.
            let case = Cases::<Runtime>::get(0).expect("one was opened");
            assert_eq!(case.about, Party::Account(1));
        });
    }
}

#[test]
fn the_pool_taints_nobody_and_needs_no_travel_rule_data() {
    on_chain(|| {
        enact(
            Scope::Native,
            [
                (Rule::Exposure { at_least: 10 }, Verdict::Deny),
                (Rule::TravelRule { at_least: 10 }, Verdict::Deny),
            ],
        );
        assert_ok!(Compliance::admit_screener(RuntimeOrigin::root(), 50));
        let flagged = Marks {
            sanctioned: false,
            flagged: true,
        };
        let posted = vec![(Party::Account(1), flagged)].try_into().expect("one");
        assert_ok!(Compliance::mark(RuntimeOrigin::signed(50), posted));
        let judged = |kind, who| Compliance::judge(vec![through_the_pool(kind, who, 100)]).ruling();
        assert_eq!(
            judged(FlowKind::Shield, 1),
            ruling(Verdict::Deny, Reason::Exposed)
        );
        assert_eq!(judged(FlowKind::Shield, 2), Ruling::default());
        assert_eq!(judged(FlowKind::Unshield, 2), Ruling::default());
    });
}

#[test]
fn what_goes_through_the_pool_cannot_be_held_and_is_denied_instead() {
    on_chain(|| {
        enact(Scope::Native, [(always(), Verdict::Hold)]);
        let judged = |kind| Compliance::judge(vec![through_the_pool(kind, 1, 100)]).ruling();
        let denied = ruling(Verdict::Deny, Reason::CannotBeHeld);
        assert_eq!(judged(FlowKind::Shield), denied);
        enact(
            Scope::Native,
            [(
                Rule::VelocityCount {
                    side: Side::To,
                    span: Span::whole(Window::Day),
                    at_most: 0,
                },
                Verdict::Hold,
            )],
        );
        assert_eq!(judged(FlowKind::Unshield), denied);
    });
}

#[test]
fn what_a_screener_posts_counts_at_once_for_all_accounts_of_the_party() {
    on_chain(|| {
        enact(Scope::Native, [(Rule::Sanctions, Verdict::Deny)]);
        subject(6, [2, 3]);
        let party = Party::Subject(plume_primitives::compliance::SubjectId::from_low_u64_be(6));
        let post = |who, sanctioned| {
            let marks = Marks {
                sanctioned,
                flagged: false,
            };
            let posted = vec![(party.clone(), marks)].try_into().expect("one is few");
            Compliance::mark(RuntimeOrigin::signed(who), posted)
        };
        frame_support::assert_noop!(post(50, true), Error::<Runtime>::NotScreener);
        assert_ok!(Compliance::admit_screener(RuntimeOrigin::root(), 50));
        assert_eq!(
            Compliance::admit_screener(RuntimeOrigin::root(), 50),
            Err(Error::<Runtime>::AlreadyScreener.into())
        );
        assert_ok!(post(50, true));
        for account in [2, 3] {
            assert!(!Compliance::admits(&account));
            assert_eq!(
                pay(1, account, 100),
                ruling(Verdict::Deny, Reason::RecipientSanctioned)
            );
        }
        assert_ok!(post(50, false));
        assert_eq!(pay(1, 2, 100), Ruling::default());
        assert_ok!(Compliance::remove_screener(RuntimeOrigin::root(), 50));
        frame_support::assert_noop!(post(50, true), Error::<Runtime>::NotScreener);
        assert_eq!(
            Compliance::remove_screener(RuntimeOrigin::root(), 50),
            Err(Error::<Runtime>::NotScreener.into())
        );
    });
}

#[test]
fn subjects_that_come_onto_a_list_or_off_it_are_told_of_and_few_at_once() {
    on_chain(|| {
        let subject = |number: u64| SubjectId::from_low_u64_be(number);
        let post = |parties: Vec<Party<u64>>, sanctioned| {
            let marks = Marks {
                sanctioned,
                flagged: true,
            };
            let posted: Vec<_> = parties.into_iter().map(|party| (party, marks)).collect();
            Compliance::mark(RuntimeOrigin::signed(50), posted.try_into().expect("few"))
        };
        let subjects = |numbers: core::ops::Range<u64>| -> Vec<Party<u64>> {
            numbers
                .map(|number| Party::Subject(subject(number)))
                .collect()
        };
        assert_ok!(Compliance::admit_screener(RuntimeOrigin::root(), 50));
        assert_ok!(post(
            vec![Party::Account(1), Party::Subject(subject(6))],
            true
        ));
        assert_eq!(heard(), [subject(6)], "an account has no credential");
        // What was said before is no news.
        assert_ok!(post(subjects(6..8), true));
        assert_eq!(heard(), [subject(6), subject(7)]);
        assert_ok!(post(subjects(7..8), false));
        assert_eq!(heard().last(), Some(&subject(7)));

        let many = u64::from(MAX_LISTED) + 1;
        frame_support::assert_noop!(
            post(subjects(100..100 + many), true),
            Error::<Runtime>::TooManyListed
        );
        let most = post(subjects(100..99 + many), true).expect("as many as may be");
        // The same again changes nothing, and weighs less.
        let again = post(subjects(100..99 + many), true).expect("no news");
        assert!(
            most.actual_weight
                .expect("said")
                .any_gt(again.actual_weight.expect("said"))
        );
    });
}

#[test]
fn a_mark_outlives_what_a_party_does() {
    on_chain(|| {
        enact(
            Scope::Native,
            [(Rule::Exposure { at_least: 100 }, Verdict::Alert)],
        );
        assert_ok!(Compliance::admit_screener(RuntimeOrigin::root(), 50));
        let marks = Marks {
            sanctioned: false,
            flagged: true,
        };
        let posted = vec![(Party::Account(1), marks)];
        assert_ok!(Compliance::mark(
            RuntimeOrigin::signed(50),
            posted.try_into().expect("one is few")
        ));
        for _ in 0..3 {
            assert_eq!(pay(1, 2, 100), ruling(Verdict::Alert, Reason::Exposed));
        }
        assert_eq!(
            Activities::<Runtime>::get(Party::Account(1)).map(|kept| kept.marks),
            Some(marks)
        );
    });
}
