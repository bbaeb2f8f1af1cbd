//! The node binary's subcommands that prepare a network: keys, peer ids and the chain spec.

use crate::Error;
use serde::Deserialize;
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::io::AsyncWriteExt;

/// No subcommand does more than read a file and derive a key or call the runtime once.
const LIMIT: Duration = Duration::from_secs(60);

/// A public key as `key inspect` prints it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PublicKey {
    /// SS58 form of the bare key, which is what session keys are written as.
    #[serde(rename = "ss58PublicKey")]
    pub key: String,
    /// SS58 form of the account the key signs for.
    #[serde(rename = "ss58Address")]
    pub account: String,
}

/// The node binary, as a tool.
#[derive(Debug, Clone)]
pub(crate) struct Tool {
    binary: PathBuf,
}

impl Tool {
    /// Errors with [`Error::BinaryMissing`] when there is no such file.
    pub fn new(binary: &Path) -> Result<Self, Error> {
        match binary.is_file() {
            true => Ok(Self {
                binary: binary.to_owned(),
            }),
            false => Err(Error::BinaryMissing {
                path: binary.to_owned(),
            }),
        }
    }

    /// The chain spec of a preset, as JSON with a genesis patch.
    pub async fn chain_spec(&self, preset: &str) -> Result<String, Error> {
        self.run(&["export-chain-spec", "--chain", preset], "")
            .await
    }

    /// The same with the genesis built, of a preset or a file.
    pub async fn raw_chain_spec(&self, spec: &str) -> Result<String, Error> {
        self.run(&["export-chain-spec", "--raw", "--chain", spec], "")
            .await
    }

    /// The peer id that belongs to a network secret of 32 bytes.
    pub async fn peer_id(&self, node_key: &[u8; 32]) -> Result<String, Error> {
        let output = self
            .run(&["key", "inspect-node-key"], &hex::encode(node_key))
            .await?;
        Ok(output.trim().to_owned())
    }

    /// The public half of a secret URI under a scheme (`sr25519` or `ed25519`).
    pub async fn inspect(&self, suri: &str, scheme: &str) -> Result<PublicKey, Error> {
        let args = [
            "key",
            "inspect",
            "--scheme",
            scheme,
            "--output-type",
            "json",
            suri,
        ];
        let output = self.run(&args, "").await?;
        serde_json::from_str(&output).map_err(|error| Error::Tool {
            command: args.join(" "),
            reason: error.to_string(),
        })
    }

    /// Puts the block-sealing and the finality key of a secret URI into a node's keystore.
    pub async fn insert_session_keys(
        &self,
        suri: &str,
        base: &Path,
        chain: &str,
    ) -> Result<(), Error> {
        let base = base.to_string_lossy();
        for (key_type, scheme) in [("aura", "sr25519"), ("gran", "ed25519")] {
            let args = [
                "key",
                "insert",
                "--base-path",
                &base,
                "--chain",
                chain,
                "--scheme",
                scheme,
                "--suri",
                suri,
                "--key-type",
                key_type,
            ];
            self.run(&args, "").await?;
        }
        Ok(())
    }

    /// Runs a subcommand to its end and returns what it printed.
    async fn run(&self, args: &[&str], input: &str) -> Result<String, Error> {
        let failed = |reason: String| Error::Tool {
            command: args.join(" "),
            reason,
        };
        let mut child = tokio::process::Command::new(&self.binary)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A subcommand that reads nothing may close its end first.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        let output = tokio::time::timeout(LIMIT, child.wait_with_output())
            .await
            .map_err(|_| failed(format!("it did not end within {} s", LIMIT.as_secs())))?
            .map_err(|error| failed(error.to_string()))?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        if output.status.success() {
            return Ok(text(output.stdout));
        }
        let complaint = text(output.stderr);
        let last = complaint.lines().rev().find(|line| !line.trim().is_empty());
        Err(failed(last.map_or_else(
            || output.status.to_string(),
            |line| line.trim().to_owned(),
        )))
    }
}
