//! What has to hold after a campaign: a newcomer gets in, and a light client can follow.

use anyhow::{Context, bail};
use plume_bench::Recorder;
use plume_localnet::{Network, warp_sync};
use serde::{Deserialize, Serialize};
use std::{path::Path, process::Stdio, time::Duration};
use tokio::{io::AsyncWriteExt, process::Command, time::timeout};

/// Far longer than a warp takes, and the blocks that it skips.
const WARP_LIMIT: Duration = Duration::from_secs(180);
/// Far longer than some hundred justifications take.
const REPLAY_LIMIT: Duration = Duration::from_secs(120);

/// How a network was left.
#[derive(Debug, Serialize)]
pub(super) struct Aftermath {
    /// The campaign's.
    network: String,
    warp: Option<Warp>,
    light_client: Option<Followed>,
    /// What should have been and was not.
    pub failed: Vec<String>,
}

/// How a fresh node came to where the network was.
#[derive(Clone, Copy, Debug, Serialize)]
struct Warp {
    /// The last final block when it was started.
    head: u64,
    /// Until it had finalised that.
    reached_s: f64,
    /// Until it had all blocks before, too.
    complete_s: f64,
}

/// What a light client believed.
#[derive(Clone, Copy, Debug, Serialize)]
struct Followed {
    /// Blocks that were seen with their justifications during the campaign.
    seen: u64,
    #[serde(flatten)]
    replayed: Replayed,
}

/// What `plume-light-client` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Replayed {
    /// Justifications that were replayed and believed.
    believed: u64,
    /// Those of them that changed the voters.
    changed_voters: u64,
}

impl Aftermath {
    /// Lets a fresh node skip the network's history, and a light client, which is this program, follow
    /// what was recorded of it.
    pub async fn see(
        name: &str,
        network: &Network,
        recorder: Recorder,
        light_client: &Path,
    ) -> Self {
        let mut aftermath = Self {
            network: name.to_owned(),
            warp: None,
            light_client: None,
            failed: Vec::new(),
        };
        match warp_sync(network, "warped", WARP_LIMIT).await {
            Ok(warp) => {
                aftermath.warp = Some(Warp {
                    head: warp.head,
                    reached_s: warp.reached.as_secs_f64(),
                    complete_s: warp.complete.as_secs_f64(),
                });
            }
            Err(error) => aftermath.fail(format!("a fresh node does not get in: {error}")),
        }
        match follow(recorder, light_client).await {
            Ok(followed) => aftermath.light_client = Some(followed),
            Err(error) => aftermath.fail(format!("a light client cannot follow: {error:#}")),
        }
        aftermath
    }

    fn fail(&mut self, reason: String) {
        self.failed
            .push(format!("after {}: {reason}", self.network));
    }

    /// What was seen, in a line.
    pub fn line(&self) -> String {
        let warp = match &self.warp {
            Some(warp) => format!(
                "a fresh node warped to block {} in {:.1} s and had all blocks after {:.1} s",
                warp.head, warp.reached_s, warp.complete_s
            ),
            None => "no fresh node got in".into(),
        };
        let light_client = match &self.light_client {
            Some(followed) => format!(
                "a light client believed {} of {} justifications, {} of them with a change of the voters",
                followed.replayed.believed, followed.seen, followed.replayed.changed_voters
            ),
            None => "no light client could follow".into(),
        };
        format!("after {}: {warp}; {light_client}", self.network)
    }
}

/// Replays what was recorded, all of it.
async fn follow(recorder: Recorder, light_client: &Path) -> anyhow::Result<Followed> {
    let record = recorder.stop().await?;
    if let Some(reason) = record.broken() {
        bail!("the record of justifications is not whole: {reason}");
    }
    let lines = record.lines()?;
    let replayed = timeout(REPLAY_LIMIT, replay(Command::new(light_client), &lines))
        .await
        .with_context(|| format!("it needs more than {} s", REPLAY_LIMIT.as_secs()))??;
    // The first line is where it starts.
    let kept = lines.lines().count().saturating_sub(1) as u64;
    if replayed.believed != kept || kept == 0 {
        bail!("it believed {} of {kept} justifications", replayed.believed);
    }
    Ok(Followed {
        seen: record.seen(),
        replayed,
    })
}

/// Runs the light client on these lines. A program of its own, because it is under another licence and
/// needs a runtime of the SDK's.
async fn replay(mut program: Command, lines: &str) -> anyhow::Result<Replayed> {
    const RUN: &str = "the light client does not run";
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context(RUN)?;
    let mut input = child.stdin.take().context(RUN)?;
    // It prints nothing before it has read everything or has failed, and then it reads no more.
    let _ = input.write_all(lines.as_bytes()).await;
    drop(input);
    let output = child.wait_with_output().await.context(RUN)?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(text.trim()).with_context(|| format!("it said {:?}", text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a shell script in the place of the light client.
    async fn replay_by(script: &str) -> anyhow::Result<Replayed> {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        replay(shell, "one\ntwo\n").await
    }

    #[tokio::test]
    async fn the_light_client_gets_the_lines_and_its_words_are_read() {
        let script = r#"echo "{\"believed\": $(wc -l), \"changed_voters\": 1}""#;
        let replayed = replay_by(script).await;
        assert_eq!(
            replayed.expect("it ends well"),
            Replayed {
                believed: 2,
                changed_voters: 1
            }
        );
    }

    #[tokio::test]
    async fn why_the_light_client_could_not_follow_is_passed_on() {
        let error = replay_by("echo 'block 7: no' >&2; exit 1").await;
        let error = error.expect_err("it fails").to_string();
        assert_eq!(error, "block 7: no");
        assert!(replay_by("echo rain").await.is_err());
    }

    #[test]
    fn a_line_says_what_failed_and_what_did_not() {
        let mut aftermath = Aftermath {
            network: "faults".into(),
            warp: None,
            light_client: Some(Followed {
                seen: 500,
                replayed: Replayed {
                    believed: 259,
                    changed_voters: 3,
                },
            }),
            failed: Vec::new(),
        };
        aftermath.fail("a fresh node does not get in: rain".into());
        assert_eq!(
            aftermath.line(),
            "after faults: no fresh node got in; a light client believed 259 of 500 justifications, 3 of \
             them with a change of the voters"
        );
        assert_eq!(
            aftermath.failed,
            ["after faults: a fresh node does not get in: rain"]
        );
    }
}
