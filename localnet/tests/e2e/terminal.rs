//! The `plume` command on a network, and the people who use it.

use crate::common::{Failure, LIMIT, Outcome, folder};
use plume_localnet::{default_binary, default_program};
use plume_sdk::{
    At, Call, Client, Inclusion, Signer, TxOptions, call, raw, state, subxt::dynamic::Value,
};
use serde_json::Value as Json;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::{Duration, Instant},
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

    /// A file that it has written.
    pub fn read(&self, name: &str) -> Json {
        let text = fs::read(self.folder.join(name)).expect(name);
        serde_json::from_slice(&text).expect("JSON")
    }
}

/// Sends a call, and waits until it is final.
async fn include(client: &Client, signer: &Signer, call: &Call) -> Result<Inclusion, Failure> {
    let progress = client.submit(signer, call, &TxOptions::default()).await?;
    Ok(tokio::time::timeout(LIMIT, progress.wait_finalised()).await??)
}

/// Sends a call, and waits until it is final and has succeeded.
pub async fn send(client: &Client, signer: &Signer, call: &Call) -> Outcome {
    include(client, signer, call).await?.ok()?;
    Ok(())
}

/// Sends a call that fails in its block. Answers the error's name, as `Regulator::WarrantExpired`.
pub async fn fails(client: &Client, signer: &Signer, call: &Call) -> Result<String, Failure> {
    let included = include(client, signer, call).await?;
    let failure = included.failure.expect("the chain refuses it");
    Ok(failure.name)
}

/// Seconds since the first block, in the last final one.
pub async fn elapsed(client: &Client) -> Result<u32, Failure> {
    let at = client.at(At::Finalised).await?;
    let elapsed = state::entry(&at, "Clock", "ElapsedSeconds", vec![]).await?;
    let elapsed = elapsed.as_ref().and_then(Json::as_str);
    Ok(elapsed.unwrap_or("0").parse()?)
}

/// Waits until this second since the first block is over in a final one.
pub async fn wait_past(client: &Client, second: u32) -> Outcome {
    let deadline = Instant::now() + LIMIT;
    while elapsed(client).await? <= second {
        assert!(Instant::now() < deadline, "second {second} is never over");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
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

/// What a warrant is good for.
pub enum Power {
    /// Freezing a subject.
    Freeze,
    /// Having something opened.
    Access,
}

/// Dave opens a warrant about a subject, which ends at a second since the first block. Answers its number.
pub async fn open_warrant(
    client: &Client,
    subject: &[u8; 32],
    power: Power,
    until: u32,
) -> Result<u32, Failure> {
    let freezes = matches!(power, Power::Freeze);
    let powers = Value::named_composite([
        ("freeze_subjects", Value::bool(freezes)),
        ("freeze_amounts", Value::bool(false)),
        ("access", Value::bool(!freezes)),
    ]);
    let target = Value::unnamed_variant("Subject", [Value::from_bytes(subject)]);
    let open = [
        ("target", target),
        ("powers", powers),
        ("legal_basis", Value::from_bytes([3; 32])),
        ("until", Value::u128(until.into())),
        ("case", unit("None")),
    ];
    let open = call("Regulator", "open_warrant", open);
    let opened = include(client, &Signer::from_uri("//Dave")?, &open).await?;
    let opened = opened.ok()?;
    let mut events = opened.events.iter();
    let event = events.find(|event| event.is("Regulator", "WarrantOpened"));
    let number = event.and_then(|event| event.integer("warrant"));
    Ok(u32::try_from(number.expect("it was opened"))?)
}

/// Dave freezes a subject by a warrant.
pub async fn freeze(client: &Client, warrant: u32, subject: &[u8; 32]) -> Outcome {
    let freeze = [
        ("warrant", Value::u128(warrant.into())),
        ("subject", Value::from_bytes(subject)),
        ("evidence", Value::from_bytes([4; 32])),
    ];
    let freeze = call("Regulator", "freeze_subject", freeze);
    send(client, &Signer::from_uri("//Dave")?, &freeze).await
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
