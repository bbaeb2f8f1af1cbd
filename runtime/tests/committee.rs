//! What the technical committee can do, and what it cannot.

mod common;

use codec::Encode;
use common::*;
use frame_support::{BoundedVec, assert_err, assert_noop, assert_ok, traits::Contains};
use pallet_collective::RawOrigin as Committee;
use pallet_session::SessionManager;
use plume_primitives::units::PLUME;
use plume_runtime::{governance::origins::Origin, *};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie};
use sp_runtime::{
    DispatchError,
    traits::{BlakeTwo256, BlockNumberProvider, Hash as _},
};

fn name(pallet: &str, call: &str) -> pallet_tx_pause::RuntimeCallNameOf<Runtime> {
    let bytes = |text: &str| BoundedVec::try_from(text.as_bytes().to_vec()).expect("it is short");
    (bytes(pallet), bytes(call))
}

fn transfer() -> RuntimeCall {
    pallet_balances::Call::transfer_keep_alive {
        dest: Bob.to_account_id().into(),
        value: PLUME,
    }
    .into()
}

fn pause_transfers(duration: Seconds) -> RuntimeCall {
    pallet_brake::Call::pause {
        call: name("Balances", "transfer_keep_alive"),
        duration,
    }
    .into()
}

/// The members agree on a call, one after the other, and close the motion.
fn agree(members: &[Sr25519Keyring], call: RuntimeCall) -> Result<(), DispatchError> {
    let proposal_hash = BlakeTwo256::hash_of(&call);
    let index = pallet_collective::ProposalCount::<Runtime>::get();
    let [first, others @ ..] = members else {
        panic!("somebody has to propose")
    };
    let length_bound = call.encoded_size() as u32;
    dispatch(
        pallet_collective::Call::propose {
            threshold: members.len() as u32,
            proposal: Box::new(call.into()),
            length_bound,
        },
        signed(*first),
    )?;
    for member in [first].into_iter().chain(others) {
        dispatch(
            pallet_collective::Call::vote {
                proposal: proposal_hash,
                index,
                approve: true,
            },
            signed(*member),
        )?;
    }
    dispatch(
        pallet_collective::Call::close {
            proposal_hash,
            index,
            proposal_weight_bound: <Runtime as pallet_collective::Config>::MaxProposalWeight::get(),
            length_bound,
        },
        signed(*first),
    )?;
    System::events()
        .into_iter()
        .rev()
        .find_map(|record| match record.event {
            RuntimeEvent::TechnicalCommittee(pallet_collective::Event::Executed {
                result, ..
            }) => Some(result),
            _ => None,
        })
        .expect("the motion was executed")
}

#[test]
fn the_committee_is_whoever_is_admitted_as_a_validator() {
    let seats = || pallet_collective::Members::<Runtime>::get();
    let sorted = |keys: &[Sr25519Keyring]| {
        let mut accounts: Vec<_> = keys.iter().map(|key| key.to_account_id()).collect();
        accounts.sort();
        accounts
    };
    chain().execute_with(|| {
        assert_eq!(seats(), sorted(&VALIDATORS));
        assert_ok!(Validators::remove(
            RuntimeOrigin::root(),
            Dave.to_account_id()
        ));
        <Runtime as pallet_session::Config>::SessionManager::start_session(1);
        assert_eq!(seats(), sorted(&[Alice, Bob, Charlie]));
    });
}

#[test]
fn a_validator_that_is_removed_takes_its_votes_with_it() {
    chain().execute_with(|| {
        let motion = pause_transfers(60);
        let hash = BlakeTwo256::hash_of(&motion);
        let propose = pallet_collective::Call::propose {
            threshold: 3,
            length_bound: motion.encoded_size() as u32,
            proposal: Box::new(motion.into()),
        };
        assert_ok!(dispatch(propose, signed(Dave)));
        let vote = pallet_collective::Call::vote {
            proposal: hash,
            index: 0,
            approve: true,
        };
        assert_ok!(dispatch(vote.clone(), signed(Dave)));
        assert_ok!(Validators::remove(
            RuntimeOrigin::root(),
            Dave.to_account_id()
        ));
        <Runtime as pallet_session::Config>::SessionManager::start_session(1);
        assert_noop!(
            dispatch(vote, signed(Dave)),
            pallet_collective::Error::<Runtime>::NotMember
        );
    });
}

#[test]
fn a_pause_stops_a_call_however_it_is_wrapped_and_ends_by_itself() {
    chain().execute_with(|| {
        assert_ok!(agree(&[Alice, Bob, Charlie], pause_transfers(60)));
        let filtered = || frame_system::Error::<Runtime>::CallFiltered;
        assert_noop!(dispatch(transfer(), signed(Eve)), filtered());
        let batch = pallet_utility::Call::batch_all {
            calls: vec![transfer().into()],
        };
        assert_noop!(dispatch(batch, signed(Eve)), filtered());

        // Whoever votes votes, whoever else transfers by another call transfers.
        assert_ok!(stake(Eve, HOLDING / 2));
        let other = pallet_balances::Call::transfer_allow_death {
            dest: Bob.to_account_id().into(),
            value: PLUME,
        };
        assert_ok!(dispatch(other, signed(Eve)));

        let began = Clock::current_block_number();
        wait_until(62, || dispatch(transfer(), signed(Eve)).is_ok());
        assert!(Clock::current_block_number() - began >= 60);
        // Not again for a week.
        assert_err!(
            agree(&[Alice, Bob, Charlie], pause_transfers(60)),
            pallet_brake::Error::<Runtime>::AtRest
        );
    });
}

