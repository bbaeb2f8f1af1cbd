//! Members' keys, and flow keys.

use crate::{
    Bytes32, Card, Error, FlowKey, FlowSecret, KeySeed, MemberKey, Point, SecretBytes, flow::Flow,
    stream::FLOW_ELEMENTS, suite::random_bytes,
};
use plume_circuits::FieldBytes;
use rand_core::OsRng;
use serde::{Deserialize, Serialize};

/// New keys of a member: what it keeps, and what it shows.
pub fn new_member() -> (KeySeed, Card) {
    let key = MemberKey::generate(&mut OsRng);
    (key.to_file(), key.card(&mut OsRng))
}

/// The seed of a flow key's holder: secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowSeed {
    /// Hash of the chain's genesis block.
    pub chain: Bytes32,
    seed: SecretBytes,
}

/// The secret of one period, for its auditor: secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auditor {
    /// Hash of the chain's genesis block.
    pub chain: Bytes32,
    /// The period.
    pub period: u32,
    secret: SecretBytes,
}

/// A new seed.
pub fn flow_seed(chain: Bytes32) -> FlowSeed {
    FlowSeed {
        chain,
        seed: SecretBytes(random_bytes(&mut OsRng).0.to_vec()),
    }
}

fn derive(seed: &FlowSeed, period: u32) -> Result<FlowSecret, Error> {
    let bytes = seed.seed.as_32();
    let bytes = bytes.ok_or_else(|| Error::Document("a seed has 32 bytes".into()))?;
    Ok(FlowSecret::derive(&bytes, &seed.chain, period))
}

/// A period's key, to be published.
pub fn flow_key(seed: &FlowSeed, period: u32) -> Result<FlowKey, Error> {
    derive(seed, period)?
        .publish(&seed.chain, period, &random_bytes(&mut OsRng))
        .ok_or_else(|| Error::Document("this seed has no key for this period".into()))
}

/// The key, if its publisher knows the secret.
pub fn check_flow_key(key: &FlowKey) -> Result<Point, Error> {
    key.verify()
        .map_err(|error| Error::Document(error.to_string()))
}

/// A period's secret, to be given to an auditor of that period.
pub fn flow_secret(seed: &FlowSeed, period: u32) -> Result<Auditor, Error> {
    Ok(Auditor {
        chain: seed.chain,
        period,
        secret: SecretBytes(derive(seed, period)?.to_bytes().0.to_vec()),
    })
}

/// Reads layer one with a period's secret.
pub fn read_flow(
    secret: &Auditor,
    ephemeral: &Point,
    ciphertext: &[FieldBytes; FLOW_ELEMENTS],
) -> Result<Flow, Error> {
    let bytes = secret.secret.as_32();
    bytes
        .and_then(|bytes| FlowSecret::from_bytes(&bytes))
        .and_then(|secret| secret.read(ephemeral, ciphertext))
        .ok_or_else(|| Error::Document("the secret is none".into()))
}
