//! The rules of the rotation, one claim each, and over random histories.

use pallet_leadership::rotation::*;
use proptest::prelude::*;

/// A rotation of `n` members after the block of slot `first`.
fn started(n: usize, first: Slot) -> Rotation {
    let mut rotation = Rotation::new(n, 0, 0);
    assert!(
        rotation.on_block(first).is_empty(),
        "the first block has no predecessor"
    );
    rotation
}

fn evicted(changes: &[Change]) -> Vec<MemberIndex> {
    changes
        .iter()
        .filter_map(|change| match change {
            Change::Evicted { member, .. } => Some(*member),
            Change::Returned { .. } => None,
        })
        .collect()
}

/// Seals every slot from the last one to `until`, but those of `dead`. Answers how many were lost.
fn run(rotation: &mut Rotation, until: Slot, dead: &[MemberIndex]) -> usize {
    let mut lost = 0;
    while rotation.last_slot < until {
        let mut slot = rotation.last_slot + 1;
        while rotation
            .author(slot)
            .is_some_and(|author| dead.contains(&author))
        {
            slot += 1;
            lost += 1;
        }
        rotation.on_block(slot);
        rotation.check().expect("every reachable rotation is sound");
    }
    lost
}

#[test]
fn a_death_costs_one_slot_once() {
    let mut rotation = started(4, 100);
    assert_eq!(run(&mut rotation, 10_000, &[2]), 1);
    assert_eq!(rotation.order.to_vec(), [0, 1, 3]);
    assert_eq!(rotation.term, 1);
}

#[test]
fn f_deaths_at_once_cost_one_slot_each() {
    let mut rotation = started(7, 100);
    assert_eq!(run(&mut rotation, 10_000, &[3, 4]), 2);
    assert_eq!(rotation.order.len(), 5);
}

#[test]
fn a_member_that_is_alive_returns_with_its_first_heartbeat_after_a_first_miss() {
    let mut rotation = started(4, 100);
    assert_eq!(evicted(&rotation.on_block(102)), [1]);
    assert_eq!(
        rotation.on_heartbeat(1, 102, 102),
        Ok(Some(Change::Returned { member: 1 }))
    );
    assert_eq!(
        rotation.order.to_vec(),
        [0, 2, 3, 1],
        "next to others than before"
    );
    assert_eq!(rotation.term, 2);
}

#[test]
fn a_halt_evicts_nobody() {
    for gap in [4, 5, 100, 1_000_000] {
        let mut rotation = started(4, 100);
        assert!(rotation.on_block(101 + gap).is_empty(), "{gap} empty slots");
        assert_eq!(rotation.order.len(), 4);
    }
}

#[test]
fn the_cap_on_unfinalised_blocks_evicts_nobody_in_a_large_set() {
    let mut rotation = started(61, 100);
    // The cap leaves fifteen slots empty between two blocks.
    for round in 1..50 {
        assert!(rotation.on_block(100 + 16 * round).is_empty());
    }
    assert_eq!(rotation.order.len(), 61);
}

#[test]
fn the_same_witness_again_and_again_never_makes_a_probation() {
    let mut rotation = started(4, 1_000);
    let liar = 2;
    let mut evictions = 0;
    for _ in 0..200 {
        // Whenever the liar's turn comes it pretends not to have seen the block before it.
        let mut slot = rotation.last_slot + 1;
        if rotation.author(slot + 1) == Some(liar) {
            slot += 1;
        }
        for change in rotation.on_block(slot) {
            if let Change::Evicted { member, until } = change {
                evictions += 1;
                assert_eq!(until, slot, "one witness costs no probation");
                let back = rotation.on_heartbeat(member, slot, slot);
                assert_eq!(back, Ok(Some(Change::Returned { member })));
            }
        }
    }
    assert!(evictions > 10, "{evictions}");
}

#[test]
fn every_other_witness_doubles_the_probation() {
    assert_eq!(
        [0, 1, 2, 3, 4, 8, 9, 64].map(probation_slots),
        [0, 0, 16, 32, 64, 1_024, 2_048, 2_048]
    );
}

#[test]
fn who_misses_every_slot_is_seen_by_others_and_stays_out_longer_each_time() {
    // It is alive and answers at once, but nobody gets its blocks.
    let (mut rotation, withholds) = (started(4, 100), 3);
    let (mut lost, mut missed) = (0, 0);
    while rotation.last_slot < 4_100 {
        let mut slot = rotation.last_slot + 1;
        while rotation.author(slot) == Some(withholds) {
            slot += 1;
            lost += 1;
        }
        missed += evicted(&rotation.on_block(slot)).len();
        rotation.check().expect("every reachable rotation is sound");
        let _ = rotation.on_heartbeat(withholds, slot, slot);
    }
    let witnesses = rotation.members[usize::from(withholds)].witnesses;
    assert_eq!(witnesses.count_ones(), 3, "everybody has seen it");
    // Without escalation it were a quarter, 1,000.
    let longest = probation_slots(3);
    assert_eq!(lost, missed);
    assert!(
        missed as u64 <= 4 + 4_000 / longest,
        "{missed} of 4,000 slots lost, with probations of {longest} slots"
    );
}

