//! Which accounts are a subject's.
//!
//! Both sides prove control. The subject's is proven by a transaction of its issuer, or of an account that is the
//! subject's already. The account's is proven by a transaction of its own that accepts the offer, or by a
//! signature over a [`Statement`].

use crate::{
    AccountsOf, Config, Credential, Credentials, Error, Issuers, Nonces, Offers, Pallet, Statement,
    Status, SubjectOf,
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{ensure, traits::Get};
use plume_primitives::{Seconds, compliance::SubjectId, regulation::Freezes};
use sp_runtime::traits::{BlockNumberProvider, Verify, Zero};

/// Bytes that begin what an account signs, so that it can be meant for nothing else.
pub const BINDING_DOMAIN: &[u8] = b"plume/credentials/binding/1";

/// What an account signs: the domain, then the statement, SCALE-encoded.
pub fn signed_bytes<AccountId: Encode, Hash: Encode>(
    statement: &Statement<AccountId, Hash>,
) -> Vec<u8> {
    let mut bytes = BINDING_DOMAIN.to_vec();
    statement.encode_to(&mut bytes);
    bytes
}

impl<T: Config> Pallet<T> {
    /// The credential of a subject to which `by` may add accounts now: its issuer, or one of its accounts.
    pub(crate) fn may_offer(by: &T::AccountId, subject: &SubjectId) -> Result<(), Error<T>> {
        let credential = Credentials::<T>::get(subject).ok_or(Error::<T>::UnknownSubject)?;
        let is_its_own = SubjectOf::<T>::get(by).as_ref() == Some(subject);
        ensure!(
            credential.issuer == *by || is_its_own,
            Error::<T>::NotController
        );
        Self::ensure_open(subject, &credential)
    }

    /// Refuses a subject that cannot take on accounts now.
    fn ensure_open(
        subject: &SubjectId,
        credential: &Credential<T::AccountId>,
    ) -> Result<(), Error<T>> {
        match credential.status {
            Status::Active => {}
            Status::Suspended => return Err(Error::<T>::Suspended),
            Status::Revoked { .. } => return Err(Error::<T>::Revoked),
        }
        let now = T::Time::current_block_number();
        ensure!(now < credential.claims.valid_until, Error::<T>::Expired);
        let admitted = Issuers::<T>::get(&credential.issuer).is_some_and(|issuer| issuer.admitted);
        ensure!(admitted, Error::<T>::IssuerExpelled);
        ensure!(!T::Freezes::is_frozen(subject), Error::<T>::Frozen);
        Ok(())
    }

    /// Makes an account the subject's, which both sides have proven that they want.
    pub(crate) fn attach(account: &T::AccountId, subject: &SubjectId) -> Result<(), Error<T>> {
        ensure!(
            !SubjectOf::<T>::contains_key(account),
            Error::<T>::AlreadyBound
        );
        let credential = Credentials::<T>::get(subject).ok_or(Error::<T>::UnknownSubject)?;
        Self::ensure_open(subject, &credential)?;
        AccountsOf::<T>::try_mutate(subject, |accounts| accounts.try_push(account.clone()))
            .map_err(|_| Error::<T>::TooManyAccounts)?;
        Self::strike_offer(subject, account);
        SubjectOf::<T>::insert(account, subject);
        // Whatever the account has signed before is void.
        Nonces::<T>::mutate(account, |nonce| *nonce = nonce.saturating_add(1));
        Ok(())
    }

    /// Ends that an account is a subject's.
    pub(crate) fn detach(account: &T::AccountId, subject: &SubjectId) {
        SubjectOf::<T>::remove(account);
        AccountsOf::<T>::mutate_exists(subject, |accounts| {
            if let Some(list) = accounts {
                list.retain(|other| other != account);
                if list.is_empty() {
                    *accounts = None;
                }
            }
        });
    }

    /// Takes an offer back. Returns the last moment at which it could have been accepted.
    pub(crate) fn strike_offer(subject: &SubjectId, account: &T::AccountId) -> Option<Seconds> {
        Offers::<T>::mutate_exists(subject, |offers| {
            let list = offers.as_mut()?;
            let at = list.iter().position(|offer| offer.account == *account)?;
            let offer = list.remove(at);
            if list.is_empty() {
                *offers = None;
            }
            Some(offer.until)
        })
    }

    /// Checks what an account has signed, from what is cheap to what is dear.
    pub(crate) fn check_statement(
        statement: &Statement<T::AccountId, T::Hash>,
        signature: &T::Signature,
    ) -> Result<(), Error<T>> {
        let genesis = frame_system::Pallet::<T>::block_hash(
            frame_system::pallet_prelude::BlockNumberFor::<T>::zero(),
        );
        ensure!(statement.genesis == genesis, Error::<T>::OtherChain);
        let now = T::Time::current_block_number();
        ensure!(now <= statement.until, Error::<T>::StatementExpired);
        ensure!(
            statement.until <= now.saturating_add(T::MaxOfferTime::get()),
            Error::<T>::TooFarAhead
        );
        let nonce = Nonces::<T>::get(&statement.account);
        ensure!(statement.nonce >= nonce, Error::<T>::Replayed);
        ensure!(statement.nonce == nonce, Error::<T>::NonceAhead);
        ensure!(
            signature.verify(&signed_bytes(statement)[..], &statement.account),
            Error::<T>::Forged
        );
        Ok(())
    }
}
