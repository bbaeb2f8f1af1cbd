//! The keys at the end: the same as those of a generator with the same secrets, and they prove.

use ark_bls12_381::{Bls12_381, G1Projective, G2Projective};
use ark_ec::PrimeGroup;
use ark_ff::{One, Zero};
use ark_groth16::{Groth16, prepare_verifying_key};
use ark_poly::{EvaluationDomain, GeneralEvaluationDomain};
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystemRef, LinearCombination, SynthesisError,
};

use super::*;
use crate::keys::assemble;
use crate::phase2;
use crate::registry::Dense;

/// What `assemble` gives after three contributors whose factors multiply to these secrets.
fn key_of(circuit: &Circuit, log_size: u8, secrets: [Fr; 4]) -> ark_groth16::ProvingKey<Bls12_381> {
    let shares = |secret: Fr, seed| {
        let (a, b) = (number(seed), number(seed + 1));
        [a, b, secret * (a * b).inverse().expect("not zero")]
    };
    let [tau, alpha, beta, delta] = secrets;
    let (taus, alphas) = (shares(tau, 10), shares(alpha, 20));
    let (betas, deltas) = (shares(beta, 30), shares(delta, 40));
    let mut powers = Powers::start(log_size).expect("a size");
    for i in 0..3 {
        powers = powers.multiplied(&[taus[i], alphas[i], betas[i]], &());
    }
    let (fixed, mut state) = phase2::start(circuit, &powers, &()).expect("it fits");
    for share in deltas {
        state = state.multiplied(&[share], &());
    }
    assemble(&powers, &fixed, &state)
}

fn generated(
    circuit: impl ConstraintSynthesizer<Fr>,
    log_size: u8,
) -> (ark_groth16::ProvingKey<Bls12_381>, [Fr; 4]) {
    // The generator draws tau from this, and nothing else.
    let domain = GeneralEvaluationDomain::<Fr>::new(1 << log_size).expect("a domain");
    let tau = domain.sample_element_outside_domain(&mut rng());
    let [alpha, beta, delta] = [number(7), number(8), number(9)];
    let key = Groth16::<Bls12_381>::generate_parameters_with_qap(
        circuit,
        alpha,
        beta,
        Fr::one(),
        delta,
        G1Projective::generator(),
        G2Projective::generator(),
        &mut rng(),
    );
    (key.expect("it synthesises"), [tau, alpha, beta, delta])
}

/// y = x³ + 5, with public y, a coefficient that is large, a variable in no constraint, and a linear combination
/// that is used twice.
#[derive(Clone)]
struct Cubic(Option<Fr>);

impl ConstraintSynthesizer<Fr> for Cubic {
    fn generate_constraints(self, system: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
        let missing = SynthesisError::AssignmentMissing;
        let x = self.0.ok_or(missing);
        let seven = number(77);
        let y = system.new_input_variable(|| x.map(|x| x * x * x + Fr::from(5u64)))?;
        let unused_input = system.new_input_variable(|| x.map(|_| Fr::from(3u64)))?;
        let first = system.new_witness_variable(|| x)?;
        let unused = system.new_witness_variable(|| x)?;
        let square = system.new_witness_variable(|| x.map(|x| x * x * seven))?;
        let _ = (unused_input, unused);
        let shared = system.new_lc(|| LinearCombination::from(first) * seven)?;
        system.enforce_r1cs_constraint(|| shared.into(), || first.into(), || square.into())?;
        let constant =
            LinearCombination::from((Fr::from(5u64), ark_relations::gr1cs::Variable::One));
        system.enforce_r1cs_constraint(
            || square.into(),
            || first.into(),
            || (LinearCombination::from(y) - constant) * seven,
        )
    }
}

#[test]
fn a_key_equals_that_of_the_generator_with_the_same_secrets() {
    let circuit = tiny();
    let (expected, secrets) = generated(Dense::of_size(4), circuit.log_size());
    // A larger phase 1 gives the same key.
    for log_size in [4, 6] {
        assert_eq!(key_of(&circuit, log_size, secrets), expected);
    }
    let circuit = Circuit::new("cubic", Cubic(None)).expect("a circuit");
    let (expected, secrets) = generated(Cubic(None), circuit.log_size());
    assert_eq!(key_of(&circuit, 5, secrets), expected);
    assert!(expected.b_g1_query.iter().any(ark_ec::AffineRepr::is_zero));
}

#[test]
fn other_secrets_give_another_key() {
    let circuit = tiny();
    let (expected, secrets) = generated(Dense::of_size(4), circuit.log_size());
    for i in 0..4 {
        let mut others = secrets;
        others[i] = number(99);
        assert_ne!(key_of(&circuit, 4, others), expected);
    }
}

fn finished() -> (Play, Phase1, Phase2) {
    let play = Play::phase2(&["Alice", "Bob", "Carol"]);
    play.verify2()
        .end(&play.folder, &tiny(), &beacon(), &())
        .expect("a beacon");
    let (phase1, phase2) = (play.verify1(), play.verify2());
    (play, phase1, phase2)
}

