//! A chain with three sources; the clock is the test's.

use crate::{self as pallet_prices, *};
use frame_support::{derive_impl, traits::ConstU32};
use plume_primitives::{
    Balance, Seconds,
    compliance::{Asset, Prices as _},
};
use sp_runtime::{BuildStorage, DispatchResult, traits::BlockNumberProvider};
use std::cell::Cell;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Prices = pallet_prices;
}

pub const START: Seconds = 1_000;
pub const MAX_SOURCES: u32 = 5;
pub const MAX_AGE: Seconds = 600;
pub const MAX_ASSETS: u32 = 4;

/// The sources.
pub const ONE: u64 = 1;
pub const TWO: u64 = 2;
pub const THREE: u64 = 3;

/// An asset other than PLUME.
pub const GOLD: Asset = Asset::Other(7);

thread_local! {
    static NOW: Cell<Seconds> = const { Cell::new(0) };
}

pub struct Clock;
impl BlockNumberProvider for Clock {
    type BlockNumber = Seconds;
    fn current_block_number() -> Seconds {
        NOW.get()
    }
    #[cfg(any(feature = "std", feature = "runtime-benchmarks"))]
    fn set_block_number(seconds: Seconds) {
        NOW.set(seconds);
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = frame_system::mocking::MockBlock<Runtime>;
}

impl Config for Runtime {
    type AdmitOrigin = frame_system::EnsureRoot<u64>;
    type Time = Clock;
    type MaxSources = ConstU32<MAX_SOURCES>;
    type MaxAge = ConstU32<MAX_AGE>;
    type MaxAssets = ConstU32<MAX_ASSETS>;
    type WeightInfo = ();
}

pub fn chain_of(prices: GenesisConfig<Runtime>) -> sp_io::TestExternalities {
    NOW.set(START);
    let genesis = RuntimeGenesisConfig {
        prices,
        ..Default::default()
    };
    let mut ext = sp_io::TestExternalities::from(genesis.build_storage().expect("genesis builds"));
    ext.execute_with(|| System::set_block_number(1));
    ext
}

#[cfg(feature = "runtime-benchmarks")]
pub fn empty_chain() -> sp_io::TestExternalities {
    chain_of(GenesisConfig::default())
}

/// A chain with three sources that have not spoken.
pub fn chain() -> sp_io::TestExternalities {
    chain_of(GenesisConfig {
        sources: vec![ONE, TWO, THREE],
        ..Default::default()
    })
}

pub fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

pub fn signed(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

pub fn now() -> Seconds {
    NOW.get()
}

pub fn after(seconds: Seconds) {
    NOW.set(NOW.get() + seconds);
}

/// A price at which one smallest unit is worth so much.
pub fn price(value: u128) -> Price {
    Price(value * PRICED_UNITS)
}

pub fn post_all(who: u64, prices: &[(Asset, Price)]) -> DispatchResult {
    let prices = prices.to_vec().try_into().expect("they are few");
    Prices::post(signed(who), prices)
}

/// A source says what one smallest unit is worth.
pub fn post(who: u64, asset: Asset, value: u128) -> DispatchResult {
    post_all(who, &[(asset, price(value))])
}

/// What an amount is worth, and since when.
pub fn quote(asset: Asset, amount: Balance) -> Option<(u64, Seconds)> {
    Prices::quote(asset, amount).map(|quote| (quote.value, quote.at))
}
