//! Worst cases of the pallet's calls and hooks.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{EnsureOrigin, Get, Hooks, TransactionPause},
};
use sp_runtime::traits::BlockNumberProvider;

/// Pauses this many calls, for a second each. They need not exist.
fn fill<T: Config>(count: u32) {
    let now = T::Time::current_block_number();
    let pauses: alloc::vec::Vec<_> = (0..count)
        .map(|number| {
            let call = T::BenchmarkHelper::call(number);
            assert!(T::Calls::pause(call.clone()).is_ok());
            Pause::new(call, now, 1, T::Rest::get())
        })
        .collect();
    Pauses::<T>::put(BoundedVec::truncate_from(pauses));
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn pause() -> Result<(), BenchmarkError> {
        let origin =
            T::PauseOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let call = T::BenchmarkHelper::real_call();
        fill::<T>(T::MaxPauses::get().saturating_sub(1));
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, call.clone(), T::MaxPause::get());
        assert!(T::Calls::is_paused(call));
        Ok(())
    }

    #[benchmark]
    fn lift() -> Result<(), BenchmarkError> {
        let origin =
            T::LiftOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        fill::<T>(T::MaxPauses::get());
        let call = T::BenchmarkHelper::call(T::MaxPauses::get().saturating_sub(1));
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, call.clone());
        assert!(!T::Calls::is_paused(call));
        Ok(())
    }

    #[benchmark]
    fn on_block(n: Linear<0, { T::MaxPauses::get() }>) {
        fill::<T>(n);
        T::Time::set_block_number(T::Time::current_block_number().saturating_add(1));
        #[block]
        {
            Pallet::<T>::on_initialize(1u32.into());
        }
        assert!(Pauses::<T>::get().iter().all(|one| !one.on));
    }

    impl_benchmark_test_suite!(Pallet, crate::tests::chain(), crate::tests::Runtime);
}
