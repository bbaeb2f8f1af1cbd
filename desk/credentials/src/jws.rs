//! JSON Web Signatures with Ed25519, by `jsonwebtoken`; and SHA-256, by which SD-JWT conceals.
//!
//! `jsonwebtoken` asks for a provider of cryptography. Ours knows Ed25519 alone and verifies strictly: a credential
//! under any other algorithm is refused before anything of it is used.

use crate::{Key, PublicKey};
use ed25519_dalek::ed25519::signature::{Error as SignatureError, Signer, Verifier};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind, Result};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use sd_jwt_payload::{Hasher, JsonObject, JwsSigner};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Once;

/// The only algorithm.
pub(crate) const ALGORITHM: &str = "EdDSA";

struct Ed25519Signer(SigningKey);

impl Signer<Vec<u8>> for Ed25519Signer {
    fn try_sign(&self, message: &[u8]) -> core::result::Result<Vec<u8>, SignatureError> {
        Ok(Signer::<Signature>::try_sign(&self.0, message)?
            .to_bytes()
            .to_vec())
    }
}

impl JwtSigner for Ed25519Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Ed25519Verifier(VerifyingKey);

impl Verifier<Vec<u8>> for Ed25519Verifier {
    fn verify(
        &self,
        message: &[u8],
        signature: &Vec<u8>,
    ) -> core::result::Result<(), SignatureError> {
        self.0
            .verify_strict(message, &Signature::from_slice(signature)?)
    }
}

impl JwtVerifier for Ed25519Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    let seed = key.as_bytes().try_into();
    match (algorithm, seed) {
        (Algorithm::EdDSA, Ok(seed)) => Ok(Box::new(Ed25519Signer(SigningKey::from_bytes(seed)))),
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    }
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if *algorithm != Algorithm::EdDSA {
        return Err(ErrorKind::UnsupportedAlgorithm.into());
    }
    let bytes = key.try_get_as_bytes()?.try_into();
    let bytes = bytes.map_err(|_| Error::from(ErrorKind::InvalidEddsaKey))?;
    let key = VerifyingKey::from_bytes(bytes);
    let key = key.map_err(|_| Error::from(ErrorKind::InvalidEddsaKey))?;
    Ok(Box::new(Ed25519Verifier(key)))
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};
static INSTALLED: Once = Once::new();

/// Tells `jsonwebtoken` of the provider, once a process.
fn install() {
    INSTALLED.call_once(|| {
        // Whoever was first has another provider, and what we sign or verify fails instead of passing.
        let _ = PROVIDER.install_default();
    });
}

/// Signs for `sd-jwt-payload`.
pub(crate) struct KeySigner<'a>(pub &'a Key);

#[async_trait::async_trait]
impl JwsSigner for KeySigner<'_> {
    type Error = Error;

    async fn sign(&self, header: &JsonObject, payload: &JsonObject) -> Result<Vec<u8>> {
        self.encode(header, payload)
    }
}

impl KeySigner<'_> {
    fn encode(&self, header: &JsonObject, payload: &JsonObject) -> Result<Vec<u8>> {
        install();
        let header: Header = serde_json::from_value(Value::Object(header.clone()))?;
        // `from_ed_der` keeps the bytes as they are, and our provider reads them as a seed.
        let key = EncodingKey::from_ed_der(&self.0.seed());
        jsonwebtoken::encode(&header, payload, &key).map(String::into_bytes)
    }
}

/// Whether a compact JWS is signed with Ed25519 by this key. Looks at no claim.
pub(crate) fn is_signed(jws: &str, by: &PublicKey) -> bool {
    install();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let key = DecodingKey::from_ed_der(&by.bytes());
    jsonwebtoken::decode::<serde::de::IgnoredAny>(jws, &key, &validation).is_ok()
}

/// SHA-256, which SD-JWT calls `sha-256`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sha256Hasher;

impl Hasher for Sha256Hasher {
    fn digest(&self, input: &[u8]) -> Vec<u8> {
        Sha256::digest(input).to_vec()
    }

    fn alg_name(&self) -> &str {
        sd_jwt_payload::SHA_ALG_NAME
    }
}
