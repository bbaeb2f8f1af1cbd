//! Worst cases of the pallet's calls and hooks: full lists.

use super::*;
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{
        EnsureOrigin, Get, Hooks,
        fungible::{Inspect, Mutate},
    },
};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use plume_primitives::Balance;
use sp_core::H256;
use sp_runtime::traits::BlockNumberProvider;

fn admin<T: Config>() -> Result<OriginFor<T>, BenchmarkError> {
    T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// A thousand existential deposits: enough for whatever is paid here.
fn plenty<T: Config>() -> Balance {
    T::Currency::minimum_balance().saturating_mul(1_000)
}

/// An institution that is registered.
fn registered<T: Config>(main: &T::AccountId) -> InstitutionId {
    let id = NextId::<T>::get();
    NextId::<T>::put(id.saturating_add(1));
    Institutions::<T>::insert(
        id,
        Institution {
            main: main.clone(),
            payout: account("payout", id, 0),
            lei_hash: H256::repeat_byte(1),
            suspended: false,
            fees: 0,
        },
    );
    id
}

/// As many accounts and as many invitations as an institution may have, less `less` of each. Returns the
/// accounts.
fn filled<T: Config>(id: InstitutionId, less: u32) -> Vec<T::AccountId> {
    let most = T::MaxAccounts::get().saturating_sub(less);
    let members: Vec<T::AccountId> = (0..most).map(|i| account("member", i, id)).collect();
    let invited: Vec<T::AccountId> = (0..most).map(|i| account("invited", i, id)).collect();
    for member in &members {
        InstitutionOf::<T>::insert(member, id);
    }
    Members::<T>::insert(id, BoundedVec::truncate_from(members.clone()));
    Invitations::<T>::insert(id, BoundedVec::truncate_from(invited));
    members
}

/// Rights of the last `periods` closed periods.
fn entitled<T: Config>(id: InstitutionId, periods: u32, open: PeriodNumber) {
    let first = open.saturating_sub(periods);
    let amount = T::Currency::minimum_balance();
    let rights = (first..open)
        .map(|period| Right { period, amount })
        .collect();
    Rights::<T>::insert(id, BoundedVec::truncate_from(rights));
    Owed::<T>::mutate(|owed| {
        *owed = owed.saturating_add(amount.saturating_mul(periods.into()));
    });
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn register() -> Result<(), BenchmarkError> {
        let origin = admin::<T>()?;
        let main: T::AccountId = account("main", 0, 0);
        let id = NextId::<T>::get();
        #[extrinsic_call]
        _(origin, main, H256::repeat_byte(1));
        assert!(Institutions::<T>::contains_key(id));
        Ok(())
    }

    #[benchmark]
    fn deregister() -> Result<(), BenchmarkError> {
        let origin = admin::<T>()?;
        let id = registered::<T>(&account("main", 0, 0));
        filled::<T>(id, 0);
        #[extrinsic_call]
        _(origin, id);
        assert!(!Institutions::<T>::contains_key(id));
        Ok(())
    }

    #[benchmark]
    fn suspend() -> Result<(), BenchmarkError> {
        let origin = admin::<T>()?;
        let id = registered::<T>(&account("main", 0, 0));
        #[extrinsic_call]
        _(origin, id);
        assert!(Institutions::<T>::get(id).is_some_and(|known| known.suspended));
        Ok(())
    }

    #[benchmark]
    fn reinstate() -> Result<(), BenchmarkError> {
        let origin = admin::<T>()?;
        let id = registered::<T>(&account("main", 0, 0));
        Pallet::<T>::suspend(admin::<T>()?, id)?;
        #[extrinsic_call]
        _(origin, id);
        assert!(Institutions::<T>::get(id).is_some_and(|known| !known.suspended));
        Ok(())
    }

    #[benchmark]
    fn invite() {
        let main: T::AccountId = whitelisted_caller();
        let id = registered::<T>(&main);
        filled::<T>(id, 1);
        let last: T::AccountId = account("last", 0, 0);
        #[extrinsic_call]
        _(RawOrigin::Signed(main), id, last.clone());
        assert!(Invitations::<T>::get(id).contains(&last));
    }

    #[benchmark]
    fn accept() -> Result<(), BenchmarkError> {
        let id = registered::<T>(&account("main", 0, 0));
        filled::<T>(id, 1);
        let last: T::AccountId = whitelisted_caller();
        Pallet::<T>::do_invite(id, last.clone())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(last.clone()), id);
        assert_eq!(InstitutionOf::<T>::get(&last), Some(id));
        Ok(())
    }

    #[benchmark]
    fn leave() -> Result<(), BenchmarkError> {
        let id = registered::<T>(&account("main", 0, 0));
        filled::<T>(id, 1);
        let last: T::AccountId = whitelisted_caller();
        Pallet::<T>::do_join(id, last.clone())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(last.clone()));
        assert!(!InstitutionOf::<T>::contains_key(&last));
        Ok(())
    }

    #[benchmark]
    fn remove_account() -> Result<(), BenchmarkError> {
        let main: T::AccountId = whitelisted_caller();
        let id = registered::<T>(&main);
        let members = filled::<T>(id, 0);
        let last = members.last().ok_or("there are accounts")?.clone();
        #[extrinsic_call]
        _(RawOrigin::Signed(main), id, last.clone());
        assert!(!InstitutionOf::<T>::contains_key(&last));
        Ok(())
    }

    #[benchmark]
    fn set_payout() {
        let main: T::AccountId = whitelisted_caller();
        let id = registered::<T>(&main);
        let payout: T::AccountId = account("other", 0, 0);
        #[extrinsic_call]
        _(RawOrigin::Signed(main), id, payout.clone());
        assert!(Institutions::<T>::get(id).is_some_and(|known| known.payout == payout));
    }

    #[benchmark]
    fn claim() {
        let caller: T::AccountId = whitelisted_caller();
        let id = registered::<T>(&account("main", 0, 0));
        let periods = T::ClaimPeriods::get();
        entitled::<T>(id, periods, periods);
        let owed = Owed::<T>::get();
        T::Currency::set_balance(&T::Pot::get(), plenty::<T>().saturating_add(owed));
        #[extrinsic_call]
        _(RawOrigin::Signed(caller), id);
        assert_eq!(Owed::<T>::get(), 0);
    }

    #[benchmark]
    fn attribute() {
        let payer: T::AccountId = whitelisted_caller();
        let id = registered::<T>(&account("main", 0, 0));
        #[block]
        {
            Pallet::<T>::attribute(id, &payer, 1_000);
        }
        assert!(Institutions::<T>::get(id).is_some_and(|known| known.fees == 1_000));
    }

    #[benchmark]
    fn check_period() {
        Open::<T>::put(OpenPeriod {
            number: 7,
            since: T::Time::current_block_number(),
        });
        #[block]
        {
            Pallet::<T>::on_initialize(1u32.into());
        }
        assert_eq!(Open::<T>::get().number, 7);
    }

    #[benchmark]
    fn close_period(n: Linear<0, { T::MaxInstitutions::get() }>) {
        let open = OpenPeriod {
            number: T::ClaimPeriods::get(),
            since: 0,
        };
        Open::<T>::put(open);
        for i in 0..n {
            let id = registered::<T>(&account("main", i, 0));
            // As many rights as there can be, of which the oldest expires.
            entitled::<T>(id, T::ClaimPeriods::get(), open.number);
            Institutions::<T>::mutate(id, |known| {
                if let Some(known) = known {
                    known.fees = plenty::<T>();
                }
            });
        }
        let owed = Owed::<T>::get();
        let pot = plenty::<T>().saturating_mul(n.saturating_add(1).into());
        T::Currency::set_balance(&T::Pot::get(), owed.saturating_add(pot));
        let now = T::Period::get();
        #[block]
        {
            Pallet::<T>::close_period(open, now);
        }
        assert_eq!(Open::<T>::get().number, open.number.saturating_add(1));
        assert_eq!(Rights::<T>::iter().count(), n as usize);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::empty_chain(), crate::mock::Runtime);
}
