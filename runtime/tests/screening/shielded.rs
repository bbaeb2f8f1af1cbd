//! What the shielded pool's calls move, and what they pay.

use crate::{
    common::*,
    freezes::{known, with_supervisor},
    stage::*,
};
use codec::Encode;
use frame_support::{assert_ok, dispatch::GetDispatchInfo, traits::fungible::Inspect};
use pallet_compliance::{Marks, Party, Rule, Side};
use pallet_shielded_pool::{Amount, Body, PLUME_UNIT, PROOF_LENGTH, ProofBytes, Transfer};
use plume_primitives::{
    compliance::{Asset, Flow, FlowKind, Reason, Screen, Verdict},
    pots,
    units::PLUME,
};
use plume_runtime::{
    screening::{Actor, flows},
    *,
};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Eve};
use sp_runtime::traits::BlockNumberProvider;

/// Some transfer, whose proof nobody looks at here.
fn transfer(public_in: Option<Amount>, public_out: Option<Amount>) -> Box<Transfer> {
    Box::new(Transfer {
        body: Body {
            circuit: 1,
            note_root: Default::default(),
            credential_root: Default::default(),
            nullifiers: Default::default(),
            commitments: Default::default(),
            counter_nullifier: Default::default(),
            counter_commitment: Default::default(),
            public_in,
            public_out,
            time: 0,
            ephemeral: Default::default(),
            flow: Default::default(),
            identities: Default::default(),
            notes: Default::default(),
        },
        proof: ProofBytes([0; PROOF_LENGTH]),
    })
}

fn plume(value: u64) -> Amount {
    Amount {
        asset: Asset::Native,
        value,
    }
}

const ONE_PLUME: u64 = (PLUME / PLUME_UNIT) as u64;

#[test]
fn a_deposit_is_a_flow_to_the_pool_and_a_withdrawal_one_from_it() {
    chain().execute_with(|| {
        let deposit = RuntimeCall::ShieldedPool(pallet_shielded_pool::Call::deposit {
            transfer: transfer(Some(plume(ONE_PLUME)), None),
        });
        let alice = Actor::Account(account(Alice));
        assert_eq!(
            flows(&deposit, &alice),
            [Flow {
                from: account(Alice),
                to: pots::shielded_pool(),
                asset: Asset::Native,
                amount: PLUME,
                kind: FlowKind::Shield,
            }]
        );
        // Nobody but an account deposits.
        assert!(flows(&deposit, &Actor::Other).is_empty());

        // What is paid out counts, and not the fee that leaves with it; whoever carries the call.
        let withdrawal = RuntimeCall::ShieldedPool(pallet_shielded_pool::Call::withdraw {
            transfer: transfer(None, Some(plume(ONE_PLUME + 5))),
            fee: None,
            to: account(Bob),
            amount: ONE_PLUME,
        });
        for actor in [Actor::Other, alice] {
            assert_eq!(
                flows(&withdrawal, &actor),
                [Flow {
                    from: pots::shielded_pool(),
                    to: account(Bob),
                    asset: Asset::Native,
                    amount: PLUME,
                    kind: FlowKind::Unshield,
                }]
            );
        }
    });
}

fn deposit(amount: Amount) -> RuntimeCall {
    RuntimeCall::ShieldedPool(pallet_shielded_pool::Call::deposit {
        transfer: transfer(Some(amount), None),
    })
}

fn withdrawal(amount: Amount, to: AccountId) -> RuntimeCall {
    RuntimeCall::ShieldedPool(pallet_shielded_pool::Call::withdraw {
        transfer: transfer(None, Some(amount)),
        fee: None,
        to,
        amount: amount.value,
    })
}

/// Judges a call out of the pool, which no account signs.
fn judged(call: &RuntimeCall) -> Result<(), Refusal> {
    let ruling = Compliance::judge(flows(call, &Actor::Other)).ruling();
    match (ruling.verdict, ruling.reason) {
        (Verdict::Deny, Some(reason)) => denied(reason),
        (verdict, _) => {
            assert_eq!(verdict, Verdict::Allow);
            Ok(())
        }
    }
}

