//! How long a slot and a gossip hop last in this network.

use crate::MAX_FILL_SLOT_PORTION;
use plume_primitives::consensus::{
    DurationError, validate_gossip_duration, validate_slot_duration,
};
use sp_consensus_aura::SlotDuration;
use std::time::Duration;

/// A network's durations, checked against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Length of a slot; from the chain's state, constant since genesis.
    pub slot: SlotDuration,
    /// GRANDPA's `gossip_duration`; from the chain specification.
    pub gossip: Duration,
}

/// Why a node cannot join a network with these durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimingError {
    /// The chain's slot length is out of bounds.
    #[error(
        "the genesis sets clock.slotDurationMs to {slot_ms}: {reason}. Correct the chain specification"
    )]
    Slot {
        /// What the chain says, in milliseconds.
        slot_ms: u64,
        /// What is wrong with it.
        reason: DurationError,
    },
    /// The gossip duration is out of bounds, or does not fit the slot.
    #[error(
        "the chain specification sets gossipDurationMs to {gossip_ms} with slots of {slot_ms} ms: {reason}. \
         Correct the chain specification"
    )]
    Gossip {
        /// What the specification says, in milliseconds.
        gossip_ms: u64,
        /// The slot it has to fit, in milliseconds.
        slot_ms: u64,
        /// What is wrong with it.
        reason: DurationError,
    },
}

impl Timing {
    /// Checks and keeps a slot length and a gossip duration, both in milliseconds.
    pub fn new(slot_ms: u64, gossip_ms: u64) -> Result<Self, TimingError> {
        validate_slot_duration(slot_ms).map_err(|reason| TimingError::Slot { slot_ms, reason })?;
        validate_gossip_duration(gossip_ms, slot_ms).map_err(|reason| TimingError::Gossip {
            gossip_ms,
            slot_ms,
            reason,
        })?;
        Ok(Self {
            slot: SlotDuration::from_millis(slot_ms),
            gossip: Duration::from_millis(gossip_ms),
        })
    }

    /// For how long an author fills its block at most.
    pub fn fill_limit(&self) -> Duration {
        self.slot.as_duration().mul_f32(MAX_FILL_SLOT_PORTION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_impossible_choice_is_explained_to_the_operator() {
        let error = Timing::new(250, 100).expect_err("four gossip periods exceed the slot");
        assert_eq!(
            error.to_string(),
            "the chain specification sets gossipDurationMs to 100 with slots of 250 ms: the gossip duration \
             must be at most a quarter of the slot duration. Correct the chain specification"
        );
        assert!(Timing::new(100, 25).is_err());
        assert!(Timing::new(500, 50).is_ok());
    }
}
