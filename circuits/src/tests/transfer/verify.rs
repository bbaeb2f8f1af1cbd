use super::{
    all_kinds,
    attempts::{Attempt, attempts},
    payment,
    world::World,
};
use crate::{
    FieldBytes, Fr,
    transfer::{
        CannotProve, ProvingKey, PublicInputs, Rule, assignment, shape,
        verify::{
            CurvePoint, KEY_BYTES, Malformed, PREPARED_KEY_BYTES, PROOF_BYTES,
            PROOF_BYTES_UNCOMPRESSED, PreparedKey, Proof, VerifyingKey,
        },
    },
};
use ark_bls12_381::{Bls12_381, Fq, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, BigInteger, Field, PrimeField};
use ark_groth16::{Groth16, r1cs_to_qap::LibsnarkReduction};
use ark_serialize::{CanonicalSerialize, Compress};
use std::{collections::BTreeSet, sync::OnceLock};

type Prepared = PreparedKey<Bls12_381>;

/// The development key, and a proof of every kind of transfer.
struct Made {
    key: ProvingKey,
    prepared: Prepared,
    transfers: Vec<(PublicInputs, Proof<Bls12_381>)>,
}

fn made() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| {
        let key = ProvingKey::insecure_development();
        let prepared = key.verifying_key().expect("a good key").prepare();
        let transfers = (1u8..)
            .zip(all_kinds())
            .map(|(seed, (name, plan))| {
                let assigned = plan.assign().expect(name);
                let public = PublicInputs {
                    binding: u64::from(seed).into(),
                    ..assigned.public
                };
                let proof = key
                    .prove(&public, &assigned.witness, &[seed; 32])
                    .expect("a good witness");
                (public, proof)
            })
            .collect();
        Made {
            key,
            prepared,
            transfers,
        }
    })
}

#[test]
fn proofs_of_every_kind_of_transfer_verify_alone_and_together() {
    let made = made();
    for (public, proof) in &made.transfers {
        assert!(made.prepared.verify(public, proof));
    }
    for count in 0..=made.transfers.len() {
        assert!(made.prepared.verify_batch(&made.transfers[..count]));
    }
    let many: Vec<_> = made.transfers.iter().copied().cycle().take(32).collect();
    assert!(made.prepared.verify_batch(&many));
}

#[test]
fn a_proof_is_for_its_public_inputs_alone() {
    let made = made();
    let (public, proof) = made.transfers[0];
    let elements = public.to_elements();
    let mut tried = 0;
    let mut refuse = |changed: PublicInputs| {
        assert_ne!(changed.to_elements(), elements);
        assert!(!made.prepared.verify(&changed, &proof));
        tried += 1;
    };
    macro_rules! with {
        ($($change:expr;)*) => {
            $({
                let mut changed = public;
                let change: fn(&mut PublicInputs) = $change;
                change(&mut changed);
                refuse(changed);
            })*
        };
    }
    fn other(element: &mut FieldBytes) {
        *element = (element.to_element() + Fr::ONE).into();
    }
    with! {
        |p| other(&mut p.note_root);
        |p| other(&mut p.credential_root);
        |p| other(&mut p.policy_root);
        |p| other(&mut p.pool_id);
        |p| other(&mut p.nullifiers[0]);
        |p| other(&mut p.nullifiers[1]);
        |p| other(&mut p.commitments[0]);
        |p| other(&mut p.commitments[1]);
        |p| other(&mut p.counter_nullifier);
        |p| other(&mut p.counter_commitment);
        |p| p.public_in.value += 1;
        |p| p.public_out.value += 1;
        |p| p.time += 1;
        |p| p.period += 1;
        |p| other(&mut p.flow_key.x);
        |p| other(&mut p.flow_key.y);
        |p| other(&mut p.committee_key.x);
        |p| other(&mut p.committee_key.y);
        |p| other(&mut p.ephemeral.x);
        |p| other(&mut p.ephemeral.y);
        |p| other(&mut p.flow_ciphertext[0]);
        |p| other(&mut p.flow_ciphertext[1]);
        |p| other(&mut p.flow_ciphertext[2]);
        |p| other(&mut p.flow_ciphertext[3]);
        |p| other(&mut p.committee_ciphertext[0]);
        |p| other(&mut p.committee_ciphertext[1]);
        |p| other(&mut p.binding);
    }
    assert_eq!(tried, crate::transfer::PUBLIC_INPUTS);
}

