//! What an issuer states: the claims file.

use crate::{Hash32, PublicKey, commitment::reference_hash, pool, vc::RESERVED};
use jiff::Timestamp;
use plume_circuits::FieldBytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sp_crypto_hashing::blake2_256;

/// The largest claims file that is read.
pub const MAX_STATEMENT_BYTES: usize = 64 * 1024;

/// The most items of personal data; each is disclosed on its own.
pub(crate) const MAX_PERSONAL: usize = 32;

/// How well the issuer knows the subject. On the chain tier zero is that nothing is known, so it cannot be stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// A name was given.
    One,
    /// Documents were checked.
    Two,
    /// Checked in depth, with the origin of the funds.
    Three,
}

/// What the subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A natural person.
    Person,
    /// A legal person.
    Firm,
    /// A legal person that keeps others' money.
    Bank,
}

/// How the issuer rates the subject's risk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Nothing speaks against the subject.
    #[default]
    Low,
    /// Something does.
    Medium,
    /// Enhanced diligence is due.
    High,
}

macro_rules! chain_names {
    ($kind:ty: $($variant:ident),*) => {
        impl $kind {
            /// Its name in the runtime's metadata.
            pub fn chain_name(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($variant),)*
                }
            }
        }
    };
}
chain_names!(Tier: One, Two, Three);
chain_names!(Kind: Person, Firm, Bank);
chain_names!(Risk: Low, Medium, High);

/// What the chain is told of a subject, without the time. All of it is public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChainClaims {
    /// How well the issuer knows it.
    pub tier: Tier,
    /// What it is.
    pub kind: Kind,
    /// Where it belongs: one to eight codes of ISO 3166-1, in ascending order, none twice.
    pub jurisdictions: Vec<String>,
    /// Whether it is an accredited investor.
    pub accredited: bool,
    /// Whether it holds a public office, or is close to somebody who does.
    pub politically_exposed: bool,
    /// How the issuer rates its risk.
    pub risk: Risk,
    /// BLAKE2b-256 of a legal person's LEI; none for a natural person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lei_hash: Option<Hash32>,
}

/// A chain, as far as a credential has to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Hash of its genesis block.
    pub genesis: [u8; 32],
    /// Time of its first block, in seconds since 1970: the chain counts from there.
    pub first_block_s: u64,
}

/// What an issuer states about one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Hash of the issuer's salted reference for the subject.
    pub reference_hash: Hash32,
    /// The salt behind it. Keep it: the subject keeps its number only with it.
    pub reference_salt: Option<Hash32>,
    /// What the chain is told.
    pub claims: ChainClaims,
    /// First second in which it counts, since 1970.
    pub valid_from_s: u64,
    /// First second in which it no longer does, since 1970.
    pub valid_until_s: u64,
    /// The key with which the holder will present.
    pub holder_key: PublicKey,
    /// The holder's pool key in the shielded pool; none for who has none. Never zero.
    pub pool_key: Option<FieldBytes>,
    /// What never reaches the chain.
    pub personal: Map<String, Value>,
}

