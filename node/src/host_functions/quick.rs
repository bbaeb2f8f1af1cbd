//! BLS12-381 by blst, where its answers are those of the SDK's functions to the bit.
//!
//! blst multiplies and pairs twice as fast as arkworks, which the SDK's functions compute with. What a runtime is answered
//! must not depend on who computes it, so each function here answers what it knows to be the same and nothing else; then the
//! SDK's is asked:
//!
//! - **points** are taken in their one encoding, on their curve and not at infinity;
//! - **multiples** are those by numbers below 2⁶⁴, as tests of subgroups ask for. Beyond that arkworks multiplies by
//!   endomorphisms, which gives other points outside of the subgroups, so numbers below 2¹²⁸, as bundles are weighed with, are
//!   for points inside of G1 only;
//! - **sums of multiples** are for points inside of G1 only, too: outside of it arkworks gives others, because it takes a
//!   number near the order for a negative one;
//! - **final exponentiations** are by the same exponent;
//! - **Miller loops** are computed on all processors where there are many; they differ by a factor that the final exponentiation takes away, and are of no use before it. No runtime of
//!   Plume looks at one in between. A runtime that stored one would fork nodes of different builds.

#![allow(
    unsafe_code,
    reason = "blst is C: each call gets what was made in the line before it"
)]

use super::multiples;
use blst::{
    BLST_ERROR, MultiPoint, blst_final_exp, blst_fp, blst_fp_from_lendian, blst_fp12,
    blst_fp12_mul, blst_lendian_from_fp, blst_miller_loop_n, blst_p1, blst_p1_add_or_double_affine,
    blst_p1_affine, blst_p1_affine_is_inf, blst_p1_affine_serialize, blst_p1_deserialize,
    blst_p1_double, blst_p1_from_affine, blst_p1_is_inf, blst_p1_mult, blst_p1_to_affine, blst_p2,
    blst_p2_add_or_double_affine, blst_p2_affine, blst_p2_affine_is_inf, blst_p2_affine_serialize,
    blst_p2_deserialize, blst_p2_double, blst_p2_from_affine, blst_p2_mult, blst_p2_to_affine,
    blst_scalar, blst_scalar_fr_check,
};
use rayon::prelude::*;

/// Bytes of a coordinate.
const COORDINATE: usize = 48;
/// Bytes of a point in G1, and of one in G2, both coordinates written out.
pub(super) const G1: usize = 2 * COORDINATE;
const G2: usize = 4 * COORDINATE;
/// Bytes of an element of the field that pairings end in.
const TARGET: usize = 12 * COORDINATE;
/// Bytes of a number below the order, and of one that bundles are weighed with.
const SCALAR: usize = 32;
const MEDIUM_BYTES: usize = 16;
/// The fewest pairs that are worth another processor.
const LEAST_PAIRS: usize = 8;
/// Numbers with at most so many ones are multiplied by doubling and adding: quicker than by windows, whose table has 16
/// points. The curve's parameter, by which subgroups are tested, has six.
const FEW_ONES: u32 = 12;

/// The elements of a list: how many, as eight bytes, and so many of `size` bytes.
fn list(bytes: &[u8], size: usize) -> Option<std::slice::ChunksExact<'_, u8>> {
    let (length, items) = bytes.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    (length.checked_mul(size)? == items.len()).then(|| items.chunks_exact(size))
}

pub(super) fn g1(bytes: &[u8]) -> Option<blst_p1_affine> {
    let bytes: &[u8; G1] = bytes.try_into().ok()?;
    let mut point = blst_p1_affine::default();
    // SAFETY: it reads 96 bytes of an array of 96, or 48 of them.
    let read = unsafe { blst_p1_deserialize(&mut point, bytes.as_ptr()) };
    // SAFETY: the point was made above.
    let is_infinite = unsafe { blst_p1_affine_is_inf(&point) };
    (read == BLST_ERROR::BLST_SUCCESS && is_uncompressed(bytes) && !is_infinite).then_some(point)
}