/// What a hold took at the pool would be taken from all who are in it, and the note would be there all the same.
#[test]
fn neither_plume_nor_another_asset_is_held_on_its_way_into_the_pool_or_out_of_it() {
    chain().execute_with(|| {
        let id = codec::Compact(1);
        assert_ok!(Assets::create(signed(Eve), id, account(Eve).into(), 1));
        assert_ok!(Assets::mint(signed(Eve), id, account(Eve).into(), 1_000));
        let pool = pots::shielded_pool();
        assert_ok!(Assets::mint(signed(Eve), id, pool.clone().into(), 1));
        assert_ok!(ShieldedPool::register_asset(RuntimeOrigin::root(), 1, 1));
        enact([
            (everything(), Verdict::Hold),
            (without_credential(Side::To), Verdict::Hold),
        ]);
        let share = Amount {
            asset: Asset::Other(1),
            value: 10,
        };
        for amount in [plume(ONE_PLUME), share] {
            let before = Balances::total_balance(&pool);
            assert_eq!(send(Eve, deposit(amount)), denied(Reason::CannotBeHeld));
            assert_eq!(
                judged(&withdrawal(amount, account(Eve))),
                denied(Reason::CannotBeHeld)
            );
            assert_eq!(Balances::total_balance(&pool), before);
            assert_eq!(under_review(&pool), 0);
        }
    });
}

/// One depositor's list entry, or its tainted money, is no fault of those who withdraw.
#[test]
fn who_is_on_a_list_gets_nothing_out_of_the_pool_and_others_do() {
    chain().execute_with(|| {
        price_plume();
        enact([
            (Rule::Sanctions, Verdict::Deny),
            (Rule::Exposure { at_least: 1 }, Verdict::Deny),
            (Rule::TravelRule { at_least: 1 }, Verdict::Deny),
        ]);
        put_on_a_list(account(Bob));
        flag(account(Eve));
        assert_eq!(
            send(Bob, deposit(plume(ONE_PLUME))),
            denied(Reason::SenderSanctioned)
        );
        assert_eq!(
            send(Eve, deposit(plume(ONE_PLUME))),
            denied(Reason::Exposed)
        );
        let out = |to| judged(&withdrawal(plume(ONE_PLUME), account(to)));
        assert_eq!(out(Bob), denied(Reason::RecipientSanctioned));
        assert_eq!(out(Alice), Ok(()));
    });
}

#[test]
fn a_subject_on_a_list_can_prove_no_membership_after_the_delay() {
    let mut chain = with_supervisor();
    chain.execute_with(|| {
        let (subject, other) = (known(Bob), known(Eve));
        let before = pallet_credentials::Root::<Runtime>::get();
        assert!(Credentials::membership(&subject).is_some());
        let post = |sanctioned| {
            let screener = account(SCREENER);
            let _ = Compliance::admit_screener(RuntimeOrigin::root(), screener.clone());
            let marks = Marks {
                sanctioned,
                flagged: false,
            };
            Compliance::mark(
                RuntimeOrigin::signed(screener),
                vec![(Party::Subject(subject), marks)]
                    .try_into()
                    .expect("one"),
            )
        };
        block(20);
        assert_ok!(post(true));
        assert!(Credentials::membership(&subject).is_none());
        assert!(Credentials::membership(&other).is_some());
        let acceptable = |at| {
            <Credentials as plume_primitives::credentials::CredentialRoots>::is_acceptable_root(
                before.as_bytes(),
                at,
            )
        };
        let now = Clock::current_block_number();
        assert!(acceptable(now), "proofs on their way are not broken");
        assert!(!acceptable(now + 61));
        assert_ok!(post(false));
        assert!(Credentials::membership(&subject).is_some());
    });
}

#[test]
fn what_changes_hands_inside_is_no_flow_that_can_be_seen() {
    chain().execute_with(|| {
        let fee = || transfer(None, Some(plume(5)));
        for call in [
            pallet_shielded_pool::Call::transfer { transfer: fee() },
            pallet_shielded_pool::Call::bundle {
                transfers: vec![*fee()].try_into().unwrap(),
            },
        ] {
            assert!(flows(&RuntimeCall::ShieldedPool(call), &Actor::Other).is_empty());
        }
    });
}

#[test]
fn a_transaction_out_of_the_pool_pays_what_a_signed_one_would() {
    chain().execute_with(|| {
        let call = pallet_shielded_pool::Call::<Runtime>::transfer {
            transfer: transfer(None, Some(plume(5))),
        };
        let units = ShieldedPool::least_fee(&call).expect("it is less than all there is");
        let paid = Balance::from(units) * PLUME_UNIT;

        let call = RuntimeCall::from(call);
        let signed = extension(0);
        let mut info = call.get_dispatch_info();
        info.extension_weight = sp_runtime::traits::TransactionExtension::weight(&signed, &call);
        let length = u32::try_from(call.encoded_size()).unwrap();
        let least = TransactionPayment::compute_fee(length, &info, 0);
        let most = TransactionPayment::compute_fee(length + 64, &info, 0) + PLUME_UNIT;
        assert!(paid >= least && paid <= most, "{least} {paid} {most}");
        // The proof is the largest part of it.
        assert!(info.extension_weight.ref_time() > info.call_weight.ref_time());
    });
}
