//! What the pallet answers to others.

use crate::{
    Config, Credential, Credentials, Issuers, Pallet, Status, SubjectOf, WeightInfo, tree::Changes,
};
use alloc::vec::Vec;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight},
};
use plume_primitives::{
    compliance::{Credentials as KnowsStandings, Jurisdiction, OnListed, Standing, SubjectId},
    credentials::{Shortcoming, Subjects},
    regulation::{Freezes, OnFreeze},
};
use sp_runtime::traits::BlockNumberProvider;

impl<T: Config> Pallet<T> {
    /// Why an account may not act for its subject now; none when it may.
    pub fn shortcoming(who: &T::AccountId) -> Option<Shortcoming> {
        let credential = SubjectOf::<T>::get(who)
            .and_then(|subject| Some((subject, Credentials::<T>::get(subject)?)));
        match credential {
            Some((subject, credential)) => {
                Self::shortcoming_of(&credential, || T::Freezes::is_frozen(&subject))
            }
            None => Some(Shortcoming::Unbound),
        }
    }

    fn shortcoming_of(
        credential: &Credential<T::AccountId>,
        is_frozen: impl FnOnce() -> bool,
    ) -> Option<Shortcoming> {
        let now = T::Time::current_block_number();
        match credential.status {
            Status::Revoked { .. } => return Some(Shortcoming::Revoked),
            Status::Suspended => return Some(Shortcoming::Suspended),
            Status::Active => {}
        }
        if !Issuers::<T>::get(&credential.issuer).is_some_and(|issuer| issuer.admitted) {
            return Some(Shortcoming::IssuerExpelled);
        }
        if is_frozen() {
            return Some(Shortcoming::Frozen);
        }
        if now < credential.claims.valid_from {
            return Some(Shortcoming::NotYetValid);
        }
        (now >= credential.claims.valid_until).then_some(Shortcoming::Expired)
    }
}

/// A standing is suspended when anything but its expiry stands against it. Sanctions lists are not this pallet's:
/// nobody is answered as sanctioned or flagged.
impl<T: Config> KnowsStandings<T::AccountId> for Pallet<T> {
    fn standing(who: &T::AccountId) -> Option<Standing> {
        Self::standing_weighed(who).0
    }

    fn standing_weighed(who: &T::AccountId) -> (Option<Standing>, Weight) {
        let database: RuntimeDbWeight = T::DbWeight::get();
        let Some(subject) = SubjectOf::<T>::get(who) else {
            return (None, database.reads(1));
        };
        let Some(credential) = Credentials::<T>::get(subject) else {
            return (None, database.reads(2));
        };
        // Also of a subject whose credential does not count anyway: a freeze stops where nobody asks for one.
        let (frozen, weighed) = T::Freezes::is_frozen_weighed(&subject);
        let weight = database.reads(3).saturating_add(weighed);
        let shortcoming = Self::shortcoming_of(&credential, || frozen);
        let suspended = !matches!(shortcoming, None | Some(Shortcoming::Expired));
        let claims = credential.claims;
        let standing = Standing {
            subject: Some(subject),
            tier: claims.tier,
            kind: claims.kind,
            jurisdictions: claims.jurisdictions,
            risk: claims.risk,
            politically_exposed: claims.politically_exposed,
            valid_until: claims.valid_until,
            suspended,
            frozen,
            sanctioned: false,
            flagged: false,
        };
        (Some(standing), weight)
    }

    /// Reads the subject, the credential and the issuer, and asks for freezes. Each block begins with setting the
    /// clock, so that reading it asks no database.
    fn weight() -> Weight {
        let database: RuntimeDbWeight = T::DbWeight::get();
        database.reads(3).saturating_add(T::Freezes::weight())
    }
}

impl<T: Config> Subjects<T::AccountId> for Pallet<T> {
    fn subject_of(who: &T::AccountId) -> Option<SubjectId> {
        SubjectOf::<T>::get(who)
    }

