//! One test for each way around the screening that somebody might try.

use crate::{common::*, stage::*};
use codec::{Decode, Encode};
use frame_support::{
    MAX_EXTRINSIC_DEPTH, assert_ok,
    traits::fungible::{Inspect, Mutate},
    weights::Weight,
};
use plume_primitives::{
    allocations::Bucket,
    compliance::{Reason, Verdict},
    pots,
    units::PLUME,
};
use plume_runtime::*;
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Eve, Ferdie};
use sp_runtime::{
    DispatchResult,
    traits::{BlakeTwo256, BlockNumberProvider, Dispatchable, Hash as _},
};

/// A chain on which Ferdie is on a list, and nobody may deal with whoever is.
fn with_a_list() -> sp_io::TestExternalities {
    let mut ext = chain();
    ext.execute_with(|| {
        enact(sanctions(Verdict::Deny));
        put_on_a_list(account(Ferdie));
    });
    ext
}

fn sudo(call: RuntimeCall) -> RuntimeCall {
    pallet_sudo::Key::<Runtime>::put(account(Alice));
    pallet_sudo::Call::sudo {
        call: Box::new(call.into()),
    }
    .into()
}

fn to_ferdie() -> RuntimeCall {
    transfer(account(Ferdie), PLUME)
}

/// What root moves from Eve to somebody.
fn forced_to(to: Sr25519Keyring) -> RuntimeCall {
    pallet_balances::Call::force_transfer {
        source: account(Eve).into(),
        dest: account(to).into(),
        value: PLUME,
    }
    .into()
}

/// Root schedules a call for the next second, once or again and again.
fn schedule(repeats: u32, call: RuntimeCall) {
    let later = pallet_scheduler::Call::schedule_after {
        after: 1,
        maybe_periodic: (repeats > 0).then_some((1, repeats)),
        priority: 0,
        call: Box::new(call.into()),
    };
    assert_eq!(send(Alice, sudo(later.into())), Ok(()));
}

/// What has come of what was scheduled, in the next so many blocks.
fn scheduled_results(blocks: u32) -> Vec<DispatchResult> {
    let mut results = Vec::new();
    for _ in 0..blocks {
        block(1);
        results.extend(System::events().into_iter().filter_map(|record| {
            let RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched { result, .. }) =
                record.event
            else {
                return None;
            };
            Some(result)
        }));
    }
    results
}

/// Whatever carried it has not failed; what it carried has, and has left Ferdie's balance as it was.
fn fails_inside(
    carrier: impl Into<RuntimeCall>,
    origin: RuntimeOrigin,
    result: impl Fn(&RuntimeEvent) -> Option<DispatchResult>,
) {
    let before = Balances::total_balance(&account(Ferdie));
    System::reset_events();
    assert_ok!(carrier.into().dispatch(origin));
    let results: Vec<_> = System::events()
        .iter()
        .filter_map(|record| result(&record.event))
        .collect();
    assert_eq!(results, [Err(denied_inside(Reason::RecipientSanctioned))]);
    assert_eq!(Balances::total_balance(&account(Ferdie)), before);
}

#[test]
fn a_denied_transfer_is_refused_with_its_reason_and_costs_nothing() {
    with_a_list().execute_with(|| {
        let before = Balances::free_balance(account(Eve));
        assert_eq!(send(Eve, to_ferdie()), denied(Reason::RecipientSanctioned));
        assert_eq!(
            send(Ferdie, transfer(account(Eve), PLUME)),
            denied(Reason::SenderSanctioned)
        );
        assert_eq!(send(Eve, transfer(account(Alice), PLUME)), Ok(()));
        assert_eq!(Balances::free_balance(account(Eve)), before - PLUME);
    });
}

#[test]
fn every_way_to_transfer_is_screened() {
    with_a_list().execute_with(|| {
        let ferdie = || account(Ferdie).into();
        let calls: [RuntimeCall; 3] = [
            pallet_balances::Call::transfer_keep_alive {
                dest: ferdie(),
                value: 1,
            }
            .into(),
            pallet_balances::Call::transfer_all {
                dest: ferdie(),
                keep_alive: true,
            }
            .into(),
            pallet_balances::Call::transfer_all {
                dest: ferdie(),
                keep_alive: false,
            }
            .into(),
        ];
        for call in calls {
            assert_eq!(
                send(Eve, call.clone()),
                denied(Reason::RecipientSanctioned),
                "{call:?}"
            );
        }
    });
}

