//! What is kept of an account that has something at stake.

use crate::{
    Config,
    accumulator::PerShare,
    pool::{Lot, Part, Worth},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound,
    traits::LockIdentifier,
};
use plume_primitives::{Balance, Seconds};
use scale_info::TypeInfo;

/// How long an exposed stake is exposed.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Stage {
    /// It backs the pool's validator, until it is stopped.
    Backing {
        /// What a share had earned when the account was last settled.
        paid: PerShare,
    },
    /// It has stopped, and is still at risk for what the validator did while it backed.
    Cooling {
        /// When the risk ends, in seconds since the first block.
        until: Seconds,
    },
}

/// Stake that a validator's slash reaches.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Exposure {
    /// What the account owns of the validator's pool.
    pub lot: Lot,
    /// Until when.
    pub stage: Stage,
}

impl Exposure {
    /// The part of the pool that the lot is of.
    pub fn part(&self) -> Part {
        match self.stage {
            Stage::Backing { .. } => Part::Backing,
            Stage::Cooling { .. } => Part::Cooling,
        }
    }
}

/// Planck that wait to be withdrawn.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Holding {
    /// No slash reaches them.
    Idle(Balance),
    /// They were backing a validator, and a slash of it reaches them.
    Exposed(Lot),
}

/// An unstaking that has not been withdrawn.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Unstaking {
    /// From when on it can be withdrawn, in seconds since the first block.
    pub until: Seconds,
    /// What it is.
    pub holding: Holding,
}

impl Unstaking {
    /// What is on hold for it.
    pub fn planck(&self) -> Balance {
        match &self.holding {
            Holding::Idle(planck) => *planck,
            Holding::Exposed(lot) => lot.planck,
        }
    }
}

/// An account's stake. Planck in it are those on hold; what of them a slash has taken shows in the pools,
/// and here when the account is settled.
#[derive(
    Encode,
    Decode,
    MaxEncodedLen,
    TypeInfo,
    CloneNoBound,
    DebugNoBound,
    DefaultNoBound,
    EqNoBound,
    PartialEqNoBound,
)]
#[scale_info(skip_type_params(T))]
pub struct Staker<T: Config> {
    /// Planck at stake that no slash reaches. Zero while the account backs a validator.
    pub idle: Balance,
    /// The stake that a slash reaches.
    pub exposure: Option<Exposure>,
    /// What is not at stake any more and waits to be withdrawn.
    pub unstaking: BoundedVec<Unstaking, T::MaxUnstaking>,
    /// Planck earned and not yet claimed. What has been earned since the account was last settled comes
    /// on top.
    pub earned: Balance,
}

impl<T: Config> Staker<T> {
    /// What is at stake and not being unstaked.
    pub fn active(&self) -> Balance {
        let exposed = self
            .exposure
            .as_ref()
            .map_or(0, |exposure| exposure.lot.planck);
        self.idle.saturating_add(exposed)
    }

    /// What is on hold.
    pub fn held(&self) -> Balance {
        self.unstaking
            .iter()
            .map(Unstaking::planck)
            .fold(self.active(), Balance::saturating_add)
    }

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.idle == 0 && self.exposure.is_none() && self.unstaking.is_empty() && self.earned == 0
    }
}

/// A lower bound for what an account has to keep at stake.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Lock {
    /// Who asked for it.
    pub id: LockIdentifier,
    /// Planck that have to stay at stake.
    pub amount: Balance,
}

/// Sums over all accounts and pools, in planck.
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
pub struct Sums {
    /// At stake: idle stake, and what the pools' backing and cooling shares are worth.
    pub voting: Balance,
    /// Waiting to be withdrawn: what was idle, and what the pools' unstaking shares are worth.
    pub unstaking: Balance,
    /// On hold: the two above and what slashes have taken and no settlement has moved yet; up to a planck
    /// a lot less.
    pub held: Balance,
}

impl Sums {
    /// Follows a pool from one worth to another.
    pub fn follow(&mut self, before: Worth, after: Worth) {
        self.voting = self
            .voting
            .saturating_sub(before.voting)
            .saturating_add(after.voting);
        self.unstaking = self
            .unstaking
            .saturating_sub(before.unstaking)
            .saturating_add(after.unstaking);
    }
}
