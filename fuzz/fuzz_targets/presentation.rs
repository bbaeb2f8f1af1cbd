//! Presentations of credentials, whole and part by part.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_credentials::{Expected, Key, present, verify};

fuzz_target!(|text: &str| {
    let expected = Expected {
        genesis: [7; 32],
        issuer_key: None,
        binding: Some(("audience", "nonce")),
    };
    let _ = verify(text, &expected, 1_795_500_000);
    let holder = Key::from_seed([2; 32]);
    let _ = present(text, &["family_name"], &holder, "audience", "nonce", 1_795_500_000);
});
