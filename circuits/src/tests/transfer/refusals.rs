use super::world::{EVERYWHERE, LIMIT, NOTES, SENDER_UNTIL, SENDERS, SPENT, World, element};
use crate::transfer::{BadPoint, OldCounter, Payment, Plan, Point, Refusal};

fn refused(plan: &Plan) -> Refusal {
    plan.assign().expect_err("it has to be refused")
}

/// A change to the payment of a plan.
fn paying(plan: &Plan, change: impl FnOnce(&mut Payment)) -> Plan {
    let mut plan = plan.clone();
    change(plan.payment.as_mut().expect("it pays"));
    plan
}

#[test]
fn more_than_the_limit_is_refused_with_the_figures() {
    let plan = World::new().payment();
    let exact = paying(&plan, |payment| payment.value = LIMIT - SPENT - 30);
    let exact = Plan {
        public_in: NOTES[0],
        ..exact
    };
    assert_eq!(exact.assign().map(|assigned| assigned.spent), Ok(LIMIT));
    let one_more = paying(&exact, |payment| payment.value += 1);
    assert_eq!(
        refused(&one_more),
        Refusal::LimitExceeded {
            spent: SPENT,
            adds: u128::from(LIMIT - SPENT + 1),
            limit: LIMIT
        }
    );
}

#[test]
fn a_credential_counts_from_its_first_to_its_last_second() {
    let plan = World::new().payment();
    for (time, result) in [
        (9, Err(Refusal::NotYetValid { from: 10 })),
        (10, Ok(())),
        (SENDER_UNTIL - 1, Ok(())),
        (
            SENDER_UNTIL,
            Err(Refusal::Expired {
                until: SENDER_UNTIL,
            }),
        ),
    ] {
        let plan = Plan {
            time,
            ..plan.clone()
        };
        assert_eq!(plan.assign().map(|_| ()), result, "{time}");
    }
}

#[test]
fn a_receivers_credential_is_asked_for_and_checked() {
    let world = World::new();
    let plan = world.payment();
    let without = paying(&plan, |payment| payment.credential = None);
    assert_eq!(refused(&without), Refusal::ReceiverNeedsCredential);
    let of_another = paying(&plan, |payment| {
        payment.credential = Some(world.sender_credential.clone());
    });
    assert_eq!(refused(&of_another), Refusal::UnknownReceiver);
    let key_of_another = paying(&plan, |payment| payment.pool_key = element("stranger"));
    assert_eq!(refused(&key_of_another), Refusal::UnknownReceiver);
    assert!(world.to_anybody().assign().is_ok());
}

#[test]
fn more_than_there_is_is_refused() {
    let plan = World::new().payment();
    let entering = u128::from(NOTES[0] + NOTES[1]);
    let all = paying(&plan, |payment| payment.value = NOTES[0] + NOTES[1] - 30);
    assert_eq!(all.assign().map(|assigned| assigned.change), Ok(0));
    let more = paying(&plan, |payment| payment.value = NOTES[0] + NOTES[1]);
    assert_eq!(
        refused(&more),
        Refusal::Unbalanced {
            entering,
            leaving: entering + 30
        }
    );
    let huge = Plan {
        public_in: u64::MAX,
        ..plan
    };
    assert_eq!(refused(&huge), Refusal::TooLarge);
}

#[test]
fn notes_counters_and_credentials_of_others_are_refused() {
    let world = World::new();
    let plan = world.payment();
    let mut other = plan.clone();
    other.keys.spend_secret = element("thief");
    assert_eq!(refused(&other), Refusal::UnknownNote { input: 0 });

    let mut other = plan.clone();
    other.inputs[1].as_mut().expect("a note").value += 1;
    assert_eq!(refused(&other), Refusal::UnknownNote { input: 1 });

    let mut other = plan.clone();
    other.inputs[1] = other.inputs[0].clone();
    assert_eq!(refused(&other), Refusal::SameNote);

    let mut other = plan.clone();
    other.credential = world.receiver_credential.clone();
    assert_eq!(refused(&other), Refusal::UnknownCredential);

    let mut other = plan.clone();
    let OldCounter::Kept { spent, .. } = &mut other.old_counter else {
        unreachable!("the plan has a counter")
    };
    *spent = 0;
    assert_eq!(refused(&other), Refusal::UnknownCounter);

    // A counter of another period is none of this one.
    let other = Plan {
        period: plan.period + 1,
        ..plan
    };
    assert_eq!(refused(&other), Refusal::UnknownCounter);
}

#[test]
fn policies_are_those_of_the_asset_the_tier_and_the_root() {
    let plan = World::new().payment();
    let mut other = plan.clone();
    other.policy.limit += 1;
    assert_eq!(refused(&other), Refusal::UnknownPolicy);
    let mut other = plan.clone();
    other.policy.flags = 0;
    assert_eq!(refused(&other), Refusal::UnknownPolicy);
    let mut other = plan;
    other.policy.flags = 2;
    assert_eq!(refused(&other), Refusal::UnknownFlags);
}

#[test]
fn who_pays_and_who_is_paid_belong_where_the_policy_says() {
    let world = World::new();
    let under = |policy| Plan {
        policy,
        ..world.payment()
    };
    assert!(under(world.policy_for(&[])).assign().is_ok());
    assert!(under(world.policy_for(&EVERYWHERE)).assign().is_ok());
    // The sender is of two of them, the receiver of all.
    assert_eq!(
        refused(&under(world.policy_for(&[*b"CH"]))),
        Refusal::Jurisdiction(Some(*b"AT"))
    );
    assert_eq!(
        refused(&under(world.policy_for(&SENDERS))),
        Refusal::ReceiverJurisdiction(Some(*b"DE"))
    );
    // A policy that does not ask for the receiver does not ask where it belongs.
    let anybody = Plan {
        policy: world.lax_policy_for(&SENDERS),
        ..world.to_anybody()
    };
    assert!(anybody.assign().is_ok());
    // Who belongs nowhere pays where nobody asks.
    let nowhere = World::with_sender_of(&[]);
    let plan = |policy| Plan {
        policy,
        ..nowhere.to_anybody()
    };
    assert!(plan(nowhere.lax_policy_for(&[])).assign().is_ok());
    assert_eq!(
        refused(&plan(nowhere.lax_policy_for(&SENDERS))),
        Refusal::Jurisdiction(None)
    );
    let text = Refusal::ReceiverJurisdiction(Some(*b"DE")).to_string();
    assert!(text.contains("receiver's credential is of DE"), "{text}");
    let text = Refusal::Jurisdiction(None).to_string();
    assert!(text.contains("names no jurisdiction"), "{text}");
}

#[test]
fn points_that_are_no_keys_are_refused() {
    let plan = World::new().payment();
    let bad = Point::default();
    let other = Plan {
        flow_key: bad,
        ..plan.clone()
    };
    assert_eq!(refused(&other), Refusal::FlowKey(BadPoint::NotOnCurve));
    let other = Plan {
        committee_key: bad,
        ..plan
    };
    assert_eq!(refused(&other), Refusal::CommitteeKey(BadPoint::NotOnCurve));
}

#[test]
fn a_refusal_says_what_to_do() {
    let text = Refusal::LimitExceeded {
        spent: 1,
        adds: 2,
        limit: 3,
    }
    .to_string();
    assert!(text.contains("1 of 3"), "{text}");
    assert!(Refusal::Expired { until: 5 }.to_string().contains("renew"));
}
