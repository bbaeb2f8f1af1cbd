//! How full blocks were, and what kept more out of them.

use crate::{
    Calls, FinalBlock,
    calls::{stored, value_key},
};
use codec::Compact;
use plume_localnet::Node;
use plume_sdk::raw::{Rpc, to_hex};
use serde::Serialize;
use std::collections::BTreeMap;

/// Picoseconds of `ref_time` in a millisecond.
const REF_TIME_MS: f64 = 1e9;
/// What a node logs of a block that it built.
const BUILT: &str = "Prepared block for proposing at";
/// What it logs when it has sealed it, which changes its hash.
const SEALED: &str = "Pre-sealed block for proposal at";

type Weight = (Compact<u64>, Compact<u64>);
/// Normal, operational and mandatory.
type BlockWeight = [Weight; 3];
/// The beginning of `System.BlockWeights`: base and whole of a block; of a normal transaction the base, the most of one,
/// and the most of all.
type Limits = (Weight, Weight, (Weight, Option<Weight>, Option<Weight>));

/// The most weight of all ordinary transactions of a block.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct NormalLimit {
    /// Milliseconds of `ref_time`.
    pub ms: f64,
}

impl NormalLimit {
    /// As the runtime has it for the network's slots.
    pub fn read(calls: &Calls) -> anyhow::Result<Self> {
        let (_, whole, (_, _, most)): Limits = calls.constant("System", "BlockWeights")?;
        let (ref_time, _) = most.unwrap_or(whole);
        Ok(Self {
            ms: ref_time.0 as f64 / REF_TIME_MS,
        })
    }
}

/// A final block with transactions of ours.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BlockFill {
    /// Its height.
    pub number: u64,
    /// Our transactions in it.
    pub transactions: usize,
    /// Milliseconds of `ref_time` of all its ordinary transactions.
    pub weight_ms: f64,
    /// How long its author built it; none if no log of ours says so.
    pub build_ms: Option<u64>,
    /// Why its author added no further transaction.
    pub end: Option<String>,
}

/// Reads weight, and the logs of the nodes, of all blocks with transactions of ours.
pub async fn filled(
    rpc: &Rpc,
    nodes: &[Node],
    blocks: &[FinalBlock],
) -> anyhow::Result<Vec<BlockFill>> {
    let built = built(
        nodes
            .iter()
            .flat_map(|node| node.log_lines_matching(&[BUILT, SEALED])),
    );
    let key = value_key("System", "BlockWeight");
    let mut fills = Vec::new();
    for block in blocks.iter().filter(|block| block.transfers > 0) {
        let hash = rpc.block_hash(block.number).await?;
        let Some([(ref_time, _), _, _]) = stored::<BlockWeight>(rpc, &key, hash).await? else {
            continue;
        };
        let logged = hash.and_then(|hash| built.get(&to_hex(&hash.0)));
        fills.push(BlockFill {
            number: block.number,
            transactions: block.transfers,
            weight_ms: ref_time.0 as f64 / REF_TIME_MS,
            build_ms: logged.map(|(ms, _)| *ms),
            end: logged.map(|(_, end)| end.clone()),
        });
    }
    Ok(fills)
}

/// Milliseconds and the reason for the end, by the sealed block's hash, out of lines as
/// `Prepared block for proposing at 9 (12 ms) [hash: 0x0a…; parent_hash: …; end: NoMoreTransactions; …` and
/// `Pre-sealed block for proposal at 9. Hash now 0x0b…, previously 0x0a….`
fn built(lines: impl IntoIterator<Item = String>) -> BTreeMap<String, (u64, String)> {
    let between = |line: &str, from: &str, to: &str| {
        let (_, rest) = line.split_once(from)?;
        let (found, _) = rest.split_once(to)?;
        Some(found.to_owned())
    };
    let (mut found, mut seals) = (BTreeMap::new(), Vec::new());
    for line in lines {
        if line.contains(SEALED) {
            let before = line.split_once(", previously ").map(|(_, hash)| hash);
            let before = before.map(|hash| hash.trim_end_matches('.').to_owned());
            seals.extend(before.zip(between(&line, "Hash now ", ",")));
        } else if let Some((_, rest)) = line.split_once(BUILT)
            && let Some(ms) = between(rest, "(", " ms)").and_then(|ms| ms.parse().ok())
            && let Some(hash) = between(rest, "[hash: ", ";")
            && let Some(end) = between(rest, "end: ", ";")
        {
            found.insert(hash, (ms, end));
        }
    }
    let sealed = |(before, now)| Some((now, found.remove(&before)?));
    seals.into_iter().filter_map(sealed).collect()
}

