//! Groth16 proofs, verified as on the chain. They are of a circuit that takes any inputs, which is all that matters
//! here: a proof for these inputs is none for others.

use crate::{
    mock::{ShieldedPool, *},
    statement::Purpose,
    *,
};
use ark_bls12_381::{Bls12_381, Fq, Fq2, Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{UniformRand, Zero};
use ark_groth16::Groth16 as Arkworks;
use ark_relations::{
    gr1cs::{ConstraintSynthesizer, ConstraintSystemRef, SynthesisError},
    lc,
};
use ark_serialize::CanonicalSerialize;
use ark_snark::SNARK;
use ark_std::rand::{SeedableRng, rngs::StdRng};
use core::cell::RefCell;
use frame_support::{assert_noop, assert_ok, pallet_prelude::InvalidTransaction};
use plume_circuits::transfer::{PUBLIC_INPUTS, PublicInputs, verify::VerifyingKey};
use std::sync::LazyLock;

/// The product of the first two inputs is a witness.
struct AnyInputs([Fr; PUBLIC_INPUTS]);

impl ConstraintSynthesizer<Fr> for AnyInputs {
    fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
        let inputs = self
            .0
            .iter()
            .map(|input| cs.new_input_variable(|| Ok(*input)))
            .collect::<Result<Vec<_>, _>>()?;
        let product = cs.new_witness_variable(|| Ok(self.0[0] * self.0[1]))?;
        cs.enforce_r1cs_constraint(|| lc![inputs[0]], || lc![inputs[1]], || lc![product])
    }
}

type ProvingKey = ark_groth16::ProvingKey<Bls12_381>;

fn setup(seed: u64) -> ProvingKey {
    let mut rng = StdRng::seed_from_u64(seed);
    let nothing = AnyInputs([Fr::zero(); PUBLIC_INPUTS]);
    Arkworks::<Bls12_381>::circuit_specific_setup(nothing, &mut rng)
        .expect("the circuit is sound")
        .0
}

static FIRST: LazyLock<ProvingKey> = LazyLock::new(|| setup(1));
static SECOND: LazyLock<ProvingKey> = LazyLock::new(|| setup(2));

/// As a circuit is registered.
fn key_of(proving: &ProvingKey) -> Vec<u8> {
    let key = &proving.vk;
    VerifyingKey::<Bls12_381>::new(
        key.alpha_g1,
        key.beta_g2,
        key.gamma_g2,
        key.delta_g2,
        &key.gamma_abc_g1,
    )
    .expect("every point is one")
    .to_bytes()
}

/// Three points as a proof, whatever they are.
pub fn encoded(a: G1Affine, b: G2Affine, c: G1Affine) -> ProofBytes {
    let mut bytes = Vec::new();
    (a, b, c)
        .serialize_uncompressed(&mut bytes)
        .expect("a vector takes all bytes");
    ProofBytes(bytes.try_into().expect("they are 384"))
}

type Points = ark_groth16::Proof<Bls12_381>;

thread_local! {
    static RANDOM: RefCell<StdRng> = RefCell::new(StdRng::seed_from_u64(7));
}

fn proof_of(proving: &ProvingKey, inputs: &PublicInputs) -> Points {
    let elements = inputs.to_elements().map(|input| input.to_element());
    RANDOM.with_borrow_mut(|rng| {
        Arkworks::<Bls12_381>::prove(proving, AnyInputs(elements), rng).expect("it proves")
    })
}

fn written(points: &Points) -> ProofBytes {
    encoded(points.a, points.b, points.c)
}

fn all_proven(
    proving: &ProvingKey,
    purpose: &Purpose<'_, u64>,
    bodies: Vec<Body>,
) -> Vec<Transfer> {
    let all = inputs_of(purpose, &bodies);
    bodies
        .into_iter()
        .zip(all)
        .map(|(body, inputs)| Transfer {
            body,
            proof: written(&proof_of(proving, &inputs)),
        })
        .collect()
}

fn one(proving: &ProvingKey, purpose: &Purpose<'_, u64>, body: Body) -> Box<Transfer> {
    Box::new(all_proven(proving, purpose, vec![body]).remove(0))
}

fn paying(seed: u64) -> Body {
    body_out(seed, plume(FEE))
}

/// As many transfers as a bundle takes, proven for it.
pub fn full_bundle() -> Bundle {
    let bodies = (10..42).map(paying).collect();
    all_proven(&FIRST, &Purpose::Bundle, bodies)
        .try_into()
        .expect("a bundle has room for them")
}

/// On a chain with this circuit and enough in the pool.
pub fn funded(test: impl FnOnce()) {
    groth16_chain(&key_of(&FIRST)).execute_with(|| {
        let deposit = one(
            &FIRST,
            &Purpose::Deposit(&ANNA),
            body_in(1, plume(100_000_000)),
        );
        assert_ok!(ShieldedPool::deposit(RuntimeOrigin::signed(ANNA), deposit));
        next_block();
        verified();
        test();
        next_block();
    });
}

