//! One secret scalar times thousands of points, all in the same steps.
//!
//! A scanner multiplies the ephemeral point of every output by the same key. The steps of a multiplication depend
//! on the scalar alone, so all points take them together, and then affine coordinates are the cheapest: a doubling
//! costs 4 products and 2 squares (5 and 2 with its part of a shared inversion), an addition 2 and 1 (5 and 1), and
//! the one inversion (Montgomery's trick) is spread over the whole batch. A doubling with an addition after it is two
//! additions, (P + Q) + P, of which the first one's ordinate nobody needs (Eisenträger, Lauter, Montgomery, CT-RSA
//! 2003): 9 and 2 in place of 10 and 3.
//!
//! Products and squares a point, on average:
//!
//! | step | how often | cost | together |
//! |---|---|---|---|
//! | to the short Weierstrass model | 1 | 8 | 8 |
//! | table: P, 3P, 5P, 7P | 1 doubling, 3 additions | 7, 6 | 25 |
//! | ψ of the table | 4 | 8 | 32 |
//! | doublings alone, where both halves (width-4 NAF) have a zero, four fifths each | 81 | 7 | 567 |
//! | doublings with an addition | 46 | 11 | 506 |
//! | additions, where both have a digit | 5 | 6 | 30 |
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
};
use ark_ed_on_bls12_381_bandersnatch::Fq;
use ark_ff::{AdditiveGroup, Field, Zero};
use zeroize::Zeroizing;

/// Points that share an inversion. Fewer pay more for it; more no longer fit into a core's cache.
pub(crate) const BATCH: usize = 1024;

/// Entries of the table for each half: P, 3P, 5P, 7P.
const ENTRIES: usize = LARGEST_DIGIT as usize / 2 + 1;

/// Points in affine coordinates of the short Weierstrass model, coordinate by coordinate.
#[derive(Clone, Default)]
struct Points {
    x: Vec<Fq>,
    y: Vec<Fq>,
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
            let mut is_doubled = false;
            for (half, table) in self.halves.iter().zip(&tables) {
                let digit = half.get(at).copied().unwrap_or(0);
                let entry = table.get(usize::from(digit.unsigned_abs() / 2));
                let Some(entry) = entry.filter(|_| digit != 0) else {
                    continue;
                };
                match &mut sum {
                    Some(sum) if is_doubled => steps.add(sum, entry, digit < 0),
                    Some(sum) => steps.double_and_add(sum, entry, digit < 0),
                    None => sum = Some(steps.signed(entry, digit < 0)),
                }
                is_doubled = true;
            }
            if let Some(sum) = sum.as_mut().filter(|_| !is_doubled) {
                steps.double(sum);
            }
        }
        match sum {
            Some(sum) => steps.leave(&sum, points),
            None => points.fill((Fq::ZERO, Fq::ZERO)),
        }
    }
}

/// The steps, with the room that they need.
struct Steps {
    /// Denominators, and then their inverses.
    inverses: Vec<Fq>,
    /// Products of all denominators up to each.
    products: Vec<Fq>,
    /// Slopes and abscissas of sums that are not needed in full.
    slopes: Vec<Fq>,
    abscissas: Vec<Fq>,
}

/// Chains of products that are made side by side: a processor multiplies faster than one product waits for the one
/// before it.
const CHAINS: usize = 4;

impl Steps {
    fn new(length: usize) -> Self {
        Self {
            inverses: vec![Fq::ZERO; length],
            products: vec![Fq::ZERO; length],
            slopes: vec![Fq::ZERO; length],
            abscissas: vec![Fq::ZERO; length],
        }
    }

    /// Inverts all denominators with one inversion and three products each. Zeros stay.
    fn invert(&mut self) {
        let mut running = [Fq::ONE; CHAINS];
        let blocks = self.inverses.chunks(CHAINS);
        for (values, before) in blocks.zip(self.products.chunks_mut(CHAINS)) {
            for ((value, before), running) in values.iter().zip(before).zip(&mut running) {
                *before = *running;
                if !value.is_zero() {
                    *running *= value;
                }
            }
        }
        // No factor is zero, so the product has an inverse.
        let mut chains = running;
        let mut products = [Fq::ONE; CHAINS];
        let mut product = Fq::ONE;
        for (before, chain) in products.iter_mut().zip(&running) {
            *before = product;
            product *= chain;
        }
        let mut inverse = product.inverse().unwrap_or(Fq::ZERO);
        for (chain, before) in chains.iter_mut().zip(&products).rev() {
            let own = inverse * before;
            inverse *= *chain;
            *chain = own;
        }
        let blocks = self.inverses.chunks_mut(CHAINS);
        for (values, before) in blocks.zip(self.products.chunks(CHAINS)).rev() {
            for ((value, before), chain) in values.iter_mut().zip(before).zip(&mut chains) {
                if !value.is_zero() {
                    let own = *chain * before;
                    *chain *= *value;
                    *value = own;
                }
            }
        }
    }

