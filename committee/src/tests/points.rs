use super::parties::TestRng;
use crate::{
    Bytes32, Bytes64, Point, PointError, point::encode, scalar, scalar_bytes, suite::random_scalar,
};
use ark_ec::{CurveGroup, twisted_edwards::TECurveConfig};
use ark_ed_on_bls12_381_bandersnatch::{EdwardsAffine, EdwardsConfig, Fq, Fr};
use ark_ff::{AdditiveGroup, BigInteger, Field, LegendreSymbol, PrimeField, Zero};
use plume_circuits::FieldBytes;
use proptest::prelude::*;

/// (0, -1), of order two.
fn order_two() -> EdwardsAffine {
    EdwardsAffine::new_unchecked(Fq::ZERO, -Fq::ONE)
}

fn raw(bytes: [u8; 32]) -> Bytes32 {
    Bytes32(bytes)
}

fn modulus_bytes() -> [u8; 32] {
    Fq::MODULUS.to_bytes_le().try_into().unwrap()
}

/// A point of the whole curve, whatever its order.
fn any_point(seed: u64) -> EdwardsAffine {
    (0..)
        .find_map(|more| {
            EdwardsAffine::get_point_from_y_unchecked(
                Fq::from(seed) * Fq::from(97u64) + Fq::from(more as u64),
                false,
            )
        })
        .unwrap()
}

#[test]
fn encoding_is_that_of_arkworks_and_comes_back() {
    let rng = &mut TestRng::new(1);
    for _ in 0..20 {
        let point: Point = Point::of_secret(&random_scalar(rng)).unwrap();
        let mut bytes = Vec::new();
        let compressed = ark_serialize::Compress::Yes;
        <EdwardsConfig as TECurveConfig>::serialize_with_mode(&point.0, &mut bytes, compressed)
            .unwrap();
        assert_eq!(point.encode().0.to_vec(), bytes);
        assert_eq!(Point::decode(&point.encode()), Ok(point));
        let (x, y) = point.coordinates();
        assert_eq!(Point::from_coordinates(&x, &y), Ok(point));
    }
}

#[test]
fn the_identity_is_no_point() {
    let identity = encode(&EdwardsAffine::zero());
    assert_eq!(<Point>::decode(&identity), Err(PointError::Identity));
    let (x, y) = (FieldBytes::ZERO, FieldBytes::from(1u64));
    assert_eq!(<Point>::from_coordinates(&x, &y), Err(PointError::Identity));
    assert_eq!(<Point>::of_secret(&Fr::ZERO), Err(PointError::Identity));
}

#[test]
fn points_of_small_order_are_no_points() {
    assert!(order_two().is_on_curve());
    assert_eq!(
        <Point>::decode(&encode(&order_two())),
        Err(PointError::NotInSubgroup)
    );
    let (x, y) = (order_two().x.into(), order_two().y.into());
    assert_eq!(
        <Point>::from_coordinates(&x, &y),
        Err(PointError::NotInSubgroup)
    );
}

#[test]
fn a_good_point_plus_one_of_small_order_is_no_point() {
    let rng = &mut TestRng::new(2);
    for _ in 0..20 {
        let good: Point = Point::of_secret(&random_scalar(rng)).unwrap();
        let bad = (good.group() + order_two()).into_affine();
        assert!(bad.is_on_curve());
        assert_eq!(
            <Point>::decode(&encode(&bad)),
            Err(PointError::NotInSubgroup)
        );
    }
}

