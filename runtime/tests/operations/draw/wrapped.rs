//! Calls within calls: by proxy, in batches, by a multisig, and by root in another's name.

use super::{governed, operation, signed};
use crate::{
    chain::Cast,
    dice::Dice,
    operation::{Caller, Operation},
};
use pallet_proxy::Proxies;
use plume_runtime::{configs::ProxyType, *};

pub fn draw(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    match dice.below(20) {
        0 => change_proxies(dice, cast),
        1..10 => by_proxy(dice, cast),
        10..17 => batch(dice, cast),
        17 => multisig(dice, cast),
        _ => in_anothers_name(dice, cast),
    }
}

/// A transaction that somebody could send.
fn transaction(dice: &mut Dice, cast: &Cast) -> Option<(AccountId, RuntimeCall)> {
    match operation(dice, cast) {
        Operation::Call(Caller::Account(who), call) => Some((who, call)),
        _ => None,
    }
}

fn add_proxy(dice: &mut Dice, cast: &Cast, who: &AccountId) -> Option<Operation> {
    let kinds = [
        ProxyType::Any,
        ProxyType::Any,
        ProxyType::Any,
        ProxyType::NonTransfer,
        ProxyType::Governance,
    ];
    let call = pallet_proxy::Call::add_proxy {
        delegate: cast.person(dice).into(),
        proxy_type: dice.pick(&kinds)?,
        delay: 0,
    };
    signed(who, call)
}

fn change_proxies(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let who = cast.person(dice);
    match dice.below(4) {
        0 => signed(&who, pallet_proxy::Call::remove_proxies {}),
        1 => add_proxy(dice, cast, &who),
        _ => {
            let proxy = dice.pick(&Proxies::<Runtime>::get(&who).0)?;
            let call = pallet_proxy::Call::remove_proxy {
                delegate: proxy.delegate.into(),
                proxy_type: proxy.proxy_type,
                delay: proxy.delay,
            };
            signed(&who, call)
        }
    }
}

/// What somebody could do, done by its proxy; it gets one if it has none.
fn by_proxy(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (real, call) = transaction(dice, cast)?;
    let Some(proxy) = dice.pick(&Proxies::<Runtime>::get(&real).0) else {
        return add_proxy(dice, cast, &real);
    };
    let call = pallet_proxy::Call::proxy {
        real: real.into(),
        force_proxy_type: None,
        call: Box::new(call.into()),
    };
    signed(&proxy.delegate, call)
}

/// What several could do, done by the first of them. Some of it only the others can.
fn batch(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (who, first) = transaction(dice, cast)?;
    let mut calls: Vec<ScreenedCall> = vec![first.into()];
    for _ in 0..dice.below(4) {
        calls.extend(transaction(dice, cast).map(|(_, call)| call.into()));
    }
    match dice.below(3) {
        0 => signed(&who, pallet_utility::Call::batch { calls }),
        1 => signed(&who, pallet_utility::Call::batch_all { calls }),
        _ => signed(&who, pallet_utility::Call::force_batch { calls }),
    }
}

/// A multisig of two, of whom one is enough. Its account has what others have sent it: nothing at first.
fn multisig(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (_, call) = transaction(dice, cast)?;
    let (who, other) = (cast.person(dice), cast.person(dice));
    if who == other {
        return None;
    }
    let call = pallet_multisig::Call::as_multi_threshold_1 {
        other_signatories: vec![other],
        call: Box::new(call.into()),
    };
    signed(&who, call)
}

/// Root is bound by no filter, and this call passes that on. Burning is closed all the same.
fn in_anothers_name(dice: &mut Dice, cast: &Cast) -> Option<Operation> {
    let (who, call) = transaction(dice, cast)?;
    let origin = OriginCaller::system(frame_system::RawOrigin::Signed(who));
    let call = pallet_utility::Call::dispatch_as {
        as_origin: Box::new(origin),
        call: Box::new(call.into()),
    };
    governed(Caller::Root, call)
}
