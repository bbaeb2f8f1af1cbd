//! What a verifier does.

use crate::{
    ChainClaims, Hash32, PublicKey,
    commitment::{commitment, salt},
    jws::{ALGORITHM, Sha256Hasher, is_signed},
    statement::has_digests,
    vc::{self, CONTEXT, TYP, TYPES, VCT, Vc},
};
use jiff::Timestamp;
use plume_circuits::FieldBytes;
use sd_jwt_payload::{Hasher, RequiredKeyBinding, SHA_ALG_NAME, SdJwt};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The longest presentation that is read.
pub const MAX_PRESENTATION_BYTES: usize = 128 * 1024;
/// The most items that a presentation discloses.
pub const MAX_DISCLOSURES: usize = 64;
/// The oldest signature of a holder that counts, and the most that clocks may differ, in seconds.
pub const MAX_BINDING_AGE_S: u64 = 300;

/// What a verifier expects of a presentation.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Hash of the genesis block of the verifier's chain.
    pub genesis: [u8; 32],
    /// The issuer's key, where the verifier knows it. Without one, nothing says who signed until
    /// [`check_record`](crate::check_record) has compared the commitment with the chain's.
    pub issuer_key: Option<PublicKey>,
    /// The audience and the nonce with which the verifier asked. None to look at a credential that nobody presents.
    pub binding: Option<(&'a str, &'a str)>,
}

/// What a presentation shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The issuer's account on the chain, as the credential says.
    pub issuer: Hash32,
    /// The key that signed it.
    pub issuer_key: PublicKey,
    /// The subject's number on the chain.
    pub subject: Hash32,
    /// The key that the holder has.
    pub holder_key: PublicKey,
    /// What the chain knows, too.
    pub claims: ChainClaims,
    /// What was disclosed besides.
    pub personal: Map<String, Value>,
    /// The pool key that the issuer has bound it to; zero for none.
    pub pool_key: FieldBytes,
    /// The salt of the commitment: the hash of the issuer-signed part.
    pub salt: FieldBytes,
    /// The commitment to the credential, of salt and pool key; the chain has to have the same.
    pub commitment: [u8; 32],
    /// First second in which it counts, since 1970.
    pub valid_from_s: u64,
    /// First second in which it no longer does, since 1970.
    pub valid_until_s: u64,
}

/// Why a presentation is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// More than [`MAX_PRESENTATION_BYTES`] or [`MAX_DISCLOSURES`].
    #[error("the presentation is larger than any credential of this chain")]
    TooLarge,
    /// Not an SD-JWT.
    #[error("this is no presentation of a credential: {0}")]
    Malformed(String),
    /// Signed in another way than credentials of this chain are.
    #[error(
        "the credential is of the type {typ:?} under the algorithm {algorithm:?}; {TYP:?} under {ALGORITHM:?} is expected"
    )]
    OtherKind {
        /// The header's type.
        typ: String,
        /// The header's algorithm.
        algorithm: String,
    },
    /// Changed, or never signed by the issuer.
    #[error("the issuer's signature does not fit the credential: it is forged, or was changed")]
    Forged,
    /// Signed with another key than expected.
    #[error(
        "the credential is signed with the key {0}, which is not the issuer's that was asked for"
    )]
    OtherIssuer(PublicKey),
    /// A disclosure that the issuer never made.
    #[error("what is disclosed is not what the issuer signed: {0}")]
    Disclosure(String),
    /// Signed, but not as such a credential has to be.
    #[error("the credential contradicts itself or lacks something: {0}")]
    Content(String),
    /// Of another chain.
    #[error("the credential is of another chain, whose genesis is {0}")]
    OtherChain(Hash32),
    /// It counts later.
    #[error("the credential does not count yet, but from {0} on")]
    NotYetValid(String),
    /// It counted.
    #[error("the credential has expired at {0}")]
    Expired(String),
    /// Nobody has shown to hold it.
    #[error("nobody presents the credential: the holder's signature is missing")]
    NoBinding,
    /// Somebody else presents it.
    #[error(
        "the holder's signature is not made with the key that the issuer has bound the credential to"
    )]
    ForgedBinding,
    /// The holder's signature belongs to another presentation.
    #[error("the holder has signed for other disclosures than these")]
    OtherPresentation,
    /// The holder's signature answers another question.
    #[error("the holder has signed for another nonce: the presentation is replayed")]
    Replayed,
    /// The holder's signature is for somebody else.
    #[error("the holder has signed for another audience: {0:?}")]
    OtherAudience(String),
    /// The holder's signature is old, or of a later time.
    #[error("the holder has signed {0} seconds away from now; {MAX_BINDING_AGE_S} are the most")]
    StaleBinding(u64),
}

