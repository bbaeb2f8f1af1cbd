//! Grants: applied for, approved, delivered, judged, expired and cancelled.

use super::{entry, governed, one_of, signed};
use crate::{
    chain::Cast,
    dice::Dice,
    operation::{Caller, Operation},
};
use pallet_grants::{Call, Grant, GrantId, Grants, Plan, State, Status};
use plume_primitives::units::{EXISTENTIAL_DEPOSIT, PLUME};
use plume_runtime::{
    governance::{LARGE_SPEND, SMALL_SPEND, origins::Origin},
    *,
};
use sp_core::H256;
use sp_runtime::traits::BlockNumberProvider;

const HOUR: Seconds = 60 * 60;
const DAY: Seconds = 24 * HOUR;
/// More are not applied for: each makes every check longer.
const MOST: usize = 40;

pub fn draw(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let draws: [(u64, super::Draw); 6] = [
        (10, apply),
        (10, approve),
        (16, deliver),
        (20, judge),
        (6, expire),
        (2, cancel),
    ];
    one_of(dice, &draws)(dice, cast)
}

fn plan(dice: &mut Dice) -> Plan {
    let is_sound = dice.chance(97);
    Plan {
        amount: if is_sound {
            dice.amount_from(EXISTENTIAL_DEPOSIT, 60_000 * PLUME)
        } else {
            dice.wild_amount(PLUME)
        },
        within: if is_sound {
            dice.within(HOUR, 120 * DAY)
        } else {
            dice.within(0, 1) * 1_000 * DAY
        },
    }
}

fn apply(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    if Grants::<Runtime>::iter_keys().count() >= MOST {
        return None;
    }
    let milestones: Vec<_> = (0..dice.within(0, 5)).map(|_| plan(dice)).collect();
    let call = Call::apply {
        proposal: dice.hash(),
        beneficiary: cast.anybody(dice),
        milestones: milestones.try_into().ok()?,
    };
    signed(&cast.person(dice), call)
}

/// A grant that is as asked for; any at times.
fn grant(
    dice: &mut Dice,
    is_meant: impl Fn(&Grant<Runtime>) -> bool,
) -> Option<(GrantId, Grant<Runtime>)> {
    let found = entry(dice, Grants::<Runtime>::iter())?;
    (is_meant(&found.1) || dice.chance(5)).then_some(found)
}

/// Whoever may decide about so much, mostly.
fn spender(dice: &mut Dice, amount: Balance) -> Caller {
    match dice.below(10) {
        0 => Caller::Root,
        1 => Caller::Track(Origin::TreasurySmall),
        _ if amount <= SMALL_SPEND => Caller::Track(Origin::TreasurySmall),
        _ if amount <= LARGE_SPEND => Caller::Track(Origin::TreasuryLarge),
        _ => Caller::Root,
    }
}

pub fn approve(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let (id, known) = grant(dice, |known| known.status != Status::Approved)?;
    governed(spender(dice, known.total()), Call::approve { grant: id })
}

/// A milestone that is as asked for.
fn milestone(
    dice: &mut Dice,
    grant: &Grant<Runtime>,
    is_meant: impl Fn(State) -> bool,
) -> Option<u32> {
    let meant: Vec<u32> = (0..)
        .zip(&grant.milestones)
        .filter(|(_, milestone)| is_meant(milestone.state))
        .map(|(place, _)| place)
        .collect();
    if dice.chance(3) {
        return Some(dice.within(0, 6));
    }
    dice.pick(&meant)
}

fn deliver(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (id, known) = grant(dice, |known| known.status == Status::Approved)?;
    let now = Clock::current_block_number();
    let place = milestone(
        dice,
        &known,
        |state| matches!(state, State::Open { until } | State::Rejected { until } if now <= until),
    )?;
    let caller = if dice.chance(97) {
        known.grantee
    } else {
        cast.person(dice)
    };
    let call = Call::deliver {
        grant: id,
        milestone: place,
        deliverable: dice.hash(),
    };
    signed(&caller, call)
}

/// Accepts or rejects what was delivered.
fn judge(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let (id, known) = grant(dice, |known| known.status == Status::Approved)?;
    let place = milestone(dice, &known, |state| {
        matches!(state, State::Delivered { .. })
    })?;
    let found = known.milestones.get(place as usize);
    let amount = found.map_or(0, |found| found.plan.amount);
    let deliverable = match found.map(|found| found.state) {
        Some(State::Delivered { deliverable, .. }) if dice.chance(97) => deliverable,
        _ => H256::zero(),
    };
    let (grant, milestone) = (id, place);
    let caller = spender(dice, amount);
    if dice.chance(65) {
        let call = Call::accept {
            grant,
            milestone,
            deliverable,
        };
        return governed(caller, call);
    }
    let call = Call::reject {
        grant,
        milestone,
        deliverable,
        reason: dice.hash(),
    };
    governed(caller, call)
}

fn expire(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let now = Clock::current_block_number();
    let (id, _) = grant(dice, |known| match known.status {
        Status::Applied { until } => now > until,
        Status::Approved => known.milestones.iter().any(|milestone| {
            matches!(
                milestone.state,
                State::Open { until } | State::Rejected { until } if now > until
            )
        }),
    })?;
    signed(&cast.person(dice), Call::expire { grant: id })
}

fn cancel(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (id, known) = grant(dice, |_| true)?;
    let call = Call::cancel { grant: id };
    match dice.below(4) {
        0 => signed(&cast.person(dice), call),
        1 => governed(spender(dice, known.total()), call),
        _ => signed(&known.grantee, call),
    }
}
