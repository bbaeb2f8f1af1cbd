//! What is refused, and why.

use super::chain::{GOLD, LIMIT};
use super::{ALICE, BOB, CAROL, Chain, Person};
use crate::{Draft, Problem, Receiver};
use plume_circuits::{
    FieldBytes,
    transfer::{Jurisdictions, Refusal},
};
use plume_shielded::Memo;

fn funded() -> (Chain, Person, Person) {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let bob = Person::new(&mut chain, BOB);
    alice.deposit(&mut chain, 0, 5 * LIMIT);
    (chain, alice, bob)
}

fn problem(draft: Result<Draft, Problem>) -> Problem {
    let Err(problem) = draft else {
        panic!("it is refused")
    };
    assert!(!problem.hint().is_empty() && !problem.to_string().is_empty());
    problem
}

#[test]
fn more_than_the_limit_is_refused_with_what_is_left_of_it() {
    let (mut chain, mut alice, mut bob) = funded();
    alice.pay(&mut chain, &mut bob, (0, 600_000), 10);
    let problem = problem(alice.drafts_to(&chain, &bob, (0, 400_000), 10));
    assert_eq!(
        problem,
        Problem::Limit {
            asset: 0,
            spent: 600_010,
            adds: 400_010,
            limit: LIMIT,
            until: 1_000
        }
    );
    assert!(
        problem.hint().contains("0.00039999 PLUME"),
        "{}",
        problem.hint()
    );
    let all_that_is_left = alice.drafts_to(&chain, &bob, (0, 399_980), 10);
    assert!(all_that_is_left.is_ok());
    // A new period has a new limit.
    chain.time = 1_000;
    assert!(alice.drafts_to(&chain, &bob, (0, 400_000), 10).is_ok());
}

#[test]
fn an_expired_credential_pays_nothing() {
    let (mut chain, alice, bob) = funded();
    chain.time = 4_999;
    assert!(alice.drafts_to(&chain, &bob, (0, 1), 0).is_ok());
    chain.time = 5_000;
    let problem = problem(alice.drafts_to(&chain, &bob, (0, 1), 0));
    assert_eq!(problem, Problem::Refused(Refusal::Expired { until: 5_000 }));
    assert!(problem.hint().contains("renew"));
}

#[test]
fn who_does_not_belong_where_the_policy_says_pays_nothing() {
    let (mut chain, alice, bob) = funded();
    for (_, rule) in &mut chain.rules {
        rule.jurisdictions = Jurisdictions::new(&[*b"CH"]).expect("a set");
    }
    let problem = problem(alice.drafts_to(&chain, &bob, (0, 1), 0));
    assert_eq!(problem, Problem::Refused(Refusal::Jurisdiction(None)));
    assert!(problem.hint().contains("issuer"), "{}", problem.hint());
}

#[test]
fn a_frozen_holder_pays_nothing() {
    let (mut chain, alice, bob) = funded();
    let leaf = (alice.leaf, FieldBytes::ZERO);
    chain.credentials.update(&[leaf]).expect("it is there");
    let problem = problem(alice.drafts_to(&chain, &bob, (0, 1), 0));
    assert_eq!(problem, Problem::Refused(Refusal::UnknownCredential));
}

#[test]
fn a_receiver_without_a_credential_is_paid_only_where_the_policy_lets() {
    let (mut chain, alice, bob) = funded();
    let mut rich = Person::of_tier(&mut chain, CAROL, 2);
    rich.deposit(&mut chain, 0, 1_000);
    let stranger = bob.wallet.contact(3, None).expect("an address");
    let to = Receiver {
        contact: &stranger,
        path: None,
    };
    let terms = chain.terms();
    let send = |person: &Person| {
        let holder = person.holder(&chain);
        let spender = person.wallet.spender(&person.key, &terms, &holder)?;
        spender.send(&to, (0, 10), Memo::EMPTY, 1)
    };
    let refused = problem(send(&alice));
    assert_eq!(refused, Problem::Refused(Refusal::ReceiverNeedsCredential));
    assert!(send(&rich).is_ok());
}

