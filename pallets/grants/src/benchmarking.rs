//! Worst cases of the pallet's calls: as many milestones as a grant may have.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{
        EnsureOrigin, Get,
        fungible::{Inspect, Mutate},
    },
};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use plume_primitives::{Balance, Seconds};
use sp_core::H256;
use sp_runtime::traits::BlockNumberProvider;

fn granting<T: Config>() -> Result<OriginFor<T>, BenchmarkError> {
    T::GrantOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

fn judging<T: Config>() -> Result<OriginFor<T>, BenchmarkError> {
    T::AcceptOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

const DELIVERABLE: H256 = H256::repeat_byte(7);

/// An account that can pay a deposit.
fn grantee<T: Config>() -> T::AccountId {
    let who: T::AccountId = whitelisted_caller();
    let enough = T::Currency::minimum_balance()
        .saturating_add(T::Deposit::get())
        .saturating_mul(10);
    T::Currency::set_balance(&who, enough);
    who
}

fn plans<T: Config>() -> BoundedVec<Plan, T::MaxMilestones> {
    let plan = Plan {
        amount: T::Currency::minimum_balance(),
        within: T::MaxWithin::get(),
    };
    BoundedVec::truncate_from((0..T::MaxMilestones::get()).map(|_| plan).collect())
}

/// An application of the grantee's, for a beneficiary without an account.
fn applied<T: Config>() -> Result<(T::AccountId, GrantId), BenchmarkError> {
    let who = grantee::<T>();
    let id = NextId::<T>::get();
    Pallet::<T>::apply(
        RawOrigin::Signed(who.clone()).into(),
        H256::repeat_byte(1),
        account("beneficiary", 0, 0),
        plans::<T>(),
    )?;
    let worth: Balance = T::Currency::minimum_balance()
        .saturating_mul(T::MaxMilestones::get().into())
        .saturating_mul(10);
    T::Currency::set_balance(&T::Treasury::get(), worth);
    Ok((who, id))
}

/// The same, approved.
fn approved<T: Config>() -> Result<(T::AccountId, GrantId), BenchmarkError> {
    let (who, id) = applied::<T>()?;
    Pallet::<T>::approve(granting::<T>()?, id)?;
    Ok((who, id))
}

/// The same, with its last milestone delivered. Returns that one's place.
fn delivered<T: Config>() -> Result<(GrantId, u32), BenchmarkError> {
    let (who, id) = approved::<T>()?;
    let last = T::MaxMilestones::get().saturating_sub(1);
    Pallet::<T>::deliver(RawOrigin::Signed(who).into(), id, last, DELIVERABLE)?;
    Ok((id, last))
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn apply() {
        let who = grantee::<T>();
        let id = NextId::<T>::get();
        let beneficiary: T::AccountId = account("beneficiary", 0, 0);
        #[extrinsic_call]
        _(
            RawOrigin::Signed(who),
            H256::repeat_byte(1),
            beneficiary,
            plans::<T>(),
        );
        assert!(Grants::<T>::contains_key(id));
    }

    #[benchmark]
    fn approve() -> Result<(), BenchmarkError> {
        let origin = granting::<T>()?;
        let (_, id) = applied::<T>()?;
        #[extrinsic_call]
        _(origin, id);
        assert!(Grants::<T>::get(id).is_some_and(|grant| grant.status == Status::Approved));
        Ok(())
    }

    #[benchmark]
    fn deliver() -> Result<(), BenchmarkError> {
        let (who, id) = approved::<T>()?;
        let last = T::MaxMilestones::get().saturating_sub(1);
        #[extrinsic_call]
        _(RawOrigin::Signed(who), id, last, DELIVERABLE);
        assert!(Grants::<T>::get(id).is_some_and(|grant| {
            grant
                .milestones
                .last()
                .is_some_and(|last| matches!(last.state, State::Delivered { .. }))
        }));
        Ok(())
    }

    #[benchmark]
    fn accept() -> Result<(), BenchmarkError> {
        let origin = judging::<T>()?;
        let (id, last) = delivered::<T>()?;
        // The last one that is open: the grant ends, too.
        Grants::<T>::mutate(id, |grant| {
            if let Some(grant) = grant {
                for milestone in grant.milestones.iter_mut().take(last as usize) {
                    milestone.state = State::Paid;
                }
            }
        });
        #[extrinsic_call]
        _(origin, id, last, DELIVERABLE);
        assert!(!Grants::<T>::contains_key(id));
        Ok(())
    }

    #[benchmark]
    fn reject() -> Result<(), BenchmarkError> {
        let origin = judging::<T>()?;
        let (id, last) = delivered::<T>()?;
        #[extrinsic_call]
        _(origin, id, last, DELIVERABLE, H256::repeat_byte(9));
        assert!(Grants::<T>::get(id).is_some_and(|grant| {
            grant
                .milestones
                .last()
                .is_some_and(|last| matches!(last.state, State::Rejected { .. }))
        }));
        Ok(())
    }

    #[benchmark]
    fn expire() -> Result<(), BenchmarkError> {
        let (who, id) = approved::<T>()?;
        let late: Seconds = T::Time::current_block_number()
            .saturating_add(T::MaxWithin::get())
            .saturating_add(1);
        T::Time::set_block_number(late);
        #[extrinsic_call]
        _(RawOrigin::Signed(who), id);
        assert!(!Grants::<T>::contains_key(id));
        Ok(())
    }

    #[benchmark]
    fn cancel() -> Result<(), BenchmarkError> {
        let (who, id) = approved::<T>()?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who), id);
        assert!(!Grants::<T>::contains_key(id));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::chain(), crate::mock::Runtime);
}
