//! Rules about who may own a security.

use plume_primitives::{
    Balance, Seconds,
    compliance::{Ownership, Reason},
};
use sp_runtime::Perbill;

/// Nobody transfers the asset before `until`.
pub fn lock_up(now: Seconds, until: Seconds) -> Option<Reason> {
    (now < until).then_some(Reason::LockedUp)
}

/// With this flow the asset would have more than `at_most` holders. Who gives away all it has makes place.
pub fn max_holders(owned: Ownership, amount: Balance, at_most: u32) -> Option<Reason> {
    if owned.recipient_has > 0 {
        return None;
    }
    let leaves = u32::from(owned.sender_has > 0 && owned.sender_has <= amount);
    let after = owned.holders.saturating_add(1).saturating_sub(leaves);
    (after > at_most).then_some(Reason::TooManyHolders)
}

/// With this flow the recipient would own more than `at_most` of the asset.
pub fn ownership_share(owned: Ownership, amount: Balance, at_most: Perbill) -> Option<Reason> {
    let after = owned.recipient_has.saturating_add(amount);
    (after > at_most.mul_floor(owned.supply)).then_some(Reason::ShareTooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(holders: u32, sender_has: Balance, recipient_has: Balance) -> Ownership {
        Ownership {
            supply: 1_000,
            holders,
            sender_has,
            recipient_has,
        }
    }

    #[test]
    fn a_lock_up_ends_at_its_second() {
        assert_eq!(lock_up(99, 100), Some(Reason::LockedUp));
        assert_eq!(lock_up(100, 100), None);
    }

    #[test]
    fn a_new_holder_needs_a_place() {
        let full = Some(Reason::TooManyHolders);
        for (owned, amount, expected) in [
            (owned(9, 50, 0), 10, None),
            (owned(10, 50, 0), 10, full),
            (owned(10, 50, 1), 10, None),
            (owned(10, 10, 0), 10, None), // the sender leaves
            (owned(11, 10, 0), 10, full),
            (owned(10, 0, 0), 10, full), // newly issued
        ] {
            assert_eq!(max_holders(owned, amount, 10), expected);
        }
    }

    #[test]
    fn nobody_owns_more_than_the_share() {
        let tenth = Perbill::from_percent(10);
        assert_eq!(ownership_share(owned(2, 900, 60), 40, tenth), None);
        assert_eq!(
            ownership_share(owned(2, 900, 60), 41, tenth),
            Some(Reason::ShareTooLarge)
        );
        assert_eq!(
            ownership_share(owned(2, 900, Balance::MAX), 1, Perbill::one()),
            Some(Reason::ShareTooLarge)
        );
    }
}
