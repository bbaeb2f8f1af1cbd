//! What the calls cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark.
pub trait WeightInfo {
    /// Pausing a call while all but one place are taken.
    fn pause() -> Weight;
    /// Lifting the last of the most pauses there can be.
    fn lift() -> Weight;
    /// A block's beginning with `n` pauses that are over.
    fn on_block(n: u32) -> Weight;
}

impl WeightInfo for () {
    fn pause() -> Weight {
        ParityDbWeight::get().reads_writes(3, 2)
    }
    fn lift() -> Weight {
        ParityDbWeight::get().reads_writes(3, 2)
    }
    fn on_block(n: u32) -> Weight {
        let n = u64::from(n);
        ParityDbWeight::get().reads_writes(n.saturating_add(2), n.saturating_add(1))
    }
}
