//! Who the nodes of a network are: names, keys, and the chain that lists them as validators.

use crate::{
    Chain, Error, NetworkConfig,
    base::Folder,
    raw_spec,
    spec::{self, Validator},
    tool::Tool,
};
use futures::{StreamExt, TryStreamExt, stream};
use std::path::Path;

/// Subcommands of the node binary that run at the same time.
const TOOLS_AT_ONCE: usize = 4;

/// The validators of the `local` preset.
const WELL_KNOWN: [&str; 4] = ["Alice", "Bob", "Charlie", "Dave"];

/// A node before it has ports.
pub(crate) struct Member {
    pub name: String,
    /// The secret URI of its session keys.
    pub suri: Option<String>,
    /// Its network secret.
    pub key: [u8; 32],
    /// The public half of its network secret.
    pub peer_id: String,
}

impl Member {
    /// What makes the node use its session keys.
    pub fn session_args(&self) -> Vec<&'static str> {
        match &self.suri {
            Some(suri) => ["--validator"].into_iter().chain(flag(suri)).collect(),
            None => Vec::new(),
        }
    }

    /// The secret URI whose keys have to be put into its keystore.
    fn suri_without_flag(&self) -> Option<&str> {
        self.suri.as_deref().filter(|suri| flag(suri).is_none())
    }
}

/// The node's flag for a well-known secret URI.
fn flag(suri: &str) -> Option<&'static str> {
    match suri {
        "//Alice" => Some("--alice"),
        "//Bob" => Some("--bob"),
        "//Charlie" => Some("--charlie"),
        "//Dave" => Some("--dave"),
        "//Eve" => Some("--eve"),
        "//Ferdie" => Some("--ferdie"),
        _ => None,
    }
}

/// Whether the preset's own validators are enough.
fn well_known(config: &NetworkConfig) -> bool {
    config.chain == Chain::Dev || config.validators == WELL_KNOWN.len()
}

/// The names of a network's validators.
pub(crate) fn names(config: &NetworkConfig) -> Vec<String> {
    if well_known(config) {
        return WELL_KNOWN
            .iter()
            .take(config.validators)
            .map(|name| name.to_lowercase())
            .collect();
    }
    (0..config.validators)
        .map(|index| format!("validator-{index}"))
        .collect()
}

/// A network's validators.
pub(crate) async fn prepare(
    tool: &Tool,
    config: &NetworkConfig,
    folder: &Folder,
) -> Result<Vec<Member>, Error> {
    let suri = |index: usize| match WELL_KNOWN.get(index).filter(|_| well_known(config)) {
        Some(name) => format!("//{name}"),
        None => format!("//Validator//{index}"),
    };
    stream::iter(names(config).into_iter().enumerate())
        .map(|(index, name)| async move {
            let key = folder.node_key(index as u64);
            Ok(Member {
                name,
                suri: Some(suri(index)),
                key,
                peer_id: tool.peer_id(&key).await?,
            })
        })
        .buffered(TOOLS_AT_ONCE)
        .try_collect()
        .await
}

/// What the nodes take as `--chain`: a chain spec file in the network's folder, made if it is missing.
pub(crate) async fn chain(
    tool: &Tool,
    config: &NetworkConfig,
    folder: &Folder,
    members: &[Member],
) -> Result<String, Error> {
    if config.chain == Chain::Dev {
        return Ok("development".into());
    }
    let path = folder.path().join("chain-spec.json");
    if !path.exists() {
        let spec = raw_spec::raw(tool, config, async || {
            plain(tool, config, folder, members).await
        })
        .await?;
        write(&path, &spec)?;
    }
    Ok(path.to_string_lossy().into_owned())
}

/// The spec whose genesis the runtime builds: the `local` preset, or a file derived from it.
async fn plain(
    tool: &Tool,
    config: &NetworkConfig,
    folder: &Folder,
    members: &[Member],
) -> Result<String, Error> {
    let changed = config.slot_duration_ms.is_some()
        || config.gossip_duration_ms.is_some()
        || config.genesis.is_some();
    if well_known(config) && !changed {
        return Ok("local".into());
    }
    let validators: Vec<_> = stream::iter(members.iter().filter_map(Member::suri_without_flag))
        .map(|suri| async move {
            let account = tool.inspect(suri, "sr25519").await?;
            Ok(Validator {
                account,
                grandpa: tool.inspect(suri, "ed25519").await?,
            })
        })
        .buffered(TOOLS_AT_ONCE)
        .try_collect()
        .await?;
    let spec = spec::adapt(&tool.chain_spec("local").await?, config, &validators)?;
    let path = folder.path().join("chain-spec-plain.json");
    write(&path, &spec)?;
    Ok(path.to_string_lossy().into_owned())
}

/// Writes in two steps, so that a file that is there is whole.
fn write(path: &Path, text: &str) -> Result<(), Error> {
    let draft = path.with_extension("draft");
    std::fs::write(&draft, text)
        .and_then(|()| std::fs::rename(&draft, path))
        .map_err(Error::io(format!("write {}", path.display())))
}

/// Gives their session keys to the nodes that the binary has no flag for.
pub(crate) async fn insert_missing_keys(
    tool: &Tool,
    folder: &Folder,
    chain: &str,
    members: &[Member],
) -> Result<(), Error> {
    let wanting = members.iter().filter_map(|member| {
        let base = folder.path().join(&member.name);
        let chains = std::fs::read_dir(base.join("chains"));
        let keystores = chains
            .into_iter()
            .flatten()
            .flatten()
            .map(|chain| chain.path().join("keystore"));
        let keys: usize = keystores
            .flat_map(std::fs::read_dir)
            .map(Iterator::count)
            .sum();
        member
            .suri_without_flag()
            .filter(|_| keys < 2)
            .map(|suri| (suri, base))
    });
    stream::iter(wanting)
        .map(|(suri, base)| async move { tool.insert_session_keys(suri, &base, chain).await })
        .buffered(TOOLS_AT_ONCE)
        .try_collect()
        .await
}
