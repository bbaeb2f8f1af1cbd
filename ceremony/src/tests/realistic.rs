//! A circuit of a realistic size: 4,094 constraints without a small number in its witness.

use std::time::Instant;

use ark_bls12_381::Bls12_381;
use ark_groth16::{Groth16, prepare_verifying_key};

use super::*;

#[test]
fn a_ceremony_for_a_dense_circuit_of_4094_constraints() {
    let play = Play::new();
    let named = registry::find("rehearsal").expect("it is registered");
    let timed = |what: &str, since: &mut Instant| {
        println!("{what:<40} {:>8.2} s", since.elapsed().as_secs_f64());
        *since = Instant::now();
    };
    let mut since = Instant::now();
    let circuit = (named.circuit)().expect("it synthesises");
    assert_eq!((circuit.constraints(), circuit.log_size()), (4_094, 12));
    timed("synthesis", &mut since);

    Phase1::begin(&play.folder, 12).expect("a new folder");
    for name in ["Alice", "Bob", "Carol"] {
        let mut phase1 = Phase1::verify(&play.folder, &()).expect("good so far");
        timed("phase 1: verify what is there", &mut since);
        phase1
            .contribute(
                &play.folder,
                &name.parse().expect("a name"),
                &entropy(),
                &(),
            )
            .expect("a contribution");
        timed("phase 1: contribute", &mut since);
    }
    let mut phase1 = Phase1::verify(&play.folder, &()).expect("good so far");
    phase1.end(&play.folder, &beacon(), &()).expect("a beacon");
    timed("phase 1: verify and end", &mut since);
    Phase2::begin(&play.folder, &circuit, &phase1, &()).expect("it begins");
    timed("phase 2: begin", &mut since);
    for name in ["Alice", "Bob", "Carol"] {
        let mut phase2 = Phase2::verify(&play.folder, &circuit, &phase1, &()).expect("good so far");
        timed("phase 2: verify what is there", &mut since);
        phase2
            .contribute(
                &play.folder,
                &circuit,
                &name.parse().expect("a name"),
                &entropy(),
                &(),
            )
            .expect("a contribution");
        timed("phase 2: contribute", &mut since);
    }
    let mut phase2 = Phase2::verify(&play.folder, &circuit, &phase1, &()).expect("good so far");
    phase2
        .end(&play.folder, &circuit, &beacon(), &())
        .expect("a beacon");
    timed("phase 2: verify and end", &mut since);

    // A verifier who starts from the files.
    let phase1 = Phase1::verify(&play.folder, &()).expect("a good phase 1");
    timed("verify phase 1, 5 steps", &mut since);
    let phase2 = Phase2::verify(&play.folder, &circuit, &phase1, &()).expect("a good phase 2");
    timed("verify phase 2, 5 steps", &mut since);
    let keys = finalise(&circuit, &phase1, &phase2, &Demands::default()).expect("keys");

    let witness = registry::Dense::of_size(12).with_seeds([number(1), number(2)]);
    let output = witness.output().expect("a witness");
    type Prover = Groth16<Bls12_381>;
    let proof = Prover::create_random_proof_with_reduction(witness, &keys.proving_key, &mut rng())
        .expect("a proof");
    timed("prove", &mut since);
    let vk = prepare_verifying_key(&keys.proving_key.vk);
    assert!(Prover::verify_proof(&vk, &proof, &[output]).expect("one input"));
}
