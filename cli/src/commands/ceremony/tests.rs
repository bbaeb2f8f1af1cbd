//! A ceremony from the command line.

use super::*;
use clap::Parser;

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: CeremonyCommand,
}

async fn run_line(folder: &Path, line: &str) -> Result<(), Failure> {
    let folder = folder.display().to_string();
    let words = line.split(' ').map(|word| word.replace("FOLDER", &folder));
    let line = Line::try_parse_from(std::iter::once("ceremony".to_owned()).chain(words));
    run(&line.expect("a command line").command, &Output::new(true)).await
}

#[tokio::test]
async fn a_ceremony_from_new_to_keys_and_a_bad_step_that_is_named() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = temporary.path();
    let beacon = "--source block --value 0011223344556677 --log-iterations 10";
    let mut lines = vec!["new --folder FOLDER --log-size 4".to_owned()];
    let circuit = " --circuit rehearsal-tiny";
    for (phase, begin) in [("", ""), (circuit, "new --folder FOLDER")] {
        if !begin.is_empty() {
            lines.push(format!("{begin}{phase}"));
        }
        for name in ["Alice", "Bob", "Carol"] {
            lines.push(format!("contribute --folder FOLDER --name {name}{phase}"));
        }
        lines.push(format!("beacon --folder FOLDER {beacon}{phase}"));
        lines.push(format!("verify --folder FOLDER{phase}"));
    }
    lines.push(format!(
        "finalise --folder FOLDER --out FOLDER/keys{circuit}"
    ));
    lines.push(format!(
        "verify --folder FOLDER --key FOLDER/keys/rehearsal-tiny.vk{circuit}"
    ));
    lines.push(format!("status --folder FOLDER{circuit}"));
    for line in &lines {
        run_line(folder, line).await.expect(line);
    }

    let unknown = format!("verify --folder FOLDER --contains {}", "0".repeat(64));
    let failure = run_line(folder, &unknown).await.expect_err("no such step");
    assert!(
        failure.reason.contains("no step has the hash"),
        "{failure:?}"
    );

    let carol = folder.join("rehearsal-tiny-003.step");
    let mut bytes = std::fs::read(&carol).expect("a step");
    let last = bytes.len() - 40;
    bytes[last] ^= 1;
    std::fs::write(&carol, bytes).expect("a step");
    let failure = run_line(folder, &format!("verify --folder FOLDER{circuit}"))
        .await
        .expect_err("a bad step");
    assert!(
        failure
            .reason
            .starts_with("step 3 of phase 2 for rehearsal-tiny, by Carol: "),
        "{failure:?}"
    );
    assert!(failure.hint.contains("step 3 of phase 2"), "{failure:?}");
}

#[tokio::test]
async fn what_is_refused_says_what_to_do() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = temporary.path();
    for (line, hint) in [
        ("verify --folder FOLDER", "plume ceremony new"),
        ("new --folder FOLDER --log-size 19", "15 is enough"),
        ("new --folder FOLDER --circuit nothing", "rehearsal"),
        ("finalise --folder FOLDER --out FOLDER", "--circuit"),
        (
            "beacon --folder FOLDER --source block --value xy",
            "two digits a byte",
        ),
        (
            "contribute --folder FOLDER --name Alice --entropy-file FOLDER/none",
            "who may read it",
        ),
    ] {
        let failure = run_line(folder, line).await.expect_err(line);
        assert!(failure.hint.contains(hint), "{line}: {failure:?}");
    }
}
