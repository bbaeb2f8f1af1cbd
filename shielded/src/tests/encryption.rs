use super::{account, contact, pay, payment};
use crate::{
    Diversifier, Memo, NoteCiphertext, NoteSeed, OpenError, Point, Scalar, SealError,
    encryption::{derive_key, reopen, view_tag},
    kem::{KEM_CIPHERTEXT_BYTES, KemSecretKey},
    open, open_outgoing, seal, wire,
};
use chacha20poly1305::{AeadInPlace, ChaCha20Poly1305, KeyInit};
use plume_circuits::FieldBytes;
use proptest::prelude::*;

#[test]
fn sizes_are_those_of_the_table() {
    assert_eq!(wire::PLAINTEXT_BYTES, 216);
    assert_eq!(wire::SEALED_BYTES, 232);
    assert_eq!(wire::OUTGOING_BYTES, 144);
    assert_eq!(wire::CLASSICAL_BYTES, 441);
    assert_eq!(KEM_CIPHERTEXT_BYTES, 1088);
    assert_eq!(wire::CIPHERTEXT_BYTES, 1529);
    assert_eq!(wire::TRANSFER_CLASSICAL_BYTES, 1866);
    assert_eq!(wire::TRANSFER_BYTES, 4042);
    let sealed = pay(&account(0), &account(1), 0, 1, 1);
    let bytes = sealed.ciphertext.to_bytes();
    assert_eq!(bytes.len(), wire::CIPHERTEXT_BYTES);
    assert_eq!(NoteCiphertext::from_bytes(&bytes), Ok(sealed.ciphertext));
}

#[test]
fn receiver_and_sender_read_the_same_note() {
    let (sender, receiver) = (account(0), account(1));
    let sealed = pay(&sender, &receiver, 4, 77, 9);
    let cm = sealed.note.commitment();
    let came = open(receiver.incoming(), &cm, &sealed.ciphertext).unwrap();
    let went = open_outgoing(sender.outgoing(), &cm, &sealed.ciphertext).unwrap();
    assert_eq!(came, went);
    assert_eq!(came.note, sealed.note);
    assert_eq!(came.address, receiver.incoming().address(4).unwrap());
    assert_eq!(came.memo, payment(77).memo);
    assert_eq!((came.note.value, came.note.asset), (77, 3));
}

#[test]
fn nobody_else_reads_a_note() {
    let (sender, receiver, other) = (account(0), account(1), account(2));
    let sealed = pay(&sender, &receiver, 0, 1, 1);
    let cm = sealed.note.commitment();
    for key in [&sender, &other] {
        assert!(open(key.incoming(), &cm, &sealed.ciphertext).is_err());
    }
    for key in [&receiver, &other] {
        assert_eq!(
            open_outgoing(key.outgoing(), &cm, &sealed.ciphertext),
            Err(OpenError::NotOurs)
        );
    }
}

#[test]
fn another_kem_key_than_the_address_names_is_refused() {
    let (sender, receiver, other) = (account(0), account(1), account(2));
    let (address, kem) = (contact(&receiver, 0), contact(&other, 0));
    let seed = NoteSeed::from_bytes([1; 32]);
    let sealed = seal(
        address.address(),
        kem.kem(),
        &payment(1),
        &seed,
        sender.outgoing(),
    );
    assert_eq!(sealed.unwrap_err(), SealError::OtherKemKey);
}

#[test]
fn a_flipped_bit_of_any_byte_is_refused_by_receiver_and_sender() {
    let (sender, receiver) = (account(0), account(1));
    let sealed = pay(&sender, &receiver, 0, 5, 2);
    let cm = sealed.note.commitment();
    let bytes = sealed.ciphertext.to_bytes();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        let changed = NoteCiphertext::from_bytes(&changed).unwrap();
        assert!(open(receiver.incoming(), &cm, &changed).is_err(), "{at}");
        assert!(
            open_outgoing(sender.outgoing(), &cm, &changed).is_err(),
            "{at}"
        );
    }
}

