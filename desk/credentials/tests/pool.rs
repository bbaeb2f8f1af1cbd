//! A credential is one pool key's, and what payers are told of it is what the chain has.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer, SigningKey};
use pallet_credentials::{Credential, Status, claims};
use plume_circuits::{FieldBytes, Poseidon};
use plume_credentials::{
    Chain, DisclosureError, Expected, Hash32, Issued, Key, Record, RecordError, RecordStatus,
    Statement, Verified, VerifyError, check_leaf, check_record, commitment, disclosure, issue,
    present, verify,
};
use plume_primitives::{compliance, credentials::Claims};
use plume_shielded::{Contact, Disclosure, FullViewingKey, Network, SpendingKey};
use serde_json::{Value, json};
use sp_core::{H256, crypto::AccountId32};

const CHAIN: Chain = Chain {
    genesis: [7; 32],
    first_block_s: 1_795_478_400 - 86_400,
};
const NOW_S: u64 = 1_795_500_000;
const ACCOUNT: [u8; 32] = [9; 32];
const ISSUER_SEED: [u8; 32] = [1; 32];

fn holder() -> Key {
    Key::from_seed([2; 32])
}

fn wallet(number: u32) -> FullViewingKey {
    let key = SpendingKey::from_seed(&[5; 64], number).expect("a key");
    key.full_viewing_key()
}

fn contact(number: u32) -> Contact {
    Contact::of(wallet(number).incoming(), 0, None).expect("an address")
}

fn key_of(number: u32) -> FieldBytes {
    contact(number).address().pool_key
}

fn statement(pool_key: Option<&str>) -> Statement {
    let mut file = json!({
        "reference": "customer 4711",
        "tier": "two", "kind": "person", "jurisdictions": ["CH", "DE"], "risk": "medium",
        "accredited": true,
        "valid_from": "2026-11-24T00:00:00Z", "valid_until": "2028-11-24T00:00:00Z",
        "holder_key": holder().public(),
        "personal": { "family_name": "Muster" },
    });
    if let Some(key) = pool_key {
        file["pool_key"] = json!(key);
    }
    Statement::from_json(&serde_json::to_vec(&file).expect("plain fields")).expect("a right file")
}

fn issued(pool_key: Option<&str>) -> Issued {
    let key = Key::from_seed(ISSUER_SEED);
    issue(&statement(pool_key), &ACCOUNT, &CHAIN, &key, NOW_S).expect("it can be issued")
}

fn bound() -> Issued {
    issued(Some(&contact(0).address().to_text(Network::Dev)))
}

fn looked_at(credential: &str, issuer_key: Option<Key>) -> Result<Verified, VerifyError> {
    let expected = Expected {
        genesis: CHAIN.genesis,
        issuer_key: issuer_key.map(|key| key.public()),
        binding: None,
    };
    verify(credential, &expected, NOW_S)
}

fn verified(credential: &str) -> Verified {
    looked_at(credential, Some(Key::from_seed(ISSUER_SEED))).expect("as it was issued")
}

/// What the chain has after the issuer told it.
fn record(issued: &Issued) -> Record {
    Record {
        issuer: Hash32(ACCOUNT),
        issuer_admitted: true,
        commitment: Hash32(issued.commitment),
        status: RecordStatus::Active,
        frozen: false,
        valid_from: issued.valid_from,
        valid_until: issued.valid_until,
    }
}

/// The leaf that the pallet makes of what it is told.
fn leaf_on_chain(issued: &Issued) -> FieldBytes {
    let codes = [*b"CH", *b"DE"].map(compliance::Jurisdiction).to_vec();
    let credential = Credential {
        issuer: AccountId32::new(ACCOUNT),
        claims: Claims {
            tier: compliance::Tier::Two,
            kind: compliance::SubjectKind::Person,
            jurisdictions: codes.try_into().expect("two of eight"),
            accredited: true,
            politically_exposed: false,
            risk: compliance::Risk::Medium,
            lei_hash: None,
            valid_from: issued.valid_from,
            valid_until: issued.valid_until,
        },
        commitment: FieldBytes::from_canonical(issued.commitment).expect("an element"),
        status: Status::Active,
        leaf: Some(0),
        shown: true,
    };
    claims::leaf::<Poseidon, _>(&H256(issued.subject.0), &credential)
}

