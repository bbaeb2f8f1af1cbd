//! End to end: what an operator does with a node's data. Needs the node binary, see
//! `plume_localnet::default_binary`.

use crate::common::{Failure, LIMIT, Outcome, four};
use plume_localnet::{Network, default_binary};
use std::{path::Path, process::Stdio};
use tokio::{process::Command, time::timeout};

/// Blocks to export.
const BLOCKS: u64 = 20;

/// What a subcommand printed. Fails with its complaint if it failed.
async fn plume_node(args: &[&str], base: &Path) -> Result<String, Failure> {
    let mut command = Command::new(default_binary());
    command.args(args).args(["--chain", "local", "--base-path"]);
    command.arg(base).stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(LIMIT, command.output()).await??;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (printed, complaint) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{args:?}: {complaint}");
    assert!(!complaint.contains("panicked"), "{args:?}: {complaint}");
    Ok(printed)
}

/// Height of the best and of the final block in a database.
async fn heights(base: &Path) -> Result<(u64, u64), Failure> {
    let info = plume_node(&["chain-info"], base).await?;
    let info: serde_json::Value = serde_json::from_str(&info)?;
    let heights = info["best_number"]
        .as_u64()
        .zip(info["finalized_number"].as_u64());
    Ok(heights.unwrap_or_else(|| panic!("chain-info printed {info}")))
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_are_exported_imported_checked_and_purged() -> Outcome {
    let network = Network::start(four("subcommands")).await?;
    network.wait_all_finalised(BLOCKS, LIMIT).await?;
    let folder = network.node(0).folder().to_owned();
    network.stop().await?;

    let scratch = tempfile::tempdir()?;
    let (file, copy) = (scratch.path().join("blocks"), scratch.path().join("copy"));
    let file = file
        .to_str()
        .expect("the path of a temporary folder is UTF-8");
    let to = BLOCKS.to_string();
    plume_node(
        &[
            "export-blocks",
            "--binary",
            "--from",
            "1",
            "--to",
            &to,
            file,
        ],
        &folder,
    )
    .await?;
    plume_node(&["import-blocks", "--binary", file], &copy).await?;
    assert_eq!(heights(&copy).await?.0, BLOCKS);
    plume_node(&["check-block", &to], &copy).await?;

    let state = plume_node(&["export-state", &to], &copy).await?;
    let state: serde_json::Value = serde_json::from_str(&state)?;
    let entries = state["genesis"]["raw"]["top"].as_object();
    assert!(
        entries.is_some_and(|top| top.len() > 50),
        "the state is empty"
    );

    // Blocks that were imported from a file without their justifications are not final.
    plume_node(&["revert", "5"], &copy).await?;
    assert_eq!(heights(&copy).await?.0, BLOCKS - 5);

    plume_node(&["purge-chain", "-y"], &copy).await?;
    assert_eq!(heights(&copy).await?, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn final_blocks_are_never_reverted() -> Outcome {
    let network = Network::start(four("revert")).await?;
    network.wait_all_finalised(BLOCKS, LIMIT).await?;
    let node = network.node(0);
    let folder = node.folder().to_owned();
    network.stop().await?;
    drop(network); // it holds the folder
    let (_, finalised) = heights(&folder).await?;
    assert!(finalised >= BLOCKS);
    plume_node(&["revert", "1000000"], &folder).await?;
    let (best, still) = heights(&folder).await?;
    assert_eq!(still, finalised);
    assert!(best >= finalised, "{best} is below the final {finalised}");

    // It goes on from there.
    let network = Network::start(plume_localnet::NetworkConfig {
        base: plume_localnet::Base::Folder(crate::common::folder("revert")),
        ..Default::default()
    })
    .await?;
    network.wait_all_finalised(finalised + 5, LIMIT).await?;
    crate::common::assert_same_block(network.nodes(), finalised + 5).await?;
    network.stop().await?;
    Ok(())
}
