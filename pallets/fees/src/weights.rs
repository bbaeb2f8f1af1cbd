//! What the calls cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark.
pub trait WeightInfo {
    /// Changing the shares.
    fn set_shares() -> Weight;
    /// Settling a block's fees: worst case, with an author and both pots paid.
    fn settle() -> Weight;
}

impl WeightInfo for () {
    fn set_shares() -> Weight {
        ParityDbWeight::get().writes(1)
    }
    fn settle() -> Weight {
        ParityDbWeight::get().reads_writes(7, 6)
    }
}
