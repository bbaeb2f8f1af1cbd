//! What the chain refuses of proofs of the transfer circuit: of another version of it, against an old root, for another
//! chain, with another's ciphertexts or points, and bad ones in good company.

use super::{
    proofs::{encoded, outside_g1, outside_g2, small_order},
    wallet::{
        Ceremony, Wallet, bundle_of_all, proven_for, proven_under, real_chain, spent_otherwise,
    },
};
use crate::{
    mock::{ShieldedPool, *},
    statement::Purpose,
    *,
};
use ark_bls12_381::{G1Affine, G2Affine};
use ark_ec::CurveGroup;
use ark_ed_on_bls12_381_bandersnatch::{EdwardsAffine, Fq as Coordinate};
use ark_ff::Zero;
use ark_serialize::CanonicalDeserialize;
use frame_support::{
    assert_noop, assert_ok, hypothetically, hypothetically_ok,
    pallet_prelude::{InvalidTransaction, TransactionValidityError},
};
use plume_circuits::transfer::BadPoint;

fn bad<V>() -> Result<V, TransactionValidityError> {
    Err(InvalidTransaction::BadProof.into())
}

/// Somebody else's transfer, whose proof does not matter.
fn settle_other(seed: u64) -> Body {
    let other = body(seed);
    assert_ok!(ShieldedPool::settle(vec![unproven(other.clone())]));
    other
}

#[test]
fn a_proof_of_one_version_of_the_circuit_is_bad_under_another_even_for_the_same_statement() {
    real_chain().execute_with(|| {
        let key = Ceremony::Second.registered();
        assert_ne!(key, Ceremony::First.registered());
        let key = key.try_into().expect("it is as long as a key");
        assert_ok!(ShieldedPool::register_circuit(root(), 2, key, now()));

        let wallet = Wallet::of(0);
        let deposit = |circuit, ceremony| {
            let purpose = Purpose::Deposit(&ANNA);
            let transfer = proven_under(circuit, ceremony, &purpose, &wallet.deposit());
            ShieldedPool::deposit(RuntimeOrigin::signed(ANNA), transfer)
        };
        for (circuit, ceremony) in [(1, Ceremony::Second), (2, Ceremony::First)] {
            assert_noop!(deposit(circuit, ceremony), Error::<Runtime>::BadProof);
        }
        // The very same statements, each by the key of its circuit.
        hypothetically_ok!(deposit(1, Ceremony::First));
        hypothetically_ok!(deposit(2, Ceremony::Second));
        // Nor does it help to say the other circuit beside a proof that is good.
        let purpose = Purpose::Deposit(&ANNA);
        let mut transfer = proven_for(&purpose, &wallet.deposit());
        transfer.body.circuit = 2;
        assert_noop!(
            ShieldedPool::deposit(RuntimeOrigin::signed(ANNA), transfer),
            Error::<Runtime>::BadProof
        );
    });
}

#[test]
fn a_proof_against_a_root_that_counts_no_longer_has_to_be_made_anew() {
    real_chain().execute_with(|| {
        let mut wallet = Wallet::shielded();
        let transfer = proven_for(&Purpose::Transfer, &wallet.payment(1_000));
        let call = Call::transfer {
            transfer: transfer.clone(),
        };
        for seed in 0..u64::from(MAX_ROOTS) {
            assert_ok!(validate(&call));
            let other = settle_other(500 + seed);
            next_block();
            wallet.pass(&other);
        }
        verified();
        let unknown = checks::refusal(Error::<Runtime>::UnknownRoot);
        assert_eq!(include(call), Err(unknown));
        assert_eq!(verified(), (0, 0), "and its proof was not looked at");

        // It is a proof for no other root, and the note is as good as ever.
        let mut renamed = transfer;
        renamed.body.note_root = ShieldedPool::newest_root().unwrap();
        assert_eq!(include(Call::transfer { transfer: renamed }), bad());
        let anew = proven_for(&Purpose::Transfer, &wallet.payment(1_000));
        assert_ok!(include(Call::transfer { transfer: anew }));
        next_block();
    });
}

