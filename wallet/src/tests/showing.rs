//! Receipts and statements.

use super::{ALICE, BOB, Chain, Person};
use crate::{Problem, published};
use plume_shielded::{
    Network,
    disclosure::{Audience, Movement, Published, Role},
};

fn paid() -> (Chain, Person, Person) {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let mut bob = Person::new(&mut chain, BOB);
    alice.deposit(&mut chain, 0, 1_000);
    alice.pay(&mut chain, &mut bob, (0, 300), 10);
    (chain, alice, bob)
}

fn audience() -> Audience {
    Audience {
        nonce: [5; 32],
        verifier: "Auditor".into(),
    }
}

fn on_chain(chain: &Chain, position: u64) -> Option<Published> {
    let mut transfers = chain.blocks.iter().flat_map(|block| &block.transfers);
    transfers.find_map(|transfer| published(transfer, position))
}

#[test]
fn sender_and_receiver_show_the_same_payment() {
    let (chain, alice, bob) = paid();
    let pool = chain.pool.id();
    let at = on_chain(&chain, 3).expect("the payment");
    for (person, role) in [(&alice, Role::Sender), (&bob, Role::Receiver)] {
        let receipt = person.wallet.receipt(3, audience(), None, true);
        let receipt = receipt.expect("a party to it");
        let shown = receipt.verify(&audience(), &pool, &at, Network::Dev);
        let shown = shown.expect("it is good");
        assert_eq!((shown.role, shown.value, shown.asset), (role, 300, 0));
        assert_eq!(shown.to, *bob.contact().address());
        let from = (role == Role::Sender).then_some(*alice.contact().address());
        assert_eq!(shown.from, from);
    }
    assert!(on_chain(&chain, 5).is_none(), "a counter");
    assert!(on_chain(&chain, 6).is_none(), "nothing yet");
}

#[test]
fn a_payment_that_the_wallet_does_not_know_is_not_shown() {
    let (chain, alice, bob) = paid();
    let refused = bob.wallet.receipt(4, audience(), None, false).err();
    assert_eq!(refused, Some(Problem::NoPayment(4)));
    // A restored wallet does not know the receiver's key.
    let mut again = Person {
        wallet: alice.restored(&chain),
        ..alice
    };
    again.sync(&chain);
    let refused = again.wallet.receipt(3, audience(), None, false).err();
    assert_eq!(refused, Some(Problem::NoContact(3)));
    let with = again
        .wallet
        .receipt(3, audience(), Some(&bob.contact()), false);
    assert!(with.is_ok());
    assert!(
        again
            .wallet
            .receipt(3, audience(), Some(&again.contact()), false)
            .is_err()
    );
}

#[test]
fn a_statement_adds_up() {
    let (chain, alice, _) = paid();
    let pool = chain.pool.id();
    let statement = alice.wallet.statement((0, 6), audience(), &[]);
    let statement = statement.expect("its own payments");
    let verified = statement.verify(
        &audience(),
        &pool,
        |position| on_chain(&chain, position),
        Network::Dev,
    );
    assert_eq!(verified, Ok(()));
    let movements: Vec<_> = statement
        .entries()
        .iter()
        .map(|one| one.movement())
        .collect();
    assert_eq!(movements, [Movement::Own, Movement::Sent, Movement::Own]);
    let [total] = statement.totals() else {
        panic!("one asset")
    };
    assert_eq!((total.received(), total.sent()), ("0", "300"));
    let later = alice
        .wallet
        .statement((3, 4), audience(), &[])
        .expect("a part");
    assert_eq!(later.entries().len(), 1);
}
