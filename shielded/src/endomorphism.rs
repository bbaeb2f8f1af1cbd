//! Bandersnatch's fast endomorphism, and scalars split for it.
//!
//! ψ = √−2: ψ² = −2, and ψ(P) = \[λ\]P in the prime subgroup (Masson, Sanso, Zhang, eprint 2021/1152). Every scalar is
//! k₁ + k₂λ with |k₁|, |k₂| < 2¹²⁷, so that a multiplication takes 127 doublings in place of 253.
//!
//! Arithmetic is on a short Weierstrass model, y² = x³ + ax + b with a = −3763200000, b = −78675968000000, where
//! affine doublings and additions cost least when many share an inversion (see [`lockstep`](crate::lockstep)), and ψ
//! is (u²(x + c/(x + w)), u³y(1 − c/(x + w)²)).

use crate::Scalar;
use ark_ed_on_bls12_381_bandersnatch::Fq;
use ark_ff::{BigInt, MontFp, PrimeField};
use zeroize::Zeroizing;

/// a of the model.
pub(crate) const MODEL_A: Fq = MontFp!("-3763200000");
/// w: minus the abscissa of the point of order two that ψ maps to nothing.
pub(crate) const PSI_W: Fq = MontFp!("44800");
/// c.
pub(crate) const PSI_C: Fq = MontFp!("2257920000");
/// u².
pub(crate) const PSI_U2: Fq =
    MontFp!("26217937587563095239723870254092982918845276250263818911301829349969290592256");
/// u³.
pub(crate) const PSI_U3: Fq =
    MontFp!("8089994378958280414021351509578931277711957629993758335181991576135134307306");
/// α: x + w = α(1 + Y)/(1 − Y), for twisted Edwards coordinates X, Y.
pub(crate) const TO_X: Fq =
    MontFp!("2359781610558873574808296128607492097349497508826331601837331312102549253765");
/// γ: y = γ(1 + Y)/((1 − Y)X).
pub(crate) const TO_Y: Fq =
    MontFp!("1844748439378035584469744180992199581396873746288034746248410959391693930255");

/// A short vector of the lattice of relations: A + Bλ = 0, and A² + 2B² is the order of the group.
const A: u128 = 113_482_231_691_339_203_864_511_368_254_957_623_327;
/// Its second part.
const B: u128 = 10_741_319_382_058_138_887_739_339_959_866_629_956;
/// ⌊2³⁸¹ A / order⌋.
const A_OVER_ORDER: [u64; 4] = [
    0xf534_f128_ea86_dbf7,
    0x3712_dc32_09bd_74c9,
    0x5bd7_58ef_47e8_e8f8,
    0x5e43_beb6_0a83_9ec6,
];
/// ⌊2³⁸¹ B / order⌋.
const B_OVER_ORDER: [u64; 4] = [
    0x1bd9_2e59_e14b_1985,
    0x5796_d3f0_a5b9_57ec,
    0xd327_6ebc_ea8e_ed15,
    0x08ec_1e24_fb0e_cf7b,
];

/// ⌊k · factor / 2³⁸¹⌋, below 2¹²⁷ when k is below the order.
fn quotient(k: &[u64; 4], factor: &[u64; 4]) -> u128 {
    let mut product = [0u64; 8];
    for (at, limb) in k.iter().enumerate() {
        let mut carry = 0u128;
        for (to, other) in product.iter_mut().skip(at).zip(factor) {
            let sum = u128::from(*to) + u128::from(*limb) * u128::from(*other) + carry;
            *to = sum as u64;
            carry = sum >> 64;
        }
        if let Some(to) = product.get_mut(at + 4) {
            *to = carry as u64;
        }
    }
    // 381 = 5 · 64 + 61.
    let [_, _, _, _, _, low, middle, high] = product.map(u128::from);
    (low >> 61) | (middle << 3) | (high << 67)
}

/// k = k₁ + k₂λ, in that order. Both are below 2¹²⁷: the vector is k less a combination of two lattice vectors,
/// (A, B) and (2B, −A), with factors rounded down, so that it lies in the parallelogram that they span, or beside it
/// by what rounding 2³⁸¹ A / order took.
pub(crate) fn split(scalar: &Scalar) -> [i128; 2] {
    let BigInt(k) = scalar.into_bigint();
    let first = quotient(&k, &A_OVER_ORDER);
    let second = quotient(&k, &B_OVER_ORDER);
    let [low, high, ..] = k.map(u128::from);
    // Modulo 2¹²⁸, which both results fit into.
    let k1 = (low | (high << 64))
        .wrapping_sub(first.wrapping_mul(A))
        .wrapping_sub(second.wrapping_mul(2 * B));
    let k2 = second.wrapping_mul(A).wrapping_sub(first.wrapping_mul(B));
    [k1 as i128, k2 as i128]
}

/// Odd digits up to this size have entries in a table: ±1, ±3, ±5, ±7.
pub(crate) const LARGEST_DIGIT: i8 = 7;

/// Signed digits, lowest first: zero, or odd and at most 7 in size, and after one that is not zero come at least
/// three zeros (width-4 NAF).
pub(crate) fn digits(number: i128) -> Zeroizing<Vec<i8>> {
    // With room for all at once, so that no copy is left behind.
    let mut digits = Zeroizing::new(Vec::with_capacity(132));
    let mut rest = number;
    while rest != 0 {
        let mut digit = 0;
        if rest & 1 == 1 {
            digit = (rest & 15) as i8;
            if digit > LARGEST_DIGIT {
                digit -= 16;
            }
            rest = rest.wrapping_sub(digit.into());
        }
        digits.push(digit);
        rest >>= 1;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::scalar;
    use proptest::prelude::*;

    const LAMBDA: Scalar =
        MontFp!("8913659658109529928382530854484400854125314752504019737736543920008458395397");

    fn signed(number: i128) -> Scalar {
        let size = Scalar::from(number.unsigned_abs());
        if number < 0 { -size } else { size }
    }

    fn is_split(scalar: Scalar) -> bool {
        let [k1, k2] = split(&scalar);
        let small = |k: i128| k.unsigned_abs() < 1 << 127;
        small(k1) && small(k2) && signed(k1) + signed(k2) * LAMBDA == scalar
    }

    #[test]
    fn the_constants_are_those_of_the_lattice() {
        assert_eq!(LAMBDA * LAMBDA, -Scalar::from(2u8));
        assert_eq!(
            Scalar::from(A) + Scalar::from(B) * LAMBDA,
            Scalar::from(0u8)
        );
    }

    #[test]
    fn every_scalar_is_split_into_two_halves() {
        for number in [0u128, 1, 2, A, B, u128::MAX] {
            assert!(is_split(Scalar::from(number)) && is_split(-Scalar::from(number)));
        }
        for number in 0..10_000 {
            assert!(is_split(scalar(number)));
        }
    }

    proptest! {
        #[test]
        fn digits_add_up_and_are_in_the_table(number in -(1i128 << 126)..(1i128 << 126)) {
            let digits = digits(number);
            let sum = digits.iter().rev().fold(0i128, |sum, digit| 2 * sum + i128::from(*digit));
            prop_assert_eq!(sum, number);
            prop_assert!(digits.iter().all(|digit| *digit == 0 || digit % 2 != 0 && digit.abs() <= 7));
        }
    }
}
