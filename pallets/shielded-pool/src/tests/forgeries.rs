//! What the chain refuses of proofs of the transfer circuit: of another ceremony, against an old root, for another chain,
//! and bad ones in good company.

use super::wallet::{Ceremony, Wallet, all_proven_for, proven_for, proven_under, real_chain};
use crate::{
    mock::{ShieldedPool, *},
    statement::Purpose,
    *,
};
use frame_support::{
    assert_noop, assert_ok, hypothetically, hypothetically_ok,
    pallet_prelude::{InvalidTransaction, TransactionValidityError},
};

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
fn a_proof_by_the_key_of_one_ceremony_is_bad_under_the_circuit_of_another() {
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

#[test]
fn one_bad_proof_spoils_a_bundle_of_good_ones_wherever_it_is() {
    real_chain().execute_with(|| {
        // One pays for all. The others have nothing, and move nothing: nobody sees that.
        let mut plans = vec![Wallet::shielded().payment(1_000)];
        plans.extend((1..4).map(|number| Wallet::of(number).plan(10 + number)));
        let transfers: Bundle = all_proven_for(&Purpose::Bundle, &plans, CIRCUIT, Ceremony::First)
            .try_into()
            .expect("they are four");
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
