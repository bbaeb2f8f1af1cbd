//! The steps of a phase that were verified.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::beacon::Beacon;
use crate::hash::Digest;
use crate::step::Kind;

/// A step that was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Number in its phase, from 0.
    pub index: u32,
    /// What it did.
    pub kind: Kind,
    /// Its hash, which its maker publishes.
    pub hash: Digest,
}

/// The steps of a phase, from its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Log(pub(crate) Vec<Entry>);

impl Log {
    /// All steps.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// The last step's hash: that of the whole phase, since each step has the hash of the one before.
    pub fn hash(&self) -> Digest {
        self.0.last().map(|entry| entry.hash).unwrap_or_default()
    }

    /// How many different names contributed.
    pub fn contributors(&self) -> usize {
        let names: BTreeSet<_> = self
            .0
            .iter()
            .filter_map(|entry| match &entry.kind {
                Kind::Contribution(by) => Some(by),
                _ => None,
            })
            .collect();
        names.len()
    }

    /// The beacon, if it ended the phase.
    pub fn beacon(&self) -> Option<&Beacon> {
        match self.0.last().map(|entry| &entry.kind) {
            Some(Kind::Beacon(beacon)) => Some(beacon),
            _ => None,
        }
    }

    /// Whether a step with this hash is in it.
    pub fn contains(&self, hash: &Digest) -> bool {
        self.0.iter().any(|entry| entry.hash == *hash)
    }

    pub(crate) fn len(&self) -> u32 {
        self.0.len() as u32
    }
}
