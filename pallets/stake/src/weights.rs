//! What the calls cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark. In all of them the account has as many unstakings waiting as it may, each of
/// a pool of its own that has been slashed since.
pub trait WeightInfo {
    /// Adding to a stake that backs a validator.
    fn stake() -> Weight;
    /// Unstaking the rest of a stake of which part is idle and part cooling.
    fn unstake() -> Weight;
    /// Withdrawing everything that waits.
    fn withdraw() -> Weight;
    /// Backing a validator that nobody backs yet.
    fn back() -> Weight;
    /// Stopping.
    fn stop_backing() -> Weight;
    /// Paying out what was earned since the last settlement.
    fn claim() -> Weight;
    /// Settling a stake that backs a validator.
    fn settle() -> Weight;
}

/// Reads and writes for settling the four unstakings and the stake of a mock's account.
const SETTLE: (u64, u64) = (16, 10);

fn settling_and(reads: u64, writes: u64) -> Weight {
    ParityDbWeight::get().reads_writes(
        SETTLE.0.saturating_add(reads),
        SETTLE.1.saturating_add(writes),
    )
}

impl WeightInfo for () {
    fn stake() -> Weight {
        settling_and(2, 1)
    }
    fn unstake() -> Weight {
        settling_and(2, 1)
    }
    fn withdraw() -> Weight {
        settling_and(4, 4)
    }
    fn back() -> Weight {
        settling_and(4, 3)
    }
    fn stop_backing() -> Weight {
        settling_and(1, 1)
    }
    fn claim() -> Weight {
        settling_and(3, 3)
    }
    fn settle() -> Weight {
        settling_and(0, 0)
    }
}
