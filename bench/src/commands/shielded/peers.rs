//! Other shielded pools on this machine, by `plume-peers`: a program of its own, because its crates are none that Plume
//! is built with.

use super::proving::Proving;
use anyhow::{Context, ensure};
use plume_bench::Progress;
use serde::{Deserialize, Serialize};
use std::{path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::Command,
    time::timeout,
};

/// It says what it does before each proof: longer than a proof or a key takes.
const SILENCE_LIMIT: Duration = Duration::from_secs(300);
/// How it is built.
const BUILD: &str = "cargo build --release --locked --manifest-path bench/peers/Cargo.toml";

/// What `plume-peers` says of a system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Said {
    pub system: String,
    /// Of its crate.
    pub version: String,
    /// What is proven.
    pub statement: String,
    /// Seconds until its keys were made or read.
    setup_s: f64,
    /// Seconds of a transfer's proofs on all processors, median.
    pub prove_s: f64,
    /// Of the fastest.
    pub prove_best_s: f64,
    /// Seconds of processor time for them, all threads together, mean.
    pub prove_cpu_s: f64,
    /// Milliseconds for verifying a transfer's proofs and signatures, median.
    pub verify_ms: f64,
    /// Bytes of a transfer's proofs together.
    pub proof_bytes: u64,
}

/// A system beside Plume.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Peer {
    #[serde(flatten)]
    pub said: Said,
    /// Plume's figures over its.
    pub ratios: Ratios,
}

/// Plume's figures over those of another system. Below one, Plume's are the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Ratios {
    /// By the clock.
    pub prove: f64,
    /// By processor time.
    pub prove_cpu: f64,
    pub verify: f64,
    pub proof_bytes: f64,
}

impl Peer {
    /// Compares. Errors if a figure cannot be divided by.
    pub fn beside(plume: &Proving, said: Said) -> anyhow::Result<Self> {
        let ratio = |ours: f64, its: f64| {
            ensure!(
                its > 0.0,
                "plume-peers says {its} of {}, to which nothing has a ratio",
                said.system
            );
            Ok(ours / its)
        };
        let ratios = Ratios {
            prove: ratio(plume.prove_s, said.prove_s)?,
            prove_cpu: ratio(plume.prove_cpu_s, said.prove_cpu_s)?,
            verify: ratio(plume.verify_ms, said.verify_ms)?,
            proof_bytes: ratio(plume.proof_bytes as f64, said.proof_bytes as f64)?,
        };
        Ok(Self { said, ratios })
    }
}

/// Errors if there is no such program.
pub(super) fn ensure_program(program: &Path) -> anyhow::Result<()> {
    ensure!(
        program.is_file(),
        "there is no program {}: build it with `{BUILD}`, or leave --peers out",
        program.display()
    );
    Ok(())
}

/// Lets all other systems prove and verify so many transfers.
pub(super) async fn measure(
    program: &Path,
    proofs: u32,
    plume: &Proving,
    progress: &Progress,
) -> anyhow::Result<Vec<Peer>> {
    let mut command = Command::new(program);
    command.args(["--json", "--times", &proofs.to_string()]);
    let text = ask(command, |line| {
        progress.step(line.trim_end_matches(" ..."));
    })
    .await
    .with_context(|| format!("{} measures nothing", program.display()))?;
    let all = read(&text)?;
    all.into_iter()
        .map(|said| Peer::beside(plume, said))
        .collect()
}

/// Runs a program to its end and returns what it printed. `heard` gets the lines of its standard error, the last of
/// which is the error if it fails.
async fn ask(mut program: Command, mut heard: impl FnMut(&str)) -> anyhow::Result<String> {
    const RUN: &str = "it does not run";
    let mut child = program
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context(RUN)?;
    let mut printed = child.stdout.take().context(RUN)?;
    let mut lines = BufReader::new(child.stderr.take().context(RUN)?).lines();
    let silence = || format!("it said nothing for {} s", SILENCE_LIMIT.as_secs());
    let listen = async {
        let mut last = String::new();
        while let Some(line) = timeout(SILENCE_LIMIT, lines.next_line())
            .await
            .with_context(silence)??
        {
            heard(&line);
            last = line;
        }
        anyhow::Ok(last)
    };
    let read = async {
        let mut text = String::new();
        printed.read_to_string(&mut text).await?;
        anyhow::Ok(text)
    };
    let (last, text) = tokio::try_join!(listen, read)?;
    let status = child.wait().await.context(RUN)?;
    ensure!(status.success(), "{last} ({status})");
    Ok(text)
}