#[test]
fn every_bit_of_point_tag_and_authentication_counts() {
    let (sender, receiver) = (account(0), account(1));
    let sealed = pay(&sender, &receiver, 0, 5, 2);
    let cm = sealed.note.commitment();
    let bytes = sealed.ciphertext.to_bytes();
    for at in [0, 31, 32, 63, 64, 65, 296, 297, 440, 441, 1528] {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            let changed = NoteCiphertext::from_bytes(&changed).unwrap();
            assert!(open(receiver.incoming(), &cm, &changed).is_err(), "{at}");
            assert!(
                open_outgoing(sender.outgoing(), &cm, &changed).is_err(),
                "{at}"
            );
        }
    }
}

#[test]
fn swapped_ciphertexts_are_refused() {
    let (sender, receiver) = (account(0), account(1));
    let (one, other) = (
        pay(&sender, &receiver, 0, 5, 2),
        pay(&sender, &receiver, 0, 5, 3),
    );
    let cm = one.note.commitment();
    assert!(open(receiver.incoming(), &cm, &other.ciphertext).is_err());
    assert!(open_outgoing(sender.outgoing(), &cm, &other.ciphertext).is_err());
    let splices: [fn(&mut NoteCiphertext, &NoteCiphertext); 4] = [
        |to, from| to.epk = from.epk,
        |to, from| to.sealed = from.sealed,
        |to, from| to.outgoing = from.outgoing,
        |to, from| to.kem = from.kem.clone(),
    ];
    for splice in splices {
        let mut mixed = one.ciphertext.clone();
        splice(&mut mixed, &other.ciphertext);
        assert!(open(receiver.incoming(), &cm, &mixed).is_err());
        assert!(open_outgoing(sender.outgoing(), &cm, &mixed).is_err());
    }
}

/// Seals as a sender would who does not follow the rules: what is written inside is not what the seed makes.
fn forged(
    receiver: &crate::FullViewingKey,
    base: &Point,
    written: Diversifier,
    version: u8,
    message: Option<[u8; 32]>,
) -> (FieldBytes, NoteCiphertext) {
    let contact = contact(receiver, 0);
    let seed = NoteSeed::from_bytes([6; 32]);
    let esk: Scalar = crate::blake::scalar(crate::blake::EPHEMERAL, &[seed.as_bytes()]);
    let epk = base.times(&esk).unwrap();
    let shared = epk.times(receiver.incoming().ivk()).unwrap();
    let honest = crate::blake::hash32(crate::blake::KEM_MESSAGE, &[seed.as_bytes()]);
    let (kem, secret) = contact.kem().encapsulate(&message.unwrap_or(honest));
    let key = derive_key(&shared, &secret, &epk.to_uncompressed(), &kem);
    let address = receiver.incoming().address_at(written).unwrap();
    let note = crate::Note {
        value: 1,
        asset: 0,
        owner: address.owner(),
        rcm: seed.rcm(),
    };
    let cm = note.commitment();
    let mut plaintext = vec![version];
    plaintext.extend_from_slice(&1u64.to_le_bytes());
    plaintext.extend_from_slice(&0u32.to_le_bytes());
    plaintext.extend_from_slice(&written.0);
    plaintext.extend_from_slice(seed.as_bytes());
    plaintext.extend_from_slice(&[0; 32]);
    plaintext.extend_from_slice(&Memo::EMPTY.0);
    let tag = view_tag(&shared.to_uncompressed(), &epk.to_uncompressed());
    let outgoing = [0; wire::OUTGOING_BYTES];
    let bound = [cm.as_bytes().as_slice(), &[tag], &outgoing].concat();
    let authentication = ChaCha20Poly1305::new(&(*key).into())
        .encrypt_in_place_detached(&Default::default(), &bound, &mut plaintext)
        .unwrap();
    plaintext.extend_from_slice(&authentication);
    let ciphertext = NoteCiphertext {
        epk: epk.to_uncompressed(),
        tag,
        sealed: plaintext.try_into().unwrap(),
        outgoing,
        kem: Box::new(kem),
    };
    (cm, ciphertext)
}

