//! What an offence costs its culprit.

use crate::{
    Admitted, Config, Event, HURRIED_SESSIONS, HoldReason, Hurry, Pallet, Records, Status,
    WeightInfo,
};
use frame_support::{
    traits::{
        Get,
        fungible::hold::Mutate,
        tokens::{Fortitude, Precision, Restriction},
    },
    weights::Weight,
};
use plume_primitives::staking::OnSlash;
use sp_runtime::Perbill;
use sp_staking::{
    SessionIndex,
    offence::{OffenceDetails, OnOffenceHandler},
};

impl<T: Config> OnOffenceHandler<T::AccountId, (T::AccountId, ()), Weight> for Pallet<T> {
    /// Slashes every culprit and its backers by its fraction, and takes it off the list.
    fn on_offence(
        offenders: &[OffenceDetails<T::AccountId, (T::AccountId, ())>],
        fractions: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        let mut weight = Weight::zero();
        for (details, fraction) in offenders.iter().zip(fractions) {
            let (culprit, ()) = &details.offender;
            Self::punish(culprit, *fraction, session);
            weight = weight.saturating_add(T::WeightInfo::on_offence());
        }
        weight
    }
}

impl<T: Config> Pallet<T> {
    fn punish(culprit: &T::AccountId, fraction: Perbill, session: SessionIndex) {
        let Some(mut record) = Records::<T>::get(culprit) else {
            return; // it left so long ago that its bond is free
        };
        let due = fraction.mul_floor(record.bond);
        let reason = HoldReason::ValidatorBond.into();
        let slashed = T::Currency::transfer_on_hold(
            &reason,
            culprit,
            &T::SlashedFunds::get(),
            due,
            Precision::BestEffort,
            Restriction::Free,
            Fortitude::Force,
        );
        match slashed {
            Ok(amount) => {
                record.bond = record.bond.saturating_sub(amount);
                Self::deposit_event(Event::Slashed {
                    validator: culprit.clone(),
                    amount,
                    session,
                });
            }
            // The pot exists from genesis on, so that this is not reached; the culprit goes in any case.
            Err(error) => {
                frame_support::defensive!("a bond could not be slashed", error);
            }
        }
        T::Backers::slash(culprit, fraction);
        let sits = record.status == Status::Admitted && Admitted::<T>::decode_len() > Some(1);
        Records::<T>::insert(culprit, record);
        if sits && Self::do_leave(culprit).is_ok() {
            Hurry::<T>::put(HURRIED_SESSIONS);
        }
    }
}
