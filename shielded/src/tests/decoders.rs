//! Every reader of bytes or text, with random and with damaged input. Reading must end, and what is read must be
//! written back the same.

use super::{account, contact, pay};
use crate::{
    Address, Contact, DetectionKey, FullViewingKey, IncomingViewingKey, KemPublicKey, Network,
    NoteCiphertext, OutgoingViewingKey, SpendingKey,
    disclosure::{Audience, Question, Receipt, Standing, Statement, UnprovenStanding},
    open,
};
use plume_circuits::standing::{JurisdictionSet, PublicInputs};
use proptest::{collection::vec, prelude::*};

fn read_all(text: &str) {
    for network in Network::ALL {
        if let Ok(address) = Address::from_text(text, network) {
            assert_eq!(address.to_text(network), text.trim().to_lowercase());
        }
        if let Ok(contact) = Contact::from_json(text, network) {
            assert_eq!(contact.to_json(network), text.trim_end());
        }
        if let Ok(key) = SpendingKey::from_text(text, network) {
            assert_eq!(*key.to_text(network), text.trim().to_lowercase());
        }
        if let Ok(key) = FullViewingKey::from_text(text, network) {
            assert_eq!(*key.to_text(network), text.trim().to_lowercase());
        }
        if let Ok(key) = IncomingViewingKey::from_text(text, network) {
            assert_eq!(*key.to_text(network), text.trim().to_lowercase());
        }
        if let Ok(key) = OutgoingViewingKey::from_text(text, network) {
            assert_eq!(*key.to_text(network), text.trim().to_lowercase());
        }
        if let Ok(key) = DetectionKey::from_text(text, network) {
            assert_eq!(*key.to_text(network), text.trim().to_lowercase());
        }
    }
    if let Ok(receipt) = Receipt::from_json(text) {
        assert_eq!(receipt.to_json(), text.trim_end());
    }
    if let Ok(statement) = Statement::from_json(text) {
        assert_eq!(statement.to_json(), text.trim_end());
    }
    if let Ok(standing) = Standing::from_json(text) {
        assert_eq!(standing.to_json(), text.trim_end());
    }
    let _ = SpendingKey::from_phrase(text, text, 0);
}

/// One text of each kind.
fn texts() -> Vec<String> {
    let (own, other) = (account(0), account(1));
    let note = pay(&other, &own, 0, 5, 1);
    let opened = open(own.incoming(), &note.note.commitment(), &note.ciphertext).unwrap();
    let audience = Audience {
        nonce: [1; 32],
        verifier: "A".into(),
    };
    let pool = plume_circuits::FieldBytes::from_hash([1; 32]);
    let receipt = Receipt::of_receiver(&own, &opened, (pool, 3), audience.clone(), Network::Live);
    let mut builder = crate::disclosure::StatementBuilder::new(&own, Network::Live);
    builder.add(&opened, 3, contact(&own, 0).kem()).unwrap();
    let statement = builder.sign(pool, (0, 9), audience.clone()).unwrap();
    let question = Question {
        audience,
        tier: 2,
        jurisdictions: JurisdictionSet::new(&[*b"CH", *b"DE"]).unwrap(),
    };
    let said = PublicInputs {
        credential_root: pool,
        tier: question.tier,
        time: 7,
        verifier: question.verifier(&pool).unwrap(),
        pseudonym: pool,
        binding: pool,
        jurisdictions: question.jurisdictions,
    };
    let standing = UnprovenStanding::new(&question, &said, pool).unwrap();
    vec![
        own.incoming().address(0).unwrap().to_text(Network::Live),
        SpendingKey::from_seed(&[1; 64], 0)
            .unwrap()
            .to_text(Network::Live)
            .to_string(),
        own.to_text(Network::Live).to_string(),
        own.incoming().to_text(Network::Live).to_string(),
        own.outgoing().to_text(Network::Live).to_string(),
        own.incoming()
            .detection()
            .to_text(Network::Live)
            .to_string(),
        contact(&own, 0).to_json(Network::Live),
        receipt.unwrap().to_json(),
        statement.to_json(),
        standing.proven([3; 192]).to_json(),
    ]
}

#[test]
fn whole_texts_are_read() {
    for text in texts() {
        read_all(&text);
        read_all(&text.to_uppercase());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_text_is_read_without_panic(text in "\\PC{0,300}") {
        read_all(&text);
    }

    #[test]
    fn random_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..2000)) {
        read_all(&String::from_utf8_lossy(&bytes));
        let _ = KemPublicKey::from_bytes(&bytes).map(|key| assert_eq!(key.to_bytes(), bytes));
        let _ = NoteCiphertext::from_bytes(&bytes).map(|read| assert_eq!(read.to_bytes(), bytes));
        if let Some(bytes) = bytes.first_chunk::<107>() {
            let _ = Address::from_bytes(bytes).map(|read| assert_eq!(read.to_bytes(), *bytes));
        }
    }

    #[test]
    fn right_prefixes_with_random_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..260)) {
        for kind in crate::Kind::ALL {
            read_all(&crate::text::encode(kind, Network::Live, &bytes));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn damaged_texts_are_read_without_panic(
        which in 0usize..10,
        damage in vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..4),
    ) {
        let mut bytes = texts()[which].clone().into_bytes();
        for (place, byte, kind) in damage {
            if bytes.is_empty() {
                break;
            }
            let place = place.index(bytes.len());
            match kind {
                0 => bytes[place] = byte,
                1 => { bytes.remove(place); }
                _ => bytes.insert(place, byte),
            }
        }
        read_all(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn damaged_ciphertexts_are_refused(
        damage in vec((any::<prop::sample::Index>(), 1u8..), 1..4),
    ) {
        let (own, other) = (account(0), account(1));
        let note = pay(&other, &own, 0, 5, 1);
        let whole = note.ciphertext.to_bytes();
        let mut bytes = whole.clone();
        for (place, change) in damage {
            let place = place.index(bytes.len());
            bytes[place] ^= change;
        }
        let read = NoteCiphertext::from_bytes(&bytes).unwrap();
        let opened = open(own.incoming(), &note.note.commitment(), &read);
        prop_assert_eq!(opened.is_ok(), bytes == whole);
    }
}
