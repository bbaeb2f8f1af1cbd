//! Whatever of the shielded pool is handed around as text; what is read is written back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_shielded::{
    Address, Contact, DetectionKey, FullViewingKey, IncomingViewingKey, Network, OutgoingViewingKey,
    SpendingKey,
    disclosure::{Receipt, Standing, Statement},
};

fuzz_target!(|text: &str| {
    let network = Network::Dev;
    if let Ok(address) = Address::from_text(text, network) {
        assert_eq!(address.to_text(network), text.trim().to_lowercase());
    }
    if let Ok(contact) = Contact::from_json(text, network) {
        assert_eq!(contact.to_json(network), text.trim_end());
    }
    if let Ok(key) = FullViewingKey::from_text(text, network) {
        assert_eq!(*key.to_text(network), text.trim().to_lowercase());
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
    let _ = SpendingKey::from_text(text, network);
    let _ = IncomingViewingKey::from_text(text, network);
    let _ = OutgoingViewingKey::from_text(text, network);
    let _ = DetectionKey::from_text(text, network);
    let _ = SpendingKey::from_phrase(text, "", 0);
});
