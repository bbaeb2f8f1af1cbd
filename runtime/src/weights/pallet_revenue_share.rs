//! Provisional weights for `pallet_revenue_share`: its storage accesses, as the pallet counts them, at ParityDB's price,
//! and an estimate of the time around them. `scripts/weights --only pallet_revenue_share` writes the measured ones over
//! this file.

use core::marker::PhantomData;
use frame_support::weights::Weight;

/// Weight functions for `pallet_revenue_share`.
pub struct WeightInfo<T>(PhantomData<T>);

/// The accesses, and a tenth of a millisecond of execution.
fn around(accesses: Weight) -> Weight {
    accesses.saturating_add(Weight::from_parts(100_000_000, 10_000))
}

impl<T: frame_system::Config> pallet_revenue_share::WeightInfo for WeightInfo<T> {
    fn register() -> Weight {
        around(<() as pallet_revenue_share::WeightInfo>::register())
    }
    fn deregister() -> Weight {
        around(<() as pallet_revenue_share::WeightInfo>::deregister())
    }
    fn suspend() -> Weight {
        around(<() as pallet_revenue_share::WeightInfo>::suspend())
    }
    fn reinstate() -> Weight {
        around(<() as pallet_revenue_share::WeightInfo>::reinstate())
    }
    fn invite() -> Weight {
        around(<() as pallet_revenue_share::WeightInfo>::invite())
    }
    fn accept() -> Weight {
        around(<() as pallet_revenue_share::WeightInfo>::accept())
    }
    fn leave() -> Weight {
        around(<() as pallet_revenue_share::WeightInfo>::leave())
    }
    fn remove_account() -> Weight {
        around(<() as pallet_revenue_share::WeightInfo>::remove_account())
    }
    fn set_payout() -> Weight {
        around(<() as pallet_revenue_share::WeightInfo>::set_payout())
    }
    fn claim() -> Weight {
        around(<() as pallet_revenue_share::WeightInfo>::claim())
    }
    fn attribute() -> Weight {
        around(<() as pallet_revenue_share::WeightInfo>::attribute())
    }
    fn check_period() -> Weight {
        around(<() as pallet_revenue_share::WeightInfo>::check_period())
    }
    fn close_period(n: u32) -> Weight {
        around(<() as pallet_revenue_share::WeightInfo>::close_period(n))
    }
}
