//! Claims files. What is read can be issued, or there is a reason; and what was issued is believed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_credentials::{Chain, Expected, Key, Statement, issue, verify};
use plume_fuzz::Input;
use std::sync::LazyLock;

const PERSON: &str = r#"{
    "reference": "customer 4711", "reference_salt": "0x0505050505050505050505050505050505050505050505050505050505050505",
    "tier": "two", "kind": "person", "jurisdictions": ["CH", "DE"], "risk": "low", "accredited": true,
    "politically_exposed": false, "valid_from": "2026-11-24T00:00:00Z", "valid_until": "2028-11-24T00:00:00Z",
    "holder_key": "HOLDER", "pool_key": "0x0700000000000000000000000000000000000000000000000000000000000000",
    "personal": { "family_name": "Muster", "address": { "city": "Bern", "lines": ["Gasse 1", 2, null] } }
}"#;
const FIRM: &str = r#"{
    "reference": "0x0606060606060606060606060606060606060606060606060606060606060606", "tier": "three", "kind": "firm",
    "jurisdictions": ["LI"], "lei": "5493001KJTIIGC8Y1R12", "valid_from": "2026-11-24T00:00:00Z",
    "valid_until": "2028-11-24T00:00:00+01:00", "holder_key": "HOLDER", "personal": { "name": "Example AG" }
}"#;

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let holder = Key::from_seed([2; 32]).public().to_string();
    [PERSON, FIRM]
        .map(|file| file.replace("HOLDER", &holder).into_bytes())
        .to_vec()
});

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let read = Statement::from_json(&input.bytes);
    assert!(read.is_ok() || !input.is_unchanged(&FILES));
    let Ok(statement) = read else { return };
    let chain = Chain {
        genesis: [7; 32],
        first_block_s: 1_795_478_400,
    };
    let key = Key::from_seed([1; 32]);
    let Ok(issued) = issue(&statement, &[9; 32], &chain, &key, 1_795_500_000) else {
        return;
    };
    let expected = Expected {
        genesis: chain.genesis,
        issuer_key: Some(key.public()),
        binding: None,
    };
    let seen = verify(&issued.credential, &expected, statement.valid_from_s);
    let seen = seen.expect("what was issued is believed");
    assert_eq!(seen.claims, statement.claims);
    assert_eq!(seen.personal, statement.personal);
    assert_eq!(seen.pool_key, statement.pool_key.unwrap_or_default());
    assert_eq!(seen.commitment, issued.commitment);
});
