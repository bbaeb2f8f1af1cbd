//! What the calls cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark.
pub trait WeightInfo {
    /// Settling a block's fees: worst case, with an author and both pots paid.
    fn settle() -> Weight;
}

impl WeightInfo for () {
    fn settle() -> Weight {
        ParityDbWeight::get().reads_writes(8, 6)
    }
}
