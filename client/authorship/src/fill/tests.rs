use super::{
    mock::{Case, Runtime},
    *,
};
use crate::batch::{SKIPS_MAX, SKIPS_MAX_EARLY};
use InvalidTransaction::{BadProof, ExhaustsResources, Future, Stale};
use std::time::Duration;

#[test]
fn a_hundred_transfers_take_three_calls() {
    let runtime = Runtime::new(|_| None);
    let outcome = Case::default().run(&runtime);
    assert_eq!(outcome.body, (0..100).collect::<Vec<_>>());
    assert_eq!(*runtime.calls.borrow(), [16, 32, 52]);
    assert_eq!(outcome.filled.end_reason, EndReason::NoMoreTransactions);
    assert!(outcome.filled.invalid.is_empty() && outcome.reported.is_empty());
}

#[test]
fn a_runtime_without_batches_is_asked_one_at_a_time() {
    let runtime = Runtime::new(|_| None);
    let outcome = Case {
        chunk_max: 1,
        ..Case::default()
    }
    .run(&runtime);
    assert_eq!(outcome.body.len(), 100);
    assert_eq!(*runtime.calls.borrow(), [1; 100]);
}

#[test]
fn only_the_really_invalid_is_told_to_the_pool() {
    let runtime = Runtime::new(|id| match id {
        3 => Some(BadProof),
        5 => Some(Stale),
        7 => Some(Future),
        _ => None,
    });
    let outcome = Case::default().run(&runtime);
    assert_eq!(outcome.body.len(), 97);
    assert_eq!(
        outcome.filled.invalid.into_iter().collect::<Vec<_>>(),
        [(3, Some(BadProof.into()))],
    );
    // A stale one's dependants are still tried.
    assert_eq!(outcome.reported, [3, 7]);
}

#[test]
fn a_panic_costs_only_the_transaction_at_fault() {
    let mut runtime = Runtime::new(|_| None);
    runtime.panics = [20].into();
    let outcome = Case::default().run(&runtime);
    assert_eq!(
        outcome.body,
        (0..100).filter(|id| *id != 20).collect::<Vec<_>>()
    );
    assert_eq!(
        outcome.filled.invalid.into_iter().collect::<Vec<_>>(),
        [(20, None)]
    );
    assert_eq!(outcome.reported, [20]);
    // The failed call, its 32 alone, and small again.
    assert_eq!(runtime.calls.borrow()[..2], [16, 32]);
    assert_eq!(runtime.calls.borrow()[2..34], [1; 32]);
    assert_eq!(runtime.calls.borrow()[34], 16);
}

#[test]
fn a_full_block_ends_after_a_few_more_and_blames_nobody() {
    let mut runtime = Runtime::new(|_| None);
    runtime.capacity = 40;
    let outcome = Case {
        count: 10_000,
        soft: Duration::ZERO,
        ..Case::default()
    }
    .run(&runtime);
    assert_eq!(outcome.body.len(), 40);
    assert_eq!(outcome.filled.end_reason, EndReason::HitBlockWeightLimit);
    assert!(outcome.filled.invalid.is_empty());
    // The chunk under way and one of the small ones behind it.
    assert!(
        outcome.reported.len() <= 8 + SKIPS_MAX,
        "{:?}",
        outcome.reported
    );
}

#[test]
fn a_full_block_is_bounded_before_the_soft_deadline_too() {
    let runtime = Runtime::new(|_| Some(ExhaustsResources));
    let outcome = Case {
        count: 10_000,
        ..Case::default()
    }
    .run(&runtime);
    assert!(outcome.body.is_empty());
    assert!(outcome.reported.len() <= SKIPS_MAX_EARLY + SKIPS_MAX);
}

#[test]
fn a_large_transaction_lets_the_small_ones_behind_it_in() {
    let runtime = Runtime::new(|_| None);
    let outcome = Case {
        bytes: |id| if id == 2 { 10_000 } else { 10 },
        limit_bytes: 5_000,
        ..Case::default()
    }
    .run(&runtime);
    assert_eq!(outcome.body.len(), 99);
    assert_eq!(outcome.reported, [2]);
    assert!(outcome.filled.invalid.is_empty());
    assert_eq!(outcome.filled.end_reason, EndReason::NoMoreTransactions);
}

#[test]
fn the_block_is_never_longer_than_its_limit_and_refused_bytes_are_given_back() {
    // 15 bytes each: 4 for the id, 1 for the prefix, 10. Every second one is refused.
    let runtime = Runtime::new(|id| (id % 2 == 1).then_some(BadProof));
    let outcome = Case {
        bytes: |_| 10,
        limit_bytes: 15 * 20 + 14,
        soft: Duration::ZERO,
        ..Case::default()
    }
    .run(&runtime);
    assert_eq!(outcome.body.len(), 20);
    assert_eq!(outcome.filled.end_reason, EndReason::HitBlockSizeLimit);
}

#[test]
fn nothing_is_tried_after_the_deadline() {
    let runtime = Runtime::new(|_| None);
    let outcome = Case {
        deadline: Duration::ZERO,
        ..Case::default()
    }
    .run(&runtime);
    assert!(outcome.body.is_empty() && runtime.calls.borrow().is_empty());
    assert_eq!(outcome.filled.end_reason, EndReason::HitDeadline);
}
