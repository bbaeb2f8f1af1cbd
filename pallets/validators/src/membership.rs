//! Who asks to be a validator, is admitted, and goes.

use crate::{
    Admitted, Config, Departing, Error, Event, FULL_RELIABILITY, HoldReason, MinimumBond, NodesOf,
    Pallet, Plans, Record, Records, Seated, Status, types::Expulsion,
};
use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Get, ValidatorRegistration, fungible::hold::Mutate},
};
use plume_primitives::Balance;
use sp_core::H256;
use sp_runtime::traits::BlockNumberProvider;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_apply(
        validator: T::AccountId,
        lei_hash: H256,
        bond: Balance,
    ) -> DispatchResult {
        match Records::<T>::get(&validator).map(|record| record.status) {
            None => {}
            Some(Status::Applied) => return Err(Error::<T>::AlreadyApplied.into()),
            Some(Status::Admitted) => return Err(Error::<T>::AlreadyAdmitted.into()),
            Some(Status::Unbonding { .. }) => return Err(Error::<T>::Unbonding.into()),
        }
        ensure!(
            T::SessionKeys::is_registered(&validator),
            Error::<T>::NoSessionKeys
        );
        ensure!(bond >= MinimumBond::<T>::get(), Error::<T>::BondTooSmall);
        ensure!(
            Records::<T>::count() < T::MaxRecords::get(),
            Error::<T>::TooManyRecords
        );
        T::Currency::hold(&HoldReason::ValidatorBond.into(), &validator, bond)?;
        Records::<T>::insert(
            &validator,
            Record {
                lei_hash,
                bond,
                status: Status::Applied,
                reliability: FULL_RELIABILITY,
            },
        );
        Self::deposit_event(Event::Applied {
            validator,
            lei_hash,
            bond,
        });
        Ok(())
    }

    pub(crate) fn do_admit(validator: T::AccountId) -> DispatchResult {
        ensure!(
            T::SessionKeys::is_registered(&validator),
            Error::<T>::NoSessionKeys
        );
        Records::<T>::try_mutate(&validator, |record| -> DispatchResult {
            let record = record.as_mut().ok_or(Error::<T>::NotApplied)?;
            match record.status {
                Status::Applied => record.status = Status::Admitted,
                Status::Admitted => return Err(Error::<T>::AlreadyAdmitted.into()),
                Status::Unbonding { .. } => return Err(Error::<T>::Unbonding.into()),
            }
            Admitted::<T>::try_append(validator.clone())
                .map_err(|()| Error::<T>::TooManyValidators)?;
            Ok(())
        })?;
        Self::deposit_event(Event::Admitted { validator });
        Ok(())
    }

    /// Takes a validator off the list and starts its unbonding, or ends an application.
    pub(crate) fn do_leave(validator: &T::AccountId, nodes: Expulsion) -> DispatchResult {
        let mut record = Records::<T>::get(validator).ok_or(Error::<T>::Unknown)?;
        match record.status {
            Status::Unbonding { .. } => Err(Error::<T>::NotAdmitted.into()),
            Status::Applied => {
                Self::end(validator, &record)?;
                Self::deposit_event(Event::ApplicationEnded {
                    validator: validator.clone(),
                });
                Ok(())
            }
            Status::Admitted => {
                Admitted::<T>::try_mutate(|list| {
                    ensure!(list.len() > 1, Error::<T>::LastValidator);
                    list.retain(|other| other != validator);
                    Ok::<_, Error<T>>(())
                })?;
                let stays = nodes == Expulsion::WithItsSeat
                    && NodesOf::<T>::contains_key(validator)
                    && Self::has_a_seat(validator)
                    && Departing::<T>::try_append(validator).is_ok();
                if !stays {
                    Self::expel_nodes_of(validator);
                }
                let until = T::Time::current_block_number().saturating_add(T::UnbondingTime::get());
                record.status = Status::Unbonding { until };
                Records::<T>::insert(validator, record);
                Self::deposit_event(Event::Removed {
                    validator: validator.clone(),
                    until,
                });
                Ok(())
            }
        }
    }

    /// Whether a validator sits in this session or a planned one.
    pub(crate) fn has_a_seat(validator: &T::AccountId) -> bool {
        Seated::<T>::get().contains(validator)
            || Plans::<T>::iter_values().any(|plan| plan.contains(validator))
    }
}
