//! Files that a command reads and writes, with reasons and hints.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::failure::Failure;

/// All of a file of at most so many bytes.
pub fn read(path: &Path, most_bytes: usize) -> Result<Vec<u8>, Failure> {
    let unreadable = |reason: String| {
        Failure::new(
            format!("cannot read {}: {reason}", path.display()),
            "Check the name of the file and who may read it",
        )
    };
    let length = fs::metadata(path)
        .map_err(|error| unreadable(error.to_string()))?
        .len();
    if !usize::try_from(length).is_ok_and(|length| length <= most_bytes) {
        return Err(unreadable(format!("it has more than {most_bytes} bytes")));
    }
    fs::read(path).map_err(|error| unreadable(error.to_string()))
}

/// Writes a file that anybody may read whom the folder lets.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| unwritable(path, &error))
}

/// Writes a file that only its owner may read, and refuses one that exists: for secrets and personal data.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options
        .open(path)
        .map_err(|error| unwritable(path, &error))?;
    file.write_all(bytes)
        .map_err(|error| unwritable(path, &error))
}

/// Writes a file that only its owner may read, in place of one that is there: the old one or the new one is there
/// whatever happens.
pub fn replace_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    if beside.exists() {
        // Left behind by a process that was stopped before it renamed it.
        fs::remove_file(beside).map_err(|error| unwritable(beside, &error))?;
    }
    write_private(beside, bytes)?;
    fs::File::open(beside)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(beside, path))
        .map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(
        format!("cannot write {}: {error}", path.display()),
        "Choose a file that does not exist, in a folder that you may write to",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_replaced_stays_private_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("state");
        write_private(&path, b"one").expect("a new file");
        fs::write(folder.path().join("state.new"), b"half").expect("a temporary folder");
        replace_private(&path, b"two").expect("it is there");
        assert_eq!(read(&path, 3).expect("three bytes"), b"two");
        assert_eq!(fs::read_dir(folder.path()).expect("it exists").count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).expect("it exists").permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
    }

    #[test]
    fn what_is_private_is_never_written_over_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("secret");
        write_private(&path, b"one").expect("a new file");
        assert!(write_private(&path, b"two").is_err());
        assert_eq!(read(&path, 3).expect("three bytes"), b"one");
        assert!(read(&path, 2).is_err());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).expect("it exists").permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
    }
}