fn g2(bytes: &[u8]) -> Option<blst_p2_affine> {
    let bytes: &[u8; G2] = bytes.try_into().ok()?;
    let mut point = blst_p2_affine::default();
    // SAFETY: it reads 192 bytes of an array of 192, or 96 of them.
    let read = unsafe { blst_p2_deserialize(&mut point, bytes.as_ptr()) };
    // SAFETY: the point was made above.
    let is_infinite = unsafe { blst_p2_affine_is_inf(&point) };
    (read == BLST_ERROR::BLST_SUCCESS && is_uncompressed(bytes) && !is_infinite).then_some(point)
}

/// Whether the three bits that are flags are none.
fn is_uncompressed(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|first| first >> 5 == 0)
}

/// A number below 2⁶⁴, as a list of limbs of which only the first may be other than zero.
fn small(limbs: &[u8]) -> Option<u64> {
    let mut limbs = list(limbs, 8)?;
    let first = limbs.next()?.try_into().ok()?;
    limbs
        .all(|limb| limb.iter().all(|byte| *byte == 0))
        .then_some(u64::from_le_bytes(first))
}

/// A number from 2⁶⁴ to 2¹²⁸, as a list of limbs of which only the first two may be other than zero.
fn medium(limbs: &[u8]) -> Option<u128> {
    let mut limbs = list(limbs, 8)?;
    let mut limb = || Some(u64::from_le_bytes(limbs.next()?.try_into().ok()?));
    let (low, high) = (limb()?, limb()?);
    (high != 0 && limbs.all(|limb| limb.iter().all(|byte| *byte == 0)))
        .then_some(u128::from(high) << 64 | u128::from(low))
}

/// The bits below a number's highest, that one first.
fn lower_bits(number: u64) -> impl Iterator<Item = bool> {
    (0..number.checked_ilog2().unwrap_or(0))
        .rev()
        .map(move |place| number >> place & 1 == 1)
}

/// An element of the base field in its one encoding.
pub(super) fn coordinate(bytes: &[u8]) -> Option<blst_fp> {
    let bytes: &[u8; COORDINATE] = bytes.try_into().ok()?;
    let (mut element, mut again) = (blst_fp::default(), [0; COORDINATE]);
    // SAFETY: one reads 48 bytes, the other writes them; both arrays have so many.
    unsafe {
        blst_fp_from_lendian(&mut element, bytes.as_ptr());
        blst_lendian_from_fp(again.as_mut_ptr(), &element);
    }
    (again == *bytes).then_some(element)
}

/// An element of the field that pairings end in, written.
fn write_target(element: &blst_fp12, out: &mut [u8]) {
    let parts = element.fp6.iter().flat_map(|part| &part.fp2);
    let coordinates = parts.flat_map(|part| &part.fp);
    for (coordinate, bytes) in coordinates.zip(out.chunks_exact_mut(COORDINATE)) {
        // SAFETY: it writes 48 bytes into a slice of 48.
        unsafe { blst_lendian_from_fp(bytes.as_mut_ptr(), coordinate) };
    }
}

/// The product of Miller loops, up to what the final exponentiation takes away.
pub fn multi_miller_loop(left: &[u8], right: &[u8], out: &mut [u8]) -> Option<()> {
    let pairs: Vec<_> = list(left, G1)?.zip(list(right, G2)?).collect();
    if left.get(..8) != right.get(..8) || pairs.is_empty() || out.len() != TARGET {
        return None;
    }
    let part = pairs.len().div_ceil(processors()).max(LEAST_PAIRS);
    let product = pairs
        .par_chunks(part)
        .map(miller_loops)
        .reduce_with(|first, second| {
            let (first, second) = (first?, second?);
            let mut product = blst_fp12::default();
            // SAFETY: all are made above.
            unsafe { blst_fp12_mul(&mut product, &first, &second) };
            Some(product)
        })??;
    write_target(&product, out);
    Some(())
}