#[test]
fn a_receiver_whose_credential_was_taken_back_is_not_paid() {
    let (mut chain, alice, bob) = funded();
    let leaf = (bob.leaf, FieldBytes::ZERO);
    chain.credentials.update(&[leaf]).expect("it is there");
    let problem = problem(alice.drafts_to(&chain, &bob, (0, 1), 0));
    assert_eq!(problem, Problem::Refused(Refusal::UnknownReceiver));
}

#[test]
fn what_no_policy_lets_move_is_refused() {
    let (mut chain, _, bob) = funded();
    let mut rich = Person::of_tier(&mut chain, CAROL, 2);
    let refused = problem(rich.draft(&chain, |one| one.deposit([1; 32], GOLD, 5)));
    assert_eq!(
        refused,
        Problem::NoPolicy {
            asset: GOLD,
            tier: 2
        }
    );
    rich.deposit(&mut chain, 0, 5);
    let refused = problem(rich.drafts_to(&chain, &bob, (GOLD, 5), 1));
    let (have, need) = (0, 5);
    assert_eq!(
        refused,
        Problem::NotEnough {
            asset: GOLD,
            have,
            need
        }
    );
}

#[test]
fn less_than_amount_and_fee_is_not_enough() {
    let (chain, alice, bob) = funded();
    let refused = problem(alice.drafts_to(&chain, &bob, (0, 5 * LIMIT), 1));
    assert_eq!(
        refused,
        Problem::NotEnough {
            asset: 0,
            have: u128::from(5 * LIMIT),
            need: u128::from(5 * LIMIT) + 1
        }
    );
    let refused = problem(alice.drafts_to(&chain, &bob, (0, u64::MAX), 1));
    assert_eq!(refused, Problem::Amount);
    let refused = problem(alice.draft(&chain, |one| one.deposit([1; 32], 0, 0)));
    assert_eq!(refused, Problem::Amount);
}

#[test]
fn the_spending_key_of_another_account_is_refused() {
    let (chain, alice, bob) = funded();
    let terms = chain.terms();
    let holder = alice.holder(&chain);
    let refused = alice.wallet.spender(&bob.key, &terms, &holder).err();
    assert_eq!(refused, Some(Problem::OtherKey));
    let mut wallet = alice.wallet.clone();
    assert_eq!(
        wallet.keep_spending_key(bob.key.clone()),
        Err(Problem::OtherKey)
    );
    assert!(wallet.spending_key().is_none());
}

#[test]
fn a_stopped_pool_and_policies_of_another_second_are_told() {
    let (mut chain, alice, bob) = funded();
    let mut terms = chain.terms();
    terms.policy_root = FieldBytes::from(1u64);
    let holder = alice.holder(&chain);
    let spender = alice.wallet.spender(&alice.key, &terms, &holder);
    let refused = problem(spender.expect("its own key").merge(0, 1));
    assert_eq!(refused, Problem::NothingToMerge { asset: 0 });
    let spender = alice.wallet.spender(&alice.key, &terms, &holder);
    let refused = problem(spender.expect("its own key").withdraw([9; 32], (0, 5), 1));
    assert_eq!(refused, Problem::PoliciesChange);
    chain.paused = true;
    let refused = problem(alice.drafts_to(&chain, &bob, (0, 1), 0));
    assert_eq!(refused, Problem::Paused);
}

#[test]
fn a_key_of_the_regulator_that_is_none_is_not_encrypted_to() {
    let (chain, alice, _) = funded();
    let mut terms = chain.terms();
    terms.flow_key.x = FieldBytes::from(5u64);
    let holder = alice.holder(&chain);
    let spender = alice.wallet.spender(&alice.key, &terms, &holder);
    let refused = problem(spender.expect("its own key").withdraw([9; 32], (0, 5), 1));
    assert!(matches!(refused, Problem::Refused(Refusal::FlowKey(_))));
}
