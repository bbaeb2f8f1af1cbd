//! Provisional weights for `pallet_brake`, estimated from its storage accesses and the measured time of
//! like calls. `scripts/weights --only pallet_brake` writes the measured ones over this file.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weight functions for `pallet_brake`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_brake::WeightInfo for WeightInfo<T> {
    /// Reads and writes the list of pauses and the SDK's entry; reads the clock.
    fn pause() -> Weight {
        Weight::from_parts(60_000_000, 8_000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// Reads and writes the list of pauses and the SDK's entry; reads the clock.
    fn lift() -> Weight {
        Weight::from_parts(60_000_000, 8_000)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    /// Reads the list of pauses; if there are any also the clock, and takes `n` of the SDK's entries away.
    fn on_block(n: u32) -> Weight {
        let n = u64::from(n);
        Weight::from_parts(20_000_000, 8_000)
            .saturating_add(Weight::from_parts(10_000_000, 3_700).saturating_mul(n))
            .saturating_add(T::DbWeight::get().reads(n.saturating_add(2)))
            .saturating_add(T::DbWeight::get().writes(n.saturating_add(u64::from(n > 0))))
    }
}