/// Why a claims file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// More than [`MAX_STATEMENT_BYTES`].
    #[error("the claims file is larger than {MAX_STATEMENT_BYTES} bytes")]
    TooLarge,
    /// No such JSON.
    #[error("the claims file is not the JSON that is expected: {0}")]
    Json(#[from] serde_json::Error),
    /// A field that cannot be used.
    #[error("{field}: {problem}")]
    Field {
        /// Which.
        field: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system has no randomness to give")]
    NoRandomness,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    reference: String,
    reference_salt: Option<Hash32>,
    tier: Tier,
    kind: Kind,
    jurisdictions: Vec<String>,
    #[serde(default)]
    accredited: bool,
    #[serde(default)]
    politically_exposed: bool,
    #[serde(default)]
    risk: Risk,
    lei: Option<String>,
    valid_from: String,
    valid_until: String,
    holder_key: String,
    pool_key: Option<String>,
    personal: Map<String, Value>,
}

impl Statement {
    /// Reads a claims file:
    ///
    /// | field | what |
    /// |---|---|
    /// | `reference` | the issuer's own name for the subject; or, to renew, the 0x hash of it that the chain has |
    /// | `reference_salt` | optional; to give a subject the number again that it has |
    /// | `tier`, `kind` | `one`, `two`, `three`; `person`, `firm`, `bank` |
    /// | `jurisdictions` | one to eight of ISO 3166-1, such as `["CH", "DE"]` |
    /// | `accredited`, `politically_exposed`, `risk` | optional: `false`, `false`, `low` |
    /// | `lei` | of a legal person; only its hash goes further |
    /// | `valid_from`, `valid_until` | such as `2026-11-24T00:00:00Z` |
    /// | `holder_key` | the holder's Ed25519 public key |
    /// | `pool_key` | optional: 64 hexadecimal digits, zeros for none; or the holder's address (`plume1...`) or contact |
    /// | `personal` | what never reaches the chain, each item disclosed on its own |
    pub fn from_json(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > MAX_STATEMENT_BYTES {
            return Err(StatementError::TooLarge);
        }
        Self::from_file(serde_json::from_slice(bytes)?)
    }

    fn from_file(file: File) -> Result<Self, StatementError> {
        let invalid = |field, problem: &str| StatementError::Field {
            field,
            problem: problem.into(),
        };
        let mut jurisdictions = file.jurisdictions;
        jurisdictions.sort_unstable();
        jurisdictions.dedup();
        let is_code = |code: &String| {
            code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase())
        };
        if !(1..=8).contains(&jurisdictions.len()) || !jurisdictions.iter().all(is_code) {
            return Err(invalid(
                "jurisdictions",
                "name one to eight countries by their two letters of ISO 3166-1, such as CH",
            ));
        }
        let lei_hash = match (&file.lei, file.kind) {
            (None, Kind::Person) => None,
            (Some(_), Kind::Person) => {
                return Err(invalid("lei", "a natural person has none; leave it out"));
            }
            (None, _) => return Err(invalid("lei", "a legal person needs one")),
            (Some(lei), _) if is_lei(lei) => Some(Hash32(blake2_256(lei.as_bytes()))),
            (Some(_), _) => {
                return Err(invalid(
                    "lei",
                    "a legal entity identifier has 20 upper-case letters and digits (ISO 17442)",
                ));
            }
        };
        let valid_from_s = seconds("valid_from", &file.valid_from)?;
        let valid_until_s = seconds("valid_until", &file.valid_until)?;
        if valid_from_s >= valid_until_s {
            return Err(invalid("valid_until", "it has to be later than valid_from"));
        }
        let holder_key = file.holder_key.parse::<PublicKey>();
        let holder_key = holder_key.map_err(|error| invalid("holder_key", &error.to_string()))?;
        let pool_key = file.pool_key.as_deref().map(pool::pool_key).transpose();
        let pool_key = pool_key.map_err(|error| invalid("pool_key", &error.to_string()))?;
        check_personal(&file.personal).map_err(|problem| invalid("personal", &problem))?;
        let (reference_hash, reference_salt) = match file.reference.parse::<Hash32>() {
            Ok(hash) => (hash, None),
            Err(_) if file.reference.trim().is_empty() => {
                return Err(invalid("reference", "it is empty"));
            }
            Err(_) => {
                let salt = match file.reference_salt {
                    Some(salt) => salt,
                    None => random()?,
                };
                let hash = reference_hash(&salt.0, &file.reference);
                (Hash32(hash), Some(salt))
            }
        };
        Ok(Self {
            reference_hash,
            reference_salt,
            claims: ChainClaims {
                tier: file.tier,
                kind: file.kind,
                jurisdictions,
                accredited: file.accredited,
                politically_exposed: file.politically_exposed,
                risk: file.risk,
                lei_hash,
            },
            valid_from_s,
            valid_until_s,
            holder_key,
            pool_key: pool_key.filter(|key| !key.is_zero()),
            personal: file.personal,
        })
    }
}

/// 32 random bytes.
pub(crate) fn random() -> Result<Hash32, StatementError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| StatementError::NoRandomness)?;
    Ok(Hash32(bytes))
}

