use crate::{
    Disclosure, SpendingKey,
    disclosure::{
        Audience, DisclosureError, MAX_AGE_SECONDS, Moment, Question, Standing, Stands,
        UnprovenStanding, insecure_development_key,
    },
};
use plume_circuits::{
    FieldBytes, Poseidon,
    standing::{BadSet, JurisdictionSet, Plan, ProvingKey, verify::VerifyingKey},
    transfer::{Credential, Keys},
    tree::MemoryTree,
};
use std::sync::OnceLock;

const TIME: u32 = 5_000;

fn key() -> &'static (ProvingKey, VerifyingKey) {
    static KEY: OnceLock<(ProvingKey, VerifyingKey)> = OnceLock::new();
    KEY.get_or_init(|| {
        let verifying = insecure_development_key().unwrap();
        (ProvingKey::insecure_development(), verifying)
    })
}

fn element(number: u8) -> FieldBytes {
    FieldBytes::from_hash([number; 32])
}

fn set(codes: &[&[u8; 2]]) -> JurisdictionSet {
    let codes: Vec<[u8; 2]> = codes.iter().map(|code| **code).collect();
    JurisdictionSet::new(&codes).unwrap()
}

fn question(verifier: &str, nonce: u8) -> Question {
    Question {
        audience: Audience {
            nonce: [nonce; 32],
            verifier: verifier.into(),
        },
        tier: 2,
        jurisdictions: set(&[b"DE", b"FR"]),
    }
}

fn moment() -> Moment {
    Moment {
        pool: element(8),
        now: TIME + 10,
        max_age: MAX_AGE_SECONDS,
        root_counts: true,
    }
}

/// Shows that an account of tier 2, who belongs to Germany, is what a question asks for.
fn shown(account: u32, question: &Question) -> Standing {
    let spending = SpendingKey::from_seed(&[42; 64], account).unwrap();
    let pool_key = spending.full_viewing_key().pool_key();
    let mut claims = [0; 31];
    claims[0] = 2;
    claims[8..12].copy_from_slice(&(TIME + 100).to_le_bytes());
    claims[12..14].copy_from_slice(b"DE");
    let disclosure = Disclosure {
        claims: FieldBytes::from_packed(claims),
        issuer: element(1),
        salt: element(2),
        subject: element(3),
    };
    let mut tree = MemoryTree::<Poseidon, 10>::default();
    tree.append(element(4)).unwrap();
    let leaf = tree.append(disclosure.leaf(&pool_key)).unwrap();
    let pool = moment().pool;
    let plan = Plan {
        keys: Keys {
            spend_secret: spending.spend_secret(),
            nullifier_key: spending.nullifier_key(),
        },
        credential: Credential {
            subject: disclosure.subject,
            issuer: disclosure.issuer,
            claims: disclosure.claims,
            salt: disclosure.salt,
            path: tree.path(leaf).unwrap(),
        },
        credential_root: tree.root(),
        tier: question.tier,
        jurisdictions: question.jurisdictions,
        time: TIME,
        verifier: question.verifier(&pool).unwrap(),
    };
    let assigned = plan.assign().unwrap();
    let unproven = UnprovenStanding::new(question, &assigned.public, pool).unwrap();
    let public = unproven.public().unwrap();
    let proof = key().0.prove(&public, &assigned.witness, &[9; 32]).unwrap();
    unproven.proven(proof.to_bytes())
}

fn verified(standing: &Standing, question: &Question) -> Result<Stands, DisclosureError> {
    standing.verify(question, &moment(), &key().1)
}

#[test]
fn standing_shows_its_verifier_what_was_asked_and_a_pseudonym() {
    let asked = question("Bank A", 5);
    let standing = shown(0, &asked);
    let text = standing.to_json();
    let read = Standing::from_json(&text).unwrap();
    assert_eq!(read, standing);
    let stands = verified(&read, &asked).unwrap();
    assert_eq!((stands.tier, stands.time), (2, TIME));
    assert_eq!(stands.jurisdictions, asked.jurisdictions);
    // Nothing of the credential is in it.
    for secret in [1, 2, 3].map(element) {
        assert!(!text.contains(&hex::encode(secret.as_bytes())));
    }
    assert!(text.len() < 900, "{}", text.len());
}

#[test]
fn a_verifier_recognises_a_holder_and_two_verifiers_do_not() {
    let name = |account, question: &Question| {
        let stands = verified(&shown(account, question), question);
        stands.unwrap().pseudonym
    };
    let (first, later) = (question("Bank A", 5), question("Bank A", 6));
    assert_eq!(name(0, &first), name(0, &later));
    assert_ne!(name(0, &first), name(0, &question("Bank B", 5)));
    assert_ne!(name(0, &first), name(1, &first));
}