/// Reads a line of JSON for each system.
fn read(text: &str) -> anyhow::Result<Vec<Said>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let all = lines.map(|line| {
        serde_json::from_str(line)
            .with_context(|| format!("plume-peers says {line:?}; build it again with `{BUILD}`"))
    });
    let all: Vec<Said> = all.collect::<anyhow::Result<_>>()?;
    ensure!(
        !all.is_empty(),
        "plume-peers says nothing; build it again with `{BUILD}`"
    );
    Ok(all)
}

/// Figures for tests.
#[cfg(test)]
pub(super) fn example() -> Said {
    Said {
        system: "orchard".into(),
        version: "0.16.0".into(),
        statement: "two actions".into(),
        setup_s: 8.0,
        prove_s: 4.0,
        prove_best_s: 3.5,
        prove_cpu_s: 7.2,
        verify_ms: 40.0,
        proof_bytes: 7_264,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::shielded::proving;

    const LINE: &str = r#"{"system":"orchard","version":"0.16.0","statement":"two actions","setup_s":8.0,
        "prove_s":4.0,"prove_best_s":3.5,"prove_cpu_s":7.2,"verify_ms":40.0,"proof_bytes":7264,"times":3}"#;

    fn line() -> String {
        LINE.replace('\n', "")
    }

    /// Runs a shell script in the place of the program.
    async fn ask_by(script: &str) -> (anyhow::Result<String>, Vec<String>) {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        let mut heard = Vec::new();
        let text = ask(shell, |line| heard.push(line.to_owned())).await;
        (text, heard)
    }

    #[test]
    fn a_ratio_below_one_says_that_plume_needs_less() {
        let peer = Peer::beside(&proving::example(), example()).expect("nothing is zero");
        let Ratios {
            prove,
            prove_cpu,
            verify,
            proof_bytes,
        } = peer.ratios;
        assert_eq!((prove, prove_cpu, verify), (0.25, 0.25, 0.1));
        assert!((proof_bytes - 384.0 / 7_264.0).abs() < 1e-12);
        let slow = Said {
            prove_s: 0.5,
            ..example()
        };
        let peer = Peer::beside(&proving::example(), slow).expect("nothing is zero");
        assert_eq!(peer.ratios.prove, 2.0);
    }

    #[test]
    fn nothing_is_divided_by_zero() {
        let broken = Said {
            verify_ms: 0.0,
            ..example()
        };
        let error = Peer::beside(&proving::example(), broken).expect_err("it cannot be");
        assert!(error.to_string().contains("orchard"), "{error}");
    }

    #[test]
    fn every_line_is_a_system_and_what_is_none_is_shown() {
        let text = format!("{}\n\n{}\n", line(), line());
        assert_eq!(read(&text).expect("two lines"), [example(), example()]);
        let error = read("rain\n").expect_err("it is no JSON").to_string();
        assert!(
            error.contains("rain") && error.contains("cargo build"),
            "{error}"
        );
        assert!(read("\n").is_err());
    }

    #[test]
    fn figures_and_ratios_stand_side_by_side_in_the_result() {
        let peer = Peer::beside(&proving::example(), example()).expect("nothing is zero");
        let json = serde_json::to_value(peer).expect("it is JSON");
        assert_eq!(json["system"], "orchard");
        assert_eq!(json["ratios"]["prove"], 0.25);
    }

    #[tokio::test]
    async fn what_it_does_is_heard_and_what_it_found_is_returned() {
        let (text, heard) = ask_by("echo 'orchard: proving ...' >&2; echo figures").await;
        assert_eq!(text.expect("it ends well"), "figures\n");
        assert_eq!(heard, ["orchard: proving ..."]);
    }

    #[tokio::test]
    async fn why_it_failed_is_passed_on() {
        let (text, _) = ask_by("echo half; echo 'plume-peers: rain' >&2; exit 1").await;
        let error = text.expect_err("it fails").to_string();
        assert!(error.starts_with("plume-peers: rain"), "{error}");
        let nothing = ask(Command::new("/nowhere/plume-peers"), |_| {}).await;
        assert!(nothing.is_err());
    }

    #[test]
    fn a_program_that_is_nowhere_is_named_with_the_way_to_build_it() {
        let error = ensure_program(Path::new("/nowhere/plume-peers"));
        let error = error.expect_err("there is none").to_string();
        assert!(
            error.contains("/nowhere/plume-peers") && error.contains("cargo build"),
            "{error}"
        );
    }
}
