//! What an account has to keep at stake.
//!
//! Locks of several pallets overlay one another: the largest counts. A lock says nothing about a slash,
//! which may leave less at stake than is locked; then nothing can be unstaked until the lock goes.

use crate::{Config, Event, Lock, Locks, Pallet};
use frame_support::traits::LockIdentifier;
use plume_primitives::Balance;

impl<T: Config> Pallet<T> {
    /// What an account has to keep at stake, in planck.
    pub fn largest_lock(who: &T::AccountId) -> Balance {
        Locks::<T>::get(who)
            .iter()
            .map(|lock| lock.amount)
            .max()
            .unwrap_or_default()
    }

    /// Sets a lock; zero removes it.
    pub(crate) fn set_lock(id: LockIdentifier, who: &T::AccountId, amount: Balance) {
        Self::change_lock(id, who, |_| amount);
    }

    /// Raises a lock to `amount`, or leaves it where it is if that is higher.
    pub(crate) fn extend_lock(id: LockIdentifier, who: &T::AccountId, amount: Balance) {
        Self::change_lock(id, who, |before| before.max(amount));
    }

    fn change_lock(
        id: LockIdentifier,
        who: &T::AccountId,
        change: impl FnOnce(Balance) -> Balance,
    ) {
        let changed = Locks::<T>::mutate_exists(who, |slot| {
            let mut locks = slot.take().unwrap_or_default();
            let before = locks
                .iter()
                .find(|lock| lock.id == id)
                .map_or(0, |lock| lock.amount);
            let amount = change(before);
            if amount == 0 {
                locks.retain(|lock| lock.id != id);
            } else if let Some(lock) = locks.iter_mut().find(|lock| lock.id == id) {
                lock.amount = amount;
            } else if locks.try_push(Lock { id, amount }).is_err() {
                // The caller cannot be told no. Another's lock takes this one in: too strict for a while
                // rather than too lax at any time.
                if let Some(lock) = locks.iter_mut().max_by_key(|lock| lock.amount) {
                    lock.amount = lock.amount.max(amount);
                }
            }
            *slot = (!locks.is_empty()).then_some(locks);
            (amount != before).then_some(amount)
        });
        if let Some(amount) = changed {
            Self::deposit_event(Event::LockChanged {
                who: who.clone(),
                id,
                amount,
            });
        }
    }
}
