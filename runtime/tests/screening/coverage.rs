//! Random trees of calls: the flows that were screened cover every change of every balance.

use crate::{common::*, stage::*};
use frame_support::{
    assert_ok,
    traits::{fungible::Inspect, fungibles},
};
use pallet_compliance::Side;
use plume_primitives::{
    allocations::Bucket,
    compliance::{Asset, Flow, Verdict},
    pots,
    units::{EXISTENTIAL_DEPOSIT, PLUME},
};
use plume_runtime::*;
use proptest::prelude::*;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Eve, Ferdie};
use std::collections::BTreeMap;

const PEOPLE: [Sr25519Keyring; 5] = [Alice, Bob, Charlie, Eve, Ferdie];
const ASSETS: [AssetId; 2] = [1, 2];

/// Everybody whose balances are watched: people, what they derive, what they sign together, and pots.
fn watched() -> Vec<AccountId> {
    let mut all: Vec<AccountId> = PEOPLE.map(account).to_vec();
    for one in PEOPLE {
        for index in 0..2 {
            all.push(pallet_utility::derivative_account_id(account(one), index));
        }
        for other in PEOPLE {
            if one != other {
                all.push(multi(one, other));
            }
        }
    }
    all.extend((1..4).map(fresh));
    all.extend([
        pots::treasury(),
        pots::grants(),
        pots::release(),
        pots::stake_rewards(),
        pots::validator_rewards(),
        pots::revenue_share(),
        pots::shielded_pool(),
    ]);
    all.sort();
    all.dedup();
    all
}

fn multi(one: Sr25519Keyring, other: Sr25519Keyring) -> AccountId {
    let mut signatories = [account(one), account(other)];
    signatories.sort();
    Multisig::multi_account_id(&signatories, 1)
}

/// All that an account has of an asset, held and reserved too.
fn balance(asset: Asset, who: &AccountId) -> Balance {
    match asset {
        Asset::Native => Balances::total_balance(who),
        Asset::Other(id) => <Assets as fungibles::Inspect<AccountId>>::total_balance(id, who),
    }
}

fn all_balances() -> BTreeMap<(Asset, AccountId), Balance> {
    let assets = [Asset::Native].into_iter().chain(ASSETS.map(Asset::Other));
    let watched = watched();
    assets
        .flat_map(|asset| watched.iter().map(move |who| (asset, who.clone())))
        .map(|(asset, who)| ((asset, who.clone()), balance(asset, &who)))
        .collect()
}

/// The flows that rules have spoken about, and one speaks about all.
fn screened() -> Vec<Flow<AccountId>> {
    let mut all = Vec::new();
    for record in System::events() {
        if let RuntimeEvent::Compliance(
            pallet_compliance::Event::CaseOpened { flows, .. }
            | pallet_compliance::Event::CaseRepeated { flows, .. },
        ) = record.event
        {
            all.extend(flows);
        }
    }
    all
}

/// What ended accounts had left, too little to be kept: it goes to the treasury.
fn dust() -> BTreeMap<AccountId, Balance> {
    let mut all = BTreeMap::new();
    for record in System::events() {
        if let RuntimeEvent::Balances(pallet_balances::Event::DustLost { account, amount }) =
            record.event
        {
            *all.entry(account).or_default() += amount;
        }
    }
    all
}

/// A chain on which every flow leaves an alert, and there is something to claim.
fn stage() -> sp_io::TestExternalities {
    let mut ext = chain();
    ext.execute_with(|| {
        for id in ASSETS {
            let owner = signed(Eve);
            let compact = codec::Compact(id);
            assert_ok!(Assets::create(
                owner.clone(),
                compact,
                account(Eve).into(),
                10
            ));
            for who in PEOPLE {
                assert_ok!(Assets::mint(
                    owner.clone(),
                    compact,
                    account(who).into(),
                    1_000
                ));
            }
        }
        for who in PEOPLE {
            assert_ok!(Assets::approve_transfer(
                signed(who),
                codec::Compact(1),
                account(Bob).into(),
                500
            ));
            for other in PEOPLE {
                if who != other {
                    assert_ok!(Proxy::add_proxy(
                        signed(who),
                        account(other).into(),
                        configs::ProxyType::Any,
                        0
                    ));
                }
            }
            pallet_validators::Credits::<Runtime>::insert(account(who), PLUME);
        }
        pallet_validators::Owed::<Runtime>::put(5 * PLUME);
        for (id, who) in (0..).zip(PEOPLE) {
            pallet_release::Allocations::<Runtime>::insert(
                id,
                pallet_release::Allocation {
                    bucket: Bucket::Community,
                    beneficiary: account(who),
                    total: PLUME,
                    claimed: 0,
                    cliff_seconds: 0,
                    duration_seconds: 0,
                },
            );
            assert_ok!(Treasury::spend(
                RuntimeOrigin::root(),
                Box::new(()),
                PLUME,
                Box::new(account(who)),
                None
            ));
        }
        for pot in [pots::validator_rewards(), pots::release()] {
            <Balances as frame_support::traits::fungible::Mutate<AccountId>>::set_balance(
                &pot,
                1_000 * PLUME,
            );
        }
        pallet_sudo::Key::<Runtime>::put(account(Alice));
        enact([
            (without_credential(Side::From), Verdict::Alert),
            (without_credential(Side::To), Verdict::Alert),
        ]);
    });
    ext
}