/// How many processors an answer may take: all of them, but one for weights, which say what one of them has to do.
fn processors() -> usize {
    if cfg!(feature = "runtime-benchmarks") {
        1
    } else {
        rayon::current_num_threads()
    }
}

/// The product of the Miller loops of some pairs; none if one of the points is none.
fn miller_loops(pairs: &[(&[u8], &[u8])]) -> Option<blst_fp12> {
    let left: Vec<blst_p1_affine> = pairs
        .iter()
        .map(|(left, _)| g1(left))
        .collect::<Option<_>>()?;
    let right: Vec<blst_p2_affine> = pairs
        .iter()
        .map(|(_, right)| g2(right))
        .collect::<Option<_>>()?;
    let left_places: Vec<*const blst_p1_affine> = left.iter().map(std::ptr::from_ref).collect();
    let right_places: Vec<*const blst_p2_affine> = right.iter().map(std::ptr::from_ref).collect();
    let mut product = blst_fp12::default();
    // SAFETY: both lists have as many places as is said, each of a point that lives until after the call.
    unsafe {
        blst_miller_loop_n(
            &mut product,
            right_places.as_ptr(),
            left_places.as_ptr(),
            pairs.len(),
        );
    }
    Some(product)
}

/// The final exponentiation of an element other than zero, in its place.
pub fn final_exponentiation(in_out: &mut [u8]) -> Option<()> {
    if in_out.len() != TARGET || in_out.iter().all(|byte| *byte == 0) {
        return None;
    }
    let (mut element, mut power) = (blst_fp12::default(), blst_fp12::default());
    let parts = element.fp6.iter_mut().flat_map(|part| &mut part.fp2);
    let coordinates = parts.flat_map(|part| &mut part.fp);
    for (to, bytes) in coordinates.zip(in_out.chunks_exact(COORDINATE)) {
        *to = coordinate(bytes)?;
    }
    // SAFETY: both are made above.
    unsafe { blst_final_exp(&mut power, &element) };
    write_target(&power, in_out);
    Some(())
}

/// A multiple of a point in G1's curve by a number below 2⁶⁴, or of one in the subgroup by a number below 2¹²⁸.
pub fn mul_g1(base: &[u8], scalar: &[u8], out: &mut [u8]) -> Option<()> {
    let written = base;
    let base = g1(base)?;
    let out: &mut [u8; G1] = out.try_into().ok()?;
    if let Some(number) = medium(scalar) {
        let mut affine = blst_p1_affine::default();
        let product = match multiples::recall(written) {
            Some(known) => known.multiple(&base, number)?,
            None => multiples::of_member(&base, number)?,
        };
        // SAFETY: all are made above; the output has its 96 bytes.
        unsafe {
            blst_p1_to_affine(&mut affine, &product);
            blst_p1_affine_serialize(out.as_mut_ptr(), &affine);
        }
        return Some(());
    }
    let scalar = small(scalar)?;
    let (mut point, mut product) = (blst_p1::default(), blst_p1::default());
    let mut affine = blst_p1_affine::default();
    // SAFETY: all are made above; the scalar has the 64 bits that are said, the output its 96 bytes.
    unsafe {
        blst_p1_from_affine(&mut point, &base);
        if (1..=FEW_ONES).contains(&scalar.count_ones()) {
            product = point;
            for bit in lower_bits(scalar) {
                blst_p1_double(&mut point, &product);
                product = point;
                if bit {
                    blst_p1_add_or_double_affine(&mut product, &point, &base);
                }
            }
        } else {
            blst_p1_mult(&mut product, &point, scalar.to_le_bytes().as_ptr(), 64);
        }
        blst_p1_to_affine(&mut affine, &product);
        blst_p1_affine_serialize(out.as_mut_ptr(), &affine);
    }
    if scalar == multiples::X {
        multiples::remember(written, out);
    }
    Some(())
}

