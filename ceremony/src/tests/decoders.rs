//! Decoders take any bytes: they never panic, never allocate more than they were given bytes for, and take one
//! encoding only.

use ark_bls12_381::{g1, g2};
use ark_ec::AffineRepr;
use proptest::prelude::*;

use super::*;
use crate::points::{Identity, decode, encode};
use crate::step::{Reader, open};

#[test]
fn hashing_to_g2_is_that_of_rfc_9380() {
    // Appendix J.10.1, the empty message.
    let tag = b"QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_";
    let point = crate::hash::to_g2_of(tag, b"");
    let mut bytes = Vec::new();
    encode(&[point], &mut bytes);
    assert_eq!(
        hex::encode(&bytes[..96]),
        "05cb8437535e20ecffaef7752baddf98034139c38452458baeefab379ba13dff5bf5dd71b72418717047f5b0f37da03d\
         0141ebfbdca40eb85b87142e130ab689c673cf60f1a3e98d69335266f30d9b8d4ac44c1038e9dcdd5393faf5c41fb78a"
    );
}

#[test]
fn a_header_that_claims_an_immense_size_is_refused() {
    let play = Play::phase1(&[]);
    for log_size in [0, 19, 63, 64, 255] {
        let header = Header {
            index: 0,
            log_size,
            previous: nothing(),
            kind: Kind::Start,
            ..mallory1(play.verify1().log())
        };
        let other = Play::phase1(&[]);
        other.put(&step1(0), &seal(header.encode()).0);
        let fault = of(other.try_verify1(), &step1(0), "the coordinator");
        assert_eq!(fault, Fault::Header("size"), "{log_size}");
    }
}

#[test]
fn a_key_that_claims_immense_sizes_is_refused() {
    let mut bytes = b"PLUMEKEY\x01\x01\x01a".to_vec();
    bytes.resize(bytes.len() + 32 + 32 + 8, 0);
    for (instance, witness, log_size) in [
        (u32::MAX, u32::MAX, 255),
        (1, u32::MAX, 4),
        (0, 1, 4),
        (1, 1, 0),
        (1, 1, 64),
    ] {
        let mut key = bytes.clone();
        key.extend_from_slice(&u32::to_le_bytes(instance));
        key.extend_from_slice(&u32::to_le_bytes(witness));
        key.push(log_size);
        key.resize(key.len() + 5_000, 0);
        assert_eq!(read_proving_key(&key), Err(Fault::Header("sizes")));
    }
    bytes.extend_from_slice(&[255, 255, 15, 0, 255, 255, 15, 0, 18]);
    assert_eq!(read_proving_key(&bytes), Err(Fault::Truncated));
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Start),
        "[!-~]{1,64}".prop_map(|name| Kind::Contribution(name.parse().expect("a name"))),
        (
            "[!-~]{1,128}",
            prop::collection::vec(any::<u8>(), 8..=64),
            10u8..=36
        )
            .prop_map(|(source, value, log)| Kind::Beacon(
                Beacon::new(&source, &value, log).expect("a beacon")
            )),
    ]
}

fn headers() -> impl Strategy<Value = Header> {
    let subjects = prop_oneof![
        Just(Subject::Powers),
        ("[a-z]{1,32}", any::<[u8; 32]>()).prop_map(|(name, hash)| Subject::Circuit {
            name: name.parse().expect("a name"),
            hash: Digest(hash),
        }),
    ];
    (
        subjects,
        any::<u8>(),
        any::<u32>(),
        any::<[u8; 32]>(),
        kinds(),
    )
        .prop_map(|(subject, log_size, index, previous, kind)| Header {
            subject,
            log_size,
            index,
            previous: Digest(previous),
            kind,
        })
}

/// A finished key of the tiny circuit, made once.
fn key() -> &'static Keys {
    static KEY: std::sync::OnceLock<Keys> = std::sync::OnceLock::new();
    KEY.get_or_init(|| {
        let play = Play::phase2(&["Alice"]);
        play.verify2()
            .end(&play.folder, &tiny(), &beacon(), &())
            .expect("a beacon");
        let demands = Demands { contributors: 1 };
        finalise(&tiny(), &play.verify1(), &play.verify2(), &demands).expect("keys")
    })
}

