//! Which claims an issuer may state, and the leaf that they make.

use crate::{Credential, Scope};
use codec::Encode;
use plume_circuits::{FieldBytes, tree::TreeHasher};
use plume_primitives::{
    Seconds,
    compliance::{Risk, SubjectId, SubjectKind, Tier},
    credentials::{Claims, are_well_formed},
};
use sp_core::H256;
use sp_io::hashing::blake2_256;

/// Bytes that begin the preimage of a subject's number.
const SUBJECT_DOMAIN: &[u8] = b"plume/credentials/subject/1";
/// Bytes that begin the preimage of an issuer's field element.
const ISSUER_DOMAIN: &[u8] = b"plume/credentials/issuer/1";

/// Why claims are not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing is known of the subject.
    NoTier,
    /// Not one to eight codes in ascending order.
    BadJurisdictions,
    /// They end before they begin, or last too long.
    BadValidity,
    /// They are over already.
    Expired,
    /// A legal person without LEI, or a natural person with one.
    BadLei,
    /// Above what the issuer may state.
    Tier,
    /// The issuer may not state anything about such subjects.
    Kind,
    /// The issuer may not state anything about subjects of such jurisdictions.
    Jurisdiction,
    /// The issuer may not say who is accredited.
    Accreditation,
}

/// Whether an issuer of this scope may state these claims now. `max_validity` is the longest time that they may
/// last.
pub fn check(
    claims: &Claims,
    scope: &Scope,
    now: Seconds,
    max_validity: Seconds,
) -> Result<(), Flaw> {
    let ensure = |holds, flaw| if holds { Ok(()) } else { Err(flaw) };
    ensure(claims.tier != Tier::Zero, Flaw::NoTier)?;
    ensure(
        are_well_formed(&claims.jurisdictions),
        Flaw::BadJurisdictions,
    )?;
    let lasts = claims.valid_until.checked_sub(claims.valid_from);
    ensure(
        lasts.is_some_and(|lasts| lasts > 0 && lasts <= max_validity),
        Flaw::BadValidity,
    )?;
    ensure(claims.valid_until > now, Flaw::Expired)?;
    let legal = claims.kind != SubjectKind::Person;
    ensure(claims.lei_hash.is_some() == legal, Flaw::BadLei)?;
    ensure(claims.tier <= scope.max_tier, Flaw::Tier)?;
    ensure(scope.has(claims.kind), Flaw::Kind)?;
    ensure(
        scope.reach.covers(&claims.jurisdictions),
        Flaw::Jurisdiction,
    )?;
    ensure(scope.accredits || !claims.accredited, Flaw::Accreditation)
}

/// The number of the subject that an issuer means by a reference. Nobody else can take it.
///
/// The reference is a salted hash: whoever guesses the data behind an unsalted one knows the subject.
pub fn subject_id<AccountId: Encode>(issuer: &AccountId, reference: &H256) -> SubjectId {
    H256(blake2_256(&(SUBJECT_DOMAIN, issuer, reference).encode()))
}

/// An issuer as a field element.
pub fn issuer_element<AccountId: Encode>(issuer: &AccountId) -> FieldBytes {
    FieldBytes::from_hash(blake2_256(&(ISSUER_DOMAIN, issuer).encode()))
}

/// The claims as one field element, so that a circuit opens all of them with one number. Little endian:
///
/// | bytes | what |
/// |---|---|
/// | 0 | tier: 1 to 3 |
/// | 1 | kind: 0 person, 1 firm, 2 bank |
/// | 2 | bit 0 accredited, bit 1 politically exposed |
/// | 3 | risk: 0 low, 1 medium, 2 high |
/// | 4 to 7 | valid from, in seconds since the first block |
/// | 8 to 11 | valid until |
/// | 12 to 27 | jurisdictions, two letters each, zeros after the last |
/// | 28 to 31 | zero |
///
/// The LEI's hash is not in it: the commitment is bound to it.
pub fn packed(claims: &Claims) -> FieldBytes {
    let tier = match claims.tier {
        Tier::Zero => 0,
        Tier::One => 1,
        Tier::Two => 2,
        Tier::Three => 3,
    };
    let kind = match claims.kind {
        SubjectKind::Person => 0,
        SubjectKind::Firm => 1,
        SubjectKind::Bank => 2,
    };
    let risk = match claims.risk {
        Risk::Low => 0,
        Risk::Medium => 1,
        Risk::High => 2,
    };
    let flags = u8::from(claims.accredited) | (u8::from(claims.politically_exposed) << 1);
    let values = [tier, kind, flags, risk]
        .into_iter()
        .chain(claims.valid_from.to_le_bytes())
        .chain(claims.valid_until.to_le_bytes())
        .chain(claims.jurisdictions.iter().flat_map(|one| one.0));
    let mut bytes = [0; 31];
    for (to, from) in bytes.iter_mut().zip(values) {
        *to = from;
    }
    FieldBytes::from_packed(bytes)
}

/// The leaf of a credential: subject, issuer, claims, commitment.
pub fn leaf<H: TreeHasher, AccountId: Encode>(
    subject: &SubjectId,
    credential: &Credential<AccountId>,
) -> FieldBytes {
    H::leaf(&[
        FieldBytes::from_hash(subject.0),
        issuer_element(&credential.issuer),
        packed(&credential.claims),
        credential.commitment,
    ])
}
