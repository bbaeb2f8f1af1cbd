//! The transcript's folder: a file a step.
//!
//! `phase1-000.step`, `phase1-001.step`, … and for each circuit `<name>-000.step`, … A file is never written over.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Refusal};
use crate::step::{Header, MAX_HEADER_BYTES, StepId, Subject, read_header};

/// How the files of phase 1 begin.
pub(crate) const PHASE1: &str = "phase1";
/// Steps of a phase, with its start.
pub const MAX_STEPS: u32 = 999;

/// Where a transcript lies.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A folder, which need not exist.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where a step is, whether it exists or not.
    pub fn file(&self, step: &StepId) -> PathBuf {
        let phase = step.circuit.as_ref().map_or(PHASE1, |name| name.as_str());
        self.path.join(format!("{phase}-{:03}.step", step.index))
    }

    /// How many steps a phase has: they are numbered without a gap.
    pub fn steps(&self, subject: &Subject) -> Result<u32, Error> {
        let id = |index| subject.step(index);
        let there = |index| self.file(&id(index)).exists();
        let count = (0..MAX_STEPS).take_while(|index| there(*index)).count() as u32;
        match (count..MAX_STEPS).find(|index| there(*index)) {
            Some(_) => Err(Refusal::Gap(count).into()),
            None => Ok(count),
        }
    }

    /// The header of a step, unverified: for showing what is there.
    pub fn header(&self, step: &StepId) -> Result<Header, Error> {
        let (bytes, _) = self.read(step, MAX_HEADER_BYTES)?;
        read_header(&bytes).map_err(|fault| Error::from(fault).at(step, "an unknown hand"))
    }

    /// At most so many bytes of a step, and how many the file has.
    pub(crate) fn read(&self, step: &StepId, most: usize) -> Result<(Vec<u8>, u64), Error> {
        let path = self.file(step);
        let of_file = |error: std::io::Error| file_error(&path, &error);
        let file = fs::File::open(&path).map_err(of_file)?;
        let length = file.metadata().map_err(of_file)?.len();
        let wanted = length.min(most as u64);
        let mut bytes = Vec::with_capacity(wanted as usize);
        file.take(wanted).read_to_end(&mut bytes).map_err(of_file)?;
        Ok((bytes, length))
    }

    /// Writes a step that does not exist, whole or not at all.
    pub(crate) fn write(&self, step: &StepId, bytes: &[u8]) -> Result<PathBuf, Error> {
        fs::create_dir_all(&self.path).map_err(|error| file_error(&self.path, &error))?;
        let path = self.file(step);
        write_new(&path, bytes)?;
        Ok(path)
    }
}

/// Writes a file that does not exist, by way of one beside it.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let part = path.with_extension("part");
    let of_file = |error: std::io::Error| file_error(path, &error);
    let mut file = fs::File::create(&part).map_err(of_file)?;
    file.write_all(bytes).map_err(of_file)?;
    file.sync_all().map_err(of_file)?;
    // A link, other than a renaming, fails where a file is. Sticks and cards have file systems without links.
    let written = match fs::hard_link(&part, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists && !path.exists() => {
            return fs::rename(&part, path).map_err(of_file);
        }
        linked => linked.map_err(of_file),
    };
    fs::remove_file(&part).map_err(of_file)?;
    written
}

pub(crate) fn file_error(path: &Path, error: &std::io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}
