//! Slows authors down while finality lags, and never stops them.

use sc_consensus_slots::BackoffAuthoringBlocksStrategy;
use sp_consensus_slots::Slot;

/// Above `max_unfinalized` blocks without finality a block is sealed at the earliest
/// `slots_between_blocks` slots after its parent, whoever is due then.
///
/// The rule looks at the distance from the parent and not at the slot's number: a fixed slot in
/// sixteen would always belong to the same author when the number of authors divides sixteen, and
/// that author may be the dead one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnfinalizedCap {
    /// Blocks that may wait for finality before authors slow down.
    pub max_unfinalized: u32,
    /// Slots from a block to its child while they do.
    pub slots_between_blocks: u64,
}

impl Default for UnfinalizedCap {
    /// 32 blocks (8 s at 250 ms), then one slot in sixteen (a block every 4 s).
    fn default() -> Self {
        Self {
            max_unfinalized: 32,
            slots_between_blocks: 16,
        }
    }
}

impl BackoffAuthoringBlocksStrategy<u32> for UnfinalizedCap {
    fn should_backoff(
        &self,
        chain_head_number: u32,
        chain_head_slot: Slot,
        finalized_number: u32,
        slot_now: Slot,
        logging_target: &str,
    ) -> bool {
        let unfinalized = chain_head_number.saturating_sub(finalized_number);
        let too_soon = *slot_now < (*chain_head_slot).saturating_add(self.slots_between_blocks);
        let backs_off = unfinalized > self.max_unfinalized && too_soon;
        if backs_off {
            log::debug!(target: logging_target, "{unfinalized} blocks wait for finality: leaving slot {slot_now} empty");
        }
        backs_off
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CAP: UnfinalizedCap = UnfinalizedCap {
        max_unfinalized: 32,
        slots_between_blocks: 16,
    };

    fn backs_off(head: u32, head_slot: u64, finalized: u32, now: u64) -> bool {
        CAP.should_backoff(head, head_slot.into(), finalized, now.into(), "test")
    }

    #[test]
    fn below_the_cap_every_slot_is_used() {
        assert!(!backs_off(132, 1_000, 100, 1_001));
    }

    #[test]
    fn above_the_cap_one_slot_in_sixteen_is_used() {
        let mut head_slot = 1_000;
        let mut sealed = 0;
        for now in 1_001..=1_160 {
            if !backs_off(200, head_slot, 100, now) {
                sealed += 1;
                head_slot = now;
            }
        }
        assert_eq!(sealed, 10);
    }

    #[test]
    fn every_author_gets_to_seal_even_when_the_others_are_dead() {
        // Four authors in turn, only author `alone` lives: it seals, whichever it is.
        for alone in 0..4u64 {
            assert!((1_001..1_040).any(|now| now % 4 == alone && !backs_off(200, 1_000, 100, now)));
        }
    }

    proptest! {
        #[test]
        fn no_author_waits_for_ever(head in any::<u32>(), finalized in any::<u32>(), slot in 0u64..u64::MAX / 2) {
            prop_assert!(!backs_off(head, slot, finalized, slot + 16));
        }
    }
}
