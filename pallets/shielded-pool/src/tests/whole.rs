//! The whole way with proofs of the transfer circuit: shield, send, unshield, and what the chain refuses of it.

use super::wallet::{Ceremony, LIMIT, SHIELDED, Wallet, proven_for, real_chain, spent_otherwise};
use crate::{
    mock::{ShieldedPool, *},
    statement::Purpose,
    *,
};
use frame_support::{assert_noop, assert_ok, pallet_prelude::InvalidTransaction};
use plume_circuits::transfer::{Input, Payment, Plan, Refusal};
use plume_primitives::{Balance, compliance::Asset};

#[test]
fn shield_send_and_unshield_with_proofs_of_the_transfer_circuit() {
    real_chain().execute_with(|| {
        let mut wallet = Wallet::of(0);

        // Shield 10,000,000 units.
        let transfer = proven_for(&Purpose::Deposit(&ANNA), &wallet.deposit());
        assert_noop!(
            ShieldedPool::deposit(RuntimeOrigin::signed(BERT), transfer.clone()),
            Error::<Runtime>::BadProof
        );
        assert_ok!(ShieldedPool::deposit(
            RuntimeOrigin::signed(ANNA),
            transfer.clone()
        ));
        next_block();
        wallet.see(&transfer.body);

        // Send 1,000 to somebody, and pay the fee.
        let transfer = proven_for(&Purpose::Transfer, &wallet.payment(1_000));
        let call = Call::transfer {
            transfer: transfer.clone(),
        };
        // Not as a bundle, and not with a word changed.
        let as_bundle = Call::bundle {
            transfers: vec![*transfer.clone()].try_into().unwrap(),
        };
        assert_eq!(include(as_bundle), Err(InvalidTransaction::BadProof.into()));
        let mut changed = transfer.clone();
        changed.body.flow[0] = element(9, "another amount");
        assert_eq!(
            include(Call::transfer { transfer: changed }),
            Err(InvalidTransaction::BadProof.into())
        );
        // Rerandomised, it is the same transaction.
        let points = plume_circuits::transfer::verify::Proof::from_uncompressed(&transfer.proof.0)
            .expect("it is a proof");
        let other = points
            .rerandomised(&Ceremony::First.verifying(), 5u64.into(), 7u64.into())
            .expect("five has an inverse");
        let mut rerandomised = transfer.clone();
        rerandomised.proof = ProofBytes(other.to_uncompressed());
        let rerandomised = Call::transfer {
            transfer: rerandomised,
        };
        assert_ne!(call, rerandomised);
        assert_eq!(
            validate(&call).unwrap().provides,
            validate(&rerandomised).unwrap().provides
        );
        assert_ok!(include(rerandomised));
        assert_eq!(include(call), Err(InvalidTransaction::Stale.into()));
        next_block();
        wallet.see(&transfer.body);

        // Unshield 500,000 to an account that has nothing.
        let (plan, left, spent) = wallet.withdrawal_after(1_000, 500_000);
        let purpose = Purpose::Withdrawal {
            to: &NEWCOMER,
            amount: 500_000,
        };
        let transfer = proven_for(&purpose, &plan);
        let call = |to| Call::withdraw {
            transfer: transfer.clone(),
            fee: None,
            to,
            amount: 500_000,
        };
        assert_eq!(
            include(call(BERT)),
            Err(InvalidTransaction::BadProof.into())
        );
        assert_ok!(include(call(NEWCOMER)));
        assert_eq!(Balances::free_balance(NEWCOMER), 500_000 * PLUME_UNIT);
        assert_eq!(
            inside(Asset::Native).0,
            u128::from(SHIELDED - 500_000 - 2 * FEE)
        );
        next_block();
        wallet.see(&transfer.body);

        // The limit of the tier is 1,000,000 in a period: what is beyond it cannot be proven.
        let (left, spent) = (left - 500_000 - FEE, spent + 500_000 + FEE);
        let mut plan = wallet.plan_after(4, left, spent);
        plan.public_out = LIMIT - spent + 1;
        assert!(plan.assign().is_err());
        plan.public_out -= 1;
        assert!(plan.assign().is_ok());
    });
}

