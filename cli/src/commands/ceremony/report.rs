//! What `plume ceremony` tells.

use std::path::PathBuf;

use plume_ceremony::{Added, Digest, Entry, Kind, Log};
use serde::Serialize;

use crate::output::{Report, table};

/// A step that was written.
#[derive(Debug, Serialize)]
pub(super) struct AddedReport {
    pub(super) file: PathBuf,
    pub(super) step: Entry,
}

impl From<Added> for AddedReport {
    fn from(added: Added) -> Self {
        Self {
            file: added.path,
            step: added.entry,
        }
    }
}

impl Report for AddedReport {
    fn text(&self) -> String {
        let next = match self.step.kind {
            Kind::Start => "Let everybody verify it, and contribute one after the other",
            Kind::Contribution(_) => {
                "Send the file to the coordinator, publish the hash, switch the machine off"
            }
            Kind::Beacon(_) => "The phase has ended: publish the hash",
        };
        table(&[
            ("file", self.file.display().to_string()),
            ("hash", self.step.hash.to_string()),
            ("next", next.to_owned()),
        ])
    }
}

/// What was verified.
#[derive(Debug, Serialize)]
pub(super) struct VerifyReport {
    pub(super) log_size: u8,
    pub(super) phase1: Log,
    pub(super) circuit: Option<String>,
    pub(super) circuit_hash: Option<Digest>,
    pub(super) phase2: Option<Log>,
    /// Hash of the last step: of everything.
    pub(super) hash: Digest,
    pub(super) key_matches: Option<bool>,
}

impl Report for VerifyReport {
    fn text(&self) -> String {
        let mut lines = vec![format!("phase 1, for up to 2^{}", self.log_size)];
        lines.extend(lines_of(&self.phase1));
        if let (Some(log), Some(circuit), Some(hash)) =
            (&self.phase2, &self.circuit, &self.circuit_hash)
        {
            lines.push(format!("phase 2 for {circuit}, circuit {hash}"));
            lines.extend(lines_of(log));
        }
        if self.key_matches == Some(true) {
            lines.push("the key is this transcript's".to_owned());
        }
        lines.push(format!(
            "all steps are good; the transcript's hash is {}",
            self.hash
        ));
        lines.join("\n")
    }
}

fn lines_of(log: &Log) -> Vec<String> {
    let mut lines: Vec<_> = log.entries().iter().map(line_of).collect();
    lines.push(match log.beacon() {
        Some(_) => format!("  {} different contributors, ended", log.contributors()),
        None => format!(
            "  {} different contributors, no beacon yet",
            log.contributors()
        ),
    });
    lines
}

fn line_of(entry: &Entry) -> String {
    format!(
        "  {:>3}  {}  {}",
        entry.index,
        entry.hash,
        told(&entry.kind)
    )
}

fn told(kind: &Kind) -> String {
    match kind {
        Kind::Start => "start".to_owned(),
        Kind::Contribution(by) => by.to_string(),
        Kind::Beacon(beacon) => format!("beacon {beacon}"),
    }
}

/// Keys that were written.
#[derive(Debug, Serialize)]
pub(super) struct FinaliseReport {
    pub(super) label: plume_ceremony::Label,
    pub(super) proving_key: PathBuf,
    pub(super) verifying_key: PathBuf,
    /// Fewer than three contributors in a phase.
    pub(super) rehearsal: bool,
}

impl Report for FinaliseReport {
    fn text(&self) -> String {
        let label = &self.label;
        let mut rows = vec![
            ("proving key", self.proving_key.display().to_string()),
            ("verifying key", self.verifying_key.display().to_string()),
            (
                "circuit",
                format!("{} {}", label.circuit, label.circuit_hash),
            ),
            ("transcript", label.transcript.to_string()),
            (
                "contributors",
                format!(
                    "{} and {}",
                    label.phase1_contributors, label.phase2_contributors
                ),
            ),
        ];
        if self.rehearsal {
            rows.push((
                "warning",
                "fewer than three contributors: a rehearsal's keys".into(),
            ));
        }
        table(&rows)
    }
}

/// What is in a folder, unverified.
#[derive(Debug, Serialize)]
pub(super) struct StatusReport {
    pub(super) phase1: Vec<StepJson>,
    pub(super) circuit: Option<String>,
    pub(super) phase2: Vec<StepJson>,
    pub(super) circuits: Vec<CircuitJson>,
}

#[derive(Debug, Serialize)]
pub(super) struct StepJson {
    pub(super) index: u32,
    pub(super) kind: Kind,
}

#[derive(Debug, Serialize)]
pub(super) struct CircuitJson {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
}

impl Report for StatusReport {
    fn text(&self) -> String {
        let step = |step: &StepJson| format!("  {:>3}  {}", step.index, told(&step.kind));
        let mut lines = vec!["phase 1, not verified".to_owned()];
        lines.extend(self.phase1.iter().map(step));
        if let Some(circuit) = &self.circuit {
            lines.push(format!("phase 2 for {circuit}, not verified"));
            lines.extend(self.phase2.iter().map(step));
        }
        lines.push("circuits".to_owned());
        let circuits = self.circuits.iter();
        lines.extend(circuits.map(|circuit| format!("  {:<16}{}", circuit.name, circuit.about)));
        lines.join("\n")
    }
}
