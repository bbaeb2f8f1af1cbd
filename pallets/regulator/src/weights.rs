//! What the calls cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark. Two institutions are concerned wherever two can be.
pub trait WeightInfo {
    /// Admitting a supervisor.
    fn admit_supervisor() -> Weight;
    /// Dismissing one.
    fn dismiss_supervisor() -> Weight;
    /// Opening a warrant.
    fn open_warrant() -> Weight;
    /// Taking one back.
    fn withdraw_warrant() -> Weight;
    /// Freezing a subject, beside as many freezes as there may be.
    fn freeze_subject() -> Weight;
    /// Releasing one.
    fn release_subject() -> Weight;
    /// Freezing an amount, beside as many freezes as there may be.
    fn freeze_amount() -> Weight;
    /// Releasing one.
    fn release_amount() -> Weight;
    /// Recording an access, with as many sealed bytes as there may be.
    fn record_access() -> Weight;
    /// Recording an opening by a warrant about a case.
    fn record_opening() -> Weight;
}

/// A use of a warrant, with its line in the log.
fn use_of_warrant(reads: u64, writes: u64) -> Weight {
    ParityDbWeight::get().reads_writes(reads.saturating_add(10), writes.saturating_add(8))
}

impl WeightInfo for () {
    fn admit_supervisor() -> Weight {
        ParityDbWeight::get().reads_writes(2, 2)
    }
    fn dismiss_supervisor() -> Weight {
        ParityDbWeight::get().reads_writes(1, 1)
    }
    fn open_warrant() -> Weight {
        use_of_warrant(1, 1)
    }
    fn withdraw_warrant() -> Weight {
        use_of_warrant(0, 0)
    }
    fn freeze_subject() -> Weight {
        use_of_warrant(17, 1)
    }
    fn release_subject() -> Weight {
        use_of_warrant(1, 1)
    }
    fn freeze_amount() -> Weight {
        use_of_warrant(17, 1)
    }
    fn release_amount() -> Weight {
        use_of_warrant(1, 1)
    }
    fn record_access() -> Weight {
        use_of_warrant(0, 0)
    }
    fn record_opening() -> Weight {
        use_of_warrant(1, 1)
    }
}
