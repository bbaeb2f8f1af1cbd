//! One test for each way around the screening that somebody might try.

use crate::{common::*, stage::*};
use codec::{Decode, Encode};
use frame_support::{MAX_EXTRINSIC_DEPTH, assert_ok, traits::fungible::Mutate};
use plume_primitives::{
    allocations::Bucket,
    compliance::{Reason, Verdict},
    pots,
    units::PLUME,
};
use plume_runtime::*;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Eve, Ferdie};
use sp_runtime::traits::{BlockNumberProvider, Dispatchable};

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
