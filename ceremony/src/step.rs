//! A step as a file.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `PLUMECER` |
//! | 1 | version, 1 |
//! | 1 | phase, 1 or 2 |
//! | 1 | kind: 0 start, 1 contribution, 2 beacon |
//! | 4 | number of the step in its phase, from 0 |
//! | 1 | binary logarithm of the number of powers (phase 1) or of the circuit's domain (phase 2) |
//! | 1 + n | circuit's name; empty in phase 1 |
//! | 32 | circuit's hash; zeros in phase 1 |
//! | 32 | hash of the step before; at the start of phase 2 of the last of phase 1, and of phase 1 zeros |
//! | 1 + n | who: contributor, or the beacon's source; empty at a start |
//! | 2 + n | beacon only: binary logarithm of the iterations, length of the value, value |
//! | 288 each | proofs: tau, alpha, beta in phase 1, delta in phase 2; none at a start |
//! | … | the state, points uncompressed; nothing at the start of phase 1 |
//! | 32 | hash of all before: the hash of the step |
//!
//! Numbers are little endian. There is one encoding of a step, and its length follows from its header and the
//! step before.

use core::fmt;

use serde::Serialize;

use crate::beacon::Beacon;
use crate::error::{Error, Fault};
use crate::hash::{Digest, digest};
use crate::names::{CircuitName, Contributor};

const MAGIC: &[u8; 8] = b"PLUMECER";
const VERSION: u8 = 1;
/// More than the longest header has.
pub(crate) const MAX_HEADER_BYTES: usize = 512;
pub(crate) const HASH_BYTES: usize = 32;

/// What a ceremony is for: the same in every header of a phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Phase 1: for every circuit of up to 2^n constraints and instance variables.
    Powers,
    /// Phase 2: for one circuit.
    Circuit {
        /// Its name.
        name: CircuitName,
        /// The hash of its matrices.
        hash: Digest,
    },
}

impl Subject {
    /// 1 or 2.
    pub fn phase(&self) -> u8 {
        match self {
            Self::Powers => 1,
            Self::Circuit { .. } => 2,
        }
    }

    /// The place of a step.
    pub fn step(&self, index: u32) -> StepId {
        let circuit = match self {
            Self::Powers => None,
            Self::Circuit { name, .. } => Some(name.clone()),
        };
        StepId { index, circuit }
    }
}

/// A step's place, for people: `step 3 of phase 1`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepId {
    /// Number in its phase, from 0.
    pub index: u32,
    /// Of phase 2.
    pub circuit: Option<CircuitName>,
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.circuit {
            None => write!(f, "step {} of phase 1", self.index),
            Some(circuit) => write!(f, "step {} of phase 2 for {circuit}", self.index),
        }
    }
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Begins a phase; anybody computes it.
    Start,
    /// Multiplies by secret factors.
    Contribution(Contributor),
    /// Multiplies by factors that follow from a public value.
    Beacon(Beacon),
}

impl Kind {
    /// Who made it, for people.
    pub fn by(&self) -> &str {
        match self {
            Self::Start => "the coordinator",
            Self::Contribution(contributor) => contributor.as_str(),
            Self::Beacon(beacon) => beacon.source(),
        }
    }
}

/// What a step says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the ceremony is for.
    pub subject: Subject,
    /// Binary logarithm of the powers, or of the circuit's domain.
    pub log_size: u8,
    /// Number in its phase, from 0.
    pub index: u32,
    /// Hash of the step before.
    pub previous: Digest,
    /// What it does.
    pub kind: Kind,
}

impl Header {
    /// Its place.
    pub fn id(&self) -> StepId {
        self.subject.step(self.index)
    }

    /// What proofs of this step are bound to.
    pub(crate) fn context(&self) -> Digest {
        digest("plume-ceremony/context/1", &self.encode())
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(MAX_HEADER_BYTES);
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        out.push(self.subject.phase());
        out.push(match &self.kind {
            Kind::Start => 0,
            Kind::Contribution(_) => 1,
            Kind::Beacon(_) => 2,
        });
        out.extend_from_slice(&self.index.to_le_bytes());
        out.push(self.log_size);
        let (name, hash) = match &self.subject {
            Subject::Powers => ("", Digest::default()),
            Subject::Circuit { name, hash } => (name.as_str(), *hash),
        };
        put_short(name.as_bytes(), &mut out);
        out.extend_from_slice(&hash.0);
        out.extend_from_slice(&self.previous.0);
        match &self.kind {
            Kind::Start => put_short(b"", &mut out),
            Kind::Contribution(by) => put_short(by.as_str().as_bytes(), &mut out),
            Kind::Beacon(beacon) => {
                put_short(beacon.source().as_bytes(), &mut out);
                out.push(beacon.log_iterations());
                put_short(beacon.value(), &mut out);
            }
        }
        out
    }

