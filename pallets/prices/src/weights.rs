//! What the calls and an answer cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark. There are as many sources as there can be, and all have spoken.
pub trait WeightInfo {
    /// Admitting the last source that there can be.
    fn admit_source() -> Weight;
    /// Removing a source that has spoken of `n` assets.
    fn remove_source(n: u32) -> Weight;
    /// Stating the prices of `n` assets.
    fn post(n: u32) -> Weight;
    /// Forgetting an asset.
    fn forget_asset() -> Weight;
    /// Answering what an amount is worth.
    fn quote() -> Weight;
}

impl WeightInfo for () {
    fn admit_source() -> Weight {
        ParityDbWeight::get().reads_writes(1, 1)
    }
    fn remove_source(n: u32) -> Weight {
        let n = u64::from(n);
        ParityDbWeight::get().reads_writes(
            n.saturating_mul(2).saturating_add(3),
            n.saturating_mul(2).saturating_add(2),
        )
    }
    fn post(n: u32) -> Weight {
        let n = u64::from(n);
        ParityDbWeight::get()
            .reads_writes(n.saturating_add(3), n.saturating_mul(2).saturating_add(1))
    }
    fn forget_asset() -> Weight {
        ParityDbWeight::get().reads_writes(3, 3)
    }
    fn quote() -> Weight {
        ParityDbWeight::get().reads(1)
    }
}
