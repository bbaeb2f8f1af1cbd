//! The last factor of a phase: a public number that nobody could foresee, after a long way of hashes.
//!
//! s_0 = SHA-256("plume-ceremony/beacon/1" ‖ value), s_(i+1) = SHA-256(s_i), and the factors come from s_(2^n).
//! SHA-256 because processors have instructions for it: nobody else is much faster than the verifier. The
//! way takes time, so that whoever could choose among a few values (a miner among blocks) cannot try them all
//! before the next one is due.

use core::fmt;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Refusal};
use crate::progress::Progress;
use crate::secret::Entropy;

/// Iterations between two reports of progress.
const REPORT_EVERY: u64 = 1 << 21;

/// A value, where it is from, and how long its way is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Beacon {
    source: String,
    #[serde(serialize_with = "as_hex")]
    value: Vec<u8>,
    log_iterations: u8,
}

fn as_hex<S: serde::Serializer>(value: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex::encode(value))
}

impl Beacon {
    /// The least n of 2^n iterations.
    pub const MIN_LOG_ITERATIONS: u8 = 10;
    /// The largest n: more than an hour for each verifier.
    pub const MAX_LOG_ITERATIONS: u8 = 36;
    /// The longest value, in bytes.
    pub const MAX_VALUE_BYTES: usize = 64;
    /// The longest source, in bytes of printable ASCII.
    pub const MAX_SOURCE_BYTES: usize = 128;

    /// A beacon of 8 to 64 bytes, from a source that people can look up (`Bitcoin block 912345`), and n.
    pub fn new(source: &str, value: &[u8], log_iterations: u8) -> Result<Self, Error> {
        let refused = |reason| Err(Refusal::Beacon(reason).into());
        if !(8..=Self::MAX_VALUE_BYTES).contains(&value.len()) {
            return refused("its value has 8 to 64 bytes");
        }
        if !crate::names::is_printable(source, Self::MAX_SOURCE_BYTES) {
            return refused("its source is a line of 1 to 128 printable ASCII characters");
        }
        if !(Self::MIN_LOG_ITERATIONS..=Self::MAX_LOG_ITERATIONS).contains(&log_iterations) {
            return refused("the binary logarithm of its iterations is 10 to 36");
        }
        Ok(Self {
            source: source.to_owned(),
            value: value.to_vec(),
            log_iterations,
        })
    }

    /// Where the value is from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The value.
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// The n of 2^n iterations.
    pub fn log_iterations(&self) -> u8 {
        self.log_iterations
    }

    /// s_(2^n).
    pub fn output(&self, progress: &dyn Progress) -> [u8; 32] {
        let all = 1u64 << self.log_iterations;
        let mut hasher = Sha256::new();
        hasher.update(b"plume-ceremony/beacon/1");
        hasher.update(&self.value);
        let mut state: [u8; 32] = hasher.finalize().into();
        for done in 0..all {
            if done % REPORT_EVERY == 0 {
                progress.at("hashing the beacon", done, all);
            }
            state = Sha256::digest(state).into();
        }
        state
    }

    pub(crate) fn entropy(&self, progress: &dyn Progress) -> Entropy {
        Entropy::public(&self.output(progress))
    }
}

impl fmt::Display for Beacon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} after 2^{} hashes",
            self.source,
            hex::encode(&self.value),
            self.log_iterations
        )
    }
}
