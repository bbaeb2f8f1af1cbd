//! The transcript of a phase: verifying it from its start, and adding to it.

use crate::beacon::Beacon;
use crate::chain::{Added, Addition, add, verify_rest, verify_start, write};
use crate::circuit::Circuit;
use crate::error::{Error, Fault, Refusal};
use crate::folder::Folder;
use crate::hash::Digest;
use crate::log::Log;
use crate::names::Contributor;
use crate::phase1::Powers;
use crate::phase2::{self, Delta, Fixed};
use crate::progress::Progress;
use crate::secret::Entropy;
use crate::state::State;
use crate::step::{HASH_BYTES, Header, Kind, MAX_HEADER_BYTES, Reader, Subject};

/// A verified transcript of phase 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase1 {
    pub(crate) powers: Powers,
    pub(crate) log: Log,
}

/// A verified transcript of phase 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase2 {
    pub(crate) fixed: Fixed,
    pub(crate) delta: Delta,
    pub(crate) log: Log,
}

impl Phase1 {
    /// Begins a phase 1 for circuits of up to 2^`log_size` constraints and instance variables.
    pub fn begin(folder: &Folder, log_size: u8) -> Result<Added, Error> {
        let powers = Powers::start(log_size)?;
        if folder.steps(&Subject::Powers)? > 0 {
            return Err(Refusal::Begun.into());
        }
        let header = Header {
            subject: Subject::Powers,
            log_size: powers.log_size(),
            index: 0,
            previous: Digest::default(),
            kind: Kind::Start,
        };
        let content = header.encode();
        write(folder, &header, content)
    }

    /// Reads and verifies all steps in the folder.
    pub fn verify(folder: &Folder, progress: &dyn Progress) -> Result<Self, Error> {
        let subject = Subject::Powers;
        let count = folder.steps(&subject)?;
        if count == 0 {
            return Err(Refusal::NotBegun.into());
        }
        let (bytes, _) = folder.read(&subject.step(0), MAX_HEADER_BYTES + HASH_BYTES)?;
        let start = verify_start(&subject, Digest::default(), &bytes, 0)?;
        let mut phase = Self {
            powers: Powers::start(start.header.log_size)
                .map_err(|_| Fault::Header("size"))
                .map_err(|fault| Error::from(fault).at(&start.header.id(), "the coordinator"))?,
            log: Log(vec![start.entry()]),
        };
        verify_rest(
            folder,
            &subject,
            count,
            &mut phase.powers,
            &mut phase.log,
            progress,
        )?;
        Ok(phase)
    }

    /// Multiplies by fresh factors. What was read has been verified, as every contributor has to.
    pub fn contribute(
        &mut self,
        folder: &Folder,
        by: &Contributor,
        entropy: &Entropy,
        progress: &dyn Progress,
    ) -> Result<Added, Error> {
        let addition = Addition::Contribution(by, entropy);
        self.add(folder, &addition, progress)
    }

    /// Ends the phase with a beacon.
    pub fn end(
        &mut self,
        folder: &Folder,
        beacon: &Beacon,
        progress: &dyn Progress,
    ) -> Result<Added, Error> {
        self.add(folder, &Addition::Beacon(beacon), progress)
    }

    fn add(
        &mut self,
        folder: &Folder,
        addition: &Addition<'_>,
        progress: &dyn Progress,
    ) -> Result<Added, Error> {
        let log_size = self.powers.log_size();
        let (powers, added) = add(
            folder,
            Subject::Powers,
            log_size,
            &self.powers,
            &self.log,
            addition,
            progress,
        )?;
        self.powers = powers;
        self.log.0.push(added.entry.clone());
        Ok(added)
    }

    /// Its steps.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// What it computed.
    pub fn powers(&self) -> &Powers {
        &self.powers
    }
}

