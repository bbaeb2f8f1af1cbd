//! The rotation's rules, checked in every state that four members can reach.
//!
//! The model is the real state machine. What the network and the faulty members do is left open: any
//! author may seal the next block after any number of empty slots, and any member that is out may be
//! heard, or not. Where the network is bad, records are wiped with every block, so that the states
//! stay countable; the random histories of `tests/rotation.rs` keep them.

use codec::Encode;
use pallet_leadership::rotation::*;
use std::collections::{HashSet, VecDeque};

const MEMBERS: usize = 4;
/// Rotations have one to four members: the order of authors repeats after so many slots.
const PERIOD: Slot = 12;
/// The model's time begins here and is folded back to it.
const START: Slot = 10 * PERIOD;

#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    rotation: Rotation,
    /// The faulty member of this history, which may be silent.
    faulty: MemberIndex,
}

#[derive(Clone, Debug)]
enum Action {
    /// The next block comes after so many empty slots.
    Block(Slot),
    /// This member is heard.
    Heartbeat(MemberIndex),
}

/// Who may leave slots empty.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Network {
    /// The network too: any slot may be lost.
    Bad,
    /// Only the faulty member: by not sealing its own slot, or by ignoring the blocks before its own.
    Good,
}

struct Leadership(Network);

/// The same state with its past folded together, so that there are finitely many.
fn fold(mut rotation: Rotation, network: Network) -> Rotation {
    let now = rotation.last_slot;
    let back = now.saturating_sub(START) / PERIOD * PERIOD;
    let fold_slot = |slot: Slot| slot.saturating_sub(back);
    rotation.last_slot = fold_slot(now);
    rotation.term = 0;
    for miss in rotation.misses.iter_mut() {
        miss.0 = fold_slot(miss.0);
    }
    for standing in rotation.members.iter_mut() {
        standing.clean = 0;
        if network == Network::Bad {
            standing.witnesses = 0;
        }
        if let Some(out) = &mut standing.out {
            // What is long ago is as long ago as counts.
            let over = out.until <= now;
            out.since = fold_slot(out.since.max(now.saturating_sub(HEARTBEAT_SLOTS)));
            out.until = if over {
                out.since
            } else {
                fold_slot(out.until)
            };
            out.heard = out
                .heard
                .filter(|heard| heard.saturating_add(HEARTBEAT_SLOTS) >= now)
                .map(fold_slot);
        }
    }
    rotation
}

/// What has to hold of every state.
type Claim = (&'static str, fn(&State) -> bool);

impl Leadership {
    fn first_states(&self) -> Vec<State> {
        (0..MEMBERS as MemberIndex)
            .map(|faulty| State {
                rotation: Rotation::new(MEMBERS, 0, START),
                faulty,
            })
            .collect()
    }

    fn actions(&self, state: &State) -> Vec<Action> {
        let rotation = &state.rotation;
        let author = |slot| rotation.author(slot).expect("there is a rotation");
        let gaps = (0..=rotation.order.len() as Slot).filter(|gap| {
            let slot = rotation.last_slot + gap + 1;
            let by_the_faulty = author(slot) == state.faulty
                || (rotation.last_slot + 1..slot).all(|lost| author(lost) == state.faulty);
            self.0 == Network::Bad || by_the_faulty
        });
        let now = rotation.last_slot;
        let heard = (0..MEMBERS as MemberIndex)
            .filter(|member| rotation.check_heartbeat(*member, now, now).is_ok());
        gaps.map(Action::Block)
            .chain(heard.map(Action::Heartbeat))
            .collect()
    }

    fn next(&self, state: &State, action: &Action) -> State {
        let mut rotation = state.rotation.clone();
        let now = rotation.last_slot;
        match action {
            Action::Block(gap) => {
                rotation.on_block(now + gap + 1);
            }
            Action::Heartbeat(member) => {
                rotation
                    .on_heartbeat(*member, now, now)
                    .expect("it was checked");
            }
        }
        State {
            rotation: fold(rotation, self.0),
            faulty: state.faulty,
        }
    }

    /// Visits every state that can be reached, breadth first, and fails with the shortest way to one of
    /// which a claim is false. Answers how many there are, and which of `seen` were true of some.
    fn check(&self, claims: &[Claim], seen: &[Claim]) -> (usize, Vec<&'static str>) {
        let key = |state: &State| (state.rotation.encode(), state.faulty);
        let mut reached: HashSet<_> = self.first_states().iter().map(key).collect();
        let mut waiting: VecDeque<(State, Vec<Action>)> = self
            .first_states()
            .into_iter()
            .map(|state| (state, Vec::new()))
            .collect();
        let mut met = HashSet::new();
        while let Some((state, way)) = waiting.pop_front() {
            for (claim, holds) in claims {
                assert!(holds(&state), "not so: {claim}, after {way:?} in {state:?}");
            }
            met.extend(
                seen.iter()
                    .filter(|(_, holds)| holds(&state))
                    .map(|it| it.0),
            );
            for action in self.actions(&state) {
                let next = self.next(&state, &action);
                if reached.insert(key(&next)) {
                    let mut way = way.clone();
                    way.push(action);
                    waiting.push_back((next, way));
                }
            }
        }
        let mut met: Vec<_> = met.into_iter().collect();
        met.sort_unstable();
        (reached.len(), met)
    }
}

const ELIGIBLE: Claim = ("a live author is eligible", |state| {
    let order = &state.rotation.order;
    order.iter().any(|member| *member != state.faulty)
});

const SOUND: Claim = (
    "at most one leader a slot, and n - f in the rotation",
    |state| state.rotation.check().is_ok(),
);

const BACK: Claim = (
    "a live author is back when its probation is over",
    |state| {
        let now = state.rotation.last_slot;
        (0..MEMBERS as MemberIndex).all(|member| {
            let Some(out) = state.rotation.members[usize::from(member)].out else {
                return true;
            };
            let due = now >= out.until && out.heard != Some(now);
            let back = Ok(Some(Change::Returned { member }));
            !due || state.rotation.clone().on_heartbeat(member, now, now) == back
        })
    },
);

const HARMLESS: Claim = (
    "one faulty member makes no probation for the others",
    |state| {
        (0..MEMBERS as MemberIndex)
            .filter(|member| *member != state.faulty)
            .map(|member| state.rotation.members[usize::from(member)])
            .all(|standing| standing.witnesses.count_ones() <= faulty(MEMBERS as u32))
    },
);

const EVICTION: Claim = ("somebody is out", |state| {
    state.rotation.order.len() < MEMBERS
});

const SUSPENSION: Claim = ("evictions are suspended", |state| {
    state.rotation.suspended()
});

#[test]
fn no_history_of_four_members_breaks_the_rules_whatever_the_network_does() {
    let claims = [ELIGIBLE, SOUND, BACK];
    let (states, met) = Leadership(Network::Bad).check(&claims, &[EVICTION, SUSPENSION]);
    println!("{states} states");
    assert_eq!(met, ["evictions are suspended", "somebody is out"]);
    assert!(states > 1_000);
}

#[test]
fn a_faulty_successor_gains_nothing_lasting() {
    let claims = [ELIGIBLE, SOUND, BACK, HARMLESS];
    let (states, met) = Leadership(Network::Good).check(&claims, &[EVICTION]);
    println!("{states} states");
    assert_eq!(met, ["somebody is out"]);
    assert!(states > 1_000);
}