#[test]
fn a_note_that_names_another_diversifier_than_it_was_made_for_is_refused() {
    let receiver = account(1);
    let [first, second] = [0, 1].map(|index| receiver.incoming().address(index).unwrap());
    let base = first.diversifier.base_point().unwrap();
    let (cm, honest) = forged(&receiver, &base, first.diversifier, 1, None);
    assert!(open(receiver.incoming(), &cm, &honest).is_ok());
    let (cm, linking) = forged(&receiver, &base, second.diversifier, 1, None);
    assert_eq!(
        open(receiver.incoming(), &cm, &linking),
        Err(OpenError::OtherSeed)
    );
}

#[test]
fn a_note_whose_kem_part_its_seed_does_not_make_is_refused() {
    let receiver = account(1);
    let address = receiver.incoming().address(0).unwrap();
    let base = address.diversifier.base_point().unwrap();
    let (cm, note) = forged(&receiver, &base, address.diversifier, 1, Some([8; 32]));
    assert_eq!(
        open(receiver.incoming(), &cm, &note),
        Err(OpenError::OtherSeed)
    );
}

#[test]
fn a_note_of_an_unknown_version_is_refused() {
    let receiver = account(1);
    let address = receiver.incoming().address(0).unwrap();
    let base = address.diversifier.base_point().unwrap();
    let (cm, note) = forged(&receiver, &base, address.diversifier, 2, None);
    assert_eq!(
        open(receiver.incoming(), &cm, &note),
        Err(OpenError::Version(2))
    );
}

#[test]
fn a_note_whose_commitment_is_not_the_published_one_is_refused() {
    let (sender, receiver) = (account(0), account(1));
    let sealed = pay(&sender, &receiver, 0, 5, 2);
    let other = FieldBytes::from_hash([5; 32]);
    assert!(open(receiver.incoming(), &other, &sealed.ciphertext).is_err());
    assert!(open_outgoing(sender.outgoing(), &other, &sealed.ciphertext).is_err());
}

#[test]
fn an_ephemeral_point_of_small_order_is_refused_before_it_meets_the_key() {
    let (sender, receiver) = (account(0), account(1));
    let mut sealed = pay(&sender, &receiver, 0, 5, 2);
    let mut two = [0; 64];
    let minus_one = -ark_ed_on_bls12_381_bandersnatch::Fq::from(1u8);
    two[32..].copy_from_slice(FieldBytes::from(minus_one).as_bytes());
    sealed.ciphertext.epk = two;
    assert_eq!(
        open(
            receiver.incoming(),
            &sealed.note.commitment(),
            &sealed.ciphertext
        ),
        Err(OpenError::EphemeralPoint)
    );
}

/// What somebody has who stored everything public, and later takes logarithms on Bandersnatch: all of the
/// receiver's address, ivk, the shared point. Not the ML-KEM secret key.
#[test]
fn harvested_ciphertexts_stay_closed_when_only_ecdh_falls() {
    let (sender, receiver) = (account(0), account(1));
    let sealed = pay(&sender, &receiver, 0, 5, 2);
    let (cm, ciphertext) = (sealed.note.commitment(), &sealed.ciphertext);
    let epk = Point::from_uncompressed(&ciphertext.epk).unwrap();
    let shared = epk.times(receiver.incoming().ivk()).unwrap();
    assert_eq!(
        view_tag(&shared.to_uncompressed(), &ciphertext.epk),
        ciphertext.tag,
        "the point that is given away is the right one"
    );
    let opens = |secret: &[u8; 32]| {
        let key = derive_key(&shared, secret, &ciphertext.epk, &ciphertext.kem);
        let bound = [
            cm.as_bytes().as_slice(),
            &[ciphertext.tag],
            &ciphertext.outgoing,
        ]
        .concat();
        let (text, tag) = ciphertext.sealed.split_at(wire::PLAINTEXT_BYTES);
        ChaCha20Poly1305::new(&(*key).into())
            .decrypt_in_place_detached(
                &Default::default(),
                &bound,
                &mut text.to_vec(),
                chacha20poly1305::Tag::from_slice(tag),
            )
            .is_ok()
    };
    let right = receiver.incoming().kem().decapsulate(&ciphertext.kem);
    assert!(opens(&right), "with both secrets it opens");
    let other = KemSecretKey::from_seed(&[1; 64]).decapsulate(&ciphertext.kem);
    for guess in [[0; 32], [0xff; 32], *other] {
        assert!(!opens(&guess));
    }
}

