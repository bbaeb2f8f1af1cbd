//! Worst cases of the pallet's calls and hooks.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::traits::fungible::Inspect;
use plume_primitives::units::PLUME;

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn settle() {
        let issued = T::Currency::issue(1_000_000 * PLUME);
        let issuance = T::Currency::total_issuance();
        Pallet::<T>::collect(issued, CreditOf::<T>::zero());
        #[block]
        {
            Pallet::<T>::settle();
        }
        assert_eq!(
            T::Currency::total_issuance(),
            issuance - TotalBurned::<T>::get()
        );
    }
}
