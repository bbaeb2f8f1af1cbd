//! What the treasury spends, at once and when somebody asks.
#![allow(
    deprecated,
    reason = "the calls are there as long as the SDK's pallet has them, and can be voted for"
)]

use super::{entry, governed, one_of, signed};
use crate::{
    chain::Cast,
    dice::Dice,
    operation::{Caller, Operation},
};
use pallet_treasury::{Call, Spends};
use plume_primitives::{pots, units::PLUME};
use plume_runtime::{
    governance::{LARGE_SPEND, SMALL_SPEND, origins::Origin},
    *,
};
use sp_runtime::traits::BlockNumberProvider;

const DAY: Seconds = 24 * 60 * 60;
/// More do not wait to be paid.
const MOST: usize = 20;

pub fn draw(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let draws: [(u64, super::Draw); 5] = [
        (8, decide),
        (14, payout),
        (14, check_status),
        (2, void_spend),
        (6, release),
    ];
    one_of(dice, &draws)(dice, cast)
}

/// Anybody has an allocation paid to its beneficiary.
fn release(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let id = dice.within(0, 4);
    signed(&cast.person(dice), pallet_release::Call::claim { id })
}

/// What a referendum on a treasury track decides.
pub fn decide(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let draws: [(u64, super::Draw); 2] = [(12, spend), (1, spend_local)];
    one_of(dice, &draws)(dice, cast)
}

/// Who spends, and how much. More than it may, or than there is, at times.
fn spending(dice: &mut Dice) -> (Caller, Balance) {
    match dice.below(20) {
        0 => (
            Caller::Root,
            dice.wild_amount(Balances::free_balance(pots::treasury())),
        ),
        1 => (
            Caller::Track(Origin::TreasurySmall),
            dice.amount(2 * SMALL_SPEND),
        ),
        2 => (Caller::Track(Origin::TreasuryLarge), LARGE_SPEND + 1),
        3..6 => (
            Caller::Track(Origin::TreasuryLarge),
            dice.amount(2_000_000 * PLUME),
        ),
        _ => (
            Caller::Track(Origin::TreasurySmall),
            dice.amount(SMALL_SPEND),
        ),
    }
}

fn spend(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    if Spends::<Runtime>::iter_keys().count() >= MOST {
        return None;
    }
    let (caller, amount) = spending(dice);
    let now = Clock::current_block_number();
    let call = Call::spend {
        asset_kind: Box::new(()),
        amount,
        beneficiary: Box::new(cast.anybody(dice)),
        valid_from: dice
            .chance(30)
            .then(|| (now + dice.within(0, 2 * DAY)).saturating_sub(DAY)),
    };
    governed(caller, call)
}

/// What nobody can do: the treasury pays when it is asked to, and not by itself.
fn spend_local(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (caller, amount) = spending(dice);
    let beneficiary: Address = cast.anybody(dice).into();
    governed(
        caller,
        Call::spend_local {
            amount,
            beneficiary,
        },
    )
}

fn payout(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (index, spend) = entry(dice, Spends::<Runtime>::iter())?;
    let is_paid = matches!(
        spend.status,
        pallet_treasury::PaymentState::Attempted { .. }
    );
    if is_paid && dice.chance(90) {
        return None;
    }
    signed(&cast.person(dice), Call::payout { index })
}

fn check_status(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (index, spend) = entry(dice, Spends::<Runtime>::iter())?;
    let is_paid = matches!(
        spend.status,
        pallet_treasury::PaymentState::Attempted { .. }
    );
    let is_over = spend.expire_at < Clock::current_block_number();
    if !is_paid && !is_over && dice.chance(90) {
        return None;
    }
    signed(&cast.person(dice), Call::check_status { index })
}

fn void_spend(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let (index, _) = entry(dice, Spends::<Runtime>::iter())?;
    governed(
        Caller::Track(Origin::TreasuryLarge),
        Call::void_spend { index },
    )
}
