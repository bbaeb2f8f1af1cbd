//! What a sender may choose about a transaction besides its call.

/// Blocks that a transaction lives where the caller does not choose: about four minutes at 250 ms a slot.
///
/// Long enough for a signature that waits for a person or for a congested pool, short enough that a
/// transaction thought lost cannot surprise anybody next week.
pub const DEFAULT_MORTALITY_BLOCKS: u32 = 1024;

/// How long a signed transaction may still be included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mortality {
    /// For so many blocks after the finalised block it was signed on, rounded up to a power of two (at least
    /// 4). More than the chain's `BlockHashCount` (4,096, about 17 minutes) is an error.
    Blocks(u32),
    /// For ever. If the account is ever emptied and removed, its nonce starts again and whoever kept the
    /// transaction can send it a second time: for accounts that stay, and for signing far ahead.
    Immortal,
}

impl Default for Mortality {
    fn default() -> Self {
        Self::Blocks(DEFAULT_MORTALITY_BLOCKS)
    }
}

impl Mortality {
    /// The era's period in blocks; `None` for an immortal transaction.
    ///
    /// `max` is the chain's `BlockHashCount`; beyond it the chain has forgotten the block that the era counts from.
    pub(crate) fn period(self, max: u32) -> crate::Result<Option<u32>> {
        let Self::Blocks(blocks) = self else {
            return Ok(None);
        };
        let period = blocks
            .max(4)
            .checked_next_power_of_two()
            .filter(|period| *period <= max);
        period
            .map(Some)
            .ok_or(crate::Error::Mortality { blocks, max })
    }
}

/// Choices about a transaction. The default asks the node for the nonce, pays no tip and lives four minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TxOptions {
    /// Number of the sender's transaction; `None` for the next one that the node's pool does not know yet. Two
    /// clients that send at once for one account must count themselves.
    pub nonce: Option<u32>,
    /// Extra fee for the author, in planck. Raises priority in a full pool; buys nothing otherwise.
    pub tip_planck: u128,
    /// How long it may still be included.
    pub mortality: Mortality,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_rounded_up_to_what_an_era_can_say() {
        for (blocks, period) in [
            (0, 4),
            (4, 4),
            (5, 8),
            (1000, 1024),
            (1024, 1024),
            (4096, 4096),
        ] {
            assert_eq!(
                Mortality::Blocks(blocks)
                    .period(4096)
                    .expect("within the limit"),
                Some(period)
            );
        }
        assert_eq!(Mortality::Immortal.period(4096).expect("no limit"), None);
    }

    #[test]
    fn a_lifetime_that_the_chain_cannot_check_is_refused() {
        for blocks in [4097, 1 << 20, u32::MAX] {
            assert!(Mortality::Blocks(blocks).period(4096).is_err());
        }
        assert!(
            Mortality::Blocks(2000).period(2000).is_err(),
            "2,048 is beyond a limit of 2,000"
        );
    }
}
