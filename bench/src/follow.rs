//! From a node's announcements to the tracker, at once and once a block.

use crate::{BlockMeta, Board, Progress, Target};
use anyhow::{Context, anyhow};
use futures::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use plume_sdk::{
    H256,
    raw::{Block, Head, Heads, Rpc, Transport, extrinsic_hash},
};
use std::{convert::Infallible, future::Future, pin::pin, time::Duration};

/// Between two looks at the nodes and at the counts.
const LOOK: Duration = Duration::from_millis(250);

type Fetch = BoxFuture<'static, (H256, plume_sdk::Result<Option<Block>>)>;

/// Follows the best and the final heads of one node.
pub struct Follower {
    best: Heads,
    finalised: Heads,
    /// Held, not used: subscriptions end with the last handle of their connection.
    _heads: Rpc,
    /// A connection of its own, so that no body holds up a head.
    bodies: Rpc,
    fetches: FuturesUnordered<Fetch>,
    base: u64,
}

impl Follower {
    /// Subscribes at the node and waits for its present final head.
    pub async fn start(url: &str) -> anyhow::Result<Self> {
        let heads = Rpc::connect(url, Transport::PlainAllowed).await?;
        let mut finalised = heads.subscribe_finalized().await?;
        let first = finalised.next().await.context(ENDED)??;
        Ok(Self {
            best: heads.subscribe_best().await?,
            finalised,
            _heads: heads,
            bodies: Rpc::connect(url, Transport::PlainAllowed).await?,
            fetches: FuturesUnordered::new(),
            base: first.number,
        })
    }

    /// The height that was final when it started.
    pub fn base(&self) -> u64 {
        self.base
    }

    /// Feeds the board until the node stops answering. May be dropped and called again.
    pub async fn run(&mut self, board: &Board) -> anyhow::Result<Infallible> {
        loop {
            tokio::select! {
                biased;
                head = self.finalised.next() => {
                    let now_us = board.clock().now_us();
                    board.tracker_mut().finalised(meta(&head.context(ENDED)??), now_us);
                }
                head = self.best.next() => {
                    let now_us = board.clock().now_us();
                    board.tracker_mut().seen(meta(&head.context(ENDED)??), now_us);
                }
                Some((hash, block)) = self.fetches.next() => {
                    let block = block.context("the followed node did not give a block")?;
                    // None: a fork that the node has forgotten.
                    if let Some(block) = block {
                        debug_assert_eq!(block.head.hash, hash);
                        let hashes = block.extrinsics.iter().map(|bytes| extrinsic_hash(bytes));
                        board.tracker_mut().body(meta(&block.head), hashes);
                    }
                }
            }
            let wanted = board.tracker_mut().take_wanted();
            for hash in wanted {
                let rpc = self.bodies.clone();
                let fetch = async move { (hash, rpc.block(hash).await) };
                self.fetches.push(fetch.boxed());
            }
            board.changed();
        }
    }
}

const ENDED: &str = "the followed node ended its subscription: see whether it still runs";

fn meta(head: &Head) -> BlockMeta {
    BlockMeta {
        number: head.number,
        hash: head.hash,
        parent: head.header.parent_hash,
        slot: head.slot(),
    }
}

/// Runs a load while following the chain, until the load is done. Shows the counts; errors as soon as
/// a node has died or the followed one no longer answers.
pub async fn drive<T>(
    follower: &mut Follower,
    board: &Board,
    target: &Target,
    progress: &Progress,
    load: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    let mut follow = pin!(follower.run(board));
    let mut load = pin!(load);
    let mut look = tokio::time::interval(LOOK);
    loop {
        tokio::select! {
            biased;
            ended = &mut follow => {
                target.check()?;
                return Err(ended.err().unwrap_or_else(|| anyhow!(ENDED)));
            }
            done = &mut load => return done,
            _ = look.tick() => {
                target.check()?;
                progress.counts(&board.counts());
            }
        }
    }
}