fn payload(credential: &str) -> Value {
    let text = credential.split(['~', '.']).nth(1).expect("a payload");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).expect("base64url")).expect("JSON")
}

/// The same credential with another payload: with the old signature, or signed anew, header and all, with a seed.
fn rewritten(credential: &str, payload: &Value, seed: Option<[u8; 32]>) -> String {
    let (jws, disclosures) = credential.split_once('~').expect("an SD-JWT");
    let parts: Vec<&str> = jws.split('.').collect();
    let header = URL_SAFE_NO_PAD.decode(parts[0]).expect("base64url");
    let mut header: Value = serde_json::from_slice(&header).expect("JSON");
    if let Some(seed) = seed {
        header["jwk"] = Key::from_seed(seed).public().to_jwk();
    }
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(&header), encode(payload));
    let signature = match seed {
        None => parts[2].to_owned(),
        Some(seed) => {
            let signature = SigningKey::from_bytes(&seed).sign(signed.as_bytes());
            URL_SAFE_NO_PAD.encode(signature.to_bytes())
        }
    };
    format!("{signed}.{signature}~{disclosures}")
}

fn with_key(credential: &str, key: Value) -> Value {
    let mut payload = payload(credential);
    payload["plume"]["pool_key"] = key;
    payload
}

#[test]
fn the_commitment_is_the_circuits_to_salt_and_pool_key() {
    let issued = bound();
    let verified = verified(&issued.credential);
    assert_eq!(verified.pool_key, key_of(0));
    assert_eq!(verified.commitment, issued.commitment);
    let again = plume_circuits::commit(&[key_of(0)], &verified.salt);
    assert_eq!(again.as_bytes(), &issued.commitment);
    assert_eq!(commitment(&verified.salt, &key_of(0)), again);
    assert_eq!(
        check_record(&verified, Some(&record(&issued)), 100_000),
        Ok(())
    );
}

#[test]
fn digits_an_address_and_a_contact_name_the_same_pool_key() {
    let contact = contact(0);
    let digits = Hash32(*key_of(0).as_bytes()).to_string();
    let mut texts = vec![digits[2..].to_owned(), digits];
    for network in Network::ALL {
        texts.push(contact.address().to_text(network));
        texts.push(contact.to_json(network));
    }
    for text in texts {
        assert_eq!(statement(Some(&text)).pool_key, Some(key_of(0)), "{text}");
    }
}

#[test]
fn who_has_no_pool_key_has_a_commitment_to_zero_and_discloses_nothing() {
    let issued = issued(None);
    let verified = verified(&issued.credential);
    assert!(verified.pool_key.is_zero());
    assert!(
        payload(&issued.credential)["plume"]
            .get("pool_key")
            .is_none()
    );
    let zero = commitment(&verified.salt, &FieldBytes::ZERO);
    assert_eq!(zero.as_bytes(), &issued.commitment);
    let disclosed = disclosure(&verified, CHAIN.first_block_s);
    assert_eq!(disclosed, Err(DisclosureError::NoPoolKey));
}

#[test]
fn a_verifier_that_asks_the_chain_is_shown_the_pool_key() {
    let issued = bound();
    let shown = present(&issued.credential, &[], &holder(), "bank", "n", NOW_S).expect("its own");
    let verified = verified(&shown);
    assert_eq!(verified.pool_key, key_of(0));
    assert!(verified.personal.is_empty());
}