fn bad<V>() -> Result<V, frame_support::pallet_prelude::TransactionValidityError> {
    Err(InvalidTransaction::BadProof.into())
}

#[test]
fn value_comes_in_changes_hands_and_leaves_by_real_proofs() {
    funded(|| {
        let transfer = one(&FIRST, &Purpose::Transfer, paying(2));
        assert_ok!(include(Call::transfer { transfer }));
        next_block();
        let purpose = Purpose::Withdrawal {
            to: &NEWCOMER,
            amount: 500,
        };
        let transfer = one(&FIRST, &purpose, body_out(3, plume(500 + FEE)));
        assert_ok!(include(Call::withdraw {
            transfer,
            fee: None,
            to: NEWCOMER,
            amount: 500
        }));
        assert_eq!(Balances::free_balance(NEWCOMER), 500 * PLUME_UNIT);
    });
}

#[test]
fn a_batch_of_32_real_proofs_is_good_and_with_one_bad_one_it_is_not() {
    funded(|| {
        let transfers = full_bundle();
        for place in [0, 13, 31] {
            let mut spoiled = transfers.clone();
            // A good proof, for the inputs of its neighbour.
            spoiled[place].proof = transfers[(place + 1) % 32].proof.clone();
            assert_eq!(include(Call::bundle { transfers: spoiled }), bad());
        }
        // Two bad ones whose errors would cancel out under equal weights.
        let mut swapped = transfers.clone();
        let first = swapped[0].proof.clone();
        swapped[0].proof = swapped[1].proof.clone();
        swapped[1].proof = first;
        assert_eq!(include(Call::bundle { transfers: swapped }), bad());
        assert_ok!(include(Call::bundle { transfers }));
    });
}

#[test]
fn errors_that_cancel_out_in_a_sum_are_seen_by_the_weights() {
    funded(|| {
        let mut transfers = all_proven(&FIRST, &Purpose::Bundle, vec![paying(10), paying(11)]);
        // C + D and C' − D: the equation of the sum holds.
        let inputs = inputs_of(&Purpose::Bundle, &[paying(10), paying(11)]);
        let mut points = inputs.iter().map(|inputs| proof_of(&FIRST, inputs));
        let (mut one, mut two) = (points.next().unwrap(), points.next().unwrap());
        let shift = G1Affine::generator();
        one.c = (one.c + shift).into_affine();
        two.c = (two.c - shift).into_affine();
        transfers[0].proof = written(&one);
        transfers[1].proof = written(&two);
        let transfers = transfers.try_into().unwrap();
        assert_eq!(include(Call::bundle { transfers }), bad());
    });
}

#[test]
fn a_rerandomised_proof_is_good_other_bytes_and_the_same_transaction() {
    funded(|| {
        let body = paying(2);
        let inputs = inputs_of(&Purpose::Transfer, std::slice::from_ref(&body));
        let points = proof_of(&FIRST, &inputs[0]);
        let other = RANDOM.with_borrow_mut(|rng| {
            Arkworks::<Bls12_381>::rerandomize_proof(&FIRST.vk, &points, rng)
        });
        let call = |points: &Points| Call::<Runtime>::transfer {
            transfer: Box::new(Transfer {
                body: body.clone(),
                proof: written(points),
            }),
        };
        assert_ne!(call(&points), call(&other));
        let (one, two) = (
            validate(&call(&points)).unwrap(),
            validate(&call(&other)).unwrap(),
        );
        assert_eq!((one.provides, one.priority), (two.provides, two.priority));
        assert_ok!(include(call(&other)));
        assert_eq!(
            include(call(&points)),
            Err(InvalidTransaction::Stale.into())
        );
    });
}

#[test]
fn a_real_proof_is_none_for_another_amount_chain_call_or_circuit() {
    funded(|| {
        let transfer = one(&FIRST, &Purpose::Transfer, paying(2));
        let mut larger = transfer.clone();
        larger.body.public_out = Some(plume(FEE + 1));
        assert_eq!(include(Call::transfer { transfer: larger }), bad());
        let as_bundle = vec![*transfer.clone()].try_into().unwrap();
        assert_eq!(
            include(Call::bundle {
                transfers: as_bundle
            }),
            bad()
        );
        // Another setup of the same circuit is another circuit.
        let foreign = one(&SECOND, &Purpose::Transfer, paying(2));
        assert_eq!(include(Call::transfer { transfer: foreign }), bad());
        frame_system::BlockHash::<Runtime>::insert(0, sp_core::H256([1; 32]));
        assert_eq!(include(Call::transfer { transfer }), bad());
    });
}

/// On the curve, and not in the subgroup of prime order.
pub fn outside_g1() -> G1Affine {
    (1u64..)
        .filter_map(|x| G1Affine::get_point_from_x_unchecked(Fq::from(x), false))
        .find(|point| !point.is_in_correct_subgroup_assuming_on_curve())
        .expect("most are")
}

