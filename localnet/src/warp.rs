//! A fresh node that skips history.

use crate::{Deadline, Error, ExtraNode, Network, Node};
use std::time::{Duration, Instant};

/// Block sync begins a warp with so many peers that have proofs, and waits for ever with fewer.
pub const WARP_PEERS: usize = 3;

/// Far longer than a line takes to its log.
const SAYS_SO_WITHIN: Duration = Duration::from_secs(10);

/// How a fresh node came to where the network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WarpSync {
    /// The network's last final block when the node was started. The node has the same one.
    pub head: u64,
    /// From the node's start until it had finalised that.
    pub reached: Duration,
    /// From the node's start until it had all blocks before, too.
    pub complete: Duration,
}

/// Adds a fresh node that skips history (`--sync warp`), waits until it has finalised what the network
/// has, and then until it has fetched the blocks that it skipped. Both must be the network's blocks.
///
/// `name` is that of the node and of its folder: another one for each check. The node ends with the
/// check. Needs [`WARP_PEERS`] running validators.
///
/// Errors with [`Error::OtherBlock`] if it has another block anywhere that is looked, with
/// [`Error::Timeout`] if it takes longer than `limit`, and as [`Network::add`].
pub async fn warp_sync(network: &Network, name: &str, limit: Duration) -> Result<WarpSync, Error> {
    let deadline = Deadline::after(limit);
    let head = network.wait_finalised(1, deadline.left()).await?;
    let reference = network.running().next().ok_or_else(|| Error::NotRunning {
        name: "every validator".into(),
    })?;
    let started = Instant::now();
    let node = network
        .add(ExtraNode {
            name: name.into(),
            // A silent validator would keep the part of history that it was asked for from it for ever.
            boot_nodes_alone: true,
            extra_args: ["--sync", "warp", "--state-pruning", "256"]
                .map(String::from)
                .to_vec(),
            ..Default::default()
        })
        .await?;
    node.wait_finalised(head, deadline.left()).await?;
    let reached = started.elapsed();
    check_warped(&node).await?;
    same_block(&node, reference, head, &deadline).await?;
    // Blocks that were skipped come in the order of their heights.
    for height in [1, head / 2, head] {
        same_block(&node, reference, height, &deadline).await?;
    }
    let complete = started.elapsed();
    // It goes on from there.
    let next = network.wait_finalised(head + 8, deadline.left()).await?;
    node.wait_finalised(next, deadline.left()).await?;
    same_block(&node, reference, next, &deadline).await?;
    node.check()?;
    Ok(WarpSync {
        head,
        reached,
        complete,
    })
}

/// Fails if the node executed its way instead. It says so a moment after it has the final block.
async fn check_warped(node: &Node) -> Result<(), Error> {
    let began = Instant::now();
    while node
        .log_lines_matching(&["Warp sync is complete"])
        .is_empty()
    {
        if began.elapsed() > SAYS_SO_WITHIN {
            return Err(Error::NoWarp {
                node: node.name().to_owned(),
                log: node.log_path(),
            });
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn same_block(
    node: &Node,
    reference: &Node,
    height: u64,
    deadline: &Deadline,
) -> Result<(), Error> {
    let theirs = loop {
        match node.block_hash(height).await? {
            Some(hash) => break hash,
            None => {
                node.check()?;
                deadline
                    .pause(format!("{} to have block {height}", node.name()))
                    .await?;
            }
        }
    };
    let ours = reference.block_hash(height).await?;
    if ours.as_deref() != Some(&*theirs) {
        return Err(Error::OtherBlock {
            node: node.name().to_owned(),
            other: reference.name().to_owned(),
            height,
        });
    }
    Ok(())
}
