//! The validators as the session pallet and its historical part ask for them, and what a session's end
//! settles.

use crate::{
    Admitted, Config, Credits, Event, Fullness, Hurry, Owed, Pallet, Parameters, Plans, Records,
    Sealed, Seated, Seats, SessionBlocks, WeightInfo,
    rewards::{self, Deeds},
    set::{self, Standing},
};
use alloc::vec::Vec;
use frame_support::{
    BoundedVec,
    dispatch::DispatchClass,
    traits::{
        Get, ValidatorRegistration,
        fungible::Inspect,
        tokens::{Fortitude, Preservation},
    },
};
use frame_system::pallet_prelude::BlockNumberFor;
use pallet_session::{ShouldEndSession, historical};
use plume_primitives::{Balance, fullness, staking::OnReward, validators::OnAlive};
use sp_runtime::{
    PerThing, Perbill, Perquintill,
    traits::{Convert, UniqueSaturatedInto},
};
use sp_staking::SessionIndex;

/// A validator is identified by its account alone; what else is known of it lives off-chain.
pub struct SelfIdentification;

impl<AccountId> Convert<AccountId, Option<()>> for SelfIdentification {
    fn convert(_: AccountId) -> Option<()> {
        Some(())
    }
}

/// Blocks in a session of this network.
pub struct SessionBlocksOf<T>(core::marker::PhantomData<T>);

impl<T: Config> Get<BlockNumberFor<T>> for SessionBlocksOf<T> {
    fn get() -> BlockNumberFor<T> {
        SessionBlocks::<T>::get().into()
    }
}

/// Ends a session every [`SessionBlocks`], and at once while a culprit has to go.
pub struct EndsSession<T>(core::marker::PhantomData<T>);

impl<T: Config> ShouldEndSession<BlockNumberFor<T>> for EndsSession<T> {
    fn should_end_session(now: BlockNumberFor<T>) -> bool {
        let now: u32 = now.unique_saturated_into();
        Hurry::<T>::get() > 0 || now.checked_rem(SessionBlocks::<T>::get()) == Some(0)
    }
}

impl<T: Config> Pallet<T> {
    /// The validators that will sit in session `index`; none leaves the session's own in place.
    fn plan(index: SessionIndex) -> Option<Vec<T::AccountId>> {
        let candidates: Vec<(T::AccountId, Standing)> = Admitted::<T>::get()
            .into_iter()
            .filter(T::SessionKeys::is_registered)
            .filter_map(|validator| {
                let record = Records::<T>::get(&validator)?;
                let standing = Standing {
                    bond: record.bond,
                    reliability: record.reliability,
                };
                Some((validator, standing))
            })
            .collect();
        if candidates.is_empty() {
            return None;
        }
        let before = Seats::<T>::get();
        let fullness = Fullness::<T>::get();
        let count = candidates.len() as u32;
        // The first two sessions are planned at genesis: nothing has been measured.
        let fullness_for = if index < 2 { middle::<T>() } else { fullness };
        let seats = Parameters::<T>::get().next_size(before, count, fullness_for);
        if seats != before {
            Seats::<T>::put(seats);
            Self::deposit_event(Event::SeatsChanged { seats, fullness });
        }
        let seated = set::seated(&candidates, seats);
        Plans::<T>::insert(index, BoundedVec::truncate_from(seated.clone()));
        Some(seated)
    }

