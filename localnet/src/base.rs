//! The folder of a network: whose it is, and which network it holds.

use crate::{Base, Chain, Error, NetworkConfig};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, TryLockError},
    hash::{BuildHasher, Hasher, RandomState},
    path::{Path, PathBuf},
};

/// What a folder's network is and stays, kept as `network.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Kind {
    validators: usize,
    dev: bool,
    slot_duration_ms: Option<u64>,
    gossip_duration_ms: Option<u64>,
    genesis: Option<serde_json::Value>,
    /// Makes the network secrets of this network's nodes, and so their peer ids, its own.
    seed: u64,
}

/// A folder that this process alone uses. Deleted when dropped, if it is temporary.
pub(crate) struct Folder {
    path: PathBuf,
    kind: Kind,
    resumed: bool,
    // Held, not read: the lock goes with the file.
    _lock: File,
    temporary: Option<tempfile::TempDir>,
}

impl Drop for Folder {
    /// A temporary folder of a failing test stays: its logs say why.
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.keep();
        }
    }
}

impl Folder {
    /// Opens or makes the folder of a network.
    ///
    /// Errors with [`Error::InUse`], [`Error::ForeignFolder`] or [`Error::OtherNetwork`].
    pub fn open(config: &NetworkConfig) -> Result<Self, Error> {
        let (path, temporary) = match &config.base {
            Base::Folder(path) => (path.clone(), None),
            Base::Temporary => {
                let folder = tempfile::Builder::new()
                    .prefix("plume-localnet-")
                    .tempdir()
                    .map_err(Error::io("make a temporary folder"))?;
                (folder.path().to_owned(), Some(folder))
            }
        };
        fs::create_dir_all(&path)
            .map_err(Error::io(format!("make the folder {}", path.display())))?;
        let path = path
            .canonicalize()
            .map_err(Error::io(format!("find the folder {}", path.display())))?;
        let record = path.join(RECORD);
        if !record.exists() && holds_something_else(&path)? {
            return Err(Error::ForeignFolder { path });
        }
        let lock = lock(&path)?;
        if config.clean {
            clear(&path)?;
        }
        let wanted = Kind::of(config);
        let (kind, resumed) = match read(&record)? {
            Some(found) => (found.check(wanted, &path)?, true),
            None => {
                let text = serde_json::to_string_pretty(&wanted).map_err(std::io::Error::from);
                text.and_then(|text| fs::write(&record, text + "\n"))
                    .map_err(Error::io(format!("write {}", record.display())))?;
                (wanted, false)
            }
        };
        Ok(Self {
            path,
            kind,
            resumed,
            _lock: lock,
            temporary,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves the folder where it is, even if it is temporary.
    pub fn keep(&mut self) {
        if let Some(temporary) = &mut self.temporary {
            temporary.disable_cleanup(true);
        }
    }

    /// Whether the folder held this network before.
    pub fn resumed(&self) -> bool {
        self.resumed
    }

    /// The network secret of the node with this number; worthless outside this machine.
    pub fn node_key(&self, number: u64) -> [u8; 32] {
        let mut key = [0; 32];
        key[16..24].copy_from_slice(&self.kind.seed.to_be_bytes());
        key[24..].copy_from_slice(&number.to_be_bytes());
        key
    }
}

const RECORD: &str = "network.json";
const LOCK: &str = "network.lock";

impl Kind {
    fn of(config: &NetworkConfig) -> Self {
        Self {
            validators: config.validators,
            dev: config.chain == Chain::Dev,
            slot_duration_ms: config.slot_duration_ms,
            gossip_duration_ms: config.gossip_duration_ms,
            genesis: config.genesis.clone(),
            seed: RandomState::new().build_hasher().finish(),
        }
    }

    /// Returns what the folder holds if it is what is wanted; the seed is the folder's.
    fn check(self, wanted: Self, path: &Path) -> Result<Self, Error> {
        let wanted = Self {
            seed: self.seed,
            ..wanted
        };
        if self == wanted {
            return Ok(self);
        }
        let differs = |have: String, want: String| (have != want).then_some((have, want));
        let ms = |what: &str, value: Option<u64>| match value {
            Some(ms) => format!("a {what} of {ms} ms"),
            None => format!("the default {what}"),
        };
        let (have, want) = differs(self.nodes(), wanted.nodes())
            .or_else(|| {
                differs(
                    ms("slot", self.slot_duration_ms),
                    ms("slot", wanted.slot_duration_ms),
                )
            })
            .or_else(|| {
                let gossip = |kind: &Self| ms("gossip duration", kind.gossip_duration_ms);
                differs(gossip(&self), gossip(&wanted))
            })
            .unwrap_or_else(|| ("one genesis".into(), "another one".into()));
        Err(Error::OtherNetwork {
            path: path.to_owned(),
            have,
            want,
        })
    }

    fn nodes(&self) -> String {
        match (self.dev, self.validators) {
            (true, _) => "one development node".into(),
            (false, 1) => "one validator".into(),
            (false, count) => format!("{count} validators"),
        }
    }
}

fn read(record: &Path) -> Result<Option<Kind>, Error> {
    let text = match fs::read(record) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io(format!("read {}", record.display()))(error)),
    };
    let kind = serde_json::from_slice(&text).map_err(std::io::Error::from);
    kind.map(Some).map_err(Error::io(format!(
        "understand {} (add --clean to begin anew)",
        record.display()
    )))
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let names =
        fs::read_dir(path).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    names.map_err(Error::io(format!("read the folder {}", path.display())))
}

fn holds_something_else(path: &Path) -> Result<bool, Error> {
    Ok(entries(path)?.iter().any(|entry| !entry.ends_with(LOCK)))
}

/// Deletes all but the lock.
fn clear(path: &Path) -> Result<(), Error> {
    // The record goes last: a folder that is half deleted is still known as a network's.
    let mut entries = entries(path)?;
    entries.retain(|entry| !entry.ends_with(LOCK));
    entries.sort_by_key(|entry| entry.ends_with(RECORD));
    for entry in entries {
        let gone = if entry.is_dir() {
            fs::remove_dir_all(&entry)
        } else {
            fs::remove_file(&entry)
        };
        gone.map_err(Error::io(format!("delete {}", entry.display())))?;
    }
    Ok(())
}

fn lock(path: &Path) -> Result<File, Error> {
    let file = path.join(LOCK);
    let action = format!("lock {}", file.display());
    let handle = File::create(&file).map_err(Error::io(&action))?;
    match handle.try_lock() {
        Ok(()) => Ok(handle),
        Err(TryLockError::WouldBlock) => Err(Error::InUse {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(Error::io(action)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(path: &Path) -> NetworkConfig {
        NetworkConfig {
            base: Base::Folder(path.to_owned()),
            ..Default::default()
        }
    }

    fn temporary() -> tempfile::TempDir {
        tempfile::tempdir().expect("a temporary folder can be made")
    }

    #[test]
    fn a_second_start_resumes_and_keeps_the_peer_ids() {
        let folder = temporary();
        let first = Folder::open(&config(folder.path())).expect("the folder is empty");
        assert!(!first.resumed());
        let key = first.node_key(3);
        assert_ne!(key, first.node_key(4));
        assert!(matches!(
            Folder::open(&config(folder.path())),
            Err(Error::InUse { .. })
        ));
        drop(first);
        let second = Folder::open(&config(folder.path())).expect("it holds the same network");
        assert!(second.resumed());
        assert_eq!(second.node_key(3), key);
    }

    #[test]
    fn another_kind_of_network_is_refused_and_the_way_out_is_named() {
        let folder = temporary();
        drop(Folder::open(&config(folder.path())).expect("the folder is empty"));
        let seven = NetworkConfig {
            validators: 7,
            ..config(folder.path())
        };
        let Err(error) = Folder::open(&seven) else {
            panic!("four are not seven")
        };
        let text = error.to_string();
        assert!(
            text.contains("4 validators, but 7 validators") && text.contains("--clean"),
            "{text}"
        );
        let slow = NetworkConfig {
            slot_duration_ms: Some(500),
            ..config(folder.path())
        };
        let Err(error) = Folder::open(&slow) else {
            panic!("the slot differs")
        };
        assert!(
            error
                .to_string()
                .contains("the default slot, but a slot of 500 ms"),
            "{error}"
        );
        let clean = NetworkConfig {
            clean: true,
            ..seven
        };
        assert!(!Folder::open(&clean).expect("cleaning makes room").resumed());
    }

    #[test]
    fn a_folder_of_somebody_elses_files_is_left_alone_even_when_cleaning() {
        let folder = temporary();
        let file = folder.path().join("diary.txt");
        fs::write(&file, "dear").expect("it is writable");
        let clean = NetworkConfig {
            clean: true,
            ..config(folder.path())
        };
        assert!(matches!(
            Folder::open(&clean),
            Err(Error::ForeignFolder { .. })
        ));
        assert!(file.exists());
    }
}
