//! Proven double votes and double seals: what they set off, and for how long the chain remembers them.
//!
//! The SDK's pallet keeps every report for ever, so that nobody is punished twice for one deed; and a culprit
//! that has lost its bond already could have any number of its old rounds reported, free of charge. A deed that
//! nobody could prove any more needs no memory, so the end of each session forgets some of those.

use super::consensus::{PROVABLE_SESSIONS, SESSION_BLOCKS};
use crate::*;
use codec::{Decode, Encode};
use core::marker::PhantomData;
use frame_support::{dispatch::DispatchClass, weights::Weight};
use pallet_grandpa::{EquivocationOffence, SetIdSession, TimeSlot};
use pallet_leadership::double_seal::{DoubleSealOffence, MAX_AGE_SLOTS};
use pallet_offences::{ConcurrentReportsIndex, Reports};
use pallet_session::{SessionManager, historical::StoredRange};
use sp_staking::{
    SessionIndex,
    offence::{Kind, Offence},
};

/// Entries of each kind that a session's end looks at. What one validator or several did at one time is an
/// entry.
pub const LOOKED_AT: usize = 16;

/// Slots after which a double seal is forgotten: a week of 250 ms slots. Evidence of it is refused much sooner.
pub const REMEMBERED_SLOTS: u64 = PROVABLE_SESSIONS as u64 * SESSION_BLOCKS as u64;
// Otherwise a deed could be reported, forgotten, and reported again.
const _: () = assert!(REMEMBERED_SLOTS > MAX_AGE_SLOTS);

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = pallet_session::historical::IdentificationTuple<Runtime>;
    type OnOffenceHandler = Validators;
}

/// Plans sessions as `Manager` does, and forgets reports that nobody could make again.
pub struct ForgetsOldReports<Manager>(PhantomData<Manager>);

impl<Manager: SessionManager<AccountId>> SessionManager<AccountId> for ForgetsOldReports<Manager> {
    fn new_session(index: SessionIndex) -> Option<Vec<AccountId>> {
        let plan = Manager::new_session(index);
        let weight = forget_old_reports(index);
        System::register_extra_weight_unchecked(weight, DispatchClass::Mandatory);
        plan
    }
    fn new_session_genesis(index: SessionIndex) -> Option<Vec<AccountId>> {
        Manager::new_session_genesis(index)
    }
    fn start_session(index: SessionIndex) {
        Manager::start_session(index);
    }
    fn end_session(index: SessionIndex) {
        Manager::end_session(index);
    }
}

/// Looks at some entries of each kind, from a place on that `index` decides: their keys are hashes, so that
/// another session begins somewhere else, and none is passed over for ever. Returns the weight of its reads
/// and writes.
fn forget_old_reports(index: SessionIndex) -> Weight {
    let double_votes: Kind = <EquivocationOffence<()> as Offence<()>>::ID;
    let double_seals: Kind = <DoubleSealOffence<()> as Offence<()>>::ID;
    let votes = forget_of_kind(double_votes, index, is_past_proof);
    let seals = forget_of_kind(double_seals, index, is_long_ago);
    votes.saturating_add(seals)
}

fn forget_of_kind(kind: Kind, index: SessionIndex, is_over: fn(&[u8]) -> bool) -> Weight {
    type Entries = ConcurrentReportsIndex<Runtime>;
    let start = Entries::hashed_key_for(kind, index.encode());
    let times: Vec<_> = Entries::iter_key_prefix_from(kind, start)
        .chain(Entries::iter_key_prefix(kind))
        .take(LOOKED_AT)
        .collect();
    // The rule reads two values at most.
    let mut reads: u64 = 1;
    let mut writes: u64 = 0;
    for time in times {
        reads = reads.saturating_add(3);
        if is_over(&time) {
            let reports = Entries::take(kind, time);
            writes = writes
                .saturating_add(1)
                .saturating_add(reports.len() as u64);
            reports.iter().for_each(Reports::<Runtime>::remove);
        }
    }
    <Runtime as frame_system::Config>::DbWeight::get().reads_writes(reads, writes)
}

/// Whether a double vote's set of voters sat only in sessions whose members nobody can prove any more.
fn is_past_proof(mut time: &[u8]) -> bool {
    let Ok(TimeSlot { set_id, .. }) = TimeSlot::decode(&mut time) else {
        return false;
    };
    let oldest = StoredRange::<Runtime>::get().map_or(0, |(oldest, _)| oldest);
    SetIdSession::<Runtime>::get(set_id).is_none_or(|last| last < oldest)
}

/// Whether a double seal's slot is further back than [`REMEMBERED_SLOTS`].
fn is_long_ago(mut time: &[u8]) -> bool {
    let now = *pallet_aura::CurrentSlot::<Runtime>::get();
    u64::decode(&mut time).is_ok_and(|slot| slot < now.saturating_sub(REMEMBERED_SLOTS))
}
