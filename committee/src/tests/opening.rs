use super::parties::{CHAIN, TestRng, flipped, form, hand_over, members, purpose, transfer};
use crate::{
    Bytes32, Bytes64, DecryptionShare, Keys, OpenError, Point, PointError, Purpose, ShareError,
    combine, make_share, opening, scalar_bytes,
    suite::{random_bytes, random_scalar},
    verify_share, verify_shares,
};
use ark_ec::{
    CurveConfig,
    twisted_edwards::{Affine, MontCurveConfig, Projective, TECurveConfig},
};
use ark_ed_on_bls12_381_bandersnatch::{EdwardsConfig, Fq, Fr};
use codec::{Decode, Encode};
use core::sync::atomic::{AtomicUsize, Ordering};

struct Case {
    formed: super::parties::Formed,
    keys: Keys,
    transfer: super::parties::Transfer,
    purpose: Purpose,
    posted: Vec<DecryptionShare>,
}

/// A committee of 3 of 5, a transfer, and everybody's share of its opening.
fn case(seed: u64) -> (Case, TestRng) {
    let mut rng = TestRng::new(seed);
    let formed = form(3, 5, &mut rng);
    let keys = formed.keys();
    let transfer = transfer(keys.key(), &mut rng);
    let purpose = purpose(&keys);
    let posted = formed
        .shares
        .iter()
        .map(|share| {
            share
                .open(&keys, &transfer.ephemeral, &purpose, &mut rng)
                .unwrap()
        })
        .collect();
    let case = Case {
        formed,
        keys,
        transfer,
        purpose,
        posted,
    };
    (case, rng)
}

impl Case {
    fn open(&self, shares: &[DecryptionShare]) -> Result<opening::Parties, OpenError> {
        let (keys, ephemeral) = (&self.keys, &self.transfer.ephemeral);
        let verified = verify_shares(keys, shares, ephemeral, &self.purpose);
        let shared = combine(keys, &verified.good, ephemeral, &self.purpose)?;
        Ok(opening::read(&shared, &self.transfer.ciphertext))
    }
    fn refused(&self, shares: &[DecryptionShare]) -> Vec<(u16, ShareError)> {
        verify_shares(&self.keys, shares, &self.transfer.ephemeral, &self.purpose).refused
    }
}

#[test]
fn any_three_of_five_open_and_all_see_the_same() {
    let (case, _) = case(1);
    for first in 0..5 {
        for second in first + 1..5 {
            for third in second + 1..5 {
                let shares = [third, first, second].map(|at| case.posted[at]);
                assert_eq!(case.open(&shares), Ok(case.transfer.parties));
            }
        }
    }
    assert_eq!(case.open(&case.posted), Ok(case.transfer.parties));
}

#[test]
fn two_of_five_do_not_open() {
    let (case, _) = case(2);
    let too_few = OpenError::TooFew { have: 2, need: 3 };
    assert_eq!(case.open(&case.posted[..2]), Err(too_few));
    assert_eq!(case.open(&[]), Err(OpenError::TooFew { have: 0, need: 3 }));
    // Who interpolates two all the same gets another point, and other parties.
    let points: Vec<_> = case.posted[..2]
        .iter()
        .map(|share| (share.member, <Point>::decode(&share.point).unwrap()))
        .collect();
    let guess = Point::computed(crate::committee::combine(&points, 0).unwrap()).unwrap();
    let read = opening::read(&guess, &case.transfer.ciphertext);
    assert_ne!(read.sender, case.transfer.parties.sender);
    assert_ne!(read.receiver, case.transfer.parties.receiver);
}

#[test]
fn a_member_with_a_false_share_is_named_and_the_others_open() {
    let (case, mut rng) = case(3);
    let rng = &mut rng;
    let mut posted = case.posted.clone();
    // Member 2 answers with a share that it does not have, proven as well as it can.
    let secret = random_scalar(rng);
    let ephemeral = &case.transfer.ephemeral;
    posted[1] = make_share(&secret, 2, ephemeral, &case.purpose, &random_bytes(rng)).unwrap();
    assert_eq!(case.refused(&posted), [(2, ShareError::Proof)]);
    assert_eq!(case.open(&posted[..4]), Ok(case.transfer.parties));
    assert_eq!(
        case.open(&posted[..3]),
        Err(OpenError::TooFew { have: 2, need: 3 })
    );
    // Its own proof, with another point.
    posted[1] = case.posted[1];
    posted[1].point = case.posted[0].point;
    assert_eq!(case.refused(&posted), [(2, ShareError::Proof)]);
    // Another member's share as its own.
    posted[1] = case.posted[0];
    posted[1].member = 2;
    assert_eq!(case.refused(&posted), [(2, ShareError::Proof)]);
}

