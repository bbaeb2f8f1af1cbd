//! Two blocks of one author in one slot: what proves it, and what it costs.
//!
//! Evidence is two different headers with their seals. It counts when
//!
//! 1. both name the slot that it speaks of, that slot is not yet to come and at most [`MAX_AGE_SLOTS`] ago,
//!    and neither is longer than [`MAX_HEADER_BYTES`];
//! 2. both seals are by the same key;
//! 3. one of the two was built on a block that this chain knows and has not forgotten
//!    (`BlockHashCount`): a key that was used on another chain, too, convicts nobody here, and what is
//!    older than that is too old;
//! 4. the key belonged to a validator in this session or one of the [`SESSIONS_BACK`] before;
//! 5. the same author's double seal in the same slot was not reported before.

use crate::{Config, Error, EvidenceOf, rotation::Slot};
use alloc::{vec, vec::Vec};
use codec::Encode;
use frame_support::traits::{Get, KeyOwnerProofSystem};
use frame_system::pallet_prelude::HeaderFor;
use sp_consensus_aura::digests::CompatibleDigestItem;
use sp_runtime::{
    DigestItem, Perbill, RuntimeAppPublic, Saturating,
    traits::{Hash, Header, One},
};
use sp_session::{GetSessionNumber, GetValidatorCount};
use sp_staking::{
    SessionIndex,
    offence::{Kind, Offence, ReportOffence},
};

/// Evidence is accepted for keys of this session and so many before. It has to end somewhere, so that a
/// key of a former validator cannot be used to fill blocks with free reports.
pub const SESSIONS_BACK: SessionIndex = 6;

/// Evidence is accepted of slots at most so long ago: a day of 250 ms slots. The key's owner can seal any slot
/// of the past on a block that the chain knows, and each slot would be another free report. A halt leaves the
/// blocks before it known; what was done then can be proven for as long as this.
pub const MAX_AGE_SLOTS: u64 = 4 * 24 * 60 * 60;

/// The longest header in evidence. With the keys of 64 validators in its digest one has less than 3 KiB.
pub const MAX_HEADER_BYTES: usize = 8 * 1024;

/// A validator has sealed two blocks in one slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubleSealOffence<Offender> {
    /// The slot.
    pub slot: Slot,
    /// The session in which the key was the validator's.
    pub session: SessionIndex,
    /// Validators in that session.
    pub validators: u32,
    /// Who did it.
    pub offender: Offender,
}

impl<Offender: Clone> Offence<Offender> for DoubleSealOffence<Offender> {
    const ID: Kind = *b"plume:doubleseal";
    type Slot = Slot;

    fn offenders(&self) -> Vec<Offender> {
        vec![self.offender.clone()]
    }
    fn session_index(&self) -> SessionIndex {
        self.session
    }
    fn validator_set_count(&self) -> u32 {
        self.validators
    }
    fn slot(&self) -> Slot {
        self.slot
    }

    /// `min(3k / n, 1)²` for k of n in one slot, as GRANDPA's double votes: one alone may be an
    /// accident, a third together is an attack.
    fn slash_fraction(&self, offenders: u32) -> Perbill {
        Perbill::from_rational(offenders.saturating_mul(3), self.validators.max(1)).square()
    }
}

/// A double seal that was proven.
pub(crate) type Proven<T> = DoubleSealOffence<
    <<T as Config>::KeyOwners as KeyOwnerProofSystem<KeyOf<T>>>::IdentificationTuple,
>;

/// How the session's history names a key.
pub type KeyOf<T> = (
    sp_core::crypto::KeyTypeId,
    <T as pallet_aura::Config>::AuthorityId,
);

/// The slot that a header was sealed in.
fn slot_of<H: Header>(header: &H) -> Option<Slot> {
    header.digest().convert_first(|item| {
        <DigestItem as CompatibleDigestItem<()>>::as_aura_pre_digest(item).map(|slot| *slot)
    })
}

/// Whether the last item of the header's digest is this key's seal over what comes before it.
fn is_sealed_by<T: Config>(
    header: &HeaderFor<T>,
    key: &<T as pallet_aura::Config>::AuthorityId,
) -> bool {
    let mut header = header.clone();
    let Some(seal) = header.digest_mut().pop() else {
        return false;
    };
    let signature =
        <DigestItem as CompatibleDigestItem<crate::SignatureOf<T>>>::as_aura_seal(&seal);
    signature.is_some_and(|signature| key.verify(&header.hash().as_ref(), &signature))
}

/// Whether the block that a header was built on is one of this chain's.
fn is_built_on_this_chain<T: Config>(header: &HeaderFor<T>) -> bool {
    let number = *header.number();
    if number < One::one() {
        return false;
    }
    let parent = number.saturating_sub(One::one());
    let now = frame_system::Pallet::<T>::block_number();
    // The parent of the block that executes is known by its header only.
    let known = if parent.saturating_add(One::one()) == now {
        frame_system::Pallet::<T>::parent_hash()
    } else {
        frame_system::Pallet::<T>::block_hash(parent)
    };
    known != Default::default() && *header.parent_hash() == known
}

/// Checks evidence by the rules of this module's documentation.
pub(crate) fn prove<T: Config>(
    evidence: &EvidenceOf<T>,
    ownership: &T::KeyOwnerProof,
) -> Result<Proven<T>, Error<T>> {
    let slot = *evidence.slot;
    let current = *pallet_aura::CurrentSlot::<T>::get();
    if slot < current.saturating_sub(MAX_AGE_SLOTS) {
        return Err(Error::ForeignOrOldEvidence);
    }
    let (first, second) = (&evidence.first_header, &evidence.second_header);
    let hash = |header: &HeaderFor<T>| T::Hashing::hash_of(header);
    if first.encoded_size().max(second.encoded_size()) > MAX_HEADER_BYTES
        || hash(first) == hash(second)
        || slot_of(first) != Some(slot)
        || slot_of(second) != Some(slot)
        || slot > current
    {
        return Err(Error::NoDoubleSeal);
    }
    if !is_built_on_this_chain::<T>(first) && !is_built_on_this_chain::<T>(second) {
        return Err(Error::ForeignOrOldEvidence);
    }
    let session = ownership.session();
    let now = T::CurrentSession::get();
    if session > now || session < now.saturating_sub(SESSIONS_BACK) {
        return Err(Error::ForeignOrOldEvidence);
    }
    let key = (
        <T as pallet_aura::Config>::AuthorityId::ID,
        evidence.offender.clone(),
    );
    let validators = ownership.validator_count();
    let offender =
        T::KeyOwners::check_proof(key, ownership.clone()).ok_or(Error::NotAValidatorsKey)?;
    if T::ReportOffence::is_known_offence(core::slice::from_ref(&offender), &slot) {
        return Err(Error::KnownDoubleSeal);
    }
    // The signatures last: they cost the most.
    if !is_sealed_by::<T>(first, &evidence.offender)
        || !is_sealed_by::<T>(second, &evidence.offender)
    {
        return Err(Error::NoDoubleSeal);
    }
    Ok(DoubleSealOffence {
        slot,
        session,
        validators,
        offender,
    })
}

/// What tells one report from another in a pool.
pub(crate) fn tag<T: Config>(evidence: &EvidenceOf<T>) -> Vec<u8> {
    (evidence.slot, &evidence.offender).encode()
}
