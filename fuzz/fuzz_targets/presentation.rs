//! Presentations of credentials. Whoever changes one is not believed, and what a holder can present is believed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_credentials::{Chain, Expected, Key, Statement, Verified, issue, present, verify};
use plume_fuzz::Input;
use std::sync::LazyLock;

const GENESIS: [u8; 32] = [7; 32];
const NOW_S: u64 = 1_795_500_000;
const ASKED: (&str, &str) = ("audience", "nonce");

/// A credential, and a presentation of it. Their salts are drawn anew each time, which moves nothing.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let file = format!(
        r#"{{
            "reference": "customer 4711", "tier": "two", "kind": "person", "jurisdictions": ["CH"],
            "valid_from": "2026-11-24T00:00:00Z", "valid_until": "2028-11-24T00:00:00Z",
            "holder_key": "{}", "personal": {{ "family_name": "Muster", "address": {{ "city": "Bern" }} }}
        }}"#,
        holder().public()
    );
    let statement = Statement::from_json(file.as_bytes()).expect("a claims file");
    let chain = Chain {
        genesis: GENESIS,
        first_block_s: 1_795_478_400,
    };
    let issued = issue(&statement, &[9; 32], &chain, &issuer(), NOW_S).expect("it is issued");
    let shown = shown(&issued.credential).expect("it is the holder's");
    vec![issued.credential.into_bytes(), shown.into_bytes()]
});

/// What the presentation shows.
static SHOWN: LazyLock<Verified> = LazyLock::new(|| {
    let text = std::str::from_utf8(&FILES[1]).expect("it is text");
    verify(text, &expected(Some(ASKED)), NOW_S).expect("it was presented to us")
});

fn issuer() -> Key {
    Key::from_seed([1; 32])
}

fn holder() -> Key {
    Key::from_seed([2; 32])
}

fn shown(credential: &str) -> Option<String> {
    let (audience, nonce) = ASKED;
    present(
        credential,
        &["family_name"],
        &holder(),
        audience,
        nonce,
        NOW_S,
    )
    .ok()
}

fn expected(binding: Option<(&'static str, &'static str)>) -> Expected<'static> {
    Expected {
        genesis: GENESIS,
        issuer_key: Some(issuer().public()),
        binding,
    }
}

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let Some(text) = input.text() else { return };
    if let Ok(seen) = verify(text, &expected(Some(ASKED)), NOW_S) {
        assert_eq!(seen, *SHOWN, "the holder signed nothing else");
        assert_eq!(
            text.trim().as_bytes(),
            FILES[1],
            "the holder signed this text"
        );
    } else {
        assert!(input.from != Some(1) || !input.is_unchanged(&FILES));
    }
    if let Ok(seen) = verify(text, &expected(None), NOW_S) {
        assert_eq!(
            seen.commitment, SHOWN.commitment,
            "the issuer signed nothing else"
        );
    }
    if let Some(again) = shown(text) {
        let _ = verify(&again, &expected(Some(ASKED)), NOW_S);
    }
});
