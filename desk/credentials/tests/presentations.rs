//! Whom a verifier believes, and whom not.

use plume_credentials::{
    Chain, Expected, Hash32, Issued, Key, PresentError, Record, RecordError, RecordStatus,
    Statement, Verified, VerifyError, check_record, issue, present, verify,
};
use proptest::{collection::vec, prelude::*};
use serde_json::json;
use std::sync::LazyLock;

const GENESIS: [u8; 32] = [7; 32];
const FIRST_BLOCK_S: u64 = 1_795_478_400;
const NOW_S: u64 = FIRST_BLOCK_S + 100_000;
const AUDIENCE: &str = "bank.example";
const NONCE: &str = "n-0S6_WzA2Mj";
const ACCOUNT: [u8; 32] = [9; 32];

fn issuer() -> Key {
    Key::from_seed([1; 32])
}

fn holder() -> Key {
    Key::from_seed([2; 32])
}

fn issued_by(key: &Key, genesis: [u8; 32]) -> Issued {
    let file = json!({
        "reference": "customer 4711",
        "tier": "two",
        "kind": "person",
        "jurisdictions": ["CH"],
        "valid_from": "2026-11-24T00:00:00Z",
        "valid_until": "2028-11-24T00:00:00Z",
        "holder_key": holder().public(),
        "personal": {
            "family_name": "Muster",
            "given_name": "Erika",
            "birth_date": "1980-10-25",
            "address": { "city": "Bern", "street": "Beispielgasse 1" },
        },
    });
    let file = serde_json::to_vec(&file).expect("plain fields");
    let statement = Statement::from_json(&file).expect("a right claims file");
    let chain = Chain {
        genesis,
        first_block_s: FIRST_BLOCK_S,
    };
    issue(&statement, &ACCOUNT, &chain, key, NOW_S).expect("it can be issued")
}

fn issued() -> Issued {
    issued_by(&issuer(), GENESIS)
}

fn shown(issued: &Issued, names: &[&str]) -> String {
    present(&issued.credential, names, &holder(), AUDIENCE, NONCE, NOW_S).expect("the holder's")
}

fn expected() -> Expected<'static> {
    Expected {
        genesis: GENESIS,
        issuer_key: Some(issuer().public()),
        binding: Some((AUDIENCE, NONCE)),
    }
}

fn refused(presentation: &str) -> VerifyError {
    verify(presentation, &expected(), NOW_S).expect_err("it is to be refused")
}

#[test]
fn a_verifier_sees_what_was_disclosed_and_nothing_else() {
    let issued = issued();
    let presentation = shown(&issued, &["family_name", "address"]);
    let verified = verify(&presentation, &expected(), NOW_S).unwrap();
    assert_eq!(verified.personal.len(), 2);
    assert_eq!(verified.personal["address"]["city"], "Bern");
    assert_eq!(verified.subject, issued.subject);
    assert_eq!(verified.commitment, issued.commitment);
    assert_eq!(verified.holder_key, holder().public());
    let nothing = verify(&shown(&issued, &[]), &expected(), NOW_S).unwrap();
    assert!(nothing.personal.is_empty());
}

#[test]
fn no_personal_data_is_in_what_is_not_disclosed() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let presentation = shown(&issued(), &["given_name"]);
    let plain: Vec<String> = presentation
        .split(['~', '.'])
        .filter_map(|part| URL_SAFE_NO_PAD.decode(part).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    assert!(plain.iter().any(|text| text.contains("Erika")));
    assert!(
        !plain
            .iter()
            .any(|text| text.contains("Muster") || text.contains("Bern"))
    );
}

