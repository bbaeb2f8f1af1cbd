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
    /// Punishing a double seal that was proven.
    fn report_double_seal() -> Weight;
    /// Checking the evidence of a double seal.
    fn authorize_report_double_seal() -> Weight;
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
    fn report_double_seal() -> Weight {
        ParityDbWeight::get().reads_writes(20, 15)
    }
    fn authorize_report_double_seal() -> Weight {
        ParityDbWeight::get().reads(8)
    }
}
