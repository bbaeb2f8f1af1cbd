//! Provisional weights for `pallet_stake`: its storage accesses, as the pallet counts them, at ParityDB's price,
//! and an estimate of the time around them. `scripts/weights --only pallet_stake` writes the measured ones over
//! this file.

use core::marker::PhantomData;
use frame_support::weights::Weight;

/// Weight functions for `pallet_stake`.
pub struct WeightInfo<T>(PhantomData<T>);

/// The accesses, and a tenth of a millisecond of execution.
fn around(accesses: Weight) -> Weight {
    accesses.saturating_add(Weight::from_parts(100_000_000, 10_000))
}

impl<T: frame_system::Config> pallet_stake::WeightInfo for WeightInfo<T> {
    fn stake() -> Weight {
        around(<() as pallet_stake::WeightInfo>::stake())
    }
    fn unstake() -> Weight {
        around(<() as pallet_stake::WeightInfo>::unstake())
    }
    fn withdraw() -> Weight {
        around(<() as pallet_stake::WeightInfo>::withdraw())
    }
    fn back() -> Weight {
        around(<() as pallet_stake::WeightInfo>::back())
    }
    fn stop_backing() -> Weight {
        around(<() as pallet_stake::WeightInfo>::stop_backing())
    }
    fn claim() -> Weight {
        around(<() as pallet_stake::WeightInfo>::claim())
    }
    fn settle() -> Weight {
        around(<() as pallet_stake::WeightInfo>::settle())
    }
}
