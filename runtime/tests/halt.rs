//! A chain that stood still for an hour: its agendas are served within a few blocks, and its government
//! goes on where it was.

mod common;

use common::*;
use frame_support::assert_ok;
use pallet_scheduler::IncompleteSince;
use plume_runtime::{governance::origins::Origin, *};
use sp_keyring::Sr25519Keyring::{Alice, Eve};
use sp_runtime::traits::BlockNumberProvider;

const HOUR: Seconds = 60 * 60;

/// Whether every agenda up to the last block's time was served.
fn caught_up() -> bool {
    IncompleteSince::<Runtime>::get().is_some_and(|next| next > Clock::current_block_number())
}

/// Executes blocks at the pace of 250 ms slots until every agenda was served. Returns how many it took.
fn catch_up(limit: u32) -> u32 {
    let most = <Runtime as pallet_scheduler::Config>::MaximumWeight::get();
    for blocks in 1..=limit {
        let used = block(u32::from(blocks % 4 == 0));
        assert!(
            used.all_lte(most),
            "block {blocks} spends {used:?} of {most:?} on agendas"
        );
        if caught_up() {
            return blocks;
        }
    }
    panic!("agendas are open after {limit} blocks");
}

#[test]
fn an_hour_without_blocks_is_caught_up_within_two_seconds_of_blocks() {
    chain().execute_with(|| {
        wait(2);
        block(HOUR);
        assert!(!caught_up());
        let blocks = catch_up(8);
        println!("{HOUR} agendas took {blocks} blocks");
    });
}

#[test]
fn an_hour_of_full_agendas_is_caught_up_without_an_overweight_block_and_in_order() {
    chain().execute_with(|| {
        let now = Clock::current_block_number();
        // Ten tasks every minute of the hour.
        for minute in 1..=60u32 {
            for task in 0..10u32 {
                let remark = frame_system::Call::remark {
                    remark: vec![minute as u8, task as u8],
                };
                assert_ok!(Scheduler::schedule(
                    RuntimeOrigin::root(),
                    now + minute * 60,
                    None,
                    127,
                    Box::new(remark.into())
                ));
            }
        }
        block(HOUR + 1);
        let (mut blocks, mut done) = (0, 0);
        let mut last = 0;
        while !caught_up() {
            catch_up_one(&mut done, &mut last);
            blocks += 1;
            assert!(blocks <= 12, "agendas are open after {blocks} blocks");
        }
        println!("{HOUR} agendas with {done} tasks took {blocks} blocks");
        assert_eq!(done, 600);
    });
}

/// Executes a block, and counts the tasks it dispatched; each is of an agenda no earlier than the last.
fn catch_up_one(done: &mut u32, last: &mut Seconds) {
    block(0);
    for record in System::events() {
        if let RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched {
            task: (when, _),
            result,
            ..
        }) = record.event
        {
            assert_ok!(result);
            assert!(when >= *last, "agenda {when} after {last}");
            *last = when;
            *done += 1;
        }
    }
}

#[test]
fn a_referendum_that_would_have_passed_in_the_halt_passes_after_it() {
    chain().execute_with(|| {
        assert_ok!(stake(Eve, HOLDING / 2));
        let spend = pallet_treasury::Call::spend {
            asset_kind: Box::new(()),
            amount: 1,
            beneficiary: Box::new(Alice.to_account_id()),
            valid_from: None,
        };
        let index = propose(OriginCaller::Origins(Origin::TreasurySmall), spend);
        assert_ok!(vote(Eve, index, true, HOLDING / 2));
        // It has begun to be confirmed when the chain stops.
        wait_until(60, || {
            Referenda::ensure_ongoing(index)
                .is_ok_and(|status| status.deciding.is_some_and(|it| it.confirming.is_some()))
        });
        block(HOUR);
        wait_until(10, || is_approved(index));
        assert_ok!(enactment());
        assert_eq!(pallet_treasury::SpendCount::<Runtime>::get(), 1);
    });
}
