//! Multiples of points in G1 by numbers of 128 bits, as the proofs of a bundle are weighed with.
//!
//! A verifier tests first whether a point is in the subgroup, and multiplies it by the curve's parameter for that,
//! twice. Who has these two products need not test again, and gets every other multiple in half the steps:
//! n · P = (n mod x) · P + ⌊n / x⌋ · (x · P). So the last of them are remembered, for each thread. They spare work and
//! change no answer: a multiple is a multiple.

#![allow(
    unsafe_code,
    reason = "blst is C: each call gets what was made in the line before it"
)]

use super::{
    memory::Memory,
    quick::{G1, coordinate, g1},
};
use blst::{
    blst_fp_cneg, blst_fp_mul, blst_p1, blst_p1_add_or_double, blst_p1_affine,
    blst_p1_affine_in_g1, blst_p1_cneg, blst_p1_double, blst_p1_from_affine,
};
use parking_lot::Mutex;
use std::{cell::RefCell, collections::VecDeque, sync::LazyLock};

/// The parameter of BLS12-381, without its sign.
pub const X: u64 = 0xd201_0000_0001_0000;

/// A cube root of one in the base field, little endian: (x, y) ↦ (β · x, y) multiplies the points of the subgroup by −x².
const BETA: [u8; 48] = [
    0xfe, 0xff, 0xfe, 0xff, 0xff, 0xff, 0x01, 0x2e, 0x02, 0x00, 0x0a, 0x62, 0x13, 0xd8, 0x17, 0xde,
    0x88, 0x96, 0xf8, 0xe6, 0x3b, 0xa9, 0xb3, 0xdd, 0xea, 0x77, 0x0f, 0x6a, 0x07, 0xc6, 0x69, 0xba,
    0x51, 0xce, 0x76, 0xdf, 0x2f, 0x67, 0x19, 0x5f, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
];

/// Bits of a digit.
const WIDTH: u32 = 5;
/// Odd multiples that a digit can be.
const ODD: usize = 1 << (WIDTH - 2);
/// Products that a thread remembers: four for each proof of a bundle of 32, twice.
const REMEMBERED: usize = 256;

thread_local! {
    /// Points, and what they are times the parameter; the newest last.
    static PRODUCTS: RefCell<VecDeque<([u8; G1], [u8; G1])>> = const { RefCell::new(VecDeque::new()) };
}

/// Points that were found in the subgroup before, such as those of a verifying key, which come again with each proof.
static MEMBERS: LazyLock<Mutex<Memory<()>>> = LazyLock::new(|| Mutex::new(Memory::new(1_024)));

/// Remembers a point's product with the parameter, both as they are written.
pub fn remember(point: &[u8], product: &[u8; G1]) {
    let Ok(point) = point.try_into() else { return };
    PRODUCTS.with_borrow_mut(|products| {
        if products.len() >= REMEMBERED {
            products.pop_front();
        }
        products.push_back((point, *product));
    });
}

/// A point's products with the parameter and with its square.
pub struct Known {
    once: blst_p1_affine,
    twice: blst_p1_affine,
}

/// What is remembered of a point; none unless both products are.
pub fn recall(point: &[u8]) -> Option<Known> {
    PRODUCTS.with_borrow(|products| {
        let find = |point: &[u8]| {
            let known = products.iter().rev().find(|(known, _)| known == point);
            known.map(|(_, product)| *product)
        };
        let once = find(point)?;
        let twice = find(&once)?;
        Some(Known {
            once: g1(&once)?,
            twice: g1(&twice)?,
        })
    })
}

impl Known {
    /// Whether the point that this is known of is in the subgroup. Scott, ePrint 2021/1130, section 6: where its image by
    /// the endomorphism is its product with −x², and only there.
    fn is_of_member(&self, point: &blst_p1_affine) -> bool {
        let Some(beta) = coordinate(&BETA) else {
            return false;
        };
        let (mut x, mut y) = (Default::default(), Default::default());
        // SAFETY: all are made above.
        unsafe {
            blst_fp_mul(&mut x, &point.x, &beta);
            blst_fp_cneg(&mut y, &self.twice.y, true);
        }
        x == self.twice.x && y == point.y
    }

    /// So many times the point that this is known of; none if it is outside of the subgroup.
    pub fn multiple(&self, point: &blst_p1_affine, number: u128) -> Option<blst_p1> {
        let parameter = u128::from(X);
        self.is_of_member(point).then(|| {
            sum([
                (point, number % parameter),
                (&self.once, number / parameter),
            ])
        })
    }
}

