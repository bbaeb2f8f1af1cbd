//! The keys that a ceremony ends with, and their files.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `PLUMEKEY` |
//! | 1 | version, 1 |
//! | 1 | 1 proving key, 2 verifying key |
//! | 1 + n | circuit's name |
//! | 32 | circuit's hash |
//! | 32 | transcript's hash: of the last step of phase 2, and so of all before |
//! | 4, 4 | contributors of phase 1 and of phase 2 |
//! | 4, 4, 1 | instance variables, witness variables, binary logarithm of the domain |
//! | … | α in G1, β, γ, δ in G2, the query of the instance |
//! | … | proving key only: β, δ in G1, the queries of A, B in G1, B in G2, H and L |
//! | 32 | hash of all before |
//!
//! Points are uncompressed; the length follows from the three sizes.

use std::path::{Path, PathBuf};

use ark_bls12_381::{Bls12_381, G2Affine};
use ark_ec::AffineRepr;
use ark_groth16::{ProvingKey, VerifyingKey};
use serde::Serialize;

use crate::circuit::Circuit;
use crate::error::{Error, Fault, Refusal};
use crate::folder::{file_error, write_new};
use crate::hash::{Digest, digest};
use crate::names::CircuitName;
use crate::phase1::{MAX_LOG_SIZE, Powers};
use crate::phase2::{Delta, Fixed};
use crate::points::{G1_BYTES, G2_BYTES, Identity, encode};
use crate::state::{put_point, take_point, take_points};
use crate::step::{HASH_BYTES, Reader, put_short};
use crate::transcript::{Phase1, Phase2};

const MAGIC: &[u8; 8] = b"PLUMEKEY";
const VERSION: u8 = 1;
const PROVING: u8 = 1;
const VERIFYING: u8 = 2;
/// More than the largest proving key that [`read_proving_key`] takes: about 200 MB.
pub const MAX_KEY_BYTES: usize = 1 << 28;
/// More variables than a circuit of the largest phase 1 can make use of.
const MAX_VARIABLES: u32 = 4 << MAX_LOG_SIZE;

/// Where a key is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The circuit's name.
    pub circuit: CircuitName,
    /// The circuit's hash.
    pub circuit_hash: Digest,
    /// Hash of the last step of phase 2.
    pub transcript: Digest,
    /// Different contributors of phase 1.
    pub phase1_contributors: u32,
    /// Different contributors of phase 2.
    pub phase2_contributors: u32,
}

/// Both keys, and where they are from. The verifying key is part of the proving key.
#[derive(Clone, Debug, PartialEq)]
pub struct Keys {
    /// Where they are from.
    pub label: Label,
    /// For `ark-groth16`.
    pub proving_key: ProvingKey<Bls12_381>,
    log_size: u8,
}

/// What a ceremony has to be before its keys are let out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demands {
    /// Different contributors in each phase.
    pub contributors: usize,
}

impl Default for Demands {
    /// Three: one who is honest among people who do not all know each other.
    fn default() -> Self {
        Self { contributors: 3 }
    }
}

/// The keys of two verified phases.
///
/// Refused without a beacon at the end of each, and with fewer contributors than demanded.
pub fn finalise(
    circuit: &Circuit,
    phase1: &Phase1,
    phase2: &Phase2,
    demands: &Demands,
) -> Result<Keys, Error> {
    for (phase, log) in [(1, phase1.log()), (2, phase2.log())] {
        if log.beacon().is_none() {
            return Err(Refusal::NoBeacon(phase).into());
        }
        if log.contributors() < demands.contributors {
            return Err(Refusal::TooFewContributors {
                phase,
                has: log.contributors(),
                wants: demands.contributors,
            }
            .into());
        }
    }
    Ok(Keys {
        label: Label {
            circuit: circuit.name().clone(),
            circuit_hash: circuit.hash(),
            transcript: phase2.log().hash(),
            phase1_contributors: phase1.log().contributors() as u32,
            phase2_contributors: phase2.log().contributors() as u32,
        },
        proving_key: assemble(&phase1.powers, &phase2.fixed, &phase2.delta),
        log_size: circuit.log_size(),
    })
}

