use super::{account, contact};
use crate::{
    Address, AddressError, Contact, DetectionKey, Disclosure, FullViewingKey, IncomingViewingKey,
    KeyError, Kind, Network, OutgoingViewingKey, SpendingKey, TextError, blake, new_phrase,
};
use plume_circuits::{Domain, FieldBytes, commit, hash, leaf};

/// The last vector of BIP-39's reference (python-mnemonic), passphrase TREZOR.
const PHRASE: &str = "void come effort suffer camp survey warrior heavy shoot primary clutch crush \
    open amazing screen patrol group space point ten exist slush involve unfold";
const SEED: &str = "01f5bced59dec48e362f2c45b5de68b9fd6c92c6634f44d6d40aab69056506f0\
    e35524a518034ddc1192e1dacd32c1ed3eaa3c3b131c88ed8e7e54c49a5d0998";

#[test]
fn a_phrase_gives_the_seed_of_bip_39() {
    let seed: [u8; 64] = hex::decode(SEED).unwrap().try_into().unwrap();
    let by_phrase = SpendingKey::from_phrase(PHRASE, "TREZOR", 5).unwrap();
    let by_seed = SpendingKey::from_seed(&seed, 5).unwrap();
    assert_eq!(
        by_phrase.to_text(Network::Live),
        by_seed.to_text(Network::Live)
    );
}

#[test]
fn a_phrase_with_a_wrong_word_is_refused() {
    let wrong = PHRASE.replace("void", "vote");
    for phrase in [wrong.as_str(), "", "void", "void come effort"] {
        assert_eq!(
            SpendingKey::from_phrase(phrase, "", 0).unwrap_err(),
            KeyError::Phrase
        );
    }
}

#[test]
fn new_phrases_have_24_words_and_are_never_the_same() {
    let (first, second) = (new_phrase().unwrap(), new_phrase().unwrap());
    assert_eq!(first.split(' ').count(), crate::PHRASE_WORDS);
    assert!(first != second && SpendingKey::from_phrase(&first, "", 0).is_ok());
}

#[test]
fn passphrase_and_account_number_make_other_keys() {
    let text = |passphrase, number| {
        SpendingKey::from_phrase(PHRASE, passphrase, number)
            .unwrap()
            .full_viewing_key()
            .to_text(Network::Live)
    };
    assert_ne!(text("", 0), text("", 1));
    assert_ne!(text("", 0), text("x", 0));
    assert_eq!(text("x", 1), text("x", 1));
}

#[test]
fn no_two_purposes_share_a_personal_string() {
    let mut all = blake::ALL.to_vec();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), blake::ALL.len());
}

#[test]
fn public_keys_are_the_hashes_that_the_proof_opens() {
    let key = SpendingKey::from_seed(&[1; 64], 0).unwrap();
    let (s, nk) = (key.spend_secret(), key.nullifier_key());
    let ak = hash(Domain::SpendAuthority, &[s]);
    let viewing = key.full_viewing_key();
    assert_eq!(viewing.spend_authority(), ak);
    assert_eq!(viewing.pool_key(), hash(Domain::PoolKey, &[ak, nk]));
    let address = viewing.incoming().address(3).unwrap();
    let elements = [viewing.pool_key(), address.diversifier.element()];
    assert_eq!(address.owner(), hash(Domain::Owner, &elements));
    assert!(s != nk && s != ak);
}

#[test]
fn every_key_is_read_back_from_its_text() {
    for network in Network::ALL {
        let spending = SpendingKey::from_seed(&[9; 64], 2).unwrap();
        let text = spending.to_text(network);
        assert_eq!(
            SpendingKey::from_text(&text, network)
                .unwrap()
                .to_text(network),
            text
        );
        let full = spending.full_viewing_key();
        let text = full.to_text(network);
        assert_eq!(
            FullViewingKey::from_text(&text, network)
                .unwrap()
                .to_text(network),
            text
        );
        let incoming = full.incoming();
        let text = incoming.to_text(network);
        let read = IncomingViewingKey::from_text(&text, network).unwrap();
        assert_eq!(read.to_text(network), text);
        assert_eq!(read.address(7), incoming.address(7));
        let text = full.outgoing().to_text(network);
        let read = OutgoingViewingKey::from_text(&text, network).unwrap();
        assert_eq!(read.to_text(network), text);
        let text = incoming.detection().to_text(network);
        let read = DetectionKey::from_text(&text, network).unwrap();
        assert_eq!(read.to_text(network), text);
        let address = incoming.address(0).unwrap();
        assert_eq!(
            Address::from_text(&address.to_text(network), network),
            Ok(address)
        );
    }
}

#[test]
fn a_text_begins_with_what_it_is_and_for_which_network() {
    let full = account(0);
    let address = full.incoming().address(0).unwrap();
    assert!(address.to_text(Network::Live).starts_with("plume1"));
    assert!(address.to_text(Network::Test).starts_with("plumetest1"));
    assert!(address.to_text(Network::Dev).starts_with("plumedev1"));
    assert!(full.to_text(Network::Live).starts_with("plumefvk1"));
    assert!(
        full.incoming()
            .to_text(Network::Dev)
            .starts_with("plumeivkdev1")
    );
    assert!(
        full.outgoing()
            .to_text(Network::Live)
            .starts_with("plumeovk1")
    );
}

#[test]
fn no_prefix_is_that_of_another_kind_or_network() {
    let all: Vec<_> = Kind::ALL
        .iter()
        .flat_map(|kind| {
            Network::ALL.map(|network| format!("{}{}", kind.prefix(), network.suffix()))
        })
        .collect();
    let mut distinct = all.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), all.len());
}

