//! Lets transfers that may take effect.

use crate::{
    Config, Error, Event, FeeHandler, Nullifiers, Pallet, Transfer, checks, money,
    statement::Purpose,
};
use alloc::{boxed::Box, vec::Vec};
use frame_support::{dispatch::DispatchResult, ensure, traits::Imbalance};
use plume_primitives::Balance;

impl<T: Config> Pallet<T> {
    /// What a deposit does, after its proof was verified.
    pub(crate) fn enter(who: T::AccountId, transfer: Transfer) -> DispatchResult {
        let amount = transfer.body.public_in.ok_or(Error::<T>::BadForm)?;
        money::take_in::<T>(&who, amount)?;
        Self::settle(alloc::vec![transfer])?;
        Self::deposit_event(Event::Deposited { who, amount });
        Ok(())
    }

    /// What a call without a signed origin does, after it was authorised.
    pub(crate) fn leave(
        purpose: &Purpose<'_, T::AccountId>,
        transfers: Vec<Transfer>,
        demanded: Balance,
    ) -> DispatchResult {
        let references: Vec<&Transfer> = transfers.iter().collect();
        let leaving = checks::leaving(purpose, &references).map_err(Error::<T>::from)?;
        Self::settle(transfers)?;
        if let (Purpose::Withdrawal { to, .. }, Some(amount)) = (purpose, leaving.payout) {
            money::pay_out::<T>(to, amount)?;
            Self::deposit_event(Event::Withdrawn {
                to: (*to).clone(),
                amount,
            });
        }
        Self::pay_fee(leaving.fee, demanded)
    }

    /// Spends and makes the notes of transfers.
    pub(crate) fn settle(transfers: Vec<Transfer>) -> DispatchResult {
        for Transfer { body, .. } in transfers {
            for nullifier in body.all_nullifiers() {
                ensure!(!Nullifiers::<T>::contains_key(nullifier), Error::<T>::Spent);
                Nullifiers::<T>::insert(nullifier, ());
            }
            let first = Self::add_leaves(&body.all_commitments())?;
            Self::deposit_event(Event::Transferred {
                first,
                transfer: Box::new(body),
            });
        }
        Ok(())
    }

    /// Takes the fee from the pool: what is demanded as the base fee, the rest as a tip.
    fn pay_fee(units: u128, demanded: Balance) -> DispatchResult {
        let credit = money::take_fee::<T>(units)?;
        let (base_fee, tip) = credit.split(demanded);
        let (base, extra) = (base_fee.peek(), tip.peek());
        T::Fees::collect(base_fee, tip);
        Self::deposit_event(Event::FeePaid {
            base_fee: base,
            tip: extra,
        });
        Ok(())
    }
}
