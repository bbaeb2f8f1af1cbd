//! What somebody may try. Each test is a claim.

use crate::{
    mock::{ShieldedPool, *},
    statement::Purpose,
    *,
};
use frame_support::{
    assert_noop, assert_ok, assert_storage_noop,
    pallet_prelude::{InvalidTransaction, TransactionValidityError},
};
use plume_circuits::FieldBytes;
use plume_primitives::compliance::Asset;

fn funded(test: impl FnOnce()) {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(100_000_000)));
        next_block();
        verified();
        test();
        next_block();
    });
}

fn stale<V>() -> Result<V, TransactionValidityError> {
    Err(InvalidTransaction::Stale.into())
}

fn bad_proof<V>() -> Result<V, TransactionValidityError> {
    Err(InvalidTransaction::BadProof.into())
}

fn refused<V>(error: Error<Runtime>) -> Result<V, TransactionValidityError> {
    Err(checks::refusal(error))
}

/// Another transaction that spends a note of this seed.
fn spending_again(seed: u64, other: u64) -> Call<Runtime> {
    let mut again = body_out(other, plume(FEE));
    again.nullifiers[1] = body(seed).nullifiers[0];
    transfer_of(again)
}

#[test]
fn a_note_spent_twice_in_one_block_is_refused_the_second_time() {
    funded(|| {
        assert_ok!(include(transfer(2)));
        assert_storage_noop!(assert_eq!(include(spending_again(2, 3)), stale()));
        assert_eq!(include(withdrawal(2, BERT, 5)), stale());
        assert_eq!(include(bundle(2..4)), stale());
        assert_noop!(deposit(ANNA, 2, plume(5)), Error::<Runtime>::Spent);
    });
}

#[test]
fn a_note_spent_twice_is_refused_in_every_later_block() {
    funded(|| {
        assert_ok!(include(transfer(2)));
        for _ in 0..MAX_ROOTS * 2 {
            next_block();
            assert_eq!(include(spending_again(2, 3)), stale());
        }
    });
}

#[test]
fn a_counter_spent_twice_is_refused() {
    funded(|| {
        assert_ok!(include(transfer(2)));
        let mut again = body_out(3, plume(FEE));
        again.counter_nullifier = body(2).counter_nullifier;
        assert_eq!(include(transfer_of(again)), stale());
    });
}

#[test]
fn a_note_that_one_fork_spent_can_be_spent_once_on_the_other() {
    // Two forks of one block: what the one has executed, the other has not seen.
    let prepared = || {
        let mut ext = chain();
        ext.execute_with(|| {
            assert_ok!(deposit(ANNA, 1, plume(100_000_000)));
            next_block();
        });
        ext
    };
    let (mut left, mut right) = (prepared(), prepared());
    let call = left.execute_with(|| {
        let call = transfer(2);
        assert_ok!(include(call.clone()));
        next_block();
        assert_eq!(include(call.clone()), stale());
        call
    });
    right.execute_with(|| {
        // The other fork goes its own way first, so its roots are others from there on.
        assert_ok!(include(transfer(50)));
        next_block();
        // A reorganisation brings the transaction into this fork: it is proven against a root of both.
        assert_ok!(include(call.clone()));
        assert_eq!(include(call.clone()), stale());
        next_block();
        assert_eq!(include(spending_again(2, 3)), stale());
    });
    // What was proven against a root of one fork alone is none in the other.
    let of_left = left.execute_with(|| transfer(60));
    right.execute_with(|| assert_eq!(include(of_left), refused(Error::UnknownRoot)));
}

#[test]
fn two_spends_of_one_note_meet_in_the_pool() {
    funded(|| {
        let one = validate(&transfer(2)).unwrap();
        let two = validate(&spending_again(2, 3)).unwrap();
        assert_eq!(one.provides.len(), NOTES);
        assert!(one.provides.iter().any(|tag| two.provides.contains(tag)));
        let apart = validate(&transfer(4)).unwrap();
        assert!(one.provides.iter().all(|tag| !apart.provides.contains(tag)));
        // In a bundle too.
        let bundled = validate(&bundle(2..5)).unwrap();
        assert_eq!(bundled.provides.len(), NOTES * 3);
        assert!(
            one.provides
                .iter()
                .all(|tag| bundled.provides.contains(tag))
        );
    });
}

