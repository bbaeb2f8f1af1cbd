//! What the calls cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark.
pub trait WeightInfo {
    /// Paying a beneficiary whose account does not exist yet.
    fn claim() -> Weight;
    /// Naming another beneficiary.
    fn reassign() -> Weight;
}

impl WeightInfo for () {
    fn claim() -> Weight {
        ParityDbWeight::get().reads_writes(4, 3)
    }
    fn reassign() -> Weight {
        ParityDbWeight::get().reads_writes(1, 1)
    }
}