/// The sum of multiples of points in G1.
pub fn msm_g1(bases: &[u8], scalars: &[u8], out: &mut [u8]) -> Option<()> {
    let out: &mut [u8; G1] = out.try_into().ok()?;
    let points: Vec<_> = list(bases, G1)?
        .map(multiples::member)
        .collect::<Option<_>>()?;
    let numbers = list(scalars, SCALAR)?;
    if points.is_empty() || points.len() != numbers.len() {
        return None;
    }
    let mut is_medium = true;
    for number in numbers {
        let b: [u8; SCALAR] = number.try_into().ok()?;
        // SAFETY: it reads a scalar's 32 bytes.
        if !unsafe { blst_scalar_fr_check(&blst_scalar { b }) } {
            return None;
        }
        is_medium &= b.iter().skip(MEDIUM_BYTES).all(|byte| *byte == 0);
    }
    // Only so many bytes of each.
    let (bits, bytes) = if is_medium {
        (8 * MEDIUM_BYTES, MEDIUM_BYTES)
    } else {
        (255, SCALAR)
    };
    let numbers: Vec<u8> = list(scalars, SCALAR)?
        .flat_map(|number| number.iter().take(bytes).copied())
        .collect();
    let sum = points.mult(&numbers, bits);
    let mut affine = blst_p1_affine::default();
    // SAFETY: all are made above; the output has its 96 bytes.
    unsafe {
        if blst_p1_is_inf(&sum) {
            return None;
        }
        blst_p1_to_affine(&mut affine, &sum);
        blst_p1_affine_serialize(out.as_mut_ptr(), &affine);
    }
    Some(())
}

