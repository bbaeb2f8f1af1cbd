//! Transfers that stand and fall together.

use crate::{
    mock::{ShieldedPool, *},
    *,
};
use frame_support::{assert_ok, pallet_prelude::InvalidTransaction};
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

fn refused(
    error: Error<Runtime>,
) -> Result<(), frame_support::pallet_prelude::TransactionValidityError> {
    Err(checks::refusal(error))
}

#[test]
fn thirty_two_transfers_are_verified_as_one_batch() {
    funded(|| {
        assert_ok!(include(bundle(10..42)));
        assert_eq!(verified(), (1, 32));
        assert_eq!(Pending::<Runtime>::get().len(), 3 * 33 - 3);
        let fees = u128::from(FEE) * 32;
        assert_eq!(inside(Asset::Native).0, 100_000_000 - fees);
    });
}

#[test]
fn one_bad_proof_among_32_refuses_all_of_them() {
    funded(|| {
        for bad in [0, 17, 31] {
            let Call::bundle { mut transfers } = bundle(10..42) else {
                unreachable!("a bundle is one")
            };
            transfers[bad].proof.0[0] ^= 1;
            frame_support::assert_storage_noop!(assert_eq!(
                include(Call::bundle { transfers }),
                Err(InvalidTransaction::BadProof.into())
            ));
        }
        assert_ok!(include(bundle(10..42)));
    });
}

#[test]
fn a_transfer_of_another_asset_is_paid_for_by_one_of_plume_in_its_bundle() {
    funded(|| {
        // It shows neither asset nor amount.
        let alone = bundle_of(vec![body(10)]);
        assert_eq!(include(alone), Err(InvalidTransaction::Payment.into()));
        assert_ok!(include(bundle_of(vec![body(10), body_out(11, plume(FEE))])));
    });
}

#[test]
fn the_fee_cannot_be_taken_out_of_a_bundle_and_used_for_another() {
    funded(|| {
        let Call::bundle { transfers } = bundle_of(vec![body(10), body_out(11, plume(FEE))]) else {
            unreachable!("a bundle is one")
        };
        let paying = transfers[1].clone();
        let alone = Call::transfer {
            transfer: Box::new(paying.clone()),
        };
        assert_eq!(include(alone), Err(InvalidTransaction::BadProof.into()));
        let mut other = vec![proven_for_bundle(12)];
        other.push(paying);
        let stolen = Call::bundle {
            transfers: other.try_into().unwrap(),
        };
        assert_eq!(include(stolen), Err(InvalidTransaction::BadProof.into()));
        assert_ok!(include(Call::bundle { transfers }));
    });
}

fn proven_for_bundle(seed: u64) -> Transfer {
    proven(&statement::Purpose::Bundle, vec![body(seed)]).remove(0)
}

#[test]
fn neither_order_nor_number_of_a_bundle_can_be_changed() {
    funded(|| {
        let Call::bundle { transfers } = bundle(10..13) else {
            unreachable!("a bundle is one")
        };
        let bad = Err(InvalidTransaction::BadProof.into());
        let mut swapped = transfers.clone().into_inner();
        swapped.swap(0, 2);
        let swapped = swapped.try_into().unwrap();
        assert_eq!(include(Call::bundle { transfers: swapped }), bad);
        let mut fewer = transfers.clone();
        fewer.pop();
        assert_eq!(include(Call::bundle { transfers: fewer }), bad);
        assert_ok!(include(Call::bundle { transfers }));
    });
}

#[test]
fn an_empty_bundle_and_one_of_two_circuits_are_refused() {
    funded(|| {
        let empty = Call::bundle {
            transfers: Default::default(),
        };
        assert_eq!(include(empty), refused(Error::BadForm));
        let mut other = body_out(11, plume(FEE));
        other.circuit = CIRCUIT + 1;
        let mixed = bundle_of(vec![body_out(10, plume(FEE)), other]);
        assert_eq!(include(mixed), refused(Error::BadForm));
    });
}

#[test]
fn a_note_spent_twice_in_a_bundle_is_refused() {
    funded(|| {
        let mut second = body_out(11, plume(FEE));
        second.nullifiers[1] = body(10).nullifiers[0];
        let twice = bundle_of(vec![body_out(10, plume(FEE)), second]);
        assert_eq!(include(twice), refused(Error::SpentTwice));
        let mut same_counter = body_out(11, plume(FEE));
        same_counter.counter_nullifier = body(10).counter_nullifier;
        let twice = bundle_of(vec![body_out(10, plume(FEE)), same_counter]);
        assert_eq!(include(twice), refused(Error::SpentTwice));
        assert_eq!(verified(), (0, 0));
    });
}

#[test]
fn nothing_withdraws_through_a_bundle_or_a_transfer_and_nothing_deposits_through_them() {
    funded(|| {
        assert_ok!(deposit(ANNA, 2, gold(1_000)));
        let out = bundle_of(vec![body_out(10, gold(10)), body_out(11, plume(FEE))]);
        assert_eq!(include(out), refused(Error::BadAmount));
        assert_eq!(
            include(transfer_of(body_out(10, gold(10)))),
            refused(Error::BadAmount)
        );
        let mut both = body_out(10, plume(FEE));
        both.public_in = Some(plume(1_000_000));
        assert_eq!(include(transfer_of(both.clone())), refused(Error::BadForm));
        assert_eq!(
            include(bundle_of(vec![both.clone()])),
            refused(Error::BadForm)
        );
        assert_eq!(
            include(withdrawal_of(vec![both.clone()], BERT, 5)),
            refused(Error::BadForm)
        );
        // A deposit lets nothing out.
        let deposit = deposit_of(ANNA, both);
        frame_support::assert_noop!(
            ShieldedPool::deposit(RuntimeOrigin::signed(ANNA), deposit),
            Error::<Runtime>::BadForm
        );
    });
}

#[test]
fn a_block_takes_as_many_leaves_as_it_may_and_the_next_one_the_others() {
    funded(|| {
        // 200 leaves are 66 transfers.
        assert_ok!(include(bundle(100..132)));
        assert_ok!(include(bundle(200..232)));
        let third = bundle(300..303);
        assert_eq!(
            include(third.clone()),
            Err(InvalidTransaction::ExhaustsResources.into())
        );
        assert_ok!(include(transfer(400)));
        next_block();
        assert_ok!(include(third));
    });
}