    /// Plans a session, accounting for what this and the last session's end cost.
    pub(crate) fn new_session(index: SessionIndex) -> Option<Vec<T::AccountId>> {
        Hurry::<T>::mutate(|hurry| *hurry = hurry.saturating_sub(1));
        let plan = Self::plan(index);
        let weight = T::WeightInfo::rotate_session(Admitted::<T>::decode_len().unwrap_or(0) as u32);
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            weight,
            DispatchClass::Mandatory,
        );
        plan
    }

    pub(crate) fn start_session(index: SessionIndex) {
        Seated::<T>::put(Plans::<T>::take(index).unwrap_or_default());
        Self::expel_departed();
    }

    /// Credits what the session has earned, hands the backers theirs, and notes who was reliable.
    pub(crate) fn end_session(index: SessionIndex) {
        let seated = Seated::<T>::get();
        let mut deeds: Vec<(T::AccountId, Deeds)> = Sealed::<T>::drain()
            .map(|(who, blocks)| {
                (
                    who,
                    Deeds {
                        blocks,
                        alive: true,
                    },
                )
            })
            .collect();
        // A map's order is by hash; an event's figures should not depend on it, nor do they.
        deeds.sort_by(|a, b| a.0.cmp(&b.0));
        let sealed_of = |who: &T::AccountId| {
            deeds
                .iter()
                .find(|(other, _)| other == who)
                .map_or(0, |(_, deeds)| deeds.blocks)
        };
        let blocks: u32 = deeds
            .iter()
            .fold(0, |sum, (_, deeds)| deeds.blocks.saturating_add(sum));
        for validator in &seated {
            if let Some(mut record) = Records::<T>::get(validator) {
                record.reliability = set::reliability(
                    record.reliability,
                    sealed_of(validator),
                    blocks,
                    seated.len() as u32,
                );
                Records::<T>::insert(validator, record);
            }
        }

        // A balance that is frozen or would end the account is not there to be given away.
        let balance = T::Currency::reducible_balance(
            &T::RewardPot::get(),
            Preservation::Preserve,
            Fortitude::Polite,
        );
        let pot = balance.saturating_sub(Owed::<T>::get());
        let parts = rewards::divide(
            pot,
            &deeds.iter().map(|(_, deeds)| *deeds).collect::<Vec<_>>(),
        );
        let mut amount: Balance = 0;
        let mut backers: Balance = 0;
        for ((validator, _), part) in deeds.iter().zip(parts) {
            let (own, taken) = Self::share_with_backers(validator, part);
            if own > 0 {
                Credits::<T>::mutate(validator, |credit| *credit = credit.saturating_add(own));
            }
            amount = amount.saturating_add(own);
            backers = backers.saturating_add(taken);
        }
        if amount > 0 || backers > 0 {
            Owed::<T>::mutate(|owed| *owed = owed.saturating_add(amount));
            Self::deposit_event(Event::Rewarded {
                session: index,
                validators: deeds.len() as u32,
                amount,
                backers,
            });
        }
    }

    /// Offers a validator's backers their share of what it has earned. Answers what is the validator's own,
    /// and what left the pot for the backers.
    fn share_with_backers(validator: &T::AccountId, earned: Balance) -> (Balance, Balance) {
        let offered = T::BackersShare::get().mul_floor(earned);
        if offered == 0 {
            return (earned, 0);
        }
        let taken = T::Backers::reward(validator, &T::RewardPot::get(), offered);
        (earned.saturating_sub(taken), taken)
    }

    /// Counts a block for its author.
    pub(crate) fn note_sealed(author: T::AccountId) {
        Sealed::<T>::mutate(author, |blocks| {
            *blocks = Some(blocks.unwrap_or_default().saturating_add(1));
        });
    }

    /// Takes this block's fullness into the smoothed one.
    pub(crate) fn measure() {
        let fullness = fullness::of_block::<T>();
        let fullness = Perbill::from_rational(fullness.deconstruct(), Perquintill::ACCURACY);
        let parameters = Parameters::<T>::get();
        Fullness::<T>::mutate(|smoothed| *smoothed = parameters.smoothed(*smoothed, fullness));
    }
}

/// A load at which the set stays as it is.
fn middle<T: Config>() -> Perbill {
    Parameters::<T>::get().low
}

/// Whoever sealed the block, as the authorship pallet tells.
impl<T: Config + pallet_authorship::Config>
    pallet_authorship::EventHandler<T::AccountId, BlockNumberFor<T>> for Pallet<T>
{
    fn note_author(author: T::AccountId) {
        Self::note_sealed(author);
    }
}

impl<T: Config> OnAlive<T::AccountId> for Pallet<T> {
    fn on_alive(who: &T::AccountId) {
        Sealed::<T>::mutate(who, |blocks| {
            blocks.get_or_insert_default();
        });
    }
}

/// The validators with their history: keeps the membership roots of the last `Depth` sessions and forgets
/// those before, so that the proofs' storage is bounded.
pub struct BoundedHistory<T, Depth>(core::marker::PhantomData<(T, Depth)>);

impl<T: Config, Depth> pallet_session::SessionManager<T::AccountId> for BoundedHistory<T, Depth> {
    fn new_session(new_index: SessionIndex) -> Option<Vec<T::AccountId>> {
        Pallet::<T>::new_session(new_index)
    }
    fn start_session(index: SessionIndex) {
        Pallet::<T>::start_session(index);
    }
    fn end_session(index: SessionIndex) {
        Pallet::<T>::end_session(index);
    }
}

impl<T, Depth> historical::SessionManager<T::AccountId, ()> for BoundedHistory<T, Depth>
where
    T: Config + historical::Config,
    Depth: Get<SessionIndex>,
{
    fn new_session(new_index: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
        historical::Pallet::<T>::prune_up_to(new_index.saturating_sub(Depth::get()));
        let plan = Pallet::<T>::new_session(new_index)?;
        Some(plan.into_iter().map(|validator| (validator, ())).collect())
    }
    fn start_session(index: SessionIndex) {
        Pallet::<T>::start_session(index);
    }
    fn end_session(index: SessionIndex) {
        Pallet::<T>::end_session(index);
    }
}
