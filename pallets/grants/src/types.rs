//! What is kept of a grant.

use crate::{Config, Milestone};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound};
use plume_primitives::{Balance, Seconds};
use scale_info::TypeInfo;
use sp_core::H256;

/// Number of a grant, given in order of application and never again.
pub type GrantId = u32;

/// Where a grant stands. One that has ended is no longer kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Status {
    /// Waits for its approval.
    Applied {
        /// The last moment to approve it, in seconds since the first block.
        until: Seconds,
    },
    /// Approved: its money is in the pot, or paid, or returned.
    Approved,
}

/// A grant that is applied for, or approved.
#[derive(
    CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
#[scale_info(skip_type_params(T))]
#[codec(mel_bound())]
pub struct Grant<T: Config> {
    /// Applied, delivers, and has the deposit on hold.
    pub grantee: T::AccountId,
    /// Is paid.
    pub beneficiary: T::AccountId,
    /// Hash of the document that says what the grant is for.
    pub proposal: H256,
    /// Planck on hold.
    pub deposit: Balance,
    /// Where the grant stands.
    pub status: Status,
    /// At least one.
    pub milestones: BoundedVec<Milestone, T::MaxMilestones>,
}

impl<T: Config> Grant<T> {
    /// Planck that all milestones together are worth, paid or not.
    pub fn total(&self) -> Balance {
        self.milestones.iter().fold(0, |sum: Balance, milestone| {
            sum.saturating_add(milestone.plan.amount)
        })
    }

    /// Planck of it that are in the pot.
    pub fn in_pot(&self) -> Balance {
        self.milestones.iter().fold(0, |sum: Balance, milestone| {
            sum.saturating_add(milestone.in_pot())
        })
    }
}
