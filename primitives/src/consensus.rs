//! What a network may choose for its slots and its gossip, and what follows from the choice.

/// Length of a slot, in milliseconds, where a network does not choose its own.
pub const DEFAULT_SLOT_DURATION_MS: u64 = 250;
/// Shorter slots make five missed blocks (what a node takes for a major sync) a hiccup of a second.
pub const MIN_SLOT_DURATION_MS: u64 = 200;
/// Longer slots would put finality beyond what Plume promises anybody.
pub const MAX_SLOT_DURATION_MS: u64 = 12_000;
/// GRANDPA's `gossip_duration`, in milliseconds, where a network does not choose its own.
pub const DEFAULT_GOSSIP_DURATION_MS: u64 = 25;
/// Below this the voter's timers fire before a vote has crossed a data centre.
pub const MIN_GOSSIP_DURATION_MS: u64 = 5;

/// An author may execute for one part in this many of its slot; the rest is left to its peers, who
/// execute the same again, and to the votes.
pub const BLOCK_WEIGHT_SLOT_FRACTION: u64 = 3;

/// Why a network's choice of durations cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationError {
    /// The slot is shorter than [`MIN_SLOT_DURATION_MS`] or longer than [`MAX_SLOT_DURATION_MS`].
    SlotOutOfRange,
    /// The slot has an odd number of milliseconds; the timestamp's minimum period is half a slot.
    SlotIsOdd,
    /// Gossip is faster than [`MIN_GOSSIP_DURATION_MS`].
    GossipTooShort,
    /// Four gossip periods (the time to a precommit) do not fit into a slot, so finality would fall
    /// behind for ever.
    GossipTooLongForSlot,
}

impl core::fmt::Display for DurationError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::SlotOutOfRange => write!(
                f,
                "the slot duration must be between {MIN_SLOT_DURATION_MS} and {MAX_SLOT_DURATION_MS} ms"
            ),
            Self::SlotIsOdd => write!(
                f,
                "the slot duration must be an even number of milliseconds"
            ),
            Self::GossipTooShort => {
                write!(
                    f,
                    "the gossip duration must be at least {MIN_GOSSIP_DURATION_MS} ms"
                )
            }
            Self::GossipTooLongForSlot => {
                write!(
                    f,
                    "the gossip duration must be at most a quarter of the slot duration"
                )
            }
        }
    }
}

/// Checks a slot length in milliseconds.
pub const fn validate_slot_duration(slot_ms: u64) -> Result<(), DurationError> {
    if slot_ms < MIN_SLOT_DURATION_MS || slot_ms > MAX_SLOT_DURATION_MS {
        return Err(DurationError::SlotOutOfRange);
    }
    if !slot_ms.is_multiple_of(2) {
        return Err(DurationError::SlotIsOdd);
    }
    Ok(())
}

/// Checks a gossip duration against the slot it has to fit, both in milliseconds.
pub const fn validate_gossip_duration(gossip_ms: u64, slot_ms: u64) -> Result<(), DurationError> {
    if gossip_ms < MIN_GOSSIP_DURATION_MS {
        return Err(DurationError::GossipTooShort);
    }
    match gossip_ms.checked_mul(4) {
        Some(precommit_ms) if precommit_ms <= slot_ms => Ok(()),
        _ => Err(DurationError::GossipTooLongForSlot),
    }
}

/// Picoseconds of execution that a block of a network with this slot may hold.
pub const fn block_ref_time_ps(slot_ms: u64) -> u64 {
    const PS_PER_MS: u64 = 1_000_000_000;
    slot_ms.saturating_mul(PS_PER_MS) / BLOCK_WEIGHT_SLOT_FRACTION
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_valid_together() {
        assert_eq!(validate_slot_duration(DEFAULT_SLOT_DURATION_MS), Ok(()));
        assert_eq!(
            validate_gossip_duration(DEFAULT_GOSSIP_DURATION_MS, DEFAULT_SLOT_DURATION_MS),
            Ok(())
        );
    }

    #[test]
    fn durations_that_cannot_work_are_named() {
        assert_eq!(
            validate_slot_duration(0),
            Err(DurationError::SlotOutOfRange)
        );
        assert_eq!(
            validate_slot_duration(199),
            Err(DurationError::SlotOutOfRange)
        );
        assert_eq!(
            validate_slot_duration(12_001),
            Err(DurationError::SlotOutOfRange)
        );
        assert_eq!(validate_slot_duration(251), Err(DurationError::SlotIsOdd));
        assert_eq!(
            validate_gossip_duration(4, 250),
            Err(DurationError::GossipTooShort)
        );
        assert_eq!(
            validate_gossip_duration(63, 250),
            Err(DurationError::GossipTooLongForSlot)
        );
        assert_eq!(
            validate_gossip_duration(u64::MAX, 250),
            Err(DurationError::GossipTooLongForSlot)
        );
    }

    #[test]
    fn a_block_may_execute_for_a_third_of_its_slot() {
        assert_eq!(block_ref_time_ps(300), 100_000_000_000);
    }
}
