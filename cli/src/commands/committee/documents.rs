//! Reading and writing what members exchange, and what they keep.

use std::path::{Path, PathBuf};

use plume_committee::Error;
use plume_committee::ceremony::{Document, MAX_DOCUMENT_BYTES, from_json, to_json};
use plume_committee::messages::{Complaint, Signed};

use crate::failure::Failure;
use crate::files;

/// Why a step was not taken, and what to do next.
pub fn refused(error: Error) -> Failure {
    let hint = error.hint();
    Failure::new(error.to_string(), hint)
}

/// A file.
pub fn read<T: Document>(path: &Path) -> Result<T, Failure> {
    from_json(&files::read(path, MAX_DOCUMENT_BYTES)?).map_err(|error| {
        let hint = error.hint();
        Failure::new(format!("{}: {error}", path.display()), hint)
    })
}

/// Several files of a kind.
pub fn read_all<T: Document>(paths: &[PathBuf]) -> Result<Vec<T>, Failure> {
    paths.iter().map(|path| read(path)).collect()
}

/// Writes what everybody may read.
pub fn write<T: Document>(path: &Path, document: &T) -> Result<(), Failure> {
    files::write(path, to_json(document).map_err(refused)?.as_bytes())
}

/// Writes a secret, and refuses a file that has another one. The same again is no failure, so that a step may be
/// taken again.
pub fn write_private<T: Document + PartialEq>(path: &Path, document: &T) -> Result<(), Failure> {
    if path.exists() && read::<T>(path).is_ok_and(|there| there == *document) {
        return Ok(());
    }
    files::write_private(path, to_json(document).map_err(refused)?.as_bytes())
}

/// Writes a secret in place of an older one, so that one of both is there whatever happens.
pub fn replace_private<T: Document>(path: &Path, document: &T) -> Result<(), Failure> {
    files::replace_private(path, to_json(document).map_err(refused)?.as_bytes())
}

/// Writes complaints into a folder, and makes the failure that names them.
pub fn with_complaints(error: Error, folder: &Path) -> Failure {
    let Error::FalseSubShares(complaints) = &error else {
        return refused(error);
    };
    let written = complaints
        .iter()
        .map(|complaint| write_complaint(folder, complaint))
        .collect::<Result<Vec<_>, _>>();
    match written {
        Ok(names) => Failure::new(
            format!("{error}; written: {}", names.join(" ")),
            error.hint(),
        ),
        Err(failure) => failure,
    }
}

fn write_complaint(folder: &Path, complaint: &Signed<Complaint>) -> Result<String, Failure> {
    let (from, against) = (complaint.from, complaint.body.against);
    let path = folder.join(format!("complaint-of-{from}-against-{against}.json"));
    write(&path, complaint)?;
    Ok(path.display().to_string())
}