/// Checks a presentation, but for what the chain says of it. `now_s` is the present in seconds since 1970.
pub fn verify(
    presentation: &str,
    expected: &Expected<'_>,
    now_s: u64,
) -> Result<Verified, VerifyError> {
    let presentation = presentation.trim();
    if presentation.len() > MAX_PRESENTATION_BYTES
        || presentation.split('~').count() > MAX_DISCLOSURES.saturating_add(2)
    {
        return Err(VerifyError::TooLarge);
    }
    let sd_jwt =
        SdJwt::parse(presentation).map_err(|error| VerifyError::Malformed(error.to_string()))?;
    let issuer_signed = presentation.split('~').next().unwrap_or_default();
    let issuer_key = check_issuer(&sd_jwt, issuer_signed, expected.issuer_key)?;
    let holder_key = match sd_jwt.required_key_bind() {
        Some(RequiredKeyBinding::Jwk(jwk)) => PublicKey::from_jwk(&Value::Object(jwk.clone())).ok(),
        _ => None,
    };
    let holder_key =
        holder_key.ok_or_else(|| VerifyError::Content("no Ed25519 key of a holder".into()))?;
    let binding = sd_jwt
        .key_binding_jwt()
        .map(|binding| (binding.to_string(), binding.claims().clone()));
    let vc = disclosed(sd_jwt)?;
    check_content(&vc)?;
    let pool_key = pool_key(&vc)?;
    if vc.plume.genesis.0 != expected.genesis {
        return Err(VerifyError::OtherChain(vc.plume.genesis));
    }
    if now_s < vc.nbf {
        return Err(VerifyError::NotYetValid(vc.valid_from));
    }
    if now_s >= vc.exp {
        return Err(VerifyError::Expired(vc.valid_until));
    }
    if let Some((audience, nonce)) = expected.binding {
        let (jws, claims) = binding.ok_or(VerifyError::NoBinding)?;
        if !is_signed(&jws, &holder_key) {
            return Err(VerifyError::ForgedBinding);
        }
        let shown = presentation.strip_suffix(&jws).unwrap_or_default();
        if Sha256Hasher.encoded_digest(shown) != claims.sd_hash {
            return Err(VerifyError::OtherPresentation);
        }
        if claims.aud != audience {
            return Err(VerifyError::OtherAudience(claims.aud));
        }
        if claims.nonce != nonce {
            return Err(VerifyError::Replayed);
        }
        let away_s = i64::try_from(now_s)
            .unwrap_or(i64::MAX)
            .abs_diff(claims.iat);
        if away_s > MAX_BINDING_AGE_S {
            return Err(VerifyError::StaleBinding(away_s));
        }
    }
    let salt = salt(issuer_signed);
    Ok(Verified {
        issuer: vc.plume.issuer,
        issuer_key,
        subject: vc.plume.subject,
        holder_key,
        claims: vc.credential_subject.claims,
        personal: vc.credential_subject.personal,
        pool_key,
        salt,
        commitment: *commitment(&salt, &pool_key).as_bytes(),
        valid_from_s: vc.nbf,
        valid_until_s: vc.exp,
    })
}