#[test]
fn a_transaction_waits_for_a_bounded_time() {
    funded(|| {
        let validity = validate(&transfer(2)).unwrap();
        assert_eq!(validity.longevity, 64);
        assert!(validity.propagate && validity.requires.is_empty());
    });
}

#[test]
fn a_replayed_transaction_is_refused() {
    funded(|| {
        for call in [transfer(2), withdrawal(3, BERT, 5), bundle(4..6)] {
            assert_ok!(include(call.clone()));
            assert_eq!(include(call.clone()), stale());
            next_block();
            assert_eq!(include(call), stale());
        }
        let again = deposit_of(ANNA, body_in(9, plume(5)));
        let anna = || RuntimeOrigin::signed(ANNA);
        assert_ok!(ShieldedPool::deposit(anna(), again.clone()));
        assert_noop!(
            ShieldedPool::deposit(anna(), again),
            Error::<Runtime>::Spent
        );
    });
}

#[test]
fn another_proof_of_the_same_is_the_same_transaction() {
    funded(|| {
        let Call::transfer { transfer } = transfer(2) else {
            unreachable!("a transfer is one")
        };
        let one = Call::transfer {
            transfer: transfer.clone(),
        };
        let mut rerandomised = transfer;
        rerandomised.proof.0[100] ^= 1;
        let two = Call::transfer {
            transfer: rerandomised,
        };
        assert_ne!(one, two);
        let (of_one, of_two) = (validate(&one).unwrap(), validate(&two).unwrap());
        assert_eq!(of_one.provides, of_two.provides);
        assert_eq!(
            of_one.priority, of_two.priority,
            "neither replaces the other"
        );
        assert_ok!(include(two));
        assert_eq!(include(one), stale());
    });
}

#[test]
fn an_old_root_is_refused() {
    funded(|| {
        let old = body_out(500, plume(FEE));
        for seed in 0..u64::from(MAX_ROOTS) - 1 {
            assert_ok!(include(transfer(10 + seed)));
            next_block();
        }
        assert_ok!(validate(&transfer_of(old.clone())));
        assert_ok!(include(transfer(100)));
        next_block();
        verified();
        assert_eq!(include(transfer_of(old)), refused(Error::UnknownRoot));
        assert_eq!(verified(), (0, 0));
    });
}

#[test]
fn a_root_that_never_was_is_refused() {
    funded(|| {
        let mut made_up = body_out(2, plume(FEE));
        made_up.note_root = FieldBytes::from(1u64);
        assert_eq!(include(transfer_of(made_up)), refused(Error::UnknownRoot));
    });
}

#[test]
fn a_root_of_the_block_that_is_executing_is_none_yet() {
    funded(|| {
        assert_ok!(include(transfer(2)));
        let before = ShieldedPool::newest_root();
        let mut expected = Edge::<Runtime>::get();
        let leaves = Pending::<Runtime>::get();
        expected
            .append_all::<plume_circuits::Poseidon>(&leaves)
            .unwrap();
        let mut early = body_out(3, plume(FEE));
        early.note_root = expected.root::<plume_circuits::Poseidon>();
        assert_eq!(
            include(transfer_of(early.clone())),
            refused(Error::UnknownRoot)
        );
        next_block();
        assert_ne!(ShieldedPool::newest_root(), before);
        assert_ok!(include(transfer_of(early)));
    });
}

#[test]
fn a_credential_root_that_counts_no_longer_is_refused() {
    funded(|| {
        let call = transfer(2);
        assert_ok!(validate(&call));
        verified();
        forget_credential_roots();
        assert_eq!(include(call), refused(Error::UnknownCredentialRoot));
        assert_eq!(verified(), (0, 0));
    });
}

#[test]
fn what_is_proven_for_another_chain_is_no_proof_on_this_one() {
    let prepared = |genesis| {
        let mut ext = chain_with(KEY, genesis);
        ext.execute_with(|| {
            assert_ok!(deposit(ANNA, 1, plume(100_000_000)));
            next_block();
        });
        ext
    };
    chain();
    let call = prepared([1; 32]).execute_with(|| {
        let call = transfer(2);
        assert_ok!(validate(&call));
        call
    });
    prepared([2; 32]).execute_with(|| assert_eq!(include(call), bad_proof()));
}

