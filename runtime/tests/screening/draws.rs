//! Random calls: leaves that move value, trees that carry them, and the ways to have a tree executed.

use crate::{common::*, stage::*, world::*};
use codec::{DecodeLimit, Encode};
use frame_support::{MAX_EXTRINSIC_DEPTH, dispatch::RawOrigin, weights::Weight};
use pallet_shielded_pool::{Amount, PLUME_UNIT};
use plume_primitives::{
    compliance::Asset,
    units::{EXISTENTIAL_DEPOSIT, PLUME},
};
use plume_runtime::*;
use proptest::{prelude::*, strategy::Union};
use sp_keyring::Sr25519Keyring::{self, Alice};

/// Calls of one kind.
pub struct Kind {
    /// What it is.
    pub name: &'static str,
    /// Those calls.
    pub calls: BoxedStrategy<RuntimeCall>,
}

fn kind(
    name: &'static str,
    calls: impl Strategy<Value = impl Into<RuntimeCall> + core::fmt::Debug + 'static> + 'static,
) -> Kind {
    Kind {
        name,
        calls: calls.prop_map(Into::into).boxed(),
    }
}

fn boxed(call: impl Into<RuntimeCall>) -> Box<ScreenedCall> {
    Box::new(call.into().into())
}

pub fn person() -> impl Strategy<Value = Sr25519Keyring> {
    proptest::sample::select(&PEOPLE[..])
}

fn pair() -> impl Strategy<Value = (Sr25519Keyring, Sr25519Keyring)> {
    (person(), 1..PEOPLE.len()).prop_map(|(one, further)| {
        let other = (0..further).fold(one, |other, _| next(other));
        (one, other)
    })
}

fn target() -> impl Strategy<Value = AccountId> {
    prop_oneof![
        4 => person().prop_map(account),
        1 => (person(), 0..2u16).prop_map(|(who, index)| derived(who, index)),
        1 => (pair(), 1..3u16).prop_map(|((one, other), threshold)| together(one, other, threshold)),
        1 => (1..4u8).prop_map(fresh),
    ]
}

fn amount() -> impl Strategy<Value = Balance> {
    prop_oneof![
        Just(0),
        Just(1),
        Just(EXISTENTIAL_DEPOSIT),
        1..1_000u128,
        PLUME..1_000 * PLUME,
        Just(PURSE),
        Just(HOLDING),
        Just(Balance::MAX),
    ]
}

/// What somebody does, whoever carries it: itself, or by a proxy.
fn by(who: Sr25519Keyring, call: impl Into<RuntimeCall>) -> RuntimeCall {
    let call = call.into();
    let by_proxy = pallet_proxy::Call::proxy {
        real: account(who).into(),
        force_proxy_type: None,
        call: boxed(call.clone()),
    };
    pallet_utility::Call::if_else {
        main: boxed(call),
        fallback: boxed(by_proxy),
    }
    .into()
}

/// What root does, whoever carries it.
fn by_root(call: impl Into<RuntimeCall>) -> RuntimeCall {
    by(Alice, pallet_sudo::Call::sudo { call: boxed(call) })
}

/// As another origin, which root can do.
fn dispatched_as(origin: RawOrigin<AccountId>, call: RuntimeCall) -> RuntimeCall {
    pallet_utility::Call::dispatch_as {
        as_origin: Box::new(origin.into()),
        call: boxed(call),
    }
    .into()
}

fn native() -> Vec<Kind> {
    use pallet_balances::Call;
    vec![
        kind(
            "a transfer",
            (target(), amount()).prop_map(|(to, value)| transfer(to, value)),
        ),
        kind(
            "a transfer that keeps its sender",
            (target(), amount()).prop_map(|(to, value)| Call::transfer_keep_alive {
                dest: to.into(),
                value,
            }),
        ),
        kind(
            "a transfer of all",
            (target(), any::<bool>()).prop_map(|(to, keep_alive)| Call::transfer_all {
                dest: to.into(),
                keep_alive,
            }),
        ),
        kind(
            "a transfer by root",
            (target(), target(), amount()).prop_map(|(from, to, value)| {
                by_root(Call::force_transfer {
                    source: from.into(),
                    dest: to.into(),
                    value,
                })
            }),
        ),
    ]
}