#[test]
fn a_proof_for_the_pool_of_one_chain_is_bad_on_a_chain_of_another_genesis() {
    let (deposit, payment) = real_chain().execute_with(|| {
        let deposit = proven_for(&Purpose::Deposit(&ANNA), &Wallet::of(0).deposit());
        let wallet = Wallet::shielded();
        let payment = proven_for(&Purpose::Transfer, &wallet.payment(1_000));
        assert_ok!(validate(&Call::transfer {
            transfer: payment.clone()
        }));
        (deposit, payment)
    });
    let mut other = chain_with(&Ceremony::First.registered(), [1; 32]);
    other.execute_with(|| {
        set_credential_root(payment.body.credential_root);
        let anna = || RuntimeOrigin::signed(ANNA);
        assert_noop!(
            ShieldedPool::deposit(anna(), deposit.clone()),
            Error::<Runtime>::BadProof
        );
        // Even where the tree is the same, so that the root that the payment shows is known.
        hypothetically!({
            assert_ok!(ShieldedPool::enter(ANNA, *deposit.clone()));
            next_block();
            assert!(ShieldedPool::is_recent_root(&payment.body.note_root));
            let call = Call::transfer { transfer: payment };
            assert_eq!(include(call), bad());
        });
        // Proven for this pool it is good.
        Wallet::shielded();
    });
}

/// Of four transfers: proofs take seconds. `proofs` has bundles of 32, of a circuit that takes any inputs.
#[test]
fn one_bad_proof_spoils_a_bundle_of_good_ones_wherever_it_is() {
    real_chain().execute_with(|| {
        let transfers = bundle_of_all();
        assert_eq!(transfers.len(), 4);
        let with = |change: &dyn Fn(&mut Bundle)| {
            let mut changed = transfers.clone();
            change(&mut changed);
            Call::bundle { transfers: changed }
        };
        verified();
        for place in 0..4 {
            // A good proof of the same circuit, for the statement beside it.
            let next = transfers[(place + 1) % 4].proof.clone();
            assert_eq!(include(with(&|all| all[place].proof = next.clone())), bad());
        }
        assert_eq!(verified(), (4, 16), "four batches");
        let swapped = with(&|all| {
            let first = all[0].proof.clone();
            all[0].proof = all[3].proof.clone();
            all[3].proof = first;
        });
        assert_eq!(include(swapped), bad());
        // Each proof is for this bundle: none can be left out, and none stands alone.
        let fewer = with(&|all| {
            all.pop();
        });
        assert_eq!(include(fewer), bad());
        let alone = Call::transfer {
            transfer: Box::new(transfers[0].clone()),
        };
        assert_eq!(include(alone), bad());

        assert_ok!(include(with(&|_| ())));
        next_block();
    });
}

