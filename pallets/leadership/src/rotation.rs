//! The rules of the rotation: a state machine without storage, clock or network, so that they can be
//! checked exhaustively.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::BoundedVec;
use frame_support::traits::ConstU32;
use scale_info::TypeInfo;

/// Number of a slot.
pub type Slot = u64;
/// Place of a member in its session's list.
pub type MemberIndex = u8;

/// The most members there can be: their witnesses are kept as the bits of a word.
pub const MAX_MEMBERS: u32 = 64;
/// Misses remembered at most; more than can fall into the window that is looked at.
const MAX_MISSES: u32 = 2 * MAX_MEMBERS;

/// A gap of so many empty slots is a halt or the cap on unfinalised blocks, which leaves fifteen slots
/// empty between two blocks; neither is an author's fault.
pub const HALT_SLOTS: Slot = 15;
/// A heartbeat counts for so many slots (8 s at 250 ms).
pub const HEARTBEAT_SLOTS: Slot = 32;
/// Between two heartbeats of a member on probation there are so many slots.
pub const HEARTBEAT_SPACING_SLOTS: Slot = 16;
/// Probation after misses under two different successors (4 s at 250 ms).
pub const FIRST_PROBATION_SLOTS: Slot = 16;
/// The longest probation (8.5 minutes at 250 ms).
pub const LONGEST_PROBATION_SLOTS: Slot = 2_048;
/// Slots sealed one after the other that make a member's record clean again.
pub const CLEAN_SLOTS: u16 = 64;

/// Of `n` members so many may be faulty.
pub const fn faulty(n: u32) -> u32 {
    n.saturating_sub(1) / 3
}

/// How long a member stays out whose misses so many different successors have seen.
///
/// One witness may be lying or badly connected, so it costs nothing but the way back.
pub fn probation_slots(witnesses: u32) -> Slot {
    const MOST_DOUBLINGS: u32 = (LONGEST_PROBATION_SLOTS / FIRST_PROBATION_SLOTS).ilog2();
    match witnesses {
        0 | 1 => 0,
        more => {
            let doublings = more.saturating_sub(2).min(MOST_DOUBLINGS);
            FIRST_PROBATION_SLOTS << doublings
        }
    }
}

/// A member that is out of the rotation.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Out {
    /// The slot whose block took it out.
    pub since: Slot,
    /// The first slot in which it may return.
    pub until: Slot,
    /// The slot of its last heartbeat.
    pub heard: Option<Slot>,
}

/// What the rotation knows of a member.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Standing {
    /// The successors that have seen it miss, one bit each, since its record was last clean.
    pub witnesses: u64,
    /// Slots it has sealed since it last missed one.
    pub clean: u16,
    /// Set while it is out.
    pub out: Option<Out>,
}

/// What happened to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Taken out.
    Evicted {
        /// Who.
        member: MemberIndex,
        /// The first slot in which it may return.
        until: Slot,
    },
    /// Back in the rotation.
    Returned {
        /// Who.
        member: MemberIndex,
    },
}

/// Why a heartbeat is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No member has this place.
    Unknown,
    /// It is in the rotation.
    NotOut,
    /// It speaks of a slot before its eviction, before its last heartbeat, or too long ago.
    Stale,
    /// It speaks of a slot that is yet to come.
    Future,
    /// It was heard a moment ago and is on probation.
    TooSoon,
}

/// The rotation of a session's members.
#[derive(
    Clone,
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
pub struct Rotation {
    /// Number of this term: how often the order has changed.
    pub term: u64,
    /// Slot of the last block; zero before the first one.
    pub last_slot: Slot,
    /// Who seals: slot `s` belongs to `order[s % order.len()]`.
    pub order: BoundedVec<MemberIndex, ConstU32<MAX_MEMBERS>>,
    /// Every member's standing, in the session's order.
    pub members: BoundedVec<Standing, ConstU32<MAX_MEMBERS>>,
    /// Slots that were missed lately, with whose they were.
    pub misses: BoundedVec<(Slot, MemberIndex), ConstU32<MAX_MISSES>>,
}

