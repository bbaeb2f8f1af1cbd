//! Stake, and whom it backs.

use super::{entry, one_of, signed, spendable};
use crate::{chain::Cast, dice::Dice, operation::Operation};
use pallet_stake::{Call, Stakers};
use plume_runtime::*;
use sp_runtime::traits::BlockNumberProvider;

pub fn draw(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let draws: [(u64, super::Draw); 7] = [
        (20, stake),
        (14, unstake),
        (12, withdraw),
        (18, back),
        (5, stop_backing),
        (8, claim),
        (6, settle),
    ];
    one_of(dice, &draws)(dice, cast)
}

/// One of those who have something at stake.
fn staker(dice: &mut Dice) -> Option<AccountId> {
    entry(dice, Stakers::<Runtime>::iter_keys())
}

fn stake(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = cast.person(dice);
    let least = <Runtime as pallet_stake::Config>::MinimumStake::get();
    let amount = if dice.chance(85) {
        dice.amount_from(least, spendable(&who) / 4)
    } else {
        dice.wild_amount(spendable(&who))
    };
    signed(&who, Call::stake { amount })
}

fn unstake(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let who = staker(dice)?;
    let voice = Stake::voice(&who);
    let unlocked = voice.saturating_sub(Stake::largest_lock(&who));
    let amount = match dice.below(10) {
        0 => dice.wild_amount(voice),
        1..5 => unlocked,
        _ => unlocked / 100 * Balance::from(dice.below(100)),
    };
    if amount == 0 && dice.chance(90) {
        return None;
    }
    signed(&who, Call::unstake { amount })
}

/// By anybody, for whoever has waited long enough; at times for whoever has not.
fn withdraw(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = staker(dice)?;
    let now = Clock::current_block_number();
    let is_ripe = Stakers::<Runtime>::get(&who)?
        .unstaking
        .iter()
        .any(|entry| entry.until <= now);
    if !is_ripe && dice.chance(95) {
        return None;
    }
    signed(&cast.person(dice), Call::withdraw { who })
}

fn back(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = staker(dice)?;
    let is_idle = Stakers::<Runtime>::get(&who)?.exposure.is_none();
    if !is_idle && dice.chance(85) {
        return None;
    }
    let admitted = pallet_validators::Admitted::<Runtime>::get();
    let validator = if dice.chance(90) {
        dice.pick(&admitted)?
    } else {
        cast.anybody(dice)
    };
    signed(&who, Call::back { validator })
}

fn stop_backing(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    signed(&staker(dice)?, Call::stop_backing {})
}

fn claim(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = staker(dice)?;
    if Stake::earned(&who) == 0 && dice.chance(80) {
        return None;
    }
    signed(&cast.person(dice), Call::claim { who })
}

fn settle(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = cast.anybody(dice);
    signed(&cast.person(dice), Call::settle { who })
}
