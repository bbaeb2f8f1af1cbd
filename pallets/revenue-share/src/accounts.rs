//! Which accounts belong to which institution: never without the account's consent, never to two.

use crate::{
    Config, Error, Event, Institution, InstitutionId, InstitutionOf, Institutions, Invitations,
    Members, Pallet,
};
use frame_support::{BoundedVec, ensure};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// The institution, if its main account is calling.
    pub(crate) fn ensure_main(
        origin: OriginFor<T>,
        id: InstitutionId,
    ) -> Result<Institution<T::AccountId>, DispatchError> {
        let caller = ensure_signed(origin)?;
        let institution = Institutions::<T>::get(id).ok_or(Error::<T>::UnknownInstitution)?;
        ensure!(institution.main == caller, Error::<T>::NotMainAccount);
        Ok(institution)
    }

    /// Lets an account say yes.
    pub(crate) fn do_invite(institution: InstitutionId, account: T::AccountId) -> DispatchResult {
        ensure!(
            InstitutionOf::<T>::get(&account) != Some(institution),
            Error::<T>::AlreadyAttributed
        );
        Invitations::<T>::try_mutate(institution, |invited| {
            ensure!(!invited.contains(&account), Error::<T>::AlreadyInvited);
            invited
                .try_push(account.clone())
                .map_err(|_| Error::<T>::TooManyAccounts)
        })?;
        Self::deposit_event(Event::Invited {
            institution,
            account,
        });
        Ok(())
    }

    /// Makes a fee payer of an account that consents.
    pub(crate) fn do_join(institution: InstitutionId, account: T::AccountId) -> DispatchResult {
        ensure!(
            !InstitutionOf::<T>::contains_key(&account),
            Error::<T>::AlreadyAttributed
        );
        Members::<T>::try_append(institution, account.clone())
            .map_err(|()| Error::<T>::TooManyAccounts)?;
        InstitutionOf::<T>::insert(&account, institution);
        Self::deposit_event(Event::AccountJoined {
            institution,
            account,
        });
        Ok(())
    }

    /// Takes an account from its institution.
    pub(crate) fn do_leave(institution: InstitutionId, account: T::AccountId) {
        InstitutionOf::<T>::remove(&account);
        Members::<T>::mutate_exists(institution, |members| without::<T>(members, &account));
        Self::deposit_event(Event::AccountLeft {
            institution,
            account,
        });
    }

    /// Takes an invitation back, or away because it was accepted.
    pub(crate) fn end_invitation(
        institution: InstitutionId,
        account: &T::AccountId,
    ) -> DispatchResult {
        Invitations::<T>::mutate_exists(institution, |invited| {
            let found = invited
                .as_ref()
                .is_some_and(|invited| invited.contains(account));
            ensure!(found, Error::<T>::NotInvited);
            without::<T>(invited, account);
            Ok(())
        })
    }
}

/// Removes an account from a list, and the list when nothing is left of it.
fn without<T: Config>(
    list: &mut Option<BoundedVec<T::AccountId, T::MaxAccounts>>,
    account: &T::AccountId,
) {
    if let Some(accounts) = list {
        accounts.retain(|other| other != account);
        if accounts.is_empty() {
            *list = None;
        }
    }
}