#[test]
fn a_batch_of_batches_hides_nothing() {
    with_a_list().execute_with(|| {
        let hidden = batch([
            transfer(account(Alice), PLUME),
            batch_all([batch([transfer(account(Bob), PLUME), to_ferdie()])]),
        ]);
        let force: RuntimeCall = pallet_utility::Call::force_batch {
            calls: vec![hidden.clone().into()],
        }
        .into();
        let either: RuntimeCall = pallet_utility::Call::if_else {
            main: Box::new(transfer(account(Alice), PLUME).into()),
            fallback: Box::new(hidden.clone().into()),
        }
        .into();
        for call in [hidden, force, either] {
            assert_eq!(send(Eve, call), denied(Reason::RecipientSanctioned));
        }
    });
}

#[test]
fn a_part_that_no_pool_has_seen_fails_alone_when_it_is_executed() {
    with_a_list().execute_with(|| {
        // As a block would execute it whose author had skipped the pool's check.
        let call = batch([transfer(account(Alice), PLUME), to_ferdie()]);
        let before = Balances::free_balance(account(Ferdie));
        assert_ok!(call.dispatch(signed(Eve)));
        assert_eq!(Balances::free_balance(account(Ferdie)), before);
        assert!(has_event(|event| matches!(
            event,
            RuntimeEvent::Utility(pallet_utility::Event::BatchInterrupted { index: 1, error })
                if *error == denied_inside(Reason::RecipientSanctioned)
        )));
    });
}

#[test]
fn nested_as_deep_as_the_decoder_allows_hides_nothing() {
    /// A call within one more, of the kind whose turn it is.
    fn wrapped(turn: usize, call: RuntimeCall, mixed: bool) -> RuntimeCall {
        match turn % 4 {
            1 if mixed => batch_all([call]),
            2 if mixed => pallet_multisig::Call::as_multi_threshold_1 {
                other_signatories: vec![account(Bob)],
                call: Box::new(call.into()),
            }
            .into(),
            3 if mixed => as_derivative(0, call),
            _ => batch([call]),
        }
    }
    for mixed in [false, true] {
        with_a_list().execute_with(|| {
            let mut deepest = None;
            let mut depth = 0;
            // The outermost is a batch, and every account that acts inside has what it gives away.
            loop {
                let mut call = to_ferdie();
                for turn in (0..=depth).rev() {
                    call = wrapped(turn, call, mixed);
                }
                let bytes = call.encode();
                let decoded = codec::DecodeLimit::decode_with_depth_limit(
                    MAX_EXTRINSIC_DEPTH,
                    &mut &bytes[..],
                );
                match decoded {
                    Ok(decoded) => deepest = Some(decoded),
                    Err(_) => break,
                }
                depth += 1;
            }
            assert!(depth > 50, "it is nested at all");
            let deepest: RuntimeCall = deepest.expect("one fits");
            assert_eq!(send(Eve, deepest), denied(Reason::RecipientSanctioned));
        });
    }
}

