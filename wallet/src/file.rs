//! The file of a wallet.
//!
//! | bytes | what |
//! |---|---|
//! | 0 to 11 | `plume wallet` |
//! | 12, 13 | version of the format, little endian |
//! | 14 to the last 32 | SCALE: network, viewing key, spending key if it is kept, state |
//! | the last 32 | BLAKE2b-256 of everything before |
//!
//! The checksum finds damage, and no forgery: whoever can write the file can write another. At rest are the viewing
//! key and what everybody can see; with them one sees what the account has, and cannot spend. The phrase is never in
//! it.

use crate::{Wallet, call::blake2_256, state::State};
use codec::{DecodeAll, Encode};
use plume_shielded::{FullViewingKey, Network, SpendingKey};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};
use zeroize::{Zeroize, Zeroizing};

const MAGIC: &[u8; 12] = b"plume wallet";
const VERSION: u16 = 1;
const CHECKSUM: usize = 32;
/// More than a wallet with a million notes has.
const MAX_BYTES: u64 = 1 << 30;

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
    /// Not the file of a wallet.
    #[error("{} is no wallet's file", .0.display())]
    NoWallet(PathBuf),
    /// Of a version that this code does not know.
    #[error("{} is of version {version}, which this program does not know", path.display())]
    Version {
        /// Which file.
        path: PathBuf,
        /// Of which version.
        version: u16,
    },
    /// Cut or changed.
    #[error("{} is damaged: its checksum is wrong", .0.display())]
    Damaged(PathBuf),
}

impl FileError {
    /// What to do next, as one sentence.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Io { .. } => "Check the name of the file, and who may read and write it",
            Self::InUse(_) => "Wait until the other command is done",
            Self::NoWallet(_) => "Name the file that the wallet was made in",
            Self::Version { .. } => "Update this program",
            Self::Damaged(_) => {
                "Restore the wallet from its phrase into another file: everything it has is found again on the chain"
            }
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

/// The bytes of a wallet's file.
pub(crate) fn to_bytes(wallet: &Wallet) -> Zeroizing<Vec<u8>> {
    let network = Network::ALL.iter().position(|one| *one == wallet.network);
    let network = u8::try_from(network.unwrap_or_default()).unwrap_or_default();
    let viewing_key = wallet.key.to_text(wallet.network);
    let spending_key = wallet.spending.as_ref();
    let spending_key = spending_key.map(|key| key.to_text(wallet.network));
    let mut bytes = Zeroizing::new(MAGIC.to_vec());
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    network.encode_to(&mut *bytes);
    viewing_key.as_str().encode_to(&mut *bytes);
    let spending_key = spending_key.as_ref().map(|text| text.as_str());
    spending_key.encode_to(&mut *bytes);
    wallet.state.encode_to(&mut *bytes);
    let checksum = blake2_256(&bytes);
    bytes.extend_from_slice(&checksum);
    bytes
}

/// The wallet of a file's bytes.
pub(crate) fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Wallet, FileError> {
    let damaged = || FileError::Damaged(path.to_owned());
    let rest = bytes.strip_prefix(MAGIC);
    let rest = rest.ok_or_else(|| FileError::NoWallet(path.to_owned()))?;
    let (version, rest) = rest.split_first_chunk::<2>().ok_or_else(damaged)?;
    let version = u16::from_le_bytes(*version);
    if version != VERSION {
        return Err(FileError::Version {
            path: path.to_owned(),
            version,
        });
    }
    let (content, checksum) = rest.split_last_chunk::<CHECKSUM>().ok_or_else(damaged)?;
    let hashed = bytes.len().saturating_sub(CHECKSUM);
    if bytes.get(..hashed).map(blake2_256) != Some(*checksum) {
        return Err(damaged());
    }
    type Content = (u8, String, Option<String>, State);
    let (network, mut viewing_key, mut spending_key, state) =
        Content::decode_all(&mut &*content).map_err(|_| damaged())?;
    let network = Network::ALL.get(usize::from(network)).ok_or_else(damaged)?;
    let key = FullViewingKey::from_text(&viewing_key, *network);
    let spending = spending_key
        .as_ref()
        .map(|text| SpendingKey::from_text(text, *network));
    viewing_key.zeroize();
    spending_key.zeroize();
    Ok(Wallet {
        network: *network,
        key: key.map_err(|_| damaged())?,
        spending: spending.transpose().map_err(|_| damaged())?,
        state,
    })
}

/// Writes beside the file and puts that in its place.
pub(crate) fn save(wallet: &Wallet, path: &Path) -> Result<(), FileError> {
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
    file.write_all(&to_bytes(wallet)).map_err(failed)?;
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

pub(crate) fn load(path: &Path) -> Result<Wallet, FileError> {
    let failed = |error| FileError::Io {
        path: path.to_owned(),
        error,
    };
    let mut bytes = Zeroizing::new(Vec::new());
    let file = File::open(path).map_err(failed)?;
    file.take(MAX_BYTES)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    from_bytes(path, &bytes)
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
