use super::*;
use proptest::prelude::*;

const US: fn(u64) -> Duration = Duration::from_micros;

fn left(deadline_us: u64) -> TimeLeft {
    TimeLeft {
        deadline: US(deadline_us),
        end: US(deadline_us + deadline_us / 9),
    }
}

fn known(apply_us: u64, finalize_us: u64) -> Costs {
    Costs {
        apply: Some(US(apply_us)),
        finalize: US(finalize_us),
    }
}

/// Plays one block: every chunk takes `apply_us` per transaction. Answers the chunks and the time at
/// which the block would be finalised.
fn play(costs: Costs, deadline_us: u64, apply_us: u64, finalize_us: u64) -> (Vec<usize>, u64) {
    let mut chunks = Chunks::new(costs, CHUNK_MAX);
    let (mut now, mut included, mut sizes) = (0, 0, Vec::new());
    loop {
        let total = left(deadline_us);
        let size = chunks.next(
            TimeLeft {
                deadline: total.deadline.saturating_sub(US(now)),
                end: total.end.saturating_sub(US(now)),
            },
            included,
        );
        if size == 0 {
            return (sizes, now + included as u64 * finalize_us);
        }
        let took = apply_us * size as u64;
        chunks.applied(size, US(took));
        now += took;
        included += size;
        sizes.push(size);
    }
}

#[test]
fn chunks_grow_from_16_to_128_and_shrink_before_the_deadline() {
    let (sizes, end) = play(Costs::default(), 150_000, 140, 30);
    assert_eq!(sizes[..4], [16, 32, 64, 128]);
    assert!(sizes.last().is_some_and(|last| *last <= 4), "{sizes:?}");
    assert!(end <= 150_000 + 150_000 / 9, "{end}");
}

#[test]
fn a_block_leaves_time_to_finalise_what_it_holds() {
    // 90 µs to finalise each: the 10 % behind the deadline do not suffice.
    let (sizes, end) = play(known(100, 90), 90_000, 100, 90);
    assert!(end <= 100_000, "{end}");
    assert!(sizes.iter().sum::<usize>() > 450, "{sizes:?}");
}

#[test]
fn an_unmeasured_block_starts_with_16_and_a_slow_one_with_what_fits() {
    assert_eq!(
        Chunks::new(Costs::default(), CHUNK_MAX).next(left(10_000), 0),
        16
    );
    assert_eq!(
        Chunks::new(known(1_000, 0), CHUNK_MAX).next(left(10_000), 0),
        5
    );
}

#[test]
fn a_bad_prediction_still_lets_one_transaction_in() {
    let chunks = Chunks::new(known(1_000_000, 1_000_000), CHUNK_MAX);
    assert_eq!(chunks.next(left(100), 0), 1);
    assert_eq!(chunks.next(left(100), 1), 0);
    assert_eq!(chunks.next(left(0), 0), 0);
}

#[test]
fn a_prediction_that_was_far_too_high_is_forgotten_within_a_block() {
    let (sizes, _) = play(known(50_000, 40), 150_000, 140, 30);
    assert!(sizes.iter().sum::<usize>() > 500, "{sizes:?}");
}

#[test]
fn a_chunk_that_was_not_full_does_not_raise_the_ceiling() {
    let mut chunks = Chunks::new(Costs::default(), CHUNK_MAX);
    chunks.applied(15, US(15));
    assert_eq!(chunks.next(left(1_000_000), 0), 16);
    chunks.applied(16, US(16));
    assert_eq!(chunks.next(left(1_000_000), 0), 32);
    chunks.failed();
    assert_eq!(chunks.next(left(1_000_000), 0), 16);
    chunks.nearly_full();
    assert_eq!(chunks.next(left(1_000_000), 0), SKIPS_MAX);
    chunks.applied(SKIPS_MAX, US(8));
    assert_eq!(chunks.next(left(1_000_000), 0), 2 * SKIPS_MAX);
}

#[test]
fn a_runtime_without_batches_gets_one_at_a_time() {
    let mut chunks = Chunks::new(Costs::default(), 1);
    for _ in 0..4 {
        assert_eq!(chunks.next(left(1_000_000), 0), 1);
        chunks.applied(1, US(1));
    }
}

#[test]
fn one_standstill_counts_for_a_millisecond_per_transaction_at_most() {
    let mut costs = Costs::default();
    costs.finalized(1, Duration::from_secs(10));
    assert_eq!(costs.finalize, US(520));
}

#[test]
fn after_the_soft_deadline_the_ninth_skip_ends_the_block() {
    let mut skips = Skips::default();
    assert!((0..SKIPS_MAX).all(|_| !skips.skip(false)));
    assert!(skips.skip(false));

    let mut early = Skips::default();
    assert!((0..SKIPS_MAX_EARLY).all(|_| !early.skip(true)));
    assert!(early.skip(true));
}

proptest! {
    #[test]
    fn a_chunk_is_within_its_bounds(
        apply in proptest::option::of(0u64..10_000_000),
        finalize in 0u64..10_000,
        deadline in 0u64..10_000_000,
        included in 0usize..100_000,
        max in 0usize..1_000,
    ) {
        let costs = Costs { apply: apply.map(US), finalize: US(finalize) };
        let size = Chunks::new(costs, max).next(left(deadline), included);
        prop_assert!(size <= CHUNK_MAX.min(max.max(1)));
        prop_assert_eq!(size == 0 && included == 0, deadline == 0 && included == 0);
        if size > 1 {
            let apply = apply.unwrap_or(0);
            prop_assert!(apply * size as u64 <= deadline / 2 + 1);
        }
    }

    #[test]
    fn a_steady_block_ends_in_time(apply in 20u64..2_000, finalize in 1u64..100, deadline in 20_000u64..400_000) {
        let (_, end) = play(known(apply, finalize), deadline, apply, finalize);
        prop_assert!(end <= deadline + deadline / 9 + 1);
    }

    #[test]
    fn the_counted_size_is_the_sum_and_never_over_the_limit(
        start in 0usize..1_000,
        limit in 0usize..10_000,
        proof in 0usize..1_000,
        sizes in proptest::collection::vec((0usize..2_000, any::<bool>()), 0..50),
    ) {
        let mut size = Size::new(start, limit);
        let mut sum = start;
        for (bytes, applied) in sizes {
            if size.take(bytes, proof) {
                prop_assert!(sum + bytes + proof <= limit);
                if applied { sum += bytes } else { size.give_back(bytes) }
            } else {
                prop_assert!(sum + bytes + proof > limit);
            }
            prop_assert_eq!(size.used, sum);
        }
    }
}
