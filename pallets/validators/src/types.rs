//! What is known of an institution, and the numbers that others read.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_primitives::{Balance, Seconds};
use scale_info::TypeInfo;
use sp_core::H256;

/// Where an institution stands.
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
pub enum Status {
    /// Its application waits for a decision.
    Applied,
    /// It sits, or may get a seat.
    Admitted,
    /// It has left or was removed; its bond is free from this moment on.
    Unbonding {
        /// Seconds since the first block.
        until: Seconds,
    },
}

/// What is known of an institution.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Record {
    /// Hash of its legal entity identifier (ISO 17442), by which the admitting side finds it. Zero for
    /// the validators of the genesis.
    pub lei_hash: H256,
    /// Planck on hold.
    pub bond: Balance,
    /// Where it stands.
    pub status: Status,
    /// Thousandths: how much of late it sealed when it sat.
    pub reliability: u16,
}

/// What a newcomer's reliability is: nothing is known against it.
pub const FULL_RELIABILITY: u16 = 1_000;

/// Blocks in a session by default: ten minutes of 250 ms slots.
pub const DEFAULT_SESSION_BLOCKS: u32 = 2_400;
/// A shorter session would leave no time to finalise a change before the next.
pub const MIN_SESSION_BLOCKS: u32 = 10;

/// Sessions that end early after an offence: with the first a set without the culprit is queued, with the
/// second it sits.
pub(crate) const HURRIED_SESSIONS: u8 = 2;

/// When the nodes of a validator that goes are shut out of a permissioned network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expulsion {
    /// With the decision.
    AtOnce,
    /// When it sits no more, so that it can seal and vote until then.
    WithItsSeat,
}

/// Sessions for which a validator is remembered as punished: it is off the list from the first one on, so that
/// more than the few in which it had not lost its seat yet have evidence of a stolen key's doings only.
pub(crate) const PUNISHED_SESSIONS: u32 = 8;
