use super::parties::{TestRng, flipped};
use crate::{
    Bytes64, Point, Transcript,
    proofs::{prove_equality, prove_knowledge, verify_equality, verify_knowledge},
    scalar_bytes,
    suite::{random_bytes, random_scalar},
};
use ark_ed_on_bls12_381_bandersnatch::Fr;

fn about(what: &str) -> Transcript {
    Transcript::new("test").with(what.as_bytes())
}

struct Equal {
    secret: Fr,
    public: Point,
    base: Point,
    image: Point,
    proof: Bytes64,
}

fn equal(rng: &mut TestRng) -> Equal {
    let secret = random_scalar(rng);
    let public = Point::of_secret(&secret).unwrap();
    let base: Point = Point::of_secret(&random_scalar(rng)).unwrap();
    let image = base.multiplied(&secret).unwrap();
    let proof = prove_equality(
        about("this"),
        &secret,
        &public,
        &base,
        &image,
        &random_bytes(rng),
    );
    Equal {
        secret,
        public,
        base,
        image,
        proof,
    }
}

#[test]
fn a_proof_of_equality_holds_for_its_statement_only() {
    let rng = &mut TestRng::new(1);
    let Equal {
        public,
        base,
        image,
        proof,
        ..
    } = equal(rng);
    assert!(verify_equality(
        about("this"),
        &public,
        &base,
        &image,
        &proof
    ));
    assert!(!verify_equality(
        about("that"),
        &public,
        &base,
        &image,
        &proof
    ));
    let other: Point = Point::of_secret(&random_scalar(rng)).unwrap();
    assert!(!verify_equality(
        about("this"),
        &other,
        &base,
        &image,
        &proof
    ));
    assert!(!verify_equality(
        about("this"),
        &public,
        &other,
        &image,
        &proof
    ));
    assert!(!verify_equality(
        about("this"),
        &public,
        &base,
        &other,
        &proof
    ));
    for bit in (0..512).step_by(7) {
        let changed = Bytes64(flipped(proof.0, bit));
        assert!(
            !verify_equality(about("this"), &public, &base, &image, &changed),
            "{bit}"
        );
    }
}

#[test]
fn who_knows_one_secret_cannot_prove_another_image() {
    let rng = &mut TestRng::new(2);
    let Equal {
        secret,
        public,
        base,
        ..
    } = equal(rng);
    let false_image = base.multiplied(&(secret + Fr::from(1u64))).unwrap();
    let proof = prove_equality(
        about("this"),
        &secret,
        &public,
        &base,
        &false_image,
        &random_bytes(rng),
    );
    assert!(!verify_equality(
        about("this"),
        &public,
        &base,
        &false_image,
        &proof
    ));
}

#[test]
fn a_proof_of_knowledge_holds_for_its_key_and_purpose_only() {
    let rng = &mut TestRng::new(3);
    let secret = random_scalar(rng);
    let public: Point = Point::of_secret(&secret).unwrap();
    let proof = prove_knowledge(about("this"), &secret, &public, &random_bytes(rng));
    assert!(verify_knowledge(about("this"), &public, &proof));
    assert!(!verify_knowledge(about("that"), &public, &proof));
    let other: Point = Point::of_secret(&random_scalar(rng)).unwrap();
    assert!(!verify_knowledge(about("this"), &other, &proof));
    for bit in (0..512).step_by(7) {
        assert!(!verify_knowledge(
            about("this"),
            &public,
            &Bytes64(flipped(proof.0, bit))
        ));
    }
    assert!(!verify_knowledge(about("this"), &public, &Bytes64([0; 64])));
}

#[test]
fn a_proof_with_scalars_that_are_not_canonical_is_refused() {
    use ark_ff::{BigInteger, PrimeField};
    let rng = &mut TestRng::new(4);
    let Equal {
        public,
        base,
        image,
        proof,
        ..
    } = equal(rng);
    let (challenge, response) = proof.halves();
    let again = |scalar: crate::Bytes32| {
        let mut number = crate::scalar(&scalar).unwrap().into_bigint();
        number.add_with_carry(&Fr::MODULUS);
        crate::Bytes32(number.to_bytes_le().try_into().unwrap())
    };
    for changed in [
        Bytes64::join(&again(challenge), &response),
        Bytes64::join(&challenge, &again(response)),
    ] {
        assert!(!verify_equality(
            about("this"),
            &public,
            &base,
            &image,
            &changed
        ));
    }
}

#[test]
fn the_same_random_bytes_do_not_give_the_same_nonce() {
    let rng = &mut TestRng::new(5);
    let (secret, fresh) = (random_scalar(rng), random_bytes(rng));
    let public: Point = Point::of_secret(&secret).unwrap();
    let [first, second] =
        ["this", "that"].map(|what| prove_knowledge(about(what), &secret, &public, &fresh));
    let nonce = |proof: Bytes64| {
        let (challenge, response) = proof.halves();
        let [challenge, response] = [challenge, response].map(|half| crate::scalar(&half).unwrap());
        scalar_bytes(&(response - challenge * secret))
    };
    assert_ne!(nonce(first), nonce(second));
}