#[test]
fn one_false_proof_among_32_spoils_the_batch_wherever_it_is() {
    let made = made();
    let good: Vec<_> = made.transfers.iter().copied().cycle().take(32).collect();
    for at in [0, 1, 15, 30, 31] {
        let mut bad = good.clone();
        bad[at].0.binding = 99u64.into();
        assert!(!made.prepared.verify_batch(&bad), "{at}");
        let mut bad = good.clone();
        bad[at].1 = good[(at + 1) % 32].1;
        assert!(!made.prepared.verify_batch(&bad), "{at}");
    }
    // Two errors that would cancel if all weights were the same.
    let mut bad = good.clone();
    let (first, second) = (
        good[0].0.binding.to_element(),
        good[1].0.binding.to_element(),
    );
    bad[0].0.binding = (first + Fr::ONE).into();
    bad[1].0.binding = (second - Fr::ONE).into();
    assert!(!made.prepared.verify_batch(&bad));
}

#[test]
fn a_proof_made_anew_is_another_proof_of_the_same_statement() {
    let made = made();
    let (public, proof) = made.transfers[0];
    let key = made.prepared.key();
    let again = proof
        .rerandomised(key, Fr::from(5), Fr::from(6))
        .expect("not zero");
    assert_ne!(again.to_bytes(), proof.to_bytes());
    assert!(made.prepared.verify(&public, &again));
    assert_eq!(proof.rerandomised(key, Fr::ZERO, Fr::ONE), None);
}

#[test]
fn a_proof_has_one_encoding_of_each_length() {
    for (_, proof) in &made().transfers {
        let short = proof.to_bytes();
        let long = proof.to_uncompressed();
        assert_eq!(short.len(), PROOF_BYTES);
        assert_eq!(long.len(), PROOF_BYTES_UNCOMPRESSED);
        assert_eq!(Proof::from_bytes(&short), Ok(*proof));
        assert_eq!(Proof::from_uncompressed(&long), Ok(*proof));
        assert_eq!(
            Proof::<Bls12_381>::from_bytes(&short[1..]),
            Err(Malformed::Length)
        );
        assert_eq!(
            Proof::<Bls12_381>::from_uncompressed(&short),
            Err(Malformed::Length)
        );
    }
}

/// The proof's bytes, with other points.
fn with_points(
    a: Option<G1Affine>,
    b: Option<G2Affine>,
    c: Option<G1Affine>,
    compress: Compress,
) -> Vec<u8> {
    let (_, proof) = made().transfers[0];
    let bytes = match compress {
        Compress::Yes => proof.to_bytes().to_vec(),
        Compress::No => proof.to_uncompressed().to_vec(),
    };
    let size = bytes.len() / 4;
    let written = |point: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = Vec::new();
        point(&mut bytes);
        bytes
    };
    let part = |at: usize, count: usize| bytes[at * size..(at + count) * size].to_vec();
    let g1 = |point: Option<G1Affine>, at| {
        point.map_or(part(at, 1), |point| {
            written(&|to| point.serialize_with_mode(to, compress).expect("room"))
        })
    };
    let g2 = b.map_or(part(1, 2), |point| {
        written(&|to| point.serialize_with_mode(to, compress).expect("room"))
    });
    [g1(a, 0), g2, g1(c, 3)].concat()
}

fn read(bytes: &[u8], compress: Compress) -> Result<Proof<Bls12_381>, Malformed> {
    match compress {
        Compress::Yes => Proof::from_bytes(bytes),
        Compress::No => Proof::from_uncompressed(bytes),
    }
}

