use super::scalar;
use crate::{Point, PointError, Scalar, base_point};
use ark_ec::{AffineRepr, CurveGroup, twisted_edwards::TECurveConfig};
use ark_ed_on_bls12_381_bandersnatch::{BandersnatchConfig, EdwardsAffine, Fq};
use ark_ff::{AdditiveGroup, Field, PrimeField};
use ark_serialize::CanonicalSerialize;
use plume_circuits::FieldBytes;
use proptest::prelude::*;

fn compressed(point: &EdwardsAffine) -> [u8; 32] {
    let mut bytes = [0; 32];
    point.serialize_compressed(bytes.as_mut_slice()).unwrap();
    bytes
}

fn uncompressed(x: Fq, y: Fq) -> [u8; 64] {
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(FieldBytes::from(x).as_bytes());
    bytes[32..].copy_from_slice(FieldBytes::from(y).as_bytes());
    bytes
}

/// A point of the curve that is not in the prime subgroup.
fn outside() -> EdwardsAffine {
    (2u64..)
        .filter_map(|y| EdwardsAffine::get_point_from_y_unchecked(Fq::from(y), false))
        .find(|point| !point.is_in_correct_subgroup_assuming_on_curve())
        .unwrap()
}

#[test]
fn points_are_read_back_in_both_forms() {
    for number in 0..20 {
        let point = Point::generator().times(&scalar(number)).unwrap();
        assert_eq!(Point::from_compressed(&point.to_compressed()), Ok(point));
        assert_eq!(
            Point::from_uncompressed(&point.to_uncompressed()),
            Ok(point)
        );
    }
}

#[test]
fn the_neutral_element_is_refused() {
    let neutral = EdwardsAffine::zero();
    assert_eq!(
        Point::from_compressed(&compressed(&neutral)),
        Err(PointError::Identity)
    );
    assert_eq!(
        Point::from_uncompressed(&uncompressed(Fq::ZERO, Fq::ONE)),
        Err(PointError::Identity)
    );
    assert_eq!(Point::generator().times(&Scalar::ZERO), None);
}

#[test]
fn the_point_of_order_two_is_refused() {
    let point = EdwardsAffine::new_unchecked(Fq::ZERO, -Fq::ONE);
    assert!(point.is_on_curve());
    assert_eq!(
        Point::from_compressed(&compressed(&point)),
        Err(PointError::SmallOrder)
    );
    assert_eq!(
        Point::from_uncompressed(&uncompressed(Fq::ZERO, -Fq::ONE)),
        Err(PointError::SmallOrder)
    );
}

#[test]
fn a_good_point_with_a_part_of_small_order_is_refused() {
    let two = EdwardsAffine::new_unchecked(Fq::ZERO, -Fq::ONE);
    let sum = (Point::generator().to_affine() + two).into_affine();
    assert!(sum.is_on_curve());
    for point in [sum, outside()] {
        assert_eq!(Point::from_affine(point), Err(PointError::SmallOrder));
        assert_eq!(
            Point::from_compressed(&compressed(&point)),
            Err(PointError::SmallOrder)
        );
    }
}

#[test]
fn a_point_off_the_curve_is_refused() {
    let point = Point::generator().to_affine();
    assert_eq!(
        Point::from_uncompressed(&uncompressed(point.y, point.x)),
        Err(PointError::OffCurve)
    );
    let off = (2u64..)
        .find(|y| EdwardsAffine::get_xs_from_y_unchecked(Fq::from(*y)).is_none())
        .unwrap();
    let bytes = *FieldBytes::from(Fq::from(off)).as_bytes();
    assert_eq!(Point::from_compressed(&bytes), Err(PointError::OffCurve));
}

#[test]
fn a_second_encoding_of_a_point_is_refused() {
    // A y that fits below 2²⁵⁵ with the modulus added.
    let point = (1u64..)
        .filter_map(|number| Point::generator().times(&Scalar::from(number)))
        .find(|point| point.to_affine().y.into_bigint().0[3] < 0x0c00_0000_0000_0000)
        .unwrap();
    let add_modulus = |bytes: &[u8]| -> Vec<u8> {
        let mut carry = 0u16;
        let modulus = Fq::MODULUS.0.map(u64::to_le_bytes).concat();
        let sum = bytes.iter().zip(modulus).map(|(byte, other)| {
            carry += u16::from(*byte) + u16::from(other);
            let low = carry as u8;
            carry >>= 8;
            low
        });
        sum.collect()
    };
    let mut long = point.to_uncompressed();
    let y = add_modulus(&long[32..]);
    long[32..].copy_from_slice(&y);
    assert_eq!(
        Point::from_uncompressed(&long),
        Err(PointError::NotCanonical)
    );
    assert!(y[31] & 0x80 == 0);
    let mut short: [u8; 32] = y.try_into().unwrap();
    short[31] |= point.to_compressed()[31] & 0x80;
    assert_eq!(
        Point::from_compressed(&short),
        Err(PointError::NotCanonical)
    );
}

#[test]
fn base_points_are_where_they_were() {
    // Whoever changes how they are made sees it here: every address ever given out would change.
    let points: Vec<_> = [[0u8; 11], [255; 11]]
        .iter()
        .map(|diversifier| hex::encode(base_point(diversifier).unwrap().to_compressed()))
        .collect();
    assert_eq!(points, BASE_POINTS);
}

/// Computed by another program, from the definition.
const BASE_POINTS: [&str; 2] = [
    "d24300d47fe4ce46ef5bcfbf60487c37e7045f05c32226d564b040a112bf17f1",
    "96ecd5307e072e21741f7ce0c251894dc4e95ed4179ffffbe9f5ec3fafe044ea",
];

#[test]
fn the_curve_is_the_one_that_the_subgroup_check_is_for() {
    assert_eq!(
        <BandersnatchConfig as TECurveConfig>::COEFF_A,
        -Fq::from(5u8)
    );
}

proptest! {
    #[test]
    fn every_diversifier_has_a_base_point_of_its_own(one: [u8; 11], other: [u8; 11]) {
        let points = [one, other].map(|diversifier| base_point(&diversifier));
        prop_assert!(points.iter().all(Option::is_some));
        prop_assert_eq!(one == other, points[0] == points[1]);
    }

    #[test]
    fn random_bytes_are_a_good_point_or_are_refused(bytes: [u8; 32], more: [u8; 32]) {
        if let Ok(point) = Point::from_compressed(&bytes) {
            prop_assert_eq!(point.to_compressed(), bytes);
            prop_assert!((point.to_affine() * (-Scalar::from(1u8)) + point.to_affine()).into_affine().is_zero());
        }
        let long: [u8; 64] = [bytes, more].concat().try_into().unwrap();
        prop_assert!(Point::from_uncompressed(&long).is_err());
    }
}