/// What blocks say together.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FullBlocks {
    /// How many had transactions of ours.
    pub blocks: usize,
    /// The most of them in a block.
    pub most: usize,
    /// Milliseconds of weight that a transaction takes of its block, of those in the fullest ones.
    pub weight_ms: Option<f64>,
    /// Transactions that fit by that weight.
    pub fit: Option<usize>,
    /// Average and longest time of building a block.
    pub build_mean_ms: Option<f64>,
    /// See above.
    pub build_max_ms: Option<u64>,
    /// Why authors added no more, and how often.
    pub ends: BTreeMap<String, usize>,
}

/// Sums blocks up.
pub fn bound(fills: &[BlockFill], limit: NormalLimit) -> FullBlocks {
    let most = fills.iter().map(|fill| fill.transactions).max();
    let most = most.unwrap_or(0);
    let fullest = || fills.iter().filter(move |fill| fill.transactions == most);
    let weight: f64 = fullest().map(|fill| fill.weight_ms).sum();
    let weight_ms = (most > 0).then(|| weight / (fullest().count() * most) as f64);
    let build: Vec<u64> = fills.iter().filter_map(|fill| fill.build_ms).collect();
    let mut ends = BTreeMap::new();
    for end in fills.iter().filter_map(|fill| fill.end.clone()) {
        *ends.entry(end).or_default() += 1;
    }
    FullBlocks {
        blocks: fills.len(),
        most,
        weight_ms,
        fit: weight_ms.map(|one| (limit.ms / one.max(1e-9)) as usize),
        build_mean_ms: (!build.is_empty())
            .then(|| build.iter().sum::<u64>() as f64 / build.len() as f64),
        build_max_ms: build.iter().max().copied(),
        ends,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_sdk::H256;

    fn fill(transactions: usize, weight_ms: f64, build_ms: u64, end: &str) -> BlockFill {
        BlockFill {
            number: 1,
            transactions,
            weight_ms,
            build_ms: Some(build_ms),
            end: Some(end.into()),
        }
    }

    #[test]
    fn a_log_says_how_long_a_block_took_and_why_it_ended() {
        let [before, hash] = [H256([0xab; 32]), H256([0xcd; 32])];
        let line = format!(
            "2026-11-30 INFO authorship: {BUILT} 742 (42 ms) [hash: {before:?}; parent_hash: 0x6c5c…2cc4; end: \
             HitBlockWeightLimit; extrinsics (87)]"
        );
        let sealed = format!(
            "2026-11-30 INFO aura: 🔖 {SEALED} 742. Hash now {hash:?}, previously {before:?}."
        );
        let built = built([
            line,
            format!("{BUILT} 9 without more"),
            sealed,
            format!("{SEALED} 9. Hash now {before:?}, previously {hash:?}."),
        ]);
        assert_eq!(built.len(), 1);
        let (ms, end) = built.get(&to_hex(&hash.0)).expect("by its hash");
        assert_eq!((*ms, end.as_str()), (42, "HitBlockWeightLimit"));
    }

    #[test]
    fn what_fits_comes_out_of_the_fullest_blocks() {
        let fills = [
            fill(8, 60.0, 50, "HitBlockWeightLimit"),
            fill(8, 68.0, 70, "HitBlockWeightLimit"),
            fill(1, 20.0, 12, "NoMoreTransactions"),
        ];
        let full = bound(&fills, NormalLimit { ms: 70.0 });
        assert_eq!((full.blocks, full.most), (3, 8));
        assert_eq!((full.weight_ms, full.fit), (Some(8.0), Some(8)));
        assert_eq!(
            (full.build_mean_ms, full.build_max_ms),
            (Some(44.0), Some(70))
        );
        assert_eq!(full.ends.get("HitBlockWeightLimit"), Some(&2));
    }

    #[test]
    fn nothing_was_built_and_nothing_is_known() {
        let full = bound(&[], NormalLimit { ms: 70.0 });
        assert_eq!(full, FullBlocks::default());
    }
}
