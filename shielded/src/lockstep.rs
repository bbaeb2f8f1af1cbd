//! One secret scalar times thousands of points, all in the same steps.
//!
//! A scanner multiplies the ephemeral point of every output by the same key. The steps of a multiplication depend
//! on the scalar alone, so all points take them together, and then affine coordinates are the cheapest: a doubling
//! costs 4 products and 2 squares (5 and 2 with its part of a shared inversion), an addition 2 and 1 (5 and 1), and
//! the one inversion (Montgomery's trick) is spread over the whole batch.
//!
//! Products and squares a point, on average:
//!
//! | step | how often | cost | together |
//! |---|---|---|---|
//! | to the short Weierstrass model | 1 | 8 | 8 |
//! | table: P, 3P, 5P, 7P | 1 doubling, 3 additions | 7, 6 | 25 |
//! | ψ of the table | 4 | 8 | 32 |
//! | doublings | 126 | 7 | 882 |
//! | additions, 127 / 5 a half (width-4 NAF) | 51 | 6 | 306 |
//! | back | 1 | 8 | 8 |
//!
//! # Points that somebody made up
//!
//! A denominator of zero makes its own point invalid and no other: the inversion leaves it out. For a point of the
//! prime subgroup other than the neutral element none can be met, but with a probability of about 2⁻¹²⁰ over the
//! choice of the key: it takes a relation between the parts of the scalar that are in the sum and the one that is
//! added, and all relations are as long as the whole scalar. A point outside of the subgroup gives a result that
//! means nothing; whoever uses one checks the point first.

use crate::{
    DetectionKey,
    endomorphism::{
        LARGEST_DIGIT, MODEL_A, PSI_C, PSI_U2, PSI_U3, PSI_W, TO_X, TO_Y, digits, split,
    },
    residue::Residue,
};
use ark_ed_on_bls12_381_bandersnatch::Fq;
use ark_ff::AdditiveGroup;
use zeroize::Zeroizing;

/// Points that share an inversion. Fewer pay more for it; more no longer fit into a core's cache.
pub(crate) const BATCH: usize = 1024;

/// Entries of the table for each half: P, 3P, 5P, 7P.
const ENTRIES: usize = LARGEST_DIGIT as usize / 2 + 1;

/// Points in affine coordinates of the short Weierstrass model, coordinate by coordinate.
#[derive(Clone, Default)]
struct Points {
    x: Vec<Residue>,
    y: Vec<Residue>,
}

/// A scalar, made ready.
#[derive(Clone)]
pub(crate) struct Multiplier {
    halves: [Zeroizing<Vec<i8>>; 2],
}

impl Multiplier {
    pub(crate) fn new(key: &DetectionKey) -> Self {
        Self {
            halves: split(&key.0).map(digits),
        }
    }

    /// The scalar times each point, in place, in twisted Edwards coordinates. A point whose result is none, for
    /// which see the module, becomes (0, 0).
    pub(crate) fn multiply(&self, points: &mut [(Fq, Fq)]) {
        for points in points.chunks_mut(BATCH) {
            self.multiply_batch(points);
        }
    }

    fn multiply_batch(&self, points: &mut [(Fq, Fq)]) {
        let mut steps = Steps::new(points.len());
        let base = steps.enter(points);
        let tables = steps.tables(base);
        let length = self.halves.iter().map(|half| half.len()).max().unwrap_or(0);
        let mut sum = None;
        for at in (0..length).rev() {
            if let Some(sum) = &mut sum {
                steps.double(sum);
            }
            for (half, table) in self.halves.iter().zip(&tables) {
                let digit = half.get(at).copied().unwrap_or(0);
                let entry = table.get(usize::from(digit.unsigned_abs() / 2));
                let Some(entry) = entry.filter(|_| digit != 0) else {
                    continue;
                };
                match &mut sum {
                    Some(sum) => steps.add(sum, entry, digit < 0),
                    None => sum = Some(entry.signed(digit < 0)),
                }
            }
        }
        match sum {
            Some(sum) => steps.leave(&sum, points),
            None => points.fill((Fq::ZERO, Fq::ZERO)),
        }
    }
}

impl Points {
    fn signed(&self, negated: bool) -> Self {
        let mut points = self.clone();
        if negated {
            for y in &mut points.y {
                *y = Residue::ZERO.minus(*y);
            }
        }
        points
    }
}