fn others() -> Vec<Kind> {
    use pallet_assets::Call;
    use sp_keyring::Sr25519Keyring::{Bob, Eve};
    let id = || proptest::sample::select(&ASSETS[..]).prop_map(codec::Compact);
    vec![
        kind(
            "an issue",
            (id(), target(), 0..2_000u128).prop_map(|(id, to, amount)| {
                by(
                    Eve,
                    Call::mint {
                        id,
                        beneficiary: to.into(),
                        amount,
                    },
                )
            }),
        ),
        kind(
            "a redemption",
            (id(), target(), 0..2_000u128).prop_map(|(id, who, amount)| {
                by(
                    Eve,
                    Call::burn {
                        id,
                        who: who.into(),
                        amount,
                    },
                )
            }),
        ),
        kind(
            "a transfer of an asset",
            (id(), target(), 0..2_000u128).prop_map(|(id, to, amount)| Call::transfer {
                id,
                target: to.into(),
                amount,
            }),
        ),
        kind(
            "a transfer of an asset that keeps its sender",
            (id(), target(), 0..2_000u128).prop_map(|(id, to, amount)| Call::transfer_keep_alive {
                id,
                target: to.into(),
                amount,
            }),
        ),
        kind(
            "a transfer by an asset's admin",
            (id(), target(), target(), 0..2_000u128).prop_map(|(id, from, to, amount)| {
                by(
                    Eve,
                    Call::force_transfer {
                        id,
                        source: from.into(),
                        dest: to.into(),
                        amount,
                    },
                )
            }),
        ),
        kind(
            "a transfer by a delegate",
            (id(), target(), target(), 0..2_000u128).prop_map(|(id, from, to, amount)| {
                by(
                    Bob,
                    Call::transfer_approved {
                        id,
                        owner: from.into(),
                        destination: to.into(),
                        amount,
                    },
                )
            }),
        ),
        kind(
            "a transfer of all of an asset",
            (id(), target(), any::<bool>()).prop_map(|(id, to, keep_alive)| Call::transfer_all {
                id,
                dest: to.into(),
                keep_alive,
            }),
        ),
        kind(
            "an asset that is given up",
            id().prop_map(|id| Call::refund {
                id,
                allow_burn: true,
            }),
        ),
        kind(
            "an asset that is handed over",
            (id(), target()).prop_map(|(id, to)| {
                by(
                    Eve,
                    Call::transfer_ownership {
                        id,
                        owner: to.into(),
                    },
                )
            }),
        ),
    ]
}

fn owed() -> Vec<Kind> {
    use pallet_grants::Call;
    vec![
        kind(
            "what a backer has earned",
            target().prop_map(|who| pallet_stake::Call::claim { who }),
        ),
        kind(
            "what a validator has earned",
            person().prop_map(|who| pallet_validators::Call::claim {
                validator: account(who),
            }),
        ),
        kind(
            "what is released",
            (0..ALLOCATIONS + 1).prop_map(|id| pallet_release::Call::claim { id }),
        ),
        kind(
            "an institution's share",
            (0..6u32).prop_map(|institution| pallet_revenue_share::Call::claim { institution }),
        ),
        kind(
            "an approved spend",
            (0..8u32).prop_map(|index| pallet_treasury::Call::payout { index }),
        ),
        kind(
            "an approved grant",
            (0..GRANTS + 1).prop_map(|grant| by_root(Call::approve { grant })),
        ),
        kind(
            "a milestone that is accepted",
            (0..GRANTS, 0..3u32).prop_map(|(grant, milestone)| {
                by_root(Call::accept {
                    grant,
                    milestone,
                    deliverable: DELIVERABLE,
                })
            }),
        ),
        kind(
            "a milestone that is too late",
            (0..GRANTS).prop_map(|grant| Call::expire { grant }),
        ),
        kind(
            "a grant that its grantee cancels",
            (0..GRANTS).prop_map(|grant| {
                let grantee = PEOPLE[grant as usize % PEOPLE.len()];
                by(grantee, Call::cancel { grant })
            }),
        ),
        kind(
            "a grant that root cancels",
            (0..GRANTS).prop_map(|grant| by_root(Call::cancel { grant })),
        ),
    ]
}

