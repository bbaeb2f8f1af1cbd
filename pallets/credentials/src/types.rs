//! What is kept of issuers, credentials and bindings.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_circuits::FieldBytes;
use plume_primitives::{
    Seconds,
    compliance::{SubjectId, SubjectKind, Tier},
    credentials::{Claims, Reach},
};
use scale_info::TypeInfo;
use sp_core::H256;

/// What an issuer may state.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Scope {
    /// The highest tier.
    pub max_tier: Tier,
    /// Whether about natural persons.
    pub persons: bool,
    /// Whether about firms.
    pub firms: bool,
    /// Whether about banks.
    pub banks: bool,
    /// Whether that a subject is an accredited investor.
    pub accredits: bool,
    /// About subjects of which jurisdictions: all of a subject's have to be within.
    pub reach: Reach,
}

impl Scope {
    /// Whether it may state something about such a subject.
    pub const fn has(&self, kind: SubjectKind) -> bool {
        match kind {
            SubjectKind::Person => self.persons,
            SubjectKind::Firm => self.firms,
            SubjectKind::Bank => self.banks,
        }
    }

    /// Whether there is anything that it lets an issuer state.
    pub fn is_well_formed(&self) -> bool {
        self.max_tier != Tier::Zero
            && (self.persons || self.firms || self.banks)
            && self.reach.is_well_formed()
    }
}

/// An institution that states who subjects are.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Issuer {
    /// Hash of its legal entity identifier (ISO 17442).
    pub lei_hash: H256,
    /// What it may state.
    pub scope: Scope,
    /// The most credentials that are kept for it, revoked ones included.
    pub quota: u32,
    /// How many are kept.
    pub kept: u32,
    /// Whether its statements count. One that was expelled stays on record, as its credentials do.
    pub admitted: bool,
}

/// Where a credential stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Status {
    /// It counts while it is valid.
    Active,
    /// It does not count until it is resumed.
    Suspended,
    /// It never counts again.
    Revoked {
        /// Since when, in seconds since the first block.
        at: Seconds,
    },
}

/// What an issuer states about a subject.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Credential<AccountId> {
    /// Who states it.
    pub issuer: AccountId,
    /// What.
    pub claims: Claims,
    /// Salted commitment to the credential that the subject holds.
    pub commitment: FieldBytes,
    /// Where it stands.
    pub status: Status,
    /// The tree's leaf that is its own; none once it is revoked.
    pub leaf: Option<u32>,
    /// Whether that leaf is filled now.
    pub shown: bool,
}

/// A credential to be issued.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Request {
    /// The issuer's salted reference for the subject; see [`subject_id`](crate::subject_id).
    pub reference: H256,
    /// What is stated.
    pub claims: Claims,
    /// Commitment to the credential off the chain: a field element, 32 bytes, little endian.
    pub commitment: [u8; 32],
}

/// An account that may become a subject's, if it accepts.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Offer<AccountId> {
    /// Who may accept.
    pub account: AccountId,
    /// The last moment to accept, in seconds since the first block.
    pub until: Seconds,
}

/// What an account signs to become a subject's. It counts on one chain, once, and for a time.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Statement<AccountId, Hash> {
    /// Hash of the chain's genesis block.
    pub genesis: Hash,
    /// Whose the account wants to be.
    pub subject: SubjectId,
    /// The account that signs.
    pub account: AccountId,
    /// How many bindings of this account there were before: [`Nonces`](crate::Nonces).
    pub nonce: u32,
    /// The last moment at which it counts, in seconds since the first block.
    pub until: Seconds,
}
