//! What a wallet asks a node for.

use plume_circuits::{
    FieldBytes, commit,
    frontier::Frontier,
    transfer::{CREDENTIAL_DEPTH, NOTE_DEPTH, Point},
    tree::{Group, Path},
};
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{At, AtBlock, Client, H256, raw, state};
use plume_shielded::{Disclosure, Network, disclosure::Published};
use plume_wallet::{
    Amount, Birth, Block, BlockId, Body, CredentialNodes, Holder, Page, Payout, Pool, PoolTransfer,
    Source, Terms, published,
};
use serde_json::Value as Json;

use super::stored::{Circuit, PALLET, circuit, decoded, rules, scheduled, unreadable};
use crate::commands::credential::chain::elapsed;
use crate::failure::Failure;

/// Blocks that are looked through at once.
const STRETCH: u64 = 4_096;
/// Blocks that are read for one page.
const PAGE: usize = 64;
/// The name in the runtime of the pallet that keeps credentials.
const CREDENTIALS: &str = "Credentials";

/// A node, as a wallet sees it.
pub struct Node {
    client: Client,
    /// Where `ShieldedPool.NextPosition` is in storage.
    position_key: Vec<u8>,
    /// A block, and how many leaves there are after it. Spares asking for the state of an old one, which only an
    /// archive node has.
    known: (u64, u64),
}

impl Node {
    /// Looks whether the chain has a pool.
    pub async fn new(client: Client) -> Result<Self, Failure> {
        let at = client.at(At::Finalised).await?;
        let entry = at.storage().entry((PALLET, "NextPosition"));
        let position_key = entry
            .map(|entry| entry.key_prefix().to_vec())
            .map_err(|_| {
                Failure::new(
                    "this chain has no shielded pool",
                    "Name a node of a chain that has one, with --url",
                )
            })?;
        Ok(Self {
            client,
            position_key,
            known: (0, 0),
        })
    }

    /// Says up to which block a wallet has followed, and how many leaves there are after it.
    pub fn goes_on(&mut self, block: BlockId, leaves: u64) {
        self.known = (block.number, leaves);
    }

    /// The connection.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What never changes about the pool.
    pub async fn pool(&self) -> Result<Pool, Failure> {
        let at = self.client.at(At::Finalised).await?;
        let constant =
            |name| -> Result<u32, Failure> { decoded(&state::constant(&at, PALLET, name)?) };
        Ok(Pool {
            genesis: self.client.online().genesis_hash().0,
            period_length: constant("PeriodLength")?,
            max_proof_age: constant("MaxProofAge")?,
        })
    }

    /// For which network addresses of this chain are.
    pub async fn network(&self) -> Result<Network, Failure> {
        let kind: Json = self
            .client
            .raw()
            .request(
                "system_chainType",
                plume_sdk::subxt_rpcs::client::rpc_params![],
            )
            .await?;
        Ok(match kind.as_str() {
            Some("Live") => Network::Live,
            Some("Development" | "Local") => Network::Dev,
            _ => Network::Test,
        })
    }

    /// Where a wallet begins that sees nothing up to a block: the newest final one by default.
    pub async fn birth(&self, number: Option<u64>) -> Result<Birth, Failure> {
        let block = match number {
            Some(number) => BlockId {
                number,
                hash: self.hash(number).await?.0,
            },
            None => newest(&self.client).await?,
        };
        let at = self.client.at_block(H256(block.hash)).await;
        let at = at.map_err(|error| too_old(Failure::from(error)))?;
        let edge = state::encoded(&at, PALLET, "Edge", vec![]).await;
        let edge = edge.map_err(|error| too_old(Failure::from(error)))?;
        let edge: Frontier<NOTE_DEPTH> = match edge {
            Some(bytes) => decoded(&bytes)?,
            None => Frontier::default(),
        };
        Ok(Birth { block, edge })
    }

    /// Seconds from the first block to a recent one.
    pub async fn time(&self, block: BlockId) -> Result<u32, Failure> {
        elapsed(&self.client.at_block(H256(block.hash)).await?).await
    }

    /// The newest final block: what belongs together is read at one.
    pub async fn now(&self) -> Result<AtBlock, Failure> {
        Ok(self.client.at(At::Finalised).await?)
    }

    /// What counts at a block, and the circuit.
    pub async fn terms(&self, at: &AtBlock) -> Result<(Terms, Circuit), Failure> {
        let time = elapsed(at).await?;
        let credential_root = self.credential_root(at).await?;
        let paused = state::encoded(at, PALLET, "Paused", vec![]).await?;
        let circuit = circuit(at, time).await?;
        let terms = Terms {
            time,
            circuit: circuit.version,
            credential_root,
            policy_root: scheduled(at, "PolicyRoots", time).await?,
            rules: rules(at).await?,
            flow_key: scheduled::<Point>(at, "FlowKeys", time).await?,
            committee_key: scheduled::<Point>(at, "CommitteeKeys", time).await?,
            paused: paused.is_some_and(|bytes| bytes == [1]),
        };
        Ok((terms, circuit))
    }

