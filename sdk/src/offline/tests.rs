use codec::{Decode, Encode};
use scale_info::meta_type;
use subxt::utils::{AccountId32, H256};
use subxt_signer::sr25519::{PublicKey, Signature, verify};

use super::test_metadata::{metadata, plume_extensions};
use super::*;
use crate::Signer;

const CHAIN: ChainVersions = ChainVersions {
    genesis_hash: H256([0x9e; 32]),
    spec_version: 101,
    transaction_version: 3,
};
const MORTAL: Validity = Validity::Mortal {
    period: 1024,
    from: BlockRef {
        number: 123_456,
        hash: H256([0xaa; 32]),
    },
};

fn transfers(validity: Validity, tip_planck: u128) -> OfflineTransfers {
    OfflineTransfers::new(metadata(&plume_extensions()), &CHAIN, validity, tip_planck)
        .expect("hand-written bytes agree with subxt's")
}

fn bob() -> AccountId32 {
    Signer::from_uri("//Bob")
        .expect("a development path")
        .account()
}

/// The same transfer through subxt, as (signed payload, extrinsic with the given signature).
fn through_subxt(
    transfer: &OfflineTransfer<'_>,
    validity: Validity,
    tip: u128,
    signature: [u8; 64],
) -> (Vec<u8>, Vec<u8>) {
    let params = DefaultExtrinsicParamsBuilder::<PlumeConfig>::new()
        .nonce(transfer.nonce.into())
        .tip(tip);
    let params = match validity {
        Validity::Immortal => params.immortal(),
        Validity::Mortal { period, from } => {
            params.mortal_from_unchecked(period.into(), from.number, from.hash)
        }
    };
    let call = Transfer::keep_alive(transfer.to, transfer.amount_planck).to_call();
    let config = PlumeConfig::offline(&CHAIN, metadata(&plume_extensions()));
    let offline = OfflineClient::new_with_config(config)
        .at_block(0u64)
        .expect("any block");
    let mut signable = offline
        .transactions()
        .create_signable_offline(&call, params.build())
        .expect("known format");
    let payload = signable.signer_payload().expect("known format");
    let signature = MultiSignature::Sr25519(signature);
    let extrinsic = signable
        .sign_with_account_and_signature(&transfer.from.account(), &signature)
        .expect("known format");
    (payload, extrinsic.into_encoded())
}

#[test]
fn offline_bytes_are_subxts_bytes_and_the_signature_verifies() {
    let alice = Signer::from_uri("//Alice").expect("a development path");
    let amounts = [0, 1, 63, 64, 1 << 30, 12_500_000_000_000_000_000, u128::MAX];
    let nonces = [0, 63, 64, 16_383, 16_384, 1 << 30, u32::MAX];
    for (validity, tip) in [
        (Validity::Immortal, 0),
        (MORTAL, 0),
        (MORTAL, 77),
        (MORTAL, u128::MAX),
    ] {
        let transfers = transfers(validity, tip);
        for (amount_planck, nonce) in amounts.into_iter().zip(nonces) {
            let transfer = OfflineTransfer {
                from: &alice,
                to: bob(),
                amount_planck,
                nonce,
            };
            let signed = transfers.sign(&transfer);
            let signature: [u8; 64] = signed.bytes[2 + 1 + 33 + 1..][..64]
                .try_into()
                .expect("64 bytes");
            let (payload, extrinsic) = through_subxt(&transfer, validity, tip, signature);
            assert_eq!(signed.bytes, extrinsic);
            assert!(verify(
                &Signature(signature),
                &payload,
                &PublicKey(alice.account().0)
            ));
            assert_eq!(signed.hash, raw::extrinsic_hash(&extrinsic));
            assert!(raw::is_signed(&signed.bytes));
        }
    }
}