/// Amounts that the pool can have, at times more.
fn pooled() -> impl Strategy<Value = Amount> {
    prop_oneof![
        (1..2_000u64).prop_map(|plume| Amount {
            asset: Asset::Native,
            value: plume * (PLUME / PLUME_UNIT) as u64,
        }),
        (1..700u64).prop_map(|value| Amount {
            asset: Asset::Other(1),
            value,
        }),
    ]
}

fn shielded() -> Vec<Kind> {
    vec![
        kind(
            "a deposit into the pool",
            (any::<u64>(), person(), pooled()).prop_map(|(seed, who, amount)| {
                by(who, pool().deposit(seed, &account(who), amount))
            }),
        ),
        // Without a fee, which is nobody's but root's to do.
        kind(
            "a withdrawal from the pool by root",
            (any::<u64>(), target(), pooled()).prop_map(|(seed, to, amount)| {
                let withdrawal = pool().withdrawal(seed, to, amount, 0);
                by_root(dispatched_as(RawOrigin::Authorized, withdrawal.into()))
            }),
        ),
    ]
}

/// Calls that move value.
pub fn moving() -> Vec<Kind> {
    [native(), others(), owed(), shielded()]
        .into_iter()
        .flatten()
        .collect()
}

/// Calls that alone move nothing: some change what others move, one needs root to carry it, and one is closed.
fn still() -> Vec<Kind> {
    vec![
        kind(
            "a balance that not even root sets",
            (person(), PLUME..PURSE).prop_map(|(who, new_free)| {
                by_root(pallet_balances::Call::force_set_balance {
                    who: account(who).into(),
                    new_free,
                })
            }),
        ),
        kind(
            "a transfer that root has to carry",
            (target(), target(), amount()).prop_map(|(from, to, value)| {
                pallet_balances::Call::force_transfer {
                    source: from.into(),
                    dest: to.into(),
                    value,
                }
            }),
        ),
        kind(
            "a stake",
            (0..500u128).prop_map(|plume| pallet_stake::Call::stake {
                amount: plume * PLUME,
            }),
        ),
        kind(
            "another payout account",
            (0..5u32, target()).prop_map(|(institution, payout)| {
                by(
                    PEOPLE[institution as usize],
                    pallet_revenue_share::Call::set_payout {
                        institution,
                        payout,
                    },
                )
            }),
        ),
        kind(
            "another beneficiary",
            (0..ALLOCATIONS, target()).prop_map(|(id, beneficiary)| {
                by_root(pallet_release::Call::reassign { id, beneficiary })
            }),
        ),
        kind(
            "a spend",
            (target(), amount()).prop_map(|(to, amount)| {
                by_root(pallet_treasury::Call::spend {
                    asset_kind: Box::new(()),
                    amount,
                    beneficiary: Box::new(to),
                    valid_from: None,
                })
            }),
        ),
    ]
}

pub fn leaf() -> impl Strategy<Value = RuntimeCall> {
    let all = moving().into_iter().chain(still());
    Union::new(all.map(|kind| kind.calls))
}