    /// The path of the credential of whoever has a pool key. `None` when the chain has no such credential, or its leaf
    /// is empty: suspended, revoked, frozen, or renewed since.
    pub async fn path(
        &self,
        at: &AtBlock,
        disclosure: &Disclosure,
        pool_key: &FieldBytes,
    ) -> Result<Option<Path<CREDENTIAL_DEPTH>>, Failure> {
        let commitment = commit(&[*pool_key], &disclosure.salt);
        let key = vec![Value::from_bytes(commitment.as_bytes())];
        let Some(subject) = state::encoded(at, CREDENTIALS, "Commitments", key).await? else {
            return Ok(None);
        };
        let key = vec![Value::from_bytes(subject)];
        let record = state::entry(at, CREDENTIALS, "Credentials", key).await?;
        let leaf = record.and_then(|record| number(state::variant(&record["leaf"])?.1));
        let Some(leaf) = leaf else { return Ok(None) };
        let mut nodes = CredentialNodes::default();
        for (level, place) in CredentialNodes::wanted(leaf) {
            let parts = [level, place].map(|part| Value::u128(part.into()));
            let key = vec![Value::unnamed_composite(parts)];
            if let Some(group) = state::encoded(at, CREDENTIALS, "Nodes", key).await? {
                nodes.0.insert((level, place), decoded::<Group>(&group)?);
            }
        }
        let path = nodes.path(leaf);
        let root = self.credential_root(at).await?;
        let leads = |path: &Path<CREDENTIAL_DEPTH>| {
            path.leads::<plume_circuits::Poseidon>(&disclosure.leaf(pool_key), &root)
        };
        Ok(path.filter(leads))
    }

    /// The credential of whoever has a pool key, and where it is.
    pub async fn holder(
        &self,
        at: &AtBlock,
        disclosure: Disclosure,
        pool_key: &FieldBytes,
    ) -> Result<Holder, Failure> {
        let path = self.path(at, &disclosure, pool_key).await?.ok_or_else(|| {
            Failure::new(
                "the credential is not in force for this wallet's key",
                "Ask its issuer whether it is bound to the key of this wallet, suspended, revoked or renewed",
            )
        })?;
        Ok(Holder { disclosure, path })
    }

    /// Root of the credentials' tree.
    pub async fn credential_root(&self, at: &AtBlock) -> Result<FieldBytes, Failure> {
        let root = state::encoded(at, CREDENTIALS, "Root", vec![]).await?;
        decoded(&root.ok_or_else(unreadable)?)
    }

    /// Whether the chain takes a root of credentials in a proof at a moment: by the rule of `pallet-credentials`.
    pub async fn root_counts(
        &self,
        at: &AtBlock,
        root: &FieldBytes,
        now: u32,
    ) -> Result<bool, Failure> {
        if self.credential_root(at).await? == *root {
            return Ok(true);
        }
        let key = vec![Value::from_bytes(root.as_bytes())];
        let Some(number) = state::encoded(at, CREDENTIALS, "Numbers", key).await? else {
            return Ok(false);
        };
        let key = vec![Value::u128(decoded::<u64>(&number)?.into())];
        let Some(replaced) = state::encoded(at, CREDENTIALS, "Ring", key).await? else {
            return Ok(false);
        };
        let (_, epoch, _) = decoded::<(FieldBytes, u64, u32)>(&replaced)?;
        let key = vec![Value::u128(epoch.into())];
        let Some(ended) = state::encoded(at, CREDENTIALS, "EpochEnds", key).await? else {
            return Ok(true);
        };
        let delay: u32 = decoded(&state::constant(at, CREDENTIALS, "RootDelay")?)?;
        Ok(now <= decoded::<u32>(&ended)?.saturating_add(delay))
    }

    /// What the chain has at a position of the tree of notes. Searches for the block that made it.
    pub async fn published(&self, position: u64) -> Result<Option<Published>, Failure> {
        let (mut before, mut at) = (0, newest(&self.client).await?.number);
        if self.leaves(at).await? <= position {
            return Ok(None);
        }
        while at - before > 1 {
            let middle = before + (at - before) / 2;
            if self.leaves(middle).await? > position {
                at = middle;
            } else {
                before = middle;
            }
        }
        let block = self.block(at).await?;
        let mut transfers = block.iter().flat_map(|block| &block.transfers);
        Ok(transfers.find_map(|transfer| published(transfer, position)))
    }

    async fn hash(&self, number: u64) -> Result<H256, Failure> {
        let hash = self.client.raw().block_hash(number).await?;
        hash.ok_or_else(|| {
            Failure::new(
                format!("the node has no block {number}"),
                "Choose a block that the chain has",
            )
        })
    }