#[test]
fn many_transfers_come_back_in_their_order_from_any_number_of_threads() {
    let signers =
        ["//Alice", "//Bob"].map(|uri| Signer::from_uri(uri).expect("a development path"));
    let batch: Vec<_> = (0..23u32)
        .map(|n| OfflineTransfer {
            from: &signers[n as usize % 2],
            to: bob(),
            amount_planck: n.into(),
            nonce: n / 2,
        })
        .collect();
    let transfers = transfers(MORTAL, 0);
    for threads in [0, 1, 2, 5, 23, 100] {
        let signed = transfers.sign_many(&batch, threads);
        assert_eq!(signed.len(), batch.len());
        for (transfer, signed) in batch.iter().zip(&signed) {
            let call = [
                &[10, 3, 0][..],
                &transfer.to.0,
                &Compact(transfer.amount_planck).encode(),
            ]
            .concat();
            assert!(signed.bytes.ends_with(&call), "{threads} threads");
            assert_eq!(signed.bytes[4..36], transfer.from.account().0);
        }
    }
    assert!(transfers.sign_many(&[], 4).is_empty());
}

#[test]
fn the_extrinsic_is_an_opaque_vector_of_its_own_length() {
    let alice = Signer::from_uri("//Alice").expect("a development path");
    let transfer = OfflineTransfer {
        from: &alice,
        to: bob(),
        amount_planck: 1,
        nonce: 0,
    };
    let signed = transfers(MORTAL, 0).sign(&transfer);
    let inner = Vec::<u8>::decode(&mut &signed.bytes[..]).expect("a length-prefixed vector");
    assert_eq!(inner[0], SIGNED_V4);
    assert_eq!(inner.encode(), signed.bytes);
}

#[test]
fn a_call_given_as_bytes_is_signed_as_a_transfer_is() {
    let alice = Signer::from_uri("//Alice").expect("a development path");
    let transfer = OfflineTransfer {
        from: &alice,
        to: bob(),
        amount_planck: 1 << 40,
        nonce: 77,
    };
    let call = [
        &[10, 3, 0][..],
        &transfer.to.0,
        &Compact(transfer.amount_planck).encode(),
    ]
    .concat();
    // sr25519 signatures are random.
    const SIGNATURE: core::ops::Range<usize> = 37..101;
    let without_signature = |signed: SignedTransfer| {
        let mut bytes = signed.bytes;
        let signature: [u8; 64] = bytes[SIGNATURE].try_into().expect("64 bytes");
        bytes[SIGNATURE].fill(0);
        (bytes, signature)
    };
    for validity in [Validity::Immortal, MORTAL] {
        let offline = transfers(validity, 5);
        let (expected, _) = without_signature(offline.sign(&transfer));
        let (found, signature) =
            without_signature(offline.sign_call(&alice, &call, transfer.nonce));
        assert_eq!(found, expected);
        let (payload, _) = through_subxt(&transfer, validity, 5, signature);
        let key = PublicKey(alice.account().0);
        assert!(verify(&Signature(signature), &payload, &key));
    }
}

#[test]
fn an_extension_that_carries_nothing_may_be_unknown() {
    let mut extensions = plume_extensions();
    extensions.insert(3, ("ScreenFlows", meta_type::<()>(), meta_type::<()>()));
    assert!(OfflineTransfers::new(metadata(&extensions), &CHAIN, MORTAL, 0).is_ok());
}

#[test]
fn an_unknown_extension_that_carries_something_is_refused_by_name() {
    for (value, implicit) in [
        (meta_type::<u8>(), meta_type::<()>()),
        (meta_type::<()>(), meta_type::<u8>()),
    ] {
        let mut extensions = plume_extensions();
        extensions.push(("ScreenFlows", value, implicit));
        let error =
            OfflineTransfers::new(metadata(&extensions), &CHAIN, MORTAL, 0).expect_err("not known");
        assert!(error.to_string().contains("ScreenFlows"), "{error}");
    }
}

#[test]
fn a_known_extension_of_another_shape_is_noticed() {
    let mut extensions = plume_extensions();
    let mortality = extensions
        .iter_mut()
        .find(|(name, ..)| *name == "CheckMortality")
        .expect("it is there");
    mortality.2 = meta_type::<()>();
    let error = OfflineTransfers::new(metadata(&extensions), &CHAIN, MORTAL, 0)
        .expect_err("differs from subxt");
    assert!(matches!(error, Error::Format { .. }), "{error}");
}
