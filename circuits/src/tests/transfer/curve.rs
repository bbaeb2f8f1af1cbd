use crate::{
    Fr,
    transfer::{
        BadPoint, Ephemeral, HALF_BITS, Point,
        bandersnatch::{LAMBDA, PSI_B, PSI_C, psi},
        coordinates,
    },
};
use ark_ec::{AffineRepr, CurveGroup, twisted_edwards::TECurveConfig};
use ark_ed_on_bls12_381_bandersnatch::{BandersnatchConfig, EdwardsAffine, Fr as Scalar};
use ark_ff::{AdditiveGroup, Field, PrimeField};
use proptest::prelude::*;

fn scalar() -> impl Strategy<Value = Scalar> {
    any::<[u8; 32]>().prop_map(|bytes| Scalar::from_le_bytes_mod_order(&bytes))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_endomorphisms_formula_multiplies_by_lambda(scalar in scalar()) {
        let point = (EdwardsAffine::generator() * scalar).into_affine();
        prop_assume!(!point.is_zero());
        let (x, y) = (point.x, point.y);
        let image = psi(&point);
        let over = |a: Fr, b: Fr| a * b.inverse().expect("not zero in the subgroup");
        prop_assert_eq!(image.x, over(PSI_C * (Fr::ONE - y.square()), x * y));
        prop_assert_eq!(image.y, over(PSI_B * (y.square() + PSI_B), y.square() - PSI_B));
    }

    #[test]
    fn an_ephemeral_secret_is_its_digits(random in any::<[u8; 32]>()) {
        let ephemeral = Ephemeral::from_bytes(random);
        let digits = |half: u128| (0..HALF_BITS).rev().fold(Scalar::from(2), |sum, at| {
            let digit = if half >> at & 1 == 1 { Scalar::ONE } else { -Scalar::ONE };
            sum.double() + digit
        });
        let [first, second] = ephemeral.halves();
        prop_assert_eq!(ephemeral.scalar(), digits(first) + LAMBDA * digits(second));
        let key = (EdwardsAffine::generator() * Scalar::from(77)).into_affine();
        prop_assert_eq!(ephemeral.shared(&key), (ephemeral.point() * Scalar::from(77)).into_affine());
        prop_assert!(Point::from(ephemeral.point()).check().is_ok());
        prop_assert_eq!(Point::from(key).coordinates(), coordinates(&key));
    }
}

#[test]
fn lambda_is_a_root_of_minus_two() {
    assert_eq!(LAMBDA.square(), -Scalar::from(2));
}

/// The bound that makes incomplete additions enough; see `HALF_BITS`.
#[test]
fn no_partial_sum_can_be_neutral() {
    // Halves stay below 3 · 2^124, so a² + 2b² below 27 · 2^248.
    assert_eq!(2 * HALF_BITS, 248);
    let [.., top] = Scalar::MODULUS.0;
    let least = top >> (248 - 192);
    assert!(27 <= least, "the order is at least {least} · 2^248");
}

#[test]
fn only_points_of_the_subgroup_are_keys() {
    let point = EdwardsAffine::generator();
    assert_eq!(Point::from(point).check(), Ok(point));
    assert_eq!(
        Point::from(EdwardsAffine::zero()).check(),
        Err(BadPoint::Neutral)
    );
    let off = EdwardsAffine::new_unchecked(point.x, point.y + Fr::ONE);
    assert_eq!(Point::from(off).check(), Err(BadPoint::NotOnCurve));
    assert_eq!(Point::default().check(), Err(BadPoint::NotOnCurve));
    // (0, −1) is of order two.
    let small = EdwardsAffine::new_unchecked(Fr::ZERO, -Fr::ONE);
    assert!(small.is_on_curve());
    assert_eq!(Point::from(small).check(), Err(BadPoint::NotInSubgroup));
    let mixed = EdwardsAffine::new_unchecked(-point.x, -point.y);
    assert!(mixed.is_on_curve());
    assert_eq!(Point::from(mixed).check(), Err(BadPoint::NotInSubgroup));
    assert_eq!(BandersnatchConfig::COEFF_A, -Fr::from(5));
}
