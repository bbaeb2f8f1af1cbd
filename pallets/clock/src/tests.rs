use crate::{self as pallet_clock, *};
use frame_support::{assert_ok, derive_impl};
use proptest::prelude::*;
use sp_runtime::BuildStorage;

#[frame_support::runtime]
mod mock {
    #[runtime::runtime]
    #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Clock = pallet_clock;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = frame_system::mocking::MockBlock<Runtime>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Runtime {
    type OnTimestampSet = Clock;
}

impl Config for Runtime {}

fn network_with_slot(slot_duration_ms: u64) -> sp_io::TestExternalities {
    RuntimeGenesisConfig {
        clock: GenesisConfig {
            slot_duration_ms,
            ..Default::default()
        },
        ..Default::default()
    }
    .build_storage()
    .expect("genesis builds")
    .into()
}

#[test]
fn the_clock_is_zero_before_the_first_timestamp() {
    network_with_slot(250).execute_with(|| {
        assert_eq!(Clock::current_block_number(), 0);
        assert_ok!(Clock::do_try_state());
    });
}

#[test]
fn a_network_keeps_the_slot_it_chose() {
    network_with_slot(500).execute_with(|| {
        assert_eq!(SlotDuration::<Runtime>::get(), 500);
        assert_eq!(MinimumPeriod::<Runtime>::get(), 250);
    });
}

#[test]
#[should_panic(expected = "clock.slotDurationMs is 10: the slot duration must be between")]
fn a_genesis_with_an_impossible_slot_is_refused() {
    network_with_slot(10);
}

proptest! {
    #[test]
    fn seconds_never_run_backwards_and_never_ahead(
        first in 1u64..=2_000_000_000_000,
        steps in proptest::collection::vec(0u64..100_000, 1..50),
    ) {
        network_with_slot(250).execute_with(|| {
            let mut now = first;
            let mut last = 0;
            Clock::on_timestamp_set(now);
            for step in steps {
                now += step;
                Clock::on_timestamp_set(now);
                let seconds = Clock::current_block_number();
                assert!(seconds >= last);
                assert_eq!(u64::from(seconds), (now - first) / 1_000);
                last = seconds;
            }
            assert_ok!(Clock::do_try_state());
        });
    }
}
