//! What happens to wallets whose owners pay.

use super::chain::{GOLD, LIMIT};
use super::{ALICE, BOB, CAROL, Chain, Person};
use crate::{Draft, Kind, Payout, Problem, Wallet};
use plume_shielded::Network;

#[test]
fn what_is_deposited_can_be_spent_and_is_not_counted() {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    alice.deposit(&mut chain, 0, 2 * LIMIT);
    assert_eq!(alice.balance(0), u128::from(2 * LIMIT));
    assert_eq!(alice.spent(&chain, 0), Some(0));
    let [entry] = alice.wallet.history() else {
        panic!("one deposit")
    };
    assert_eq!(
        (entry.kind(), entry.moved(), entry.fee()),
        (Kind::Deposited, 2 * LIMIT, 0)
    );
}

#[test]
fn a_payment_reaches_its_receiver_and_the_rest_comes_back() {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let mut bob = Person::new(&mut chain, BOB);
    let mut carol = Person::new(&mut chain, CAROL);
    alice.deposit(&mut chain, 0, 1_000);
    alice.pay(&mut chain, &mut bob, (0, 300), 10);
    assert_eq!((alice.balance(0), bob.balance(0)), (690, 300));
    assert_eq!(alice.spent(&chain, 0), Some(310));
    assert_eq!(bob.spent(&chain, 0), None);

    let sent = alice.wallet.history().last().expect("it paid");
    assert_eq!(
        (sent.kind(), sent.moved(), sent.fee()),
        (Kind::Sent, 300, 10)
    );
    let note = sent.sent.as_ref().expect("it reads what it sent");
    assert_eq!(note.address().as_ref(), Some(bob.contact().address()));
    let received = bob.wallet.history().last().expect("it was paid");
    assert_eq!(
        (received.kind(), received.moved(), received.fee()),
        (Kind::Received, 300, 0)
    );
    let note = received.received.as_ref().expect("a note");
    assert_eq!(note.memo().text(), Some("thanks"));

    // What was received is spent on, and whoever has no part sees nothing.
    bob.pay(&mut chain, &mut alice, (0, 250), 5);
    alice.sync(&chain);
    assert_eq!((alice.balance(0), bob.balance(0)), (940, 45));
    carol.sync(&chain);
    assert!(carol.wallet.history().is_empty());
}

#[test]
fn a_withdrawal_tells_what_was_paid_and_what_was_the_fee() {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    alice.deposit(&mut chain, 0, 1_000);
    let draft = alice.draft(&chain, |spender| spender.withdraw([9; 32], (0, 400), 7));
    chain.take(&draft.expect("there is enough"), [0; 32]);
    alice.sync(&chain);
    assert_eq!(alice.balance(0), 593);
    assert_eq!(alice.spent(&chain, 0), Some(407));
    let entry = alice.wallet.history().last().expect("it withdrew");
    assert_eq!(
        (entry.kind(), entry.moved(), entry.fee()),
        (Kind::Withdrawn, 400, 7)
    );
    assert_eq!(
        entry.payout,
        Some(Payout {
            to: [9; 32],
            value: 400
        })
    );
}

#[test]
fn another_asset_moves_beside_a_transfer_of_plume_that_pays() {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let mut bob = Person::new(&mut chain, BOB);
    alice.deposit(&mut chain, 0, 1_000);
    alice.deposit(&mut chain, GOLD, 90);
    alice.pay(&mut chain, &mut bob, (GOLD, 30), 10);
    assert_eq!((alice.balance(GOLD), bob.balance(GOLD)), (60, 30));
    assert_eq!((alice.balance(0), bob.balance(0)), (990, 0));
    assert_eq!(alice.spent(&chain, GOLD), Some(30));
    assert_eq!(alice.spent(&chain, 0), Some(10));
    let kinds: Vec<_> = alice
        .wallet
        .history()
        .iter()
        .map(|one| one.kind())
        .collect();
    assert_eq!(kinds[2..], [Kind::Sent, Kind::Fee]);

    let draft = alice.draft(&chain, |spender| spender.withdraw([9; 32], (GOLD, 20), 10));
    chain.take(&draft.expect("there is enough"), [0; 32]);
    alice.sync(&chain);
    assert_eq!((alice.balance(GOLD), alice.balance(0)), (40, 980));
    let [.., gold, fee] = alice.wallet.history() else {
        panic!("two transfers")
    };
    assert_eq!(
        (gold.kind(), gold.moved(), gold.fee()),
        (Kind::Withdrawn, 20, 0)
    );
    assert_eq!((fee.kind(), fee.fee()), (Kind::Fee, 10));
}

