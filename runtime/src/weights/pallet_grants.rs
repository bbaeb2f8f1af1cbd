//! Provisional weights for `pallet_grants`: its storage accesses, as the pallet counts them, at ParityDB's price,
//! and an estimate of the time around them. `scripts/weights --only pallet_grants` writes the measured ones over
//! this file.

use core::marker::PhantomData;
use frame_support::weights::Weight;

/// Weight functions for `pallet_grants`.
pub struct WeightInfo<T>(PhantomData<T>);

/// The accesses, and a tenth of a millisecond of execution.
fn around(accesses: Weight) -> Weight {
    accesses.saturating_add(Weight::from_parts(100_000_000, 10_000))
}

impl<T: frame_system::Config> pallet_grants::WeightInfo for WeightInfo<T> {
    fn apply() -> Weight {
        around(<() as pallet_grants::WeightInfo>::apply())
    }
    fn approve() -> Weight {
        around(<() as pallet_grants::WeightInfo>::approve())
    }
    fn deliver() -> Weight {
        around(<() as pallet_grants::WeightInfo>::deliver())
    }
    fn accept() -> Weight {
        around(<() as pallet_grants::WeightInfo>::accept())
    }
    fn reject() -> Weight {
        around(<() as pallet_grants::WeightInfo>::reject())
    }
    fn expire() -> Weight {
        around(<() as pallet_grants::WeightInfo>::expire())
    }
    fn cancel() -> Weight {
        around(<() as pallet_grants::WeightInfo>::cancel())
    }
}