/// The lists of both phases in the places where `ark-groth16` looks for them.
pub(crate) fn assemble(powers: &Powers, fixed: &Fixed, delta: &Delta) -> ProvingKey<Bls12_381> {
    ProvingKey {
        vk: VerifyingKey {
            alpha_g1: powers.alpha_tau_g1[0],
            beta_g2: powers.beta_g2,
            gamma_g2: G2Affine::generator(),
            delta_g2: delta.delta_g2,
            gamma_abc_g1: fixed.gamma_abc_g1.clone(),
        },
        beta_g1: powers.beta_tau_g1[0],
        delta_g1: delta.delta_g1,
        a_query: fixed.a_g1.clone(),
        b_g1_query: fixed.b_g1.clone(),
        b_g2_query: fixed.b_g2.clone(),
        h_query: delta.h_g1.clone(),
        l_query: delta.l_g1.clone(),
    }
}

impl Keys {
    /// The bytes of the proving key's file.
    pub fn proving_key_bytes(&self) -> Vec<u8> {
        let key = &self.proving_key;
        let mut out = self.head(PROVING);
        put_point(&key.beta_g1, &mut out);
        put_point(&key.delta_g1, &mut out);
        encode(&key.a_query, &mut out);
        encode(&key.b_g1_query, &mut out);
        encode(&key.b_g2_query, &mut out);
        encode(&key.h_query, &mut out);
        encode(&key.l_query, &mut out);
        seal(out)
    }

    /// The bytes of the verifying key's file.
    pub fn verifying_key_bytes(&self) -> Vec<u8> {
        seal(self.head(VERIFYING))
    }

    /// Writes `<circuit>.pk` and `<circuit>.vk` into a folder, where neither exists.
    pub fn write(&self, folder: &Path) -> Result<[PathBuf; 2], Error> {
        std::fs::create_dir_all(folder).map_err(|error| file_error(folder, &error))?;
        let path = |ending| folder.join(format!("{}.{ending}", self.label.circuit));
        let paths = [path("pk"), path("vk")];
        write_new(&paths[0], &self.proving_key_bytes())?;
        write_new(&paths[1], &self.verifying_key_bytes())?;
        Ok(paths)
    }

    fn head(&self, kind: u8) -> Vec<u8> {
        let label = &self.label;
        let vk = &self.proving_key.vk;
        let mut out = Vec::new();
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        out.push(kind);
        put_short(label.circuit.as_str().as_bytes(), &mut out);
        out.extend_from_slice(&label.circuit_hash.0);
        out.extend_from_slice(&label.transcript.0);
        for number in [
            label.phase1_contributors,
            label.phase2_contributors,
            vk.gamma_abc_g1.len() as u32,
            self.proving_key.l_query.len() as u32,
        ] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.push(self.log_size);
        put_point(&vk.alpha_g1, &mut out);
        for point in [&vk.beta_g2, &vk.gamma_g2, &vk.delta_g2] {
            put_point(point, &mut out);
        }
        encode(&vk.gamma_abc_g1, &mut out);
        out
    }
}

fn seal(mut content: Vec<u8>) -> Vec<u8> {
    let hash = key_hash(&content);
    content.extend_from_slice(&hash.0);
    content
}

fn key_hash(content: &[u8]) -> Digest {
    digest("plume-ceremony/key/1", content)
}

