//! Worst cases of the pallet's calls: an account with as many unstakings as it may have, each of a pool of
//! its own that has been slashed since, and a stake that has earned and been slashed.

use super::*;
use crate::{Call, Stage};
use frame_benchmarking::v2::*;
use frame_support::{
    dispatch::DispatchResult,
    traits::{
        Get,
        fungible::{Inspect, Mutate},
    },
};
use frame_system::RawOrigin;
use plume_primitives::staking::{OnReward, OnSlash};
use sp_runtime::Perbill;

/// What is staked in one step here, in planck.
fn unit<T: Config>() -> Balance {
    T::MinimumStake::get().max(T::Currency::minimum_balance())
}

impl<T: Config> Pallet<T> {
    /// Puts new PLUME at stake for an account.
    pub(crate) fn give_stake(who: &T::AccountId) {
        let amount = unit::<T>().saturating_mul(1_000);
        T::Currency::set_balance(who, amount.saturating_mul(2));
        frame_support::assert_ok!(Self::do_stake(who, amount));
    }

    /// Gives a validator a backer, and the pots what they need to take and give; for pallets that measure
    /// what a reward and a slash cost.
    pub fn give_backer(validator: &T::AccountId) {
        for pot in [T::RewardPot::get(), T::SlashedFunds::get()] {
            T::Currency::set_balance(&pot, unit::<T>());
        }
        let backer: T::AccountId = account("backer", 0, 0);
        // One account backs one validator.
        Stakers::<T>::remove(&backer);
        Self::give_stake(&backer);
        frame_support::assert_ok!(Self::join_pool(&backer, validator));
    }
}

/// Lets the stake stop backing, and the time pass until it is idle.
fn end_risk<T: Config>(who: &T::AccountId) -> DispatchResult {
    Pallet::<T>::do_stop_backing(who)?;
    Stakers::<T>::mutate(who, |staker| {
        if let Some(exposure) = staker.as_mut().and_then(|staker| staker.exposure.as_mut()) {
            exposure.stage = Stage::Cooling { until: 0 };
        }
    });
    Pallet::<T>::do_settle(who)
}

/// An account with idle stake, and so many unstakings.
fn busy<T: Config>(unstakings: u32) -> Result<T::AccountId, BenchmarkError> {
    let who: T::AccountId = account("staker", 0, 0);
    Pallet::<T>::give_stake(&who);
    let validator = |index| -> T::AccountId { account("validator", index, 0) };
    for index in 0..unstakings {
        Pallet::<T>::give_backer(&validator(index));
        Pallet::<T>::join_pool(&who, &validator(index))?;
        Pallet::<T>::do_unstake(&who, unit::<T>())?;
        end_risk::<T>(&who)?;
    }
    for index in 0..unstakings {
        Pallet::<T>::slash(&validator(index), Perbill::from_percent(10));
    }
    Ok(who)
}

/// As [`busy`] with all the unstakings there may be; and the stake backs a validator, has earned, and has
/// been slashed.
fn backing<T: Config>() -> Result<T::AccountId, BenchmarkError> {
    let who = busy::<T>(T::MaxUnstaking::get())?;
    let validator = T::BenchmarkHelper::backable();
    Pallet::<T>::give_backer(&validator);
    Pallet::<T>::join_pool(&who, &validator)?;
    let payer: T::AccountId = account("payer", 0, 0);
    T::Currency::set_balance(&payer, unit::<T>().saturating_mul(3));
    assert_eq!(
        Pallet::<T>::reward(&validator, &payer, unit::<T>()),
        unit::<T>()
    );
    Pallet::<T>::slash(&validator, Perbill::from_percent(10));
    Ok(who)
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn stake() -> Result<(), BenchmarkError> {
        let who = backing::<T>()?;
        let before = Pallet::<T>::voice(&who);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), unit::<T>());
        assert_eq!(Pallet::<T>::voice(&who), before.saturating_add(unit::<T>()));
        Ok(())
    }

    #[benchmark]
    fn unstake() -> Result<(), BenchmarkError> {
        let who = busy::<T>(T::MaxUnstaking::get().saturating_sub(2))?;
        let validator = T::BenchmarkHelper::backable();
        Pallet::<T>::give_backer(&validator);
        Pallet::<T>::join_pool(&who, &validator)?;
        Pallet::<T>::do_stop_backing(&who)?;
        Pallet::<T>::slash(&validator, Perbill::from_percent(10));
        Pallet::<T>::do_stake(&who, unit::<T>())?;
        Pallet::<T>::slash(&validator, Perbill::from_percent(10));
        let all = Pallet::<T>::voice(&who);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), all);
        assert_eq!(Pallet::<T>::voice(&who), 0);
        Ok(())
    }

    #[benchmark]
    fn withdraw() -> Result<(), BenchmarkError> {
        let caller: T::AccountId = whitelisted_caller();
        let who = backing::<T>()?;
        Stakers::<T>::mutate(&who, |staker| {
            for entry in staker
                .iter_mut()
                .flat_map(|staker| staker.unstaking.iter_mut())
            {
                entry.until = 0;
            }
        });
        #[extrinsic_call]
        _(RawOrigin::Signed(caller), who.clone());
        assert!(Stakers::<T>::get(&who).is_some_and(|staker| staker.unstaking.is_empty()));
        Ok(())
    }

    #[benchmark]
    fn back() -> Result<(), BenchmarkError> {
        let who = busy::<T>(T::MaxUnstaking::get())?;
        let validator = T::BenchmarkHelper::backable();
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), validator.clone());
        assert_eq!(Pallet::<T>::backed(&who), Some(validator));
        Ok(())
    }

    #[benchmark]
    fn stop_backing() -> Result<(), BenchmarkError> {
        let who = backing::<T>()?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));
        assert_eq!(Pallet::<T>::backed(&who), None);
        Ok(())
    }

    #[benchmark]
    fn claim() -> Result<(), BenchmarkError> {
        let caller: T::AccountId = whitelisted_caller();
        let who = backing::<T>()?;
        let before = T::Currency::balance(&who);
        #[extrinsic_call]
        _(RawOrigin::Signed(caller), who.clone());
        assert!(T::Currency::balance(&who) > before);
        Ok(())
    }

    #[benchmark]
    fn settle() -> Result<(), BenchmarkError> {
        let caller: T::AccountId = whitelisted_caller();
        let who = backing::<T>()?;
        #[extrinsic_call]
        _(RawOrigin::Signed(caller), who.clone());
        let staker = Stakers::<T>::get(&who).ok_or(BenchmarkError::Stop("it has a stake"))?;
        assert_eq!(staker.active(), Pallet::<T>::voice(&who));
        assert!(staker.earned > 0);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::chain(), crate::mock::Runtime);
}