#[test]
fn a_proxy_of_a_multisig_is_screened_as_the_multisig() {
    with_a_list().execute_with(|| {
        let mut signatories = [account(Alice), account(Bob)];
        signatories.sort();
        let together = Multisig::multi_account_id(&signatories, 2);
        Balances::set_balance(&together, 1_000 * PLUME);
        assert_ok!(Proxy::add_proxy(
            RuntimeOrigin::signed(together.clone()),
            account(Eve).into(),
            configs::ProxyType::Any,
            0
        ));
        let acting = |call: RuntimeCall| -> RuntimeCall {
            pallet_proxy::Call::proxy {
                real: together.clone().into(),
                force_proxy_type: None,
                call: Box::new(call.into()),
            }
            .into()
        };
        assert_eq!(
            send(Eve, acting(to_ferdie())),
            denied(Reason::RecipientSanctioned)
        );
        assert_eq!(send(Eve, acting(transfer(account(Charlie), PLUME))), Ok(()));
        // When the multisig itself is on a list, its proxy moves nothing of it.
        put_on_a_list(together.clone());
        assert_eq!(
            send(Eve, acting(transfer(account(Charlie), PLUME))),
            denied(Reason::SenderSanctioned)
        );
        // And so it is for its own signatories, first and last.
        let multi = |maybe_timepoint| -> RuntimeCall {
            pallet_multisig::Call::as_multi {
                threshold: 2,
                other_signatories: vec![account(Alice)],
                maybe_timepoint,
                call: Box::new(transfer(account(Charlie), PLUME).into()),
                max_weight: frame_support::weights::Weight::MAX,
            }
            .into()
        };
        assert_eq!(send(Bob, multi(None)), denied(Reason::SenderSanctioned));
    });
}

#[test]
fn a_multisig_of_one_and_a_derivative_are_screened_as_what_they_act_for() {
    with_a_list().execute_with(|| {
        let one: RuntimeCall = pallet_multisig::Call::as_multi_threshold_1 {
            other_signatories: vec![account(Alice)],
            call: Box::new(to_ferdie().into()),
        }
        .into();
        assert_eq!(send(Eve, one), denied(Reason::RecipientSanctioned));

        let derivative = pallet_utility::derivative_account_id(account(Eve), 7);
        Balances::set_balance(&derivative, 10 * PLUME);
        put_on_a_list(derivative);
        assert_eq!(
            send(Eve, as_derivative(7, transfer(account(Alice), PLUME))),
            denied(Reason::SenderSanctioned)
        );
        assert_eq!(
            send(Eve, as_derivative(8, to_ferdie())),
            denied(Reason::RecipientSanctioned)
        );
    });
}

#[test]
fn a_scheduled_call_is_screened_when_it_is_executed() {
    with_a_list().execute_with(|| {
        let forced: RuntimeCall = pallet_balances::Call::force_transfer {
            source: account(Eve).into(),
            dest: account(Ferdie).into(),
            value: PLUME,
        }
        .into();
        let before = Balances::free_balance(account(Ferdie));
        let when = Clock::current_block_number() + 2;
        let schedule = sudo(
            pallet_scheduler::Call::schedule {
                when,
                maybe_periodic: None,
                priority: 0,
                call: Box::new(forced.into()),
            }
            .into(),
        );
        // Nothing moves yet, so nothing is denied yet.
        assert_eq!(send(Alice, schedule), Ok(()));
        let mut result = None;
        for _ in 0..4 {
            block(1);
            for record in System::events() {
                if let RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched {
                    result: said,
                    ..
                }) = record.event
                {
                    result = Some(said);
                }
            }
        }
        assert_eq!(
            result,
            Some(Err(denied_inside(Reason::RecipientSanctioned)))
        );
        assert_eq!(Balances::free_balance(account(Ferdie)), before);
    });
}

#[test]
fn a_scheduled_call_that_is_kept_by_its_hash_is_screened_when_it_is_executed() {
    with_a_list().execute_with(|| {
        let before = Balances::total_balance(&account(Bob));
        let long: Vec<_> = (0..4).map(|_| forced_to(Bob)).collect();
        let hidden = batch_all(long.into_iter().chain([forced_to(Ferdie)]));
        assert!(hidden.encoded_size() > 128, "an agenda would keep it whole");
        schedule(0, hidden);
        assert_eq!(
            scheduled_results(4),
            [Err(denied_inside(Reason::RecipientSanctioned))]
        );
        assert_eq!(Balances::total_balance(&account(Bob)), before);
    });
}

#[test]
fn a_scheduled_call_that_repeats_is_screened_each_time() {
    with_a_list().execute_with(|| {
        schedule(3, forced_to(Bob));
        let first = scheduled_results(3);
        assert!(!first.is_empty() && first.iter().all(Result::is_ok));
        let before = Balances::total_balance(&account(Bob));
        put_on_a_list(account(Bob));
        let then = scheduled_results(6);
        let refused = Err(denied_inside(Reason::RecipientSanctioned));
        assert!(!then.is_empty() && then.iter().all(|result| *result == refused));
        assert_eq!(first.len() + then.len(), 3);
        assert_eq!(Balances::total_balance(&account(Bob)), before);
    });
}

