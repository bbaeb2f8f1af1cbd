//! Several signatures, one account; several calls, one transaction.

use crate::*;
use frame_support::{parameter_types, traits::ConstU32};
use plume_primitives::units::storage_deposit;

parameter_types! {
    // Key: account and call hash; value: timepoint, depositor, amount.
    pub const DepositBase: Balance = storage_deposit(1, 88);
    // Each approval is an account.
    pub const DepositFactor: Balance = storage_deposit(0, 32);
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = ScreenedCall;
    type Currency = Balances;
    type DepositBase = DepositBase;
    type DepositFactor = DepositFactor;
    type MaxSignatories = ConstU32<100>;
    /// A timepoint names the block that opened the operation, so it counts blocks, not seconds.
    type BlockNumberProvider = System;
    type WeightInfo = weights::pallet_multisig::WeightInfo<Runtime>;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = ScreenedCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = weights::pallet_utility::WeightInfo<Runtime>;
}