/// A multiple of a point in G2's curve by a number below 2⁶⁴.
pub fn mul_g2(base: &[u8], scalar: &[u8], out: &mut [u8]) -> Option<()> {
    let (base, scalar) = (g2(base)?, small(scalar)?);
    let out: &mut [u8; G2] = out.try_into().ok()?;
    let (mut point, mut product) = (blst_p2::default(), blst_p2::default());
    let mut affine = blst_p2_affine::default();
    // SAFETY: all are made above; the scalar has the 64 bits that are said, the output its 192 bytes.
    unsafe {
        blst_p2_from_affine(&mut point, &base);
        if (1..=FEW_ONES).contains(&scalar.count_ones()) {
            product = point;
            for bit in lower_bits(scalar) {
                blst_p2_double(&mut point, &product);
                product = point;
                if bit {
                    blst_p2_add_or_double_affine(&mut product, &point, &base);
                }
            }
        } else {
            blst_p2_mult(&mut product, &point, scalar.to_le_bytes().as_ptr(), 64);
        }
        blst_p2_to_affine(&mut affine, &product);
        blst_p2_affine_serialize(out.as_mut_ptr(), &affine);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_bls12_381::{Fq, Fq2, Fq12, Fr, G1Affine, G2Affine, g1, g2};
    use ark_ec::{
        AffineRepr, CurveConfig, CurveGroup,
        short_weierstrass::{Affine, Projective, SWCurveConfig},
    };
    use ark_ff::{AdditiveGroup, One, PrimeField, UniformRand, Zero};
    use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};
    use ark_std::rand::{Rng, SeedableRng, rngs::StdRng};
    use sp_crypto_ec_utils::bls12_381::host_calls as sdk;

    fn written(object: &(impl CanonicalSerialize + ?Sized)) -> Vec<u8> {
        let mut bytes = Vec::new();
        object
            .serialize_uncompressed(&mut bytes)
            .expect("there is room");
        bytes
    }

    /// A multiple, by doubling and adding alone.
    fn times<P: SWCurveConfig>(point: Projective<P>, limbs: &[u64]) -> Projective<P> {
        let bits = limbs
            .iter()
            .rev()
            .flat_map(|limb| (0..64).rev().map(move |place| limb >> place & 1 == 1));
        bits.fold(Projective::zero(), |sum, bit| {
            let double = sum.double();
            if bit { double + point } else { double }
        })
    }

    /// A point of a small prime order, whose square divides the curve's cofactor.
    fn of_order<P: SWCurveConfig<ScalarField = Fr>>(
        prime: u64,
        cofactor: &[u64],
        points: &[Affine<P>],
    ) -> Affine<P> {
        let square = u128::from(prime * prime);
        let mut quotient = cofactor.to_vec();
        let mut rest = 0u128;
        for limb in quotient.iter_mut().rev() {
            let digit = rest << 64 | u128::from(*limb);
            *limb = (digit / square) as u64;
            rest = digit % square;
        }
        assert_eq!(rest, 0, "the square of {prime} divides the cofactor");
        let small = points
            .iter()
            .map(|point| times(times(point.into_group(), Fr::MODULUS.as_ref()), &quotient))
            .find(|point| !point.is_zero())
            .expect("some point is no multiple of the prime's square");
        match times(small, &[prime]) {
            zero if zero.is_zero() => small.into_affine(),
            smaller => smaller.into_affine(),
        }
    }

    /// Points of both curves: inside their subgroups, outside of them, and of orders 3, 11, 13 and 23.
    fn points() -> (Vec<G1Affine>, Vec<G2Affine>) {
        let mut rng = StdRng::seed_from_u64(7);
        let mut first: Vec<G1Affine> = (0..20).map(|_| G1Affine::rand(&mut rng)).collect();
        let mut second: Vec<G2Affine> = (0..20).map(|_| G2Affine::rand(&mut rng)).collect();
        let on_g1 =
            (1u64..).filter_map(|x| G1Affine::get_point_from_x_unchecked(Fq::from(x), x % 2 == 0));
        let on_g2 =
            (1u64..).filter_map(|x| G2Affine::get_point_from_x_unchecked(Fq2::from(x), x % 2 == 0));
        first.extend(on_g1.take(20));
        second.extend(on_g2.take(20));
        // Whatever is left when the order's other factors are multiplied away.
        let eleven = of_order(11, g1::Config::COFACTOR, &first);
        let thirteen = of_order(13, g2::Config::COFACTOR, &second);
        let twenty_three = of_order(23, g2::Config::COFACTOR, &second);
        first.push(eleven);
        second.extend([thirteen, twenty_three]);
        first.push(G1Affine::new_unchecked(Fq::zero(), Fq::from(2)));
        (first, second)
    }

    #[test]
    fn small_multiples_are_the_sdks_to_the_bit_in_the_subgroups_and_outside_of_them() {
        let mut rng = StdRng::seed_from_u64(8);
        let (first, second) = points();
        let numbers = |rng: &mut StdRng| [0, 1, 2, 3, 0xd201_0000_0001_0000, u64::MAX, rng.r#gen()];
        let mut answered = 0;
        for point in &first {
            for number in numbers(&mut rng) {
                let (mut ours, mut theirs) = ([1; G1], [2; G1]);
                let (base, scalar) = (written(point), written(&[number][..]));
                if mul_g1(&base, &scalar, &mut ours).is_some() {
                    assert!(sdk::bls12_381_mul_g1(&base, &scalar, &mut theirs).is_ok());
                    assert_eq!(ours, theirs, "{point} times {number}");
                    answered += 1;
                }
            }
        }
        for point in &second {
            for number in numbers(&mut rng) {
                let (mut ours, mut theirs) = ([1; G2], [2; G2]);
                let (base, scalar) = (written(point), written(&[number, 0, 0][..]));
                if mul_g2(&base, &scalar, &mut ours).is_some() {
                    assert!(sdk::bls12_381_mul_g2(&base, &scalar, &mut theirs).is_ok());
                    assert_eq!(ours, theirs, "{point} times {number}");
                    answered += 1;
                }
            }
        }
        // blst does not read the point of order three, whose first coordinate is zero.
        assert_eq!(answered, (first.len() + second.len() - 1) * 7);
    }

    #[test]
    fn larger_multiples_are_the_sdks_to_the_bit_in_the_subgroup_and_left_to_it_outside() {
        let mut rng = StdRng::seed_from_u64(12);
        let (points, _) = points();
        let one = 1u128;
        let edges = [
            one << 64,
            (one << 64) + 1,
            one << 127,
            u128::MAX,
            u128::MAX - 30,
        ];
        let random: Vec<u128> = (0..100).map(|_| rng.r#gen::<u128>() | one << 64).collect();
        for point in points {
            for number in edges.iter().chain(&random) {
                let (mut ours, mut theirs) = ([1; G1], [2; G1]);
                let limbs = [*number as u64, (*number >> 64) as u64, 0, 0];
                let (base, scalar) = (written(&point), written(&limbs[..]));
                let answered = mul_g1(&base, &scalar, &mut ours).is_some();
                let inside = point.is_in_correct_subgroup_assuming_on_curve();
                assert_eq!(answered, inside, "{point}");
                if answered {
                    assert!(sdk::bls12_381_mul_g1(&base, &scalar, &mut theirs).is_ok());
                    assert_eq!(ours, theirs, "{point} times {number}");
                }
            }
        }
        // The same when the node has just multiplied the point by the curve's parameter, twice.
        let mut rng = StdRng::seed_from_u64(13);
        let (points, _) = super::tests::points();
        let parameter = written(&[multiples::X][..]);
        for point in points {
            let (mut once, mut twice) = ([0; G1], [0; G1]);
            let base = written(&point);
            if mul_g1(&base, &parameter, &mut once).is_none() {
                continue;
            }
            let _ = mul_g1(&once, &parameter, &mut twice);
            for number in edges.iter().chain([&(rng.r#gen::<u128>() | one << 64)]) {
                let (mut ours, mut theirs) = ([1; G1], [2; G1]);
                let scalar = written(&[*number as u64, (*number >> 64) as u64][..]);
                let answered = mul_g1(&base, &scalar, &mut ours).is_some();
                let inside = point.is_in_correct_subgroup_assuming_on_curve();
                assert_eq!(answered, inside, "{point}");
                if answered {
                    assert!(multiples::recall(&base).is_some());
                    assert!(sdk::bls12_381_mul_g1(&base, &scalar, &mut theirs).is_ok());
                    assert_eq!(ours, theirs, "{point} times {number}");
                }
            }
        }
        let (base, mut out) = (written(&G1Affine::generator()), [0; G1]);
        let above = written(&[0u64, 0, 1][..]);
        assert!(mul_g1(&base, &above, &mut out).is_none());
    }

    #[test]
    fn pairings_are_the_sdks_to_the_bit() {
        let (first, second) = points();
        for length in [1, 2, 3, 4, 5, 35, 40] {
            let (left, right) = (written(&first[..length]), written(&second[..length]));
            let (mut ours, mut theirs) = ([0; TARGET], [0; TARGET]);
            assert!(multi_miller_loop(&left, &right, &mut ours).is_some());
            assert!(sdk::bls12_381_multi_miller_loop(&left, &right, &mut theirs).is_ok());
            for result in [&mut ours, &mut theirs] {
                assert!(sdk::bls12_381_final_exponentiation(result).is_ok());
            }
            assert_eq!(ours, theirs, "{length} pairs");
        }
    }

    #[test]
    fn final_exponentiations_are_the_sdks_to_the_bit_also_of_what_no_pairing_ends_in() {
        let mut rng = StdRng::seed_from_u64(10);
        let mut elements: Vec<Fq12> = (0..20).map(|_| Fq12::rand(&mut rng)).collect();
        elements.extend([Fq12::one(), -Fq12::one(), Fq12::from(1_234_567u64)]);
        for element in elements {
            let (mut ours, mut theirs) = (written(&element), written(&element));
            assert!(final_exponentiation(&mut ours).is_some());
            assert!(sdk::bls12_381_final_exponentiation(&mut theirs).is_ok());
            assert_eq!(ours, theirs, "{element}");
        }
        let mut zero = written(&Fq12::zero());
        assert!(final_exponentiation(&mut zero).is_none());
        // One above the largest coordinate there is.
        let mut above = written(&Fq12::one());
        above.splice(48..96, written(&Fq::MODULUS));
        assert!(final_exponentiation(&mut above).is_none());
        assert!(final_exponentiation(&mut above[1..]).is_none());
    }

    #[test]
    fn what_is_no_point_or_no_small_number_is_left_to_the_sdk() {
        let one = G1Affine::generator();
        let off = G1Affine::new_unchecked(one.x, one.y + Fq::from(1));
        let two = written(&[2u64][..]);
        let mut out = [0; G1];
        for bytes in [
            written(&off),
            written(&G1Affine::zero()),
            written(&one)[1..].to_vec(),
        ] {
            assert!(mul_g1(&bytes, &two, &mut out).is_none());
        }
        let mut compressed = Vec::new();
        one.serialize_compressed(&mut compressed).expect("room");
        compressed.resize(G1, 0);
        assert!(mul_g1(&compressed, &two, &mut out).is_none());
        for limbs in [written(&[0u64; 0][..]), vec![1], two[..9].to_vec()] {
            assert!(mul_g1(&written(&one), &limbs, &mut out).is_none());
        }
        let mut target = [0; TARGET];
        let (left, right) = (written(&[one][..]), written(&[G2Affine::generator()][..]));
        for (left, right) in [
            (written(&[off][..]), right.clone()),
            (written(&[one, one][..]), right.clone()),
            (written(&[G1Affine::zero()][..]), right.clone()),
            (left.clone(), written(&[G2Affine::zero()][..])),
            (left[..50].to_vec(), right.clone()),
        ] {
            assert!(multi_miller_loop(&left, &right, &mut target).is_none());
        }
        assert!(multi_miller_loop(&left, &right, &mut target[1..]).is_none());
    }

    #[test]
    fn sums_of_multiples_are_the_sdks_to_the_bit_in_the_subgroup_and_left_to_it_outside() {
        let mut rng = StdRng::seed_from_u64(14);
        let (points, _) = points();
        let (inside, outside): (Vec<_>, Vec<_>) = points
            .into_iter()
            .partition(|point| point.is_in_correct_subgroup_assuming_on_curve());
        let edges = [
            Fr::zero(),
            Fr::one(),
            -Fr::one(),
            Fr::from(u128::MAX),
            Fr::from(u64::MAX),
        ];
        let check = |points: &[G1Affine], scalars: &[Fr]| {
            let (bases, scalars) = (written(points), written(scalars));
            let (mut ours, mut theirs) = ([1; G1], [2; G1]);
            assert!(sdk::bls12_381_msm_g1(&bases, &scalars, &mut theirs).is_ok());
            let answered = msm_g1(&bases, &scalars, &mut ours).is_some();
            if answered {
                assert_eq!(ours, theirs, "{points:?}");
            }
            answered
        };
        for length in [1, 2, 3, 16, 20] {
            let points = &inside[..length];
            let small: Vec<Fr> = (0..length).map(|_| rng.r#gen::<u128>().into()).collect();
            let large: Vec<Fr> = (0..length).map(|_| Fr::rand(&mut rng)).collect();
            let special: Vec<Fr> = edges.iter().copied().cycle().skip(1).take(length).collect();
            for scalars in [small, large, special] {
                // Once unknown, once known.
                assert!(check(points, &scalars) && check(points, &scalars));
            }
        }
        // The same point twice, a point and its opposite; a sum of nothing is at infinity, and the SDK's.
        let one = inside[0];
        assert!(check(&[one, one], &[Fr::from(5), Fr::from(5)]));
        assert!(check(&[one, -one], &[Fr::from(5), Fr::from(3)]));
        assert!(!check(&[one, -one], &[Fr::from(5), Fr::from(5)]));
        assert!(!check(&[one, one], &[Fr::zero(), Fr::zero()]));
        for point in outside {
            assert!(!check(&[one, point], &[Fr::from(5), Fr::from(7)]));
            // Nor after a verifier has asked for what its test of the subgroup takes.
            let (mut once, mut twice) = ([0; G1], [0; G1]);
            let parameter = written(&[multiples::X][..]);
            if mul_g1(&written(&point), &parameter, &mut once).is_some() {
                let _ = mul_g1(&once, &parameter, &mut twice);
            }
            assert!(!check(&[one, point], &[Fr::from(5), Fr::from(7)]));
        }
        // Fewer numbers than points, and one that is not below the order.
        let (bases, mut out) = (written(&inside[..2]), [0; G1]);
        assert!(msm_g1(&bases, &written(&[Fr::one()][..]), &mut out).is_none());
        let mut above = written(&[Fr::one(), Fr::one()][..]);
        above.splice(8..40, written(&Fr::MODULUS));
        assert!(msm_g1(&bases, &above, &mut out).is_none());
        assert!(sdk::bls12_381_msm_g1(&bases, &above, &mut out).is_err());
    }

    #[test]
    fn points_of_a_bundle_whose_subgroup_was_tested_are_summed_without_another_test() {
        let mut rng = StdRng::seed_from_u64(15);
        let points: Vec<G1Affine> = (0..32).map(|_| G1Affine::rand(&mut rng)).collect();
        let parameter = written(&[multiples::X][..]);
        for point in &points {
            let (mut once, mut twice) = ([0; G1], [0; G1]);
            assert!(mul_g1(&written(point), &parameter, &mut once).is_some());
            assert!(mul_g1(&once, &parameter, &mut twice).is_some());
            assert!(multiples::recall(&written(point)).is_some());
        }
        let weights: Vec<Fr> = points.iter().map(|_| rng.r#gen::<u128>().into()).collect();
        let (bases, scalars) = (written(&points[..]), written(&weights[..]));
        let (mut ours, mut theirs) = ([1; G1], [2; G1]);
        let begin = std::time::Instant::now();
        assert!(msm_g1(&bases, &scalars, &mut ours).is_some());
        let blst = begin.elapsed();
        assert!(sdk::bls12_381_msm_g1(&bases, &scalars, &mut theirs).is_ok());
        println!(
            "32 multiples by 128 bits: {blst:?}, by the SDK {:?}",
            begin.elapsed() - blst
        );
        assert_eq!(ours, theirs);
    }

    /// Printed: what it is for.
    #[test]
    fn a_bundle_of_32_is_paired_faster() {
        let mut rng = StdRng::seed_from_u64(9);
        let left: Vec<G1Affine> = (0..35).map(|_| G1Affine::rand(&mut rng)).collect();
        let right: Vec<G2Affine> = (0..35).map(|_| G2Affine::rand(&mut rng)).collect();
        let (left, right) = (written(&left[..]), written(&right[..]));
        let mut out = [0; TARGET];
        let mut timed = |pair: &dyn Fn(&mut [u8])| {
            let begin = std::time::Instant::now();
            for _ in 0..5 {
                pair(&mut out);
            }
            begin.elapsed() / 5
        };
        let ours = timed(&|out| assert!(multi_miller_loop(&left, &right, out).is_some()));
        let theirs = timed(&|out| {
            assert!(sdk::bls12_381_multi_miller_loop(&left, &right, out).is_ok());
        });
        println!("Miller loops of 35 pairs: {ours:?}, by the SDK {theirs:?}");
        let element = <Fq12 as CanonicalDeserialize>::deserialize_uncompressed(&out[..]);
        assert!(element.is_ok());
    }
}