#[test]
fn the_last_signature_of_a_multisig_is_screened_after_one_that_was_by_hash() {
    with_a_list().execute_with(|| {
        let mut signatories = [account(Alice), account(Bob)];
        signatories.sort();
        let together = Multisig::multi_account_id(&signatories, 2);
        Balances::set_balance(&together, 1_000 * PLUME);
        let opened = Multisig::timepoint();
        let first = pallet_multisig::Call::approve_as_multi {
            threshold: 2,
            other_signatories: vec![account(Alice)],
            maybe_timepoint: None,
            call_hash: sp_io::hashing::blake2_256(&to_ferdie().encode()),
            max_weight: Weight::MAX,
        };
        // Nobody can tell what it is about.
        assert_eq!(send(Bob, first), Ok(()));
        let last: RuntimeCall = pallet_multisig::Call::as_multi {
            threshold: 2,
            other_signatories: vec![account(Bob)],
            maybe_timepoint: Some(opened),
            call: Box::new(to_ferdie().into()),
            max_weight: Weight::MAX,
        }
        .into();
        assert_eq!(
            send(Alice, last.clone()),
            denied(Reason::RecipientSanctioned)
        );
        fails_inside(last, signed(Alice), |event| match event {
            RuntimeEvent::Multisig(pallet_multisig::Event::MultisigExecuted { result, .. }) => {
                Some(*result)
            }
            _ => None,
        });
    });
}

#[test]
fn an_announced_call_is_screened_when_its_proxy_executes_it() {
    with_a_list().execute_with(|| {
        let eve: Address = account(Eve).into();
        let delay = 10;
        assert_ok!(Proxy::add_proxy(
            signed(Eve),
            account(Charlie).into(),
            configs::ProxyType::Any,
            delay
        ));
        let call = ScreenedCall::from(to_ferdie());
        let announcement = pallet_proxy::Call::announce {
            real: eve.clone(),
            call_hash: BlakeTwo256::hash_of(&call),
        };
        assert_eq!(send(Charlie, announcement), Ok(()));
        block(2 * delay);
        let execution: RuntimeCall = pallet_proxy::Call::proxy_announced {
            delegate: account(Charlie).into(),
            real: eve,
            force_proxy_type: None,
            call: Box::new(call),
        }
        .into();
        assert_eq!(
            send(Bob, execution.clone()),
            denied(Reason::RecipientSanctioned)
        );
        fails_inside(execution, signed(Bob), |event| match event {
            RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted { result }) => Some(*result),
            _ => None,
        });
    });
}

#[test]
fn a_whitelisted_call_is_screened_whole_and_by_its_hash() {
    with_a_list().execute_with(|| {
        let call = forced_to(Ferdie);
        let bytes = call.encode();
        let call_hash = BlakeTwo256::hash(&bytes);
        let length = u32::try_from(bytes.len()).expect("it is short");
        assert_ok!(Preimage::note_preimage(signed(Eve), bytes));
        assert_ok!(Whitelist::whitelist_call(RuntimeOrigin::root(), call_hash));
        let whole = pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage {
            call: Box::new(call.into()),
        };
        assert_eq!(
            send(Alice, sudo(whole.into())),
            denied(Reason::RecipientSanctioned)
        );
        // No pool sees this one.
        let by_hash = pallet_whitelist::Call::dispatch_whitelisted_call {
            call_hash,
            call_encoded_len: length,
            call_weight_witness: Weight::MAX,
        };
        fails_inside(by_hash, RuntimeOrigin::root(), |event| match event {
            RuntimeEvent::Whitelist(pallet_whitelist::Event::WhitelistedCallDispatched {
                result,
                ..
            }) => Some(result.map(|_| ()).map_err(|failed| failed.error)),
            _ => None,
        });
    });
}

