//! Arithmetic in the base field without branches, for [`lockstep`](crate::lockstep).
//!
//! The same numbers in the same Montgomery form as arkworks' (factor 2²⁵⁶), so that one is the other at no cost.
//! arkworks compares after each operation and then subtracts the modulus or not; on random numbers a processor
//! guesses half of that wrong, which costs more than an addition. Here it is always subtracted, and added back
//! under a mask.

use ark_ed_on_bls12_381_bandersnatch::Fq;
use ark_ff::{BigInt, Field, PrimeField};

/// q.
const MODULUS: [u64; 4] = Fq::MODULUS.0;
/// −1/q modulo 2⁶⁴.
const INVERSE: u64 = 0xffff_fffe_ffff_ffff;

/// A number below q, in Montgomery form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Residue([u64; 4]);

/// a + b·c + d, low and high half. It cannot overflow.
#[inline(always)]
fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let sum = u128::from(a) + u128::from(b) * u128::from(c) + u128::from(d);
    (sum as u64, (sum >> 64) as u64)
}

/// a − b modulo 2²⁵⁶, and all ones if b is larger.
#[inline(always)]
fn subtract(a: [u64; 4], b: [u64; 4]) -> ([u64; 4], u64) {
    let [a0, a1, a2, a3] = a;
    let [b0, b1, b2, b3] = b;
    let step = |a: u64, b: u64, borrow: u64| {
        let difference = u128::from(a)
            .wrapping_sub(u128::from(b))
            .wrapping_sub(u128::from(borrow));
        (difference as u64, (difference >> 64) as u64 & 1)
    };
    let (c0, borrow) = step(a0, b0, 0);
    let (c1, borrow) = step(a1, b1, borrow);
    let (c2, borrow) = step(a2, b2, borrow);
    let (c3, borrow) = step(a3, b3, borrow);
    ([c0, c1, c2, c3], 0u64.wrapping_sub(borrow))
}

/// a + b modulo 2²⁵⁶.
#[inline(always)]
fn sum(a: [u64; 4], b: [u64; 4]) -> [u64; 4] {
    let [a0, a1, a2, a3] = a;
    let [b0, b1, b2, b3] = b;
    let step = |a: u64, b: u64, carry: u64| {
        let sum = u128::from(a) + u128::from(b) + u128::from(carry);
        (sum as u64, (sum >> 64) as u64)
    };
    let (c0, carry) = step(a0, b0, 0);
    let (c1, carry) = step(a1, b1, carry);
    let (c2, carry) = step(a2, b2, carry);
    let (c3, _) = step(a3, b3, carry);
    [c0, c1, c2, c3]
}

/// Below q, from below 2q.
#[inline(always)]
fn reduce(a: [u64; 4]) -> Residue {
    let (less, mask) = subtract(a, MODULUS);
    Residue(sum(less, MODULUS.map(|limb| limb & mask)))
}

impl Residue {
    /// 0.
    pub(crate) const ZERO: Self = Self([0; 4]);
    /// 1.
    pub(crate) const ONE: Self = Self::new(Fq::ONE);

    /// The same number.
    pub(crate) const fn new(number: Fq) -> Self {
        Self(number.0.0)
    }

    /// The same number.
    pub(crate) fn field(self) -> Fq {
        Fq::new_unchecked(BigInt(self.0))
    }

    #[inline(always)]
    pub(crate) fn is_zero(self) -> bool {
        self.0 == [0; 4]
    }

    /// 2q is below 2²⁵⁶.
    #[inline(always)]
    pub(crate) fn plus(self, other: Self) -> Self {
        reduce(sum(self.0, other.0))
    }

    #[inline(always)]
    pub(crate) fn twice(self) -> Self {
        self.plus(self)
    }

    #[inline(always)]
    pub(crate) fn minus(self, other: Self) -> Self {
        let (difference, mask) = subtract(self.0, other.0);
        Self(sum(difference, MODULUS.map(|limb| limb & mask)))
    }

    /// Montgomery's product, limb by limb (CIOS), without the top carry: q's top limb is below 2⁶³.
    #[inline(always)]
    pub(crate) fn times(self, other: Self) -> Self {
        let [a0, a1, a2, a3] = self.0;
        let [q0, q1, q2, q3] = MODULUS;
        let [mut t0, mut t1, mut t2, mut t3] = [0; 4];
        for b in other.0 {
            let (low, carry) = multiply_add(t0, a0, b, 0);
            let factor = low.wrapping_mul(INVERSE);
            let (_, reduced) = multiply_add(low, factor, q0, 0);
            let (low, carry) = multiply_add(t1, a1, b, carry);
            let (n0, reduced) = multiply_add(low, factor, q1, reduced);
            let (low, carry) = multiply_add(t2, a2, b, carry);
            let (n1, reduced) = multiply_add(low, factor, q2, reduced);
            let (low, carry) = multiply_add(t3, a3, b, carry);
            let (n2, reduced) = multiply_add(low, factor, q3, reduced);
            [t0, t1, t2, t3] = [n0, n1, n2, carry.wrapping_add(reduced)];
        }
        reduce([t0, t1, t2, t3])
    }

    #[inline(always)]
    pub(crate) fn square(self) -> Self {
        self.times(self)
    }

    /// 1/x; zero for zero.
    pub(crate) fn inverse(self) -> Self {
        self.field().inverse().map_or(Self::ZERO, Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::AdditiveGroup;
    use proptest::prelude::*;

    fn is_arkworks(a: Fq, b: Fq) {
        let (x, y) = (Residue::new(a), Residue::new(b));
        assert_eq!(x.field(), a);
        assert_eq!(x.plus(y), Residue::new(a + b));
        assert_eq!(x.minus(y), Residue::new(a - b));
        assert_eq!(x.times(y), Residue::new(a * b));
        assert_eq!(x.twice(), Residue::new(a.double()));
        assert_eq!(x.square(), Residue::new(a.square()));
        assert_eq!(x.inverse().field(), a.inverse().unwrap_or(Fq::ZERO));
        assert_eq!(x.is_zero(), a == Fq::ZERO);
    }

    #[test]
    fn it_is_arkworks_at_the_edges() {
        // In Montgomery form: 0, 1, q − 1, 2⁶⁴ − 1 in each limb that allows it, and numbers beside them.
        let mut edges = vec![Fq::ZERO, Fq::ONE, -Fq::ONE];
        for limbs in [
            [1, 0, 0, 0],
            [u64::MAX, 0, 0, 0],
            [u64::MAX, u64::MAX, u64::MAX, MODULUS[3] - 1],
            [0, 0, 0, MODULUS[3]],
            [MODULUS[0] - 1, MODULUS[1], MODULUS[2], MODULUS[3]],
        ] {
            edges.push(Fq::new_unchecked(BigInt(limbs)));
        }
        for a in &edges {
            for b in &edges {
                is_arkworks(*a, *b);
            }
        }
    }

    proptest! {
        #[test]
        fn it_is_arkworks(a: [u8; 32], b: [u8; 32]) {
            is_arkworks(Fq::from_le_bytes_mod_order(&a), Fq::from_le_bytes_mod_order(&b));
        }
    }
}
