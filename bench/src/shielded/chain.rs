//! What wallets read from the chain.

use anyhow::{Context, ensure};
use codec::{Decode, DecodeAll};
use pallet_credentials::Credential;
use pallet_shielded_pool::{Circuit, Policy, schedule::Schedule};
use plume_circuits::{
    FieldBytes,
    frontier::Frontier,
    transfer::{CREDENTIAL_DEPTH, NOTE_DEPTH, Point},
    tree::{Group, Path},
};
use plume_primitives::compliance::SubjectId;
use plume_sdk::{At, AtBlock, Client, state, subxt::dynamic::Value};
use plume_wallet::{
    Amount, Birth, Block, BlockId, Body, CredentialNodes, Payout, Pool, PoolTransfer, Rule, Terms,
};

const POOL: &str = "ShieldedPool";
const CREDENTIALS: &str = "Credentials";

/// Final blocks in which something happened in the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pooled {
    /// The blocks, in order.
    pub blocks: Vec<Block>,
    /// Up to and with which block these are all.
    pub through: BlockId,
}

impl Pooled {
    /// Reads all final blocks after a height. The node must have their state: not more than 256 of them.
    pub async fn after(client: &Client, number: u64) -> anyhow::Result<Self> {
        let through = newest(client).await?;
        let mut blocks = Vec::new();
        for number in number.saturating_add(1)..=through.number {
            blocks.extend(block(client, number).await?);
        }
        Ok(Self { blocks, through })
    }

    /// Transfers in them.
    pub fn transfers(&self) -> usize {
        self.blocks.iter().map(|block| block.transfers.len()).sum()
    }
}

/// The newest final block.
pub(super) async fn newest(client: &Client) -> anyhow::Result<BlockId> {
    let head = client.raw().finalized_head().await?;
    Ok(BlockId {
        number: head.number,
        hash: head.hash.0,
    })
}

async fn block(client: &Client, number: u64) -> anyhow::Result<Option<Block>> {
    let hash = client.raw().block_hash(number).await?;
    let hash = hash.with_context(|| format!("the node has no block {number}"))?;
    let mut transfers = Vec::<(Option<u32>, PoolTransfer)>::new();
    let mut root = None;
    for event in client.encoded_events(hash).await? {
        if event.pallet != POOL {
            continue;
        }
        match event.name.as_str() {
            "Transferred" => {
                let (first, body) = decoded::<(u64, Body)>(&event.fields)?;
                let transfer = PoolTransfer {
                    first,
                    body,
                    payout: None,
                };
                transfers.push((event.place, transfer));
            }
            "Withdrawn" => {
                let (to, amount) = decoded::<([u8; 32], Amount)>(&event.fields)?;
                let value = amount.value;
                let first = transfers
                    .iter_mut()
                    .find(|(place, _)| *place == event.place);
                if let Some((_, transfer)) = first {
                    transfer.payout = Some(Payout { to, value });
                }
            }
            "RootChanged" => root = Some(decoded::<(FieldBytes, u64)>(&event.fields)?.0),
            _ => {}
        }
    }
    Ok(root.map(|root| Block {
        id: BlockId {
            number,
            hash: hash.0,
        },
        transfers: transfers.into_iter().map(|(_, one)| one).collect(),
        root,
    }))
}

/// What never changes about the pool, and where a new wallet begins.
pub(super) async fn beginning(client: &Client) -> anyhow::Result<(Pool, Birth)> {
    let block = newest(client).await?;
    let at = client.at_block(plume_sdk::H256(block.hash)).await?;
    let constant = |name| -> anyhow::Result<u32> {
        let bytes = state::constant(&at, POOL, name);
        decoded(&bytes.context("this chain has no shielded pool")?)
    };
    let pool = Pool {
        genesis: client.online().genesis_hash().0,
        period_length: constant("PeriodLength")?,
        max_proof_age: constant("MaxProofAge")?,
    };
    let edge = state::encoded(&at, POOL, "Edge", vec![]).await?;
    let edge: Frontier<NOTE_DEPTH> = match edge {
        Some(bytes) => decoded(&bytes)?,
        None => Frontier::default(),
    };
    Ok((pool, Birth { block, edge }))
}

