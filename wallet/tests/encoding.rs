//! What a wallet writes is what the pallet reads, byte for byte.

use codec::{Decode, Encode};
use pallet_shielded_pool::statement;
use plume_circuits::{FieldBytes, transfer::Point};
use plume_primitives::compliance::Asset as ChainAsset;
use plume_shielded::CIPHERTEXT_BYTES;
use plume_wallet::{Amount, Asset, Body, Call, Purpose, Transfer, bind, pool_id};

/// Account of the pallet's purposes: 32 bytes, as the chain's are.
type Account = [u8; 32];

fn element(number: u64) -> FieldBytes {
    FieldBytes::from(number)
}

fn body(seed: u64) -> Body {
    Body {
        circuit: 3,
        note_root: element(seed),
        credential_root: element(seed + 1),
        nullifiers: [element(seed + 2), element(seed + 3)],
        commitments: [element(seed + 4), element(seed + 5)],
        counter_nullifier: element(seed + 6),
        counter_commitment: element(seed + 7),
        public_in: Amount::of(0, 77 + seed),
        public_out: Amount::of(8, seed),
        time: 1_234_567,
        ephemeral: Point {
            x: element(seed + 8),
            y: element(seed + 9),
        },
        flow: [10, 11, 12, 13].map(|number| element(seed + number)),
        identities: [14, 15].map(|number| element(seed + number)),
        notes: [vec![7; CIPHERTEXT_BYTES], vec![8; 3]],
    }
}

#[test]
fn a_notes_ciphertext_is_as_long_as_the_pallet_lets_it_be() {
    assert_eq!(
        u32::try_from(CIPHERTEXT_BYTES),
        Ok(pallet_shielded_pool::MAX_NOTE)
    );
}

fn transfer(seed: u64) -> Transfer {
    let mut proof = [0; 384];
    for (byte, number) in proof.iter_mut().zip(0u64..) {
        *byte = ((number * 7 + seed) % 251) as u8;
    }
    Transfer {
        body: body(seed),
        proof,
    }
}

fn of_chain(transfer: &Transfer) -> pallet_shielded_pool::Transfer {
    Decode::decode(&mut &transfer.encode()[..]).expect("the pallet reads it")
}

#[test]
fn a_transfer_is_the_pallets_in_every_field() {
    let ours = transfer(20);
    let chain = of_chain(&ours);
    assert_eq!(chain.encode(), ours.encode());
    assert_eq!(Transfer::decode(&mut &chain.encode()[..]), Ok(ours.clone()));
    let (body, known) = (&chain.body, &ours.body);
    assert_eq!(body.circuit, known.circuit);
    assert_eq!(body.note_root, known.note_root);
    assert_eq!(body.credential_root, known.credential_root);
    assert_eq!(body.nullifiers, known.nullifiers);
    assert_eq!(body.commitments, known.commitments);
    assert_eq!(body.counter_nullifier, known.counter_nullifier);
    assert_eq!(body.counter_commitment, known.counter_commitment);
    assert_eq!(body.time, known.time);
    assert_eq!(body.ephemeral, known.ephemeral);
    assert_eq!(body.flow, known.flow);
    assert_eq!(body.identities, known.identities);
    let notes = body.notes.clone().map(|note| note.into_inner());
    assert_eq!(notes, known.notes);
    assert_eq!(chain.proof.0, ours.proof);
    let amount = |amount: pallet_shielded_pool::Amount| (amount.asset, amount.value);
    assert_eq!(body.public_in.map(amount), Some((ChainAsset::Native, 97)));
    assert_eq!(
        body.public_out.map(amount),
        Some((ChainAsset::Other(7), 20))
    );
    assert_eq!(body.all_commitments(), known.all_commitments());
}

#[test]
fn assets_have_the_numbers_that_the_pallet_gives_them() {
    for (ours, chain) in [
        (Asset::Native, ChainAsset::Native),
        (Asset::Other(0), ChainAsset::Other(0)),
        (Asset::Other(7), ChainAsset::Other(7)),
    ] {
        assert_eq!(ours.encode(), chain.encode());
        assert_eq!(ours.number(), pallet_shielded_pool::asset_number(chain));
        assert_eq!(Asset::from_number(ours.number()), ours);
    }
    assert_eq!(plume_wallet::PLUME_UNIT, pallet_shielded_pool::PLUME_UNIT);
    assert_eq!(
        plume_wallet::MAX_BUNDLE as u32,
        pallet_shielded_pool::MAX_BUNDLE
    );
}

#[test]
fn proofs_are_bound_to_what_the_pallet_binds_them_to() {
    let ours = [transfer(1), transfer(40)];
    let chain = [of_chain(&ours[0]), of_chain(&ours[1])];
    let (from, to): (Account, Account) = ([1; 32], [2; 32]);
    let purposes = [
        (Purpose::Deposit(from), statement::Purpose::Deposit(&from)),
        (Purpose::Transfer, statement::Purpose::Transfer),
        (
            Purpose::Withdrawal { to, amount: 9 },
            statement::Purpose::Withdrawal { to: &to, amount: 9 },
        ),
        (Purpose::Bundle, statement::Purpose::Bundle),
    ];
    for (purpose, expected) in purposes {
        assert_eq!(
            bind(&purpose, ours.iter().map(|one| &one.body)),
            statement::bind(&expected, chain.iter())
        );
    }
    assert_eq!(pool_id(&[9; 32]), statement::pool_id(&[9; 32]));
}

#[test]
fn arguments_are_those_of_the_pallets_calls() {
    let (one, two) = (transfer(1), transfer(40));
    let boxed = |transfer: &Transfer| Box::new(transfer.clone());
    let (first, second) = (of_chain(&one), of_chain(&two));
    let to: Account = [2; 32];
    let withdraw = Call::Withdraw {
        transfer: boxed(&one),
        fee: Some(boxed(&two)),
        to,
        amount: 9,
    };
    let bundle: pallet_shielded_pool::Bundle =
        vec![first.clone(), second.clone()].try_into().expect("two");
    assert_eq!(Call::Deposit(boxed(&one)).arguments(), first.encode());
    assert_eq!(Call::Transfer(boxed(&one)).arguments(), first.encode());
    assert_eq!(
        withdraw.arguments(),
        (&first, Some(&second), to, 9u64).encode()
    );
    assert_eq!(Call::Bundle(vec![one, two]).arguments(), bundle.encode());
}