/// A point as it is written, if it is in the subgroup.
pub fn member(written: &[u8]) -> Option<blst_p1_affine> {
    let point = g1(written)?;
    if let Some(known) = recall(written) {
        return known.is_of_member(&point).then_some(point);
    }
    let name = sp_crypto_hashing::blake2_256(written);
    if MEMBERS.lock().get(&name).is_none() {
        // SAFETY: it is a point of the curve.
        if !unsafe { blst_p1_affine_in_g1(&point) } {
            return None;
        }
        MEMBERS.lock().insert(name, ());
    }
    Some(point)
}

/// So many times a point, after a test of its subgroup; none if it is outside of it.
pub fn of_member(point: &blst_p1_affine, number: u128) -> Option<blst_p1> {
    // SAFETY: it is a point of the curve.
    let is_inside = unsafe { blst_p1_affine_in_g1(point) };
    is_inside.then(|| sum([(point, number)]))
}

/// A number in the non-adjacent form of width [`WIDTH`], the lowest digit first: each is zero, or odd and less than
/// 2^([`WIDTH`] − 1) by its amount.
fn signed_digits(number: u128) -> Vec<i8> {
    const BASE: i8 = 1 << WIDTH;
    let mut digits = Vec::with_capacity(129);
    // The bit above 128 is set for a moment, when a negative digit is taken off a large number.
    let (mut rest, mut above) = (number, false);
    while rest != 0 {
        let low = (rest & (BASE as u128 - 1)) as i8;
        let digit = match (low % 2, low < BASE / 2) {
            (0, _) => 0,
            (_, true) => low,
            (_, false) => low - BASE,
        };
        if digit < 0 {
            (rest, above) = rest.overflowing_add(u128::from(digit.unsigned_abs()));
        } else {
            rest -= u128::from(digit.unsigned_abs());
        }
        digits.push(digit);
        rest = rest >> 1 | u128::from(above) << 127;
        above = false;
    }
    digits
}

/// The odd multiples of a point, once, three times and so on.
fn odd_multiples(point: &blst_p1_affine) -> [blst_p1; ODD] {
    let (mut odd, mut double) = ([blst_p1::default(); ODD], blst_p1::default());
    // SAFETY: all are made above.
    unsafe {
        blst_p1_from_affine(&mut odd[0], point);
        blst_p1_double(&mut double, &odd[0]);
        for next in 1..ODD {
            let before = odd[next - 1];
            blst_p1_add_or_double(&mut odd[next], &before, &double);
        }
    }
    odd
}

/// The sum of points so many times each, doubling for all of them at once, in a time that tells the numbers.
fn sum<const N: usize>(parts: [(&blst_p1_affine, u128); N]) -> blst_p1 {
    let parts = parts.map(|(point, number)| (odd_multiples(point), signed_digits(number)));
    let places = parts.iter().map(|(_, digits)| digits.len()).max();
    let mut total = blst_p1::default();
    for place in (0..places.unwrap_or(0)).rev() {
        let before = total;
        // SAFETY: both are points of the curve, or at infinity.
        unsafe { blst_p1_double(&mut total, &before) };
        for (odd, digits) in &parts {
            let digit = digits.get(place).copied().unwrap_or(0);
            if digit == 0 {
                continue;
            }
            let (before, mut part) = (total, odd[usize::from(digit.unsigned_abs() / 2)]);
            // SAFETY: all are points of the curve, or at infinity.
            unsafe {
                blst_p1_cneg(&mut part, digit < 0);
                blst_p1_add_or_double(&mut total, &before, &part);
            }
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_odd_or_zero_and_make_the_number() {
        let edges = [
            0,
            1,
            15,
            16,
            17,
            31,
            32,
            u128::MAX,
            u128::MAX - 14,
            u128::MAX - 15,
            1 << 127,
        ];
        let others =
            (0..1_000u128).map(|seed| seed.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_0c4a_2b11_0d57));
        for number in edges.into_iter().chain(others) {
            let digits = signed_digits(number);
            assert!(digits.len() <= 129);
            let mut made = 0u128;
            for digit in digits.iter().rev() {
                assert!(*digit == 0 || digit % 2 != 0 && digit.abs() < 16, "{digit}");
                made = made
                    .wrapping_mul(2)
                    .wrapping_add(i128::from(*digit) as u128);
            }
            assert_eq!(made, number);
        }
    }

    #[test]
    fn what_is_remembered_is_the_newest_and_no_more_than_there_is_room_for() {
        let name = |number: usize| [number as u8; G1];
        for number in 0..REMEMBERED + 10 {
            let mut point = name(number);
            point[0] = (number / 256) as u8;
            remember(&point, &name(number));
        }
        PRODUCTS.with_borrow(|products| assert_eq!(products.len(), REMEMBERED));
        // Nothing of it is a point.
        assert!(recall(&name(5)).is_none());
    }
}
