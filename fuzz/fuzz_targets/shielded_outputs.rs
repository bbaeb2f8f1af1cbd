//! Ciphertexts as a chain hands them out: nothing stops a scanner, nothing made up is opened, and what was sealed is
//! opened by whom it is for as long as nobody changed it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_circuits::FieldBytes;
use plume_fuzz::Input;
use plume_shielded::{
    ChainOutput, FullViewingKey, KemPublicKey, Memo, NoteCiphertext, NoteSeed, Payment, Point,
    Scanner, SpendingKey, open_outgoing, seal,
};
use std::sync::LazyLock;

static ACCOUNT: LazyLock<FullViewingKey> = LazyLock::new(|| {
    let key = SpendingKey::from_seed(&[7; 64], 0).expect("the seed gives a key");
    key.full_viewing_key()
});
/// A commitment, and: the ciphertext of its note, which the account sent to itself, and a public key.
static SEALED: LazyLock<(FieldBytes, Vec<Vec<u8>>)> = LazyLock::new(|| {
    let incoming = ACCOUNT.incoming();
    let address = incoming.address(0).expect("the first address");
    let kem = incoming.kem_public();
    let payment = Payment {
        value: 5,
        asset: 0,
        memo: Memo::EMPTY,
    };
    let seed = NoteSeed::from_bytes([9; 32]);
    let sealed = seal(&address, kem, &payment, &seed, ACCOUNT.outgoing());
    let sealed = sealed.expect("it can be sealed");
    let files = vec![sealed.ciphertext.to_bytes(), kem.to_bytes()];
    (sealed.note.commitment(), files)
});

fuzz_target!(|data: &[u8]| {
    let (cm, files) = &*SEALED;
    let input = Input::of(data, files);
    let bytes = &input.bytes[..];
    let _ = KemPublicKey::from_bytes(bytes).map(|key| assert_eq!(key.to_bytes(), bytes));
    if let Some(bytes) = bytes.first_chunk() {
        let point = Point::from_compressed(bytes);
        let _ = point.map(|point| assert_eq!(point.to_compressed(), *bytes));
    }
    if let Some(bytes) = bytes.first_chunk() {
        let _ = Point::from_uncompressed(bytes);
    }
    if let Ok(ciphertext) = NoteCiphertext::from_bytes(bytes) {
        assert_eq!(ciphertext.to_bytes(), bytes);
        let of = |cm| ChainOutput {
            cm,
            ciphertext: &ciphertext,
        };
        let scanner = Scanner::new(ACCOUNT.incoming());
        let whole = bytes == files[0];
        assert_eq!(scanner.scan(&[of(*cm)]).len(), usize::from(whole));
        assert_eq!(scanner.open(&of(*cm)).is_ok(), whole);
        // The sender's half is sealed for itself, and opens the other one.
        let outgoing = open_outgoing(ACCOUNT.outgoing(), cm, &ciphertext);
        assert_eq!(outgoing.is_ok(), whole);
        assert!(scanner.open(&of(FieldBytes::ZERO)).is_err());
    }
});