#[test]
fn a_credential_is_a_verifiable_credential_of_the_second_data_model() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let credential = issued().credential;
    let part = |place| -> serde_json::Value {
        let text = credential.split(['~', '.']).nth(place).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
    };
    let (header, payload) = (part(0), part(1));
    assert_eq!(header["typ"], "vc+sd-jwt");
    assert_eq!(header["alg"], "EdDSA");
    assert_eq!(
        payload["@context"][0],
        "https://www.w3.org/ns/credentials/v2"
    );
    assert_eq!(payload["type"][0], "VerifiableCredential");
    assert_eq!(payload["validUntil"], "2028-11-24T00:00:00Z");
    assert_eq!(payload["vct"], "urn:plume:credential:subject:1");
    assert_eq!(payload["cnf"]["jwk"]["crv"], "Ed25519");
    assert_eq!(
        payload["credentialSubject"]["_sd"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn each_credential_has_a_commitment_of_its_own() {
    assert_ne!(issued().commitment, issued().commitment);
}

#[test]
fn a_forged_credential_is_refused() {
    let issued = issued();
    let presentation = shown(&issued, &["family_name"]);
    let mut parts: Vec<&str> = presentation.split('.').collect();
    let other = shown(
        &issued_by(&Key::from_seed([3; 32]), GENESIS),
        &["family_name"],
    );
    let others: Vec<&str> = other.split('.').collect();
    // The payload of one, with header and signature of the other.
    parts[1] = others[1];
    assert_eq!(refused(&parts.join(".")), VerifyError::Forged);
    // Signed in full, but by somebody else.
    assert_eq!(
        refused(&other),
        VerifyError::OtherIssuer(Key::from_seed([3; 32]).public())
    );
}

#[test]
fn what_the_issuer_never_signed_cannot_be_disclosed() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let presentation = shown(&issued(), &["family_name"]);
    let invented = URL_SAFE_NO_PAD.encode(r#"["c2FsdA","family_name","Other"]"#);
    let parts: Vec<&str> = presentation.split('~').collect();
    let replaced = [parts[0], &invented, parts[2]].join("~");
    assert!(matches!(refused(&replaced), VerifyError::Disclosure(_)));
    let twice = [parts[0], parts[1], parts[1], parts[2]].join("~");
    assert!(matches!(refused(&twice), VerifyError::Disclosure(_)));
    let nested = URL_SAFE_NO_PAD.encode(r#"["c2FsdA","family_name",{"_sd":["x"]}]"#);
    let nested = [parts[0], &nested, parts[2]].join("~");
    assert!(matches!(refused(&nested), VerifyError::Disclosure(_)));
}

#[test]
fn an_expired_credential_is_refused_and_one_that_does_not_count_yet() {
    let presentation = shown(&issued(), &[]);
    let at = |now_s| verify(&presentation, &expected(), now_s).unwrap_err();
    assert_eq!(
        at(1_858_636_800),
        VerifyError::Expired("2028-11-24T00:00:00Z".into())
    );
    assert_eq!(
        at(FIRST_BLOCK_S - 1),
        VerifyError::NotYetValid("2026-11-24T00:00:00Z".into())
    );
}

#[test]
fn a_credential_of_another_chain_is_refused() {
    let presentation = shown(&issued_by(&issuer(), [8; 32]), &[]);
    assert_eq!(
        refused(&presentation),
        VerifyError::OtherChain(Hash32([8; 32]))
    );
}

#[test]
fn a_replayed_presentation_is_refused() {
    let presentation = shown(&issued(), &[]);
    let with = |binding, now_s| {
        let expected = Expected {
            binding: Some(binding),
            ..expected()
        };
        verify(&presentation, &expected, now_s).unwrap_err()
    };
    assert_eq!(with((AUDIENCE, "another"), NOW_S), VerifyError::Replayed);
    assert_eq!(
        with(("shop.example", NONCE), NOW_S),
        VerifyError::OtherAudience(AUDIENCE.into())
    );
    assert_eq!(
        with((AUDIENCE, NONCE), NOW_S + 301),
        VerifyError::StaleBinding(301)
    );
    assert_eq!(
        with((AUDIENCE, NONCE), NOW_S - 301),
        VerifyError::StaleBinding(301)
    );
}

#[test]
fn only_the_holder_can_present() {
    let issued = issued();
    let thief = Key::from_seed([4; 32]);
    assert_eq!(
        present(&issued.credential, &[], &thief, AUDIENCE, NONCE, NOW_S),
        Err(PresentError::OtherHolder(thief.public()))
    );
    assert_eq!(refused(&issued.credential), VerifyError::NoBinding);
    // The thief's own signature, over a credential that is bound to somebody else.
    let presentation = shown(&issued, &[]);
    let (rest, binding) = presentation.rsplit_once('~').unwrap();
    let mut parts: Vec<&str> = binding.split('.').collect();
    let other = shown(&issued_by(&issuer(), GENESIS), &[]);
    let others: Vec<&str> = other.rsplit_once('~').unwrap().1.split('.').collect();
    parts[2] = others[2];
    let stolen = format!("{rest}~{}", parts.join("."));
    assert_eq!(refused(&stolen), VerifyError::ForgedBinding);
}

#[test]
fn a_holders_signature_is_for_one_choice_of_disclosures() {
    let issued = issued();
    let (few, many) = (shown(&issued, &[]), shown(&issued, &["family_name"]));
    let binding = few.rsplit_once('~').unwrap().1;
    let widened = format!("{}~{binding}", many.rsplit_once('~').unwrap().0);
    assert_eq!(refused(&widened), VerifyError::OtherPresentation);
}

#[test]
fn another_algorithm_or_type_is_refused() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let presentation = shown(&issued(), &[]);
    let (header, rest) = presentation.split_once('.').unwrap();
    let header = String::from_utf8(URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    for (from, to) in [
        ("EdDSA", "none"),
        ("EdDSA", "HS256"),
        ("vc+sd-jwt", "dc+sd-jwt"),
    ] {
        let header = URL_SAFE_NO_PAD.encode(header.replace(from, to));
        assert!(matches!(
            refused(&format!("{header}.{rest}")),
            VerifyError::OtherKind { .. }
        ));
    }
}

#[test]
fn the_holder_is_told_which_items_there_are() {
    let error = present(
        &issued().credential,
        &["shoe_size"],
        &holder(),
        AUDIENCE,
        NONCE,
        NOW_S,
    );
    let text = error.unwrap_err().to_string();
    assert!(
        text.contains("shoe_size") && text.contains("birth_date"),
        "{text}"
    );
}

fn verified() -> Verified {
    verify(&shown(&issued(), &[]), &expected(), NOW_S).expect("all is right")
}

#[test]
fn the_chain_has_the_last_word() {
    let verified = verified();
    let record = Record {
        issuer: Hash32(ACCOUNT),
        issuer_admitted: true,
        commitment: Hash32(verified.commitment),
        status: RecordStatus::Active,
        frozen: false,
        valid_from: 0,
        valid_until: 200_000,
    };
    let refused = |record: Record| check_record(&verified, Some(&record), 100_000).unwrap_err();
    assert_eq!(check_record(&verified, Some(&record), 100_000), Ok(()));
    assert_eq!(
        check_record(&verified, None, 100_000),
        Err(RecordError::Unknown)
    );
    let other = Hash32([1; 32]);
    for (changed, error) in [
        (
            Record {
                issuer: other,
                ..record
            },
            RecordError::OtherIssuer(other),
        ),
        (
            Record {
                commitment: other,
                ..record
            },
            RecordError::OtherCommitment,
        ),
        (
            Record {
                status: RecordStatus::Revoked,
                ..record
            },
            RecordError::Revoked,
        ),
        (
            Record {
                status: RecordStatus::Suspended,
                ..record
            },
            RecordError::Suspended,
        ),
        (
            Record {
                issuer_admitted: false,
                ..record
            },
            RecordError::IssuerExpelled,
        ),
        (
            Record {
                valid_from: 100_001,
                ..record
            },
            RecordError::NotYetValid,
        ),
        (
            Record {
                valid_until: 100_000,
                ..record
            },
            RecordError::Expired,
        ),
        (
            Record {
                frozen: true,
                ..record
            },
            RecordError::Frozen,
        ),
    ] {
        assert_eq!(refused(changed), error);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..400), text in "[A-Za-z0-9_~.-]{0,300}") {
        let _ = Statement::from_json(&bytes);
        let _ = verify(&String::from_utf8_lossy(&bytes), &expected(), NOW_S);
        let _ = verify(&text, &expected(), NOW_S);
        let _ = present(&text, &["a"], &holder(), AUDIENCE, NONCE, NOW_S);
    }

    #[test]
    fn a_presentation_with_any_byte_changed_is_refused(place: prop::sample::Index, byte in 0x21u8..0x7f) {
        static PRESENTATION: LazyLock<String> =
            LazyLock::new(|| shown(&issued(), &["family_name", "address"]));
        let mut bytes = PRESENTATION.clone().into_bytes();
        let place = place.index(bytes.len());
        prop_assume!(bytes[place] != byte);
        bytes[place] = byte;
        let damaged = String::from_utf8(bytes).unwrap();
        prop_assert!(verify(&damaged, &expected(), NOW_S).is_err());
        let _ = present(&damaged, &["family_name"], &holder(), AUDIENCE, NONCE, NOW_S);
    }

    #[test]
    fn no_json_in_its_parts_makes_a_verifier_panic(
        header in "\\{\"typ\":\"vc\\+sd-jwt\",\"alg\":\"EdDSA\"(,\"jwk\":(null|1|\\{\\}))?\\}",
        payload in "\\{(\"_sd\":(\\[\\]|\\[1\\]|\\[\"a\"\\]|7))?\\}",
        disclosure in "\\[(\"s\",\"_sd\",1|\"s\",\"a\",\\[\\{\"...\":\"x\"\\}\\]|\"s\",2)?\\]",
    ) {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let [header, payload, disclosure] =
            [header, payload, disclosure].map(|part| URL_SAFE_NO_PAD.encode(part));
        let text = format!("{header}.{payload}.AAAA~{disclosure}~");
        let _ = verify(&text, &expected(), NOW_S);
        let _ = present(&text, &["a"], &holder(), AUDIENCE, NONCE, NOW_S);
    }
}
