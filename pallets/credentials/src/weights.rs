//! What the calls cost. The runtime has the measured figures; tests count storage accesses.

use frame_support::weights::{Weight, constants::ParityDbWeight};

/// Weight of each benchmark. A changed leaf has eleven hashes and ten groups of the tree above it.
pub trait WeightInfo {
    /// Admitting an issuer.
    fn admit_issuer() -> Weight;
    /// Expelling one.
    fn expel_issuer() -> Weight;
    /// Issuing a credential, which drops the oldest root.
    fn issue() -> Weight;
    /// Issuing `n` credentials whose leaves have nothing but the root in common.
    fn issue_batch(n: u32) -> Weight;
    /// Suspending.
    fn suspend() -> Weight;
    /// Resuming.
    fn resume() -> Weight;
    /// Revoking.
    fn revoke() -> Weight;
    /// Renewing.
    fn renew() -> Weight;
    /// Forgetting a credential with as many accounts and offers as there may be.
    fn forget() -> Weight;
    /// Refreshing `n` leaves that have nothing but the root in common.
    fn refresh(n: u32) -> Weight;
    /// Offering, beside as many offers as there may be.
    fn offer() -> Weight;
    /// Taking an offer back.
    fn withdraw_offer() -> Weight;
    /// Accepting.
    fn accept() -> Weight;
    /// Binding by signature.
    fn bind() -> Weight;
    /// Unbinding.
    fn unbind() -> Weight;
}

/// Groups, root, ring and epoch of a changed leaf.
fn tree(leaves: u32) -> Weight {
    let leaves = u64::from(leaves);
    ParityDbWeight::get().reads_writes(
        leaves.saturating_mul(10).saturating_add(8),
        leaves.saturating_mul(10).saturating_add(8),
    )
}

fn database(reads: u64, writes: u64) -> Weight {
    ParityDbWeight::get().reads_writes(reads, writes)
}

impl WeightInfo for () {
    fn admit_issuer() -> Weight {
        database(2, 2)
    }
    fn expel_issuer() -> Weight {
        database(1, 1)
    }
    fn issue() -> Weight {
        Self::issue_batch(1)
    }
    fn issue_batch(n: u32) -> Weight {
        let n64 = u64::from(n);
        tree(n).saturating_add(database(
            n64.saturating_mul(5).saturating_add(1),
            n64.saturating_mul(4).saturating_add(1),
        ))
    }
    fn suspend() -> Weight {
        tree(1).saturating_add(database(4, 1))
    }
    fn resume() -> Weight {
        tree(1).saturating_add(database(4, 1))
    }
    fn revoke() -> Weight {
        tree(1).saturating_add(database(4, 3))
    }
    fn renew() -> Weight {
        tree(1).saturating_add(database(5, 3))
    }
    fn forget() -> Weight {
        database(5, 16)
    }
    fn refresh(n: u32) -> Weight {
        let n64 = u64::from(n);
        tree(n).saturating_add(database(n64.saturating_mul(3), n64))
    }
    fn offer() -> Weight {
        database(6, 1)
    }
    fn withdraw_offer() -> Weight {
        database(3, 1)
    }
    fn accept() -> Weight {
        database(8, 4)
    }
    fn bind() -> Weight {
        database(10, 4)
    }
    fn unbind() -> Weight {
        database(4, 2)
    }
}