    /// Leaves of the tree of notes after a block.
    async fn leaves(&self, number: u64) -> Result<u64, Failure> {
        let hash = self.hash(number).await?;
        let key = raw::to_hex(&self.position_key);
        let params = plume_sdk::subxt_rpcs::client::rpc_params![key, hash];
        let answer: plume_sdk::Result<Option<String>> =
            self.client.raw().request("state_getStorage", params).await;
        let answer = answer.map_err(|error| too_old(Failure::from(error)))?;
        match answer.as_deref().map(raw::from_hex) {
            None => Ok(0),
            Some(Some(bytes)) => decoded(&bytes),
            Some(None) => Err(unreadable()),
        }
    }

    /// Blocks between two that have other numbers of leaves, in which the number changes. Each is told of with the
    /// number of leaves before.
    async fn changed(&self, from: (u64, u64), to: (u64, u64)) -> Result<Vec<u64>, Failure> {
        let mut found = Vec::new();
        let mut stretches = vec![(from, to)];
        while let Some((low, high)) = stretches.pop() {
            if low.1 == high.1 {
                continue;
            }
            if high.0 - low.0 <= 1 {
                found.push(high.0);
                if found.len() >= PAGE {
                    break;
                }
                continue;
            }
            let middle = low.0 + (high.0 - low.0) / 2;
            let middle = (middle, self.leaves(middle).await?);
            // The earlier one is looked at first.
            stretches.push((middle, high));
            stretches.push((low, middle));
        }
        Ok(found)
    }

    /// What happened in the pool in a block.
    async fn block(&self, number: u64) -> Result<Option<Block>, Failure> {
        let hash = self.hash(number).await?;
        let events = self.client.encoded_events(hash).await;
        let events = events.map_err(|error| too_old(Failure::from(error)))?;
        let mut transfers = Vec::<(Option<u32>, PoolTransfer)>::new();
        let mut root = None;
        for event in events.iter().filter(|event| event.pallet == PALLET) {
            let fields = &event.fields;
            match event.name.as_str() {
                "Transferred" => {
                    let (first, body) = decoded::<(u64, Body)>(fields)?;
                    let payout = None;
                    let transfer = PoolTransfer {
                        first,
                        body,
                        payout,
                    };
                    transfers.push((event.place, transfer));
                }
                "Withdrawn" => {
                    let (to, amount) = decoded::<([u8; 32], Amount)>(fields)?;
                    let paid = transfers.iter_mut().rev().find(|(place, transfer)| {
                        *place == event.place
                            && transfer.body.public_out.map(|out| out.asset) == Some(amount.asset)
                            && transfer.payout.is_none()
                    });
                    if let Some((_, transfer)) = paid {
                        transfer.payout = Some(Payout {
                            to,
                            value: amount.value,
                        });
                    }
                }
                "RootChanged" => root = Some(decoded::<(FieldBytes, u64)>(fields)?.0),
                _ => (),
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
}

impl Source for Node {
    type Error = Failure;

    async fn newest(&mut self) -> Result<BlockId, Failure> {
        newest(&self.client).await
    }

    async fn page(&mut self, after: BlockId, last: BlockId) -> Result<Page, Failure> {
        let mut from = self.known;
        if from.0 != after.number {
            from = (after.number, self.leaves(after.number).await?);
        }
        let newest = (last.number, self.leaves(last.number).await?);
        if newest.1 == from.1 {
            self.known = newest;
            return Ok(Page {
                blocks: Vec::new(),
                through: last,
            });
        }
        let end = last.number.min(after.number.saturating_add(STRETCH));
        let to = if end == newest.0 {
            newest
        } else {
            (end, self.leaves(end).await?)
        };
        let changed = self.changed(from, to).await?;
        let mut blocks = Vec::with_capacity(changed.len());
        for number in &changed {
            blocks.extend(self.block(*number).await?);
        }
        // A full page may not be all of the stretch.
        let number = match changed.last() {
            Some(newest) if changed.len() >= PAGE => *newest,
            _ => {
                self.known = to;
                end
            }
        };
        let through = if number == last.number {
            last
        } else {
            BlockId {
                number,
                hash: self.hash(number).await?.0,
            }
        };
        Ok(Page { blocks, through })
    }
}

async fn newest(client: &Client) -> Result<BlockId, Failure> {
    let head = client.raw().finalized_head().await?;
    Ok(BlockId {
        number: head.number,
        hash: head.hash.0,
    })
}

/// Nodes that are no archive keep the state of 256 blocks.
fn too_old(failure: Failure) -> Failure {
    Failure::new(
        failure.reason,
        "Notes are in the state of old blocks: use an archive node with --url, or restore with a later --from-block",
    )
}

fn number(json: &Json) -> Option<u32> {
    json.as_str()?.parse().ok()
}
