//! Random trees of calls: the flows that were screened cover every change of every balance.

use crate::{common::*, draws::*, stage::*, world::*};
use frame_support::{
    dispatch::{GetDispatchInfo, RawOrigin},
    pallet_prelude::TransactionSource,
    traits::{Authorize, fungible::Inspect, fungibles},
    weights::Weight,
};
use pallet_shielded_pool::{Amount, PLUME_UNIT};
use plume_primitives::{
    compliance::{Asset, Flow, FlowKind},
    pots,
    units::PLUME,
};
use plume_runtime::{screening::ScreenFlows, *};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Eve};
use sp_runtime::{
    traits::{BlakeTwo256, BlockNumberProvider, DispatchTransaction, Hash as _},
    transaction_validity::InvalidTransaction,
};
use std::collections::{BTreeMap, BTreeSet};

type Holdings = BTreeMap<(Asset, AccountId), Balance>;

/// All that an account has of an asset, held and reserved too.
fn balance(asset: Asset, who: &AccountId) -> Balance {
    match asset {
        Asset::Native => Balances::total_balance(who),
        Asset::Other(id) => <Assets as fungibles::Inspect<AccountId>>::total_balance(id, who),
    }
}

/// What everybody has, whoever it is.
fn all_balances() -> Holdings {
    let everybody: Vec<_> = frame_system::Account::<Runtime>::iter_keys().collect();
    let assets = [Asset::Native].into_iter().chain(ASSETS.map(Asset::Other));
    assets
        .flat_map(|asset| everybody.iter().map(move |who| (asset, who.clone())))
        .map(|(asset, who)| ((asset, who.clone()), balance(asset, &who)))
        .collect()
}

/// What happened besides, and what was screened.
#[derive(Default)]
struct Seen {
    /// The flows that rules have spoken about, and one speaks about all.
    flows: Vec<Flow<AccountId>>,
    /// What ended accounts had left, too little to be kept: it goes to the treasury.
    dust: BTreeMap<AccountId, Balance>,
    /// What transactions out of the pool have paid.
    fees: Balance,
}

impl Seen {
    fn now() -> Self {
        let mut seen = Self::default();
        for record in System::events() {
            match record.event {
                RuntimeEvent::Compliance(
                    pallet_compliance::Event::CaseOpened { flows, .. }
                    | pallet_compliance::Event::CaseRepeated { flows, .. },
                ) => seen.flows.extend(flows),
                RuntimeEvent::Balances(pallet_balances::Event::DustLost { account, amount }) => {
                    *seen.dust.entry(account).or_default() += amount;
                }
                RuntimeEvent::ShieldedPool(pallet_shielded_pool::Event::FeePaid {
                    base_fee,
                    tip,
                }) => seen.fees += base_fee + tip,
                _ => {}
            }
        }
        seen
    }

    fn sum(&self, asset: Asset, is: impl Fn(&Flow<AccountId>) -> bool) -> Balance {
        self.flows
            .iter()
            .filter(|flow| flow.asset == asset && is(flow))
            .fold(0, |sum: Balance, flow| sum.saturating_add(flow.amount))
    }

    /// What comes to somebody besides flows.
    fn further_gain(&self, asset: Asset, who: &AccountId) -> Balance {
        if asset == Asset::Native && *who == pots::treasury() {
            self.dust.values().sum()
        } else {
            0
        }
    }

    /// What somebody loses besides flows.
    fn further_loss(&self, asset: Asset, who: &AccountId) -> Balance {
        if asset != Asset::Native {
            return 0;
        }
        let dust = self.dust.get(who).copied().unwrap_or(0);
        if *who == pots::shielded_pool() {
            dust + self.fees
        } else {
            dust
        }
    }

