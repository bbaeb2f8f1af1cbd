use super::{bytes, constants::reference, element};
use crate::{
    Domain, FieldBytes, NotCanonical, Poseidon, commit, hash, key_stream, leaf, node,
    poseidon::permute, tree::TreeHasher,
};
use ark_bls12_381::Fr;
use ark_crypto_primitives::sponge::{
    CryptographicSponge, FieldBasedCryptographicSponge, poseidon::PoseidonSponge,
};
use ark_ff::{AdditiveGroup, BigInteger, Field, MontFp, PrimeField};
use codec::{Decode, Encode};
use proptest::prelude::*;

/// Published with the reference implementation as `poseidonperm_x5_255_5`.
const PUBLISHED: [Fr; 5] = [
    MontFp!("0x2a918b9c9f9bd7bb509331c81e297b5707f6fc7393dcee1b13901a0b22202e18"),
    MontFp!("0x65ebf8671739eeb11fb217f2d5c5bf4a0c3f210e3f3cd3b08b5db75675d797f7"),
    MontFp!("0x2cc176fc26bc70737a696a9dfd1b636ce360ee76926d182390cdb7459cf585ce"),
    MontFp!("0x4dc4e29d283afd2a491fe6aef122b9a968e74eff05341f3cc23fda1781dcb566"),
    MontFp!("0x03ff622da276830b9451b88b85e6184fd6ae15c8ab3ee25a5667be8592cce3b1"),
];

/// Little endian bytes of a number in big endian hexadecimal digits.
fn encoded(number: &str) -> FieldBytes {
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().rev().enumerate() {
        *byte = u8::from_str_radix(&number[2 * at..2 * at + 2], 16).expect("hexadecimal");
    }
    FieldBytes::from_canonical(bytes).expect("an element")
}

/// What the gadget's native twin says.
fn crates_sponge(capacity: u128, elements: &[Fr]) -> Fr {
    let mut sponge = PoseidonSponge::new(&reference());
    sponge.state[0] = Fr::from(capacity);
    sponge.absorb(&elements.to_vec());
    sponge.squeeze_native_field_elements(1)[0]
}

#[test]
fn the_permutation_meets_the_published_vector() {
    let mut state = [0u64, 1, 2, 3, 4].map(Fr::from);
    permute(&mut state);
    assert_eq!(state, PUBLISHED);
}

#[test]
fn hashes_are_those_that_another_implementation_computed() {
    let numbers: Vec<FieldBytes> = (1u64..=6).map(FieldBytes::from).collect();
    let four = [numbers[0], numbers[1], numbers[2], numbers[3]];
    assert_eq!(
        node(&four),
        encoded("6315395210ae7728ec8c32fef6cc274f60c1da91b12c14505462f4405654d8b7")
    );
    assert_eq!(
        leaf(&four),
        encoded("4a3c21a5547a5789de09cd5e02541572a4b6f2252ab753f86fc10e1ca7335c47")
    );
    assert_eq!(
        commit(&numbers[1..], &numbers[0]),
        encoded("2469e6f4f9fcf8fd8e25a117aa918c105c98e95156bab0351ddc4d5206ce6c4e")
    );
    assert_eq!(
        Poseidon::empty(10),
        encoded("11feaff2e06bd8a3437e45ae427e40cd68b18462773e41b036470c25944a5b92")
    );
}

#[test]
fn the_table_of_empty_subtrees_is_what_hashing_gives() {
    let mut value = FieldBytes::ZERO;
    for level in 0..20 {
        assert_eq!(Poseidon::empty(level), value, "level {level}");
        value = node(&[value; 4]);
    }
}

#[test]
fn what_is_not_below_the_modulus_is_no_encoding() {
    let modulus: [u8; 32] = Fr::MODULUS.to_bytes_le().try_into().expect("32 bytes");
    let largest = FieldBytes::from(-Fr::ONE);
    assert_eq!(FieldBytes::from_canonical(modulus), Err(NotCanonical));
    assert_eq!(FieldBytes::from_canonical([0xff; 32]), Err(NotCanonical));
    assert_eq!(FieldBytes::from_canonical(*largest.as_bytes()), Ok(largest));
    assert!(FieldBytes::decode(&mut &modulus[..]).is_err());
    assert_eq!(FieldBytes::decode(&mut &largest.encode()[..]), Ok(largest));
    assert!(FieldBytes::decode(&mut &modulus[..31]).is_err());
}

