//! What the genesis allocated, and when it comes into circulation.

use crate::*;
use frame_support::{parameter_types, traits::ConstU32};
use plume_primitives::pots;

parameter_types! {
    pub ReleasePot: AccountId = pots::release();
}

impl pallet_release::Config for Runtime {
    type Currency = Balances;
    /// Seconds since the first block: five years are five years, however many slots were missed.
    type Time = Clock;
    type Pot = ReleasePot;
    type AdminOrigin = frame_system::EnsureRoot<AccountId>;
    type MaxAllocations = ConstU32<64>;
    type WeightInfo = weights::pallet_release::WeightInfo<Runtime>;
}