/// Banderwagon's test, which shares no code with the library's: 1 - a·x² is a square for the subgroup and its
/// coset by (0, -1) only; and (x, y), (-x, -y) are each other's images under that coset.
#[test]
fn the_subgroup_check_agrees_with_another_one() {
    let (mut inside, mut outside) = (0, 0);
    // Seed 0 would find the identity.
    for seed in 1..200 {
        let point = any_point(seed);
        let is_square = (Fq::ONE + Fq::from(5u64) * point.x.square()).legendre()
            == LegendreSymbol::QuadraticResidue;
        let shifted = (point + order_two()).into_affine();
        let accepted = <Point>::decode(&encode(&point)).is_ok();
        let shifted_accepted = <Point>::decode(&encode(&shifted)).is_ok();
        assert_eq!(is_square, accepted || shifted_accepted, "{seed}");
        assert!(!(accepted && shifted_accepted), "{seed}");
        if accepted {
            inside += 1;
        } else {
            outside += 1;
        }
    }
    assert!(inside > 20 && outside > 100, "{inside} {outside}");
}

#[test]
fn points_off_the_curve_are_no_points() {
    let good: Point = Point::generator();
    let (x, y) = good.coordinates();
    let off = FieldBytes::from(y.to_element() + Fq::ONE);
    assert_eq!(
        <Point>::from_coordinates(&x, &off),
        Err(PointError::NotOnCurve)
    );
    let no_x = (2u64..)
        .map(Fq::from)
        .find(|y| EdwardsAffine::get_point_from_y_unchecked(*y, false).is_none())
        .unwrap();
    assert_eq!(
        <Point>::decode(&raw(FieldBytes::from(no_x).into())),
        Err(PointError::NotOnCurve)
    );
}

#[test]
fn an_encoding_that_is_not_canonical_is_refused() {
    // y = modulus and y = modulus + 1 would be zero and one.
    let mut above = modulus_bytes();
    assert_eq!(<Point>::decode(&raw(above)), Err(PointError::NotCanonical));
    above[0] += 1;
    assert_eq!(<Point>::decode(&raw(above)), Err(PointError::NotCanonical));
    assert_eq!(
        <Point>::decode(&raw([0xff; 32])),
        Err(PointError::NotCanonical)
    );
    // x = 0 has no sign.
    for point in [EdwardsAffine::zero(), order_two()] {
        let mut bytes = encode(&point).0;
        bytes[31] |= 0x80;
        assert_eq!(<Point>::decode(&raw(bytes)), Err(PointError::NotCanonical));
    }
}

#[test]
fn a_scalar_has_one_encoding() {
    let order: [u8; 32] = Fr::MODULUS.to_bytes_le().try_into().unwrap();
    assert_eq!(scalar(&raw(order)), None);
    let mut below = order;
    below[0] -= 1;
    assert_eq!(scalar(&raw(below)), Some(-Fr::ONE));
    assert_eq!(scalar_bytes(&-Fr::ONE), raw(below));
    assert_eq!(scalar(&raw([0xff; 32])), None);
    assert!(scalar(&raw([0; 32])).unwrap().is_zero());
}

#[test]
fn halves_join_to_the_whole() {
    let whole = Bytes64(core::array::from_fn(|at| at as u8));
    let (first, second) = whole.halves();
    assert_eq!(first.0[31], 31);
    assert_eq!(second.0[0], 32);
    assert_eq!(Bytes64::join(&first, &second), whole);
}

proptest! {
    #[test]
    fn whatever_decodes_encodes_to_the_same_bytes(bytes: [u8; 32]) {
        if let Ok(point) = <Point>::decode(&raw(bytes)) {
            prop_assert_eq!(point.encode(), raw(bytes));
            prop_assert!(point.group().into_affine().is_in_correct_subgroup_assuming_on_curve());
        }
        if let Some(number) = scalar(&raw(bytes)) {
            prop_assert_eq!(scalar_bytes(&number), raw(bytes));
        }
    }

    #[test]
    fn a_changed_bit_is_another_point_or_none(secret: [u8; 32], bit in 0usize..256) {
        let point: Point = Point::of_secret(&Fr::from_le_bytes_mod_order(&secret)).unwrap();
        let changed = raw(super::parties::flipped(point.encode().0, bit));
        prop_assert_ne!(<Point>::decode(&changed), Ok(point));
    }
}
