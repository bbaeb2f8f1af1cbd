//! Bandersnatch as the circuit computes with it: an endomorphism, ephemeral secrets of two halves, Montgomery form.
//!
//! ψ(x, y) = (c(1 − y²) / xy, b(y² + b) / (y² − b)) multiplies points of the subgroup by λ, with λ² = −2 (Masson,
//! Sanso, Zhang, "Bandersnatch", ePrint 2021/1152, section 2). So (a + λ · b) · P is a · P + b · ψ(P): half as many
//! doublings.

use crate::{FieldBytes, Fr};
use ark_ec::{AffineRepr, CurveGroup, twisted_edwards::MontCurveConfig};
use ark_ed_on_bls12_381_bandersnatch::{
    BandersnatchConfig, EdwardsAffine, EdwardsProjective, Fr as Scalar,
};
use ark_ff::{Field, MontFp, One};
use codec::{Decode, Encode};

/// b of ψ.
pub(crate) const PSI_B: Fr =
    MontFp!("37446463827641770816307242315180085052603635617490163568005256780843403514036");
/// c of ψ.
pub(crate) const PSI_C: Fr =
    MontFp!("49199877423542878313146170939139662862850515542392585932876811575731455068989");
/// What ψ multiplies by.
pub(crate) const LAMBDA: Scalar =
    MontFp!("8913659658109529928382530854484400854125314752504019737736543920008458395397");
/// A of the Montgomery form B · v² = u³ + A · u² + u.
pub(crate) const MONTGOMERY_A: Fr = <BandersnatchConfig as MontCurveConfig>::COEFF_A;
/// B of it.
pub(crate) const MONTGOMERY_B: Fr = <BandersnatchConfig as MontCurveConfig>::COEFF_B;

/// Steps of a multiplication, and bits of each half of an ephemeral secret.
///
/// A half stands for the odd number 2¹²⁴ + 1 + 2 · bits, below 2¹²⁴ · 3. With both halves below that,
/// a² + 2b² < r unless both are zero, and a + λ · b ≡ 0 would ask for a² + 2b² ≡ 0: no partial sum is ever neutral
/// or equal to what is added to it, up to sign. That is why incomplete additions are enough.
pub const HALF_BITS: u32 = 124;

/// Affine Montgomery coordinates.
pub(crate) type Montgomery = [Fr; 2];

/// The Montgomery form of a point that is neither neutral nor of order two.
pub(crate) fn montgomery(point: &EdwardsAffine) -> Montgomery {
    let one = Fr::one();
    let u = (one + point.y) * (one - point.y).inverse().unwrap_or_default();
    [u, u * point.x.inverse().unwrap_or_default()]
}

/// ψ of a point of the subgroup.
pub(crate) fn psi(point: &EdwardsAffine) -> EdwardsAffine {
    (point.into_group() * LAMBDA).into_affine()
}

/// The secret behind an ephemeral point: two numbers of [`HALF_BITS`] random bits. Used for one transfer, known to its
/// sender.
#[derive(Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Ephemeral([u128; 2]);

impl core::fmt::Debug for Ephemeral {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Ephemeral(..)")
    }
}

impl Ephemeral {
    /// From 32 random bytes, of which 248 bits count.
    pub fn from_bytes(random: [u8; 32]) -> Self {
        let number = u128::from_le_bytes;
        let mut low = [0; 16];
        let mut high = [0; 16];
        for (to, from) in low.iter_mut().chain(&mut high).zip(random) {
            *to = from;
        }
        let mask = (1u128 << HALF_BITS).wrapping_sub(1);
        Self([number(low) & mask, number(high) & mask])
    }

    /// Both halves: 0 or 1 for −1 or +1 at each power of two.
    pub(crate) const fn halves(&self) -> [u128; 2] {
        self.0
    }

    /// The scalar e.
    pub fn scalar(&self) -> Scalar {
        let [a, b] = self.0.map(|half| {
            let doubled = half.wrapping_shl(1);
            Scalar::from(doubled.wrapping_add((1u128 << HALF_BITS).wrapping_add(1)))
        });
        a + LAMBDA * b
    }

    /// The ephemeral point \[e\]G.
    pub fn point(&self) -> EdwardsAffine {
        (EdwardsAffine::generator() * self.scalar()).into_affine()
    }

    /// \[e\]K: what the holder of the key K computes as \[k\]E.
    pub fn shared(&self, key: &EdwardsAffine) -> EdwardsAffine {
        (*key * self.scalar()).into_affine()
    }
}

/// For each step, from the highest: the Montgomery forms of \[2ⁱ\](G + ψG) and \[2ⁱ\](G − ψG). And \[2¹²⁵\](G + ψG),
/// where a sum of them starts.
pub(crate) fn generator_table() -> (Montgomery, [[Montgomery; 2]; HALF_BITS as usize]) {
    let base = EdwardsAffine::generator();
    let other = psi(&base);
    let mut pair: [EdwardsProjective; 2] = [base + other, base - other];
    let mut table = [[[Fr::one(); 2]; 2]; HALF_BITS as usize];
    for entry in table.iter_mut().rev() {
        *entry = pair.map(|point| montgomery(&point.into_affine()));
        pair = pair.map(|point| point + point);
    }
    let [start, _] = pair;
    (montgomery(&(start + start).into_affine()), table)
}

/// The coordinates of a point, as a key stream takes them.
pub fn coordinates(point: &EdwardsAffine) -> [FieldBytes; 2] {
    [point.x.into(), point.y.into()]
}
