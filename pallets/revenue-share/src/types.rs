//! What is kept of institutions, periods and shares.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_primitives::{Balance, Seconds};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::H256;

/// Number of an institution, given in order of registration and never again.
pub type InstitutionId = u32;
/// Number of a period; the first is 0. Periods are counted as they close, not by the calendar: a chain
/// that stands still closes none, so nothing expires meanwhile.
pub type PeriodNumber = u32;

/// What is kept of a registered institution.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Institution<AccountId> {
    /// Speaks for the institution: invites and removes accounts, and says where shares are paid.
    pub main: AccountId,
    /// Receives the shares.
    pub payout: AccountId,
    /// Hash of the legal entity identifier (ISO 17442), by which the registering side finds it.
    pub lei_hash: H256,
    /// Accrues nothing and is paid nothing while set.
    pub suspended: bool,
    /// Planck of base fees attributed to it in the open period.
    pub fees: Balance,
}

/// The period that fees are attributed to.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct OpenPeriod {
    /// Its number, which is how many have closed.
    pub number: PeriodNumber,
    /// When it began, in seconds since the first block.
    pub since: Seconds,
}

/// What an institution may claim for one period.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Right {
    /// The period it was earned in.
    pub period: PeriodNumber,
    /// Planck; never zero.
    pub amount: Balance,
}

/// An institution that a chain begins with. Its accounts count as having consented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisInstitution<AccountId> {
    /// Speaks for the institution, and receives its shares.
    pub main: AccountId,
    /// Hash of the legal entity identifier.
    pub lei_hash: H256,
    /// Those whose fees are attributed to it; the main account only if it is among them.
    pub accounts: Vec<AccountId>,
}