#[test]
fn a_share_for_another_warrant_transaction_or_chain_is_refused() {
    let (case, mut rng) = case(4);
    let keys = case.formed.keys();
    let ephemeral = &case.transfer.ephemeral;
    let others = [
        Purpose {
            warrant: Bytes32([0; 32]),
            ..case.purpose
        },
        Purpose {
            transaction: Bytes32([0; 32]),
            ..case.purpose
        },
    ];
    for other in others {
        let replayed = case.formed.shares[0]
            .open(&keys, ephemeral, &other, &mut rng)
            .unwrap();
        assert_eq!(case.refused(&[replayed]), [(1, ShareError::Proof)]);
        let verified = verify_shares(&keys, &[replayed], ephemeral, &other);
        assert!(
            verified.refused.is_empty(),
            "it is good for its own purpose"
        );
        let mut mixed = verified.good;
        mixed.extend(verify_shares(&keys, &case.posted[1..3], ephemeral, &case.purpose).good);
        assert_eq!(
            combine(&keys, &mixed, ephemeral, &case.purpose),
            Err(OpenError::Mixed)
        );
    }
    let elsewhere = Purpose {
        chain: Bytes32([0; 32]),
        ..case.purpose
    };
    assert!(
        case.formed.shares[0]
            .open(&keys, ephemeral, &elsewhere, &mut rng)
            .is_err()
    );
    let verified = verify_shares(&keys, &case.posted[..1], ephemeral, &elsewhere);
    assert_eq!(verified.refused, [(1, ShareError::OtherCommittee)]);
    assert_eq!(
        combine(&keys, &[], ephemeral, &elsewhere),
        Err(OpenError::Mixed)
    );
    // Another transfer's ephemeral point.
    let other = transfer(keys.key(), &mut rng).ephemeral;
    let verified = verify_shares(&keys, &case.posted, &other, &case.purpose);
    assert!(verified.good.is_empty());
}

#[test]
fn a_member_counts_once() {
    let (case, _) = case(5);
    let twice = [case.posted[0], case.posted[0], case.posted[1]];
    assert_eq!(case.refused(&twice), [(1, ShareError::Twice)]);
    assert_eq!(
        case.open(&twice),
        Err(OpenError::TooFew { have: 2, need: 3 })
    );
    let keys = case.formed.keys();
    let ephemeral = &case.transfer.ephemeral;
    let mut good = verify_shares(&keys, &case.posted[..3], ephemeral, &case.purpose).good;
    good[2] = good[0];
    assert_eq!(
        combine(&keys, &good, ephemeral, &case.purpose),
        Err(OpenError::Twice(1))
    );
    // A false one before it does not keep the good one out.
    let mut false_one = case.posted[0];
    false_one.point = case.posted[1].point;
    let shares = [false_one, case.posted[0], case.posted[1], case.posted[2]];
    assert_eq!(case.refused(&shares), [(1, ShareError::Proof)]);
    assert_eq!(case.open(&shares), Ok(case.transfer.parties));
}

#[test]
fn nobody_else_is_a_member() {
    let (case, _) = case(6);
    for number in [0, 6, u16::MAX] {
        let mut share = case.posted[0];
        share.member = number;
        assert_eq!(case.refused(&[share]), [(number, ShareError::NoMember)]);
    }
}

#[test]
fn points_that_are_none_are_refused() {
    let (case, _) = case(7);
    let mut identity = [0; 32];
    identity[0] = 1;
    let small: [u8; 32] = plume_circuits::FieldBytes::from(-plume_circuits::Fr::from(1u64)).into();
    let mut above = scalar_bytes(&Fr::from(0u64)).0;
    above.fill(0xff);
    let cases = [
        (identity, PointError::Identity),
        (small, PointError::NotInSubgroup),
        (above, PointError::NotCanonical),
    ];
    for (bytes, error) in cases {
        let mut share = case.posted[0];
        share.point = Bytes32(bytes);
        assert_eq!(case.refused(&[share]), [(1, ShareError::Point(error))]);
    }
}

/// D' = D + (0, -1) satisfies equations that are multiplied by the cofactor. It must not pass.
#[test]
fn a_share_with_a_part_of_small_order_is_refused() {
    let (case, _) = case(8);
    let order_two = Affine::<EdwardsConfig>::new_unchecked(Fq::from(0u64), -Fq::from(1u64));
    let point: Point = Point::decode(&case.posted[0].point).unwrap();
    let shifted: Affine<EdwardsConfig> = (point.group() + order_two).into();
    let mut share = case.posted[0];
    share.point = crate::point::encode(&shifted);
    assert_eq!(
        case.refused(&[share]),
        [(1, ShareError::Point(PointError::NotInSubgroup))]
    );
}

#[test]
fn no_bit_of_a_posted_share_can_be_changed() {
    let (case, _) = case(9);
    let good = case.posted[0].encode();
    for bit in (0..good.len() * 8).step_by(5) {
        let bytes: [u8; 98] = flipped(good.clone().try_into().unwrap(), bit);
        let share = DecryptionShare::decode(&mut &bytes[..]).unwrap();
        assert_eq!(case.refused(&[share]).len(), 1, "bit {bit}");
    }
}

