//! What reading and writing storage costs, measured.
//!
//! `scripts/weights --database`: ParityDB, a state of 1,000,131 entries of which 1,000,000 are accounts, state version 1,
//! after all of them were read once. Each entry is read alone; a hundred are written together, as a block of some fifty
//! transfers does, with the root of the state computed and committed.

use frame_support::weights::constants::WEIGHT_REF_TIME_PER_NANOS;
use sp_core::parameter_types;
use sp_weights::RuntimeDbWeight;

parameter_types! {
    /// Weight of one access to storage.
    pub const DatabaseWeight: RuntimeDbWeight = RuntimeDbWeight {
        // Stats nanoseconds:
        //   Min, Max: 4_001, 14_907_993
        //   Average:  9_961
        //   Median:   9_535
        //   Std-Dev:  15211.02
        //
        // Percentiles nanoseconds:
        //   99th: 23_629
        //   95th: 12_780
        //   75th: 10_251
        read: 9_961u64.saturating_mul(WEIGHT_REF_TIME_PER_NANOS),

        // Stats nanoseconds:
        //   Min, Max: 16_610, 648_266
        //   Average:  26_068
        //   Median:   22_204
        //   Std-Dev:  17264.52
        //
        // Percentiles nanoseconds:
        //   99th: 78_902
        //   95th: 43_779
        //   75th: 28_090
        write: 26_068u64.saturating_mul(WEIGHT_REF_TIME_PER_NANOS),
    };
}

#[cfg(test)]
mod tests {
    use super::DatabaseWeight;
    use sp_weights::constants::{WEIGHT_REF_TIME_PER_MICROS, WEIGHT_REF_TIME_PER_MILLIS};

    #[test]
    fn an_access_costs_more_than_a_microsecond_and_less_than_a_millisecond() {
        let weight = DatabaseWeight::get();
        for access in [weight.reads(1), weight.writes(1)] {
            let time = access.ref_time();
            assert!((WEIGHT_REF_TIME_PER_MICROS..WEIGHT_REF_TIME_PER_MILLIS).contains(&time));
        }
    }
}
