//! Keys of credentials as people name them, pool keys, and what a holder discloses to payers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_circuits::FieldBytes;
use plume_credentials::{Hash32, Key, PublicKey, check_leaf, pool_key};
use plume_fuzz::{Input, json_round_trip};
use plume_shielded::{Contact, Disclosure, Network, SpendingKey};
use std::sync::LazyLock;

/// A pool key, an address, a contact, a public key in both forms, a disclosure.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let disclosure = Disclosure {
        claims: FieldBytes::from(1u64),
        issuer: FieldBytes::from(2u64),
        salt: FieldBytes::from(3u64),
        subject: FieldBytes::from(4u64),
    };
    let account = SpendingKey::from_seed(&[7; 64], 0).expect("the seed gives a key");
    let account = account.full_viewing_key();
    let contact = Contact::of(account.incoming(), 0, Some(disclosure)).expect("the first address");
    let key = Key::from_seed([1; 32]).public();
    vec![
        Hash32(*account.pool_key().as_bytes())
            .to_string()
            .into_bytes(),
        contact.address().to_text(Network::Live).into_bytes(),
        contact.to_json(Network::Dev).into_bytes(),
        key.to_string().into_bytes(),
        key.to_jwk().to_string().into_bytes(),
        serde_json::to_vec(&disclosure).expect("it is written"),
    ]
});

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let Some(text) = input.text() else { return };
    let key = pool_key(text);
    assert!(key.is_ok() || input.from > Some(2) || !input.is_unchanged(&FILES));
    if let Ok(key) = key {
        let digits = Hash32(*key.as_bytes()).to_string();
        assert_eq!(pool_key(&digits), Ok(key));
        assert_eq!(pool_key(&digits[2..]), Ok(key));
    }
    if let Ok(key) = text.parse::<PublicKey>() {
        assert_eq!(key.to_string(), text.trim().to_lowercase());
        assert_eq!(PublicKey::from_jwk(&key.to_jwk()), Ok(key));
    }
    if let Ok(jwk) = serde_json::from_str(text)
        && let Ok(key) = PublicKey::from_jwk(&jwk)
    {
        assert_eq!(PublicKey::from_jwk(&key.to_jwk()), Ok(key));
    }
    if let Ok(key) = Key::from_text(text) {
        assert_eq!(
            PublicKey::try_from(Hash32(key.public().bytes())),
            Ok(key.public())
        );
    }
    if let Some(disclosure) = json_round_trip::<Disclosure>(text.as_bytes()) {
        let leaf = disclosure.leaf(&disclosure.salt);
        assert!(check_leaf(&disclosure, &disclosure.salt, Some(&leaf)).is_ok());
        assert!(check_leaf(&disclosure, &disclosure.salt, None).is_err());
    }
});
