//! What institutions get back of the fees that they paid.

use super::fees::RevenueShareAccount;
use crate::{
    governance::{CompliancePolicy, RootOr},
    *,
};
use frame_support::{parameter_types, traits::ConstU32};
use sp_runtime::Perbill;

/// Seconds in a day.
const DAY: Seconds = 24 * 60 * 60;

parameter_types! {
    /// Institutions keep their books by the month.
    pub const RevenuePeriod: Seconds = 30 * DAY;
    /// A tenth of the base fee reaches the pot. At a quarter it empties as long as institutions pay two
    /// fifths of all fees; below that it keeps the rest for when they do.
    pub const RevenueCap: Perbill = Perbill::from_percent(25);
    pub const LeastBurned: Perbill = pallet_fees::split::MIN_BURN;
}

impl pallet_revenue_share::Config for Runtime {
    type AdminOrigin = RootOr<CompliancePolicy>;
    type Currency = Balances;
    type Pot = RevenueShareAccount;
    type Screening = Compliance;
    /// Seconds since the first block: a month is a month, however many slots were missed.
    type Time = Clock;
    type Period = RevenuePeriod;
    /// A year.
    type ClaimPeriods = ConstU32<12>;
    type Cap = RevenueCap;
    type LeastBurned = LeastBurned;
    /// Closing a period visits all of them in one block.
    type MaxInstitutions = ConstU32<128>;
    type MaxAccounts = ConstU32<32>;
    type WeightInfo = weights::pallet_revenue_share::WeightInfo<Runtime>;
}