#[test]
fn a_payment_of_nothing_and_one_to_oneself_create_no_value_and_are_spent_once() {
    real_chain().execute_with(|| {
        let mut wallet = Wallet::shielded();

        // Somebody is paid nothing.
        let nothing = proven_for(&Purpose::Transfer, &wallet.payment(0));
        assert_ok!(include(Call::transfer {
            transfer: nothing.clone()
        }));
        next_block();
        wallet.see(&nothing.body);
        let left = SHIELDED - FEE;
        assert_eq!(inside(Asset::Native).0, u128::from(left));

        // All that is left goes to oneself, and a note of no value comes back. That is more than the limit, and
        // counts for nothing: nobody else has it.
        let to_self = Payment {
            value: left - FEE,
            pool_key: wallet.keys.pool_key(),
            diversifier: element(3, "to myself"),
            randomness: element(3, "paid"),
            credential: None,
        };
        let mut plan = wallet.plan_after(3, left, FEE);
        plan.payment = Some(to_self.clone());
        plan.public_out = FEE;
        let assigned = plan.assign().unwrap();
        assert_eq!((assigned.change, assigned.spent), (0, 2 * FEE));
        assert!(to_self.value > LIMIT);
        let moved = proven_for(&Purpose::Transfer, &plan);
        assert_ok!(include(Call::transfer {
            transfer: moved.clone()
        }));
        next_block();
        wallet.see(&moved.body);
        let left = left - FEE;
        assert_eq!(inside(Asset::Native).0, u128::from(left));

        // Both notes are spent together. They give what went in, and not a unit more.
        let mut plan = wallet.plan_after(4, 0, 2 * FEE);
        plan.inputs[1] = Some(Input {
            value: left,
            diversifier: to_self.diversifier,
            randomness: to_self.randomness,
            path: wallet.path(0),
        });
        let more = Plan {
            public_out: left + 1,
            ..plan.clone()
        };
        let unbalanced = Refusal::Unbalanced {
            entering: left.into(),
            leaving: u128::from(left) + 1,
        };
        assert_eq!(more.assign().err(), Some(unbalanced));
        let mut worth_one = plan.clone();
        worth_one.inputs[0].as_mut().unwrap().value = 1;
        let unknown = Refusal::UnknownNote { input: 0 };
        assert_eq!(worth_one.assign().err(), Some(unknown));
        plan.public_out = 500_000 + FEE;
        let purpose = Purpose::Withdrawal {
            to: &NEWCOMER,
            amount: 500_000,
        };
        let withdrawal = proven_for(&purpose, &plan);

        // A second transfer spends the same notes, and is as good until the first is in a block.
        let mut again = spent_otherwise(plan, 5);
        again.public_out = FEE;
        let again = proven_for(&Purpose::Transfer, &again);
        let nullifiers = withdrawal.body.nullifiers;
        assert_eq!(again.body.nullifiers, nullifiers);
        let again = Call::transfer { transfer: again };
        assert_ok!(validate(&again));
        assert_ok!(include(Call::withdraw {
            transfer: withdrawal.clone(),
            fee: None,
            to: NEWCOMER,
            amount: 500_000,
        }));
        let stale = || Err(InvalidTransaction::Stale.into());
        assert_eq!(include(again.clone()), stale());
        next_block();
        wallet.see(&withdrawal.body);
        assert_eq!(include(again), stale());
        // Neither note alone either, the one of no value as little as the other.
        for spent in nullifiers {
            let mut body = body_out(6, plume(FEE));
            body.credential_root = withdrawal.body.credential_root;
            body.nullifiers[0] = spent;
            let transfer = Box::new(unproven(body));
            assert_eq!(include(Call::transfer { transfer }), stale());
        }
        assert_eq!(Balances::free_balance(NEWCOMER), 500_000 * PLUME_UNIT);
        let left = left - 500_000 - FEE;
        assert_eq!(
            inside(Asset::Native),
            (u128::from(left), Balance::from(left) * PLUME_UNIT)
        );
    });
}
