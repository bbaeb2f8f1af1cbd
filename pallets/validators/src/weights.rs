//! What the calls and hooks cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark.
pub trait WeightInfo {
    /// Putting an applicant on a list that is nearly full.
    fn admit() -> Weight;
    /// Taking a validator with all its nodes off a full list.
    fn remove() -> Weight;
    /// Applying with a bond.
    fn apply() -> Weight;
    /// Putting more at stake.
    fn bond_more() -> Weight;
    /// Freeing a bond.
    fn withdraw_bond() -> Weight;
    /// Setting the minimum bond.
    fn set_minimum_bond() -> Weight;
    /// Setting the parameters of the set.
    fn set_parameters() -> Weight;
    /// Listing one's own node, the last that one may.
    fn publish_node() -> Weight;
    /// Taking one's own node off the list.
    fn withdraw_node() -> Weight;
    /// Listing a node.
    fn admit_node() -> Weight;
    /// Taking a validator's node off the list.
    fn expel_node() -> Weight;
    /// Paying out a credit.
    fn claim() -> Weight;
    /// Slashing and removing a culprit with backers and with all its nodes from a full list.
    fn on_offence() -> Weight;
    /// Noting a block's author and fullness.
    fn on_block() -> Weight;
    /// Ending a session of `v` validators that all sealed and have backers, and planning the next with as
    /// many.
    fn rotate_session(v: u32) -> Weight;
}

impl WeightInfo for () {
    fn admit() -> Weight {
        ParityDbWeight::get().reads_writes(3, 2)
    }
    fn remove() -> Weight {
        ParityDbWeight::get().reads_writes(8, 8)
    }
    fn apply() -> Weight {
        ParityDbWeight::get().reads_writes(6, 4)
    }
    fn bond_more() -> Weight {
        ParityDbWeight::get().reads_writes(3, 3)
    }
    fn withdraw_bond() -> Weight {
        ParityDbWeight::get().reads_writes(5, 4)
    }
    fn set_minimum_bond() -> Weight {
        ParityDbWeight::get().writes(1)
    }
    fn set_parameters() -> Weight {
        ParityDbWeight::get().writes(1)
    }
    fn publish_node() -> Weight {
        ParityDbWeight::get().reads_writes(4, 3)
    }
    fn withdraw_node() -> Weight {
        ParityDbWeight::get().reads_writes(3, 3)
    }
    fn admit_node() -> Weight {
        ParityDbWeight::get().reads_writes(2, 2)
    }
    fn expel_node() -> Weight {
        ParityDbWeight::get().reads_writes(3, 3)
    }
    fn claim() -> Weight {
        ParityDbWeight::get().reads_writes(4, 4)
    }
    fn on_offence() -> Weight {
        ParityDbWeight::get().reads_writes(13, 12)
    }
    fn on_block() -> Weight {
        ParityDbWeight::get().reads_writes(4, 2)
    }
    fn rotate_session(v: u32) -> Weight {
        let v = u64::from(v);
        ParityDbWeight::get().reads_writes(
            v.saturating_mul(8).saturating_add(13),
            v.saturating_mul(5).saturating_add(11),
        )
    }
}
