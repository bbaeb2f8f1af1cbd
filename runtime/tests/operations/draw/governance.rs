//! What governance decides: parameters, validators, nodes, beneficiaries; and what the committee stops.

use super::{entry, governed, grants, institutions, one_of, treasury, validators};
use crate::{
    chain::Cast,
    dice::Dice,
    operation::{Caller, Operation},
};
use frame_support::BoundedVec;
use pallet_brake::{Call as Brake, Pauses};
use pallet_fees::Shares;
use pallet_validators::{
    Call, Nodes, Records, Status,
    set::{Direction, SetParameters},
};
use plume_primitives::api::NodeRole;
use plume_runtime::{
    configs::{RuntimeParameters, dynamic_params::fee_model},
    governance::origins::Origin,
    *,
};
use sp_runtime::Perbill;

/// What can be paused here; a part of it seldom matters, so that the test goes on.
const PAUSED: [(&str, &str); 6] = [
    ("Balances", "transfer_all"),
    ("Release", "claim"),
    ("Treasury", "payout"),
    ("Grants", "expire"),
    ("RevenueShare", "claim"),
    ("Stake", "stake"),
];

pub fn draw(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    if dice.chance(15) {
        return if dice.chance(50) {
            pause(dice, cast)
        } else {
            lift(dice, cast)
        };
    }
    decision(dice, cast)
}

/// What a referendum can be about.
pub fn decision(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let draws: [(u64, super::Draw); 11] = [
        (10, set_shares),
        (20, admit),
        (1, remove),
        (3, set_minimum_bond),
        (3, set_parameters),
        (5, admit_node),
        (3, expel_node),
        (1, reassign),
        (6, grants::approve),
        (6, institutions::administer),
        (6, treasury::decide),
    ];
    one_of(dice, &draws)(dice, cast)
}

/// From a track's origin, and from root at times.
fn of_track(dice: &mut Dice, origin: Origin, call: impl Into<RuntimeCall>) -> Option<Operation> {
    let caller = if dice.chance(20) {
        Caller::Root
    } else {
        Caller::Track(origin)
    };
    governed(caller, call)
}

/// Fees are divided anew, within bounds; others cannot be sent.
fn set_shares(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let author = dice.within(100_000_000, 1_000_000_000);
    let shares = Shares {
        burn: Perbill::from_parts(dice.within(500_000_000, 1_000_000_000)),
        author: Perbill::from_parts(author),
        treasury: Perbill::from_parts(dice.within(0, 1_000_000_000 - author)),
    };
    let shares = dice.chance(90).then_some(shares);
    let key_value =
        RuntimeParameters::FeeModel(fee_model::Parameters::Shares(fee_model::Shares, shares));
    of_track(
        dice,
        Origin::FeeModel,
        pallet_parameters::Call::set_parameter { key_value },
    )
}

fn admit(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let validator = validators::candidate(dice, cast)?.account;
    let has_applied =
        Records::<Runtime>::get(&validator).is_some_and(|record| record.status == Status::Applied);
    if !has_applied && dice.chance(95) {
        return None;
    }
    of_track(dice, Origin::ValidatorAdmission, Call::admit { validator })
}

fn remove(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let validator = validators::admitted(dice)?;
    of_track(dice, Origin::ValidatorAdmission, Call::remove { validator })
}

fn set_minimum_bond(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let amount = validators::minimum_bond(dice);
    of_track(
        dice,
        Origin::ValidatorAdmission,
        Call::set_minimum_bond { amount },
    )
}

fn set_parameters(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let parameters = SetParameters {
        direction: if dice.chance(50) {
            Direction::SmallerUnderLoad
        } else {
            Direction::LargerUnderLoad
        },
        min: 4,
        max: dice.within(3, 20),
        low: Perbill::from_percent(dice.within(1, 30)),
        high: Perbill::from_percent(dice.within(25, 90)),
        smoothing_blocks: dice.within(0, 100),
    };
    of_track(
        dice,
        Origin::ValidatorAdmission,
        Call::set_parameters { parameters },
    )
}

fn admit_node(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let peer_id = validators::peer_id(dice);
    let role = dice.pick(&[NodeRole::Validator, NodeRole::Rpc, NodeRole::Regulator])?;
    of_track(
        dice,
        Origin::ValidatorAdmission,
        Call::admit_node { peer_id, role },
    )
}

fn expel_node(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let peer_id = if dice.chance(90) {
        entry(dice, Nodes::<Runtime>::iter_keys())?
    } else {
        validators::peer_id(dice)
    };
    of_track(
        dice,
        Origin::ValidatorAdmission,
        Call::expel_node { peer_id },
    )
}

fn reassign(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let call = pallet_release::Call::reassign {
        id: dice.within(0, 4),
        beneficiary: cast.anybody(dice),
    };
    governed(Caller::Root, call)
}

/// For minutes mostly, and for days seldom.
fn pause(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let (pallet, call) = dice.pick(&PAUSED)?;
    let bytes = |text: &str| BoundedVec::try_from(text.as_bytes().to_vec()).ok();
    let name: pallet_tx_pause::RuntimeCallNameOf<Runtime> = (bytes(pallet)?, bytes(call)?);
    let call = Brake::pause {
        call: name,
        duration: if dice.chance(90) {
            dice.within(0, 600)
        } else {
            dice.within(0, 4 * 24 * 60 * 60)
        },
    };
    governed(Caller::Committee(dice.within(2, 4), 4), call)
}

fn lift(dice: &mut Dice, _: &Cast) -> Option<Operation> {
    let pauses = Pauses::<Runtime>::get();
    let pause = dice.pick(&pauses)?;
    if !pause.on && dice.chance(80) {
        return None;
    }
    let caller = if dice.chance(70) {
        Caller::Committee(dice.within(1, 4), 4)
    } else {
        Caller::Root
    };
    governed(caller, Brake::lift { call: pause.call })
}
