//! Worst cases of the pallet's calls: two institutions, as many freezes and sealed bytes as there may be.

use super::*;
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{EnsureOrigin, Get},
};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use plume_primitives::{
    Seconds,
    compliance::{Jurisdiction, SubjectId},
    credentials::{MAX_REACH, Reach},
    regulation::CaseId,
};
use sp_core::H256;
use sp_runtime::traits::BlockNumberProvider;

fn governing<T: Config>() -> Result<OriginFor<T>, BenchmarkError> {
    T::AdmitOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// A supervisor without bounds.
fn supervisor<T: Config>() -> Result<T::AccountId, BenchmarkError> {
    let who: T::AccountId = whitelisted_caller();
    Pallet::<T>::admit_supervisor(
        governing::<T>()?,
        who.clone(),
        H256::zero(),
        Powers::ALL,
        Reach::Everywhere,
    )?;
    Ok(who)
}

fn end<T: Config>() -> Seconds {
    T::Time::current_block_number().saturating_add(T::MaxWarrantTime::get())
}

fn opened<T: Config>(
    who: &T::AccountId,
    target: Target<T::AccountId>,
) -> Result<WarrantId, BenchmarkError> {
    let warrant = NextWarrant::<T>::get();
    Pallet::<T>::open_warrant(
        RawOrigin::Signed(who.clone()).into(),
        target,
        Powers::ALL,
        H256::zero(),
        end::<T>(),
        None,
    )?;
    Ok(warrant)
}

/// Two subjects of two institutions, and an amount of the one's for the other.
fn held<T: Config>() -> (SubjectId, CaseId) {
    // Odd and even, for a registry that tells institutions apart by it.
    let from = T::BenchmarkHelper::subject(&account("institution", 1, 0));
    let to = T::BenchmarkHelper::subject(&account("institution", 2, 0));
    (from, T::BenchmarkHelper::held_amount(&from, &to))
}

/// As many warrants about the case as can freeze at once, but for `free` of them.
fn warrants<T: Config>(
    who: &T::AccountId,
    case: CaseId,
    free: u32,
) -> Result<Vec<WarrantId>, BenchmarkError> {
    (0..T::MaxFreezes::get().saturating_sub(free))
        .map(|_| opened::<T>(who, Target::Case(case)))
        .collect()
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn admit_supervisor() -> Result<(), BenchmarkError> {
        let origin = governing::<T>()?;
        let who: T::AccountId = whitelisted_caller();
        let countries: Vec<Jurisdiction> = (b'A'..=b'Z')
            .flat_map(|first| (b'A'..=b'Z').map(move |second| Jurisdiction([first, second])))
            .take(usize::try_from(MAX_REACH).unwrap_or(0))
            .collect();
        let reach = Reach::In(BoundedVec::truncate_from(countries));
        #[extrinsic_call]
        _(origin, who.clone(), H256::zero(), Powers::ALL, reach);
        assert!(Supervisors::<T>::contains_key(who));
        Ok(())
    }

    #[benchmark]
    fn dismiss_supervisor() -> Result<(), BenchmarkError> {
        let who = supervisor::<T>()?;
        let origin = governing::<T>()?;
        #[extrinsic_call]
        _(origin, who.clone());
        assert!(Supervisors::<T>::get(who).is_some_and(|known| !known.admitted));
        Ok(())
    }

    #[benchmark]
    fn open_warrant() -> Result<(), BenchmarkError> {
        let who = supervisor::<T>()?;
        let (_, case) = held::<T>();
        let warrant = NextWarrant::<T>::get();
        #[extrinsic_call]
        _(
            RawOrigin::Signed(who),
            Target::Case(case),
            Powers::ALL,
            H256::zero(),
            end::<T>(),
            Some(case),
        );
        assert!(Warrants::<T>::contains_key(warrant));
        Ok(())
    }

    #[benchmark]
    fn withdraw_warrant() -> Result<(), BenchmarkError> {
        let who = supervisor::<T>()?;
        let (_, case) = held::<T>();
        let warrant = opened::<T>(&who, Target::Case(case))?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who), warrant, H256::zero());
        assert!(Warrants::<T>::get(warrant).is_some_and(|known| known.withdrawn));
        Ok(())
    }

    #[benchmark]
    fn freeze_subject() -> Result<(), BenchmarkError> {
        let who = supervisor::<T>()?;
        let (subject, case) = held::<T>();
        for warrant in warrants::<T>(&who, case, 1)? {
            let origin = RawOrigin::Signed(who.clone()).into();
            Pallet::<T>::freeze_subject(origin, warrant, subject, H256::zero())?;
        }
        let warrant = opened::<T>(&who, Target::Case(case))?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who), warrant, subject, H256::zero());
        assert!(SubjectFreezes::<T>::get(subject).contains(&warrant));
        Ok(())
    }

    #[benchmark]
    fn release_subject() -> Result<(), BenchmarkError> {
        let who = supervisor::<T>()?;
        let (subject, case) = held::<T>();
        let warrant = opened::<T>(&who, Target::Case(case))?;
        let origin = RawOrigin::Signed(who.clone()).into();
        Pallet::<T>::freeze_subject(origin, warrant, subject, H256::zero())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who), warrant, subject, H256::zero());
        assert!(!SubjectFreezes::<T>::contains_key(subject));
        Ok(())
    }

    #[benchmark]
    fn freeze_amount() -> Result<(), BenchmarkError> {
        let who = supervisor::<T>()?;
        let (_, case) = held::<T>();
        for warrant in warrants::<T>(&who, case, 1)? {
            let origin = RawOrigin::Signed(who.clone()).into();
            Pallet::<T>::freeze_amount(origin, warrant, case, H256::zero())?;
        }
        let warrant = opened::<T>(&who, Target::Case(case))?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who), warrant, case, H256::zero());
        assert!(AmountFreezes::<T>::get(case).contains(&warrant));
        Ok(())
    }

    #[benchmark]
    fn release_amount() -> Result<(), BenchmarkError> {
        let who = supervisor::<T>()?;
        let (_, case) = held::<T>();
        let mut last = 0;
        for warrant in warrants::<T>(&who, case, 0)? {
            let origin = RawOrigin::Signed(who.clone()).into();
            Pallet::<T>::freeze_amount(origin, warrant, case, H256::zero())?;
            last = warrant;
        }
        #[extrinsic_call]
        _(RawOrigin::Signed(who), last, case, H256::zero());
        assert!(!AmountFreezes::<T>::get(case).contains(&last));
        Ok(())
    }

    #[benchmark]
    fn record_access() -> Result<(), BenchmarkError> {
        let who = supervisor::<T>()?;
        let (subject, case) = held::<T>();
        let warrant = opened::<T>(&who, Target::Case(case))?;
        let lines = LogCount::<T>::get();
        let length = usize::try_from(T::MaxSealed::get()).unwrap_or(0);
        let sealed = BoundedVec::truncate_from(alloc::vec![7; length]);
        #[extrinsic_call]
        _(
            RawOrigin::Signed(who),
            Some(warrant),
            subject,
            H256::zero(),
            sealed,
        );
        assert!(LogCount::<T>::get() > lines);
        Ok(())
    }

    #[benchmark]
    fn record_opening() -> Result<(), BenchmarkError> {
        let who = supervisor::<T>()?;
        let (_, case) = held::<T>();
        let warrant = opened::<T>(&who, Target::Case(case))?;
        let what = H256::repeat_byte(1);
        #[extrinsic_call]
        _(RawOrigin::Signed(who), warrant, what, u16::MAX);
        assert!(Openings::<T>::contains_key(what));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::empty_chain(), crate::mock::Runtime);
}