/// A step of phase 1, with its state before.
fn step() -> &'static (Vec<u8>, Powers) {
    static STEP: std::sync::OnceLock<(Vec<u8>, Powers)> = std::sync::OnceLock::new();
    STEP.get_or_init(|| {
        let play = Play::phase1(&["Alice"]);
        (
            play.read(&step1(1)),
            Powers::start(LOG_SIZE).expect("a size"),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_header_survives_its_encoding(header in headers()) {
        let bytes = header.encode();
        prop_assert!(bytes.len() <= crate::step::MAX_HEADER_BYTES);
        let mut reader = Reader::new(&bytes);
        prop_assert_eq!(Header::decode(&mut reader), Ok(header));
        prop_assert!(reader.is_at_end());
    }

    #[test]
    fn a_header_has_one_encoding(header in headers(), at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut bytes = header.encode();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(read) = Header::decode(&mut Reader::new(&bytes)) {
            let again = read.encode();
            prop_assert_eq!(&bytes[..again.len()], &again[..]);
        }
    }

    #[test]
    fn any_bytes_are_a_step_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..2_000), body in 0usize..4_000) {
        let mut with_magic = b"PLUMECER\x01".to_vec();
        with_magic.extend_from_slice(&bytes);
        prop_assert!(open(&bytes, body).is_err());
        prop_assert!(open(&with_magic, body).is_err());
        prop_assert!(open(&with_magic, usize::MAX).is_err());
    }

    #[test]
    fn any_bytes_are_a_key_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..2_000), kind in 0u8..4) {
        let mut with_magic = b"PLUMEKEY\x01".to_vec();
        with_magic.push(kind);
        with_magic.extend_from_slice(&bytes);
        prop_assert!(read_proving_key(&with_magic).is_err());
        prop_assert!(read_verifying_key(&with_magic).is_err());
    }

    #[test]
    fn a_key_with_a_bit_flipped_or_cut_off_is_refused(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        for (mut bytes, proving) in [(key().proving_key_bytes(), true), (key().verifying_key_bytes(), false)] {
            let at = at.index(bytes.len());
            let refused = |bytes: &[u8]| if proving {
                read_proving_key(bytes).is_err()
            } else {
                read_verifying_key(bytes).is_err()
            };
            prop_assert!(refused(&bytes[..at]));
            bytes[at] ^= 1 << bit;
            prop_assert!(refused(&bytes));
        }
    }

    #[test]
    fn a_state_with_bytes_changed_is_another_state_or_an_error(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let (bytes, before) = step();
        let state = &bytes[bytes.len() - 32 - before.bytes()..bytes.len() - 32];
        let mut changed = state.to_vec();
        changed[at.index(state.len())] = to;
        if let Ok(read) = before.decode_next(&changed) {
            let mut again = Vec::new();
            read.encode(&mut again);
            prop_assert_eq!(again, changed);
        }
        prop_assert!(before.decode_next(&state[..at.index(state.len())]).is_err());
    }

    #[test]
    fn points_have_one_encoding(bytes in prop::collection::vec(any::<u8>(), 192), flags in any::<u8>()) {
        let mut bytes = bytes;
        for zeros in [false, true] {
            if zeros {
                bytes.fill(0);
            }
            bytes[0] = flags;
            if let Ok(points) = decode::<g1::Config>(&bytes, Identity::Allowed) {
                let mut again = Vec::new();
                encode(&points, &mut again);
                prop_assert_eq!(&again, &bytes);
            }
            if let Ok(points) = decode::<g2::Config>(&bytes, Identity::Allowed) {
                let mut again = Vec::new();
                encode(&points, &mut again);
                prop_assert_eq!(&again, &bytes);
            }
        }
    }

    #[test]
    fn multiples_of_the_generators_survive_their_encoding(seed in any::<u64>()) {
        let scalar = number(seed);
        let mut bytes = Vec::new();
        let point = (ark_bls12_381::G1Affine::generator() * scalar).into();
        encode::<g1::Config>(&[point], &mut bytes);
        prop_assert_eq!(decode::<g1::Config>(&bytes, Identity::Refused), Ok(vec![point]));
        bytes.clear();
        let point = (ark_bls12_381::G2Affine::generator() * scalar).into();
        encode::<g2::Config>(&[point], &mut bytes);
        prop_assert_eq!(decode::<g2::Config>(&bytes, Identity::Refused), Ok(vec![point]));
    }
}

#[test]
fn every_factor_has_a_challenge_of_its_own() {
    let context = nothing();
    for proven in ALL_FACTORS {
        let proof = UpdateProof::new(proven, &number(1), &context);
        for asked in ALL_FACTORS {
            let generator = ark_bls12_381::G1Affine::generator();
            let verdict = proof.verify(asked, &context, &generator, &proof.factor);
            assert_eq!(verdict.is_ok(), proven == asked);
        }
    }
}