#[test]
fn what_a_referendum_has_decided_is_screened_when_it_is_enacted() {
    chain().execute_with(|| {
        assert_ok!(stake(Eve, HOLDING / 2));
        pass(root(), forced_to(Ferdie));
        // The policy and the list are younger than the decision.
        enact(sanctions(Verdict::Deny));
        put_on_a_list(account(Ferdie));
        let before = Balances::total_balance(&account(Ferdie));
        assert_eq!(enactment(), Err(denied_inside(Reason::RecipientSanctioned)));
        assert_eq!(Balances::total_balance(&account(Ferdie)), before);
    });
}

#[test]
fn what_only_root_can_carry_a_call_with_hides_nothing() {
    with_a_list().execute_with(|| {
        let eve = || Box::new(frame_system::RawOrigin::Signed(account(Eve)).into());
        let as_eve = pallet_utility::Call::dispatch_as_fallible {
            as_origin: eve(),
            call: Box::new(to_ferdie().into()),
        };
        let weighed = pallet_utility::Call::with_weight {
            call: Box::new(forced_to(Ferdie).into()),
            weight: Weight::zero(),
        };
        let by_hand: RuntimeCall = pallet_sudo::Call::sudo_unchecked_weight {
            call: Box::new(forced_to(Ferdie).into()),
            weight: Weight::zero(),
        }
        .into();
        let for_eve: RuntimeCall = pallet_sudo::Call::sudo_as {
            who: account(Eve).into(),
            call: Box::new(to_ferdie().into()),
        }
        .into();
        for call in [sudo(as_eve.into()), sudo(weighed.into()), by_hand, for_eve] {
            assert_eq!(
                send(Alice, call.clone()),
                denied(Reason::RecipientSanctioned),
                "{call:?}"
            );
        }
    });
}

#[test]
fn root_by_one_key_is_screened_too() {
    with_a_list().execute_with(|| {
        let forced: RuntimeCall = pallet_balances::Call::force_transfer {
            source: account(Eve).into(),
            dest: account(Ferdie).into(),
            value: PLUME,
        }
        .into();
        assert_eq!(
            send(Alice, sudo(forced)),
            denied(Reason::RecipientSanctioned)
        );
        let minted: RuntimeCall = pallet_balances::Call::force_set_balance {
            who: account(Ferdie).into(),
            new_free: HOLDING + PLUME,
        }
        .into();
        assert_eq!(
            send(Alice, sudo(minted)),
            denied(Reason::RecipientSanctioned)
        );
        let as_eve: RuntimeCall = pallet_utility::Call::dispatch_as {
            as_origin: Box::new(frame_system::RawOrigin::Signed(account(Eve)).into()),
            call: Box::new(to_ferdie().into()),
        }
        .into();
        assert_eq!(
            send(Alice, sudo(as_eve)),
            denied(Reason::RecipientSanctioned)
        );
    });
}

#[test]
fn value_that_hops_through_fresh_accounts_of_its_owner_stays_exposed() {
    chain().execute_with(|| {
        price_plume();
        let exposed = pallet_compliance::Rule::Exposure { at_least: 1_000 };
        enact([(exposed, Verdict::Hold)]);
        flag(account(Eve));
        // What the flagged one pays is held at once.
        assert_eq!(send(Eve, transfer(fresh(1), 1_000 * PLUME)), Ok(()));
        assert!(under_review(&fresh(1)) > 0);
        // Through accounts of its own, the first of which takes too little to be held:
        let first = pallet_utility::derivative_account_id(account(Eve), 0);
        for _ in 0..4 {
            assert_eq!(send(Eve, transfer(first.clone(), 9 * PLUME)), Ok(()));
        }
        assert_eq!(under_review(&first), 0);
        assert_eq!(
            send(Eve, as_derivative(0, transfer(fresh(2), 30 * PLUME))),
            Ok(())
        );
        assert!(under_review(&fresh(2)) > 0, "it is still exposed");
    });
}

