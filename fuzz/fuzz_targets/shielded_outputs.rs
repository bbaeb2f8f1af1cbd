//! Ciphertexts as a chain hands them out: nothing stops a scanner, and nothing made up is opened.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_circuits::FieldBytes;
use plume_shielded::{
    ChainOutput, FullViewingKey, KemPublicKey, NoteCiphertext, Point, Scanner, SpendingKey,
    open_outgoing,
};
use std::sync::LazyLock;

static ACCOUNT: LazyLock<FullViewingKey> = LazyLock::new(|| {
    let key = SpendingKey::from_seed(&[7; 64], 0).expect("the seed gives a key");
    key.full_viewing_key()
});

fuzz_target!(|bytes: &[u8]| {
    let _ = KemPublicKey::from_bytes(bytes);
    if let Some(bytes) = bytes.first_chunk() {
        let _ = Point::from_compressed(bytes).map(|point| assert_eq!(point.to_compressed(), *bytes));
    }
    if let Some(bytes) = bytes.first_chunk() {
        let _ = Point::from_uncompressed(bytes);
    }
    if let Ok(ciphertext) = NoteCiphertext::from_bytes(bytes) {
        assert_eq!(ciphertext.to_bytes(), bytes);
        let cm = FieldBytes::ZERO;
        let output = ChainOutput { cm, ciphertext: &ciphertext };
        let scanner = Scanner::new(ACCOUNT.incoming());
        assert!(scanner.scan(&[output]).is_empty());
        assert!(scanner.open(&output).is_err());
        assert!(open_outgoing(ACCOUNT.outgoing(), &cm, &ciphertext).is_err());
    }
});