/// The same in G2.
pub fn outside_g2() -> G2Affine {
    (1u64..)
        .filter_map(|x| {
            G2Affine::get_point_from_x_unchecked(Fq2::new(Fq::from(x), Fq::from(1u64)), false)
        })
        .find(|point| !point.is_in_correct_subgroup_assuming_on_curve())
        .expect("most are")
}

/// Of order 3, the smallest factor of G1's cofactor: (0, 2) is on y² = x³ + 4.
pub fn small_order() -> G1Affine {
    let point = G1Affine::new_unchecked(Fq::zero(), Fq::from(2u64));
    assert!(point.is_on_curve());
    assert!(
        point.mul_bigint([3u64]).is_zero() && !point.is_in_correct_subgroup_assuming_on_curve()
    );
    point
}

#[test]
fn a_proof_with_a_point_off_its_curve_or_of_small_order_or_at_infinity_is_bad() {
    funded(|| {
        let body = paying(2);
        let inputs = inputs_of(&Purpose::Transfer, std::slice::from_ref(&body));
        let good = proof_of(&FIRST, &inputs[0]);
        let mut random = StdRng::seed_from_u64(3);
        let off_g1 = G1Affine::new_unchecked(Fq::rand(&mut random), Fq::rand(&mut random));
        let off_g2 = G2Affine::new_unchecked(Fq2::rand(&mut random), Fq2::rand(&mut random));
        // A good point moved by one of small order.
        let moved_a = (good.a + small_order()).into_affine();
        let moved_c = (good.c + small_order()).into_affine();
        let bad_proofs = [
            ("A off the curve", encoded(off_g1, good.b, good.c)),
            ("B off the curve", encoded(good.a, off_g2, good.c)),
            ("C off the curve", encoded(good.a, good.b, off_g1)),
            (
                "A outside the subgroup",
                encoded(outside_g1(), good.b, good.c),
            ),
            (
                "B outside the subgroup",
                encoded(good.a, outside_g2(), good.c),
            ),
            (
                "C outside the subgroup",
                encoded(good.a, good.b, outside_g1()),
            ),
            ("A of order 3", encoded(small_order(), good.b, good.c)),
            ("A moved by order 3", encoded(moved_a, good.b, good.c)),
            ("C moved by order 3", encoded(good.a, good.b, moved_c)),
            (
                "A at infinity",
                encoded(G1Affine::identity(), good.b, good.c),
            ),
            (
                "B at infinity",
                encoded(good.a, G2Affine::identity(), good.c),
            ),
            (
                "all at infinity",
                encoded(
                    G1Affine::identity(),
                    G2Affine::identity(),
                    G1Affine::identity(),
                ),
            ),
            ("zeros", ProofBytes([0; PROOF_LENGTH])),
            ("ones", ProofBytes([0xff; PROOF_LENGTH])),
        ];
        for (what, proof) in bad_proofs {
            let transfer = Box::new(Transfer {
                body: body.clone(),
                proof,
            });
            assert_eq!(include(Call::transfer { transfer }), bad(), "{what}");
        }
        let transfer = Box::new(Transfer {
            body,
            proof: written(&good),
        });
        assert_ok!(include(Call::transfer { transfer }));
    });
}

#[test]
fn a_verifying_key_with_a_point_that_is_none_is_refused() {
    funded(|| {
        let register = |bytes: Vec<u8>| {
            let bytes = bytes.try_into().expect("it is as long as a key");
            ShieldedPool::register_circuit(root(), 2, bytes, now())
        };
        let good = key_of(&SECOND);
        let with = |place: usize, point: &dyn Fn(&mut Vec<u8>)| {
            let mut bytes = Vec::new();
            point(&mut bytes);
            let mut key = good.clone();
            key[place..place + bytes.len()].copy_from_slice(&bytes);
            key
        };
        let g1 = |point: G1Affine| {
            move |bytes: &mut Vec<u8>| point.serialize_uncompressed(bytes).expect("it is written")
        };
        let last = good.len() - 96;
        for key in [
            with(0, &g1(small_order())),
            with(0, &g1(G1Affine::identity())),
            with(last, &g1(outside_g1())),
            with(last, &g1(G1Affine::identity())),
            with(96, &|bytes| {
                outside_g2()
                    .serialize_uncompressed(bytes)
                    .expect("it is written");
            }),
            good[..last].to_vec(),
            Vec::new(),
        ] {
            assert_noop!(register(key), Error::<Runtime>::BadKey);
        }
        assert_ok!(register(good));
    });
}

#[test]
fn a_batch_of_nothing_claims_nothing_and_no_call_carries_one() {
    let prepared = Groth16::<Bls12_381>::prepare(&key_of(&FIRST)).unwrap();
    assert!(Groth16::<Bls12_381>::are_good(&prepared, &[]));
    funded(|| {
        let transfers = Default::default();
        assert!(include(Call::bundle { transfers }).is_err());
    });
}
