//! What an offence costs its culprit.

use crate::{
    Admitted, Config, Departing, Event, HoldReason, Hurry, Pallet, Punished, Records, Status,
    WeightInfo,
    types::{Expulsion, HURRIED_SESSIONS},
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
use sp_runtime::{PerThing, Perbill};
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
    /// What `fraction` of what a validator had before any punishment for this session is of what it has now,
    /// if it is more than what it has lost for the session already; and notes that it will have lost it.
    ///
    /// The offences pallet reports all culprits of one time once more for each that is added, with the part
    /// that so many lose together; and a validator that misbehaves in round after round has done one thing.
    fn still_due(culprit: &T::AccountId, fraction: Perbill, session: SessionIndex) -> Perbill {
        Punished::<T>::mutate(culprit, |punished| {
            let lost = punished.iter_mut().find(|(of, _)| *of == session);
            let before = lost.as_ref().map_or(Perbill::zero(), |(_, lost)| *lost);
            if fraction <= before {
                return Perbill::zero();
            }
            match lost {
                Some((_, lost)) => *lost = fraction,
                None => {
                    if punished.is_full() {
                        punished.remove(0);
                    }
                    // It has just got room.
                    let _ = punished.try_push((session, fraction));
                }
            }
            let more = fraction.deconstruct().saturating_sub(before.deconstruct());
            Perbill::from_rational(more, before.left_from_one().deconstruct())
        })
    }

    fn punish(culprit: &T::AccountId, fraction: Perbill, session: SessionIndex) {
        let Some(mut record) = Records::<T>::get(culprit) else {
            return; // it left so long ago that its bond is free
        };
        let fraction = Self::still_due(culprit, fraction, session);
        if fraction.is_zero() {
            return;
        }
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
        if sits && Self::do_leave(culprit, Expulsion::AtOnce).is_ok() {
            Hurry::<T>::put(HURRIED_SESSIONS);
        } else if Departing::<T>::get().contains(culprit) {
            Departing::<T>::mutate(|departing| departing.retain(|other| other != culprit));
            Self::expel_nodes_of(culprit);
        }
    }
}
