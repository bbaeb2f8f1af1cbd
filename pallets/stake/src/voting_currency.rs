//! Stake as the voting pallet sees it.
//!
//! `pallet_conviction_voting` compares a vote and a delegation with [`Currency::total_balance`], and locks
//! them with [`LockableCurrency`]. Given [`VotingCurrency`] it finds there what an account has at stake:
//! not what it owns, not what it is unstaking, not what slashes have taken. Its locks are kept by this
//! pallet, and bound what can be unstaked. So nothing votes that is not at stake, and nothing leaves that
//! votes; in `vote` and in `delegate` alike.
//!
//! A voice is no money. Whatever would move, make, take or reserve some does nothing, and answers with
//! [`Error::VoiceIsNoMoney`] or with zero.

use crate::{Config, Error, NoImbalance, Pallet, Totals};
use core::marker::PhantomData;
use frame_support::{
    dispatch::DispatchResult,
    traits::{
        Currency, ExistenceRequirement, Get, LockIdentifier, LockableCurrency, ReservableCurrency,
        SignedImbalance, WithdrawReasons,
        fungible::Inspect,
        tokens::{
            BalanceStatus, DepositConsequence, Fortitude, Preservation, Provenance,
            WithdrawConsequence,
        },
    },
};
use plume_primitives::{Balance, Seconds, screening::Screening};
use sp_runtime::DispatchError;

/// What accounts have at stake, as a currency to vote with.
pub struct VotingCurrency<T>(PhantomData<T>);

/// All that could vote: the turnout that is a whole, in planck. At least one, so that a chain on which
/// nobody has anything at stake has no turnout rather than a full one.
pub struct MaxTurnout<T>(PhantomData<T>);

impl<T: Config> Get<Balance> for MaxTurnout<T> {
    fn get() -> Balance {
        Totals::<T>::get().voting.max(1)
    }
}

impl<T: Config> VotingCurrency<T> {
    /// What an account votes with, in planck: nothing while it may not take part.
    fn voice(who: &T::AccountId) -> Balance {
        if T::Screening::admits(who) {
            Pallet::<T>::voice(who)
        } else {
            0
        }
    }

    fn refuse<R>() -> Result<R, DispatchError> {
        Err(Error::<T>::VoiceIsNoMoney.into())
    }
}

impl<T: Config> Inspect<T::AccountId> for VotingCurrency<T> {
    type Balance = Balance;

    fn total_issuance() -> Balance {
        Totals::<T>::get().voting
    }
    fn minimum_balance() -> Balance {
        0
    }
    fn total_balance(who: &T::AccountId) -> Balance {
        Self::voice(who)
    }
    fn balance(who: &T::AccountId) -> Balance {
        Self::voice(who)
    }
    /// What no lock keeps from being unstaked.
    fn reducible_balance(who: &T::AccountId, _: Preservation, _: Fortitude) -> Balance {
        Self::voice(who).saturating_sub(Pallet::<T>::largest_lock(who))
    }
    fn can_deposit(_: &T::AccountId, _: Balance, _: Provenance) -> DepositConsequence {
        DepositConsequence::Blocked
    }
    fn can_withdraw(_: &T::AccountId, _: Balance) -> WithdrawConsequence<Balance> {
        WithdrawConsequence::Frozen
    }
}

impl<T: Config> Currency<T::AccountId> for VotingCurrency<T> {
    type Balance = Balance;
    type PositiveImbalance = NoImbalance;
    type NegativeImbalance = NoImbalance;

    fn total_balance(who: &T::AccountId) -> Balance {
        Self::voice(who)
    }
    fn free_balance(who: &T::AccountId) -> Balance {
        Self::voice(who)
    }
    fn total_issuance() -> Balance {
        Totals::<T>::get().voting
    }
    fn minimum_balance() -> Balance {
        0
    }
    fn can_slash(_: &T::AccountId, _: Balance) -> bool {
        false
    }
    fn burn(_: Balance) -> NoImbalance {
        NoImbalance
    }
    fn issue(_: Balance) -> NoImbalance {
        NoImbalance
    }
    fn ensure_can_withdraw(
        _: &T::AccountId,
        _: Balance,
        _: WithdrawReasons,
        _: Balance,
    ) -> DispatchResult {
        Self::refuse()
    }
    fn transfer(
        _: &T::AccountId,
        _: &T::AccountId,
        _: Balance,
        _: ExistenceRequirement,
    ) -> DispatchResult {
        Self::refuse()
    }
    fn slash(_: &T::AccountId, value: Balance) -> (NoImbalance, Balance) {
        (NoImbalance, value)
    }
    fn deposit_into_existing(_: &T::AccountId, _: Balance) -> Result<NoImbalance, DispatchError> {
        Self::refuse()
    }
    fn deposit_creating(_: &T::AccountId, _: Balance) -> NoImbalance {
        NoImbalance
    }
    fn withdraw(
        _: &T::AccountId,
        _: Balance,
        _: WithdrawReasons,
        _: ExistenceRequirement,
    ) -> Result<NoImbalance, DispatchError> {
        Self::refuse()
    }
    #[cfg(not(feature = "runtime-benchmarks"))]
    fn make_free_balance_be(_: &T::AccountId, _: Balance) -> SignedImbalance<Balance, NoImbalance> {
        SignedImbalance::zero()
    }
    /// The voting pallet's benchmarks give their accounts a balance with this. Here they get stake.
    #[cfg(feature = "runtime-benchmarks")]
    fn make_free_balance_be(
        who: &T::AccountId,
        _: Balance,
    ) -> SignedImbalance<Balance, NoImbalance> {
        Pallet::<T>::give_stake(who);
        SignedImbalance::zero()
    }
}

impl<T: Config> ReservableCurrency<T::AccountId> for VotingCurrency<T> {
    fn can_reserve(_: &T::AccountId, _: Balance) -> bool {
        false
    }
    fn slash_reserved(_: &T::AccountId, value: Balance) -> (NoImbalance, Balance) {
        (NoImbalance, value)
    }
    fn reserved_balance(_: &T::AccountId) -> Balance {
        0
    }
    fn reserve(_: &T::AccountId, _: Balance) -> DispatchResult {
        Self::refuse()
    }
    fn unreserve(_: &T::AccountId, value: Balance) -> Balance {
        value
    }
    fn repatriate_reserved(
        _: &T::AccountId,
        _: &T::AccountId,
        _: Balance,
        _: BalanceStatus,
    ) -> Result<Balance, DispatchError> {
        Self::refuse()
    }
}

/// A lock bounds what can be unstaked, whatever its reasons.
impl<T: Config> LockableCurrency<T::AccountId> for VotingCurrency<T> {
    type Moment = Seconds;
    type MaxLocks = T::MaxLocks;

    fn set_lock(id: LockIdentifier, who: &T::AccountId, amount: Balance, _: WithdrawReasons) {
        Pallet::<T>::set_lock(id, who, amount);
    }
    fn extend_lock(id: LockIdentifier, who: &T::AccountId, amount: Balance, _: WithdrawReasons) {
        Pallet::<T>::extend_lock(id, who, amount);
    }
    fn remove_lock(id: LockIdentifier, who: &T::AccountId) {
        Pallet::<T>::set_lock(id, who, 0);
    }
}
