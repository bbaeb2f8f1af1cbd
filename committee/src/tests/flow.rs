use super::parties::{CHAIN, TestRng};
use crate::{
    Bytes32, FlowKey, FlowSecret, Point, PointError,
    flow::{Flow, FlowKeyError},
    stream::{Layer, mask},
    suite::{random_bytes, random_scalar},
};
use ark_ed_on_bls12_381_bandersnatch::EdwardsConfig;
use plume_circuits::FieldBytes;

const SEED: Bytes32 = Bytes32([3; 32]);

fn published(period: u32, rng: &mut TestRng) -> FlowKey {
    FlowSecret::derive(&SEED, &CHAIN, period)
        .publish(&CHAIN, period, &random_bytes(rng))
        .unwrap()
}

#[test]
fn a_period_is_read_by_its_own_secret_only() {
    let rng = &mut TestRng::new(1);
    let key = published(5, rng);
    let point: Point = key.verify().unwrap();
    let secret = random_scalar(rng);
    let ephemeral: Point = Point::of_secret(&secret).unwrap();
    let plain = [1u64, 2, 3, 4].map(FieldBytes::from);
    let shared = point.multiplied(&secret).unwrap();
    let cipher: [FieldBytes; 4] = mask(Layer::Flow, &shared, &plain).try_into().unwrap();
    let read = |secret: &FlowSecret| secret.read(&ephemeral, &cipher).unwrap();
    let expected = Flow {
        amount: plain[0],
        institution: plain[1],
        pseudonym: plain[2],
        public: plain[3],
    };
    assert_eq!(read(&FlowSecret::derive(&SEED, &CHAIN, 5)), expected);
    for other in [
        FlowSecret::derive(&SEED, &CHAIN, 4),
        FlowSecret::derive(&SEED, &CHAIN, 6),
        FlowSecret::derive(&SEED, &Bytes32([0; 32]), 5),
        FlowSecret::derive(&Bytes32([4; 32]), &CHAIN, 5),
    ] {
        assert_ne!(read(&other), expected);
    }
    // What an auditor of period 5 is given reads period 5.
    let given = FlowSecret::derive(&SEED, &CHAIN, 5).to_bytes();
    assert_eq!(read(&FlowSecret::from_bytes(&given).unwrap()), expected);
    assert_eq!(FlowSecret::from_bytes(&Bytes32([0xff; 32])).map(drop), None);
}

#[test]
fn layers_have_streams_of_their_own() {
    let point: Point = Point::generator();
    let plain = [FieldBytes::ZERO; 4];
    let [flow, committee] =
        [Layer::Flow, Layer::Committee].map(|layer| mask(layer, &point, &plain));
    let mut all = [flow, committee].concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 8);
}

#[test]
fn a_key_is_published_by_who_knows_its_secret_for_its_period_and_chain() {
    let rng = &mut TestRng::new(2);
    let key = published(5, rng);
    assert!(key.verify::<EdwardsConfig>().is_ok());
    let refused = [
        FlowKey { period: 6, ..key },
        FlowKey {
            chain: Bytes32([0; 32]),
            ..key
        },
        FlowKey {
            key: published(6, rng).key,
            ..key
        },
        FlowKey {
            proof: published(6, rng).proof,
            ..key
        },
    ];
    for key in refused {
        assert_eq!(key.verify::<EdwardsConfig>(), Err(FlowKeyError::Proof));
    }
    let mut identity = [0; 32];
    identity[0] = 1;
    let key = FlowKey {
        key: Bytes32(identity),
        ..key
    };
    assert_eq!(
        key.verify::<EdwardsConfig>(),
        Err(FlowKeyError::Point(PointError::Identity))
    );
}

#[test]
fn keys_of_periods_are_the_same_whenever_they_are_derived() {
    let rng = &mut TestRng::new(3);
    assert_eq!(published(1, rng).key, published(1, rng).key);
    assert_ne!(published(1, rng).key, published(2, rng).key);
    let secret = FlowSecret::derive(&SEED, &CHAIN, 1);
    assert_eq!(format!("{secret:?}"), "FlowSecret(..)");
}
