//! What the pallet keeps, and what a genesis says.

use crate::schedule::released;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_primitives::{
    Balance, Seconds,
    allocations::{Bucket, LONGEST_RELEASE},
};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Number of an allocation: its place in the genesis, from 0 on.
pub type AllocationId = u32;

/// PLUME that is released to one beneficiary over time.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Allocation<AccountId> {
    /// What it is for.
    pub bucket: Bucket,
    /// The account that claims pay to.
    pub beneficiary: AccountId,
    /// All of it, in planck.
    pub total: Balance,
    /// What has been paid so far, in planck.
    pub claimed: Balance,
    /// Nothing is released before so many seconds after the first block.
    pub cliff_seconds: Seconds,
    /// Everything is released after so many seconds since the first block.
    pub duration_seconds: Seconds,
}

impl<AccountId> Allocation<AccountId> {
    /// Planck released `now` seconds after the first block, paid or not.
    pub fn released(&self, now: Seconds) -> Balance {
        released(self.total, self.cliff_seconds, self.duration_seconds, now)
    }

    /// Planck that a claim pays `now` seconds after the first block.
    pub fn due(&self, now: Seconds) -> Balance {
        self.released(now).saturating_sub(self.claimed)
    }

    /// Planck that have not been paid, released or not.
    pub fn unpaid(&self) -> Balance {
        self.total.saturating_sub(self.claimed)
    }

    /// Why no chain should begin with this; none if one may.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        if self.total == 0 {
            Some("its total is zero")
        } else if self.duration_seconds == 0 {
            Some("its durationSeconds is zero: give what is liquid in balances.balances")
        } else if self.duration_seconds > LONGEST_RELEASE {
            Some("its durationSeconds is above five years, 157680000")
        } else if self.cliff_seconds > self.duration_seconds {
            Some("its cliffSeconds is above its durationSeconds")
        } else {
            None
        }
    }
}

/// An allocation as a genesis says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisAllocation<AccountId> {
    /// What it is for.
    pub bucket: Bucket,
    /// The account that claims pay to.
    pub beneficiary: AccountId,
    /// All of it, in planck.
    pub total: Balance,
    /// Nothing is released before so many seconds after the first block.
    pub cliff_seconds: Seconds,
    /// Everything is released after so many seconds since the first block: 1 to 157,680,000.
    pub duration_seconds: Seconds,
}

impl<AccountId> From<GenesisAllocation<AccountId>> for Allocation<AccountId> {
    fn from(given: GenesisAllocation<AccountId>) -> Self {
        Self {
            bucket: given.bucket,
            beneficiary: given.beneficiary,
            total: given.total,
            claimed: 0,
            cliff_seconds: given.cliff_seconds,
            duration_seconds: given.duration_seconds,
        }
    }
}
