//! Worst cases of the pallet's calls: as many sources as there can be, all of which have spoken of every asset.

use super::*;
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{EnsureOrigin, Get},
};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use plume_primitives::{
    Balance,
    compliance::{Asset, Prices},
};

fn governing<T: Config>() -> Result<OriginFor<T>, BenchmarkError> {
    T::AdmitOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// PLUME and other assets, in ascending order.
fn list<T: Config>(count: u32, price: u128) -> BoundedVec<(Asset, Price), T::MaxAssets> {
    let others = (0..).map(Asset::Other);
    let assets: Vec<_> = core::iter::once(Asset::Native)
        .chain(others)
        .zip(core::iter::repeat(Price(price)))
        .take(usize::try_from(count).unwrap_or(usize::MAX))
        .collect();
    BoundedVec::truncate_from(assets)
}

/// All sources but `free` of them, each of which has spoken of `count` assets.
fn sources<T: Config>(free: u32, count: u32) -> Result<Vec<T::AccountId>, BenchmarkError> {
    let all: Vec<T::AccountId> = (0..T::MaxSources::get().saturating_sub(free))
        .map(|number| account("source", number, 0))
        .collect();
    for who in &all {
        Pallet::<T>::admit_source(governing::<T>()?, who.clone())?;
    }
    if count > 0 {
        for (who, price) in all.iter().zip(1..) {
            let origin = RawOrigin::Signed(who.clone()).into();
            Pallet::<T>::post(origin, list::<T>(count, price))?;
        }
    }
    Ok(all)
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn admit_source() -> Result<(), BenchmarkError> {
        Sources::<T>::kill();
        sources::<T>(1, 0)?;
        let who: T::AccountId = whitelisted_caller();
        let origin = governing::<T>()?;
        #[extrinsic_call]
        _(origin, who.clone());
        assert!(Sources::<T>::get().contains(&who));
        Ok(())
    }

    #[benchmark]
    fn remove_source(n: Linear<0, { T::MaxAssets::get() }>) -> Result<(), BenchmarkError> {
        Sources::<T>::kill();
        let all = sources::<T>(0, n)?;
        let last = all.last().cloned().ok_or(BenchmarkError::Weightless)?;
        let origin = governing::<T>()?;
        #[extrinsic_call]
        _(origin, last.clone());
        assert!(!Sources::<T>::get().contains(&last));
        Ok(())
    }

    #[benchmark]
    fn post(n: Linear<1, { T::MaxAssets::get() }>) -> Result<(), BenchmarkError> {
        Sources::<T>::kill();
        let all = sources::<T>(0, n)?;
        let last = all.last().cloned().ok_or(BenchmarkError::Weightless)?;
        let prices = list::<T>(n, 1_000_000);
        #[extrinsic_call]
        _(RawOrigin::Signed(last.clone()), prices);
        assert!(Statements::<T>::get(Asset::Native).is_some_and(|all| {
            all.iter()
                .any(|said| said.source == last && said.price == Price(1_000_000))
        }));
        Ok(())
    }

    #[benchmark]
    fn forget_asset() -> Result<(), BenchmarkError> {
        Sources::<T>::kill();
        sources::<T>(0, 1)?;
        let origin = governing::<T>()?;
        #[extrinsic_call]
        _(origin, Asset::Native);
        assert!(!Answers::<T>::contains_key(Asset::Native));
        Ok(())
    }

    #[benchmark]
    fn quote() -> Result<(), BenchmarkError> {
        Answers::<T>::insert(
            Asset::Native,
            Answer {
                price: Price(Price::MAX.0.saturating_sub(1)),
                at: 1,
            },
        );
        let answer;
        #[block]
        {
            answer = Pallet::<T>::quote(Asset::Native, Balance::MAX);
        }
        assert!(answer.is_some());
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::empty_chain(), crate::mock::Runtime);
}
