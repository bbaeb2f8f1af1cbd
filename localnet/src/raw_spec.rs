//! Chain specs with the genesis already built.
//!
//! A preset's or an adapted spec has the runtime build the genesis: every node compiles the runtime for
//! that once more at its first start. A raw spec holds the finished state. It is made once for a binary
//! and a set of options, and kept beside the binary.

use crate::{Error, NetworkConfig, tool::Tool};
use std::{
    fs,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// The folder beside the node binary.
const FOLDER: &str = "localnet-specs";

/// The raw spec for a network of these options. `plain` makes the spec (a preset's name or a file) that it
/// is built from, if it has to be built.
pub(crate) async fn raw(
    tool: &Tool,
    config: &NetworkConfig,
    plain: impl AsyncFnOnce() -> Result<String, Error>,
) -> Result<String, Error> {
    let kept = place(config);
    if let Some(text) = kept
        .as_deref()
        .and_then(|path| fs::read_to_string(path).ok())
    {
        return Ok(text);
    }
    let text = tool.raw_chain_spec(&plain().await?).await?;
    if let Some(path) = kept {
        // Only a saving: a folder that cannot be written to costs time.
        let _ = keep(&path, &text);
    }
    Ok(text)
}

/// Where the raw spec for a binary and these options is kept; none if the binary cannot be looked at.
fn place(config: &NetworkConfig) -> Option<PathBuf> {
    let binary = config.binary.canonicalize().ok()?;
    let about = fs::metadata(&binary).ok()?;
    let changed = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let options = (
        config.validators,
        config.slot_duration_ms,
        config.gossip_duration_ms,
        &config.genesis,
    );
    let binary_id = format!(
        "{}-{}-{}",
        binary.display(),
        about.len(),
        changed.as_nanos()
    );
    let digest = |text: &str| hex::encode(&sp_crypto_hashing::blake2_256(text.as_bytes())[..8]);
    let name = format!(
        "{}-{}.json",
        digest(&binary_id),
        digest(&serde_json::to_string(&options).ok()?)
    );
    Some(binary.parent()?.join(FOLDER).join(name))
}

/// Writes a spec in two steps, so that a file that is there is whole, and deletes those of other builds.
fn keep(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    fs::write(&draft, text)?;
    fs::rename(&draft, path)?;
    let build = |path: &Path| {
        let name = path.file_name()?.to_str()?;
        Some(name.split_once('-')?.0.to_owned())
    };
    for entry in fs::read_dir(folder)?.flatten() {
        let other = entry.path();
        if other.extension().is_some_and(|end| end == "json") && build(&other) != build(path) {
            fs::remove_file(other)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn binary(folder: &Path, content: &str) -> NetworkConfig {
        let binary = folder.join("plume-node");
        fs::write(&binary, content).expect("the folder is writable");
        NetworkConfig {
            binary,
            ..Default::default()
        }
    }

    #[test]
    fn another_binary_or_other_options_have_a_spec_of_their_own() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let config = binary(folder.path(), "one");
        let first = place(&config).expect("the binary is there");
        assert_eq!(place(&config).as_ref(), Some(&first));
        let others = [
            NetworkConfig {
                slot_duration_ms: Some(500),
                ..config.clone()
            },
            NetworkConfig {
                genesis: Some(json!({ "fees": { "floor": 7 } })),
                ..config.clone()
            },
        ];
        assert_ne!(place(&others[0]), place(&others[1]));
        for other in others {
            assert_ne!(place(&other), Some(first.clone()));
        }
        assert_ne!(place(&binary(folder.path(), "longer")), Some(first));
    }

    #[test]
    fn a_kept_spec_is_found_and_those_of_an_older_build_go() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let old = place(&binary(folder.path(), "old")).expect("the binary is there");
        keep(&old, "old").expect("the folder is writable");
        let config = binary(folder.path(), "newer");
        let slow = NetworkConfig {
            slot_duration_ms: Some(500),
            ..config.clone()
        };
        for (config, text) in [(&config, "quick"), (&slow, "slow")] {
            let path = place(config).expect("the binary is there");
            keep(&path, text).expect("the folder is writable");
        }
        let read = |config| fs::read_to_string(place(config).expect("it is there")).ok();
        assert_eq!(read(&config).as_deref(), Some("quick"));
        assert_eq!(read(&slow).as_deref(), Some("slow"));
        assert!(!old.exists());
    }
}
