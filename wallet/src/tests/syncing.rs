//! What a wallet takes in, and what not.

use super::{ALICE, BOB, Chain, Person, ready};
use crate::{BlockId, SyncError, SyncFailure, Wallet};
use plume_circuits::FieldBytes;

fn chain() -> (Chain, Person) {
    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let mut bob = Person::new(&mut chain, BOB);
    alice.deposit(&mut chain, 0, 1_000);
    alice.pay(&mut chain, &mut bob, (0, 10), 1);
    alice.pay(&mut chain, &mut bob, (0, 10), 1);
    (chain, alice)
}

/// What a wallet says to a chain's blocks after somebody changed them.
fn refused(change: impl FnOnce(&mut Chain)) -> SyncError {
    let (mut chain, alice) = chain();
    change(&mut chain);
    let mut wallet = alice.restored(&chain);
    let before = wallet.state.clone();
    let blocks = chain.blocks.clone();
    let error = wallet.take(&blocks, chain.head).expect_err("it is refused");
    assert_eq!(wallet.state, before, "nothing was taken in");
    error
}

#[test]
fn leaves_that_are_missing_are_missed() {
    let error = refused(|chain| {
        chain.blocks.remove(1);
    });
    assert_eq!(
        error,
        SyncError::Gap {
            block: 3,
            expected: 3,
            got: 6
        }
    );
}

#[test]
fn leaves_that_come_twice_are_refused() {
    let error = refused(|chain| {
        let again = chain.blocks[0].transfers[0].clone();
        chain.blocks[0].transfers.push(again);
    });
    assert_eq!(
        error,
        SyncError::Gap {
            block: 1,
            expected: 3,
            got: 0
        }
    );
}

#[test]
fn a_leaf_that_was_exchanged_makes_another_root() {
    let error = refused(|chain| {
        chain.blocks[2].transfers[0].body.commitments[1] = FieldBytes::from(5u64);
    });
    assert_eq!(error, SyncError::Root(3));
}

#[test]
fn blocks_out_of_order_are_refused() {
    let error = refused(|chain| chain.blocks.swap(0, 1));
    assert_eq!(error, SyncError::Order(1));
    let error = refused(|chain| chain.head.number = 2);
    assert_eq!(error, SyncError::Order(2));
}

#[test]
fn another_chain_at_the_same_height_is_noticed() {
    let (mut chain, mut alice) = chain();
    chain.head.hash = [3; 32];
    let mut source = &chain;
    let error = ready(alice.wallet.sync(&mut source, |_, _| ())).expect_err("another block");
    assert!(matches!(error, SyncFailure::Sync(SyncError::OtherChain(3))));
}

#[test]
fn bytes_that_are_no_ciphertext_stop_nobody() {
    let (mut chain, alice) = chain();
    for (number, block) in chain.blocks.iter_mut().enumerate() {
        block.transfers[0].body.notes[1] = vec![0; number * 700];
    }
    let mut wallet = alice.restored(&chain);
    let mut source = &chain;
    let entries = ready(wallet.sync(&mut source, |_, _| ())).expect("a good chain");
    // Change that is not told of is lost to its owner, who made the transfer so.
    assert_eq!(wallet.balances().get(&0), None);
    assert_eq!(entries.len(), 3);
}

#[test]
fn nothing_new_is_nothing_to_do() {
    let (chain, mut alice) = chain();
    assert!(alice.sync(&chain).is_empty());
    let before = alice.wallet.synced();
    assert_eq!(before, chain.head);
    let older = BlockId {
        number: 1,
        hash: [0; 32],
    };
    assert_eq!(alice.wallet.take(&[], older), Err(SyncError::Order(1)));
    assert!(Wallet::take(&mut alice.wallet, &[], before).is_ok());
}