#[test]
fn less_than_two_thirds_pause_nothing() {
    chain().execute_with(|| {
        assert_err!(
            agree(&[Alice, Bob], pause_transfers(60)),
            DispatchError::BadOrigin
        );
        assert_ok!(dispatch(transfer(), signed(Eve)));
        assert_noop!(
            dispatch(pause_transfers(60), signed(Alice)),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn the_government_cannot_be_paused() {
    chain().execute_with(|| {
        for (pallet, call) in [
            ("ConvictionVoting", "vote"),
            ("Referenda", "submit"),
            ("Stake", "unstake"),
            ("Brake", "lift"),
            ("TxPause", "unpause"),
            ("Utility", "batch"),
            ("System", "apply_authorized_upgrade"),
        ] {
            let pause = pallet_brake::Call::pause {
                call: name(pallet, call),
                duration: 60,
            };
            assert_err!(
                agree(&VALIDATORS, pause.into()),
                pallet_brake::Error::<Runtime>::CannotBePaused
            );
        }
    });
}

#[test]
fn the_committee_cannot_move_anybodys_funds() {
    chain().execute_with(|| {
        let victim = Eve.to_account_id();
        let thief = Alice.to_account_id();
        let calls: Vec<RuntimeCall> = vec![
            pallet_balances::Call::force_transfer {
                source: victim.clone().into(),
                dest: thief.clone().into(),
                value: PLUME,
            }
            .into(),
            pallet_balances::Call::force_set_balance {
                who: victim.clone().into(),
                new_free: 0,
            }
            .into(),
            pallet_balances::Call::force_unreserve {
                who: victim.clone().into(),
                amount: 1,
            }
            .into(),
            pallet_treasury::Call::spend {
                asset_kind: Box::new(()),
                amount: 1,
                beneficiary: Box::new(thief.clone()),
                valid_from: None,
            }
            .into(),
            pallet_utility::Call::dispatch_as {
                as_origin: Box::new(OriginCaller::system(frame_system::RawOrigin::Signed(
                    victim.clone(),
                ))),
                call: Box::new(transfer().into()),
            }
            .into(),
            pallet_utility::Call::with_weight {
                call: Box::new(transfer().into()),
                weight: Default::default(),
            }
            .into(),
            pallet_scheduler::Call::schedule {
                when: 1_000,
                maybe_periodic: None,
                priority: 0,
                call: Box::new(transfer().into()),
            }
            .into(),
            frame_system::Call::set_code { code: vec![1] }.into(),
            frame_system::Call::set_storage { items: vec![] }.into(),
            frame_system::Call::authorize_upgrade {
                code_hash: Default::default(),
            }
            .into(),
            pallet_parameters::Call::set_parameter {
                key_value: configs::RuntimeParameters::FeeModel(
                    configs::dynamic_params::fee_model::Parameters::Shares(
                        configs::dynamic_params::fee_model::Shares,
                        None,
                    ),
                ),
            }
            .into(),
            pallet_validators::Call::remove {
                validator: Dave.to_account_id(),
            }
            .into(),
            pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage {
                call: Box::new(transfer().into()),
            }
            .into(),
            pallet_tx_pause::Call::pause {
                full_name: name("Balances", "transfer_all"),
            }
            .into(),
            pallet_referenda::Call::kill { index: 0 }.into(),
            pallet_referenda::Call::cancel { index: 0 }.into(),
            pallet_collective::Call::set_members {
                new_members: vec![],
                prime: None,
                old_count: 4,
            }
            .into(),
            transfer(),
        ];
        for call in calls {
            for origin in [Committee::Members(4, 4), Committee::Member(thief.clone())] {
                // What changes how much is issued is closed to everybody, whoever asks.
                let refusal = if configs::system::OpenCalls::contains(&call) {
                    DispatchError::BadOrigin
                } else {
                    frame_system::Error::<Runtime>::CallFiltered.into()
                };
                assert_noop!(dispatch(call.clone(), origin.into()), refusal);
            }
        }
    });
}

#[test]
fn an_emergency_takes_the_committee_and_a_vote() {
    chain().execute_with(|| {
        assert_ok!(stake(Eve, HOLDING / 2));
        let measure: RuntimeCall = pallet_tx_pause::Call::pause {
            full_name: name("Balances", "transfer_keep_alive"),
        }
        .into();
        let whitelist = pallet_whitelist::Call::whitelist_call {
            call_hash: BlakeTwo256::hash_of(&measure),
        };
        assert_ok!(agree(&[Alice, Bob, Charlie], whitelist.into()));
        assert_ok!(dispatch(transfer(), signed(Eve)));
        pass(
            OriginCaller::Origins(Origin::Emergency),
            pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage {
                call: Box::new(measure.into()),
            },
        );
        assert_ok!(enactment());
        assert_noop!(
            dispatch(transfer(), signed(Ferdie)),
            frame_system::Error::<Runtime>::CallFiltered
        );
    });
}

#[test]
fn an_emergency_that_the_committee_does_not_see_changes_nothing() {
    chain().execute_with(|| {
        assert_ok!(stake(Eve, HOLDING / 2));
        let measure: RuntimeCall = pallet_tx_pause::Call::pause {
            full_name: name("Balances", "transfer_keep_alive"),
        }
        .into();
        pass(
            OriginCaller::Origins(Origin::Emergency),
            pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage {
                call: Box::new(measure.clone().into()),
            },
        );
        assert_ok!(enactment());
        assert_ok!(dispatch(transfer(), signed(Eve)));
        // It waits for the committee; without it anybody's attempt is refused.
        let bring = pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage {
            call: Box::new(measure.into()),
        };
        assert!(dispatch(bring, signed(Eve)).is_err());
        assert_ok!(dispatch(transfer(), signed(Eve)));
    });
}
