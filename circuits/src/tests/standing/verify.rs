use super::world::{TIER, element, plan, set};
use crate::{
    standing::{
        Assigned, CannotProve, Plan, ProvingKey, PublicInputs, Rule,
        verify::{KEY_BYTES, VerifyingKey},
    },
    transfer::verify::{Malformed, Proof},
};
use ark_bls12_381::Bls12_381;
use std::{collections::BTreeSet, sync::OnceLock, time::Instant};

/// The development key, and a proof.
struct Made {
    key: ProvingKey,
    verifying: VerifyingKey,
    public: PublicInputs,
    proof: Proof<Bls12_381>,
}

fn proven(key: &ProvingKey, plan: &Plan, binding: &str) -> (PublicInputs, Proof<Bls12_381>) {
    let Assigned {
        mut public,
        witness,
    } = plan.assign().expect("a good plan");
    public.binding = element(binding);
    let proof = key
        .prove(&public, &witness, &[7; 32])
        .expect("a good witness");
    (public, proof)
}

fn made() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| {
        let key = ProvingKey::insecure_development();
        let verifying = key.verifying_key().expect("a good key");
        let start = Instant::now();
        let (public, proof) = proven(&key, &plan(), "question");
        println!("proven in {:?}", start.elapsed());
        let start = Instant::now();
        assert!(verifying.verify(&public, &proof));
        println!("verified in {:?}", start.elapsed());
        Made {
            key,
            verifying,
            public,
            proof,
        }
    })
}

#[test]
fn a_proof_survives_its_bytes() {
    let made = made();
    let again = Proof::from_bytes(&made.proof.to_bytes()).expect("it was written");
    assert!(made.verifying.verify(&made.public, &again));
}

#[test]
fn a_proof_is_for_its_public_inputs_alone() {
    let made = made();
    let refuse = |name: &str, change: fn(&mut PublicInputs)| {
        let mut changed = made.public;
        change(&mut changed);
        assert_ne!(changed.to_elements(), made.public.to_elements(), "{name}");
        assert!(!made.verifying.verify(&changed, &made.proof), "{name}");
    };
    refuse("another root", |p| p.credential_root = element("root"));
    refuse("a higher tier", |p| p.tier = TIER + 1);
    refuse("a lower tier", |p| p.tier = TIER - 1);
    refuse("an earlier moment", |p| p.time -= 1);
    refuse("a later moment", |p| p.time += 1);
    refuse("another verifier", |p| p.verifier = element("another"));
    refuse("another pseudonym", |p| p.pseudonym = element("another"));
    refuse("another question", |p| p.binding = element("another"));
    refuse("a smaller set", |p| {
        p.jurisdictions = set(&[b"CH", b"DE"]);
    });
    refuse("a larger set", |p| {
        p.jurisdictions = set(&[b"AT", b"CH", b"DE", b"FR", b"US"]);
    });
    refuse("another set of as many", |p| {
        p.jurisdictions = set(&[b"AT", b"CH", b"DE", b"LI"]);
    });
}

#[test]
fn a_proof_of_one_statement_is_none_of_another() {
    let made = made();
    let (public, proof) = proven(&made.key, &plan(), "another question");
    assert!(made.verifying.verify(&public, &proof));
    assert!(!made.verifying.verify(&public, &made.proof));
    assert!(!made.verifying.verify(&made.public, &proof));
}

#[test]
fn what_breaks_a_rule_is_not_proven() {
    let mut assigned = plan().assign().expect("a good plan");
    assigned.public.tier = TIER + 1;
    assert_eq!(
        made()
            .key
            .prove(&assigned.public, &assigned.witness, &[1; 32])
            .err(),
        Some(CannotProve::Broken(BTreeSet::from([Rule::Tier])))
    );
    let refusal = CannotProve::Broken(BTreeSet::from([Rule::Tier])).to_string();
    assert_eq!(refusal, "the witness breaks rule 4 (tier)");
}

#[test]
fn a_key_survives_its_bytes_and_every_input_has_a_point_of_its_own() {
    let key = &made().verifying;
    let bytes = key.to_bytes();
    assert_eq!(bytes.len(), KEY_BYTES);
    assert_eq!(VerifyingKey::from_bytes(&bytes).as_ref(), Ok(key));
    assert_eq!(
        VerifyingKey::from_bytes(&bytes[1..]),
        Err(Malformed::Length)
    );
    let points = bytes[96 + 3 * 192..].chunks(96);
    let different: BTreeSet<&[u8]> = points.collect();
    assert_eq!(different.len(), made().key.shape().instance_variables());
    let mut infinite = bytes.clone();
    let last = infinite.len() - 96;
    infinite[last..].fill(0);
    infinite[last] = 0x40;
    assert_eq!(
        VerifyingKey::from_bytes(&infinite),
        Err(Malformed::Infinity)
    );
}

#[test]
fn the_parameters_of_another_circuit_are_refused() {
    let parameters = made().key.parameters().clone();
    assert!(crate::transfer::ProvingKey::new(parameters.clone()).is_err());
    assert!(ProvingKey::new(parameters).is_ok());
}

/// After a change of the circuit: `cargo run --release -p plume-circuits --example standing -- --write-key`.
#[test]
fn the_development_key_in_the_tree_is_the_one_that_its_seed_gives() {
    assert!(made().verifying.to_bytes() == crate::standing::development::VERIFYING_KEY);
}