    /// x + w = α(1 + Y)/(1 − Y), y = γ(1 + Y)/((1 − Y)X).
    fn enter(&mut self, points: &[(Fq, Fq)]) -> Points {
        for (to, (x, y)) in self.inverses.iter_mut().zip(points) {
            *to = (Fq::ONE - y) * x;
        }
        self.invert();
        let mut to = Points::default();
        for (inverse, (x, y)) in self.inverses.iter().zip(points) {
            let quotient = (Fq::ONE + y) * inverse;
            to.x.push(TO_X * quotient * x - PSI_W);
            to.y.push(TO_Y * quotient);
        }
        to
    }

    /// X = (γ/α)(x + w)/y, Y = (x + w − α)/(x + w + α).
    fn leave(&mut self, points: &Points, to: &mut [(Fq, Fq)]) {
        for ((inverse, x), y) in self.inverses.iter_mut().zip(&points.x).zip(&points.y) {
            *inverse = (*x + PSI_W + TO_X) * y;
        }
        self.invert();
        let ratio = TO_Y * TO_X.inverse().unwrap_or(Fq::ZERO);
        let points = points.x.iter().zip(&points.y);
        for ((inverse, (x, y)), to) in self.inverses.iter().zip(points).zip(to) {
            let shifted = *x + PSI_W;
            *to = (
                ratio * shifted * (shifted + TO_X) * inverse,
                (shifted - TO_X) * y * inverse,
            );
        }
    }

    fn double(&mut self, points: &mut Points) {
        for (inverse, y) in self.inverses.iter_mut().zip(&points.y) {
            *inverse = y.double();
        }
        self.invert();
        let points = points.x.iter_mut().zip(&mut points.y);
        for ((x, y), inverse) in points.zip(&self.inverses) {
            let square = x.square();
            let slope = (square.double() + square + MODEL_A) * inverse;
            let doubled = slope.square() - x.double();
            *y = slope * (*x - doubled) - *y;
            *x = doubled;
        }
    }

    fn add(&mut self, points: &mut Points, others: &Points, negated: bool) {
        let differences = points.x.iter().zip(&others.x);
        for (inverse, (x, other)) in self.inverses.iter_mut().zip(differences) {
            *inverse = *other - x;
        }
        self.invert();
        let points = points.x.iter_mut().zip(&mut points.y);
        let others = others.x.iter().zip(&others.y);
        for (((x, y), (other_x, other_y)), inverse) in points.zip(others).zip(&self.inverses) {
            let other_y = if negated { -*other_y } else { *other_y };
            let slope = (other_y - *y) * inverse;
            let sum = slope.square() - *x - other_x;
            *y = slope * (*x - sum) - *y;
            *x = sum;
        }
    }

    /// 2P + Q as (P + Q) + P.
    fn double_and_add(&mut self, points: &mut Points, others: &Points, negated: bool) {
        let differences = points.x.iter().zip(&others.x);
        for (inverse, (x, other)) in self.inverses.iter_mut().zip(differences) {
            *inverse = *other - x;
        }
        self.invert();
        let coordinates = points.x.iter().zip(&points.y);
        let others = others.x.iter().zip(&others.y);
        let sums = self.slopes.iter_mut().zip(&mut self.abscissas);
        let sums = sums.zip(&mut self.inverses);
        for (((x, y), (other_x, other_y)), ((slope, sum), inverse)) in
            coordinates.zip(others).zip(sums)
        {
            let other_y = if negated { -*other_y } else { *other_y };
            *slope = (other_y - *y) * *inverse;
            *sum = slope.square() - *x - other_x;
            *inverse = *x - *sum;
        }
        self.invert();
        let coordinates = points.x.iter_mut().zip(&mut points.y);
        let sums = self.slopes.iter().zip(&self.abscissas);
        for (((x, y), (slope, sum)), inverse) in coordinates.zip(sums).zip(&self.inverses) {
            let slope = y.double() * inverse - *slope;
            let result = slope.square() - *sum - *x;
            *y = slope * (*x - result) - *y;
            *x = result;
        }
    }

    fn psi(&mut self, points: &Points) -> Points {
        for (inverse, x) in self.inverses.iter_mut().zip(&points.x) {
            *inverse = *x + PSI_W;
        }
        self.invert();
        let mut to = Points::default();
        let points = points.x.iter().zip(&points.y);
        for ((x, y), inverse) in points.zip(&self.inverses) {
            let part = PSI_C * inverse;
            to.x.push(PSI_U2 * (*x + part));
            to.y.push(PSI_U3 * y * (Fq::ONE - part * inverse));
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

    fn signed(&self, points: &Points, negated: bool) -> Points {
        let mut points = points.clone();
        if negated {
            for y in &mut points.y {
                *y = -*y;
            }
        }
        points
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Point, Scalar, tests::scalar};
    use ark_ec::{AffineRepr, CurveGroup};
    use ark_ed_on_bls12_381_bandersnatch::EdwardsAffine;

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
