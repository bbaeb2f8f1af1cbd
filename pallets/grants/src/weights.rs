//! What the calls cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark; grants have as many milestones as they may.
pub trait WeightInfo {
    /// Applying.
    fn apply() -> Weight;
    /// Approving, and moving the money.
    fn approve() -> Weight;
    /// Delivering a milestone.
    fn deliver() -> Weight;
    /// Accepting the last open milestone: it is paid, and the grant ends.
    fn accept() -> Weight;
    /// Rejecting a deliverable.
    fn reject() -> Weight;
    /// Returning the money of all milestones, so that the grant ends.
    fn expire() -> Weight;
    /// Ending a grant with all of its money in the pot.
    fn cancel() -> Weight;
}

impl WeightInfo for () {
    fn apply() -> Weight {
        ParityDbWeight::get().reads_writes(3, 4)
    }
    fn approve() -> Weight {
        ParityDbWeight::get().reads_writes(4, 3)
    }
    fn deliver() -> Weight {
        ParityDbWeight::get().reads_writes(2, 1)
    }
    fn accept() -> Weight {
        ParityDbWeight::get().reads_writes(5, 5)
    }
    fn reject() -> Weight {
        ParityDbWeight::get().reads_writes(2, 1)
    }
    fn expire() -> Weight {
        ParityDbWeight::get().reads_writes(6, 5)
    }
    fn cancel() -> Weight {
        ParityDbWeight::get().reads_writes(5, 5)
    }
}
