//! Keys, addresses, contacts and phrases of the shielded pool, as they are handed around; what is read is written back
//! the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_fuzz::Input;
use plume_shielded::{
    ADDRESS_BYTES, Address, Contact, DetectionKey, FullViewingKey, IncomingViewingKey, Network,
    OutgoingViewingKey, SpendingKey,
};
use std::sync::LazyLock;

const NETWORK: Network = Network::Dev;
const PHRASE: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let key = SpendingKey::from_phrase(PHRASE, "", 0).expect("it is a phrase");
    let account = key.full_viewing_key();
    let incoming = account.incoming();
    let contact = Contact::of(incoming, 3, None).expect("the fourth address");
    let texts = [
        contact.address().to_text(NETWORK),
        contact.to_json(NETWORK),
        key.to_text(NETWORK).to_string(),
        account.to_text(NETWORK).to_string(),
        incoming.to_text(NETWORK).to_string(),
        account.outgoing().to_text(NETWORK).to_string(),
        incoming.detection().to_text(NETWORK).to_string(),
        PHRASE.into(),
    ];
    texts.map(String::into_bytes).to_vec()
});

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    if let Some(bytes) = input.bytes.first_chunk::<ADDRESS_BYTES>() {
        let _ = Address::from_bytes(bytes).map(|read| assert_eq!(read.to_bytes(), *bytes));
    }
    let Some(text) = input.text() else { return };
    let mut took = 0;
    let mut same = |written: &str| {
        assert_eq!(written, text.trim().to_lowercase());
        took += 1;
    };
    if let Ok(address) = Address::from_text(text, NETWORK) {
        same(&address.to_text(NETWORK));
    }
    if let Ok(key) = SpendingKey::from_text(text, NETWORK) {
        same(&key.to_text(NETWORK));
    }
    if let Ok(key) = FullViewingKey::from_text(text, NETWORK) {
        same(&key.to_text(NETWORK));
    }
    if let Ok(key) = IncomingViewingKey::from_text(text, NETWORK) {
        same(&key.to_text(NETWORK));
    }
    if let Ok(key) = OutgoingViewingKey::from_text(text, NETWORK) {
        same(&key.to_text(NETWORK));
    }
    if let Ok(key) = DetectionKey::from_text(text, NETWORK) {
        same(&key.to_text(NETWORK));
    }
    if let Ok(contact) = Contact::from_json(text, NETWORK) {
        assert_eq!(contact.to_json(NETWORK), text.trim_end());
        took += 1;
    }
    took += u32::from(SpendingKey::from_phrase(text, "", 0).is_ok());
    assert!(took <= 1, "a text is of one kind");
    assert!(took == 1 || !input.is_unchanged(&FILES));
});