#[test]
fn a_text_for_another_network_or_of_another_kind_is_refused() {
    let full = account(0);
    let text = full.incoming().to_text(Network::Dev);
    let wrong = |error| matches!(error, KeyError::Text(TextError::Prefix(..)));
    assert!(IncomingViewingKey::from_text(&text, Network::Live).is_err_and(wrong));
    assert!(FullViewingKey::from_text(&text, Network::Dev).is_err_and(wrong));
    let address = full.incoming().address(0).unwrap().to_text(Network::Live);
    assert!(matches!(
        Address::from_text(&address, Network::Dev),
        Err(AddressError::Text(TextError::Prefix(..)))
    ));
}

#[test]
fn a_mistyped_letter_is_noticed() {
    let text = account(0)
        .incoming()
        .address(0)
        .unwrap()
        .to_text(Network::Live);
    for at in 6..text.len() {
        let mut letters: Vec<char> = text.chars().collect();
        letters[at] = if letters[at] == 'q' { 'p' } else { 'q' };
        let wrong: String = letters.into_iter().collect();
        assert!(Address::from_text(&wrong, Network::Live).is_err(), "{at}");
    }
}

#[test]
fn debug_prints_no_secret() {
    let key = SpendingKey::from_seed(&[3; 64], 0).unwrap();
    let full = key.full_viewing_key();
    for text in [
        format!("{key:?}"),
        format!("{full:?}"),
        format!("{:?}", full.incoming()),
        format!("{:?}", full.outgoing()),
        format!("{:?}", full.incoming().detection()),
        format!("{:?}", crate::NoteSeed::from_bytes([7; 32])),
    ] {
        assert!(text.ends_with("(secret)"), "{text}");
        assert!(
            !text.contains(|letter: char| letter.is_ascii_digit()),
            "{text}"
        );
    }
}

#[test]
fn a_full_viewing_key_whose_parts_do_not_belong_together_is_refused() {
    let (one, other) = (account(0), account(1));
    let read = |text: &str| {
        let parsed = bech32::decode(text).unwrap();
        parsed.1
    };
    let mut bytes = read(&one.to_text(Network::Live));
    let others = read(&other.to_text(Network::Live));
    bytes[64..224].copy_from_slice(&others[64..224]);
    let text = crate::text::encode(Kind::FullViewingKey, Network::Live, &bytes);
    assert_eq!(
        FullViewingKey::from_text(&text, Network::Live).unwrap_err(),
        KeyError::Text(TextError::Content)
    );
}

#[test]
fn a_key_of_zero_is_refused() {
    for bytes in [[0u8; 32], [0xff; 32]] {
        let text = crate::text::encode(Kind::DetectionKey, Network::Live, &bytes);
        assert_eq!(
            DetectionKey::from_text(&text, Network::Live).unwrap_err(),
            KeyError::Degenerate
        );
    }
}

#[test]
fn addresses_of_one_account_differ_and_are_its_own() {
    let account = account(0);
    let addresses: Vec<_> = (0..20)
        .map(|index| account.incoming().address(index).unwrap())
        .collect();
    for (number, one) in addresses.iter().enumerate() {
        for other in addresses.iter().skip(number + 1) {
            assert_ne!(one.transmission_key, other.transmission_key);
            assert_ne!(one.owner(), other.owner());
            assert_eq!(one.pool_key, other.pool_key);
        }
        assert_eq!(account.incoming().address_at(one.diversifier), Some(*one));
    }
}

#[test]
fn a_contact_is_read_back_and_has_the_leaf_of_its_credential() {
    let key = account(0);
    let part = |number: u8| FieldBytes::from_hash([number; 32]);
    let disclosure = Disclosure {
        claims: part(1),
        issuer: part(2),
        salt: part(3),
        subject: part(4),
    };
    let contact = Contact::of(key.incoming(), 5, Some(disclosure)).unwrap();
    let text = contact.to_json(Network::Test);
    assert_eq!(
        Contact::from_json(&text, Network::Test),
        Ok(contact.clone())
    );
    assert!(Contact::from_json(&text, Network::Live).is_err());
    let bound = commit(&[key.pool_key()], &part(3));
    assert_eq!(
        contact.credential_leaf(),
        Some(leaf(&[part(4), part(2), part(1), bound]))
    );
    assert_eq!(super::contact(&key, 5).credential_leaf(), None);
}

#[test]
fn a_contact_with_another_kem_key_is_refused() {
    let (one, other) = (contact(&account(0), 0), contact(&account(1), 0));
    assert!(Contact::new(*one.address(), other.kem().clone(), None).is_err());
    let text = one.to_json(Network::Dev);
    let key = |text: &str| text.split('"').nth(7).unwrap().to_string();
    let mixed = text.replace(&key(&text), &key(&other.to_json(Network::Dev)));
    assert!(mixed != text && Contact::from_json(&mixed, Network::Dev).is_err());
}

#[test]
fn a_contact_with_an_unknown_field_or_other_spacing_is_refused() {
    let text = contact(&account(0), 0).to_json(Network::Dev);
    let unknown = text.replacen('{', "{\"extra\":1,", 1);
    assert!(Contact::from_json(&unknown, Network::Dev).is_err());
    let spaced = text.replacen(':', ": ", 1);
    assert!(Contact::from_json(&spaced, Network::Dev).is_err());
    let version = text.replace("\"version\":1", "\"version\":2");
    assert!(Contact::from_json(&version, Network::Dev).is_err());
    assert!(Contact::from_json(&text, Network::Dev).is_ok());
}
