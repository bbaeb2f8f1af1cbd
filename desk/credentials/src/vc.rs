//! The shape of a credential: a W3C Verifiable Credential 2.0 that is an SD-JWT VC as well.

use crate::{ChainClaims, Hash32};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The media type without `application/`: W3C's of a credential that is secured by SD-JWT.
pub(crate) const TYP: &str = "vc+sd-jwt";
/// The context of the W3C data model.
pub(crate) const CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";
/// W3C's type of every credential, and ours.
pub(crate) const TYPES: [&str; 2] = ["VerifiableCredential", "PlumeSubjectCredential"];
/// The type by SD-JWT VC.
pub(crate) const VCT: &str = "urn:plume:credential:subject:1";

/// What is signed, but for what SD-JWT adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Vc {
    #[serde(rename = "@context")]
    pub context: Vec<String>,
    #[serde(rename = "type")]
    pub types: Vec<String>,
    pub vct: String,
    /// `urn:plume:account:` and the issuer's account.
    pub issuer: String,
    /// Seconds since 1970.
    pub iat: u64,
    pub nbf: u64,
    pub exp: u64,
    /// The same two in RFC 3339.
    pub valid_from: String,
    pub valid_until: String,
    pub credential_status: Status,
    pub credential_subject: Subject,
    /// What ties it to the chain.
    pub plume: Tie,
}

/// Where its status is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Status {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
}

/// The subject: what the chain knows of it, and what it does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Subject {
    /// `urn:plume:subject:` and its number.
    pub id: String,
    #[serde(flatten)]
    pub claims: ChainClaims,
    #[serde(flatten)]
    pub personal: Map<String, Value>,
}

/// What ties a credential to the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tie {
    /// Hash of the chain's genesis block.
    pub genesis: Hash32,
    /// The issuer's account.
    pub issuer: Hash32,
    /// The subject's number.
    pub subject: Hash32,
    /// Random bytes that hide the credential behind its commitment.
    pub salt: Hash32,
    /// The holder's pool key in the shielded pool; left out for who has none. In the clear, since whoever compares the
    /// commitment with the chain's has to know it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pool_key: Option<Hash32>,
}

pub(crate) fn issuer_urn(account: &Hash32) -> String {
    format!("urn:plume:account:{account}")
}

pub(crate) fn subject_urn(subject: &Hash32) -> String {
    format!("urn:plume:subject:{subject}")
}

pub(crate) fn status_urn(genesis: &Hash32, subject: &Hash32) -> String {
    format!("urn:plume:status:{genesis}:{subject}")
}

/// Names of a subject that are the chain's, or the format's, and no personal data.
pub(crate) const RESERVED: [&str; 12] = [
    "id",
    "tier",
    "kind",
    "jurisdictions",
    "accredited",
    "politicallyExposed",
    "risk",
    "leiHash",
    "pool_key",
    "poolKey",
    "_sd",
    "...",
];
