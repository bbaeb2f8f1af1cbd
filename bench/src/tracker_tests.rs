//! Claims about matching transactions with blocks.

use super::*;

fn hash(name: u8) -> H256 {
    H256([name; 32])
}

/// Block `name` at a height upon block `parent`, in the slot twice its height.
fn block(name: u8, number: u64, parent: u8) -> BlockMeta {
    BlockMeta {
        number,
        hash: hash(name),
        parent: hash(parent),
        slot: Some(number * 2),
    }
}

/// A tracker above height 10 with transactions 101 and 102, both sent at 1 ms and accepted.
fn two_sent() -> Tracker {
    let mut tracker = Tracker::new(10);
    for name in [101, 102] {
        let id = tracker.expect(hash(name));
        tracker.submitted(id, 1_000);
        tracker.answered(id, true);
    }
    assert_eq!(tracker.pending(), 2);
    tracker
}

#[test]
fn times_are_those_of_the_announcements_and_not_of_the_bodies() {
    let mut tracker = two_sent();
    tracker.seen(block(1, 11, 0), 5_000);
    assert_eq!(tracker.take_wanted(), [hash(1)]);
    tracker.finalised(block(1, 11, 0), 9_000);
    assert_eq!(tracker.pending(), 2, "without the body nobody knows");
    tracker.body(block(1, 11, 0), [hash(77), hash(101)]);
    let tx = tracker.txs()[0];
    assert_eq!(
        (tx.inclusion_us(), tx.finality_us()),
        (Some(4_000), Some(8_000))
    );
    assert_eq!((tracker.pending(), tracker.finalised_count()), (1, 1));
    assert_eq!(tracker.final_blocks()[0].transfers, 1);
}

#[test]
fn finality_of_a_block_is_finality_of_those_below_it() {
    let mut tracker = two_sent();
    tracker.seen(block(1, 11, 0), 5_000);
    tracker.body(block(1, 11, 0), [hash(101)]);
    tracker.seen(block(2, 12, 1), 6_000);
    tracker.body(block(2, 12, 1), [hash(102)]);
    tracker.finalised(block(2, 12, 1), 7_000);
    let finality: Vec<_> = tracker.txs().iter().map(Tx::finality_us).collect();
    assert_eq!(finality, [Some(6_000), Some(6_000)]);
    assert_eq!(tracker.pending(), 0);
    let heights: Vec<_> = tracker.final_blocks().iter().map(|b| b.number).collect();
    assert_eq!(heights, [11, 12]);
}

#[test]
fn a_block_that_was_never_announced_is_fetched_when_it_is_final() {
    let mut tracker = two_sent();
    tracker.seen(block(3, 13, 2), 5_000);
    tracker.finalised(block(3, 13, 2), 9_000);
    assert_eq!(tracker.take_wanted(), [hash(3), hash(2)]);
    tracker.body(block(2, 12, 1), [hash(101)]);
    assert_eq!(tracker.take_wanted(), [hash(1)], "and on to the base");
    tracker.body(block(1, 11, 0), [hash(102)]);
    assert!(tracker.take_wanted().is_empty(), "10 was final before");
    tracker.body(block(3, 13, 2), []);
    assert_eq!(tracker.pending(), 0);
    assert_eq!(tracker.txs()[0].finality_us(), Some(8_000));
    assert_eq!(tracker.final_blocks().len(), 3);
}

#[test]
fn inclusion_counts_from_the_block_that_stays_and_not_from_a_fork() {
    let mut tracker = two_sent();
    tracker.seen(block(1, 11, 0), 5_000);
    tracker.body(block(1, 11, 0), [hash(101)]);
    tracker.seen(block(2, 11, 0), 8_000);
    tracker.body(block(2, 11, 0), [hash(101), hash(102)]);
    tracker.finalised(block(2, 11, 0), 9_000);
    assert_eq!(tracker.txs()[0].inclusion_us(), Some(7_000));
    assert_eq!((tracker.forked(), tracker.pending()), (1, 0));
    assert_eq!(tracker.finalised_count(), 2, "101 is counted once");
}

#[test]
fn a_refused_transaction_is_not_waited_for_but_its_finality_would_be_seen() {
    let mut tracker = two_sent();
    tracker.answered(0, false);
    assert_eq!(tracker.pending(), 1);
    tracker.seen(block(1, 11, 0), 5_000);
    tracker.body(block(1, 11, 0), [hash(101), hash(102)]);
    tracker.finalised(block(1, 11, 0), 9_000);
    assert_eq!((tracker.pending(), tracker.finalised_count()), (0, 2));
}

#[test]
fn finality_may_come_before_the_nodes_answer() {
    let mut tracker = Tracker::new(10);
    let id = tracker.expect(hash(101));
    tracker.submitted(id, 1_000);
    tracker.finalised(block(1, 11, 0), 9_000);
    tracker.body(block(1, 11, 0), [hash(101)]);
    tracker.answered(id, true);
    assert_eq!(tracker.pending(), 0);
    assert_eq!(
        tracker.txs()[0].inclusion_us(),
        Some(8_000),
        "never seen as best"
    );
}

#[test]
fn history_and_repetitions_change_nothing() {
    let mut tracker = two_sent();
    tracker.seen(block(9, 10, 8), 2_000);
    tracker.finalised(block(9, 10, 8), 2_000);
    assert!(tracker.take_wanted().is_empty());
    for _ in 0..2 {
        tracker.seen(block(1, 11, 9), 5_000);
        tracker.body(block(1, 11, 9), [hash(101)]);
        tracker.finalised(block(1, 11, 9), 6_000);
    }
    tracker.submitted(1, 9_999);
    assert_eq!(tracker.take_wanted(), [hash(1)]);
    assert_eq!(
        (tracker.finalised_count(), tracker.final_blocks().len()),
        (1, 1)
    );
    assert_eq!(tracker.txs()[1].submitted_us, Some(1_000));
}
