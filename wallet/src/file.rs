//! The file of a wallet: one command at a time uses it, and it is replaced as a whole or not at all. What is in it is
//! [sealed](crate::sealed).

use crate::{FileKey, Sealed, SealedError, Wallet, content::MAX_BYTES};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// Why a file is not read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system's reason.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Another command uses it.
    #[error("{} is in use by another command", .0.display())]
    InUse(PathBuf),
    /// What is in it is not sealed or opened.
    #[error("{}: {error}", path.display())]
    Sealed {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: SealedError,
    },
}

impl FileError {
    /// What to do next, as one sentence.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Io { .. } => "Check the name of the file, and who may read and write it",
            Self::InUse(_) => "Wait until the other command is done",
            Self::Sealed { error, .. } => error.hint(),
        }
    }

    /// Says which file it is about.
    pub(crate) fn sealed(path: &Path) -> impl Fn(SealedError) -> Self {
        move |error| Self::Sealed {
            path: path.to_owned(),
            error,
        }
    }
}

/// Holds a wallet's file against other commands, until it is dropped.
#[derive(Debug)]
pub struct Lock(#[allow(dead_code, reason = "holds the lock while it lives")] File);

impl Lock {
    /// Takes it, or says who is in the way. The lock is on a file of its own, with `.lock` at the end of the name.
    pub fn take(path: &Path) -> Result<Self, FileError> {
        let beside = beside(path, ".lock");
        let failed = |error| FileError::Io {
            path: beside.clone(),
            error,
        };
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let file = private(&mut options).open(&beside).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(FileError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// Writes beside the file and puts that in its place.
pub(crate) fn save(wallet: &Wallet, path: &Path, key: &FileKey) -> Result<(), FileError> {
    let bytes = wallet.to_bytes(key).map_err(FileError::sealed(path))?;
    let beside = beside(path, ".new");
    let failed = |error| FileError::Io {
        path: path.to_owned(),
        error,
    };
    // Left behind by a process that was stopped before it renamed it.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => (),
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = private(&mut options).open(&beside).map_err(failed)?;
    file.write_all(&bytes).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)?;
    // The new name must be on the disk, too.
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(failed)
}

impl Sealed {
    /// Reads what [`Wallet::save`] wrote, up to what needs the passphrase: whatever else is wrong is known before it is
    /// asked for.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        let failed = |error| FileError::Io {
            path: path.to_owned(),
            error,
        };
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(failed)?;
        file.take(MAX_BYTES)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        Self::from_bytes(&bytes).map_err(FileError::sealed(path))
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// For its owner's eyes.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
