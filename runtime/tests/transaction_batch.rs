//! What `TransactionBatch` promises the node: an answer for each transaction, whatever the bytes.

use codec::Encode;
use frame_support::{assert_ok, traits::fungible::Mutate};
use plume_primitives::{api::runtime_decl_for_transaction_batch::TransactionBatchV1, units::PLUME};
use plume_runtime::*;
use proptest::prelude::*;
use sp_core::{H256, Pair};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    OpaqueExtrinsic,
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
};

const GENESIS: H256 = H256::repeat_byte(7);
const UNREADABLE: TransactionValidityError =
    TransactionValidityError::Invalid(InvalidTransaction::Call);

/// A chain in the middle of its first block, on which Alice has PLUME.
fn chain() -> sp_io::TestExternalities {
    let mut ext = sp_io::TestExternalities::default();
    ext.execute_with(|| {
        frame_system::BlockHash::<Runtime>::insert(0, GENESIS);
        frame_system::Pallet::<Runtime>::reset_events();
        frame_system::Pallet::<Runtime>::initialize(&1, &GENESIS, &Default::default());
        frame_system::Pallet::<Runtime>::note_finished_initialize();
        let alice = Sr25519Keyring::Alice.to_account_id();
        assert_ok!(Balances::mint_into(&alice, 1_000 * PLUME));
    });
    ext
}

fn signed_by_alice(call: RuntimeCall, nonce: Nonce) -> OpaqueExtrinsic {
    let payload = SignedPayload::new(call, extension(nonce)).expect("the genesis is known");
    let alice = Sr25519Keyring::Alice.pair();
    let signature = payload.using_encoded(|bytes| alice.sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    let account = Sr25519Keyring::Alice.to_account_id();
    UncheckedExtrinsic::new_signed(call, account.into(), signature.into(), extension).into()
}

fn transfer(nonce: Nonce) -> OpaqueExtrinsic {
    let call = pallet_balances::Call::transfer_keep_alive {
        dest: Sr25519Keyring::Bob.to_account_id().into(),
        value: PLUME,
    };
    signed_by_alice(call.into(), nonce)
}

/// A remark in so many batches, one in the other. Encoded by hand: the encoder would recurse too.
fn nested(depth: usize) -> OpaqueExtrinsic {
    let remark = RuntimeCall::System(frame_system::Call::remark { remark: Vec::new() });
    let batch = RuntimeCall::Utility(pallet_utility::Call::batch { calls: Vec::new() }).encode();
    let around: Vec<u8> = batch[..batch.len() - 1]
        .iter()
        .copied()
        .chain(codec::Compact(1u32).encode())
        .collect();
    let version = UncheckedExtrinsic::new_bare(remark.clone());
    let bare = OpaqueExtrinsic::from(version).inner()[0];
    let call = around.repeat(depth);
    OpaqueExtrinsic::from_blob([vec![bare], call, remark.encode()].concat())
}

#[test]
fn bytes_that_are_no_transaction_are_refused_and_their_neighbours_are_not() {
    chain().execute_with(|| {
        let noise = OpaqueExtrinsic::from_blob(vec![0x5a; 1024]);
        let empty = OpaqueExtrinsic::from_blob(Vec::new());
        let mut longer = transfer(1).inner().to_vec();
        longer.push(0);
        let longer = OpaqueExtrinsic::from_blob(longer);
        let list = vec![transfer(0), noise, empty, longer, transfer(1)];
        let validities =
            Runtime::validate_transactions(TransactionSource::External, list.clone(), GENESIS);
        assert!(validities[0].is_ok(), "{:?}", validities[0]);
        assert!(validities[1..4].iter().all(|it| *it == Err(UNREADABLE)));
        assert!(validities[4].is_ok(), "{:?}", validities[4]);

        let results = Runtime::apply_extrinsics(list);
        assert_eq!(results[0], Ok(Ok(())));
        assert!(results[1..4].iter().all(|it| *it == Err(UNREADABLE)));
        assert_eq!(results[4], Ok(Ok(())));
        let bob = Sr25519Keyring::Bob.to_account_id();
        assert_eq!(Balances::free_balance(bob), 2 * PLUME);
    });
}

#[test]
fn calls_nested_without_end_are_refused() {
    chain().execute_with(|| {
        for depth in [1_000, 100_000] {
            let answers = Runtime::validate_transactions(
                TransactionSource::External,
                vec![nested(depth)],
                GENESIS,
            );
            assert_eq!(answers, [Err(UNREADABLE)], "{depth} deep");
        }
    });
}

#[test]
fn what_one_validation_changes_the_next_does_not_see() {
    chain().execute_with(|| {
        let twice = vec![transfer(0), transfer(0)];
        let answers = Runtime::validate_transactions(TransactionSource::External, twice, GENESIS);
        assert!(answers[0].is_ok() && answers[0] == answers[1]);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_bytes_end_the_call(
        noise in prop::collection::vec(any::<u8>(), 0..300),
        position in any::<prop::sample::Index>(),
        byte: u8,
    ) {
        chain().execute_with(|| {
            let valid = transfer(0);
            let mut broken = valid.inner().to_vec();
            let at = position.index(broken.len());
            broken[at] = byte;
            let list = vec![
                OpaqueExtrinsic::from_blob(noise),
                OpaqueExtrinsic::from_blob(broken),
                valid,
            ];
            let answers = Runtime::validate_transactions(
                TransactionSource::External,
                list.clone(),
                GENESIS,
            );
            prop_assert_eq!(answers.len(), list.len());
            prop_assert!(answers[2].is_ok());
            prop_assert_eq!(Runtime::apply_extrinsics(list).len(), 3);
            Ok(())
        })?;
    }
}
