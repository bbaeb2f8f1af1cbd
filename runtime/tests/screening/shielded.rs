//! What the shielded pool's calls move, and what they pay.

use crate::common::*;
use codec::Encode;
use frame_support::dispatch::GetDispatchInfo;
use pallet_shielded_pool::{Amount, Body, PLUME_UNIT, PROOF_LENGTH, ProofBytes, Transfer};
use plume_primitives::{
    compliance::{Asset, Flow, FlowKind},
    pots,
    units::PLUME,
};
use plume_runtime::{
    screening::{Actor, flows},
    *,
};
use sp_keyring::Sr25519Keyring::{Alice, Bob};

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
                kind: FlowKind::Transfer,
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
                    kind: FlowKind::Transfer,
                }]
            );
        }
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