/// A proving key from its file's bytes. Every point is checked; whether the key is that of a transcript only the
/// transcript says.
pub fn read_proving_key(bytes: &[u8]) -> Result<Keys, Fault> {
    let (label, sizes, vk, mut reader) = read_head(bytes, PROVING)?;
    let reader = &mut reader;
    let (variables, allowed) = (sizes.instance + sizes.witness, Identity::Allowed);
    Ok(Keys {
        label,
        proving_key: ProvingKey {
            vk,
            beta_g1: take_point(reader, "beta in G1")?,
            delta_g1: take_point(reader, "delta in G1")?,
            a_query: take_points(reader, "the query of A", variables, allowed)?,
            b_g1_query: take_points(reader, "the query of B in G1", variables, allowed)?,
            b_g2_query: take_points(reader, "the query of B in G2", variables, allowed)?,
            h_query: take_points(
                reader,
                "the query of H",
                (1 << sizes.log_size) - 1,
                Identity::Refused,
            )?,
            l_query: take_points(reader, "the query of the witness", sizes.witness, allowed)?,
        },
        log_size: sizes.log_size,
    })
}

/// A verifying key from its file's bytes, likewise.
pub fn read_verifying_key(bytes: &[u8]) -> Result<(Label, VerifyingKey<Bls12_381>), Fault> {
    let (label, _, vk, _) = read_head(bytes, VERIFYING)?;
    Ok((label, vk))
}

struct Sizes {
    instance: usize,
    witness: usize,
    log_size: u8,
}

impl Sizes {
    /// Of the points, for a key of this kind.
    fn bytes(&self, kind: u8) -> usize {
        let verifying = (1 + self.instance) * G1_BYTES + 3 * G2_BYTES;
        if kind == VERIFYING {
            return verifying;
        }
        let variables = self.instance + self.witness;
        let g1 = 2 + 2 * variables + ((1 << self.log_size) - 1) + self.witness;
        verifying + g1 * G1_BYTES + variables * G2_BYTES
    }
}

/// Checks the whole file, and reads it up to the verifying key.
fn read_head(
    bytes: &[u8],
    kind: u8,
) -> Result<(Label, Sizes, VerifyingKey<Bls12_381>, Reader<'_>), Fault> {
    let mut reader = Reader::new(bytes);
    if reader.take(8)? != MAGIC || reader.byte()? != VERSION || reader.byte()? != kind {
        return Err(Fault::Format);
    }
    let circuit = reader.short_text()?;
    let label = Label {
        circuit: circuit.parse().map_err(|_| Fault::Header("circuit"))?,
        circuit_hash: Digest(reader.array()?),
        transcript: Digest(reader.array()?),
        phase1_contributors: u32::from_le_bytes(reader.array()?),
        phase2_contributors: u32::from_le_bytes(reader.array()?),
    };
    let instance = u32::from_le_bytes(reader.array()?);
    let witness = u32::from_le_bytes(reader.array()?);
    let log_size = reader.byte()?;
    if instance == 0
        || instance > MAX_VARIABLES
        || witness > MAX_VARIABLES
        || !(1..=MAX_LOG_SIZE).contains(&log_size)
    {
        return Err(Fault::Header("sizes"));
    }
    let sizes = Sizes {
        instance: instance as usize,
        witness: witness as usize,
        log_size,
    };
    let content = reader.at() + sizes.bytes(kind);
    if bytes.len() < content + HASH_BYTES {
        return Err(Fault::Truncated);
    }
    if bytes.len() > content + HASH_BYTES {
        return Err(Fault::TooLong);
    }
    let (content, hash) = bytes.split_at(content);
    if key_hash(content).0 != *hash {
        return Err(Fault::Checksum);
    }
    let vk = VerifyingKey {
        alpha_g1: take_point(&mut reader, "alpha in G1")?,
        beta_g2: take_point(&mut reader, "beta in G2")?,
        gamma_g2: take_point(&mut reader, "gamma in G2")?,
        delta_g2: take_point(&mut reader, "delta in G2")?,
        gamma_abc_g1: take_points(
            &mut reader,
            "the query of the instance",
            sizes.instance,
            Identity::Allowed,
        )?,
    };
    Ok((label, sizes, vk, reader))
}
