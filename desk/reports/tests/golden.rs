//! The exports that are pinned byte by byte, and what signatures promise.
//!
//! After a wanted change run the tests with `PLUME_BLESS=1`, look at the difference, and commit it.

mod common;

use common::{case, flow, report, report_of, stranger, zoe};
use plume_reports::{
    Hash32, Report,
    json::{self, Algorithm, Key, PublicKey, VerifyError},
    pdf, table,
};
use proptest::prelude::*;
use std::path::Path;

fn golden(name: &str, found: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("PLUME_BLESS").is_some() {
        std::fs::write(&path, found).expect("the folder of golden files can be written");
    }
    let expected = std::fs::read(&path).unwrap_or_default();
    assert!(
        expected == found,
        "{name} is not what it was:\n{}\nrun with PLUME_BLESS=1 if that is wanted",
        String::from_utf8_lossy(found)
    );
}

#[test]
fn the_signed_json_is_what_it_was() {
    golden(
        "report.json",
        &json::sign(&report(), &Key::ed25519([7; 32])).unwrap(),
    );
}

#[test]
fn the_csv_is_what_it_was() {
    golden("report.csv", &table::csv(&report()).unwrap());
}

#[test]
fn keys_are_sorted_and_amounts_are_strings() {
    let text = String::from_utf8(json::canonical(&report()).unwrap()).unwrap();
    assert!(
        text.starts_with(r#"{"customers":[{"account_number":"CH-0001""#),
        "{}",
        &text[..80]
    );
    assert!(text.contains(r#""amount":"12500000000000000000000""#));
    assert!(!text.contains("\n") && !text.contains(": "));
}

#[test]
fn both_kinds_of_signatures_verify_and_name_their_key() {
    for (key, algorithm) in [
        (Key::ed25519([7; 32]), Algorithm::Ed25519),
        (Key::sr25519([7; 32]).unwrap(), Algorithm::Sr25519),
    ] {
        let signed = json::sign(&report(), &key).unwrap();
        assert_eq!(key.public().algorithm, algorithm);
        assert_eq!(
            json::verify(&signed, Some(&key.public())).unwrap(),
            report()
        );
        assert_eq!(json::verify(&signed, None).unwrap(), report());
        let other = PublicKey {
            algorithm,
            bytes: Hash32([9; 32]),
        };
        assert!(matches!(
            json::verify(&signed, Some(&other)),
            Err(VerifyError::OtherKey(_))
        ));
    }
}

/// The key that `//Alice` has in every wallet of this ecosystem, from its published mini secret.
#[test]
fn an_sr25519_key_is_the_one_that_wallets_have() {
    let mini: Hash32 = "0xe5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a"
        .parse()
        .unwrap();
    let public = Key::sr25519(mini.0).unwrap().public();
    assert_eq!(
        public.bytes.to_string(),
        "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"
    );
}

/// RFC 8032, 7.1, test 1.
#[test]
fn an_ed25519_key_is_that_of_the_rfc() {
    let seed: Hash32 = "0x9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
        .parse()
        .unwrap();
    let public = Key::ed25519(seed.0).public();
    assert_eq!(
        public.bytes.to_string(),
        "0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    );
}

#[test]
fn whatever_is_changed_after_signing_is_noticed() {
    let signed = String::from_utf8(json::sign(&report(), &Key::ed25519([7; 32])).unwrap()).unwrap();
    let verify = |document: &str| json::verify(document.as_bytes(), None);
    assert!(matches!(
        verify(&signed.replace("994500", "994501")),
        Err(VerifyError::Signature)
    ));
    assert!(matches!(
        verify(&signed.replace("\"hold\"", "\"deny\"")),
        Err(VerifyError::Signature)
    ));
    assert!(matches!(
        verify(&format!("{signed} ")),
        Err(VerifyError::NotCanonical)
    ));
    assert!(matches!(
        verify(&signed.replace("report-1", "report-2")),
        Err(VerifyError::Format(_))
    ));
    assert!(matches!(
        verify(&signed.replace("ed25519", "sr25519")),
        Err(VerifyError::Signature)
    ));
    assert!(matches!(
        verify(&signed.replace("\"chain\"", "\"chein\"")),
        Err(VerifyError::Json(_))
    ));
}

#[test]
fn a_number_that_json_cannot_hold_is_not_signed() {
    let mut large = report();
    large.period.cases[0].case_id = (1 << 53) + 1;
    assert!(json::sign(&large, &Key::ed25519([7; 32])).is_err());
    large.period.cases[0].case_id = 1 << 53;
    assert!(json::sign(&large, &Key::ed25519([7; 32])).is_ok());
}

#[test]
fn a_report_has_the_customers_that_appear_and_no_others() {
    let whole = report();
    assert_eq!(whole.customers.len(), 2);
    assert_eq!(whole.unmatched, [common::subject(3)]);
    let one = report_of(vec![case(1, vec![flow(zoe(), stranger(), 1, 1, 1)])]);
    assert_eq!(one.customers.len(), 1);
}

#[test]
fn no_csv_field_begins_a_formula() {
    let bytes = table::csv(&report()).unwrap();
    assert!(bytes.ends_with(b"\r\n"));
    let mut rows = csv::Reader::from_reader(bytes.as_slice());
    let mut fields = 0;
    for row in rows.records().map(Result::unwrap) {
        assert!(
            row.iter()
                .all(|field| !field.starts_with(['=', '+', '-', '@']))
        );
        fields += row.len();
    }
    assert_eq!(fields, 4 * 22);
}

#[test]
fn the_pdf_is_the_same_each_time_and_another_for_another_report() {
    let first = pdf::pdf(&report()).unwrap();
    assert!(first.starts_with(b"%PDF-1.") && first.ends_with(b"%%EOF"));
    assert_eq!(first, pdf::pdf(&report()).unwrap());
    assert_ne!(first, pdf::pdf(&report_of(vec![])).unwrap());
    if let Some(path) = std::env::var_os("PLUME_PDF") {
        std::fs::write(path, first).unwrap();
    }
}

#[test]
fn a_long_report_takes_more_pages() {
    let flows = (0..400)
        .map(|number| flow(zoe(), stranger(), u128::from(number) << 64, number, number))
        .collect();
    let long = pdf::pdf(&report_of(vec![case(1, flows)])).unwrap();
    let pages = long
        .windows(b"/Type /Page\n".len())
        .filter(|part| part == b"/Type /Page\n")
        .count();
    assert!(pages > 10, "{pages}");
}

#[test]
fn a_signature_in_capitals_is_not_the_signed_document() {
    let signed = json::sign(&report_of(vec![]), &Key::ed25519([7; 32])).unwrap();
    let text = String::from_utf8(signed).unwrap();
    let mark = "\"signature\":\"0x";
    let start = text.find(mark).unwrap() + mark.len();
    let (before, after) = text.split_at(start);
    let (digits, rest) = after.split_at(128);
    let shouted = format!("{before}{}{rest}", digits.to_uppercase());
    assert_ne!(shouted, text);
    assert!(json::verify(shouted.as_bytes(), None).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_the_verifier_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        place: prop::sample::Index,
        byte: u8,
    ) {
        prop_assert!(json::verify(&bytes, None).is_err());
        let mut damaged = json::sign(&report_of(vec![]), &Key::ed25519([7; 32])).unwrap();
        let place = place.index(damaged.len());
        let whole = damaged[place] == byte;
        damaged[place] = byte;
        prop_assert_eq!(json::verify(&damaged, None).is_ok(), whole);
        let _ = serde_json::from_slice::<Report>(&damaged);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))] // each writes two documents with their fonts

    #[test]
    fn any_text_can_be_printed(name in "\\PC{0,60}", detail in "\\PC{0,200}") {
        let mut record = case(1, vec![flow(zoe(), stranger(), 1, 1, 1)]);
        record.policy.scope = name;
        record.reasons[0].detail = detail;
        let report = report_of(vec![record]);
        let printed = pdf::pdf(&report);
        prop_assert!(printed.is_ok_and(|printed| pdf::pdf(&report).is_ok_and(|again| again == printed)));
    }
}
