//! What is done next, drawn so that a good part of it succeeds.
//!
//! Whatever needs something to be there looks for it in the state first, and mostly names something that is
//! there; a part of all amounts is drawn from the edges instead.

mod governance;
mod grants;
mod institutions;
mod money;
mod stake;
mod treasury;
mod validators;
mod voting;
mod wrapped;

use crate::{
    chain::Cast,
    dice::Dice,
    operation::{Caller, Operation},
};
use frame_support::traits::{
    fungible::Inspect,
    tokens::{Fortitude, Preservation},
};
use plume_runtime::*;

pub use money::filler;

/// Draws an operation; none when what it needs is not there.
type Draw = fn(&mut Dice, &Cast) -> Option<Operation>;

/// How often each is drawn, relative to the others.
const DRAWS: [(u64, Draw); 9] = [
    (22, money::draw),
    (24, stake::draw),
    (18, voting::draw),
    (12, validators::draw),
    (10, grants::draw),
    (8, institutions::draw),
    (6, treasury::draw),
    (6, governance::draw),
    (8, wrapped::draw),
];

/// The next operation.
pub fn operation(dice: &mut Dice, cast: &Cast) -> Operation {
    loop {
        if let Some(operation) = one_of(dice, &DRAWS)(dice, cast) {
            return operation;
        }
    }
}

/// How many operations the next block has, if there is room for them.
pub fn operations_of_a_block(dice: &mut Dice) -> u64 {
    match dice.below(10) {
        0 => dice.below(3),
        1 => 100,
        _ => 40,
    }
}

/// One of what is listed with weights.
fn one_of<T: Copy>(dice: &mut Dice, list: &[(u64, T)]) -> T {
    let all: u64 = list.iter().map(|(weight, _)| weight).sum();
    let mut left = dice.below(all);
    for (weight, what) in list {
        if left < *weight {
            return *what;
        }
        left -= weight;
    }
    unreachable!("it is below the sum of all weights")
}

/// What an account can transfer or put on hold without being removed.
fn spendable(who: &AccountId) -> Balance {
    Balances::reducible_balance(who, Preservation::Preserve, Fortitude::Polite)
}

/// One of what is there, as a map's keys or entries.
fn entry<T>(dice: &mut Dice, all: impl Iterator<Item = T>) -> Option<T> {
    let mut all: Vec<T> = all.collect();
    if all.is_empty() {
        return None;
    }
    let place = dice.below(all.len() as u64) as usize;
    Some(all.swap_remove(place))
}

/// A call that is governed: from its own origin at once.
fn governed(caller: Caller, call: impl Into<RuntimeCall>) -> Option<Operation> {
    Some(Operation::Call(caller, call.into()))
}

/// A transaction.
fn signed(who: &AccountId, call: impl Into<RuntimeCall>) -> Option<Operation> {
    Some(Operation::signed(who, call))
}