/// The steps, with the room that they need.
struct Steps {
    /// Denominators, and then their inverses.
    inverses: Vec<Residue>,
    /// Products of all denominators up to each.
    products: Vec<Residue>,
}

/// Chains of products that are made side by side: a processor multiplies faster than one product waits for the one
/// before it.
const CHAINS: usize = 4;

impl Steps {
    fn new(length: usize) -> Self {
        Self {
            inverses: vec![Residue::ZERO; length],
            products: vec![Residue::ZERO; length],
        }
    }

    /// Inverts all denominators with one inversion and three products each. Zeros stay.
    fn invert(&mut self) {
        let mut running = [Residue::ONE; CHAINS];
        let blocks = self.inverses.chunks(CHAINS);
        for (values, before) in blocks.zip(self.products.chunks_mut(CHAINS)) {
            for ((value, before), running) in values.iter().zip(before).zip(&mut running) {
                *before = *running;
                if !value.is_zero() {
                    *running = running.times(*value);
                }
            }
        }
        // No factor is zero, so the product has an inverse.
        let mut chains = running;
        let mut products = [Residue::ONE; CHAINS];
        let mut product = Residue::ONE;
        for (before, chain) in products.iter_mut().zip(running) {
            *before = product;
            product = product.times(chain);
        }
        let mut inverse = product.inverse();
        for (chain, before) in chains.iter_mut().zip(products).rev() {
            let own = inverse.times(before);
            inverse = inverse.times(*chain);
            *chain = own;
        }
        let blocks = self.inverses.chunks_mut(CHAINS);
        for (values, before) in blocks.zip(self.products.chunks(CHAINS)).rev() {
            for ((value, before), chain) in values.iter_mut().zip(before).zip(&mut chains) {
                if !value.is_zero() {
                    let own = chain.times(*before);
                    *chain = chain.times(*value);
                    *value = own;
                }
            }
        }
    }

    /// x + w = α(1 + Y)/(1 − Y), y = γ(1 + Y)/((1 − Y)X).
    fn enter(&mut self, points: &[(Fq, Fq)]) -> Points {
        const ALPHA: Residue = Residue::new(TO_X);
        const GAMMA: Residue = Residue::new(TO_Y);
        for (to, (x, y)) in self.inverses.iter_mut().zip(points) {
            *to = Residue::ONE.minus(Residue::new(*y)).times(Residue::new(*x));
        }
        self.invert();
        let mut to = Points::default();
        for (inverse, (x, y)) in self.inverses.iter().zip(points) {
            let quotient = Residue::ONE.plus(Residue::new(*y)).times(*inverse);
            let shifted = ALPHA.times(quotient).times(Residue::new(*x));
            to.x.push(shifted.minus(W));
            to.y.push(GAMMA.times(quotient));
        }
        to
    }

    /// X = (γ/α)(x + w)/y, Y = (x + w − α)/(x + w + α).
    fn leave(&mut self, points: &Points, to: &mut [(Fq, Fq)]) {
        const ALPHA: Residue = Residue::new(TO_X);
        for ((inverse, x), y) in self.inverses.iter_mut().zip(&points.x).zip(&points.y) {
            *inverse = x.plus(W).plus(ALPHA).times(*y);
        }
        self.invert();
        let ratio = Residue::new(TO_Y).times(ALPHA.inverse());
        let points = points.x.iter().zip(&points.y);
        for ((inverse, (x, y)), to) in self.inverses.iter().zip(points).zip(to) {
            let shifted = x.plus(W);
            let first = ratio.times(shifted).times(shifted.plus(ALPHA));
            let second = shifted.minus(ALPHA).times(*y);
            *to = (
                first.times(*inverse).field(),
                second.times(*inverse).field(),
            );
        }
    }

    fn double(&mut self, points: &mut Points) {
        const A: Residue = Residue::new(MODEL_A);
        for (inverse, y) in self.inverses.iter_mut().zip(&points.y) {
            *inverse = y.twice();
        }
        self.invert();
        let points = points.x.iter_mut().zip(&mut points.y);
        for ((x, y), inverse) in points.zip(&self.inverses) {
            let square = x.square();
            let slope = square.twice().plus(square).plus(A).times(*inverse);
            let doubled = slope.square().minus(x.twice());
            *y = slope.times(x.minus(doubled)).minus(*y);
            *x = doubled;
        }
    }

