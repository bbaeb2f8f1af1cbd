//! The `plume` command on a network, and the people who use it.

use crate::common::{Failure, LIMIT, Outcome, folder};
use plume_localnet::{default_binary, default_program};
use plume_sdk::{Call, Client, Signer, TxOptions, call, raw, subxt::dynamic::Value};
use serde_json::Value as Json;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The command, and where it works.
pub struct Terminal {
    program: PathBuf,
    /// The node that it asks.
    pub url: String,
    /// Where files are that a line names.
    pub folder: PathBuf,
}

impl Terminal {
    /// In an empty folder of this name, asking this node.
    pub fn new(name: &str, url: String) -> Result<Self, Failure> {
        let program = default_program("plume", "PLUME_CLI");
        let beside = default_binary().with_file_name("plume");
        let work = folder(name);
        if work.exists() {
            fs::remove_dir_all(&work)?;
        }
        fs::create_dir_all(&work)?;
        let terminal = Self {
            program: if beside.is_file() { beside } else { program },
            url,
            folder: work,
        };
        assert!(
            is_program(&terminal.program),
            "{} is no program",
            terminal.program.display()
        );
        Ok(terminal)
    }

    /// A command that has not begun.
    pub fn command(&self, line: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(&self.folder)
            .env("PLUME_WALLET_PASSPHRASE", "of the tests")
            .args(["--json", "--url", &self.url])
            .args(line.split_whitespace());
        command
    }

    /// Runs a line of arguments.
    pub fn run(&self, line: &str) -> Output {
        self.command(line).output().expect("plume can be started")
    }

    /// The lines that it prints.
    pub fn lines(&self, line: &str) -> Vec<Json> {
        let output = self.run(line);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "plume {line}: {errors}");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a JSON object a line"))
            .collect()
    }

    /// The only line that it prints.
    pub fn line(&self, line: &str) -> Json {
        let mut lines = self.lines(line);
        assert_eq!(lines.len(), 1, "plume {line}: {lines:?}");
        lines.remove(0)
    }

    /// Why it fails.
    pub fn refused(&self, line: &str) -> String {
        let output = self.run(line);
        assert!(!output.status.success(), "plume {line} went through");
        String::from_utf8(output.stderr).expect("UTF-8")
    }

    /// Writes a file for it.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).expect("the test's own folder");
    }
}

/// Sends a call, and waits until it is final and has succeeded.
pub async fn send(client: &Client, signer: &Signer, call: &Call) -> Outcome {
    let progress = client.submit(signer, call, &TxOptions::default()).await?;
    let included = tokio::time::timeout(LIMIT, progress.wait_finalised()).await??;
    included.ok()?;
    Ok(())
}

/// The same by the key of sudo.
pub async fn by_root(
    client: &Client,
    pallet: &str,
    name: &str,
    fields: Vec<(&str, Value)>,
) -> Outcome {
    let inner = Value::unnamed_variant(pallet, [Value::named_variant(name, fields)]);
    let sudo = call("Sudo", "sudo", [("call", inner)]);
    send(client, &Signer::from_uri("//Alice")?, &sudo).await
}

/// A variant without fields.
pub fn unit(name: &str) -> Value {
    Value::unnamed_variant(name, [])
}

/// An account, as an argument.
pub fn account(of: &Signer) -> Value {
    Value::from_bytes(of.account().0)
}

/// Bob is an institution and its screener, Charlie its officer, Dave a supervisor.
pub async fn admit_all(client: &Client) -> Outcome {
    let (bob, charlie) = (Signer::from_uri("//Bob")?, Signer::from_uri("//Charlie")?);
    let dave = Signer::from_uri("//Dave")?;
    let yes = || Value::bool(true);
    let scope = Value::named_composite([
        ("max_tier", unit("Three")),
        ("persons", yes()),
        ("firms", yes()),
        ("banks", yes()),
        ("accredits", yes()),
        ("reach", unit("Everywhere")),
    ]);
    let issuer = vec![
        ("issuer", account(&bob)),
        ("lei_hash", Value::from_bytes([5; 32])),
        ("scope", scope),
        ("quota", Value::u128(1_000)),
    ];
    by_root(client, "Credentials", "admit_issuer", issuer).await?;
    let screener = vec![("screener", account(&bob))];
    by_root(client, "Compliance", "admit_screener", screener).await?;
    let officer = vec![("officer", account(&charlie))];
    by_root(client, "Compliance", "admit_officer", officer).await?;
    let powers = Value::named_composite([
        ("freeze_subjects", yes()),
        ("freeze_amounts", yes()),
        ("access", yes()),
    ]);
    let supervisor = vec![
        ("supervisor", account(&dave)),
        ("authority", Value::from_bytes([6; 32])),
        ("powers", powers),
        ("reach", unit("Everywhere")),
    ];
    by_root(client, "Regulator", "admit_supervisor", supervisor).await
}

/// The bytes of a hash that a line has printed.
pub fn bytes(json: &Json) -> [u8; 32] {
    let text = json.as_str().expect("text");
    let bytes = raw::from_hex(text).expect("hexadecimal");
    bytes.try_into().expect("32 bytes")
}

fn is_program(path: &Path) -> bool {
    path.is_file() || path.components().count() == 1
}
