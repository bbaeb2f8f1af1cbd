//! Worst cases of the pallet's calls.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::traits::{
    EnsureOrigin, Get,
    fungible::{Inspect, Mutate},
};
use frame_system::RawOrigin;
use plume_primitives::allocations::{Bucket, YEAR};
use sp_runtime::traits::BlockNumberProvider;

/// Beside whatever a genesis has.
const ID: AllocationId = AllocationId::MAX;

/// Puts an allocation on record that is half released, to an account that does not exist, and fills the
/// pot for it. Returns its beneficiary and the planck that are due.
fn half_released<T: Config>() -> Result<(T::AccountId, Balance), BenchmarkError> {
    let beneficiary: T::AccountId = account("beneficiary", 0, 0);
    let deposit = T::Currency::minimum_balance();
    let due = deposit.saturating_mul(1_000);
    let total = due.saturating_mul(2);
    T::Currency::mint_into(&T::Pot::get(), total.saturating_add(deposit))?;
    Allocations::<T>::insert(
        ID,
        Allocation {
            bucket: Bucket::Team,
            beneficiary: beneficiary.clone(),
            total,
            claimed: 0,
            cliff_seconds: YEAR,
            duration_seconds: YEAR.saturating_mul(2),
        },
    );
    T::Time::set_block_number(YEAR);
    Ok((beneficiary, due))
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn claim() -> Result<(), BenchmarkError> {
        let (beneficiary, due) = half_released::<T>()?;
        let caller: T::AccountId = whitelisted_caller();
        #[extrinsic_call]
        _(RawOrigin::Signed(caller), ID);
        assert_eq!(T::Currency::balance(&beneficiary), due);
        Ok(())
    }

    #[benchmark]
    fn reassign() -> Result<(), BenchmarkError> {
        let origin =
            T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        half_released::<T>()?;
        let other: T::AccountId = account("beneficiary", 1, 0);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, ID, other.clone());
        assert_eq!(
            Allocations::<T>::get(ID).map(|allocation| allocation.beneficiary),
            Some(other)
        );
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::empty_chain(), crate::mock::Runtime);
}