    fn institution_of(subject: &SubjectId) -> Option<T::AccountId> {
        Credentials::<T>::get(subject).map(|credential| credential.issuer)
    }

    fn jurisdictions_of(subject: &SubjectId) -> Vec<Jurisdiction> {
        Credentials::<T>::get(subject)
            .map(|credential| credential.claims.jurisdictions.into_inner())
            .unwrap_or_default()
    }
}

impl<T: Config> Pallet<T> {
    /// Empties or fills the leaves of subjects of whom something else is true now. Nobody needs to be known.
    fn follow(subjects: &[SubjectId]) {
        let mut changes = Changes::default();
        let mut refreshed = Vec::new();
        for subject in subjects {
            let Some(credential) = Credentials::<T>::get(subject) else {
                continue;
            };
            let shown = !credential.shown;
            if Self::settle(&mut changes, subject, credential, false) {
                refreshed.push((*subject, shown));
            }
        }
        if Self::write(changes).is_ok() {
            for (subject, shown) in refreshed {
                Self::deposit_event(crate::Event::Refreshed { subject, shown });
            }
        }
    }
}

/// Empties or fills the leaf as soon as a freeze begins or ends.
impl<T: Config> OnFreeze for Pallet<T> {
    fn on_freeze(subject: &SubjectId) {
        Self::follow(core::slice::from_ref(subject));
    }
}

/// Empties the leaf as soon as a list names the subject, and fills it when none does any more.
impl<T: Config> OnListed for Pallet<T> {
    fn on_listed(subjects: &[SubjectId]) {
        Self::follow(subjects);
    }

    fn weight(subjects: u32) -> Weight {
        if subjects == 0 {
            return Weight::zero();
        }
        T::WeightInfo::refresh(subjects)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::{Credentials, *};

    #[test]
    fn every_shortcoming_is_told_and_only_expiry_is_not_a_suspension() {
        chain().execute_with(|| {
            let subject = issued(1);
            assert_eq!(
                Credentials::shortcoming(&account(1)),
                Some(Shortcoming::Unbound)
            );
            assert_eq!(Credentials::standing(&account(1)), None);
            bound(subject, 1);
            let is = |shortcoming: Option<Shortcoming>, suspended: bool| {
                assert_eq!(Credentials::shortcoming(&account(1)), shortcoming);
                let standing = Credentials::standing(&account(1)).expect("it is bound");
                assert_eq!(standing.suspended, suspended);
                assert_eq!(standing.in_force(now()), shortcoming.is_none());
                assert_eq!(
                    Credentials::is_to_show(&subject, &credential(subject)),
                    matches!(
                        shortcoming,
                        None | Some(Shortcoming::Expired | Shortcoming::NotYetValid)
                    )
                );
            };
            is(None, false);
            let is_frozen = || Credentials::standing(&account(1)).is_some_and(|known| known.frozen);
            assert!(!is_frozen());
            freeze(subject);
            is(Some(Shortcoming::Frozen), true);
            Credentials::suspend(by_bank(), subject).expect("it is the bank's");
            assert!(is_frozen(), "whatever else stands against it");
            thaw(subject);
            Credentials::resume(by_bank(), subject).expect("it is the bank's");
            assert!(!is_frozen());
            Credentials::expel_issuer(root(), bank()).expect("root expels");
            is(Some(Shortcoming::IssuerExpelled), true);
            admit();
            Credentials::suspend(by_bank(), subject).expect("it is the bank's");
            is(Some(Shortcoming::Suspended), true);
            Credentials::resume(by_bank(), subject).expect("it is the bank's");
            is(None, false);
            at(claims().valid_until);
            is(Some(Shortcoming::Expired), false);
            at(claims().valid_from - 1);
            is(Some(Shortcoming::NotYetValid), true);
            Credentials::revoke(by_bank(), subject, hash(1)).expect("it is the bank's");
            is(Some(Shortcoming::Revoked), true);
        });
    }
}
