//! Validators: who applies, is admitted, leaves and is slashed; their keys, nodes and rewards.

use super::{entry, one_of, signed, spendable};
use crate::{
    chain::{Candidate, Cast},
    dice::Dice,
    operation::Operation,
};
use pallet_validators::{Admitted, Call, Credits, MinimumBond, NodesOf, PeerId, Records, Status};
use plume_primitives::units::PLUME;
use plume_runtime::*;
use sp_runtime::{Perbill, traits::BlockNumberProvider};

pub fn draw(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let draws: [(u64, super::Draw); 11] = [
        (20, apply),
        (8, bond_more),
        (1, leave),
        (16, withdraw_bond),
        (8, publish_node),
        (5, withdraw_node),
        (12, claim),
        (3, set_keys),
        (1, purge_keys),
        (2, double_seal),
        (2, offence),
    ];
    one_of(dice, &draws)(dice, cast)
}

/// One of those who can become validators.
pub fn candidate(dice: &mut Dice, cast: &Cast) -> Option<Candidate> {
    dice.pick(&cast.candidates)
}

/// One of those that are on the list.
pub fn admitted(dice: &mut Dice) -> Option<AccountId> {
    dice.pick(&Admitted::<Runtime>::get())
}

/// An account with a record.
fn known(dice: &mut Dice) -> Option<AccountId> {
    entry(dice, Records::<Runtime>::iter_keys())
}

fn apply(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = candidate(dice, cast)?.account;
    if Records::<Runtime>::contains_key(&who) && dice.chance(95) {
        return None;
    }
    let free = spendable(&who);
    let bond = if dice.chance(95) {
        dice.amount_from(MinimumBond::<Runtime>::get(), free / 10)
    } else {
        dice.wild_amount(free)
    };
    let lei_hash = dice.hash();
    signed(&who, Call::apply { lei_hash, bond })
}

fn bond_more(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = if dice.chance(90) {
        known(dice)?
    } else {
        cast.signer(dice)
    };
    let free = spendable(&who);
    let amount = if dice.chance(80) {
        dice.amount(free / 20)
    } else {
        dice.wild_amount(free)
    };
    signed(&who, Call::bond_more { amount })
}

/// Seldom while there are few.
fn leave(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let who = known(dice)?;
    let is_missed = Admitted::<Runtime>::get().len() <= 4;
    if is_missed && dice.chance(90) {
        return None;
    }
    signed(&who, Call::leave {})
}

fn withdraw_bond(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let validator = known(dice)?;
    let now = Clock::current_block_number();
    let status = Records::<Runtime>::get(&validator)?.status;
    let is_free = matches!(status, Status::Unbonding { until } if until <= now);
    if !is_free && dice.chance(95) {
        return None;
    }
    signed(&cast.person(dice), Call::withdraw_bond { validator })
}

/// A node's id; one of forty, so that some are taken. Seldom none at all.
pub fn peer_id(dice: &mut Dice) -> PeerId {
    let mut id = [dice.within(0, 40) as u8; 38];
    if dice.chance(95) {
        id[..6].copy_from_slice(&[0x00, 0x24, 0x08, 0x01, 0x12, 0x20]);
    }
    id
}

fn publish_node(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = if dice.chance(95) {
        admitted(dice)?
    } else {
        cast.signer(dice)
    };
    let peer_id = peer_id(dice);
    signed(&who, Call::publish_node { peer_id })
}

fn withdraw_node(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let who = entry(dice, NodesOf::<Runtime>::iter_keys())?;
    let peer_id = if dice.chance(90) {
        dice.pick(&NodesOf::<Runtime>::get(&who))?
    } else {
        peer_id(dice)
    };
    signed(&who, Call::withdraw_node { peer_id })
}

fn claim(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let validator = if dice.chance(95) {
        entry(dice, Credits::<Runtime>::iter_keys())?
    } else {
        cast.anybody(dice)
    };
    signed(&cast.person(dice), Call::claim { validator })
}

fn set_keys(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let Candidate {
        account,
        keys,
        proof,
    } = candidate(dice, cast)?;
    signed(&account, pallet_session::Call::set_keys { keys, proof })
}

fn purge_keys(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let account = candidate(dice, cast)?.account;
    signed(&account, pallet_session::Call::purge_keys {})
}

/// Somebody who is a validator, or was.
fn culprit(dice: &mut Dice) -> Option<AccountId> {
    let who = known(dice)?;
    // The game goes on with at least a few validators, most of the time.
    let is_needed = Admitted::<Runtime>::get().len() <= 5;
    if is_needed && dice.chance(80) {
        return None;
    }
    Some(who)
}

fn double_seal(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    Some(Operation::DoubleSeal {
        culprit: culprit(dice)?,
        validators: dice.within(3, 61),
    })
}

/// Of any part, nothing and all included.
fn offence(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let part = match dice.below(12) {
        0 => Perbill::zero(),
        1 => Perbill::one(),
        2 => Perbill::from_parts(1),
        _ => Perbill::from_parts(dice.within(1, 600_000_000)),
    };
    Some(Operation::Offence {
        culprit: culprit(dice)?,
        part,
    })
}

/// A bond that applicants may be asked for.
pub fn minimum_bond(dice: &mut Dice) -> Balance {
    Balance::from(dice.within(20_000, 120_000)) * PLUME
}
