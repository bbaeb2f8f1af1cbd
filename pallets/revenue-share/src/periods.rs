//! Attributes fees to the open period, and closes it when it is over.

use crate::{
    Config, Event, InstitutionId, InstitutionOf, Institutions, Open, OpenPeriod, Owed, Pallet,
    Right, Rights, WeightInfo, division::payout,
};
use alloc::vec::Vec;
use frame_support::{
    defensive,
    traits::{
        Get,
        fungible::Inspect,
        tokens::{Fortitude, Preservation},
    },
    weights::Weight,
};
use plume_primitives::{Balance, Seconds, revenue::OnFeePaid, screening::Screening};

impl<T: Config> OnFeePaid<T::AccountId> for Pallet<T> {
    fn on_fee_paid(payer: &T::AccountId, base_fee: Balance) -> Weight {
        let Some(id) = InstitutionOf::<T>::get(payer) else {
            return Weight::zero();
        };
        Self::attribute(id, payer, base_fee);
        T::WeightInfo::attribute()
    }
}

impl<T: Config> Pallet<T> {
    /// Adds a fee to the open period of an institution, if it and the payer may take part.
    pub(crate) fn attribute(id: InstitutionId, payer: &T::AccountId, base_fee: Balance) {
        Institutions::<T>::mutate(id, |institution| {
            if let Some(institution) = institution
                && !institution.suspended
                && T::Screening::admits(&institution.main)
                && T::Screening::admits(payer)
            {
                institution.fees = institution.fees.saturating_add(base_fee);
            }
        });
    }

    /// Planck in the pot that nobody has a right to yet. The pot's account itself stays alive.
    pub fn undivided() -> Balance {
        T::Currency::reducible_balance(&T::Pot::get(), Preservation::Preserve, Fortitude::Polite)
            .saturating_sub(Owed::<T>::get())
    }

    /// Closes the open period and opens the next: rights that are too old fall back to the pot, and what
    /// nobody has a right to is divided by the fees of the period. Returns how many institutions there are.
    ///
    /// A period begins when the one before it was closed, not where a calendar would have it. So however
    /// long the chain stood still, there is one period to close.
    pub(crate) fn close_period(open: OpenPeriod, now: Seconds) -> u32 {
        let mut institutions = 0u32;
        let mut sharing = Vec::new();
        let mut total: Balance = 0;
        for (id, mut institution) in Institutions::<T>::iter().collect::<Vec<_>>() {
            institutions = institutions.saturating_add(1);
            Self::expire_rights(id, open);
            let fees = core::mem::take(&mut institution.fees);
            if fees == 0 {
                continue;
            }
            if !institution.suspended && T::Screening::admits(&institution.main) {
                total = total.saturating_add(fees);
                sharing.push((id, fees));
            }
            Institutions::<T>::insert(id, institution);
        }

        let pot = Self::undivided();
        let mut shared: Balance = 0;
        for (institution, fees) in sharing {
            // The sum of the fees could only be too small if it had saturated.
            let left = pot.saturating_sub(shared);
            let amount = payout(pot, fees, total, T::Cap::get()).min(left);
            let period = open.number;
            if amount == 0 {
                continue;
            }
            if Rights::<T>::try_append(institution, Right { period, amount }).is_err() {
                defensive!("as many rights as periods, though the oldest has just expired");
                continue;
            }
            shared = shared.saturating_add(amount);
            Self::deposit_event(Event::ShareCredited {
                institution,
                period,
                fees,
                amount,
            });
        }
        Owed::<T>::mutate(|owed| *owed = owed.saturating_add(shared));
        Open::<T>::put(OpenPeriod {
            number: open.number.saturating_add(1),
            since: now,
        });
        Self::deposit_event(Event::PeriodClosed {
            period: open.number,
            fees: total,
            pot,
            shared,
        });
        institutions
    }

    /// Drops what an institution has not claimed in `ClaimPeriods` periods.
    fn expire_rights(institution: InstitutionId, open: OpenPeriod) {
        let mut expired: Balance = 0;
        Rights::<T>::mutate_exists(institution, |rights| {
            if let Some(list) = rights {
                list.retain(|right| {
                    let kept = right.period.saturating_add(T::ClaimPeriods::get()) > open.number;
                    if !kept {
                        expired = expired.saturating_add(right.amount);
                    }
                    kept
                });
                if list.is_empty() {
                    *rights = None;
                }
            }
        });
        if expired > 0 {
            Owed::<T>::mutate(|owed| *owed = owed.saturating_sub(expired));
            Self::deposit_event(Event::RightsExpired {
                institution,
                amount: expired,
            });
        }
    }
}
