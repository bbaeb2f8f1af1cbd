//! A chain with accounts, PLUME and allocations, whose clock the test sets.

use crate::{self as pallet_release, *};
use frame_support::{
    derive_impl,
    traits::{ConstU32, ConstU64, ConstU128},
};
use plume_primitives::allocations::Bucket;
use sp_runtime::{BuildStorage, DispatchResult, traits::BlockNumberProvider};
use std::cell::Cell;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeHoldReason,
        RuntimeFreezeReason,
        RuntimeTask
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Release = pallet_release;
}

pub const ED: Balance = 10;
/// Has PLUME and no allocation.
pub const ANYBODY: u64 = 1;
/// Beneficiaries whose accounts do not exist at the start.
pub const TEAM: u64 = 2;
pub const INVESTOR: u64 = 3;
pub const POT: u64 = 99;
pub const MAX: u32 = 8;

thread_local! {
    static NOW: Cell<Seconds> = const { Cell::new(0) };
}

pub struct Clock;
impl BlockNumberProvider for Clock {
    type BlockNumber = Seconds;
    fn current_block_number() -> Seconds {
        NOW.get()
    }
    fn set_block_number(seconds: Seconds) {
        NOW.set(seconds);
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = frame_system::mocking::MockBlock<Runtime>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<ED>;
    /// Any number is a reason here: the tests put on hold what a staking pallet would.
    type RuntimeHoldReason = u8;
}

impl Config for Runtime {
    type Currency = Balances;
    type Time = Clock;
    type Pot = ConstU64<POT>;
    type AdminOrigin = frame_system::EnsureRoot<u64>;
    type MaxAllocations = ConstU32<MAX>;
    type WeightInfo = ();
}

/// An allocation of a genesis.
pub fn allocation(
    beneficiary: u64,
    total: Balance,
    cliff_seconds: Seconds,
    duration_seconds: Seconds,
) -> GenesisAllocation<u64> {
    GenesisAllocation {
        bucket: Bucket::Team,
        beneficiary,
        total,
        cliff_seconds,
        duration_seconds,
    }
}

/// A chain that gives its pot so much, with the clock at zero.
pub fn chain_with_pot(
    allocations: Vec<GenesisAllocation<u64>>,
    pot: Balance,
) -> sp_io::TestExternalities {
    NOW.set(0);
    let mut balances = vec![(ANYBODY, 1_000 * ED)];
    if pot > 0 {
        balances.push((POT, pot));
    }
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances,
            ..Default::default()
        },
        release: GenesisConfig { allocations },
        ..Default::default()
    };
    let mut ext = sp_io::TestExternalities::from(genesis.build_storage().expect("genesis builds"));
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// A chain whose pot has what the allocations need.
pub fn chain(allocations: Vec<GenesisAllocation<u64>>) -> sp_io::TestExternalities {
    let sum: Balance = allocations.iter().map(|given| given.total).sum();
    chain_with_pot(allocations, sum + ED)
}

/// A chain without allocations.
#[cfg(feature = "runtime-benchmarks")]
pub fn empty_chain() -> sp_io::TestExternalities {
    chain_with_pot(vec![], 0)
}

/// Sets the clock, in seconds since the first block.
pub fn at(seconds: Seconds) {
    Clock::set_block_number(seconds);
}

/// Somebody without a part in it claims.
pub fn claim(id: AllocationId) -> DispatchResult {
    Release::claim(RuntimeOrigin::signed(ANYBODY), id)
}
