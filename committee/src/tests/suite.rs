use super::parties::TestRng;
use crate::{
    Bytes32, Point,
    suite::{BandersnatchBlake2b, BandersnatchGroup, BandersnatchScalars},
};
use ark_ec::PrimeGroup;
use ark_ed_on_bls12_381_bandersnatch::{EdwardsProjective, Fr};
use ark_ff::{AdditiveGroup, BigInteger, Field as _, PrimeField};
use frost_core::{Ciphersuite, Field, FieldError, Group, GroupError, SigningKey, VerifyingKey};

#[test]
fn a_signature_of_the_suite_verifies() {
    let rng = &mut TestRng::new(1);
    let key = SigningKey::<BandersnatchBlake2b>::new(rng);
    let signature = key.sign(TestRng::new(2), b"message");
    let public = VerifyingKey::from(&key);
    assert!(public.verify(b"message", &signature).is_ok());
    assert!(public.verify(b"massage", &signature).is_err());
}

#[test]
fn hashes_of_different_purposes_differ() {
    type S = BandersnatchBlake2b;
    let m = b"m";
    let hashes = [
        S::H1(m),
        S::H2(m),
        S::H3(m),
        S::HDKG(m).unwrap(),
        S::HID(m).unwrap(),
        Fr::from_le_bytes_mod_order(&S::H4(m)),
        Fr::from_le_bytes_mod_order(&S::H5(m)),
    ];
    for (at, one) in hashes.iter().enumerate() {
        for other in &hashes[..at] {
            assert_ne!(one, other);
        }
    }
}

#[test]
fn decoding_refuses_what_the_trait_says() {
    let order: [u8; 32] = Fr::MODULUS.to_bytes_le().try_into().unwrap();
    assert_eq!(
        BandersnatchScalars::deserialize(&order),
        Err(FieldError::MalformedScalar)
    );
    assert_eq!(
        BandersnatchScalars::invert(&Fr::ZERO),
        Err(FieldError::InvalidZeroScalar)
    );
    let mut identity = [0; 32];
    identity[0] = 1;
    assert_eq!(
        BandersnatchGroup::deserialize(&identity),
        Err(GroupError::InvalidIdentityElement)
    );
    assert_eq!(
        BandersnatchGroup::serialize(&EdwardsProjective::ZERO),
        Err(GroupError::InvalidIdentityElement)
    );
    let minus_one: [u8; 32] = plume_circuits::FieldBytes::from(-plume_circuits::Fr::ONE).into();
    assert_eq!(
        BandersnatchGroup::deserialize(&minus_one),
        Err(GroupError::InvalidNonPrimeOrderElement)
    );
    assert_eq!(
        BandersnatchGroup::deserialize(&[0xff; 32]),
        Err(GroupError::MalformedElement)
    );
}

#[test]
fn encodings_are_the_crates_own() {
    let generator = EdwardsProjective::generator();
    let bytes = BandersnatchGroup::serialize(&generator).unwrap();
    assert_eq!(Bytes32(bytes), <Point>::generator().encode());
    assert_eq!(BandersnatchGroup::deserialize(&bytes), Ok(generator));
    assert_eq!(
        generator * -Fr::ONE + generator,
        BandersnatchGroup::identity()
    );
}
