//! `plume chain`: which chain this is and how it is doing.

use plume_sdk::{ChainInfo, address, raw};
use serde::Serialize;

use super::connect;
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{BlockJson, Output, Report, table};
use crate::patience;

#[derive(Debug, Serialize)]
struct ChainReport {
    chain: String,
    node: String,
    spec_name: String,
    spec_version: u32,
    transaction_version: u32,
    genesis_hash: String,
    best: BlockJson,
    finalised: BlockJson,
    validators: Vec<String>,
    slot_duration_ms: Option<u64>,
    peers: u64,
    is_syncing: bool,
}

impl From<ChainInfo> for ChainReport {
    fn from(info: ChainInfo) -> Self {
        Self {
            chain: info.chain,
            node: info.node,
            spec_name: info.spec_name,
            spec_version: info.spec_version,
            transaction_version: info.transaction_version,
            genesis_hash: raw::to_hex(&info.genesis_hash.0),
            best: info.best.into(),
            finalised: info.finalised.into(),
            validators: info.validators.iter().map(address::format).collect(),
            slot_duration_ms: info.slot_duration_ms,
            peers: info.health.peers,
            is_syncing: info.health.is_syncing,
        }
    }
}

impl Report for ChainReport {
    fn text(&self) -> String {
        let lag = self.best.number.saturating_sub(self.finalised.number);
        let slot = self
            .slot_duration_ms
            .map_or("unknown".into(), |ms| format!("{ms} ms"));
        let syncing = if self.is_syncing { ", catching up" } else { "" };
        let mut rows = vec![
            ("chain", self.chain.clone()),
            (
                "runtime",
                format!("{} {}", self.spec_name, self.spec_version),
            ),
            (
                "node",
                format!("{}, {} peers{syncing}", self.node, self.peers),
            ),
            ("genesis", self.genesis_hash.clone()),
            ("best", format!("#{} {}", self.best.number, self.best.hash)),
            (
                "finalised",
                format!(
                    "#{} {}, {lag} behind",
                    self.finalised.number, self.finalised.hash
                ),
            ),
            ("slot", slot),
            ("validators", self.validators.len().to_string()),
        ];
        rows.extend(
            self.validators
                .iter()
                .map(|validator| ("", validator.clone())),
        );
        table(&rows)
    }
}

/// Runs `plume chain`.
pub async fn run(global: &Global, output: &Output) -> Result<(), Failure> {
    let client = connect(global).await?;
    let info = patience::wait("asking about the chain", client.chain_info()).await?;
    output.report(&ChainReport::from(info))
}
