//! What the calls and the screening cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark.
pub trait WeightInfo {
    /// Judging and remembering one flow between two parties, with `r` rules in force and tried together.
    /// What credentials, prices and ownership weigh comes besides.
    fn screen(r: u32) -> Weight;
    /// What of [`Self::screen`] is access to storage and what others answer: the same items read and written, and
    /// nothing made of them. The difference is what the engine itself takes.
    fn touch() -> Weight;
    /// Opening a case about `f` flows, with as many findings as are kept.
    fn open_case(f: u32) -> Weight;
    /// Putting one flow on hold after it has arrived.
    fn hold() -> Weight;
    /// Returning `n` holds whose time is over.
    fn return_due(n: u32) -> Weight;
    /// Putting a policy of the most rules in force.
    fn enact_policy() -> Weight;
    /// Ending a policy.
    fn withdraw_policy() -> Weight;
    /// Trying a policy of the most rules.
    fn start_trial() -> Weight;
    /// Putting a tried policy in force.
    fn enact_trial() -> Weight;
    /// Giving up a trial.
    fn end_trial() -> Weight;
    /// Admitting the last officer there can be.
    fn admit_officer() -> Weight;
    /// Removing the last of as many officers as there can be.
    fn remove_officer() -> Weight;
    /// Taking a case of the most flows and findings.
    fn take_case() -> Weight;
    /// Adding evidence to one.
    fn add_evidence() -> Weight;
    /// Proposing its closing.
    fn propose_closing() -> Weight;
    /// Closing it, with `h` holds that go back to their senders.
    fn confirm_closing(h: u32) -> Weight;
    /// Rejecting its closing.
    fn reject_closing() -> Weight;
    /// Returning one hold to a sender whose account is gone.
    fn return_expired() -> Weight;
    /// Forgetting a case.
    fn prune_case() -> Weight;
    /// Attaching travel-rule data for the last transfer that can wait.
    fn attach_travel_data() -> Weight;
    /// Taking the last one back.
    fn detach_travel_data() -> Weight;
    /// Posting what lists say of `n` parties.
    fn mark(n: u32) -> Weight;
}

impl WeightInfo for () {
    fn screen(_: u32) -> Weight {
        ParityDbWeight::get().reads_writes(4, 4)
    }
    fn touch() -> Weight {
        ParityDbWeight::get().reads_writes(4, 4)
    }
    fn open_case(_: u32) -> Weight {
        ParityDbWeight::get().reads_writes(2, 3)
    }
    fn hold() -> Weight {
        ParityDbWeight::get().reads_writes(4, 5)
    }
    fn return_due(n: u32) -> Weight {
        ParityDbWeight::get().reads_writes(2, 1).saturating_add(
            ParityDbWeight::get()
                .reads_writes(5, 5)
                .saturating_mul(n.into()),
        )
    }
    fn enact_policy() -> Weight {
        ParityDbWeight::get().reads_writes(2, 1)
    }
    fn withdraw_policy() -> Weight {
        ParityDbWeight::get().reads_writes(1, 1)
    }
    fn start_trial() -> Weight {
        ParityDbWeight::get().reads_writes(2, 1)
    }
    fn enact_trial() -> Weight {
        ParityDbWeight::get().reads_writes(2, 1)
    }
    fn end_trial() -> Weight {
        ParityDbWeight::get().reads_writes(2, 1)
    }
    fn admit_officer() -> Weight {
        ParityDbWeight::get().reads_writes(1, 1)
    }
    fn remove_officer() -> Weight {
        ParityDbWeight::get().reads_writes(1, 1)
    }
    fn take_case() -> Weight {
        ParityDbWeight::get().reads_writes(2, 1)
    }
    fn add_evidence() -> Weight {
        ParityDbWeight::get().reads_writes(2, 1)
    }
    fn propose_closing() -> Weight {
        ParityDbWeight::get().reads_writes(2, 1)
    }
    fn confirm_closing(h: u32) -> Weight {
        ParityDbWeight::get().reads_writes(4, 2).saturating_add(
            ParityDbWeight::get()
                .reads_writes(4, 4)
                .saturating_mul(h.into()),
        )
    }
    fn reject_closing() -> Weight {
        ParityDbWeight::get().reads_writes(2, 1)
    }
    fn return_expired() -> Weight {
        ParityDbWeight::get().reads_writes(7, 6)
    }
    fn prune_case() -> Weight {
        ParityDbWeight::get().reads_writes(2, 1)
    }
    fn attach_travel_data() -> Weight {
        ParityDbWeight::get().reads_writes(1, 1)
    }
    fn detach_travel_data() -> Weight {
        ParityDbWeight::get().reads_writes(1, 1)
    }
    fn mark(n: u32) -> Weight {
        ParityDbWeight::get().reads(1).saturating_add(
            ParityDbWeight::get()
                .reads_writes(1, 1)
                .saturating_mul(n.into()),
        )
    }
}