#[test]
fn ciphertexts_of_two_good_transfers_cannot_be_swapped() {
    type Part = (&'static str, fn(&mut Body, &mut Body));
    let parts: [Part; 6] = [
        ("both notes' ciphertexts", |one, two| {
            std::mem::swap(&mut one.notes, &mut two.notes);
        }),
        ("the payment's ciphertext", |one, two| {
            std::mem::swap(&mut one.notes[0], &mut two.notes[0]);
        }),
        ("the flow layer", |one, two| {
            std::mem::swap(&mut one.flow, &mut two.flow);
        }),
        ("the committee's layer", |one, two| {
            std::mem::swap(&mut one.identities, &mut two.identities);
        }),
        ("the ephemeral key", |one, two| {
            std::mem::swap(&mut one.ephemeral, &mut two.ephemeral);
        }),
        // Together they could be decrypted, and would tell of another transfer.
        ("all of them", |one, two| {
            std::mem::swap(&mut one.notes, &mut two.notes);
            std::mem::swap(&mut one.flow, &mut two.flow);
            std::mem::swap(&mut one.identities, &mut two.identities);
            std::mem::swap(&mut one.ephemeral, &mut two.ephemeral);
        }),
    ];
    real_chain().execute_with(|| {
        let plan = Wallet::shielded().payment(1_000);
        let one = proven_for(&Purpose::Transfer, &plan);
        let two = proven_for(&Purpose::Transfer, &spent_otherwise(plan, 5));
        for (what, swap) in parts {
            let (mut first, mut second) = (one.clone(), two.clone());
            swap(&mut first.body, &mut second.body);
            for (transfer, original) in [(first, &one), (second, &two)] {
                assert_ne!(transfer, *original, "{what}");
                assert_eq!(include(Call::transfer { transfer }), bad(), "{what}");
            }
        }
        // Nor the two ciphertexts of one transfer with each other.
        let mut transfer = one.clone();
        transfer.body.notes.swap(0, 1);
        assert_eq!(include(Call::transfer { transfer }), bad());
        for transfer in [one, two] {
            assert_ok!(validate(&Call::transfer { transfer }));
        }
    });
}

#[test]
fn a_good_proof_with_a_point_off_its_curve_or_moved_by_small_order_is_bad() {
    real_chain().execute_with(|| {
        let plan = Wallet::shielded().payment(1_000);
        let transfer = proven_for(&Purpose::Transfer, &plan);
        let bytes = transfer.proof.0.as_slice();
        let (a, b, c) = <(G1Affine, G2Affine, G1Affine)>::deserialize_uncompressed(bytes)
            .expect("they are three points");
        assert_eq!(encoded(a, b, c), transfer.proof);
        let moved = |point: G1Affine| (point + small_order()).into_affine();
        let off_g1 = G1Affine::new_unchecked(a.x, c.y);
        let off_g2 = G2Affine::new_unchecked(b.y, b.x);
        assert!(!off_g1.is_on_curve() && !off_g2.is_on_curve());
        for (what, proof) in [
            ("A off the curve", encoded(off_g1, b, c)),
            ("B off the curve", encoded(a, off_g2, c)),
            ("C off the curve", encoded(a, b, off_g1)),
            ("A of small order", encoded(small_order(), b, c)),
            ("C of small order", encoded(a, b, small_order())),
            ("A moved by small order", encoded(moved(a), b, c)),
            ("C moved by small order", encoded(a, b, moved(c))),
            ("A outside the subgroup", encoded(outside_g1(), b, c)),
            ("B outside the subgroup", encoded(a, outside_g2(), c)),
            ("C outside the subgroup", encoded(a, b, outside_g1())),
            ("A and C negated", encoded(-a, b, -c)),
        ] {
            let mut changed = transfer.clone();
            changed.proof = proof;
            assert_eq!(
                include(Call::transfer { transfer: changed }),
                bad(),
                "{what}"
            );
        }
        // The same of the one point that a transfer shows, which is none of the prover's choice.
        let shown = transfer.body.ephemeral;
        let key = shown.check().expect("it is a point of prime order");
        let order_two = EdwardsAffine::new_unchecked(0u64.into(), -Coordinate::from(1u64));
        assert!(order_two.is_on_curve() && (order_two + order_two).is_zero());
        let off_curve = Point {
            x: shown.y,
            y: shown.x,
        };
        assert_eq!(off_curve.check(), Err(BadPoint::NotOnCurve));
        for (what, ephemeral) in [
            ("off the curve", off_curve),
            ("of order two", order_two.into()),
            ("moved by order two", (key + order_two).into_affine().into()),
            ("neutral", EdwardsAffine::zero().into()),
            ("negated", (-key).into()),
            ("zeros", Point::default()),
        ] {
            let mut changed = transfer.clone();
            changed.body.ephemeral = ephemeral;
            assert_eq!(
                include(Call::transfer { transfer: changed }),
                bad(),
                "{what}"
            );
        }
        assert_ok!(include(Call::transfer { transfer }));
        next_block();
    });
}