    fn add(&mut self, points: &mut Points, others: &Points, negated: bool) {
        let differences = points.x.iter().zip(&others.x);
        for (inverse, (x, other)) in self.inverses.iter_mut().zip(differences) {
            *inverse = other.minus(*x);
        }
        self.invert();
        let points = points.x.iter_mut().zip(&mut points.y);
        let others = others.x.iter().zip(&others.y);
        for (((x, y), (other_x, other_y)), inverse) in points.zip(others).zip(&self.inverses) {
            let other_y = if negated {
                Residue::ZERO.minus(*other_y)
            } else {
                *other_y
            };
            let slope = other_y.minus(*y).times(*inverse);
            let sum = slope.square().minus(*x).minus(*other_x);
            *y = slope.times(x.minus(sum)).minus(*y);
            *x = sum;
        }
    }

    fn psi(&mut self, points: &Points) -> Points {
        const C: Residue = Residue::new(PSI_C);
        const U2: Residue = Residue::new(PSI_U2);
        const U3: Residue = Residue::new(PSI_U3);
        for (inverse, x) in self.inverses.iter_mut().zip(&points.x) {
            *inverse = x.plus(W);
        }
        self.invert();
        let mut to = Points::default();
        let points = points.x.iter().zip(&points.y);
        for ((x, y), inverse) in points.zip(&self.inverses) {
            let part = C.times(*inverse);
            to.x.push(U2.times(x.plus(part)));
            let factor = Residue::ONE.minus(part.times(*inverse));
            to.y.push(U3.times(*y).times(factor));
        }
        to
    }

    /// P, 3P, 5P, 7P, and ψ of each.
    fn tables(&mut self, base: Points) -> [Vec<Points>; 2] {
        let mut twice = base.clone();
        self.double(&mut twice);
        let mut multiples = vec![base];
        while let Some(last) = multiples.last().filter(|_| multiples.len() < ENTRIES) {
            let mut next = last.clone();
            self.add(&mut next, &twice, false);
            multiples.push(next);
        }
        let images = multiples.iter().map(|points| self.psi(points)).collect();
        [multiples, images]
    }
}

const W: Residue = Residue::new(PSI_W);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Point, Scalar, tests::scalar};
    use ark_ec::{AffineRepr, CurveGroup};
    use ark_ed_on_bls12_381_bandersnatch::EdwardsAffine;
    use ark_ff::Field;

    fn is_multiplied(scalar: Scalar, points: &[EdwardsAffine]) {
        let mut products: Vec<_> = points.iter().map(|point| (point.x, point.y)).collect();
        Multiplier::new(&DetectionKey(scalar)).multiply(&mut products);
        for (point, (x, y)) in points.iter().zip(products) {
            assert_eq!(
                (*point * scalar).into_affine(),
                EdwardsAffine::new_unchecked(x, y)
            );
        }
    }

    #[test]
    fn all_points_are_multiplied_as_each_alone_would_be() {
        for length in [1, 2, 3, 5, 17, BATCH as u64 + 3] {
            let points: Vec<_> = (0..length)
                .filter_map(|number| Point::generator().times(&scalar(number)))
                .map(Point::to_affine)
                .collect();
            is_multiplied(scalar(length), &points);
        }
    }

    #[test]
    fn the_generator_is_multiplied_by_many_scalars() {
        let generator = Point::generator().to_affine();
        for number in 0..50 {
            is_multiplied(scalar(number), &[generator, -generator]);
        }
    }

    #[test]
    fn a_made_up_point_spoils_no_other() {
        let scalar = scalar(3);
        let good = Point::generator().to_affine();
        let made_up = [
            (Fq::ZERO, Fq::ONE),
            (Fq::ZERO, -Fq::ONE),
            (Fq::ONE, Fq::ONE),
            (Fq::ZERO, Fq::ZERO),
            (good.x, -good.y),
            (Fq::from(7u8), Fq::from(9u8)),
        ];
        let expected = (good * scalar).into_affine();
        for place in 0..=made_up.len() {
            let mut points = made_up.to_vec();
            points.insert(place, (good.x, good.y));
            Multiplier::new(&DetectionKey(scalar)).multiply(&mut points);
            assert_eq!(points[place], (expected.x, expected.y));
        }
        assert!(!expected.is_zero());
    }
}
