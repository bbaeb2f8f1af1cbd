//! Following finality: how far it is, how far behind, and how many transactions it brings.

use plume_localnet::{Error, Network, Node, Subscription};
use serde::Deserialize;
use serde_json::json;
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// Transactions a second are averaged over this long.
const WINDOW: Duration = Duration::from_secs(5);

/// What one look at the network shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Status {
    pub best: u64,
    pub finalised: u64,
    /// Since finality last advanced.
    pub finality_age: Duration,
    /// Finalised transactions a second, inherents not counted.
    pub transactions_per_second: f64,
    /// Peers of the node that has fewest.
    pub peers: usize,
}

impl Status {
    /// Blocks that are not final yet.
    pub fn lag_blocks(&self) -> u64 {
        self.best.saturating_sub(self.finalised)
    }
}

#[derive(Deserialize)]
struct Head {
    number: String,
}

#[derive(Deserialize)]
struct SignedBlock {
    block: Block,
}

#[derive(Deserialize)]
struct Block {
    extrinsics: Vec<String>,
}

/// Listens to one node's finalised blocks.
pub(crate) struct Follower {
    began: Instant,
    heads: Option<Subscription<Head>>,
    advanced: Instant,
    finalised: u64,
    /// Height up to which transactions are counted.
    counted: u64,
    counts: VecDeque<(Instant, usize)>,
}

impl Follower {
    /// Begins at what the node has finalised by now.
    pub async fn new(node: &Node) -> Self {
        let finalised = node.finalised().await.unwrap_or(0);
        let now = Instant::now();
        let counts = VecDeque::new();
        Self {
            began: now,
            heads: None,
            advanced: now,
            finalised,
            counted: finalised,
            counts,
        }
    }

    /// Takes the node's next finalised block. May be dropped at any time without losing one.
    pub async fn follow(&mut self, node: &Node) {
        if let Err(_unreachable) = self.advance(node).await {
            // The node may be restarting or dying; the status line shows that finality stands.
            self.heads = None;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn advance(&mut self, node: &Node) -> Result<(), Error> {
        let heads = match &mut self.heads {
            Some(heads) => heads,
            none => none.insert(
                node.subscribe(
                    "chain_subscribeFinalizedHeads",
                    json!([]),
                    "chain_unsubscribeFinalizedHeads",
                )
                .await?,
            ),
        };
        let Head { number } = heads.next().await?;
        let height = u64::from_str_radix(number.trim_start_matches("0x"), 16).unwrap_or(0);
        if height > self.finalised {
            (self.finalised, self.advanced) = (height, Instant::now());
        }
        Ok(())
    }

    /// Looks at the network; none if its first node does not answer.
    pub async fn status(&mut self, network: &Network) -> Option<Status> {
        let node = network.node(0);
        let best = node.best().await.ok()?;
        self.count(node).await.ok()?;
        let peers = futures::future::join_all(network.running().map(Node::peers)).await;
        let now = Instant::now();
        while self
            .counts
            .front()
            .is_some_and(|(at, _)| now.duration_since(*at) > WINDOW)
        {
            self.counts.pop_front();
        }
        let counted: usize = self.counts.iter().map(|(_, count)| count).sum();
        let window = WINDOW
            .min(now.duration_since(self.began))
            .max(Duration::from_secs(1));
        Some(Status {
            best: best.max(self.finalised),
            finalised: self.finalised,
            finality_age: now.duration_since(self.advanced),
            transactions_per_second: counted as f64 / window.as_secs_f64(),
            peers: peers.into_iter().flatten().min().unwrap_or(0),
        })
    }

    /// Counts the transactions of the blocks that were finalised since the last look.
    async fn count(&mut self, node: &Node) -> Result<(), Error> {
        /// More than a second's blocks; a longer gap (a laptop that slept) is not worth the requests.
        const MOST: u64 = 40;
        for height in self.counted.max(self.finalised.saturating_sub(MOST)) + 1..=self.finalised {
            let Some(hash) = node.block_hash(height).await? else {
                break;
            };
            let SignedBlock { block } = node.rpc("chain_getBlock", json!([hash])).await?;
            let transactions = block
                .extrinsics
                .iter()
                .filter(|extrinsic| !is_bare(extrinsic))
                .count();
            self.counts.push_back((Instant::now(), transactions));
            self.counted = height;
        }
        Ok(())
    }
}

/// Whether an extrinsic (SCALE, as 0x and hexadecimal digits) is bare: an inherent such as the
/// timestamp, and nothing that somebody sent. Source: the two high bits of the version byte, which
/// follows the compact length; 00 is bare, 10 signed, 01 general.
fn is_bare(extrinsic: &str) -> bool {
    let digits = extrinsic.trim_start_matches("0x");
    let byte = |index: usize| {
        digits
            .get(2 * index..2 * index + 2)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
    };
    let length_bytes = match byte(0).map(|first| first & 0b11) {
        Some(0b00) => 1,
        Some(0b01) => 2,
        Some(0b10) => 4,
        _ => return true,
    };
    byte(length_bytes).is_none_or(|version| version >> 6 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_sent_is_told_from_inherents() {
        assert!(is_bare("0x280402000b10")); // a bare version 4: the timestamp
        assert!(is_bare("0x280502000b10")); // a bare version 5
        assert!(!is_bare("0x35028400d435")); // signed, length in two bytes
        assert!(!is_bare("0x284500d43593")); // general
        assert!(!is_bare("0x0e00010084ff")); // signed, length in four bytes
        assert!(is_bare("0x") && is_bare("nonsense"));
    }
}