#[test]
fn standing_for_one_verifier_does_not_convince_another() {
    let asked = question("Bank A", 5);
    let standing = shown(0, &asked);
    for other in [question("Bank B", 5), question("Bank A", 6)] {
        assert_eq!(verified(&standing, &other), Err(DisclosureError::Audience));
    }
    // Made out to the other by somebody who only has the text.
    let text = standing.to_json();
    for (from, to, other) in [
        (
            "Bank A".to_owned(),
            "Bank B".to_owned(),
            question("Bank B", 5),
        ),
        ("05".repeat(32), "06".repeat(32), question("Bank A", 6)),
    ] {
        let forged = Standing::from_json(&text.replace(&from, &to)).unwrap();
        assert_eq!(verified(&forged, &other), Err(DisclosureError::Proof));
    }
}

#[test]
fn whatever_is_changed_in_the_text_is_not_believed() {
    let asked = question("Bank A", 5);
    let text = shown(0, &asked).to_json();
    let mut forged: Vec<String> = [
        (r#""tier":2"#, r#""tier":3"#),
        (r#""time":5000"#, r#""time":5001"#),
        (r#"["DE","FR"]"#, r#"["FR"]"#),
    ]
    .map(|(from, to)| text.replace(from, to))
    .into();
    for field in ["pseudonym", "root"] {
        let start = format!(r#""{field}":"0x"#);
        let at = text.find(&start).unwrap() + start.len();
        let other = if text[at..].starts_with("00") {
            "01"
        } else {
            "00"
        };
        let mut changed = text.clone();
        changed.replace_range(at..at + 2, other);
        forged.push(changed);
    }
    for forged in forged {
        assert_ne!(forged, text);
        let forged = Standing::from_json(&forged).unwrap();
        assert_eq!(verified(&forged, &asked), Err(DisclosureError::Proof));
    }
    let other_set = text.replace(r#"["DE","FR"]"#, r#"["FR","DE"]"#);
    assert_eq!(
        verified(&Standing::from_json(&other_set).unwrap(), &asked),
        Err(DisclosureError::Set(BadSet::Order))
    );
    let no_code = text.replace(r#"["DE","FR"]"#, r#"["DEU"]"#);
    assert_eq!(
        verified(&Standing::from_json(&no_code).unwrap(), &asked),
        Err(DisclosureError::Code)
    );
    assert!(Standing::from_json(&text.replace(':', ": ")).is_err());
}

#[test]
fn less_than_was_asked_is_refused_and_more_is_taken() {
    let asked = question("Bank A", 5);
    let standing = shown(0, &asked);
    let higher = Question {
        tier: 3,
        ..asked.clone()
    };
    assert_eq!(
        verified(&standing, &higher),
        Err(DisclosureError::Tier { shown: 2, asked: 3 })
    );
    let narrower = Question {
        jurisdictions: set(&[b"DE"]),
        ..asked.clone()
    };
    assert_eq!(
        verified(&standing, &narrower),
        Err(DisclosureError::Jurisdictions("DE,FR".into()))
    );
    let less = Question {
        tier: 1,
        jurisdictions: set(&[b"AT", b"DE", b"FR"]),
        ..asked
    };
    assert!(verified(&standing, &less).is_ok());
}

#[test]
fn standing_is_of_a_chain_a_moment_and_a_root() {
    let asked = question("Bank A", 5);
    let standing = shown(0, &asked);
    let at = |moment: Moment| standing.verify(&asked, &moment, &key().1).err();
    let now = moment();
    assert_eq!(
        at(Moment {
            pool: element(9),
            ..now
        }),
        Some(DisclosureError::Pool)
    );
    for (late, refused) in [
        (TIME - 1, true),
        (TIME, false),
        (TIME + MAX_AGE_SECONDS, false),
        (TIME + MAX_AGE_SECONDS + 1, true),
    ] {
        let error = DisclosureError::Time {
            shown: TIME,
            now: late,
        };
        assert_eq!(at(Moment { now: late, ..now }), refused.then_some(error));
    }
    assert_eq!(
        at(Moment {
            root_counts: false,
            ..now
        }),
        Some(DisclosureError::Root)
    );
}

#[test]
fn a_verifier_has_a_name() {
    let pool = moment().pool;
    for name in [String::new(), "x".repeat(201)] {
        let asked = question(&name, 5);
        assert_eq!(asked.verifier(&pool), Err(DisclosureError::Name));
    }
    // On another chain it is another, so that pseudonyms are of one chain.
    let asked = question("Bank A", 5);
    assert_ne!(asked.verifier(&pool), asked.verifier(&element(9)));
}
