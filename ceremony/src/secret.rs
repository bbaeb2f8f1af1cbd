//! What a contributor must forget.

use ark_bls12_381::Fr;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::hash::{scalar, wide};

/// Which of the setup's secrets a factor belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Factor {
    /// The point at which the circuit's polynomials are evaluated. Phase 1.
    Tau,
    /// Ties A to B and C. Phase 1.
    Alpha,
    /// Ties B to A and C. Phase 1.
    Beta,
    /// Ties the witness to the circuit. Phase 2.
    Delta,
}

impl Factor {
    /// Its name, in hashes and for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tau => "tau",
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Delta => "delta",
        }
    }
}

impl core::fmt::Display for Factor {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// 64 bytes that a contributor's factors are derived from. Overwritten when dropped.
///
/// Whoever has the entropy of *every* contributor of a phase can forge proofs; without that of a single one,
/// nobody can.
pub struct Entropy(Zeroizing<[u8; 64]>);

impl Entropy {
    /// From the operating system's randomness, with the contributor's own bytes hashed in: dice, keystrokes, a
    /// photograph. Either source alone is enough; the other one then does no harm.
    ///
    /// Fails if the operating system has no randomness to give.
    pub fn fresh(own: &[u8]) -> Result<Self, Error> {
        let mut system = Zeroizing::new([0u8; 64]);
        getrandom::fill(system.as_mut_slice()).map_err(|_| Error::NoRandomness)?;
        Ok(Self(Zeroizing::new(wide(
            "plume-ceremony/entropy/1",
            &[system.as_slice(), own],
        ))))
    }

    /// From public bytes: a beacon's.
    pub(crate) fn public(seed: &[u8; 32]) -> Self {
        Self(Zeroizing::new(wide(
            "plume-ceremony/public-entropy/1",
            &[seed],
        )))
    }

    /// The factor for one of the secrets: never zero, and another one for every context.
    pub(crate) fn factor(&self, factor: Factor, context: &[u8; 32]) -> Zeroizing<Fr> {
        Zeroizing::new(scalar(
            "plume-ceremony/factor/1",
            &[self.0.as_slice(), factor.name().as_bytes(), context],
        ))
    }
}

impl core::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Entropy(secret)")
    }
}
