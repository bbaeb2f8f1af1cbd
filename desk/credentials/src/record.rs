//! Whether the chain stands behind a credential.

use crate::{Hash32, Verified, commitment::commitment};

/// Where the chain says that a credential stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordStatus {
    /// It counts while it is valid.
    Active,
    /// It does not count until it is resumed.
    Suspended,
    /// It never counts again.
    Revoked,
}

/// What the chain knows of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// The issuer's account.
    pub issuer: Hash32,
    /// Whether the issuer is admitted.
    pub issuer_admitted: bool,
    /// The commitment to the credential and its pool key.
    pub commitment: Hash32,
    /// Where it stands.
    pub status: RecordStatus,
    /// Whether a supervisor has frozen the subject.
    pub frozen: bool,
    /// First second in which it counts, since the chain's first block.
    pub valid_from: u32,
    /// First second in which it no longer does.
    pub valid_until: u32,
}

/// Why the chain does not stand behind a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Never issued on the chain, or forgotten.
    #[error("the chain knows no credential of the subject")]
    Unknown,
    /// Another issuer's subject.
    #[error("on the chain the subject's issuer is {0}")]
    OtherIssuer(Hash32),
    /// Another credential, or one for another pool key.
    #[error("the chain has another credential of the subject: this one was renewed, or is forged")]
    OtherCommitment,
    /// It never counts again.
    #[error("the issuer has revoked the credential")]
    Revoked,
    /// It does not count now.
    #[error("the issuer has suspended the credential")]
    Suspended,
    /// Nothing of the issuer's counts.
    #[error("the issuer is no longer admitted")]
    IssuerExpelled,
    /// It counts later.
    #[error("on the chain the credential does not count yet")]
    NotYetValid,
    /// It counted.
    #[error("on the chain the credential has expired")]
    Expired,
    /// Nothing of the subject's moves.
    #[error("a supervisor has frozen the subject")]
    Frozen,
}

/// Whether the chain stands behind what was verified, `elapsed` seconds after its first block.
pub fn check_record(
    verified: &Verified,
    record: Option<&Record>,
    elapsed: u32,
) -> Result<(), RecordError> {
    let record = record.ok_or(RecordError::Unknown)?;
    let ensure = |holds, error| if holds { Ok(()) } else { Err(error) };
    ensure(
        record.issuer == verified.issuer,
        RecordError::OtherIssuer(record.issuer),
    )?;
    // Computed again from what was opened, and not taken over: so nobody is believed who changed a part of it.
    let commitment = commitment(&verified.salt, &verified.pool_key);
    ensure(
        record.commitment.0 == *commitment.as_bytes(),
        RecordError::OtherCommitment,
    )?;
    ensure(record.status != RecordStatus::Revoked, RecordError::Revoked)?;
    ensure(
        record.status != RecordStatus::Suspended,
        RecordError::Suspended,
    )?;
    ensure(record.issuer_admitted, RecordError::IssuerExpelled)?;
    ensure(elapsed >= record.valid_from, RecordError::NotYetValid)?;
    ensure(elapsed < record.valid_until, RecordError::Expired)?;
    ensure(!record.frozen, RecordError::Frozen)
}