/// A leaf, or a call that carries some.
pub fn tree() -> impl Strategy<Value = RuntimeCall> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        let some = || prop::collection::vec(inner.clone(), 1..4);
        let one = || inner.clone();
        prop_oneof![
            3 => some().prop_map(batch),
            2 => some().prop_map(batch_all),
            1 => some().prop_map(|calls| {
                pallet_utility::Call::force_batch {
                    calls: calls.into_iter().map(Into::into).collect(),
                }
                .into()
            }),
            1 => (0..2u16, one()).prop_map(|(index, call)| as_derivative(index, call)),
            1 => (one(), one()).prop_map(|(main, fallback)| {
                pallet_utility::Call::if_else {
                    main: boxed(main),
                    fallback: boxed(fallback),
                }
                .into()
            }),
            2 => (person(), one()).prop_map(|(real, call)| {
                pallet_proxy::Call::proxy {
                    real: account(real).into(),
                    force_proxy_type: None,
                    call: boxed(call),
                }
                .into()
            }),
            1 => (person(), one()).prop_map(|(other, call)| {
                pallet_multisig::Call::as_multi_threshold_1 {
                    other_signatories: vec![account(other)],
                    call: boxed(call),
                }
                .into()
            }),
            1 => one().prop_map(by_root),
            1 => one().prop_map(|call| {
                by(Alice, pallet_sudo::Call::sudo_unchecked_weight {
                    call: boxed(call),
                    weight: Weight::zero(),
                })
            }),
            1 => one().prop_map(|call| {
                by_root(pallet_utility::Call::with_weight {
                    call: boxed(call),
                    weight: Weight::zero(),
                })
            }),
            1 => (person(), one())
                .prop_map(|(who, call)| by_root(dispatched_as(RawOrigin::Signed(account(who)), call))),
            1 => (person(), one()).prop_map(|(who, call)| {
                by_root(pallet_utility::Call::dispatch_as_fallible {
                    as_origin: Box::new(RawOrigin::Signed(account(who)).into()),
                    call: boxed(call),
                })
            }),
            1 => (person(), one()).prop_map(|(who, call)| {
                by(Alice, pallet_sudo::Call::sudo_as {
                    who: account(who).into(),
                    call: boxed(call),
                })
            }),
            1 => (person(), 0..3u32, any::<bool>(), one())
                .prop_map(|(who, after, repeats, call)| scheduled(who, after, repeats, call)),
        ]
    })
}

/// A call that somebody makes later, once or three times.
pub fn scheduled(
    who: Sr25519Keyring,
    after: Seconds,
    repeats: bool,
    call: RuntimeCall,
) -> RuntimeCall {
    by_root(pallet_scheduler::Call::schedule_after {
        after,
        maybe_periodic: repeats.then_some((1, 2)),
        priority: 0,
        call: boxed(dispatched_as(RawOrigin::Signed(account(who)), call)),
    })
}

/// A call in one other, in two, and so on as deep as the decoder takes: of one kind or of four.
pub fn nested(call: RuntimeCall, mixed: bool) -> Vec<RuntimeCall> {
    let decodes = |call: &RuntimeCall| {
        RuntimeCall::decode_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut &call.encode()[..]).is_ok()
    };
    let nothing = || boxed(batch([]));
    // No batch that is all or nothing: such a one takes no other of its kind.
    let one_deeper = |call: &RuntimeCall, turn: usize| match turn % 4 {
        1 if mixed => pallet_utility::Call::if_else {
            main: boxed(pallet_sudo::Call::sudo { call: nothing() }),
            fallback: boxed(call.clone()),
        }
        .into(),
        2 if mixed => pallet_utility::Call::if_else {
            main: boxed(call.clone()),
            fallback: nothing(),
        }
        .into(),
        3 if mixed => pallet_utility::Call::force_batch {
            calls: vec![call.clone().into()],
        }
        .into(),
        _ => batch([call.clone()]),
    };
    let mut all = vec![call];
    loop {
        let deeper = one_deeper(&all[all.len() - 1], all.len());
        if !decodes(&deeper) {
            return all;
        }
        all.push(deeper);
    }
}

/// A way to have a tree executed.
#[derive(Clone, Debug)]
pub enum Act {
    /// In one transaction.
    Sent(Sr25519Keyring, RuntimeCall),
    /// By two, one after the other.
    Agreed([Sr25519Keyring; 2], RuntimeCall),
    /// By a proxy that has announced it, for somebody.
    Announced([Sr25519Keyring; 2], RuntimeCall),
    /// In a later block, for somebody.
    Scheduled(Sr25519Keyring, RuntimeCall),
    /// Out of the pool, by whoever has proven it.
    Withdrawn(u64, AccountId, Amount),
}

pub fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (person(), tree()).prop_map(|(who, call)| Act::Sent(who, call)),
        2 => (pair(), tree()).prop_map(|((one, other), call)| Act::Agreed([one, other], call)),
        2 => (pair(), tree()).prop_map(|((one, other), call)| Act::Announced([one, other], call)),
        2 => (person(), tree()).prop_map(|(who, call)| Act::Scheduled(who, call)),
        1 => (any::<u64>(), target(), pooled())
            .prop_map(|(seed, to, amount)| Act::Withdrawn(seed, to, amount)),
    ]
}
