//! Tests of the whole ceremony, through its files.

mod beacons;
mod decoders;
mod forged_phase1;
mod forged_phase2;
mod keys;
mod realistic;
mod transcripts;

use std::fs;

use ark_bls12_381::Fr;
use ark_ec::short_weierstrass::{Affine, SWCurveConfig};
use ark_ff::{Field, UniformRand};
use ark_std::rand::SeedableRng;
use ark_std::rand::rngs::StdRng;

use crate::hash::Digest;
use crate::phase1::Powers;
use crate::proof::UpdateProof;
use crate::secret::Factor;
use crate::state::State;
use crate::step::{Header, seal};
use crate::transcript::subject_of;
use crate::*;

/// Domain of the circuit and size of phase 1 in most tests: 2^4.
const LOG_SIZE: u8 = 4;

fn rng() -> StdRng {
    StdRng::seed_from_u64(6)
}

fn number(seed: u64) -> Fr {
    Fr::rand(&mut StdRng::seed_from_u64(seed))
}

fn tiny() -> Circuit {
    (registry::find("rehearsal-tiny")
        .expect("it is registered")
        .circuit)()
    .expect("it synthesises")
}

fn beacon() -> Beacon {
    Beacon::new("block 1,000,000", &[0x5a; 32], Beacon::MIN_LOG_ITERATIONS).expect("a beacon")
}

fn entropy() -> Entropy {
    Entropy::fresh(b"dice").expect("randomness")
}

/// A folder that is gone after the test.
struct Play {
    _temporary: tempfile::TempDir,
    folder: Folder,
}

impl Play {
    fn new() -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let folder = Folder::new(temporary.path().join("transcript"));
        Self {
            _temporary: temporary,
            folder,
        }
    }

    /// Phase 1 with these contributors, and no beacon yet.
    fn phase1(names: &[&str]) -> Self {
        let play = Self::new();
        Phase1::begin(&play.folder, LOG_SIZE).expect("a new folder");
        for name in names {
            play.contribute1(name);
        }
        play
    }

    /// Phase 2 of the tiny circuit with these contributors, and no beacon yet.
    fn phase2(names: &[&str]) -> Self {
        let play = Self::phase1(&["Alice", "Bob", "Carol"]);
        play.verify1()
            .end(&play.folder, &beacon(), &())
            .expect("a beacon");
        Phase2::begin(&play.folder, &tiny(), &play.verify1(), &()).expect("it begins");
        for name in names {
            play.contribute2(name);
        }
        play
    }

    fn contribute1(&self, name: &str) -> Added {
        let name = name.parse().expect("a name");
        self.verify1()
            .contribute(&self.folder, &name, &entropy(), &())
            .expect("a contribution")
    }

    fn contribute2(&self, name: &str) -> Added {
        let name = name.parse().expect("a name");
        self.verify2()
            .contribute(&self.folder, &tiny(), &name, &entropy(), &())
            .expect("a contribution")
    }

    fn try_verify1(&self) -> Result<Phase1, Error> {
        Phase1::verify(&self.folder, &())
    }

    fn verify1(&self) -> Phase1 {
        self.try_verify1().expect("a good phase 1")
    }

    fn try_verify2(&self) -> Result<Phase2, Error> {
        Phase2::verify(&self.folder, &tiny(), &self.verify1(), &())
    }

    fn verify2(&self) -> Phase2 {
        self.try_verify2().expect("a good phase 2")
    }

    fn read(&self, step: &StepId) -> Vec<u8> {
        fs::read(self.folder.file(step)).expect("a step")
    }

    fn put(&self, step: &StepId, bytes: &[u8]) {
        fs::write(self.folder.file(step), bytes).expect("a folder");
    }

    /// A copy, to fork.
    fn copy(&self) -> Self {
        let copy = Self::new();
        fs::create_dir_all(copy.folder.path()).expect("a folder");
        for file in fs::read_dir(self.folder.path()).expect("a folder") {
            let file = file.expect("a file");
            fs::copy(file.path(), copy.folder.path().join(file.file_name())).expect("a copy");
        }
        copy
    }
}

fn step1(index: u32) -> StepId {
    StepId {
        index,
        circuit: None,
    }
}

fn step2(index: u32) -> StepId {
    StepId {
        index,
        circuit: Some(tiny().name().clone()),
    }
}

/// The header that Mallory's next step has.
fn mallory1(log: &Log) -> Header {
    Header {
        subject: Subject::Powers,
        log_size: LOG_SIZE,
        index: log.entries().len() as u32,
        previous: log.hash(),
        kind: Kind::Contribution("Mallory".parse().expect("a name")),
    }
}

fn mallory2(log: &Log) -> Header {
    Header {
        subject: subject_of(&tiny()),
        ..mallory1(log)
    }
}

/// A file of a header, proofs of factors, and a state, whether they go together or not; its hash is right.
fn forged<S: State>(header: &Header, factors: &[Fr], state: &S) -> Vec<u8> {
    let mut content = header.encode();
    for (factor, secret) in S::FACTORS.iter().zip(factors) {
        UpdateProof::new(*factor, secret, &header.context()).write(&mut content);
    }
    state.encode(&mut content);
    seal(content).0
}

/// The fault, which has to be with this step and with nobody else than Mallory.
fn of_mallory<T: core::fmt::Debug>(result: Result<T, Error>, place: &StepId) -> Fault {
    of(result, place, "Mallory")
}

fn of<T: core::fmt::Debug>(result: Result<T, Error>, place: &StepId, who: &str) -> Fault {
    match result.expect_err("a bad step was accepted") {
        Error::Step { step, by, fault } => {
            assert_eq!((&step, by.as_str()), (place, who), "{fault}");
            fault
        }
        other => panic!("{other}"),
    }
}

/// A point of the curve outside of the subgroup.
fn outside_of_the_subgroup<P: SWCurveConfig>() -> Affine<P> {
    let mut x = P::BaseField::ONE;
    loop {
        if let Some(point) = Affine::<P>::get_point_from_x_unchecked(x, false)
            && !point.is_in_correct_subgroup_assuming_on_curve()
        {
            return point;
        }
        x += P::BaseField::ONE;
    }
}

/// Phase 1 after an honest contributor, and Mallory's factors with an honest state.
fn before_mallory1() -> (Play, Phase1, [Fr; 3], Powers) {
    let play = Play::phase1(&["Alice"]);
    let phase = play.verify1();
    let factors = [number(1), number(2), number(3)];
    let state = phase.powers.multiplied(&factors, &());
    (play, phase, factors, state)
}

fn nothing() -> Digest {
    Digest::default()
}

const ALL_FACTORS: [Factor; 4] = [Factor::Tau, Factor::Alpha, Factor::Beta, Factor::Delta];