/// A point of the curve outside of the subgroup.
fn outside_g1() -> G1Affine {
    (1u64..)
        .filter_map(|x| G1Affine::get_point_from_x_unchecked(Fq::from(x), false))
        .find(|point| !point.is_in_correct_subgroup_assuming_on_curve())
        .expect("most are")
}

fn outside_g2() -> G2Affine {
    (1u64..)
        .filter_map(|x| G2Affine::get_point_from_x_unchecked(x.into(), false))
        .find(|point| !point.is_in_correct_subgroup_assuming_on_curve())
        .expect("most are")
}

/// A point of order three, which divides the cofactor of G1.
fn small_g1() -> G1Affine {
    let point = G1Affine::new_unchecked(Fq::ZERO, Fq::from(2));
    assert!(point.is_on_curve());
    assert_eq!((point + point).into_affine(), -point);
    point
}

#[test]
fn points_outside_of_their_subgroups_are_refused() {
    for compress in [Compress::Yes, Compress::No] {
        for bytes in [
            with_points(Some(outside_g1()), None, None, compress),
            with_points(Some(small_g1()), None, None, compress),
            with_points(None, Some(outside_g2()), None, compress),
            with_points(None, None, Some(outside_g1()), compress),
            with_points(None, None, Some(small_g1()), compress),
        ] {
            assert_eq!(read(&bytes, compress), Err(Malformed::NotInSubgroup));
        }
    }
}

#[test]
fn membership_of_g1_is_multiplication_by_the_order() {
    let curve = (1u64..)
        .filter_map(|x| G1Affine::get_point_from_x_unchecked(Fq::from(x), x % 3 == 0))
        .take(40)
        .chain([small_g1(), -small_g1()]);
    // By the order: what is left has an order that divides the cofactor. By the cofactor: it is in the subgroup.
    let (mut inside, mut outside) = (0, 0);
    for point in curve {
        let rest = point.mul_bigint(Fr::MODULUS).into_affine();
        let member = point.clear_cofactor();
        for tested in [point, rest, member, (member + rest).into_affine()] {
            let expected = tested.mul_bigint(Fr::MODULUS).into_affine().is_zero();
            if tested.is_zero() {
                continue;
            }
            assert_eq!(tested.is_in_subgroup(), expected, "{tested}");
            // A runtime's host may multiply by the endomorphism, which is another multiplication outside of the
            // subgroup: what is tested by x² at once is always inside then.
            let tested = HostG1::new_unchecked(tested.x, tested.y);
            assert_eq!(tested.is_in_subgroup(), expected, "{tested}, by the host");
            *if expected { &mut inside } else { &mut outside } += 1;
        }
    }
    assert!(inside >= 40 && outside >= 40, "{inside} and {outside}");
}

#[test]
fn points_off_their_curves_are_refused() {
    let g1 = G1Affine::generator();
    let g2 = G2Affine::generator();
    let off_g1 = G1Affine::new_unchecked(g1.x, g1.y + Fq::ONE);
    let off_g2 = G2Affine::new_unchecked(g2.x.double(), g2.y);
    for bytes in [
        with_points(Some(off_g1), None, None, Compress::No),
        with_points(None, Some(off_g2), None, Compress::No),
        with_points(None, None, Some(off_g1), Compress::No),
    ] {
        assert_eq!(read(&bytes, Compress::No), Err(Malformed::NotOnCurve));
    }
}

#[test]
fn points_at_infinity_are_refused() {
    for compress in [Compress::Yes, Compress::No] {
        for bytes in [
            with_points(Some(G1Affine::zero()), None, None, compress),
            with_points(None, Some(G2Affine::zero()), None, compress),
            with_points(None, None, Some(G1Affine::zero()), compress),
        ] {
            assert_eq!(read(&bytes, compress), Err(Malformed::Infinity));
        }
    }
}