#[test]
fn dust_adds_up() {
    chain().execute_with(|| {
        price_plume();
        enact([(a_day(1_000), Verdict::Deny)]);
        // Ten PLUME are worth a thousand hundredths.
        for _ in 0..10 {
            assert_eq!(send(Eve, transfer(account(Alice), PLUME)), Ok(()));
        }
        assert_eq!(
            send(Eve, transfer(account(Bob), PLUME)),
            denied(Reason::SentTooMuch)
        );
        // In one transaction as in ten.
        let dust: Vec<_> = (0..11).map(|_| transfer(account(Alice), PLUME)).collect();
        assert_eq!(send(Ferdie, batch_all(dust)), denied(Reason::SentTooMuch));
        let fresh_ones = (1..=11).map(|number| transfer(fresh(number), PLUME));
        assert_eq!(send(Ferdie, batch(fresh_ones)), denied(Reason::SentTooMuch));
    });
}

#[test]
fn whoever_claims_for_somebody_on_a_list_gets_nothing_paid() {
    with_a_list().execute_with(|| {
        pallet_validators::Credits::<Runtime>::insert(account(Ferdie), PLUME);
        pallet_release::Allocations::<Runtime>::insert(
            9,
            pallet_release::Allocation {
                bucket: Bucket::Team,
                beneficiary: account(Ferdie),
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
            Box::new(account(Ferdie)),
            None
        ));
        let claims: [RuntimeCall; 3] = [
            pallet_validators::Call::claim {
                validator: account(Ferdie),
            }
            .into(),
            pallet_release::Call::claim { id: 9 }.into(),
            pallet_treasury::Call::payout { index: 0 }.into(),
        ];
        let before = Balances::free_balance(account(Ferdie));
        for claim in claims {
            // Anybody may ask, and so does Eve.
            assert_eq!(
                send(Eve, claim.clone()),
                denied(Reason::RecipientSanctioned),
                "{claim:?}"
            );
        }
        assert_eq!(Balances::free_balance(account(Ferdie)), before);
    });
}

#[test]
fn staking_rewards_of_somebody_on_a_list_stay_in_the_pot() {
    chain().execute_with(|| {
        assert_ok!(Stake::stake(signed(Ferdie), 100 * PLUME));
        pallet_stake::Stakers::<Runtime>::mutate(account(Ferdie), |record| {
            record.as_mut().expect("Ferdie stakes").earned = 5 * PLUME;
        });
        Balances::set_balance(&pots::stake_rewards(), 100 * PLUME);
        enact(sanctions(Verdict::Deny));
        put_on_a_list(account(Ferdie));
        let claim = pallet_stake::Call::claim {
            who: account(Ferdie),
        };
        assert_eq!(send(Eve, claim), denied(Reason::RecipientSanctioned));
        // And whoever is on a list has no further part in it.
        assert!(Stake::stake(signed(Ferdie), 100 * PLUME).is_err());
    });
}

#[test]
fn a_share_or_a_milestone_of_somebody_on_a_list_stays_in_its_pot_whoever_asks() {
    chain().execute_with(|| {
        let (deliverable, proposal) = (H256::repeat_byte(1), H256::repeat_byte(2));
        let plan = pallet_grants::Plan {
            amount: PLUME,
            within: 1_000,
        };
        assert_ok!(Grants::apply(
            signed(Eve),
            proposal,
            account(Ferdie),
            vec![plan].try_into().expect("one"),
        ));
        assert_ok!(Grants::approve(RuntimeOrigin::root(), 0));
        assert_ok!(Grants::deliver(signed(Eve), 0, 0, deliverable));
        assert_ok!(RevenueShare::register(
            RuntimeOrigin::root(),
            account(Eve),
            proposal
        ));
        // The institution is not on a list; whom it has paid is.
        assert_ok!(RevenueShare::set_payout(signed(Eve), 0, account(Ferdie)));
        let right = pallet_revenue_share::Right {
            period: 0,
            amount: PLUME,
        };
        pallet_revenue_share::Rights::<Runtime>::insert(
            0,
            frame_support::BoundedVec::truncate_from(vec![right]),
        );
        Balances::set_balance(&pots::revenue_share(), 10 * PLUME);

        enact(sanctions(Verdict::Deny));
        put_on_a_list(account(Ferdie));
        let before = Balances::total_balance(&account(Ferdie));
        let share = pallet_revenue_share::Call::claim { institution: 0 };
        for who in [Eve, Bob, Ferdie] {
            assert_eq!(
                send(who, share.clone()),
                denied(Reason::RecipientSanctioned)
            );
            let carried = batch([share.clone().into()]);
            assert_eq!(send(who, carried), denied(Reason::RecipientSanctioned));
        }
        let milestone = pallet_grants::Call::accept {
            grant: 0,
            milestone: 0,
            deliverable,
        };
        assert_eq!(
            send(Alice, sudo(milestone.into())),
            denied(Reason::RecipientSanctioned)
        );
        assert_eq!(Balances::total_balance(&account(Ferdie)), before);
    });
}

