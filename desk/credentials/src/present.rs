//! What a holder does.

use crate::{
    Key, MAX_PRESENTATION_BYTES, PublicKey,
    jws::{ALGORITHM, KeySigner, Sha256Hasher},
    vc,
};
use futures::executor::block_on;
use sd_jwt_payload::{Disclosure, KeyBindingJwt, RequiredKeyBinding, SdJwt};
use serde_json::Value;

/// Why nothing can be presented.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PresentError {
    /// Not a credential.
    #[error("this is no credential: {0}")]
    Malformed(String),
    /// Somebody else's.
    #[error("the credential is bound to another holder's key than {0}")]
    OtherHolder(PublicKey),
    /// It has nothing of that name.
    #[error("the credential has no item {name:?}; it has {known}")]
    UnknownItem {
        /// What was asked for.
        name: String,
        /// What there is, with commas between.
        known: String,
    },
    /// The presentation cannot be written.
    #[error("the presentation cannot be written: {0}")]
    Write(String),
}

/// Presents the items of these names and no others to an audience that asked with a nonce. `now_s` is the present in
/// seconds since 1970.
pub fn present(
    credential: &str,
    disclose: &[&str],
    holder: &Key,
    audience: &str,
    nonce: &str,
    now_s: u64,
) -> Result<String, PresentError> {
    let malformed = |problem: String| PresentError::Malformed(problem);
    if credential.len() > MAX_PRESENTATION_BYTES {
        return Err(malformed(format!(
            "it is longer than {MAX_PRESENTATION_BYTES} bytes"
        )));
    }
    let sd_jwt = SdJwt::parse(credential.trim()).map_err(|error| malformed(error.to_string()))?;
    let subject = sd_jwt.claims().get("credentialSubject");
    if !sd_jwt
        .headers()
        .get("typ")
        .is_some_and(|typ| typ == vc::TYP)
        || !subject.is_some_and(Value::is_object)
    {
        return Err(malformed(format!(
            "it is not of the type {} with a subject",
            vc::TYP
        )));
    }
    let bound = match sd_jwt.required_key_bind() {
        Some(RequiredKeyBinding::Jwk(jwk)) => PublicKey::from_jwk(&Value::Object(jwk.clone())).ok(),
        _ => None,
    };
    if bound != Some(holder.public()) {
        return Err(PresentError::OtherHolder(holder.public()));
    }
    let known = names(sd_jwt.disclosures());
    let mut builder = sd_jwt
        .into_presentation(&Sha256Hasher)
        .map_err(|error| malformed(error.to_string()))?
        .conceal_all();
    for name in disclose {
        if !known.iter().any(|item| item == name) {
            return Err(PresentError::UnknownItem {
                name: (*name).to_owned(),
                known: known.join(", "),
            });
        }
        builder = builder
            .disclose(&format!("/credentialSubject/{name}"))
            .map_err(|error| malformed(error.to_string()))?;
    }
    let (mut shown, _) = builder.finish();
    let signer = KeySigner(holder);
    let binding = KeyBindingJwt::builder()
        .iat(i64::try_from(now_s).unwrap_or(i64::MAX))
        .aud(audience)
        .nonce(nonce)
        .finish(&shown, &Sha256Hasher, ALGORITHM, &signer);
    let binding = block_on(binding).map_err(|error| PresentError::Write(error.to_string()))?;
    shown.attach_key_binding_jwt(binding);
    Ok(shown.presentation())
}

fn names(disclosures: &[Disclosure]) -> Vec<String> {
    disclosures
        .iter()
        .filter_map(|disclosure| disclosure.claim_name.clone())
        .collect()
}