#[test]
fn zeros_at_the_end_and_other_domains_make_other_hashes() {
    let zero = FieldBytes::ZERO;
    let all: Vec<FieldBytes> = Domain::ALL
        .into_iter()
        .flat_map(|domain| (0..=9).map(move |length| hash(domain, &vec![zero; length])))
        .collect();
    for (at, one) in all.iter().enumerate() {
        assert!(!one.is_zero());
        assert!(all[..at].iter().all(|other| other != one));
    }
}

proptest! {
    #[test]
    fn every_hash_is_that_of_the_kept_crate(
        elements in proptest::collection::vec(element(), 1..13),
        domain in proptest::sample::select(&Domain::ALL[..]),
    ) {
        let ours = hash(domain, &elements.iter().copied().map(FieldBytes::from).collect::<Vec<_>>());
        let capacity = (u128::from(domain.number()) << 64) | elements.len() as u128;
        prop_assert_eq!(ours.to_element(), crates_sponge(capacity, &elements));
    }

    #[test]
    fn a_block_of_key_stream_is_what_the_kept_crates_sponge_squeezes(
        x in element(), y in element(), layer in any::<u32>(), block in any::<u32>(),
    ) {
        let place = Fr::from((u64::from(layer) << 32) | u64::from(block));
        let mut sponge = PoseidonSponge::new(&reference());
        sponge.state[0] = Fr::from((13u128 << 64) | 3);
        sponge.absorb(&vec![x, y, place]);
        let shared = [x.into(), y.into()];
        let stream = key_stream(&shared, layer, block);
        prop_assert_eq!(
            stream.map(|one| one.to_element()).to_vec(),
            sponge.squeeze_native_field_elements(4)
        );
        prop_assert_eq!(stream[0], hash(Domain::Stream, &[shared[0], shared[1], place.into()]));
    }

    #[test]
    fn an_element_has_one_encoding(element in element()) {
        let bytes = FieldBytes::from(element);
        prop_assert_eq!(bytes.to_element(), element);
        prop_assert_eq!(FieldBytes::from_canonical(*bytes.as_bytes()), Ok(bytes));
        prop_assert_eq!(bytes.as_bytes().to_vec(), element.into_bigint().to_bytes_le());
    }

    #[test]
    fn any_bytes_decode_to_an_element_or_not_at_all(any in any::<[u8; 32]>()) {
        match FieldBytes::from_canonical(any) {
            Ok(bytes) => prop_assert_eq!(FieldBytes::from(bytes.to_element()), bytes),
            Err(NotCanonical) => prop_assert!(
                FieldBytes::from(Fr::from_le_bytes_mod_order(&any)).as_bytes() != &any
            ),
        }
        let digest = FieldBytes::from_hash(any);
        prop_assert_eq!(FieldBytes::from_canonical(*digest.as_bytes()), Ok(digest));
    }

    #[test]
    fn a_commitment_changes_with_salt_and_message(
        message in proptest::collection::vec(bytes(), 0..9),
        salt in bytes(),
        other in bytes(),
    ) {
        let commitment = commit(&message, &salt);
        prop_assert_eq!(commitment == commit(&message, &other), salt == other);
        let mut longer = message.clone();
        longer.push(FieldBytes::ZERO);
        prop_assert_ne!(commitment, commit(&longer, &salt));
        let mut joined = vec![salt];
        joined.extend(message);
        prop_assert_eq!(commitment, hash(Domain::Commitment, &joined));
    }
}

#[test]
fn domains_have_the_numbers_1_to_14() {
    let numbers: Vec<u64> = Domain::ALL.iter().map(|domain| domain.number()).collect();
    assert_eq!(numbers, (1..=14).collect::<Vec<u64>>());
}

#[test]
fn the_state_starts_empty_but_for_the_capacity() {
    let mut state = [Fr::ZERO; 5];
    state[0] = Fr::from(1u128 << 64);
    permute(&mut state);
    assert_eq!(hash(Domain::Node, &[]).to_element(), state[1]);
}
