//! PLUME: accounts, holds and dust.

use crate::*;
use frame_support::{
    parameter_types,
    traits::{VariantCountOf, tokens::imbalance::ResolveTo},
};
use plume_primitives::{pots, units};

parameter_types! {
    pub const ExistentialDeposit: Balance = units::EXISTENTIAL_DEPOSIT;
    pub const MaxLocks: u32 = 50;
    pub const MaxReserves: u32 = 50;
    pub TreasuryAccount: AccountId = pots::treasury();
}

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type Balance = Balance;
    /// Dust goes to the treasury: only burned fees ever leave issuance.
    type DustRemoval = ResolveTo<TreasuryAccount, Balances>;
    type ExistentialDeposit = ExistentialDeposit;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = MaxLocks;
    type MaxReserves = MaxReserves;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
    type WeightInfo = weights::pallet_balances::WeightInfo<Runtime>;
}
