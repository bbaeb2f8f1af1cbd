//! A wallet out of its phrase is the wallet that was lost.

use super::chain::GOLD;
use super::{ALICE, BOB, Chain, Person, ready};
use crate::Problem;
use plume_circuits::FieldBytes;

/// Alice deposits, pays, is paid, withdraws, in two assets and two periods.
fn lived() -> (Chain, Person, Person) {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let mut bob = Person::new(&mut chain, BOB);
    alice.deposit(&mut chain, 0, 10_000);
    alice.deposit(&mut chain, GOLD, 90);
    alice.pay(&mut chain, &mut bob, (0, 3_000), 10);
    alice.pay(&mut chain, &mut bob, (GOLD, 30), 10);
    chain.time = 1_200;
    bob.pay(&mut chain, &mut alice, (0, 500), 10);
    alice.sync(&chain);
    alice.pay(&mut chain, &mut bob, (GOLD, 7), 10);
    let draft = alice.draft(&chain, |spender| spender.withdraw([9; 32], (0, 400), 10));
    chain.take(&draft.expect("there is enough"), [0; 32]);
    alice.sync(&chain);
    bob.sync(&chain);
    (chain, alice, bob)
}

#[test]
fn everything_is_found_again_but_contacts() {
    let (chain, alice, bob) = lived();
    for person in [&alice, &bob] {
        let mut again = person.restored(&chain);
        let mut source = &chain;
        ready(again.sync(&mut source, |_, _| ())).expect("a good chain");
        let mut known = person.wallet.state.clone();
        known.receivers.clear();
        assert_eq!(again.state, known);
    }
    assert_eq!(alice.spent(&chain, 0), Some(420));
    assert_eq!(alice.spent(&chain, GOLD), Some(7));
}

#[test]
fn a_restored_wallet_goes_on_paying_in_the_same_period() {
    let (mut chain, mut alice, mut bob) = lived();
    alice.wallet = alice.restored(&chain);
    alice.sync(&chain);
    alice.pay(&mut chain, &mut bob, (0, 100), 10);
    alice.pay(&mut chain, &mut bob, (GOLD, 1), 10);
    assert_eq!(alice.spent(&chain, 0), Some(540));
    assert_eq!(alice.spent(&chain, GOLD), Some(8));
}

#[test]
fn two_wallets_of_one_phrase_follow_each_other() {
    let (mut chain, mut alice, mut bob) = lived();
    let mut twin = alice.restored(&chain);
    for _ in 0..2 {
        let mut source = &chain;
        ready(twin.sync(&mut source, |_, _| ())).expect("a good chain");
        core::mem::swap(&mut alice.wallet, &mut twin);
        alice.pay(&mut chain, &mut bob, (0, 50), 1);
    }
    assert_eq!(alice.spent(&chain, 0), Some(420 + 102));
}

#[test]
fn how_many_blocks_come_at_once_makes_no_difference() {
    let (mut chain, alice, _) = lived();
    for page in [1, 3, 100] {
        chain.page = page;
        let mut again = alice.restored(&chain);
        let mut source = &chain;
        let mut told = 0;
        let entries = ready(again.sync(&mut source, |_, _| told += 1)).expect("a good chain");
        assert_eq!(entries, again.history());
        assert_eq!(again.history(), alice.wallet.history());
        assert!(told >= chain.blocks.len() / page);
    }
}

#[test]
fn a_counter_of_another_program_stops_payments_until_the_period_is_over() {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let bob = Person::new(&mut chain, BOB);
    alice.deposit(&mut chain, 0, 1_000);
    let draft = alice
        .drafts_to(&chain, &bob, (0, 100), 5)
        .expect("it can pay");
    let mut call = draft.unproven().expect("a transfer");
    if let crate::Call::Transfer(transfer) = &mut call {
        transfer.body.counter_commitment = FieldBytes::from(99u64);
    }
    chain.block(&[call]);
    alice.sync(&chain);
    assert_eq!(alice.balance(0), 895);
    let problem = alice.drafts_to(&chain, &bob, (0, 100), 5).err();
    let until = 1_000;
    assert_eq!(problem, Some(Problem::CounterLost { asset: 0, until }));
    chain.time = until;
    assert!(alice.drafts_to(&chain, &bob, (0, 100), 5).is_ok());
}
