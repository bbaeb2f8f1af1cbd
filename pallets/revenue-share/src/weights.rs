//! What the calls and hooks cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark.
pub trait WeightInfo {
    /// Registering an institution.
    fn register() -> Weight;
    /// Ending an institution with as many accounts as it may have.
    fn deregister() -> Weight;
    /// Suspending an institution.
    fn suspend() -> Weight;
    /// Reinstating an institution.
    fn reinstate() -> Weight;
    /// Inviting an account, the last that one may.
    fn invite() -> Weight;
    /// Accepting the last of many invitations, as the last account.
    fn accept() -> Weight;
    /// Leaving an institution with as many accounts as it may have.
    fn leave() -> Weight;
    /// Taking an account, or its invitation, from an institution with as many of both as it may have.
    fn remove_account() -> Weight;
    /// Saying where shares are paid.
    fn set_payout() -> Weight;
    /// Paying out the rights of as many periods as there can be.
    fn claim() -> Weight;
    /// Attributing one transaction's fee, once its payer is known to belong to an institution.
    fn attribute() -> Weight;
    /// Seeing that the period is not over.
    fn check_period() -> Weight;
    /// Closing a period: `n` institutions share in it, and for each a right expires.
    fn close_period(n: u32) -> Weight;
}

impl WeightInfo for () {
    fn register() -> Weight {
        ParityDbWeight::get().reads_writes(3, 4)
    }
    fn deregister() -> Weight {
        ParityDbWeight::get().reads_writes(4, 6)
    }
    fn suspend() -> Weight {
        ParityDbWeight::get().reads_writes(1, 1)
    }
    fn reinstate() -> Weight {
        ParityDbWeight::get().reads_writes(1, 1)
    }
    fn invite() -> Weight {
        ParityDbWeight::get().reads_writes(3, 1)
    }
    fn accept() -> Weight {
        ParityDbWeight::get().reads_writes(3, 3)
    }
    fn leave() -> Weight {
        ParityDbWeight::get().reads_writes(2, 2)
    }
    fn remove_account() -> Weight {
        ParityDbWeight::get().reads_writes(3, 2)
    }
    fn set_payout() -> Weight {
        ParityDbWeight::get().reads_writes(1, 1)
    }
    fn claim() -> Weight {
        ParityDbWeight::get().reads_writes(5, 4)
    }
    fn attribute() -> Weight {
        ParityDbWeight::get().reads_writes(1, 1)
    }
    fn check_period() -> Weight {
        ParityDbWeight::get().reads(2)
    }
    fn close_period(n: u32) -> Weight {
        let n = u64::from(n);
        ParityDbWeight::get().reads_writes(
            n.saturating_mul(2).saturating_add(5),
            n.saturating_mul(2).saturating_add(2),
        )
    }
}