/// What counts for proofs of a moment, as the newest final block knows it, and BLAKE2b-256 of the circuit's verifying
/// key.
pub async fn terms(client: &Client, time: u32) -> anyhow::Result<(Terms, [u8; 32])> {
    let at = client.at(At::Finalised).await?;
    let (version, digest) = circuit(&at, time).await?;
    let mut rules = Vec::new();
    for (key, content) in state::all_encoded(&at, POOL, "Policies").await? {
        let Policy {
            asset,
            tier,
            limit,
            receiver_known,
            jurisdictions,
        } = decoded(&content)?;
        let rule = Rule {
            asset,
            tier,
            limit,
            receiver_known,
            jurisdictions,
        };
        rules.push((last_number(&key)?, rule));
    }
    let paused = state::encoded(&at, POOL, "Paused", vec![]).await?;
    let terms = Terms {
        time,
        circuit: version,
        credential_root: decoded(&value(&at, CREDENTIALS, "Root").await?)?,
        policy_root: scheduled(&at, "PolicyRoots", time).await?,
        rules,
        flow_key: scheduled::<Point>(&at, "FlowKeys", time).await?,
        committee_key: scheduled::<Point>(&at, "CommitteeKeys", time).await?,
        paused: paused.is_some_and(|bytes| bytes == [1]),
    };
    Ok((terms, digest))
}

async fn circuit(at: &AtBlock, time: u32) -> anyhow::Result<(u32, [u8; 32])> {
    let mut newest = None::<(u32, [u8; 32])>;
    for (key, content) in state::all_encoded(at, POOL, "Circuits").await? {
        let version = last_number(&key)?;
        let circuit: Circuit = decoded(&content)?;
        if circuit.is_active(time) && newest.is_none_or(|(known, _)| known < version) {
            newest = Some((version, circuit.digest));
        }
    }
    newest.context("no circuit counts on this chain: register one first")
}

async fn scheduled<V: Decode + Clone>(at: &AtBlock, name: &str, time: u32) -> anyhow::Result<V> {
    let schedule: Schedule<V> = decoded(&value(at, POOL, name).await?)?;
    let found = schedule.at(time).cloned();
    found.with_context(|| format!("no entry of {POOL}.{name} counts: governance has to set one"))
}

/// Where the leaves of these subjects are in the tree of credentials.
pub(super) async fn paths(
    client: &Client,
    subjects: impl IntoIterator<Item = SubjectId>,
) -> anyhow::Result<Vec<Path<CREDENTIAL_DEPTH>>> {
    let at = client.at(At::Finalised).await?;
    let mut nodes = CredentialNodes::default();
    for (key, group) in state::all_encoded(&at, CREDENTIALS, "Nodes").await? {
        // The hasher keeps the key: level and place.
        let (rest, place) = key.split_last_chunk().context("the key of a node")?;
        let place = u32::from_le_bytes(*place);
        nodes
            .0
            .insert((last_number(rest)?, place), decoded::<Group>(&group)?);
    }
    let mut paths = Vec::new();
    for subject in subjects {
        let key = vec![Value::from_bytes(subject.0)];
        let record = state::encoded(&at, CREDENTIALS, "Credentials", key).await?;
        let record = record.context("a credential of the measurement is not on the chain")?;
        let record: Credential<[u8; 32]> = decoded(&record)?;
        ensure!(record.shown, "a credential of the measurement has no leaf");
        let path = record.leaf.and_then(|leaf| nodes.path(leaf));
        paths.push(path.context("the tree of credentials has no path to a leaf")?);
    }
    Ok(paths)
}

async fn value(at: &AtBlock, pallet: &str, name: &str) -> anyhow::Result<Vec<u8>> {
    let found = state::encoded(at, pallet, name, vec![]).await?;
    found.with_context(|| format!("this chain has no {pallet}.{name}"))
}

fn last_number(key: &[u8]) -> anyhow::Result<u32> {
    let (_, number) = key.split_last_chunk().context("a key ends with a number")?;
    Ok(u32::from_le_bytes(*number))
}

fn decoded<T: Decode>(bytes: &[u8]) -> anyhow::Result<T> {
    let decoded = T::decode_all(&mut &*bytes);
    decoded.context("the chain's types are others: build node and bench from one source")
}