    pub(crate) fn decode(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        if reader.take(8)? != MAGIC || reader.byte()? != VERSION {
            return Err(Fault::Format);
        }
        let phase = reader.byte()?;
        let kind = reader.byte()?;
        let index = u32::from_le_bytes(reader.array()?);
        let log_size = reader.byte()?;
        let name = reader.short_text()?;
        let hash = Digest(reader.array()?);
        let subject = match phase {
            1 if name.is_empty() && hash == Digest::default() => Subject::Powers,
            2 => Subject::Circuit {
                name: name.parse().map_err(|_| Fault::Header("circuit"))?,
                hash,
            },
            _ => return Err(Fault::Header("phase")),
        };
        let previous = Digest(reader.array()?);
        let by = reader.short_text()?;
        let kind = match kind {
            0 if by.is_empty() => Kind::Start,
            1 => Kind::Contribution(by.parse().map_err(|_| Fault::Header("contributor"))?),
            2 => {
                let log_iterations = reader.byte()?;
                let value = reader.short()?;
                let beacon = Beacon::new(by, value, log_iterations);
                Kind::Beacon(beacon.map_err(|_| Fault::Header("beacon"))?)
            }
            _ => return Err(Fault::Header("kind")),
        };
        Ok(Self {
            subject,
            log_size,
            index,
            previous,
            kind,
        })
    }
}

/// Header and the rest, whose length and hash have been checked.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub(crate) header: Header,
    pub(crate) body: &'a [u8],
    pub(crate) hash: Digest,
}

/// The header of a file, of which at least [`MAX_HEADER_BYTES`] are there if it has so many.
pub(crate) fn read_header(bytes: &[u8]) -> Result<Header, Fault> {
    Header::decode(&mut Reader::new(bytes))
}

/// A whole file, whose body has so many bytes.
pub(crate) fn open(bytes: &[u8], body_bytes: usize) -> Result<Step<'_>, Error> {
    let mut reader = Reader::new(bytes);
    let header = Header::decode(&mut reader)?;
    let body = reader.take(body_bytes)?;
    let content_bytes = reader.at;
    let hash = Digest(reader.array()?);
    if !reader.is_at_end() {
        return Err(Fault::TooLong.into());
    }
    let content = bytes.get(..content_bytes).ok_or(Fault::Truncated)?;
    if step_hash(content) != hash {
        return Err(Fault::Checksum.into());
    }
    Ok(Step { header, body, hash })
}

/// Appends the hash to header and body.
pub(crate) fn seal(mut content: Vec<u8>) -> (Vec<u8>, Digest) {
    let hash = step_hash(&content);
    content.extend_from_slice(&hash.0);
    (content, hash)
}

fn step_hash(content: &[u8]) -> Digest {
    digest("plume-ceremony/step/1", content)
}

pub(crate) fn put_short(bytes: &[u8], out: &mut Vec<u8>) {
    debug_assert!(bytes.len() <= 255);
    out.push(bytes.len() as u8);
    out.extend_from_slice(bytes);
}

/// Takes bytes from the front, never more than are there.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let end = self.at.checked_add(count).ok_or(Fault::Truncated)?;
        let taken = self.bytes.get(self.at..end).ok_or(Fault::Truncated)?;
        self.at = end;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        self.take(N)?.try_into().map_err(|_| Fault::Truncated)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Fault> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    pub(crate) fn short(&mut self) -> Result<&'a [u8], Fault> {
        let length = self.byte()?;
        self.take(length.into())
    }

    pub(crate) fn short_text(&mut self) -> Result<&'a str, Fault> {
        core::str::from_utf8(self.short()?).map_err(|_| Fault::Header("text"))
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }
}
