//! Worst cases of the pallet's calls: a full list.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{EnsureOrigin, Get, ValidatorRegistration},
};

/// A list of `len` validators.
fn fill<T: Config>(len: u32) {
    let list: alloc::vec::Vec<T::AccountId> =
        (0..len).map(|i| account("validator", i, 0)).collect();
    Admitted::<T>::put(BoundedVec::truncate_from(list));
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn admit() -> Result<(), BenchmarkError> {
        let origin =
            T::AdmitOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        // Genesis of the benchmark's chain gave this one its session keys.
        let validator = Admitted::<T>::get()
            .into_iter()
            .find(T::SessionKeys::is_registered)
            .ok_or(BenchmarkError::Stop(
                "the chain has no validator with session keys",
            ))?;
        fill::<T>(T::MaxValidators::get().saturating_sub(1));
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, validator.clone());
        assert!(Admitted::<T>::get().contains(&validator));
        Ok(())
    }

    #[benchmark]
    fn remove() -> Result<(), BenchmarkError> {
        let origin =
            T::AdmitOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        fill::<T>(T::MaxValidators::get());
        let validator: T::AccountId = account("validator", 0, 0);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, validator.clone());
        assert!(!Admitted::<T>::get().contains(&validator));
        Ok(())
    }
}
