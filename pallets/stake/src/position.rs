//! Where an account stands, without settling it.

use crate::{Config, Exposure, Pallet, Pools, Stage, Stakers};
use plume_primitives::Balance;

impl<T: Config> Pallet<T> {
    /// What an account has at stake, in planck: idle, backing or cooling, after every slash. What is being
    /// unstaked is not.
    pub fn voice(who: &T::AccountId) -> Balance {
        let Some(staker) = Stakers::<T>::get(who) else {
            return 0;
        };
        let exposed = staker.exposure.map_or(0, |Exposure { lot, .. }| {
            Pools::<T>::get(lot.pool).map_or(0, |pool| pool.index.worth(lot.shares))
        });
        staker.idle.saturating_add(exposed)
    }

    /// What an account could claim, in planck.
    pub fn earned(who: &T::AccountId) -> Balance {
        let Some(staker) = Stakers::<T>::get(who) else {
            return 0;
        };
        let since = match staker.exposure {
            Some(Exposure {
                lot,
                stage: Stage::Backing { paid },
            }) => Pools::<T>::get(lot.pool).map_or(0, |pool| pool.rewards.earned(lot.shares, paid)),
            _ => 0,
        };
        staker.earned.saturating_add(since)
    }

    /// The validator that an account's stake backs.
    pub fn backed(who: &T::AccountId) -> Option<T::AccountId> {
        let exposure = Stakers::<T>::get(who)?.exposure?;
        matches!(exposure.stage, Stage::Backing { .. })
            .then(|| Pools::<T>::get(exposure.lot.pool))
            .flatten()
            .map(|pool| pool.validator)
    }
}