#[test]
fn a_key_of_a_ceremony_proves_and_verifies_and_survives_its_files() {
    let (play, phase1, phase2) = finished();
    let keys = finalise(&tiny(), &phase1, &phase2, &Demands::default()).expect("keys");
    let [pk, vk] = keys.write(play.folder.path()).expect("files");
    assert!(pk.ends_with("rehearsal-tiny.pk") && vk.ends_with("rehearsal-tiny.vk"));
    let read = read_proving_key(&std::fs::read(pk).expect("a file")).expect("a key");
    assert_eq!(read, keys);
    let (label, vk) = read_verifying_key(&std::fs::read(vk).expect("a file")).expect("a key");
    assert_eq!((&label, &vk), (&keys.label, &keys.proving_key.vk));
    assert_eq!(label.circuit_hash, tiny().hash());
    assert_eq!(label.transcript, phase2.log().hash());

    let circuit = Dense::of_size(4).with_seeds([number(1), number(2)]);
    let output = circuit.output().expect("a witness");
    type Prover = Groth16<Bls12_381>;
    let proof = Prover::create_random_proof_with_reduction(circuit, &read.proving_key, &mut rng())
        .expect("a proof");
    let vk = prepare_verifying_key(&vk);
    assert!(Prover::verify_proof(&vk, &proof, &[output]).expect("one input"));
    assert!(!Prover::verify_proof(&vk, &proof, &[output + Fr::one()]).expect("one input"));
}

#[test]
fn a_key_after_the_beginning_alone_proves_too_but_is_refused() {
    let play = Play::phase2(&[]);
    let error = finalise(
        &tiny(),
        &play.verify1(),
        &play.verify2(),
        &Demands::default(),
    );
    let error = error.expect_err("no beacon");
    assert!(
        matches!(error, Error::Refused(Refusal::NoBeacon(2))),
        "{error}"
    );
}

#[test]
fn too_few_contributors_are_refused_unless_told() {
    let play = Play::phase2(&["Alice", "Alice", "Alice", "Bob"]);
    play.verify2()
        .end(&play.folder, &tiny(), &beacon(), &())
        .expect("a beacon");
    let (phase1, phase2) = (play.verify1(), play.verify2());
    let error = finalise(&tiny(), &phase1, &phase2, &Demands::default()).expect_err("two");
    let expected = Refusal::TooFewContributors {
        phase: 2,
        has: 2,
        wants: 3,
    };
    assert!(
        matches!(error, Error::Refused(refusal) if refusal == expected),
        "{error}"
    );
    let keys = finalise(&tiny(), &phase1, &phase2, &Demands { contributors: 2 }).expect("told so");
    assert_eq!(keys.label.phase2_contributors, 2);
    assert_eq!(keys.label.phase1_contributors, 3);
}

#[test]
fn keys_are_never_written_over() {
    let (play, phase1, phase2) = finished();
    let keys = finalise(&tiny(), &phase1, &phase2, &Demands::default()).expect("keys");
    keys.write(play.folder.path()).expect("files");
    assert!(matches!(
        keys.write(play.folder.path()),
        Err(Error::File { .. })
    ));
}

#[test]
fn a_circuit_with_other_constraints_than_rank_1_is_refused() {
    #[derive(Clone)]
    struct Square;
    impl ConstraintSynthesizer<Fr> for Square {
        fn generate_constraints(
            self,
            system: ConstraintSystemRef<Fr>,
        ) -> Result<(), SynthesisError> {
            let predicate =
                ark_relations::gr1cs::predicate::PredicateConstraintSystem::new_sr1cs_predicate();
            system.register_predicate("SR1CS", predicate?)?;
            let x = system.new_witness_variable(|| Ok(Fr::zero()))?;
            system.enforce_sr1cs_constraint(|| x.into(), || x.into())?;
            system.enforce_r1cs_constraint(|| x.into(), || x.into(), || x.into())
        }
    }
    struct Empty;
    impl ConstraintSynthesizer<Fr> for Empty {
        fn generate_constraints(self, _: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
            Ok(())
        }
    }
    for error in [Circuit::new("square", Square), Circuit::new("empty", Empty)] {
        let error = error.expect_err("refused");
        assert!(
            matches!(error, Error::Refused(Refusal::Circuit(_))),
            "{error}"
        );
    }
}

#[test]
fn a_circuits_hash_covers_every_coefficient_and_not_its_name() {
    let hash = |name: &str, size| {
        Circuit::new(name, Dense::of_size(size))
            .expect("a circuit")
            .hash()
    };
    assert_eq!(hash("a", 4), hash("b", 4));
    assert_ne!(hash("a", 4), hash("a", 3));
    assert_ne!(
        Circuit::new("a", Cubic(None)).expect("a circuit").hash(),
        hash("a", 2)
    );
    // With a witness or without, it is the same circuit.
    let with = Circuit::new("a", Dense::of_size(4).with_seeds([number(1), number(2)]));
    assert_eq!(with.expect("a circuit").hash(), hash("a", 4));
}
