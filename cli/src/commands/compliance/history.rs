//! What happened to cases, block by block.

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};
use plume_sdk::{AtBlock, Client, Event, H256, raw, state};

use crate::failure::Failure;

/// Blocks that are asked for at once: enough to hide the way to the node and back.
const AT_ONCE: usize = 16;

/// Something that happened to a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// In which block.
    pub block: u64,
    /// When, in seconds since 1970.
    pub time_s: u64,
    /// The extrinsic that caused it, and its hash; none for what the chain did by itself.
    pub extrinsic: Option<(u32, H256)>,
    /// What.
    pub event: Event,
}

/// What happened to cases between two blocks, both included, by the cases' numbers.
pub async fn read(
    client: &Client,
    first: u64,
    last: u64,
) -> Result<BTreeMap<u64, Vec<Happening>>, Failure> {
    let blocks = stream::iter(first..=last).map(|number| block(client, number));
    let found: Vec<Vec<(u64, Happening)>> = blocks.buffered(AT_ONCE).try_collect().await?;
    let mut cases = BTreeMap::<_, Vec<_>>::new();
    for (case, happening) in found.into_iter().flatten() {
        cases.entry(case).or_default().push(happening);
    }
    Ok(cases)
}

async fn block(client: &Client, number: u64) -> Result<Vec<(u64, Happening)>, Failure> {
    let hash = hash(client, number).await?;
    let events = client
        .placed_events(hash)
        .await
        .map_err(|error| pruned(number, &error))?;
    let of_cases: Vec<_> = events
        .into_iter()
        .filter(|(_, event)| event.pallet == "Compliance")
        .filter_map(|(place, event)| {
            let case = u64::try_from(event.integer("case")?).ok()?;
            Some((case, place, event))
        })
        .collect();
    if of_cases.is_empty() {
        return Ok(Vec::new());
    }
    let time_s = time(client, number).await?;
    let extrinsics = client
        .raw()
        .block(hash)
        .await?
        .map(|block| block.extrinsics)
        .unwrap_or_default();
    let extrinsic = |place: u32| {
        let bytes = extrinsics.get(usize::try_from(place).ok()?)?;
        // What nobody signed, the chain did by itself: its hash is nothing to look for.
        raw::is_signed(bytes).then(|| (place, raw::extrinsic_hash(bytes)))
    };
    Ok(of_cases
        .into_iter()
        .map(|(case, place, event)| {
            let happening = Happening {
                block: number,
                time_s,
                extrinsic: place.and_then(extrinsic),
                event,
            };
            (case, happening)
        })
        .collect())
}

async fn hash(client: &Client, number: u64) -> Result<H256, Failure> {
    client.raw().block_hash(number).await?.ok_or_else(|| {
        Failure::new(
            format!("the node has no block {number}"),
            "Ask a node that has followed the chain from its beginning",
        )
    })
}

/// A block's time, in seconds since 1970; the genesis block has none.
pub async fn time(client: &Client, number: u64) -> Result<u64, Failure> {
    let hash = hash(client, number).await?;
    let reading = async {
        let at = client.at_block(hash).await?;
        state::entry(&at, "Timestamp", "Now", vec![]).await
    };
    let now = reading.await.map_err(|error| pruned(number, &error))?;
    let milliseconds = now
        .as_ref()
        .and_then(|now| now.as_str()?.parse::<u64>().ok());
    Ok(milliseconds.unwrap_or_default() / 1_000)
}

/// The chain's state after a block.
pub async fn at(client: &Client, number: u64) -> Result<AtBlock, Failure> {
    let hash = hash(client, number).await?;
    client
        .at_block(hash)
        .await
        .map_err(|error| pruned(number, &error))
}

/// The first block from 1 to `last` of a time no earlier; `last` where all are earlier.
pub async fn first_block_at(client: &Client, time_s: u64, last: u64) -> Result<u64, Failure> {
    let (mut low, mut high) = (1.min(last), last);
    while low < high {
        let middle = low + (high - low) / 2;
        if time(client, middle).await? < time_s {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn pruned(number: u64, error: &plume_sdk::Error) -> Failure {
    Failure::new(
        format!(
            "cannot read what happened in block {number}: {}",
            error.reason()
        ),
        "Ask an archive node with --url: others keep what happened for 256 blocks, about a minute",
    )
}