#[test]
fn a_credential_shown_with_another_pool_key_is_refused() {
    let issued = bound();
    let other = Hash32(*key_of(1).as_bytes());
    for payload in [with_key(&issued.credential, json!(other)), {
        let mut without = payload(&issued.credential);
        let tie = without["plume"].as_object_mut().expect("an object");
        tie.remove("pool_key").expect("it was there");
        without
    }] {
        // The issuer's signature does not fit.
        let forged = rewritten(&issued.credential, &payload, None);
        assert_eq!(looked_at(&forged, None), Err(VerifyError::Forged));
        // A key of the thief's own signs it: whoever knows the issuer's sees it by that, and everybody else by the chain.
        let thief = [3; 32];
        let forged = rewritten(&issued.credential, &payload, Some(thief));
        let known = looked_at(&forged, Some(Key::from_seed(ISSUER_SEED)));
        assert_eq!(
            known,
            Err(VerifyError::OtherIssuer(Key::from_seed(thief).public()))
        );
        let unknown = looked_at(&forged, None).expect("nothing says who signed");
        let refused = check_record(&unknown, Some(&record(&issued)), 100_000);
        assert_eq!(refused, Err(RecordError::OtherCommitment));
    }
    // Changed after it was verified: what the verifier was told of the commitment does not help.
    let mut changed = verified(&issued.credential);
    changed.pool_key = key_of(1);
    let refused = check_record(&changed, Some(&record(&issued)), 100_000);
    assert_eq!(refused, Err(RecordError::OtherCommitment));
}

#[test]
fn a_pool_key_that_is_no_element_or_zero_is_refused_whoever_signed_it() {
    let credential = bound().credential;
    for key in ["ff", "00"] {
        let payload = with_key(&credential, json!(format!("0x{}", key.repeat(32))));
        let signed = rewritten(&credential, &payload, Some(ISSUER_SEED));
        let refused = looked_at(&signed, Some(Key::from_seed(ISSUER_SEED)));
        assert_eq!(refused, Err(VerifyError::Content("its pool key".into())));
    }
    // Signed anew with what it had: only the key was wrong above.
    let signed = rewritten(&credential, &payload(&credential), Some(ISSUER_SEED));
    assert!(looked_at(&signed, Some(Key::from_seed(ISSUER_SEED))).is_ok());
}

#[test]
fn a_disclosure_is_of_the_leaf_that_the_chain_has() {
    let issued = bound();
    let verified = verified(&issued.credential);
    let disclosure = disclosure(&verified, CHAIN.first_block_s).expect("it is bound");
    let on_chain = leaf_on_chain(&issued);
    assert_eq!(disclosure.leaf(&key_of(0)), on_chain);
    assert_eq!(check_leaf(&disclosure, &key_of(0), Some(&on_chain)), Ok(()));
    // What the wallet and payers read.
    let text = serde_json::to_string(&disclosure).expect("four texts");
    let read: Disclosure = serde_json::from_str(&text).expect("as it was written");
    let own = Contact::of(wallet(0).incoming(), 3, Some(read)).expect("an address");
    let paid = Contact::from_json(&own.to_json(Network::Dev), Network::Dev).expect("canonical");
    assert_eq!(paid.credential_leaf(), Some(on_chain));
}

#[test]
fn a_disclosure_whose_leaf_is_not_on_the_chain_is_refused() {
    let issued = bound();
    let verified = verified(&issued.credential);
    let disclosed = disclosure(&verified, CHAIN.first_block_s).expect("it is bound");
    let on_chain = leaf_on_chain(&issued);
    let refused = |disclosure: &Disclosure, key: &FieldBytes, leaf: Option<&FieldBytes>| {
        assert_eq!(
            check_leaf(disclosure, key, leaf),
            Err(DisclosureError::NotOnChain)
        );
    };
    // Somebody else's pool key with the credential of the holder.
    refused(&disclosed, &key_of(1), Some(&on_chain));
    // Emptied by suspension, revocation or a freeze; given back; renewed.
    refused(&disclosed, &key_of(0), Some(&FieldBytes::ZERO));
    refused(&disclosed, &key_of(0), None);
    refused(&disclosed, &key_of(0), Some(&leaf_on_chain(&bound())));
    // Each part changed, a better tier and a longer time among them.
    let other = FieldBytes::from_hash([0x11; 32]);
    for changed in [
        Disclosure {
            claims: other,
            ..disclosed
        },
        Disclosure {
            issuer: other,
            ..disclosed
        },
        Disclosure {
            salt: other,
            ..disclosed
        },
        Disclosure {
            subject: other,
            ..disclosed
        },
        disclosure(&verified, CHAIN.first_block_s - 1).expect("another beginning of time"),
    ] {
        refused(&changed, &key_of(0), Some(&on_chain));
    }
}