impl Rotation {
    /// All of `n` members in their order, at most [`MAX_MEMBERS`]; the term goes on from `term`.
    pub fn new(n: usize, term: u64, last_slot: Slot) -> Self {
        let n = n.min(MAX_MEMBERS as usize);
        let places = (0..MAX_MEMBERS as MemberIndex).take(n);
        Self {
            term,
            last_slot,
            order: BoundedVec::truncate_from(places.collect()),
            members: BoundedVec::truncate_from(alloc::vec![Standing::default(); n]),
            misses: BoundedVec::default(),
        }
    }

    /// Number of members, in the rotation or not.
    pub fn len(&self) -> u32 {
        self.members.len() as u32
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The fewest members that the rotation may have: so many are honest.
    pub fn floor(&self) -> usize {
        self.len().saturating_sub(faulty(self.len())) as usize
    }

    /// Whose slot this is.
    pub fn author(&self, slot: Slot) -> Option<MemberIndex> {
        let place = slot.checked_rem(self.order.len() as Slot)?;
        self.order.get(usize::try_from(place).ok()?).copied()
    }

    /// Whether more members have missed slots lately than can be faulty: the network is to blame.
    pub fn suspended(&self) -> bool {
        let mut seen = 0u64;
        for (_, member) in &self.misses {
            seen |= bit(*member);
        }
        seen.count_ones() > faulty(self.len())
    }

    /// A block was sealed in this slot, by the author whose slot it is.
    pub fn on_block(&mut self, slot: Slot) -> Vec<Change> {
        let mut changes = Vec::new();
        let (last, author) = (self.last_slot, self.author(slot));
        self.last_slot = slot;
        let Some(author) = author else {
            return changes;
        };
        self.credit(author);
        let window = Slot::from(self.len()).saturating_mul(2);
        self.misses
            .retain(|(missed, _)| missed.saturating_add(window) >= slot);
        let gap = slot.saturating_sub(last).saturating_sub(1);
        let halted = last == 0 || gap >= self.order.len() as Slot || gap >= HALT_SLOTS;
        if gap == 0 || halted {
            return changes;
        }

        let missed: Vec<_> = (last.saturating_add(1)..slot)
            .filter_map(|slot| Some((slot, self.author(slot)?)))
            .collect();
        for miss in &missed {
            if self.misses.try_push(*miss).is_err() {
                self.misses.remove(0);
                let _ = self.misses.try_push(*miss);
            }
        }
        if self.suspended() {
            self.readmit_everyone_alive(slot, &mut changes);
        } else {
            for (_, member) in missed {
                self.evict(member, author, slot, &mut changes);
            }
        }
        if !changes.is_empty() {
            self.term = self.term.saturating_add(1);
        }
        changes
    }

    /// Member `member` says, in a block of slot `now`, that it was alive in slot `heard`.
    ///
    /// Errors with why the heartbeat does not count, and changes nothing then.
    pub fn on_heartbeat(
        &mut self,
        member: MemberIndex,
        heard: Slot,
        now: Slot,
    ) -> Result<Option<Change>, Refusal> {
        self.check_heartbeat(member, heard, now)?;
        let Some(standing) = self.members.get_mut(usize::from(member)) else {
            return Err(Refusal::Unknown);
        };
        let Some(out) = &mut standing.out else {
            return Err(Refusal::NotOut);
        };
        out.heard = Some(heard);
        if now < out.until {
            return Ok(None);
        }
        self.readmit(member);
        self.term = self.term.saturating_add(1);
        Ok(Some(Change::Returned { member }))
    }

    /// Whether a heartbeat would count.
    pub fn check_heartbeat(
        &self,
        member: MemberIndex,
        heard: Slot,
        now: Slot,
    ) -> Result<(), Refusal> {
        let standing = self
            .members
            .get(usize::from(member))
            .ok_or(Refusal::Unknown)?;
        let out = standing.out.ok_or(Refusal::NotOut)?;
        if heard > now {
            return Err(Refusal::Future);
        }
        let known = out.heard.is_some_and(|last| heard <= last);
        if known || heard < out.since || heard.saturating_add(HEARTBEAT_SLOTS) < now {
            return Err(Refusal::Stale);
        }
        let lately = out
            .heard
            .is_some_and(|last| heard < last.saturating_add(HEARTBEAT_SPACING_SLOTS));
        if lately && now < out.until {
            return Err(Refusal::TooSoon);
        }
        Ok(())
    }

    fn credit(&mut self, author: MemberIndex) {
        if let Some(standing) = self.members.get_mut(usize::from(author)) {
            standing.clean = standing.clean.saturating_add(1);
            if standing.clean >= CLEAN_SLOTS {
                standing.witnesses = 0;
            }
        }
    }

    /// Takes a member out, as `successor` has seen it miss.
    fn evict(
        &mut self,
        member: MemberIndex,
        successor: MemberIndex,
        slot: Slot,
        changes: &mut Vec<Change>,
    ) {
        let stand_in = if self.order.len() > self.floor() {
            None
        } else {
            // At the floor one that is alive takes its place, or it stays.
            let Some(waiting) = self.longest_waiting(slot) else {
                return;
            };
            Some(waiting)
        };
        let Some(standing) = self.members.get_mut(usize::from(member)) else {
            return;
        };
        standing.witnesses |= bit(successor);
        standing.clean = 0;
        let until = slot.saturating_add(probation_slots(standing.witnesses.count_ones()));
        standing.out = Some(Out {
            since: slot,
            until,
            heard: None,
        });
        self.order.retain(|other| *other != member);
        changes.push(Change::Evicted { member, until });
        if let Some(member) = stand_in {
            self.readmit(member);
            changes.push(Change::Returned { member });
        }
    }

    /// Puts a member back, as late in the order as its successor there has not seen it miss; at the end, if
    /// all have. So a victim gets away from a successor that ignores its blocks, and who misses slots again
    /// and again is seen by another one each time.
    fn readmit(&mut self, member: MemberIndex) {
        let Some(standing) = self.members.get_mut(usize::from(member)) else {
            return;
        };
        if standing.out.take().is_none() {
            return;
        }
        standing.clean = 0;
        let witnesses = standing.witnesses;
        let end = self.order.len();
        let successor = |place: usize| self.order.get(place).or(self.order.first());
        let unseen = |place: &usize| successor(*place).is_none_or(|it| witnesses & bit(*it) == 0);
        let place = (0..=end).rev().find(unseen).unwrap_or(end);
        // There is a place for every member.
        let _ = self.order.try_insert(place, member);
    }

    fn readmit_everyone_alive(&mut self, slot: Slot, changes: &mut Vec<Change>) {
        while let Some(member) = self.longest_waiting(slot) {
            self.readmit(member);
            changes.push(Change::Returned { member });
        }
    }

    /// Of those who are out and were heard lately, the one that is out longest.
    fn longest_waiting(&self, slot: Slot) -> Option<MemberIndex> {
        (0..MAX_MEMBERS as MemberIndex)
            .zip(&self.members)
            .filter_map(|(member, standing)| Some((standing.out?, member)))
            .filter(|(out, _)| {
                out.heard
                    .is_some_and(|heard| heard.saturating_add(HEARTBEAT_SLOTS) >= slot)
            })
            .min_by_key(|(out, member)| (out.since, *member))
            .map(|(_, member)| member)
    }

    /// Checks what must hold of every reachable rotation, in the order of the pallet's documentation.
    pub fn check(&self) -> Result<(), &'static str> {
        let mut seen = 0u64;
        for member in &self.order {
            if usize::from(*member) >= self.members.len() {
                return Err("1: the rotation names a member that does not exist");
            }
            if seen & bit(*member) != 0 {
                return Err("1: a member is in the rotation twice");
            }
            seen |= bit(*member);
        }
        if self.order.len() < self.floor() {
            return Err("2: the rotation is smaller than n - f");
        }
        for (member, standing) in (0..MAX_MEMBERS as MemberIndex).zip(&self.members) {
            if (seen & bit(member) == 0) != standing.out.is_some() {
                return Err("3: a member is neither in the rotation nor out of it, or both");
            }
            let longest = probation_slots(standing.witnesses.count_ones());
            if let Some(out) = standing.out
                && out.until > out.since.saturating_add(longest)
            {
                return Err("4: a member is out for longer than its probation");
            }
        }
        Ok(())
    }
}

/// A member's bit in a word.
fn bit(member: MemberIndex) -> u64 {
    1u64.checked_shl(u32::from(member)).unwrap_or(0)
}
