//! What the calls and hooks cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark.
pub trait WeightInfo {
    /// Settling a block that follows `m` missed slots, in a full session.
    fn on_block(m: u32) -> Weight;
    /// Letting a member back, in a full session.
    fn heartbeat() -> Weight;
    /// Checking a heartbeat and its signature.
    fn authorize_heartbeat() -> Weight;
}

impl WeightInfo for () {
    fn on_block(_: u32) -> Weight {
        ParityDbWeight::get().reads_writes(3, 2)
    }
    fn heartbeat() -> Weight {
        ParityDbWeight::get().reads_writes(3, 2)
    }
    fn authorize_heartbeat() -> Weight {
        ParityDbWeight::get().reads(4)
    }
}
