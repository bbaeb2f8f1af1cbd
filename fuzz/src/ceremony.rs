//! The smallest ceremony, of a circuit of two constraints: phase 1 begins and ends with a beacon, phase 2 begins and has a
//! contributor. So every step is at most one beyond a start, and both kinds are there.

use blake2::{Blake2b, Digest, digest::consts::U32};
use plume_ceremony::{
    Beacon, Circuit, Demands, Entropy, Error, Folder, Keys, Phase1, Phase2, Subject, finalise,
    registry::Dense, transcript,
};
use std::{fs, path::PathBuf};

/// The ceremony, in a folder of this process.
pub struct Play {
    /// Where its steps are.
    pub folder: Folder,
    /// The circuit.
    pub circuit: Circuit,
    /// Paths of its four steps, and their bytes: of phase 1, then of phase 2.
    pub steps: Vec<(PathBuf, Vec<u8>)>,
    /// The keys that it has with one more beacon.
    pub keys: Keys,
}

/// Steps of a phase.
pub const STEPS: usize = 2;

impl Play {
    /// Holds it. The factors are drawn anew each time, which moves nothing.
    pub fn hold() -> Result<Self, Error> {
        let path = std::env::temp_dir().join(format!("plume-fuzz-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        let folder = Folder::new(path);
        let circuit = Circuit::new("tiny", Dense::of_size(2))?;
        let beacon = Beacon::new("block 1,000,000", &[0x5a; 32], Beacon::MIN_LOG_ITERATIONS)?;
        Phase1::begin(&folder, circuit.log_size())?;
        let mut phase1 = Phase1::verify(&folder, &())?;
        phase1.end(&folder, &beacon, &())?;
        Phase2::begin(&folder, &circuit, &phase1, &())?;
        let mut phase2 = Phase2::verify(&folder, &circuit, &phase1, &())?;
        let (by, entropy) = ("Alice".parse()?, Entropy::fresh(b"")?);
        phase2.contribute(&folder, &circuit, &by, &entropy, &())?;
        let mut steps = Vec::new();
        for subject in [Subject::Powers, transcript::subject_of(&circuit)] {
            for index in 0..STEPS as u32 {
                let path = folder.file(&subject.step(index));
                let bytes = fs::read(&path).unwrap_or_default();
                steps.push((path, bytes));
            }
        }
        let last = phase2.end(&folder, &circuit, &beacon, &())?;
        let keys = finalise(&circuit, &phase1, &phase2, &Demands { contributors: 0 })?;
        let _ = fs::remove_file(last.path);
        Ok(Self {
            folder,
            circuit,
            steps,
            keys,
        })
    }
}

/// Puts the right hash at the end, as whoever forges a file does.
pub fn reseal(purpose: &str, bytes: &mut Vec<u8>) {
    let content = bytes.len().saturating_sub(32);
    bytes.truncate(content);
    let mut hasher = Blake2b::<U32>::new();
    hasher.update((purpose.len() as u64).to_le_bytes());
    hasher.update(purpose.as_bytes());
    hasher.update(&*bytes);
    bytes.extend_from_slice(&hasher.finalize());
}
