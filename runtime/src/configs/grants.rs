//! Who grants money of the treasury for work, and on what terms.

use super::balances::TreasuryAccount;
use crate::*;
use frame_support::{parameter_types, traits::ConstU32};
use plume_primitives::{
    pots,
    units::{PLUME, storage_deposit},
};

/// Seconds in a day.
const DAY: Seconds = 24 * 60 * 60;

parameter_types! {
    pub GrantsPot: AccountId = pots::grants();
    /// The state that a grant of sixteen milestones occupies, and enough on top that nobody applies for fun.
    pub const GrantDeposit: Balance = 100 * PLUME + storage_deposit(1, 1_042);
}

/// Whoever may spend so much of the treasury may grant it, and judge what it was granted for.
type Spender = <Runtime as pallet_treasury::Config>::SpendOrigin;

impl pallet_grants::Config for Runtime {
    type GrantOrigin = Spender;
    type AcceptOrigin = Spender;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Treasury = TreasuryAccount;
    type Pot = GrantsPot;
    type Screening = Compliance;
    /// Seconds since the first block: a deadline is one, however many slots were missed.
    type Time = Clock;
    type Deposit = GrantDeposit;
    /// A referendum on the large spends' track takes two weeks; there is time for a second one.
    type ApplicationTime = ConstU32<{ 60 * DAY }>;
    type RedeliveryTime = ConstU32<{ 30 * DAY }>;
    /// Two years.
    type MaxWithin = ConstU32<{ 730 * DAY }>;
    type MaxMilestones = ConstU32<16>;
    type WeightInfo = weights::pallet_grants::WeightInfo<Runtime>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::MaxEncodedLen;

    #[test]
    fn a_deposit_pays_for_the_state_that_a_grant_occupies() {
        // Key: Twox64 and the number; the prefixes are everybody's.
        let bytes = 8 + 4 + pallet_grants::Grant::<Runtime>::max_encoded_len();
        let bytes = u32::try_from(bytes).expect("it is short");
        assert_eq!(
            <Runtime as pallet_grants::Config>::Deposit::get(),
            100 * PLUME + storage_deposit(1, bytes)
        );
    }
}
