//! Issuing and rewriting credentials.

use crate::{
    Commitments, Config, Credential, Credentials, Error, Event, Issuer, Issuers, Pallet, Request,
    Status, claims, claims::subject_id, tree::Changes,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use plume_circuits::FieldBytes;
use plume_primitives::{compliance::SubjectId, credentials::Claims};
use sp_runtime::{DispatchError, DispatchResult, traits::BlockNumberProvider};

impl<T: Config> Pallet<T> {
    pub(crate) fn admitted(issuer: &T::AccountId) -> Result<Issuer, Error<T>> {
        let issuer = Issuers::<T>::get(issuer).ok_or(Error::<T>::NotIssuer)?;
        ensure!(issuer.admitted, Error::<T>::IssuerExpelled);
        Ok(issuer)
    }

    pub(crate) fn ensure_not_revoked(
        credential: &Credential<T::AccountId>,
    ) -> Result<(), Error<T>> {
        match credential.status {
            Status::Revoked { .. } => Err(Error::<T>::Revoked),
            Status::Active | Status::Suspended => Ok(()),
        }
    }

    /// The credential of a subject, for its issuer, while that is admitted and it is not revoked.
    pub(crate) fn own_credential(
        origin: OriginFor<T>,
        subject: &SubjectId,
    ) -> Result<Credential<T::AccountId>, DispatchError> {
        let issuer = ensure_signed(origin)?;
        let credential = Credentials::<T>::get(subject).ok_or(Error::<T>::UnknownSubject)?;
        ensure!(credential.issuer == issuer, Error::<T>::NotItsIssuer);
        Self::admitted(&issuer)?;
        Self::ensure_not_revoked(&credential)?;
        Ok(credential)
    }

    pub(crate) fn check_claims(claims: &Claims, issuer: &Issuer) -> Result<(), Error<T>> {
        let now = T::Time::current_block_number();
        claims::check(claims, &issuer.scope, now, T::MaxValidity::get()).map_err(Error::<T>::from)
    }

    pub(crate) fn fresh_commitment(bytes: [u8; 32]) -> Result<FieldBytes, Error<T>> {
        let commitment =
            FieldBytes::from_canonical(bytes).map_err(|_| Error::<T>::BadCommitment)?;
        ensure!(!commitment.is_zero(), Error::<T>::BadCommitment);
        ensure!(
            !Commitments::<T>::contains_key(commitment),
            Error::<T>::CommitmentUsed
        );
        Ok(commitment)
    }

    /// Keeps a credential that has the same claims and another status.
    pub(crate) fn rewrite(
        subject: &SubjectId,
        credential: Credential<T::AccountId>,
    ) -> Result<(), Error<T>> {
        let mut changes = Changes::default();
        Self::settle(&mut changes, subject, credential, false);
        Self::write(changes)
    }

    pub(crate) fn issue_all(who: T::AccountId, requests: Vec<Request>) -> DispatchResult {
        let mut issuer = Self::admitted(&who)?;
        let mut changes = Changes::default();
        for Request {
            reference,
            claims,
            commitment,
        } in requests
        {
            Self::check_claims(&claims, &issuer)?;
            let subject = subject_id(&who, &reference);
            ensure!(
                !Credentials::<T>::contains_key(subject),
                Error::<T>::AlreadyIssued
            );
            let commitment = Self::fresh_commitment(commitment)?;
            ensure!(issuer.kept < issuer.quota, Error::<T>::QuotaUsedUp);
            issuer.kept = issuer.kept.saturating_add(1);
            let leaf = Self::take_leaf()?;
            Commitments::<T>::insert(commitment, subject);
            let credential = Credential {
                issuer: who.clone(),
                claims: claims.clone(),
                commitment,
                status: Status::Active,
                leaf: Some(leaf),
                shown: false,
            };
            Self::settle(&mut changes, &subject, credential, true);
            Self::deposit_event(Event::Issued {
                subject,
                issuer: who.clone(),
                claims,
                commitment,
                leaf,
            });
        }
        Issuers::<T>::insert(&who, issuer);
        Self::write(changes)?;
        Ok(())
    }
}
