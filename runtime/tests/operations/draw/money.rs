//! Transfers: large, tiny, of nothing and of too much; accounts that come, are emptied, and go.

use super::{one_of, signed, spendable};
use crate::{
    chain::Cast,
    dice::Dice,
    operation::{Caller, Operation, fee_of},
};
use pallet_balances::{AdjustmentDirection, Call};
use plume_primitives::units::{EXISTENTIAL_DEPOSIT, PLUME};
use plume_runtime::*;

/// Below this, one of the people is given something.
const POOR: Balance = 500_000 * PLUME;

pub fn draw(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let draws: [(u64, super::Draw); 11] = [
        (20, any_transfer),
        (14, small_gift),
        (12, all),
        (8, all_but_dust),
        (8, relief),
        (2, burn),
        (1, issue),
        (2, by_force),
        (1, upgrade),
        (2, remark),
        (14, between_people),
    ];
    one_of(dice, &draws)(dice, cast)
}

/// One of the strangers that exist.
fn stranger(dice: &mut Dice, cast: &Cast) -> Option<AccountId> {
    let there: Vec<_> = cast
        .strangers
        .iter()
        .filter(|who| frame_system::Account::<Runtime>::contains_key(*who))
        .cloned()
        .collect();
    dice.pick(&there)
}

/// Any amount from anybody to anybody.
fn any_transfer(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let from = if dice.chance(50) {
        stranger(dice, cast)?
    } else {
        cast.person(dice)
    };
    let dest: Address = cast.anybody(dice).into();
    let free = Balances::free_balance(&from);
    let value = if dice.chance(60) {
        dice.amount(free / 4)
    } else {
        dice.wild_amount(free)
    };
    if dice.chance(50) {
        signed(&from, Call::transfer_keep_alive { dest, value })
    } else {
        signed(&from, Call::transfer_allow_death { dest, value })
    }
}

fn between_people(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (from, to) = (cast.person(dice), cast.person(dice));
    let value = dice.amount(spendable(&from) / 20);
    signed(
        &from,
        Call::transfer_keep_alive {
            dest: to.into(),
            value,
        },
    )
}

/// What a stranger begins or goes on with.
fn small_gift(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let from = cast.person(dice);
    let dest: Address = dice.pick(&cast.strangers)?.into();
    let value = dice.amount_from(EXISTENTIAL_DEPOSIT - 1, 3 * PLUME);
    signed(&from, Call::transfer_keep_alive { dest, value })
}

/// All that somebody has, to somebody else: seldom one of the people.
fn all(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (from, dest) = if dice.chance(95) {
        (stranger(dice, cast)?, cast.anybody(dice))
    } else {
        (cast.person(dice), cast.person(dice))
    };
    let call = Call::transfer_all {
        dest: dest.into(),
        keep_alive: dice.chance(30),
    };
    signed(&from, call)
}

/// All that a stranger has but for less than an existential deposit, which is dust then.
fn all_but_dust(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let from = stranger(dice, cast)?;
    let dest: Address = cast.anybody(dice).into();
    let free = Balances::free_balance(&from);
    let call = |value| Call::<Runtime>::transfer_allow_death {
        dest: dest.clone(),
        value,
    };
    let fee = fee_of(&from, &call(free).into());
    let dust = dice.amount(EXISTENTIAL_DEPOSIT + 1);
    let value = free.checked_sub(fee)?.checked_sub(dust)?;
    signed(&from, call(value))
}

/// Whoever has most gives to one of the people who has little.
fn relief(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let poor: Vec<_> = cast
        .people
        .iter()
        .filter(|who| spendable(who) < POOR)
        .cloned()
        .collect();
    let dest: Address = dice.pick(&poor)?.into();
    let rich = cast.people.iter().max_by_key(|who| spendable(who))?;
    let value = (2 * POOR).min(spendable(rich) / 4);
    signed(rich, Call::transfer_keep_alive { dest, value })
}

/// What nobody can do: only fees are burned.
fn burn(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (value, keep_alive) = (dice.amount(PLUME), dice.chance(50));
    signed(&cast.person(dice), Call::burn { value, keep_alive })
}

/// What not even root can do.
fn issue(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = cast.anybody(dice);
    let call = match dice.below(3) {
        0 => Call::force_adjust_total_issuance {
            direction: if dice.chance(50) {
                AdjustmentDirection::Increase
            } else {
                AdjustmentDirection::Decrease
            },
            delta: dice.amount_from(1, PLUME),
        },
        _ => Call::force_set_balance {
            new_free: dice.wild_amount(Balances::free_balance(&who)),
            who: who.into(),
        },
    };
    super::governed(Caller::Root, call)
}

fn by_force(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    // Root can empty any account, a pot as well; what is owed from it would not be covered then.
    let (source, dest) = (cast.signer(dice), cast.anybody(dice));
    let value = dice.amount(spendable(&source) / 8);
    let call = Call::force_transfer {
        source: source.into(),
        dest: dest.into(),
        value,
    };
    super::governed(Caller::Root, call)
}

fn upgrade(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = vec![cast.anybody(dice), cast.anybody(dice)];
    signed(&cast.person(dice), Call::upgrade_accounts { who })
}

fn remark(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let remark = vec![0; dice.below(2_000) as usize];
    signed(&cast.signer(dice), frame_system::Call::remark { remark })
}

/// What fills nearly all that transactions may have of a block.
pub fn filler(dice: &mut Dice, cast: &Cast) -> Operation {
    let remark = vec![0; 4_000_000 + dice.below(400_000) as usize];
    Operation::signed(&cast.person(dice), frame_system::Call::remark { remark })
}