fn person() -> impl Strategy<Value = Sr25519Keyring> {
    proptest::sample::select(&PEOPLE[..])
}

fn target() -> impl Strategy<Value = AccountId> {
    prop_oneof![
        4 => person().prop_map(account),
        1 => (person(), 0..2u16)
            .prop_map(|(who, index)| pallet_utility::derivative_account_id(account(who), index)),
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

fn leaf() -> impl Strategy<Value = RuntimeCall> {
    let id = || proptest::sample::select(&ASSETS[..]).prop_map(codec::Compact);
    prop_oneof![
        (target(), amount()).prop_map(|(to, value)| transfer(to, value)),
        (target(), amount()).prop_map(|(to, value)| pallet_balances::Call::transfer_keep_alive {
            dest: to.into(),
            value
        }
        .into()),
        (target(), any::<bool>()).prop_map(|(to, keep_alive)| {
            pallet_balances::Call::transfer_all {
                dest: to.into(),
                keep_alive,
            }
            .into()
        }),
        (target(), target(), amount()).prop_map(|(from, to, value)| {
            pallet_balances::Call::force_transfer {
                source: from.into(),
                dest: to.into(),
                value,
            }
            .into()
        }),
        (person(), PLUME..PURSE).prop_map(|(who, new_free)| {
            pallet_balances::Call::force_set_balance {
                who: account(who).into(),
                new_free,
            }
            .into()
        }),
        (id(), target(), 0..2_000u128).prop_map(|(id, to, amount)| pallet_assets::Call::mint {
            id,
            beneficiary: to.into(),
            amount
        }
        .into()),
        (id(), target(), 0..2_000u128).prop_map(|(id, who, amount)| pallet_assets::Call::burn {
            id,
            who: who.into(),
            amount
        }
        .into()),
        (id(), target(), 0..2_000u128).prop_map(|(id, to, amount)| {
            pallet_assets::Call::transfer {
                id,
                target: to.into(),
                amount,
            }
            .into()
        }),
        (id(), target(), target(), 0..2_000u128).prop_map(|(id, from, to, amount)| {
            pallet_assets::Call::force_transfer {
                id,
                source: from.into(),
                dest: to.into(),
                amount,
            }
            .into()
        }),
        (id(), target(), target(), 0..2_000u128).prop_map(|(id, from, to, amount)| {
            pallet_assets::Call::transfer_approved {
                id,
                owner: from.into(),
                destination: to.into(),
                amount,
            }
            .into()
        }),
        (id(), target(), any::<bool>()).prop_map(|(id, to, keep_alive)| {
            pallet_assets::Call::transfer_all {
                id,
                dest: to.into(),
                keep_alive,
            }
            .into()
        }),
        (id(), any::<bool>()).prop_map(|(id, allow_burn)| pallet_assets::Call::refund {
            id,
            allow_burn
        }
        .into()),
        (id(), target()).prop_map(|(id, to)| {
            pallet_assets::Call::transfer_ownership {
                id,
                owner: to.into(),
            }
            .into()
        }),
        person().prop_map(|who| pallet_validators::Call::claim {
            validator: account(who)
        }
        .into()),
        (0..6u32).prop_map(|id| pallet_release::Call::claim { id }.into()),
        (0..6u32).prop_map(|index| pallet_treasury::Call::payout { index }.into()),
        (0..500u128).prop_map(|plume| pallet_stake::Call::stake {
            amount: plume * PLUME
        }
        .into()),
    ]
}

fn tree() -> impl Strategy<Value = RuntimeCall> {
    let boxed = |call: RuntimeCall| Box::new(ScreenedCall::from(call));
    leaf().prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..4).prop_map(batch),
            2 => prop::collection::vec(inner.clone(), 1..4).prop_map(batch_all),
            1 => prop::collection::vec(inner.clone(), 1..4).prop_map(|calls| {
                pallet_utility::Call::force_batch {
                    calls: calls.into_iter().map(Into::into).collect(),
                }
                .into()
            }),
            1 => (0..2u16, inner.clone()).prop_map(|(index, call)| as_derivative(index, call)),
            1 => (inner.clone(), inner.clone()).prop_map(move |(main, fallback)| {
                pallet_utility::Call::if_else {
                    main: boxed(main),
                    fallback: boxed(fallback),
                }
                .into()
            }),
            2 => (person(), inner.clone()).prop_map(move |(real, call)| {
                pallet_proxy::Call::proxy {
                    real: account(real).into(),
                    force_proxy_type: None,
                    call: boxed(call),
                }
                .into()
            }),
            1 => (person(), inner.clone()).prop_map(move |(other, call)| {
                pallet_multisig::Call::as_multi_threshold_1 {
                    other_signatories: vec![account(other)],
                    call: boxed(call),
                }
                .into()
            }),
            1 => inner.clone().prop_map(move |call| {
                pallet_sudo::Call::sudo { call: boxed(call) }.into()
            }),
            1 => (person(), inner.clone()).prop_map(move |(who, call)| {
                let as_one: RuntimeCall = pallet_utility::Call::dispatch_as {
                    as_origin: Box::new(frame_system::RawOrigin::Signed(account(who)).into()),
                    call: boxed(call),
                }
                .into();
                pallet_sudo::Call::sudo { call: boxed(as_one) }.into()
            }),
            1 => (person(), inner).prop_map(move |(who, call)| {
                pallet_sudo::Call::sudo_as {
                    who: account(who).into(),
                    call: boxed(call),
                }
                .into()
            }),
        ]
    })
}

