//! Standing.

use super::{ALICE, BOB, Chain, Person};
use crate::Problem;
use plume_circuits::{
    FieldBytes,
    standing::{JurisdictionSet, ProvingKey, Refusal},
};
use plume_shielded::disclosure::{
    Audience, MAX_AGE_SECONDS, Moment, Question, insecure_development_key,
};

/// Alice, of tier 2 and in Germany.
fn alice(chain: &mut Chain) -> Person {
    let mut alice = Person::of_tier(chain, ALICE, 2);
    let mut claims = [0; 31];
    claims.copy_from_slice(&alice.disclosure.claims.as_bytes()[..31]);
    claims[12..14].copy_from_slice(b"DE");
    alice.disclosure.claims = FieldBytes::from_packed(claims);
    let pool_key = alice.key.full_viewing_key().pool_key();
    let leaf = alice.disclosure.leaf(&pool_key);
    alice.leaf = chain.credentials.append(leaf).expect("there is room");
    alice
}

fn question(tier: u8, codes: &[[u8; 2]]) -> Question {
    Question {
        audience: Audience {
            nonce: [5; 32],
            verifier: "Exchange".into(),
        },
        tier,
        jurisdictions: JurisdictionSet::new(codes).expect("a set"),
    }
}

/// One test, because the key takes a second to make.
#[test]
fn a_wallet_shows_its_holders_standing_or_says_why_not() {
    let mut chain = Chain::new();
    let alice = alice(&mut chain);
    let bob = Person::new(&mut chain, BOB);
    let holder = alice.holder(&chain);
    let prover = ProvingKey::insecure_development();
    let now = (chain.credentials.root(), chain.time);
    let shown =
        |question: &Question, key| alice.wallet.standing(key, &holder, question, now, &prover);

    let asked = question(2, &[*b"DE", *b"FR"]);
    let standing = shown(&asked, &alice.key).expect("she is what is asked for");
    let moment = Moment {
        pool: chain.pool.id(),
        now: chain.time,
        max_age: MAX_AGE_SECONDS,
        root_counts: standing.root() == chain.credentials.root(),
    };
    let key = insecure_development_key().expect("a key");
    let stands = standing.verify(&asked, &moment, &key);
    assert_eq!(stands.map(|stands| stands.tier), Ok(2));

    let refused = |question: &Question, key| shown(question, key).expect_err("refused");
    let tier = refused(&question(3, &[*b"DE"]), &alice.key);
    assert_eq!(tier, Problem::Standing(Refusal::Tier { has: 2, needs: 3 }));
    assert_eq!(tier.to_string(), "tier 2 is below 3");
    assert!(!tier.hint().is_empty());
    assert_eq!(
        refused(&question(2, &[*b"FR"]), &alice.key),
        Problem::Standing(Refusal::Jurisdiction(*b"DE"))
    );
    assert_eq!(refused(&asked, &bob.key), Problem::OtherKey);
}