#[test]
fn shares_of_two_epochs_do_not_open_together() {
    let (case, mut rng) = case(10);
    let rng = &mut rng;
    let new = hand_over(&case.formed, &[0, 2, 3], 3, members(5, rng), rng);
    let (keys, ephemeral) = (new.keys(), &case.transfer.ephemeral);
    let purpose = purpose(&keys);
    let mut posted: Vec<_> = new.shares[..2]
        .iter()
        .map(|share| share.open(&keys, ephemeral, &purpose, rng).unwrap())
        .collect();
    // An old member's share, as it was posted and as it would prove it for the new committee.
    let old = case.formed.shares[2].secret();
    posted.push(case.posted[2]);
    assert_eq!(
        verify_shares(&keys, &posted, ephemeral, &purpose).refused,
        [(3, ShareError::Proof)]
    );
    posted[2] = make_share(old, 3, ephemeral, &purpose, &random_bytes(rng)).unwrap();
    let verified = verify_shares(&keys, &posted, ephemeral, &purpose);
    assert_eq!(verified.refused, [(3, ShareError::Proof)]);
    let too_few = OpenError::TooFew { have: 2, need: 3 };
    assert_eq!(
        combine(&keys, &verified.good, ephemeral, &purpose),
        Err(too_few)
    );
    assert!(
        case.formed.shares[2]
            .open(&keys, ephemeral, &purpose, rng)
            .is_err()
    );
    // The old committee's verified shares are none of the new one's.
    let old_good = verify_shares(&case.formed.keys(), &case.posted, ephemeral, &case.purpose).good;
    assert_eq!(
        combine(&keys, &old_good, ephemeral, &purpose),
        Err(OpenError::Mixed)
    );
    // Interpolated all the same, they give something else.
    let points: Vec<_> = posted
        .iter()
        .map(|share| (share.member, <Point>::decode(&share.point).unwrap()))
        .collect();
    let guess = Point::computed(crate::committee::combine(&points, 0).unwrap()).unwrap();
    assert_ne!(
        opening::read(&guess, &case.transfer.ciphertext),
        case.transfer.parties
    );
}

/// A curve as the runtime has it: the same numbers, other multiplications.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Counting;

static MULTIPLICATIONS: AtomicUsize = AtomicUsize::new(0);

impl CurveConfig for Counting {
    type BaseField = Fq;
    type ScalarField = Fr;
    const COFACTOR: &'static [u64] = EdwardsConfig::COFACTOR;
    const COFACTOR_INV: Fr = EdwardsConfig::COFACTOR_INV;
}

impl MontCurveConfig for Counting {
    const COEFF_A: Fq = <EdwardsConfig as MontCurveConfig>::COEFF_A;
    const COEFF_B: Fq = <EdwardsConfig as MontCurveConfig>::COEFF_B;
    type TECurveConfig = Self;
}

impl TECurveConfig for Counting {
    const COEFF_A: Fq = <EdwardsConfig as TECurveConfig>::COEFF_A;
    const COEFF_D: Fq = <EdwardsConfig as TECurveConfig>::COEFF_D;
    const GENERATOR: Affine<Self> = Affine::new_unchecked(
        <EdwardsConfig as TECurveConfig>::GENERATOR.x,
        <EdwardsConfig as TECurveConfig>::GENERATOR.y,
    );
    type MontCurveConfig = Self;

    fn mul_affine(base: &Affine<Self>, scalar: &[u64]) -> Projective<Self> {
        MULTIPLICATIONS.fetch_add(1, Ordering::Relaxed);
        ark_ec::scalar_mul::double_and_add_affine(base, scalar)
    }
}

#[test]
fn the_runtimes_own_curve_verifies_the_same() {
    let (case, _) = case(11);
    let public = case
        .formed
        .certificate
        .record
        .committee
        .keys::<Counting>()
        .unwrap();
    let (x, y) = case.transfer.ephemeral.coordinates();
    let ephemeral = Point::<Counting>::from_coordinates(&x, &y).unwrap();
    let before = MULTIPLICATIONS.load(Ordering::Relaxed);
    let share = public.share_of(1).unwrap();
    assert!(verify_share(&case.posted[0], share, &ephemeral, &case.purpose).is_ok());
    assert_eq!(
        MULTIPLICATIONS.load(Ordering::Relaxed) - before,
        4,
        "all four are host calls"
    );
    let verified = verify_shares(&public, &case.posted, &ephemeral, &case.purpose);
    let shared = combine(&public, &verified.good, &ephemeral, &case.purpose).unwrap();
    assert_eq!(
        opening::read(&shared, &case.transfer.ciphertext),
        case.transfer.parties
    );
    assert_eq!(public.chain(), CHAIN);
    let mut bad = case.posted[0];
    bad.proof = Bytes64([0; 64]);
    assert_eq!(
        verify_share(&bad, share, &ephemeral, &case.purpose),
        Err(ShareError::Proof)
    );
}