#[test]
fn the_kem_secret_alone_opens_nothing() {
    let (sender, receiver) = (account(0), account(1));
    let sealed = pay(&sender, &receiver, 0, 5, 2);
    let ciphertext = &sealed.ciphertext;
    let secret = receiver.incoming().kem().decapsulate(&ciphertext.kem);
    let epk = Point::from_uncompressed(&ciphertext.epk).unwrap();
    let right = epk.times(receiver.incoming().ivk()).unwrap();
    let key = |shared: &Point| derive_key(shared, &secret, &ciphertext.epk, &ciphertext.kem);
    assert_ne!(key(&right), key(&epk));
    assert_ne!(key(&right), key(&Point::generator()));
}

#[test]
fn the_seed_makes_the_ciphertext_again_and_another_seed_does_not() {
    let (sender, receiver) = (account(0), account(1));
    let sealed = pay(&sender, &receiver, 0, 5, 2);
    let cm = sealed.note.commitment();
    let contact = contact(&receiver, 0);
    let reopened = |seed, index| {
        let address = receiver.incoming().address(index).unwrap();
        let seed = NoteSeed::from_bytes(seed);
        reopen(&address, contact.kem(), &seed, &cm, &sealed.ciphertext)
    };
    let opened = open(receiver.incoming(), &cm, &sealed.ciphertext).unwrap();
    assert_eq!(reopened([2; 32], 0), Ok(opened));
    assert_eq!(reopened([3; 32], 0), Err(OpenError::OtherSeed));
    assert_eq!(reopened([2; 32], 1), Err(OpenError::OtherSeed));
}

#[test]
fn memos_are_text_or_bytes_of_a_fixed_length() {
    assert_eq!(Memo::from_text("").unwrap(), Memo::EMPTY);
    assert_eq!(Memo::EMPTY.text(), Some(""));
    let longest = "x".repeat(crate::MEMO_BYTES);
    assert_eq!(
        Memo::from_text(&longest).unwrap().text(),
        Some(longest.as_str())
    );
    assert_eq!(Memo::from_text(&"x".repeat(crate::MEMO_BYTES + 1)), None);
    assert_eq!(Memo::from_text("a\0b"), None);
    assert_eq!(Memo([0xff; crate::MEMO_BYTES]).text(), None);
}

#[test]
fn equal_notes_at_two_positions_have_two_nullifiers() {
    let note = pay(&account(0), &account(1), 0, 5, 2).note;
    let nk = account(1).nullifier_key();
    let pool = FieldBytes::from_hash([1; 32]);
    let other_pool = FieldBytes::from_hash([2; 32]);
    let nullifier = note.nullifier(&nk, 1, &pool);
    assert_ne!(nullifier, note.nullifier(&nk, 2, &pool));
    assert_ne!(nullifier, note.nullifier(&nk, 1, &other_pool));
    assert_ne!(
        nullifier,
        note.nullifier(&account(0).nullifier_key(), 1, &pool)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_payment_is_read_by_both(
        value: u64, asset: u32, memo in "\\PC{0,30}", seed: [u8; 32], index: u64,
    ) {
        let (sender, receiver) = (account(0), account(1));
        let contact = contact(&receiver, index);
        let payment = crate::Payment { value, asset, memo: Memo::from_text(&memo).unwrap() };
        let seed = NoteSeed::from_bytes(seed);
        let sealed = seal(contact.address(), contact.kem(), &payment, &seed, sender.outgoing()).unwrap();
        let cm = sealed.note.commitment();
        let came = open(receiver.incoming(), &cm, &sealed.ciphertext);
        prop_assert_eq!(&came, &open_outgoing(sender.outgoing(), &cm, &sealed.ciphertext));
        let came = came.unwrap();
        prop_assert_eq!((came.note.value, came.note.asset), (value, asset));
        prop_assert_eq!(came.memo.text(), Some(memo.as_str()));
        prop_assert_eq!(came.address, *contact.address());
    }
}