#[test]
fn other_encodings_of_the_same_points_are_refused() {
    let (_, proof) = made().transfers[0];
    // A coordinate that is the modulus larger, where that fits into its 381 bits and the flags' place.
    let long = proof.to_uncompressed();
    for at in [0, 48, 96, 144, 192, 240, 288, 336] {
        let mut bytes = long;
        let number: [u8; 48] = bytes[at..at + 48].try_into().expect("48 bytes");
        let mut sum = <Fq as PrimeField>::BigInt::default();
        for (limb, chunk) in sum.0.iter_mut().rev().zip(number.chunks_exact(8)) {
            *limb = u64::from_be_bytes(chunk.try_into().expect("8 bytes"));
        }
        assert!(!sum.add_with_carry(&Fq::MODULUS));
        bytes[at..at + 48].copy_from_slice(&sum.to_bytes_be());
        assert_eq!(
            read(&bytes, Compress::No).err(),
            Some(Malformed::Encoding),
            "{at}"
        );
    }
    // Flags: "compressed" in a whole point, and none in a compressed one; the sign in a whole one.
    for flag in [0x80, 0x40, 0x20] {
        let mut bytes = long;
        bytes[0] ^= flag;
        assert!(read(&bytes, Compress::No).is_err());
    }
    for flag in [0x80, 0x40] {
        let mut bytes = proof.to_bytes();
        bytes[48] ^= flag;
        assert!(read(&bytes, Compress::Yes).is_err());
    }
    // The other sign is another point, and so another proof, which is false.
    let mut bytes = proof.to_bytes();
    bytes[0] ^= 0x20;
    let negated = read(&bytes, Compress::Yes).expect("a point");
    assert!(!made().prepared.verify(&made().transfers[0].0, &negated));
}

#[test]
fn a_witness_that_breaks_a_rule_is_not_proven() {
    let mut plan = World::new().payment().assign().expect("a good plan");
    plan.witness.policy_limit += Fr::ONE;
    assert_eq!(
        made()
            .key
            .prove(&plan.public, &plan.witness, &[1; 32])
            .err(),
        Some(CannotProve::Broken(BTreeSet::from([Rule::Policy])))
    );
}

#[test]
fn whoever_proves_a_broken_assignment_all_the_same_gets_a_proof_that_does_not_verify() {
    let made = made();
    let blindly = |values: &[Fr]| {
        let shape = made.key.shape();
        let proof =
            Groth16::<Bls12_381, LibsnarkReduction>::create_proof_with_reduction_and_matrices(
                made.key.parameters(),
                Fr::from(5),
                Fr::from(6),
                shape.matrices(),
                shape.instance_variables(),
                shape.constraints(),
                values,
            )
            .expect("it does not look at the constraints");
        Proof::of(proof.a, proof.b, proof.c)
    };
    let honest = payment();
    let proof = blindly(&assignment(&honest.public, &honest.witness));
    assert!(made.prepared.verify(&honest.public, &proof));
    // What no witness brings about, and so nobody can ask the prover for.
    let forged = |attempt: &Attempt| matches!(attempt.breaks, [Rule::Keys] | [Rule::Pseudonym]);
    for attempt in attempts().into_iter().filter(forged) {
        let proof = blindly(&attempt.values);
        assert!(
            !made.prepared.verify(&attempt.public, &proof),
            "{}",
            attempt.name
        );
    }
}

#[test]
fn keys_survive_being_written() {
    let made = made();
    let key = made.prepared.key();
    assert_eq!(key.to_bytes().len(), KEY_BYTES);
    assert_eq!(VerifyingKey::from_bytes(&key.to_bytes()), Ok(key.clone()));
    let bytes = made.prepared.to_bytes();
    assert_eq!(bytes.len(), PREPARED_KEY_BYTES);
    assert_eq!(
        Prepared::from_trusted_bytes(&bytes),
        Ok(made.prepared.clone())
    );
    assert_eq!(
        Prepared::from_trusted_bytes(&bytes[1..]),
        Err(Malformed::Length)
    );
    let mut bad = key.to_bytes();
    let place = bad.len() - 96;
    let mut point = Vec::new();
    small_g1()
        .serialize_with_mode(&mut point, Compress::No)
        .expect("room");
    bad[place..].copy_from_slice(&point);
    assert_eq!(
        VerifyingKey::<Bls12_381>::from_bytes(&bad),
        Err(Malformed::NotInSubgroup)
    );

    let mut file = Vec::new();
    made.key.write(&mut file).expect("room");
    let again = ProvingKey::read_trusted(&file[..]).expect("it was written");
    assert_eq!(again.verifying_key().as_ref(), Ok(key));
    assert!(ProvingKey::read_trusted(&file[..file.len() - 1]).is_err());
}

