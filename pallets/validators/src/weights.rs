//! What the calls cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark.
pub trait WeightInfo {
    /// Admitting a validator to a list that is full but for one.
    fn admit() -> Weight;
    /// Removing the first validator of a full list.
    fn remove() -> Weight;
}

impl WeightInfo for () {
    fn admit() -> Weight {
        ParityDbWeight::get().reads_writes(2, 1)
    }
    fn remove() -> Weight {
        ParityDbWeight::get().reads_writes(1, 1)
    }
}