fn is_lei(text: &str) -> bool {
    text.len() == 20
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn seconds(field: &'static str, text: &str) -> Result<u64, StatementError> {
    let moment = text.parse::<Timestamp>().ok();
    moment
        .and_then(|moment| u64::try_from(moment.as_second()).ok())
        .ok_or_else(|| StatementError::Field {
            field,
            problem: "not a moment after 1970; write it like 2026-11-24T00:00:00Z".into(),
        })
}

fn check_personal(personal: &Map<String, Value>) -> Result<(), String> {
    if personal.is_empty() || personal.len() > MAX_PERSONAL {
        return Err(format!("name one to {MAX_PERSONAL} items"));
    }
    for (name, value) in personal {
        if RESERVED.contains(&name.as_str()) {
            return Err(format!("the name {name:?} is the chain's or the format's"));
        }
        if name.is_empty() || name.contains(['/', '~']) {
            return Err(format!("the name {name:?} is empty or has / or ~ in it"));
        }
        if has_digests(value) {
            return Err(format!("{name:?} has a field that SD-JWT keeps for itself"));
        }
    }
    Ok(())
}

/// Whether something in it would count as concealed.
pub(crate) fn has_digests(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields
            .iter()
            .any(|(name, field)| matches!(name.as_str(), "_sd" | "...") || has_digests(field)),
        Value::Array(items) => items.iter().any(has_digests),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;
    use serde_json::json;

    fn file() -> Value {
        json!({
            "reference": "customer 4711",
            "tier": "two",
            "kind": "person",
            "jurisdictions": ["DE", "CH", "DE"],
            "valid_from": "2026-11-24T00:00:00Z",
            "valid_until": "2028-11-24T00:00:00Z",
            "holder_key": Key::from_seed([2; 32]).public().to_string(),
            "personal": { "family_name": "Muster" },
        })
    }

    fn read(change: impl FnOnce(&mut Map<String, Value>)) -> Result<Statement, StatementError> {
        let mut file = file();
        change(file.as_object_mut().unwrap());
        Statement::from_json(&serde_json::to_vec(&file).unwrap())
    }

    #[test]
    fn a_claims_file_is_read_with_its_jurisdictions_in_order() {
        let statement = read(|_| {}).unwrap();
        assert_eq!(statement.claims.jurisdictions, ["CH", "DE"]);
        assert_eq!(statement.valid_from_s, 1_795_478_400);
        assert_eq!(statement.claims.risk, Risk::Low);
        let salt = statement.reference_salt.unwrap();
        assert_eq!(
            statement.reference_hash.0,
            reference_hash(&salt.0, "customer 4711")
        );
    }

    #[test]
    fn a_subject_keeps_its_number_with_its_salt_or_its_hash() {
        let salt = Hash32([5; 32]);
        let with_salt = read(|file| {
            file.insert("reference_salt".into(), json!(salt));
        });
        let hash = with_salt.unwrap().reference_hash;
        let with_hash = read(|file| {
            file.insert("reference".into(), json!(hash));
        });
        assert_eq!(with_hash.unwrap().reference_hash, hash);
    }

    #[test]
    fn who_has_no_pool_key_is_stated_as_with_zeros() {
        assert_eq!(read(|_| {}).unwrap().pool_key, None);
        let zeros = read(|file| {
            file.insert("pool_key".into(), json!("00".repeat(32)));
        });
        assert_eq!(zeros.unwrap().pool_key, None);
    }

    #[test]
    fn what_cannot_be_stated_is_refused_by_its_field() {
        let error = |name: &str, value: Value| {
            let error = read(|file| {
                file.insert(name.into(), value);
            });
            error.unwrap_err().to_string()
        };
        assert!(error("tier", json!("zero")).contains("unknown variant"));
        assert!(error("jurisdictions", json!([])).starts_with("jurisdictions"));
        assert!(error("jurisdictions", json!(["ch"])).starts_with("jurisdictions"));
        assert!(error("kind", json!("firm")).starts_with("lei: a legal person"));
        assert!(error("lei", json!("5493001KJTIIGC8Y1R12")).starts_with("lei: a natural"));
        assert!(error("valid_until", json!("2026-11-24T00:00:00Z")).starts_with("valid_until"));
        assert!(error("valid_from", json!("24.11.2026")).starts_with("valid_from: not a moment"));
        assert!(error("holder_key", json!("0x01")).starts_with("holder_key"));
        assert!(error("pool_key", json!("0x01")).starts_with("pool_key"));
        assert!(error("pool_key", json!("ff".repeat(32))).contains("modulus"));
        assert!(error("pool_key", json!("plume1qqqq")).starts_with("pool_key"));
        assert!(error("personal", json!({})).starts_with("personal"));
        assert!(error("personal", json!({ "pool_key": 1 })).contains("the chain's"));
        assert!(error("personal", json!({ "tier": 1 })).contains("the chain's"));
        assert!(error("personal", json!({ "a": { "_sd": [] } })).contains("SD-JWT"));
        assert!(error("passport", json!(1)).contains("unknown field"));
    }
}
