//! What issuers state about subjects, and who may ask for it.

use crate::{
    Seconds,
    compliance::{Jurisdiction, Jurisdictions, Risk, SubjectId, SubjectKind, Tier},
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use scale_info::TypeInfo;
use sp_core::H256;

/// What an issuer states about a subject. No personal data: who it is stays with the issuer.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Claims {
    /// How well the issuer knows it.
    pub tier: Tier,
    /// What it is.
    pub kind: SubjectKind,
    /// Where it belongs: at least one, in ascending order, none twice.
    pub jurisdictions: Jurisdictions,
    /// Whether it is an accredited or professional investor.
    pub accredited: bool,
    /// Whether it holds a public office, or is close to somebody who does.
    pub politically_exposed: bool,
    /// How the issuer rates its risk.
    pub risk: Risk,
    /// Hash of a legal person's legal entity identifier (ISO 17442); none for a natural person.
    pub lei_hash: Option<H256>,
    /// First second in which the claims count, in seconds since the first block.
    pub valid_from: Seconds,
    /// First second in which they no longer do.
    pub valid_until: Seconds,
}

/// The most jurisdictions that a [`Reach`] names one by one.
pub const MAX_REACH: u32 = 64;

/// Where somebody's right ends.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Reach {
    /// Nowhere.
    Everywhere,
    /// With these jurisdictions, in ascending order, none twice.
    In(BoundedVec<Jurisdiction, ConstU32<MAX_REACH>>),
}

impl Reach {
    /// Whether it reaches one jurisdiction.
    pub fn reaches(&self, jurisdiction: Jurisdiction) -> bool {
        match self {
            Self::Everywhere => true,
            Self::In(list) => list.contains(&jurisdiction),
        }
    }

    /// Whether it reaches all of these.
    pub fn covers(&self, jurisdictions: &[Jurisdiction]) -> bool {
        jurisdictions.iter().all(|one| self.reaches(*one))
    }

    /// Whether it reaches any of these.
    pub fn touches(&self, jurisdictions: &[Jurisdiction]) -> bool {
        jurisdictions.iter().any(|one| self.reaches(*one))
    }

    /// Whether it has the one form that such a reach has.
    pub fn is_well_formed(&self) -> bool {
        match self {
            Self::Everywhere => true,
            Self::In(list) => are_well_formed(list),
        }
    }
}

/// Whether jurisdictions are at least one, well formed, in ascending order, and none twice.
pub fn are_well_formed(jurisdictions: &[Jurisdiction]) -> bool {
    let ascending = jurisdictions
        .iter()
        .zip(jurisdictions.iter().skip(1))
        .all(|(one, next)| one < next);
    !jurisdictions.is_empty() && ascending && jurisdictions.iter().all(|one| one.is_well_formed())
}

/// Why an account may not act for a subject now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Shortcoming {
    /// It is bound to no subject.
    Unbound,
    /// What was stated does not count yet.
    NotYetValid,
    /// What was stated counts no longer.
    Expired,
    /// The issuer has suspended it.
    Suspended,
    /// The issuer has revoked it.
    Revoked,
    /// Its issuer is no longer admitted.
    IssuerExpelled,
    /// A regulator has frozen the subject.
    Frozen,
}

/// Knows which subjects there are, and who answers for them.
pub trait Subjects<AccountId> {
    /// The subject that an account belongs to.
    fn subject_of(who: &AccountId) -> Option<SubjectId>;

    /// The institution that states who a subject is.
    fn institution_of(subject: &SubjectId) -> Option<AccountId>;

    /// Where a subject belongs; empty when it is not known.
    fn jurisdictions_of(subject: &SubjectId) -> Vec<Jurisdiction>;
}

/// There are none.
impl<AccountId> Subjects<AccountId> for () {
    fn subject_of(_: &AccountId) -> Option<SubjectId> {
        None
    }
    fn institution_of(_: &SubjectId) -> Option<AccountId> {
        None
    }
    fn jurisdictions_of(_: &SubjectId) -> Vec<Jurisdiction> {
        Vec::new()
    }
}

/// Knows which roots of the credentials' tree a proof may show.
pub trait CredentialRoots {
    /// Whether a proof against this root counts at a moment: the root is the tree's, or was so of late and no
    /// credential that is in it has been taken back for too long.
    fn is_acceptable_root(root: &[u8; 32], now: Seconds) -> bool;
}

/// No root is.
impl CredentialRoots for () {
    fn is_acceptable_root(_: &[u8; 32], _: Seconds) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(codes: &[&[u8; 2]]) -> Vec<Jurisdiction> {
        codes.iter().map(|code| Jurisdiction(**code)).collect()
    }

    #[test]
    fn jurisdictions_have_one_form() {
        assert!(are_well_formed(&list(&[b"CH", b"DE"])));
        assert!(!are_well_formed(&list(&[])));
        assert!(!are_well_formed(&list(&[b"DE", b"CH"])));
        assert!(!are_well_formed(&list(&[b"CH", b"CH"])));
        assert!(!are_well_formed(&list(&[b"ch"])));
    }

    #[test]
    fn a_reach_covers_all_and_touches_any() {
        let reach = Reach::In(BoundedVec::truncate_from(list(&[b"CH", b"DE"])));
        assert!(reach.covers(&list(&[b"CH", b"DE"])));
        assert!(!reach.covers(&list(&[b"CH", b"FR"])));
        assert!(reach.touches(&list(&[b"CH", b"FR"])));
        assert!(!reach.touches(&list(&[b"FR"])));
        assert!(Reach::Everywhere.covers(&list(&[b"FR"])));
    }
}
