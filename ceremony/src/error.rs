//! What can be wrong, and with whose step.

use std::path::PathBuf;

use crate::points::PointFault;
use crate::secret::Factor;
use crate::step::StepId;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A step of the transcript is bad. Who made it is what the step says of itself.
    #[error("{step}, by {by}: {fault}")]
    Step {
        /// Which one.
        step: StepId,
        /// The contributor's name, the beacon's source, or `the coordinator`.
        by: String,
        /// What is wrong with it.
        fault: Fault,
    },
    /// A fault of bytes whose place in a transcript is not known.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A file could not be read or written.
    #[error("{path}: {reason}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the operating system says.
        reason: String,
    },
    /// Nothing is broken, but this is not permitted.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The operating system gave no random bytes.
    #[error("the operating system has no randomness to give")]
    NoRandomness,
}

impl Error {
    /// Gives a fault its place.
    pub(crate) fn at(self, step: &StepId, by: &str) -> Self {
        match self {
            Self::Fault(fault) => Self::Step {
                step: step.clone(),
                by: by.to_owned(),
                fault,
            },
            other => other,
        }
    }

    /// The fault, if it is one of a transcript or a key file.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Step { fault, .. } | Self::Fault(fault) => Some(fault),
            _ => None,
        }
    }
}

/// What is wrong with a step, or with a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not a file of a ceremony, or of another version.
    #[error("the file is none of this ceremony's format")]
    Format,
    /// The header says something that cannot be.
    #[error("the header is malformed: {0}")]
    Header(&'static str),
    /// Shorter than its header says.
    #[error("the file is truncated")]
    Truncated,
    /// Longer than its header says.
    #[error("the file has more bytes than its header says")]
    TooLong,
    /// The last 32 bytes are not the hash of the others.
    #[error(
        "the file was damaged or altered after it was made: its own hash is not that of its content"
    )]
    Checksum,
    /// Of another phase, circuit or size than the transcript.
    #[error(
        "the step belongs to another ceremony: phase, circuit or size differ from the first step's"
    )]
    OtherCeremony,
    /// It says another number than its place has.
    #[error("the step is not for this place: it says to be number {0}")]
    WrongPlace(u32),
    /// It was made on top of another step than the one before it.
    #[error("the step is built on another state than that of the step before it")]
    OtherState,
    /// Something other than a start at the beginning, or a start later on.
    #[error("only the first step is a start")]
    Start,
    /// A step after the beacon.
    #[error("the step comes after the beacon, which has to be the last one")]
    AfterBeacon,
    /// The factors are not those that the beacon's value gives.
    #[error("the factors are not those of the beacon's value")]
    NotTheBeacon,
    /// A point of a proof of knowledge.
    #[error("a point of the proof for {0} {1}")]
    Proof(Factor, PointFault),
    /// A point of the state: list, place in it, fault.
    #[error("point {1} of {0} {2}")]
    Point(&'static str, usize, PointFault),
    /// The proof of knowledge does not hold: its maker did not know the factor, or made it for another step.
    #[error("the proof of knowledge for {0} does not hold for this step")]
    NoKnowledge(Factor),
    /// The state is not the factor times the state before.
    #[error("{0} is not the proven factor times what it was before")]
    WrongRatio(Factor),
    /// The first of the powers is not the group's generator.
    #[error("{0} does not begin with the generator")]
    NoGenerator(&'static str),
    /// A list is not geometric.
    #[error("{0} are no powers of the same tau")]
    NotPowers(&'static str),
    /// A secret is not the same in G1 and G2.
    #[error("{0} in G1 is another one than in G2")]
    GroupsDiffer(Factor),
    /// A list was not divided by what delta was multiplied by.
    #[error("{0} was not divided by the factor of delta")]
    NotDivided(&'static str),
    /// Tau is a root of unity of the circuit's domain: nothing would be hidden.
    #[error("tau is a root of unity of the circuit's domain")]
    TauInDomain,
    /// The beginning of phase 2 is not that of this circuit on this phase 1.
    #[error("{0} is not that of this circuit over this phase 1")]
    NotTheCircuit(&'static str),
    /// Phase 2 begins on another transcript of phase 1.
    #[error("phase 2 was begun on another phase 1")]
    OtherPhase1,
}

/// What is not permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Binary logarithm of the size.
    #[error("a phase 1 has 2^1 to 2^18 powers, not 2^{0}")]
    Size(u8),
    /// See [`Contributor`](crate::Contributor).
    #[error("a contributor's name is a line of 1 to 64 printable ASCII characters")]
    ContributorName,
    /// See [`CircuitName`](crate::CircuitName).
    #[error("a circuit's name is 1 to 32 of a-z, 0-9 and -, and not phase1")]
    CircuitName,
    /// See [`Beacon::new`](crate::Beacon::new).
    #[error("this is no beacon: {0}")]
    Beacon(&'static str),
    /// The circuit could not be synthesised, or has other constraints than rank-1 ones.
    #[error("the circuit has no rank-1 constraints to set up: {0}")]
    Circuit(&'static str),
    /// More constraints and instance variables than phase 1 has powers.
    #[error("the circuit needs 2^{needs} powers, and phase 1 has 2^{has}")]
    CircuitTooLarge {
        /// Binary logarithm of the circuit's domain.
        needs: u8,
        /// Binary logarithm of phase 1.
        has: u8,
    },
    /// A phase that has begun.
    #[error("this phase has begun already in this folder")]
    Begun,
    /// A phase that has not begun.
    #[error("this phase has not begun in this folder")]
    NotBegun,
    /// A step is missing between others.
    #[error("step {0} is missing, though later ones are there")]
    Gap(u32),
    /// More steps than [`MAX_STEPS`](crate::folder::MAX_STEPS).
    #[error("a phase has at most 999 steps")]
    TooManySteps,
    /// The beacon has been applied.
    #[error("the beacon ended this phase: nothing can be added")]
    Ended,
    /// A phase without a beacon at its end.
    #[error("phase {0} does not end with a beacon")]
    NoBeacon(u8),
    /// Fewer different contributors than demanded.
    #[error("phase {phase} has {has} contributors, and {wants} are demanded")]
    TooFewContributors {
        /// 1 or 2.
        phase: u8,
        /// Different names.
        has: usize,
        /// Demanded.
        wants: usize,
    },
}
