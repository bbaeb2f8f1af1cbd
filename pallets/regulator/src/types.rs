//! What is kept of supervisors, warrants and the log.

use crate::Config;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound, traits::ConstU32,
};
use plume_primitives::{Seconds, compliance::SubjectId, credentials::Reach, regulation::CaseId};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::traits::{BlakeTwo256, Hash};

/// Number of a warrant, given in order and never again.
pub type WarrantId = u32;

/// What a supervisor, or a warrant, is good for.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Powers {
    /// Freezing all that a subject has.
    pub freeze_subjects: bool,
    /// Freezing an amount that is on hold for a case.
    pub freeze_amounts: bool,
    /// Having something about a subject opened.
    pub access: bool,
}

impl Powers {
    /// None.
    pub const NONE: Self = Self {
        freeze_subjects: false,
        freeze_amounts: false,
        access: false,
    };

    /// All.
    pub const ALL: Self = Self {
        freeze_subjects: true,
        freeze_amounts: true,
        access: true,
    };

    /// Whether the other has all of these.
    pub const fn within(&self, other: &Self) -> bool {
        (other.freeze_subjects || !self.freeze_subjects)
            && (other.freeze_amounts || !self.freeze_amounts)
            && (other.access || !self.access)
    }
}

/// An authority that supervises.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Supervisor {
    /// Hash of the document that says which authority it is.
    pub authority: H256,
    /// The most that its warrants are good for.
    pub powers: Powers,
    /// Its jurisdictions. A subject is within when one of its own is.
    pub reach: Reach,
    /// Whether its warrants count. One that was dismissed stays on record.
    pub admitted: bool,
}

/// Whom a warrant is about.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Target<AccountId> {
    /// One subject, and amounts of it or for it.
    Subject(SubjectId),
    /// The parties of a case of the compliance engine, and what is on hold for it.
    Case(CaseId),
    /// The subjects of an institution, and amounts of them or for them.
    Institution(AccountId),
}

/// A right to have something opened or stopped.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Warrant<AccountId> {
    /// Whose it is.
    pub supervisor: AccountId,
    /// Whom it is about.
    pub target: Target<AccountId>,
    /// What it is good for.
    pub powers: Powers,
    /// Hash of the order behind it.
    pub legal_basis: H256,
    /// The case of the compliance engine that it comes from, if it comes from one.
    pub case: Option<CaseId>,
    /// The last second in which it counts, in seconds since the first block.
    pub until: Seconds,
    /// How often it was used.
    pub uses: u32,
    /// Whether it was taken back.
    pub withdrawn: bool,
}

/// Bytes that begin the preimage of a warrant's hash.
const WARRANT_DOMAIN: &[u8] = b"plume/regulator/warrant/1";

/// Bytes at the end of a warrant's encoding that its uses and its end change: a number of 32 bits, and a flag.
pub const CHANGING_BYTES: usize = 5;

impl<AccountId: Encode> Warrant<AccountId> {
    /// What members of the committee know it by: BLAKE2b-256 of a domain, its number, and all that never changes of it, as
    /// the chain encodes it. So it is whatever stands in storage, but for the last [`CHANGING_BYTES`].
    pub fn hash(&self, number: WarrantId) -> H256 {
        let lasting = (
            &self.supervisor,
            &self.target,
            self.powers,
            self.legal_basis,
            self.case,
            self.until,
        );
        let mut bytes = Vec::from(WARRANT_DOMAIN);
        (number, lasting).encode_to(&mut bytes);
        BlakeTwo256::hash(&bytes)
    }
}

/// What a supervisor did.
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
pub enum Act {
    /// It opened a warrant.
    Opened,
    /// A warrant was taken back.
    Withdrawn,
    /// It froze a subject.
    SubjectFrozen(SubjectId),
    /// It released a subject.
    SubjectReleased(SubjectId),
    /// It froze the amount on hold for a case.
    AmountFrozen(CaseId),
    /// It released it.
    AmountReleased(CaseId),
    /// It had something about a subject opened.
    Accessed(SubjectId),
    /// It asks the committee to open a shielded transfer.
    TransferOpened {
        /// Hash of what is to be opened: the committee's members compare it with what they are asked for.
        opened: H256,
        /// How many members' shares it takes.
        shares: u16,
    },
}

impl Act {
    /// Whether it is a use of a warrant, rather than its first or last day.
    pub const fn is_use(self) -> bool {
        !matches!(self, Self::Opened | Self::Withdrawn)
    }
}

/// The most institutions that one act concerns: the sender's and the recipient's.
pub const MAX_CONCERNED: u32 = 2;

/// A line of the log.
#[derive(
    CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
#[scale_info(skip_type_params(T))]
#[codec(mel_bound())]
pub struct Entry<T: Config> {
    /// When, in seconds since the first block.
    pub at: Seconds,
    /// Who.
    pub supervisor: T::AccountId,
    /// By which warrant; none for what a supervisor may see without one.
    pub warrant: Option<WarrantId>,
    /// Institutions whose subjects it concerns, as far as they are known.
    pub institutions: BoundedVec<T::AccountId, ConstU32<MAX_CONCERNED>>,
    /// What.
    pub act: Act,
    /// Hash of what the supervisor keeps about it.
    pub evidence: H256,
    /// What the institution is told, encrypted to its key; may be empty.
    pub sealed: BoundedVec<u8, T::MaxSealed>,
}