/// Checks that flows between two accounts, or within one, add up to at least every change.
fn ensure_covered(
    before: &BTreeMap<(Asset, AccountId), Balance>,
    after: &BTreeMap<(Asset, AccountId), Balance>,
    flows: &[Flow<AccountId>],
    dust: &BTreeMap<AccountId, Balance>,
) -> Result<(), TestCaseError> {
    let sum = |asset: Asset, is: &dyn Fn(&Flow<AccountId>) -> bool| {
        flows
            .iter()
            .filter(|flow| flow.asset == asset && is(flow))
            .fold(0, |sum: Balance, flow| sum.saturating_add(flow.amount))
    };
    for ((asset, who), had) in before {
        let has = after[&(*asset, who.clone())];
        let is_native = *asset == Asset::Native;
        if has > *had {
            let came = sum(*asset, &|flow| flow.to == *who);
            let allowance = if is_native && *who == pots::treasury() {
                dust.values().sum()
            } else {
                0
            };
            prop_assert!(
                has - had <= came.saturating_add(allowance),
                "{who} has {} more of {asset:?}, and only {came} was screened",
                has - had
            );
        }
        if has < *had {
            let went = sum(*asset, &|flow| flow.from == *who);
            let allowance = match dust.get(who) {
                Some(lost) if is_native => *lost,
                _ => 0,
            };
            prop_assert!(
                had - has <= went.saturating_add(allowance),
                "{who} has {} less of {asset:?}, and only {went} was screened",
                had - has
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn screened_flows_cover_every_change_of_a_balance(
        sent in prop::collection::vec((person(), tree()), 1..6)
    ) {
        stage().execute_with(|| {
            for (signer, call) in sent {
                System::reset_events();
                let before = all_balances();
                let result = send(signer, call.clone());
                let after = all_balances();
                if result.is_err() {
                    prop_assert_eq!(&before, &after, "a transaction without effect moved something");
                }
                ensure_covered(&before, &after, &screened(), &dust())
                    .map_err(|failed| TestCaseError::fail(format!("{failed}: {call:?}")))?;
            }
            Ok(())
        })?;
    }
}

#[test]
fn random_trees_do_move_something() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut moved = 0;
    for _ in 0..64 {
        let call = tree().new_tree(&mut runner).expect("it is drawn").current();
        stage().execute_with(|| {
            let before = all_balances();
            let _ = send(Alice, call);
            moved += usize::from(before != all_balances());
        });
    }
    assert!(moved >= 16, "only {moved} of 64 trees moved anything");
}
