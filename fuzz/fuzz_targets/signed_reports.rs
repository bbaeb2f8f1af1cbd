//! Signed reports. Whoever changes one is not believed; whatever report there is can be signed, or there is a reason, and
//! is written in every format.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_fuzz::Input;
use plume_reports::{Report, json, pdf, table};
use std::sync::LazyLock;

#[path = "../../desk/reports/tests/common/mod.rs"]
mod common;

/// A report, signed twice, and without a signature.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let report = common::report();
    let second = json::Key::sr25519([7; 32]).expect("every mini secret is one");
    vec![
        json::sign(&report, &key()).expect("it can be signed"),
        json::sign(&report, &second).expect("it can be signed"),
        json::canonical(&report).expect("it has a canonical form"),
    ]
});

fn key() -> json::Key {
    json::Key::ed25519([7; 32])
}

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    if let Ok(report) = json::verify(&input.bytes, None) {
        assert_eq!(report, common::report(), "nobody signed another");
        assert!(FILES.contains(&input.bytes), "a document has one form");
    } else {
        assert!(input.from == Some(2) || !input.is_unchanged(&FILES));
    }
    if let Ok(report) = serde_json::from_slice::<Report>(&input.bytes) {
        if let Ok(signed) = json::sign(&report, &key()) {
            let read = json::verify(&signed, Some(&key().public()));
            let other_format = report.format != common::report().format;
            assert!(other_format || read.is_ok_and(|read| read == report));
        }
        table::csv(&report).expect("a table is written to memory");
        let _ = pdf::pdf(&report);
    }
});