#[test]
fn nothing_that_a_transfer_says_can_be_changed_under_its_proof() {
    type Change = (&'static str, fn(&mut Body));
    let changes: [Change; 14] = [
        ("credential root", |body| {
            body.credential_root = element(9, "root")
        }),
        ("nullifier", |body| body.nullifiers[0] = element(9, "n")),
        ("commitment", |body| body.commitments[1] = element(9, "c")),
        ("counter nullifier", |body| {
            body.counter_nullifier = element(9, "cn")
        }),
        ("counter", |body| body.counter_commitment = element(9, "cc")),
        ("amount", |body| body.public_out = Some(plume(FEE + 1))),
        ("moment", |body| body.time -= 1),
        ("ephemeral key", |body| body.ephemeral = point(5)),
        ("flow ciphertext", |body| body.flow[3] = element(9, "f")),
        ("identities", |body| body.identities[0] = element(9, "i")),
        ("order of nullifiers", |body| body.nullifiers.swap(0, 1)),
        ("order of commitments", |body| body.commitments.swap(0, 1)),
        ("order of note ciphertexts", |body| body.notes.swap(0, 1)),
        ("byte of a note ciphertext", |body| body.notes[0][7] ^= 1),
    ];
    funded(|| {
        let Call::transfer { transfer } = transfer(2) else {
            unreachable!("a transfer is one")
        };
        for (what, change) in changes {
            let mut changed = transfer.clone();
            change(&mut changed.body);
            assert_ne!(changed, transfer, "{what}");
            let call = Call::transfer { transfer: changed };
            let expected = if what == "credential root" {
                refused(Error::UnknownCredentialRoot)
            } else {
                bad_proof()
            };
            assert_storage_noop!(assert_eq!(include(call), expected, "{what}"));
        }
        assert_ok!(include(Call::transfer { transfer }));
    });
}

#[test]
fn ciphertexts_of_two_transactions_cannot_be_swapped() {
    funded(|| {
        let with_notes = |seed: u64, byte: u8| {
            let mut body = body_out(seed, plume(FEE));
            body.notes[0] = vec![byte; 60].try_into().unwrap();
            transfer_of(body)
        };
        let (Call::transfer { transfer: mut one }, Call::transfer { transfer: mut two }) =
            (with_notes(2, 8), with_notes(3, 9))
        else {
            unreachable!("a transfer is one")
        };
        std::mem::swap(&mut one.body.notes, &mut two.body.notes);
        assert_eq!(include(Call::transfer { transfer: one }), bad_proof());
        assert_eq!(include(Call::transfer { transfer: two }), bad_proof());
    });
}

#[test]
fn a_withdrawal_cannot_be_sent_to_somebody_else_or_made_larger() {
    funded(|| {
        let Call::withdraw {
            transfer,
            fee,
            to,
            amount,
        } = withdrawal(2, ANNA, 500)
        else {
            unreachable!("a withdrawal is one")
        };
        let call = |to, amount| Call::withdraw {
            transfer: transfer.clone(),
            fee: fee.clone(),
            to,
            amount,
        };
        assert_eq!(include(call(BERT, amount)), bad_proof());
        assert_eq!(include(call(to, amount + 1)), bad_proof());
        assert_eq!(include(call(to, amount - 1)), bad_proof());
        // Nor can it become a transfer, all of which is a fee.
        let as_fee = Call::transfer {
            transfer: transfer.clone(),
        };
        assert_eq!(include(as_fee), bad_proof());
        assert_ok!(include(call(to, amount)));
    });
}

#[test]
fn a_deposit_cannot_be_copied_by_somebody_else() {
    funded(|| {
        let transfer = deposit_of(ANNA, body_in(2, plume(5)));
        assert_noop!(
            ShieldedPool::deposit(RuntimeOrigin::signed(BERT), transfer.clone()),
            Error::<Runtime>::BadProof
        );
        assert_ok!(ShieldedPool::deposit(RuntimeOrigin::signed(ANNA), transfer));
    });
}

#[test]
fn a_proof_of_another_circuit_is_none_of_this_one() {
    funded(|| {
        let key = b"key of the second circuit".to_vec();
        assert_ok!(ShieldedPool::register_circuit(
            root(),
            2,
            key.try_into().unwrap(),
            now()
        ));
        let Call::transfer { mut transfer } = transfer(2) else {
            unreachable!("a transfer is one")
        };
        // The proof was made for version 1, whatever is said beside it.
        transfer.body.circuit = 2;
        assert_eq!(include(Call::transfer { transfer }), bad_proof());
        let mut body = body_out(2, plume(FEE));
        body.circuit = 2;
        assert_ok!(include(transfer_of(body.clone())));
        body.circuit = 3;
        assert_eq!(include(transfer_of(body)), refused(Error::UnknownCircuit));
    });
}

#[test]
fn a_retired_circuit_counts_until_its_last_second_and_not_in_it() {
    funded(|| {
        assert_ok!(ShieldedPool::retire_circuit(root(), CIRCUIT, now() + 10));
        after(9);
        assert_ok!(include(transfer(2)));
        after(1);
        verified();
        assert_eq!(include(transfer(3)), stale());
        assert_noop!(deposit(ANNA, 3, plume(5)), Error::<Runtime>::CircuitRetired);
        assert_eq!(verified(), (0, 0));
    });
}

#[test]
fn a_circuit_does_not_count_before_its_first_second() {
    funded(|| {
        let key = b"key of the second circuit".to_vec();
        let from = now() + 10;
        assert_ok!(ShieldedPool::register_circuit(
            root(),
            2,
            key.try_into().unwrap(),
            from
        ));
        let mut body = body_out(2, plume(FEE));
        body.circuit = 2;
        let call = transfer_of(body);
        assert_eq!(
            include(call.clone()),
            Err(InvalidTransaction::Future.into())
        );
        after(10);
        assert_ok!(include(call));
    });
}

#[test]
fn a_proof_of_the_future_or_of_long_ago_is_refused() {
    funded(|| {
        let mut early = body_out(2, plume(FEE));
        early.time += 1;
        let early = transfer_of(early);
        assert_eq!(
            include(early.clone()),
            Err(InvalidTransaction::Future.into())
        );
        after(MAX_AGE + 1);
        assert_ok!(include(early));
        let mut late = body_out(3, plume(FEE));
        late.time -= MAX_AGE + 1;
        assert_eq!(include(transfer_of(late.clone())), stale());
        late.time += 1;
        assert_ok!(include(transfer_of(late)));
    });
}

#[test]
fn a_proof_counts_for_the_period_of_its_moment_and_for_no_other() {
    funded(|| {
        // The last second of a period.
        after(PERIOD - now() % PERIOD - 1);
        let call = transfer(2);
        assert_eq!(now() % PERIOD, PERIOD - 1);
        after(1);
        assert_ok!(include(call));
        // Who claims the period before with a moment of this one has proven something else.
        let body = body_out(3, plume(FEE));
        let binding = statement::bind(
            &Purpose::<u64>::Transfer,
            [&unproven(body.clone())].into_iter(),
        );
        let mut context = ShieldedPool::context(body.time, binding).unwrap();
        context.period -= 1;
        let proof = prove(KEY, &statement::inputs(&body, &context));
        let call = Call::transfer {
            transfer: Box::new(Transfer { body, proof }),
        };
        assert_eq!(include(call), bad_proof());
    });
}

#[test]
fn a_transfer_that_shows_nothing_pays_for_nothing_and_zero_is_no_amount() {
    // Notes of no value, and notes to oneself, take the transfer circuit: `whole` has them.
    funded(|| {
        let before = inside(Asset::Native).0;
        let free = bundle_of(vec![body(2)]);
        assert_eq!(include(free), Err(InvalidTransaction::Payment.into()));
        assert_ok!(include(transfer(2)));
        assert_eq!(before - inside(Asset::Native).0, u128::from(FEE));
        // A public side of no value has one form only.
        for zero in [plume(0), gold(0)] {
            assert_eq!(
                include(transfer_of(body_out(3, zero))),
                refused(Error::BadAmount)
            );
            assert_noop!(deposit(ANNA, 3, zero), Error::<Runtime>::BadAmount);
        }
        let nothing = withdrawal_of(vec![body_out(3, plume(FEE))], BERT, 0);
        assert_eq!(include(nothing), refused(Error::BadAmount));
    });
}

#[test]
fn the_same_commitment_can_come_twice_and_the_same_nullifier_cannot() {
    funded(|| {
        // Two notes of one commitment are at two positions, and so have two nullifiers.
        let mut twin = body_out(3, plume(FEE));
        twin.commitments = body(2).commitments;
        assert_ok!(include(transfer(2)));
        assert_ok!(include(transfer_of(twin)));
        let mut double = body_out(4, plume(FEE));
        double.nullifiers[1] = double.nullifiers[0];
        assert_eq!(include(transfer_of(double)), refused(Error::SpentTwice));
    });
}

#[test]
fn an_empty_leaf_is_no_note() {
    funded(|| {
        let mut empty = body_out(2, plume(FEE));
        empty.commitments[1] = FieldBytes::ZERO;
        assert_eq!(include(transfer_of(empty)), refused(Error::EmptyNote));
        let mut empty = body_out(2, plume(FEE));
        empty.counter_commitment = FieldBytes::ZERO;
        assert_eq!(include(transfer_of(empty)), refused(Error::EmptyNote));
    });
}

#[test]
fn a_flood_of_bad_proofs_costs_a_node_one_verification_each_and_nothing_that_is_cheaper_to_see() {
    funded(|| {
        assert_ok!(include(transfer(2)));
        verified();
        // Everything that can be seen without a proof is seen without one.
        let mut old = body_out(3, plume(FEE));
        old.time -= MAX_AGE + 1;
        let mut unknown = body_out(3, plume(FEE));
        unknown.note_root = element(3, "no root");
        let cheap = [
            transfer(2),
            transfer_of(body(3)),
            transfer_of(old),
            transfer_of(unknown),
            withdrawal(3, POOL, 5),
            withdrawal(3, BERT, 200_000_000),
        ];
        let names = [
            "a note that is spent",
            "no fee",
            "a moment of long ago",
            "an unknown root",
            "an account that cannot be paid",
            "more than there is",
        ];
        for (what, call) in names.into_iter().zip(cheap) {
            timed(what, 1, || assert!(validate(&call).is_err()));
        }
        assert_eq!(verified(), (0, 0));

        // A bad proof is refused after one verification, a bundle of 32 after one batch; nothing is written.
        for seed in 100..150 {
            let Call::transfer { mut transfer } = transfer(seed) else {
                unreachable!("a transfer is one")
            };
            transfer.proof.0[0] ^= 1;
            assert_storage_noop!(assert_eq!(
                validate(&Call::transfer { transfer }).map(|_| ()),
                bad_proof()
            ));
        }
        assert_eq!(verified(), (50, 50));
        let Call::bundle { mut transfers } = bundle(200..232) else {
            unreachable!("a bundle is one")
        };
        transfers[31].proof.0[0] ^= 1;
        assert_eq!(
            validate(&Call::bundle { transfers }).map(|_| ()),
            bad_proof()
        );
        assert_eq!(verified(), (1, 32));
    });
}

#[test]
fn if_a_dispatch_failed_nothing_of_it_would_stay() {
    funded(|| {
        assert_ok!(deposit(ANNA, 2, gold(1_000)));
        let bodies = vec![body_out(3, gold(500)), body_out(4, plume(FEE))];
        let call = withdrawal_of(bodies, BERT, 500);
        assert_ok!(validate(&call));
        // Between authorisation and dispatch of one transaction nothing can happen. If it did, for instance that
        // the asset's issuer freezes the pool's account:
        assert_ok!(Assets::freeze(
            RuntimeOrigin::signed(ANNA),
            GOLD.into(),
            POOL
        ));
        assert_storage_noop!(assert!(dispatch(call.clone()).is_err()));
        assert!(!Nullifiers::<Runtime>::contains_key(body(3).nullifiers[0]));
        // And it is refused as long as that lasts, by the pool and before its proof.
        verified();
        assert_eq!(include(call.clone()), refused(Error::CannotPay));
        assert_eq!(verified(), (0, 0));
        assert_ok!(Assets::thaw(RuntimeOrigin::signed(ANNA), GOLD.into(), POOL));
        assert_ok!(include(call));
    });
}

#[test]
fn a_call_that_a_filter_stops_never_comes_into_a_block_for_nothing() {
    funded(|| {
        let calls = [transfer(2), withdrawal(3, BERT, 5), bundle(4..6)];
        set_filtered(true);
        for call in &calls {
            assert_eq!(validate(call).map(|_| ()), refused(Error::Paused));
        }
        assert_eq!(verified(), (0, 0));
        set_filtered(false);
        for call in calls {
            assert_ok!(include(call));
        }
    });
}

#[test]
fn who_carries_a_call_past_its_authorisation_spends_nothing_twice() {
    // Root alone can make an origin that is authorised.
    funded(|| {
        assert_ok!(include(transfer(2)));
        assert_storage_noop!(assert!(dispatch(spending_again(2, 3)).is_err()));
    });
}
