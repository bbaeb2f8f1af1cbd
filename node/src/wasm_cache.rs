//! Keeps what a runtime was compiled to, so that a node that starts again need not compile it again.
//!
//! Compiling takes seven seconds of processor time, for which a validator that was killed would stay away; loading
//! what was compiled takes a fraction of one. Files are found by the runtime's hash, the compiler's version and
//! its settings; wasmtime deletes the oldest when they take too much.
//!
//! What is in the folder is executed as it is, with all that the node may do. So it belongs beside the database,
//! to the node's user alone: a folder of somebody else, or that others can write to, is not used.

use sc_service::Configuration;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

const LOG_TARGET: &str = "wasm-cache";

/// The folder below the chain's, unless another one is chosen.
const FOLDER: &str = "compiled";

/// Where compiled runtimes are kept: in `chosen`, or beside the chain's database. None, with a warning, where that
/// is not possible.
pub fn folder(config: &Configuration, chosen: Option<&Path>) -> Option<PathBuf> {
    let folder = match chosen {
        Some(folder) => folder.to_owned(),
        None => config
            .base_path
            .config_dir(config.chain_spec.id())
            .join(FOLDER),
    };
    match prepare(&folder) {
        Ok(folder) => Some(folder),
        Err(error) => {
            log::warn!(
                target: LOG_TARGET,
                "The runtime is compiled anew at every start: {}: {error}", folder.display()
            );
            None
        }
    }
}

/// Makes the folder if it is not there, and answers its whole path.
///
/// Errors if it cannot be made, or if others than the node's user, and root, can write to it.
fn prepare(folder: &Path) -> io::Result<PathBuf> {
    let mut maker = fs::DirBuilder::new();
    maker.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let found = fs::metadata(folder)?;
        if let Err(reason) = is_ours_alone(
            found.uid(),
            found.mode(),
            rustix::process::geteuid().as_raw(),
        ) {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason));
        }
    }
    folder.canonicalize()
}

/// Whether nobody but this user, and root, can put something into a folder with this owner and these permissions.
#[cfg(unix)]
const fn is_ours_alone(owner: u32, mode: u32, user: u32) -> Result<(), &'static str> {
    const ROOT: u32 = 0;
    const OTHERS_WRITE: u32 = 0o022;
    if owner != user && owner != ROOT {
        return Err(
            "it belongs to another user, and what is there is executed; choose a folder of the node's own user",
        );
    }
    if mode & OTHERS_WRITE != 0 {
        return Err(
            "others can write there, and what is there is executed; take that right away (chmod go-w)",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_made_for_its_owner_alone_and_found_again() {
        let place = tempfile::tempdir().expect("there is room");
        let folder = place.path().join("chains/one/compiled");
        let made = prepare(&folder).expect("it can be made");
        assert!(made.is_absolute() && made.is_dir());
        assert_eq!(prepare(&folder).expect("it is there"), made);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&made)
                .expect("it is there")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o700);
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_that_others_can_write_to_is_not_used() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().expect("there is room");
        for mode in [0o770, 0o707, 0o777] {
            fs::set_permissions(place.path(), fs::Permissions::from_mode(mode))
                .expect("it is ours");
            let refused = prepare(place.path()).expect_err("others can write there");
            assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_of_another_user_is_not_used() {
        let (user, other) = (1_000, 1_001);
        assert!(is_ours_alone(user, 0o40_700, user).is_ok());
        assert!(is_ours_alone(user, 0o40_755, user).is_ok());
        assert!(is_ours_alone(0, 0o40_755, user).is_ok());
        assert!(is_ours_alone(other, 0o40_700, user).is_err());
        assert!(is_ours_alone(other, 0o40_755, 0).is_err());
        // Only root can give a folder away.
        let place = tempfile::tempdir().expect("there is room");
        if std::os::unix::fs::chown(place.path(), Some(other), None).is_ok() {
            let refused = prepare(place.path()).expect_err("it is another's");
            assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        }
    }

    #[test]
    fn a_file_in_its_place_is_said() {
        let place = tempfile::tempdir().expect("there is room");
        let file = place.path().join("compiled");
        fs::write(&file, "no folder").expect("there is room");
        assert!(prepare(&file).is_err());
    }
}
