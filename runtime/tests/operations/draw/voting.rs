//! Votes of stake, and the referenda that they decide.

use super::{governance, governed, one_of, signed};
use crate::{
    chain::Cast,
    dice::Dice,
    operation::{Caller, Operation},
};
use codec::Encode;
use frame_support::traits::{Bounded, schedule::DispatchTime};
use pallet_conviction_voting::{AccountVote, Call, Conviction, Vote, Voting, VotingFor};
use pallet_referenda::{Call as Referendum, ReferendumCount};
use plume_runtime::{governance::tracks::TRACKS, *};

/// Of so many referenda, the latest, something is asked.
const LATEST: u32 = 12;

pub fn draw(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let draws: [(u64, super::Draw); 14] = [
        (20, vote),
        (10, remove_vote),
        (4, remove_other_vote),
        (8, delegate),
        (8, undelegate),
        (10, unlock),
        (6, submit),
        (10, place_decision_deposit),
        (4, refund_decision_deposit),
        (3, refund_submission_deposit),
        (1, cancel),
        (1, kill),
        (2, nudge),
        (14, vote_for_all),
    ];
    one_of(dice, &draws)(dice, cast)
}

/// One of the latest referenda.
fn referendum(dice: &mut Dice) -> Option<u32> {
    let count = ReferendumCount::<Runtime>::get();
    let last = count.checked_sub(1)?;
    Some(dice.within(count.saturating_sub(LATEST), last))
}

/// One of the latest that is not decided.
fn ongoing(dice: &mut Dice) -> Option<u32> {
    let index = referendum(dice)?;
    Referenda::ensure_ongoing(index).ok().map(|_| index)
}

fn conviction(dice: &mut Dice) -> Conviction {
    match dice.below(12) {
        0..4 => Conviction::None,
        4..9 => Conviction::Locked1x,
        9 => Conviction::Locked2x,
        10 => Conviction::Locked3x,
        _ => Conviction::Locked6x,
    }
}

/// A part of an account's voice; more at times.
fn part_of_voice(dice: &mut Dice, who: &AccountId) -> Option<Balance> {
    let voice = Stake::voice(who);
    if voice == 0 && dice.chance(90) {
        return None;
    }
    Some(match dice.below(12) {
        0 => dice.wild_amount(voice),
        1..6 => voice,
        _ => voice / 100 * Balance::from(dice.below(100)),
    })
}

fn vote(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = cast.person(dice);
    let poll_index = ongoing(dice)?;
    let balance = part_of_voice(dice, &who)?;
    let vote = match dice.below(10) {
        0 => AccountVote::Split {
            aye: balance / 2,
            nay: balance / 3,
        },
        1 => AccountVote::SplitAbstain {
            aye: balance / 2,
            nay: balance / 4,
            abstain: balance / 4,
        },
        _ => AccountVote::Standard {
            vote: Vote {
                aye: dice.chance(85),
                conviction: conviction(dice),
            },
            balance,
        },
    };
    signed(&who, Call::vote { poll_index, vote })
}

/// Whoever has most at stake votes for a referendum, so that some pass.
fn vote_for_all(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let poll_index = ongoing(dice)?;
    let who = cast.people.iter().max_by_key(|who| Stake::voice(who))?;
    let vote = AccountVote::Standard {
        vote: Vote {
            aye: true,
            conviction: Conviction::Locked1x,
        },
        balance: Stake::voice(who),
    };
    signed(who, Call::vote { poll_index, vote })
}

fn class(dice: &mut Dice) -> u16 {
    TRACKS[dice.below(TRACKS.len() as u64) as usize].id
}

/// A vote that somebody has cast on a track.
fn cast_vote(dice: &mut Dice, who: &AccountId) -> Option<(u16, u32)> {
    let class = class(dice);
    match VotingFor::<Runtime>::get(who, class) {
        Voting::Casting(casting) => dice.pick(&casting.votes).map(|(poll, _)| (class, poll)),
        Voting::Delegating(_) => None,
    }
}

fn remove_vote(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = cast.person(dice);
    let (class, index) = cast_vote(dice, &who)?;
    let class = dice.chance(80).then_some(class);
    signed(&who, Call::remove_vote { class, index })
}

/// A vote of another's, which has to be on something that is decided.
fn remove_other_vote(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let target = cast.person(dice);
    let (class, index) = cast_vote(dice, &target)?;
    let call = Call::remove_other_vote {
        target: target.into(),
        class,
        index,
    };
    signed(&cast.person(dice), call)
}

fn delegate(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = cast.person(dice);
    let class = class(dice);
    if let Voting::Casting(casting) = VotingFor::<Runtime>::get(&who, class)
        && !casting.votes.is_empty()
        && dice.chance(90)
    {
        return None;
    }
    let call = Call::delegate {
        class,
        to: cast.person(dice).into(),
        conviction: conviction(dice),
        balance: part_of_voice(dice, &who)?,
    };
    signed(&who, call)
}

fn undelegate(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = cast.person(dice);
    if dice.chance(2) {
        let class = class(dice);
        return signed(&who, Call::undelegate { class });
    }
    let delegated: Vec<u16> = TRACKS
        .iter()
        .map(|track| track.id)
        .filter(|class| {
            matches!(
                VotingFor::<Runtime>::get(&who, class),
                Voting::Delegating(_)
            )
        })
        .collect();
    let class = dice.pick(&delegated)?;
    signed(&who, Call::undelegate { class })
}

fn unlock(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let call = Call::unlock {
        class: class(dice),
        target: cast.person(dice).into(),
    };
    signed(&cast.person(dice), call)
}

/// Proposes what governance could also do at once.
fn submit(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let Operation::Call(caller, call) = governance::decision(dice, cast)? else {
        return None;
    };
    let call = Referendum::submit {
        proposal_origin: Box::new(caller.proposal_origin()?),
        proposal: Bounded::Inline(call.encode().try_into().ok()?),
        enactment_moment: DispatchTime::After(dice.within(0, 5)),
    };
    signed(&cast.person(dice), call)
}

fn place_decision_deposit(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let index = ongoing(dice)?;
    signed(
        &cast.person(dice),
        Referendum::place_decision_deposit { index },
    )
}

fn refund_decision_deposit(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let index = referendum(dice)?;
    signed(
        &cast.person(dice),
        Referendum::refund_decision_deposit { index },
    )
}

fn refund_submission_deposit(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let index = referendum(dice)?;
    signed(
        &cast.person(dice),
        Referendum::refund_submission_deposit { index },
    )
}

/// Seldom, as [`kill`]: more is to be decided than stopped.
fn cancel(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    if dice.chance(70) {
        return None;
    }
    governed(
        Caller::Root,
        Referendum::cancel {
            index: ongoing(dice)?,
        },
    )
}

fn kill(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    if dice.chance(70) {
        return None;
    }
    governed(
        Caller::Root,
        Referendum::kill {
            index: ongoing(dice)?,
        },
    )
}

fn nudge(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    governed(
        Caller::Root,
        Referendum::nudge_referendum {
            index: ongoing(dice)?,
        },
    )
}
