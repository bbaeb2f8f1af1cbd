//! Government by stake: what is decided how, and who may do what afterwards.
//!
//! | file | says |
//! |---|---|
//! | [`tracks`] | what kinds of referenda there are, and what each takes to pass |
//! | [`origins`] | what a passed referendum acts as |
//! | [`committee`] | that the validators are the technical committee |
//! | [`vital`] | which calls nobody can pause |
//! | [`paymaster`] | how the treasury pays |
//!
//! Voting power is staked PLUME and nothing else; `configs/stake.rs` joins the two.

pub mod committee;
pub mod origins;
pub mod paymaster;
pub mod tracks;
pub mod vital;

pub use origins::{
    CompliancePolicy, Emergency, FeeModel, TreasuryLarge, TreasurySmall, ValidatorAdmission,
};
pub use tracks::Tracks;

use crate::{AccountId, Balance, Origins, Seconds};
use frame_support::traits::{EitherOf, Get};
use frame_system::EnsureRoot;
use pallet_collective::EnsureProportionAtLeast;
use plume_primitives::units::{PLUME, TOTAL_SUPPLY};

/// The most that a referendum on the small spends' track can spend, in planck.
pub const SMALL_SPEND: Balance = 100_000 * PLUME;
/// The most that a referendum on the large spends' track can spend, in planck: a hundredth of the supply.
pub const LARGE_SPEND: Balance = TOTAL_SUPPLY / 100;

/// As long as less than this is staked, support is counted as a share of this, in planck. Were it not so,
/// whoever stakes first on a new network would govern it.
pub const LEAST_TURNOUT: Balance = TOTAL_SUPPLY / 100;

/// What support is a share of: everything that is staked, and [`LEAST_TURNOUT`] at least.
pub struct Turnout<Staked>(core::marker::PhantomData<Staked>);

impl<Staked: Get<Balance>> Get<Balance> for Turnout<Staked> {
    fn get() -> Balance {
        Staked::get().max(LEAST_TURNOUT)
    }
}

/// A period of governance that lasts `SECONDS` where the genesis does not divide it.
pub struct Period<const SECONDS: Seconds>;

impl<const SECONDS: Seconds> Get<Seconds> for Period<SECONDS> {
    fn get() -> Seconds {
        Origins::period(SECONDS)
    }
}

/// Two thirds of the technical committee.
pub type TwoThirdsOfCommittee = EnsureProportionAtLeast<AccountId, (), 2, 3>;

/// Root, or somebody else who may: what a referendum acts as, or a part of the committee.
pub type RootOr<Other> = EitherOf<EnsureRoot<AccountId>, Other>;

#[cfg(test)]
mod tests {
    use super::*;
    use frame_support::traits::ConstU128;

    #[test]
    fn the_first_to_stake_does_not_govern_a_network() {
        assert_eq!(Turnout::<ConstU128<{ PLUME }>>::get(), LEAST_TURNOUT);
        assert_eq!(
            Turnout::<ConstU128<{ LEAST_TURNOUT + 1 }>>::get(),
            LEAST_TURNOUT + 1
        );
    }
}
