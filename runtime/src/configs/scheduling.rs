//! Calls that run later, and the bytes they need until then.

use crate::*;
use frame_support::{
    parameter_types,
    traits::{ConstU32, EqualPrivilegeOnly, Get, LinearStoragePrice, fungible::HoldConsideration},
    weights::Weight,
};
use frame_system::EnsureRoot;
use plume_primitives::units::storage_deposit;
use sp_runtime::Perbill;

parameter_types! {
    pub MaximumSchedulerWeight: Weight =
        Perbill::from_percent(80) * <Runtime as frame_system::Config>::BlockWeights::get().max_block;
    pub const PreimageBaseDeposit: Balance = storage_deposit(2, 64);
    pub const PreimageByteDeposit: Balance = storage_deposit(0, 1);
    pub const PreimageHoldReason: RuntimeHoldReason =
        RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
}

impl pallet_preimage::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type ManagerOrigin = EnsureRoot<AccountId>;
    type Consideration = HoldConsideration<
        AccountId,
        Balances,
        PreimageHoldReason,
        LinearStoragePrice<PreimageBaseDeposit, PreimageByteDeposit, Balance>,
    >;
    type WeightInfo = weights::pallet_preimage::WeightInfo<Runtime>;
}

impl pallet_scheduler::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type PalletsOrigin = OriginCaller;
    type RuntimeCall = ScreenedCall;
    type MaximumWeight = MaximumSchedulerWeight;
    type ScheduleOrigin = EnsureRoot<AccountId>;
    type OriginPrivilegeCmp = EqualPrivilegeOnly;
    type MaxScheduledPerBlock = ConstU32<50>;
    type Preimages = Preimage;
    /// Agendas are kept by the second, not by the block.
    type BlockNumberProvider = Clock;
    type WeightInfo = weights::pallet_scheduler::WeightInfo<Runtime>;
}
