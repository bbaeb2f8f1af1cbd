//! Institutions: registered, suspended, with accounts that come and go, and shares that are claimed.

use super::{entry, governed, one_of, signed};
use crate::{
    chain::Cast,
    dice::Dice,
    operation::{Caller, Operation},
};
use pallet_revenue_share::{Call, InstitutionOf, Institutions, Invitations, Members, Rights};
use plume_runtime::{governance::origins::Origin, *};

/// More are not registered.
const MOST: u32 = 12;

pub fn draw(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let draws: [(u64, super::Draw); 7] = [
        (10, administer),
        (10, invite),
        (16, accept),
        (2, leave),
        (3, remove_account),
        (3, set_payout),
        (8, claim),
    ];
    one_of(dice, &draws)(dice, cast)
}

/// What the compliance policy's track decides about institutions.
pub fn administer(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let call = match dice.below(12) {
        0..3 => {
            if Institutions::<Runtime>::count() >= MOST {
                return None;
            }
            Call::register {
                main: cast.person(dice),
                lei_hash: dice.hash(),
            }
        }
        3 => Call::deregister {
            institution: deregistrable(dice)?,
        },
        4..6 => Call::suspend {
            institution: institution(dice)?,
        },
        _ => Call::reinstate {
            institution: suspended(dice)?,
        },
    };
    let caller = if dice.chance(10) {
        Caller::Root
    } else {
        Caller::Track(Origin::CompliancePolicy)
    };
    governed(caller, call)
}

/// One that is registered; at times any number.
fn institution(dice: &mut Dice) -> Option<u32> {
    if dice.chance(2) {
        return Some(dice.within(0, 100));
    }
    entry(dice, Institutions::<Runtime>::iter_keys())
}

fn suspended(dice: &mut Dice) -> Option<u32> {
    let (id, known) = entry(dice, Institutions::<Runtime>::iter())?;
    (known.suspended || dice.chance(5)).then_some(id)
}

/// One that nothing is owed to, mostly.
fn deregistrable(dice: &mut Dice) -> Option<u32> {
    let id = institution(dice)?;
    (!Rights::<Runtime>::contains_key(id) || dice.chance(20)).then_some(id)
}

/// The main account of an institution, mostly; and the institution.
fn speaker(dice: &mut Dice, cast: &Cast) -> Option<(AccountId, u32)> {
    let (id, known) = entry(dice, Institutions::<Runtime>::iter())?;
    let who = if dice.chance(95) {
        known.main
    } else {
        cast.person(dice)
    };
    Some((who, id))
}

fn invite(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (who, institution) = speaker(dice, cast)?;
    let account = cast.person(dice);
    signed(
        &who,
        Call::invite {
            institution,
            account,
        },
    )
}

fn accept(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let (institution, invited) = entry(dice, Invitations::<Runtime>::iter())?;
    let who = dice.pick(&invited)?;
    if InstitutionOf::<Runtime>::contains_key(&who) && dice.chance(90) {
        return None;
    }
    signed(&who, Call::accept { institution })
}

fn leave(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = if dice.chance(90) {
        entry(dice, InstitutionOf::<Runtime>::iter_keys())?
    } else {
        cast.person(dice)
    };
    signed(&who, Call::leave {})
}

fn remove_account(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (who, institution) = speaker(dice, cast)?;
    let account = match dice.below(3) {
        0 => cast.person(dice),
        1 => dice.pick(&Members::<Runtime>::get(institution))?,
        _ => dice.pick(&Invitations::<Runtime>::get(institution))?,
    };
    signed(
        &who,
        Call::remove_account {
            institution,
            account,
        },
    )
}

fn set_payout(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (who, institution) = speaker(dice, cast)?;
    let payout = cast.anybody(dice);
    signed(
        &who,
        Call::set_payout {
            institution,
            payout,
        },
    )
}

/// By anybody. Half of what could be claimed is left to expire.
fn claim(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let institution = if dice.chance(60) {
        entry(dice, Rights::<Runtime>::iter_keys())?
    } else {
        institution(dice)?
    };
    if institution % 2 == 0 {
        return None;
    }
    signed(&cast.person(dice), Call::claim { institution })
}
