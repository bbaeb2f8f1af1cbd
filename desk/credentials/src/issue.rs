//! What an issuer does.

use crate::{
    Chain, Hash32, Key, Statement, StatementError,
    commitment::{commitment, salt, subject_id},
    jws::{ALGORITHM, KeySigner, Sha256Hasher},
    statement::random,
    vc::{self, CONTEXT, TYP, TYPES, VCT, Vc},
};
use futures::executor::block_on;
use jiff::Timestamp;
use sd_jwt_payload::{RequiredKeyBinding, SdJwtBuilder};
use serde_json::Value;

/// What issuing gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// For the holder: the credential with all that can be disclosed. It has personal data.
    pub credential: String,
    /// For the chain: the commitment to it, a field element, 32 bytes, little endian.
    pub commitment: [u8; 32],
    /// The subject's number.
    pub subject: Hash32,
    /// First second in which it counts, since the chain's first block.
    pub valid_from: u32,
    /// First second in which it no longer does, since the chain's first block.
    pub valid_until: u32,
}

/// Why nothing was issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The chain began later.
    #[error(
        "the credential would be over before the chain's first block; choose a later valid_until"
    )]
    BeforeChain,
    /// The chain counts no further.
    #[error(
        "the credential would end later than the chain can count; choose an earlier valid_until"
    )]
    TooLate,
    /// No random bytes.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// The credential cannot be written.
    #[error("the credential cannot be written: {0}")]
    Write(String),
}

/// Makes a credential. `issuer` is the issuer's account on the chain, `key` the Ed25519 key that signs; `now_s` is the
/// present in seconds since 1970.
pub fn issue(
    statement: &Statement,
    issuer: &[u8; 32],
    chain: &Chain,
    key: &Key,
    now_s: u64,
) -> Result<Issued, IssueError> {
    let subject = Hash32(subject_id(issuer, &statement.reference_hash.0));
    let (issuer, genesis) = (Hash32(*issuer), Hash32(chain.genesis));
    let valid_from = statement.valid_from_s.saturating_sub(chain.first_block_s);
    let valid_until = statement.valid_until_s.saturating_sub(chain.first_block_s);
    if valid_until == 0 {
        return Err(IssueError::BeforeChain);
    }
    let vc = Vc {
        context: vec![CONTEXT.into()],
        types: TYPES.map(String::from).to_vec(),
        vct: VCT.into(),
        issuer: vc::issuer_urn(&issuer),
        iat: now_s,
        nbf: statement.valid_from_s,
        exp: statement.valid_until_s,
        valid_from: moment(statement.valid_from_s)?,
        valid_until: moment(statement.valid_until_s)?,
        credential_status: vc::Status {
            id: vc::status_urn(&genesis, &subject),
            kind: "PlumeCredentialStatus".into(),
        },
        credential_subject: vc::Subject {
            id: vc::subject_urn(&subject),
            claims: statement.claims.clone(),
            personal: statement.personal.clone(),
        },
        plume: vc::Tie {
            genesis,
            issuer,
            subject,
            salt: random()?,
            pool_key: statement.pool_key.map(|key| Hash32(*key.as_bytes())),
        },
    };
    let write = |error: sd_jwt_payload::Error| IssueError::Write(error.to_string());
    let mut builder = SdJwtBuilder::new_with_hasher(vc, Sha256Hasher).map_err(write)?;
    for name in statement.personal.keys() {
        builder = builder
            .make_concealable(&format!("/credentialSubject/{name}"))
            .map_err(write)?;
    }
    let Value::Object(holder) = statement.holder_key.to_jwk() else {
        return Err(IssueError::Write("a key is no object".into()));
    };
    let signer = KeySigner(key);
    let finishing = builder
        .header("typ", TYP)
        .header("jwk", key.public().to_jwk())
        .require_key_binding(RequiredKeyBinding::Jwk(holder))
        .finish(&signer, ALGORITHM);
    let credential = block_on(finishing).map_err(write)?.presentation();
    let issuer_signed = credential.split('~').next().unwrap_or_default();
    let pool_key = statement.pool_key.unwrap_or_default();
    Ok(Issued {
        commitment: *commitment(&salt(issuer_signed), &pool_key).as_bytes(),
        subject,
        valid_from: u32::try_from(valid_from).map_err(|_| IssueError::TooLate)?,
        valid_until: u32::try_from(valid_until).map_err(|_| IssueError::TooLate)?,
        credential,
    })
}

fn moment(seconds: u64) -> Result<String, IssueError> {
    let seconds = i64::try_from(seconds).map_err(|_| IssueError::TooLate)?;
    let moment = Timestamp::from_second(seconds).map_err(|_| IssueError::TooLate)?;
    Ok(moment.to_string())
}
