//! Where figures go besides the screen: one JSON file a measurement, with what it was measured on.

use crate::TargetOptions;
use anyhow::Context;
use plume_sdk::Client;
use serde::Serialize;
use std::{
    env, fs,
    path::PathBuf,
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

/// What was measured, and on what.
#[derive(Clone, Debug, Serialize)]
pub struct Environment {
    /// Seconds since 1970.
    pub unix_time_s: u64,
    /// Name and version of the node.
    pub node: String,
    /// Name of the chain.
    pub chain: String,
    /// Validators of the present session.
    pub validators: usize,
    /// Length of a slot, as the runtime says.
    pub slot_duration_ms: Option<u64>,
    /// GRANDPA's gossip duration, if it was chosen here; else the chain's own.
    pub gossip_duration_ms: Option<u64>,
    /// Cores of this machine, shared by the client and the nodes it started.
    pub cores: usize,
}

impl Environment {
    pub(crate) async fn read(client: &Client, options: &TargetOptions) -> anyhow::Result<Self> {
        let info = client.chain_info().await?;
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        Ok(Self {
            unix_time_s: since_1970.map_or(0, |time| time.as_secs()),
            node: info.node,
            chain: info.chain,
            validators: info.validators.len(),
            slot_duration_ms: info.slot_duration_ms,
            gossip_duration_ms: options.gossip_duration_ms,
            cores: thread::available_parallelism().map_or(1, usize::from),
        })
    }
}

/// `bench` in cargo's target folder (`CARGO_TARGET_DIR`, or `target` here).
pub fn results_folder() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").filter(|path| !path.is_empty());
    target
        .map_or_else(|| "target".into(), PathBuf::from)
        .join("bench")
}

/// Writes `<results folder>/<name>.json` and returns its path and text.
pub fn write_json(name: &str, result: &impl Serialize) -> anyhow::Result<(PathBuf, String)> {
    let folder = results_folder();
    let path = folder.join(format!("{name}.json"));
    let text = serde_json::to_string_pretty(result)?;
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&path, format!("{text}\n")))
        .with_context(|| {
            format!(
                "cannot write {}: name another folder in CARGO_TARGET_DIR",
                path.display()
            )
        })?;
    Ok((path, text))
}