    /// Checks that flows to an account, or from it, add up to at least every change.
    fn covers(&self, before: &Holdings, after: &Holdings) -> Result<(), String> {
        let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
        for key in keys {
            let of = |balances: &Holdings| balances.get(key).copied().unwrap_or(0);
            let (had, has) = (of(before), of(after));
            let (asset, who) = key;
            if has > had {
                let came = self.sum(*asset, |flow| flow.to == *who);
                let covered = came.saturating_add(self.further_gain(*asset, who));
                if has - had > covered {
                    return Err(format!(
                        "{who} has {} more of {asset:?}, and only {came} was screened",
                        has - had
                    ));
                }
            }
            if has < had {
                let went = self.sum(*asset, |flow| flow.from == *who);
                let covered = went.saturating_add(self.further_loss(*asset, who));
                if had - has > covered {
                    return Err(format!(
                        "{who} has {} less of {asset:?}, and only {went} was screened",
                        had - has
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Does something, and checks that what was screened covers it. Returns whether something moved.
fn watched<R>(act: impl FnOnce() -> Result<R, Refusal>) -> Result<bool, String> {
    System::reset_events();
    let before = all_balances();
    let result = act();
    let after = all_balances();
    if result.is_err() && before != after {
        return Err("a transaction without effect moved something".into());
    }
    Seen::now().covers(&before, &after)?;
    Ok(before != after)
}

/// Sends what nobody signs, if its proof is good.
fn send_authorized(call: impl Into<RuntimeCall>) -> Result<(), Refusal> {
    let call = call.into();
    match call.authorize(TransactionSource::External) {
        Some(Ok(_)) => {}
        Some(Err(invalid)) => return Err(Refusal::Invalid(invalid)),
        None => panic!("this call is signed"),
    }
    let info = call.get_dispatch_info();
    let origin = RawOrigin::Authorized.into();
    match ScreenFlows.dispatch_transaction(origin, call, &info, 0, 0) {
        Err(invalid) => Err(Refusal::Invalid(invalid)),
        Ok(Err(failed)) => Err(Refusal::Failed(failed.error)),
        Ok(Ok(_)) => Ok(()),
    }
}

/// One PLUME in the pool's units: more than a withdrawal has to pay.
const ONE: u64 = (PLUME / PLUME_UNIT) as u64;

fn agreed(
    [one, other]: [Sr25519Keyring; 2],
    maybe_timepoint: Option<pallet_multisig::Timepoint<BlockNumber>>,
    call: &RuntimeCall,
) -> RuntimeCall {
    let signatory = if maybe_timepoint.is_none() {
        other
    } else {
        one
    };
    pallet_multisig::Call::as_multi {
        threshold: 2,
        other_signatories: vec![account(signatory)],
        maybe_timepoint,
        call: Box::new(call.clone().into()),
        max_weight: Weight::MAX,
    }
    .into()
}

impl Act {
    /// Does it, and lets three seconds pass, in which what is scheduled is executed. Returns whether something
    /// moved.
    fn watch(&self) -> Result<bool, String> {
        let mut moved = match self {
            Self::Sent(who, call) => watched(|| send(*who, call.clone()))?,
            Self::Agreed(both, call) => {
                let opened = Multisig::timepoint();
                let first = watched(|| send(both[0], agreed(*both, None, call)))?;
                first | watched(|| send(both[1], agreed(*both, Some(opened), call)))?
            }
            Self::Announced([delegate, real], call) => {
                let call = ScreenedCall::from(call.clone());
                let real: Address = account(*real).into();
                let announcement = pallet_proxy::Call::announce {
                    real: real.clone(),
                    call_hash: BlakeTwo256::hash_of(&call),
                };
                let execution = pallet_proxy::Call::proxy_announced {
                    delegate: account(*delegate).into(),
                    real,
                    force_proxy_type: None,
                    call: Box::new(call),
                };
                let first = watched(|| send(*delegate, announcement))?;
                first | watched(|| send(*delegate, execution))?
            }
            Self::Scheduled(who, call) => {
                let later = scheduled(*who, 0, false, call.clone());
                watched(|| send(Alice, later))?
            }
            Self::Withdrawn(seed, to, amount) => {
                let call = pool().withdrawal(*seed, to.clone(), *amount, ONE);
                watched(|| send_authorized(call))?
            }
        };
        for _ in 0..3 {
            moved |= watched(|| {
                block(1);
                Ok(())
            })?;
        }
        Ok(moved)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn screened_flows_cover_every_change_of_a_balance(
        acts in prop::collection::vec(act(), 1..6)
    ) {
        stage().execute_with(|| {
            for act in acts {
                act.watch().map_err(|failed| TestCaseError::fail(format!("{failed}: {act:?}")))?;
            }
            Ok::<_, TestCaseError>(())
        })?;
    }
}

fn drawn<T: core::fmt::Debug>(from: &impl Strategy<Value = T>, runner: &mut TestRunner) -> T {
    from.new_tree(runner).expect("it is drawn").current()
}

#[test]
fn random_trees_do_move_something() {
    let mut runner = TestRunner::deterministic();
    let mut moved = 0;
    for _ in 0..64 {
        let act = Act::Sent(Alice, drawn(&tree(), &mut runner));
        moved += usize::from(stage().execute_with(|| act.watch()) == Ok(true));
    }
    assert!(moved >= 16, "only {moved} of 64 trees moved anything");
}

#[test]
fn every_kind_of_leaf_moves_something_alone_and_in_a_later_block() {
    let mut runner = TestRunner::deterministic();
    let mut idle = Vec::new();
    for kind in moving() {
        for later in [false, true] {
            let moves = (0..128).any(|_| {
                let call = drawn(&kind.calls, &mut runner);
                let who = drawn(&person(), &mut runner);
                let act = if later {
                    Act::Scheduled(who, call)
                } else {
                    Act::Sent(who, call)
                };
                stage().execute_with(|| act.watch()).expect(kind.name)
            });
            if !moves {
                idle.push((kind.name, later));
            }
        }
    }
    assert_eq!(idle, []);
}

#[test]
fn every_way_to_act_moves_something() {
    let mut runner = TestRunner::deterministic();
    let sent = transfer(account(Eve), PLUME);
    let some = |asset, value| Amount { asset, value };
    let both = [Bob, Alice];
    for act in [
        Act::Sent(Bob, sent.clone()),
        Act::Agreed(both, sent.clone()),
        Act::Announced(both, sent.clone()),
        Act::Scheduled(Bob, sent),
        Act::Withdrawn(5, account(Eve), some(Asset::Native, ONE)),
        Act::Withdrawn(5, account(Eve), some(Asset::Other(1), 1)),
    ] {
        let moved = stage().execute_with(|| act.watch());
        assert_eq!(moved, Ok(true), "{act:?}");
    }
    // And when they are drawn, not much seldomer.
    let moved = (0..64)
        .filter(|_| {
            let act = drawn(&act(), &mut runner);
            stage().execute_with(|| act.watch()).expect("it is covered")
        })
        .count();
    assert!(moved >= 16, "only {moved} of 64 moved anything");
}

/// Executes something on a stack on which a call as deep as the decoder takes has room.
fn with_room(act: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(1 << 30)
            .spawn_scoped(scope, act)
            .expect("there is memory")
            .join()
            .expect("it does not panic");
    });
}

#[test]
fn what_is_nested_as_deep_as_the_decoder_allows_moves_no_more_than_is_screened() {
    with_room(|| {
        for mixed in [false, true] {
            stage().execute_with(|| {
                let all = nested(transfer(account(Eve), PLUME), mixed);
                let deepest = all.len() - 1;
                // What is decoded may be too deep to be executed; what can be is not much shallower.
                let moving = all
                    .into_iter()
                    .rposition(|call| watched(|| send(Bob, call)).expect("it is covered"))
                    .expect("a transfer moves something");
                assert!(moving > 50, "{moving} of {deepest}, mixed: {mixed}");
            });
        }
    });
}

#[test]
fn what_is_claimed_for_another_is_one_flow_from_its_pot_to_that_other_to_the_planck() {
    stage().execute_with(|| {
        let (bob, charlie) = (account(Bob), account(Charlie));
        let earned = Stake::earned(&bob);
        let released = pallet_release::Allocations::<Runtime>::get(7)
            .expect("it is Bob's, second by second")
            .due(Clock::current_block_number());
        assert!(earned > 0 && released > 0 && released < PLUME);
        let by_alice = |call: pallet_grants::Call<Runtime>| -> RuntimeCall {
            pallet_sudo::Call::sudo {
                call: Box::new(RuntimeCall::from(call).into()),
            }
            .into()
        };
        let payout = FlowKind::Payout;
        let governed = FlowKind::Governance;
        let claims: [(RuntimeCall, AccountId, &AccountId, Balance, FlowKind); 8] = [
            (
                pallet_stake::Call::claim { who: bob.clone() }.into(),
                pots::stake_rewards(),
                &bob,
                earned,
                payout,
            ),
            (
                pallet_validators::Call::claim {
                    validator: bob.clone(),
                }
                .into(),
                pots::validator_rewards(),
                &bob,
                PLUME,
                payout,
            ),
            (
                pallet_release::Call::claim { id: 1 }.into(),
                pots::release(),
                &bob,
                10 * PLUME,
                payout,
            ),
            (
                pallet_release::Call::claim { id: 7 }.into(),
                pots::release(),
                &bob,
                released,
                payout,
            ),
            (
                pallet_revenue_share::Call::claim { institution: 1 }.into(),
                pots::revenue_share(),
                &charlie,
                2 * PLUME,
                payout,
            ),
            (
                pallet_treasury::Call::payout { index: 1 }.into(),
                pots::treasury(),
                &bob,
                PLUME,
                governed,
            ),
            (
                by_alice(pallet_grants::Call::accept {
                    grant: 1,
                    milestone: 0,
                    deliverable: DELIVERABLE,
                }),
                pots::grants(),
                &charlie,
                PLUME,
                governed,
            ),
            (
                by_alice(pallet_grants::Call::approve { grant: 6 }),
                pots::treasury(),
                &pots::grants(),
                6 * PLUME,
                governed,
            ),
        ];
        for (claim, from, to, amount, kind) in claims {
            let has = |who: &AccountId| Balances::total_balance(who);
            let (had, pot_had) = (has(to), has(&from));
            let moved = watched(|| send(Alice, claim.clone()));
            assert_eq!(moved, Ok(true), "{claim:?}");
            assert_eq!((has(to), has(&from)), (had + amount, pot_had - amount));
            let flow = Flow {
                from,
                to: to.clone(),
                asset: Asset::Native,
                amount,
                kind,
            };
            assert_eq!(Seen::now().flows, [flow], "{claim:?}");
        }
    });
}

#[test]
fn a_deposit_and_a_withdrawal_are_each_covered_by_one_flow_to_the_planck_but_for_the_fee() {
    stage().execute_with(|| {
        let pot = pots::shielded_pool();
        for (asset, value) in [(Asset::Native, 3 * ONE), (Asset::Other(1), 70)] {
            let amount = Amount { asset, value };
            let smallest = ShieldedPool::in_smallest(amount).expect("it is in the pool");
            let flow = |from: &AccountId, to: &AccountId, kind| Flow {
                from: from.clone(),
                to: to.clone(),
                asset,
                amount: smallest,
                kind,
            };
            let (bob, alice) = (account(Bob), account(Alice));

            let had = balance(asset, &bob);
            let pooled = balance(asset, &pot);
            let deposit = pool().deposit(10 + value, &bob, amount);
            assert_eq!(watched(|| send(Bob, deposit)), Ok(true));
            assert_eq!(Seen::now().flows, [flow(&bob, &pot, FlowKind::Shield)]);
            assert_eq!(balance(asset, &bob), had - smallest);
            assert_eq!(balance(asset, &pot), pooled + smallest);

            let had = balance(asset, &alice);
            let plume = balance(Asset::Native, &pot);
            let withdrawal = pool().withdrawal(20 + value, alice.clone(), amount, ONE);
            assert_eq!(watched(|| send_authorized(withdrawal)), Ok(true));
            let seen = Seen::now();
            assert_eq!(seen.flows, [flow(&pot, &alice, FlowKind::Unshield)]);
            assert_eq!(seen.fees, PLUME);
            assert_eq!(balance(asset, &alice), had + smallest);
            let paid_out = if asset == Asset::Native { smallest } else { 0 };
            assert_eq!(balance(Asset::Native, &pot), plume - paid_out - PLUME);
            if asset != Asset::Native {
                assert_eq!(balance(asset, &pot), pooled);
            }
        }
    });
}

#[test]
fn a_proof_for_one_account_moves_nothing_for_another() {
    stage().execute_with(|| {
        let amount = Amount {
            asset: Asset::Native,
            value: ONE,
        };
        let deposit = pool().deposit(20, &account(Bob), amount);
        let bad_proof = pallet_shielded_pool::Error::<Runtime>::BadProof.into();
        assert_eq!(send(Eve, deposit.clone()), Err(Refusal::Failed(bad_proof)));
        assert_eq!(send(Bob, deposit), Ok(()));
        let mut withdrawal = pool().withdrawal(21, account(Bob), amount, ONE);
        if let pallet_shielded_pool::Call::withdraw { to, .. } = &mut withdrawal {
            *to = account(Eve);
        }
        assert_eq!(
            send_authorized(withdrawal),
            Err(Refusal::Invalid(InvalidTransaction::BadProof.into()))
        );
    });
}