#[test]
fn every_public_input_has_a_point_of_its_own_in_the_key() {
    let key = made().prepared.key();
    let different: BTreeSet<Vec<u8>> = key
        .ic
        .iter()
        .map(|point| {
            let mut bytes = Vec::new();
            point
                .serialize_with_mode(&mut bytes, Compress::Yes)
                .expect("room");
            bytes
        })
        .collect();
    assert_eq!(different.len(), shape().instance_variables());
    assert!(key.ic.iter().all(|point| !point.is_zero()));
}

/// After a change of the circuit: `cargo run --release -p plume-circuits --example transfer -- --write-key`.
#[test]
fn the_development_key_in_the_tree_is_the_one_that_its_seed_gives() {
    assert!(made().prepared.to_bytes() == crate::transfer::development::VERIFYING_KEY);
}

type HostG1 = ark_bls12_381_ext::g1::G1Affine<Hooks>;

/// The curve types of a runtime, whose operations are calls of its host: here of nobody.
#[derive(Clone, Copy)]
struct Hooks;

impl ark_bls12_381_ext::CurveHooks for Hooks {}

#[test]
fn a_runtimes_curve_types_verify_the_same_bytes() {
    type Host = ark_bls12_381_ext::Bls12_381<Hooks>;
    let made = made();
    let key = PreparedKey::<Host>::from_trusted_bytes(&made.prepared.to_bytes())
        .expect("the same encoding");
    assert_eq!(
        VerifyingKey::<Host>::from_bytes(&made.prepared.key().to_bytes())
            .map(VerifyingKey::prepare),
        Ok(key.clone())
    );
    let mut transfers = Vec::new();
    for (public, proof) in &made.transfers {
        let short = Proof::<Host>::from_bytes(&proof.to_bytes()).expect("the same encoding");
        let long = Proof::from_uncompressed(&proof.to_uncompressed()).expect("the same encoding");
        assert_eq!(short, long);
        assert!(key.verify(public, &short));
        transfers.push((*public, short));
    }
    assert!(key.verify_batch(&transfers));
    transfers[3].0.time += 1;
    assert!(!key.verify(&transfers[3].0, &transfers[3].1));
    assert!(!key.verify_batch(&transfers));
    for compress in [Compress::Yes, Compress::No] {
        for (bytes, refused) in [
            (
                with_points(Some(outside_g1()), None, None, compress),
                Malformed::NotInSubgroup,
            ),
            (
                with_points(Some(small_g1()), None, None, compress),
                Malformed::NotInSubgroup,
            ),
            (
                with_points(None, Some(outside_g2()), None, compress),
                Malformed::NotInSubgroup,
            ),
            (
                with_points(None, None, Some(G1Affine::zero()), compress),
                Malformed::Infinity,
            ),
        ] {
            let read = match compress {
                Compress::Yes => Proof::<Host>::from_bytes(&bytes),
                Compress::No => Proof::<Host>::from_uncompressed(&bytes),
            };
            assert_eq!(read.err(), Some(refused));
        }
    }
    let g1 = G1Affine::generator();
    let off = G1Affine::new_unchecked(g1.x, g1.y + Fq::ONE);
    let bytes = with_points(Some(off), None, None, Compress::No);
    assert_eq!(
        Proof::<Host>::from_uncompressed(&bytes).err(),
        Some(Malformed::NotOnCurve)
    );
}