/// The key that signed the issuer's part, which has to be the one that is expected, if one is.
fn check_issuer(
    sd_jwt: &SdJwt,
    issuer_signed: &str,
    expected: Option<PublicKey>,
) -> Result<PublicKey, VerifyError> {
    let text = |name: &str| {
        let value = sd_jwt.headers().get(name).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    let (typ, algorithm) = (text("typ"), text("alg"));
    if typ != TYP || algorithm != ALGORITHM {
        return Err(VerifyError::OtherKind { typ, algorithm });
    }
    let jwk = sd_jwt.headers().get("jwk").unwrap_or(&Value::Null);
    let key = PublicKey::from_jwk(jwk)
        .map_err(|error| VerifyError::Malformed(format!("the issuer's key: {error}")))?;
    if !is_signed(issuer_signed, &key) {
        return Err(VerifyError::Forged);
    }
    match expected {
        Some(expected) if expected != key => Err(VerifyError::OtherIssuer(key)),
        _ => Ok(key),
    }
}

/// The credential with what is disclosed in its place.
fn disclosed(sd_jwt: SdJwt) -> Result<Vc, VerifyError> {
    let wrong = |problem: &str| Err(VerifyError::Disclosure(problem.into()));
    if sd_jwt.claims()._sd_alg.as_deref().unwrap_or(SHA_ALG_NAME) != SHA_ALG_NAME {
        return wrong("its digests are not by SHA-256");
    }
    if !sd_jwt.claims()._sd.is_empty() {
        return wrong("something else than items of the subject is concealed");
    }
    let disclosures = sd_jwt.disclosures();
    let different: BTreeSet<&str> = disclosures.iter().map(|one| one.as_str()).collect();
    if different.len() != disclosures.len() {
        return wrong("an item is disclosed twice");
    }
    if disclosures
        .iter()
        .any(|one| one.claim_name.is_none() || has_digests(&one.claim_value))
    {
        return wrong("an item has concealed parts of its own");
    }
    let object = sd_jwt
        .into_disclosed_object(&Sha256Hasher)
        .map_err(|error| VerifyError::Disclosure(error.to_string()))?;
    serde_json::from_value(Value::Object(object))
        .map_err(|error| VerifyError::Content(error.to_string()))
}

/// The pool key that the issuer has signed, zero for none. None is left out and not written as zero, so that there is one
/// text for it.
fn pool_key(vc: &Vc) -> Result<FieldBytes, VerifyError> {
    let Some(key) = vc.plume.pool_key else {
        return Ok(FieldBytes::ZERO);
    };
    match FieldBytes::from_canonical(key.0) {
        Ok(key) if !key.is_zero() => Ok(key),
        _ => Err(VerifyError::Content("its pool key".into())),
    }
}

fn check_content(vc: &Vc) -> Result<(), VerifyError> {
    let is_moment = |text: &str, seconds: u64| {
        let moment = text.parse::<Timestamp>().map(Timestamp::as_second);
        moment.is_ok_and(|moment| u64::try_from(moment) == Ok(seconds))
    };
    let tie = &vc.plume;
    let wrong = if vc.context.first().map(String::as_str) != Some(CONTEXT)
        || !TYPES
            .iter()
            .all(|kind| vc.types.iter().any(|one| one == kind))
        || vc.vct != VCT
    {
        "its type"
    } else if vc.issuer != vc::issuer_urn(&tie.issuer) {
        "its issuer"
    } else if vc.credential_subject.id != vc::subject_urn(&tie.subject) {
        "its subject"
    } else if vc.credential_status.id != vc::status_urn(&tie.genesis, &tie.subject) {
        "its status"
    } else if !is_moment(&vc.valid_from, vc.nbf) || !is_moment(&vc.valid_until, vc.exp) {
        "its validity"
    } else {
        return Ok(());
    };
    Err(VerifyError::Content(wrong.into()))
}