#[test]
fn counters_go_on_within_a_period_and_start_again_in_the_next() {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let mut bob = Person::new(&mut chain, BOB);
    alice.deposit(&mut chain, 0, LIMIT);
    for paid in 1..=4 {
        alice.pay(&mut chain, &mut bob, (0, 100), 1);
        assert_eq!(alice.spent(&chain, 0), Some(paid * 101));
    }
    chain.time = 1_001;
    assert_eq!(alice.spent(&chain, 0), None);
    alice.pay(&mut chain, &mut bob, (0, 100), 1);
    assert_eq!(alice.spent(&chain, 0), Some(101));
    alice.pay(&mut chain, &mut bob, (0, 100), 1);
    assert_eq!(alice.spent(&chain, 0), Some(202));
    // The one of the period before the last is no longer kept.
    chain.time = 2_500;
    alice.pay(&mut chain, &mut bob, (0, 100), 1);
    assert!(alice.wallet.counter(0, 0).is_none());
    assert!(alice.wallet.counter(1, 0).is_some());
}

#[test]
fn many_notes_become_one_that_can_be_paid_with() {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let mut bob = Person::new(&mut chain, BOB);
    for _ in 0..4 {
        alice.deposit(&mut chain, 0, 100);
    }
    let refused = alice.drafts_to(&chain, &bob, (0, 290), 5);
    let Err(problem) = refused else {
        panic!("three notes are needed")
    };
    assert_eq!(
        problem,
        Problem::ManyNotes {
            asset: 0,
            notes: 4,
            most: 200,
            need: 295
        }
    );
    assert!(problem.hint().contains("Merge"));
    let draft = alice.draft(&chain, |spender| spender.merge(0, 2));
    chain.take(&draft.expect("two notes"), [0; 32]);
    alice.sync(&chain);
    assert_eq!(
        alice.wallet.history().last().map(|one| one.kind()),
        Some(Kind::Merged)
    );
    assert_eq!(alice.spent(&chain, 0), Some(2));
    alice.pay(&mut chain, &mut bob, (0, 290), 5);
    assert_eq!((alice.balance(0), bob.balance(0)), (103, 290));
}

#[test]
fn the_next_transfer_waits_for_the_last_or_for_its_end() {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let bob = Person::new(&mut chain, BOB);
    for _ in 0..3 {
        alice.deposit(&mut chain, 0, 1_000);
    }
    let first = alice
        .drafts_to(&chain, &bob, (0, 10), 1)
        .expect("it can pay");
    alice.wallet.remember(first.pending());
    let second = alice.drafts_to(&chain, &bob, (0, 10), 1).err();
    let until = chain.time + 60;
    assert_eq!(second, Some(Problem::OnItsWay { asset: 0, until }));
    // It never came, and can no longer come.
    chain.time += 61;
    assert!(alice.drafts_to(&chain, &bob, (0, 10), 1).is_ok());
    let mut later = alice.wallet.clone();
    later.expire(chain.time - 1);
    assert_eq!(later.pending().len(), 1);
    later.expire(chain.time);
    assert!(later.pending().is_empty());
    // It was refused.
    chain.time -= 61;
    alice.wallet.forget(&first.pending());
    let again = alice
        .drafts_to(&chain, &bob, (0, 10), 1)
        .expect("it is forgotten");
    alice.wallet.remember(again.pending());
    // It arrives.
    chain.take(&again, [0; 32]);
    alice.sync(&chain);
    assert!(alice.wallet.pending().is_empty());
    assert!(alice.drafts_to(&chain, &bob, (0, 10), 1).is_ok());
}

#[test]
fn a_wallet_that_begins_later_goes_on_from_the_chains_tree() {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let mut bob = Person::new(&mut chain, BOB);
    alice.deposit(&mut chain, 0, 1_000);
    bob.wallet = Wallet::new(
        bob.key.full_viewing_key(),
        Network::Dev,
        chain.pool,
        chain.birth(),
    );
    assert_eq!(bob.wallet.leaves(), 3);
    alice.pay(&mut chain, &mut bob, (0, 300), 10);
    bob.pay(&mut chain, &mut alice, (0, 100), 10);
    assert_eq!(bob.balance(0), 190);
}

#[test]
fn transfers_of_several_wallets_travel_in_one_bundle() {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let mut bob = Person::new(&mut chain, BOB);
    alice.deposit(&mut chain, 0, 1_000);
    bob.deposit(&mut chain, 0, 1_000);
    alice.sync(&chain);
    bob.sync(&chain);
    let one = alice
        .drafts_to(&chain, &bob, (0, 100), 5)
        .expect("it can pay");
    let two = bob
        .drafts_to(&chain, &alice, (0, 30), 5)
        .expect("it can pay");
    let both = Draft::bundle([one, two]).expect("two transfers");
    chain.take(&both, [0; 32]);
    alice.sync(&chain);
    bob.sync(&chain);
    assert_eq!((alice.balance(0), bob.balance(0)), (925, 1_065));
    assert!(matches!(Draft::bundle([]), Err(Problem::Size)));
}