#[test]
fn a_clean_record_forgets_the_witnesses() {
    let mut rotation = started(4, 100);
    rotation.on_block(102);
    rotation.on_heartbeat(1, 102, 102).expect("it is alive");
    assert_eq!(rotation.members[1].witnesses.count_ones(), 1);
    run(&mut rotation, 102 + 4 * Slot::from(CLEAN_SLOTS) + 8, &[]);
    assert_eq!(rotation.members[1].witnesses, 0);
}

#[test]
fn slow_links_suspend_evictions_and_bring_everybody_back() {
    // Every block arrives a slot late: every second slot is lost, whoever's it is.
    let mut rotation = started(4, 1_000);
    let mut sealed = [0u32; 4];
    let mut out_slots = 0;
    for _ in 0..400 {
        let slot = rotation.last_slot + 2;
        let author = rotation.author(slot).expect("somebody seals");
        sealed[usize::from(author)] += 1;
        rotation.on_block(slot);
        for member in 0..4 {
            let _ = rotation.on_heartbeat(member, slot, slot);
        }
        rotation.check().expect("sound");
        out_slots += 4 - rotation.order.len();
    }
    assert_eq!(rotation.order.len(), 4, "everybody is in");
    assert!(out_slots < 10, "{out_slots} slots were spent outside");
}

#[test]
fn at_the_floor_the_longest_waiting_member_that_is_alive_takes_the_place() {
    let mut rotation = started(4, 100);
    rotation.members[1].witnesses = 0b1000;
    assert_eq!(evicted(&rotation.on_block(102)), [1]);
    run(&mut rotation, 111, &[]);
    let term = rotation.term;

    // Nobody is known to be alive: who misses now stays.
    assert!(rotation.on_block(113).is_empty());
    assert_eq!((rotation.order.len(), rotation.term), (3, term));

    // Member 1 is on probation and announces itself: it takes the place of the next one.
    run(&mut rotation, 122, &[]);
    rotation.members[1].out = Some(Out {
        since: 102,
        until: 500,
        heard: None,
    });
    assert_eq!(rotation.on_heartbeat(1, 122, 122), Ok(None));
    let missed = rotation.author(123).expect("somebody's");
    let changes = rotation.on_block(124);
    assert_eq!(evicted(&changes), [missed]);
    assert!(changes.contains(&Change::Returned { member: 1 }));
    assert_eq!(rotation.order.len(), 3);
}

#[test]
fn heartbeats_that_do_not_count_say_why_and_change_nothing() {
    let mut rotation = started(4, 100);
    rotation.on_block(102);
    let before = rotation.clone();
    for (member, heard, now, refusal) in [
        (9, 102, 102, Refusal::Unknown),
        (0, 102, 102, Refusal::NotOut),
        (1, 103, 102, Refusal::Future),
        (1, 101, 102, Refusal::Stale),
        (1, 102, 102 + HEARTBEAT_SLOTS + 1, Refusal::Stale),
    ] {
        assert_eq!(rotation.on_heartbeat(member, heard, now), Err(refusal));
        assert_eq!(rotation, before);
    }
}

#[test]
fn a_member_on_probation_is_heard_only_now_and_then() {
    let mut rotation = started(4, 100);
    rotation.members[1].witnesses = 0b1000;
    rotation.on_block(102);
    let until = rotation.members[1].out.expect("out").until;
    assert_eq!(until, 102 + FIRST_PROBATION_SLOTS);
    assert_eq!(rotation.on_heartbeat(1, 102, 102), Ok(None));
    assert_eq!(rotation.on_heartbeat(1, 110, 110), Err(Refusal::TooSoon));
    assert_eq!(
        rotation.on_heartbeat(1, until, until),
        Ok(Some(Change::Returned { member: 1 }))
    );
}

proptest! {
    /// Whatever blocks and heartbeats come: the rotation stays sound, and whoever is alive and
    /// announces itself is back when its probation is over.
    #[test]
    fn every_history_leaves_a_sound_rotation(
        n in 1usize..=64,
        steps in prop::collection::vec((1u64..20, any::<u8>(), any::<bool>()), 1..300),
    ) {
        let mut rotation = started(n, 1_000);
        for (skip, member, speaks) in steps {
            let slot = rotation.last_slot + skip;
            rotation.on_block(slot);
            prop_assert_eq!(rotation.check(), Ok(()));
            prop_assert!(rotation.author(slot + 1).is_some());
            let member = member % n as u8;
            if let (true, Some(out)) = (speaks, rotation.members[usize::from(member)].out) {
                let answer = rotation.on_heartbeat(member, slot, slot);
                if slot >= out.until && out.heard != Some(slot) {
                    prop_assert_eq!(answer, Ok(Some(Change::Returned { member })));
                }
                prop_assert_eq!(rotation.check(), Ok(()));
            }
        }
    }

    /// While blocks come one slot after the other, nobody is ever taken out.
    #[test]
    fn without_a_missed_slot_nothing_changes(n in 1usize..=64, blocks in 1u64..500) {
        let mut rotation = started(n, 77);
        for _ in 0..blocks {
            prop_assert!(rotation.on_block(rotation.last_slot + 1).is_empty());
        }
        prop_assert_eq!(rotation.term, 0);
    }
}
