//! What a flood of bad proofs costs the node that refuses them.

use super::{
    proofs::{full_bundle, funded},
    wallet::{Wallet, proven_for, real_chain},
};
use crate::{mock::*, statement::Purpose, *};
use frame_support::{
    assert_ok, assert_storage_noop,
    pallet_prelude::{InvalidTransaction, TransactionValidityError},
};

/// Bad transactions of each kind.
const FLOOD: u32 = 50;

fn bad() -> Result<(), TransactionValidityError> {
    Err(InvalidTransaction::BadProof.into())
}

/// Refuses all of them for their proofs, prints what one costs, and says what the verifier was asked for.
fn refuse(what: &str, calls: &[Call<Runtime>]) -> (u32, u32) {
    verified();
    timed(what, calls.len(), || {
        for call in calls {
            assert_storage_noop!(assert_eq!(validate(call).map(|_| ()), bad()));
        }
    });
    verified()
}

/// Prints what each refusal costs by the clock, natively: `cargo test --release -p pallet-shielded-pool flood --
/// --nocapture`. In a runtime, points are read by WebAssembly; docs/developers/shielded-bench.md measures it there.
#[test]
fn a_flood_of_bad_proofs_is_refused_at_one_verification_each_and_leaves_nothing_behind() {
    real_chain().execute_with(|| {
        let other = proven_for(&Purpose::Deposit(&ANNA), &Wallet::of(0).deposit()).proof;
        let good = proven_for(&Purpose::Transfer, &Wallet::shielded().payment(1_000));
        // None of them costs its sender a proof: each says something else, beside one that was made once.
        let flood = |proof: &dyn Fn(u32) -> ProofBytes| -> Vec<Call<Runtime>> {
            let calls = (0..FLOOD).map(|number| {
                let mut transfer = good.clone();
                transfer.body.flow[0] = element(number.into(), "anything");
                transfer.proof = proof(number);
                Call::transfer { transfer }
            });
            calls.collect()
        };
        let own = flood(&|_| good.proof.clone());
        let copied = flood(&|_| other.clone());
        let noise = flood(&|number| {
            let mut proof = other.clone();
            proof.0[300] ^= u8::try_from(number).expect("it is small") | 1;
            proof
        });
        for (what, calls) in [
            ("a good proof of something else", copied),
            ("a good proof beside one changed word", own),
            ("a bad proof with a point off its curve", noise),
        ] {
            assert_eq!(refuse(what, &calls), (FLOOD, FLOOD));
        }
        timed("a proof that is good", 1, || {
            assert_ok!(validate(&Call::transfer { transfer: good }));
        });
    });
}

/// Of a circuit that takes any inputs: what a refusal costs depends on their number alone.
#[test]
fn a_flood_of_bundles_of_32_with_one_bad_proof_each_is_refused_at_one_batch_each() {
    funded(|| {
        let transfers = full_bundle();
        let calls: Vec<_> = [0, 13, 31]
            .into_iter()
            .map(|place| {
                let mut transfers = transfers.clone();
                transfers[place].proof = transfers[(place + 1) % 32].proof.clone();
                Call::bundle { transfers }
            })
            .collect();
        let what = "a bundle of 32 with one bad proof";
        assert_eq!(refuse(what, &calls), (3, 96));
        timed("a bundle of 32 that are good", 1, || {
            assert_ok!(validate(&Call::bundle { transfers }));
        });
    });
}

#[test]
fn what_can_be_refused_without_its_proof_is_refused_before_it_however_good_the_proof_is() {
    real_chain().execute_with(|| {
        let good = proven_for(&Purpose::Transfer, &Wallet::shielded().payment(1_000));
        let call = |change: &dyn Fn(&mut Body)| {
            let mut transfer = good.clone();
            change(&mut transfer.body);
            Call::transfer { transfer }
        };
        let custom = checks::refusal::<Runtime>;
        let cases: [(&str, Call<Runtime>, TransactionValidityError); 5] = [
            (
                "no fee",
                call(&|body| body.public_out = None),
                InvalidTransaction::Payment.into(),
            ),
            (
                "a moment to come",
                call(&|body| body.time += 1),
                InvalidTransaction::Future.into(),
            ),
            (
                "an unknown root",
                call(&|body| body.note_root = element(3, "no root")),
                custom(Error::UnknownRoot),
            ),
            (
                "an unknown root of credentials",
                call(&|body| body.credential_root = element(3, "no root")),
                custom(Error::UnknownCredentialRoot),
            ),
            (
                "an unknown circuit",
                call(&|body| body.circuit = 3),
                custom(Error::UnknownCircuit),
            ),
        ];
        verified();
        for (what, call, refusal) in cases {
            timed(what, 1, || {
                assert_eq!(validate(&call), Err(refusal), "{what}")
            });
        }
        let spent = call(&|_| ());
        assert_ok!(include(spent.clone()));
        assert_eq!(verified(), (1, 1), "the good one");
        timed("a note that is spent", 1, || {
            assert_eq!(validate(&spent), Err(InvalidTransaction::Stale.into()));
        });
        assert_eq!(verified(), (0, 0));
    });
}
