//! Canonical JSON with a signature.
//!
//! The document is `{"report": …, "signature": {"algorithm", "public_key", "signature"}}` in the canonical form of
//! RFC 8785. What is signed is the canonical form of the report alone. Ed25519 is RFC 8032; sr25519 is Schnorr on
//! Ristretto with the signing context `substrate`, as wallets of this ecosystem make it.

use crate::{Hash32, Report, record::FORMAT};
use serde::{Deserialize, Serialize};

/// The context of sr25519 signatures.
const CONTEXT: &[u8] = b"substrate";

/// The largest document that is verified.
pub const MAX_DOCUMENT_BYTES: usize = 256 * 1024 * 1024;

/// How a report is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// RFC 8032.
    Ed25519,
    /// Schnorr on Ristretto.
    Sr25519,
}

/// A key that verifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// For which signatures.
    pub algorithm: Algorithm,
    /// Its 32 bytes.
    pub bytes: Hash32,
}

/// A key that signs.
pub struct Key(Inner);

enum Inner {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    Sr25519(Box<schnorrkel::Keypair>),
}

impl core::fmt::Debug for Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Key({:?})", self.public())
    }
}

impl Key {
    /// From a seed of RFC 8032.
    pub fn ed25519(seed: [u8; 32]) -> Self {
        Self(Inner::Ed25519(Box::new(
            ed25519_dalek::SigningKey::from_bytes(&seed),
        )))
    }

    /// From a mini secret, which is what a mnemonic of this ecosystem gives.
    pub fn sr25519(mini_secret: [u8; 32]) -> Result<Self, SignError> {
        let mini =
            schnorrkel::MiniSecretKey::from_bytes(&mini_secret).map_err(|_| SignError::Key)?;
        Ok(Self(Inner::Sr25519(Box::new(
            mini.expand_to_keypair(schnorrkel::ExpansionMode::Ed25519),
        ))))
    }

    /// The key that verifies.
    pub fn public(&self) -> PublicKey {
        match &self.0 {
            Inner::Ed25519(key) => PublicKey {
                algorithm: Algorithm::Ed25519,
                bytes: Hash32(key.verifying_key().to_bytes()),
            },
            Inner::Sr25519(pair) => PublicKey {
                algorithm: Algorithm::Sr25519,
                bytes: Hash32(pair.public.to_bytes()),
            },
        }
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        match &self.0 {
            Inner::Ed25519(key) => ed25519_dalek::Signer::sign(&**key, message).to_bytes(),
            Inner::Sr25519(pair) => pair.sign_simple(CONTEXT, message).to_bytes(),
        }
    }
}

impl PublicKey {
    fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        match self.algorithm {
            Algorithm::Ed25519 => {
                ed25519_dalek::VerifyingKey::from_bytes(&self.bytes.0).is_ok_and(|key| {
                    key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature))
                        .is_ok()
                })
            }
            Algorithm::Sr25519 => {
                let key = schnorrkel::PublicKey::from_bytes(&self.bytes.0);
                let signature = schnorrkel::Signature::from_bytes(signature);
                match (key, signature) {
                    (Ok(key), Ok(signature)) => {
                        key.verify_simple(CONTEXT, message, &signature).is_ok()
                    }
                    _ => false,
                }
            }
        }
    }
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// Not a key.
    #[error("the secret is no sr25519 key")]
    Key,
    /// The report cannot be written.
    #[error("the report cannot be written as canonical JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Why a document is not taken.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// More than [`MAX_DOCUMENT_BYTES`].
    #[error("the document is larger than {MAX_DOCUMENT_BYTES} bytes")]
    TooLarge,
    /// Not such a document.
    #[error("this is no signed report: {0}")]
    Json(#[from] serde_json::Error),
    /// Another format or version.
    #[error("the report's format is {0:?}; this program knows {FORMAT:?}")]
    Format(String),
    /// Right in content, but written differently, so that a digest of the file would differ.
    #[error(
        "the document is not in the canonical form of RFC 8785; it was changed after it was signed"
    )]
    NotCanonical,
    /// Somebody else's.
    #[error("the report is signed by another key than the one that was asked for: {0}")]
    OtherKey(Hash32),
    /// The signature does not fit.
    #[error(
        "the signature does not fit the report; it was changed, or it was never signed with this key"
    )]
    Signature,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    report: Report,
    signature: Signature,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    algorithm: Algorithm,
    public_key: Hash32,
    signature: String,
}

/// The report in canonical form, which is what is signed. Numbers in JSON are exact up to 2⁵³; a report with a larger
/// one is refused.
pub fn canonical(report: &Report) -> Result<Vec<u8>, serde_json::Error> {
    let bytes = serde_json_canonicalizer::to_vec(report)?;
    match serde_json::from_slice::<Report>(&bytes) {
        Ok(same) if same == *report => Ok(bytes),
        _ => Err(serde::ser::Error::custom(
            "a number of the report is larger than 2^53, which JSON cannot hold",
        )),
    }
}

/// The signed document. Ed25519 gives the same bytes each time, sr25519 does not.
pub fn sign(report: &Report, key: &Key) -> Result<Vec<u8>, SignError> {
    let signature = key.sign(&canonical(report)?);
    let public = key.public();
    let document = Document {
        report: report.clone(),
        signature: Signature {
            algorithm: public.algorithm,
            public_key: public.bytes,
            signature: format!("0x{}", hex::encode(signature)),
        },
    };
    Ok(serde_json_canonicalizer::to_vec(&document)?)
}

/// The report of a document, if its signature is right. Without `by` any key will do: then it says that nobody has
/// changed the report since, but not who made it.
pub fn verify(document: &[u8], by: Option<&PublicKey>) -> Result<Report, VerifyError> {
    if document.len() > MAX_DOCUMENT_BYTES {
        return Err(VerifyError::TooLarge);
    }
    let parsed: Document = serde_json::from_slice(document)?;
    if parsed.report.format != FORMAT {
        return Err(VerifyError::Format(parsed.report.format));
    }
    if serde_json_canonicalizer::to_vec(&parsed)? != document {
        return Err(VerifyError::NotCanonical);
    }
    let key = PublicKey {
        algorithm: parsed.signature.algorithm,
        bytes: parsed.signature.public_key,
    };
    if by.is_some_and(|by| *by != key) {
        return Err(VerifyError::OtherKey(key.bytes));
    }
    let mut signature = [0; 64];
    let digits = parsed
        .signature
        .signature
        .strip_prefix("0x")
        .ok_or(VerifyError::Signature)?;
    // A document has one form: the same signature in capitals would make another.
    if digits.bytes().any(|digit| digit.is_ascii_uppercase()) {
        return Err(VerifyError::NotCanonical);
    }
    hex::decode_to_slice(digits, &mut signature).map_err(|_| VerifyError::Signature)?;
    match key.verifies(&canonical(&parsed.report)?, &signature) {
        true => Ok(parsed.report),
        false => Err(VerifyError::Signature),
    }
}