#[test]
fn an_asset_that_is_handed_over_takes_no_deposit_to_somebody_on_a_list() {
    with_a_list().execute_with(|| {
        let id = codec::Compact(1);
        assert_ok!(Assets::create(signed(Eve), id, account(Eve).into(), 1));
        let over = pallet_assets::Call::transfer_ownership {
            id,
            owner: account(Ferdie).into(),
        };
        assert_eq!(send(Eve, over), denied(Reason::RecipientSanctioned));
        let issued = pallet_assets::Call::mint {
            id,
            beneficiary: account(Ferdie).into(),
            amount: 10,
        };
        assert_eq!(send(Eve, issued), denied(Reason::RecipientSanctioned));
        assert_ok!(Assets::mint(signed(Eve), id, account(Alice).into(), 10));
        let forced = pallet_assets::Call::force_transfer {
            id,
            source: account(Alice).into(),
            dest: account(Ferdie).into(),
            amount: 5,
        };
        assert_eq!(send(Eve, forced), denied(Reason::RecipientSanctioned));
        assert_ok!(Assets::approve_transfer(
            signed(Alice),
            id,
            account(Bob).into(),
            10
        ));
        let approved = pallet_assets::Call::transfer_approved {
            id,
            owner: account(Alice).into(),
            destination: account(Ferdie).into(),
            amount: 5,
        };
        assert_eq!(send(Bob, approved), denied(Reason::RecipientSanctioned));
    });
}

#[test]
fn a_transfer_that_fails_leaves_no_trace_of_whom_it_named() {
    chain().execute_with(|| {
        enact([(everything(), Verdict::Alert)]);
        // Somebody who has little names Bob in a payment of a fortune.
        let poor = fresh(3);
        Balances::set_balance(&poor, PLUME);
        let fortune = transfer(account(Bob), 1_000_000 * PLUME);
        assert!(matches!(
            send_as(poor.clone(), fortune.clone()),
            Err(Refusal::Failed(_))
        ));
        assert_eq!(send_as(poor, batch([fortune])), Ok(()));
        assert_eq!(pallet_compliance::Cases::<Runtime>::iter().count(), 0);
        assert_eq!(pallet_compliance::Activities::<Runtime>::iter().count(), 0);
    });
}

#[test]
fn nobody_spends_from_the_treasury_past_the_policies() {
    chain().execute_with(|| {
        let local: RuntimeCall = pallet_treasury::Call::spend_local {
            amount: PLUME,
            beneficiary: account(Eve).into(),
        }
        .into();
        // Not even root, within whatever carries it.
        assert_eq!(send(Alice, sudo(local)), Ok(()));
        assert!(has_event(|event| matches!(
            event,
            RuntimeEvent::Sudo(pallet_sudo::Event::Sudid {
                sudo_result: Err(_)
            })
        )));
        assert_eq!(pallet_treasury::Approvals::<Runtime>::get().len(), 0);
    });
}

#[test]
fn what_is_carried_is_encoded_and_described_as_the_call_itself() {
    let call = to_ferdie();
    let carried = ScreenedCall::from(call.clone());
    assert_eq!(carried.encode(), call.encode());
    assert_eq!(ScreenedCall::decode(&mut &call.encode()[..]), Ok(carried));
    let (one, other) = (
        scale_info::meta_type::<ScreenedCall>(),
        scale_info::meta_type::<RuntimeCall>(),
    );
    assert_eq!(one, other);
}