impl Phase2 {
    /// Begins phase 2 of a circuit. Refused unless phase 1 ended with a beacon.
    pub fn begin(
        folder: &Folder,
        circuit: &Circuit,
        phase1: &Phase1,
        progress: &dyn Progress,
    ) -> Result<Added, Error> {
        if phase1.log.beacon().is_none() {
            return Err(Refusal::NoBeacon(1).into());
        }
        let subject = subject_of(circuit);
        if folder.steps(&subject)? > 0 {
            return Err(Refusal::Begun.into());
        }
        let (fixed, delta) = phase2::start(circuit, &phase1.powers, progress)?;
        let header = Header {
            subject,
            log_size: circuit.log_size(),
            index: 0,
            previous: phase1.log.hash(),
            kind: Kind::Start,
        };
        let mut content = header.encode();
        content.reserve_exact(Fixed::bytes(circuit) + Delta::bytes_of(circuit) + HASH_BYTES);
        fixed.encode(&mut content);
        delta.encode(&mut content);
        write(folder, &header, content)
    }

    /// Reads and verifies all steps of a circuit, against the circuit and a verified phase 1.
    pub fn verify(
        folder: &Folder,
        circuit: &Circuit,
        phase1: &Phase1,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        phase2::fits(circuit, &phase1.powers)?;
        let subject = subject_of(circuit);
        let count = folder.steps(&subject)?;
        if count == 0 {
            return Err(Refusal::NotBegun.into());
        }
        progress.at("verifying phase 2", 0, count.into());
        let first = subject.step(0);
        let body = Fixed::bytes(circuit) + Delta::bytes_of(circuit);
        let (bytes, _) = folder.read(&first, MAX_HEADER_BYTES + body + HASH_BYTES)?;
        let start = verify_start(&subject, phase1.log.hash(), &bytes, body)?;
        let named = |error: Error| error.at(&first, "the coordinator");
        if start.header.log_size != circuit.log_size() {
            return Err(named(Fault::OtherCeremony.into()));
        }
        let mut reader = Reader::new(start.body);
        let fixed = Fixed::decode(circuit, &mut reader).map_err(|fault| named(fault.into()))?;
        let delta = Delta::decode(circuit.size(), circuit.witness_variables(), &mut reader)
            .map_err(|fault| named(fault.into()))?;
        phase2::check_start(circuit, &phase1.powers, &fixed, &delta).map_err(named)?;
        let mut phase = Self {
            fixed,
            delta,
            log: Log(vec![start.entry()]),
        };
        verify_rest(
            folder,
            &subject,
            count,
            &mut phase.delta,
            &mut phase.log,
            progress,
        )?;
        Ok(phase)
    }

    /// Multiplies by a fresh factor. What was read has been verified, as every contributor has to.
    pub fn contribute(
        &mut self,
        folder: &Folder,
        circuit: &Circuit,
        by: &Contributor,
        entropy: &Entropy,
        progress: &dyn Progress,
    ) -> Result<Added, Error> {
        let addition = Addition::Contribution(by, entropy);
        self.add(folder, circuit, &addition, progress)
    }

    /// Ends the phase with a beacon.
    pub fn end(
        &mut self,
        folder: &Folder,
        circuit: &Circuit,
        beacon: &Beacon,
        progress: &dyn Progress,
    ) -> Result<Added, Error> {
        self.add(folder, circuit, &Addition::Beacon(beacon), progress)
    }

    fn add(
        &mut self,
        folder: &Folder,
        circuit: &Circuit,
        addition: &Addition<'_>,
        progress: &dyn Progress,
    ) -> Result<Added, Error> {
        let subject = subject_of(circuit);
        let log_size = circuit.log_size();
        let (delta, added) = add(
            folder,
            subject,
            log_size,
            &self.delta,
            &self.log,
            addition,
            progress,
        )?;
        self.delta = delta;
        self.log.0.push(added.entry.clone());
        Ok(added)
    }

    /// Its steps.
    pub fn log(&self) -> &Log {
        &self.log
    }
}

/// What the headers of a circuit's phase 2 say.
pub fn subject_of(circuit: &Circuit) -> Subject {
    Subject::Circuit {
        name: circuit.name().clone(),
        hash: circuit.hash(),
    }
}
